//! Which lists an index is made of, and where they are asked for.

use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::Options;

/// Said wherever the owner turns it on.
pub const TERMS: &str = "IMDb's lists are for personal and non-commercial use only: \
                         https://developer.imdb.com/non-commercial-datasets/";

/// TMDB writes a day's export in the morning (UTC) and keeps it for three months.
const DAYS_BACK: i64 = 3;

/// What the owner chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    pub imdb: bool,
    pub tmdb: bool,
}

impl Sources {
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Ratings,
    Basics,
    Akas,
    TmdbFilms,
    TmdbSeries,
}

impl List {
    /// As the builder wants them.
    pub fn of(sources: Sources) -> Vec<Self> {
        let imdb = [Self::Ratings, Self::Basics, Self::Akas].into_iter().filter(|_| sources.imdb);
        imdb.chain([Self::TmdbFilms, Self::TmdbSeries].into_iter().filter(|_| sources.tmdb)).collect()
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Ratings => "title.ratings",
            Self::Basics => "title.basics",
            Self::Akas => "title.akas",
            Self::TmdbFilms => "movie_ids",
            Self::TmdbSeries => "tv_series_ids",
        }
    }

    /// The setting that says where it is.
    pub fn setting(self) -> &'static str {
        match self {
            Self::Ratings | Self::Basics | Self::Akas => "IMDB_DATASETS_URL",
            Self::TmdbFilms | Self::TmdbSeries => "TMDB_EXPORTS_URL",
        }
    }

    /// Where it may be, the newest first. `now` in unix seconds.
    pub fn urls(self, options: &Options, now: i64) -> Vec<String> {
        let name = self.name();
        match self {
            Self::Ratings | Self::Basics | Self::Akas => vec![format!("{}/{name}.tsv.gz", options.imdb_url)],
            Self::TmdbFilms | Self::TmdbSeries => {
                let today = OffsetDateTime::from_unix_timestamp(now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
                let day = format_description!("[month]_[day]_[year]");
                let days = (0..DAYS_BACK).filter_map(|back| (today - Duration::days(back)).format(day).ok());
                days.map(|day| format!("{}/{name}_{day}.json.gz", options.tmdb_url)).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_asked_for_where_the_settings_say_and_exports_by_day() {
        let sources = Sources { imdb: true, tmdb: true };
        let (imdb_url, tmdb_url) = ("https://i".to_owned(), "https://t".to_owned());
        let write = crate::adapters::data_folder::write_with;
        let options = Options { dir: "titles".into(), sources, imdb_url, tmdb_url, write };
        // 2 March 2024.
        let urls: Vec<_> = List::of(sources).into_iter().map(|list| list.urls(&options, 1_709_380_000)).collect();
        assert_eq!(urls[1], ["https://i/title.basics.tsv.gz"]);
        let days = ["03_02_2024", "03_01_2024", "02_29_2024"];
        assert_eq!(urls[3], days.map(|day| format!("https://t/movie_ids_{day}.json.gz")));
        assert_eq!(List::of(Sources { imdb: false, tmdb: true }), [List::TmdbFilms, List::TmdbSeries]);
    }
}
