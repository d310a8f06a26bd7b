//! Browsers that are signed in.

use rusqlite::{OptionalExtension, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::sessions::SessionsBackend;
use crate::domain::access::SecretHash;
use crate::domain::person::{PersonId, Session};

const FIELDS: &str = "id, person, version, created, seen, ends, agent, address";

impl SessionsBackend for Embedded {
    async fn put(&self, session: &Session) -> Result<(), Error> {
        let session = session.clone();
        self.write(Commit::Durable, move |db| {
            // A sign-in removes what is over.
            db.execute("DELETE FROM sessions WHERE ends <= ?", [session.created])?;
            db.execute(
                "INSERT OR REPLACE INTO sessions(id, person, version, created, seen, ends, agent, address) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    session.id.0,
                    session.person.0,
                    session.version,
                    session.created,
                    session.seen,
                    session.ends,
                    session.agent,
                    session.address
                ],
            )?;
            Ok(())
        })
        .await
    }

    async fn get(&self, id: SecretHash) -> Result<Option<Session>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM sessions WHERE id = ?"))?;
            Ok(query.query_row([id.0], read).optional()?)
        })
        .await
    }

    async fn all(&self, now: i64) -> Result<Vec<Session>, Error> {
        self.read(move |db| {
            let sql = format!("SELECT {FIELDS} FROM sessions WHERE ends > ? ORDER BY seen DESC, id");
            let sessions = db.prepare_cached(&sql)?.query_map([now], read)?.collect::<Result<_, _>>()?;
            Ok(sessions)
        })
        .await
    }

    async fn set_seen(&self, id: SecretHash, seen: i64) -> Result<(), Error> {
        self.write(Commit::Quick, move |db| {
            db.execute("UPDATE sessions SET seen = ? WHERE id = ?", params![seen, id.0])?;
            Ok(())
        })
        .await
    }

    async fn remove(&self, id: SecretHash) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| Ok(db.execute("DELETE FROM sessions WHERE id = ?", [id.0])? == 1)).await
    }

    async fn remove_expired(&self, now: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| Ok(db.execute("DELETE FROM sessions WHERE ends <= ?", [now])? as u64)).await
    }
}

fn read(row: &Row<'_>) -> Result<Session, rusqlite::Error> {
    Ok(Session {
        id: SecretHash(row.get(0)?),
        person: PersonId(row.get(1)?),
        version: row.get(2)?,
        created: row.get(3)?,
        seen: row.get(4)?,
        ends: row.get(5)?,
        agent: row.get(6)?,
        address: row.get(7)?,
    })
}
