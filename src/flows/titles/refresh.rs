//! Fetches the lists of the title index when they changed, and builds a new one of them.

use crate::adapters::metadata::index::{Error, Fetched, Titles};
use crate::adapters::store::Store;
use crate::domain::job::{About, NewJob, Place, Priority, Schedule, progress};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

/// IMDb's lists are new every day, but hardly anybody posts what was not known a week ago.
const WEEK_MINUTES: u32 = 7 * 24 * 60;

pub const ABOUT: About = About {
    name: "title-index",
    does: "fetches the lists that TITLE_INDEX names, when they changed, and makes a new index of them",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    // With pauses of up to an hour between them: longer than a night of a server that is down.
    tries: 20,
    // On Tuesdays, in the night of Europe and America.
    schedule: Some(Schedule::Every { minutes: WEEK_MINUTES, after: 5 * 24 * 60 + 5 * 60 + 23 }),
    // Each has its own DATA_DIR.
    place: Place::EachInstance,
};

pub struct Refresh {
    pub titles: Titles,
    pub store: Store,
    /// What looks again at the files that have no title, once there is a new index.
    pub look_again: fn(now: i64) -> NewJob,
}

impl Kind for Refresh {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            if self.titles.sources().is_empty() {
                return Ok("nothing to do: TITLE_INDEX names no list".to_owned());
            }
            // The engine may be quicker than whoever opens it at the start.
            self.titles.open().await;
            let progress = |bytes| run.progress(bytes, None, progress::BYTES);
            match self.titles.fetch(run.now(), &progress).await? {
                Fetched::Unchanged => Ok("the lists have not changed".to_owned()),
                Fetched::Built(built) => {
                    self.store.jobs().add(&(self.look_again)(run.now()), run.now()).await?;
                    let mib = built.bytes as f64 / f64::from(1 << 20);
                    Ok(format!("made an index of {} titles under {} names, {mib:.0} MiB", built.titles, built.keys))
                }
            }
        })
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Down { .. } | Error::Unusable(_) | Error::Disk { .. } | Error::Unread => {
                Self::Passing(error.to_string())
            }
            Error::Absent { .. } | Error::Refused { .. } | Error::NoClient(_) => Self::Final(error.to_string()),
        }
    }
}
