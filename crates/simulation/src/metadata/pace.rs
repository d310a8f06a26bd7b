//! How many questions of a second, or of a minute, are answered.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A count that begins anew with each period: TMDB's each second (developer.themoviedb.org/docs/rate-limiting: about 40 to 50),
/// AniList's each minute (docs.anilist.co/guide/rate-limiting: 90, and 30 while it is degraded).
pub struct Limit {
    most: u32,
    period: Duration,
    /// When the running period began, and the questions in it.
    running: Mutex<Option<(Instant, u32)>>,
}

impl Limit {
    pub fn new(most: u32, period: Duration) -> Self {
        Self { most, period, running: Mutex::new(None) }
    }

    /// Counts a question; an error says after how many seconds to ask again.
    pub fn take(&self, now: Instant) -> Result<(), u64> {
        let mut running = self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (began, count) = match *running {
            Some((began, count)) if now.duration_since(began) < self.period => (began, count),
            _ => (now, 0),
        };
        if count >= self.most {
            let left = self.period.saturating_sub(now.duration_since(began));
            return Err(left.as_secs() + u64::from(left.subsec_nanos() > 0));
        }
        *running = Some((began, count + 1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_own_count() {
        let limit = Limit::new(2, Duration::from_secs(1));
        let began = Instant::now();
        let asked = [0, 10, 20, 999, 1000, 1001, 1002];
        let taken = asked.map(|ms| limit.take(began + Duration::from_millis(ms)).is_ok());
        assert_eq!(taken, [true, true, false, false, true, true, false]);
        let limit = Limit::new(1, Duration::from_secs(60));
        assert_eq!(limit.take(began), Ok(()));
        assert_eq!(limit.take(began + Duration::from_millis(10_500)), Err(50), "when the minute is over");
    }
}
