//! How long a job waits after a stumble.

/// The first pause, in seconds; each further one is twice as long.
const FIRST: u64 = 5;
/// No pause is longer: what failed for an hour is not worth asking more often, and not less.
const LONGEST: u64 = 60 * 60;

/// Seconds before the next try after `tries` of them. `chance` (any number) spreads jobs that stumbled together over half of the pause,
/// so that they do not all come back in one second.
pub fn pause_secs(tries: u32, chance: u64) -> i64 {
    let whole = FIRST.saturating_mul(1 << tries.saturating_sub(1).min(32)).min(LONGEST);
    let half = whole / 2;
    (whole - half + chance % (half + 1)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour_and_lie_between_half_and_whole() {
        for (tries, whole) in [(0, 5), (1, 5), (2, 10), (3, 20), (10, 2560), (11, 3600), (60, 3600), (u32::MAX, 3600)] {
            let pauses: Vec<_> = (0..4000).map(|chance| pause_secs(tries, chance)).collect();
            assert_eq!(pauses.iter().max(), Some(&whole), "{tries}");
            assert_eq!(pauses.iter().min(), Some(&(whole - whole / 2)), "{tries}");
        }
    }
}
