//! Pages of a few words: what went wrong, in a browser. Programs get the same as JSON (`web::error`).

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;

use super::{Frame, page};
use crate::domain::limits::Refusal;
use crate::domain::shared::Shut;
use crate::flows::{files, playback, unix_now};
use crate::protocols::addresses::OwnerPage;
use crate::web::error::REQUEST_ID;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    frame: Frame,
    title: &'a str,
    text: &'a str,
    /// The address of a link to go on with, and its label.
    way_on: Option<(String, &'a str)>,
}

pub fn message(state: &State, status: StatusCode, title: &str, text: &str) -> HttpResponse {
    rendered(status, &MessagePage { frame: Frame::of(state), title, text, way_on: None })
}

/// A message with a link back to the owner's page.
pub(super) fn message_with_way_back(state: &State, status: StatusCode, title: &str, text: &str) -> HttpResponse {
    let way_on = Some((state.addresses.owner_path(OwnerPage::Top), "Back to your page"));
    rendered(status, &MessagePage { frame: Frame::of(state), title, text, way_on })
}

fn rendered(status: StatusCode, message: &MessagePage) -> HttpResponse {
    page(status, message).unwrap_or_else(|error| error.error_response())
}

/// An error's text as a sentence: `Somebody is called Anna already.`
pub(super) fn sentence(error: &impl std::fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// What a page says about a failure.
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) text: String,
}

/// The same of a link that somebody shares.
fn of_shared(error: &files::OpenError) -> (&'static str, &'static str) {
    match error {
        files::OpenError::Shut(Shut::Expired) => ("This link has expired", "Ask whoever sent it to you for a new one."),
        files::OpenError::Shut(Shut::UsedUp) => (
            "This link is used up",
            "The file was downloaded as often as its owner allowed. Ask whoever sent you the link for a new one.",
        ),
        _ => (
            "This link does not work",
            "It is mistyped, or whoever made it has ended it or deleted the file. Ask them for a new one.",
        ),
    }
}

impl Words {
    pub(super) fn of_error(error: &Error) -> Self {
        let (title, text) = match error {
            Error::Forbidden => (
                "This link does not work",
                "It is mistyped, or the access was taken away. Compare it with the one you were given, or ask whoever runs \
                 this Cinepost for a new one. In Stremio, remove the addon and install it again with that.",
            ),
            Error::Denied(denied) => return Self { title: "Not now", text: sentence(denied) },
            Error::NotOwner => (
                "For the owner",
                "Only the owner can see this page. If that is you: send /start to your bot in Telegram, or run “cinepost \
                 owner-link” where Cinepost runs. Both give you a link that lets you in.",
            ),
            Error::Foreign => (
                "Please try again",
                "This was sent from a page that is too old, or not one of ours. Nothing was changed.",
            ),
            Error::Barred(what) => {
                let text = format!(
                    "This {what} is not let in. Ask whoever runs this Cinepost, if you think that it should be."
                );
                return Self { title: "Not from here", text };
            }
            Error::TooLarge => (NOT_UNDERSTOOD, "What you sent is too much at once."),
            Error::Limited(refusal) => return Self::of_refusal(refusal),
            Error::Request(error) => {
                return Self { title: NOT_UNDERSTOOD, text: format!("The address was not understood: {error}.") };
            }
            Error::Player(error) => return Self { title: NOT_UNDERSTOOD, text: sentence(error) },
            Error::Review(error) => return Self { title: "It stays as it was", text: sentence(error) },
            Error::NotFound(_) => ("Nothing on this reel", "It is not here, or not any more."),
            Error::Shared(error) => of_shared(error),
            Error::Locked => {
                ("This file is locked", "Open the link that you were given in a browser, and give the password there.")
            }
            Error::Playback(error) => return Self::of_playback(error),
            Error::Database(_) | Error::Slow | Error::Page(_) => {
                return Self::of_status(StatusCode::SERVICE_UNAVAILABLE);
            }
        };
        Self { title, text: text.to_owned() }
    }

