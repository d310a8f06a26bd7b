//! GET `/test-hls`: whether this client plays HLS from here. The stream that it plays is `/test-hls.m3u8`, for anybody to put into any player; it is a film that is
//! built in, made into segments as films of the library are, so that it needs neither Telegram nor a link.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Frame, page};
use crate::protocols::hls::MEDIA_TYPE;
use crate::protocols::playlist::PICTURE_TYPE;
use crate::protocols::test_film::{self, Part};
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "test_hls.html")]
struct TestPage {
    frame: Frame,
    /// For other players.
    stream: String,
}

pub async fn show(state: web::Data<State>) -> Result<HttpResponse, Error> {
    let stream = state.addresses.test_stream().to_string();
    let mut answer = page(StatusCode::OK, &TestPage { frame: Frame::of(&state), stream })?;
    // A script hands the browser what it fetched.
    let policy = super::CONTENT_POLICY.replace("media-src 'self'", "media-src 'self' blob:");
    let policy = policy.parse().expect("letters, as the one that it is made of");
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}

/// GET and HEAD `/test-hls.m3u8`, and `/test-jellyfin.m3u8`, where clients of Jellyfin look for such a stream.
pub async fn stream() -> HttpResponse {
    answer(MEDIA_TYPE, test_film::master("test-hls"))
}

/// GET and HEAD `/test-hls/{part}`.
pub async fn part(path: web::Path<String>) -> Result<HttpResponse, Error> {
    match test_film::part(&path).ok_or(Error::NotFound("such part"))? {
        Part::Playlist(text) => Ok(answer(MEDIA_TYPE, text)),
        Part::Bytes(bytes) => Ok(answer(PICTURE_TYPE, bytes)),
    }
}

fn answer(kind: &str, body: impl actix_web::body::MessageBody + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(body)
}
