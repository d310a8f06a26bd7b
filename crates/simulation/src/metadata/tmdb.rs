//! TMDB v3's questions and the shapes of its answers (developer.themoviedb.org/reference), as far as a media program asks them.

use std::collections::HashMap;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde_json::{Value, json};

use super::index::Index;
use super::work::{Episode, Work};
use super::work::{ImdbId, Kind};
use super::{KEY, Shared, TOKEN, genres, orders, pictures};

const PAGE: usize = 20;
/// TMDB counts at most this many pages.
const MAX_PAGES: usize = 500;
const MAX_APPENDED: usize = 20;

type Query = web::Query<HashMap<String, String>>;
type Answer = Result<HttpResponse, Refusal>;

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/search/{kind}", web::get().to(search))
        .route("/find/{id}", web::get().to(find))
        .route("/genre/{kind}/list", web::get().to(genre_list))
        .route("/configuration", web::get().to(configuration))
        .route("/tv/episode_group/{id}", web::get().to(episode_group))
        .route("/tv/{id}/season/{number}", web::get().to(season))
        .route("/{kind}/{id}/{part}", web::get().to(one_part))
        .route("/{kind}/{id}", web::get().to(details))
        .default_service(web::to(|| async { Refusal::NotFound.error_response() }));
}

/// What TMDB refuses, each with its own number and words (developer.themoviedb.org/docs/errors).
#[derive(Debug)]
enum Refusal {
    Key,
    NotFound,
    NoQuery,
    Page,
    Parameters,
    TooManyAppended,
}

impl Refusal {
    fn words(&self) -> (StatusCode, u32, &'static str) {
        match self {
            Self::Key => (StatusCode::UNAUTHORIZED, 7, "Invalid API key: You must be granted a valid key."),
            Self::NotFound => (StatusCode::NOT_FOUND, 34, "The resource you requested could not be found."),
            Self::NoQuery => (StatusCode::UNPROCESSABLE_ENTITY, 0, "query must be provided"),
            Self::Page => (
                StatusCode::BAD_REQUEST,
                22,
                "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.",
            ),
            Self::Parameters => {
                (StatusCode::BAD_REQUEST, 5, "Invalid parameters: Your request parameters are incorrect.")
            }
            Self::TooManyAppended => (
                StatusCode::BAD_REQUEST,
                27,
                "Too many append to response objects: The maximum number of remote calls is 20.",
            ),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().2)
    }
}

impl ResponseError for Refusal {
    fn error_response(&self) -> HttpResponse {
        match (self, self.words()) {
            // The one refusal of another shape.
            (Self::NoQuery, (status, _, message)) => HttpResponse::build(status).json(json!({ "errors": [message] })),
            (_, (status, code, message)) => refused(status, code, message),
        }
    }

    fn status_code(&self) -> StatusCode {
        self.words().0
    }
}

fn refused(status: StatusCode, code: u32, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "success": false, "status_code": code, "status_message": message }))
}

pub fn too_many(retry_after_secs: u64) -> HttpResponse {
    let mut answer =
        refused(StatusCode::TOO_MANY_REQUESTS, 25, "Your request count (#) is over the allowed limit of (40).");
    answer.headers_mut().insert(actix_web::http::header::RETRY_AFTER, retry_after_secs.into());
    answer
}

pub fn broken() -> HttpResponse {
    refused(StatusCode::INTERNAL_SERVER_ERROR, 11, "Internal error: Something went wrong, contact TMDB.")
}

fn signed_in(request: &HttpRequest, query: &Query) -> Result<(), Refusal> {
    let bearer = request.headers().get(AUTHORIZATION).and_then(|v| v.to_str().ok()?.strip_prefix("Bearer "));
    let is_known = match bearer {
        Some(token) => token == TOKEN,
        None => query.get("api_key").is_some_and(|key| key == KEY),
    };
    if is_known {
        return Ok(());
    }
    Err(Refusal::Key)
}

