//! The catalog. A title has all its keys ([`crate::domain::catalog::keys`]) in `cat`, so one index serves every filter: "newest
//! comedies of 1994" is one run of `cat_latest`, under the key `m|g:Comedy|y:1994`.

use std::collections::{BTreeSet, HashMap, HashSet};

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Bson, Document, doc};

use super::records::EntryRecord;
use super::titles::tmdb_to_number;
use super::words::any;
use super::{Mongo, index, number};
use crate::adapters::store::Error;
use crate::adapters::store::catalog::CatalogBackend;
use crate::adapters::store::document::{LACKS_TITLE, PACK, part_from_numbers, title_from_text};
use crate::adapters::store::page_ends::RowKey;
use crate::adapters::store::search::{
    self, CANDIDATES, Candidate, Found, HOLDING, LOOKED_AT, NEAR, Needle, Plan, typed_words,
};
use crate::adapters::store::titles::TitlesBackend;
use crate::domain::catalog::{Counts, Order, PAGE, Query, Reach, Shelf};
use crate::domain::entry::{Entry, ReasonKind, SeriesPart};
use crate::domain::list::Listed;
use crate::domain::title::{Kind, MetaId, Title, TitleId};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        // page
        index("titles", "cat_latest", doc! { "cat": 1, "latest": -1, "_id": -1 }),
        index("titles", "cat_rating", doc! { "cat": 1, "rating": -1, "latest": -1, "_id": -1 }),
        index("titles", "cat_popularity", doc! { "cat": 1, "popularity": -1, "latest": -1, "_id": -1 }),
        index("titles", "cat_episode", doc! { "cat": 1, "episode": -1, "_id": -1 }),
        // entries_of an episode
        index("entries", "title_places", doc! { "title": 1, "places": 1 }),
        // unmatched
        index("entries", "unmatched", doc! { "visible": 1, "unmatched": 1, "posted": -1, "_id": -1 }),
    ]
}

impl CatalogBackend for Mongo {
    async fn page(&self, query: &Query, reach: &Reach) -> Result<Vec<Title>, Error> {
        let (mut after, mut count_off) = self.page_ends.start(query, reach).await;
        let limit = query.limit.min(PAGE) as usize;
        if *reach == Reach::All {
            let rows = self.rows(query, after, count_off, limit).await?;
            return self.page_of(query, reach, rows).await;
        }
        let mut seen: Vec<Row> = Vec::new();
        while seen.len() < limit {
            let rows = self.rows(query, after, 0, PAGE as usize).await?;
            let Some(last) = rows.last() else { break };
            after = last.0;
            let titles: Vec<i64> = rows.iter().map(|(key, _)| key.title).collect();
            let of_reach = self.titles_seen(&titles, reach).await?;
            for row in rows.into_iter().filter(|(key, _)| of_reach.contains(&key.title)) {
                match count_off {
                    0 => seen.push(row),
                    _ => count_off -= 1,
                }
            }
        }
        seen.truncate(limit);
        self.page_of(query, reach, seen).await
    }

