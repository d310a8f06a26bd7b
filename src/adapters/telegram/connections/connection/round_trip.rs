//! The round trip to a DC, estimated from the answers on one connection. Pure; times are passed in.
//!
//! An answer that waited behind others is no measure of it. Only those count that were asked for while nothing else was due,
//! or that began after a pause.
//!
//! ```text
//! asked              first byte
//!   |---- round trip ----|==== an answer ====|=== the next ===|      |==== this one began after a pause
//! ```

use std::time::Duration;

use tokio::time::Instant;

/// Of so many the shortest counts: any of them may have waited for the server's disk, or for a packet that was lost.
const REMEMBERED: usize = 4;
/// Between two answers; shorter gaps come within one answer as well.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) struct RoundTrip {
    /// The newest last.
    seen: [Duration; REMEMBERED],
    last_came: Option<Instant>,
}

/// When an answer was asked for, when it began to come and when all of it was there.
#[derive(Clone, Copy)]
pub(super) struct Answer {
    pub asked: Instant,
    /// Nothing else was due when it was asked for.
    pub was_alone: bool,
    pub began: Instant,
    pub came: Instant,
}

impl RoundTrip {
    /// From what a first exchange took.
    pub fn new(first: Duration) -> Self {
        Self { seen: [first; REMEMBERED], last_came: None }
    }

    pub fn record(&mut self, answer: Answer) {
        let paused = self.last_came.is_some_and(|last| answer.began >= last + PAUSE);
        self.last_came = Some(answer.came);
        if answer.was_alone || paused {
            self.seen.rotate_left(1);
            self.seen[REMEMBERED - 1] = answer.began - answer.asked;
        }
    }

    pub fn get(&self) -> Duration {
        self.seen.into_iter().min().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Answers by when they were asked for, began and came, in milliseconds; and whether it was asked for alone.
    fn after(first: u32, answers: &[(u32, u32, u32, bool)]) -> u128 {
        let start = Instant::now();
        let mut estimate = RoundTrip::new(MS * first);
        for &(asked, began, came, was_alone) in answers {
            let [asked, began, came] = [asked, began, came].map(|ms| start + MS * ms);
            estimate.record(Answer { asked, was_alone, began, came });
        }
        estimate.get().as_millis()
    }

    #[test]
    fn only_answers_that_did_not_wait_for_others_are_a_measure() {
        let alone: Vec<_> = (0..4).map(|n| (n * 500, n * 500 + 150, n * 500 + 300, true)).collect();
        assert_eq!(after(1, &[]), 1);
        assert_eq!(after(1, &alone), 150);
        assert_eq!(after(1, &alone[..3]), 1, "the shortest of four");
        // One behind the other, as on a connection that is kept busy.
        let busy: Vec<_> = (0..9).map(|n| (n * 150, n * 150 + 300, n * 150 + 450, false)).collect();
        assert_eq!(after(20, &busy), 20);
        // With pauses between them: what is asked for is too little to keep it busy.
        let paused: Vec<_> = (0..9).map(|n| (n * 150, n * 150 + 150, n * 150 + 200, false)).collect();
        assert_eq!(after(20, &paused), 150);
        // One that waited for the server's disk is no measure.
        assert_eq!(after(80, &[(0, 900, 901, true), (1000, 1080, 1100, true)]), 80);
    }
}
