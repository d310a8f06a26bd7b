//! Floor 4: HTTP in, HTTP out. The whole route table is [`configure`]; the handlers decode, ask one flow, encode.

mod auth;
mod cors;
mod error;
mod ops;
mod pages;
mod play;
mod stremio;
#[cfg(test)]
mod tests;

use std::io;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, FromRequest, Handler, HttpServer, Resource, Responder, guard, web};
use ipnet::IpNet;

pub use self::error::Error;
use self::ops::metrics::Metrics;
use crate::flows::channels::Channels;
use crate::flows::health::Health;
use crate::flows::ingest::Ingest;
use crate::flows::library::Library;
use crate::flows::people::People;
use crate::flows::playback::Playback;
use crate::protocols::addresses::Addresses;

/// Stremio has no patience of its own and would wait for ever, so nothing but bytes takes longer to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// What the handlers share: made once, by `app`.
pub struct State {
    pub addresses: Addresses,
    pub library: Library,
    pub people: People,
    pub playback: Playback,
    pub health: Health,
    pub channels: Channels,
    pub ingest: Ingest,
    pub trusted_proxies: Vec<IpNet>,
    metrics: Metrics,
    started: Instant,
}

/// What [`State`] is made of.
pub struct Parts {
    pub addresses: Addresses,
    pub library: Library,
    pub people: People,
    pub playback: Playback,
    pub health: Health,
    pub channels: Channels,
    pub ingest: Ingest,
    pub trusted_proxies: Vec<IpNet>,
}

impl State {
    pub fn new(parts: Parts) -> Self {
        let Parts { addresses, library, people, playback, health, channels, ingest, trusted_proxies } = parts;
        let (metrics, started) = (Metrics::default(), Instant::now());
        Self { addresses, library, people, playback, health, channels, ingest, trusted_proxies, metrics, started }
    }
}

/// Every route. `web::Data<State>` has to be there.
pub fn configure(service: &mut web::ServiceConfig) {
    // Bytes of films are never compressed: that would cost CPU and lose their length.
    let everything_but_bytes = web::scope("")
        .wrap(Compress::default())
        .wrap(from_fn(auth::origin::own_pages_only))
        .service(get("/stremio/{token}/configure", pages::configure))
        .service(get("/stremio/{token}/{rest:.*}", stremio::answer))
        .service(get("/health", ops::health))
        .service(get("/ready", ops::ready))
        .service(get("/metrics", ops::metrics))
        .service(get("/status", ops::status))
        .service(get("/", pages::home))
        .service(get("/access", pages::no_access))
        .service(get("/signed-out", pages::signed_out))
        .service(get("/owner/enter/{ticket}", pages::show_sign_in).route(web::post().to(pages::sign_in)))
        .service(get("/owner", pages::owner))
        .service(get("/owner/title/{kind}/{id}", pages::title))
        .service(get("/owner/review", pages::review))
        .service(post("/owner/retry/{entry}", pages::retry))
        .service(post("/owner/ignore/{entry}", pages::ignore))
        .service(post("/owner/sign-out", pages::sign_out))
        .service(post("/owner/people", pages::add_person))
        .service(post("/owner/people/{id}/renew", pages::renew_person))
        .service(post("/owner/people/{id}/remove", pages::remove_person))
        .service(post("/owner/sessions/{id}/end", pages::end_session))
        .service(get("/assets/{name}", pages::asset))
        .default_service(web::to(pages::missing));
    service.service(
        web::scope("")
            .wrap(from_fn(ops::metrics::count))
            .wrap(from_fn(pages::errors_as_pages))
            .wrap(from_fn(cors::on_every_answer))
            .service(get("/dl/{link}", play::play))
            .service(get("/dl/{link}/{name:.*}", play::play))
            .service(everything_but_bytes),
    );
}

/// GET and HEAD: actix does not take HEAD for granted, and players and Stremio's web client ask HEAD first. Other methods
/// get 405.
fn get<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler))
}

fn post<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::post().to(handler))
}

/// The server on a port that is open already. It runs once awaited; `ServerHandle::stop(true)` gives streams that are being
/// watched so long to end.
pub fn server(state: State, listener: TcpListener, drain: Duration) -> io::Result<Server> {
    let state = web::Data::new(state);
    let server = HttpServer::new(move || App::new().app_data(state.clone()).configure(configure))
        .listen(listener)?
        .shutdown_timeout(drain.as_secs())
        // A reader who closes the connection is gone, also while we wait for Telegram and write nothing: what was being
        // fetched for them is given up at once.
        .h1_allow_half_closed(false)
        // `app` decides when to stop, after ingest.
        .disable_signals();
    Ok(server.run())
}
