//! Messages and their entries: what ingest writes. [`refresh_entry`] and `titles` keep the
//! questions' columns true; whatever changes a source, a channel or a status ends in them, in the same transaction.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::titles::{refresh_titles, survivor};
use super::volumes::{made_of, set_of, wake};
use super::{Commit, Embedded};
use crate::adapters::store::document::{self, EntryDocument, Standing, StoredEntry};
use crate::adapters::store::{Error, search};
use crate::domain::entry::{Entry, EntryId, ReasonKind, Recorded, Source, Status};
use crate::domain::post::PostRef;
use crate::domain::title::TitleId;

impl Embedded {
    pub async fn add_posts(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error> {
        let posts = posts.to_vec();
        self.write(Commit::Durable, move |db| {
            let mut titles = BTreeSet::new();
            let added = posts
                .iter()
                .map(|(source, entry)| add_post(db, source, entry, &mut titles))
                .collect::<Result<Vec<_>, Error>>()?;
            refresh_titles(db, &titles)?;
            Ok(added)
        })
        .await
    }

    pub async fn remove_posts(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error> {
        let posts = posts.to_vec();
        self.write(Commit::Durable, move |db| {
            let mut titles = BTreeSet::new();
            let mut removed = Vec::new();
            for post in posts {
                let entry = db
                    .prepare_cached("DELETE FROM sources WHERE chat = ? AND message = ? RETURNING entry")?
                    .query_row((post.chat.get(), post.message), |row| row.get(0).map(EntryId::from_bytes))
                    .optional()?;
                let Some(entry) = entry else { continue };
                if leave(db, entry, &mut titles)? {
                    removed.push(entry);
                }
            }
            refresh_titles(db, &titles)?;
            Ok(removed)
        })
        .await
    }

    pub async fn pending(&self, now: i64, limit: u32) -> Result<Vec<Entry>, Error> {
        self.read(move |db| {
            entries(
                db,
                "WHERE visible = 1 AND state = 0 AND retry_at <= ?1 ORDER BY posted, retry_at LIMIT ?2",
                params![now, limit],
            )
        })
        .await
    }

    pub async fn settle(&self, entry: EntryId, revision: u32, status: &Status) -> Result<bool, Error> {
        let status = status.clone();
        self.write(Commit::Quick, move |db| {
            let known = db
                .prepare_cached("SELECT 1 FROM entries WHERE id = ? AND revision = ?")?
                .exists((entry.to_bytes(), revision))?;
            if known {
                let mut titles = BTreeSet::new();
                set_status(db, entry, &status, &mut titles)?;
                refresh_titles(db, &titles)?;
            }
            Ok(known)
        })
        .await
    }

    pub async fn retry(&self, only: Option<EntryId>, now: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| {
            let waiting = match only {
                Some(entry) => entries(
                    db,
                    "WHERE id = ?1 AND (state IN (2, 4) OR state = 0 AND retry_at > ?2)",
                    params![entry.to_bytes(), now],
                )?,
                None => entries(db, "WHERE visible = 1 AND review = 1 AND state = 0 AND retry_at > ?", [now])?,
            };
            let mut count = 0;
            for entry in &waiting {
                let Some(status) = entry.status.tried_again() else { continue };
                // None of them has a title, so the catalog stays as it is.
                set_status(db, entry.id, &status, &mut BTreeSet::new())?;
                count += 1;
            }
            Ok(count)
        })
        .await
    }

    pub async fn ignore(&self, entry: EntryId) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            let stored = entries(db, "WHERE id = ? AND visible = 1", [entry.to_bytes()])?.pop();
            let Some(status) = stored.and_then(|stored| stored.status.ignored()) else { return Ok(false) };
            // A match that is being looked for comes too late.
            raise_revision(db, entry)?;
            let mut titles = BTreeSet::new();
            set_status(db, entry, &status, &mut titles)?;
            refresh_titles(db, &titles)?;
            Ok(true)
        })
        .await
    }
}

/// The entries that `rest` (all of the query from WHERE on) finds.
pub(super) fn entries(db: &Connection, rest: &str, values: impl rusqlite::Params) -> Result<Vec<Entry>, Error> {
    let mut query = db.prepare_cached(&format!("SELECT id, document, status, posted, revision FROM entries {rest}"))?;
    let rows = query.query_map(values, |row| {
        Ok(StoredEntry {
            id: EntryId::from_bytes(row.get(0)?),
            document: row.get(1)?,
            status: row.get(2)?,
            posted: row.get(3)?,
            revision: row.get(4)?,
        })
    })?;
    rows.map(|row| row?.read()).collect()
}

