//! What is being watched right now, and what was since the start: for the status page and the metrics.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::domain::entry::EntryId;

/// One response whose body is on its way.
#[derive(Clone, Debug)]
pub struct Watching {
    pub entry: EntryId,
    /// The entry's name.
    pub name: String,
    /// Id of the person whose link it is.
    pub person: u32,
    pub since: SystemTime,
    /// Bytes handed to the HTTP server so far.
    pub sent_bytes: u64,
}

/// Sums since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Reads asked a second time elsewhere because the first was late.
    pub hedged_reads: u64,
    pub flood_waits: u64,
}

/// Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Live {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    next: AtomicU64,
    now: Mutex<BTreeMap<u64, Arc<Entry>>>,
    counters: Counters,
}

struct Entry {
    what: Watching,
    sent: AtomicU64,
}

/// What [`Totals`] shows, as it is counted.
#[derive(Default)]
pub(super) struct Counters {
    pub broken_streams: AtomicU64,
    pub sent_bytes: AtomicU64,
    pub reads: AtomicU64,
    pub failed_reads: AtomicU64,
    pub hedged_reads: AtomicU64,
    pub flood_waits: AtomicU64,
}

impl Live {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Entry>>> {
        self.inner.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    /// Lists a stream until the answer is dropped.
    pub fn enter(&self, what: Watching) -> Ticket {
        let number = self.inner.next.fetch_add(1, Ordering::Relaxed);
        let entry = Arc::new(Entry { what, sent: AtomicU64::new(0) });
        self.lock().insert(number, entry.clone());
        Ticket { live: self.clone(), number, entry }
    }

    /// Oldest first.
    pub fn watching(&self) -> Vec<Watching> {
        let with_sent =
            |entry: &Arc<Entry>| Watching { sent_bytes: entry.sent.load(Ordering::Relaxed), ..entry.what.clone() };
        self.lock().values().map(with_sent).collect()
    }

    pub fn totals(&self) -> Totals {
        let counters = &self.inner.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Totals {
            streams: read(&self.inner.next),
            broken_streams: read(&counters.broken_streams),
            sent_bytes: read(&counters.sent_bytes),
            reads: read(&counters.reads),
            failed_reads: read(&counters.failed_reads),
            hedged_reads: read(&counters.hedged_reads),
            flood_waits: read(&counters.flood_waits),
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
    pub fn sent(&self, bytes: usize) {
        self.entry.sent.fetch_add(bytes as u64, Ordering::Relaxed);
        self.live.counters().sent_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub fn broke(&self) {
        self.live.counters().broken_streams.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.live.lock().remove(&self.number);
    }
}
