//! The byte engine: a file, where its volumes can be read, and ranges -> bytes. It knows Telegram's connections and nothing
//! of links, people, entries or the store: whoever has a [`VirtualFile`] and its [`Locations`] reads through it.
//!
//! # Parts
//!
//! ```text
//! admit -> open -> Body                      one stream: what it gets next, how far ahead it fetches
//!            |       read_window             how far ahead: by the reader's own speed and its waits
//!            |       budget                  how much all streams together may hold
//!            v
//!          cache                             what is here already (memory, disk) or on its way for somebody else
//!            |
//!            v  what is not
//!          scheduler                         classes and fair turns, choice of a connection, hedging, failing over
//!            |
//!            v  one attempt on one connection
//!          Telegram
//! ```
//!
//! [`Engine::admit`] and [`Admission::open`] are for who watches; [`Engine::read`] is for programs, in the background, and
//! [`Engine::read_alone`] for the few bytes of them that lie among many (`pages`).
//! `streams` lists what is open, `metrics` counts: the others tell them, nothing is decided by them.
//!
//! # Who owns what
//!
//! - **Bytes ahead of readers** are reserved by the `Body` in the budget when it asks for a chunk, and freed by the same
//!   `Body` when the chunk's last byte was handed on or the chunk is given up: each reservation lives in its chunk. Admission
//!   sets one cell aside for each stream, so that a reader always gets what it waits for.
//! - **Bytes in flight on a connection** are reserved by the scheduler when it sends an attempt, and freed when the attempt
//!   ends, however it ends.
//! - **Cached bytes** belong to the cache, which drops what was used longest ago; they are no part of the budget.
//! - **Cancelling** goes from top to bottom by dropping: a dropped `Body` drops its subscriptions, the last subscription of a
//!   fetch drops the fetch, which tells the scheduler, which aborts the attempts.
//! - **Shared by all streams**: the cache, pending fetches, the budget, the connections and what is known about them.
//!   Everything else is one stream's own.
//! - **Whether a bot must wait or a connection is open** only `adapters::telegram` knows; what attempts came to (failures,
//!   lateness, windows) only the scheduler does.
//!
//! # Promises
//!
//! | promise | value |
//! | --- | --- |
//! | a stream's bytes | exactly those promised, or an error after a right beginning; never padding |
//! | one stream / sum of the connections' speed limits | >= 95 % at 20 and 80 ms round trip, >= 90 % at 150 ms |
//! | first byte and seek, file known | median <= round trip + 25 ms, p99 <= round trip + 80 ms |
//! | first MiB and last 256 KiB of recent files | from memory, median <= 3 ms |
//! | memory per player of 40 Mbit/s | <= 2 MiB; a draining download <= 16 MiB; all within the budget |
//! | bot killed, stalled or flooded in mid-stream | gap <= 500 ms + one chunk |
//! | reader gone | no new request to Telegram 50 ms later |
//! | FLOOD_WAIT | no new request of that bot inside the wait |
//! | ten viewers of one file together | <= 1.05 x the bytes of one |
//! | fairness of 20 streams | Jain index >= 0.95 |
//! | programs that read beside viewers | one chunk of 512 KiB at a time on a connection; 256 KiB/s where viewers take all there is |
//! | processor time per GB through `/dl`, everything included | <= 2.2 s |

mod body;
mod budget;
mod cache;
mod look;
mod metrics;
mod pages;
mod read_window;
mod scheduler;
mod streams;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;

pub use body::Body;
pub use look::Looked;
pub use metrics::{BUCKETS_MS, ConnectionLoad, Histogram, Totals};
pub use streams::{StreamId, StreamStatus};

use crate::adapters::telegram::{BotTraffic, Files, VolumeLocation};
use crate::domain::chunk_plan::{self, BLOCK};
use crate::domain::file::VirtualFile;
use crate::domain::range::ByteRange;
use body::{Admitted, Audience, Reader};
use budget::Budget;
use cache::{Cache, Disk, Lookup, Sizes};
use metrics::Metrics;
use scheduler::{Class, Scheduler};
use streams::Streams;

/// What a program reads for, the most pressing first. Nothing of it delays a viewer, or what is more pressing, by more than one
/// chunk of at most 512 KiB: of all programs together one chunk at a time is under way on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What somebody will want next, and lines of subtitles.
    Prefetch,
    /// What a file holds: its headers and its index.
    Probe,
    /// A file from end to end.
    Bulk,
}

impl Purpose {
    fn class(self) -> Class {
        match self {
            Self::Prefetch => Class::Prefetch,
            Self::Probe => Class::Probe,
            Self::Bulk => Class::Bulk,
        }
    }
}

