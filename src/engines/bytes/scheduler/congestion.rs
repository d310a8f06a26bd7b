//! How long reads take these days: what counts as late, and how fast a connection is. Pure; times are passed in.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Latency remembered for each size of chunk.
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
pub(super) struct Latency {
    sizes: [VecDeque<Duration>; SIZES],
}

impl Latency {
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
/// How long answers may wait behind each other on a connection. Some waiting keeps it busy; more only makes it slow to turn
/// to what has become pressing, and what it still sends is lost when a reader seeks (the idea of LEDBAT, RFC 6817).
const QUEUEING: f64 = 0.1;
/// Of the newest measurement in an average. Of a small answer's less: most of the time that it took is not its own.
const WEIGHT: f64 = 0.4;
const WEIGHTY: f64 = 1024.0 * 1024.0;
/// What is expected counts like an answer of so many bytes.
const EXPECTED: f64 = 128.0 * 1024.0;
/// What is expected of a connection of which nothing is known: what Telegram usually gives, bytes per second.
pub(super) const USUAL_RATE: f64 = 5_000_000.0;
/// A speed that was measured so long ago is not a speed any more: whoever was slow gets another chance.
const RATE_MEMORY: Duration = Duration::from_secs(10);

/// One connection's window: bytes that may be in flight on it. Grows while it is full and answers come without waiting behind
/// each other, shrinks when they do, halves on a timeout.
pub(super) struct CongestionWindow {
    bytes: u64,
    /// Seconds that a byte takes, once it is its turn: a moving average.
    per_byte: f64,
    /// Bytes that it was measured with.
    measured: f64,
    /// The distance: as told, or the shortest time that anything took.
    round_trip: Option<f64>,
    last_answer: Option<Instant>,
    measured_at: Option<Instant>,
}

/// An answer that came.
pub(super) struct Answer {
    pub bytes: u64,
    /// On the connection when it was asked for, its own included.
    pub in_flight: u64,
    pub sent: Instant,
    pub came: Instant,
}

impl Default for CongestionWindow {
    fn default() -> Self {
        Self {
            bytes: FIRST_WINDOW,
            per_byte: 1.0 / USUAL_RATE,
            measured: EXPECTED,
            round_trip: None,
            last_answer: None,
            measured_at: None,
        }
    }
}

impl CongestionWindow {
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether there is room for a chunk beside what is in flight. Two of its size always have: while one arrives the next
    /// is on its way to the server.
    pub fn takes(&self, in_flight: u64, chunk: u64) -> bool {
        in_flight + chunk <= self.bytes.max(2 * chunk)
    }

    /// Bytes per second, while known.
    pub fn rate(&self, now: Instant) -> Option<f64> {
        self.measured_at.filter(|at| now < *at + RATE_MEMORY).map(|_| 1.0 / self.per_byte)
    }

    fn forget_rate(&mut self) {
        (self.per_byte, self.measured, self.measured_at) = (1.0 / USUAL_RATE, EXPECTED, None);
    }

    pub fn set_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = Some(round_trip.as_secs_f64());
    }

    pub fn answered(&mut self, answer: &Answer) {
        if self.rate(answer.came).is_none() {
            self.forget_rate();
        }
        let bytes = answer.bytes as f64;
        let took = (answer.came - answer.sent).as_secs_f64();
        let round_trip = self.round_trip.map_or(took, |known| known.min(took));
        self.round_trip = Some(round_trip);
        // Its turn came when the answer before it was there, or when it could be there at all.
        let ready = took - round_trip;
        let alone = self.last_answer.map_or(ready, |last| ready.min((answer.came - last).as_secs_f64()));
        let per_byte = alone.max(0.000_1) / bytes;
        self.last_answer = Some(answer.came);
        self.measure(per_byte, bytes, answer.came);

        let queued = took - round_trip - bytes * self.per_byte;
        let was_full = !self.takes(answer.in_flight, answer.bytes);
        let off_target = (QUEUEING - queued) / QUEUEING;
        if off_target > 0.0 && was_full {
            self.bytes += (bytes * off_target.min(1.0)) as u64;
        } else if off_target < 0.0 {
            self.bytes = self.bytes.saturating_sub((bytes / 2.0 * (-off_target).min(1.0)) as u64);
        }
        self.bytes = self.bytes.clamp(SMALLEST_WINDOW, LARGEST_WINDOW);
    }

    /// Another connection brought at `answer.came` what this one still owes: so slow it is at least.
    pub fn outrun(&mut self, answer: &Answer) {
        let owed = (answer.came - answer.sent).as_secs_f64() - self.round_trip.unwrap_or_default();
        let per_byte = owed / answer.in_flight as f64;
        if per_byte > self.per_byte {
            self.measure(per_byte, answer.bytes as f64, answer.came);
        }
    }

