//! Our catalogs: their ids, names and extras, and the words that their filters offer.
//!
//! An installed manifest is frozen, so what it offers is a stable superset of what libraries hold: every genre word of
//! TMDB and every year since the first films, rather than those that happen to be here today. Where a client has to choose an
//! option it takes the first, so that one narrows nothing: it is never empty while anything is here.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::list::ListId;
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
    /// Collections of films, each with a page that lists its films. Offered while there are any: it would be an empty row on the
    /// Board.
    Collections,
    /// A list that somebody made by hand.
    List(ListId),
    /// Files that no title was found for. Films only, in Stremio's eyes. Its required extra keeps it off the Board: there it
    /// would stand on every viewer's first page, and there is nothing that they can mend.
    Unmatched,
    /// The same files, for the search box alone: the core leaves a catalog out of searches that requires anything else.
    UnmatchedSearch,
}

impl Catalog {
    pub fn id(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::List(id) => return Cow::Owned(format!("{LIST}{id}")),
            Self::Newest => "newest",
            Self::Rating => "rating",
            Self::Popular => "popular",
            Self::NewEpisodes => "new-episodes",
            Self::ByYear => "by-year",
            Self::ByLanguage => "by-language",
            Self::ByChannel => "by-channel",
            Self::Collections => "collections",
            Self::Unmatched => "unmatched",
            Self::UnmatchedSearch => "unmatched-search",
        })
    }

    /// Shown on the Board before the type, and in Discover among other addons' catalogs. Of a list its own name is.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Newest => "Cinepost · New",
            Self::Rating => "Cinepost · Top rated",
            Self::Popular => "Cinepost · Popular",
            Self::NewEpisodes => "Cinepost · New episodes",
            Self::ByYear => "Cinepost · By year",
            Self::ByLanguage => "Cinepost · By language",
            Self::ByChannel => "Cinepost · By channel",
            Self::Collections => "Cinepost · Collections",
            Self::List(_) => "Cinepost · List",
            Self::Unmatched | Self::UnmatchedSearch => "Cinepost · Unmatched",
        }
    }

    /// What the manifest lists, in the order in which Stremio shows it; lists made by hand come before what is chosen by year.
    pub const ALL: [(Kind, Catalog); 16] = [
        (Kind::Movie, Catalog::Newest),
        (Kind::Series, Catalog::Newest),
        (Kind::Series, Catalog::NewEpisodes),
        (Kind::Movie, Catalog::Popular),
        (Kind::Series, Catalog::Popular),
        (Kind::Movie, Catalog::Rating),
        (Kind::Series, Catalog::Rating),
        (Kind::Movie, Catalog::Collections),
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

const LIST: &str = "list-";

impl FromStr for Catalog {
    type Err = ();

    fn from_str(id: &str) -> Result<Self, ()> {
        if let Some(list) = id.strip_prefix(LIST) {
            return list.parse().map(Self::List);
        }
        Self::ALL.into_iter().map(|(_, catalog)| catalog).find(|c| c.id() == id).ok_or(())
    }
}

/// Stands for the lists made by hand, among the ids of the others.
pub const LISTS: &str = "lists";

/// Which catalogs are shown, by their ids, in their order. Those that a person has nothing for are left out all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shown(Vec<String>);

/// The text names no catalogs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotShown {
    #[error("{0:?} is no catalog; there are {known}", known = Shown::default())]
    Unknown(String),
    #[error("{0:?} stands there twice")]
    Twice(String),
    #[error("at least one catalog has to be shown, of {}", Shown::default())]
    Nothing,
}

impl Default for Shown {
    fn default() -> Self {
        let mut ids: Vec<String> = Vec::new();
        for (_, catalog) in Catalog::ALL {
            if catalog == Catalog::ByYear && !ids.iter().any(|id| id == LISTS) {
                ids.push(LISTS.to_owned());
            }
            // The one for the search box goes with its other half.
            let id = catalog.id().into_owned();
            if catalog != Catalog::UnmatchedSearch && !ids.contains(&id) {
                ids.push(id);
            }
        }
        Self(ids)
    }
}

