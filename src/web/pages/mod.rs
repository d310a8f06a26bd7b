//! The pages, one file each. Here: what all of them share, the frame and the headers.

mod configure;
mod home;
mod message;
mod owner;
mod review;
mod shelf;
mod sign_in;
mod title;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

pub use self::configure::configure;
pub use self::home::{home, no_access};
pub use self::message::errors_as_pages;
use self::message::{explained, message};
pub use self::owner::owner;
pub use self::review::{ignore, retry, review};
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

/// Whatever else is asked for.
pub async fn missing() -> Result<HttpResponse, Error> {
    Err(Error::NotFound("such page"))
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

/// A name with marks around it (first strong isolate, pop directional isolate), so that one that is written right to left
/// leaves the words around it in their order. For names inside a sentence; where a name is an element of its own, `<bdi>` does
/// the same.
fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}