/// Where each volume of a file can be read, in the order of its volumes.
pub type Locations = Arc<[Arc<VolumeLocation>]>;

#[derive(Clone, Debug)]
pub struct Options {
    /// Memory for bytes of films: half for what streams fetch ahead, a quarter for heads and tails of files opened lately, a
    /// quarter for what was just read.
    pub memory_bytes: u64,
    /// A folder for what was read, and how many bytes it may hold.
    pub disk: Option<(PathBuf, u64)>,
    /// One attempt may take so long.
    pub read_limit: Duration,
    /// How long a reader is kept waiting for one chunk before we give up.
    pub patience: Duration,
    /// The same for a program that reads in the background. It can come again; nobody looks at an empty screen.
    pub background_patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            memory_bytes: 256 * 1024 * 1024,
            disk: None,
            read_limit: Duration::from_secs(20),
            patience: Duration::from_secs(30),
            background_patience: Duration::from_secs(10),
        }
    }
}

/// When there are as many streams as the memory allows: how long a new one should wait.
const FULL_RETRY: Duration = Duration::from_secs(5);
/// How often to look for readers that pause.
const TRIM_EVERY: Duration = Duration::from_secs(1);

/// Why bytes do not come.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No bot sees any of the posts.
    #[error("the file is not there any more")]
    NotFound,
    /// Too many streams, or every bot that sees the file is inside its FLOOD_WAIT.
    #[error("Telegram asks us to wait {} s", .retry_after.as_secs())]
    Busy { retry_after: Duration },
    /// Nothing came within our patience; says what the last attempt came to.
    #[error("Telegram cannot be read: {0}")]
    Unavailable(String),
}

/// The handle. Cheap to clone; everything ends with the last one.
#[derive(Clone)]
pub struct Engine {
    telegram: Files,
    cache: Cache,
    budget: Budget,
    streams: Streams,
    metrics: Metrics,
    readers: Arc<Readers>,
    /// What the cache of what was read lately holds.
    recent_bytes: u64,
}

/// Everybody who reads now.
type Readers = Mutex<Vec<Weak<Mutex<Reader>>>>;

/// A stream that was let in and reads nothing yet. Dropping it gives its place to another.
pub struct Admission {
    engine: Engine,
    stream: Admitted,
    began: Instant,
}

/// Bytes of films in memory and on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// Fetched, or being fetched, ahead of readers.
    pub ahead: u64,
    pub memory_cache: u64,
    pub disk_cache: u64,
}

impl Engine {
    /// Fails when the folder of the disk cache cannot be used. Must be called inside a tokio runtime.
    pub fn new(telegram: Files, options: Options) -> std::io::Result<Self> {
        let (streams, metrics) = (Streams::default(), Metrics::default());
        let budget = Budget::new(options.memory_bytes / 2);
        let quarter = options.memory_bytes / 4;
        let disk = options.disk.as_ref().map(|(dir, bytes)| Disk::open(dir, *bytes)).transpose()?;
        let listener = {
            let (streams, metrics) = (streams.clone(), metrics.clone());
            move |event: scheduler::Event| {
                if let scheduler::Event::Served { stream, bot } = event {
                    streams.served(stream, bot.0);
                }
                metrics.on(&event);
            }
        };
        let scheduler = Scheduler::start(telegram.clone(), options, Box::new(listener));
        let sizes = Sizes { ends_bytes: quarter, recent_bytes: quarter };
        let cache = Cache::new(scheduler, metrics.clone(), sizes, disk);
        let readers = Arc::new(Readers::default());
        tokio::spawn(trim(Arc::downgrade(&readers)));
        Ok(Self { telegram, cache, budget, streams, metrics, readers, recent_bytes: quarter })
    }

    /// Lets a stream in. [`Error::Busy`] when there are as many as the memory allows.
    pub fn admit(&self) -> Result<Admission, Error> {
        let stream = self.enter()?;
        self.metrics.stream_admitted();
        Ok(Admission { engine: self.clone(), stream, began: Instant::now() })
    }

    /// Reads a range for a program: an index, a header, a thumbnail. It goes through the same caches as streams do, fails
    /// over as they do and waits behind everybody who watches and every program with a more pressing purpose. Only what lies
    /// inside the file is read. All of it is held in memory: meant for kilobytes, up to a few MiB. Dropping the future gives
    /// it up.
    pub async fn read(
        &self,
        file: &VirtualFile,
        locations: &Locations,
        range: ByteRange,
        purpose: Purpose,
    ) -> Result<Bytes, Error> {
        let plan = chunk_plan::plan(file, &[range]).in_large_chunks();
        Body::begin(self, self.enter()?, Arc::clone(locations), plan, Audience::Program(purpose)).collect().await
    }

