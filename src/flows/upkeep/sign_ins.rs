//! Removes what lets nobody in any more: one-time links, invitations and sessions that are over, and sessions that were ended by a new
//! access version. Sessions of people whose access is only suspended stay: it may come back.

use super::{UPKEEP, did};
use crate::adapters::store::{self, Store};
use crate::domain::job::{About, Schedule};
use crate::domain::person::Person;
use crate::engines::jobs::{BoxFuture, Kind, Run, Stop};

pub(super) const ABOUT: About = About {
    name: "sign-ins",
    does: "removes expired one-time links and invitations, and sessions that have ended",
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
            let invitations = self.0.invitations().remove_expired(run.now()).await?;
            let removed = [
                (links, "expired link", "expired links"),
                (invitations, "invitation", "invitations"),
                (sessions, "session", "sessions"),
            ];
            Ok(did("removed", &removed))
        })
    }
}

impl SignIns {
    /// Sessions whose person was removed or has a new access version.
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
