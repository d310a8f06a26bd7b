//! Messages that carry files. The head of this folder says how writes stay whole.

use std::collections::{BTreeSet, HashMap, HashSet};

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::error::ErrorKind;
use mongodb::options::IndexOptions;

use super::entries::{entry_record, replaced, status_fields};
use super::records::{ChannelRecord, SourceRecord};
use super::{Mongo, TRIES, contended, index, index_with, is_duplicate};
use crate::adapters::store::Error;
use crate::adapters::store::document::{self, EntryDocument, State};
use crate::adapters::store::posts::PostsBackend;
use crate::domain::entry::{Entry, EntryId, Recorded, Source, Status};
use crate::domain::post::{ChatId, DocumentId, PostRef};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        // refresh_entry, sources: the messages of an entry.
        index("sources", "entry", doc! { "entry": 1 }),
        // refresh_batch: showing and hiding a channel.
        index("sources", "chat_message", doc! { "chat": 1, "message": 1 }),
        // answers_to; a sparse index of both fields would hold every message, since each has a chat
        index_with("sources", "reply_to", doc! { "reply_to": 1 }, IndexOptions::builder().sparse(true).build()),
        // repair
        index_with("sources", "unfinished", doc! { "unfinished": 1 }, IndexOptions::builder().sparse(true).build()),
    ]
}

