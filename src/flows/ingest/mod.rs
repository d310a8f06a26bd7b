//! Post -> entry in the store, safe to run twice on one post.
//!
//! Two steps, so that nothing is lost whatever dies in between: [`Ingest::record`] records what happened in a channel at once, new
//! files as pending; [`Ingest::run`] works through what is pending, asks the metadata provider, and records each entry as matched
//! or for review. Posts are acknowledged to Telegram after the first step.
//!
//! Most posts come as they are posted. What was posted before is read by the job `sweep`, through the same door; the job `check` looks
//! whether both sides still agree, the job `reread` reads anew what an older parser read, and the job `probe` looks into the files.
//!
//! A post that is a volume (of a split file, or an archive) is recorded like any other, and looked at together with all volumes of
//! its name: `volumes` makes further entries of them, which are then matched like any other.

pub mod again;
mod archive;
pub mod check;
mod decided;
mod draft;
mod lines;
mod matching;
mod news;
pub mod old_messages;
pub mod probe;
pub mod profiles;
pub mod review;
mod subtitles;
pub mod sweep;
#[cfg(test)]
mod testing;
mod volumes;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::adapters::clock::unix_now;
use crate::adapters::metadata::{self, Metadata};
use crate::adapters::store::{Changed, Store};
use crate::adapters::telegram::Batch;
use crate::domain::entry::{Entry, EntryId, Reason, Recorded, SeriesPart, Source};
use crate::domain::export;
use crate::domain::post::{ChannelEvent, PostRef};
use crate::domain::title::Kind;
use crate::domain::volumes as names;
use crate::engines::bytes::Engine;
use crate::flows::DatabaseError;
use draft::draft;
use matching::Down;
use news::News;

/// Entries matched side by side. More only waits in the provider's own limit.
const MATCHING: usize = 8;
/// Entries taken from the store at a time.
const ROUND: u32 = 64;
/// How long a provider that is down is left alone: doubling from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// The store is asked for work this often even when nobody woke us: a command or another instance may have put an entry back.
const IDLE: Duration = Duration::from_secs(5);

/// A database that is away is asked again this often to record posts.
const RECORD_RETRY: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How long volumes that are not complete, or may not be, wait for more since the last one came. People forward them
    /// minutes apart.
    pub quiet: Duration,
    /// Whether files are looked into once they came.
    pub probes: bool,
    /// Whether a tree of files for media servers follows what changes.
    pub exports: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { quiet: Duration::from_secs(600), probes: false, exports: false }
    }
}

/// What became of a file, for whoever tells the owner.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    Added { entry: EntryId, file: String, title: String, year: Option<u16>, kind: Kind, parts: Vec<SeriesPart> },
    NeedsReview { entry: EntryId, file: String, reason: Reason },
}

/// What is being done right now, for the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Names of the files being matched.
    pub matching: Vec<String>,
    /// Why the provider is left alone, while it is.
    pub waiting_for_provider: Option<String>,
    /// Of each site for anime that is asked, how the last question went, once there was one.
    pub sites: Vec<(&'static str, Option<Result<(), metadata::Error>>)>,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    metadata: Metadata,
    engine: Engine,
    options: Options,
    notices: mpsc::UnboundedSender<Notice>,
    work: Notify,
    now: Mutex<Now>,
    saw_renditions: AtomicBool,
}

#[derive(Default)]
struct Now {
    matching: Vec<String>,
    provider_down: Option<Down>,
    /// When files that came were last given to the job `probe`. Unix seconds.
    probe_queued: Option<i64>,
    /// For when the tree was last asked to follow.
    export_queued: Option<i64>,
}

impl Ingest {
    /// The receiver gets a [`Notice`] for each file that found its place or needs a person. `engine` reads what archives
    /// hold.
    pub fn new(
        store: Store,
        metadata: Metadata,
        engine: Engine,
        options: Options,
    ) -> (Self, mpsc::UnboundedReceiver<Notice>) {
        let (notices, receiver) = mpsc::unbounded_channel();
        let (work, now) = (Notify::new(), Mutex::new(Now::default()));
        let saw_renditions = AtomicBool::new(false);
        let inner = Inner { store, metadata, engine, options, notices, work, now, saw_renditions };
        (Self { inner: Arc::new(inner) }, receiver)
    }

    /// Records what happened in a channel. When it returns, a crash loses nothing of it. Safe to repeat.
    pub async fn record(&self, events: &[ChannelEvent]) -> Result<(), DatabaseError> {
        let news = News::of(events);
        let store = &self.inner.store;
        let posts: Vec<(Source, Entry)> = news.posts.into_iter().map(draft).collect();
        // First what came: a file that moved from one message to another is never without one, and stays what it is.
        self.record_posts(&posts).await?;
        let without_file: Vec<PostRef> =
            news.gone.iter().copied().chain(news.passed_over.iter().map(|one| one.at)).collect();
        if !without_file.is_empty() {
            let removed = store.posts().remove(&without_file).await?;
            debug!(messages = without_file.len(), entries = removed.len(), "Forgot what carries no file any more");
            self.leave_films(&removed).await?;
            self.changed(unix_now()).await?;
            // Volumes that are left may no longer be a whole film.
            self.inner.work.notify_one();
        }
        let others: Vec<PostRef> = news.gone.into_iter().chain(posts.iter().map(|(source, _)| source.at)).collect();
        store.passed_over().record(&news.passed_over, &others).await?;
        for (chat, up_to) in news.unread {
            // Once it is queued, it outlives us.
            let now = unix_now();
            store.jobs().add(&sweep::job(chat, Some(up_to), now), now).await?;
        }
        Ok(())
    }

