//! What a running job is given.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::ending::Why;
use super::{Clock, Scratch, Stop};
use crate::adapters::store::Store;
use crate::domain::job::{Job, Progress};

/// One try of one job.
pub struct Run {
    job: Job,
    store: Store,
    cancel: Cancel,
    scratch: PathBuf,
    now: Clock,
    so_far: Mutex<SoFar>,
}

struct SoFar {
    progress: Progress,
    checkpoint: Option<String>,
    tries: u32,
}

impl Run {
    pub(super) fn new(job: Job, store: Store, cancel: Cancel, scratch: PathBuf, now: Clock) -> Self {
        let (progress, checkpoint, tries) = (job.progress.clone(), job.checkpoint.clone(), job.tries);
        Self { job, store, cancel, scratch, now, so_far: Mutex::new(SoFar { progress, checkpoint, tries }) }
    }

    /// The job as it was when this try began.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// What the job was queued with.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, Stop> {
        let unreadable =
            |e| Stop::Final(format!("it was queued by another version of the program ({e}); queue it again"));
        serde_json::from_str(&self.job.input).map_err(unreadable)
    }

    /// Where to go on. `None` at the beginning, and when another version left one that cannot be read.
    pub fn checkpoint<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.so_far().checkpoint.as_deref()?).ok()
    }

    /// Records where to go on. When it returns, a crash loses nothing before it.
    pub async fn save(&self, checkpoint: &(impl Serialize + Sync)) -> Result<(), Stop> {
        let text = serde_json::to_string(checkpoint).map_err(|e| Stop::Final(e.to_string()))?;
        let is_further = self.so_far().checkpoint.as_ref() != Some(&text);
        if !self.store.jobs().save(self.job.id, self.job.claim, &text, is_further).await? {
            // Another one does it. The worker hears the same with its next beat.
            return Err(Stop::Cancelled);
        }
        let mut so_far = self.so_far();
        so_far.checkpoint = Some(text);
        if is_further {
            so_far.tries = 1;
        }
        Ok(())
    }

    /// Shows how far it is. Costs nothing: it is stored with the next beat.
    pub fn progress(&self, done: u64, of: Option<u64>, unit: &str) {
        let mut so_far = self.so_far();
        let from = so_far.progress.from;
        so_far.progress = Progress { done, of, unit: unit.to_owned(), from };
    }

    pub fn cancel(&self) -> &Cancel {
        &self.cancel
    }

    /// Unix seconds.
    pub fn now(&self) -> i64 {
        (self.now)()
    }

    /// A new folder for this try's files, removed with all that is in it when it is dropped.
    pub fn scratch(&self) -> io::Result<Scratch> {
        Scratch::make(&self.scratch.join(format!("{}-{}", self.job.id, self.job.claim)))
    }

    pub(super) fn progress_now(&self) -> Progress {
        self.so_far().progress.clone()
    }

    pub(super) fn tries(&self) -> u32 {
        self.so_far().tries
    }

    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The word that a job should end: a person wants it, the program stops, or another instance does it now. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    token: CancellationToken,
    why: Arc<OnceLock<Why>>,
}

impl Cancel {
    pub fn is_wanted(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Whether a person wants it: nobody goes on with the job, unless it is tried again.
    pub fn is_for_good(&self) -> bool {
        self.why() == Some(Why::Cancelled)
    }

    /// Returns when it is.
    pub async fn wanted(&self) {
        self.token.cancelled().await;
    }

    /// For `?` between two steps.
    pub fn check(&self) -> Result<(), Stop> {
        if self.is_wanted() { Err(Stop::Cancelled) } else { Ok(()) }
    }

    /// Says it; the first reason stands.
    pub(super) fn end(&self, why: Why) {
        let _ = self.why.set(why);
        self.token.cancel();
    }

    pub(super) fn why(&self) -> Option<Why> {
        self.why.get().copied()
    }
}
