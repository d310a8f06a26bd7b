//! The raw URL path behind the token -> a [`Request`].
//!
//! The path is read as it came over the wire: extras are joined by `&` and percent-encoded one by one, so a genre such as
//! `Sci-Fi & Fantasy` is only whole when the text is split first and decoded afterwards.
//!
//! ```text
//! manifest.json
//! catalog/{type}/{catalog}.json
//! catalog/{type}/{catalog}/genre=Sci-Fi%20%26%20Fantasy&year=2023&skip=100.json
//! meta/{type}/{id}.json        stream/{type}/{id}.json
//! subtitles/{type}/{id}.json   subtitles/{type}/{id}/filename=…&videoSize=….json
//! ```

use percent_encoding::percent_decode_str;

use super::ContentId;
use super::catalogs::{ALL_CHANNELS, ALL_LANGUAGES, ALL_YEARS, Catalog};
use super::id::is_foreign;
use super::language;
use crate::domain::catalog::{Order, Query, Shelf};
use crate::domain::foreign_id::ForeignContent;
use crate::domain::list::ListId;
use crate::domain::title::Kind;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Manifest,
    Catalog {
        kind: Kind,
        catalog: Catalog,
        extra: Extra,
    },
    Meta {
        kind: Kind,
        id: ContentId,
    },
    Stream {
        kind: Kind,
        id: ContentId,
    },
    Subtitles {
        kind: Kind,
        id: ContentId,
        playing: Playing,
    },
    /// By an id of another site, for which the library may have a title.
    ForeignStream(ForeignContent),
    ForeignSubtitles(ForeignContent, Playing),
    /// By an id of a catalog of others, which nothing here has.
    Foreign(Resource),
}

/// What a player says of the file that it plays, when it asks for subtitles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Playing {
    pub file_name: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// OpenSubtitles' hash.
    pub hash: Option<u64>,
}

/// What can be asked of one title or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    Meta,
    Stream,
    Subtitles,
}

/// The filters of a catalog. Empty values count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    pub genre: Option<String>,
    pub year: Option<u16>,
    pub skip: u32,
    pub search: Option<String>,
}

/// What a catalog request asks of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogQuery {
    Page(Query),
    /// Titles by name, those of the query's genre and year only.
    Search {
        text: String,
        query: Query,
    },
    /// Titles of which a file lies in the channel of this name.
    Channel {
        name: String,
        query: Query,
    },
    Collections {
        skip: u32,
    },
    /// The titles of a list made by hand; the query's kind and place count.
    List {
        list: ListId,
        query: Query,
    },
    Unmatched {
        search: Option<String>,
        skip: u32,
    },
}

/// Each names the part that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "the path should be manifest.json, or {{resource}}/{{type}}/{{id}}.json with catalog, meta, stream or subtitles"
    )]
    Path,
    #[error("{0:?} is not a resource of this addon")]
    Resource(String),
    #[error("{0:?} is not a type of this addon: movie or series")]
    Kind(String),
    #[error("there is no catalog {id:?} of type {kind}")]
    Catalog { kind: Kind, id: String },
    #[error("{0}")]
    Id(String),
    #[error("the extra {0:?} is not known here")]
    ExtraName(String),
    #[error("{value:?} is no value for the extra {name}")]
    ExtraValue { name: &'static str, value: String },
    #[error("{0:?} is not percent-encoded UTF-8")]
    Encoding(String),
}

