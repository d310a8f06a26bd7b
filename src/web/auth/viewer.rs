//! Somebody who may watch, by the access token in the path.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;

use super::Extracted;
use crate::domain::person::Person;
use crate::flows::people::Caller;
use crate::flows::unix_now;
use crate::protocols::stremio::Install;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

/// Somebody who may watch, and the addresses of the addon that they installed.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub person: Person,
    pub install: Install,
}

#[derive(Deserialize)]
struct TokenInPath {
    token: String,
}

impl Viewer {
    /// [`Error::Forbidden`] for a token that is wrong or revoked, [`Error::Denied`] while its person may not in.
    pub(super) async fn by_token(state: &State, token: &str) -> Result<Self, Error> {
        match in_time(state.people.caller(token, unix_now())).await? {
            Caller::Person(person) => Ok(Self { person: *person, install: state.addresses.install(token) }),
            Caller::Denied(denied) => Err(Error::Denied(denied)),
            Caller::Revoked | Caller::Unknown => Err(Error::Forbidden),
        }
    }
}

/// For routes with `{token}` in their path.
impl FromRequest for Viewer {
    type Error = Error;
    type Future = Extracted<Self, Error>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = web::Path::<TokenInPath>::from_request(request, payload);
        let state = State::of(request);
        Box::pin(async move {
            let path = path.await.map_err(|_| Error::Forbidden)?;
            Self::by_token(&state, &path.token).await
        })
    }
}
