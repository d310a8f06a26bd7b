//! One title with everything that was appended to the answer -> [`Title`].

use serde::Deserialize;

use super::super::wire::{date, distinct, each, lenient, plot, tenths, text, token, year};
use super::{picture, thousandths};
use crate::domain::collection::{Collection, CollectionId};
use crate::domain::title::{Kind, Rater, Title, TitleIds, TmdbId};

const CAST: usize = 12;
const TRAILERS: usize = 3;

// Sizes that TMDB makes (its /configuration): wide enough for a TV, a fraction of the original.
const POSTER: &str = "w500";
const BACKDROP: &str = "w1280";
const LOGO: &str = "w500";

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Details {
    #[serde(alias = "name", deserialize_with = "lenient")]
    title: String,
    #[serde(alias = "original_name", deserialize_with = "lenient")]
    original_title: String,
    #[serde(deserialize_with = "lenient")]
    original_language: String,
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
    #[serde(deserialize_with = "lenient")]
    belongs_to_collection: Option<Whole>,
    #[serde(deserialize_with = "each")]
    production_countries: Vec<Named>,
    #[serde(deserialize_with = "each")]
    created_by: Vec<Named>,
    #[serde(deserialize_with = "each")]
    pub seasons: Vec<SeasonNumber>,
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

/// What a film is a part of.
#[derive(Deserialize)]
struct Whole {
    id: u32,
    name: String,
    #[serde(default, deserialize_with = "lenient")]
    poster_path: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    backdrop_path: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SeasonNumber {
    pub season_number: u16,
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
    /// The English title, where TMDB gives the original one because ours is not known: few read that one, and its letters may be
    /// strange to them.
    fn english_behind(&self, language: &str) -> Option<String> {
        let is_original = self.title == self.original_title && self.original_language != language;
        let is_known = self.translations.title(language).is_some();
        self.translations.title("en").filter(|_| is_original && !is_known && self.original_language != "en")
    }

    /// `None` for a title without any name, which TMDB keeps for removed ones.
    pub fn into_title(self, kind: Kind, id: TmdbId, language: &str, image_url: &str) -> Option<Title> {
        let original = text(&self.original_title);
        let name = self.english_behind(language).or_else(|| text(&self.title)).or_else(|| original.clone())?;
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
            collection: self
                .belongs_to_collection
                .filter(|_| kind == Kind::Movie)
                .and_then(|whole| whole.into_collection(image_url)),
            country: self.production_countries.iter().find_map(|c| text(&c.name)),
            episodes: Vec::new(),
            original_name: original.filter(|o| *o != name),
            name,
        })
    }
}

impl Whole {
    fn into_collection(self, image_url: &str) -> Option<Collection> {
        Some(Collection {
            id: Some(CollectionId(self.id)).filter(|id| id.0 > 0)?,
            name: text(&self.name)?,
            poster: picture(image_url, POSTER, self.poster_path.as_deref()),
            background: picture(image_url, BACKDROP, self.backdrop_path.as_deref()),
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
    fn title(&self, language: &str) -> Option<String> {
        self.translations.iter().filter(|t| t.iso_639_1 == language).find_map(|t| text(&t.data.title))
    }

    fn plot(&self, language: &str) -> Option<String> {
        self.translations.iter().filter(|t| t.iso_639_1 == language).find_map(|t| plot(&t.data.overview))
    }
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::adapters::metadata::wire::{assert_clean, hostile};

    #[test]
    fn a_title_is_clean_whatever_it_is_told() {
        let bad = hostile();
        let details = json!({
            "title": bad, "original_title": format!("o{bad}"), "overview": bad, "release_date": bad, "status": bad,
            "genres": [{ "id": 4711, "name": bad }], "poster_path": format!("/{bad}"), "backdrop_path": bad, "imdb_id": bad,
            "belongs_to_collection": { "id": 656, "name": bad, "poster_path": bad, "backdrop_path": format!("/{bad}") },
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
    fn a_film_says_what_it_is_a_part_of() {
        let part_of = |whole: Value| {
            let details = json!({ "title": "x", "belongs_to_collection": whole });
            title(Kind::Movie, details).expect("named").collection
        };
        let whole = json!({ "id": 656, "name": "Saw Collection", "poster_path": "/saw.jpg", "backdrop_path": null });
        let wanted = Collection {
            id: CollectionId(656),
            name: "Saw Collection".to_owned(),
            poster: Some("https://pictures/w500/saw.jpg".to_owned()),
            background: None,
        };
        assert_eq!(part_of(whole.clone()), Some(wanted));
        for nothing in
            [json!(null), json!({}), json!([]), json!({ "id": 0, "name": "x" }), json!({ "id": 656, "name": " " })]
        {
            assert_eq!(part_of(nothing.clone()), None, "{nothing}");
        }
        let series = json!({ "name": "x", "belongs_to_collection": whole });
        assert_eq!(title(Kind::Series, series).expect("named").collection, None);
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
    fn a_title_that_is_not_known_in_our_language_is_english() {
        let named = |shown: &str, original: (&str, &str), translations: &[(&str, &str)]| {
            let translations: Vec<Value> = translations
                .iter()
                .map(|(language, title)| json!({ "iso_639_1": language, "data": { "title": title } }))
                .collect();
            let (original_language, original_title) = original;
            let details = json!({
                "title": shown, "original_title": original_title, "original_language": original_language,
                "translations": { "translations": translations },
            });
            title(Kind::Movie, details).expect("named").name
        };
        let japanese = ("ja", "残り");
        assert_eq!(named("残り", japanese, &[("en", "The Rest"), ("fr", "Le Reste")]), "The Rest");
        assert_eq!(named("Der Rest", japanese, &[("en", "The Rest"), ("de", "Der Rest")]), "Der Rest");
        assert_eq!(named("残り", japanese, &[("en", "The Rest"), ("de", "残り")]), "残り", "it is called so here");
        assert_eq!(named("残り", japanese, &[("en", "")]), "残り", "nobody knows another");
        assert_eq!(named("Der Rest", ("de", "Der Rest"), &[("en", "The Rest")]), "Der Rest", "ours is the original");
        assert_eq!(named("The Rest", ("en", "The Rest"), &[]), "The Rest");
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
}
