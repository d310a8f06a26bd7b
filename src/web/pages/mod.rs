//! The pages, one file each. Here: what all of them share, the frame, messages and how errors read.

mod configure;
mod home;
mod owner;
mod review;
mod shelf;
mod sign_in;
mod title;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use askama::Template;

pub use self::configure::configure;
pub use self::home::{access_ended, home};
pub use self::owner::owner;
pub use self::review::retry;
pub use self::sign_in::{enter, knock, leave};
pub use self::title::title;
use super::{Error, State};

/// Pictures come from wherever the metadata provider keeps them; everything else is ours.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                              img-src 'self' http: https: data:; form-action 'self'; base-uri 'none'; \
                              frame-ancestors 'none'";

/// What every page needs: where it is mounted (empty, or the path of BASE_URL).
struct Frame {
    root: String,
    version: &'static str,
}

impl Frame {
    fn of(state: &State) -> Self {
        let path = state.base_url.as_str().splitn(4, '/').nth(3).unwrap_or_default().trim_end_matches('/');
        let root = if path.is_empty() { String::new() } else { format!("/{path}") };
        Self { root, version: env!("CARGO_PKG_VERSION") }
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    frame: Frame,
    title: &'a str,
    text: &'a str,
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
            "Only the owner can see this page. Run \
                                   “cinepost owner-link” where Cinepost runs: it prints a link that lets you in.",
        ),
        Error::NotFound(_) => message(state, status, "Nothing on this reel", "It is not here, or not any more."),
        Error::Request(_) | Error::Forbidden | Error::Playback(_) | Error::Store(_) | Error::Slow | Error::Page(_) => {
            message(state, status, "Intermission", "This cannot be shown right now. Please try again in a minute.")
        }
    }
}

fn message(state: &State, status: StatusCode, title: &str, text: &str) -> HttpResponse {
    let answer = page(status, &MessagePage { frame: Frame::of(state), title, text });
    answer.unwrap_or_else(|error| error.error_response())
}

fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        // Addresses of pages hold tokens: no other site gets to see where one came from.
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .body(template.render()?))
}

fn see_other(state: &State, path: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer
        .insert_header((header::LOCATION, format!("{}{path}", Frame::of(state).root)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    answer
}

fn wants_html(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|value| value.contains("text/html"))
}
