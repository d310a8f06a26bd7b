//! GET and POST `/owner/enter/{token}`: the way in for a browser, by a one-time link of somebody's.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use tracing::info;

use super::{Owner, begin_guess, client, session_cookie};
use crate::domain::limits::Secret;
use crate::domain::person::Action;
use crate::flows::unix_now;
use crate::protocols::addresses::OwnerPage;
use crate::web::pages::message::message;
use crate::web::pages::{Frame, page, see_other};
use crate::web::timeout::in_time;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
}

/// Where the link leads behind the sign-in.
#[derive(Debug, Deserialize)]
pub struct Target {
    #[serde(default)]
    to: String,
}

impl Target {
    fn path(&self, state: &State) -> String {
        state.addresses.owner_path(OwnerPage::from_anchor(&self.to))
    }
}

/// Only a button, since previews in chats follow links. Whoever is signed in already goes on at once, and the link stays good.
pub async fn show(
    state: web::Data<State>,
    request: HttpRequest,
    token: web::Path<String>,
    target: web::Query<Target>,
    owner: Option<Owner>,
) -> Result<HttpResponse, Error> {
    if owner.is_some() {
        return Ok(see_other(&target.path(&state)).finish());
    }
    match in_time(state.people.is_sign_in_token(&token, unix_now())).await? {
        true => page(StatusCode::OK, &SignInPage { frame: Frame::of(&state) }),
        false => used_up(&state, &request),
    }
}

/// Uses the link up.
pub async fn submit(
    state: web::Data<State>,
    request: HttpRequest,
    token: web::Path<String>,
    target: web::Query<Target>,
) -> Result<HttpResponse, Error> {
    let browser = client::browser(&request, &state.trusted_proxies);
    let Some(entered) = in_time(state.people.sign_in(&token, browser, unix_now())).await? else {
        return used_up(&state, &request);
    };
    info!(address = ?browser.address, person = %entered.person.id, "Signed in a browser of person {}", entered.person.id);
    // Whoever may not see the owner's pages goes to their own.
    let path = match entered.person.role.may(Action::Operate) {
        true => target.path(&state),
        false => state.addresses.install_path(&state.people.token(&entered.person)),
    };
    Ok(see_other(&path).append_header((header::SET_COOKIE, session_cookie::set(&state, &entered.secret))).finish())
}

/// How the owner gets another link.
pub(super) const ANOTHER_LINK: &str = "To come back, send /start to your bot in Telegram: it answers with a button that lets you in. \
                            “cinepost owner-link”, run where Cinepost runs, prints such a link too.";

/// The same for a link that was never given out: whoever asks for many of those is guessing.
fn used_up(state: &State, request: &HttpRequest) -> Result<HttpResponse, Error> {
    begin_guess(request, Secret::SignInLink)?;
    let text = format!("It was used already, or is too old. {ANOTHER_LINK}");
    Ok(message(state, StatusCode::GONE, "This link is used up", &text))
}
