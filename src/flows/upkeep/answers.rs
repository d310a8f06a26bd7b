//! Removes metadata providers' answers past their time. A new answer removes ten old ones; a quiet library keeps the rest.

use super::{UPKEEP, did};
use crate::adapters::store::Store;
use crate::domain::job::{About, Schedule};
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

pub(super) const ABOUT: About = About {
    name: "answers",
    does: "removes metadata providers' answers that are too old to be used",
    schedule: Some(Schedule::DailyAt { hour: 4, minute: 12 }),
    ..UPKEEP
};

pub(super) struct Answers(pub Store);

impl Kind for Answers {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            let removed = self.0.answers().remove_expired(run.now()).await?;
            Ok(did("removed", &[(removed, "old answer", "old answers")]))
        })
    }
}
