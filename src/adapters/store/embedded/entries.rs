//! Entries and their status.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::probes::forget_key_frames;
use super::subtitles::{forget_keys, write_keys};
use super::titles::{refresh_titles, survivor};
use super::{Commit, Embedded};
use crate::adapters::store::document::{self, StatusColumns, StoredEntry};
use crate::adapters::store::entries::EntriesBackend;
use crate::adapters::store::{Error, search};
use crate::domain::entry::{Entry, EntryId, ReasonKind, Source, Status};
use crate::domain::post::{ChatId, DocumentId, PostRef};
use crate::domain::subtitles;
use crate::domain::title::TitleId;

impl EntriesBackend for Embedded {
    async fn get(&self, id: EntryId) -> Result<Option<Entry>, Error> {
        self.read(move |db| Ok(entries(db, "WHERE id = ?", [id.to_bytes()])?.pop())).await
    }

    async fn sources(&self, id: EntryId) -> Result<Vec<Source>, Error> {
        self.read(move |db| sources(db, id)).await
    }

    async fn pending(&self, now: i64, limit: u32) -> Result<Vec<Entry>, Error> {
        self.read(move |db| {
            entries(
                db,
                "WHERE visible = 1 AND state = 0 AND retry_at <= ?1 ORDER BY posted DESC, retry_at DESC LIMIT ?2",
                params![now, limit],
            )
        })
        .await
    }

    async fn settle(&self, entry: &Entry, status: &Status) -> Result<bool, Error> {
        let (id, revision, document, status) =
            (entry.id, entry.revision, document::entry_to_text(entry)?, status.clone());
        self.write(Commit::Quick, move |db| {
            let known = db
                .prepare_cached("UPDATE entries SET document = ? WHERE id = ? AND revision = ?")?
                .execute((document, id.to_bytes(), revision))?;
            if known == 1 {
                let mut titles = BTreeSet::new();
                write_status(db, id, &status, &mut titles)?;
                refresh_titles(db, &titles)?;
            }
            Ok(known == 1)
        })
        .await
    }

    async fn under_review(&self) -> Result<Vec<EntryId>, Error> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT id FROM entries WHERE visible = 1 AND review = 1 ORDER BY id")?;
            let ids = query.query_map([], |row| Ok(EntryId::from_bytes(row.get(0)?)))?;
            ids.map(|id| Ok(id?)).collect()
        })
        .await
    }

    async fn behind(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<Entry>, Error> {
        self.read(move |db| match after {
            Some(after) => entries(db, "WHERE id > ? ORDER BY id LIMIT ?", params![after.to_bytes(), limit]),
            None => entries(db, "ORDER BY id LIMIT ?", [limit]),
        })
        .await
    }

    async fn in_channel(&self, chat: ChatId, after: i32, limit: u32) -> Result<Vec<(i32, EntryId)>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "WITH some AS (SELECT message, entry FROM sources WHERE chat = ?1 AND message > ?2 ORDER BY message LIMIT ?3)
                 SELECT message, entry FROM some
                 UNION SELECT some.message, parts.entry FROM some JOIN parts ON parts.part = some.entry ORDER BY 1, 2",
            )?;
            let rows = query.query_map(params![chat.get(), after, limit], |row| {
                Ok((row.get(0)?, EntryId::from_bytes(row.get(1)?)))
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
        .await
    }
}

/// The entries that `rest` (all of the query from WHERE on) finds.
pub(super) fn entries(db: &Connection, rest: &str, values: impl rusqlite::Params) -> Result<Vec<Entry>, Error> {
    let mut query =
        db.prepare_cached(&format!("SELECT id, document, status, posted, revision, probe FROM entries {rest}"))?;
    let rows = query.query_map(values, stored_entry)?;
    rows.map(|row| row?.read()).collect()
}

/// Of a row that begins with id, document, status, posted, revision and probe.
pub(super) fn stored_entry(row: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    Ok(StoredEntry {
        id: EntryId::from_bytes(row.get(0)?),
        document: row.get(1)?,
        status: row.get(2)?,
        posted: row.get(3)?,
        revision: row.get(4)?,
        probe: row.get(5)?,
    })
}

/// The messages of an entry or of its volumes, those in active channels only, newest first.
pub(super) fn sources(db: &Connection, id: EntryId) -> Result<Vec<Source>, Error> {
    let mut query = db.prepare_cached(
        "SELECT s.chat, s.message, s.document, s.date, s.album, s.reply_to FROM sources s JOIN channels c ON c.chat = s.chat
         WHERE s.entry IN (SELECT ?1 UNION ALL SELECT part FROM parts WHERE entry = ?1) AND c.active = 1
         ORDER BY s.date DESC, s.chat DESC, s.message DESC",
    )?;
    let rows = query.query_map([id.to_bytes()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
    })?;
    rows.map(|row| {
        let (chat, message, document, date, album, reply_to): (i64, i32, i64, i64, Option<i64>, Option<i32>) = row?;
        let at = PostRef { chat: ChatId::try_from(chat).map_err(Error::broken)?, message };
        Ok(Source { at, entry: id, document: DocumentId(document), date, album, reply_to })
    })
    .collect()
}

