//! Cinemeta, Stremio's own metadata addon (v3-cinemeta.strem.io): the way to answers without a key. Knows titles by IMDb id
//! only, in English, without other names.

use serde::Deserialize;

use super::Error;
use super::http::{Auth, Http};
use super::wire::{OneOrMany, date, distinct, each, lenient, plot, tenths, text, token, year};
use crate::domain::matching::Candidate;
use crate::domain::title::{Episode, ImdbId, Kind, Rater, Title, TitleIds, TmdbId};

pub(super) const NAME: &str = "Cinemeta";

const CAST: usize = 12;
const TRAILERS: usize = 3;

pub(super) struct Cinemeta {
    http: Http,
    url: String,
}

impl Cinemeta {
    pub(super) fn new(url: &str) -> Self {
        Self { http: Http::new(NAME, url, Auth::None), url: url.trim_end_matches('/').to_owned() }
    }

    /// Its search knows no year.
    pub(super) async fn search(&self, kind: Kind, name: &str) -> Result<Vec<Candidate>, Error> {
        let url = format!("{}/catalog/{kind}/top/search={}.json", self.url, percent_encoded(name));
        let page: Page = self.http.get(&url, &[]).await?.unwrap_or_default();
        Ok(page.metas.into_iter().filter_map(|row| row.into_candidate(kind)).collect())
    }

    /// An id that it does not know gets a meta without a name.
    pub(super) async fn title(&self, kind: Kind, id: ImdbId) -> Result<Option<Title>, Error> {
        let url = format!("{}/meta/{kind}/{id}.json", self.url);
        let answer: Answer = self.http.get(&url, &[]).await?.unwrap_or_default();
        Ok(answer.meta.into_title(kind, id))
    }

    pub(super) fn ask_anyway(&self) {
        self.http.ask_anyway();
    }

    /// IMDb's rating in tenths of a point. `None` where it has none, also of an id that it does not know.
    pub(super) async fn rating(&self, kind: Kind, id: ImdbId) -> Result<Option<u8>, Error> {
        let url = format!("{}/meta/{kind}/{id}.json", self.url);
        let answer: Answer = self.http.get(&url, &[]).await?.unwrap_or_default();
        Ok(rating(&answer.meta.imdb_rating))
    }

    pub(super) async fn check(&self) -> Result<(), Error> {
        self.http.get::<serde::de::IgnoredAny>(&format!("{}/manifest.json", self.url), &[]).await.map(|_| ())
    }
}

/// For one segment of a path: everything but RFC 3986's unreserved characters.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[derive(Default, Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "each")]
    metas: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    sort: String,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, rename = "releaseInfo", deserialize_with = "lenient")]
    release_info: String,
    #[serde(default, deserialize_with = "lenient")]
    popularity: f64,
}

impl Row {
    fn into_candidate(self, kind: Kind) -> Option<Candidate> {
        if !self.sort.is_empty() && self.sort != kind.as_str() {
            return None;
        }
        Some(Candidate {
            kind,
            ids: TitleIds { imdb: Some(self.id.parse().ok()?), tmdb: None },
            name: text(&self.name)?,
            original_name: None,
            alternative_names: Vec::new(),
            year: year(&self.release_info),
            countries: Vec::new(),
            popularity: (self.popularity * 1000.0) as u64,
            votes: None,
            runtime_mins: None,
        })
    }
}

