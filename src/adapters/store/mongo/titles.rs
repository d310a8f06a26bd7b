//! Titles, and where each is filed in the catalog.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::catalog::places_of;
use super::records::{EntryRecord, TitleRecord};
use super::{Mongo, TRIES, contended, index, index_with, is_duplicate, number};
use crate::adapters::store::titles::{MERGED_IN_A_RING, MOST_MERGES, TitlesBackend};
use crate::adapters::store::{Error, document, search};
use crate::domain::catalog::{self, Held};
use crate::domain::entry::Status;
use crate::domain::post::ChatId;
use crate::domain::title::{Kind, MetaId, Title, TitleId};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let unique = |field: &str| {
        let there = doc! { field: { "$exists": true } };
        IndexOptions::builder().unique(true).partial_filter_expression(there).build()
    };
    vec![
        // find, record
        index_with("titles", "imdb", doc! { "imdb": 1 }, unique("imdb")),
        index_with("titles", "kind_tmdb", doc! { "kind": 1, "tmdb": 1 }, unique("tmdb")),
        // refresh_title, entries_of a film
        index("entries", "title_posted", doc! { "title": 1, "visible": 1, "posted": -1 }),
        // repair
        index_with("titles", "unfinished", doc! { "unfinished": 1 }, IndexOptions::builder().sparse(true).build()),
    ]
}

impl TitlesBackend for Mongo {
    async fn record(&self, title: &Title) -> Result<TitleId, Error> {
        let write = self.begin_write();
        if let Some(collection) = &title.collection {
            self.remember_collection(collection).await?;
        }
        let imdb = title.ids.imdb.map(|id| id.to_string());
        let tmdb = title.ids.tmdb.map(|id| tmdb_to_number(id.0)).transpose()?;
        for _ in 0..TRIES {
            let by_imdb = match &imdb {
                Some(imdb) => self.titles.find_one(doc! { "imdb": imdb }).await?,
                None => None,
            };
            let by_tmdb = match tmdb {
                Some(tmdb) => self.titles.find_one(doc! { "kind": title.kind.as_str(), "tmdb": tmdb }).await?,
                None => None,
            };
            if let (Some(survivor), Some(other)) = (&by_imdb, &by_tmdb)
                && survivor.id != other.id
            {
                self.resolve_conflict(survivor.id, other).await?;
                continue;
            }
            let written = match by_imdb.or(by_tmdb) {
                Some(stored) => self.update_title(&stored, title).await?,
                None => self.insert_title(title).await?,
            };
            if let Some(id) = written {
                write.done();
                return Ok(TitleId(id));
            }
        }
        Err(contended())
    }

    async fn get(&self, id: TitleId) -> Result<Option<Title>, Error> {
        let id = self.survivor(id.0).await?;
        let Some(stored) = self.titles.find_one(doc! { "_id": id }).await? else { return Ok(None) };
        document::title_from_texts(&stored.document, &self.episodes_of(id).await?).map(Some)
    }

    async fn without_episodes(&self, ids: &[TitleId]) -> Result<Vec<Title>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let asked: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut found = BTreeMap::new();
        let mut records = self.titles.find(doc! { "_id": { "$in": asked } }).await?;
        while let Some(record) = records.try_next().await? {
            found.insert(record.id, document::title_from_text(&record.document)?);
        }
        Ok(ids.iter().filter_map(|id| found.remove(&id.0)).collect())
    }

    async fn find(&self, kind: Kind, id: MetaId) -> Result<Option<(TitleId, Title)>, Error> {
        let filter = match id {
            MetaId::Imdb(imdb) => doc! { "kind": kind.as_str(), "imdb": imdb.to_string() },
            MetaId::Tmdb(tmdb) => doc! { "kind": kind.as_str(), "tmdb": tmdb_to_number(tmdb.0)? },
        };
        let Some(stored) = self.titles.find_one(filter).await? else { return Ok(None) };
        let title = document::title_from_texts(&stored.document, &self.episodes_of(stored.id).await?)?;
        Ok(Some((TitleId(stored.id), title)))
    }
}

