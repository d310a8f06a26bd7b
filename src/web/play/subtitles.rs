//! Subtitles for players: posted ones, and those inside a film. What the name ends in says how they are wanted: `.srt`, `.vtt` or `.ass`.

use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http, web};

use super::{file_headers, found_by, nothing};
use crate::flows::playback::{Found, Lines, Writing};
use crate::flows::unix_now;
use crate::web::{Error, State};

/// GET and HEAD `/sub/{link}/{file name}`.
pub async fn posted(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (found, writing, response) = asked(&state, &request).await?;
    let text = state.playback.subtitles(&found, writing).await?;
    Ok(whole(response, &request, text))
}

/// GET and HEAD `/sub/{link}/{track}/{file name}`: a track of the film that the link leads to.
pub async fn inside(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let (found, writing, mut response) = asked(&state, &request).await?;
    if request.method() == http::Method::HEAD {
        // How long it will be is only known of what was read, and nobody who asks for its head should cause that.
        return Ok(response.streaming(nothing()));
    }
    // No track has a number that is none.
    let track = request.match_info().get("track").and_then(|number| number.parse().ok()).unwrap_or(0);
    Ok(match state.playback.inside(&found, track, writing).await? {
        Lines::Whole(text) => whole(response, &request, text),
        Lines::Growing(pieces) => response.streaming(pieces),
    })
}

/// What is asked for, and the beginning of the answer.
async fn asked(state: &State, request: &HttpRequest) -> Result<(Found, Writing, HttpResponseBuilder), Error> {
    let found = found_by(state, request).await?;
    state.limits.take_request(found.asker, unix_now()).map_err(Error::Limited)?;
    let name = request.match_info().get("name").unwrap_or_default();
    let writing = Writing::of(name);
    let content_type = match writing {
        Writing::Srt => "application/x-subrip; charset=utf-8",
        Writing::Vtt => "text/vtt; charset=utf-8",
        Writing::Ass => "text/x-ssa; charset=utf-8",
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, file_headers::content_disposition(name, false)))
        // A link is one person's, and a person may move the lines.
        .insert_header((header::CACHE_CONTROL, "private, max-age=60"));
    Ok((found, writing, response))
}

fn whole(mut response: HttpResponseBuilder, request: &HttpRequest, text: String) -> HttpResponse {
    match *request.method() {
        http::Method::HEAD => response.body(SizedStream::new(text.len() as u64, nothing())),
        _ => response.body(text),
    }
}
