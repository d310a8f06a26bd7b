//! POST `/owner/sign-out` and GET `/signed-out`: the owner's way out, and what they read there.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};

use super::sign_in::ANOTHER_LINK;
use super::{OwnerForm, session_cookie};
use crate::web::pages::message::message;
use crate::web::pages::see_other;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

/// Ends the session, here and on the server.
pub async fn submit(state: web::Data<State>, form: OwnerForm) -> Result<HttpResponse, Error> {
    in_time(state.people.end_session(form.owner.session.id)).await?;
    Ok(see_other(&state.addresses.signed_out_path())
        .append_header((header::SET_COOKIE, session_cookie::unset(&state)))
        .finish())
}

pub async fn show(state: web::Data<State>) -> HttpResponse {
    message(&state, StatusCode::OK, "You are signed out", ANOTHER_LINK)
}