impl Mongo {
    /// `None`: somebody else was first.
    async fn insert_title(&self, title: &Title) -> Result<Option<i64>, Error> {
        let id = self.next("titles").await?;
        let (text, episodes) = document::title_to_texts(title)?;
        self.put_episodes(id, &episodes).await?;
        let record = TitleRecord {
            id,
            version: 1,
            kind: title.kind.as_str().to_owned(),
            imdb: title.ids.imdb.map(|id| id.to_string()),
            tmdb: title.ids.tmdb.map(|id| tmdb_to_number(id.0)).transpose()?,
            merged_into: None,
            latest: None,
            names: search::names(title),
            popularity: popularity(title),
            document: text,
        };
        match self.titles.insert_one(record).await {
            Ok(_) => Ok(Some(id)),
            Err(error) if is_duplicate(&error) => {
                self.episodes.delete_one(doc! { "_id": id }).await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// `None`: somebody else changed it, or took one of its ids, meanwhile.
    async fn update_title(&self, stored: &TitleRecord, title: &Title) -> Result<Option<i64>, Error> {
        let mut title = title.clone();
        // A provider that knows one id only must not make the title forget the other.
        let before = document::title_from_text(&stored.document)?;
        title.ids.imdb = title.ids.imdb.or(before.ids.imdb);
        if title.kind == before.kind {
            title.ids.tmdb = title.ids.tmdb.or(before.ids.tmdb);
        }
        let (text, episodes) = document::title_to_texts(&title)?;
        if self.episodes_of(stored.id).await? != episodes {
            self.put_episodes(stored.id, &episodes).await?;
        }
        if stored.document == text {
            return Ok(Some(stored.id));
        }
        let mut set = doc! {
            "kind": title.kind.as_str(),
            "names": search::names(&title),
            "popularity": popularity(&title),
            "document": text,
        };
        let mut unset = Document::new();
        match title.ids.imdb {
            Some(imdb) => set.insert("imdb", imdb.to_string()),
            None => unset.insert("imdb", ""),
        };
        match title.ids.tmdb {
            Some(tmdb) => set.insert("tmdb", tmdb_to_number(tmdb.0)?),
            None => unset.insert("tmdb", ""),
        };
        if stored.latest.is_some() {
            let (held, names) = (self.held(stored.id).await?, search::names(&title));
            self.learn(&names).await?;
            set.extend(filing(&title, &held));
            set.insert("tokens", search::title_tokens(&names));
        }
        let mut change = doc! { "$set": set, "$inc": { "version": 1 } };
        if !unset.is_empty() {
            change.insert("$unset", unset);
        }
        let filter = doc! { "_id": stored.id, "version": stored.version };
        match self.titles.update_one(filter, change).await {
            Ok(done) => Ok((done.matched_count == 1).then_some(stored.id)),
            Err(error) if is_duplicate(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Settles that two records claim one title's ids. When `other` has no other id the two are one title: what is filed under
    /// it moves to `survivor`, and its record stays as a redirect for whoever still holds its number. Otherwise the provider
    /// has corrected itself, and `other` only loses its TMDB id.
    async fn resolve_conflict(&self, survivor: i64, other: &TitleRecord) -> Result<(), Error> {
        let mut title = document::title_from_text(&other.document)?;
        title.ids.tmdb = None;
        let (text, _) = document::title_to_texts(&title)?;
        let mut set = doc! { "document": text };
        let is_one = title.ids.imdb.is_none();
        if is_one {
            set.extend(doc! { "merged_into": survivor, "unfinished": true });
        }
        let filter = doc! { "_id": other.id, "version": other.version };
        let change = doc! { "$set": set, "$unset": { "tmdb": "" }, "$inc": { "version": 1 } };
        let parted = self.titles.update_one(filter, change).await?.matched_count == 1;
        if parted && is_one { self.finish_merge(other.id).await } else { Ok(()) }
    }

    async fn finish_merge(&self, other: i64) -> Result<(), Error> {
        // Moves its entries, since it is merged.
        self.refresh_title(other).await?;
        self.titles.update_one(doc! { "_id": other }, doc! { "$unset": { "unfinished": "" } }).await?;
        Ok(())
    }

    pub(super) async fn repair_titles(&self) -> Result<(), Error> {
        let unfinished: Vec<TitleRecord> = self.titles.find(doc! { "unfinished": true }).await?.try_collect().await?;
        for title in unfinished {
            self.finish_merge(title.id).await?;
        }
        Ok(())
    }

    /// The title that an id stands for now.
    pub(super) async fn survivor(&self, id: i64) -> Result<i64, Error> {
        let mut id = id;
        for _ in 0..MOST_MERGES {
            let title = self.titles.find_one(doc! { "_id": id }).await?;
            match title.and_then(|title| title.merged_into) {
                Some(next) => id = next,
                None => return Ok(id),
            }
        }
        Err(Error::broken(MERGED_IN_A_RING))
    }

    /// Files a title in the catalog anew: filed under each of its keys and findable by name while it has a
    /// visible entry, nowhere otherwise. The one place where that is decided.
    pub(super) async fn refresh_title(&self, id: i64) -> Result<(), Error> {
        for _ in 0..TRIES {
            let Some(stored) = self.titles.find_one(doc! { "_id": id }).await? else { return Ok(()) };
            if let Some(survivor) = stored.merged_into {
                self.move_entries(id, survivor).await?;
            }
            let held = self.held(id).await?;
            let mut change = doc! { "$inc": { "version": 1 } };
            if held.latest().is_some() {
                let title = document::title_from_text(&stored.document)?;
                let mut set = filing(&title, &held);
                if stored.latest.is_none() {
                    self.learn(&stored.names).await?;
                    set.insert("tokens", search::title_tokens(&stored.names));
                }
                change.insert("$set", set);
            } else if stored.latest.is_some() {
                let unset = doc! { "latest": "", "cat": "", "rating": "", "episode": "", "tokens": "" };
                change.insert("$unset", unset);
            }
            let filter = doc! { "_id": id, "version": stored.version };
            if self.titles.update_one(filter, change).await?.matched_count == 1 {
                return Ok(());
            }
        }
        Err(contended())
    }

    /// What is here of a title. Reads all its visible files.
    pub(super) async fn held(&self, title: i64) -> Result<Held, Error> {
        let entries = self.entries.clone_with_type::<Document>();
        let files = entries.find(doc! { "title": title, "visible": true });
        let files = files.projection(doc! { "posted": 1, "places": 1, "parts": 1, "document": 1, "probe": 1 }).await?;
        let files: Vec<Document> = files.try_collect().await?;
        let (mut held, mut carriers) = (Held::default(), Vec::new());
        for file in &files {
            let languages = document::languages(file.get_str("document").map_err(Error::broken)?)?;
            let languages = document::spoken(languages, file.get_str("probe").ok());
            held.add_file(number(file, "posted")?, languages, places_of(file)?);
            let parts = file.get_array("parts").map_or(&[][..], Vec::as_slice);
            let parts: Vec<String> = parts.iter().filter_map(|part| part.as_str().map(str::to_owned)).collect();
            match parts.is_empty() {
                true => carriers.push(file.get_str("_id").map_err(Error::broken)?.to_owned()),
                false => carriers.extend(parts),
            }
        }
        let channels = self.channel_records().await?;
        for source in self.sources_of_all(&carriers).await? {
            if channels.get(&source.chat).is_some_and(|channel| channel.active) {
                held.add_channel(ChatId::try_from(source.chat).map_err(Error::broken)?);
            }
        }
        Ok(held)
    }

    /// The step from schema 11, which filed no title by its files' languages and channels or by its newest episode.
    /// Goes on where it was left.
    pub(super) async fn file_all_anew(&self) -> Result<(), Error> {
        // Every title that was filed since then has its newest episode, if only as null.
        let unfiled = doc! { "latest": { "$exists": true }, "episode": { "$exists": false } };
        let mut after = i64::MIN;
        loop {
            let titles = self.next_titles(&unfiled, doc! { "_id": 1 }, after).await?;
            let Some(last) = titles.last() else { return Ok(()) };
            after = number(last, "_id")?;
            for title in &titles {
                self.refresh_title(number(title, "_id")?).await?;
            }
        }
    }

    /// Some titles behind one, in the order of their numbers: a walk through all of them that no cursor has to outlive. A server
    /// forgets one that was not read from for ten minutes.
    pub(super) async fn next_titles(
        &self,
        which: &Document,
        fields: Document,
        after: i64,
    ) -> Result<Vec<Document>, Error> {
        const AT_ONCE: i64 = 500;
        let mut filter = which.clone();
        filter.insert("_id", doc! { "$gt": after });
        let titles = self.titles.clone_with_type::<Document>();
        let found = titles.find(filter).projection(fields).sort(doc! { "_id": 1 }).limit(AT_ONCE);
        Ok(found.await?.try_collect().await?)
    }

    async fn move_entries(&self, from: i64, to: i64) -> Result<(), Error> {
        self.move_subtitles(from, to).await?;
        for _ in 0..TRIES {
            let entries: Vec<EntryRecord> = self.entries.find(doc! { "title": from }).await?.try_collect().await?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                let mut status: Status = document::from_text(&entry.status)?;
                if let Status::Matched { title, .. } = &mut status {
                    *title = TitleId(to);
                }
                let set = doc! { "title": to, "status": document::to_text(&status)? };
                let filter = doc! { "_id": &entry.id, "version": entry.version };
                self.entries.update_one(filter, doc! { "$set": set, "$inc": { "version": 1 } }).await?;
            }
        }
        // Boxed: a title's refresh may move entries, and then refreshes the title that they moved to.
        Box::pin(self.refresh_title(to)).await
    }

    pub(super) async fn put_episodes(&self, id: i64, episodes: &str) -> Result<(), Error> {
        let set = doc! { "$set": { "text": episodes } };
        self.episodes.update_one(doc! { "_id": id }, set).upsert(true).await?;
        Ok(())
    }

    pub(super) async fn episodes_of(&self, id: i64) -> Result<String, Error> {
        let record = self.episodes.find_one(doc! { "_id": id }).await?;
        Ok(record.and_then(|record| record.get_str("text").map(str::to_owned).ok()).unwrap_or("[]".to_owned()))
    }
}

pub(super) fn tmdb_to_number(tmdb: u64) -> Result<i64, Error> {
    i64::try_from(tmdb).map_err(Error::broken)
}

pub(super) fn popularity(title: &Title) -> i64 {
    i64::try_from(title.popularity).unwrap_or(i64::MAX)
}

/// The fields that a title has while it is in the catalog, but for the tokens of its names.
pub(super) fn filing(title: &Title, held: &Held) -> Document {
    doc! {
        "cat": catalog::keys(title, held),
        "latest": held.latest(),
        "rating": title.rating.map_or(-1, i64::from),
        "episode": held.newest_part(),
    }
}