fn kind(word: &str) -> Result<Kind, Refusal> {
    match word {
        "movie" => Ok(Kind::Movie),
        "tv" => Ok(Kind::Series),
        _ => Err(Refusal::NotFound),
    }
}

fn language(query: &Query) -> &str {
    query.get("language").map_or("en-US", String::as_str)
}

async fn search(request: HttpRequest, shared: web::Data<Shared>, word: web::Path<String>, query: Query) -> Answer {
    signed_in(&request, &query)?;
    let kind = kind(&word)?;
    let Some(text) = query.get("query").filter(|text| !text.is_empty()) else {
        return Err(Refusal::NoQuery);
    };
    let years: &[&str] = match kind {
        Kind::Movie => &["primary_release_year", "year"],
        Kind::Series => &["first_air_date_year", "year"],
    };
    let year = years.iter().find_map(|name| query.get(*name)?.parse().ok());
    let page: usize = query.get("page").map_or(Ok(1), |page| page.parse()).unwrap_or(0);
    if !(1..=MAX_PAGES).contains(&page) {
        return Err(Refusal::Page);
    }
    let found = shared.index.search(kind, text, year);
    let rows = found.iter().skip((page - 1) * PAGE).take(PAGE).map(|work| row(work, language(&query)));
    Ok(HttpResponse::Ok().json(json!({
        "page": page,
        "results": rows.collect::<Vec<_>>(),
        "total_pages": found.len().div_ceil(PAGE).clamp(1, MAX_PAGES),
        "total_results": found.len(),
    })))
}

async fn find(request: HttpRequest, shared: web::Data<Shared>, id: web::Path<String>, query: Query) -> Answer {
    signed_in(&request, &query)?;
    let work = match query.get("external_source").map(String::as_str) {
        Some("imdb_id") => id.parse::<ImdbId>().ok().and_then(|id| shared.index.by_imdb(id)),
        Some("tvdb_id") => {
            let number = id.parse::<u32>().ok();
            shared.index.works().iter().find(|work| number.is_some() && work.tvdb == number)
        }
        _ => return Err(Refusal::Parameters),
    };
    let rows = |kind: Kind| -> Vec<Value> {
        work.iter().filter(|w| w.kind == kind).map(|w| row(w, language(&query))).collect()
    };
    Ok(HttpResponse::Ok().json(json!({
        "movie_results": rows(Kind::Movie),
        "person_results": [],
        "tv_results": rows(Kind::Series),
        "tv_episode_results": [],
        "tv_season_results": [],
    })))
}

async fn genre_list(request: HttpRequest, word: web::Path<String>, query: Query) -> Answer {
    signed_in(&request, &query)?;
    let rows = genres::all(kind(&word)?).iter().map(|(id, name)| json!({ "id": id, "name": name }));
    Ok(HttpResponse::Ok().json(json!({ "genres": rows.collect::<Vec<_>>() })))
}

async fn configuration(request: HttpRequest, shared: web::Data<Shared>, query: Query) -> Answer {
    signed_in(&request, &query)?;
    let base = format!("{}/t/p/", shared.url);
    Ok(HttpResponse::Ok().json(json!({
        "images": {
            "base_url": base,
            "secure_base_url": base,
            "backdrop_sizes": ["w300", "w780", "w1280", "original"],
            "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
            "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
            "profile_sizes": ["w45", "w185", "h632", "original"],
            "still_sizes": ["w92", "w185", "w300", "original"],
        },
        "change_keys": [],
    })))
}

async fn details(
    request: HttpRequest,
    shared: web::Data<Shared>,
    path: web::Path<(String, u64)>,
    query: Query,
) -> Answer {
    signed_in(&request, &query)?;
    let work = shared.index.by_tmdb(kind(&path.0)?, path.1).ok_or(Refusal::NotFound)?;
    let mut answer = whole(work, language(&query));
    let appended: Vec<&str> =
        query.get("append_to_response").map_or(Vec::new(), |parts| parts.split(',').map(str::trim).collect());
    if appended.len() > MAX_APPENDED {
        return Err(Refusal::TooManyAppended);
    }
    for name in appended {
        // An unknown word is passed over, as TMDB does.
        if let Some(value) = part(work, name, &query) {
            answer[name] = value;
        }
    }
    Ok(HttpResponse::Ok().json(answer))
}

