//! Removes what lets nobody in any more: one-time links and sessions that are over, and sessions of people whose access ended.

use super::{UPKEEP, did};
use crate::adapters::store::{self, Store};
use crate::domain::job::{About, Schedule};
use crate::domain::person::Person;
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

pub(super) const ABOUT: About = About {
    name: "sign-ins",
    does: "removes expired one-time links, and sessions that have ended",
    schedule: Some(Schedule::Every { minutes: 360, after: 7 }),
    ..UPKEEP
};

pub(super) struct SignIns(pub Store);

impl Kind for SignIns {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>> {
        Box::pin(async {
            let links = self.0.sign_in_links().remove_expired(run.now()).await?;
            let sessions = self.0.sessions().remove_expired(run.now()).await? + self.remove_ended(run.now()).await?;
            Ok(did("removed", &[(links, "expired link", "expired links"), (sessions, "session", "sessions")]))
        })
    }
}

impl SignIns {
    /// Sessions whose person was removed or given a new access version. Those of somebody who is paused work again afterwards.
    async fn remove_ended(&self, now: i64) -> Result<u64, store::Error> {
        let people = self.0.people().all().await?;
        let mut removed = 0;
        for session in self.0.sessions().all(now).await? {
            let counts = |person: &Person| person.id == session.person && person.access_version == session.version;
            if !people.iter().any(counts) {
                removed += u64::from(self.0.sessions().remove(session.id).await?);
            }
        }
        Ok(removed)
    }
}
