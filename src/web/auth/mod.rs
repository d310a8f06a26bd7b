//! Who is asking: by the token in the path, a session's cookie, or from this machine.

pub mod client;
pub mod origin;

use actix_web::HttpRequest;
use actix_web::http::header;
use tokio::time::timeout;

use super::{Error, PATIENCE, State};
use crate::domain::person::Person;
use crate::flows::people::{Browser, Caller, SESSION_SECS, SignedIn};
pub use crate::flows::unix_now as now;

const COOKIE: &str = "cinepost_session";
/// Over https: browsers take the prefix from the host itself only, so that no sibling domain can plant one.
const SECURE_COOKIE: &str = "__Host-cinepost_session";

/// Lets go of a question that takes too long, so that nobody waits for a database that is away.
pub async fn within_patience<T, E: Into<Error>>(answer: impl Future<Output = Result<T, E>>) -> Result<T, Error> {
    timeout(PATIENCE, answer).await.map_err(|_| Error::Slow)?.map_err(Into::into)
}

/// The person whose token this is; 403 for a token that is wrong or revoked.
pub async fn person(state: &State, token: &str) -> Result<Person, Error> {
    match within_patience(state.people.caller(token)).await? {
        Caller::Person(person) => Ok(person),
        Caller::Revoked | Caller::Unknown => Err(Error::Forbidden),
    }
}

/// The owner, when the request has the cookie of a session of theirs.
pub async fn owner(state: &State, request: &HttpRequest) -> Result<SignedIn, Error> {
    let secret = session_in(request).ok_or(Error::NotOwner)?;
    let signed_in = within_patience(state.people.signed_in(secret, now())).await?;
    signed_in.filter(|signed_in| signed_in.person.is_owner).ok_or(Error::NotOwner)
}

/// The owner who sends a form: with the cookie, and with the token that only pages of the same session hold.
pub async fn acting_owner(state: &State, request: &HttpRequest, form_token: &str) -> Result<SignedIn, Error> {
    let signed_in = owner(state, request).await?;
    match state.people.is_from(&signed_in.session, form_token) {
        true => Ok(signed_in),
        false => Err(Error::Foreign),
    }
}

/// Whether someone may see how the program is doing: the owner (by cookie, or their access token as `Authorization: Bearer`), or,
/// while BASE_URL is of this machine alone, any program on it. Behind a public address a request from this machine proves
/// nothing: it may be the proxy's.
pub async fn may_watch_over(state: &State, request: &HttpRequest) -> Result<(), Error> {
    let is_private = state.addresses.is_loopback() && client::is_this_machine(request);
    if is_private || owner(state, request).await.is_ok() {
        return Ok(());
    }
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Error::NotOwner)?;
    person(state, token.trim()).await?.is_owner.then_some(()).ok_or(Error::NotOwner)
}

/// Who asks to be let in.
pub fn browser<'a>(state: &State, request: &'a HttpRequest) -> Browser<'a> {
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Browser { agent: agent.unwrap_or_default(), address: client::address(request, &state.trusted_proxies) }
}

/// The session's value among the cookies, when there is one.
fn session_in(request: &HttpRequest) -> Option<&str> {
    let cookies = request.headers().get_all(header::COOKIE).filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| [COOKIE, SECURE_COOKIE].contains(name)).map(|(_, value)| value)
}

/// `Set-Cookie` for a session; `value` from `people`. Scripts cannot read it and other sites' forms do not send it.
pub fn set_cookie(state: &State, value: &str) -> String {
    cookie_for(state, value, SESSION_SECS)
}

/// `Set-Cookie` that makes the browser forget its session.
pub fn unset_cookie(state: &State) -> String {
    cookie_for(state, "", 0)
}

fn cookie_for(state: &State, value: &str, age_secs: i64) -> String {
    let (name, secure) = if state.addresses.base().is_https() { (SECURE_COOKIE, "; Secure") } else { (COOKIE, "") };
    // Lax rather than Strict: a link from Telegram to the owner's page should find them signed in.
    format!("{name}={value}; Path=/; Max-Age={age_secs}; HttpOnly; SameSite=Lax{secure}")
}
