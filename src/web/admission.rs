//! What holds before any handler: addresses that are not let in, requests that come too fast, bodies that are too large.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;

use super::auth::client;
use super::{Error, State};
use crate::flows::unix_now;

/// The largest body of a request, in bytes: forms have a few fields.
pub const MOST_BODY: usize = 64 * 1024;

/// Refuses what is not looked at.
pub async fn admit<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    match check(&request) {
        Ok(()) => Ok(next.call(request).await?.map_into_left_body()),
        // With the error, so that a browser gets its page.
        Err(error) => Ok(request.error_response(error).map_into_right_body()),
    }
}

fn check(request: &ServiceRequest) -> Result<(), Error> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > MOST_BODY) {
        return Err(Error::TooLarge);
    }
    // Whoever watches over the program asks often, and from where nobody else comes.
    if request.path() == "/health" {
        return Ok(());
    }
    let state = State::of(request.request());
    let Some(address) = client::address(request.request(), &state.trusted_proxies) else { return Ok(()) };
    if !state.limits.admits_address(address) {
        return Err(Error::Barred("address"));
    }
    state.limits.take_request_from(address, unix_now()).map_err(Error::Limited)
}
