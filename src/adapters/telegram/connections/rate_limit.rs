//! The most that is sent over a connection that carries no files: a token bucket whose rate halves while it stays empty.
//! Telegram bans accounts for less than a storm of requests, and no fault of ours, of Telegram's or between us may become one.
//! Pure; times are passed in.

use std::time::Duration;

use tokio::time::Instant;

/// Messages that may go without a pause after a quiet time: looking through many channels at a start.
const BURST: f64 = 100.0;
/// Then so many a second; half as many after each [`BURST`] more without a rest, down to a least. Twice what Telegram lets a bot say
/// (30 messages a second, core.telegram.org/bots/faq), since what is announced is asked for besides: what has waited for its turn there
/// must not look like a storm here.
const PER_SECOND: f64 = 60.0;
const LEAST_PER_SECOND: f64 = 5.0;

pub struct RateLimit {
    /// Messages that may go now.
    allowed: f64,
    at: Instant,
    /// Messages that had to wait since there was last a rest.
    waited: f64,
}

impl RateLimit {
    pub fn new(now: Instant) -> Self {
        Self { allowed: BURST, at: now, waited: 0.0 }
    }

    /// How long the next message has to wait.
    pub fn delay(&mut self, now: Instant) -> Duration {
        self.refill(now);
        let missing = 1.0 - self.allowed;
        if missing <= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(missing / self.per_second()) }
    }

    /// A message is sent.
    pub fn record(&mut self, now: Instant) {
        self.refill(now);
        if self.allowed < 2.0 {
            self.waited += 1.0;
        }
        self.allowed -= 1.0;
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.allowed = BURST.min(self.allowed + passed * self.per_second());
        self.at = now;
        if self.allowed >= BURST / 2.0 {
            self.waited = 0.0;
        }
    }

    fn per_second(&self) -> f64 {
        let halvings = (self.waited / BURST).floor().min(8.0) as i32;
        (PER_SECOND / 2f64.powi(halvings)).max(LEAST_PER_SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many go in so long, one after the other without end.
    fn storm(limit: &mut RateLimit, from: Instant, secs: u64) -> u32 {
        let (mut now, mut sent) = (from, 0);
        while now < from + Duration::from_secs(secs) {
            now += limit.delay(now);
            limit.record(now);
            sent += 1;
        }
        sent
    }

    #[test]
    fn a_storm_is_held_up_longer_the_longer_it_lasts() {
        let start = Instant::now();
        let mut limit = RateLimit::new(start);
        let first = storm(&mut limit, start, 5);
        assert!((290..=310).contains(&first), "{first}");
        let later = storm(&mut limit, start + Duration::from_secs(60), 10);
        assert!(later <= 400, "{later}");
        let mut limit = RateLimit::new(start);
        let hour = storm(&mut limit, start, 3600);
        assert!((3600 * 5..3600 * 5 + 600).contains(&hour), "{hour}");
    }

    #[test]
    fn what_is_usual_does_not_wait() {
        let start = Instant::now();
        let mut limit = RateLimit::new(start);
        for n in 0..3_000 {
            let now = start + Duration::from_millis(20) * n;
            assert_eq!(limit.delay(now), Duration::ZERO, "{n}");
            limit.record(now);
        }
        // And a start after a storm is as good as the first, once it has been quiet.
        storm(&mut limit, start + Duration::from_secs(300), 60);
        let quiet = start + Duration::from_secs(400);
        for _ in 0..100 {
            assert_eq!(limit.delay(quiet), Duration::ZERO);
            limit.record(quiet);
        }
        assert!(limit.delay(quiet) > Duration::ZERO);
    }
}
