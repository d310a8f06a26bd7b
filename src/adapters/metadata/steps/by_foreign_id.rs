//! Step 1 for those who link to another site: an id of AniDB, AniList, Kitsu, MyAnimeList or TheTVDB, where the list of anime knows what
//! it stands for, and TheTVDB's of anything where TMDB or TheTVDB itself does. An address in words is changed for its number first. One
//! that nobody knows says nothing: the name is left.

use std::time::Duration;

use crate::adapters::metadata::sites::Site as SiteAsked;
use crate::adapters::metadata::{DAY, Error, HOUR, Identified, Metadata};
use crate::domain::anime::Anime;
use crate::domain::foreign_id::{ForeignId, Site};
use crate::domain::matching::{Clues, How, Step, kind_of};
use crate::domain::slug::Slug;
use crate::domain::title::{Kind, MetaId, Title, TitleIds, TmdbId};
use release_name::Release;

use super::by_id::is_called_so;

/// A title that another site's id or address led to.
pub struct Linked {
    pub id: ForeignId,
    pub title: Title,
    /// The season whose numbers the file's are.
    pub anime: Option<Box<Anime>>,
}

impl Metadata {
    pub(super) async fn by_foreign_id(&self, clues: &Clues<'_>) -> Result<Option<Identified>, Error> {
        for text in [clues.caption, clues.file_name] {
            if let Some(Linked { id, title, anime }) = Box::pin(self.linked(text, clues.release)).await? {
                let how = How { step: Step::Id, why: id.to_string() };
                return Ok(Some(Identified::Match { title: Box::new(title), reading: None, how, anime }));
            }
        }
        Ok(None)
    }

    /// What a text links to at another site. `None` when it links to none, or to what nobody knows. TheTVDB numbers films and series
    /// apart: a bare number is of what the file seems to be, unless only the other one has its name, or only the other one is there.
    pub async fn linked(&self, text: &str, release: &Release) -> Result<Option<Linked>, Error> {
        let Some((kind, id)) = self.linked_id(text).await? else { return Ok(None) };
        if id.site != Site::Tvdb {
            return self.linked_as(Kind::Series, id).await;
        }
        if let Some(kind) = kind {
            return self.linked_as(kind, id).await;
        }
        let said = kind_of(release);
        let mut first = None;
        for kind in [said, said.other()] {
            let Some(linked) = self.linked_as(kind, id).await? else { continue };
            if is_called_so(&linked.title, release) {
                return Ok(Some(linked));
            }
            first = first.or(Some(linked));
        }
        Ok(first)
    }

    async fn linked_as(&self, kind: Kind, id: ForeignId) -> Result<Option<Linked>, Error> {
        // The list has TheTVDB's series only.
        let listed = if id.site == Site::Tvdb && kind == Kind::Movie { Vec::new() } else { self.anime.find(id) };
        for anime in listed {
            let Some(title) = self.title_of(&anime).await? else { continue };
            // TheTVDB numbers whole series, as our titles are.
            let anime = Some(Box::new(anime)).filter(|_| id.site != Site::Tvdb && title.kind == Kind::Series);
            return Ok(Some(Linked { id, title, anime }));
        }
        let title = self.of_tvdb(kind, id).await?;
        Ok(title.map(|title| Linked { id, title, anime: None }))
    }

    /// `Kind`: of TheTVDB's, where the address says it.
    async fn linked_id(&self, text: &str) -> Result<Option<(Option<Kind>, ForeignId)>, Error> {
        if let Some(id) = ForeignId::in_text(text) {
            return Ok(Some((None, id)));
        }
        let Some(slug) = Slug::in_text(text) else { return Ok(None) };
        let Some(site) = self.sites.of(&slug) else { return Ok(None) };
        let kind = if let Slug::Tvdb(kind, _) = slug { Some(kind) } else { None };
        let lifetime = |found: &Option<u32>| lifetime(found.is_some());
        let key = self.key(&format!("slug:{}:{slug:?}", site.scope(kind.unwrap_or(Kind::Series))));
        let number = known(self.inner.answers.ask(key, lifetime, site.number(&slug)).await)?;
        Ok(number.map(|number| (kind, ForeignId { site: slug.site(), number })))
    }

    /// `None` of another site's, too.
    pub(super) async fn of_tvdb(&self, kind: Kind, id: ForeignId) -> Result<Option<Title>, Error> {
        if id.site != Site::Tvdb {
            return Ok(None);
        }
        if let Some(tmdb) = self.inner.tmdb.as_ref().filter(|_| kind == Kind::Series) {
            let lifetime = |found: &Option<TmdbId>| lifetime(found.is_some());
            let found = tmdb.find_tvdb(id.number);
            if let Some(found) = self.inner.answers.ask(self.key(&format!("find:{id}")), lifetime, found).await? {
                return self.title(kind, MetaId::Tmdb(found)).await;
            }
        }
        let Some(tvdb) = self.sites.tvdb() else { return Ok(None) };
        let lifetime = |found: &Option<TitleIds>| lifetime(found.is_some());
        let key = self.key(&format!("ids:{}:{id}", SiteAsked::Tvdb(tvdb).scope(kind)));
        match known(self.inner.answers.ask(key, lifetime, tvdb.ids(kind, id.number)).await)? {
            Some(ids) => self.known_as(kind, &ids).await,
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

/// With a key that is refused nothing is known, and the name is left; waiting would help nobody.
fn known<T>(answer: Result<Option<T>, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(error @ Error::BadKey { .. }) => {
            tracing::warn!("{error}");
            Ok(None)
        }
        other => other,
    }
}

fn lifetime(is_found: bool) -> Duration {
    if is_found { 7 * DAY } else { 3 * HOUR }
}
