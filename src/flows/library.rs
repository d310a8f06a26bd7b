//! The questions that front ends ask: a catalog page, a title, its streams, the review list.

use std::cmp::Reverse;

use crate::adapters::metadata::anime::{self, AnimeList};
use crate::adapters::store::Store;
use crate::domain::anime::{Anime, asked_episode};
use crate::domain::catalog::{Counts, PAGE, Query, Reach};
use crate::domain::discs;
use crate::domain::entry::{Entry, EntryId, SeriesPart, Source, Status};
use crate::domain::file::Volume;
use crate::domain::foreign_id::{ForeignContent, ForeignPart};
use crate::domain::person::Person;
use crate::domain::review::{ReviewPage, ReviewQuery};
use crate::domain::title::{Kind, MetaId, Title, TitleId};
use crate::flows::DatabaseError;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Library {
    store: Store,
    reach: Reach,
    /// What other sites' ids stand for.
    anime: AnimeList,
}

/// A title with what is here of it.
#[derive(Clone, Debug)]
pub struct Opened {
    pub title: Title,
    /// Empty for films.
    pub parts: Vec<SeriesPart>,
}

impl Library {
    pub fn new(store: Store) -> Self {
        Self { store, reach: Reach::All, anime: AnimeList::none() }
    }

    pub fn with_anime(self, anime: AnimeList) -> Self {
        Self { anime, ..self }
    }

    /// Whether other sites' ids are understood.
    pub fn knows_other_sites(&self) -> bool {
        self.anime.is_on()
    }

    /// How the list stands that says what they stand for.
    pub fn anime_list(&self) -> anime::State {
        self.anime.state()
    }

    /// The library as somebody sees it now. What the program counts and what needs a hand stays whole.
    pub async fn seen_by(&self, person: &Person) -> Result<Self, DatabaseError> {
        Ok(Self { reach: self.store.reach_of(person).await?, ..self.clone() })
    }

    pub async fn page(&self, query: &Query) -> Result<Vec<Title>, DatabaseError> {
        Ok(self.store.catalog().page_in(query, &self.reach).await?)
    }

    /// Titles by name, best first, of the query's kind, genre and year; its order does not count.
    pub async fn search(&self, text: &str, query: &Query) -> Result<Vec<Title>, DatabaseError> {
        if query.genre.is_none() && query.year.is_none() {
            let catalog = self.store.catalog();
            return Ok(catalog.search_in(query.kind, text, &self.reach, query.skip, query.limit).await?);
        }
        // Names have an index of their own, so what they find is narrowed here. A search finds far fewer titles than a
        // catalog holds, and Stremio never asks for both at once.
        let (mut found, mut asked) = (Vec::new(), 0);
        let wanted = query.skip.saturating_add(query.limit) as usize;
        while found.len() < wanted {
            let page = self.store.catalog().search_in(query.kind, text, &self.reach, asked, PAGE).await?;
            asked += page.len() as u32;
            let is_last = page.len() < PAGE as usize;
            found.extend(page.into_iter().filter(|title| query.narrows_to(title)));
            if is_last {
                break;
            }
        }
        Ok(found.into_iter().skip(query.skip as usize).take(query.limit as usize).collect())
    }

    /// Playable files without a title, newest first.
    pub async fn unmatched(&self, search: Option<&str>, skip: u32) -> Result<Vec<Entry>, DatabaseError> {
        Ok(self.store.catalog().unmatched_in(search, &self.reach, skip, PAGE).await?)
    }

    pub async fn title(&self, kind: Kind, id: MetaId) -> Result<Option<Opened>, DatabaseError> {
        let Some((key, title)) = self.store.titles().find(kind, id).await? else {
            return Ok(None);
        };
        let parts = match kind {
            Kind::Movie => Vec::new(),
            Kind::Series => self.store.catalog().parts_in(key, &self.reach).await?,
        };
        // Whoever sees everything may look at a title whose files are gone.
        let is_there = self.reach == Reach::All
            || !parts.is_empty()
            || !self.store.catalog().entries_in(key, None, &self.reach).await?.is_empty();
        Ok(is_there.then_some(Opened { title, parts }))
    }

    /// The files of a film or of one episode, best first; samples and trailers last. Empty when the title is not here.
    pub async fn streams(
        &self,
        kind: Kind,
        id: MetaId,
        episode: Option<(u16, u16)>,
    ) -> Result<Vec<Entry>, DatabaseError> {
        match self.store.titles().find(kind, id).await? {
            Some((key, _)) => self.streams_of(key, episode).await,
            None => Ok(Vec::new()),
        }
    }

    /// The same by another site's id. Empty when nobody knows what it stands for, too.
    pub async fn foreign_streams(&self, asked: &ForeignContent) -> Result<Vec<Entry>, DatabaseError> {
        let seasons = self.anime.find(asked.id);
        let Some((key, title)) = self.first_here(&seasons).await? else { return Ok(Vec::new()) };
        match (title.kind, asked.part) {
            (Kind::Movie, _) | (Kind::Series, ForeignPart::Whole) => self.streams_of(key, None).await,
            (Kind::Series, part) => match asked_episode(&seasons, part, &title, self.anime.listed_by()) {
                Some(episode) => self.streams_of(key, Some(episode)).await,
                None => Ok(Vec::new()),
            },
        }
    }

    /// The first title of this library that one of them is.
    async fn first_here(&self, seasons: &[Anime]) -> Result<Option<(TitleId, Title)>, DatabaseError> {
        for anime in seasons {
            for id in anime.meta_ids() {
                if let Some(found) = self.store.titles().find(anime.kind, id).await? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    async fn streams_of(&self, title: TitleId, episode: Option<(u16, u16)>) -> Result<Vec<Entry>, DatabaseError> {
        let mut entries = self.store.catalog().entries_in(title, episode, &self.reach).await?;
        entries.sort_by_cached_key(|entry| {
            (entry.release.extra.is_some(), Reverse(release_name::rank(&entry.release, entry.file.len())))
        });
        Ok(discs::in_order(entries))
    }

    /// An entry that can be seen now; hidden ones (their channel was removed, or a volume's) are not found.
    pub async fn entry(&self, id: EntryId) -> Result<Option<Entry>, DatabaseError> {
        let Some(entry) = self.store.entries().get(id).await? else {
            return Ok(None);
        };
        let sources = self.sources(id).await?;
        let is_here = |volume: &Volume| sources.iter().any(|source| source.document == volume.document);
        Ok(entry.file.volumes().iter().all(is_here).then_some(entry))
    }

    /// A page of the review list, with all that is shown of it.
    pub async fn review(&self, query: &ReviewQuery) -> Result<ReviewPage, DatabaseError> {
        Ok(self.store.review().page(query).await?)
    }

    /// The title that a file found.
    pub async fn title_of(&self, entry: &Entry) -> Result<Option<Title>, DatabaseError> {
        match entry.status {
            Status::Matched { title, .. } => Ok(self.store.titles().get(title).await?),
            _ => Ok(None),
        }
    }

    /// The posts in watched channels that carry an entry's file, newest first.
    pub async fn sources(&self, id: EntryId) -> Result<Vec<Source>, DatabaseError> {
        let mut sources = self.store.entries().sources(id).await?;
        sources.retain(|source| self.reach.holds(source.at.chat));
        Ok(sources)
    }

    pub async fn counts(&self) -> Result<Counts, DatabaseError> {
        Ok(self.store.catalog().counts().await?)
    }
}
