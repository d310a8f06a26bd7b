//! Settings: short texts by key.

use rusqlite::OptionalExtension;

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::settings::SettingsBackend;

impl SettingsBackend for Embedded {
    async fn get(&self, key: &str) -> Result<Option<String>, Error> {
        let key = key.to_owned();
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT value FROM settings WHERE key = ?")?;
            Ok(query.query_row([key], |row| row.get(0)).optional()?)
        })
        .await
    }

    async fn set(&self, key: &str, value: &str) -> Result<(), Error> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(Commit::Durable, move |db| {
            db.execute("INSERT OR REPLACE INTO settings(key, value) VALUES(?, ?)", (key, value))?;
            Ok(())
        })
        .await
    }

    async fn get_or_set(&self, key: &str, first: &str) -> Result<String, Error> {
        let (key, first) = (key.to_owned(), first.to_owned());
        self.write(Commit::Durable, move |db| {
            db.execute("INSERT OR IGNORE INTO settings(key, value) VALUES(?, ?)", (&key, first))?;
            Ok(db.query_row("SELECT value FROM settings WHERE key = ?", [key], |row| row.get(0))?)
        })
        .await
    }
}
