//! What anyone may see: what this is, and that a link is no good.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::message::{Words, message};
use super::{Frame, explained, page};
use crate::web::ops::look;
use crate::web::{Error, State};

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

/// GET `/access`: where the row of an install leads whose link is no good.
pub async fn no_access(state: web::Data<State>) -> HttpResponse {
    let Words { title, text } = Words::of_error(&Error::Forbidden);
    message(&state, StatusCode::OK, title, &text)
}
