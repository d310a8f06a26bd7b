//! What files hold inside.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::entries::stored_entry;
use super::titles::refresh_titles;
use super::{Commit, Embedded};
use crate::adapters::store::probes::{ProbesBackend, STATES, older};
use crate::adapters::store::{Error, document};
use crate::domain::entry::{Entry, EntryId, Probe};

impl ProbesBackend for Embedded {
    async fn due(&self, reader: u16, now: i64, limit: u32) -> Result<Vec<(Entry, u32)>, Error> {
        self.read(move |db| {
            let mut due = Vec::new();
            for by in older(reader) {
                let missing = limit as usize - due.len();
                if missing == 0 {
                    break;
                }
                due.extend(due_after(db, by, now, missing)?);
            }
            Ok(due)
        })
        .await
    }

    async fn count_due(&self, reader: u16, most: u32) -> Result<u64, Error> {
        self.read(move |db| {
            let mut count = db.prepare_cached(
                "SELECT COUNT(*) FROM (SELECT 1 FROM entries WHERE visible = 1 AND state = ? AND unmatched = ? AND probed_by = ?
                                       LIMIT ?)",
            )?;
            let mut sum: u64 = 0;
            for by in older(reader) {
                for (state, unmatched) in STATES {
                    let left = u64::from(most).saturating_sub(sum);
                    let values = params![state as i64, unmatched, by, left as i64];
                    sum += count.query_row(values, |row| row.get::<_, i64>(0))? as u64;
                }
            }
            Ok(sum)
        })
        .await
    }

    async fn record(&self, id: EntryId, probe: &Probe, key_frames: Option<&[u8]>) -> Result<bool, Error> {
        let (by, probe, key_frames) = (probe.by, document::to_text(probe)?, key_frames.map(<[u8]>::to_vec));
        self.write(Commit::Quick, move |db| {
            let title: Option<Option<i64>> = db
                .prepare_cached(
                    "UPDATE entries SET probe = ?, probed_by = ?, probe_tries = 0, probe_at = 0 WHERE id = ? RETURNING title",
                )?
                .query_row((probe, by, id.to_bytes()), |row| row.get(0))
                .optional()?;
            let Some(title) = title else { return Ok(false) };
            match key_frames {
                Some(frames) => db
                    .prepare_cached("INSERT OR REPLACE INTO key_frames(entry, frames) VALUES(?, ?)")?
                    .execute((id.to_bytes(), frames))?,
                None => forget_key_frames(db, id)?,
            };
            refresh_titles(db, &title.into_iter().collect::<BTreeSet<_>>())?;
            Ok(true)
        })
        .await
    }

    async fn postpone(&self, id: EntryId, tries: u32, until: i64) -> Result<(), Error> {
        self.write(Commit::Quick, move |db| {
            db.prepare_cached("UPDATE entries SET probe_tries = ?, probe_at = ? WHERE id = ?")?.execute((
                tries,
                until,
                id.to_bytes(),
            ))?;
            Ok(())
        })
        .await
    }

    async fn again(&self, id: EntryId) -> Result<bool, Error> {
        self.write(Commit::Quick, move |db| {
            let known = db
                .prepare_cached("UPDATE entries SET probed_by = 0, probe_tries = 0, probe_at = 0 WHERE id = ?")?
                .execute([id.to_bytes()])?;
            Ok(known == 1)
        })
        .await
    }

    async fn key_frames(&self, id: EntryId) -> Result<Option<Vec<u8>>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT frames FROM key_frames WHERE entry = ?")?;
            Ok(query.query_row([id.to_bytes()], |row| row.get(0)).optional()?)
        })
        .await
    }
}

/// Of those that this reader looked into last, 0 for none.
fn due_after(db: &Connection, by: u16, now: i64, limit: usize) -> Result<Vec<(Entry, u32)>, Error> {
    let mut query = db.prepare_cached(
        "SELECT id, document, status, posted, revision, probe, probe_tries FROM entries
         WHERE visible = 1 AND state = ?1 AND unmatched = ?2 AND probed_by = ?3 AND probe_at <= ?4
         ORDER BY posted DESC LIMIT ?5",
    )?;
    let mut found: Vec<(i64, Entry, u32)> = Vec::new();
    for (state, unmatched) in STATES {
        let mut rows = query.query(params![state as i64, unmatched, by, now, limit as i64])?;
        while let Some(row) = rows.next()? {
            found.push((row.get(3)?, stored_entry(row)?.read()?, row.get(6)?));
        }
    }
    found.sort_by_key(|(posted, ..)| Reverse(*posted));
    Ok(found.into_iter().take(limit).map(|(_, entry, tries)| (entry, tries)).collect())
}

pub(super) fn forget_key_frames(db: &Connection, id: EntryId) -> Result<usize, Error> {
    Ok(db.prepare_cached("DELETE FROM key_frames WHERE entry = ?")?.execute([id.to_bytes()])?)
}

/// What refreshing titles and forgetting entries needs, which earlier steps do as well.
pub(super) fn make_tables(db: &Connection) -> Result<(), Error> {
    let has_probe = "SELECT COUNT(*) FROM pragma_table_info('entries') WHERE name = 'probe'";
    if db.query_row(has_probe, [], |row| row.get::<_, i64>(0))? == 0 {
        // domain::entry::Probe as JSON; null before the first.
        db.execute_batch("ALTER TABLE entries ADD COLUMN probe TEXT")?;
    }
    // Apart from the entries: they are read by the hundred, and a film's key frames are as large as ten of them.
    Ok(db.execute_batch("CREATE TABLE IF NOT EXISTS key_frames(entry BLOB NOT NULL UNIQUE, frames BLOB NOT NULL)")?)
}

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    make_tables(db)?;
    Ok(db.execute_batch(include_str!("probes.sql"))?)
}
