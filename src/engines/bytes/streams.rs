//! The streams that are open now: what each has sent, how fast, and which bots have read for it. Whoever opened a stream
//! knows what it is for; here it has only a number.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// The speed that is shown is the mean of at least this long.
const RATE_SAMPLE: Duration = Duration::from_secs(5);
/// The first speed is shown after this long.
const FIRST_RATE_SAMPLE: Duration = Duration::from_millis(500);
/// Bots that can be told apart; those beyond share the last bit.
const BOTS: usize = 64;

/// Number of a stream. No two streams of one run of the program have the same; later ones have larger ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(u64);

impl StreamId {
    pub fn number(self) -> u64 {
        self.0
    }

    /// For tests of what tells streams apart.
    #[cfg(test)]
    pub(crate) fn of(number: u64) -> Self {
        Self(number)
    }
}

/// A stream as it stands now.
#[derive(Clone, Debug)]
pub struct StreamStatus {
    pub id: StreamId,
    pub since: SystemTime,
    /// Bytes handed to the reader so far.
    pub sent_bytes: u64,
    /// Over the last seconds.
    pub bytes_per_second: u64,
    /// Bots that have read for it, by their position in the list of bots.
    pub bots: Vec<usize>,
}

/// Every open stream. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Streams {
    inner: Arc<Registry>,
}

#[derive(Default)]
struct Registry {
    next: AtomicU64,
    open: Mutex<BTreeMap<StreamId, Arc<Stats>>>,
}

struct Stats {
    since: SystemTime,
    sent: AtomicU64,
    /// One bit for each.
    bots: AtomicU64,
    rate: Mutex<Rate>,
}

struct Rate {
    since: Instant,
    sent_before: u64,
    per_second: u64,
}

impl Streams {
    /// Lists a new stream until the guard is dropped.
    pub fn enter(&self) -> StreamGuard {
        let id = StreamId(self.inner.next.fetch_add(1, Ordering::Relaxed));
        let rate = Mutex::new(Rate { since: Instant::now(), sent_before: 0, per_second: 0 });
        let (sent, bots) = (AtomicU64::new(0), AtomicU64::new(0));
        let stats = Arc::new(Stats { since: SystemTime::now(), sent, bots, rate });
        lock(&self.inner.open).insert(id, Arc::clone(&stats));
        StreamGuard { streams: self.clone(), id, stats }
    }

    /// A bot has read for a stream.
    pub fn served(&self, id: StreamId, bot: usize) {
        if let Some(stats) = lock(&self.inner.open).get(&id) {
            stats.bots.fetch_or(1 << bot.min(BOTS - 1), Ordering::Relaxed);
        }
    }

    /// Oldest first.
    pub fn list(&self) -> Vec<StreamStatus> {
        lock(&self.inner.open).iter().map(|(id, stats)| stats.status(*id)).collect()
    }
}

impl Stats {
    fn status(&self, id: StreamId) -> StreamStatus {
        let sent_bytes = self.sent.load(Ordering::Relaxed);
        let bots = self.bots.load(Ordering::Relaxed);
        let mut rate = lock(&self.rate);
        let elapsed = rate.since.elapsed();
        if elapsed >= RATE_SAMPLE || rate.per_second == 0 && elapsed > FIRST_RATE_SAMPLE {
            rate.per_second = ((sent_bytes - rate.sent_before) as f64 / elapsed.as_secs_f64()) as u64;
            (rate.since, rate.sent_before) = (Instant::now(), sent_bytes);
        }
        let bots = (0..BOTS).filter(|bot| bots & 1 << bot != 0).collect();
        StreamStatus { id, since: self.since, sent_bytes, bytes_per_second: rate.per_second, bots }
    }
}

/// Keeps a stream listed.
pub(super) struct StreamGuard {
    streams: Streams,
    id: StreamId,
    stats: Arc<Stats>,
}

impl StreamGuard {
    pub fn id(&self) -> StreamId {
        self.id
    }

    pub fn sent(&self, bytes: usize) {
        self.stats.sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        lock(&self.streams.inner.open).remove(&self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_listed_with_what_it_did_until_its_guard_is_dropped() {
        let streams = Streams::default();
        let (first, second) = (streams.enter(), streams.enter());
        first.sent(5);
        first.sent(2);
        streams.served(first.id(), 1);
        streams.served(first.id(), 700);
        let listed = streams.list();
        assert_eq!(listed.iter().map(|stream| stream.id).collect::<Vec<_>>(), [first.id(), second.id()]);
        assert_eq!((listed[0].sent_bytes, &listed[0].bots[..]), (7, &[1, 63][..]));
        drop(first);
        assert_eq!(streams.list().len(), 1);
    }
}
