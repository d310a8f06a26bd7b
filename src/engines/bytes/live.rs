//! What is being watched right now, and what was since the start: for the status page and the metrics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Waker;
use std::time::{Duration, Instant, SystemTime};

use futures_util::task::AtomicWaker;

use crate::adapters::telegram::{ConnectionSlot, ReadError};
use crate::domain::entry::EntryId;
use crate::domain::person::PersonId;

/// One response whose body is on its way.
#[derive(Clone, Debug)]
pub struct Watching {
    pub entry: EntryId,
    /// The entry's name.
    pub name: String,
    /// Id of the person whose link it is, and their access version when it was made.
    pub person: PersonId,
    pub version: u16,
    pub since: SystemTime,
    /// Bytes handed to the HTTP server so far.
    pub sent_bytes: u64,
    /// The same for each of the last seconds.
    pub bytes_per_second: u64,
    /// Which bots have read for it, by their position in the list.
    pub bots: Vec<usize>,
}

impl Watching {
    pub fn new(entry: EntryId, name: String, person: PersonId, version: u16) -> Self {
        let since = SystemTime::now();
        Self { entry, name, person, version, since, sent_bytes: 0, bytes_per_second: 0, bots: Vec::new() }
    }
}

/// Sums since the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Bodies begun.
    pub streams: u64,
    /// Bodies that ended in an error.
    pub broken_streams: u64,
    /// Bytes handed to the HTTP server.
    pub sent_bytes: u64,
    /// Reads asked of Telegram.
    pub reads: u64,
    /// Reads that failed, flood waits included.
    pub failed_reads: u64,
    /// Reads asked a second time elsewhere because the first was late; their bytes; those that came before the first did.
    pub hedged_reads: u64,
    pub hedged_bytes: u64,
    pub hedges_won: u64,
    /// Reads asked again elsewhere because their connection had fallen silent.
    pub failovers: u64,
    pub flood_waits: u64,
    /// Bytes that streams took from memory, and from disk, instead of asking Telegram; and from what others had asked for.
    pub memory_bytes: u64,
    pub disk_bytes: u64,
    pub shared_bytes: u64,
    /// From opening a body to its first byte.
    pub first_byte: Histogram,
    /// How long readers waited for a chunk in mid-stream.
    pub head_wait: Histogram,
    /// From asking a connection that fell silent to the bytes that came from another.
    pub failover: Histogram,
}

/// How a connection stands that reads, or has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLoad {
    pub slot: ConnectionSlot,
    pub dc: i32,
    /// Bytes that may be in flight on it, and that are.
    pub window_bytes: u64,
    pub in_flight_bytes: u64,
}

/// Upper ends of a histogram's buckets, in milliseconds; the last one has none.
pub const BUCKETS_MS: [u64; 12] = [1, 3, 10, 25, 50, 100, 200, 350, 500, 1000, 2500, 10_000];

/// Times, counted by how long they were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// One for each of [`BUCKETS_MS`], then all that took longer. Not cumulative.
    pub counts: [u64; BUCKETS_MS.len() + 1],
    pub sum: Duration,
}

impl Histogram {
    fn add(&mut self, took: Duration) {
        let bucket = BUCKETS_MS.partition_point(|end| u128::from(*end) < took.as_millis());
        self.counts[bucket] += 1;
        self.sum += took;
    }
}

/// Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Live {
    inner: Arc<Inner>,
}

#[derive(Default)]
pub(super) struct Inner {
    next: AtomicU64,
    now: Mutex<BTreeMap<u64, Arc<Entry>>>,
    counters: Counters,
    times: Mutex<Times>,
    lanes: Mutex<Vec<ConnectionLoad>>,
}

#[derive(Default)]
struct Times {
    first_byte: Histogram,
    head_wait: Histogram,
    failover: Histogram,
}

struct Entry {
    what: Watching,
    sent: AtomicU64,
    /// One bit for each; beyond 64 they share the last.
    bots: AtomicU64,
    rate: Mutex<Rate>,
    end: End,
}

/// Tells a stream's body that it has to end.
#[derive(Default)]
struct End {
    is_due: AtomicBool,
    body: AtomicWaker,
}

/// Bytes per second over the last few seconds.
struct Rate {
    since: Instant,
    sent_before: u64,
    per_second: u64,
}

const RATE_OVER: Duration = Duration::from_secs(5);

/// What [`Totals`] shows, as it is counted.
#[derive(Default)]
pub(super) struct Counters {
    pub broken_streams: AtomicU64,
    pub sent_bytes: AtomicU64,
    pub reads: AtomicU64,
    pub failed_reads: AtomicU64,
    pub hedged_reads: AtomicU64,
    pub hedged_bytes: AtomicU64,
    pub hedges_won: AtomicU64,
    pub failovers: AtomicU64,
    pub flood_waits: AtomicU64,
    pub memory_bytes: AtomicU64,
    pub disk_bytes: AtomicU64,
    pub shared_bytes: AtomicU64,
}

