//! Who guesses at tokens and links waits: see [`Guesses`](crate::domain::limits::Guesses).

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;

use super::client;
use crate::domain::limits::{Guesser, Secret, network};
use crate::flows::unix_now;
use crate::web::{Error, State};

/// A secret of this request is about to be looked at, or was wrong. Errors: [`Error::Limited`] for who guessed too often.
pub fn begin_guess(request: &HttpRequest, secret: Secret) -> Result<(), Error> {
    let state = State::of(request);
    state.limits.begin_guess(secret, guesser(request, &state), unix_now()).map_err(Error::Limited)
}

/// The secret that was looked at is right.
pub fn guessed_right(request: &HttpRequest, secret: Secret) {
    let state = State::of(request);
    state.limits.guessed_right(secret, guesser(request, &state));
}

/// Whoever comes without an address shares one.
fn guesser(request: &HttpRequest, state: &State) -> Guesser {
    let address = client::address(request, &state.trusted_proxies);
    Guesser::Address(network(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
}
