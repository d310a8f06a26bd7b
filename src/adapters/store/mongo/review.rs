//! The review list, and the step that gives older records the field that it is filtered by.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::catalog::holding;
use super::records::{EntryRecord, SourceRecord};
use super::{Mongo, index, index_with};
use crate::adapters::store::Error;
use crate::adapters::store::document::from_text;
use crate::adapters::store::review::ReviewBackend;
use crate::domain::entry::{Reason, ReasonKind, Status};
use crate::domain::post::{ChatId, PostRef};
use crate::domain::review::{ReviewPage, ReviewPart, ReviewQuery};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let ignored = IndexOptions::builder().partial_filter_expression(doc! { "state": 4 }).build();
    vec![
        index_with("entries", "ignored", doc! { "visible": 1, "state": 1, "posted": -1, "_id": -1 }, ignored),
        index("entries", "review", doc! { "visible": 1, "review": 1, "posted": -1, "_id": -1 }),
        index("entries", "review_why", doc! { "visible": 1, "review": 1, "why": 1, "posted": -1, "_id": -1 }),
    ]
}

/// Entries whose channels are asked for together.
const AT_ONCE: usize = 500;

impl ReviewBackend for Mongo {
    async fn page(&self, query: &ReviewQuery) -> Result<ReviewPage, Error> {
        let mut filter = part(query.part);
        filter.extend(holding(&query.text));
        if let Some(channel) = query.channel {
            filter.insert("_id", doc! { "$in": self.standing_in(channel, filter.clone()).await? });
        }
        let found = self.newest(filter.clone(), query.skip, query.limit).await?;
        let posts = self.newest_posts(&found).await?;
        let count = |filter| self.entries.count_documents(filter);
        let mut kinds = Vec::new();
        for kind in ReasonKind::ALL {
            let rows = count(part(ReviewPart::Because(kind))).await?;
            if rows > 0 {
                kinds.push((kind, rows));
            }
        }
        let rows = found.into_iter().zip(posts).map(|(record, post)| Ok((record.read()?, post)));
        Ok(ReviewPage {
            rows: rows.collect::<Result<_, Error>>()?,
            total: count(filter).await?,
            kinds,
            ignored: count(part(ReviewPart::Ignored)).await?,
        })
    }
}

impl Mongo {
    /// Of the entries that a filter finds, those that a message of a channel carries. Reads through them: a part of the list is seldom
    /// more than hundreds.
    async fn standing_in(&self, channel: ChatId, filter: Document) -> Result<Vec<String>, Error> {
        let found: Vec<EntryRecord> = self.entries.find(filter).await?.try_collect().await?;
        let mut standing = Vec::new();
        for some in found.chunks(AT_ONCE) {
            let carried_by: Vec<&String> = some.iter().flat_map(carriers).collect();
            let here = doc! { "entry": { "$in": carried_by }, "chat": channel.get() };
            let sources: Vec<SourceRecord> = self.sources.find(here).await?.try_collect().await?;
            let here: HashSet<String> =
                sources.into_iter().filter(|source| !source.gone).map(|source| source.entry).collect();
            let is_here = |record: &&EntryRecord| carriers(record).any(|carrier| here.contains(carrier));
            standing.extend(some.iter().filter(is_here).map(|record| record.id.clone()));
        }
        Ok(standing)
    }

    /// The newest post in an active channel of each entry or of the volumes that it is made of; in the order of `found`.
    async fn newest_posts(&self, found: &[EntryRecord]) -> Result<Vec<Option<PostRef>>, Error> {
        let wanted: Vec<String> = found.iter().flat_map(carriers).cloned().collect();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let channels = self.channel_records().await?;
        let mut newest: HashMap<String, SourceRecord> = HashMap::new();
        let rank = |source: &SourceRecord| (source.date, source.chat, source.message);
        for source in self.sources_of_all(&wanted).await? {
            let is_active = channels.get(&source.chat).is_some_and(|channel| channel.active);
            let is_newer = newest.get(&source.entry).is_none_or(|known| rank(known) < rank(&source));
            if is_active && is_newer {
                newest.insert(source.entry.clone(), source);
            }
        }
        let of = |record: &EntryRecord| {
            let sources = carriers(record).filter_map(|part| newest.get(part));
            sources.max_by_key(|source| rank(source)).map(|source| {
                let chat = ChatId::try_from(source.chat).map_err(Error::broken)?;
                Ok(PostRef { chat, message: source.message })
            })
        };
        found.iter().map(|record| of(record).transpose()).collect()
    }

    /// Of schema 3, which kept no kinds of reasons.
    pub(super) async fn find_reasons(&self) -> Result<(), Error> {
        let mut listed = self.entries.find(doc! { "review": true, "why": null }).await?;
        while let Some(stored) = listed.try_next().await? {
            let status: Status = from_text(&stored.status)?;
            let why = status.reason().map(Reason::kind).map(ReasonKind::word);
            // Whoever changes the status meanwhile says so themselves.
            let unchanged = doc! { "_id": &stored.id, "status": &stored.status };
            self.entries.update_one(unchanged, doc! { "$set": { "why": why } }).await?;
        }
        Ok(())
    }
}

/// Whose messages carry an entry: its own, or those of the volumes that it is made of.
fn carriers(record: &EntryRecord) -> impl Iterator<Item = &String> {
    let own = record.parts.is_empty().then_some(&record.id);
    own.into_iter().chain(&record.parts)
}

fn part(part: ReviewPart) -> Document {
    match part {
        ReviewPart::All => doc! { "visible": true, "review": true },
        ReviewPart::Because(kind) => doc! { "visible": true, "review": true, "why": kind.word() },
        ReviewPart::Ignored => doc! { "visible": true, "state": 4 },
    }
}
