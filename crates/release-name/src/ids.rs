//! Ids that names and captions state outright, of IMDb and of TMDB, as text or in a link: `tt0063350`,
//! `imdb.com/title/tt0063350`, `themoviedb.org/movie/10331`, `tmdb:10331`, `{tmdb-10331}`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What stands before an id of TMDB.
const TMDB_PREFIXES: [&str; 9] = [
    "themoviedb.org/movie/",
    "themoviedb.org/tv/",
    "tmdb.org/movie/",
    "tmdb.org/tv/",
    "tmdb:",
    "tmdb-",
    "tmdbid-",
    "tmdbid=",
    "tmdb=",
];

/// The first IMDb id of a text.
pub(crate) fn imdb(text: &str) -> Option<ImdbId> {
    if !holds(text, b"tt") {
        return None;
    }
    text.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| word.parse().ok())
}

/// The first TMDB id of a text.
pub(crate) fn tmdb(text: &str) -> Option<TmdbId> {
    if !holds(text, b"db") {
        return None;
    }
    let low = text.to_ascii_lowercase();
    let ids = |prefix: &&str| low.match_indices(prefix).find_map(|(at, _)| tmdb_id(&low[at + prefix.len()..]));
    TMDB_PREFIXES.iter().find_map(ids)
}

/// Most names hold neither; one look at the bytes settles it.
fn holds(text: &str, letters: &[u8]) -> bool {
    text.as_bytes().windows(letters.len()).any(|w| w.eq_ignore_ascii_case(letters))
}

/// The number that a text begins with, whole: the first digits of one that is too long would be somebody else's id.
fn tmdb_id(text: &str) -> Option<TmdbId> {
    let text = text.trim_start();
    let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) { None } else { digits.parse().ok() }
}

/// An IMDb title id: `tt` and at least seven digits, written back exactly as IMDb writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImdbId(u32);

impl FromStr for ImdbId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits =
            text.strip_prefix("tt").filter(|d| (7..=9).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
        match digits.and_then(|d| d.parse().ok()) {
            Some(0) | None => Err(format!("{text:?} is not an IMDb id such as tt0063350")),
            Some(number) => Ok(Self(number)),
        }
    }
}

impl TryFrom<String> for ImdbId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ImdbId> for String {
    fn from(id: ImdbId) -> String {
        id.to_string()
    }
}

impl fmt::Display for ImdbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tt{:07}", self.0)
    }
}

/// A TMDB id. Films and series are numbered apart, so it means something only beside what the title is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TmdbId(pub u64);

impl TmdbId {
    /// `None` for what TMDB, which counts in 32 bits, gives to nothing.
    pub fn new(number: u64) -> Option<Self> {
        (1..=i32::MAX as u64).contains(&number).then_some(Self(number))
    }
}

impl FromStr for TmdbId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // `parse` would take a leading plus.
        let number = if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None };
        number.and_then(Self::new).ok_or_else(|| format!("{text:?} is not a TMDB id such as 10331"))
    }
}
