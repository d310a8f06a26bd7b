//! One-time links that sign a browser in. Their collection is called tickets.

use mongodb::bson::{Document, doc};

use super::records::{expiry, put, remove_expired};
use super::{Mongo, number};
use crate::adapters::store::Error;
use crate::adapters::store::sign_in_links::SignInLinksBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::{PersonId, SignInLink};

impl SignInLinksBackend for Mongo {
    async fn add(&self, link: &SignInLink) -> Result<(), Error> {
        let mut set = expiry(link.expires);
        set.extend(doc! { "person": i64::from(link.person.0), "version": i32::from(link.version) });
        put(&self.tickets, link.hash.to_string(), set).await
    }

    async fn get(&self, hash: SecretHash, now: i64) -> Result<Option<SignInLink>, Error> {
        self.tickets.find_one(valid(hash, now)).await?.as_ref().map(read).transpose()
    }

    async fn use_up(&self, hash: SecretHash, now: i64) -> Result<Option<SignInLink>, Error> {
        // One command, so that one caller gets it; the driver's own retry of it gets the first answer again.
        self.tickets.find_one_and_delete(valid(hash, now)).await?.as_ref().map(read).transpose()
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        remove_expired(&self.tickets, now).await
    }
}

fn valid(hash: SecretHash, now: i64) -> Document {
    doc! { "_id": hash.to_string(), "expires": { "$gt": now } }
}

fn read(record: &Document) -> Result<SignInLink, Error> {
    Ok(SignInLink {
        hash: record.get_str("_id").map_err(Error::broken)?.parse().map_err(Error::broken)?,
        person: PersonId(u32::try_from(number(record, "person")?).map_err(Error::broken)?),
        version: u16::try_from(number(record, "version")?).map_err(Error::broken)?,
        expires: number(record, "expires")?,
    })
}
