//! The owner's way in, by a one-time link, and out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use tracing::info;

use super::{Acting, Frame, explained, message, page, see_other};
use crate::protocols::addresses::OwnerPage;
use crate::web::State;
use crate::web::auth::{self, now, within_patience};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct EnterPage {
    frame: Frame,
}

/// Where the link leads behind the sign-in.
#[derive(Debug, Deserialize)]
pub struct Target {
    #[serde(default)]
    to: String,
}

impl Target {
    fn page(&self) -> OwnerPage {
        OwnerPage::from_anchor(&self.to)
    }
}

/// GET `/owner/enter/{ticket}`: only a button, since previews in chats follow links. Whoever is signed in already goes on at once,
/// and the link stays good.
pub async fn show_sign_in(
    state: web::Data<State>,
    request: HttpRequest,
    ticket: web::Path<String>,
    target: web::Query<Target>,
) -> HttpResponse {
    let result = async {
        if auth::owner(&state, &request).await.is_ok() {
            return Ok(see_other(&state.addresses.owner_path(target.page())).finish());
        }
        match within_patience(state.people.is_sign_in_token(&ticket, now())).await? {
            true => page(StatusCode::OK, &EnterPage { frame: Frame::of(&state) }),
            false => Ok(used_up(&state)),
        }
    };
    explained(&state, result.await)
}

/// POST `/owner/enter/{ticket}`: uses it up.
pub async fn sign_in(
    state: web::Data<State>,
    request: HttpRequest,
    ticket: web::Path<String>,
    target: web::Query<Target>,
) -> HttpResponse {
    let result = async {
        let browser = auth::browser(&state, &request);
        Ok(match within_patience(state.people.sign_in(&ticket, browser, now())).await? {
            Some(secret) => {
                info!(address = ?browser.address, "Signed in the owner's browser");
                see_other(&state.addresses.owner_path(target.page()))
                    .append_header((header::SET_COOKIE, auth::set_cookie(&state, &secret)))
                    .finish()
            }
            None => used_up(&state),
        })
    };
    explained(&state, result.await)
}

const WAY_BACK: &str = "To come back, send /start to your bot in Telegram: it answers with a button that lets you in. \
                        “cinepost owner-link”, run where Cinepost runs, prints such a link too.";

fn used_up(state: &State) -> HttpResponse {
    let text = format!("It was used already, or is too old. {WAY_BACK}");
    message(state, StatusCode::GONE, "This link is used up", &text)
}

/// POST `/owner/sign-out`: ends the session, here and on the server.
pub async fn sign_out(state: web::Data<State>, request: HttpRequest, form: web::Form<Acting>) -> HttpResponse {
    let result = async {
        let signed_in = auth::acting_owner(&state, &request, &form.form_token).await?;
        within_patience(state.people.end_session(signed_in.session.id)).await?;
        Ok(see_other(&state.addresses.signed_out_path())
            .append_header((header::SET_COOKIE, auth::unset_cookie(&state)))
            .finish())
    };
    explained(&state, result.await)
}

/// GET `/signed-out`.
pub async fn signed_out(state: web::Data<State>) -> HttpResponse {
    message(&state, StatusCode::OK, "You are signed out", WAY_BACK)
}

/// POST `/owner/sessions/{id}/end`: signs a browser out, this one or another.
pub async fn end_session(
    state: web::Data<State>,
    request: HttpRequest,
    id: web::Path<String>,
    form: web::Form<Acting>,
) -> HttpResponse {
    let result = async {
        auth::acting_owner(&state, &request, &form.form_token).await?;
        let id = id.parse().map_err(|_| crate::web::Error::NotFound("such session"))?;
        within_patience(state.people.end_session(id)).await?;
        Ok(see_other(&state.addresses.owner_path(OwnerPage::People)).finish())
    };
    explained(&state, result.await)
}
