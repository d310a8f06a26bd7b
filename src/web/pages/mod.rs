//! The pages, one file each. Here: what all of them share, the frame, messages and how errors read.

mod configure;
mod home;
mod owner;
mod people;
mod review;
mod shelf;
mod sign_in;
mod title;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;
use serde::Deserialize;

pub use self::configure::configure;
pub use self::home::{access_ended, home};
pub use self::owner::owner;
pub use self::people::{add_person, remove_person, renew_person};
pub use self::review::retry;
pub use self::sign_in::{end_session, show_sign_in, sign_in, sign_out, signed_out};
pub use self::title::title;
use super::{Error, State};
use crate::accounts::SignedIn;
use crate::site::Spot;

/// Pictures come from wherever the metadata provider keeps them; everything else is ours.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                              img-src 'self' http: https: data:; form-action 'self'; base-uri 'none'; \
                              frame-ancestors 'none'";

/// Addresses of pages hold tokens, which no other site gets to see. (Without any referrer browsers would not say in `Origin` that our
/// own pages send a form.)
const REFERRER_POLICY: &str = "same-origin";

/// What every page needs: where it is mounted (empty, or the path of BASE_URL).
struct Frame {
    root: String,
    version: &'static str,
    /// What forms carry, when somebody is signed in.
    form_token: Option<String>,
}

impl Frame {
    fn of(state: &State) -> Self {
        Self { root: state.site.root().to_owned(), version: env!("CARGO_PKG_VERSION"), form_token: None }
    }

    /// For pages of somebody who is signed in.
    fn signed_in(state: &State, signed_in: &SignedIn) -> Self {
        Self { form_token: Some(signed_in.form_token.clone()), ..Self::of(state) }
    }
}

/// What every form of a signed-in page sends.
#[derive(Debug, Deserialize)]
pub struct Acting {
    #[serde(default)]
    form_token: String,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    frame: Frame,
    title: &'a str,
    text: &'a str,
    /// Where to go from here, and what that is called.
    way_on: Option<(String, &'a str)>,
}

/// Whatever else is asked for.
pub async fn missing(state: web::Data<State>, request: HttpRequest) -> HttpResponse {
    match wants_html(&request) {
        true => message(&state, StatusCode::NOT_FOUND, "Nothing on this reel", "There is no such page here."),
        false => Error::NotFound("such page").error_response(),
    }
}

/// The page, or a page that says why not.
fn explained(state: &State, result: Result<HttpResponse, Error>) -> HttpResponse {
    let error = match result {
        Ok(answer) => return answer,
        Err(error) => error,
    };
    // Logs what is ours to mend.
    let status = error.error_response().status();
    match error {
        Error::NotOwner => message(
            state,
            status,
            "For the owner",
            "Only the owner can see this page. If that is you: send /start to your bot in Telegram, or run “cinepost \
             owner-link” where Cinepost runs. Both give you a link that lets you in.",
        ),
        Error::Foreign => message_with_way_back(
            state,
            status,
            "Please try again",
            "This was sent from a page that is too old, or not one of ours. Nothing was changed.",
        ),
        Error::NotFound(_) => message(state, status, "Nothing on this reel", "It is not here, or not any more."),
        Error::Request(_) | Error::Forbidden | Error::Playback(_) | Error::Store(_) | Error::Slow | Error::Page(_) => {
            message(state, status, "Intermission", "This cannot be shown right now. Please try again in a minute.")
        }
    }
}

fn message(state: &State, status: StatusCode, title: &str, text: &str) -> HttpResponse {
    let answer = page(status, &MessagePage { frame: Frame::of(state), title, text, way_on: None });
    answer.unwrap_or_else(|error| error.error_response())
}

/// A message to the owner in the middle of something.
fn message_with_way_back(state: &State, status: StatusCode, title: &str, text: &str) -> HttpResponse {
    let way_on = Some((state.site.owner_path(Spot::Top), "Back to your page"));
    let answer = page(status, &MessagePage { frame: Frame::of(state), title, text, way_on });
    answer.unwrap_or_else(|error| error.error_response())
}

fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .insert_header((header::REFERRER_POLICY, REFERRER_POLICY))
        .body(template.render()?))
}

/// `path` comes from [`Site`](crate::site::Site), the path of BASE_URL included.
fn see_other(path: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, REFERRER_POLICY));
    answer
}

fn wants_html(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|value| value.contains("text/html"))
}
