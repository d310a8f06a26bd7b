//! People, settings, one-time tickets, and what providers answered.

use std::time::Duration;

use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::IndexOptions;
use mongodb::{Collection, IndexModel};

use super::{Mongo, index_with, is_duplicate, number};
use crate::store::{Error, Person};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    // The server forgets them some time after they expired; questions look at the time themselves.
    let expiring = |collection| {
        let options = IndexOptions::builder().expire_after(Duration::ZERO).build();
        index_with(collection, "ttl", doc! { "expires_at": 1 }, options)
    };
    vec![expiring("tickets"), expiring("answers")]
}

impl Mongo {
    pub async fn person(&self, id: u32) -> Result<Option<Person>, Error> {
        let Some(record) = self.people.find_one(doc! { "_id": i64::from(id) }).await? else { return Ok(None) };
        let access_version = number(&record, "access_version")?;
        Ok(Some(Person {
            id,
            name: record.get_str("name").map_err(Error::broken)?.to_owned(),
            is_owner: record.get_bool("is_owner").map_err(Error::broken)?,
            access_version: u16::try_from(access_version).map_err(Error::broken)?,
        }))
    }

    pub async fn put_person(&self, person: &Person) -> Result<(), Error> {
        let set = doc! {
            "name": &person.name,
            "is_owner": person.is_owner,
            "access_version": i32::from(person.access_version),
        };
        put(&self.people, i64::from(person.id), set).await
    }

    pub async fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        value(self.settings.find_one(doc! { "_id": key }).await?)
    }

    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), Error> {
        put(&self.settings, key, doc! { "value": value }).await
    }

    pub async fn setting_or(&self, key: &str, first: &str) -> Result<String, Error> {
        let insert = doc! { "$setOnInsert": { "value": first } };
        match self.settings.update_one(doc! { "_id": key }, insert).upsert(true).await {
            Err(error) if !is_duplicate(&error) => return Err(error.into()),
            // Somebody inserted it in the same moment, or it was there, or it is ours.
            _ => {}
        }
        let gone = || Error::broken(format!("the setting {key} was there and is gone"));
        self.setting(key).await?.ok_or_else(gone)
    }

    pub async fn put_ticket(&self, hash: &[u8; 32], expires: i64) -> Result<(), Error> {
        put(&self.tickets, hex(hash), expiry(expires)).await
    }

    pub async fn has_ticket(&self, hash: &[u8; 32], now: i64) -> Result<bool, Error> {
        Ok(self.tickets.find_one(doc! { "_id": hex(hash), "expires": { "$gt": now } }).await?.is_some())
    }

    pub async fn take_ticket(&self, hash: &[u8; 32], now: i64) -> Result<bool, Error> {
        // One command, so that one caller gets it; the driver's own retry of it gets the first answer again.
        let valid = doc! { "_id": hex(hash), "expires": { "$gt": now } };
        Ok(self.tickets.find_one_and_delete(valid).await?.is_some())
    }

    pub async fn answer(&self, key: &str, now: i64) -> Result<Option<String>, Error> {
        value(self.answers.find_one(doc! { "_id": key, "expires": { "$gt": now } }).await?)
    }

    pub async fn keep_answer(&self, key: &str, value: &str, expires: i64) -> Result<(), Error> {
        let mut set = expiry(expires);
        set.insert("value", value);
        put(&self.answers, key, set).await
    }
}

async fn put(
    collection: &Collection<Document>,
    id: impl Into<mongodb::bson::Bson>,
    set: Document,
) -> Result<(), Error> {
    collection.update_one(doc! { "_id": id.into() }, doc! { "$set": set }).upsert(true).await?;
    Ok(())
}

fn value(record: Option<Document>) -> Result<Option<String>, Error> {
    record.map(|record| record.get_str("value").map(str::to_owned).map_err(Error::broken)).transpose()
}

fn expiry(expires: i64) -> Document {
    doc! { "expires": expires, "expires_at": DateTime::from_millis(expires.saturating_mul(1000)) }
}

fn hex(hash: &[u8; 32]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
