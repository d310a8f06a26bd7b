//! Browsers that are signed in.

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};

use super::records::{expiry, put, remove_expired};
use super::{Mongo, number};
use crate::adapters::store::Error;
use crate::adapters::store::sessions::SessionsBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::{PersonId, Session};

impl SessionsBackend for Mongo {
    async fn put(&self, session: &Session) -> Result<(), Error> {
        let mut set = expiry(session.ends);
        set.extend(doc! {
            "person": i64::from(session.person.0),
            "version": i32::from(session.version),
            "created": session.created,
            "seen": session.seen,
            "agent": &session.agent,
            "address": &session.address,
        });
        put(&self.sessions, session.id.to_string(), set).await
    }

    async fn get(&self, id: SecretHash) -> Result<Option<Session>, Error> {
        self.sessions.find_one(doc! { "_id": id.to_string() }).await?.as_ref().map(read).transpose()
    }

    async fn all(&self, now: i64) -> Result<Vec<Session>, Error> {
        let found = self.sessions.find(doc! { "expires": { "$gt": now } }).sort(doc! { "seen": -1, "_id": 1 });
        let records: Vec<Document> = found.await?.try_collect().await?;
        records.iter().map(read).collect()
    }

    async fn set_seen(&self, id: SecretHash, seen: i64) -> Result<(), Error> {
        self.sessions.update_one(doc! { "_id": id.to_string() }, doc! { "$set": { "seen": seen } }).await?;
        Ok(())
    }

    async fn remove(&self, id: SecretHash) -> Result<bool, Error> {
        Ok(self.sessions.delete_one(doc! { "_id": id.to_string() }).await?.deleted_count == 1)
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        remove_expired(&self.sessions, now).await
    }
}

fn read(record: &Document) -> Result<Session, Error> {
    let id = record.get_str("_id").map_err(Error::broken)?;
    Ok(Session {
        id: id.parse().map_err(Error::broken)?,
        person: PersonId(u32::try_from(number(record, "person")?).map_err(Error::broken)?),
        version: u16::try_from(number(record, "version")?).map_err(Error::broken)?,
        created: number(record, "created")?,
        seen: number(record, "seen")?,
        ends: number(record, "expires")?,
        agent: record.get_str("agent").map_err(Error::broken)?.to_owned(),
        address: record.get_str("address").map_err(Error::broken)?.to_owned(),
    })
}
