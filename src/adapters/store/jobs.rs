//! Jobs: what waits, runs and has ended.

use super::Error;
use super::face::face;
use crate::domain::job::{Added, Claim, Ending, Job, JobId, NewJob, Progress, State};

/// What [`Jobs::beat`] found of a job that its caller does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    Yes,
    /// And a person wants it stopped.
    CancelWanted,
    /// The lease ended and another one may do it: stop, and write nothing.
    No,
}

/// Jobs that ended, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    pub done: u64,
    pub failed: u64,
}

face! {
    /// Jobs: what waits, runs and has ended. Times are unix seconds.
    Jobs / JobsBackend {
        /// Queues a job, unless one with its key is unfinished or one has had its period.
        async fn add(&self, job: &NewJob, now: i64) -> Result<Added, Error>;

        /// Begins the job that comes first: of highest priority, then the one that was due first. Limits of kinds and people hold over all
        /// instances, and of all that ask at once one gets it. What dead instances left is taken back first.
        async fn claim(&self, claim: &Claim<'_>) -> Result<Option<Job>, Error>;

        /// Makes the leases of jobs that the caller does last until `ends`, and records how far each is: (job, claim, progress). The
        /// answers are in the same order.
        async fn beat(&self, ends: i64, running: &[(JobId, i64, Progress)]) -> Result<Vec<Held>, Error>;

        /// Stores where to go on after a stop. `is_further`: it differs from the one before, so that earlier stumbles count no more.
        /// False when the claim is no longer the caller's.
        async fn save(&self, id: JobId, claim: i64, checkpoint: &str, is_further: bool) -> Result<bool, Error>;

        /// Ends a try. False when the claim is no longer the caller's.
        async fn end(&self, id: JobId, claim: i64, ending: &Ending) -> Result<bool, Error>;

        /// Wants a job stopped: what waits is cancelled at once, what runs is told. Returns the state that it was in.
        async fn cancel(&self, id: JobId, now: i64) -> Result<Option<State>, Error>;

        /// Wants a job tried now: one that failed, was cancelled or waits for its next try. Returns the state that it was in. False beside
        /// it when another one with its key is unfinished.
        async fn retry(&self, id: JobId, now: i64) -> Result<Option<(State, bool)>, Error>;

        async fn get(&self, id: JobId) -> Result<Option<Job>, Error>;

        /// What runs, then what waits in the order of the claims.
        async fn unfinished(&self, limit: u32) -> Result<Vec<Job>, Error>;

        /// What ended, the latest first.
        async fn ended(&self, limit: u32) -> Result<Vec<Job>, Error>;

        /// The latest job of a kind that ended.
        async fn latest(&self, kind: &str) -> Result<Option<Job>, Error>;

        /// How many ended from `from` on and before `until`.
        async fn count_ended(&self, from: i64, until: i64) -> Result<Ended, Error>;

        /// Removes what ended before `before`, and what waited since then for one instance that never came back.
        async fn prune(&self, before: i64) -> Result<u64, Error>;
    }
}

/// What a job says that a dead instance left.
pub(super) const LEASE_ENDED: &str = "whoever did it stopped answering";
