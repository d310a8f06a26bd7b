//! Floor 5: HTTP in, HTTP out. Handlers decode, ask one flow, encode. The whole route table is `routes`.
//!
//! ```text
//! stremio/    the addon, for Stremio's apps
//! play/       bytes of films, for players
//! playlists.rs  M3U8, for VLC and Kodi
//! pages/      pages for people in browsers, one file each
//! auth/       who is asking: extractors, sessions, signing in and out
//! ops/        health, readiness and figures, for machines and operators
//! route.rs    one row of the table
//! state.rs    what all handlers share
//! error.rs    every failure -> status and JSON; pages/message.rs -> a page
//! admission.rs  addresses, requests and bodies that are refused before any handler
//! requests.rs   the id of every request, in the answer and in the log
//! cors.rs     CORS on every response
//! timeout.rs  how long a response may take
//! testing.rs  the server that this folder's tests start
//! ```
//!
//! Each audience is a folder, and further ones will be too: `api` (REST, for programs), `dav` (WebDAV, for file managers and players),
//! `jellyfin` (Jellyfin's protocol, for its apps).

mod admission;
mod auth;
mod cors;
mod error;
#[cfg(test)]
mod limit_tests;
mod ops;
mod pages;
mod play;
mod playlists;
mod requests;
mod route;
mod state;
mod stremio;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod timeout;

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpServer, web};

pub use self::error::Error;
use self::route::{Access, Route};
pub use self::state::{Runtime, State};

/// Every path, who may ask for it, and its handlers. Of paths that match the same address the first one counts.
#[rustfmt::skip]
fn routes() -> Vec<Route> {
    use Access::{Anyone, Link, Operator, Owner, Shared, Viewer};
    vec![
        Route::new(Link, "/dl/{link}").get(play::file),
        Route::new(Link, "/dl/{link}/{name:.*}").get(play::file),
        Route::new(Link, "/sub/{link}/{track:[0-9]+}/{name:.+}").get(play::subtitles::inside),
        Route::new(Link, "/sub/{link}/{name:.+}").get(play::subtitles::posted),
        Route::new(Link, "/d/{link}/{name:.+}").get(play::shared),
        Route::new(Link, "/renditions/{link}/film.m3u8").get(play::renditions::qualities),
        Route::new(Link, "/renditions/{link}/{document}/film.m3u8").get(play::renditions::pieces),
        Route::new(Link, "/renditions/{link}/{document}/film.mp4").get(play::renditions::file),
        Route::new(Link, "/playlist/{link}.m3u8").get(play::hls::film).text(),
        Route::new(Link, "/playlist/{link}.json").get(play::hls::about).text(),
        Route::new(Link, "/playlist/{link}/{track}.m3u8").get(play::hls::track).text(),
        Route::new(Link, "/playlist/{link}/{track}/init.mp4").get(play::hls::init),
        Route::new(Link, "/playlist/{link}/{track}/{number}.m4s").get(play::hls::segment),
        Route::new(Shared, "/d/{link}").page(pages::share::show).form(pages::share::unlock),

        Route::new(Viewer, "/stremio/{token}/configure").page(pages::install::show),
        Route::new(Viewer, "/stremio/{token}/{rest:.*}").get(stremio::resource),
        Route::new(Viewer, "/m3u/{token}/{rest:.+}").get(playlists::show),

        Route::new(Anyone, "/health").get(ops::health::show),
        Route::new(Anyone, "/ready").get(ops::ready::show),
        Route::new(Operator, "/metrics").get(ops::metrics::show),
        Route::new(Operator, "/status").get(ops::status::show),

        Route::new(Anyone, "/owner/enter/{token}").page(auth::sign_in::show).form(auth::sign_in::submit),
        Route::new(Owner, "/owner/sign-out").form(auth::sign_out::submit),
        Route::new(Anyone, "/signed-out").get(auth::sign_out::show),
        Route::new(Owner, "/owner/sessions/{id}/end").form(auth::sessions::end),

        Route::new(Anyone, "/test-hls").page(pages::test_hls::show),
        Route::new(Anyone, "/test-hls.m3u8").get(pages::test_hls::stream),
        Route::new(Anyone, "/test-jellyfin.m3u8").get(pages::test_hls::stream),
        Route::new(Anyone, "/test-hls/{part:.+}").get(pages::test_hls::part),
        Route::new(Anyone, "/").page(pages::home::show),
        Route::new(Anyone, "/access").get(pages::no_access::show),
        Route::new(Anyone, "/assets/{name}").get(pages::assets::show),
        Route::new(Owner, "/owner").page(pages::dashboard::show),
        Route::new(Owner, "/owner/title/{kind}/{id}").page(pages::title::show),
        Route::new(Owner, "/owner/export.zip").get(pages::export::zip),
        Route::new(Owner, "/owner/review").page(pages::review::show),
        Route::new(Owner, "/owner/retry/{entry}").form(pages::review_actions::retry),
        Route::new(Owner, "/owner/ignore/{entry}").form(pages::review_actions::ignore),
        Route::new(Owner, "/owner/choose/{entry}/{kind}/{id}").form(pages::review_actions::choose),
        Route::new(Owner, "/owner/people").form(pages::people::add),
        Route::new(Owner, "/owner/people/{id}/renew").form(pages::people::renew),
        Route::new(Owner, "/owner/people/{id}/remove").form(pages::people::remove),
    ]
}

/// Registers every route. `web::Data<State>` has to be there.
pub fn configure(service: &mut web::ServiceConfig) {
    // Bytes of films are never compressed: that would cost CPU and lose their length.
    let (bytes, rest): (Vec<_>, Vec<_>) =
        routes().into_iter().partition(|route| route.access == Access::Link && !route.is_text);
    let add = |scope: actix_web::Scope, route: Route| scope.service(route.resource());
    let compressed = rest.into_iter().fold(web::scope(""), add);
    let compressed = compressed
        .default_service(web::to(pages::missing))
        .wrap(Compress::default())
        .wrap(from_fn(auth::origin::own_pages_only));
    let all = bytes.into_iter().fold(web::scope(""), add);
    service.service(
        all.service(compressed)
            .app_data(web::FormConfig::default().limit(admission::MOST_BODY))
            .app_data(web::PayloadConfig::new(admission::MOST_BODY))
            .wrap(from_fn(admission::admit))
            .wrap(from_fn(ops::counters::count))
            .wrap(from_fn(pages::message::errors_as_pages))
            .wrap(from_fn(cors::on_every_response))
            .wrap(from_fn(requests::identify)),
    );
}

/// A request's headers have to be there by then.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);

/// The server on a port that is open already. It runs once awaited; `ServerHandle::stop(true)` gives streams that are being
/// watched so long to end.
pub fn server(state: State, listener: TcpListener, drain: Duration) -> io::Result<Server> {
    let state = web::Data::new(state);
    let server = HttpServer::new(move || App::new().app_data(state.clone()).configure(configure))
        .listen(listener)?
        .shutdown_timeout(drain.as_secs())
        // Whoever opens a connection and says nothing, or a header a minute, loses it.
        .client_request_timeout(HEADERS_WITHIN)
        // A reader who closes the connection is gone, also while we wait for Telegram and write nothing: what was being
        // fetched for them is given up at once.
        .h1_allow_half_closed(false)
        // `app` decides when to stop, after ingest.
        .disable_signals();
    Ok(server.run())
}
