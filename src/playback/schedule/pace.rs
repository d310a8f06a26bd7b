//! How long reads take these days: what counts as late, and how fast a connection is. Pure; times are passed in.

use std::collections::VecDeque;
use std::time::Duration;

/// Times remembered for each size of chunk.
const REMEMBERED: usize = 32;
/// A chunk is never late before this: asking twice is worth it only when there is something to win.
const LATE_AT_LEAST: Duration = Duration::from_millis(250);
const LATE_FACTOR: u32 = 3;
const LATE_MARGIN: Duration = Duration::from_millis(200);
/// While nothing is known yet.
const LATE_UNKNOWN: Duration = Duration::from_secs(1);
/// 64 KiB up to 1 MiB, by powers of two.
const SIZES: usize = 5;

/// How long reads from one DC take, by size.
#[derive(Default)]
pub(super) struct Times {
    sizes: [VecDeque<Duration>; SIZES],
}

impl Times {
    pub fn add(&mut self, bytes: u32, took: Duration) {
        let times = &mut self.sizes[size(bytes)];
        if times.len() == REMEMBERED {
            times.pop_front();
        }
        times.push_back(took);
    }

    /// After how long a read of so many bytes is late: max(250 ms, min(3 x median, median + 200 ms)).
    pub fn late_after(&self, bytes: u32) -> Duration {
        // Larger ones take longer, so what is known of them will do as well.
        let known = self.sizes[size(bytes)..].iter().find_map(median);
        known.map_or(LATE_UNKNOWN, |median| LATE_AT_LEAST.max((median * LATE_FACTOR).min(median + LATE_MARGIN)))
    }
}

fn size(bytes: u32) -> usize {
    ((bytes / (64 * 1024)).max(1).ilog2() as usize).min(SIZES - 1)
}

fn median(times: &VecDeque<Duration>) -> Option<Duration> {
    let mut sorted: Vec<_> = times.iter().copied().collect();
    sorted.sort();
    sorted.get(sorted.len() / 2).copied()
}

const MIB: u64 = 1024 * 1024;
const FIRST_WINDOW: u64 = MIB;
const SMALLEST_WINDOW: u64 = 256 * 1024;
const LARGEST_WINDOW: u64 = 8 * MIB;
/// A window that is half as large again must bring this much more, or it only makes answers wait behind each other.
const WORTH_IT: f64 = 1.1;
/// What was measured is forgotten slowly, so that a network that became faster is found out.
const FADE: f64 = 0.99;
/// Of the newest measurement in the average.
const WEIGHT: f64 = 0.2;

/// One connection's window: bytes that may be in flight on it. Grows while it is full and growing makes it faster, halves on
/// a timeout.
pub(super) struct Window {
    bytes: u64,
    /// Bytes per second, as measured with a full window: a moving average.
    rate: f64,
    /// The most that was measured lately.
    peak: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self { bytes: FIRST_WINDOW, rate: 0.0, peak: 0.0 }
    }
}

impl Window {
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether there is room for a chunk beside what is in flight. Two of its size always have: while one arrives the next
    /// is on its way to the server.
    pub fn takes(&self, in_flight: u64, chunk: u64) -> bool {
        in_flight + chunk <= self.bytes.max(2 * chunk)
    }

    /// Bytes per second, once known.
    pub fn rate(&self) -> Option<f64> {
        (self.rate > 0.0).then_some(self.rate)
    }

    /// An answer came `took` after its question was sent, when `in_flight` bytes (its own included) were under way.
    pub fn answered(&mut self, in_flight: u64, took: Duration) {
        // All of them came within that time, more or less: it was the last.
        let rate = in_flight as f64 / took.as_secs_f64().max(0.000_1);
        let was_full = in_flight * 4 >= self.bytes * 3;
        // With little under way it is mostly the distance that takes time.
        if was_full {
            if rate > self.peak * WORTH_IT {
                self.bytes = (self.bytes * 3 / 2).min(LARGEST_WINDOW);
            }
            self.peak = rate.max(self.peak * FADE);
            self.rate = if self.rate == 0.0 { rate } else { self.rate + WEIGHT * (rate - self.rate) };
        }
    }

    pub fn timed_out(&mut self) {
        self.bytes = (self.bytes / 2).max(SMALLEST_WINDOW);
        (self.rate, self.peak) = (0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn late_is_said_of_what_takes_much_longer_than_usual() {
        let cases = [(10, 250), (60, 250), (90, 270), (100, 300), (150, 350), (1000, 1200)];
        for (usual, late) in cases {
            let mut times = Times::default();
            assert_eq!(times.late_after(64 * 1024), LATE_UNKNOWN);
            (0..40).for_each(|_| times.add(128 * 1024, ms(usual)));
            times.add(128 * 1024, ms(60_000));
            // Smaller ones cannot take longer.
            assert_eq!([64, 128].map(|kib| times.late_after(kib * 1024)), [ms(late); 2], "{usual} ms");
            assert_eq!(times.late_after(1024 * 1024), LATE_UNKNOWN);
        }
    }

    /// Plays a connection of so many bytes per second at that distance, with the window always full.
    fn settle(rate: u64, round_trip: Duration) -> Window {
        let mut window = Window::default();
        for _ in 0..50 {
            let chunk = 256 * 1024;
            let in_flight =
                (1..).map(|n| n * chunk).take_while(|n| window.takes(n - chunk, chunk)).last().unwrap_or(chunk);
            let send = |bytes: u64| Duration::from_secs_f64(bytes as f64 / rate as f64);
            window.answered(in_flight, (round_trip + send(chunk)).max(send(in_flight)));
        }
        window
    }

    #[test]
    fn a_window_grows_as_long_as_that_helps() {
        // A little more than what fills 6 MB/s at that distance; the rest would only wait.
        for (distance, most) in [(5, 1_600_000), (20, 1_600_000), (80, 1_600_000), (150, 2_400_000)] {
            let window = settle(6_000_000, ms(distance)).bytes();
            assert!((MIB..=most).contains(&window), "{window} at {distance} ms");
        }
        // A fast connection far away takes all there is.
        assert_eq!(settle(200_000_000, ms(80)).bytes(), LARGEST_WINDOW);
    }

    #[test]
    fn a_timeout_halves_it() {
        let mut window = settle(200_000_000, ms(80));
        window.timed_out();
        assert_eq!(window.bytes(), LARGEST_WINDOW / 2);
        (0..20).for_each(|_| window.timed_out());
        assert_eq!((window.bytes(), window.rate()), (SMALLEST_WINDOW, None));
    }
}