impl FromStr for Shown {
    type Err = NotShown;

    /// Ids with commas or blanks between them.
    fn from_str(text: &str) -> Result<Self, NotShown> {
        let known = Self::default();
        let mut ids: Vec<String> = Vec::new();
        for id in text.split([',', ' ']).map(str::trim).filter(|id| !id.is_empty()) {
            if !known.0.iter().any(|known| known == id) {
                return Err(NotShown::Unknown(id.to_owned()));
            }
            if ids.iter().any(|before| before == id) {
                return Err(NotShown::Twice(id.to_owned()));
            }
            ids.push(id.to_owned());
        }
        if ids.is_empty() { Err(NotShown::Nothing) } else { Ok(Self(ids)) }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Shown {
    /// Whether Stremio's search finds titles: it asks these catalogs alone.
    pub fn has_search(&self) -> bool {
        [Catalog::Newest, Catalog::Rating].iter().any(|catalog| self.0.iter().any(|id| *id == catalog.id()))
    }

    pub fn has_lists(&self) -> bool {
        self.0.iter().any(|id| id == LISTS)
    }

    pub fn has_collections(&self) -> bool {
        self.0.iter().any(|id| *id == Catalog::Collections.id())
    }

    /// Every catalog to show, with those of the lists where they stand.
    pub fn catalogs(&self, lists: &[(Kind, Catalog)]) -> Vec<(Kind, Catalog)> {
        let of = |id: &String| -> Vec<(Kind, Catalog)> {
            if id == LISTS {
                return lists.to_vec();
            }
            let is_it = |catalog: Catalog| match catalog {
                Catalog::UnmatchedSearch => *id == Catalog::Unmatched.id(),
                catalog => *id == catalog.id(),
            };
            Catalog::ALL.into_iter().filter(|(_, catalog)| is_it(*catalog)).collect()
        };
        self.0.iter().flat_map(of).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_catalogs_are_shown_unless_somebody_chose() {
        let lists = [(Kind::Movie, Catalog::List(ListId(7)))];
        let all = Shown::default();
        assert_eq!(
            all.to_string(),
            "newest new-episodes popular rating collections lists by-year by-language by-channel unmatched"
        );
        let without_lists: Vec<_> = all.catalogs(&lists).into_iter().filter(|shown| *shown != lists[0]).collect();
        assert_eq!(without_lists, Catalog::ALL);
        assert_eq!(all.to_string().parse(), Ok(all), "it is read as it is shown");
    }

    #[test]
    fn what_is_chosen_is_shown_in_its_order() {
        let shown: Shown = "lists, unmatched new-episodes".parse().expect("three catalogs");
        let lists = [(Kind::Series, Catalog::List(ListId(7)))];
        let wanted = [
            lists[0],
            (Kind::Movie, Catalog::Unmatched),
            (Kind::Movie, Catalog::UnmatchedSearch),
            (Kind::Series, Catalog::NewEpisodes),
        ];
        assert_eq!(shown.catalogs(&lists), wanted);
        assert!(!shown.has_search() && Shown::default().has_search());
        assert!(shown.has_lists() && Shown::default().has_lists());
        assert!(!shown.has_collections() && Shown::default().has_collections());
        assert_eq!("".parse::<Shown>(), Err(NotShown::Nothing));
        assert_eq!("newest newest".parse::<Shown>(), Err(NotShown::Twice("newest".to_owned())));
        let unknown = "new".parse::<Shown>().expect_err("no catalog").to_string();
        assert!(unknown.starts_with("\"new\" is no catalog; there are newest "), "{unknown}");
    }

    #[test]
    fn a_lists_catalog_has_its_number() {
        assert_eq!(Catalog::List(ListId(7)).id(), "list-7");
        assert_eq!("list-7".parse(), Ok(Catalog::List(ListId(7))));
        for bad in ["list-", "list--7", "list-+7", "list-x", "lists", "nothing"] {
            assert_eq!(bad.parse::<Catalog>(), Err(()), "{bad}");
        }
    }
}