async fn one_part(
    request: HttpRequest,
    shared: web::Data<Shared>,
    path: web::Path<(String, u64, String)>,
    query: Query,
) -> Answer {
    signed_in(&request, &query)?;
    let work = shared.index.by_tmdb(kind(&path.0)?, path.1).ok_or(Refusal::NotFound)?;
    let mut answer = part(work, &path.2, &query).ok_or(Refusal::NotFound)?;
    answer["id"] = json!(work.tmdb);
    Ok(HttpResponse::Ok().json(answer))
}

async fn season(request: HttpRequest, shared: web::Data<Shared>, path: web::Path<(u64, u16)>, query: Query) -> Answer {
    signed_in(&request, &query)?;
    let work = shared.index.by_tmdb(Kind::Series, path.0).ok_or(Refusal::NotFound)?;
    season_answer(work, path.1).map(|answer| HttpResponse::Ok().json(answer)).ok_or(Refusal::NotFound)
}

async fn episode_group(request: HttpRequest, shared: web::Data<Shared>, id: web::Path<String>, query: Query) -> Answer {
    signed_in(&request, &query)?;
    let mut orders = shared.index.works().iter().flat_map(|work| work.orders.iter().map(move |order| (work, order)));
    let (work, order) = orders.find(|(_, order)| order.id == *id).ok_or(Refusal::NotFound)?;
    Ok(HttpResponse::Ok().json(orders::whole(work, order)))
}

/// What searches and /find say about a title.
fn row(work: &Work, language: &str) -> Value {
    let ids: Vec<u64> = work.genres.iter().filter_map(|word| genres::id(work.kind, word)).collect();
    let mut row = json!({
        "adult": false,
        "backdrop_path": pictures::path(work, "backdrop"),
        "genre_ids": ids,
        "id": work.tmdb,
        "original_language": work.original_language,
        "overview": work.plot,
        "popularity": work.popularity(),
        "poster_path": pictures::path(work, "poster"),
        "vote_average": work.rating,
        "vote_count": work.votes,
    });
    name(&mut row, work, language);
    if work.kind == Kind::Series {
        row["origin_country"] = json!([work.country.0]);
    }
    row
}

fn name(answer: &mut Value, work: &Work, language: &str) {
    let (name, original, released) = match work.kind {
        Kind::Movie => ("title", "original_title", "release_date"),
        Kind::Series => ("name", "original_name", "first_air_date"),
    };
    answer[name] = json!(work.name_in(language));
    answer[original] = json!(work.original_name());
    answer[released] = json!(work.released);
}