#[derive(Default, Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "lenient")]
    meta: Meta,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Meta {
    #[serde(rename = "type", deserialize_with = "lenient")]
    sort: String,
    #[serde(deserialize_with = "lenient")]
    name: String,
    /// `1994`, `2008–2013`, `2019–`.
    #[serde(rename = "releaseInfo", deserialize_with = "lenient")]
    release_info: String,
    #[serde(deserialize_with = "lenient")]
    year: String,
    #[serde(deserialize_with = "lenient")]
    released: String,
    #[serde(deserialize_with = "lenient")]
    description: String,
    #[serde(deserialize_with = "lenient")]
    runtime: String,
    #[serde(deserialize_with = "lenient")]
    genres: OneOrMany,
    /// The same under the old word; either may be missing.
    #[serde(deserialize_with = "lenient")]
    genre: OneOrMany,
    #[serde(deserialize_with = "lenient")]
    cast: OneOrMany,
    #[serde(deserialize_with = "lenient")]
    director: OneOrMany,
    #[serde(rename = "imdbRating", deserialize_with = "lenient")]
    imdb_rating: String,
    #[serde(deserialize_with = "lenient")]
    popularity: f64,
    #[serde(deserialize_with = "lenient")]
    poster: String,
    #[serde(deserialize_with = "lenient")]
    background: String,
    #[serde(deserialize_with = "lenient")]
    logo: String,
    #[serde(deserialize_with = "lenient")]
    country: String,
    #[serde(deserialize_with = "lenient")]
    moviedb_id: Option<u64>,
    #[serde(deserialize_with = "each")]
    trailers: Vec<Trailer>,
    #[serde(deserialize_with = "each")]
    videos: Vec<Video>,
}

#[derive(Deserialize)]
struct Trailer {
    source: String,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    sort: String,
}

#[derive(Deserialize)]
struct Video {
    season: u16,
    #[serde(default, deserialize_with = "lenient")]
    episode: Option<u16>,
    #[serde(default, deserialize_with = "lenient")]
    number: Option<u16>,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    title: String,
    #[serde(default, deserialize_with = "lenient")]
    overview: String,
    #[serde(default, deserialize_with = "lenient")]
    description: String,
    #[serde(default, deserialize_with = "lenient")]
    released: String,
    #[serde(default, rename = "firstAired", deserialize_with = "lenient")]
    first_aired: String,
    #[serde(default, deserialize_with = "lenient")]
    thumbnail: String,
}

impl Meta {
    fn into_title(self, kind: Kind, id: ImdbId) -> Option<Title> {
        if !self.sort.is_empty() && self.sort != kind.as_str() {
            return None;
        }
        let first_year = year(&self.release_info).or_else(|| year(&self.year)).or_else(|| year(&self.released));
        let last_year = self.release_info.split(['–', '-']).nth(1).and_then(year);
        let mut episodes: Vec<Episode> = match kind {
            Kind::Movie => Vec::new(),
            Kind::Series => self.videos.into_iter().filter_map(Video::into_episode).collect(),
        };
        episodes.sort_by_key(|e| (e.season, e.number));
        episodes.dedup_by_key(|e| (e.season, e.number));
        Some(Title {
            kind,
            ids: TitleIds { imdb: Some(id), tmdb: self.moviedb_id.and_then(TmdbId::new) },
            name: text(&self.name)?,
            original_name: None,
            alternative_names: Vec::new(),
            year: first_year,
            released: date(&self.released),
            ended: last_year.filter(|_| kind == Kind::Series),
            plot: plot(&self.description).unwrap_or_default(),
            genres: distinct(self.genres.into_vec().into_iter().chain(self.genre.into_vec()), &[]),
            rating: rating(&self.imdb_rating),
            rated_by: Rater::Imdb,
            popularity: (self.popularity * 1000.0) as u64,
            runtime_mins: minutes(&self.runtime),
            poster: url(&self.poster),
            background: url(&self.background),
            logo: url(&self.logo),
            cast: self.cast.into_vec().into_iter().take(CAST).collect(),
            directors: self.director.into_vec(),
            trailers: self
                .trailers
                .iter()
                .filter(|t| t.sort == "Trailer")
                .filter_map(|t| token(&t.source))
                .take(TRAILERS)
                .collect(),
            country: text(&self.country),
            collection: None,
            episodes,
        })
    }
}

impl Video {
    fn into_episode(self) -> Option<Episode> {
        Some(Episode {
            season: self.season,
            number: self.episode.or(self.number)?,
            name: text(&self.name).or_else(|| text(&self.title)).unwrap_or_default(),
            overview: plot(&self.overview).or_else(|| plot(&self.description)).unwrap_or_default(),
            aired: date(&self.first_aired).or_else(|| date(&self.released)),
            still: url(&self.thumbnail),
        })
    }
}

fn rating(raw: &str) -> Option<u8> {
    raw.trim().parse().ok().and_then(tenths)
}

fn url(raw: &str) -> Option<String> {
    token(raw).filter(|u| u.starts_with("https://") || u.starts_with("http://"))
}

