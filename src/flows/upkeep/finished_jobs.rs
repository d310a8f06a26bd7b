//! Removes jobs that ended two weeks ago.

use super::{UPKEEP, did};
use crate::adapters::store::Store;
use crate::domain::figure::DAY_SECS;
use crate::domain::job::{About, Schedule};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

/// Longer than any schedule's period: what a period's run did is there until the next one.
const KEPT_SECS: i64 = 14 * DAY_SECS;

pub(super) const ABOUT: About = About {
    name: "finished-jobs",
    does: "removes jobs that ended two weeks ago",
    schedule: Some(Schedule::DailyAt { hour: 4, minute: 17 }),
    ..UPKEEP
};

pub(super) struct FinishedJobs(pub Store);

impl Kind for FinishedJobs {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            let removed = self.0.jobs().prune(run.now() - KEPT_SECS).await?;
            Ok(did("removed", &[(removed, "old job", "old jobs")]))
        })
    }
}