fn whole(work: &Work, language: &str) -> Value {
    let genres =
        work.genres.iter().filter_map(|word| Some(json!({ "id": genres::id(work.kind, word)?, "name": word })));
    let mut answer = json!({
        "adult": false,
        "backdrop_path": pictures::path(work, "backdrop"),
        "genres": genres.collect::<Vec<_>>(),
        "homepage": "",
        "id": work.tmdb,
        "original_language": work.original_language,
        "origin_country": [work.country.0],
        "overview": work.plot,
        "popularity": work.popularity(),
        "poster_path": pictures::path(work, "poster"),
        "production_companies": [],
        "production_countries": [{ "iso_3166_1": work.country.0, "name": work.country.1 }],
        "spoken_languages": [],
        "tagline": "",
        "vote_average": work.rating,
        "vote_count": work.votes,
    });
    name(&mut answer, work, language);
    match work.kind {
        Kind::Movie => {
            answer["imdb_id"] = json!(work.imdb);
            answer["runtime"] = json!(work.runtime_mins);
            answer["status"] = json!("Released");
            answer["video"] = json!(false);
            answer["budget"] = json!(0);
            answer["revenue"] = json!(0);
            answer["belongs_to_collection"] = work.collection.as_ref().map_or(Value::Null, |collection| {
                json!({
                    "id": collection.id,
                    "name": collection.name,
                    "poster_path": pictures::path_of(Kind::Movie, collection.pictures_of, "poster"),
                    "backdrop_path": pictures::path_of(Kind::Movie, collection.pictures_of, "backdrop"),
                })
            });
        }
        Kind::Series => {
            let seasons = work.seasons();
            let rows = seasons.iter().map(|number| season_row(work, *number));
            let last = work.episodes.last();
            answer["created_by"] = people(&work.directors);
            answer["episode_run_time"] = if work.runtime_mins > 0 { json!([work.runtime_mins]) } else { json!([]) };
            answer["in_production"] = json!(work.ended.is_none());
            answer["languages"] = json!([work.original_language]);
            answer["last_air_date"] = json!(work.ended.as_deref().or(last.map(|e| e.aired.as_str())));
            answer["last_episode_to_air"] = last.map_or(Value::Null, |episode| episode_answer(work, episode));
            answer["next_episode_to_air"] = Value::Null;
            answer["networks"] = json!([]);
            answer["number_of_episodes"] = json!(work.episodes.len());
            answer["number_of_seasons"] = json!(seasons.iter().filter(|n| **n > 0).count());
            answer["seasons"] = rows.collect();
            answer["status"] = json!(if work.ended.is_some() { "Ended" } else { "Returning Series" });
            answer["type"] = json!("Scripted");
        }
    }
    answer
}

/// What can be appended, or asked for on its own.
fn part(work: &Work, name: &str, query: &Query) -> Option<Value> {
    let of_movie = work.kind == Kind::Movie;
    Some(match name {
        "external_ids" => {
            json!({ "imdb_id": work.imdb, "tvdb_id": work.tvdb, "wikidata_id": null, "facebook_id": null, "twitter_id": null })
        }
        "credits" => credits(work, false),
        "aggregate_credits" if !of_movie => credits(work, true),
        "images" => images(work, query.get("include_image_language").map(String::as_str)),
        "videos" => json!({ "results": [] }),
        "alternative_titles" => {
            let rows = work.other_names.iter().map(|(c, n)| json!({ "iso_3166_1": c, "title": n, "type": "" }));
            json!({ if of_movie { "titles" } else { "results" }: rows.collect::<Vec<_>>() })
        }
        "translations" => json!({ "translations": translations(work) }),
        "release_dates" if of_movie => json!({ "results": [] }),
        "episode_groups" if !of_movie => {
            json!({ "results": work.orders.iter().map(orders::row).collect::<Vec<_>>() })
        }
        "content_ratings" if !of_movie => json!({ "results": [] }),
        _ => season_answer(work, name.strip_prefix("season/").filter(|_| !of_movie)?.parse().ok()?)?,
    })
}

fn people(names: &[String]) -> Value {
    names.iter().zip(1..).map(|(name, id)| json!({ "id": id, "name": name, "profile_path": null })).collect()
}

fn credits(work: &Work, aggregate: bool) -> Value {
    let cast = work.cast.iter().zip(0..).map(|((name, role), order)| {
        let mut row =
            json!({ "id": order + 1, "name": name, "original_name": name, "order": order, "profile_path": null });
        if aggregate {
            row["roles"] = json!([{ "character": role, "episode_count": work.episodes.len() }]);
        } else {
            row["character"] = json!(role);
        }
        row
    });
    let crew = work.directors.iter().zip(1000..).map(|(name, id)| {
        let mut row = json!({ "id": id, "name": name, "department": "Directing", "profile_path": null });
        if aggregate {
            row["jobs"] = json!([{ "job": "Director", "episode_count": work.episodes.len() }]);
        } else {
            row["job"] = json!("Director");
        }
        row
    });
    json!({ "cast": cast.collect::<Vec<_>>(), "crew": crew.collect::<Vec<_>>() })
}

