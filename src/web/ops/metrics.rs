//! How often what was answered, counted without locks, and all figures as Prometheus text.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;

use crate::web::State;

const AREAS: [&str; 3] = ["addon", "bytes", "pages"];
const CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// Answers by area and class of status.
#[derive(Default)]
pub struct Metrics {
    answers: [[AtomicU64; CLASSES.len()]; AREAS.len()],
}

impl Metrics {
    fn count(&self, path: &str, status: u16) {
        let area = match path {
            path if path.starts_with("/stremio/") => 0,
            path if path.starts_with("/dl/") => 1,
            _ => 2,
        };
        let class = usize::from(status / 100).saturating_sub(2).min(CLASSES.len() - 1);
        self.answers[area][class].fetch_add(1, Ordering::Relaxed);
    }

    /// Writes the family of all areas and classes.
    pub fn write(&self, text: &mut Text) {
        text.family("cinepost_http_responses_total", "counter", "Answers by area and class of status.");
        for (area, classes) in AREAS.iter().zip(&self.answers) {
            for (class, count) in CLASSES.iter().zip(classes) {
                let labels = format!("{{area=\"{area}\",class=\"{class}\"}}");
                text.sample("cinepost_http_responses_total", &labels, count.load(Ordering::Relaxed));
            }
        }
    }
}

/// Counts every answer.
pub async fn count<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let state = request.app_data::<web::Data<State>>().cloned();
    let response = next.call(request).await?;
    if let Some(state) = state {
        state.metrics.count(response.request().path(), response.status().as_u16());
    }
    Ok(response)
}

/// The text format, version 0.0.4 (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
#[derive(Default)]
pub struct Text(String);

impl Text {
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    pub fn sample(&mut self, name: &str, labels: &str, value: u64) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    pub fn number(&mut self, name: &str, value: f64) {
        let _ = writeln!(self.0, "{name} {value}");
    }

    pub fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "gauge", help);
        self.sample(name, "", value);
    }

    pub fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "counter", help);
        self.sample(name, "", value);
    }

    pub fn finish(self) -> String {
        self.0
    }
}
