//! Whether several viewers wait for connections with room: then what one of them gets more, another gets less, and nobody's
//! read window grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Connections that were short a moment ago may be again.
const MEMORY: Duration = Duration::from_millis(500);

/// Until when it is so, for everybody to ask: it ends by itself, also when nobody reads any more. Cheap to clone.
#[derive(Clone)]
pub(super) struct Contention {
    begun: Instant,
    /// Behind `begun`.
    until_us: Arc<AtomicU64>,
}

impl Contention {
    pub fn new(now: Instant) -> Self {
        Self { begun: now, until_us: Arc::default() }
    }

    pub fn is_at(&self, now: Instant) -> bool {
        self.since_begun(now) < self.until_us.load(Ordering::Relaxed)
    }

    /// So many streams of viewers are without a connection.
    pub fn observe(&self, waiting: usize, now: Instant) {
        if waiting > 1 {
            self.until_us.store(self.since_begun(now + MEMORY), Ordering::Relaxed);
        }
    }

    fn since_begun(&self, at: Instant) -> u64 {
        u64::try_from((at - self.begun).as_micros()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_viewer_who_waits_is_no_contention_and_several_are_for_a_while() {
        let begin = Instant::now();
        let contention = Contention::new(begin);
        let at = |ms| begin + Duration::from_millis(ms);
        assert!(!contention.is_at(begin));
        for (ms, waiting, is_now) in [(0, 1, false), (10, 2, true), (400, 1, true), (509, 0, true), (510, 0, false)] {
            contention.observe(waiting, at(ms));
            assert_eq!(contention.is_at(at(ms)), is_now, "after {ms} ms");
        }
        contention.observe(5, at(600));
        assert!(contention.is_at(at(1099)) && !contention.is_at(at(1100)), "it ends though nothing happens");
    }
}
