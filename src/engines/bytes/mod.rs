//! Floor 3: link -> bytes, the ByteStreamer.
//!
//! ```text
//! find    link -> person, entry, sources            what HEAD needs; asks Telegram nothing
//! open    ranges -> chunk plan -> the first chunk   everything that can be refused is refused here
//! Body    the rest, chunk by chunk, in order
//!
//! body       one reader: what it gets next, and how far ahead to fetch (window, within the budget of all)
//! cache      what is here already or on its way for somebody else (memory, disk, single fetch)
//! schedule   who is asked for what is not: classes, fair turns, connections, hedging, failing over
//! ```
//!
//! `live` counts; `access` ends the streams of whoever may no longer watch.

mod access;
mod body;
mod budget;
mod cache;
mod live;
mod read_window;
mod scheduler;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

pub use body::Body;
pub use live::{BUCKETS_MS, ConnectionLoad, Histogram, Totals, Watching};

use crate::adapters::store::{self, Store};
use crate::adapters::telegram::{BotTraffic, Telegram, VolumeLocation};
use crate::domain::chunk_plan::{self, BLOCK};
use crate::domain::entry::{Entry, Source};
use crate::domain::link::{Link, LinkError};
use crate::domain::person::PersonId;
use crate::domain::range::ByteRange;
use crate::domain::secret::Key;
use body::Reader;
use budget::Budget;
use cache::{Cache, Disk, Lookup, Sizes};
use live::Live;
use scheduler::{Class, Scheduler};

#[derive(Clone, Debug)]
pub struct Options {
    /// Memory for bytes of films: half for what streams fetch ahead, a quarter for heads and tails of files opened lately, a
    /// quarter for what was just read.
    pub memory_bytes: u64,
    /// A folder for what was read, and how much it may hold.
    pub disk: Option<(PathBuf, u64)>,
    /// One attempt may take so long.
    pub read_limit: Duration,
    /// How long a reader is kept waiting for one chunk before we give up.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            memory_bytes: 256 * 1024 * 1024,
            disk: None,
            read_limit: Duration::from_secs(20),
            patience: Duration::from_secs(30),
        }
    }
}

/// When there are as many streams as the memory allows: how long a new one should wait.
const FULL_HOUSE: Duration = Duration::from_secs(5);
/// How often to look for readers that pause.
const TRIM_EVERY: Duration = Duration::from_secs(1);

/// Why a link does not play. Each wants another answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error("this link was not made here")]
    Forged,
    #[error("this link has expired")]
    Expired,
    #[error("the access that this link was made under was taken away")]
    Revoked,
    #[error("the file is not there any more")]
    NotFound,
    #[error("Telegram asks us to wait {} s", .retry_after.as_secs())]
    Busy { retry_after: Duration },
    #[error("Telegram cannot be read: {0}")]
    Unavailable(String),
    #[error(transparent)]
    Store(Arc<store::Error>),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<LinkError> for Error {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Forged => Self::Forged,
            LinkError::Expired => Self::Expired,
        }
    }
}

/// What a good link leads to.
#[derive(Clone, Debug)]
pub struct Found {
    pub entry: Entry,
    /// Id of the person whose link it is.
    pub person: PersonId,
    /// Their access version when the link was made.
    version: u16,
    locations: Arc<[Arc<VolumeLocation>]>,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Playback {
    store: Store,
    link_key: Key,
    engine: Engine,
}

/// What turns ranges of a file into bytes. Cheap to clone.
#[derive(Clone)]
struct Engine {
    telegram: Telegram,
    cache: Cache,
    budget: Budget,
    live: Live,
    readers: Arc<Readers>,
}

/// Everybody who reads now.
type Readers = Mutex<Vec<Weak<Mutex<Reader>>>>;

impl Playback {
    /// `link_key` is the one for [`Purpose::Link`]. Fails when the folder of the disk cache cannot be used.
    ///
    /// [`Purpose::Link`]: crate::domain::secret::Purpose::Link
    pub fn new(store: Store, telegram: Telegram, link_key: Key, options: Options) -> std::io::Result<Self> {
        let engine = Engine::new(telegram, options)?;
        tokio::spawn(access::end_revoked(engine.live.downgrade(), store.clone()));
        Ok(Self { store, link_key, engine })
    }

    /// Opens a link and finds what it names; `now` in unix seconds. Asks the store, not Telegram.
    pub async fn find(&self, link: &str, now: u64) -> Result<Found, Error> {
        let link = Link::open(link, &self.link_key, now)?;
        let person = self.store.people().get(link.person).await?;
        if person.is_none_or(|person| !person.admits(link.version)) {
            return Err(Error::Revoked);
        }
        let entry = self.store.entries().get(link.entry).await?.ok_or(Error::NotFound)?;
        let sources = self.store.entries().sources(link.entry).await?;
        let locations = locate(&entry, &sources).ok_or(Error::NotFound)?;
        Ok(Found { entry, person: link.person, version: link.version, locations })
    }

