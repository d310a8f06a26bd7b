//! One-time links that sign a browser in. Their table is called tickets.

use rusqlite::{OptionalExtension, Row};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::sign_in_links::SignInLinksBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::{PersonId, SignInLink};

const FIELDS: &str = "hash, person, version, expires";

impl SignInLinksBackend for Embedded {
    async fn add(&self, link: &SignInLink) -> Result<(), Error> {
        let link = *link;
        self.write(Commit::Durable, move |db| {
            let sql = format!("INSERT OR REPLACE INTO tickets({FIELDS}) VALUES(?, ?, ?, ?)");
            db.prepare_cached(&sql)?.execute((link.hash.0, link.person.0, link.version, link.expires))?;
            Ok(())
        })
        .await
    }

    async fn get(&self, hash: SecretHash, now: i64) -> Result<Option<SignInLink>, Error> {
        self.read(move |db| {
            let mut query =
                db.prepare_cached(&format!("SELECT {FIELDS} FROM tickets WHERE hash = ? AND expires > ?"))?;
            Ok(query.query_row((hash.0, now), read).optional()?)
        })
        .await
    }

    async fn use_up(&self, hash: SecretHash, now: i64) -> Result<Option<SignInLink>, Error> {
        self.write(Commit::Durable, move |db| {
            db.execute("DELETE FROM tickets WHERE expires <= ?", [now])?;
            let mut query = db.prepare_cached(&format!("DELETE FROM tickets WHERE hash = ? RETURNING {FIELDS}"))?;
            Ok(query.query_row([hash.0], read).optional()?)
        })
        .await
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| Ok(db.execute("DELETE FROM tickets WHERE expires <= ?", [now])? as u64))
            .await
    }
}

fn read(row: &Row<'_>) -> Result<SignInLink, rusqlite::Error> {
    Ok(SignInLink {
        hash: SecretHash(row.get(0)?),
        person: PersonId(row.get(1)?),
        version: row.get(2)?,
        expires: row.get(3)?,
    })
}