fn add_post(db: &Connection, source: &Source, entry: &Entry, titles: &mut BTreeSet<i64>) -> Result<Recorded, Error> {
    let PostRef { chat, message } = source.at;
    let carried = db
        .prepare_cached("SELECT entry FROM sources WHERE chat = ? AND message = ?")?
        .query_row((chat.get(), message), |row| row.get(0).map(EntryId::from_bytes))
        .optional()?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO sources(chat, message, entry, document, date, album) VALUES(?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![chat.get(), message, entry.id.to_bytes(), source.document.0, source.date, source.album])?;
    if let Some(other) = carried.filter(|other| *other != entry.id) {
        leave(db, other, titles)?;
    }

    let stored = db
        .prepare_cached("SELECT document FROM entries WHERE id = ?")?
        .query_row([entry.id.to_bytes()], |row| row.get::<_, String>(0))
        .optional()?;
    let stored = stored.map(|text| document::from_text::<EntryDocument>(&text)).transpose()?;
    let added = document::arrival(
        stored.as_ref().map(|stored| (stored.name.as_str(), stored.caption.as_str())),
        entry,
        is_newest(db, source)?,
        carried == Some(entry.id),
    );
    match added {
        Recorded::New => {
            insert_entry(db, entry, document::moment(source.date, source.at.message))?;
        }
        Recorded::Changed => {
            if let Some(set) = set_of(db, entry.id)? {
                wake(db, &set, titles)?;
            }
            if document::set_of(&entry.name).is_none() {
                // No volume any more, if it was one.
                for made in made_of(db, entry.id)? {
                    forget_entry(db, made, titles)?;
                }
            }
            replace_entry(db, entry, titles)?;
        }
        Recorded::AnotherSource => {
            raise_revision(db, entry.id)?;
            // A volume may stand beside others now.
            if document::set_of(&entry.name).is_some() {
                set_status(db, entry.id, &Status::fresh(), titles)?;
            }
        }
        Recorded::Known => {}
    }
    refresh_entry(db, entry.id, titles)?;
    Ok(added)
}

/// Puts what is known of an entry now in the place of what was, to be matched anew.
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
    set_status(db, entry.id, &Status::fresh(), titles)
}

pub(super) fn insert_entry(db: &Connection, entry: &Entry, posted: i64) -> Result<(), Error> {
    let status = Status::fresh();
    let standing = Standing::from(&status);
    db.prepare_cached(
        "INSERT INTO entries(id, revision, state, retry_at, title, unmatched, review, visible, posted, status, words, document,
                             volume_of)
         VALUES(?, ?, ?, ?, NULL, ?, ?, 0, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        entry.id.to_bytes(),
        document::first_revision()?,
        standing.state as i64,
        standing.retry_at,
        standing.unmatched,
        standing.review,
        posted,
        document::to_text(&status)?,
        words(entry),
        document::entry_to_text(entry)?,
        document::set_of(&entry.name),
    ])?;
    Ok(())
}

/// What "Unmatched" is searched by.
fn words(entry: &Entry) -> String {
    search::fold(&format!("{} {}", entry.name, entry.caption))
}

/// Whether no other message that carries the entry is newer. Messages in active channels come before all others.
fn is_newest(db: &Connection, source: &Source) -> Result<bool, Error> {
    let newest = db
        .prepare_cached(
            "SELECT s.chat, s.message FROM sources s LEFT JOIN channels c ON c.chat = s.chat
             WHERE s.entry = ? ORDER BY COALESCE(c.active, 0) DESC, s.date DESC, s.chat DESC, s.message DESC LIMIT 1",
        )?
        .query_row([source.entry.to_bytes()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i32>(1)?)))
        .optional()?;
    Ok(newest.is_none_or(|newest| newest == (source.at.chat.get(), source.at.message)))
}

fn raise_revision(db: &Connection, entry: EntryId) -> Result<(), Error> {
    db.prepare_cached("UPDATE entries SET revision = revision + 1 WHERE id = ?")?.execute([entry.to_bytes()])?;
    Ok(())
}

/// A message no longer carries the entry. Answers whether that was its last one, and the entry is gone.
fn leave(db: &Connection, entry: EntryId, titles: &mut BTreeSet<i64>) -> Result<bool, Error> {
    raise_revision(db, entry)?;
    let set = set_of(db, entry)?;
    let refreshed = refresh_entry(db, entry, titles)?;
    if let Some(set) = set {
        wake(db, &set, titles)?;
    }
    Ok(refreshed == Refreshed::Gone)
}

