//! Settings: short texts by key.

use mongodb::bson::doc;

use super::records::{put, value};
use super::{Mongo, is_duplicate};
use crate::adapters::store::Error;
use crate::adapters::store::settings::SettingsBackend;

impl SettingsBackend for Mongo {
    async fn get(&self, key: &str) -> Result<Option<String>, Error> {
        value(self.settings.find_one(doc! { "_id": key }).await?)
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Error> {
        put(&self.settings, key, doc! { "value": value }).await
    }

    async fn get_or_set(&self, key: &str, first: &str) -> Result<String, Error> {
        let insert = doc! { "$setOnInsert": { "value": first } };
        match self.settings.update_one(doc! { "_id": key }, insert).upsert(true).await {
            Err(error) if !is_duplicate(&error) => return Err(error.into()),
            // Somebody inserted it in the same moment, or it was there, or it is ours.
            _ => {}
        }
        let gone = || Error::broken(format!("the setting {key} was there and is gone"));
        SettingsBackend::get(self, key).await?.ok_or_else(gone)
    }
}
