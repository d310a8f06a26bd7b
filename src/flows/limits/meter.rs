//! One stream: its bytes are counted, it keeps to its rate, and it ends when nothing is left.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use super::Shared;
use super::account::Account;
use super::tally::Tally;
use crate::domain::limits::Refusal;
use crate::domain::person::Role;

/// A stream may be ahead of its rate by what goes out in this time: a player's first bytes come at once.
const AHEAD: Duration = Duration::from_secs(1);

/// To be asked before each piece of a body, and told of it afterwards. Holds no bytes.
pub struct Meter {
    shared: Arc<Shared>,
    tally: Arc<Tally>,
    accounts: Vec<Arc<Account>>,
    pace: Option<Pace>,
}

impl Meter {
    /// `rate`: bytes per second.
    pub(super) fn new(shared: Arc<Shared>, tally: Arc<Tally>, accounts: Vec<Arc<Account>>, rate: Option<u64>) -> Self {
        Self { shared, tally, accounts, pace: rate.map(Pace::new) }
    }

    /// Ready when the next piece may go out. Errors: the stream has to end.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Refusal>> {
        for account in &self.accounts {
            account.check()?;
        }
        if let Some(pace) = &mut self.pace {
            ready!(pace.poll(cx));
        }
        Poll::Ready(Ok(()))
    }

    /// A piece went out.
    pub fn sent(&mut self, bytes: usize) {
        let bytes = bytes as u64;
        self.tally.sent(bytes);
        self.accounts.iter().for_each(|account| account.draw(bytes));
        if let Some(pace) = &mut self.pace {
            pace.sent(bytes, Instant::now());
        }
        let role = Role::ALL.iter().position(|role| *role == self.tally.asker.role);
        if let Some(sent) = role.and_then(|role| self.shared.counters.sent.get(role)) {
            sent.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if self.tally.leave() {
            self.shared.ended.notify_one();
        }
    }
}

/// Lets pieces out at a rate.
struct Pace {
    rate: u64,
    /// When everything sent so far would have gone out at the rate.
    due: Option<Instant>,
    wait: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    fn new(rate: u64) -> Self {
        Self { rate: rate.max(1), due: None, wait: None }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(wait) = &mut self.wait {
            ready!(wait.as_mut().poll(cx));
            self.wait = None;
        }
        Poll::Ready(())
    }

    fn sent(&mut self, bytes: u64, now: Instant) {
        // What a reader that paused did not take is not saved up.
        let due = self.due.map_or(now, |due| due.max(now));
        let due = due + Duration::from_secs_f64(bytes as f64 / self.rate as f64);
        self.due = Some(due);
        self.wait = due.checked_sub(AHEAD).filter(|until| *until > now).map(|until| Box::pin(sleep_until(until)));
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const MIB: u64 = 1 << 20;

    /// Seconds that it takes to send so many pieces, each after a pause of the reader's.
    async fn takes(rate: u64, pieces: u64, piece: u64, pause: Duration) -> f64 {
        let mut pace = Pace::new(rate);
        let began = Instant::now();
        for _ in 0..pieces {
            tokio::time::sleep(pause).await;
            poll_fn(|cx| pace.poll(cx)).await;
            pace.sent(piece, Instant::now());
        }
        began.elapsed().as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_keeps_to_its_rate_whatever_its_pieces_are() {
        for piece in [64 << 10, 512 << 10, 4 * MIB] {
            let pieces = 64 * MIB / piece;
            let secs = takes(2 * MIB, pieces, piece, Duration::ZERO).await;
            let wanted = 32.0 - AHEAD.as_secs_f64() - piece as f64 / (2 * MIB) as f64;
            assert!((secs - wanted).abs() < 0.1, "{piece}: {secs} s instead of {wanted}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_is_not_slowed_down_and_saves_nothing_up() {
        let slow = takes(2 * MIB, 10, MIB, Duration::from_secs(1)).await;
        assert!((slow - 10.0).abs() < 0.01, "{slow}");
        let mut pace = Pace::new(MIB);
        pace.sent(MIB, Instant::now());
        tokio::time::sleep(Duration::from_secs(3600)).await;
        let began = Instant::now();
        for _ in 0..10 {
            poll_fn(|cx| pace.poll(cx)).await;
            pace.sent(MIB, Instant::now());
        }
        assert!(began.elapsed() >= Duration::from_secs(8), "{:?}", began.elapsed());
    }
}