impl Request {
    /// Reads what stands behind `/stremio/{token}/`, still percent-encoded.
    pub fn parse(path: &str) -> Result<Self, Error> {
        if path == "manifest.json" {
            return Ok(Self::Manifest);
        }
        // Only the last ".json" is the protocol's; an id or a search text may end in another.
        let parts: Vec<&str> = path.strip_suffix(".json").ok_or(Error::Path)?.split('/').collect();
        let (resource, kind, id, extra) = match parts[..] {
            [resource, kind, id] => (resource, kind, id, ""),
            [resource, kind, id, extra] => (resource, kind, id, extra),
            _ => return Err(Error::Path),
        };
        if !["catalog", "meta", "stream", "subtitles"].contains(&resource) {
            return Err(Error::Resource(resource.to_owned()));
        }
        let id = decode(id)?;
        // Of whatever type: addons for anime have one of their own.
        if is_foreign(&id)
            && let Some(resource) = Resource::named(resource)
        {
            return Ok(match (resource, id.parse()) {
                (Resource::Stream, Ok(content)) => Self::ForeignStream(content),
                (Resource::Subtitles, Ok(content)) => Self::ForeignSubtitles(content, Playing::parse(extra)),
                _ => Self::Foreign(resource),
            });
        }
        let kind = decode(kind)?;
        let kind: Kind = kind.parse().map_err(|()| Error::Kind(kind))?;
        let content = || id.parse::<ContentId>().map_err(Error::Id);
        Ok(match resource {
            "meta" => Self::Meta { kind, id: content()? },
            "stream" => Self::Stream { kind, id: content()? },
            "subtitles" => Self::Subtitles { kind, id: content()?, playing: Playing::parse(extra) },
            _ => {
                let is_ours =
                    |catalog: &Catalog| matches!(catalog, Catalog::List(_)) || Catalog::ALL.contains(&(kind, *catalog));
                let catalog = id.parse().ok().filter(is_ours);
                let catalog = catalog.ok_or(Error::Catalog { kind, id })?;
                let extra = Extra::parse(extra)?;
                // A genre that is no year, or no language, fails here, as every other part of the path that is not understood.
                extra.query(kind, catalog)?;
                Self::Catalog { kind, catalog, extra }
            }
        })
    }
}

impl Resource {
    fn named(name: &str) -> Option<Self> {
        match name {
            "meta" => Some(Self::Meta),
            "stream" => Some(Self::Stream),
            "subtitles" => Some(Self::Subtitles),
            _ => None,
        }
    }
}

impl Playing {
    /// Reads `filename=…&videoSize=…`, still encoded. What is not understood is not said: a player's own notes are no reason to
    /// refuse it subtitles.
    fn parse(text: &str) -> Self {
        let mut playing = Self::default();
        for (name, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = decode(value).ok().filter(|value| !value.trim().is_empty());
            match name {
                "filename" => playing.file_name = value,
                "videoHash" => playing.hash = value.and_then(|value| u64::from_str_radix(&value, 16).ok()),
                "videoSize" => playing.size = value.and_then(|value| value.parse().ok()),
                _ => {}
            }
        }
        playing
    }
}

impl Extra {
    /// Reads `genre=…&year=…`, still encoded. Of an extra given twice the last one counts.
    fn parse(text: &str) -> Result<Self, Error> {
        let mut extra = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            let value = Some(value).filter(|value| !value.trim().is_empty());
            match name.as_str() {
                "genre" => extra.genre = value,
                "search" => extra.search = value,
                "year" => extra.year = value.map(|value| number("year", value)).transpose()?,
                "skip" => extra.skip = value.map(|value| number("skip", value)).transpose()?.unwrap_or(0),
                _ => return Err(Error::ExtraName(name)),
            }
        }
        Ok(extra)
    }

    /// The by-year catalog's year: what `genre` says, as its options are years. `None` is all of them.
    fn by_year(&self) -> Result<Option<u16>, Error> {
        match &self.genre {
            Some(all) if all == ALL_YEARS => Ok(None),
            Some(year) => number("genre", year.clone()).map(Some),
            None => Ok(self.year),
        }
    }

    /// The by-language catalog's language: what `genre` says. `None` is all of them.
    fn by_language(&self) -> Result<Option<Shelf>, Error> {
        let Some(name) = self.genre.as_deref().filter(|name| *name != ALL_LANGUAGES) else { return Ok(None) };
        let unknown = || Error::ExtraValue { name: "genre", value: name.to_owned() };
        let code = language::offered(name).ok_or_else(unknown)?;
        Ok(Some(Shelf::Language(code.to_owned())))
    }

    /// The question to the library. `Err` when a by-year catalog is asked for something that is not a year, or a by-language catalog
    /// for no language.
    pub fn query(&self, kind: Kind, catalog: Catalog) -> Result<CatalogQuery, Error> {
        let mut shelf = None;
        let (order, genre, year) = match catalog {
            Catalog::Newest => (Order::Newest, self.genre.clone(), self.year),
            Catalog::Rating => (Order::Rating, self.genre.clone(), self.year),
            Catalog::Popular => (Order::Popularity, self.genre.clone(), None),
            Catalog::NewEpisodes => (Order::NewEpisodes, None, None),
            Catalog::ByYear => (Order::Newest, None, self.by_year()?),
            Catalog::ByLanguage => {
                shelf = self.by_language()?;
                (Order::Newest, None, None)
            }
            Catalog::ByChannel => (Order::Newest, None, None),
            Catalog::List(list) => {
                let query = Query { skip: self.skip, ..Query::all(kind, Order::Newest) };
                return Ok(CatalogQuery::List { list, query });
            }
            Catalog::Collections => return Ok(CatalogQuery::Collections { skip: self.skip }),
            // Installed before its only option was required, it is asked for without.
            Catalog::Unmatched | Catalog::UnmatchedSearch => {
                return Ok(CatalogQuery::Unmatched { search: self.search.clone(), skip: self.skip });
            }
        };
        let query = Query { genre, year, shelf, skip: self.skip, ..Query::all(kind, order) };
        if catalog == Catalog::ByChannel
            && let Some(name) = self.genre.clone().filter(|name| name != ALL_CHANNELS)
        {
            return Ok(CatalogQuery::Channel { name, query });
        }
        Ok(match &self.search {
            Some(text) => CatalogQuery::Search { text: text.clone(), query },
            None => CatalogQuery::Page(query),
        })
    }
}

