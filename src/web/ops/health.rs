//! GET `/health`: the program runs.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde_json::json;

/// Says its name, so that one can tell it from a stranger at the same address. Asks nobody.
pub async fn show() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "name": "cinepost", "version": env!("CARGO_PKG_VERSION"), "alive": true }))
}
