//! How fast a connection is: a moving average over what it brought, weighted by bytes.

use std::time::Duration;

use tokio::time::Instant;

/// Weight of the newest measurement. Of a small answer's less: most of the time that it took is not its own.
const WEIGHT: f64 = 0.4;
const FULL_WEIGHT_BYTES: f64 = 1024.0 * 1024.0;
/// What is expected counts like an answer of so many bytes.
const EXPECTED_BYTES: f64 = 128.0 * 1024.0;
/// What is expected of a connection of which nothing is known: what Telegram usually gives, bytes per second.
pub(super) const USUAL_RATE: f64 = 5_000_000.0;
/// A speed that was measured so long ago is not a speed any more: whoever was slow gets another chance.
const MEMORY: Duration = Duration::from_secs(10);

pub(super) struct Throughput {
    /// Seconds that a byte takes, once it is its turn.
    per_byte: f64,
    /// Bytes that it was measured with.
    measured: f64,
    measured_at: Option<Instant>,
}

impl Default for Throughput {
    fn default() -> Self {
        Self { per_byte: 1.0 / USUAL_RATE, measured: EXPECTED_BYTES, measured_at: None }
    }
}

impl Throughput {
    /// Bytes per second, while known.
    pub fn rate(&self, now: Instant) -> Option<f64> {
        self.measured_at.filter(|at| now < *at + MEMORY).map(|_| 1.0 / self.per_byte)
    }

    /// Seconds that a byte takes, known or expected.
    pub fn secs_per_byte(&self) -> f64 {
        self.per_byte
    }

    /// So many bytes took that long each.
    pub fn record(&mut self, per_byte: f64, bytes: f64, at: Instant) {
        self.measured += bytes;
        let weight = (bytes / self.measured).max(WEIGHT * (bytes / FULL_WEIGHT_BYTES).min(1.0));
        self.per_byte += weight * (per_byte - self.per_byte);
        self.measured_at = Some(at);
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_follows_what_is_measured_and_is_forgotten_after_a_while() {
        let (now, mib) = (Instant::now(), 1024.0 * 1024.0);
        let mut throughput = Throughput::default();
        assert_eq!(throughput.rate(now), None);
        (0..10).for_each(|_| throughput.record(1.0 / 1_000_000.0, mib, now));
        let rate = throughput.rate(now).expect("measured");
        assert!((rate / 1_000_000.0 - 1.0).abs() < 0.02, "{rate}");
        // A small answer says little.
        throughput.record(1.0 / 100_000.0, 4096.0, now);
        assert!(throughput.rate(now).expect("measured") > 950_000.0);
        assert_eq!(throughput.rate(now + MEMORY), None);
    }
}
