//! Where in its series a file belongs: by the season that another site's id stands for, by the seasons of the title, else by another
//! order of the episodes that its provider has. Only what the seasons do not settle costs a question.

use super::{DAY, Error, Metadata};
use crate::domain::anime::{Anime, ListedBy};
use crate::domain::episode_orders::{self, EpisodeOrder, Placed, Wanted};
use crate::domain::series_parts::series_parts;
use crate::domain::title::Title;
use release_name::Release;

impl Metadata {
    /// The parts of a series that a release, read as it was for this title, holds. Nothing in it when the name does not say. An
    /// error means that nothing was learned.
    pub async fn place(&self, release: &Release, title: &Title, anime: Option<&Anime>) -> Result<Placed, Error> {
        let parts = series_parts(release, title);
        let wanted = episode_orders::wanted(release, title, &parts);
        // `S01E05` that the title has is said in the title's own numbers; a season that it does not have is perhaps this one.
        let is_of_it = |anime: &&Anime| match release.seasons[..] {
            [] => true,
            [season] => wanted.is_some() && anime.is_season(season),
            _ => false,
        };
        if let Some(anime) = anime.filter(is_of_it)
            && let Some(parts) = anime.parts(release, title, self.listed_by())
        {
            return Ok(Placed { parts, order: None });
        }
        let orders = match wanted {
            Some(wanted) => self.orders(title, wanted).await?,
            None => Vec::new(),
        };
        Ok(episode_orders::placed(release, title, parts, &orders))
    }

    fn listed_by(&self) -> ListedBy {
        if self.has_tmdb() { ListedBy::Tmdb } else { ListedBy::Tvdb }
    }

    /// TMDB's, of a title that is TMDB's.
    async fn orders(&self, title: &Title, wanted: Wanted) -> Result<Vec<EpisodeOrder>, Error> {
        let (Some(tmdb), Some(id)) = (&self.inner.tmdb, title.ids.tmdb) else { return Ok(Vec::new()) };
        let key = self.key(&format!("orders:{}:{wanted:?}", id.0));
        self.inner.answers.ask(key, |_| DAY, tmdb.orders(id, wanted)).await
    }
}
