//! Refreshes what follows from an entry's messages and their channels (whether it is visible, and since when), and from its status
//! for its titles. Whoever changes one of these calls it. The head of this folder says how writes stay whole.

use std::collections::BTreeSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::records::SourceRecord;
use super::{Mongo, TRIES, contended, index_with};
use crate::adapters::store::{Error, document};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    // repair
    vec![index_with("entries", "unfiled", doc! { "unfiled": 1 }, IndexOptions::builder().sparse(true).build())]
}

/// Refreshes in flight at once. The driver keeps ten connections.
const AT_ONCE: usize = 8;

impl Mongo {
    /// Works out anew which of these entries are visible and since when, removes those that no message carries any more,
    /// and refreshes their titles. Returns how many of them are still there.
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
                // Its title no longer counts it, so it can be removed, unless it got a message again.
                let gone = self.entries.delete_one(doc! { "_id": &entry.id, "version": version }).await?;
                if gone.deleted_count == 1 {
                    self.forget_key_frames(&entry.id).await?;
                }
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
                self.reopen_set(set).await?;
                // That changed this one as well.
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

    pub(super) async fn sources_of(&self, entry: &str) -> Result<Vec<SourceRecord>, Error> {
        self.sources_of_all(&[entry.to_owned()]).await
    }

    pub(super) async fn sources_of_all(&self, entries: &[String]) -> Result<Vec<SourceRecord>, Error> {
        let of = match entries {
            // For MongoDB looking up one value costs half of what a list of one value does.
            [entry] => doc! { "entry": entry },
            _ => doc! { "entry": { "$in": entries } },
        };
        let sources: Vec<SourceRecord> = self.sources.find(of).await?.try_collect().await?;
        Ok(sources.into_iter().filter(|source| !source.gone).collect())
    }

    pub(super) async fn repair_entries(&self) -> Result<(), Error> {
        let entries = self.entries.clone_with_type::<Document>();
        let unfiled = entries.find(doc! { "unfiled": { "$exists": true } }).projection(doc! { "_id": 1 });
        let unfiled: Vec<Document> = unfiled.await?.try_collect().await?;
        for entry in unfiled {
            self.file_titles_of(entry.get_str("_id").map_err(Error::broken)?).await?;
        }
        Ok(())
    }
}

/// The result of refreshing an entry.
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
