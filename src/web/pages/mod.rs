//! Pages for people in browsers, one file each: its handlers, its template's struct, and how that is filled. `library`, and the rows of
//! `people` and `review`, are sections of other pages too. Here: what all pages share, the frame and the headers.

pub mod assets;
pub mod dashboard;
pub mod export;
pub mod home;
pub mod install;
mod library;
pub mod message;
pub mod no_access;
pub mod people;
pub mod review;
pub mod review_actions;
pub mod share;
pub mod test_hls;
#[cfg(test)]
mod tests;
pub mod title;

use std::time::{Duration, UNIX_EPOCH};

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::auth::Owner;
use super::{Error, State};
use crate::domain::text;

/// Pictures come from wherever the metadata provider keeps them; everything else is ours.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                              img-src 'self' http: https: data:; media-src 'self'; form-action 'self'; base-uri 'none'; \
                              frame-ancestors 'none'";

/// Addresses of pages hold tokens, which no other site gets to see. (Without any referrer browsers would not say in `Origin` that our
/// own pages send a form.)
const REFERRER_POLICY: &str = "same-origin";

/// What every page needs.
pub struct Frame {
    /// Where the pages are mounted: empty, or the path of BASE_URL.
    pub root: String,
    pub version: &'static str,
    /// What the forms of a page for the owner carry.
    pub form_token: Option<String>,
}

impl Frame {
    pub fn of(state: &State) -> Self {
        Self { root: state.addresses.root().to_owned(), version: env!("CARGO_PKG_VERSION"), form_token: None }
    }

    /// For pages of the owner.
    pub fn of_owner(state: &State, owner: &Owner) -> Self {
        Self { form_token: Some(owner.form_token.clone()), ..Self::of(state) }
    }
}

/// Whatever the route table does not have.
pub async fn missing() -> Result<HttpResponse, Error> {
    Err(Error::NotFound("such page"))
}

pub fn page(status: StatusCode, template: &impl Template) -> Result<HttpResponse, Error> {
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .insert_header((header::REFERRER_POLICY, REFERRER_POLICY))
        .body(template.render()?))
}

/// A redirect to another page after a form. `path` comes from [`Addresses`](crate::protocols::addresses::Addresses), the path of
/// BASE_URL included.
pub fn see_other(path: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::SeeOther();
    answer
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, REFERRER_POLICY));
    answer
}

/// A name inside a sentence, whatever its direction of writing; where a name is an element of its own, `<bdi>` does the same.
fn isolated(name: &str) -> String {
    text::isolated(name).into_owned()
}

/// `29 Nov 2026 14:05` in UTC: the server does not know where the reader is.
pub fn date(unix_secs: i64) -> String {
    let secs = unix_secs.max(0).unsigned_abs();
    let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(secs));
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    text.get(5..22).unwrap_or_default().to_owned()
}
