//! The questions that front ends ask: a catalog page, a title, its streams, its subtitles (`subtitles`), the review list.

mod subtitles;

use std::collections::BTreeSet;

use crate::adapters::metadata::anime::{self, AnimeList};
use crate::adapters::store::Store;
use crate::domain::anime::{Anime, asked_episode};
use crate::domain::catalog::{Counts, Order, PAGE, Query, Reach, Shelf};
use crate::domain::collection::{Collection, CollectionId};
use crate::domain::discs;
use crate::domain::entry::{Entry, EntryId, SeriesPart, Source, Status};
use crate::domain::file::Volume;
use crate::domain::foreign_id::ForeignContent;
use crate::domain::list::{List, ListId, Listed};
use crate::domain::person::Person;
use crate::domain::post::ChatId;
use crate::domain::review::{ReviewPage, ReviewQuery};
use crate::domain::title::{Kind, MetaId, Title, TitleId};
use crate::flows::DatabaseError;
use crate::protocols::stremio::Shown;

pub use subtitles::Choice;

/// Each is a row of an index that is read.
const MOST_COUNTED: u32 = 100_000;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Library {
    store: Store,
    reach: Reach,
    viewer: u32,
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
        Self { store, reach: Reach::All, viewer: 0, anime: AnimeList::none() }
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
        Ok(Self { reach: self.store.reach_of(person).await?, viewer: person.id.0, ..self.clone() })
    }

    pub async fn page(&self, query: &Query) -> Result<Vec<Title>, DatabaseError> {
        let query = Query { viewer: self.viewer, ..query.clone() };
        Ok(self.store.catalog().page_in(&query, &self.reach).await?)
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

    /// Collections of which two films are here at least, by name.
    pub async fn collections(&self, skip: u32) -> Result<Vec<Collection>, DatabaseError> {
        Ok(self.store.collections().page(&self.reach, skip, PAGE).await?)
    }

    pub async fn has_collections(&self) -> Result<bool, DatabaseError> {
        Ok(!self.store.collections().page(&self.reach, 0, 1).await?.is_empty())
    }

    /// A collection and its films that are here, as they came out, at most [`PAGE`]. `None` when there are none.
    pub async fn collection(&self, id: CollectionId) -> Result<Option<(Collection, Vec<Title>)>, DatabaseError> {
        let Some(collection) = self.store.collections().get(id).await? else { return Ok(None) };
        let query = Query { shelf: Some(Shelf::Collection(id)), ..Query::all(Kind::Movie, Order::Newest) };
        let mut films = self.page(&query).await?;
        films.sort_by(|a, b| (a.year, &a.released, &a.name).cmp(&(b.year, &b.released, &b.name)));
        Ok((!films.is_empty()).then_some((collection, films)))
    }

    /// The lists made by hand that somebody sees, each with the kinds of which a title in it is here for them.
    pub async fn lists(&self, person: &Person) -> Result<Vec<(List, Vec<Kind>)>, DatabaseError> {
        let lists: Vec<List> = self.store.lists().all().await?.into_iter().filter(|list| list.is_for(person)).collect();
        let rows = lists.iter().enumerate().flat_map(|(at, list)| {
            [Kind::Movie, Kind::Series].map(|kind| (at, kind, list.titles_of(kind).collect::<Vec<Listed>>()))
        });
        let with_titles = self.rows_with_titles(rows.collect()).await?;
        let kinds_of = |at| with_titles.iter().filter(|row| row.0 == at).map(|row| row.1).collect();
        let kinds: Vec<Vec<Kind>> = (0..lists.len()).map(kinds_of).collect();
        Ok(lists.into_iter().zip(kinds).collect())
    }

    /// The rows of which a title is here. All rows are asked about at once, in few questions: their first titles, then ever more of
    /// those that lack one. Of most the first titles tell.
    async fn rows_with_titles(
        &self,
        mut rows: Vec<(usize, Kind, Vec<Listed>)>,
    ) -> Result<BTreeSet<(usize, Kind)>, DatabaseError> {
        let (mut with_titles, mut asked, mut more) = (BTreeSet::new(), 0, 8);
        loop {
            rows.retain(|(at, kind, titles)| titles.len() > asked && !with_titles.contains(&(*at, *kind)));
            if rows.is_empty() {
                return Ok(with_titles);
            }
            let next: Vec<Listed> =
                rows.iter().flat_map(|(.., titles)| titles.iter().skip(asked).take(more)).copied().collect();
            let here = self.store.catalog().here(&next, &self.reach).await?;
            let has_title =
                |titles: &[Listed]| titles.iter().skip(asked).take(more).any(|title| here.contains_key(title));
            with_titles.extend(rows.iter().filter(|row| has_title(&row.2)).map(|(at, kind, _)| (*at, *kind)));
            asked += more;
            more *= 4;
        }
    }

    /// Which catalogs are shown in Stremio, and in which order.
    pub async fn shown_catalogs(&self) -> Result<Shown, DatabaseError> {
        Ok(self.store.shown_catalogs().await?)
    }

    /// A page of the titles of a list that are here, of one kind and in the list's order. Empty when the list is not for them.
    pub async fn listed(&self, list: ListId, person: &Person, query: &Query) -> Result<Vec<Title>, DatabaseError> {
        let list = self.store.lists().get(list).await?.filter(|list| list.is_for(person));
        match list {
            Some(list) => self.titles_of(&list, query).await,
            None => Ok(Vec::new()),
        }
    }

    async fn titles_of(&self, list: &List, query: &Query) -> Result<Vec<Title>, DatabaseError> {
        let titles: Vec<Listed> = list.titles_of(query.kind).collect();
        let here = self.store.catalog().here(&titles, &self.reach).await?;
        // One that got another id since may stand there under both.
        let mut met = BTreeSet::new();
        let in_order = titles.iter().filter_map(|title| here.get(title).copied()).filter(|title| met.insert(*title));
        let page: Vec<TitleId> = in_order.skip(query.skip as usize).take(query.limit as usize).collect();
        Ok(self.store.titles().without_episodes(&page).await?)
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
        match self.foreign_title(asked).await? {
            Some((key, episode)) => self.streams_of(key, episode).await,
            None => Ok(Vec::new()),
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

    /// The title and the episode of it that another site's id means here.
    async fn foreign_title(
        &self,
        asked: &ForeignContent,
    ) -> Result<Option<(TitleId, Option<(u16, u16)>)>, DatabaseError> {
        let seasons = self.anime.find(asked.id);
        let Some((key, title)) = self.first_here(&seasons).await? else { return Ok(None) };
        Ok(match title.kind {
            Kind::Movie => Some((key, None)),
            Kind::Series => {
                asked_episode(&seasons, asked.part, &title, self.anime.listed_by()).map(|episode| (key, Some(episode)))
            }
        })
    }

    async fn streams_of(&self, title: TitleId, episode: Option<(u16, u16)>) -> Result<Vec<Entry>, DatabaseError> {
        Ok(discs::best_first(self.store.catalog().entries_in(title, episode, &self.reach).await?))
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

    /// The watched channels that can be seen, by name. One that Telegram has not named yet has no shelf.
    pub async fn channels(&self) -> Result<Vec<(String, ChatId)>, DatabaseError> {
        let mut channels = self.store.channels().all().await?;
        channels.retain(|channel| channel.active && !channel.title.is_empty() && self.reach.holds(channel.chat));
        let mut named: Vec<(String, ChatId)> =
            channels.into_iter().map(|channel| (channel.title, channel.chat)).collect();
        named.sort();
        // Of channels of one name each has to be chosen by its own.
        let names: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
        for (at, (name, _)) in named.iter_mut().enumerate() {
            let before = names[..at].iter().filter(|known| *known == name).count();
            if before > 0 {
                *name = format!("{name} ({})", before + 1);
            }
        }
        Ok(named)
    }

    /// Films that wait to be looked into. Counted up to 100,000.
    pub async fn unprobed(&self) -> Result<u64, DatabaseError> {
        Ok(self.store.probes().count_due(media::VERSION, MOST_COUNTED).await?)
    }

    pub async fn counts(&self) -> Result<Counts, DatabaseError> {
        Ok(self.store.catalog().counts().await?)
    }
}
