//! What metadata providers answered.

use std::sync::atomic::Ordering;

use rusqlite::OptionalExtension;

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::answers::AnswersBackend;

/// Expired answers that one new answer removes: more than one, so that they never pile up.
const REMOVED_AT_ONCE: u32 = 10;

impl AnswersBackend for Embedded {
    async fn get(&self, key: &str, now: i64) -> Result<Option<String>, Error> {
        self.latest_time.fetch_max(now, Ordering::Relaxed);
        let key = key.to_owned();
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT value FROM answers WHERE key = ? AND expires > ?")?;
            Ok(query.query_row((key, now), |row| row.get(0)).optional()?)
        })
        .await
    }

    async fn put(&self, key: &str, value: &str, expires: i64) -> Result<(), Error> {
        let (key, value, now) = (key.to_owned(), value.to_owned(), self.latest_time.load(Ordering::Relaxed));
        self.write(Commit::Quick, move |db| {
            db.prepare_cached(
                "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers WHERE expires <= ? ORDER BY expires LIMIT ?)",
            )?
            .execute((now, REMOVED_AT_ONCE))?;
            db.prepare_cached("INSERT OR REPLACE INTO answers(key, expires, value) VALUES(?, ?, ?)")?
                .execute((key, expires, value))?;
            Ok(())
        })
        .await
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| Ok(db.execute("DELETE FROM answers WHERE expires <= ?", [now])? as u64))
            .await
    }
}
