//! GET `/`: what this is, and whether it runs. For anyone, so it holds nothing that is not for everyone.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Frame, page};
use crate::web::ops::report;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    /// What there is to do until everything that was posted plays.
    waiting: Vec<String>,
}

pub async fn show(state: web::Data<State>) -> Result<HttpResponse, Error> {
    let waiting = report(&state).await.unfinished();
    page(StatusCode::OK, &HomePage { frame: Frame::of(&state), waiting })
}
