//! Floor 3: the questions that front ends ask: a catalog page, a title, its streams, the review list.

use crate::domain::catalog::{PAGE, Query};
use crate::domain::entry::{Entry, EntryId, Place};
use crate::domain::title::{Kind, MetaId, Title};
use crate::store::{self, Counts, Store};

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Library {
    store: Store,
}

/// A title opened: what the provider says, and which of its episodes are here.
#[derive(Clone, Debug)]
pub struct Opened {
    pub title: Title,
    /// Empty for films.
    pub places: Vec<Place>,
}

impl Library {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    pub async fn page(&self, query: &Query) -> Result<Vec<Title>, store::Error> {
        self.store.page(query).await
    }

    pub async fn search(&self, kind: Kind, text: &str, skip: u32) -> Result<Vec<Title>, store::Error> {
        self.store.search(kind, text, skip, PAGE).await
    }

    /// Playable files without a title, newest first.
    pub async fn unmatched(&self, search: Option<&str>, skip: u32) -> Result<Vec<Entry>, store::Error> {
        self.store.unmatched(search, skip, PAGE).await
    }

    pub async fn title(&self, kind: Kind, id: MetaId) -> Result<Option<Opened>, store::Error> {
        let Some((key, title)) = self.store.find_title(kind, id).await? else {
            return Ok(None);
        };
        let places = match kind {
            Kind::Movie => Vec::new(),
            Kind::Series => self.store.places_of(key).await?,
        };
        Ok(Some(Opened { title, places }))
    }

    /// The files of a film or of one episode, best first. Empty when the title is not here.
    pub async fn streams(
        &self,
        kind: Kind,
        id: MetaId,
        episode: Option<(u16, u16)>,
    ) -> Result<Vec<Entry>, store::Error> {
        let Some((key, _)) = self.store.find_title(kind, id).await? else {
            return Ok(Vec::new());
        };
        let mut entries = self.store.entries_of(key, episode).await?;
        entries.sort_by_cached_key(|entry| {
            std::cmp::Reverse(crate::domain::release::rank(&entry.release, entry.file.len()))
        });
        Ok(entries)
    }

    /// An entry that can be seen now; hidden ones (their channel was removed) are not found.
    pub async fn entry(&self, id: EntryId) -> Result<Option<Entry>, store::Error> {
        let Some(entry) = self.store.entry(id).await? else {
            return Ok(None);
        };
        Ok((!self.store.sources(id).await?.is_empty()).then_some(entry))
    }

    pub async fn review(&self, skip: u32) -> Result<Vec<Entry>, store::Error> {
        self.store.review(skip, PAGE).await
    }

    pub async fn counts(&self) -> Result<Counts, store::Error> {
        self.store.counts().await
    }
}
