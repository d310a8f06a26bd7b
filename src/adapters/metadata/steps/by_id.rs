//! Step 1: an id or a link in the name or the caption. It wins over whatever the name says.

use crate::adapters::metadata::{Error, Identified, Metadata, readings};
use crate::domain::matching::{Clues, How, Name, NameFit, Step, kind_of};
use crate::domain::title::{Kind, MetaId, Title, TmdbId};
use release_name::Release;

impl Metadata {
    /// `None` when there is no id, or none that anybody could know: without a key nobody answers for TMDB's, without the list of
    /// anime nobody for other sites'.
    pub(in super::super) async fn by_id(&self, clues: &Clues<'_>) -> Result<Option<Identified>, Error> {
        let release = clues.release;
        let said = kind_of(release);
        if let Some(id) = release.imdb {
            // The link wins over the name, also in saying whether it is a film or a series.
            let kind = self.kind_of(id).await?.unwrap_or(said);
            return self.of_id(release, kind, MetaId::Imdb(id)).await.map(Some);
        }
        let Some(id) = release.tmdb.filter(|_| self.has_tmdb()) else { return self.by_foreign_id(clues).await };
        let linked = linked_kind(clues.caption, id).or_else(|| linked_kind(clues.file_name, id));
        let kind = match linked {
            Some(kind) => kind,
            None => self.kind_of_number(clues, said, id).await?,
        };
        self.of_id(release, kind, MetaId::Tmdb(id)).await.map(Some)
    }

    /// A bare number of TMDB's is a film's or a series': what the file seems to be, unless only the other one has its name, or only
    /// the other one is there.
    async fn kind_of_number(&self, clues: &Clues<'_>, said: Kind, id: TmdbId) -> Result<Kind, Error> {
        let mut first = None;
        for kind in [said, said.other()] {
            let Some(title) = self.title(kind, MetaId::Tmdb(id)).await? else { continue };
            if is_called_so(&title, clues.release) {
                return Ok(kind);
            }
            first = first.or(Some(kind));
        }
        Ok(first.unwrap_or(said))
    }

    async fn of_id(&self, release: &Release, kind: Kind, id: MetaId) -> Result<Identified, Error> {
        Ok(match self.title(kind, id).await? {
            Some(title) => {
                let title = Box::new(title);
                let how = How { step: Step::Id, why: id.to_string() };
                Identified::Match { reading: readings::of_numbers(release, &title), title, how, anime: None }
            }
            None => Identified::UnknownId { id: id.to_string() },
        })
    }
}

/// Whether one of its names stands in the release, near enough.
pub(super) fn is_called_so(title: &Title, release: &Release) -> bool {
    let released = Name::new(&release.title);
    let names = std::iter::once(&title.name).chain(&title.original_name).chain(&title.alternative_names);
    names.into_iter().any(|name| Name::new(name).fit(&released) != NameFit::Different)
}

/// What a link of TMDB's says that its number is of: films and series are numbered apart.
fn linked_kind(text: &str, id: TmdbId) -> Option<Kind> {
    let low = text.to_ascii_lowercase();
    [("movie/", Kind::Movie), ("tv/", Kind::Series)].into_iter().find_map(|(segment, kind)| {
        let link = format!("{segment}{}", id.0);
        let behind = low.match_indices(&link).map(|(at, found)| &low[at + found.len()..]);
        behind.into_iter().any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())).then_some(kind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_of_what_its_number_is() {
        for (text, kind) in [
            ("https://www.themoviedb.org/movie/961-the-general", Some(Kind::Movie)),
            ("https://www.themoviedb.org/tv/961?language=de", Some(Kind::Series)),
            ("themoviedb.org/movie/9612", None),
            ("tmdb:961", None),
        ] {
            assert_eq!(linked_kind(text, TmdbId(961)), kind, "{text}");
        }
    }
}
