//! The cookie in which a browser keeps the secret of its session.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::flows::people::SESSION_SECS;
use crate::web::State;

const NAME: &str = "cinepost_session";
/// Over https: browsers take the prefix from the host itself only, so that no sibling domain can plant one.
const SECURE_NAME: &str = "__Host-cinepost_session";

/// The session's secret among a request's cookies, if there is one.
pub fn read(request: &HttpRequest) -> Option<&str> {
    let cookies = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| [NAME, SECURE_NAME].contains(name)).map(|(_, value)| value)
}

/// `Set-Cookie` for a session; `secret` from `People`. Scripts cannot read it, and forms of other sites do not send it.
pub fn set(state: &State, secret: &str) -> String {
    set_cookie(state, secret, SESSION_SECS)
}

/// `Set-Cookie` that makes the browser forget its session.
pub fn unset(state: &State) -> String {
    set_cookie(state, "", 0)
}

fn set_cookie(state: &State, value: &str, age_secs: i64) -> String {
    let (name, secure) = if state.addresses.base().is_https() { (SECURE_NAME, "; Secure") } else { (NAME, "") };
    // Lax rather than Strict: a link from Telegram to the owner's page should find them signed in.
    format!("{name}={value}; Path=/; Max-Age={age_secs}; HttpOnly; SameSite=Lax{secure}")
}
