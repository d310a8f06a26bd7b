//! Work that outlives a request: what a job is, how it goes from state to state, when the next run of a schedule is, how long a
//! stumble pauses. `engines/jobs` carries it out, `adapters/store` keeps it.
//!
//! ```text
//! state.rs     Queued -> Running -> Done, and everything that can come between: one table
//! schedule.rs  "every day at 04:10", "every 6 h" -> the run that is due, and the next
//! backoff.rs   how long a job waits after its nth stumble
//! progress.rs  done, of, unit -> rate, remaining
//! ```

pub mod backoff;
pub mod progress;
pub mod schedule;
pub mod state;

use std::fmt;
use std::str::FromStr;

use super::person::PersonId;
pub use progress::Progress;
pub use schedule::Schedule;
pub use state::{Event, State};

/// A job's number, from 1, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub i64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the number of a job; `cinepost jobs` shows them, such as 12")]
pub struct JobIdError(String);

impl FromStr for JobId {
    type Err = JobIdError;

    fn from_str(text: &str) -> Result<Self, JobIdError> {
        let number = text.trim().parse().ok().filter(|number| *number > 0);
        number.map(Self).ok_or_else(|| JobIdError(text.to_owned()))
    }
}

/// What there is to know of a kind of job before any of its jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// As jobs carry it and people type it: `statistics`.
    pub name: &'static str,
    /// What it does, as a sentence without its subject: "removes expired links".
    pub does: &'static str,
    /// Jobs of it that run at once, over all instances. At least 1.
    pub at_once: u32,
    /// The same for one person.
    pub per_person: u32,
    pub priority: Priority,
    /// Tries in a row without a new checkpoint before it fails. At least 1.
    pub tries: u32,
    pub schedule: Option<Schedule>,
    pub place: Place,
}

/// Who does a kind's jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// One instance, whichever comes first.
    AnyInstance,
    /// The one that watches the channels: only there old messages come in order with new ones.
    WatchingInstance,
    /// Each instance its own scheduled ones: what lies in its own DATA_DIR.
    EachInstance,
}

/// Which waiting job comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// When nothing else waits: thumbnails, upkeep.
    Idle = 0,
    Normal = 1,
    /// A person looks at it.
    Urgent = 2,
}

impl Priority {
    pub const ALL: [Self; 3] = [Self::Idle, Self::Normal, Self::Urgent];

    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| *priority as i64 == number)
    }
}

/// A job that is to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub kind: String,
    /// Whose work it is, for the limits of each.
    pub person: Option<PersonId>,
    /// The one instance that may do it.
    pub place: Option<String>,
    /// While a job with this key is unfinished, no second one is queued.
    pub key: Option<String>,
    /// Once a job has had this period, no second one is queued, finished or not.
    pub period: Option<String>,
    /// What its kind needs to know, in the kind's own form (JSON).
    pub input: String,
    pub priority: Priority,
    pub most_tries: u32,
    /// Not before. Unix seconds.
    pub due: i64,
}

impl NewJob {
    /// As its kind says, for nobody in particular, now.
    pub fn of(about: &About, now: i64) -> Self {
        Self {
            kind: about.name.to_owned(),
            person: None,
            place: None,
            key: None,
            period: None,
            input: String::new(),
            priority: about.priority,
            most_tries: about.tries,
            due: now,
        }
    }
}

/// What queueing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    New(JobId),
    /// This one is queued, runs or ran in its place.
    Known(JobId),
}

impl Added {
    pub fn id(self) -> JobId {
        match self {
            Self::New(id) | Self::Known(id) => id,
        }
    }
}

/// A job as it stands. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub kind: String,
    pub person: Option<PersonId>,
    pub place: Option<String>,
    pub input: String,
    pub priority: Priority,
    pub state: State,
    pub due: i64,
    /// Tries begun since it was queued or last got on.
    pub tries: u32,
    pub most_tries: u32,
    /// How often it was claimed. Whoever writes to it names the claim it holds: one that lost its lease writes nothing.
    pub claim: i64,
    pub lease: Option<Lease>,
    pub is_cancel_wanted: bool,
    pub progress: Progress,
    /// Where to go on after a stop, in the kind's own form.
    pub checkpoint: Option<String>,
    /// What it did, or why it did not.
    pub says: String,
    pub created: i64,
    /// Its last try.
    pub began: Option<i64>,
    pub ended: Option<i64>,
}

impl Job {
    /// Seconds that its last try took, or has been going on at `now`.
    pub fn secs(&self, now: i64) -> i64 {
        let until = self.ended.unwrap_or(now);
        self.began.map_or(0, |began| (until - began).max(0))
    }
}

/// Who does a running job, and until when nobody else may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub holder: String,
    pub ends: i64,
}

/// What an instance asks for when it has room for a job.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// A name that no other run of any instance has: its place, a slash, and something that changes with every run.
    pub holder: &'a str,
    /// The instance, the same after a restart.
    pub place: &'a str,
    pub now: i64,
    /// When the lease is to end.
    pub ends: i64,
    /// What it can do, with each kind's limits.
    pub kinds: &'a [&'a About],
}

impl Claim<'_> {
    /// Whether a job that runs is nobody's any more: its lease ended, or it is of an earlier run of this instance, which is over
    /// since this one is there.
    pub fn finds_dead(&self, lease: &Lease) -> bool {
        let is_earlier_run = || {
            let run = lease.holder.strip_prefix(self.place).and_then(|rest| rest.strip_prefix('/'));
            run.is_some() && lease.holder != self.holder
        };
        lease.ends <= self.now || is_earlier_run()
    }
}

/// A job's state after a try, and what is to be kept of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    pub state: State,
    pub due: i64,
    pub tries: u32,
    pub says: String,
    pub progress: Progress,
    pub now: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(" 12 ".parse(), Ok(JobId(12)));
        for text in ["", "0", "-3", "twelve", "1.5"] {
            assert!(text.parse::<JobId>().is_err(), "{text}");
        }
    }
}
