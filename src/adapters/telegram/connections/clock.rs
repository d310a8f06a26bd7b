//! Telegram's clock, as its messages tell it. Message ids must follow it within seconds (-300 to +30), and a small computer
//! may be hours wrong until it has found the time; so nothing here goes by this machine's clock once Telegram was heard.
//!
//! What is kept is Telegram's time at one moment of a clock that is never set ([`Instant`]): a step of this machine's clock
//! changes nothing.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use tracing::{info, warn};

/// Less than this is no matter.
const WORTH_TELLING_SECS: i64 = 5;

/// One for all lines of a program.
#[derive(Default)]
pub struct Clock {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: Option<Known>,
    /// By how much this machine's clock was ahead when that was last told.
    told_secs: i64,
}

#[derive(Clone, Copy)]
struct Known {
    /// Unix time by Telegram.
    time: Duration,
    at: Instant,
}

impl Known {
    fn now(&self, at: Instant) -> Duration {
        self.time + at.saturating_duration_since(self.at)
    }
}

impl Clock {
    /// Unix time by Telegram, by this machine as long as Telegram was not heard.
    pub fn now(&self) -> Duration {
        self.lock().known.map_or_else(machine, |known| known.now(Instant::now()))
    }

    /// A message with this id came. It is no older than its id says, but may have been long on its way.
    pub fn heard(&self, its_id: i64) {
        let (time, at) = (time_of(its_id), Instant::now());
        let mut state = self.lock();
        if state.known.is_none_or(|known| known.now(at) < time) {
            state.known = Some(Known { time, at });
        }
        tell(&mut state, machine(), at);
    }

    /// A message with this id says that ours had a wrong time: what we knew is wrong, whichever way.
    pub fn corrected(&self, its_id: i64) {
        let at = Instant::now();
        let mut state = self.lock();
        state.known = Some(Known { time: time_of(its_id), at });
        tell(&mut state, machine(), at);
    }

    /// By how many seconds this machine's clock is ahead of Telegram's; negative when behind. `None` before Telegram was
    /// heard.
    pub fn machine_ahead_secs(&self) -> Option<i64> {
        self.lock().known.map(|known| ahead_secs(&known, machine(), Instant::now()))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says once what is wrong with this machine's clock, and again when that has changed.
fn tell(state: &mut State, machine: Duration, at: Instant) {
    let Some(known) = state.known else { return };
    let ahead = ahead_secs(&known, machine, at);
    if (ahead - state.told_secs).abs() < WORTH_TELLING_SECS {
        return;
    }
    state.told_secs = ahead;
    match words(ahead) {
        Some(words) => warn!("{words}. Telegram's clock is used meanwhile; let the machine set its own (NTP)"),
        None => info!("The clock of this machine is right again"),
    }
}

/// What to say of a clock that is so much ahead; nothing when it is right.
pub fn words(ahead_secs: i64) -> Option<String> {
    let direction = if ahead_secs > 0 { "ahead of" } else { "behind" };
    (ahead_secs.abs() >= WORTH_TELLING_SECS)
        .then(|| format!("The clock of this machine is {} s {direction} Telegram's", ahead_secs.abs()))
}

fn ahead_secs(known: &Known, machine: Duration, at: Instant) -> i64 {
    let ahead_ms = machine.as_millis() as i64 - known.now(at).as_millis() as i64;
    (ahead_ms as f64 / 1000.0).round() as i64
}

/// Message ids hold the time in 32 bits of seconds and 32 of a fraction.
fn time_of(its_id: i64) -> Duration {
    let nanos = ((its_id & 0xffff_ffff) * 1_000_000_000) >> 32;
    Duration::new((its_id >> 32).max(0) as u64, nanos as u32)
}

fn machine() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(time: Duration) -> i64 {
        ((time.as_secs() as i64) << 32) | ((i64::from(time.subsec_nanos()) << 32) / 1_000_000_000)
    }

    fn secs(clock: &Clock) -> f64 {
        clock.now().as_secs_f64() - machine().as_secs_f64()
    }

    #[tokio::test]
    async fn telegrams_time_counts_from_its_first_message_on() {
        let hour = Duration::from_secs(3600);
        for (what, wrong, heard) in [("behind", machine() + hour, 3600), ("ahead", machine() - hour, -3600)] {
            let clock = Clock::default();
            assert!(secs(&clock).abs() < 1.0 && clock.machine_ahead_secs().is_none());
            clock.heard(id(wrong));
            assert!((secs(&clock) - f64::from(heard)).abs() < 1.0, "{what}");
            assert_eq!(clock.machine_ahead_secs(), Some(i64::from(-heard)));
        }
    }

    #[tokio::test]
    async fn a_message_that_was_long_on_its_way_does_not_set_the_clock_back_but_a_correction_does() {
        let clock = Clock::default();
        let now = machine();
        clock.heard(id(now));
        clock.heard(id(now - Duration::from_secs(20)));
        assert!(secs(&clock).abs() < 1.0, "{}", secs(&clock));
        clock.corrected(id(now - Duration::from_secs(20)));
        assert!((secs(&clock) + 20.0).abs() < 1.0, "{}", secs(&clock));
    }

    #[test]
    fn what_is_wrong_is_told_once_and_when_it_changes() {
        let at = Instant::now();
        let telegram = Duration::from_secs(1_700_000_000);
        let mut state = State { known: Some(Known { time: telegram, at }), told_secs: 0 };
        // This machine's clock against Telegram's, and of what was last told afterwards.
        for (ahead, told) in [(1, 0), (60, 60), (61, 60), (3600, 3600), (-90, -90), (-2, -2), (0, -2)] {
            let machine = Duration::from_secs((1_700_000_000i64 + ahead) as u64);
            tell(&mut state, machine, at);
            assert_eq!(state.told_secs, told, "{ahead}");
        }
        let cases = [(4, None), (60, Some("60 s ahead of")), (-3600, Some("3600 s behind"))];
        for (ahead, wanted) in cases {
            let said = words(ahead);
            assert_eq!(said.is_some(), wanted.is_some(), "{said:?}");
            assert!(wanted.is_none_or(|wanted| said.is_some_and(|said| said.contains(wanted))), "{ahead}");
        }
    }
}
