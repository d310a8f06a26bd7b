//! GET `/owner`: what happens now, the files that need a person, the library, people, channels and bots.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::install::InstallCard;
use super::library::{LibraryList, Show, library_list};
use super::people::{PersonRow, people_rows};
use super::review::{ReviewList, first_rows};
use super::review_actions::{Action, Outcome, outcome};
use super::{Frame, page};
use crate::domain::catalog::Counts;
use crate::flows::channels::{ChannelStatus, Readability};
use crate::flows::health::{self, Report};
use crate::flows::ingest::Progress;
use crate::flows::playback::Watching;
use crate::web::auth::Owner;
use crate::web::auth::sessions::{SessionRow, session_rows};
use crate::web::ops::report;
use crate::web::timeout::in_time;
use crate::web::{Error, State};

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage {
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
    outcome: Option<Outcome>,
    library: LibraryList,
}

impl DashboardPage {
    /// What a channel's dot looks like: green for what was tried and works only.
    fn dot_class(readability: &Readability) -> &'static str {
        match readability {
            Readability::Readable => " on",
            Readability::PartlyReadable(_) => " slow",
            Readability::Unreadable(_) => " bad",
            Readability::Unknown | Readability::Removed => "",
        }
    }

    fn dot_says(readability: &Readability) -> &'static str {
        match readability {
            Readability::Readable => "every bot reads it",
            Readability::PartlyReadable(_) => "watched; a helper bot cannot read it",
            Readability::Unreadable(_) => "cannot be read, so nothing posted there arrives",
            Readability::Unknown => "not known right now",
            Readability::Removed => "removed, its files are hidden",
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct DashboardQuery {
    #[serde(default)]
    show: Show,
    #[serde(default)]
    find: String,
    #[serde(default)]
    skip: u32,
}

pub async fn show(
    state: web::Data<State>,
    query: web::Query<DashboardQuery>,
    action: web::Query<Action>,
    owner: Owner,
) -> Result<HttpResponse, Error> {
    let install = InstallCard::of(&state.addresses.install(&state.people.token(&owner.person)));
    let lists = in_time(async {
        let review = first_rows(&state).await?;
        let library = library_list(&state, query.show, &query.find, query.skip).await?;
        let people = state.people.all().await?;
        let sessions = session_rows(&state, &owner, &people).await?;
        let (counts, channels) = (state.library.counts().await?, state.channels.list().await?);
        Ok::<_, Error>((review, library, people_rows(&state, &owner, people), sessions, counts, channels))
    });
    let (review, library, people, sessions, counts, channels) = lists.await?;
    let content = DashboardPage {
        outcome: outcome(&state, *action, "/owner").await?,
        report: report(&state).await,
        frame: Frame::of_owner(&state, &owner),
        install,
        counts,
        progress: state.ingest.progress(),
        watching: state.playback.watching(),
        bots: state.health.bots(),
        channels,
        people,
        sessions,
        review,
        library,
    };
    page(StatusCode::OK, &content)
}
