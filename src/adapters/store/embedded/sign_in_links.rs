//! One-time links that sign a browser in.

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::sign_in_links::SignInLinksBackend;
use crate::domain::access::SecretHash;

impl SignInLinksBackend for Embedded {
    async fn add(&self, hash: SecretHash, expires: i64) -> Result<(), Error> {
        self.write(Commit::Durable, move |db| {
            db.execute("INSERT OR REPLACE INTO tickets(hash, expires) VALUES(?, ?)", (hash.0, expires))?;
            Ok(())
        })
        .await
    }

    async fn is_valid(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        self.read(move |db| {
            Ok(db.prepare_cached("SELECT 1 FROM tickets WHERE hash = ? AND expires > ?")?.exists((hash.0, now))?)
        })
        .await
    }

    async fn use_up(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            db.execute("DELETE FROM tickets WHERE expires <= ?", [now])?;
            Ok(db.execute("DELETE FROM tickets WHERE hash = ?", [hash.0])? == 1)
        })
        .await
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| Ok(db.execute("DELETE FROM tickets WHERE expires <= ?", [now])? as u64))
            .await
    }
}
