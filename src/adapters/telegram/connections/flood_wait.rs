//! How long Telegram asks one bot to wait (FLOOD_WAIT, FLOOD_PREMIUM_WAIT). The only place that knows it: connections send no
//! request for files before the time is over, and [`Files::connections`](crate::adapters::telegram::Files::connections) says it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// One for each bot.
#[derive(Default)]
pub struct FloodWait {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    until: Option<Instant>,
    total: Duration,
}

impl FloodWait {
    /// Telegram asks to wait, from now on. A shorter wait does not take a longer one back.
    pub fn extend(&self, wait: Duration) {
        let mut state = self.lock();
        let now = Instant::now();
        let (from, until) = (state.until.map_or(now, |until| until.max(now)), now + wait);
        state.total += until.saturating_duration_since(from);
        state.until = state.until.max(Some(until));
    }

    /// How long there is still to wait; `None` when the bot may go on.
    pub fn remaining(&self) -> Option<Duration> {
        let left = self.lock().until?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// The sum of all waits since the start, what is left of the current one included.
    pub fn total(&self) -> Duration {
        self.lock().total
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
        let wait = FloodWait::default();
        assert_eq!(wait.remaining(), None);
        wait.extend(Duration::from_secs(30));
        wait.extend(Duration::from_secs(10));
        let left = wait.remaining().expect("waiting");
        assert!(left > Duration::from_secs(29) && left <= Duration::from_secs(30), "{left:?}");
        assert_eq!(wait.total(), Duration::from_secs(30));
        wait.extend(Duration::ZERO);
        assert!(wait.remaining().is_some());
    }
}
