//! Our catalogs: their ids, names and extras, and the words that their filters offer.
//!
//! An installed manifest is frozen, so what it offers is a stable superset of what libraries hold: every genre word of
//! TMDB and every year since the first films, rather than those that happen to be here today.

use std::str::FromStr;

use crate::domain::title::Kind;

/// A catalog. Its id is kept in people's apps and in links, so it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Catalog {
    Newest,
    Rating,
    /// Phones and TVs show no extra but `genre`: here its options are years, as Cinemeta does it.
    ByYear,
    /// Files that no title was found for. Films only, in Stremio's eyes.
    Unmatched,
}

impl Catalog {
    pub const fn id(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Rating => "rating",
            Self::ByYear => "by-year",
            Self::Unmatched => "unmatched",
        }
    }

    /// Shown on the Board before the type, and in Discover among other addons' catalogs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "Cinepost · New",
            Self::Rating => "Cinepost · Top rated",
            Self::ByYear => "Cinepost · By year",
            Self::Unmatched => "Cinepost · Unmatched",
        }
    }

    /// What the manifest lists, in the order in which Stremio shows it.
    pub const ALL: [(Kind, Catalog); 7] = [
        (Kind::Movie, Catalog::Newest),
        (Kind::Series, Catalog::Newest),
        (Kind::Movie, Catalog::Rating),
        (Kind::Series, Catalog::Rating),
        (Kind::Movie, Catalog::ByYear),
        (Kind::Series, Catalog::ByYear),
        (Kind::Movie, Catalog::Unmatched),
    ];
}

impl FromStr for Catalog {
    type Err = ();

    fn from_str(id: &str) -> Result<Self, ()> {
        [Self::Newest, Self::Rating, Self::ByYear, Self::Unmatched].into_iter().find(|c| c.id() == id).ok_or(())
    }
}

/// TMDB's English genre words (`/genre/movie/list`, `/genre/tv/list`).
#[rustfmt::skip]
pub const fn genres(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Movie => &[
            "Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family", "Fantasy",
            "History", "Horror", "Music", "Mystery", "Romance", "Science Fiction", "TV Movie", "Thriller", "War",
            "Western",
        ],
        Kind::Series => &[
            "Action & Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Family", "Kids", "Mystery",
            "News", "Reality", "Romance", "Sci-Fi & Fantasy", "Soap", "Talk", "War & Politics", "Western",
        ],
    }
}

/// A few years ahead, since nobody installs an addon anew each January.
const LAST_YEAR: u16 = 2030;

/// The years to choose from, newest first: films since the Lumières, television since it was regular.
pub fn years(kind: Kind) -> impl Iterator<Item = u16> {
    let first = match kind {
        Kind::Movie => 1895,
        Kind::Series => 1936,
    };
    (first..=LAST_YEAR).rev()
}
