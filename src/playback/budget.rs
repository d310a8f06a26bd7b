//! The bytes that all streams together may hold: one number for the whole program, whoever watches.
//!
//! ```text
//! [ heads: one cell for each stream that is let in ][ ahead: taken and given back by all ]
//! ```
//!
//! Each stream can always hold the chunk that its reader waits for, so nobody is starved by those who read ahead, and
//! nothing has to wait for room: who finds none reads ahead less.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::chunk_plan::CELL;

/// Of the budget, what is kept for heads.
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
}

impl Budget {
    pub fn new(bytes: u64) -> Self {
        let heads = bytes / HEADS;
        let most_streams = (heads / CELL).max(1) as usize;
        Self { inner: Arc::new(Inner { ahead_bytes: bytes - heads, used: AtomicU64::new(0), most_streams }) }
    }

    /// How many streams there may be.
    pub fn most_streams(&self) -> usize {
        self.inner.most_streams
    }

    /// Room for reading ahead. `None` when there is not so much left.
    pub fn take(&self, bytes: u64) -> Option<Share> {
        let fits = |used: u64| Some(used + bytes).filter(|used| *used <= self.inner.ahead_bytes);
        self.inner.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).ok()?;
        Some(Share { budget: self.clone(), bytes })
    }

    /// Bytes that are taken now, heads not counted.
    pub fn used(&self) -> u64 {
        self.inner.used.load(Ordering::Relaxed)
    }
}

/// Bytes of the budget, given back when dropped.
pub(super) struct Share {
    budget: Budget,
    bytes: u64,
}

impl Share {
    /// Gives back what is more than `bytes`.
    pub fn shrink(&mut self, bytes: u64) {
        let more = self.bytes.saturating_sub(bytes);
        self.bytes -= more;
        self.budget.inner.used.fetch_sub(more, Ordering::Relaxed);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.inner.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_given_than_there_is_and_it_comes_back() {
        let budget = Budget::new(16 * CELL);
        assert_eq!(budget.most_streams(), 4);
        let shares: Vec<_> = (0..12).map_while(|_| budget.take(CELL)).collect();
        assert_eq!((shares.len(), budget.used()), (12, 12 * CELL));
        assert!(budget.take(1).is_none());
        drop(shares);
        assert!(budget.take(12 * CELL).is_some());
        assert_eq!(budget.used(), 0);
    }
}