    /// Records a batch and acknowledges it. A database that is away is waited for.
    pub async fn record_batch(self, batch: Batch) {
        while let Err(error) = self.record(&batch.events).await {
            warn!(%error, channel = %batch.chat, "Posts wait for the database");
            tokio::time::sleep(RECORD_RETRY).await;
        }
        batch.done();
    }

    async fn record_posts(&self, posts: &[(Source, Entry)]) -> Result<(), DatabaseError> {
        if posts.is_empty() {
            return Ok(());
        }
        let added = self.inner.store.posts().record(posts).await?;
        self.note_renditions(posts).await?;
        for ((source, entry), added) in posts.iter().zip(&added) {
            if *added != Recorded::Known {
                info!(post = %source.at, entry = %entry.id, ?added, "Recorded post {}", source.at);
            }
        }
        self.inner.work.notify_one();
        Ok(())
    }

    /// For the doctor, once.
    async fn note_renditions(&self, posts: &[(Source, Entry)]) -> Result<(), DatabaseError> {
        let is_news = posts.iter().any(|(_, entry)| !entry.renditions.is_empty());
        if is_news && !self.inner.saw_renditions.load(Ordering::Relaxed) {
            self.inner.store.saw_renditions().await?;
            self.inner.saw_renditions.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// A person decided something and waits for what comes of it: a provider that is left alone is asked all the same.
    fn look_now(&self) {
        self.lock().provider_down = None;
        self.inner.metadata.ask_anyway();
        self.inner.work.notify_one();
    }

    pub fn progress(&self) -> Progress {
        let now = self.lock();
        Progress {
            matching: now.matching.clone(),
            waiting_for_provider: now.provider_down.as_ref().map(|down| down.problem.clone()),
            sites: self.inner.metadata.sites_seen(),
        }
    }

    /// Matches what is pending while this instance `watches`, until it is stopped. One per store; a database that is away is waited
    /// for.
    pub async fn run(self, mut watches: watch::Receiver<bool>, stop: CancellationToken) {
        let mut changes = self.inner.store.changes(Changed::Pending);
        let work = async {
            loop {
                // The end of its sender ends the program.
                let _ = watches.wait_for(|watches| *watches).await;
                match self.round().await {
                    Ok(0) => {
                        tokio::select! {
                            () = self.inner.work.notified() => {}
                            () = changes.next() => {}
                            () = tokio::time::sleep(IDLE) => {}
                        }
                    }
                    Ok(_) => {}
                    Err(error) => {
                        warn!(%error, "Matching waits for the database");
                        tokio::time::sleep(FIRST_PAUSE).await;
                    }
                }
            }
        };
        // An entry cut off in the middle is still pending, and begins again at the next start.
        let _ = stop.run_until_cancelled(work).await;
    }

    /// Works through up to [`ROUND`] pending entries, as far as they can be matched now. Returns how many there were.
    async fn round(&self) -> Result<usize, DatabaseError> {
        let pending = self.inner.store.entries().pending(unix_now(), ROUND).await?;
        let count = pending.len();
        let (mut work, mut sets) = (Vec::new(), BTreeMap::<String, Vec<EntryId>>::new());
        for entry in pending {
            match names::read(&entry.name) {
                Some(volume) => sets.entry(volume.set()).or_default().push(entry.id),
                None => work.push(Work::Entry(Box::new(entry))),
            }
        }
        work.extend(sets.into_iter().map(|(set, pending)| Work::Set(set, pending)));
        let results = stream::iter(work).map(async |work| match work {
            // Boxed: see `decide`.
            Work::Entry(entry) => Box::pin(self.match_entry(*entry)).await,
            Work::Set(set, pending) => Box::pin(self.join_volumes(&set, &pending)).await,
        });
        let mut results = std::pin::pin!(results.buffer_unordered(MATCHING));
        while let Some(result) = results.next().await {
            result?;
        }
        if count > 0 {
            self.queue_probe(unix_now()).await?;
            self.changed(unix_now()).await?;
        }
        Ok(count)
    }

    /// What the catalog holds has changed: the tree for media servers follows, where there is one. `now` in unix seconds.
    pub async fn changed(&self, now: i64) -> Result<(), DatabaseError> {
        let job = export::after_change(now);
        if self.inner.options.exports && self.lock().export_queued.replace(job.due) != Some(job.due) {
            self.inner.store.jobs().add(&job, now).await?;
        }
        Ok(())
    }

    fn show(&self, name: &str) -> Shown<'_> {
        self.lock().matching.push(name.to_owned());
        Shown { ingest: self, name: name.to_owned() }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Now> {
        self.inner.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What a round works through.
enum Work {
    Entry(Box<Entry>),
    /// All volumes of one name, and those of them that are pending.
    Set(String, Vec<EntryId>),
}

/// Takes a name off the list of what is being matched when the work on it ends, however it ends.
struct Shown<'a> {
    ingest: &'a Ingest,
    name: String,
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        let mut now = self.ingest.lock();
        if let Some(at) = now.matching.iter().position(|name| *name == self.name) {
            now.matching.swap_remove(at);
        }
    }
}