impl Live {
    pub fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// Lists a stream until the answer is dropped.
    pub fn enter(&self, what: Watching) -> Ticket {
        let number = self.inner.next.fetch_add(1, Ordering::Relaxed);
        let rate = Mutex::new(Rate { since: Instant::now(), sent_before: 0, per_second: 0 });
        let entry =
            Arc::new(Entry { what, sent: AtomicU64::new(0), bots: AtomicU64::new(0), rate, end: End::default() });
        lock(&self.inner.now).insert(number, entry.clone());
        Ticket { live: self.clone(), number, entry }
    }

    /// Everybody who watches something now, with the access version that they came in with.
    pub fn viewers(&self) -> BTreeSet<(PersonId, u16)> {
        lock(&self.inner.now).values().map(|entry| (entry.what.person, entry.what.version)).collect()
    }

    /// Ends the streams that were opened under an access.
    pub fn end(&self, person: PersonId, version: u16) {
        for entry in lock(&self.inner.now).values() {
            if (entry.what.person, entry.what.version) == (person, version) {
                entry.end.is_due.store(true, Ordering::Release);
                entry.end.body.wake();
            }
        }
    }

    pub fn downgrade(&self) -> Weak<Inner> {
        Arc::downgrade(&self.inner)
    }

    /// A bot has read for a stream.
    pub fn served_by(&self, stream: u64, bot: usize) {
        if let Some(entry) = lock(&self.inner.now).get(&stream) {
            entry.bots.fetch_or(1 << bot.min(63), Ordering::Relaxed);
        }
    }

    /// A reader got what it had waited for: the first bytes, or more of them.
    pub fn waited(&self, is_first: bool, took: Duration) {
        if !is_first {
            lock(&self.inner.times).head_wait.add(took);
        }
    }

    pub fn opened(&self, took: Duration) {
        lock(&self.inner.times).first_byte.add(took);
    }

    pub fn failed_over(&self, took: Duration) {
        lock(&self.inner.times).failover.add(took);
    }

    pub fn failed(&self, error: &ReadError) {
        self.counters().failed_reads.fetch_add(1, Ordering::Relaxed);
        if let ReadError::FloodWait { .. } = error {
            self.counters().flood_waits.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub fn set_lanes(&self, lanes: Vec<ConnectionLoad>) {
        *lock(&self.inner.lanes) = lanes;
    }

    /// As they stood within the last second.
    pub fn lanes(&self) -> Vec<ConnectionLoad> {
        lock(&self.inner.lanes).clone()
    }

    /// Oldest first.
    pub fn watching(&self) -> Vec<Watching> {
        lock(&self.inner.now).values().map(|entry| entry.now()).collect()
    }

    pub fn totals(&self) -> Totals {
        let counters = &self.inner.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let times = lock(&self.inner.times);
        Totals {
            streams: read(&self.inner.next),
            broken_streams: read(&counters.broken_streams),
            sent_bytes: read(&counters.sent_bytes),
            reads: read(&counters.reads),
            failed_reads: read(&counters.failed_reads),
            hedged_reads: read(&counters.hedged_reads),
            hedged_bytes: read(&counters.hedged_bytes),
            hedges_won: read(&counters.hedges_won),
            failovers: read(&counters.failovers),
            flood_waits: read(&counters.flood_waits),
            memory_bytes: read(&counters.memory_bytes),
            disk_bytes: read(&counters.disk_bytes),
            shared_bytes: read(&counters.shared_bytes),
            first_byte: times.first_byte.clone(),
            head_wait: times.head_wait.clone(),
            failover: times.failover.clone(),
        }
    }
}

impl From<Arc<Inner>> for Live {
    fn from(inner: Arc<Inner>) -> Self {
        Self { inner }
    }
}

impl Entry {
    fn now(&self) -> Watching {
        let sent_bytes = self.sent.load(Ordering::Relaxed);
        let bots = self.bots.load(Ordering::Relaxed);
        let mut rate = lock(&self.rate);
        let secs = rate.since.elapsed().as_secs_f64();
        if secs >= RATE_OVER.as_secs_f64() || rate.per_second == 0 && secs > 0.5 {
            rate.per_second = ((sent_bytes - rate.sent_before) as f64 / secs) as u64;
            (rate.since, rate.sent_before) = (Instant::now(), sent_bytes);
        }
        Watching {
            sent_bytes,
            bytes_per_second: rate.per_second,
            bots: (0..64).filter(|bot| bots & 1 << bot != 0).collect(),
            ..self.what.clone()
        }
    }
}

/// A stream's place in the list.
pub(super) struct Ticket {
    live: Live,
    number: u64,
    entry: Arc<Entry>,
}

impl Ticket {
    /// The stream's number, the same for nobody else.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn sent(&self, bytes: usize) {
        self.entry.sent.fetch_add(bytes as u64, Ordering::Relaxed);
        self.live.counters().sent_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Whether the stream has to end; if not yet, the body that asks is woken once it has to.
    pub fn is_ended(&self, body: &Waker) -> bool {
        self.entry.end.body.register(body);
        self.entry.end.is_due.load(Ordering::Acquire)
    }

    pub fn broke(&self) {
        self.live.counters().broken_streams.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        lock(&self.live.inner.now).remove(&self.number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
