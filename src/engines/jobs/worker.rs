//! The jobs that this instance does. Each runs in a task of its own; the worker alone talks to the store about leases.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinSet;
use tracing::{debug, error, info, warn};

use super::ending::{Outcome, Try, Why, ending};
use super::{Cancel, Jobs, Kind, LEASE_SECS, Run};
use crate::adapters::store::{self, Held};
use crate::domain::job::{About, Claim, JobId, NewJob, Place, Priority, State};

/// An end that the store could not take yet is offered again this often.
const OFFER_AGAIN: Duration = Duration::from_secs(1);

pub(super) struct Worker {
    jobs: Jobs,
    running: HashMap<JobId, Arc<Run>>,
    tasks: JoinSet<JobId>,
    /// Of each kind: the run that was queued last.
    queued: HashMap<&'static str, i64>,
    /// Nobody else does our jobs before.
    leases_end: i64,
    /// Said once, not with every beat.
    is_store_away: bool,
}

impl Worker {
    pub fn new(jobs: Jobs) -> Self {
        let (running, tasks, queued) = (HashMap::new(), JoinSet::new(), HashMap::new());
        Self { jobs, running, tasks, queued, leases_end: 0, is_store_away: false }
    }

    pub fn is_idle(&self) -> bool {
        self.running.is_empty()
    }

    fn now(&self) -> i64 {
        (self.jobs.inner.options.now)()
    }

    /// Queues the scheduled runs that are due, and begins waiting jobs while there is room.
    pub async fn fill(&mut self) {
        let filled = async {
            self.queue_scheduled().await?;
            while self.running.len() < self.jobs.inner.options.room && self.begin_one().await? {}
            Ok(())
        };
        let filled: Result<(), store::Error> = filled.await;
        self.note(filled.err());
    }

    async fn queue_scheduled(&mut self) -> Result<(), store::Error> {
        let now = self.now();
        for about in &self.jobs.inner.abouts {
            let Some(run) = about.schedule.map(|schedule| schedule.last(now)) else { continue };
            if self.queued.get(about.name) != Some(&run) {
                self.jobs
                    .inner
                    .store
                    .jobs()
                    .add(&scheduled(about, run, &self.jobs.inner.options.place, now), now)
                    .await?;
                self.queued.insert(about.name, run);
            }
        }
        Ok(())
    }

    /// Returns whether there was one.
    async fn begin_one(&mut self) -> Result<bool, store::Error> {
        let inner = Arc::clone(&self.jobs.inner);
        let now = self.now();
        let ends = now + LEASE_SECS;
        let kinds: Vec<_> = inner.abouts.iter().copied().filter(|about| self.may_do(about)).collect();
        let claim = Claim { holder: &inner.holder, place: &inner.options.place, now, ends, kinds: &kinds };
        let Some(job) = inner.store.jobs().claim(&claim).await? else { return Ok(false) };
        let Some(kind) = inner.kinds.iter().find(|kind| kind.about().name == job.kind) else { return Ok(false) };
        if self.running.is_empty() {
            self.leases_end = ends;
        }
        debug!(job = %job.id, kind = job.kind, tries = job.tries, "Began job {}", job.id);
        let (id, scratch) = (job.id, inner.options.scratch.clone());
        let now = Arc::clone(&inner.options.now);
        let run = Arc::new(Run::new(job, inner.store.clone(), Cancel::default(), scratch, now));
        self.tasks.spawn(attempt(self.jobs.clone(), Arc::clone(kind), Arc::clone(&run)));
        self.running.insert(id, run);
        Ok(true)
    }

    fn may_do(&self, about: &About) -> bool {
        about.place != Place::WatchingInstance || *self.jobs.inner.options.watches.borrow()
    }

    /// Another instance watches now, and goes on with what only that one may do.
    fn leave_to_watcher(&self) {
        for run in self.running.values() {
            let about = self.jobs.inner.abouts.iter().find(|about| about.name == run.job().kind);
            if about.is_some_and(|about| !self.may_do(about)) {
                run.cancel().end(Why::Stopping);
            }
        }
    }

