//! Messages that carry files. Whatever changes a source ends in `refresh`, in the same transaction.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::entries::{forget_entry, insert_entry, raise_revision, replace_entry, write_status};
use super::refresh::{Refreshed, refresh_entry};
use super::titles::refresh_titles;
use super::volumes::{is_waiting_volume, made_of, reopen_set, set_of};
use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::document::{self, EntryDocument};
use crate::adapters::store::posts::PostsBackend;
use crate::domain::entry::{Entry, EntryId, Recorded, Source, Status};
use crate::domain::post::{ChatId, DocumentId, PostRef};

impl PostsBackend for Embedded {
    async fn record(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error> {
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

    async fn remove(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error> {
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
                if detach(db, entry, &mut titles)? {
                    removed.push(entry);
                }
            }
            refresh_titles(db, &titles)?;
            Ok(removed)
        })
        .await
    }

    async fn between(&self, chat: ChatId, first: i32, last: i32) -> Result<Vec<Source>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT message, entry, document, date, album, reply_to FROM sources WHERE chat = ? AND message BETWEEN ? AND ?
                 ORDER BY message",
            )?;
            let rows = query.query_map((chat.get(), first, last), |row| {
                let (at, entry) = (PostRef { chat, message: row.get(0)? }, EntryId::from_bytes(row.get(1)?));
                let (document, date) = (DocumentId(row.get(2)?), row.get(3)?);
                Ok(Source { at, entry, document, date, album: row.get(4)?, reply_to: row.get(5)? })
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
        .await
    }

    async fn answers_to(&self, at: PostRef) -> Result<Vec<EntryId>, Error> {
        self.read(move |db| {
            // Named, for SQLite would rather walk through all of the channel: that costs nothing as long as it has not counted it.
            let mut query = db.prepare_cached(
                "WITH some AS (SELECT message, entry FROM sources INDEXED BY sources_answers WHERE chat = ?1 AND reply_to = ?2)
                 SELECT message, entry FROM some
                 UNION SELECT some.message, parts.entry FROM some JOIN parts ON parts.part = some.entry ORDER BY 1, 2",
            )?;
            let rows = query.query_map((at.chat.get(), at.message), |row| row.get(1).map(EntryId::from_bytes))?;
            rows.map(|row| Ok(row?)).collect()
        })
        .await
    }

    async fn count(&self, chat: ChatId) -> Result<u64, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT COUNT(*) FROM sources WHERE chat = ?")?;
            Ok(query.query_row([chat.get()], |row| row.get::<_, i64>(0))?.unsigned_abs())
        })
        .await
    }
}

fn add_post(db: &Connection, source: &Source, entry: &Entry, titles: &mut BTreeSet<i64>) -> Result<Recorded, Error> {
    let PostRef { chat, message } = source.at;
    let carried = db
        .prepare_cached("SELECT entry FROM sources WHERE chat = ? AND message = ?")?
        .query_row((chat.get(), message), |row| row.get(0).map(EntryId::from_bytes))
        .optional()?;
    db.prepare_cached(
        "INSERT OR REPLACE INTO sources(chat, message, entry, document, date, album, reply_to) VALUES(?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        chat.get(),
        message,
        entry.id.to_bytes(),
        source.document.0,
        source.date,
        source.album,
        source.reply_to
    ])?;
    if let Some(other) = carried.filter(|other| *other != entry.id) {
        detach(db, other, titles)?;
    }

    let stored = db
        .prepare_cached("SELECT document FROM entries WHERE id = ?")?
        .query_row([entry.id.to_bytes()], |row| row.get::<_, String>(0))
        .optional()?;
    let stored = stored.map(|text| document::from_text::<EntryDocument>(&text)).transpose()?;
    let added = document::recorded(
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
                reopen_set(db, &set, titles)?;
            }
            if document::set_of(&entry.name).is_none() {
                // If it was a volume, it is one no more.
                for made in made_of(db, entry.id)? {
                    forget_entry(db, made, titles)?;
                }
            }
            replace_entry(db, entry, titles)?;
        }
        Recorded::AnotherSource => {
            raise_revision(db, entry.id)?;
            // A volume may stand beside others now.
            if is_waiting_volume(db, entry.id)? {
                write_status(db, entry.id, &Status::fresh(), titles)?;
            }
        }
        Recorded::Known => {}
    }
    refresh_entry(db, entry.id, titles)?;
    Ok(added)
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

/// Called when a message no longer carries the entry. Returns whether it was the last one, so that the entry is gone.
fn detach(db: &Connection, entry: EntryId, titles: &mut BTreeSet<i64>) -> Result<bool, Error> {
    raise_revision(db, entry)?;
    let set = set_of(db, entry)?;
    let refreshed = refresh_entry(db, entry, titles)?;
    if let Some(set) = set {
        reopen_set(db, &set, titles)?;
    }
    Ok(refreshed == Refreshed::Gone)
}
