//! The most that is said over a connection that carries no files. Telegram bans for less than a storm, and whatever is wrong
//! with us, with it or between us must not become one. Pure; times are passed in.

use std::time::Duration;

use tokio::time::Instant;

/// Said without a pause when nothing was said for a while: looking through many channels at a start.
const AT_ONCE: f64 = 100.0;
/// Then so many a second; half as many after each [`AT_ONCE`] more without a rest, but some.
const A_SECOND: f64 = 20.0;
const LEAST_A_SECOND: f64 = 5.0;

pub struct Guard {
    /// Messages that may go now.
    allowed: f64,
    at: Instant,
    /// Messages that had to wait since there was last a rest.
    waited: f64,
}

impl Guard {
    pub fn new(now: Instant) -> Self {
        Self { allowed: AT_ONCE, at: now, waited: 0.0 }
    }

    /// How long the next message has to wait.
    pub fn wait(&mut self, now: Instant) -> Duration {
        self.refill(now);
        let missing = 1.0 - self.allowed;
        if missing <= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(missing / self.a_second()) }
    }

    /// One is said.
    pub fn said(&mut self, now: Instant) {
        self.refill(now);
        if self.allowed < 2.0 {
            self.waited += 1.0;
        }
        self.allowed -= 1.0;
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.allowed = AT_ONCE.min(self.allowed + passed * self.a_second());
        self.at = now;
        if self.allowed >= AT_ONCE / 2.0 {
            self.waited = 0.0;
        }
    }

    fn a_second(&self) -> f64 {
        let halvings = (self.waited / AT_ONCE).floor().min(8.0) as i32;
        (A_SECOND / 2f64.powi(halvings)).max(LEAST_A_SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many go in so long, one after the other without end.
    fn storm(guard: &mut Guard, from: Instant, secs: u64) -> u32 {
        let (mut now, mut said) = (from, 0);
        while now < from + Duration::from_secs(secs) {
            now += guard.wait(now);
            guard.said(now);
            said += 1;
        }
        said
    }

    #[test]
    fn a_storm_is_held_up_longer_the_longer_it_lasts() {
        let start = Instant::now();
        let mut guard = Guard::new(start);
        let first = storm(&mut guard, start, 5);
        assert!((190..=205).contains(&first), "{first}");
        let later = storm(&mut guard, start + Duration::from_secs(60), 10);
        assert!(later <= 260, "{later}");
        let mut guard = Guard::new(start);
        let hour = storm(&mut guard, start, 3600);
        assert!((3600 * 5..3600 * 5 + 600).contains(&hour), "{hour}");
    }

    #[test]
    fn what_is_usual_does_not_wait() {
        let start = Instant::now();
        let mut guard = Guard::new(start);
        for n in 0..3_000 {
            let now = start + Duration::from_millis(100) * n;
            assert_eq!(guard.wait(now), Duration::ZERO, "{n}");
            guard.said(now);
        }
        // And a start after a storm is as good as the first, once it has been quiet.
        storm(&mut guard, start + Duration::from_secs(300), 60);
        let quiet = start + Duration::from_secs(400);
        for _ in 0..100 {
            assert_eq!(guard.wait(quiet), Duration::ZERO);
            guard.said(quiet);
        }
        assert!(guard.wait(quiet) > Duration::ZERO);
    }
}
