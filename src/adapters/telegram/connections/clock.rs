//! Telegram's clock for a whole program, and what is said of this machine's own. Nothing goes by the machine's clock once
//! Telegram was heard; the arithmetic is [`ServerClock`]'s.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mtproto::ServerClock;
use tracing::{info, warn};

/// A smaller difference does no harm.
const WORTH_TELLING_SECS: i64 = 5;

/// One for all connections of a program.
#[derive(Default)]
pub struct Clock {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    server: ServerClock,
    /// By how much this machine's clock was ahead when that was last told.
    told_secs: i64,
}

impl Clock {
    /// Unix time by Telegram, by this machine as long as Telegram was not heard.
    pub fn now(&self) -> Duration {
        self.lock().server.now(Instant::now()).unwrap_or_else(machine)
    }

    /// A message with this id came.
    pub fn heard(&self, its_id: i64) {
        self.set(|server, at| server.heard(its_id, at));
    }

    /// A message with this id says that one of ours had a wrong time.
    pub fn corrected(&self, its_id: i64) {
        self.set(|server, at| server.correct(its_id, at));
    }

    /// By how many seconds this machine's clock is ahead of Telegram's; negative when behind. `None` before Telegram was
    /// heard.
    pub fn machine_ahead_secs(&self) -> Option<i64> {
        ahead_secs(&self.lock().server, machine(), Instant::now())
    }

    fn set(&self, change: impl FnOnce(&mut ServerClock, Instant)) {
        let at = Instant::now();
        let mut state = self.lock();
        change(&mut state.server, at);
        tell(&mut state, machine(), at);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says once what is wrong with this machine's clock, and again when that has changed.
fn tell(state: &mut State, machine: Duration, at: Instant) {
    let Some(ahead) = ahead_secs(&state.server, machine, at) else { return };
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

fn ahead_secs(server: &ServerClock, machine: Duration, at: Instant) -> Option<i64> {
    let ahead_ms = machine.as_millis() as i64 - server.now(at)?.as_millis() as i64;
    Some((ahead_ms as f64 / 1000.0).round() as i64)
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

    #[test]
    fn telegrams_time_counts_from_its_first_message_on() {
        let hour = Duration::from_secs(3600);
        for (what, wrong, heard) in [("behind", machine() + hour, 3600), ("ahead", machine() - hour, -3600)] {
            let clock = Clock::default();
            assert!(secs(&clock).abs() < 1.0 && clock.machine_ahead_secs().is_none());
            clock.heard(id(wrong));
            assert!((secs(&clock) - f64::from(heard)).abs() < 1.0, "{what}");
            assert_eq!(clock.machine_ahead_secs(), Some(i64::from(-heard)));
        }
    }

    #[test]
    fn a_message_that_was_long_on_its_way_does_not_set_the_clock_back_but_a_correction_does() {
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
        let mut state = State::default();
        state.server.heard(id(telegram), at);
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
