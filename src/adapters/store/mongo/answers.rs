//! What metadata providers answered.

use mongodb::bson::doc;

use super::Mongo;
use super::records::{expiry, put, remove_expired, value};
use crate::adapters::store::Error;
use crate::adapters::store::answers::AnswersBackend;

impl AnswersBackend for Mongo {
    async fn get(&self, key: &str, now: i64) -> Result<Option<String>, Error> {
        value(self.answers.find_one(doc! { "_id": key, "expires": { "$gt": now } }).await?)
    }

    async fn put(&self, key: &str, value: &str, expires: i64) -> Result<(), Error> {
        let mut set = expiry(expires);
        set.insert("value", value);
        put(&self.answers, key, set).await
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        remove_expired(&self.answers, now).await
    }
}
