//! Subtitles beside what is watched.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params};

use super::catalog::is_seen;
use super::entries::entries;
use super::titles::survivor;
use super::{Commit, Embedded};
use crate::adapters::store::subtitles::{SubtitlesBackend, keys, keys_of_parts, wanted_keys};
use crate::adapters::store::{Error, document};
use crate::domain::catalog::Reach;
use crate::domain::entry::{Entry, EntryId, Status};
use crate::domain::subtitles::Wanted;
use crate::domain::title::TitleId;

/// From version 13, which took subtitles for no videos.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("subtitles.sql"))?)
}

impl SubtitlesBackend for Embedded {
    async fn of(&self, wanted: &Wanted, reach: &Reach) -> Result<Vec<Entry>, Error> {
        let (wanted, seen) = (wanted.clone(), is_seen(reach, "entries"));
        self.read(move |db| {
            let title = wanted.title.map(|title| survivor(db, title.0)).transpose()?;
            let keys = wanted_keys(title, &wanted);
            if keys.is_empty() {
                return Ok(Vec::new());
            }
            let places = vec!["?"; keys.len()].join(", ");
            let of_keys =
                format!("WHERE visible = 1 AND id IN (SELECT entry FROM subtitles WHERE key IN ({places})){seen}");
            entries(db, &of_keys, rusqlite::params_from_iter(keys.into_iter().map(Value::Text)))
        })
        .await
    }

    async fn shift(&self, subtitles: EntryId) -> Result<i64, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT ms FROM subtitle_shifts WHERE entry = ?")?;
            Ok(query.query_row([subtitles.to_bytes()], |row| row.get(0)).optional()?.unwrap_or(0))
        })
        .await
    }

    async fn set_shift(&self, subtitles: EntryId, ms: i64) -> Result<(), Error> {
        self.write(Commit::Durable, move |db| {
            let id = subtitles.to_bytes();
            match ms {
                0 => db.prepare_cached("DELETE FROM subtitle_shifts WHERE entry = ?")?.execute([id])?,
                _ => db
                    .prepare_cached("INSERT OR REPLACE INTO subtitle_shifts(entry, ms) VALUES(?, ?)")?
                    .execute(params![id, ms])?,
            };
            Ok(())
        })
        .await
    }
}

/// Writes the keys that an entry of this status is found by, in place of those of before.
pub(super) fn write_keys(db: &Connection, entry: EntryId, status: &Status) -> Result<(), Error> {
    forget_keys(db, entry)?;
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO subtitles(key, entry) VALUES(?, ?)")?;
    for key in keys(status) {
        insert.execute(params![key, entry.to_bytes()])?;
    }
    Ok(())
}

pub(super) fn forget_keys(db: &Connection, entry: EntryId) -> Result<(), Error> {
    db.prepare_cached("DELETE FROM subtitles WHERE entry = ?")?.execute([entry.to_bytes()])?;
    Ok(())
}

/// Gives the subtitles of a title to the one that it became.
pub(super) fn move_subtitles(db: &Connection, from: i64, to: i64) -> Result<(), Error> {
    let (first, behind) = keys_of_parts(from);
    let of_title = "WHERE id IN (SELECT entry FROM subtitles WHERE key = ? UNION ALL SELECT entry FROM subtitles WHERE key >= ? AND key < ?)";
    for entry in entries(db, of_title, params![from.to_string(), first, behind])? {
        let mut status = entry.status;
        if let Status::Subtitles { title, .. } = &mut status {
            *title = Some(TitleId(to));
        }
        db.prepare_cached("UPDATE entries SET status = ? WHERE id = ?")?
            .execute((document::to_text(&status)?, entry.id.to_bytes()))?;
        write_keys(db, entry.id, &status)?;
    }
    Ok(())
}