fn number<T: std::str::FromStr>(name: &'static str, value: String) -> Result<T, Error> {
    // `parse` would take a leading plus.
    let digits = Some(&value).filter(|v| v.bytes().all(|b| b.is_ascii_digit()));
    digits.and_then(|v| v.parse().ok()).ok_or(Error::ExtraValue { name, value })
}

fn decode(text: &str) -> Result<String, Error> {
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(Error::Encoding(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(path: &str) -> Result<(Kind, Catalog, Extra), Error> {
        match Request::parse(path)? {
            Request::Catalog { kind, catalog, extra } => Ok((kind, catalog, extra)),
            other => panic!("{path} is {other:?}"),
        }
    }

    #[test]
    fn extras_are_split_before_they_are_decoded() {
        let genre = |g: &str| Extra { genre: Some(g.to_owned()), ..Extra::default() };
        let search = |s: &str| Extra { search: Some(s.to_owned()), ..Extra::default() };
        let cases = [
            ("catalog/movie/newest.json", Extra::default()),
            ("catalog/movie/newest/genre=Sci-Fi%20%26%20Fantasy.json", genre("Sci-Fi & Fantasy")),
            ("catalog/movie/newest/year=2023&genre=Drama.json", Extra { year: Some(2023), ..genre("Drama") }),
            (
                "catalog/movie/newest/genre=Drama&year=2023&skip=100.json",
                Extra { year: Some(2023), skip: 100, ..genre("Drama") },
            ),
            ("catalog/movie/rating/skip=4294967295.json", Extra { skip: u32::MAX, ..Extra::default() }),
            ("catalog/movie/newest/search=a%3Db%26year%3D1.json", search("a=b&year=1")),
            ("catalog/movie/newest/search=package.json.json", search("package.json")),
            ("catalog/movie/newest/search=%D0%9D%D0%BE%D1%87%D1%8C.json", search("Ночь")),
            ("catalog/movie/newest/search=1%2B1.json", search("1+1")),
            ("catalog/movie/newest/search=C%2FO%20x.json", search("C/O x")),
            ("catalog/movie/newest/genre=&skip=.json", Extra::default()),
            ("catalog/movie/newest/.json", Extra::default()),
        ];
        for (path, wanted) in cases {
            assert_eq!(catalog(path).map(|(_, _, extra)| extra), Ok(wanted), "{path}");
        }
    }

    #[test]
    fn ids_come_encoded_or_not() {
        let entry = "cinepost:00000000000000000".parse().expect("an id");
        let episode = "tt0944947:1:2".parse().expect("an id");
        let cases = [
            ("manifest.json", Request::Manifest),
            ("meta/movie/cinepost%3A00000000000000000.json", Request::Meta { kind: Kind::Movie, id: entry }),
            ("stream/series/tt0944947%3A1%3A2.json", Request::Stream { kind: Kind::Series, id: episode }),
            ("stream/series/tt0944947:1:2.json", Request::Stream { kind: Kind::Series, id: episode }),
            (
                "subtitles/series/tt0944947:1:2/filename=a%26b.mkv&videoSize=1&videoHash=8e245d9679d31e12.json",
                Request::Subtitles {
                    kind: Kind::Series,
                    id: episode,
                    playing: Playing {
                        file_name: Some("a&b.mkv".to_owned()),
                        size: Some(1),
                        hash: Some(0x8e24_5d96_79d3_1e12),
                    },
                },
            ),
            (
                "subtitles/movie/cinepost:00000000000000000/filename=%ff&videoSize=-1&x.json",
                Request::Subtitles { kind: Kind::Movie, id: entry, playing: Playing::default() },
            ),
        ];
        for (path, wanted) in cases {
            assert_eq!(Request::parse(path), Ok(wanted), "{path}");
        }
    }

    #[test]
    fn errors_name_the_part() {
        let cases = [
            ("", "the path should be"),
            ("catalog/movie/newest", "the path should be"),
            ("catalog/movie.json", "the path should be"),
            ("a/b/c/d/e.json", "the path should be"),
            ("manifest.json/x.json", "the path should be"),
            ("addon_catalog/movie/x.json", "\"addon_catalog\" is not a resource"),
            ("catalog/channel/newest.json", "\"channel\" is not a type"),
            ("catalog/movie/top.json", "no catalog \"top\" of type movie"),
            ("catalog/series/unmatched.json", "no catalog \"unmatched\" of type series"),
            ("catalog/movie/newest/year=MMXX.json", "\"MMXX\" is no value for the extra year"),
            ("catalog/movie/newest/year=%2B2020.json", "\"+2020\" is no value for the extra year"),
            ("catalog/movie/newest/skip=-1.json", "\"-1\" is no value for the extra skip"),
            ("catalog/movie/newest/skip=4294967296.json", "no value for the extra skip"),
            ("catalog/movie/newest/sort=name.json", "the extra \"sort\" is not known"),
            ("catalog/movie/newest/search=%ff.json", "\"%ff\" is not percent-encoded UTF-8"),
            ("catalog/movie/by-year/genre=Drama.json", "\"Drama\" is no value for the extra genre"),
            ("catalog/movie/by-language/genre=Klingon.json", "\"Klingon\" is no value for the extra genre"),
            ("catalog/movie/new-episodes.json", "no catalog \"new-episodes\" of type movie"),
            ("meta/movie/night.json", "\"night\" is not an"),
        ];
        for (path, wanted) in cases {
            let error = Request::parse(path).expect_err(path).to_string();
            assert!(error.contains(wanted), "{path}: {error}");
        }
    }

    #[test]
    fn catalogs_become_questions_to_the_library() {
        let query = |order, genre: Option<&str>, year, skip| Query {
            genre: genre.map(str::to_owned),
            year,
            skip,
            ..Query::all(Kind::Movie, order)
        };
        let german = Some(Shelf::Language("de".to_owned()));
        let cases = [
            ("newest.json", CatalogQuery::Page(query(Order::Newest, None, None, 0))),
            (
                "rating/genre=War&year=1968&skip=7.json",
                CatalogQuery::Page(query(Order::Rating, Some("War"), Some(1968), 7)),
            ),
            ("by-year/genre=1968.json", CatalogQuery::Page(query(Order::Newest, None, Some(1968), 0))),
            (
                "newest/search=dead.json",
                CatalogQuery::Search { text: "dead".into(), query: query(Order::Newest, None, None, 0) },
            ),
            ("by-year/genre=All%20years&skip=9.json", CatalogQuery::Page(query(Order::Newest, None, None, 9))),
            ("by-year.json", CatalogQuery::Page(query(Order::Newest, None, None, 0))),
            ("popular/genre=War.json", CatalogQuery::Page(query(Order::Popularity, Some("War"), None, 0))),
            (
                "by-language/genre=German&skip=7.json",
                CatalogQuery::Page(Query { shelf: german, ..query(Order::Newest, None, None, 7) }),
            ),
            ("by-language/genre=All%20languages.json", CatalogQuery::Page(query(Order::Newest, None, None, 0))),
            (
                "by-channel/genre=Old%20films.json",
                CatalogQuery::Channel { name: "Old films".into(), query: query(Order::Newest, None, None, 0) },
            ),
            ("by-channel/genre=All%20channels.json", CatalogQuery::Page(query(Order::Newest, None, None, 0))),
            ("unmatched/genre=All%20files.json", CatalogQuery::Unmatched { search: None, skip: 0 }),
            ("unmatched/search=home&skip=3.json", CatalogQuery::Unmatched { search: Some("home".into()), skip: 3 }),
            ("unmatched-search/search=home.json", CatalogQuery::Unmatched { search: Some("home".into()), skip: 0 }),
        ];
        for (path, wanted) in cases {
            let (kind, catalog, extra) = catalog(&format!("catalog/movie/{path}")).expect(path);
            assert_eq!(extra.query(kind, catalog), Ok(wanted), "{path}");
        }
    }
}
