//! When a run is asked of a second connection because the first is late: hedged requests (Dean and Barroso, "The Tail at
//! Scale", 2013). Two questions, both pure: what is late, and whether there is budget for a hedge.
//!
//! The budget is a retry budget as linkerd and tower keep one: every byte asked for puts a little in, every byte of a hedge
//! takes itself out. So hedging stays a small part of all traffic even when everything is late.

use std::time::Duration;

/// A read is never late before this: asking twice is worth it only when there is something to win.
const LATE_AT_LEAST: Duration = Duration::from_millis(250);
const LATE_FACTOR: u32 = 3;
const LATE_MARGIN: Duration = Duration::from_millis(200);
/// While nothing is known yet.
const LATE_UNKNOWN: Duration = Duration::from_secs(1);

/// Of all bytes asked for, what may be asked for a second time.
const HEDGED_SHARE: f64 = 0.05;
/// Bytes that a program that has just started may hedge.
const HEDGED_RESERVE: u64 = 2 * 1024 * 1024;

/// After how long a read is late, by the usual time of such reads: max(250 ms, min(3 x median, median + 200 ms)).
pub(super) fn late_after(median: Option<Duration>) -> Duration {
    median.map_or(LATE_UNKNOWN, |median| LATE_AT_LEAST.max((median * LATE_FACTOR).min(median + LATE_MARGIN)))
}

/// How much may be hedged.
#[derive(Debug, Default)]
pub(super) struct HedgeBudget {
    /// Bytes asked for, hedges not counted.
    asked: u64,
    hedged: u64,
}

impl HedgeBudget {
    /// So many bytes were asked for the first time.
    pub fn deposit(&mut self, bytes: u64) {
        self.asked += bytes;
    }

    /// Whether a hedge of so many bytes fits.
    pub fn allows(&self, bytes: u64) -> bool {
        self.hedged + bytes <= (self.asked as f64 * HEDGED_SHARE) as u64 + HEDGED_RESERVE
    }

    /// A hedge was sent.
    pub fn withdraw(&mut self, bytes: u64) {
        self.hedged += bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_is_said_of_what_takes_much_longer_than_usual() {
        let ms = Duration::from_millis;
        for (usual, late) in [(10, 250), (60, 250), (90, 270), (100, 300), (150, 350), (1000, 1200)] {
            assert_eq!(late_after(Some(ms(usual))), ms(late), "{usual} ms");
        }
        assert_eq!(late_after(None), LATE_UNKNOWN);
    }

    #[test]
    fn a_twentieth_of_what_was_asked_for_may_be_hedged_and_a_little_at_the_start() {
        const MIB: u64 = 1024 * 1024;
        let mut budget = HedgeBudget::default();
        let spend = |budget: &mut HedgeBudget| {
            let before = budget.hedged;
            while budget.allows(MIB) {
                budget.withdraw(MIB);
            }
            (budget.hedged - before) / MIB
        };
        assert_eq!(spend(&mut budget), 2);
        budget.deposit(100 * MIB);
        assert_eq!(spend(&mut budget), 5);
        assert!(!budget.allows(1));
    }
}
