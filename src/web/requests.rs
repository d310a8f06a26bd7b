//! Every request has an id: in the answer, in each line of the log that belongs to it, and in what is said of a failure.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use tracing::{Instrument, debug, info, info_span};

use super::State;
use super::auth::client;
use super::error::REQUEST_ID;
use super::ops::counters::area;

/// A year. Browsers that came once over https never ask over http again; subdomains are left to their owners.
const HSTS: &str = "max-age=31536000";
/// What a proxy may call a request.
const MOST_ID: usize = 64;

tokio::task_local! {
    static ID: String;
}

/// The id of the request that is being answered; a new one outside of any.
pub fn id() -> String {
    ID.try_with(Clone::clone).unwrap_or_else(|_| new_id())
}

/// Gives the request its id, logs it, and says to browsers that they should come over https.
pub async fn identify<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let state = State::of(request.request());
    let id = given_id(&request, &state).unwrap_or_else(new_id);
    // Never the path: it holds links and tokens.
    let (method, area, is_ops) = (request.method().clone(), area(request.path()), is_ops(request.path()));
    let span = info_span!("request", %id);
    let began = Instant::now();
    let answered = ID.scope(id.clone(), next.call(request)).instrument(span.clone()).await;
    let mut response = answered?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if state.addresses.base().is_https() {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    let (status, ms) = (response.status().as_u16(), began.elapsed().as_millis());
    span.in_scope(|| {
        if is_ops {
            debug!(status, ms, "{method} {area}");
        } else {
            info!(status, ms, "{method} {area}");
        }
    });
    Ok(response)
}

/// Asked every few seconds by machines: nothing happens by it.
fn is_ops(path: &str) -> bool {
    ["/health", "/ready", "/metrics", "/status"].contains(&path)
}

/// The id that a trusted proxy gave.
fn given_id(request: &ServiceRequest, state: &State) -> Option<String> {
    if !client::is_proxy(request.request(), &state.trusted_proxies) {
        return None;
    }
    let id = request.headers().get(REQUEST_ID)?.to_str().ok()?;
    let is_fine = |c: u8| c.is_ascii_alphanumeric() || b"-_.:".contains(&c);
    ((1..=MOST_ID).contains(&id.len()) && id.bytes().all(is_fine)).then(|| id.to_owned())
}

fn new_id() -> String {
    let mut random = [0; 6];
    // Only for finding a line in the log: zeros will do when there is no randomness.
    let _ = getrandom::fill(&mut random);
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}
