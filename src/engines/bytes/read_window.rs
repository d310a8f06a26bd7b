//! How far ahead of its reader a stream fetches. Pure; times are passed in.
//!
//! It grows while the reader has to wait, unless several streams wait for connections: then larger windows would only make
//! all of them wait longer, and they shrink until the streams are equal. It also shrinks to what the reader's own speed
//! needs: drain rate x the time that a chunk takes. So a player at 40 Mbit/s holds half a megabyte, a download on a distant
//! line up to 16 MiB, a paused film next to nothing.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::chunk_plan::{BLOCK, CELL};

pub(super) const SMALLEST: u64 = 256 * 1024;
pub(super) const LARGEST: u64 = 16 * 1024 * 1024;
/// Over what the drain rate needs: rates of players go up and down.
const SLACK: f64 = 1.5;
/// The drain rate is measured over at least this long.
const SAMPLE: Duration = Duration::from_millis(200);
/// Weight of the newest sample.
const WEIGHT: f64 = 0.3;
/// A reader who has waited lately does not shrink its window.
const CALM: Duration = Duration::from_secs(1);
/// Chunks are no larger than what the reader takes in this time: larger ones take longer to come, and need more room.
const CHUNK: f64 = 0.05;
/// The most that is handed on at once: the HTTP server copies it into a buffer that it keeps as large, and each time it
/// sends, somebody is woken. So it is small for a player, and larger for who takes it in less than this time.
const PIECE: std::ops::RangeInclusive<usize> = 64 * 1024..=512 * 1024;
const PIECE_TIME: f64 = 0.01;

pub(super) struct ReadWindow {
    bytes: u64,
    /// Bytes per second that the reader takes; 0 until known.
    drain: f64,
    /// How long a chunk takes from the question to its arrival.
    latency: Duration,
    starved_at: Option<Instant>,
    grows_from: Option<Instant>,
    is_contended: bool,
    sample_since: Instant,
    sampled: u64,
}

impl ReadWindow {
    pub fn new(now: Instant) -> Self {
        Self {
            bytes: SMALLEST,
            drain: 0.0,
            latency: Duration::ZERO,
            starved_at: None,
            grows_from: None,
            is_contended: false,
            sample_since: now,
            sampled: 0,
        }
    }

    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How large chunks may be: at least two fit, so that one is on its way while the other is read.
    pub fn chunk(&self) -> u64 {
        let half = self.bytes / 2;
        let most = if self.drain > 0.0 { half.min((self.drain * CHUNK) as u64) } else { half };
        (1 << most.max(1).ilog2()).clamp(SMALLEST / 2, BLOCK)
    }

    /// How much to hand on at once.
    pub fn piece(&self) -> usize {
        ((self.drain * PIECE_TIME) as usize).clamp(*PIECE.start(), *PIECE.end())
    }

    /// Whether several streams wait for connections now.
    pub fn set_contended(&mut self, is_contended: bool) {
        self.is_contended = is_contended;
    }

    /// The reader waits for its head.
    pub fn starved(&mut self, now: Instant) {
        self.starved_at = Some(now);
        if self.is_contended || self.grows_from.is_some_and(|from| now < from) {
            return;
        }
        self.bytes = (self.bytes * 2).min(LARGEST);
        // What was asked for because of it is here one latency later; before, nobody knows whether it was enough.
        self.grows_from = Some(now + self.latency);
    }

    /// A chunk came, `took` after it was asked for.
    pub fn arrived(&mut self, took: Duration) {
        self.latency = if self.latency.is_zero() { took } else { (self.latency * 3 + took) / 4 };
    }

    /// The reader took so many bytes.
    pub fn taken(&mut self, bytes: u64, now: Instant) {
        self.sampled += bytes;
        let elapsed = now - self.sample_since;
        if elapsed < SAMPLE {
            return;
        }
        let rate = self.sampled as f64 / elapsed.as_secs_f64();
        self.drain = if self.drain == 0.0 { rate } else { self.drain + WEIGHT * (rate - self.drain) };
        (self.sample_since, self.sampled) = (now, 0);
        if self.is_contended {
            self.bytes = (self.bytes * 3 / 4).max(SMALLEST);
        }
        if self.starved_at.is_some_and(|at| now < at + CALM) {
            return;
        }
        let needed = (self.drain * self.latency.as_secs_f64() * SLACK) as u64 + CELL;
        if self.bytes > needed {
            self.bytes = (self.bytes * 3 / 4).max(needed).max(SMALLEST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;
    const LATENCY: Duration = Duration::from_millis(100);

    /// A reader behind a line that gives so many bytes a second at most, and no more than a window in each 100 ms; who takes
    /// `wants` of them. For so many seconds.
    fn read(window: &mut ReadWindow, now: &mut Instant, wants: u64, line: u64, secs: u64) {
        for _ in 0..secs * 10 {
            *now += Duration::from_millis(100);
            let comes = (line / 10).min(window.bytes());
            if comes < wants / 10 {
                window.starved(*now);
            }
            window.arrived(LATENCY);
            window.taken(comes.min(wants / 10), *now);
        }
    }

    #[test]
    fn a_reader_who_waits_gets_more_once_per_round() {
        let mut now = Instant::now();
        let mut window = ReadWindow::new(now);
        window.arrived(LATENCY);
        window.starved(now);
        window.starved(now);
        assert_eq!(window.bytes(), 2 * SMALLEST);
        read(&mut window, &mut now, 1000 * MIB, 1000 * MIB, 5);
        assert_eq!((window.bytes(), window.chunk()), (LARGEST, BLOCK));
    }

    #[test]
    fn while_several_wait_for_connections_it_comes_down_however_long_its_reader_waits() {
        let mut now = Instant::now();
        let mut window = ReadWindow::new(now);
        read(&mut window, &mut now, 1000 * MIB, 1000 * MIB, 5);
        window.set_contended(true);
        read(&mut window, &mut now, 1000 * MIB, 1_000_000, 10);
        assert_eq!(window.bytes(), SMALLEST);
    }

    #[test]
    fn a_player_comes_down_to_what_its_speed_needs() {
        let mut now = Instant::now();
        let mut window = ReadWindow::new(now);
        read(&mut window, &mut now, 1000 * MIB, 1000 * MIB, 5);
        // 5 MB/s for which a chunk takes 100 ms: half a megabyte, and some more.
        read(&mut window, &mut now, 5_000_000, 1000 * MIB, 5);
        assert!((700_000..1_000_000).contains(&window.bytes()), "{}", window.bytes());
        assert_eq!(window.chunk(), 128 * 1024);
        read(&mut window, &mut now, 10, 1000 * MIB, 20);
        assert_eq!((window.bytes(), window.chunk()), (SMALLEST, 128 * 1024));
    }
}
