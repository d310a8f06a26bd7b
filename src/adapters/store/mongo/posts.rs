//! Messages and their entries: what ingest writes. The head of this folder says how it stays whole.

use std::collections::{BTreeSet, HashMap, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};
use mongodb::error::ErrorKind;
use mongodb::options::IndexOptions;

use super::{ChannelRecord, EntryRecord, Mongo, SourceRecord, TRIES, contended, index, index_with, is_duplicate};
use crate::adapters::store::document::{self, EntryDocument, Standing, place_to_numbers};
use crate::adapters::store::{Error, search};
use crate::domain::entry::{Entry, EntryId, ReasonKind, Recorded, Source, Status};
use crate::domain::post::PostRef;
use crate::domain::title::TitleId;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let sparse = || IndexOptions::builder().sparse(true).build();
    vec![
        // refresh_entry, sources: the messages of an entry.
        index("sources", "entry", doc! { "entry": 1 }),
        // Showing and hiding a channel walks along this.
        index("sources", "chat_message", doc! { "chat": 1, "message": 1 }),
        // mend
        index_with("sources", "unfinished", doc! { "unfinished": 1 }, sparse()),
        index_with("entries", "unfiled", doc! { "unfiled": 1 }, sparse()),
        // pending, counts
        index("entries", "state_posted", doc! { "visible": 1, "state": 1, "posted": 1, "retry_at": 1 }),
        // refresh_title, entries_of a film
        index("entries", "title_posted", doc! { "title": 1, "visible": 1, "posted": -1 }),
    ]
}

/// Refreshes in flight at once. The driver keeps ten connections.
const AT_ONCE: usize = 8;

