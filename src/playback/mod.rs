//! Floor 3: link -> bytes, the ByteStreamer.
//!
//! ```text
//! find    link -> person, entry, sources            what HEAD needs; asks Telegram nothing
//! open    ranges -> chunk plan -> the first chunk   everything that can be refused is refused here
//! Body    the rest, chunk by chunk, in order
//! ```
//!
//! `schedule` chooses who is asked for a chunk, `body` how many are asked for at once, `live` counts.

mod body;
mod live;
mod schedule;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use body::Body;
pub use live::{Totals, Watching};

use crate::domain::chunk_plan::{self, Chunk, Sizes};
use crate::domain::entry::{Entry, Source};
use crate::domain::link::{Link, LinkError};
use crate::domain::range::ByteRange;
use crate::domain::secret::Key;
use crate::store::{self, Store};
use crate::telegram::{Location, Telegram};
use live::Live;
use schedule::Schedule;

#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Bytes fetched ahead of one reader at most.
    pub window_bytes: u64,
    /// Bytes fetched ahead of a reader who has just come.
    pub first_window_bytes: u64,
    /// How large the chunks are.
    pub chunks: Sizes,
    /// From when on a chunk is late: asked elsewhere too if its reader waits for it (later still where everything is
    /// slow), and a sign that too much is asked for at once.
    pub late: Duration,
    /// One attempt may take so long.
    pub read_limit: Duration,
    /// How long a reader is kept waiting for one chunk before we give up.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            window_bytes: 8 * 1024 * 1024,
            first_window_bytes: 512 * 1024,
            // 512 KiB is the most that the pools behind `Telegram::read` take.
            chunks: const { Sizes::new(128 * 1024, 512 * 1024).expect("powers of two") },
            late: Duration::from_secs(2),
            read_limit: Duration::from_secs(20),
            patience: Duration::from_secs(30),
        }
    }
}

/// Why a link does not play. Each wants another answer.
#[derive(Debug, thiserror::Error)]
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
    Store(#[from] store::Error),
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
    pub person: u32,
    locations: Arc<[Location]>,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Playback {
    store: Store,
    link_key: Key,
    options: Options,
    schedule: Arc<Schedule>,
    live: Live,
}

impl Playback {
    /// `link_key` is the one for [`Purpose::Link`].
    ///
    /// [`Purpose::Link`]: crate::domain::secret::Purpose::Link
    pub fn new(store: Store, telegram: Telegram, link_key: Key, options: Options) -> Self {
        let live = Live::default();
        let schedule = Arc::new(Schedule::new(telegram, options, live.clone()));
        Self { store, link_key, options, schedule, live }
    }

    /// Opens a link and finds what it names; `now` in unix seconds. Asks the store, not Telegram.
    pub async fn find(&self, link: &str, now: u64) -> Result<Found, Error> {
        let link = Link::open(link, &self.link_key, now)?;
        let person = self.store.person(link.person).await?;
        if person.is_none_or(|person| person.access_version != link.version) {
            return Err(Error::Revoked);
        }
        let entry = self.store.entry(link.entry).await?.ok_or(Error::NotFound)?;
        let sources = self.store.sources(link.entry).await?;
        let locations = locate(&entry, &sources).ok_or(Error::NotFound)?;
        Ok(Found { entry, person: link.person, locations })
    }

    /// Starts to read `ranges` one after the other. The first bytes are there when this answers, so that a file that
    /// cannot be read is refused while there is still a status line to do it with.
    pub async fn open(&self, found: &Found, ranges: Vec<ByteRange>) -> Result<Body, Error> {
        let file = found.entry.file.clone();
        let sizes = self.options.chunks;
        let chunks = ranges.into_iter().flat_map(move |range| chunk_plan::plan(&file, range, sizes));
        let ticket = self.live.enter(Watching {
            entry: found.entry.id,
            name: found.entry.name.clone(),
            person: found.person,
            since: SystemTime::now(),
            sent_bytes: 0,
        });
        let chunks: Box<dyn Iterator<Item = Chunk> + Send> = Box::new(chunks);
        Body::open(self.schedule.clone(), found.locations.clone(), chunks, self.options, ticket).await
    }

    /// What is being sent right now, oldest first.
    pub fn watching(&self) -> Vec<Watching> {
        self.live.watching()
    }

    /// Sums since the start.
    pub fn totals(&self) -> Totals {
        self.live.totals()
    }
}

/// Where each volume can be read. `None` when one of them has no message left.
fn locate(entry: &Entry, sources: &[Source]) -> Option<Arc<[Location]>> {
    let volumes = entry.file.volumes().iter();
    volumes
        .map(|&volume| {
            let of_it = sources.iter().filter(|source| source.document == volume.document);
            let posts: Vec<_> = of_it.map(|source| source.at).collect();
            (!posts.is_empty()).then_some(Location { volume, posts })
        })
        .collect()
}