    async fn search(
        &self,
        (kind, text): (Kind, &str),
        reach: &Reach,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Title>, Error> {
        let Some(needle) = Needle::new(text) else { return Ok(Vec::new()) };
        let mut found = Found::new(&needle);
        found.add(self.candidates(kind, &needle.whole(), reach).await?, false);
        let mut typed = needle.words();
        for word in &mut typed {
            if let Some(asked) = word.asked_holding() {
                word.take_holding(self.words_with(&asked, HOLDING).await?);
            }
        }
        if let Some(plan) = search::as_typed(&typed) {
            found.add(self.candidates(kind, &plan, reach).await?, false);
        }
        if !found.is_answered() {
            for word in &mut typed {
                if let Some(asked) = word.asked_near() {
                    word.take_near(self.words_with(&asked, NEAR).await?);
                }
            }
            for plan in search::mistyped(&typed) {
                if !found.is_answered() {
                    found.add(self.candidates(kind, &plan, reach).await?, true);
                }
            }
        }
        let page: Vec<TitleId> = found.best_first().skip(skip as usize).take(limit as usize).map(TitleId).collect();
        self.without_episodes(&page).await
    }

    async fn entries_of(
        &self,
        title: TitleId,
        episode: Option<(u16, u16)>,
        reach: &Reach,
    ) -> Result<Vec<Entry>, Error> {
        let mut filter = doc! { "title": self.survivor(title.0).await?, "visible": true };
        if let Some((season, number)) = episode {
            filter.insert("places", doc! { "$in": [format!("{season}/{number}"), format!("{season}/{PACK}")] });
        }
        let found = self.entries.find(filter).await?.try_collect().await?;
        self.entries_seen(found, reach).await?.into_iter().map(EntryRecord::read).collect()
    }

    async fn parts_of(&self, title: TitleId, reach: &Reach) -> Result<Vec<SeriesPart>, Error> {
        let filter = doc! { "title": self.survivor(title.0).await?, "visible": true };
        let all: Vec<Vec<SeriesPart>> = match reach {
            Reach::All => {
                let records = self.entries.clone_with_type::<Document>();
                let found = records.find(filter).projection(doc! { "places": 1 }).await?;
                let found: Vec<Document> = found.try_collect().await?;
                found.iter().map(places_of).collect::<Result<_, _>>()?
            }
            Reach::Only(_) => {
                let found = self.entries.find(filter).await?.try_collect().await?;
                let seen = self.entries_seen(found, reach).await?;
                let parts =
                    seen.iter().map(|record| record.places.iter().map(|place| part_from_place(place)).collect());
                parts.collect::<Result<_, _>>()?
            }
        };
        let parts: BTreeSet<SeriesPart> = all.into_iter().flatten().collect();
        Ok(parts.into_iter().collect())
    }

    async fn unmatched(&self, search: Option<&str>, reach: &Reach, skip: u32, limit: u32) -> Result<Vec<Entry>, Error> {
        let why = LACKS_TITLE.map(ReasonKind::word).to_vec();
        let is_film = vec![doc! { "volume_of": null }, doc! { "why": { "$in": why } }];
        let mut filter = doc! { "visible": true, "unmatched": true, "$or": is_film };
        filter.extend(holding(search.unwrap_or_default()));
        if *reach == Reach::All {
            let found = self.newest(filter, skip, limit).await?;
            return found.into_iter().map(EntryRecord::read).collect();
        }
        let (mut seen, mut asked) = (Vec::new(), 0);
        let wanted = skip.saturating_add(limit) as usize;
        while seen.len() < wanted {
            let found = self.newest(filter.clone(), asked, PAGE).await?;
            let is_last = found.len() < PAGE as usize;
            seen.extend(self.entries_seen(found, reach).await?);
            if is_last {
                break;
            }
            asked += PAGE;
        }
        seen.into_iter().skip(skip as usize).take(limit as usize).map(EntryRecord::read).collect()
    }

    async fn here(&self, titles: &[Listed], reach: &Reach) -> Result<HashMap<Listed, TitleId>, Error> {
        let channels = channels_of(reach);
        if channels.as_ref().is_some_and(Vec::is_empty) {
            return Ok(HashMap::new());
        }
        let asked: HashSet<Listed> = titles.iter().copied().collect();
        let (mut imdb, mut tmdb): (Vec<String>, Vec<i64>) = (Vec::new(), Vec::new());
        for title in titles {
            match title.id {
                MetaId::Imdb(id) => imdb.push(id.to_string()),
                MetaId::Tmdb(id) => tmdb.push(tmdb_to_number(id.0)?),
            }
        }
        let kinds = [Kind::Movie, Kind::Series].map(Kind::as_str).to_vec();
        let by_id = [
            (!imdb.is_empty()).then(|| doc! { "imdb": { "$in": imdb } }),
            (!tmdb.is_empty()).then(|| doc! { "kind": { "$in": kinds }, "tmdb": { "$in": tmdb } }),
        ];
        let mut here = HashMap::new();
        for mut filter in by_id.into_iter().flatten() {
            filter.insert("latest", doc! { "$exists": true });
            if let Some(channels) = &channels {
                filter.insert("cat", doc! { "$in": channels });
            }
            let records = self.titles.clone_with_type::<Document>();
            let mut found = records.find(filter).projection(doc! { "kind": 1, "imdb": 1, "tmdb": 1 }).await?;
            while let Some(record) = found.try_next().await? {
                let title = number(&record, "_id")?;
                let listed = listed_as(&record);
                here.extend(listed.filter(|listed| asked.contains(listed)).map(|listed| (listed, TitleId(title))));
            }
        }
        let found: Vec<i64> = here.values().map(|title| title.0).collect();
        let seen = self.titles_seen(&found, reach).await?;
        here.retain(|_, title| seen.contains(&title.0));
        Ok(here)
    }

    async fn behind(&self, after: Option<TitleId>, limit: u32, reach: &Reach) -> Result<Vec<(TitleId, Title)>, Error> {
        let records = self.titles.clone_with_type::<Document>();
        let (mut after, mut page) = (after.map_or(i64::MIN, |after| after.0), Vec::new());
        while page.len() < limit as usize {
            let filter = doc! { "_id": { "$gt": after }, "latest": { "$exists": true } };
            let found = records.find(filter).sort(doc! { "_id": 1 }).limit(limit.into());
            let found: Vec<Document> = found.projection(doc! { "document": 1 }).await?.try_collect().await?;
            let ids = found.iter().map(|record| number(record, "_id")).collect::<Result<Vec<i64>, _>>()?;
            let Some(last) = ids.last() else { break };
            after = *last;
            let seen = self.titles_seen(&ids, reach).await?;
            for (id, record) in ids.iter().zip(&found).filter(|(id, _)| seen.contains(id)) {
                let text = record.get_str("document").map_err(Error::broken)?;
                page.push((TitleId(*id), title_from_text(text)?));
            }
        }
        page.truncate(limit as usize);
        Ok(page)
    }

    async fn counts(&self) -> Result<Counts, Error> {
        let entries = |filter| self.entries.count_documents(filter);
        Ok(Counts {
            movies: self.titles.count_documents(doc! { "cat": "m" }).await?,
            series: self.titles.count_documents(doc! { "cat": "s" }).await?,
            files: entries(doc! { "visible": true, "state": { "$lt": 3 } }).await?,
            pending: entries(doc! { "visible": true, "state": 0 }).await?,
            review: entries(doc! { "visible": true, "state": 2 }).await?,
        })
    }
}

/// A title's place in an order, and its document.
type Row = (RowKey, String);

impl Mongo {
    /// Rows of a query behind a key, in order, when so many of them were counted off.
    async fn rows(&self, query: &Query, after: RowKey, count_off: u32, limit: usize) -> Result<Vec<Row>, Error> {
        let records = self.titles.clone_with_type::<Document>();
        let mut rows = Vec::new();
        let mut count_off = u64::from(count_off);
        for behind in behind(query.order, after) {
            let room = limit as i64 - rows.len() as i64;
            if room <= 0 {
                break;
            }
            let mut filter = doc! { "cat": query.key() };
            filter.extend(behind);
            let (rank, moment) = sorted_by(query.order);
            let by = rank.into_iter().chain([moment, "_id"]);
            let sort: Document = by.map(|field| (field.to_owned(), Bson::Int32(-1))).collect();
            let shown = doc! { rank.unwrap_or("rating"): 1, moment: 1, "document": 1 };
            let found = records.find(filter).sort(sort).projection(shown);
            let mut found = found.skip(std::mem::take(&mut count_off)).limit(room).await?;
            while let Some(record) = found.try_next().await? {
                let key = RowKey {
                    rating: rank.map_or(Ok(0), |rank| number(&record, rank))?,
                    latest: number(&record, moment)?,
                    title: number(&record, "_id")?,
                };
                rows.push((key, record.get_str("document").map_err(Error::broken)?.to_owned()));
            }
        }
        Ok(rows)
    }

