//! A bot's gate: shut for exactly as long as Telegram asks the bot to wait (FLOOD_WAIT, FLOOD_PREMIUM_WAIT).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

#[derive(Default)]
pub struct Gate {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    until: Option<Instant>,
    shut: Duration,
}

impl Gate {
    /// Shuts it from now on. A shorter wait does not take a longer one back.
    pub fn shut(&self, wait: Duration) {
        let mut state = self.lock();
        let now = Instant::now();
        let (from, until) = (state.until.map_or(now, |until| until.max(now)), now + wait);
        state.shut += until.saturating_duration_since(from);
        state.until = state.until.max(Some(until));
    }

    /// How long it stays shut; `None` when it is open.
    pub fn left(&self) -> Option<Duration> {
        let left = self.lock().until?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// How long it was, or is to be, shut since the start.
    pub fn total(&self) -> Duration {
        self.lock().shut
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_counts_and_overlaps_count_once() {
        let gate = Gate::default();
        assert_eq!(gate.left(), None);
        gate.shut(Duration::from_secs(30));
        gate.shut(Duration::from_secs(10));
        let left = gate.left().expect("shut");
        assert!(left > Duration::from_secs(29) && left <= Duration::from_secs(30), "{left:?}");
        assert_eq!(gate.total(), Duration::from_secs(30));
        gate.shut(Duration::ZERO);
        assert!(gate.left().is_some());
    }
}