    fn measure(&mut self, per_byte: f64, bytes: f64, at: Instant) {
        self.measured += bytes;
        let weight = (bytes / self.measured).max(WEIGHT * (bytes / WEIGHTY).min(1.0));
        self.per_byte += weight * (per_byte - self.per_byte);
        self.measured_at = Some(at);
    }

    pub fn timed_out(&mut self) {
        self.bytes = (self.bytes / 2).max(SMALLEST_WINDOW);
        self.forget_rate();
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
            let mut times = Latency::default();
            assert_eq!(times.late_after(64 * 1024), LATE_UNKNOWN);
            (0..40).for_each(|_| times.add(128 * 1024, ms(usual)));
            times.add(128 * 1024, ms(60_000));
            // Smaller ones cannot take longer.
            assert_eq!([64, 128].map(|kib| times.late_after(kib * 1024)), [ms(late); 2], "{usual} ms");
            assert_eq!(times.late_after(1024 * 1024), LATE_UNKNOWN);
        }
    }

    /// Plays a connection of so many bytes per second at that distance, asked for chunks of that size for ten seconds
    /// whenever it has room. Answers the window, and bytes per second.
    fn settle(rate: u64, round_trip: Duration, chunk: u64) -> (CongestionWindow, f64) {
        let mut window = CongestionWindow::default();
        window.set_round_trip(round_trip);
        let begin = Instant::now();
        let (mut now, mut free_at, mut got) = (begin, begin, 0);
        let mut under_way: VecDeque<(Instant, Instant, u64)> = VecDeque::new();
        while now < begin + Duration::from_secs(10) {
            let mut in_flight = under_way.len() as u64 * chunk;
            while window.takes(in_flight, chunk) {
                in_flight += chunk;
                free_at = free_at.max(now + round_trip) + Duration::from_secs_f64(chunk as f64 / rate as f64);
                under_way.push_back((now, free_at, in_flight));
            }
            let Some((sent, came, in_flight)) = under_way.pop_front() else { break };
            (now, got) = (came, got + chunk);
            window.answered(&Answer { bytes: chunk, in_flight, sent, came });
        }
        (window, got as f64 / (now - begin).as_secs_f64())
    }

    #[test]
    fn a_window_grows_as_long_as_answers_do_not_wait_for_each_other() {
        for (rate, distance) in [(6_000_000, 5), (6_000_000, 20), (6_000_000, 150), (1_000_000, 80), (20_000_000, 80)] {
            for chunk in [128 * 1024, MIB] {
                let (window, got) = settle(rate, ms(distance), chunk);
                let full = rate as f64 * 0.97 / (1.0 + distance as f64 / 10_000.0);
                assert!(got >= full, "{got} of {rate} at {distance} ms by {chunk}");
                let needed = (rate as f64 * (ms(distance).as_secs_f64() + 2.0 * QUEUEING)) as u64;
                let most = needed.max(MIB) + 3 * chunk / 2;
                assert!(window.bytes() <= most, "{} at {rate}, {distance} ms by {chunk}", window.bytes());
                let known = window.rate(Instant::now()).expect("measured");
                assert!((known / rate as f64 - 1.0).abs() < 0.1, "{known} for {rate}");
            }
        }
        // A fast connection far away takes all there is.
        assert_eq!(settle(200_000_000, ms(80), MIB).0.bytes(), LARGEST_WINDOW);
    }

    #[test]
    fn who_is_outrun_is_taken_for_slow_until_that_is_forgotten() {
        let (begin, rate) =
            (Instant::now(), |window: &CongestionWindow, after| window.rate(after).map(|rate| rate as u64));
        let mut window = CongestionWindow::default();
        window.set_round_trip(ms(20));
        assert_eq!(rate(&window, begin), None);
        let outrun = |after| Answer { bytes: MIB, in_flight: MIB, sent: begin, came: begin + ms(after) };
        // What came sooner than it could have says nothing.
        window.outrun(&outrun(30));
        assert_eq!(rate(&window, begin), None);
        window.outrun(&outrun(1020));
        let known = rate(&window, begin + ms(1020)).expect("measured");
        assert!((1_000_000..1_300_000).contains(&known), "{known}");
        assert_eq!(rate(&window, begin + ms(1020) + RATE_MEMORY), None);
    }

    #[test]
    fn a_timeout_halves_it() {
        let (mut window, _) = settle(200_000_000, ms(80), MIB);
        window.timed_out();
        assert_eq!(window.bytes(), LARGEST_WINDOW / 2);
        (0..20).for_each(|_| window.timed_out());
        assert_eq!((window.bytes(), window.rate(Instant::now())), (SMALLEST_WINDOW, None));
    }
}
