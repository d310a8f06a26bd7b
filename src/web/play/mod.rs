//! Bytes of films, for players: GET and HEAD `/dl/{link}/{file name}`. The name is for people and players; only the link is read.
//!
//! Ranges and conditions are read in `domain::conditions`.

mod file_headers;
pub mod hls;
mod multipart;
pub mod renditions;
mod shared;
pub mod subtitles;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http, web};
use bytes::Bytes;
use futures_util::{Stream, stream};

use self::multipart::Multipart;
use self::shared::counted;
pub use self::shared::shared;
use super::auth::begin_guess;
use super::{Error, State};
use crate::domain::conditions::{Conditions, Method, Outcome, Validators, http_date};
use crate::domain::limits::Secret;
use crate::domain::range::{Answer, ByteRange};
use crate::flows::files::Counter;
use crate::flows::playback::{self, Found};
use crate::flows::unix_now;

/// GET and HEAD `/dl/{link}` and `/dl/{link}/{file name}`.
pub async fn file(state: web::Data<State>, request: HttpRequest) -> Result<HttpResponse, Error> {
    let found = found_by(&state, &request).await?;
    answer(&state, &request, &found, false, None).await
}

/// What the link in the path leads to.
async fn found_by(state: &State, request: &HttpRequest) -> Result<Found, Error> {
    let link = request.match_info().get("link").unwrap_or_default();
    let found = state.playback.find(link, unix_now().unsigned_abs()).await;
    unless_guessed(request, found)
}

/// What a link led to. Whoever makes up links is counted among those who guess.
fn unless_guessed<T>(request: &HttpRequest, found: Result<T, playback::Error>) -> Result<T, Error> {
    match found {
        Err(playback::Error::Forged) => begin_guess(request, Secret::Token).and(Err(playback::Error::Forged.into())),
        found => Ok(found?),
    }
}

/// The bytes of what a link leads to, as the request asks for them. `counter`: counts what goes out of a shared file, given whether
/// all of it was asked for.
async fn answer(
    state: &State,
    request: &HttpRequest,
    found: &Found,
    is_to_save: bool,
    counter: Option<&dyn Fn(bool) -> Counter>,
) -> Result<HttpResponse, Error> {
    let playback = &state.playback;
    state.limits.take_request(found.asker, unix_now()).map_err(Error::Limited)?;
    let length = found.entry.file.len();
    let content_type = file_headers::content_type(&found.entry.name, &found.entry.mime);
    let validators = validators(found);
    let is_head = request.method() == http::Method::HEAD;

    let outcome = decide(request, if is_head { Method::Head } else { Method::Get }, &validators, length);
    let mut response = HttpResponse::build(status(&outcome));
    describe(&mut response, &validators);
    let is_whole = matches!(outcome, Outcome::Send(Answer::Full));
    let ranges = match outcome {
        Outcome::NotModified | Outcome::PreconditionFailed => return Ok(response.finish()),
        Outcome::Send(Answer::NotSatisfiable) => {
            response.insert_header((header::CONTENT_RANGE, format!("bytes */{length}")));
            return Ok(response.finish());
        }
        Outcome::Send(Answer::Full) => vec![ByteRange::whole(length)],
        Outcome::Send(Answer::Partial(range)) => {
            response.insert_header((header::CONTENT_RANGE, range.content_range(length)));
            vec![range]
        }
        Outcome::Send(Answer::Several(ranges)) => {
            let multipart = Multipart::new(&ranges, length, content_type);
            response.insert_header((header::CONTENT_TYPE, multipart.content_type()));
            let body = counted(playback.open(found, ranges, false).await?, counter, false);
            return Ok(response.body(SizedStream::new(multipart.content_length(), Box::pin(multipart.wrap(body)))));
        }
    };
    response.insert_header((header::CONTENT_TYPE, content_type));
    response
        .insert_header((header::CONTENT_DISPOSITION, file_headers::content_disposition(&found.entry.name, is_to_save)));
    let bytes = ranges.iter().map(|range| range.len()).sum();
    if is_head {
        return Ok(response.body(SizedStream::new(bytes, nothing())));
    }
    let is_whole = is_whole || is_to_save && ranges.iter().any(|range| range.start() == 0);
    let body = counted(playback.open(found, ranges, is_whole).await?, counter, is_whole);
    Ok(response.body(SizedStream::new(bytes, body)))
}

fn decide(request: &HttpRequest, method: Method, validators: &Validators, length: u64) -> Outcome {
    let text = |name: HeaderName| {
        let lines = request.headers().get_all(name).map(|line| String::from_utf8_lossy(line.as_bytes()));
        lines.reduce(|all, line| format!("{all}, {line}").into())
    };
    Conditions {
        if_match: text(header::IF_MATCH).as_deref(),
        if_unmodified_since: text(header::IF_UNMODIFIED_SINCE).as_deref(),
        if_none_match: text(header::IF_NONE_MATCH).as_deref(),
        if_modified_since: text(header::IF_MODIFIED_SINCE).as_deref(),
        range: text(header::RANGE).as_deref(),
        if_range: text(header::IF_RANGE).as_deref(),
    }
    .decide(method, validators, length)
}

fn status(outcome: &Outcome) -> StatusCode {
    match outcome {
        Outcome::Send(Answer::Full) => StatusCode::OK,
        Outcome::Send(Answer::Partial(_) | Answer::Several(_)) => StatusCode::PARTIAL_CONTENT,
        Outcome::Send(Answer::NotSatisfiable) => StatusCode::RANGE_NOT_SATISFIABLE,
        Outcome::NotModified => StatusCode::NOT_MODIFIED,
        Outcome::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
    }
}

/// An entry's id is made of its documents' ids, and a document's bytes never change: a strong ETag that stays the same when
/// the catalog is built anew or the film is forwarded again.
fn validators(found: &Found) -> Validators {
    let entry = &found.entry;
    Validators { etag: format!("\"{}-{:x}\"", entry.id, entry.file.len()), modified: Some(entry.posted) }
}

/// The headers of every response about the file, whatever its status.
fn describe(response: &mut HttpResponseBuilder, validators: &Validators) {
    response
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::ETAG, validators.etag.as_str()))
        // A link is one person's: shared caches keep out.
        .insert_header((header::CACHE_CONTROL, "private"));
    if let Some(date) = validators.modified.and_then(http_date) {
        response.insert_header((header::LAST_MODIFIED, date));
    }
}

fn nothing() -> impl Stream<Item = Result<Bytes, playback::Error>> + Unpin {
    stream::empty()
}
