//! The list as it comes, one object for each title, its fields there when they are known:
//!
//! ```json
//! { "type": "TV", "anidb_id": 9, "anilist_id": 104578, "kitsu_id": 41982, "mal_id": 38524, "imdb_id": ["tt2560140"],
//!   "themoviedb_id": { "tv": 1429 }, "tvdb_id": 267440, "season": { "tvdb": 3, "tmdb": 3 }, "episode_offset": { "tvdb": 12 } }
//! ```
//!
//! Total: what is no row is passed over, what is no list is an error.

use std::fmt;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::wire::{OneOrMany, lenient};
use crate::domain::anime::{Anime, Numbering};
use crate::domain::foreign_id::Site;
use crate::domain::title::{Kind, TitleIds, TmdbId};

/// There are some 40,000 titles.
const MAX_ROWS: usize = 400_000;

/// A title that somebody numbers and IMDb or TMDB has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    /// In the order of [`Site::ALL`]; 0 for none.
    pub sites: [u32; Site::ALL.len()],
    pub anime: Anime,
}

/// All rows of a list; an error says what it is instead.
pub(super) fn read(text: &[u8]) -> Result<Vec<Row>, String> {
    let rows = serde_json::from_slice::<Rows>(text).map_err(|error| format!("it is no list of anime: {error}"))?.0;
    if rows.is_empty() { Err("it holds no title".to_owned()) } else { Ok(rows) }
}

struct Rows(Vec<Row>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Rows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of titles")
            }

            // Never all of it as values, which would be a hundred megabytes.
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Rows, A::Error> {
                let mut rows = Vec::new();
                while let Some(value) = list.next_element::<Value>()? {
                    let title = serde_json::from_value::<Listed>(value).ok();
                    rows.extend(title.and_then(Listed::into_row));
                    if rows.len() > MAX_ROWS {
                        return Err(serde::de::Error::custom("it has no end"));
                    }
                }
                Ok(Rows(rows))
            }
        }

        from.deserialize_seq(Each)
    }
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Listed {
    #[serde(rename = "type", deserialize_with = "lenient")]
    sort: String,
    #[serde(deserialize_with = "lenient")]
    anidb_id: u32,
    #[serde(deserialize_with = "lenient")]
    anilist_id: u32,
    #[serde(deserialize_with = "lenient")]
    kitsu_id: u32,
    #[serde(deserialize_with = "lenient")]
    mal_id: u32,
    #[serde(alias = "thetvdb_id", deserialize_with = "lenient")]
    tvdb_id: u32,
    #[serde(deserialize_with = "lenient")]
    imdb_id: OneOrMany,
    #[serde(deserialize_with = "lenient")]
    themoviedb_id: Tmdb,
    #[serde(deserialize_with = "lenient")]
    season: BySite<Option<u16>>,
    #[serde(deserialize_with = "lenient")]
    episode_offset: BySite<i32>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tmdb {
    #[serde(deserialize_with = "lenient")]
    tv: u64,
    #[serde(deserialize_with = "lenient")]
    movie: Films,
}

/// One film's number or several films'.
#[derive(Deserialize)]
#[serde(untagged)]
enum Films {
    One(u64),
    Many(Vec<u64>),
}

impl Default for Films {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Films {
    /// Where it is several films, nobody says which is meant.
    fn only(&self) -> Option<u64> {
        match self {
            Self::One(number) => Some(*number),
            Self::Many(numbers) => match numbers[..] {
                [number] => Some(number),
                _ => None,
            },
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct BySite<T: Default + for<'a> Deserialize<'a>> {
    #[serde(deserialize_with = "lenient")]
    tvdb: T,
    #[serde(deserialize_with = "lenient")]
    tmdb: T,
}

impl Listed {
    /// `None` when nobody numbers it, or neither IMDb nor TMDB has it.
    fn into_row(self) -> Option<Row> {
        let tv = TmdbId::new(self.themoviedb_id.tv);
        let film = self.themoviedb_id.movie.only().and_then(TmdbId::new);
        let (kind, tmdb) = match (tv, film) {
            (Some(tv), _) => (Kind::Series, Some(tv)),
            (None, Some(film)) => (Kind::Movie, Some(film)),
            (None, None) if self.sort == "MOVIE" => (Kind::Movie, None),
            (None, None) => (Kind::Series, None),
        };
        // A film of several has IMDb's ids of all of them.
        let imdb = self.imdb_id.into_vec();
        let is_one = kind == Kind::Series || imdb.len() == 1;
        let imdb = imdb.iter().find_map(|id| id.parse().ok()).filter(|_| is_one);
        let ids = TitleIds { imdb, tmdb };
        let numbering = |season, offset| Numbering { season, offset };
        let anime = Anime {
            kind,
            ids,
            tmdb: numbering(self.season.tmdb, self.episode_offset.tmdb),
            tvdb: numbering(self.season.tvdb, self.episode_offset.tvdb),
        };
        // A film that is a special of a series at TheTVDB has that series' number, which is not the film's.
        let tvdb = if kind == Kind::Series { self.tvdb_id } else { 0 };
        let sites = [self.anidb_id, self.anilist_id, self.kitsu_id, self.mal_id, tvdb];
        let is_known = ids != TitleIds::default() && sites.iter().any(|number| *number > 0);
        is_known.then_some(Row { sites, anime })
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::wire::hostile;
    use super::*;

    #[test]
    fn rows_are_read_and_what_is_none_is_passed_over() {
        let bad = hostile();
        let text = serde_json::json!([
            {
                "type": "TV", "anidb_id": 1, "anilist_id": 2, "kitsu_id": 3, "mal_id": 4, "imdb_id": ["tt2560140"],
                "themoviedb_id": { "tv": 1429 }, "tvdb_id": 5, "season": { "tvdb": 3, "tmdb": 1 }, "episode_offset": { "tmdb": -2 },
                "livechart_id": 9, "anime-planet_id": "x",
            },
            { "type": "MOVIE", "kitsu_id": 142, "imdb_id": "tt0119698", "themoviedb_id": { "movie": [128] }, "tvdb_id": 5 },
            { "type": "MOVIE", "kitsu_id": 143, "imdb_id": ["tt0119698", "tt0119699"], "themoviedb_id": { "movie": [128, 129] } },
            { "type": "TV", "kitsu_id": 144, "mal_id": "144", "tvdb_id": 8 },
            { "kitsu_id": bad, "imdb_id": bad, "themoviedb_id": bad, "season": [bad], "episode_offset": { "tvdb": bad } },
            { "kitsu_id": -1, "anidb_id": 4_294_967_296u64, "imdb_id": ["tt2560140"] },
            null, 7, [], bad,
        ]);
        let rows = read(text.to_string().as_bytes()).expect("a list");
        let titles: Vec<_> =
            rows.iter().map(|row| (row.sites, row.anime.kind, row.anime.ids.tmdb.map(|id| id.0))).collect();
        assert_eq!(
            titles,
            [([1, 2, 3, 4, 5], Kind::Series, Some(1429)), ([0, 0, 142, 0, 0], Kind::Movie, Some(128))],
            "of several films nobody knows which"
        );
        let numbering = |season, offset| Numbering { season, offset };
        assert_eq!((rows[0].anime.tmdb, rows[0].anime.tvdb), (numbering(Some(1), -2), numbering(Some(3), 0)));
    }

    #[test]
    fn what_is_no_list_says_so() {
        for text in ["", "{}", "<html>", "[", "[{}]", "[]", "[null"] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
