//! The Movie Database, API v3 (developer.themoviedb.org/reference). Needs a key; knows everything that we show.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::Error;
use super::http::{Auth, Http};
use super::wire::{date, distinct, each, lenient, plot, tenths, text, token, year};
use crate::domain::matching::Candidate;
use crate::domain::title::{Episode, ImdbId, Kind, Rater, Title, TitleIds, TmdbId};

pub(super) const NAME: &str = "TMDB";

/// TMDB refuses more than this in one `append_to_response`.
const MAX_APPENDED: usize = 20;
/// Daily soaps have a season for each year; beyond this something is wrong.
const MAX_SEASONS: usize = 100;
const CAST: usize = 12;
const TRAILERS: usize = 3;

// Sizes that TMDB makes (its /configuration): wide enough for a TV, a fraction of the original.
const POSTER: &str = "w500";
const BACKDROP: &str = "w1280";
const LOGO: &str = "w500";
const STILL: &str = "w300";

pub(super) struct Tmdb {
    http: Http,
    url: String,
    image_url: String,
    /// `en-US`
    language: String,
}

impl Tmdb {
    pub(super) fn new(url: &str, image_url: &str, language: &str, key: &str) -> Self {
        // A v3 key is 32 hexadecimal digits; a v4 read token is a JWT. Both open the same doors.
        let is_v3 = key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit());
        let auth = if is_v3 { Auth::Query(key.to_owned()) } else { Auth::Bearer(key.to_owned()) };
        Self {
            http: Http::new(NAME, url, auth),
            url: url.trim_end_matches('/').to_owned(),
            image_url: image_url.trim_end_matches('/').to_owned(),
            language: language.to_owned(),
        }
    }

    /// The first page, TMDB's order kept.
    pub(super) async fn search(&self, kind: Kind, name: &str, released: Option<u16>) -> Result<Vec<Candidate>, Error> {
        let url = format!("{}/search/{}", self.url, segment(kind));
        let released = released.map(|y| y.to_string());
        let mut query = vec![("query", name), ("language", &self.language), ("include_adult", "false"), ("page", "1")];
        if let Some(released) = &released {
            // `year` takes a film's release in any country, so a name carrying another country's year is found too.
            let parameter = match kind {
                Kind::Movie => "year",
                Kind::Series => "first_air_date_year",
            };
            query.push((parameter, released));
        }
        let page: Page = self.http.get(&url, &query).await?.unwrap_or_default();
        Ok(page.results.into_iter().filter_map(|row| row.into_candidate(kind)).collect())
    }

    /// Whom an IMDb id belongs to. An episode's id stands for its series.
    pub(super) async fn find(&self, id: ImdbId) -> Result<Option<(Kind, TmdbId)>, Error> {
        let url = format!("{}/find/{id}", self.url);
        let found: Found = self.http.get(&url, &[("external_source", "imdb_id")]).await?.unwrap_or_default();
        let movie = found.movie_results.first().map(|row| (Kind::Movie, row.id));
        let series = found.tv_results.first().map(|row| (Kind::Series, row.id));
        let episode = found.tv_episode_results.first().map(|row| (Kind::Series, row.show_id));
        Ok(movie.or(series).or(episode).and_then(|(kind, id)| Some((kind, TmdbId::new(id)?))))
    }

    /// One request for a film; for a series one more for each twenty seasons.
    pub(super) async fn title(&self, kind: Kind, id: TmdbId) -> Result<Option<Title>, Error> {
        let url = format!("{}/{}/{}", self.url, segment(kind), id.0);
        let language = self.language.split('-').next().unwrap_or("en");
        let pictures = if language == "en" { "en,null".to_owned() } else { format!("{language},en,null") };
        let appended = match kind {
            Kind::Movie => "external_ids,credits,images,videos,alternative_titles,translations",
            Kind::Series => "external_ids,aggregate_credits,images,videos,alternative_titles,translations",
        };
        let query = [
            ("append_to_response", appended),
            ("language", &self.language),
            ("include_image_language", &pictures),
            ("include_video_language", &pictures),
        ];
        let Some(details) = self.http.get::<Details>(&url, &query).await? else { return Ok(None) };
        let seasons: Vec<u16> = match kind {
            Kind::Movie => Vec::new(),
            Kind::Series => details.seasons.iter().map(|s| s.season_number).take(MAX_SEASONS).collect(),
        };
        let Some(mut title) = details.into_title(kind, id, language, &self.image_url) else { return Ok(None) };
        title.episodes = self.episodes(&url, &seasons).await?;
        Ok(Some(title))
    }

    async fn episodes(&self, url: &str, seasons: &[u16]) -> Result<Vec<Episode>, Error> {
        // Keyed by place: TMDB has listed an episode twice.
        let mut episodes = BTreeMap::new();
        for some in seasons.chunks(MAX_APPENDED) {
            let appended: Vec<String> = some.iter().map(|n| format!("season/{n}")).collect();
            let query = [("append_to_response", appended.join(",")), ("language", self.language.clone())];
            let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
            let answer: Seasons = self.http.get(url, &query).await?.unwrap_or_default();
            for (season, row) in answer.0 {
                let episode = Episode {
                    season,
                    number: row.episode_number,
                    name: text(&row.name).unwrap_or_default(),
                    overview: plot(&row.overview).unwrap_or_default(),
                    aired: date(&row.air_date),
                    still: picture(&self.image_url, STILL, row.still_path.as_deref()),
                };
                episodes.insert((season, row.episode_number), episode);
            }
        }
        Ok(episodes.into_values().collect())
    }

    /// Any question shows whether the key is accepted; this one is the cheapest.
    pub(super) fn ask_anyway(&self) {
        self.http.ask_anyway();
    }

    pub(super) async fn check(&self) -> Result<(), Error> {
        self.http.get::<IgnoredAny>(&format!("{}/configuration", self.url), &[]).await.map(|_| ())
    }
}

