//! Floor 4: HTTP in, HTTP out. The whole route table is [`configure`]; the handlers decode, ask one flow, encode.

mod access;
mod addon;
mod assets;
mod cors;
mod error;
mod metrics;
mod pages;
mod status;

use std::io;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, Handler, HttpServer, Route, guard, web};

pub use self::error::Error;
use self::metrics::Metrics;
use crate::accounts::Accounts;
use crate::health::Health;
use crate::ingest::Ingest;
use crate::library::Library;
use crate::playback::Playback;
use crate::stremio::{AbsoluteUrl, Manifest};

/// How long a stop waits for streams that are being watched.
const STOP_SECS: u64 = 10;
/// Stremio has no patience of its own and would wait for ever, so nothing but bytes takes longer to answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// What the handlers share: made once, by `app`.
pub struct State {
    pub base_url: AbsoluteUrl,
    pub library: Library,
    pub accounts: Accounts,
    pub playback: Playback,
    pub health: Health,
    pub ingest: Ingest,
    /// The manifest's text: it is the same for everybody.
    manifest: String,
    metrics: Metrics,
    started: Instant,
}

impl State {
    pub fn new(
        base_url: AbsoluteUrl,
        library: Library,
        accounts: Accounts,
        playback: Playback,
        health: Health,
        ingest: Ingest,
    ) -> Self {
        let manifest = Manifest::new(&base_url).to_json();
        let (metrics, started) = (Metrics::default(), Instant::now());
        Self { base_url, library, accounts, playback, health, ingest, manifest, metrics, started }
    }
}

/// Every route. `web::Data<State>` has to be there.
pub fn configure(service: &mut web::ServiceConfig) {
    // Bytes of films are never compressed: that would cost CPU and lose their length.
    let everything_but_bytes = web::scope("")
        .wrap(Compress::default())
        .route("/stremio/{token}/configure", get(pages::configure))
        .route("/stremio/{token}/{rest:.*}", get(addon::answer))
        .route("/health", get(status::health))
        .route("/ready", get(status::ready))
        .route("/metrics", get(status::metrics))
        .route("/status", get(status::status))
        .route("/", get(pages::home))
        .route("/access", get(pages::access_ended))
        .service(web::resource("/owner/enter/{ticket}").route(get(pages::knock)).route(web::post().to(pages::enter)))
        .route("/owner", get(pages::owner))
        .route("/owner/title/{kind}/{id}", get(pages::title))
        .route("/owner/retry/{entry}", web::post().to(pages::retry))
        .route("/owner/leave", web::post().to(pages::leave))
        .route("/assets/{name}", get(assets::asset))
        .default_service(web::to(pages::missing));
    service.service(
        web::scope("").wrap(from_fn(metrics::count)).wrap(from_fn(cors::on_every_answer)).service(everything_but_bytes),
    );
}

/// GET and HEAD: actix does not take HEAD for granted, and players and Stremio's web client ask HEAD first.
fn get<F, Args>(handler: F) -> Route
where
    F: Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: actix_web::Responder + 'static,
{
    web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler)
}

/// The server on a port that is open already. It runs once awaited; `ServerHandle::stop(true)` lets streams end first.
pub fn server(state: web::Data<State>, listener: TcpListener) -> io::Result<Server> {
    let server = HttpServer::new(move || App::new().app_data(state.clone()).configure(configure))
        .listen(listener)?
        .shutdown_timeout(STOP_SECS)
        // `app` decides when to stop, after ingest.
        .disable_signals();
    Ok(server.run())
}
