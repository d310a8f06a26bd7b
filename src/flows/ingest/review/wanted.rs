//! What a person says that a file is, in whatever way they say it -> a title of the provider's, and which part of it.

use release_name::{Input, Release};

use super::{Error, Review};
use crate::adapters::metadata::{Identified, Linked};
use crate::domain::channel::{Holds, Profile};
use crate::domain::entry::{Entry, SeriesPart};
use crate::domain::foreign_id::ForeignId;
use crate::domain::matching::{Clues, Suggestion, kind_of};
use crate::domain::review::{Numbers, Shift};
use crate::domain::series_parts::series_parts;
use crate::domain::slug::Slug;
use crate::domain::title::{Kind, MetaId, Title};
use crate::flows::ingest::decided::parts;
use crate::flows::ingest::profiles::profile_of;

/// What a person says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub wanted: Wanted,
    /// Of a series; whatever the file's name says.
    pub season: Option<u16>,
    pub episode: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of those that its reason lists, from 1.
    Suggestion(usize),
    Title(Kind, MetaId),
    /// An id, a link, or a title with what else people write: `Some Film 1999`, `Some Series S01E02`.
    Typed(String),
    /// What its own name says, taken for a film's or for an episode's.
    As(Kind),
}

impl Wanted {
    /// As a person types it. A number is a suggestion's.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        match text.parse() {
            Ok(number @ 1..=9) => Self::Suggestion(number),
            _ => Self::Typed(text.to_owned()),
        }
    }
}

impl From<Wanted> for Wish {
    fn from(wanted: Wanted) -> Self {
        Self { wanted, season: None, episode: None }
    }
}

impl Review {
    /// The title that is meant, as the provider knows it, and which part of it the file is.
    pub(super) async fn meant(&self, entry: &Entry, wish: &Wish) -> Result<(Title, Numbers), Error> {
        let (title, said) = match &wish.wanted {
            Wanted::Suggestion(number) => (self.suggested(entry, *number).await?, Vec::new()),
            Wanted::Title(kind, id) => (self.known(*kind, *id).await?, Vec::new()),
            Wanted::Typed(text) => self.typed(entry, text, wish.season.is_some()).await?,
            Wanted::As(kind) => {
                let release = read_as(*kind, entry.release.clone());
                let (title, read) = self.found(entry, &release, &entry.name, &entry.caption).await?;
                let said = said_parts(&read, &title);
                (title, said)
            }
        };
        let numbers = numbers(entry, &title, wish, said)?;
        if title.kind == Kind::Series && parts(&self.metadata, entry, &title, &numbers).await.is_empty() {
            return Err(Error::NoEpisode(title.name));
        }
        Ok((title, numbers))
    }

    async fn suggested(&self, entry: &Entry, number: usize) -> Result<Title, Error> {
        let suggestions = entry.status.reason().map(|reason| reason.suggestions()).unwrap_or_default();
        let chosen = number.checked_sub(1).and_then(|at| suggestions.get(at));
        let chosen = chosen.ok_or(Error::NoSuggestion { count: suggestions.len() })?;
        self.known(chosen.kind, chosen.meta_id().ok_or(Error::OnlyALine)?).await
    }

    async fn known(&self, kind: Kind, id: MetaId) -> Result<Title, Error> {
        let title = self.metadata.rated(kind, id).await?;
        title.ok_or_else(|| Error::UnknownId { id: id.to_string() })
    }

    /// The title, and the parts that were typed with it. `is_series`: so much is said beside it.
    async fn typed(&self, entry: &Entry, text: &str, is_series: bool) -> Result<(Title, Vec<SeriesPart>), Error> {
        let as_caption = release_name::parse(&Input { name: "", caption: text, folder: "" });
        let (imdb, tmdb) = match text.parse() {
            Ok(MetaId::Imdb(id)) => (Some(id), None),
            Ok(MetaId::Tmdb(id)) => (None, Some(id)),
            _ => (as_caption.imdb, as_caption.tmdb),
        };
        if imdb.is_some() || tmdb.is_some() {
            // A bare number of TMDB's is a film's or a series' by what the file seems to be.
            let release = Release { imdb, tmdb, ..entry.release.clone() };
            return self.found(entry, &release, &entry.name, text).await.map(|(title, _)| (title, Vec::new()));
        }
        if let Some(Linked { title, anime, .. }) = self.metadata.linked(text, &entry.release).await? {
            // Of a cour, the numbers in the file's name are the cour's.
            let placed = match &anime {
                Some(anime) => self.metadata.place(&entry.release, &title, Some(anime)).await?.parts,
                None => Vec::new(),
            };
            return Ok((title, placed));
        }
        if let Some(id) = other_sites(text) {
            return Err(Error::NobodysId { id });
        }
        let release = release_name::parse(&Input { name: text, caption: "", folder: "" });
        let (title, read) = self.found_as_typed(entry, &release, text, is_series).await?;
        let said = said_parts(&read, &title);
        Ok((title, said))
    }

