//! Titles, as providers know them.

use super::Error;
use super::face::face;
use crate::domain::title::{Kind, MetaId, Title, TitleId};

/// Merges go to titles with an IMDb id, which are hardly ever merged on. What is longer is a ring, which no program of ours writes: a
/// damaged database, or a forged backup.
pub(super) const MOST_MERGES: usize = 100;
pub(super) const MERGED_IN_A_RING: &str = "titles are merged in a ring; bring back a backup";

face! {
    /// Titles with their episodes, in the catalog or not.
    Titles / TitlesBackend {
        /// Inserts or updates by IMDb id or (kind, TMDB id), whichever is known already; a title known by one id and given
        /// with both is the same title. Concurrent calls with one title give one id.
        async fn record(&self, title: &Title) -> Result<TitleId, Error>;

        async fn get(&self, id: TitleId) -> Result<Option<Title>, Error>;

        /// Titles without their episodes, in the order of their numbers as given.
        async fn without_episodes(&self, ids: &[TitleId]) -> Result<Vec<Title>, Error>;

        async fn find(&self, kind: Kind, id: MetaId) -> Result<Option<(TitleId, Title)>, Error>;
    }
}
