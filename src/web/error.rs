//! Every way in which a request can fail -> status and body.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde_json::json;
use tracing::error;

use crate::domain::limits::Refusal;
use crate::domain::person::Denied;
use crate::domain::shared::Shut;
use crate::flows::ingest::review;
use crate::flows::{DatabaseError, files, playback, unix_now};
use crate::protocols::playlist;
use crate::protocols::stremio::request;

/// The number under which the log has a failure in full.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The path was not understood; says which part.
    #[error(transparent)]
    Request(#[from] request::Error),
    /// A stranger is not told which of the two.
    #[error("this link is mistyped, or the access was taken away")]
    Forbidden,
    /// The link is right, and its person may not in now.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A page for the owner, asked for by somebody who did not prove to be them.
    #[error(
        "only the owner may see this; send /start to your bot, or run `cinepost owner-link`: both give you a link that lets you in"
    )]
    NotOwner,
    /// A form that did not come from a page of the owner's session.
    #[error("this did not come from one of our own pages; open the page anew and try again")]
    Foreign,
    /// The address, or the person, is on a list of those who are not let in.
    #[error("this {0} is not let in here; ask whoever runs this Cinepost")]
    Barred(&'static str),
    /// The body of a request is larger than any that we read.
    #[error("this is too much at once; a request may bring {} KiB", super::admission::MOST_BODY / 1024)]
    TooLarge,
    #[error("{}", .0.text(unix_now()))]
    Limited(Refusal),
    #[error("there is no {0} here")]
    NotFound(&'static str),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A flow did not answer within `RESPONSE_TIMEOUT`.
    #[error("the answer takes too long")]
    Slow,
    /// A link of a file that somebody shares, and that does not open.
    #[error(transparent)]
    Shared(files::OpenError),
    /// It opens for who gives its password first.
    #[error("this file asks for a password; open its page in a browser")]
    Locked,
    /// What somebody decided of a file cannot be done.
    #[error(transparent)]
    Review(review::Error),
    /// A player, or a codec, that nobody knows.
    #[error(transparent)]
    Player(#[from] playlist::Unknown),
    /// A link that does not play.
    #[error(transparent)]
    Playback(playback::Error),
    #[error("a page could not be written: {0}")]
    Page(#[from] askama::Error),
}

impl From<files::OpenError> for Error {
    fn from(error: files::OpenError) -> Self {
        match error {
            files::OpenError::Database(error) => Self::Database(error),
            error => Self::Shared(error),
        }
    }
}

impl From<review::Error> for Error {
    fn from(error: review::Error) -> Self {
        match error {
            review::Error::Database(error) => Self::Database(error),
            error => Self::Review(error),
        }
    }
}

impl From<playback::Error> for Error {
    fn from(error: playback::Error) -> Self {
        match error {
            playback::Error::Limited(refusal) => Self::Limited(refusal),
            error => Self::Playback(error),
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Request(_) | Self::Player(_) => StatusCode::BAD_REQUEST,
            Self::Forbidden | Self::Denied(_) | Self::NotOwner | Self::Foreign | Self::Barred(_) => {
                StatusCode::FORBIDDEN
            }
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Limited(refusal) => limited(refusal),
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Locked => StatusCode::FORBIDDEN,
            Self::Shared(error) => match error {
                files::OpenError::Forged | files::OpenError::Shut(Shut::Revoked) => StatusCode::FORBIDDEN,
                files::OpenError::Gone => StatusCode::NOT_FOUND,
                files::OpenError::Shut(Shut::Expired | Shut::UsedUp) => StatusCode::GONE,
                files::OpenError::Database(DatabaseError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
                files::OpenError::Database(DatabaseError::Broken(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Database(DatabaseError::Unavailable(_)) | Self::Slow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Review(error) => not_decided(error),
            Self::Playback(error) => match error {
                playback::Error::Forged | playback::Error::Revoked | playback::Error::Stopped => StatusCode::FORBIDDEN,
                playback::Error::Limited(refusal) => limited(refusal),
                playback::Error::Expired => StatusCode::GONE,
                playback::Error::NotFound => StatusCode::NOT_FOUND,
                playback::Error::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
                playback::Error::Unavailable(_) => StatusCode::BAD_GATEWAY,
                playback::Error::NotEncoded(_) => StatusCode::INTERNAL_SERVER_ERROR,
                playback::Error::NotSubtitles(_) | playback::Error::NotHls(_) => StatusCode::UNPROCESSABLE_ENTITY,
                playback::Error::Database(DatabaseError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
                playback::Error::Database(DatabaseError::Broken(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Database(DatabaseError::Broken(_)) | Self::Page(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A failure that the client can mend is in the body. One that only we can mend is logged in full, once, here, and the client
    /// gets the number to find it by.
    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.insert_header((header::RETRY_AFTER, self.retry_after_secs()));
        }
        if let Self::Limited(refusal) = self {
            return refused(response, refusal, unix_now());
        }
        if !status.is_server_error() {
            return response.json(json!({ "error": self.to_string() }));
        }
        let request = super::requests::id();
        error!(request, error = self as &dyn std::error::Error, "Request {request} failed: {self}");
        let text = match status {
            StatusCode::SERVICE_UNAVAILABLE => "not available right now, please try again",
            StatusCode::BAD_GATEWAY => "Telegram cannot be read right now, please try again",
            _ => "something went wrong here",
        };
        response.insert_header((REQUEST_ID, request.as_str()));
        response.json(json!({ "error": text, "request": request }))
    }
}

impl Error {
    /// Seconds until a client that got 503 may ask again.
    fn retry_after_secs(&self) -> u64 {
        match self {
            // Rounded up: a client that asks a moment too early gets 503 again.
            Self::Playback(playback::Error::Busy { retry_after }) => {
                retry_after.as_millis().div_ceil(1000).max(1) as u64
            }
            _ => 2,
        }
    }
}

fn not_decided(error: &review::Error) -> StatusCode {
    use review::Error as E;
    match error {
        E::NotAllowed(_) => StatusCode::FORBIDDEN,
        E::UnknownFile(_) | E::UnknownRule(_) => StatusCode::NOT_FOUND,
        E::Volume
        | E::Archive
        | E::NoSuggestion { .. }
        | E::OnlyALine
        | E::UnknownId { .. }
        | E::NobodysId { .. }
        | E::NothingSaid(_)
        | E::Nothing { .. }
        | E::Several { .. }
        | E::NoEpisode(_)
        | E::NoSeasons(_)
        | E::NoSeason
        | E::NoNumber
        | E::NothingAlike => StatusCode::UNPROCESSABLE_ENTITY,
        E::Provider(_) | E::Database(DatabaseError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        E::Database(DatabaseError::Broken(_)) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A file that is too large is so for good; everything else may be asked for again.
fn limited(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::File { .. } => StatusCode::FORBIDDEN,
        Refusal::Day { .. }
        | Refusal::Month { .. }
        | Refusal::Streams { .. }
        | Refusal::Links { .. }
        | Refusal::Requests { .. }
        | Refusal::Guesses { .. } => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// The reason, and when it ends.
fn refused(mut response: HttpResponseBuilder, refusal: &Refusal, now: i64) -> HttpResponse {
    if let Some(secs) = refusal.retry_after_secs(now) {
        response.insert_header((header::RETRY_AFTER, secs));
    }
    response.json(json!({ "error": refusal.text(now), "limit": refusal.word(), "ends": refusal.ends() }))
}
