//! How many bytes may be in flight on one connection: a delay-based congestion window (the idea of LEDBAT, RFC 6817). Pure;
//! times are passed in.
//!
//! It grows while it is full and answers come without waiting behind each other, shrinks when they wait longer than a target,
//! and halves on a timeout. Some waiting keeps a connection busy; more only makes it slow to turn to what has become urgent,
//! and what it still sends is lost when a reader seeks.

use std::time::Duration;

use tokio::time::Instant;

use super::throughput::Throughput;

const MIB: u64 = 1024 * 1024;
const FIRST: u64 = MIB;
const SMALLEST: u64 = 256 * 1024;
const LARGEST: u64 = 8 * MIB;
/// How long answers may wait behind each other, in seconds (LEDBAT's TARGET).
const TARGET: f64 = 0.1;

pub(super) struct CongestionWindow {
    bytes: u64,
    throughput: Throughput,
    /// The distance in seconds: as the adapter says, or the shortest time that anything took.
    round_trip: Option<f64>,
    last_answer: Option<Instant>,
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
        Self { bytes: FIRST, throughput: Throughput::default(), round_trip: None, last_answer: None }
    }
}

impl CongestionWindow {
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether there is room for a chunk beside what is in flight. Two of its size always have: while one arrives the next
    /// is on its way to the server.
    pub fn has_room(&self, in_flight: u64, chunk: u64) -> bool {
        in_flight + chunk <= self.bytes.max(2 * chunk)
    }

    /// Bytes per second, while known.
    pub fn rate(&self, now: Instant) -> Option<f64> {
        self.throughput.rate(now)
    }

    pub fn set_round_trip(&mut self, round_trip: Duration) {
        self.round_trip = Some(round_trip.as_secs_f64());
    }

    pub fn answered(&mut self, answer: &Answer) {
        if self.rate(answer.came).is_none() {
            self.throughput.forget();
        }
        let bytes = answer.bytes as f64;
        let took = (answer.came - answer.sent).as_secs_f64();
        let round_trip = self.round_trip.map_or(took, |known| known.min(took));
        self.round_trip = Some(round_trip);
        // Its turn came when the answer before it was there, or when it could be there at all.
        let ready = took - round_trip;
        let alone = self.last_answer.map_or(ready, |last| ready.min((answer.came - last).as_secs_f64()));
        self.last_answer = Some(answer.came);
        self.throughput.record(alone.max(0.000_1) / bytes, bytes, answer.came);

        let queued = took - round_trip - bytes * self.throughput.secs_per_byte();
        let was_full = !self.has_room(answer.in_flight, answer.bytes);
        let off_target = (TARGET - queued) / TARGET;
        if off_target > 0.0 && was_full {
            self.bytes += (bytes * off_target.min(1.0)) as u64;
        } else if off_target < 0.0 {
            self.bytes = self.bytes.saturating_sub((bytes / 2.0 * (-off_target).min(1.0)) as u64);
        }
        self.bytes = self.bytes.clamp(SMALLEST, LARGEST);
    }

    /// Another connection brought at `answer.came` what this one still owes: so slow it is at least.
    pub fn outrun(&mut self, answer: &Answer) {
        let owed = (answer.came - answer.sent).as_secs_f64() - self.round_trip.unwrap_or_default();
        let per_byte = owed / answer.in_flight as f64;
        if per_byte > self.throughput.secs_per_byte() {
            self.throughput.record(per_byte, answer.bytes as f64, answer.came);
        }
    }

    pub fn timed_out(&mut self) {
        self.bytes = (self.bytes / 2).max(SMALLEST);
        self.throughput.forget();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Plays a connection of so many bytes per second at that distance, asked for chunks of that size for ten seconds
    /// whenever it has room. Returns the window, and bytes per second.
    fn play(rate: u64, round_trip: Duration, chunk: u64) -> (CongestionWindow, f64) {
        let mut window = CongestionWindow::default();
        window.set_round_trip(round_trip);
        let begin = Instant::now();
        let (mut now, mut free_at, mut got) = (begin, begin, 0);
        let mut under_way: VecDeque<(Instant, Instant, u64)> = VecDeque::new();
        while now < begin + Duration::from_secs(10) {
            let mut in_flight = under_way.len() as u64 * chunk;
            while window.has_room(in_flight, chunk) {
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
                let (window, got) = play(rate, ms(distance), chunk);
                let full = rate as f64 * 0.97 / (1.0 + distance as f64 / 10_000.0);
                assert!(got >= full, "{got} of {rate} at {distance} ms by {chunk}");
                let needed = (rate as f64 * (ms(distance).as_secs_f64() + 2.0 * TARGET)) as u64;
                let most = needed.max(MIB) + 3 * chunk / 2;
                assert!(window.bytes() <= most, "{} at {rate}, {distance} ms by {chunk}", window.bytes());
                let known = window.rate(Instant::now()).expect("measured");
                assert!((known / rate as f64 - 1.0).abs() < 0.1, "{known} for {rate}");
            }
        }
        // A fast connection far away takes all there is.
        assert_eq!(play(200_000_000, ms(80), MIB).0.bytes(), LARGEST);
    }

    #[test]
    fn who_is_outrun_is_taken_for_slow_until_that_is_forgotten() {
        let begin = Instant::now();
        let rate = |window: &CongestionWindow, after| window.rate(after).map(|rate| rate as u64);
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
        assert_eq!(rate(&window, begin + ms(1020) + Duration::from_secs(10)), None);
    }

    #[test]
    fn a_timeout_halves_it() {
        let (mut window, _) = play(200_000_000, ms(80), MIB);
        window.timed_out();
        assert_eq!(window.bytes(), LARGEST / 2);
        (0..20).for_each(|_| window.timed_out());
        assert_eq!((window.bytes(), window.rate(Instant::now())), (SMALLEST, None));
    }
}
