//! How long reads take these days, by their size. What counts as late follows from it: see [`hedging`](super::hedging).

use std::collections::VecDeque;
use std::time::Duration;

/// Times remembered for each size of chunk.
const REMEMBERED: usize = 32;
/// 64 KiB up to 1 MiB, by powers of two.
const SIZES: usize = 5;

/// How long reads from one DC take.
#[derive(Default)]
pub(super) struct Latency {
    sizes: [Samples; SIZES],
}

/// The newest times of one size.
#[derive(Default)]
struct Samples {
    times: VecDeque<Duration>,
    /// Of `times`; asked for much more often than they change.
    median: Option<Duration>,
}

impl Latency {
    pub fn add(&mut self, bytes: u32, took: Duration) {
        self.sizes[size(bytes)].add(took);
    }

    /// The usual time of a read of so many bytes; `None` while nothing is known. Larger reads take longer, so what is known
    /// of them serves for smaller ones.
    pub fn median(&self, bytes: u32) -> Option<Duration> {
        self.sizes[size(bytes)..].iter().find_map(|samples| samples.median)
    }
}

impl Samples {
    fn add(&mut self, took: Duration) {
        if self.times.len() == REMEMBERED {
            self.times.pop_front();
        }
        self.times.push_back(took);
        let mut sorted: Vec<_> = self.times.iter().copied().collect();
        sorted.sort_unstable();
        self.median = sorted.get(sorted.len() / 2).copied();
    }
}

fn size(bytes: u32) -> usize {
    ((bytes / (64 * 1024)).max(1).ilog2() as usize).min(SIZES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_larger_reads_serves_for_smaller_ones_and_not_the_other_way_round() {
        let (mut latency, usual) = (Latency::default(), Duration::from_millis(90));
        assert_eq!(latency.median(64 * 1024), None);
        (0..40).for_each(|_| latency.add(128 * 1024, usual));
        latency.add(128 * 1024, Duration::from_secs(60));
        assert_eq!([64, 128, 1024].map(|kib| latency.median(kib * 1024)), [Some(usual), Some(usual), None]);
        // Old times are forgotten.
        (0..REMEMBERED).for_each(|_| latency.add(128 * 1024, usual * 2));
        assert_eq!(latency.median(128 * 1024), Some(usual * 2));
    }
}
