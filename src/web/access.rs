//! Who is asking: by the token in the path, the owner's cookie, or from this machine.

use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::HttpRequest;
use actix_web::http::header;
use tokio::time::timeout;

use super::{Error, PATIENCE, State};
use crate::accounts::{Caller, SESSION_SECS};
use crate::store::Person;

const COOKIE: &str = "cinepost_owner";

/// Lets go of a question that takes too long, so that nobody waits for a database that is away.
pub async fn within_patience<T, E: Into<Error>>(answer: impl Future<Output = Result<T, E>>) -> Result<T, Error> {
    timeout(PATIENCE, answer).await.map_err(|_| Error::Slow)?.map_err(Into::into)
}

/// The person whose token this is; 403 for a token that is wrong or revoked.
pub async fn person(state: &State, token: &str) -> Result<Person, Error> {
    match within_patience(state.accounts.caller(token)).await? {
        Caller::Person(person) => Ok(person),
        Caller::Revoked | Caller::Unknown => Err(Error::Forbidden),
    }
}

/// The owner, when the request has their cookie.
pub async fn owner(state: &State, request: &HttpRequest) -> Result<Person, Error> {
    let cookie = session_in(request).ok_or(Error::NotOwner)?;
    within_patience(state.accounts.owner_of_cookie(cookie, now())).await?.ok_or(Error::NotOwner)
}

/// Whether someone may see how the program is doing: the owner (by cookie, or their access token as `Authorization: Bearer`),
/// or a program on this machine.
pub async fn may_watch_over(state: &State, request: &HttpRequest) -> Result<(), Error> {
    if is_this_machine(request) || owner(state, request).await.is_ok() {
        return Ok(());
    }
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Error::NotOwner)?;
    person(state, token.trim()).await?.is_owner.then_some(()).ok_or(Error::NotOwner)
}

/// Asked by a program on this machine itself. A reverse proxy beside us also connects from here, but says whom it speaks
/// for; and a web page in a browser on this machine names itself in `Origin`, or another name than ours in `Host`.
fn is_this_machine(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let speaks_for_another =
        ["forwarded", "x-forwarded-for", "x-real-ip", "via", "origin"].iter().any(|name| headers.contains_key(*name));
    let host = request.connection_info().host().to_owned();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_local_name = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback())
        && !speaks_for_another
        && is_local_name
}

/// The session's value among the cookies, when there is one.
fn session_in(request: &HttpRequest) -> Option<&str> {
    let cookies = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// `Set-Cookie` for an owner's session; `value` from `accounts`. Scripts cannot read it and other sites' forms do not send it.
pub fn set_cookie(state: &State, value: &str) -> String {
    cookie_for(state, value, SESSION_SECS)
}

/// `Set-Cookie` that ends the session in this browser.
pub fn unset_cookie(state: &State) -> String {
    cookie_for(state, "", 0)
}

fn cookie_for(state: &State, value: &str, age_secs: u64) -> String {
    let secure = if state.base_url.is_https() { "; Secure" } else { "" };
    // Lax rather than Strict: a link from Telegram to the owner's page should find them signed in.
    format!("{COOKIE}={value}; Path=/; Max-Age={age_secs}; HttpOnly; SameSite=Lax{secure}")
}

/// Unix seconds.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs() as i64)
}
