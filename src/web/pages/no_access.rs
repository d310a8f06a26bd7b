//! GET `/access`: where the row of an install leads whose link does not work.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::message::{Words, message};
use crate::web::{Error, State};

pub async fn show(state: web::Data<State>) -> HttpResponse {
    let Words { title, text } = Words::of_error(&Error::Forbidden);
    message(&state, StatusCode::OK, title, &text)
}
