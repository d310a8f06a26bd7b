//! Who guesses at tokens and links waits: see [`Guesses`](crate::domain::limits::Guesses).

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;

use super::client;
use crate::domain::limits::{Guesser, Secret, network};
use crate::flows::unix_now;
use crate::web::{Error, State};

/// A secret of this request was wrong. Errors: [`Error::Limited`] for who guessed too often.
///
/// Tokens and links are looked at first: they cannot be guessed in any time, and whoever mistypes one must not shut out others who come
/// from the same address, or through the same proxy. What people type (codes, passwords) is only looked at when a guess was begun.
pub fn begin_guess(request: &HttpRequest, secret: Secret) -> Result<(), Error> {
    let state = State::of(request);
    state.limits.begin_guess(secret, guesser(request, &state), unix_now()).map_err(Error::Limited)
}

/// What people typed was right: they begin anew.
pub fn guessed_right(request: &HttpRequest, secret: Secret) {
    let state = State::of(request);
    state.limits.guessed_right(secret, guesser(request, &state));
}

/// Whoever comes without an address shares one.
fn guesser(request: &HttpRequest, state: &State) -> Guesser {
    let address = client::address(request, &state.trusted_proxies);
    Guesser::Address(network(address.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
}