impl Mongo {
    pub async fn add_posts(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error> {
        let begun = self.begin();
        let channels = self.channel_records().await?;
        let new = self.add_new(posts, &channels).await?;
        let mut added = Vec::with_capacity(posts.len());
        for ((source, entry), new) in posts.iter().zip(&new) {
            added.push(if *new { Recorded::New } else { self.add_post(source, entry).await? });
        }
        // A channel toggled meanwhile may have been walked through before these were there to be seen.
        let toggles = |channels: &HashMap<i64, ChannelRecord>| {
            channels.values().map(|channel| (channel.chat, channel.toggles)).collect::<BTreeSet<_>>()
        };
        if toggles(&channels) != toggles(&self.channel_records().await?) {
            let entries = posts.iter().map(|(_, entry)| entry.id.to_string());
            self.refresh_entries(entries.collect()).await?;
        }
        begun.done();
        Ok(added)
    }

    /// Inserts the posts whose message and file were never seen, which are nearly all, in two commands. Answers which.
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
        // What comes twice in one batch goes the long way, in its order.
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
                self.wake(&set).await?;
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
            let added = document::arrival(names, entry, newest, known);
            let written = match (&added, stored) {
                (Recorded::Known, _) => true,
                // A volume may stand beside others now.
                (Recorded::AnotherSource, Some(stored)) if stored.volume_of.is_some() => {
                    let mut set = status_fields(&Status::fresh())?;
                    set.insert("revision", stored.revision + 1);
                    self.set_status(&stored, set, None).await?
                }
                (Recorded::AnotherSource, _) => self.raise_revision(&id).await?,
                (Recorded::Changed, Some(stored)) => {
                    let replaced = self.set_status(&stored, replaced(entry, stored.revision)?, None).await?;
                    if let Some(set) = &stored.volume_of {
                        self.wake(set).await?;
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

    pub async fn remove_posts(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error> {
        let begun = self.begin();
        let mut removed = Vec::new();
        for post in posts {
            let at = doc! { "_id": post.to_string() };
            let mark = doc! { "$set": { "gone": true, "unfinished": true } };
            if let Some(source) = self.sources.find_one_and_update(at, mark).await? {
                removed.extend(self.finish_source(source).await?);
            }
        }
        begun.done();
        Ok(removed)
    }

    /// Does what is left to do for a message that was deleted or got another file. Answers entries that are gone.
    async fn finish_source(&self, source: SourceRecord) -> Result<Option<EntryId>, Error> {
        let left = source.left.iter().chain([&source.entry]);
        for entry in left.clone() {
            self.raise_revision(entry).await?;
            let volume = self.entries.find_one(doc! { "_id": entry }).await?;
            if let Some(set) = volume.and_then(|volume| volume.volume_of) {
                // Before the entry goes: afterwards nobody would know the set. Whoever looks at it in between does not
                // see this message any more.
                self.wake(&set).await?;
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

    pub async fn pending(&self, now: i64, limit: u32) -> Result<Vec<Entry>, Error> {
        self.mend().await?;
        let due = doc! { "visible": true, "state": 0, "retry_at": { "$lte": now } };
        let found = self.entries.find(due).sort(doc! { "posted": 1, "retry_at": 1 }).limit(limit.into()).await?;
        found.map_err(Error::from).and_then(|record| async { record.read() }).try_collect().await
    }

    pub async fn settle(&self, entry: EntryId, revision: u32, status: &Status) -> Result<bool, Error> {
        let begun = self.begin();
        let mut status = status.clone();
        if let Status::Matched { title, .. } = &mut status {
            *title = TitleId(self.survivor(title.0).await?);
        }
        let of_revision = doc! { "_id": entry.to_string(), "revision": i64::from(revision) };
        for _ in 0..TRIES {
            let Some(stored) = self.entries.find_one(of_revision.clone()).await? else {
                begun.done();
                return Ok(false);
            };
            let title = Standing::from(&status).title;
            if self.set_status(&stored, status_fields(&status)?, title).await? {
                self.file_titles_of(&stored.id).await?;
                begun.done();
                return Ok(true);
            }
        }
        Err(contended())
    }

    pub async fn retry(&self, only: Option<EntryId>, now: i64) -> Result<u64, Error> {
        let Some(entry) = only else {
            let filter = doc! { "visible": true, "review": true, "state": 0, "retry_at": { "$gt": now } };
            // None of them has a title, so the catalog stays as it is.
            let change = doc! { "$set": status_fields(&Status::fresh())?, "$inc": { "version": 1 } };
            return Ok(self.entries.update_many(filter, change).await?.modified_count);
        };
        let waits = doc! { "state": 0, "retry_at": { "$gt": now } };
        let filter = doc! { "_id": entry.to_string(), "$or": [{ "state": { "$in": [2, 4] } }, waits] };
        for _ in 0..TRIES {
            let Some(stored) = self.entries.find_one(filter.clone()).await? else { return Ok(0) };
            let status: Status = document::from_text(&stored.status)?;
            let Some(status) = status.tried_again() else { return Ok(0) };
            if self.set_status(&stored, status_fields(&status)?, None).await? {
                return Ok(1);
            }
        }
        Err(contended())
    }

    pub async fn ignore(&self, entry: EntryId) -> Result<bool, Error> {
        let begun = self.begin();
        let visible = doc! { "_id": entry.to_string(), "visible": true };
        for _ in 0..TRIES {
            let stored = self.entries.find_one(visible.clone()).await?;
            let status = match &stored {
                Some(stored) => document::from_text::<Status>(&stored.status)?.ignored(),
                None => None,
            };
            let (Some(stored), Some(status)) = (stored, status) else {
                begun.done();
                return Ok(false);
            };
            let mut set = status_fields(&status)?;
            // A match that is being looked for comes too late.
            set.insert("revision", stored.revision + 1);
            if self.set_status(&stored, set, None).await? {
                self.file_titles_of(&stored.id).await?;
                begun.done();
                return Ok(true);
            }
        }
        Err(contended())
    }

    /// Writes a status and notes the titles that it leaves and enters. False: somebody changed the entry meanwhile.
    pub(super) async fn set_status(
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

    /// Refreshes the titles that an entry's last statuses left and entered.
    pub(super) async fn file_titles_of(&self, entry: &str) -> Result<(), Error> {
        let Some(stored) = self.entries.find_one(doc! { "_id": entry }).await? else { return Ok(()) };
        if stored.unfiled.is_empty() {
            return Ok(());
        }
        for title in &stored.unfiled {
            self.refresh_title(*title).await?;
        }
        // Whoever changed it meanwhile clears the list after them.
        let filter = doc! { "_id": entry, "version": stored.version };
        self.entries.update_one(filter, doc! { "$unset": { "unfiled": "" } }).await?;
        Ok(())
    }

    /// False when there is no such entry.
    async fn raise_revision(&self, entry: &str) -> Result<bool, Error> {
        let change = doc! { "$inc": { "revision": 1, "version": 1 } };
        Ok(self.entries.update_one(doc! { "_id": entry }, change).await?.matched_count == 1)
    }

    /// Works out anew which of these entries are visible and since when, removes those that no message carries any more,
    /// and refreshes their titles. Answers how many entries are there.
    pub(super) async fn refresh_entries(&self, entries: Vec<String>) -> Result<usize, Error> {
        let ids = entries.clone();
        let refreshed = self.refresh_each(entries).await?;
        let there = refreshed.iter().filter(|entry| entry.there && entry.gone_at_version.is_none()).count();
        if refreshed.iter().any(|entry| entry.may_be_volume) {
            // Entries made of volumes are nobody's volume: this ends here.
            let made = self.made_of(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
            self.refresh_each(made).await?;
        }
        Ok(there)
    }

    async fn refresh_each(&self, entries: Vec<String>) -> Result<Vec<Refreshed>, Error> {
        let refreshed: Vec<Refreshed> =
            stream::iter(entries).map(|entry| self.refresh_entry(entry)).buffered(AT_ONCE).try_collect().await?;
        let titles: BTreeSet<i64> = refreshed.iter().flat_map(|entry| entry.titles.iter().copied()).collect();
        stream::iter(titles)
            .map(|title| self.refresh_title(title))
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;
        for entry in refreshed.iter().filter(|entry| entry.has_unfiled) {
            self.file_titles_of(&entry.id).await?;
        }
        for entry in &refreshed {
            if let Some(version) = entry.gone_at_version {
                // Its title no longer counts it; now it may go, unless it got a message again.
                self.entries.delete_one(doc! { "_id": &entry.id, "version": version }).await?;
            }
        }
        Ok(refreshed)
    }

    async fn refresh_entry(&self, id: String) -> Result<Refreshed, Error> {
        let mut woken = false;
        for _ in 0..TRIES {
            let Some(stored) = self.entries.find_one(doc! { "_id": &id }).await? else {
                return Ok(Refreshed { id, may_be_volume: true, ..Refreshed::default() });
            };
            let parts = if stored.parts.is_empty() { vec![id.clone()] } else { stored.parts.clone() };
            let sources = self.sources_of_all(&parts).await?;
            let channels = self.channel_records().await?;
            let active = |source: &SourceRecord| channels.get(&source.chat).is_some_and(|channel| channel.active);
            // Of each part: whether a message carries it, and the newest that can be seen.
            let of_parts: Vec<(bool, Option<i64>)> = parts
                .iter()
                .map(|part| {
                    let carried = sources.iter().filter(|source| source.entry == *part);
                    let seen = carried.clone().filter(|source| active(source));
                    (carried.count() > 0, seen.map(|source| document::moment(source.date, source.message)).max())
                })
                .collect();
            let is_carried = !stored.withdrawn && of_parts.iter().all(|(is_carried, _)| *is_carried);
            let newest: Option<Vec<i64>> = of_parts.iter().map(|(_, newest)| *newest).collect();
            let posted = newest.filter(|_| is_carried).and_then(|newest| newest.into_iter().max());
            if let Some(set) = stored.volume_of.as_ref().filter(|_| !woken && stored.visible != posted.is_some()) {
                self.wake(set).await?;
                // That changed this one, too.
                woken = true;
                continue;
            }
            // An entry that is hidden keeps its date.
            let set = doc! { "visible": posted.is_some(), "posted": posted.unwrap_or(stored.posted) };
            let filter = doc! { "_id": &id, "version": stored.version };
            let change = doc! { "$set": set, "$inc": { "version": 1 } };
            if self.entries.update_one(filter, change).await?.matched_count == 1 {
                return Ok(Refreshed {
                    id,
                    there: true,
                    titles: stored.title.into_iter().chain(stored.unfiled.iter().copied()).collect(),
                    has_unfiled: !stored.unfiled.is_empty(),
                    gone_at_version: (!is_carried).then_some(stored.version + 1),
                    may_be_volume: stored.volume_of.is_some(),
                });
            }
        }
        Err(contended())
    }

    async fn sources_of(&self, entry: &str) -> Result<Vec<SourceRecord>, Error> {
        self.sources_of_all(&[entry.to_owned()]).await
    }

    pub(super) async fn sources_of_all(&self, entries: &[String]) -> Result<Vec<SourceRecord>, Error> {
        let of = match entries {
            // Not the same to MongoDB: looking one value up costs it half of what a list of one value does.
            [entry] => doc! { "entry": entry },
            _ => doc! { "entry": { "$in": entries } },
        };
        let sources: Vec<SourceRecord> = self.sources.find(of).await?.try_collect().await?;
        Ok(sources.into_iter().filter(|source| !source.gone).collect())
    }

    pub(super) async fn mend_sources(&self) -> Result<(), Error> {
        let unfinished: Vec<SourceRecord> = self.sources.find(doc! { "unfinished": true }).await?.try_collect().await?;
        for source in unfinished {
            self.finish_source(source).await?;
        }
        Ok(())
    }

    pub(super) async fn mend_entries(&self) -> Result<(), Error> {
        let entries = self.entries.clone_with_type::<Document>();
        let unfiled = entries.find(doc! { "unfiled": { "$exists": true } }).projection(doc! { "_id": 1 });
        let unfiled: Vec<Document> = unfiled.await?.try_collect().await?;
        for entry in unfiled {
            self.file_titles_of(entry.get_str("_id").map_err(Error::broken)?).await?;
        }
        Ok(())
    }
}

/// What came of refreshing an entry.
#[derive(Default)]
struct Refreshed {
    id: String,
    there: bool,
    /// To be refreshed too.
    titles: BTreeSet<i64>,
    has_unfiled: bool,
    /// Others may be made of it.
    may_be_volume: bool,
    /// Set when no message carries it any more.
    gone_at_version: Option<i64>,
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
        gone: false,
        left: None,
        unfinished: None,
    }
}

/// An entry never seen before. `posted`: see [`document::moment`].
pub(super) fn entry_record(entry: &Entry, posted: i64, visible: bool) -> Result<EntryRecord, Error> {
    let status = Status::fresh();
    let standing = Standing::from(&status);
    Ok(EntryRecord {
        id: entry.id.to_string(),
        version: 1,
        revision: document::first_revision()?.into(),
        state: standing.state as i32,
        retry_at: standing.retry_at,
        title: None,
        places: Vec::new(),
        unmatched: standing.unmatched,
        review: standing.review,
        why: standing.why.map(|why| why.word().to_owned()),
        visible,
        posted,
        status: document::to_text(&status)?,
        words: words(entry),
        document: document::entry_to_text(entry)?,
        unfiled: Vec::new(),
        volume_of: document::set_of(&entry.name),
        parts: Vec::new(),
        withdrawn: false,
    })
}

/// What puts an entry as it is known now in the place of what was stored, to be matched anew.
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

/// All that a status is written in, but for the title.
pub(super) fn status_fields(status: &Status) -> Result<Document, Error> {
    let standing = Standing::from(status);
    let places = match status {
        Status::Matched { parts, .. } => parts.as_slice(),
        _ => &[],
    };
    let places: Vec<Bson> = places
        .iter()
        .map(|place| {
            let (season, number) = place_to_numbers(*place);
            Bson::String(format!("{season}/{number}"))
        })
        .collect();
    Ok(doc! {
        "state": standing.state as i32,
        "retry_at": standing.retry_at,
        "unmatched": standing.unmatched,
        "review": standing.review,
        "why": standing.why.map(ReasonKind::word),
        "places": places,
        "status": document::to_text(status)?,
    })
}