    /// Renews leases, records progress, and tells jobs that a person wants stopped, or that are another one's by now.
    pub async fn beat(&mut self) {
        while let Some(ended) = self.tasks.try_join_next() {
            self.forget(ended.ok());
        }
        if self.running.is_empty() {
            return;
        }
        self.leave_to_watcher();
        let ends = self.now() + LEASE_SECS;
        let beats: Vec<_> = self.running.iter().map(|(id, run)| (*id, run.job().claim, run.progress_now())).collect();
        match self.jobs.inner.store.jobs().beat(ends, &beats).await {
            Ok(held) => {
                self.leases_end = ends;
                for ((id, ..), held) in beats.iter().zip(held) {
                    self.tell(*id, held);
                }
                self.note(None);
            }
            Err(error) => {
                // Others may do them now. Two at the same work are worse than a try that is lost.
                if self.now() >= self.leases_end {
                    self.running.values().for_each(|run| run.cancel().end(Why::Lost));
                }
                self.note(Some(error));
            }
        }
    }

    fn tell(&self, id: JobId, held: Held) {
        let why = match held {
            Held::Yes => return,
            Held::CancelWanted => Why::Cancelled,
            Held::No => Why::Lost,
        };
        if let Some(run) = self.running.get(&id) {
            run.cancel().end(why);
        }
    }

    /// Returns when a job has ended; never while none runs.
    pub async fn one_ended(&mut self) {
        match self.tasks.join_next().await {
            Some(ended) => self.forget(ended.ok()),
            None => std::future::pending().await,
        }
    }

    fn forget(&mut self, ended: Option<JobId>) {
        if let Some(id) = ended {
            self.running.remove(&id);
        }
    }

    /// Ends all that runs, so that it may be begun again at once, here or elsewhere.
    pub async fn hand_back(mut self) {
        self.running.values().for_each(|run| run.cancel().end(Why::Stopping));
        while self.tasks.join_next().await.is_some() {}
        self.running.clear();
    }

    fn note(&mut self, error: Option<store::Error>) {
        let is_away = error.is_some();
        match error {
            Some(error) if !self.is_store_away => warn!(%error, "Jobs wait for the database"),
            None if self.is_store_away => info!("The database answers, jobs go on"),
            _ => {}
        }
        self.is_store_away = is_away;
    }
}

/// The scheduled run of a kind. One key for all of them: a run that waits for its next try takes the place of the next one.
fn scheduled(about: &About, run: i64, place: &str, now: i64) -> NewJob {
    let (place, name) = match about.place {
        Place::AnyInstance | Place::WatchingInstance => (None, about.name.to_owned()),
        Place::EachInstance => (Some(place.to_owned()), format!("{}/{place}", about.name)),
    };
    NewJob { place, period: Some(format!("{name}@{run}")), key: Some(name), ..NewJob::of(about, now) }
}

/// Does one job and writes down how it ended.
async fn attempt(jobs: Jobs, kind: Arc<dyn Kind>, run: Arc<Run>) -> JobId {
    let id = run.job().id;
    let outcome = {
        let work = AssertUnwindSafe(async { kind.run(&run).await }).catch_unwind();
        let late = async {
            run.cancel().wanted().await;
            tokio::time::sleep(jobs.inner.options.grace).await;
        };
        tokio::select! {
            biased;
            returned = work => returned.map_or(Outcome::Panicked, Outcome::Returned),
            () = late => Outcome::Dropped,
        }
    };
    loop {
        let now = (jobs.inner.options.now)();
        let of = Try { job: run.job(), tries: run.tries(), progress: run.progress_now(), now };
        let Some(ending) = ending(outcome.clone(), run.cancel().why(), of, getrandom::u64().unwrap_or_default()) else {
            warn!(job = %id, "Job {id} is another instance's now");
            return id;
        };
        match jobs.inner.store.jobs().end(id, run.job().claim, &ending).await {
            Ok(is_ours) => {
                if is_ours {
                    log(&run, ending.state, &ending.says);
                }
                return id;
            }
            // The lease ends, and another try does it again from its checkpoint.
            Err(_) if run.cancel().why() == Some(Why::Stopping) => return id,
            Err(_) => tokio::time::sleep(OFFER_AGAIN).await,
        }
    }
}

fn log(run: &Run, ended: State, says: &str) {
    let (id, kind) = (run.job().id, &run.job().kind);
    match ended {
        State::Failed => error!(job = %id, kind, "Job {id} ({kind}) failed: {says}"),
        State::Retrying => warn!(job = %id, kind, "Job {id} ({kind}) is tried again later: {says}"),
        _ if run.job().priority == Priority::Idle => debug!(job = %id, kind, ended = ended.word(), says),
        _ => info!(job = %id, kind, "Job {id} ({kind}) {}: {says}", ended.word()),
    }
}
