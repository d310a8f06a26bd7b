//! GET `/ready`: whether films come and play.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::json;

use super::report;
use crate::web::State;

/// 200 once the channels are caught up and nothing keeps films from coming and playing; 503 and the reasons otherwise. Troubles that stop
/// nothing are listed as well, and how many new files are still being matched: whoever wants everything that was posted waits for
/// none. Anybody may ask.
pub async fn show(state: web::Data<State>) -> HttpResponse {
    let report = report(&state).await;
    let waiting = report.waiting_for();
    let mut answer = match waiting.is_empty() {
        true => HttpResponse::Ok(),
        false => HttpResponse::ServiceUnavailable(),
    };
    if !waiting.is_empty() {
        answer.insert_header((header::RETRY_AFTER, "1"));
    }
    answer.insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "ready": waiting.is_empty(),
        "waiting_for": waiting,
        "degraded": report.degraded(),
        "matching": report.matching,
    }))
}
