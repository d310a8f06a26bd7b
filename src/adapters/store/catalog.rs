//! The catalog: titles that have a visible entry, and these entries.

use super::Error;
use super::face::face;
use crate::domain::catalog::{Counts, Query};
use crate::domain::entry::{Entry, SeriesPart};
use crate::domain::title::{Kind, Title, TitleId};

face! {
    /// What can be watched.
    Catalog / CatalogBackend {
        /// One page of titles that have a visible entry, without their episodes. Costs the same at ten titles and at ten
        /// million, also far down (`skip` is remembered as a key to go on from).
        async fn page(&self, query: &Query) -> Result<Vec<Title>, Error>;

        /// Titles that have a visible entry by name, without their episodes: translated names, part words and a typo
        /// included; best first.
        async fn search(&self, kind: Kind, text: &str, skip: u32, limit: u32) -> Result<Vec<Title>, Error>;

        /// Visible entries of a title, unordered: a film's all, or those holding the episode (its season's packs included).
        async fn entries_of(&self, title: TitleId, episode: Option<(u16, u16)>) -> Result<Vec<Entry>, Error>;

        /// Which episodes and packs of a series have a visible entry.
        async fn parts_of(&self, title: TitleId) -> Result<Vec<SeriesPart>, Error>;

        /// Visible entries that are not matched but playable (videos), newest first; `search` looks into names and captions.
        async fn unmatched(&self, search: Option<&str>, skip: u32, limit: u32) -> Result<Vec<Entry>, Error>;

        async fn counts(&self) -> Result<Counts, Error>;
    }
}
