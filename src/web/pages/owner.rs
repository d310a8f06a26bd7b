//! The owner's page: what happens now, what needs a hand, the library, channels and bots.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::configure::InstallCard;
use super::review::{Did, Done, ReviewList, done, first_rows};
use super::shelf::{Shelf, Show, shelf};
use super::{Frame, explained, page};
use crate::health;
use crate::ingest::Progress;
use crate::playback::Watching;
use crate::store::{Channel, Counts};
use crate::stremio::Install;
use crate::web::access::{self, within_patience};
use crate::web::status::unready;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "owner.html")]
struct OwnerPage {
    frame: Frame,
    install: InstallCard,
    counts: Counts,
    waiting: Vec<String>,
    progress: Progress,
    watching: Vec<Watching>,
    bots: Vec<health::Finding>,
    channels: Vec<Channel>,
    review: ReviewList,
    done: Option<Done>,
    shelf: Shelf,
}

#[derive(Debug, Deserialize)]
pub struct OwnerQuery {
    #[serde(default)]
    show: Show,
    #[serde(default)]
    find: String,
    #[serde(default)]
    skip: u32,
}

/// GET `/owner`.
pub async fn owner(
    state: web::Data<State>,
    request: HttpRequest,
    query: web::Query<OwnerQuery>,
    did: web::Query<Did>,
) -> HttpResponse {
    let result = async {
        let owner = access::owner(&state, &request).await?;
        let install = InstallCard::of(&Install::new(&state.base_url, &state.accounts.token(&owner)));
        let content = within_patience(async {
            let review = first_rows(&state).await?;
            let shelf = shelf(&state, query.show, &query.find, query.skip).await?;
            Ok::<_, Error>((review, shelf, state.library.counts().await?, state.library.channels().await?))
        });
        let (review, shelf, counts, channels) = content.await?;
        let done = done(&state, *did, "/owner").await?;
        let waiting = unready(&state).await;
        let (progress, bots, watching) = (state.ingest.progress(), state.health.bots(), state.playback.watching());
        let frame = Frame::of(&state);
        page(
            StatusCode::OK,
            &OwnerPage { frame, install, counts, waiting, progress, watching, bots, channels, review, done, shelf },
        )
    };
    explained(&state, result.await)
}
