//! The catalog: titles that have a visible entry, and these entries.
//!
//! Each question about them is also asked for somebody who sees some channels only ([`Reach`]): an entry is there for them when each
//! of its volumes has a message in one of these. That is looked at as rows are read, in the order of the catalog's own index, so a
//! page costs as many looks as there are titles up to its end that they do not see.

use std::collections::HashMap;

use super::Error;
use super::face::{ask, face};
use crate::domain::catalog::{Counts, Query, Reach};
use crate::domain::entry::{Entry, SeriesPart};
use crate::domain::list::Listed;
use crate::domain::title::{Kind, Title, TitleId};

face! {
    /// What can be watched.
    Catalog / CatalogBackend {
        async fn counts(&self) -> Result<Counts, Error>;

        /// Those of these titles that have an entry which is seen, each with its number. Few questions, however many they are.
        async fn here(&self, titles: &[Listed], reach: &Reach) -> Result<HashMap<Listed, TitleId>, Error>;

        /// Titles that have an entry which is seen, in the order of their numbers from behind `after` on, without their episodes; none when
        /// there are no more. For walks over everything: nothing that is posted meanwhile moves a title.
        async fn behind(
            &self,
            after: Option<TitleId>,
            limit: u32,
            reach: &Reach
        ) -> Result<Vec<(TitleId, Title)>, Error>;
    }
    by_hand {
        async fn page(&self, query: &Query, reach: &Reach) -> Result<Vec<Title>, Error>;
        async fn search(&self, what: (Kind, &str), reach: &Reach, skip: u32, limit: u32) -> Result<Vec<Title>, Error>;
        async fn entries_of(
            &self,
            title: TitleId,
            episode: Option<(u16, u16)>,
            reach: &Reach
        ) -> Result<Vec<Entry>, Error>;
        async fn parts_of(&self, title: TitleId, reach: &Reach) -> Result<Vec<SeriesPart>, Error>;
        async fn unmatched(
            &self,
            search: Option<&str>,
            reach: &Reach,
            skip: u32,
            limit: u32
        ) -> Result<Vec<Entry>, Error>;
    }
}

impl Catalog {
    /// One page of titles that have a visible entry, without their episodes. Costs the same at ten titles and at ten
    /// million, also far down (`skip` is remembered as a key to go on from).
    pub async fn page(&self, query: &Query) -> Result<Vec<Title>, Error> {
        self.page_in(query, &Reach::All).await
    }

    pub async fn page_in(&self, query: &Query, reach: &Reach) -> Result<Vec<Title>, Error> {
        ask!(self, CatalogBackend::page(query, reach))
    }

    /// Titles that have a visible entry by name, without their episodes: translated names, part words and a typo
    /// included; best first.
    pub async fn search(&self, kind: Kind, text: &str, skip: u32, limit: u32) -> Result<Vec<Title>, Error> {
        self.search_in(kind, text, &Reach::All, skip, limit).await
    }

    pub async fn search_in(
        &self,
        kind: Kind,
        text: &str,
        reach: &Reach,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Title>, Error> {
        ask!(self, CatalogBackend::search((kind, text), reach, skip, limit))
    }

    /// Visible entries of a title, unordered: a film's all, or those holding the episode (its season's packs included).
    pub async fn entries_of(&self, title: TitleId, episode: Option<(u16, u16)>) -> Result<Vec<Entry>, Error> {
        self.entries_in(title, episode, &Reach::All).await
    }

    pub async fn entries_in(
        &self,
        title: TitleId,
        episode: Option<(u16, u16)>,
        reach: &Reach,
    ) -> Result<Vec<Entry>, Error> {
        ask!(self, CatalogBackend::entries_of(title, episode, reach))
    }

    /// Which episodes and packs of a series have a visible entry.
    pub async fn parts_of(&self, title: TitleId) -> Result<Vec<SeriesPart>, Error> {
        self.parts_in(title, &Reach::All).await
    }

    pub async fn parts_in(&self, title: TitleId, reach: &Reach) -> Result<Vec<SeriesPart>, Error> {
        ask!(self, CatalogBackend::parts_of(title, reach))
    }

    /// Visible entries that are not matched but playable (videos), newest first; `search` looks into names and captions.
    pub async fn unmatched(&self, search: Option<&str>, skip: u32, limit: u32) -> Result<Vec<Entry>, Error> {
        self.unmatched_in(search, &Reach::All, skip, limit).await
    }

    pub async fn unmatched_in(
        &self,
        search: Option<&str>,
        reach: &Reach,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Entry>, Error> {
        ask!(self, CatalogBackend::unmatched(search, reach, skip, limit))
    }
}
