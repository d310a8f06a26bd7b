//! TheTVDB's API, version 4 (github.com/thetvdb/v4-api, `docs/swagger.yml`), as far as programs look series and films up with it.
//! Nothing is here unless [`super::Options::tvdb`] says so.
//!
//! ```text
//! POST {url}/v4/login                     {"apikey": …, "pin": …}: a token for a month; the key is all that a key of a project needs
//! GET  {url}/v4/search?query=…&type=…     a forgiving search
//! GET  {url}/v4/series/slug/{slug}        and /v4/movies/slug/{slug}: the record without what other sites call it
//! GET  {url}/v4/series/{id}/extended      and /v4/movies/{id}/extended: with it
//! ```

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Shared;
use super::fold::fold;
use super::work::{ImdbId, Kind};

/// The key that the simulated TheTVDB accepts.
pub const KEY: &str = "51a10000-7eb0-4000-8000-000000000d4b";
/// Rows of a page, unless fewer are asked for.
const PAGE: usize = 50;

/// A series or a film as TheTVDB has it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Series and films are numbered apart.
    pub kind: Kind,
    /// Its number.
    pub id: u32,
    /// As its page's address ends.
    pub slug: String,
    /// In the language of its country; with the year in brackets behind it where another one is called so.
    pub name: String,
    /// What else it is called.
    pub aliases: Vec<String>,
    /// Language (ISO 639-2) and the name there.
    pub translations: Vec<(&'static str, String)>,
    /// Of the first broadcast.
    pub year: u16,
    /// IMDb's id, where somebody entered it.
    pub imdb: Option<ImdbId>,
    /// TMDB's number, where somebody entered it.
    pub tmdb: Option<u32>,
}

/// Who may ask: tokens count from the one that was given last.
#[derive(Default)]
pub(super) struct Tokens {
    given: AtomicU32,
    valid: Mutex<Option<String>>,
}

impl Tokens {
    fn new_one(&self) -> String {
        let token = format!("simulated.tvdb.{}", self.given.fetch_add(1, Ordering::Relaxed) + 1);
        *self.lock() = Some(token.clone());
        token
    }

    /// The month is over.
    pub fn end(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.valid.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Listed {
    fn names(&self) -> impl Iterator<Item = &str> {
        let translated = self.translations.iter().map(|(_, name)| name);
        std::iter::once(&self.name).chain(&self.aliases).chain(translated).map(String::as_str)
    }

    fn word(&self) -> &'static str {
        match self.kind {
            Kind::Movie => "movie",
            Kind::Series => "series",
        }
    }

    fn remote_ids(&self) -> Vec<Value> {
        let imdb = self.imdb.map(|id| json!({ "id": id.to_string(), "type": 2, "sourceName": "IMDB" }));
        let tmdb = self.tmdb.map(|id| json!({ "id": id.to_string(), "type": 12, "sourceName": "TheMovieDB.com" }));
        let site =
            json!({ "id": format!("https://{}.example", self.slug), "type": 4, "sourceName": "Official Website" });
        std::iter::once(site).chain(imdb).chain(tmdb).collect()
    }

    /// As the search has it: numbers are texts there.
    fn row(&self) -> Value {
        let id = format!("{}-{}", self.word(), self.id);
        let translations: Map<String, Value> =
            self.translations.iter().map(|(tongue, name)| ((*tongue).to_owned(), json!(name))).collect();
        json!({
            "objectID": id, "id": id, "tvdb_id": self.id.to_string(), "type": self.word(), "primary_type": self.word(),
            "name": self.name, "slug": self.slug, "year": self.year.to_string(),
            "first_air_time": format!("{}-01-05", self.year),
            "aliases": if self.aliases.is_empty() { Value::Null } else { json!(self.aliases) },
            "translations": translations, "overviews": {}, "primary_language": "eng", "country": "usa", "status": "Ended",
            "remote_ids": self.remote_ids(),
        })
    }

    fn record(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "slug": self.slug, "year": self.year.to_string(), "score": 0 })
    }
}

#[derive(Deserialize)]
pub(super) struct Login {
    apikey: String,
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/v4/login", web::post().to(login))
        .route("/v4/search", web::get().to(search))
        .route("/v4/{kind}/slug/{slug}", web::get().to(by_slug))
        .route("/v4/{kind}/{id}/extended", web::get().to(extended));
}

async fn login(shared: web::Data<Shared>, body: web::Json<Login>) -> HttpResponse {
    if body.apikey != KEY {
        return failure(StatusCode::UNAUTHORIZED, "InvalidAPIKey: your api key is not valid");
    }
    success(&json!({ "token": shared.tvdb_tokens.new_one() }))
}

async fn search(
    shared: web::Data<Shared>,
    request: HttpRequest,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    if !is_known(&shared, &request) {
        return unauthorized();
    }
    let wanted = query.get("query").or_else(|| query.get("q")).map(|text| fold(text)).unwrap_or_default();
    let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(PAGE);
    let mut found: Vec<(usize, &Listed)> = Vec::new();
    for listed in shared.tvdb.iter() {
        let is_of_kind = query.get("type").is_none_or(|kind| kind == listed.word());
        let is_of_year = query.get("year").is_none_or(|year| *year == listed.year.to_string());
        let names: Vec<String> = listed.names().map(fold).collect();
        let stands = |word: &&str| names.iter().any(|name| name.split(' ').any(|known| known == *word));
        let shares = wanted.split_whitespace().filter(stands).count();
        if is_of_kind && is_of_year && shares > 0 {
            found.push((shares, listed));
        }
    }
    found.sort_by_key(|(shares, _)| Reverse(*shares));
    let rows: Vec<Value> = found.iter().take(limit.min(PAGE)).map(|(_, listed)| listed.row()).collect();
    let links = json!({ "prev": null, "next": null, "total_items": found.len(), "page_size": PAGE });
    HttpResponse::Ok().json(json!({ "status": "success", "data": rows, "links": links }))
}

