//! The pages, one file each. Here: what all of them share, the frame and the headers.

mod assets;
mod dashboard;
mod home;
mod install;
mod library;
mod message;
mod people;
mod review;
mod sign_in;
mod title;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde::Deserialize;

pub use self::assets::asset;
pub use self::dashboard::owner;
pub use self::home::{home, no_access};
pub use self::install::configure;
pub use self::message::errors_as_pages;
use self::message::{explained, message, message_with_way_back};
pub use self::people::{add_person, remove_person, renew_person};
pub use self::review::{ignore, retry, review};
pub use self::sign_in::{end_session, show_sign_in, sign_in, sign_out, signed_out};
pub use self::title::title;
use super::{Error, State};
use crate::domain::text;
use crate::flows::people::SignedIn;

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
        Self { root: state.addresses.root().to_owned(), version: env!("CARGO_PKG_VERSION"), form_token: None }
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

/// Whatever else is asked for.
pub async fn missing() -> Result<HttpResponse, Error> {
    Err(Error::NotFound("such page"))
}

fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .insert_header((header::REFERRER_POLICY, REFERRER_POLICY))
        .body(template.render()?))
}

/// `path` comes from [`Addresses`](crate::protocols::addresses::Addresses), the path of BASE_URL included.
fn see_other(path: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, REFERRER_POLICY));
    answer
}

/// For names inside a sentence; where a name is an element of its own, `<bdi>` does the same.
fn isolated(name: &str) -> String {
    text::isolated(name).into_owned()
}
