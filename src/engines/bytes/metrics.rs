//! Sums since the start, for the metrics page. The parts of the engine tell what happens; nothing is decided by it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::scheduler::Event;
use crate::adapters::telegram::ConnectionSlot;
use crate::domain::telegram_id::Dc;

/// Sums since the start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// Streams let in. Reads in the background are none.
    pub streams: u64,
    /// Streams that ended in an error.
    pub broken_streams: u64,
    /// Bytes that streams handed to their readers.
    pub sent_bytes: u64,
    /// Reads asked of Telegram.
    pub reads: u64,
    /// Reads that failed, flood waits included.
    pub failed_reads: u64,
    /// Reads asked a second time elsewhere because the first was late.
    pub hedged_reads: u64,
    pub hedged_bytes: u64,
    /// Hedged reads that came before the late one did.
    pub hedges_won: u64,
    /// Reads asked again elsewhere because their connection had fallen silent.
    pub failovers: u64,
    pub flood_waits: u64,
    /// Bytes taken from memory instead of asking Telegram.
    pub memory_bytes: u64,
    /// Bytes taken from disk instead of asking Telegram.
    pub disk_bytes: u64,
    /// Bytes that somebody else had asked for already.
    pub shared_bytes: u64,
    /// From opening a stream to its first byte.
    pub first_byte: Histogram,
    /// How long readers waited for a chunk in mid-stream.
    pub head_wait: Histogram,
    /// From asking a connection that fell silent to the bytes that came from another.
    pub failover: Histogram,
}

/// How much a connection that reads, or has read, carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLoad {
    pub slot: ConnectionSlot,
    pub dc: Dc,
    /// Bytes that may be in flight on it.
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

/// Counts what happens. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Metrics {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    counters: Counters,
    times: Mutex<Times>,
    connections: Mutex<Vec<ConnectionLoad>>,
}

#[derive(Default)]
struct Counters {
    streams: AtomicU64,
    broken_streams: AtomicU64,
    sent_bytes: AtomicU64,
    reads: AtomicU64,
    failed_reads: AtomicU64,
    hedged_reads: AtomicU64,
    hedged_bytes: AtomicU64,
    hedges_won: AtomicU64,
    failovers: AtomicU64,
    flood_waits: AtomicU64,
    memory_bytes: AtomicU64,
    disk_bytes: AtomicU64,
    shared_bytes: AtomicU64,
}

#[derive(Default)]
struct Times {
    first_byte: Histogram,
    head_wait: Histogram,
    failover: Histogram,
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

impl Metrics {
    /// Something happened in the scheduler.
    pub fn on(&self, event: &Event) {
        let counters = &self.inner.counters;
        match event {
            Event::ReadSent => add(&counters.reads, 1),
            Event::ReadFailed { is_flood_wait } => {
                add(&counters.failed_reads, 1);
                add(&counters.flood_waits, (*is_flood_wait).into());
            }
            Event::Hedged { bytes } => {
                add(&counters.hedged_reads, 1);
                add(&counters.hedged_bytes, *bytes);
            }
            Event::HedgeWon => add(&counters.hedges_won, 1),
            Event::FailedOver => add(&counters.failovers, 1),
            Event::Recovered { took } => lock(&self.inner.times).failover.add(*took),
            Event::HeadWaited { took } => lock(&self.inner.times).head_wait.add(*took),
            Event::Loads(loads) => lock(&self.inner.connections).clone_from(loads),
            Event::Served { .. } => {}
        }
    }

    pub fn stream_admitted(&self) {
        add(&self.inner.counters.streams, 1);
    }

    pub fn stream_opened(&self, took: Duration) {
        lock(&self.inner.times).first_byte.add(took);
    }

    pub fn stream_broke(&self) {
        add(&self.inner.counters.broken_streams, 1);
    }

    pub fn sent(&self, bytes: usize) {
        add(&self.inner.counters.sent_bytes, bytes as u64);
    }

    pub fn found_in_memory(&self, bytes: u32) {
        add(&self.inner.counters.memory_bytes, bytes.into());
    }

    pub fn found_on_disk(&self, bytes: usize) {
        add(&self.inner.counters.disk_bytes, bytes as u64);
    }

    pub fn shared(&self, bytes: u32) {
        add(&self.inner.counters.shared_bytes, bytes.into());
    }

    /// Every connection that was used, as it stood within the last second.
    pub fn connections(&self) -> Vec<ConnectionLoad> {
        lock(&self.inner.connections).clone()
    }

    pub fn totals(&self) -> Totals {
        let counters = &self.inner.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let times = lock(&self.inner.times);
        Totals {
            streams: read(&counters.streams),
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_in_the_first_bucket_that_holds_them() {
        let metrics = Metrics::default();
        for ms in [0, 1, 2, 10, 11, 60_000] {
            metrics.stream_opened(Duration::from_millis(ms));
        }
        let first_byte = metrics.totals().first_byte;
        assert_eq!(first_byte.counts, [2, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(first_byte.sum, Duration::from_millis(60_024));
    }

    #[test]
    fn a_flood_wait_is_a_failed_read_too() {
        let metrics = Metrics::default();
        for event in [Event::ReadFailed { is_flood_wait: true }, Event::ReadFailed { is_flood_wait: false }] {
            metrics.on(&event);
        }
        let totals = metrics.totals();
        assert_eq!((totals.failed_reads, totals.flood_waits), (2, 1));
    }
}