/// Writes an entry's status and all that follows from it, but for the titles that it leaves or enters: those are added
/// to `titles`.
pub(super) fn set_status(
    db: &Connection,
    entry: EntryId,
    status: &Status,
    titles: &mut BTreeSet<i64>,
) -> Result<(), Error> {
    let mut status = status.clone();
    if let Status::Matched { title, .. } = &mut status {
        *title = TitleId(survivor(db, title.0)?);
    }
    let id = entry.to_bytes();
    let before: Option<i64> =
        db.prepare_cached("SELECT title FROM entries WHERE id = ?")?.query_row([id], |row| row.get(0))?;
    let standing = Standing::from(&status);
    let title = standing.title.map(|title| title.0);
    db.prepare_cached(
        "UPDATE entries SET state = ?, retry_at = ?, title = ?, unmatched = ?, review = ?, why = ?, status = ?
         WHERE id = ?",
    )?
    .execute(params![
        standing.state as i64,
        standing.retry_at,
        title,
        standing.unmatched,
        standing.review,
        standing.why.map(ReasonKind::word),
        document::to_text(&status)?,
        id
    ])?;
    db.prepare_cached("DELETE FROM places WHERE entry = ?")?.execute([id])?;
    if let Status::Matched { title, parts: places } = &status {
        let mut insert =
            db.prepare_cached("INSERT OR IGNORE INTO places(title, season, number, entry) VALUES(?, ?, ?, ?)")?;
        for place in places {
            let (season, number) = document::place_to_numbers(*place);
            insert.execute((title.0, season, number, id))?;
        }
    }
    titles.extend(before);
    titles.extend(title);
    Ok(())
}

/// What came of refreshing an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refreshed {
    AsBefore,
    /// Its visibility or its date.
    Changed,
    /// No message carries it any more: it was removed.
    Gone,
}

/// Works out anew whether an entry is visible and since when (see [`document::moment`]), and removes it when no message carries it any more; and the
/// same for entries that it is a volume of, which need all of their volumes. Their titles are added to `titles` when that
/// changed.
pub(super) fn refresh_entry(db: &Connection, entry: EntryId, titles: &mut BTreeSet<i64>) -> Result<Refreshed, Error> {
    let id = entry.to_bytes();
    let (carried, posted): (bool, Option<i64>) = db
        .prepare_cached(
            "SELECT MIN(carried), CASE WHEN COUNT(posted) = COUNT(*) THEN MAX(posted) END
             FROM (SELECT COUNT(s.message) > 0 AS carried, MAX(CASE WHEN c.active THEN s.date << 31 | s.message END) AS posted
                   FROM (SELECT part FROM parts WHERE entry = ?1
                         UNION ALL SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM parts WHERE entry = ?1)) p
                   LEFT JOIN sources s ON s.entry = p.part LEFT JOIN channels c ON c.chat = s.chat
                   GROUP BY p.part)",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let refreshed = if carried {
        // An entry that is hidden keeps its date.
        let title: Option<Option<i64>> = db
            .prepare_cached(
                "UPDATE entries SET visible = ?2 IS NOT NULL, posted = COALESCE(?2, posted)
                 WHERE id = ?1 AND (visible, posted) <> (?2 IS NOT NULL, COALESCE(?2, posted)) RETURNING title",
            )?
            .query_row(params![id, posted], |row| row.get(0))
            .optional()?;
        titles.extend(title.flatten());
        if title.is_some() { Refreshed::Changed } else { Refreshed::AsBefore }
    } else {
        forget_entry(db, entry, titles)?;
        Refreshed::Gone
    };
    if refreshed != Refreshed::AsBefore {
        for entry in made_of(db, entry)? {
            refresh_entry(db, entry, titles)?;
        }
    }
    Ok(refreshed)
}

pub(super) fn forget_entry(db: &Connection, entry: EntryId, titles: &mut BTreeSet<i64>) -> Result<(), Error> {
    let id = entry.to_bytes();
    db.prepare_cached("DELETE FROM places WHERE entry = ?")?.execute([id])?;
    db.prepare_cached("DELETE FROM parts WHERE entry = ?")?.execute([id])?;
    let title: Option<Option<i64>> = db
        .prepare_cached("DELETE FROM entries WHERE id = ? RETURNING title")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    titles.extend(title.flatten());
    Ok(())
}