    /// A title with no numbers behind it is a film's or a series': first what the file seems to be, then the other.
    async fn found_as_typed(
        &self,
        entry: &Entry,
        release: &Release,
        text: &str,
        is_series: bool,
    ) -> Result<(Title, Release), Error> {
        // Without the whole name, which might be a film's.
        let series = (&read_as(Kind::Series, release.clone()), "");
        let typed = (release, text);
        let tried = match (kind_of(release), is_series, kind_of(&entry.release)) {
            (Kind::Series, ..) => [Some(typed), None],
            (Kind::Movie, true, _) => [Some(series), None],
            (Kind::Movie, false, Kind::Series) => [Some(series), Some(typed)],
            (Kind::Movie, false, Kind::Movie) => [Some(typed), Some(series)],
        };
        let mut nothing = None;
        for (release, name) in tried.into_iter().flatten() {
            match self.found(entry, release, name, "").await {
                Err(error @ Error::Nothing { .. }) => nothing = nothing.or(Some(error)),
                found => return found,
            }
        }
        Err(nothing.unwrap_or_else(|| Error::NothingSaid(text.to_owned())))
    }

    /// By the same ladder as any name, with the file's running time. Returns the reading too that led to it.
    async fn found(
        &self,
        entry: &Entry,
        release: &Release,
        file_name: &str,
        caption: &str,
    ) -> Result<(Title, Release), Error> {
        let is_anime = profile_of(&self.store, entry.id).await?.holds == Holds::Anime;
        let clues = Clues { release, file_name, caption, duration_secs: entry.runtime_secs(), is_anime };
        match self.metadata.identify(&clues).await? {
            Identified::Match { title, reading, .. } => {
                let read = reading.map_or_else(|| release.clone(), |reading| release.read_as(&reading));
                Ok((*title, read))
            }
            Identified::Ambiguous { searched, candidates } => Err(Error::Several { searched, candidates }),
            Identified::NoMatch { searched, nearest } => Err(Error::Nothing { searched, nearest: some(nearest) }),
            Identified::UnknownId { id } => Err(Error::UnknownId { id }),
            Identified::NoTitle => Err(Error::NothingSaid(file_name.to_owned())),
        }
    }
}

/// Another site's id or address, as it was typed.
fn other_sites(text: &str) -> Option<String> {
    let id = ForeignId::in_text(text).map(|id| id.to_string());
    id.or_else(|| Slug::in_text(text).map(|_| text.to_owned()))
}

fn read_as(kind: Kind, release: Release) -> Release {
    let holds = if kind == Kind::Movie { Holds::Films } else { Holds::Series };
    Profile { holds, ..Profile::default() }.applied(release)
}

fn said_parts(read: &Release, title: &Title) -> Vec<SeriesPart> {
    if title.kind == Kind::Series { series_parts(read, title) } else { Vec::new() }
}

/// Those that came nearest; the rest says little.
fn some(mut titles: Vec<Suggestion>) -> Vec<Suggestion> {
    titles.truncate(3);
    titles
}

/// `said`: what was typed with the title.
fn numbers(entry: &Entry, title: &Title, wish: &Wish, said: Vec<SeriesPart>) -> Result<Numbers, Error> {
    if title.kind == Kind::Movie && (wish.season.is_some() || wish.episode.is_some()) {
        return Err(Error::NoSeasons(title.name.clone()));
    }
    Ok(match (wish.season, wish.episode) {
        (Some(season), Some(number)) => Numbers::Said(vec![SeriesPart::Episode { season, number }]),
        (None, Some(_)) => return Err(Error::NoSeason),
        (Some(season), None) => Numbers::AsRead(Shift::to_season(&entry.release, season)),
        (None, None) if said.is_empty() => Numbers::AsRead(Shift::default()),
        (None, None) => Numbers::Said(said),
    })
}
