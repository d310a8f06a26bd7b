//! Somebody who may watch, by the access token in the path.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;

use super::{Extracted, begin_guess};
use crate::domain::limits::Secret;
use crate::domain::person::Person;
use crate::flows::limits::Asker;
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
    /// [`Error::Forbidden`] for a token that is wrong or revoked, [`Error::Denied`] while its person may not in, [`Error::Limited`]
    /// for who guesses, or asks too fast.
    pub(super) async fn by_token(request: &HttpRequest, token: &str) -> Result<Self, Error> {
        let state = State::of(request);
        match in_time(state.people.caller(token, unix_now())).await? {
            Caller::Person(person) if !state.limits.admits(&person) => Err(Error::Barred("person")),
            Caller::Person(person) => {
                let viewer = Self { person: *person, install: state.addresses.install(token) };
                state.limits.take_request(viewer.asker(), unix_now()).map_err(Error::Limited)?;
                Ok(viewer)
            }
            Caller::Denied(denied) => Err(Error::Denied(denied)),
            // A token that was right once is no guess: Stremio goes on asking with it.
            Caller::Revoked => Err(Error::Forbidden),
            Caller::Unknown => begin_guess(request, Secret::Token).and(Err(Error::Forbidden)),
        }
    }

    /// Whose limits hold.
    pub fn asker(&self) -> Asker {
        Asker::of(&self.person)
    }
}

/// For routes with `{token}` in their path.
impl FromRequest for Viewer {
    type Error = Error;
    type Future = Extracted<Self, Error>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let path = web::Path::<TokenInPath>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let path = path.await.map_err(|_| Error::Forbidden)?;
            Self::by_token(&request, &path.token).await
        })
    }
}