pub(super) fn insert_entry(db: &Connection, entry: &Entry, posted: i64) -> Result<(), Error> {
    let status = Status::fresh();
    let columns = StatusColumns::from(&status);
    db.prepare_cached(
        "INSERT INTO entries(id, revision, state, retry_at, title, unmatched, review, visible, posted, status, words, document,
                             volume_of)
         VALUES(?, ?, ?, ?, NULL, ?, ?, 0, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        entry.id.to_bytes(),
        document::first_revision()?,
        columns.state as i64,
        columns.retry_at,
        columns.unmatched && subtitles::form(&entry.name).is_none(),
        columns.review,
        posted,
        document::to_text(&status)?,
        words(entry),
        document::entry_to_text(entry)?,
        document::set_of(&entry.name),
    ])?;
    Ok(())
}

/// Replaces what is stored of an entry, and makes it pending.
pub(super) fn replace_entry(db: &Connection, entry: &Entry, titles: &mut BTreeSet<i64>) -> Result<(), Error> {
    db.prepare_cached(
        "UPDATE entries SET revision = revision + 1, document = ?, words = ?, volume_of = ? WHERE id = ?",
    )?
    .execute((
        document::entry_to_text(entry)?,
        words(entry),
        document::set_of(&entry.name),
        entry.id.to_bytes(),
    ))?;
    write_status(db, entry.id, &Status::fresh(), titles)
}

/// What "Unmatched" is searched by.
fn words(entry: &Entry) -> String {
    search::fold(&format!("{} {}", entry.name, entry.caption))
}

pub(super) fn raise_revision(db: &Connection, entry: EntryId) -> Result<(), Error> {
    db.prepare_cached("UPDATE entries SET revision = revision + 1 WHERE id = ?")?.execute([entry.to_bytes()])?;
    Ok(())
}

/// Writes an entry's status and all that follows from it. The titles that it leaves or enters are added to `titles`, for the
/// caller to refresh.
pub(super) fn write_status(
    db: &Connection,
    entry: EntryId,
    status: &Status,
    titles: &mut BTreeSet<i64>,
) -> Result<(), Error> {
    let mut status = status.clone();
    if let Status::Matched { title, .. } | Status::Subtitles { title: Some(title), .. } = &mut status {
        *title = TitleId(survivor(db, title.0)?);
    }
    let id = entry.to_bytes();
    let before: Option<i64> =
        db.prepare_cached("SELECT title FROM entries WHERE id = ?")?.query_row([id], |row| row.get(0))?;
    let columns = StatusColumns::from(&status);
    let title = columns.title.map(|title| title.0);
    db.prepare_cached(
        "UPDATE entries SET state = ?, retry_at = ?, title = ?, unmatched = ?, review = ?, why = ?, status = ?
         WHERE id = ?",
    )?
    .execute(params![
        columns.state as i64,
        columns.retry_at,
        title,
        columns.unmatched,
        columns.review,
        columns.why.map(ReasonKind::word),
        document::to_text(&status)?,
        id
    ])?;
    db.prepare_cached("DELETE FROM places WHERE entry = ?")?.execute([id])?;
    write_places(db, entry, &status)?;
    write_keys(db, entry, &status)?;
    titles.extend(before);
    titles.extend(title);
    Ok(())
}

/// Which parts of its title an entry holds, of one that is in no place yet.
pub(super) fn write_places(db: &Connection, entry: EntryId, status: &Status) -> Result<(), Error> {
    let Status::Matched { title, parts: places, .. } = status else { return Ok(()) };
    let mut insert =
        db.prepare_cached("INSERT OR IGNORE INTO places(title, season, number, entry) VALUES(?, ?, ?, ?)")?;
    for place in places {
        let (season, number) = document::part_to_numbers(*place);
        insert.execute((title.0, season, number, entry.to_bytes()))?;
    }
    Ok(())
}

pub(super) fn forget_entry(db: &Connection, entry: EntryId, titles: &mut BTreeSet<i64>) -> Result<(), Error> {
    let id = entry.to_bytes();
    forget_keys(db, entry)?;
    db.prepare_cached("DELETE FROM places WHERE entry = ?")?.execute([id])?;
    db.prepare_cached("DELETE FROM parts WHERE entry = ?")?.execute([id])?;
    forget_key_frames(db, entry)?;
    let title: Option<Option<i64>> = db
        .prepare_cached("DELETE FROM entries WHERE id = ? RETURNING title")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    titles.extend(title.flatten());
    Ok(())
}