/// Without the parameter all languages; with it only those named, `null` being pictures without words.
fn images(work: &Work, languages: Option<&str>) -> Value {
    let picture = |what: &str, language: Option<&str>, width: u32, height: u32| {
        let is_wanted = languages.is_none_or(|wanted| wanted.split(',').any(|l| l == language.unwrap_or("null")));
        let row = json!({
            "aspect_ratio": (f64::from(width) / f64::from(height) * 1000.0).round() / 1000.0,
            "file_path": pictures::path(work, what),
            "height": height, "width": width, "iso_639_1": language, "vote_average": 5.3, "vote_count": 3,
        });
        if is_wanted { json!([row]) } else { json!([]) }
    };
    json!({
        "backdrops": picture("backdrop", None, 1280, 720),
        "logos": picture("logo", Some("en"), 500, 200),
        "posters": picture("poster", Some("en"), 500, 750),
    })
}

fn translations(work: &Work) -> Vec<Value> {
    let word = if work.kind == Kind::Movie { "title" } else { "name" };
    // TMDB's English row leaves the name empty: it is the title itself.
    let english = json!({ "iso_3166_1": "US", "iso_639_1": "en", "data": { word: "", "overview": work.plot } });
    let others = work.translations.iter().map(|(language, name)| {
        json!({
            "iso_3166_1": language.to_uppercase(),
            "iso_639_1": language,
            "data": { word: name, "overview": "" },
        })
    });
    std::iter::once(english).chain(others).collect()
}

fn season_row(work: &Work, number: u16) -> Value {
    let mut episodes = work.episodes.iter().filter(|e| e.season == number).peekable();
    json!({
        "air_date": episodes.peek().map(|e| e.aired.as_str()).filter(|day| !day.is_empty()),
        "episode_count": episodes.count(),
        "id": work.tmdb * 1000 + u64::from(number),
        "name": if number == 0 { "Specials".to_owned() } else { format!("Season {number}") },
        "overview": "",
        "poster_path": pictures::path(work, "poster"),
        "season_number": number,
        "vote_average": 0.0,
    })
}

fn season_answer(work: &Work, number: u16) -> Option<Value> {
    let episodes: Vec<Value> =
        work.episodes.iter().filter(|e| e.season == number).map(|e| episode_answer(work, e)).collect();
    if episodes.is_empty() {
        return None;
    }
    let mut answer = season_row(work, number);
    answer["episodes"] = json!(episodes);
    Some(answer)
}

pub fn episode_answer(work: &Work, episode: &Episode) -> Value {
    let Episode { season, number, .. } = episode;
    json!({
        "air_date": Some(&episode.aired).filter(|day| !day.is_empty()),
        "crew": [],
        "episode_number": number,
        "episode_type": "standard",
        "guest_stars": [],
        "id": work.tmdb * 1_000_000 + u64::from(*season) * 1000 + u64::from(*number),
        "name": episode.name,
        "overview": episode.plot,
        "runtime": Some(work.runtime_mins).filter(|minutes| *minutes > 0),
        "season_number": season,
        "show_id": work.tmdb,
        "still_path": pictures::path(work, &format!("s{season}e{number}")),
        "vote_average": 0.0,
        "vote_count": 0,
    })
}

/// Whether the index knows the picture's title; the sizes are TMDB's, the drawing is the same in all of them.
pub async fn picture(shared: web::Data<Shared>, path: web::Path<(String, String)>) -> HttpResponse {
    let (size, file) = path.into_inner();
    let is_size = size == "original" || size.strip_prefix(['w', 'h']).is_some_and(|n| n.parse::<u16>().is_ok());
    match drawing(&shared.index, &file).filter(|_| is_size) {
        Some(svg) => HttpResponse::Ok()
            .content_type("image/svg+xml")
            .insert_header(("Cache-Control", "public, max-age=86400"))
            .insert_header(("Access-Control-Allow-Origin", "*"))
            .body(svg),
        None => HttpResponse::NotFound().finish(),
    }
}

fn drawing(index: &Index, file: &str) -> Option<String> {
    let (kind, id, what) = pictures::named(file)?;
    pictures::draw(index.by_tmdb(kind, id)?, what)
}
