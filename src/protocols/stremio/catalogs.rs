//! Our catalogs: their ids, names and extras, and the words that their filters offer.
//!
//! An installed manifest is frozen, so what it offers is a stable superset of what libraries hold: every genre word of
//! TMDB and every year since the first films, rather than those that happen to be here today. Where a client has to choose an
//! option it takes the first, so that one narrows nothing: it is never empty while anything is here.

use std::str::FromStr;

use crate::domain::title::Kind;

/// A catalog. Its id is kept in people's apps and in links, so it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Catalog {
    Newest,
    Rating,
    Popular,
    /// Series by their newest episode that was not there before.
    NewEpisodes,
    /// Phones and TVs show no extra but `genre`: here its options are years, as Cinemeta does it.
    ByYear,
    /// By what is spoken in the files.
    ByLanguage,
    /// By the channel that the files lie in. The options are those that the viewer sees.
    ByChannel,
    /// Files that no title was found for. Films only, in Stremio's eyes. Its required extra keeps it off the Board: there it
    /// would stand on every viewer's first page, and there is nothing that they can mend.
    Unmatched,
    /// The same files, for the search box alone: the core leaves a catalog out of searches that requires anything else.
    UnmatchedSearch,
}

impl Catalog {
    pub const fn id(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Rating => "rating",
            Self::Popular => "popular",
            Self::NewEpisodes => "new-episodes",
            Self::ByYear => "by-year",
            Self::ByLanguage => "by-language",
            Self::ByChannel => "by-channel",
            Self::Unmatched => "unmatched",
            Self::UnmatchedSearch => "unmatched-search",
        }
    }

    /// Shown on the Board before the type, and in Discover among other addons' catalogs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "Cinepost · New",
            Self::Rating => "Cinepost · Top rated",
            Self::Popular => "Cinepost · Popular",
            Self::NewEpisodes => "Cinepost · New episodes",
            Self::ByYear => "Cinepost · By year",
            Self::ByLanguage => "Cinepost · By language",
            Self::ByChannel => "Cinepost · By channel",
            Self::Unmatched | Self::UnmatchedSearch => "Cinepost · Unmatched",
        }
    }

    /// What the manifest lists, in the order in which Stremio shows it.
    pub const ALL: [(Kind, Catalog); 15] = [
        (Kind::Movie, Catalog::Newest),
        (Kind::Series, Catalog::Newest),
        (Kind::Series, Catalog::NewEpisodes),
        (Kind::Movie, Catalog::Popular),
        (Kind::Series, Catalog::Popular),
        (Kind::Movie, Catalog::Rating),
        (Kind::Series, Catalog::Rating),
        (Kind::Movie, Catalog::ByYear),
        (Kind::Series, Catalog::ByYear),
        (Kind::Movie, Catalog::ByLanguage),
        (Kind::Series, Catalog::ByLanguage),
        (Kind::Movie, Catalog::ByChannel),
        (Kind::Series, Catalog::ByChannel),
        (Kind::Movie, Catalog::Unmatched),
        (Kind::Movie, Catalog::UnmatchedSearch),
    ];
}

impl FromStr for Catalog {
    type Err = ();

    fn from_str(id: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().map(|(_, catalog)| catalog).find(|c| c.id() == id).ok_or(())
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

/// Years before this one are offered in the catalog by year alone.
pub const RECENT_FROM: u16 = 1980;

/// The first option of the by-year catalog.
pub const ALL_YEARS: &str = "All years";
/// The first option of the by-language catalog, and of the by-channel one.
pub const ALL_LANGUAGES: &str = "All languages";
pub const ALL_CHANNELS: &str = "All channels";
/// The only option of the catalog of unmatched files.
pub const ALL_FILES: &str = "All files";

/// The years to choose from, newest first: films since the Lumières, television since it was regular. `last` is the year of
/// the day that it will be in half a year: what is installed in autumn knows the year to come, and nothing offers more of
/// the future than that.
pub fn years(kind: Kind, last: u16) -> impl Iterator<Item = u16> {
    let first = match kind {
        Kind::Movie => 1895,
        Kind::Series => 1936,
    };
    (first..=last).rev()
}
