//! What machines ask: alive, ready, figures.

mod byte_engine;
pub mod metrics;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use self::metrics::Text;
use super::auth::{may_watch_over, within_patience};
use super::{Error, PATIENCE, State};
use crate::flows::channels::{ChannelStatus, Light};
use crate::flows::health::{self, Report};

/// GET `/health`: the program runs. Says its name, so that one can tell it from a stranger at the same address.
pub async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "name": "cinepost", "version": env!("CARGO_PKG_VERSION"), "alive": true }))
}

/// GET `/ready`: 200 once everything posted so far is in the library and nothing keeps films from coming and playing; 503 and the
/// reasons otherwise. What only makes it worse is told as well. Anybody may ask.
pub async fn ready(state: web::Data<State>) -> HttpResponse {
    let report = look(&state).await;
    let waiting = report.waiting_for();
    let mut answer = match waiting.is_empty() {
        true => HttpResponse::Ok(),
        false => HttpResponse::ServiceUnavailable(),
    };
    if !waiting.is_empty() {
        answer.insert_header((header::RETRY_AFTER, "1"));
    }
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "ready": waiting.is_empty(), "waiting_for": waiting, "degraded": report.degraded() }))
}

/// GET `/metrics`, for the owner or this machine.
pub async fn metrics(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    may_watch_over(&state, &request).await?;
    let report = look(&state).await;
    let is_ready = report.waiting_for().is_empty();
    let mut text = Text::default();
    text.gauge("cinepost_uptime_seconds", "Seconds since the start.", state.started.elapsed().as_secs());
    text.gauge("cinepost_ready", "1 once everything posted so far is in the library.", is_ready.into());
    // A database that is away must not take the other figures with it: its own are simply missing then.
    if let Ok(counts) = within_patience(state.library.counts()).await {
        text.family("cinepost_titles", "gauge", "Titles in the library.");
        text.sample("cinepost_titles", "{type=\"movie\"}", counts.movies);
        text.sample("cinepost_titles", "{type=\"series\"}", counts.series);
        text.gauge("cinepost_files", "Files that can be played.", counts.files);
        text.gauge("cinepost_files_pending", "Files waiting for their match.", counts.pending);
        text.gauge("cinepost_files_review", "Files that need a person.", counts.review);
    }
    text.gauge("cinepost_troubles", "What is wrong; /status says what.", report.troubles.len() as u64);
    text.family("cinepost_bot_well", "gauge", "1 for a bot that is signed in and has no problem.");
    for bot in state.health.bots() {
        let labels = format!("{{bot=\"{}\"}}", bot.what.replace(['"', '\\', '\n'], "_"));
        text.sample("cinepost_bot_well", &labels, (bot.state != health::State::Bad).into());
    }
    state.metrics.write(&mut text);
    byte_engine::write(&mut text, &state.playback);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text.finish()))
}

/// GET `/status`, for the owner or this machine: the same as JSON, in words.
pub async fn status(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    may_watch_over(&state, &request).await?;
    let report = look(&state).await;
    let waiting = report.waiting_for();
    let counts = within_patience(state.library.counts()).await?;
    let channels: Vec<_> = within_patience(state.channels.list()).await?.iter().map(channel).collect();
    let progress = state.ingest.progress();
    let bots: Vec<_> = state
        .health
        .bots()
        .into_iter()
        .map(|bot| json!({ "name": bot.what, "well": bot.state != health::State::Bad, "says": bot.says }))
        .collect();
    let streams: Vec<_> = state
        .playback
        .watching()
        .into_iter()
        .map(|stream| {
            let secs = stream.since.elapsed().unwrap_or_default().as_secs();
            json!({
                "entry": stream.entry,
                "name": stream.name,
                "person": stream.person,
                "secs": secs,
                "sent_bytes": stream.sent_bytes,
                "bytes_per_second": stream.bytes_per_second,
                "bots": stream.bots.iter().filter_map(|bot| bots.get(*bot)).map(|bot| &bot["name"]).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "uptime_secs": state.started.elapsed().as_secs(),
        "ready": waiting.is_empty(),
        "waiting_for": waiting,
        "troubles": report.troubles.iter().map(|trouble| &trouble.says).collect::<Vec<_>>(),
        "library": {
            "movies": counts.movies,
            "series": counts.series,
            "files": counts.files,
            "pending": counts.pending,
            "review": counts.review,
        },
        "matching": progress.matching,
        "waiting_for_provider": progress.waiting_for_provider,
        "channels": channels,
        "streams": streams,
        "bots": bots,
    })))
}

fn channel(status: &ChannelStatus) -> serde_json::Value {
    let channel = &status.channel;
    // Null while nobody knows.
    let (readable, says) = match &status.light {
        Light::Good => (Some(true), None),
        Light::Slow(says) => (Some(true), Some(says)),
        Light::Bad(says) => (Some(false), Some(says)),
        Light::Unknown | Light::Off => (None, None),
    };
    json!({
        "id": channel.chat.get(),
        "title": channel.title,
        "active": channel.active,
        "readable": readable,
        "says": says,
    })
}

/// How the program does, a database that does not answer in time included.
pub async fn look(state: &State) -> Report {
    let answer = tokio::time::timeout(PATIENCE, state.health.look()).await;
    answer.unwrap_or_else(|_| Report::no_database())
}
