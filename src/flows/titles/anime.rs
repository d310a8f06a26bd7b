//! The list of anime: a job fetches it once a week, and at once when the owner has just turned it on.

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::keep::queue;
use crate::adapters::clock::unix_now;
pub use crate::adapters::metadata::anime::State;
use crate::adapters::metadata::anime::{AnimeList, Error, Fetched};
use crate::adapters::store::Store;
use crate::domain::job::{About, NewJob, Place, Priority, Schedule};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

/// The list is made anew every week.
const WEEK_MINUTES: u32 = 7 * 24 * 60;

pub const ABOUT: About = About {
    name: "anime-lists",
    does: "fetches the list of what the ids of AniDB, AniList, Kitsu, MyAnimeList and TheTVDB stand for, when it changed",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    // With pauses of up to an hour between them: longer than a night of a server that is down.
    tries: 20,
    // On Wednesdays, in the night of Europe and America.
    schedule: Some(Schedule::Every { minutes: WEEK_MINUTES, after: 6 * 24 * 60 + 5 * 60 + 41 }),
    // Each has its own DATA_DIR.
    place: Place::EachInstance,
};

pub struct Refresh {
    pub list: AnimeList,
    pub store: Store,
    /// What looks again at the files that have no title, once there is a new list.
    pub look_again: fn(now: i64) -> NewJob,
}

impl Kind for Refresh {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            if !self.list.is_on() {
                return Ok("nothing to do: ANIME_LISTS is off".to_owned());
            }
            // The engine may be quicker than whoever opens it at the start.
            self.list.open().await;
            let Fetched::Taken(titles) = self.list.fetch(run.now()).await? else {
                return Ok("the list has not changed".to_owned());
            };
            self.store.jobs().add(&(self.look_again)(run.now()), run.now()).await?;
            Ok(format!("took a list of {titles} titles into use"))
        })
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Down(_) | Error::Unusable(_) | Error::Disk { .. } => Self::Passing(error.to_string()),
            Error::Refused(_) | Error::NoClient(_) => Self::Final(error.to_string()),
        }
    }
}

/// Until it is stopped: opens the list, has it fetched when there is none, and takes a new one of another process into use. `place`:
/// this instance's id.
pub async fn keep(list: AnimeList, store: Store, place: String, stop: CancellationToken) {
    if !list.is_on() {
        return;
    }
    list.open().await;
    if list.needs_fetch() {
        match queue(&store, &ABOUT, &place, unix_now()).await {
            Ok(()) => info!("The list of anime will be fetched"),
            Err(error) => warn!(%error, "The list of anime is fetched in its own time: its job could not be queued"),
        }
    }
    list.keep_open(stop).await;
}
