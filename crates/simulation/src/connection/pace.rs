//! Speed limits: bytes leave only as fast as a rate allows.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How much of the time that a sender comes late it may make up for. Timers are a millisecond late and processors are busy, which
/// must not make the line slower than it was told to be; but a client that did not read has lost that time.
const LATENESS: Duration = Duration::from_millis(100);

/// When the line is free again. One per connection, and one per account for all of its connections.
#[derive(Default)]
pub(in super::super) struct Pace {
    free: Mutex<Option<Instant>>,
}

impl Pace {
    /// Books the line for `bytes` that could leave from `ready` on, at a rate: the moment at which they have all passed.
    pub fn book(&self, bytes: usize, per_second: u64, ready: Instant, now: Instant) -> Instant {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = ready.max(now.checked_sub(LATENESS).unwrap_or(now)).min(now);
        let begin = free.map_or(earliest, |free| free.max(earliest));
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
        assert_eq!(pace.book(1000, 1000, start, start), at(1000));
        assert_eq!(pace.book(500, 1000, start, start), at(1500));
        assert_eq!(pace.book(500, 1000, at(5000), at(5000)), at(5500));
    }

    #[test]
    fn a_sender_that_wakes_up_late_still_sends_at_the_full_rate() {
        let (pace, start) = (Pace::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        let mut now = start;
        for _ in 0..100 {
            // 10 ms on the line each; woken 3 ms late each time.
            now = now.max(pace.book(10_000, 1_000_000, start, now)) + Duration::from_millis(3);
        }
        assert_eq!(now, at(1003));
        // A client that did not read for a second cannot have that second again.
        assert_eq!(pace.book(10_000, 1_000_000, start, at(2000)), at(1910));
    }
}