impl PostsBackend for Mongo {
    async fn record(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error> {
        let write = self.begin_write();
        let channels = self.channel_records().await?;
        let new = self.add_new(posts, &channels).await?;
        let mut added = Vec::with_capacity(posts.len());
        for ((source, entry), new) in posts.iter().zip(&new) {
            added.push(if *new { Recorded::New } else { self.add_post(source, entry).await? });
        }
        // A channel that was toggled meanwhile may have been refreshed before these were stored.
        let toggles = |channels: &HashMap<i64, ChannelRecord>| {
            channels.values().map(|channel| (channel.chat, channel.toggles)).collect::<BTreeSet<_>>()
        };
        if toggles(&channels) != toggles(&self.channel_records().await?) {
            let entries = posts.iter().map(|(_, entry)| entry.id.to_string());
            self.refresh_entries(entries.collect()).await?;
        }
        write.done();
        Ok(added)
    }

    async fn remove(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error> {
        let write = self.begin_write();
        let mut removed = Vec::new();
        // Most messages that go, or are swept and are not there, never carried a file.
        let asked: Vec<String> = posts.iter().map(PostRef::to_string).collect();
        let known: Vec<SourceRecord> = self.sources.find(doc! { "_id": { "$in": asked } }).await?.try_collect().await?;
        for SourceRecord { id, .. } in known {
            let at = doc! { "_id": id };
            let mark = doc! { "$set": { "gone": true, "unfinished": true } };
            if let Some(source) = self.sources.find_one_and_update(at, mark).await? {
                removed.extend(self.finish_source(source).await?);
            }
        }
        write.done();
        Ok(removed)
    }

    async fn between(&self, chat: ChatId, first: i32, last: i32) -> Result<Vec<Source>, Error> {
        let filter = doc! { "chat": chat.get(), "message": { "$gte": first, "$lte": last } };
        let found = self.sources.find(filter).sort(doc! { "message": 1 }).await?;
        let records: Vec<SourceRecord> = found.try_collect().await?;
        let read = |record: SourceRecord| {
            let (at, entry) = (PostRef { chat, message: record.message }, record.entry.parse().map_err(Error::broken)?);
            let document = DocumentId(record.document);
            Ok(Source { at, entry, document, date: record.date, album: record.album, reply_to: record.reply_to })
        };
        records.into_iter().filter(|record| !record.gone).map(read).collect()
    }

    async fn answers_to(&self, at: PostRef) -> Result<Vec<EntryId>, Error> {
        // The message alone: few channels have answers to one of its number, and fewer files among them.
        let found = self.sources.find(doc! { "reply_to": at.message }).await?;
        let mut records: Vec<SourceRecord> = found.try_collect().await?;
        records.retain(|record| record.chat == at.chat.get() && !record.gone);
        records.sort_by_key(|record| record.message);
        let mut answers = Vec::with_capacity(records.len());
        for SourceRecord { entry, .. } in records {
            let made = self.made_of(&[entry.as_str()]).await?;
            for entry in std::iter::once(entry).chain(made) {
                answers.push(entry.parse().map_err(Error::broken)?);
            }
        }
        Ok(answers)
    }

    async fn count(&self, chat: ChatId) -> Result<u64, Error> {
        // Counted in the index alone, which does not say what is gone; of that there is next to nothing.
        let there = doc! { "chat": chat.get(), "message": { "$gt": 0 } };
        let mut gone = doc! { "unfinished": true, "gone": true };
        gone.extend(there.clone());
        let there = self.sources.count_documents(there).await?;
        Ok(there.saturating_sub(self.sources.count_documents(gone).await?))
    }
}

impl Mongo {
    /// Inserts the posts whose message and file were never seen, which are nearly all, in two commands. Returns which.
    async fn add_new(
        &self,
        posts: &[(Source, Entry)],
        channels: &HashMap<i64, ChannelRecord>,
    ) -> Result<Vec<bool>, Error> {
        let ids = |field: fn(&(Source, Entry)) -> String| posts.iter().map(field).collect::<Vec<_>>();
        let (messages, files) = (ids(|post| post.0.at.to_string()), ids(|post| post.1.id.to_string()));
        let mut known: HashSet<String> = HashSet::new();
        for (collection, ids) in [("sources", &messages), ("entries", &files)] {
            let among = doc! { "_id": { "$in": ids.clone() } };
            let mut found =
                self.database.collection::<Document>(collection).find(among).projection(doc! { "_id": 1 }).await?;
            while let Some(record) = found.try_next().await? {
                known.extend(record.get_str("_id").map(str::to_owned));
            }
        }
        // Posts that occur twice in one batch are recorded one by one, in order.
        let mut times: HashMap<&str, u32> = HashMap::new();
        for id in messages.iter().chain(&files) {
            *times.entry(id).or_default() += 1;
        }
        let once = |id: &String| !known.contains(id) && times.get(id.as_str()) == Some(&1);
        let new: Vec<bool> = messages.iter().zip(&files).map(|(message, file)| once(message) && once(file)).collect();

        let (mut sources, mut entries) = (Vec::new(), Vec::new());
        for ((source, entry), _) in posts.iter().zip(&new).filter(|(_, new)| **new) {
            let active = channels.get(&source.at.chat.get()).is_some_and(|channel| channel.active);
            sources.push(source_record(source));
            entries.push(entry_record(entry, document::moment(source.date, source.at.message), active)?);
        }
        if entries.is_empty() {
            return Ok(new);
        }
        // Sources first: an entry without its message would look like one whose message was deleted.
        let inserted = async {
            self.sources.insert_many(sources).await?;
            self.entries.insert_many(entries).await
        };
        match inserted.await {
            Ok(_) => Ok(new),
            // Somebody else adds the same posts: one by one, then.
            Err(error) if is_insert_race(&error) => Ok(vec![false; posts.len()]),
            Err(error) => Err(error.into()),
        }
    }

    async fn add_post(&self, source: &Source, entry: &Entry) -> Result<Recorded, Error> {
        let at = doc! { "_id": source.at.to_string() };
        let before = self.sources.find_one(at.clone()).await?.filter(|before| !before.gone);
        let id = entry.id.to_string();
        let left = before.as_ref().filter(|before| before.entry != id).map(|before| before.entry.clone());
        let left = left.or_else(|| before.as_ref().and_then(|before| before.left.clone()));
        let unfinished = left.is_some().then_some(true);
        let record = SourceRecord { left: left.clone(), unfinished, ..source_record(source) };
        self.sources.replace_one(at.clone(), &record).upsert(true).await?;

        let known = before.is_some_and(|before| before.entry == id);
        let added = self.put_entry(source, entry, known).await?;
        if let Some(left) = left {
            self.raise_revision(&left).await?;
            let volume = self.entries.find_one(doc! { "_id": &left }).await?;
            if let Some(set) = volume.and_then(|volume| volume.volume_of) {
                self.reopen_set(&set).await?;
            }
            self.refresh_entries(vec![left]).await?;
            self.sources.update_one(at, doc! { "$unset": { "left": "", "unfinished": "" } }).await?;
        }
        Ok(added)
    }

    /// Stores an entry as far as the post says anything new.
    async fn put_entry(&self, source: &Source, entry: &Entry, known: bool) -> Result<Recorded, Error> {
        let id = entry.id.to_string();
        for _ in 0..TRIES {
            let stored = self.entries.find_one(doc! { "_id": &id }).await?;
            let names = match &stored {
                Some(stored) => Some(document::from_text::<EntryDocument>(&stored.document)?),
                None => None,
            };
            let newest = self.is_newest(source).await?;
            let names = names.as_ref().map(|names| (names.name.as_str(), names.caption.as_str()));
            let added = document::recorded(names, entry, newest, known);
            let written = match (&added, stored) {
                (Recorded::Known, _) => true,
                // A volume may stand beside others now.
                (Recorded::AnotherSource, Some(stored))
                    if stored.volume_of.is_some() && stored.state != State::Matched as i32 =>
                {
                    let mut set = status_fields(&Status::fresh())?;
                    set.insert("revision", stored.revision + 1);
                    self.write_status(&stored, set, None).await?
                }
                (Recorded::AnotherSource, _) => self.raise_revision(&id).await?,
                (Recorded::Changed, Some(stored)) => {
                    let replaced = self.write_status(&stored, replaced(entry, stored.revision)?, None).await?;
                    if let Some(set) = &stored.volume_of {
                        self.reopen_set(set).await?;
                        if document::set_of(&entry.name).is_none() {
                            // No volume any more.
                            self.withdraw(self.made_of(&[&id]).await?).await?;
                        }
                    }
                    replaced
                }
                _ => {
                    let posted = document::moment(source.date, source.at.message);
                    match self.entries.insert_one(entry_record(entry, posted, false)?).await {
                        Ok(_) => true,
                        Err(error) if is_duplicate(&error) => false,
                        Err(error) => return Err(error.into()),
                    }
                }
            };
            // The entry may have been removed with its last message just now: then once more.
            if written && self.refresh_entries(vec![id.clone()]).await? == 1 {
                return Ok(added);
            }
        }
        Err(contended())
    }

    /// Whether no other message that carries the entry is newer. Messages in active channels come before all others.
    async fn is_newest(&self, source: &Source) -> Result<bool, Error> {
        let channels = self.channel_records().await?;
        let sources = self.sources_of(&source.entry.to_string()).await?;
        let newest = sources.iter().max_by_key(|source| {
            let active = channels.get(&source.chat).is_some_and(|channel| channel.active);
            (active, source.date, source.chat, source.message)
        });
        Ok(newest.is_none_or(|newest| newest.id == source.at.to_string()))
    }

    /// Does what is left to do for a message that was deleted or got another file. Returns the entry when it is gone.
    async fn finish_source(&self, source: SourceRecord) -> Result<Option<EntryId>, Error> {
        let left = source.left.iter().chain([&source.entry]);
        for entry in left.clone() {
            self.raise_revision(entry).await?;
            let volume = self.entries.find_one(doc! { "_id": entry }).await?;
            if let Some(set) = volume.and_then(|volume| volume.volume_of) {
                // Before the entry goes: afterwards nobody would know the set. Whoever looks at it in between does not
                // see this message any more.
                self.reopen_set(&set).await?;
            }
        }
        self.refresh_entries(left.cloned().collect()).await?;
        let at = doc! { "_id": &source.id };
        match self.sources.find_one(at.clone()).await? {
            Some(now) if now.gone => {
                self.sources.delete_one(doc! { "_id": &source.id, "gone": true }).await.map(drop)?
            }
            _ => self.sources.update_one(at, doc! { "$unset": { "left": "", "unfinished": "" } }).await.map(drop)?,
        }
        let is_there = self.entries.find_one(doc! { "_id": &source.entry }).await?.is_some();
        if is_there { Ok(None) } else { source.entry.parse().map(Some).map_err(Error::broken) }
    }

    pub(super) async fn repair_sources(&self) -> Result<(), Error> {
        let unfinished: Vec<SourceRecord> = self.sources.find(doc! { "unfinished": true }).await?.try_collect().await?;
        for source in unfinished {
            self.finish_source(source).await?;
        }
        Ok(())
    }
}

/// Whether some of many inserts failed because those records are there already.
pub(super) fn is_insert_race(error: &mongodb::error::Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::InsertMany(failure) => {
            failure.write_errors.iter().flatten().any(|error| error.code == super::DUPLICATE_KEY)
        }
        _ => is_duplicate(error),
    }
}

fn source_record(source: &Source) -> SourceRecord {
    SourceRecord {
        id: source.at.to_string(),
        chat: source.at.chat.get(),
        message: source.at.message,
        entry: source.entry.to_string(),
        document: source.document.0,
        date: source.date,
        album: source.album,
        reply_to: source.reply_to,
        gone: false,
        left: None,
        unfinished: None,
    }
}
