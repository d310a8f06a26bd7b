//! A server's clock as its messages tell it. Message ids must follow it within -300 to +30 seconds, and a small computer's own
//! clock may be hours wrong until it has found the time.
//!
//! What is kept is the server's time at one moment of a clock that is never set ([`Instant`]): setting the machine's clock
//! changes nothing.

use std::time::{Duration, Instant};

use crate::ids::time_of;

/// The server's time, from the ids of its messages. The moments are passed in.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// let mut clock = mtproto::ServerClock::default();
/// let begin = Instant::now();
/// assert_eq!(clock.now(begin), None, "nothing was heard yet");
/// clock.heard(1_700_000_000 << 32, begin);
/// assert_eq!(clock.now(begin + Duration::from_secs(5)), Some(Duration::from_secs(1_700_000_005)));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ServerClock {
    known: Option<Known>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    /// Unix time by the server.
    time: Duration,
    at: Instant,
}

impl ServerClock {
    /// Unix time by the server; `None` before any message of it was heard.
    pub fn now(&self, at: Instant) -> Option<Duration> {
        self.known.map(|known| known.time + at.saturating_duration_since(known.at))
    }

    /// A message with this id came. The server's time is no earlier than its id says; the message may have been long on its
    /// way, so the clock is only ever set forward.
    pub fn heard(&mut self, message_id: i64, at: Instant) {
        let time = time_of(message_id);
        if self.now(at).is_none_or(|now| now < time) {
            self.known = Some(Known { time, at });
        }
    }

    /// A message with this id says that one of ours had a wrong time (`bad_msg_notification`, 16 and 17): what was known is
    /// wrong, whichever way.
    pub fn correct(&mut self, message_id: i64, at: Instant) {
        self.known = Some(Known { time: time_of(message_id), at });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_was_long_on_its_way_does_not_set_the_clock_back_but_a_correction_does() {
        let (mut clock, begin) = (ServerClock::default(), Instant::now());
        let now = |clock: &ServerClock, secs| clock.now(begin + Duration::from_secs(secs)).map(|now| now.as_secs());
        clock.heard(1_000 << 32, begin);
        clock.heard(990 << 32, begin);
        assert_eq!(now(&clock, 3), Some(1_003));
        clock.heard(1_010 << 32, begin);
        assert_eq!(now(&clock, 0), Some(1_010));
        clock.correct(980 << 32, begin);
        assert_eq!(now(&clock, 1), Some(981));
    }
}
