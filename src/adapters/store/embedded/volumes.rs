//! Volumes, and the entries that are made of them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::entries::{entries, forget_entry, insert_entry, replace_entry, sources, write_status};
use super::refresh::refresh_entry;
use super::titles::refresh_titles;
use super::{Commit, Embedded, probes};
use crate::adapters::store::Error;
use crate::adapters::store::document::{self, State};
use crate::adapters::store::volumes::VolumesBackend;
use crate::domain::entry::{Entry, EntryId, Source, Status};
use crate::domain::volumes;
use crate::domain::volumes::Joined;

impl VolumesBackend for Embedded {
    async fn in_set(&self, set: &str) -> Result<Vec<(Entry, Vec<Source>)>, Error> {
        let set = set.to_owned();
        self.read(move |db| {
            let volumes = entries(db, "WHERE volume_of = ? AND visible = 1", [set])?;
            volumes.into_iter().map(|entry| Ok((sources(db, entry.id)?, entry))).map(swapped).collect()
        })
        .await
    }

    async fn join(&self, set: &str, joined: &Joined) -> Result<bool, Error> {
        let (set, joined) = (set.to_owned(), joined.clone());
        self.write(Commit::Quick, move |db| {
            let known: BTreeSet<([u8; 12], u32)> = db
                .prepare_cached("SELECT id, revision FROM entries WHERE volume_of = ? AND visible = 1")?
                .query_map([set], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let volumes = joined.volumes.iter().map(|(id, revision, _)| (*id, *revision));
            let seen = volumes.chain(joined.films.iter().copied());
            if known != seen.map(|(id, revision)| (id.to_bytes(), revision)).collect() {
                return Ok(false);
            }
            let mut titles = BTreeSet::new();
            let mut before = BTreeSet::new();
            for id in joined.members() {
                before.extend(made_of(db, id)?);
            }
            for entry in &joined.entries {
                before.remove(&entry.id);
                put(db, entry, &mut titles)?;
            }
            for entry in before {
                forget_entry(db, entry, &mut titles)?;
            }
            for (id, _, status) in &joined.volumes {
                write_status(db, *id, status, &mut titles)?;
            }
            refresh_titles(db, &titles)?;
            Ok(true)
        })
        .await
    }

    async fn file(&self, entry: EntryId, set: &str) -> Result<(), Error> {
        let set = set.to_owned();
        self.write(Commit::Quick, move |db| {
            let mut titles = BTreeSet::new();
            let filed = db
                .prepare_cached("UPDATE entries SET volume_of = ? WHERE id = ?")?
                .execute((&set, entry.to_bytes()))?;
            if filed == 1 {
                write_status(db, entry, &Status::fresh(), &mut titles)?;
                reopen_set(db, &set, &mut titles)?;
                refresh_titles(db, &titles)?;
            }
            Ok(())
        })
        .await
    }
}

fn swapped(read: Result<(Vec<Source>, Entry), Error>) -> Result<(Entry, Vec<Source>), Error> {
    read.map(|(sources, entry)| (entry, sources))
}

/// Stores an entry made of volumes, as far as anything about it is new.
fn put(db: &Connection, entry: &Entry, titles: &mut BTreeSet<i64>) -> Result<(), Error> {
    let stored: Option<String> = db
        .prepare_cached("SELECT document FROM entries WHERE id = ?")?
        .query_row([entry.id.to_bytes()], |row| row.get(0))
        .optional()?;
    match stored {
        None => insert_entry(db, entry, document::moment(entry.posted, 0))?,
        Some(stored) if !document::is_said_already(&stored, entry)? => replace_entry(db, entry, titles)?,
        Some(_) => {}
    }
    db.prepare_cached("DELETE FROM parts WHERE entry = ?")?.execute([entry.id.to_bytes()])?;
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO parts(part, entry) VALUES(?, ?)")?;
    for part in document::parts(entry) {
        insert.execute((part.to_bytes(), entry.id.to_bytes()))?;
    }
    refresh_entry(db, entry.id, titles)?;
    Ok(())
}

/// The entries that a volume is part of.
pub(super) fn made_of(db: &Connection, part: EntryId) -> Result<Vec<EntryId>, Error> {
    let mut query = db.prepare_cached("SELECT entry FROM parts WHERE part = ?")?;
    let rows = query.query_map([part.to_bytes()], |row| row.get(0).map(EntryId::from_bytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The set of a volume. `None` for entries that are none.
pub(super) fn set_of(db: &Connection, entry: EntryId) -> Result<Option<String>, Error> {
    let set: Option<Option<String>> = db
        .prepare_cached("SELECT volume_of FROM entries WHERE id = ?")?
        .query_row([entry.to_bytes()], |row| row.get(0))
        .optional()?;
    Ok(set.flatten())
}

/// Whether an entry is a volume, or may be one: a film of its own that has its title is none.
pub(super) fn is_waiting_volume(db: &Connection, entry: EntryId) -> Result<bool, Error> {
    let mut query = db.prepare_cached("SELECT 1 FROM entries WHERE id = ? AND volume_of IS NOT NULL AND state <> ?")?;
    Ok(query.exists(params![entry.to_bytes(), State::Matched as i64])?)
}

/// Makes all volumes of a set pending again: one of them came, went or changed. Films of their own that have their title keep
/// it.
pub(super) fn reopen_set(db: &Connection, set: &str, titles: &mut BTreeSet<i64>) -> Result<(), Error> {
    let volumes: Vec<[u8; 12]> = db
        .prepare_cached("SELECT id FROM entries WHERE volume_of = ? AND state <> ?")?
        .query_map(params![set, State::Matched as i64], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for volume in volumes {
        write_status(db, EntryId::from_bytes(volume), &Status::fresh(), titles)?;
    }
    Ok(())
}

/// From version 1, which took every volume for a file of its own.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    db.execute_batch(include_str!("volumes.sql"))?;
    // Refreshing titles, below, reads what files hold.
    probes::make_tables(db)?;
    let found: Vec<([u8; 12], String)> = db
        .prepare("SELECT id, json_extract(document, '$.name') FROM entries")?
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?
        .filter_map(|row| match row {
            Ok((id, name)) => volumes::read(&name).map(|volume| Ok((id, volume.set()))),
            Err(error) => Some(Err(error)),
        })
        .collect::<Result<_, _>>()?;
    let mut titles = BTreeSet::new();
    for (id, set) in found {
        // In words of its own: what writes a status now knows columns that later steps bring.
        titles.extend(
            db.prepare_cached("SELECT title FROM entries WHERE id = ?")?
                .query_row([id], |row| row.get::<_, Option<i64>>(0))?,
        );
        db.prepare_cached("DELETE FROM places WHERE entry = ?")?.execute([id])?;
        db.prepare_cached(
            "UPDATE entries SET volume_of = ?, state = 0, retry_at = 0, title = NULL, unmatched = 1, review = 0, status = ?
             WHERE id = ?",
        )?
        .execute((set, document::to_text(&Status::fresh())?, id))?;
    }
    refresh_titles(db, &titles)
}
