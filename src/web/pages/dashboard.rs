//! The owner's page: what happens now, what needs a hand, the library, channels and bots.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::install::InstallCard;
use super::library::{Shelf, Show, shelf};
use super::people::{PersonRow, SessionRow, people_rows, session_rows};
use super::review::{Did, Done, ReviewList, done, first_rows};
use super::{Frame, explained, page};
use crate::domain::catalog::Counts;
use crate::flows::channels::{ChannelStatus, Light};
use crate::flows::health::{self, Report};
use crate::flows::ingest::Progress;
use crate::flows::playback::Watching;
use crate::web::auth::{self, within_patience};
use crate::web::ops::look;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "dashboard.html")]
struct OwnerPage {
    frame: Frame,
    install: InstallCard,
    counts: Counts,
    report: Report,
    progress: Progress,
    watching: Vec<Watching>,
    bots: Vec<health::Finding>,
    channels: Vec<ChannelStatus>,
    people: Vec<PersonRow>,
    sessions: Vec<SessionRow>,
    review: ReviewList,
    done: Option<Done>,
    shelf: Shelf,
}

impl OwnerPage {
    /// What a channel's dot looks like: green for what was tried and works only.
    fn light_class(light: &Light) -> &'static str {
        match light {
            Light::Good => " on",
            Light::Slow(_) => " slow",
            Light::Bad(_) => " bad",
            Light::Unknown | Light::Off => "",
        }
    }

    fn light_says(light: &Light) -> &'static str {
        match light {
            Light::Good => "every bot reads it",
            Light::Slow(_) => "watched; a helper bot cannot read it",
            Light::Bad(_) => "cannot be read, so nothing posted there arrives",
            Light::Unknown => "not known right now",
            Light::Off => "removed, its files are hidden",
        }
    }
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
        let signed_in = auth::owner(&state, &request).await?;
        let install = InstallCard::of(&state.addresses.install(&state.people.token(&signed_in.person)));
        let content = within_patience(async {
            let review = first_rows(&state).await?;
            let shelf = shelf(&state, query.show, &query.find, query.skip).await?;
            let (people, sessions) = (people_rows(&state).await?, session_rows(&state, &signed_in).await?);
            let (counts, channels) = (state.library.counts().await?, state.channels.list().await?);
            Ok::<_, Error>((review, shelf, people, sessions, counts, channels))
        });
        let (review, shelf, people, sessions, counts, channels) = content.await?;
        let done = done(&state, *did, "/owner").await?;
        let report = look(&state).await;
        let (progress, bots, watching) = (state.ingest.progress(), state.health.bots(), state.playback.watching());
        let frame = Frame::signed_in(&state, &signed_in);
        page(
            StatusCode::OK,
            &OwnerPage {
                frame,
                install,
                counts,
                report,
                progress,
                watching,
                bots,
                channels,
                people,
                sessions,
                review,
                done,
                shelf,
            },
        )
    };
    explained(&state, result.await)
}
