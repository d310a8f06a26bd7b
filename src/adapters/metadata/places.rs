//! Where in its series a file belongs: by the seasons, else by another order of the episodes that its provider has. Only what the
//! seasons do not settle costs a question.

use super::{DAY, Error, Metadata};
use crate::domain::episode_orders::{self, EpisodeOrder, Placed, Wanted};
use crate::domain::series_parts::series_parts;
use crate::domain::title::Title;
use release_name::Release;

impl Metadata {
    /// The parts of a series that a release, read as it was for this title, holds. Nothing in it when the name does not say. An
    /// error means that nothing was learned.
    pub async fn place(&self, release: &Release, title: &Title) -> Result<Placed, Error> {
        let parts = series_parts(release, title);
        let orders = match episode_orders::wanted(release, title, &parts) {
            Some(wanted) => self.orders(title, wanted).await?,
            None => Vec::new(),
        };
        Ok(episode_orders::placed(release, title, parts, &orders))
    }

    /// TMDB's, of a title that is TMDB's.
    async fn orders(&self, title: &Title, wanted: Wanted) -> Result<Vec<EpisodeOrder>, Error> {
        let (Some(tmdb), Some(id)) = (&self.inner.tmdb, title.ids.tmdb) else { return Ok(Vec::new()) };
        let key = self.key(&format!("orders:{}:{wanted:?}", id.0));
        self.inner.answers.ask(key, |_| DAY, tmdb.orders(id, wanted)).await
    }
}