/// `142 min`, `2h 22min`, `1h`.
fn minutes(raw: &str) -> Option<u16> {
    let mut total = 0u16;
    let mut number = None::<u16>;
    for c in raw.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = number.unwrap_or(0).checked_mul(10)?.checked_add(digit as u16);
        } else if c == 'h' {
            total = number.take()?.checked_mul(60)?;
        } else if c == 'm' {
            total = total.checked_add(number.take()?)?;
            break;
        }
    }
    (total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::wire::{assert_clean, hostile};
    use super::*;

    #[test]
    fn a_title_is_clean_whatever_it_is_told() {
        let bad = hostile();
        let video =
            json!({ "season": 1, "episode": 1, "name": bad, "overview": bad, "thumbnail": format!("https://{bad}") });
        let meta = json!({ "meta": {
            "name": bad, "description": bad, "genres": [bad], "genre": bad, "cast": [bad], "director": [bad], "country": bad,
            "poster": format!("https://{bad}"), "background": bad, "logo": bad, "releaseInfo": bad, "released": bad,
            "trailers": [{ "source": bad, "type": "Trailer" }], "videos": [video], "moviedb_id": 10_331_000_000u64,
        } });
        let meta = serde_json::from_value::<Answer>(meta).expect("readable").meta;
        let title = meta.into_title(Kind::Series, "tt0903747".parse().expect("an id")).expect("named");
        assert_clean(&title);
        assert_eq!((title.ids.tmdb, title.poster, title.episodes.len()), (None, None, 1));
    }

    #[test]
    fn running_times_are_read_in_every_writing() {
        for (raw, wanted) in [
            ("142 min", Some(142)),
            ("2h 22min", Some(142)),
            ("1h", Some(60)),
            ("2h22m", Some(142)),
            ("", None),
            ("min", None),
            ("99999999 min", None),
        ] {
            assert_eq!(minutes(raw), wanted, "{raw}");
        }
    }

    #[test]
    fn a_meta_is_read_whatever_its_shape() {
        let id = "tt0903747".parse().expect("an id");
        let meta = |value: serde_json::Value| {
            serde_json::from_value::<Answer>(value).expect("readable").meta.into_title(Kind::Series, id)
        };
        assert_eq!(meta(json!({ "meta": { "id": "tt0903747", "type": "series" } })), None, "unknown");
        assert_eq!(meta(json!({ "meta": { "type": "movie", "name": "x" } })), None, "another kind");
        assert_eq!(meta(json!({ "err": "none" })), None);
        let title = meta(json!({ "meta": {
            "type": "series", "name": " Slow Rivers ", "releaseInfo": "2008-2013", "released": "", "runtime": null,
            "genre": ["Drama"], "genres": ["Drama", "Crime"], "director": "One Alone", "cast": null, "imdbRating": "N/A",
            "poster": "", "logo": "not a url", "moviedb_id": null, "trailers": [{ "source": "a", "type": "Trailer" }, {}],
            "videos": [
                { "season": 2, "number": 1, "title": "Second", "released": "2009-03-08T05:00:00.000Z" },
                { "season": 1, "episode": 2, "name": "First", "firstAired": "bad" },
                { "season": 1, "episode": 2, "name": "First again" },
                { "id": "no season" },
            ],
        } }))
        .expect("named");
        assert_eq!((title.name.as_str(), title.year, title.ended), ("Slow Rivers", Some(2008), Some(2013)));
        assert_eq!((title.genres.len(), title.directors.len(), title.rating, title.poster), (2, 1, None, None));
        assert_eq!((title.logo, title.trailers), (None, vec!["a".to_owned()]));
        let episodes: Vec<_> =
            title.episodes.iter().map(|e| (e.season, e.number, e.name.as_str(), e.aired.as_deref())).collect();
        assert_eq!(episodes, [(1, 2, "First", None), (2, 1, "Second", Some("2009-03-08"))]);
    }

    #[test]
    fn search_text_becomes_one_path_segment() {
        assert_eq!(percent_encoded("Sci-Fi & Fantasy / é"), "Sci-Fi%20%26%20Fantasy%20%2F%20%C3%A9");
    }
}