    /// Of a film that does not play.
    fn of_playback(error: &playback::Error) -> Self {
        use playback::Error;
        let (title, text) = match error {
            Error::Forged | Error::Revoked | Error::Stopped => (
                "This link does not play",
                "It is mistyped, or the access that it was made under was taken away. Open the film in Stremio again, or copy a \
                 new link.",
            ),
            Error::Expired => ("This link has expired", "Open the film in Stremio again, or copy a new link."),
            Error::NotFound => (
                "Nothing on this reel",
                "The file is not there any more: its post was deleted, or its channel is not watched.",
            ),
            Error::Busy { .. } => {
                ("Full house", "Telegram asks for a pause, or everybody watches at once. Please try again in a moment.")
            }
            Error::Unavailable(_) => {
                ("Intermission", "Telegram cannot be read right now. Please try again in a minute.")
            }
            Error::NotSubtitles(_) => {
                return Self { title: "No subtitles", text: sentence(error) };
            }
            Error::NotEncoded(_) => return Self::of_status(StatusCode::INTERNAL_SERVER_ERROR),
            Error::NotHls(_) => return Self { title: "Not in this player", text: sentence(error) },
            Error::Limited(refusal) => return Self::of_refusal(refusal),
            Error::Database(_) => return Self::of_status(StatusCode::SERVICE_UNAVAILABLE),
        };
        Self { title, text: text.to_owned() }
    }

    fn of_refusal(refusal: &Refusal) -> Self {
        Self { title: refusal.title(), text: refusal.text(unix_now()) }
    }

    /// For a failure without an [`Error`].
    fn of_status(status: StatusCode) -> Self {
        let (title, text) = match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => ("Nothing on this reel", "It is not here, or not any more."),
            StatusCode::METHOD_NOT_ALLOWED => {
                (NOT_UNDERSTOOD, "This page cannot do that. Go back and try it from there.")
            }
            status if status.is_client_error() => (NOT_UNDERSTOOD, "Go back and try it from there."),
            _ => ("Intermission", "This cannot be shown right now. Please try again in a minute."),
        };
        Self { title, text: text.to_owned() }
    }

    /// With the number under which the log has the failure, if there is one.
    fn numbered(mut self, headers: &HeaderMap) -> Self {
        if let Some(id) = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()) {
            self.text.push_str(&format!(" In the log it is request {id}."));
        }
        self
    }
}

const NOT_UNDERSTOOD: &str = "Not in the script";

/// The page that shows a failure of our own. Logs it if it is ours to mend.
pub fn failure_page(state: &State, error: &Error) -> HttpResponse {
    let answer = error.error_response();
    let page = words_page(state, answer.status(), Some(error), Words::of_error(error).numbered(answer.headers()));
    with_headers_of(page, answer.headers())
}

/// What holds for a failure however it is shown.
fn with_headers_of(mut page: HttpResponse, headers: &HeaderMap) -> HttpResponse {
    for name in [header::RETRY_AFTER, header::ALLOW, header::CONTENT_RANGE, REQUEST_ID] {
        if let Some(value) = headers.get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

fn words_page(state: &State, status: StatusCode, error: Option<&Error>, Words { title, text }: Words) -> HttpResponse {
    match error {
        Some(Error::Foreign) => message_with_way_back(state, status, title, &text),
        _ => message(state, status, title, &text),
    }
}

/// Failures on any path: a browser that shows pages gets one; every other client keeps the response that it had.
pub async fn errors_as_pages<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let wanted = wants_html(request.request());
    let state = request.app_data::<web::Data<State>>().cloned();
    let response = next.call(request).await?;
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    let Some(state) = state.filter(|_| wanted && is_failure && !is_page) else {
        return Ok(response.map_into_left_body());
    };
    let error = response.response().error().and_then(|error| error.as_error::<Error>());
    let words = error.map_or_else(|| Words::of_status(status), Words::of_error);
    let page = words_page(&state, status, error, words.numbered(response.headers()));
    let page = with_headers_of(page, response.headers());
    Ok(response.into_response(page).map_into_right_body())
}

/// Browsers that show a page say so; players and programs do not.
fn wants_html(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|value| value.contains("text/html"))
}