fn segment(kind: Kind) -> &'static str {
    match kind {
        Kind::Movie => "movie",
        Kind::Series => "tv",
    }
}

fn picture(image_url: &str, size: &str, path: Option<&str>) -> Option<String> {
    let path = path.and_then(token).filter(|p| p.len() > 1 && p.starts_with('/'))?;
    Some(format!("{image_url}/{size}{path}"))
}

/// Genres by their numbers (/genre/movie/list, /genre/tv/list): the words come translated, catalogs want one set of them.
fn genre_word(id: u64) -> Option<&'static str> {
    Some(match id {
        12 => "Adventure",
        14 => "Fantasy",
        16 => "Animation",
        18 => "Drama",
        27 => "Horror",
        28 => "Action",
        35 => "Comedy",
        36 => "History",
        37 => "Western",
        53 => "Thriller",
        80 => "Crime",
        99 => "Documentary",
        878 => "Science Fiction",
        9648 => "Mystery",
        10402 => "Music",
        10749 => "Romance",
        10751 => "Family",
        10752 => "War",
        10759 => "Action & Adventure",
        10762 => "Kids",
        10763 => "News",
        10764 => "Reality",
        10765 => "Sci-Fi & Fantasy",
        10766 => "Soap",
        10767 => "Talk",
        10768 => "War & Politics",
        10770 => "TV Movie",
        _ => return None,
    })
}

// --- wire: films and series differ in a few words, which are aliases here -----------------------------------------------

#[derive(Default, Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "each")]
    results: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: u64,
    #[serde(default, alias = "name", deserialize_with = "lenient")]
    title: String,
    #[serde(default, alias = "original_name", deserialize_with = "lenient")]
    original_title: String,
    #[serde(default, alias = "first_air_date", deserialize_with = "lenient")]
    release_date: String,
    #[serde(default, deserialize_with = "lenient")]
    origin_country: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    popularity: f64,
}

impl Row {
    fn into_candidate(self, kind: Kind) -> Option<Candidate> {
        let original = text(&self.original_title);
        let name = text(&self.title).or_else(|| original.clone())?;
        Some(Candidate {
            kind,
            ids: TitleIds { imdb: None, tmdb: Some(TmdbId::new(self.id)?) },
            original_name: original.filter(|o| *o != name),
            name,
            alternative_names: Vec::new(),
            year: year(&self.release_date),
            countries: self.origin_country,
            popularity: thousandths(self.popularity),
        })
    }
}

