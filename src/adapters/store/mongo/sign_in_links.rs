//! One-time links that sign a browser in. Their collection is called tickets.

use mongodb::bson::doc;

use super::Mongo;
use super::records::{expiry, put, remove_expired};
use crate::adapters::store::Error;
use crate::adapters::store::sign_in_links::SignInLinksBackend;
use crate::domain::access::SecretHash;

impl SignInLinksBackend for Mongo {
    async fn add(&self, hash: SecretHash, expires: i64) -> Result<(), Error> {
        put(&self.tickets, hash.to_string(), expiry(expires)).await
    }

    async fn is_valid(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        Ok(self.tickets.find_one(doc! { "_id": hash.to_string(), "expires": { "$gt": now } }).await?.is_some())
    }

    async fn use_up(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        // One command, so that one caller gets it; the driver's own retry of it gets the first answer again.
        let valid = doc! { "_id": hash.to_string(), "expires": { "$gt": now } };
        Ok(self.tickets.find_one_and_delete(valid).await?.is_some())
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        remove_expired(&self.tickets, now).await
    }
}