    /// The titles of a page, whose end is remembered.
    async fn page_of(&self, query: &Query, reach: &Reach, rows: Vec<Row>) -> Result<Vec<Title>, Error> {
        if let Some((last, _)) = rows.last() {
            self.page_ends.remember(query, reach, rows.len(), *last).await;
        }
        rows.iter().map(|(_, document)| title_from_text(document)).collect()
    }

    /// Titles with the tokens of a plan, best known first, of those that are seen.
    async fn candidates(&self, kind: Kind, plan: &Plan, reach: &Reach) -> Result<Vec<Candidate<i64>>, Error> {
        let words: Vec<Bson> = plan.iter().map(|spellings| any(spellings).into()).collect();
        let filter = doc! { "kind": kind.as_str(), "$and": words };
        let (order, fields) = (doc! { "popularity": -1, "_id": -1 }, doc! { "names": 1, "popularity": 1 });
        let records = self.titles.clone_with_type::<Document>();
        let found: Vec<Document> = match channels_of(reach) {
            None => {
                let found = records.find(filter).projection(fields).sort(order).limit(CANDIDATES.into());
                found.await?.try_collect().await?
            }
            Some(channels) if channels.is_empty() => Vec::new(),
            Some(channels) => {
                let stages = [
                    doc! { "$match": filter },
                    doc! { "$sort": order },
                    doc! { "$limit": i64::from(LOOKED_AT) },
                    doc! { "$match": { "cat": { "$in": channels } } },
                    doc! { "$limit": i64::from(CANDIDATES) },
                    doc! { "$project": fields },
                ];
                self.titles.aggregate(stages).await?.try_collect().await?
            }
        };
        let read = |record: Document| {
            let names = record.get_str("names").map_err(Error::broken)?.to_owned();
            Ok(Candidate { title: number(&record, "_id")?, popularity: number(&record, "popularity")?, names })
        };
        let mut candidates: Vec<Candidate<i64>> = found.into_iter().map(read).collect::<Result<_, Error>>()?;
        let titles: Vec<i64> = candidates.iter().map(|candidate| candidate.title).collect();
        let seen = self.titles_seen(&titles, reach).await?;
        candidates.retain(|candidate| seen.contains(&candidate.title));
        Ok(candidates)
    }