fn thousandths(popularity: f64) -> u64 {
    // `as` takes what is below zero, endless or no number to the nearest bound.
    (popularity * 1000.0) as u64
}

#[derive(Default, Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "each")]
    movie_results: Vec<Numbered>,
    #[serde(default, deserialize_with = "each")]
    tv_results: Vec<Numbered>,
    #[serde(default, deserialize_with = "each")]
    tv_episode_results: Vec<OfShow>,
}

#[derive(Deserialize)]
struct Numbered {
    id: u64,
}

#[derive(Deserialize)]
struct OfShow {
    show_id: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    #[serde(alias = "name", deserialize_with = "lenient")]
    title: String,
    #[serde(alias = "original_name", deserialize_with = "lenient")]
    original_title: String,
    #[serde(alias = "first_air_date", deserialize_with = "lenient")]
    release_date: String,
    #[serde(deserialize_with = "lenient")]
    last_air_date: String,
    #[serde(deserialize_with = "lenient")]
    status: String,
    #[serde(deserialize_with = "lenient")]
    overview: String,
    #[serde(deserialize_with = "each")]
    genres: Vec<Genre>,
    #[serde(deserialize_with = "lenient")]
    vote_average: f64,
    #[serde(deserialize_with = "lenient")]
    popularity: f64,
    #[serde(deserialize_with = "lenient")]
    runtime: u16,
    #[serde(deserialize_with = "each")]
    episode_run_time: Vec<u16>,
    #[serde(deserialize_with = "lenient")]
    last_episode_to_air: RunTime,
    #[serde(deserialize_with = "lenient")]
    poster_path: Option<String>,
    #[serde(deserialize_with = "lenient")]
    backdrop_path: Option<String>,
    #[serde(deserialize_with = "lenient")]
    imdb_id: String,
    #[serde(deserialize_with = "each")]
    production_countries: Vec<Named>,
    #[serde(deserialize_with = "each")]
    created_by: Vec<Named>,
    #[serde(deserialize_with = "each")]
    seasons: Vec<SeasonNumber>,
    #[serde(deserialize_with = "lenient")]
    external_ids: ExternalIds,
    #[serde(alias = "aggregate_credits", deserialize_with = "lenient")]
    credits: Credits,
    #[serde(deserialize_with = "lenient")]
    images: Images,
    #[serde(deserialize_with = "lenient")]
    videos: Videos,
    #[serde(deserialize_with = "lenient")]
    alternative_titles: AlternativeTitles,
    #[serde(deserialize_with = "lenient")]
    translations: Translations,
}

