//! Collections: films that belong together, as the provider says: the first part, the second and so on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// TMDB's number of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CollectionId(pub u32);

impl fmt::Display for CollectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CollectionId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // `parse` would take a plus.
        let number = if text.starts_with('+') { None } else { text.parse().ok().filter(|number| *number > 0) };
        number.map(Self).ok_or_else(|| format!("{text:?} is not the number of a collection, such as 656"))
    }
}

/// What is told of a collection with each of its films. All URLs are absolute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    pub id: CollectionId,
    pub name: String,
    pub poster: Option<String>,
    pub background: Option<String>,
}

/// How many films of a collection must be here for it to be one: a single one has its own row.
pub const FEWEST_FILMS: usize = 2;
