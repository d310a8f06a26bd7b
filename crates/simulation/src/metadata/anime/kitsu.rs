//! Kitsu's search (kitsu.docs.apiary.io), as JSON:API has it: a forgiving one, which offers what shares a word.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::super::Shared;
use super::Anime;

const MEDIA_TYPE: &str = "application/vnd.api+json";
/// Rows of a page: as many as it gives unasked, and at most.
const PAGE: usize = 10;
const MAX_PAGE: usize = 20;

pub(in super::super) async fn search(
    shared: web::Data<Shared>,
    request: HttpRequest,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    let accepts = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if !accepts.contains(MEDIA_TYPE) {
        return refused(
            StatusCode::NOT_ACCEPTABLE,
            "406",
            "Not acceptable",
            "Accept should be application/vnd.api+json.",
        );
    }
    for name in query.keys() {
        if !["filter[text]", "filter[slug]", "page[limit]", "page[offset]", "fields[anime]"].contains(&name.as_str()) {
            let detail = format!("{name} is not allowed.");
            return refused(StatusCode::BAD_REQUEST, "102", "Filter not allowed", &detail);
        }
    }
    let limit = query.get("page[limit]").map_or(Ok(PAGE), |limit| limit.parse()).unwrap_or(0);
    if !(1..=MAX_PAGE).contains(&limit) {
        return refused(StatusCode::BAD_REQUEST, "118", "Invalid page value", "Limit exceeds maximum page size of 20.");
    }
    let found = match query.get("filter[slug]") {
        Some(wanted) => shared.anime.iter().filter(|anime| slug(anime) == *wanted).collect(),
        None => super::sharing_a_word(&shared.anime, query.get("filter[text]").map_or("", String::as_str)),
    };
    let fields = query.get("fields[anime]").map(|fields| fields.split(',').collect::<Vec<_>>());
    let rows: Vec<Value> = found.iter().take(limit).map(|anime| row(anime, fields.as_deref(), &shared.url)).collect();
    HttpResponse::Ok()
        .content_type(MEDIA_TYPE)
        .body(json!({ "data": rows, "meta": { "count": found.len() }, "links": {} }).to_string())
}

fn slug(anime: &Anime) -> String {
    anime.romaji.to_lowercase().replace(' ', "-")
}

fn refused(status: StatusCode, code: &str, title: &str, detail: &str) -> HttpResponse {
    let number = status.as_u16().to_string();
    let errors = json!({ "errors": [{ "title": title, "detail": detail, "code": code, "status": number }] });
    HttpResponse::build(status).content_type(MEDIA_TYPE).body(errors.to_string())
}

fn row(anime: &Anime, fields: Option<&[&str]>, url: &str) -> Value {
    let names = [("en", &anime.english), ("ja_jp", &anime.native)];
    let names = names.into_iter().filter_map(|(tongue, name)| Some((tongue.to_owned(), json!(name.as_ref()?))));
    let mut titles: Map<String, Value> = names.collect();
    titles.insert("en_jp".to_owned(), json!(anime.romaji));
    let sort = if anime.sort == "MOVIE" { "movie" } else { anime.sort };
    let mut attributes = json!({
        "canonicalTitle": anime.romaji,
        "titles": titles,
        "abbreviatedTitles": anime.synonyms,
        "startDate": anime.started,
        "subtype": sort,
        "showType": sort,
        "episodeCount": anime.episodes,
        "userCount": 100 * anime.ids.kitsu,
        "status": "finished",
        "slug": slug(anime),
        "synopsis": "",
    });
    if let (Some(fields), Some(all)) = (fields, attributes.as_object_mut()) {
        all.retain(|name, _| fields.contains(&name.as_str()));
    }
    let id = anime.ids.kitsu.to_string();
    let link = format!("{url}/kitsu/api/edge/anime/{id}");
    json!({ "id": id, "type": "anime", "links": { "self": link }, "attributes": attributes })
}
