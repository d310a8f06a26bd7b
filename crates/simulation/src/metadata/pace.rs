//! How many questions of a second are answered.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A count that begins anew each second, as TMDB's does (developer.themoviedb.org/docs/rate-limiting: about 40 to 50).
pub struct Limit {
    per_second: u32,
    /// When the running second began, and the questions in it.
    second: Mutex<Option<(Instant, u32)>>,
}

/// What `Retry-After` says to who asked too much.
const RETRY_AFTER_SECS: u64 = 1;

impl Limit {
    pub fn new(per_second: u32) -> Self {
        Self { per_second, second: Mutex::new(None) }
    }

    /// Counts a question; an error says after how many seconds to ask again.
    pub fn take(&self, now: Instant) -> Result<(), u64> {
        let mut second = self.second.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (began, count) = match *second {
            Some((began, count)) if now.duration_since(began) < Duration::from_secs(1) => (began, count),
            _ => (now, 0),
        };
        if count >= self.per_second {
            return Err(RETRY_AFTER_SECS);
        }
        *second = Some((began, count + 1));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_its_own_count() {
        let limit = Limit::new(2);
        let began = Instant::now();
        let asked = [0, 10, 20, 999, 1000, 1001, 1002];
        let taken = asked.map(|ms| limit.take(began + Duration::from_millis(ms)).is_ok());
        assert_eq!(taken, [true, true, false, false, true, true, false]);
    }
}
