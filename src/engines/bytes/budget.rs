//! The bytes that all streams together may hold: one number for the whole program, whoever watches.
//!
//! ```text
//! [ heads: one cell for each stream that is let in ][ ahead: reserved and freed by all ]
//! ```
//!
//! Each stream can always hold the chunk that its reader waits for, and reads ahead no more than its equal share, so nobody
//! is starved by others; and nothing has to wait for room: a stream that finds none reads ahead less. Dropping a [`Reservation`]
//! or a [`Permit`] is the only way to free what it holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::domain::chunk_plan::CELL;

/// One part in so many of the budget is kept for heads.
const HEADS: u64 = 4;

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Budget {
    inner: Arc<Inner>,
}

struct Inner {
    ahead_bytes: u64,
    used: AtomicU64,
    most_streams: usize,
    streams: AtomicUsize,
}

impl Budget {
    pub fn new(bytes: u64) -> Self {
        let heads = bytes / HEADS;
        let most_streams = (heads / CELL).max(1) as usize;
        let (used, streams) = (AtomicU64::new(0), AtomicUsize::new(0));
        Self { inner: Arc::new(Inner { ahead_bytes: bytes - heads, used, most_streams, streams }) }
    }

    /// Lets a stream in. `None` when there are as many as there may be.
    pub fn admit(&self) -> Option<Permit> {
        let fits = |streams: usize| Some(streams + 1).filter(|streams| *streams <= self.inner.most_streams);
        self.inner.streams.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).ok()?;
        Some(Permit { budget: self.clone() })
    }

    /// Streams that are let in now.
    pub fn streams(&self) -> usize {
        self.inner.streams.load(Ordering::Relaxed)
    }

    /// What each stream may read ahead, when all of them do.
    pub fn fair_share(&self) -> u64 {
        self.inner.ahead_bytes / self.streams().max(1) as u64
    }

    /// Reserves room for reading ahead. `None` when there is not so much left.
    pub fn reserve(&self, bytes: u64) -> Option<Reservation> {
        let fits = |used: u64| Some(used + bytes).filter(|used| *used <= self.inner.ahead_bytes);
        self.inner.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).ok()?;
        Some(Reservation { budget: self.clone(), bytes })
    }

    /// Bytes that are reserved now, heads not counted.
    pub fn used(&self) -> u64 {
        self.inner.used.load(Ordering::Relaxed)
    }
}

/// A stream's leave to read, with one cell for its head; returned when dropped.
pub(super) struct Permit {
    budget: Budget,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.budget.inner.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Bytes of the budget, freed when dropped.
pub(super) struct Reservation {
    budget: Budget,
    bytes: u64,
}

impl Reservation {
    /// Frees what is more than `bytes`.
    pub fn shrink(&mut self, bytes: u64) {
        let more = self.bytes.saturating_sub(bytes);
        self.bytes -= more;
        self.budget.inner.used.fetch_sub(more, Ordering::Relaxed);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.inner.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_reserved_than_there_is_and_it_is_freed_again() {
        let budget = Budget::new(16 * CELL);
        let permits: Vec<_> = (0..5).map_while(|_| budget.admit()).collect();
        assert_eq!((permits.len(), budget.fair_share()), (4, 3 * CELL));
        drop(permits);
        assert_eq!(budget.fair_share(), 12 * CELL);
        let reservations: Vec<_> = (0..12).map_while(|_| budget.reserve(CELL)).collect();
        assert_eq!((reservations.len(), budget.used()), (12, 12 * CELL));
        assert!(budget.reserve(1).is_none());
        drop(reservations);
        assert!(budget.reserve(12 * CELL).is_some());
        assert_eq!(budget.used(), 0);
    }
}
