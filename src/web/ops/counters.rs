//! HTTP responses by area and class of status, counted without locks.

use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;

use super::prometheus::Text;
use crate::web::State;

const AREAS: [&str; 3] = ["addon", "bytes", "pages"];
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// Responses by area and class of status.
#[derive(Default)]
pub struct Counters {
    responses: [[AtomicU64; CLASSES.len()]; AREAS.len()],
}

impl Counters {
    fn count(&self, path: &str, status: u16) {
        let area = area_index(path);
        let class = usize::from(status / 100).saturating_sub(2).min(CLASSES.len() - 1);
        self.responses[area][class].fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the family of all areas and classes.
    pub fn write(&self, text: &mut Text) {
        text.family("cinepost_http_responses_total", "counter", "Answers by area and class of status.");
        for (area, classes) in AREAS.iter().zip(&self.responses) {
            for (class, count) in CLASSES.iter().zip(classes) {
                let labels = format!("{{area=\"{area}\",class=\"{class}\"}}");
                text.sample("cinepost_http_responses_total", &labels, count.load(Ordering::Relaxed));
            }
        }
    }
}

/// The area of a path: all that is told of it.
pub fn area(path: &str) -> &'static str {
    AREAS[area_index(path)]
}

fn area_index(path: &str) -> usize {
    let mut parts = path.split('/').skip(1);
    match (parts.next(), parts.nth(1)) {
        (Some("stremio" | "m3u"), _) => 0,
        // What a link opens: the film itself, or another way to it.
        (Some("dl" | "sub" | "renditions" | "playlist"), _) => 1,
        // A shared file's page has no name behind its link.
        (Some("d"), Some(_)) => 1,
        _ => 2,
    }
}

/// Counts every response.
pub async fn count<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let response = next.call(request).await?;
    if let Some(state) = state {
        state.runtime.responses.count(response.request().path(), response.status().as_u16());
    }
    Ok(response)
}
