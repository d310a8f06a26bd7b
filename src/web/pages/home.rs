//! What anyone may see: what this is, and that an access has ended.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Frame, explained, message, page};
use crate::web::State;
use crate::web::status::look;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    waiting: Vec<String>,
}

/// GET `/`: for anyone, so without anything that is not for everyone.
pub async fn home(state: web::Data<State>) -> HttpResponse {
    let waiting = look(&state).await.waiting_for();
    explained(&state, page(StatusCode::OK, &HomePage { frame: Frame::of(&state), waiting }))
}

/// GET `/access`: where the row of a revoked install leads.
pub async fn access_ended(state: web::Data<State>) -> HttpResponse {
    ended(&state, StatusCode::OK)
}

pub(super) fn ended(state: &State, status: StatusCode) -> HttpResponse {
    let text = "The link by which this Cinepost was installed in Stremio is not valid any more: whoever runs it took it \
                away or made a new one. Ask them for the new link. In Stremio, remove the addon and install it again with it.";
    message(state, status, "Your access has ended", text)
}
