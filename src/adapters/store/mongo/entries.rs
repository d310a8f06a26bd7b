//! Entries and their status.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};

use super::records::EntryRecord;
use super::{Mongo, TRIES, contended, index};
use crate::adapters::store::document::{self, StatusColumns, part_to_numbers};
use crate::adapters::store::entries::EntriesBackend;
use crate::adapters::store::{Error, search, subtitles};
use crate::domain::entry::{Entry, EntryId, ReasonKind, Source, Status};
use crate::domain::post::{ChatId, DocumentId, PostRef};
use crate::domain::subtitles::form;
use crate::domain::title::TitleId;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        // pending, counts
        index("entries", "state_posted", doc! { "visible": 1, "state": 1, "posted": 1, "retry_at": 1 }),
    ]
}

impl EntriesBackend for Mongo {
    async fn get(&self, id: EntryId) -> Result<Option<Entry>, Error> {
        self.entries.find_one(doc! { "_id": id.to_string() }).await?.map(EntryRecord::read).transpose()
    }

    async fn sources(&self, id: EntryId) -> Result<Vec<Source>, Error> {
        let channels = self.channel_records().await?;
        let made = self.entries.clone_with_type::<Document>();
        let made = made.find_one(doc! { "_id": id.to_string() }).projection(doc! { "parts": 1 }).await?;
        let parts = made.as_ref().and_then(|made| made.get_array("parts").ok());
        let parts: Option<Vec<String>> =
            parts.map(|parts| parts.iter().filter_map(|part| part.as_str().map(str::to_owned)).collect());
        let mut sources = self.sources_of_all(&parts.unwrap_or_else(|| vec![id.to_string()])).await?;
        sources.retain(|source| channels.get(&source.chat).is_some_and(|channel| channel.active));
        sources.sort_by_key(|source| std::cmp::Reverse((source.date, source.chat, source.message)));
        sources
            .into_iter()
            .map(|source| {
                let chat = ChatId::try_from(source.chat).map_err(Error::broken)?;
                let at = PostRef { chat, message: source.message };
                let document = DocumentId(source.document);
                Ok(Source {
                    at,
                    entry: id,
                    document,
                    date: source.date,
                    album: source.album,
                    reply_to: source.reply_to,
                })
            })
            .collect()
    }

    async fn pending(&self, now: i64, limit: u32) -> Result<Vec<Entry>, Error> {
        self.repair().await?;
        let due = doc! { "visible": true, "state": 0, "retry_at": { "$lte": now } };
        let found = self.entries.find(due).sort(doc! { "posted": -1, "retry_at": -1 }).limit(limit.into()).await?;
        found.map_err(Error::from).and_then(|record| async { record.read() }).try_collect().await
    }

    async fn settle(&self, entry: &Entry, status: &Status) -> Result<bool, Error> {
        let write = self.begin_write();
        let document = document::entry_to_text(entry)?;
        let mut status = status.clone();
        if let Status::Matched { title, .. } | Status::Subtitles { title: Some(title), .. } = &mut status {
            *title = TitleId(self.survivor(title.0).await?);
        }
        let of_revision = doc! { "_id": entry.id.to_string(), "revision": i64::from(entry.revision) };
        for _ in 0..TRIES {
            let Some(stored) = self.entries.find_one(of_revision.clone()).await? else {
                write.done();
                return Ok(false);
            };
            let mut set = status_fields(&status)?;
            set.insert("document", &document);
            if self.write_status(&stored, set, StatusColumns::from(&status).title).await? {
                self.file_titles_of(&stored.id).await?;
                write.done();
                return Ok(true);
            }
        }
        Err(contended())
    }

    async fn under_review(&self) -> Result<Vec<EntryId>, Error> {
        let entries = self.entries.clone_with_type::<Document>();
        let listed = entries.find(doc! { "visible": true, "review": true });
        let ids: Vec<Document> = listed.projection(doc! { "_id": 1 }).await?.try_collect().await?;
        let id = |record: Document| record.get_str("_id").map_err(Error::broken)?.parse().map_err(Error::broken);
        let mut ids: Vec<EntryId> = ids.into_iter().map(id).collect::<Result<_, Error>>()?;
        ids.sort_unstable();
        Ok(ids)
    }

