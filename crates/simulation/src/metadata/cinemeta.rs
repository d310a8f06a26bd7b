//! Cinemeta's questions and the shapes of its answers: an ordinary Stremio addon over IMDb ids, no key.

use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use super::work::Work;
use super::work::{ImdbId, Kind};
use super::{Shared, pictures};

/// Rows of one search.
const PAGE: usize = 50;

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/manifest.json", web::get().to(manifest))
        .route("/meta/{kind}/{id}.json", web::get().to(meta))
        .route("/catalog/{kind}/top/search={query}.json", web::get().to(search));
}

async fn manifest() -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "id": "com.linvo.cinemeta", "version": "3.0.14", "name": "Cinemeta (simulated)",
        "types": ["movie", "series"], "idPrefixes": ["tt"], "resources": ["catalog", "meta"], "catalogs": [],
    }))
}

async fn meta(shared: web::Data<Shared>, path: web::Path<(String, String)>) -> HttpResponse {
    let (kind, id) = path.into_inner();
    let work = id.parse::<ImdbId>().ok().and_then(|id| shared.index.by_imdb(id)).filter(|w| w.kind.as_str() == kind);
    let meta = match work {
        Some(work) => whole(work, &id, &shared.url),
        // An id that it does not know gets a meta without a name, not a 404.
        None => json!({ "id": id, "type": kind, "behaviorHints": { "hasScheduledVideos": false } }),
    };
    HttpResponse::Ok().json(json!({ "meta": meta }))
}

async fn search(shared: web::Data<Shared>, path: web::Path<(String, String)>) -> HttpResponse {
    let (kind, query) = path.into_inner();
    let found = kind.parse::<Kind>().map(|kind| shared.index.search_forgivingly(kind, &query)).unwrap_or_default();
    let rows = found.iter().filter_map(|work| {
        let id = work.imdb?;
        Some(json!({
            "id": id, "imdb_id": id, "type": kind, "name": work.name, "releaseInfo": release_info(work),
            "poster": picture(work, &shared.url, "w342", "poster"), "links": [], "behaviorHints": {},
        }))
    });
    let rows: Vec<Value> = rows.take(PAGE).collect();
    HttpResponse::Ok().json(json!({ "query": query, "rank": 1.0, "cacheMaxAge": 21600, "metas": rows }))
}

fn whole(work: &Work, id: &str, url: &str) -> Value {
    let mut meta = json!({
        "id": id,
        "imdb_id": id,
        "type": work.kind,
        "name": work.name,
        "year": release_info(work),
        "releaseInfo": release_info(work),
        "released": moment(&work.released),
        "description": work.plot,
        "runtime": Some(work.runtime_mins).filter(|m| *m > 0).map(|m| format!("{m} min")),
        "genre": work.genres,
        "genres": work.genres,
        "cast": work.cast.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "director": work.directors,
        "country": work.country.1,
        "imdbRating": work.imdb_rating().map(|r| format!("{r:.1}")),
        "popularity": work.popularity(),
        "poster": picture(work, url, "w342", "poster"),
        "background": picture(work, url, "w1280", "backdrop"),
        "logo": picture(work, url, "w500", "logo"),
        "moviedb_id": work.tmdb,
        "trailers": [],
        "links": [],
        "behaviorHints": { "defaultVideoId": if work.kind == Kind::Movie { Some(id) } else { None }, "hasScheduledVideos": false },
    });
    if work.kind == Kind::Series {
        let videos = work.episodes.iter().map(|episode| {
            let (season, number) = (episode.season, episode.number);
            json!({
                "id": format!("{id}:{season}:{number}"),
                "name": episode.name,
                "season": season,
                "number": number,
                "episode": number,
                "firstAired": moment(&episode.aired),
                "released": moment(&episode.aired),
                "overview": episode.plot,
                "thumbnail": picture(work, url, "w780", &format!("s{season}e{number}")),
                "rating": "0",
            })
        });
        meta["videos"] = videos.collect();
    }
    meta
}

fn picture(work: &Work, url: &str, size: &str, what: &str) -> String {
    format!("{url}/t/p/{size}{}", pictures::path(work, what))
}

fn moment(day: &str) -> Option<String> {
    (!day.is_empty()).then(|| format!("{day}T00:00:00.000Z"))
}

/// `1968`, `2019–2021`, `2023–`; absent when the year is not known.
fn release_info(work: &Work) -> Option<String> {
    let year = work.year()?;
    Some(match (work.kind, &work.ended) {
        (Kind::Movie, _) => year.to_string(),
        (Kind::Series, Some(ended)) => format!("{year}–{}", ended.get(..4).unwrap_or_default()),
        (Kind::Series, None) => format!("{year}–"),
    })
}
