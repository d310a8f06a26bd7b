//! Step 1 for those who link to another site: an id of AniDB, AniList, Kitsu, MyAnimeList or TheTVDB, where the list of anime knows what
//! it stands for, and TheTVDB's of any series where TMDB does. One that nobody knows says nothing: the name is left.

use crate::adapters::metadata::{DAY, Error, HOUR, Identified, Metadata};
use crate::domain::anime::Anime;
use crate::domain::foreign_id::{ForeignId, Site};
use crate::domain::matching::{Clues, How, Step};
use crate::domain::title::{Kind, MetaId, Title, TmdbId};

impl Metadata {
    pub(super) async fn by_foreign_id(&self, clues: &Clues<'_>) -> Result<Option<Identified>, Error> {
        let said = ForeignId::in_text(clues.caption).or_else(|| ForeignId::in_text(clues.file_name));
        let Some(id) = said else { return Ok(None) };
        let how = How { step: Step::Id, why: id.to_string() };
        let Some(anime) = self.anime.find(id).into_iter().next() else {
            let title = self.of_tvdb(id).await?.map(Box::new);
            return Ok(title.map(|title| Identified::Match { title, reading: None, how, anime: None }));
        };
        let Some(title) = self.title_of(&anime).await? else { return Ok(None) };
        // TheTVDB numbers whole series, as our titles are.
        let anime = Some(Box::new(anime)).filter(|_| id.site != Site::Tvdb && title.kind == Kind::Series);
        Ok(Some(Identified::Match { title: Box::new(title), reading: None, how, anime }))
    }

    async fn of_tvdb(&self, id: ForeignId) -> Result<Option<Title>, Error> {
        let Some(tmdb) = self.inner.tmdb.as_ref().filter(|_| id.site == Site::Tvdb) else { return Ok(None) };
        let lifetime = |found: &Option<TmdbId>| if found.is_some() { 7 * DAY } else { 3 * HOUR };
        let found =
            self.inner.answers.ask(self.key(&format!("find:{id}")), lifetime, tmdb.find_tvdb(id.number)).await?;
        match found {
            Some(found) => self.title(Kind::Series, MetaId::Tmdb(found)).await,
            None => Ok(None),
        }
    }

    /// The title that the list means, by whichever of its ids is known.
    pub(in super::super) async fn title_of(&self, anime: &Anime) -> Result<Option<Title>, Error> {
        for id in anime.meta_ids() {
            if let Some(title) = self.title(anime.kind, id).await? {
                return Ok(Some(title));
            }
        }
        Ok(None)
    }
}
