//! Titles: a film or a series as a metadata provider knows it, and the ids by which Stremio asks for it.

use std::fmt;
use std::str::FromStr;

pub use release_name::{ImdbId, TmdbId};
use serde::{Deserialize, Serialize};

use super::collection::Collection;

/// Film or series. On the wire Stremio calls it `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Movie,
    Series,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Movie => "movie",
            Self::Series => "series",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Movie => Self::Series,
            Self::Series => Self::Movie,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "movie" => Ok(Self::Movie),
            "series" => Ok(Self::Series),
            _ => Err(()),
        }
    }
}

/// How a provider names a title. At least one is present in anything that a provider gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleIds {
    pub imdb: Option<ImdbId>,
    pub tmdb: Option<TmdbId>,
}

impl TitleIds {
    pub fn has(&self, id: MetaId) -> bool {
        match id {
            MetaId::Imdb(imdb) => self.imdb == Some(imdb),
            MetaId::Tmdb(tmdb) => self.tmdb == Some(tmdb),
        }
    }

    /// The id that clients get: IMDb's where there is one, so that other addons join in.
    pub fn preferred(&self) -> Option<MetaId> {
        self.imdb.map(MetaId::Imdb).or(self.tmdb.map(MetaId::Tmdb))
    }
}

impl From<MetaId> for TitleIds {
    fn from(id: MetaId) -> Self {
        match id {
            MetaId::Imdb(imdb) => Self { imdb: Some(imdb), tmdb: None },
            MetaId::Tmdb(tmdb) => Self { imdb: None, tmdb: Some(tmdb) },
        }
    }
}

/// Our own name of a title inside the store. Never shown to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TitleId(pub i64);

/// A title as asked for from outside: `tt0063350` or `tmdb:10331`. Both go on answering when a title has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MetaId {
    Imdb(ImdbId),
    Tmdb(TmdbId),
}

impl FromStr for MetaId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("tmdb:") {
            Some(number) => match number.parse() {
                Ok(id) => Ok(Self::Tmdb(id)),
                Err(_) => Err(format!("{text:?} is not a TMDB id such as tmdb:10331")),
            },
            None => text.parse().map(Self::Imdb),
        }
    }
}

impl fmt::Display for MetaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Imdb(id) => id.fmt(f),
            Self::Tmdb(id) => write!(f, "tmdb:{}", id.0),
        }
    }
}

/// One episode as the provider lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    pub season: u16,
    pub number: u16,
    /// Empty when the provider has none.
    pub name: String,
    pub overview: String,
    /// `YYYY-MM-DD`.
    pub aired: Option<String>,
    /// Absolute URL.
    pub still: Option<String>,
}

/// Whose number a rating is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rater {
    /// Of titles stored before this was noted.
    #[default]
    Unknown,
    Imdb,
    Tmdb,
}

/// A film or series with everything that the catalog and the pages show. All URLs are absolute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Title {
    pub kind: Kind,
    pub ids: TitleIds,
    pub name: String,
    pub original_name: Option<String>,
    /// Other names it is known by, translations included; for search and matching.
    pub alternative_names: Vec<String>,
    pub year: Option<u16>,
    /// `YYYY-MM-DD`.
    pub released: Option<String>,
    /// Last year of a series that has ended.
    pub ended: Option<u16>,
    pub plot: String,
    /// The provider's genre words in English, such as `Sci-Fi & Fantasy`.
    pub genres: Vec<String>,
    /// Tenths of a point: 78 is 7.8. IMDb's where it is known, otherwise the provider's own.
    pub rating: Option<u8>,
    #[serde(default)]
    pub rated_by: Rater,
    /// The provider's popularity x 1000, for ties.
    pub popularity: u64,
    pub runtime_mins: Option<u16>,
    pub poster: Option<String>,
    pub background: Option<String>,
    pub logo: Option<String>,
    pub cast: Vec<String>,
    pub directors: Vec<String>,
    /// YouTube ids.
    pub trailers: Vec<String>,
    pub country: Option<String>,
    /// Of a film: what it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<Collection>,
    /// In season and number order, specials (season 0) included. Empty for films.
    pub episodes: Vec<Episode>,
}

impl Title {
    /// A title of which only this is known.
    pub fn new(kind: Kind, ids: TitleIds, name: &str) -> Self {
        Self {
            kind,
            ids,
            name: name.to_owned(),
            original_name: None,
            alternative_names: Vec::new(),
            year: None,
            released: None,
            ended: None,
            plot: String::new(),
            genres: Vec::new(),
            rating: None,
            rated_by: Rater::default(),
            popularity: 0,
            runtime_mins: None,
            poster: None,
            background: None,
            logo: None,
            cast: Vec::new(),
            directors: Vec::new(),
            trailers: Vec::new(),
            country: None,
            collection: None,
            episodes: Vec::new(),
        }
    }

    /// The episodes without the specials.
    pub fn regular(&self) -> impl Iterator<Item = &Episode> {
        self.episodes.iter().filter(|episode| episode.season > 0)
    }

    /// Whether this episode is in the list.
    pub fn has(&self, season: u16, number: u16) -> bool {
        self.episodes.iter().any(|episode| (episode.season, episode.number) == (season, number))
    }

    /// See [`TitleIds::preferred`].
    pub fn meta_id(&self) -> Option<MetaId> {
        self.ids.preferred()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_written_as_their_owners_write_them() {
        for text in ["tt0063350", "tt12345678", "tmdb:10331"] {
            assert_eq!(text.parse::<MetaId>().map(|id| id.to_string()).as_deref(), Ok(text));
        }
        for bad in
            ["", "tt", "tt123", "tt0000000", "tt00633500000", "nm0063350", "tmdb:", "tmdb:+1", "tmdb:x", "tt006335é"]
                .into_iter()
                .chain(["tmdb:0", "tmdb:2147483648", "tmdb:10331000000", "tmdb:18446744073709551616"])
        {
            assert!(bad.parse::<MetaId>().is_err(), "{bad}");
        }
    }
}