    async fn behind(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<Entry>, Error> {
        let filter = after.map_or_else(Document::new, |after| doc! { "_id": { "$gt": after.to_string() } });
        let found = self.entries.find(filter).sort(doc! { "_id": 1 }).limit(limit.into()).await?;
        found.map_err(Error::from).and_then(|record| async { record.read() }).try_collect().await
    }

    async fn in_channel(&self, chat: ChatId, after: i32, limit: u32) -> Result<Vec<(i32, EntryId)>, Error> {
        let filter = doc! { "chat": chat.get(), "message": { "$gt": after } };
        let found = self.sources.find(filter).sort(doc! { "message": 1 }).limit(limit.into()).await?;
        let mut carried = Vec::new();
        for source in found.try_collect::<Vec<_>>().await? {
            let made = self.made_of(&[source.entry.as_str()]).await?;
            for entry in std::iter::once(source.entry).chain(made) {
                carried.push((source.message, entry.parse().map_err(Error::broken)?));
            }
        }
        Ok(carried)
    }
}

impl Mongo {
    /// Writes a status and marks the titles that it leaves and enters as `unfiled`. Returns false when the entry was changed
    /// meanwhile.
    pub(super) async fn write_status(
        &self,
        stored: &EntryRecord,
        set: Document,
        title: Option<TitleId>,
    ) -> Result<bool, Error> {
        let filter = doc! { "_id": &stored.id, "version": stored.version };
        let mut change = doc! { "$set": set, "$inc": { "version": 1 } };
        match title {
            Some(title) => change.get_document_mut("$set").map_err(Error::broken)?.insert("title", title.0).map(drop),
            None => change.insert("$unset", doc! { "title": "" }).map(drop),
        };
        let touched: Vec<i64> = stored.title.into_iter().chain(title.map(|title| title.0)).collect();
        if !touched.is_empty() {
            change.insert("$addToSet", doc! { "unfiled": { "$each": touched } });
        }
        Ok(self.entries.update_one(filter, change).await?.matched_count == 1)
    }

    /// Returns false when there is no such entry.
    pub(super) async fn raise_revision(&self, entry: &str) -> Result<bool, Error> {
        let change = doc! { "$inc": { "revision": 1, "version": 1 } };
        Ok(self.entries.update_one(doc! { "_id": entry }, change).await?.matched_count == 1)
    }
}

/// An entry never seen before. `posted`: see [`document::moment`].
pub(super) fn entry_record(entry: &Entry, posted: i64, visible: bool) -> Result<EntryRecord, Error> {
    let status = Status::fresh();
    let columns = StatusColumns::from(&status);
    Ok(EntryRecord {
        id: entry.id.to_string(),
        version: 1,
        revision: document::first_revision()?.into(),
        state: columns.state as i32,
        retry_at: columns.retry_at,
        title: None,
        places: Vec::new(),
        unmatched: columns.unmatched && form(&entry.name).is_none(),
        review: columns.review,
        why: columns.why.map(|why| why.word().to_owned()),
        visible,
        posted,
        status: document::to_text(&status)?,
        words: words(entry),
        document: document::entry_to_text(entry)?,
        unfiled: Vec::new(),
        volume_of: document::set_of(&entry.name),
        parts: Vec::new(),
        withdrawn: false,
        probe: None,
        probed_by: 0,
        probe_tries: 0,
        probe_at: 0,
    })
}

/// The change that replaces what is stored of an entry, and makes it pending.
pub(super) fn replaced(entry: &Entry, revision: i64) -> Result<Document, Error> {
    let mut set = status_fields(&Status::fresh())?;
    set.extend(doc! {
        "document": document::entry_to_text(entry)?,
        "words": words(entry),
        "volume_of": document::set_of(&entry.name),
        "revision": revision + 1,
    });
    Ok(set)
}

/// What "Unmatched" is searched by.
fn words(entry: &Entry) -> String {
    search::fold(&format!("{} {}", entry.name, entry.caption))
}

/// The fields that a status is written in, without the title.
pub(super) fn status_fields(status: &Status) -> Result<Document, Error> {
    let columns = StatusColumns::from(status);
    let mut fields = doc! {
        "state": columns.state as i32,
        "retry_at": columns.retry_at,
        "unmatched": columns.unmatched,
        "review": columns.review,
        "why": columns.why.map(ReasonKind::word),
        "places": places(status),
        "status": document::to_text(status)?,
    };
    let keys = subtitles::keys(status);
    if !keys.is_empty() {
        fields.insert("subtitles", keys);
    }
    Ok(fields)
}

/// Which parts of its title an entry holds.
pub(super) fn places(status: &Status) -> Vec<Bson> {
    let places = match status {
        Status::Matched { parts, .. } => parts.as_slice(),
        _ => &[],
    };
    places
        .iter()
        .map(|place| {
            let (season, number) = part_to_numbers(*place);
            Bson::String(format!("{season}/{number}"))
        })
        .collect()
}