#[derive(Deserialize)]
struct Genre {
    id: u64,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct SeasonNumber {
    season_number: u16,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RunTime {
    #[serde(deserialize_with = "lenient")]
    runtime: u16,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ExternalIds {
    #[serde(deserialize_with = "lenient")]
    imdb_id: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Credits {
    #[serde(deserialize_with = "each")]
    cast: Vec<Actor>,
    #[serde(deserialize_with = "each")]
    crew: Vec<Worker>,
}

#[derive(Deserialize)]
struct Actor {
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    order: Option<u32>,
}

#[derive(Deserialize)]
struct Worker {
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    job: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Images {
    #[serde(deserialize_with = "each")]
    logos: Vec<Logo>,
}

#[derive(Deserialize)]
struct Logo {
    file_path: String,
    #[serde(default, deserialize_with = "lenient")]
    iso_639_1: String,
    #[serde(default, deserialize_with = "lenient")]
    vote_average: f64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Videos {
    #[serde(deserialize_with = "each")]
    results: Vec<Video>,
}

#[derive(Deserialize)]
struct Video {
    key: String,
    #[serde(default, deserialize_with = "lenient")]
    site: String,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    sort: String,
    #[serde(default, deserialize_with = "lenient")]
    official: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct AlternativeTitles {
    #[serde(alias = "results", deserialize_with = "each")]
    titles: Vec<AlternativeTitle>,
}

#[derive(Deserialize)]
struct AlternativeTitle {
    title: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Translations {
    #[serde(deserialize_with = "each")]
    translations: Vec<Translation>,
}

#[derive(Deserialize)]
struct Translation {
    #[serde(default, deserialize_with = "lenient")]
    iso_639_1: String,
    #[serde(default, deserialize_with = "lenient")]
    data: Translated,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Translated {
    #[serde(alias = "name", deserialize_with = "lenient")]
    title: String,
    #[serde(deserialize_with = "lenient")]
    overview: String,
}

impl Details {
    /// `None` for a title without any name, which TMDB keeps for removed ones.
    fn into_title(self, kind: Kind, id: TmdbId, language: &str, image_url: &str) -> Option<Title> {
        let original = text(&self.original_title);
        let name = text(&self.title).or_else(|| original.clone())?;
        let plot = plot(&self.overview).or_else(|| self.translations.plot("en")).unwrap_or_default();
        let other_names = self.alternative_titles.titles.iter().map(|t| t.title.as_str());
        let translated = self.translations.translations.iter().map(|t| t.data.title.as_str());
        let alternative_names = distinct(
            other_names.chain(translated).filter_map(text),
            &[name.as_str(), original.as_deref().unwrap_or_default()],
        );
        let has_ended = matches!(self.status.as_str(), "Ended" | "Canceled");
        let runtime = match kind {
            Kind::Movie => Some(self.runtime),
            Kind::Series => self.episode_run_time.first().copied().or(Some(self.last_episode_to_air.runtime)),
        };
        let imdb = [&self.imdb_id, &self.external_ids.imdb_id].into_iter().find_map(|id| id.parse().ok());
        let genres = self.genres.iter().filter_map(|g| genre_word(g.id).map(str::to_owned).or_else(|| text(&g.name)));
        Some(Title {
            kind,
            ids: TitleIds { imdb, tmdb: Some(id) },
            alternative_names,
            year: year(&self.release_date),
            released: date(&self.release_date),
            ended: year(&self.last_air_date).filter(|_| kind == Kind::Series && has_ended),
            plot,
            genres: distinct(genres, &[]),
            rating: tenths(self.vote_average),
            rated_by: Rater::Tmdb,
            popularity: thousandths(self.popularity),
            runtime_mins: runtime.filter(|minutes| *minutes > 0),
            poster: picture(image_url, POSTER, self.poster_path.as_deref()),
            background: picture(image_url, BACKDROP, self.backdrop_path.as_deref()),
            logo: picture(image_url, LOGO, self.images.logo(language)),
            trailers: self.videos.trailers(),
            directors: match kind {
                Kind::Movie => self.credits.directors(),
                Kind::Series => distinct(self.created_by.iter().filter_map(|p| text(&p.name)), &[]),
            },
            cast: self.credits.actors(),
            country: self.production_countries.iter().find_map(|c| text(&c.name)),
            episodes: Vec::new(),
            original_name: original.filter(|o| *o != name),
            name,
        })
    }
}

impl Credits {
    fn directors(&self) -> Vec<String> {
        distinct(self.crew.iter().filter(|w| w.job == "Director").filter_map(|w| text(&w.name)), &[])
    }

    fn actors(mut self) -> Vec<String> {
        self.cast.sort_by_key(|actor| actor.order.unwrap_or(u32::MAX));
        let mut names = distinct(self.cast.iter().filter_map(|a| text(&a.name)), &[]);
        names.truncate(CAST);
        names
    }
}

impl Images {
    /// The best loved in our language, else in English, else one without words. Players show an SVG badly, so it comes last.
    fn logo(&self, language: &str) -> Option<&str> {
        let rank = |logo: &Logo| {
            let tongue = match logo.iso_639_1.as_str() {
                own if own == language => 3,
                "en" => 2,
                "" => 1,
                _ => 0,
            };
            (!logo.file_path.ends_with(".svg"), tongue)
        };
        let best =
            self.logos.iter().max_by(|a, b| rank(a).cmp(&rank(b)).then(a.vote_average.total_cmp(&b.vote_average)));
        best.map(|logo| logo.file_path.as_str())
    }
}

impl Videos {
    fn trailers(&self) -> Vec<String> {
        let mut trailers: Vec<&Video> =
            self.results.iter().filter(|v| v.site == "YouTube" && v.sort == "Trailer").collect();
        trailers.sort_by_key(|v| !v.official);
        trailers.into_iter().filter_map(|v| token(&v.key)).take(TRAILERS).collect()
    }
}

impl Translations {
    fn plot(&self, language: &str) -> Option<String> {
        self.translations.iter().filter(|t| t.iso_639_1 == language).find_map(|t| plot(&t.data.overview))
    }
}

#[derive(Deserialize)]
struct EpisodeRow {
    episode_number: u16,
    #[serde(default, deserialize_with = "lenient")]
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    overview: String,
    #[serde(default, deserialize_with = "lenient")]
    air_date: String,
    #[serde(default, deserialize_with = "lenient")]
    still_path: Option<String>,
}

/// The `"season/3": {…}` of an answer; everything beside them is skipped unread.
#[derive(Default)]
struct Seasons(Vec<(u16, EpisodeRow)>);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Season {
    #[serde(deserialize_with = "each")]
    episodes: Vec<EpisodeRow>,
}

impl<'de> Deserialize<'de> for Seasons {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = Seasons;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a series with appended seasons")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Seasons, M::Error> {
                let mut rows = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    match key.strip_prefix("season/").and_then(|n| n.parse().ok()) {
                        Some(number) => {
                            let season: Season = map.next_value()?;
                            rows.extend(season.episodes.into_iter().map(|episode| (number, episode)));
                        }
                        None => {
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(Seasons(rows))
            }
        }

        from.deserialize_map(Keys)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::wire::{assert_clean, hostile};
    use super::*;

    #[test]
    fn a_title_is_clean_whatever_it_is_told() {
        let bad = hostile();
        let details = json!({
            "title": bad, "original_title": format!("o{bad}"), "overview": bad, "release_date": bad, "status": bad,
            "genres": [{ "id": 4711, "name": bad }], "poster_path": format!("/{bad}"), "backdrop_path": bad, "imdb_id": bad,
            "production_countries": [{ "name": bad }], "created_by": [{ "name": bad }],
            "credits": { "cast": [{ "name": bad }], "crew": [{ "name": bad, "job": "Director" }] },
            "images": { "logos": [{ "file_path": format!("/{bad}") }] },
            "videos": { "results": [{ "key": bad, "site": "YouTube", "type": "Trailer" }] },
            "alternative_titles": { "titles": [{ "title": format!("x{bad}") }] },
            "translations": { "translations": [{ "data": { "title": format!("y{bad}"), "overview": bad } }] },
        });
        let title = title(Kind::Movie, details).expect("named");
        assert_clean(&title);
        assert_eq!((title.alternative_names.len(), title.cast.len(), title.poster, title.logo), (2, 1, None, None));
    }

    fn title(kind: Kind, details: Value) -> Option<Title> {
        let details: Details = serde_json::from_value(details).expect("nothing makes an answer unreadable");
        details.into_title(kind, TmdbId(7), "de", "https://pictures")
    }

    #[test]
    fn a_title_of_which_hardly_anything_is_known_is_still_a_title() {
        let bare = json!({
            "id": 7, "title": null, "original_title": "Der Rest", "release_date": "", "overview": null, "genres": null,
            "vote_average": 0, "popularity": "n/a", "runtime": null, "poster_path": null, "backdrop_path": "", "imdb_id": "",
            "credits": { "cast": [{ "name": "A", "order": 1 }, { "character": "nameless" }, { "name": "B", "order": 0 }] },
            "images": [], "videos": { "results": "none" }, "translations": null,
        });
        let title = title(Kind::Movie, bare).expect("it has an original name");
        assert_eq!(
            (title.name.as_str(), title.original_name, title.year, title.released),
            ("Der Rest", None, None, None)
        );
        assert_eq!((title.rating, title.runtime_mins, title.popularity, title.ids.imdb), (None, None, 0, None));
        assert_eq!(
            (title.poster, title.background, title.logo, title.cast),
            (None, None, None, vec!["B".to_owned(), "A".to_owned()])
        );
    }

    #[test]
    fn a_title_without_any_name_is_none() {
        assert_eq!(title(Kind::Movie, json!({ "id": 7, "title": " ", "original_title": null })), None);
    }

    #[test]
    fn words_fall_back_to_english_and_genres_are_english_always() {
        let details = json!({
            "title": "Der Rest", "original_title": "The Remainder", "overview": "",
            "genres": [{ "id": 878, "name": "Science-Fiction" }, { "id": 35, "name": "Komödie" }, { "id": 4711, "name": "Neu" }],
            "translations": { "translations": [
                { "iso_639_1": "fr", "data": { "title": "Le Reste", "overview": "Non." } },
                { "iso_639_1": "en", "data": { "title": "", "overview": "What is left." } },
                { "iso_639_1": "xx" },
            ] },
            "alternative_titles": { "titles": [{ "iso_3166_1": "US", "title": "the remainder" }, { "title": "Leftovers" }] },
        });
        let title = title(Kind::Movie, details).expect("named");
        assert_eq!(
            (title.plot.as_str(), title.genres),
            ("What is left.", vec!["Science Fiction".to_owned(), "Comedy".to_owned(), "Neu".to_owned()])
        );
        assert_eq!(title.original_name.as_deref(), Some("The Remainder"));
        assert_eq!(title.alternative_names, ["Leftovers", "Le Reste"]);
    }

    #[test]
    fn the_logo_is_in_our_language_and_no_svg_if_it_can_be() {
        let logo = |path: &str, language: Value, votes: f64| json!({ "file_path": path, "iso_639_1": language, "vote_average": votes });
        let rows = [
            (vec![logo("/en.png", json!("en"), 9.0), logo("/de.png", json!("de"), 1.0)], "/de.png"),
            (vec![logo("/bare.png", Value::Null, 9.0), logo("/en.png", json!("en"), 1.0)], "/en.png"),
            (vec![logo("/de.svg", json!("de"), 9.0), logo("/en.png", json!("en"), 1.0)], "/en.png"),
            (vec![logo("/en1.png", json!("en"), 1.0), logo("/en2.png", json!("en"), 5.0)], "/en2.png"),
            (vec![logo("/only.svg", json!("fr"), 1.0)], "/only.svg"),
        ];
        for (logos, wanted) in rows {
            let title = title(Kind::Movie, json!({ "title": "x", "images": { "logos": logos } })).expect("named");
            assert_eq!(title.logo, Some(format!("https://pictures/w500{wanted}")));
        }
    }

    #[test]
    fn trailers_are_youtubes_official_ones_first() {
        let video = |key: &str, site: &str, sort: &str, official: bool| json!({ "key": key, "site": site, "type": sort, "official": official });
        let videos = json!({ "results": [
            video("fan", "YouTube", "Trailer", false), video("clip", "YouTube", "Clip", true),
            video("vimeo", "Vimeo", "Trailer", true), video("real", "YouTube", "Trailer", true),
        ] });
        let title = title(Kind::Movie, json!({ "title": "x", "videos": videos })).expect("named");
        assert_eq!(title.trailers, ["real", "fan"]);
    }

    #[test]
    fn only_a_series_that_is_over_has_an_end() {
        for (status, wanted) in [("Ended", Some(2019)), ("Canceled", Some(2019)), ("Returning Series", None)] {
            let details =
                json!({ "name": "x", "first_air_date": "2011-04-17", "last_air_date": "2019-05-19", "status": status });
            assert_eq!(title(Kind::Series, details).expect("named").ended, wanted, "{status}");
        }
    }

    #[test]
    fn seasons_are_picked_out_and_bad_episodes_left_out() {
        let answer = json!({
            "id": 7, "name": "x", "seasons": [{ "season_number": 1 }],
            "season/1": { "episodes": [
                { "episode_number": 1, "name": null, "air_date": null, "still_path": null, "crew": [{ "job": "Director" }] },
                { "episode_number": null, "name": "lost" },
            ] },
            "season/2": { "success": false, "status_code": 34 },
            "season/x": [],
        });
        let seasons: Seasons = serde_json::from_value(answer).expect("readable");
        let places: Vec<_> = seasons.0.iter().map(|(season, row)| (*season, row.episode_number)).collect();
        assert_eq!(places, [(1, 1)]);
    }
}
