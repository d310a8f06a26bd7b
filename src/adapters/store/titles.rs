//! Titles, as providers know them.

use super::Error;
use super::face::face;
use crate::domain::title::{Kind, MetaId, Title, TitleId};

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