    /// Starts to read `ranges` one after the other. The first bytes are there when this answers, so that a file that
    /// cannot be read is refused while there is still a status line to do it with.
    pub async fn open(&self, found: &Found, ranges: Vec<ByteRange>) -> Result<Body, Error> {
        let watching = Watching::new(found.entry.id, found.entry.name.clone(), found.person, found.version);
        self.engine.open(&found.entry.file, found.locations.clone(), &ranges, watching).await
    }

    /// What is being sent right now, oldest first.
    pub fn watching(&self) -> Vec<Watching> {
        self.engine.live.watching()
    }

    /// Sums since the start.
    pub fn totals(&self) -> Totals {
        self.engine.live.totals()
    }

    /// Bytes held now.
    pub fn holdings(&self) -> Holdings {
        let Engine { cache, budget, .. } = &self.engine;
        Holdings { ahead: budget.used(), memory_cache: cache.bytes(), disk_cache: cache.disk_bytes() }
    }

    /// The connections that read, as they stood within the last second.
    pub fn lanes(&self) -> Vec<ConnectionLoad> {
        self.engine.live.lanes()
    }

    /// What went over the connections to Telegram.
    pub fn traffic(&self) -> Vec<BotTraffic> {
        self.engine.telegram.traffic()
    }
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
    fn new(telegram: Telegram, options: Options) -> std::io::Result<Self> {
        let (live, budget) = (Live::default(), Budget::new(options.memory_bytes / 2));
        let quarter = options.memory_bytes / 4;
        let disk = options.disk.as_ref().map(|(dir, bytes)| Disk::open(dir, *bytes)).transpose()?;
        let schedule = Scheduler::start(telegram.clone(), options, live.clone());
        let sizes = Sizes { ends_bytes: quarter, recent_bytes: quarter };
        let cache = Cache::new(schedule, live.clone(), sizes, disk);
        let readers = Arc::new(Readers::default());
        tokio::spawn(trim(Arc::downgrade(&readers)));
        Ok(Self { telegram, cache, budget, live, readers })
    }

    async fn open(
        &self,
        file: &crate::domain::file::VirtualFile,
        locations: Arc<[Arc<VolumeLocation>]>,
        ranges: &[ByteRange],
        watching: Watching,
    ) -> Result<Body, Error> {
        let Some(place) = self.budget.admit() else { return Err(Error::Busy { retry_after: FULL_HOUSE }) };
        let began = Instant::now();
        let ticket = self.live.enter(watching);
        let number = ticket.number();
        let plan = chunk_plan::plan(file, ranges);
        let body = Body::begin(self.cache.clone(), self.budget.clone(), locations.clone(), plan, ticket, place);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(body.reader());
        if ranges.first().is_some_and(|range| range.start() == 0 && range.len() > BLOCK) {
            self.fetch_tail(file, &locations, number, body.reader());
        }
        let body = body.ready().await?;
        self.live.opened(began.elapsed());
        Ok(body)
    }

    /// Fetches a file's end beside its head, if it is not here already.
    fn fetch_tail(
        &self,
        file: &crate::domain::file::VirtualFile,
        locations: &Arc<[Arc<VolumeLocation>]>,
        stream: u64,
        reader: Weak<Mutex<Reader>>,
    ) {
        let Some(range) = ByteRange::new(file.len().saturating_sub(cache::TAIL), file.len()) else { return };
        let mut plan = chunk_plan::plan(file, &[range]).in_large_chunks();
        let mut subscriptions = Vec::new();
        while let Some(chunk) = plan.offer(BLOCK) {
            let at = &locations[chunk.volume];
            let key = (at.volume.document, chunk.offset / BLOCK);
            let (part, taken) = if self.cache.has(key, chunk.offset) {
                (chunk, None)
            } else {
                let (part, taken) = self.cache.take(at, chunk, stream, Class::Tail);
                (part, Some(taken))
            };
            plan.advance(&part);
            if let Some(Lookup::Pending(subscription)) = taken {
                subscriptions.push(subscription);
            }
        }
        if !subscriptions.is_empty() {
            tokio::spawn(body::fetch_beside(subscriptions, reader));
        }
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

/// Where each volume can be read. `None` when one of them has no message left.
fn locate(entry: &Entry, sources: &[Source]) -> Option<Arc<[Arc<VolumeLocation>]>> {
    let volumes = entry.file.volumes().iter();
    volumes
        .map(|&volume| {
            let of_it = sources.iter().filter(|source| source.document == volume.document);
            let posts: Vec<_> = of_it.map(|source| source.at).collect();
            (!posts.is_empty()).then(|| Arc::new(VolumeLocation { volume, posts }))
        })
        .collect()
}
