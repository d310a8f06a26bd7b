//! AniList's search (docs.anilist.co): one GraphQL question for a page of media. It counts questions of a minute, and answers more
//! than it likes with 429.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Shared;
use super::Anime;

/// Every word that such a question is made of; another one is no field, or no argument, of this schema.
const WORDS: [&str; 39] = [
    "query",
    "Page",
    "page",
    "perPage",
    "media",
    "Media",
    "search",
    "type",
    "ANIME",
    "sort",
    "SEARCH_MATCH",
    "String",
    "Int",
    "id",
    "idMal",
    "title",
    "romaji",
    "english",
    "native",
    "synonyms",
    "format",
    "episodes",
    "seasonYear",
    "startDate",
    "year",
    "month",
    "day",
    "popularity",
    "status",
    "averageScore",
    "pageInfo",
    "total",
    "hasNextPage",
    "currentPage",
    "lastPage",
    "MediaType",
    "isAdult",
    "countryOfOrigin",
    "duration",
];

#[derive(Deserialize)]
pub(in super::super) struct Question {
    query: String,
    #[serde(default)]
    variables: Variables,
}

#[derive(Default, Deserialize)]
struct Variables {
    #[serde(default)]
    search: String,
}

pub(in super::super) async fn ask(shared: web::Data<Shared>, question: web::Json<Question>) -> HttpResponse {
    let unknown = words(&question.query).find(|word| !WORDS.contains(word) && word.parse::<u32>().is_err());
    if let Some(word) = unknown {
        return refused(StatusCode::BAD_REQUEST, &format!("Cannot query field \"{word}\" on type \"Media\"."));
    }
    if question.variables.search.is_empty() || !question.query.contains("$search") {
        return refused(StatusCode::BAD_REQUEST, "Variable \"$search\" is not defined.");
    }
    let found = super::sharing_a_word(&shared.anime, &question.variables.search);
    let media: Vec<Value> = found.into_iter().take(10).map(|anime| row(anime, &question.query)).collect();
    HttpResponse::Ok().json(json!({ "data": { "Page": { "media": media } } }))
}

pub(in super::super) fn too_many(retry_after_secs: u64) -> HttpResponse {
    let mut answer = refused(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests.");
    answer.headers_mut().insert(RETRY_AFTER, retry_after_secs.into());
    answer
}

fn refused(status: StatusCode, message: &str) -> HttpResponse {
    let error = json!({ "message": message, "status": status.as_u16() });
    HttpResponse::build(status).json(json!({ "errors": [error], "data": null }))
}

/// The words of a question without its variables.
fn words(query: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    query.split(move |c: char| !is_part(c)).filter(|word| !word.is_empty() && !word.starts_with('$'))
}

/// What the question names, and nothing else.
fn row(anime: &Anime, query: &str) -> Value {
    let year = anime.started.get(..4).and_then(|year| year.parse::<u16>().ok());
    let mut row = json!({
        "id": anime.ids.anilist,
        "idMal": anime.ids.mal,
        "title": { "romaji": anime.romaji, "english": anime.english, "native": anime.native },
        "synonyms": anime.synonyms,
        "format": anime.sort,
        "episodes": anime.episodes,
        "seasonYear": year,
        "startDate": { "year": year },
        "popularity": 10 * anime.ids.anilist,
    });
    if let Some(fields) = row.as_object_mut() {
        fields.retain(|name, _| words(query).any(|word| word == name));
    }
    row
}
