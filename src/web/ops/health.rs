//! GET `/health`: the program runs.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde_json::json;

/// Names the program, so that a client can tell it from another one at the same address. Asks nothing of any part.
pub async fn show() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "name": "cinepost", "version": env!("CARGO_PKG_VERSION"), "alive": true }))
}
