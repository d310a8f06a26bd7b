//! People, settings, one-time tickets, and what providers answered.

use std::time::Duration;

use futures_util::TryStreamExt;
use mongodb::bson::{DateTime, Document, doc};
use mongodb::options::IndexOptions;
use mongodb::{Collection, IndexModel};

use super::{Mongo, TRIES, contended, index_with, is_duplicate, number};
use crate::adapters::store::Error;
use crate::domain::access::SecretHash;
use crate::domain::person::{Person, PersonId, name_key};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    // The server forgets them some time after they expired; questions look at the time themselves.
    let expiring = |collection| {
        let options = IndexOptions::builder().expire_after(Duration::ZERO).build();
        index_with(collection, "ttl", doc! { "expires_at": 1 }, options)
    };
    let there = doc! { "name_key": { "$exists": true } };
    let unique = IndexOptions::builder().unique(true).partial_filter_expression(there).build();
    let name = index_with("people", "name", doc! { "name_key": 1 }, unique);
    vec![expiring("tickets"), expiring("answers"), expiring("sessions"), name]
}

/// A person's record but for its id. Whoever was removed has no `name_key`: the name is free again.
fn fields(person: &Person) -> Document {
    let mut fields = doc! {
        "name": &person.name,
        "is_owner": person.is_owner,
        "access_version": i32::from(person.access_version),
        "added": person.added,
        "removed": person.is_removed,
    };
    if !person.is_removed {
        fields.insert("name_key", name_key(&person.name));
    }
    fields
}

fn read(record: &Document) -> Result<Person, Error> {
    Ok(Person {
        id: PersonId(u32::try_from(number(record, "_id")?).map_err(Error::broken)?),
        name: record.get_str("name").map_err(Error::broken)?.to_owned(),
        is_owner: record.get_bool("is_owner").map_err(Error::broken)?,
        access_version: u16::try_from(number(record, "access_version")?).map_err(Error::broken)?,
        // Absent in records of the first version.
        added: number(record, "added").unwrap_or_default(),
        is_removed: record.get_bool("removed").unwrap_or_default(),
    })
}

impl Mongo {
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, Error> {
        self.people.find_one(doc! { "_id": i64::from(id.0) }).await?.as_ref().map(read).transpose()
    }

    /// Step to schema 3: names that records of older versions hold become taken.
    pub(super) async fn key_names(&self) -> Result<(), Error> {
        for person in self.people().await? {
            self.put_person(&person).await?;
        }
        Ok(())
    }

    pub async fn people(&self) -> Result<Vec<Person>, Error> {
        let there = doc! { "removed": { "$ne": true } };
        let records: Vec<Document> = self.people.find(there).sort(doc! { "_id": 1 }).await?.try_collect().await?;
        records.iter().map(read).collect()
    }

    pub async fn add_person(&self, name: &str, now: i64) -> Result<Option<Person>, Error> {
        for _ in 0..TRIES {
            if self.people.find_one(doc! { "name_key": name_key(name) }).await?.is_some() {
                return Ok(None);
            }
            let last = self.people.find_one(doc! {}).sort(doc! { "_id": -1 }).await?;
            let last = last.map(|record| number(&record, "_id")).transpose()?.unwrap_or_default();
            let id = PersonId(u32::try_from(last + 1).map_err(Error::broken)?).max(PersonId::FIRST_GUEST);
            let name = name.to_owned();
            let person = Person { id, name, is_owner: false, access_version: 1, added: now, is_removed: false };
            let mut record = doc! { "_id": i64::from(id.0) };
            record.extend(fields(&person));
            match self.people.insert_one(record).await {
                // Somebody else took the id, or the name, in the same moment.
                Err(error) if is_duplicate(&error) => {}
                result => return result.map(|_| Some(person)).map_err(Into::into),
            }
        }
        Err(contended())
    }

    pub async fn put_person(&self, person: &Person) -> Result<(), Error> {
        let mut change = doc! { "$set": fields(person) };
        if person.is_removed {
            change.insert("$unset", doc! { "name_key": "" });
        }
        self.people.update_one(doc! { "_id": i64::from(person.id.0) }, change).upsert(true).await?;
        Ok(())
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

    pub async fn put_ticket(&self, hash: SecretHash, expires: i64) -> Result<(), Error> {
        put(&self.tickets, hash.to_string(), expiry(expires)).await
    }

    pub async fn has_ticket(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        Ok(self.tickets.find_one(doc! { "_id": hash.to_string(), "expires": { "$gt": now } }).await?.is_some())
    }

    pub async fn take_ticket(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        // One command, so that one caller gets it; the driver's own retry of it gets the first answer again.
        let valid = doc! { "_id": hash.to_string(), "expires": { "$gt": now } };
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

pub(super) async fn put(
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

pub(super) fn expiry(expires: i64) -> Document {
    doc! { "expires": expires, "expires_at": DateTime::from_millis(expires.saturating_mul(1000)) }
}