    /// Whether several viewers are short of connections: what can wait should.
    pub fn is_contended(&self) -> bool {
        self.cache.is_contended()
    }

    /// Bytes that it is worth reading before somebody asks for them: what the cache can hold for each who reads now, beside what they read.
    pub fn room_ahead(&self) -> u64 {
        self.recent_bytes / 2 / (self.budget.streams().max(1) as u64)
    }

    fn enter(&self) -> Result<Admitted, Error> {
        let permit = self.budget.admit().ok_or(Error::Busy { retry_after: FULL_RETRY })?;
        Ok(Admitted { guard: self.streams.enter(), permit })
    }

    /// What is open right now, oldest first, reads in the background included.
    pub fn streams(&self) -> Vec<StreamStatus> {
        self.streams.list()
    }

    /// Sums since the start.
    pub fn totals(&self) -> Totals {
        self.metrics.totals()
    }

    /// Bytes held now.
    pub fn holdings(&self) -> Holdings {
        let Self { cache, budget, .. } = self;
        Holdings { ahead: budget.used(), memory_cache: cache.bytes(), disk_cache: cache.disk_bytes() }
    }

    /// Removes files that the disk cache does not use from its folder, or from `former`, where it was before it was switched off. Blocks
    /// the thread. Returns how many there were.
    pub fn sweep_disk(&self, former: &Path) -> std::io::Result<u64> {
        self.cache.sweep_disk(former)
    }

    /// The connections that read, as they stood within the last second.
    pub fn connections(&self) -> Vec<ConnectionLoad> {
        self.metrics.connections()
    }

    /// What went over the connections to Telegram.
    pub fn traffic(&self) -> Vec<BotTraffic> {
        self.telegram.traffic()
    }

    /// Fetches a file's end beside its head, if it is not here already: players look there next.
    fn fetch_tail(&self, file: &VirtualFile, locations: &Locations, body: &Body) {
        let Some(range) = ByteRange::new(file.len().saturating_sub(cache::TAIL), file.len()) else { return };
        let stream = body.stream_id();
        let mut plan = chunk_plan::plan(file, &[range]).in_large_chunks();
        let mut subscriptions = Vec::new();
        while let Some(mut chunk) = plan.offer(BLOCK) {
            let at = &locations[chunk.volume];
            if !self.cache.has(at, chunk.offset) {
                let (part, found) = self.cache.lookup(at, chunk, stream, Class::Tail);
                chunk = part;
                if let Lookup::Pending(subscription) = found {
                    subscriptions.push(subscription);
                }
            }
            plan.advance(&chunk);
        }
        if !subscriptions.is_empty() {
            tokio::spawn(body::fetch_beside(subscriptions, body.reader()));
        }
    }
}

impl Admission {
    pub fn id(&self) -> StreamId {
        self.stream.guard.id()
    }

    /// Starts to read `ranges` one after the other. When it returns, the first bytes are there: a file that cannot be read is
    /// refused before anything was promised.
    pub async fn open(self, file: &VirtualFile, locations: &Locations, ranges: &[ByteRange]) -> Result<Body, Error> {
        let Self { engine, stream, began } = self;
        let plan = chunk_plan::plan(file, ranges);
        let body = Body::begin(&engine, stream, Arc::clone(locations), plan, Audience::Viewer);
        engine.readers.lock().unwrap_or_else(PoisonError::into_inner).push(body.reader());
        if ranges.first().is_some_and(|range| range.start() == 0 && range.len() > BLOCK) {
            engine.fetch_tail(file, locations, &body);
        }
        let body = body.ready().await?;
        engine.metrics.stream_opened(began.elapsed());
        Ok(body)
    }
}

/// Takes memory back from readers that pause, for as long as there is an engine.
async fn trim(readers: Weak<Readers>) {
    loop {
        tokio::time::sleep(TRIM_EVERY).await;
        let Some(readers) = readers.upgrade() else { return };
        let now = tokio::time::Instant::now();
        let all: Vec<_> = {
            let mut readers = readers.lock().unwrap_or_else(PoisonError::into_inner);
            readers.retain(|reader| reader.strong_count() > 0);
            readers.iter().filter_map(Weak::upgrade).collect()
        };
        for reader in all {
            reader.lock().unwrap_or_else(PoisonError::into_inner).trim(now);
        }
    }
}
