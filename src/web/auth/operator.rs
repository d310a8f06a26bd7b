//! Who may see how the program does.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use super::{Extracted, Owner, Viewer, client};
use crate::domain::person::Action;
use crate::web::{Error, State};

/// The owner or an admin (by cookie, or their access token as `Authorization: Bearer`), or, while BASE_URL is of this machine alone, any
/// program on it. Behind a public address a request from this machine proves nothing: it may be the proxy's.
#[derive(Clone, Copy, Debug)]
pub struct Operator(());

impl Operator {
    async fn of(request: &HttpRequest) -> Result<Self, Error> {
        let state = State::of(request);
        let is_private = state.addresses.is_loopback() && client::is_this_machine(request);
        if is_private || Owner::of(request).await.is_ok() {
            return Ok(Self(()));
        }
        let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Error::NotOwner)?;
        let viewer = Viewer::by_token(request, token.trim()).await?;
        viewer.person.role.may(Action::Operate).then_some(Self(())).ok_or(Error::NotOwner)
    }
}

/// [`Error::NotOwner`] or [`Error::Forbidden`] for everybody else.
impl FromRequest for Operator {
    type Error = Error;
    type Future = Extracted<Self, Error>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}
