//! The owner and admins, by the cookie of their session; and the forms that they send.

use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Extracted, origin, session_cookie};
use crate::domain::person::Action;
use crate::flows::people::{Actor, SignedIn};
use crate::flows::unix_now;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

/// The owner, or an admin, signed in: whoever may use the owner's pages. Its field is private, so that a value proves the check.
#[derive(Clone, Debug)]
pub struct Owner(SignedIn);

impl Deref for Owner {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl Owner {
    /// As who does what these pages do.
    pub fn actor(&self) -> Actor<'_> {
        Actor::Person(&self.0.person)
    }

    pub(super) async fn of(request: &HttpRequest) -> Result<Self, Error> {
        let secret = session_cookie::read(request).ok_or(Error::NotOwner)?;
        let signed_in = in_time(State::of(request).people.signed_in(secret, unix_now())).await?;
        signed_in.filter(|signed_in| signed_in.person.role.may(Action::Operate)).map(Self).ok_or(Error::NotOwner)
    }
}

/// [`Error::NotOwner`] for everybody else.
impl FromRequest for Owner {
    type Error = Error;
    type Future = Extracted<Self, Error>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}

/// A form that the owner or an admin sent from one of our pages: it came with their cookie, with the token that only pages of the same session
/// hold, and from our own origin. `T` is its other fields.
#[derive(Debug)]
pub struct OwnerForm<T = NoFields> {
    pub owner: Owner,
    pub fields: T,
}

/// The fields of a form that is one button.
#[derive(Debug, Deserialize)]
pub struct NoFields {}

#[derive(Deserialize)]
struct WithToken<T> {
    #[serde(default)]
    form_token: String,
    #[serde(flatten)]
    fields: T,
}

/// Actix's error for a body that is no such form, [`Error::NotOwner`] without the cookie, [`Error::Foreign`] without the token.
impl<T: DeserializeOwned + 'static> FromRequest for OwnerForm<T> {
    type Error = actix_web::Error;
    type Future = Extracted<Self, actix_web::Error>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = web::Form::<WithToken<T>>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let WithToken { form_token, fields } = form.await?.into_inner();
            let owner = Owner::of(&request).await?;
            let state = State::of(&request);
            if !origin::is_ours(&request, &state) || !state.people.is_from(&owner.session, &form_token) {
                return Err(Error::Foreign.into());
            }
            Ok(Self { owner, fields })
        })
    }
}
