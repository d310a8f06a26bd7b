//! Whether several viewers wait for connections with room: then what one of them gets more, another gets less, and nobody's
//! read window grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// Connections that were short a moment ago may be again.
const MEMORY: Duration = Duration::from_millis(500);

/// Whether it is so, for everybody to ask. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Contention {
    is_now: Arc<AtomicBool>,
}

impl Contention {
    pub fn is_now(&self) -> bool {
        self.is_now.load(Ordering::Relaxed)
    }
}

/// What the scheduler knows of it.
pub(super) struct Gauge {
    contention: Contention,
    /// When several viewers last waited.
    seen_at: Option<Instant>,
}

impl Gauge {
    pub fn new(contention: Contention) -> Self {
        Self { contention, seen_at: None }
    }

    /// So many streams of viewers are without a connection.
    pub fn observe(&mut self, waiting: usize, now: Instant) {
        if waiting > 1 {
            self.seen_at = Some(now);
        }
        let is_now = self.seen_at.is_some_and(|at| now < at + MEMORY);
        self.contention.is_now.store(is_now, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_viewer_who_waits_is_no_contention_and_several_are_for_a_while() {
        let (contention, begin) = (Contention::default(), Instant::now());
        let mut gauge = Gauge::new(contention.clone());
        for (ms, waiting, is_now) in [(0, 1, false), (10, 2, true), (400, 1, true), (509, 0, true), (510, 0, false)] {
            gauge.observe(waiting, begin + Duration::from_millis(ms));
            assert_eq!(contention.is_now(), is_now, "after {ms} ms");
        }
    }
}
