//! Browsers that are signed in.

use rusqlite::{OptionalExtension, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::domain::person::Session;

const FIELDS: &str = "id, person, version, created, seen, ends, agent, address";

impl Embedded {
    pub async fn put_session(&self, session: &Session) -> Result<(), Error> {
        let session = session.clone();
        self.write(Commit::Durable, move |db| {
            // Whoever signs in sweeps out what is over.
            db.execute("DELETE FROM sessions WHERE ends <= ?", [session.created])?;
            db.execute(
                "INSERT OR REPLACE INTO sessions(id, person, version, created, seen, ends, agent, address) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    session.id,
                    session.person,
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

    pub async fn session(&self, id: &[u8; 32]) -> Result<Option<Session>, Error> {
        let id = *id;
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM sessions WHERE id = ?"))?;
            Ok(query.query_row([id], read).optional()?)
        })
        .await
    }

    pub async fn sessions(&self, now: i64) -> Result<Vec<Session>, Error> {
        self.read(move |db| {
            let sql = format!("SELECT {FIELDS} FROM sessions WHERE ends > ? ORDER BY seen DESC, id");
            let sessions = db.prepare_cached(&sql)?.query_map([now], read)?.collect::<Result<_, _>>()?;
            Ok(sessions)
        })
        .await
    }

    pub async fn see_session(&self, id: &[u8; 32], seen: i64) -> Result<(), Error> {
        let id = *id;
        self.write(Commit::Quick, move |db| {
            db.execute("UPDATE sessions SET seen = ? WHERE id = ?", params![seen, id])?;
            Ok(())
        })
        .await
    }

    pub async fn remove_session(&self, id: &[u8; 32]) -> Result<bool, Error> {
        let id = *id;
        self.write(Commit::Durable, move |db| Ok(db.execute("DELETE FROM sessions WHERE id = ?", [id])? == 1)).await
    }
}

fn read(row: &Row<'_>) -> Result<Session, rusqlite::Error> {
    Ok(Session {
        id: row.get(0)?,
        person: row.get(1)?,
        version: row.get(2)?,
        created: row.get(3)?,
        seen: row.get(4)?,
        ends: row.get(5)?,
        agent: row.get(6)?,
        address: row.get(7)?,
    })
}
