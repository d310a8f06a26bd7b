//! How fast old messages are asked for. Telegram says nowhere how often a bot may call channels.getMessages; whoever goes too
//! fast is told to wait (FLOOD_WAIT), and so is then everybody else who needs that call of the bot: players whose film has a stale
//! file reference. So whoever reads old messages begins at a walk and slows down at the first such word. Pure; times are passed in.

use std::time::Duration;

use tokio::time::Instant;

/// Between two calls while all goes well: 24,000 messages a minute at most.
pub const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// After so many calls in a row that went well the pause is halved again.
const PATIENCE: u32 = 200;

pub struct Pace {
    pause: Duration,
    /// The next turn.
    next: Instant,
    /// Telegram wants no call before.
    not_before: Instant,
    went_well: u32,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self { pause: PAUSE, next: now, not_before: now, went_well: 0 }
    }

    /// When the caller may call. It is the caller's turn, and the next one comes a pause later.
    pub fn turn(&mut self, now: Instant) -> Instant {
        let turn = self.next.max(now);
        self.next = turn + self.pause;
        turn
    }

    /// Whether a call may go out now. One whose turn it is may not when another was told to wait meanwhile.
    pub fn may_call(&self, now: Instant) -> bool {
        now >= self.not_before
    }

    pub fn told_to_wait(&mut self, now: Instant, wait: Duration) {
        self.not_before = self.not_before.max(now + wait);
        self.next = self.next.max(self.not_before);
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        self.went_well = 0;
    }

    pub fn went_well(&mut self) {
        self.went_well += 1;
        if self.went_well >= PATIENCE {
            self.pause = (self.pause / 2).max(PAUSE);
            self.went_well = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_sweeps_share_the_turns_and_a_wait_slows_all_of_them() {
        let now = Instant::now();
        let mut pace = Pace::new(now);
        let since = |turn: Instant| turn.duration_since(now).as_millis();
        assert_eq!([since(pace.turn(now)), since(pace.turn(now)), since(pace.turn(now))], [0, 250, 500]);
        let later = now + Duration::from_secs(60);
        assert_eq!(since(pace.turn(later)), 60_000, "what was not used is not saved up");
        pace.told_to_wait(later, Duration::from_secs(7));
        assert_eq!([since(pace.turn(later)), since(pace.turn(later))], [67_000, 67_500]);
        assert!(!pace.may_call(later) && pace.may_call(later + Duration::from_secs(7)));
        for _ in 0..9 {
            pace.told_to_wait(later, Duration::ZERO);
        }
        assert_eq!(pace.pause, LONGEST_PAUSE);
        for _ in 0..20 * PATIENCE {
            pace.went_well();
        }
        assert_eq!(pace.pause, PAUSE);
    }
}
