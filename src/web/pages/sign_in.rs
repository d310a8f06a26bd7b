//! The owner's way in, by a one-time link, and out.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Frame, explained, message, page, see_other};
use crate::web::State;
use crate::web::access::{self, now, within_patience};

#[derive(Template)]
#[template(path = "enter.html")]
struct EnterPage {
    frame: Frame,
}

/// GET `/owner/enter/{ticket}`: only a button, since previews in chats follow links.
pub async fn knock(state: web::Data<State>, ticket: web::Path<String>) -> HttpResponse {
    let result = async {
        match within_patience(state.accounts.has_ticket(&ticket, now())).await? {
            true => page(StatusCode::OK, &EnterPage { frame: Frame::of(&state) }),
            false => Ok(used_up(&state)),
        }
    };
    explained(&state, result.await)
}

/// POST `/owner/enter/{ticket}`: uses it up.
pub async fn enter(state: web::Data<State>, ticket: web::Path<String>) -> HttpResponse {
    let result = async {
        Ok(match within_patience(state.accounts.enter(&ticket, now())).await? {
            Some(session) => see_other(&state, "/owner")
                .append_header((header::SET_COOKIE, access::set_cookie(&state, &session)))
                .finish(),
            None => used_up(&state),
        })
    };
    explained(&state, result.await)
}

fn used_up(state: &State) -> HttpResponse {
    let text = "It was used already, or is more than an hour old. Run “cinepost owner-link” where Cinepost runs: \
                it prints another.";
    message(state, StatusCode::GONE, "This link is used up", text)
}

/// POST `/owner/leave`: ends the session in this browser.
pub async fn leave(state: web::Data<State>) -> HttpResponse {
    see_other(&state, "/").append_header((header::SET_COOKIE, access::unset_cookie(&state))).finish()
}
