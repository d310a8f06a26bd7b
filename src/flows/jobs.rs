//! What people see of jobs and want of them. All of it goes through the store, so that it works beside the running program as well.

use crate::adapters::store::{self, Store};
use crate::domain::job::{About, Added, Job, JobId, NewJob, Priority, State};
use crate::flows::DatabaseError;

/// Jobs of each sort in one look, see [`Overview`].
const SHOWN: u32 = 50;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct JobList {
    store: Store,
    kinds: Vec<&'static About>,
}

/// How it stands with all jobs.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Those that run by themselves.
    pub scheduled: Vec<Scheduled>,
    /// What runs, then what waits, in the order in which it will begin. Fifty at most.
    pub unfinished: Vec<Job>,
    /// The latest first, without scheduled ones that are done.
    pub ended: Vec<Job>,
}

#[derive(Clone, Debug)]
pub struct Scheduled {
    pub about: &'static About,
    /// The latest that ended.
    pub last: Option<Job>,
    /// Unix seconds.
    pub next: i64,
}

/// Why something cannot be done with a job.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no job {0}; `cinepost jobs` shows those that there are")]
    Unknown(JobId),
    #[error("no kind of job is called {name:?}; these can be run: {known}")]
    UnknownKind { name: String, known: String },
    #[error("job {id} cannot be {wanted}: it is {}", .state.word())]
    Settled { id: JobId, wanted: &'static str, state: State },
    #[error("job {0} is not needed: another one for the same is queued or runs")]
    Replaced(JobId),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

impl JobList {
    /// `kinds`: those that people may run by name.
    pub fn new(store: Store, kinds: Vec<&'static About>) -> Self {
        Self { store, kinds }
    }

    /// `now` in unix seconds.
    pub async fn overview(&self, now: i64) -> Result<Overview, DatabaseError> {
        let jobs = self.store.jobs();
        let mut scheduled = Vec::new();
        for about in &self.kinds {
            if let Some(schedule) = about.schedule {
                scheduled.push(Scheduled { about, last: jobs.latest(about.name).await?, next: schedule.next(now) });
            }
        }
        let is_shown_above =
            |job: &Job| job.state == State::Done && scheduled.iter().any(|kind| kind.about.name == job.kind);
        let mut ended = jobs.ended(SHOWN).await?;
        ended.retain(|job| !is_shown_above(job));
        Ok(Overview { scheduled, unfinished: jobs.unfinished(SHOWN).await?, ended })
    }

    /// Those of a kind that wait or run.
    pub async fn unfinished(&self, kind: &str) -> Result<Vec<Job>, DatabaseError> {
        let mut jobs = self.store.jobs().unfinished(SHOWN).await?;
        jobs.retain(|job| job.kind == kind);
        Ok(jobs)
    }

    pub async fn get(&self, id: JobId) -> Result<Job, Error> {
        self.store.jobs().get(id).await?.ok_or(Error::Unknown(id))
    }

    /// Queues a kind's job now, unless one is queued or runs.
    pub async fn queue(&self, kind: &str, now: i64) -> Result<Added, Error> {
        let Some(about) = self.kinds.iter().find(|about| about.name == kind) else {
            let known = self.kinds.iter().map(|about| about.name).collect::<Vec<_>>().join(", ");
            return Err(Error::UnknownKind { name: kind.to_owned(), known });
        };
        // Before everything of its own priority: a person waits for it.
        let priority = Priority::Urgent;
        let job = NewJob { key: Some(about.name.to_owned()), priority, ..NewJob::of(about, now) };
        Ok(self.store.jobs().add(&job, now).await?)
    }

    /// Wants a job stopped. Returns the state that it was in: one that runs ends within two seconds.
    pub async fn cancel(&self, id: JobId, now: i64) -> Result<State, Error> {
        match self.store.jobs().cancel(id, now).await?.ok_or(Error::Unknown(id))? {
            state if state.has_ended() => Err(Error::Settled { id, wanted: "cancelled", state }),
            state => Ok(state),
        }
    }

    /// Wants a job tried again now, from where it was.
    pub async fn retry(&self, id: JobId, now: i64) -> Result<(), Error> {
        match self.store.jobs().retry(id, now).await?.ok_or(Error::Unknown(id))? {
            (_, false) => Err(Error::Replaced(id)),
            (State::Retrying | State::Failed | State::Cancelled, true) => Ok(()),
            (state, true) => Err(Error::Settled { id, wanted: "tried again", state }),
        }
    }
}