async fn by_slug(shared: web::Data<Shared>, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    if !is_known(&shared, &request) {
        return unauthorized();
    }
    match shared.tvdb.iter().find(|listed| plural(listed) == path.0 && listed.slug == path.1) {
        Some(listed) => success(&listed.record()),
        None => failure(StatusCode::NOT_FOUND, "NotFoundException: slug not found"),
    }
}

async fn extended(shared: web::Data<Shared>, request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    if !is_known(&shared, &request) {
        return unauthorized();
    }
    let Ok(id) = path.1.parse::<u32>() else { return failure(StatusCode::BAD_REQUEST, "InvalidValueType: invalid id") };
    let Some(listed) = shared.tvdb.iter().find(|listed| plural(listed) == path.0 && listed.id == id) else {
        return failure(StatusCode::NOT_FOUND, "NotFoundException: record not found");
    };
    let mut record = listed.record();
    record["remoteIds"] = json!(listed.remote_ids());
    success(&record)
}

fn plural(listed: &Listed) -> &'static str {
    match listed.kind {
        Kind::Movie => "movies",
        Kind::Series => "series",
    }
}

fn is_known(shared: &Shared, request: &HttpRequest) -> bool {
    let said = request.headers().get(AUTHORIZATION).and_then(|said| said.to_str().ok()?.strip_prefix("Bearer "));
    said.is_some() && shared.tvdb_tokens.lock().as_deref() == said
}

fn success(data: &Value) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "success", "data": data }))
}

fn unauthorized() -> HttpResponse {
    failure(StatusCode::UNAUTHORIZED, "Unauthorized")
}

fn failure(status: StatusCode, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "status": "failure", "message": message, "data": null }))
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Server, start};
    use super::*;

    async fn server() -> (Server, reqwest::Client) {
        // reqwest is built without cryptography for TLS, and makes no client without it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listed = Listed {
            kind: Kind::Series,
            id: 900_001,
            slug: "star-basket-2020".to_owned(),
            name: "Star Basket (2020)".to_owned(),
            aliases: Vec::new(),
            translations: vec![("deu", "Sternenkorb".to_owned())],
            year: 2020,
            imdb: "tt99900031".parse().ok(),
            tmdb: Some(7),
        };
        let server = start(Options { tvdb: vec![listed], ..Options::default() }).await.expect("a free port");
        (server, reqwest::Client::builder().build().expect("a client"))
    }

    async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
        let answer = request.send().await.expect("it answers");
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.expect("text")).expect("JSON"))
    }

    #[tokio::test]
    async fn nobody_asks_without_a_token_and_tokens_end() {
        let (server, http) = server().await;
        let login = |key: &str| {
            let body = json!({ "apikey": key }).to_string();
            http.post(format!("{}/login", server.tvdb_url())).header("content-type", "application/json").body(body)
        };
        let search = format!("{}/search?query=sternenkorb&type=series", server.tvdb_url());
        assert_eq!(answer(http.get(&search)).await.0, 401);
        assert_eq!(answer(login("wrong")).await.0, 401);
        let (_, said) = answer(login(KEY)).await;
        let token = said["data"]["token"].as_str().expect("a token").to_owned();
        let (status, found) = answer(http.get(&search).bearer_auth(&token)).await;
        assert_eq!((status, &found["data"][0]["tvdb_id"]), (200, &json!("900001")));
        assert_eq!(found["data"][0]["remote_ids"][2], json!({ "id": "7", "type": 12, "sourceName": "TheMovieDB.com" }));
        assert_eq!(found["data"][0]["aliases"], Value::Null);
        server.end_tvdb_tokens();
        assert_eq!(answer(http.get(&search).bearer_auth(&token)).await.0, 401);
        server.stop().await;
    }

    #[tokio::test]
    async fn a_record_is_found_by_its_slug_and_its_number() {
        let (server, http) = server().await;
        let url = server.tvdb_url();
        let body = json!({ "apikey": KEY }).to_string();
        let login = http.post(format!("{url}/login")).header("content-type", "application/json").body(body);
        let token = answer(login).await.1["data"]["token"].as_str().expect("a token").to_owned();
        for (path, status, id) in [
            ("series/slug/star-basket-2020", 200, json!(900_001)),
            ("series/900001/extended", 200, json!(900_001)),
            ("movies/slug/star-basket-2020", 404, Value::Null),
            ("series/7/extended", 404, Value::Null),
            ("series/x/extended", 400, Value::Null),
        ] {
            let (said, record) = answer(http.get(format!("{url}/{path}")).bearer_auth(&token)).await;
            assert_eq!((said, &record["data"]["id"]), (status, &id), "{path}");
        }
        server.stop().await;
    }
}
