//! Step 1 for those who link to another site: an id of AniDB, AniList, Kitsu, MyAnimeList or TheTVDB, where the list of anime knows what
//! it stands for. One that it does not know says nothing: the name is left.

use crate::adapters::metadata::{Error, Identified, Metadata};
use crate::domain::anime::Anime;
use crate::domain::foreign_id::{ForeignId, Site};
use crate::domain::matching::{Clues, How, Step};
use crate::domain::title::{Kind, Title};

impl Metadata {
    pub(super) async fn by_foreign_id(&self, clues: &Clues<'_>) -> Result<Option<Identified>, Error> {
        let said = ForeignId::in_text(clues.caption).or_else(|| ForeignId::in_text(clues.file_name));
        let Some(id) = said else { return Ok(None) };
        let Some(anime) = self.anime.find(id).into_iter().next() else { return Ok(None) };
        let Some(title) = self.title_of(&anime).await? else { return Ok(None) };
        let how = How { step: Step::Id, why: id.to_string() };
        // TheTVDB numbers whole series, as our titles are.
        let anime = Some(Box::new(anime)).filter(|_| id.site != Site::Tvdb && title.kind == Kind::Series);
        Ok(Some(Identified::Match { title: Box::new(title), reading: None, how, anime }))
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
