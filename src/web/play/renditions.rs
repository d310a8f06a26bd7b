//! The qualities that Telegram made of a film, for players: each as a file, and all of them as one HLS stream that changes between them.
//!
//! ```text
//! /renditions/{link}/film.m3u8               the qualities
//! /renditions/{link}/{document}/film.m3u8    one quality in pieces: Telegram's own playlist, led to us
//! /renditions/{link}/{document}/film.mp4     its bytes, like any film's
//! ```

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{Error, State, answer, unless_guessed};
use crate::domain::post::DocumentId;
use crate::domain::rendition::Rendition;
use crate::flows::unix_now;
use crate::protocols::hls::{self, Variant};

/// Players come again for a playlist only when they begin anew.
const KEPT: &str = "private, max-age=300";
/// The file that a quality's pieces are runs of, beside its playlist.
const BYTES: &str = "film.mp4";

/// GET and HEAD `/renditions/{link}/film.m3u8`.
pub async fn qualities(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let link = request.match_info().get("link").unwrap_or_default();
    let found = state.playback.renditions(link, unix_now().unsigned_abs()).await;
    let (found, renditions) = unless_guessed(&request, found)?;
    state.limits.take_request(found.asker, unix_now()).map_err(Error::Limited)?;
    let variant = |one: &Rendition| Variant {
        uri: format!("{}/film.m3u8", one.video.document.0),
        bandwidth: one.bandwidth(found.entry.duration_secs),
        width: one.width,
        height: one.height,
    };
    Ok(playlist(hls::master(&renditions.iter().map(variant).collect::<Vec<_>>())))
}

/// GET and HEAD `/renditions/{link}/{document}/film.m3u8`.
pub async fn pieces(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (link, video) = asked(&request);
    let found = state.playback.rendition_playlist(link, video, hls::MOST, unix_now().unsigned_abs()).await;
    let (found, text) = unless_guessed(&request, found)?;
    state.limits.take_request(found.asker, unix_now()).map_err(Error::Limited)?;
    let text = String::from_utf8_lossy(&text);
    let led = hls::led_to(&text, video, BYTES).ok_or(Error::NotFound("such playlist"))?;
    Ok(playlist(led))
}

/// GET and HEAD `/renditions/{link}/{document}/film.mp4`.
pub async fn file(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (link, video) = asked(&request);
    let found = state.playback.find_rendition(link, video, unix_now().unsigned_abs()).await;
    let found = unless_guessed(&request, found)?;
    answer(&state, &request, &found, false, None).await
}

/// The link, and the document; one that no document can have where a stranger made the address up, who is told no more than that.
fn asked(request: &HttpRequest) -> (&str, DocumentId) {
    let part = |name| request.match_info().get(name).unwrap_or_default();
    (part("link"), DocumentId(part("document").parse().unwrap_or_default()))
}

fn playlist(text: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, hls::MEDIA_TYPE))
        .insert_header((header::CACHE_CONTROL, KEPT))
        .body(text)
}
