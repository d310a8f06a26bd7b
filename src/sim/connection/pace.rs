//! Speed limits: bytes leave only as fast as a rate allows.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// When the line is free again. One per connection, and one per account for all of its connections.
#[derive(Default)]
pub(in super::super) struct Pace {
    free: Mutex<Option<Instant>>,
}

impl Pace {
    /// Books the line for `bytes` at a rate: the moment at which they have all passed.
    pub fn book(&self, bytes: usize, per_second: u64, now: Instant) -> Instant {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = free.map_or(now, |free| free.max(now));
        let end = begin + Duration::from_secs_f64(bytes as f64 / per_second as f64);
        *free = Some(end);
        end
    }
}

/// How much is written at once: small enough that a slow line trickles, large enough not to wake up all the time.
pub(super) fn slice_len(per_second: u64) -> usize {
    (per_second / 50).clamp(1024, 64 * 1024) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_their_time_and_idle_time_is_not_saved_up() {
        let (pace, start) = (Pace::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(pace.book(1000, 1000, start), at(1000));
        assert_eq!(pace.book(500, 1000, start), at(1500));
        assert_eq!(pace.book(500, 1000, at(5000)), at(5500));
    }
}
