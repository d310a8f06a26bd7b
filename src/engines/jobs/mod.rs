//! Floor 3: work that outlives a request. Jobs stand in the store, so that they survive a restart and several instances share them;
//! this engine begins those that come first, keeps their leases, and writes down how they ended.
//!
//! ```text
//! kind.rs     what a kind of job is: About, run(), how it stops
//! run.rs      what a job is given: input, checkpoint, progress, cancel, scratch
//! worker.rs   claims, beats and ends the jobs of this instance
//! ending.rs   how a try ended -> the job's next state
//! scratch.rs  a folder for a job's files, gone when it is
//! ```
//!
//! # A new kind
//!
//! One file with an `About` and a `run`, and its place in the list that `app` gives to [`Jobs::new`]; `docs/jobs.md` shows one. Nothing
//! else knows kinds.
//!
//! # What holds
//!
//! - **One does it.** A claim is one atomic step of the store. A lease lasts [`LEASE_SECS`] and is renewed every second; whoever dies
//!   loses it, and another instance, or the same one started again, goes on from the last checkpoint. Every write names its claim, so that one who was only slow
//!   writes nothing.
//! - **It ends when told.** A job hears within a second that a person wants it stopped, and is dropped half a second later
//!   if it has not ended by itself. What it must clean up, it cleans up in `Drop`.
//! - **Stumbling is not failing.** [`Stop::Passing`] waits and tries again, longer each time; [`Stop::Final`] tells the person why not.
//!   A job that gets on (a new checkpoint) has all its tries again.
//!
//! # Why not a crate
//!
//! Those that were looked at keep jobs in one database of their own: apalis and fang in SQL databases through sqlx or diesel (a second
//! SQLite to link), underway and backie in PostgreSQL. None speaks to MongoDB, which instances share here, and the store's contract
//! (one suite, both backends) is the larger part of the work anyway. Schedules are two shapes ("every n", "daily at"), a page of
//! arithmetic; cron expressions would bring chrono and a language to explain.
//!
//! # Why ingest has its own line
//!
//! A post is recorded with its entry in one write, pending: entry and work to do cannot part. Its state (tries, reason, next try) is
//! the review list's own, searched, paged and shown. As jobs, each post would be two records that have to agree, over a store without
//! transactions, and a channel of 100,000 posts would be 100,000 jobs to write, claim and prune, where eight matches at a time read
//! a page of entries. The pause of a provider that is down is one for all entries, not one for each. Both would grow.

mod ending;
mod kind;
mod run;
mod scratch;
#[cfg(test)]
mod tests;
mod worker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::adapters::clock::unix_now;
use crate::adapters::store::{self, Changed, Store};
use crate::domain::job::{About, Added, NewJob};
pub use kind::{BoxFuture, Kind, Stop};
pub use run::{Cancel, Run};
pub use scratch::Scratch;

/// How long a dead instance's job waits for another one.
pub const LEASE_SECS: i64 = 30;

/// Says the time, in unix seconds.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

pub struct Options {
    /// Jobs that this instance does at once.
    pub room: usize,
    /// The instance, the same after a restart.
    pub place: String,
    /// For jobs' files. Nobody else's; emptied at the start.
    pub scratch: PathBuf,
    /// Between two looks at the store while a job runs: leases are renewed, cancels heard.
    pub beat: Duration,
    /// The same while none does: other commands queue jobs.
    pub look: Duration,
    /// Between the word that a job should end and its drop.
    pub grace: Duration,
    pub now: Clock,
    /// Whether this instance watches the channels.
    pub watches: watch::Receiver<bool>,
}

impl Options {
    pub fn new(place: String, scratch: PathBuf) -> Self {
        Self {
            room: 8,
            place,
            scratch,
            beat: Duration::from_secs(1),
            look: Duration::from_secs(2),
            grace: Duration::from_millis(500),
            now: Arc::new(unix_now),
            watches: watch::channel(true).1,
        }
    }
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    kinds: Vec<Arc<dyn Kind>>,
    abouts: Vec<&'static About>,
    options: Options,
    /// Of this run of this instance.
    holder: String,
    work: Notify,
}

impl Jobs {
    pub fn new(store: Store, kinds: Vec<Arc<dyn Kind>>, options: Options) -> Self {
        let abouts = kinds.iter().map(|kind| kind.about()).collect();
        let mut random = [0; 8];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        let holder = format!("{}/{:016x}", options.place, u64::from_ne_bytes(random));
        Self { inner: Arc::new(Inner { store, kinds, abouts, options, holder, work: Notify::new() }) }
    }

    /// Queues a job. It begins at once when there is room for it.
    pub async fn add(&self, job: &NewJob) -> Result<Added, store::Error> {
        let added = self.inner.store.jobs().add(job, (self.inner.options.now)()).await?;
        self.inner.work.notify_one();
        Ok(added)
    }

    /// Does jobs until it is stopped; then hands back those that run. A database that is away is waited for.
    pub async fn run(self, stop: CancellationToken) {
        let mut worker = worker::Worker::new(self.clone());
        let _ = scratch::clear(&self.inner.options.scratch);
        let mut last_beat = Instant::now();
        let mut queued = self.inner.store.changes(Changed::Jobs);
        while !stop.is_cancelled() {
            worker.fill().await;
            // Only now is it known whether something runs.
            let pause = if worker.is_idle() { self.inner.options.look } else { self.inner.options.beat };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.inner.work.notified() => {}
                () = queued.next() => {}
                () = worker.one_ended() => {}
                () = tokio::time::sleep_until(last_beat + pause) => {
                    worker.beat().await;
                    last_beat = Instant::now();
                }
            }
        }
        worker.hand_back().await;
    }
}
