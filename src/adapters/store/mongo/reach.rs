//! What somebody sees who sees some channels only. Two questions for a hundred titles or entries, whatever the size of the catalog.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::TryStreamExt;
use mongodb::bson::{Document, doc};

use super::records::EntryRecord;
use super::{Mongo, number};
use crate::adapters::store::Error;
use crate::domain::catalog::Reach;

/// An entry's number and the volumes that it is made of, or itself.
struct Carried {
    id: String,
    carriers: Vec<String>,
}

impl Mongo {
    /// Those of these titles that have an entry which is seen.
    pub(super) async fn titles_seen(&self, titles: &[i64], reach: &Reach) -> Result<BTreeSet<i64>, Error> {
        if *reach == Reach::All {
            return Ok(titles.iter().copied().collect());
        }
        let records = self.entries.clone_with_type::<Document>();
        let visible = doc! { "title": { "$in": titles }, "visible": true };
        let mut found = records.find(visible).projection(doc! { "title": 1, "parts": 1 }).await?;
        let (mut entries, mut title_of) = (Vec::new(), BTreeMap::new());
        while let Some(record) = found.try_next().await? {
            let id = record.get_str("_id").map_err(Error::broken)?.to_owned();
            let parts = record.get_array("parts").map(|parts| parts.iter().filter_map(|part| part.as_str()));
            let carriers = parts.map_or_else(|_| vec![id.clone()], |parts| parts.map(str::to_owned).collect());
            title_of.insert(id.clone(), number(&record, "title")?);
            entries.push(Carried { id, carriers });
        }
        let seen = self.carried_in(&entries, reach).await?;
        Ok(seen.iter().filter_map(|id| title_of.get(id).copied()).collect())
    }

    /// Those of these entries that are seen, in their order.
    pub(super) async fn entries_seen(&self, found: Vec<EntryRecord>, reach: &Reach) -> Result<Vec<EntryRecord>, Error> {
        if *reach == Reach::All {
            return Ok(found);
        }
        let carried = |record: &EntryRecord| Carried {
            id: record.id.clone(),
            carriers: if record.parts.is_empty() { vec![record.id.clone()] } else { record.parts.clone() },
        };
        let entries: Vec<Carried> = found.iter().map(carried).collect();
        let seen = self.carried_in(&entries, reach).await?;
        Ok(found.into_iter().filter(|record| seen.contains(&record.id)).collect())
    }

    /// Those of which each carrier has a message in a channel that is watched and in reach.
    async fn carried_in(&self, entries: &[Carried], reach: &Reach) -> Result<BTreeSet<String>, Error> {
        let channels = self.channel_records().await?;
        let in_reach = |chat: i64| {
            channels.get(&chat).is_some_and(|channel| channel.active)
                && chat.try_into().is_ok_and(|chat| reach.holds(chat))
        };
        let carriers: Vec<String> = entries.iter().flat_map(|entry| entry.carriers.iter().cloned()).collect();
        let sources = self.sources_of_all(&carriers).await?;
        let there: BTreeSet<&String> =
            sources.iter().filter(|source| in_reach(source.chat)).map(|source| &source.entry).collect();
        let is_seen = |entry: &&Carried| entry.carriers.iter().all(|carrier| there.contains(carrier));
        Ok(entries.iter().filter(is_seen).map(|entry| entry.id.clone()).collect())
    }
}