    pub(super) async fn newest(&self, filter: Document, skip: u32, limit: u32) -> Result<Vec<EntryRecord>, Error> {
        if limit == 0 {
            // To MongoDB, 0 means all.
            return Ok(Vec::new());
        }
        let found = self.entries.find(filter).sort(doc! { "posted": -1, "_id": -1 });
        Ok(found.skip(skip.into()).limit(limit.into()).await?.try_collect().await?)
    }
}

/// The keys of the channels that somebody sees who sees some only: a title has those of all channels that a part of it lies in, so
/// one without any is not seen. One with some may be: each volume of a file has to be there.
fn channels_of(reach: &Reach) -> Option<Vec<String>> {
    let Reach::Only(chats) = reach else { return None };
    let keys = |kind: Kind| chats.iter().map(move |chat| Shelf::Channel(*chat).key(kind));
    Some([Kind::Movie, Kind::Series].into_iter().flat_map(keys).collect())
}

/// What lists may have a title as.
fn listed_as(record: &Document) -> impl Iterator<Item = Listed> {
    let kind: Option<Kind> = record.get_str("kind").ok().and_then(|kind| kind.parse().ok());
    let imdb = record.get_str("imdb").ok().map(str::to_owned);
    let tmdb = number(record, "tmdb").ok().map(|tmdb| format!("tmdb:{tmdb}"));
    let ids = [imdb, tmdb].into_iter().flatten().filter_map(|id| id.parse().ok());
    ids.filter_map(move |id| Some(Listed { kind: kind?, id }))
}

/// Finds entries with every word in their names or captions. It reads through whatever else is asked for: seldom more than
/// hundreds, as the rest has found its title.
pub(super) fn holding(text: &str) -> Document {
    let words: Vec<Bson> =
        typed_words(text).iter().map(|word| doc! { "words": { "$regex": regex::escape(word) } }.into()).collect();
    if words.is_empty() {
        Document::new()
    } else {
        doc! { "$and": words }
    }
}

/// Filters that together are all rows behind a key, in order. Each is one run of its index; one filter with `$or` would
/// read every row that shares the key's first part.
fn behind(order: Order, after: RowKey) -> Vec<Document> {
    let (rank, moment) = sorted_by(order);
    if after == RowKey::START {
        // A series of whose files none says which episode it is has no newest one.
        return vec![doc! { moment: { "$lte": i64::MAX } }];
    }
    let RowKey { rating, latest, title } = after;
    match rank {
        None => vec![doc! { moment: latest, "_id": { "$lt": title } }, doc! { moment: { "$lt": latest } }],
        Some(rank) => vec![
            doc! { rank: rating, moment: latest, "_id": { "$lt": title } },
            doc! { rank: rating, moment: { "$lt": latest } },
            doc! { rank: { "$lt": rating } },
        ],
    }
}

/// The fields of an order: what it ranks by, if it does, and the moment behind that. The title's number comes last.
fn sorted_by(order: Order) -> (Option<&'static str>, &'static str) {
    match order {
        Order::Newest => (None, "latest"),
        Order::Rating => (Some("rating"), "latest"),
        Order::Popularity => (Some("popularity"), "latest"),
        Order::NewEpisodes => (None, "episode"),
    }
}

/// The parts of a series that an entry's record names.
pub(super) fn places_of(record: &Document) -> Result<Vec<SeriesPart>, Error> {
    let places = record.get_array("places").map_err(Error::broken)?;
    places.iter().filter_map(Bson::as_str).map(part_from_place).collect()
}

/// `season/number`.
fn part_from_place(place: &str) -> Result<SeriesPart, Error> {
    let numbers = place.split_once('/');
    let numbers = numbers.and_then(|(season, number)| Some((season.parse().ok()?, number.parse().ok()?)));
    let (season, number) = numbers.ok_or_else(|| Error::broken(format!("{place} is not a place")))?;
    part_from_numbers(season, number)
}
