//! Ids that names and captions state outright, of IMDb and of TMDB.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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

/// A TMDB id. Films and series are numbered apart, so it means something only beside a [`Kind`].
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
