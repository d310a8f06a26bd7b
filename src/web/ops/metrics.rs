//! GET `/metrics`: all figures as Prometheus text.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::prometheus::Text;
use super::{byte_engine, limits, report};
use crate::flows::health;
use crate::web::State;
use crate::web::auth::Operator;
use crate::web::timeout::in_time;

pub async fn show(state: web::Data<State>, _: Operator) -> HttpResponse {
    let report = report(&state).await;
    let is_ready = report.waiting_for().is_empty();
    let mut text = Text::default();
    let uptime = state.runtime.started.elapsed();
    text.gauge("cinepost_uptime_seconds", "Seconds since the start.", uptime.as_secs());
    text.gauge("cinepost_ready", "1 while films come and play.", is_ready.into());
    // A database that is away must not take the other figures with it: its own are simply missing then.
    if let Ok(counts) = in_time(state.library.counts()).await {
        text.family("cinepost_titles", "gauge", "Titles in the library.");
        text.sample("cinepost_titles", "{type=\"movie\"}", counts.movies);
        text.sample("cinepost_titles", "{type=\"series\"}", counts.series);
        text.gauge("cinepost_files", "Files that can be played.", counts.files);
        text.gauge("cinepost_files_pending", "Files waiting for their match.", counts.pending);
        text.gauge("cinepost_files_review", "Files that need a person.", counts.review);
    }
    if let Ok(unprobed) = in_time(state.library.unprobed()).await {
        text.gauge("cinepost_files_unprobed", "Files that wait to be looked into, counted up to 100000.", unprobed);
    }
    text.gauge("cinepost_troubles", "What is wrong; /status says what.", report.troubles.len() as u64);
    text.family("cinepost_bot_well", "gauge", "1 for a bot that is signed in and has no problem.");
    for bot in state.health.bots() {
        let labels = format!("{{bot=\"{}\"}}", bot.what.replace(['"', '\\', '\n'], "_"));
        text.sample("cinepost_bot_well", &labels, (bot.state != health::State::Bad).into());
    }
    state.runtime.responses.write(&mut text);
    limits::write(&mut text, &state.limits.figures());
    byte_engine::write(&mut text, &state.playback);
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text.finish())
}
