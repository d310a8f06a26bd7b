//! When a new connection may be opened. Telegram punishes machines that open many in a short time (transport error -429), so
//! all bots share one queue for each address of Telegram's.
//!
//! A -429 refuses connections beyond those that are open. So a bot with none open to the address tries one all the same, with
//! pauses that grow only while that one is refused; a bot that has one already waits longer.

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::BotIndex;

/// Between two connections to one address.
const PAUSE: Duration = Duration::from_millis(250);
/// For further connections of a bot, after the first -429; twice as long after each further one.
const REFUSED_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// For a bot's first connection.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_FIRST_PAUSE: Duration = Duration::from_secs(15);
/// A connection that has stood for so long was not refused: the next -429 is the first again.
const STANDS: Duration = Duration::from_secs(5);

/// One for all bots of a program.
pub struct ConnectLimiter {
    endpoints: Mutex<HashMap<SocketAddrV4, Endpoint>>,
    /// A permit may be free sooner than was said.
    changed: watch::Sender<()>,
}

/// How a connection, or the attempt to open it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// -429.
    Refused,
    Otherwise,
}

/// One address of Telegram's.
struct Endpoint {
    /// No connection is opened before.
    next: Instant,
    /// Of connections beyond a bot's first.
    further: Refusals,
    bots: HashMap<BotIndex, OfBot>,
}

#[derive(Default)]
struct OfBot {
    open: usize,
    opening: usize,
    /// Of its first connection.
    first: Refusals,
}

/// -429 in a row.
#[derive(Default)]
struct Refusals {
    count: u32,
    until: Option<Instant>,
    /// When a connection was last opened.
    opened: Option<Instant>,
}

impl Refusals {
    fn add(&mut self, now: Instant, first: Duration, longest: Duration) {
        if self.opened.is_some_and(|at| now >= at + STANDS) {
            self.count = 0;
        }
        let pause = longest.min(first * 2u32.saturating_pow(self.count.min(10)));
        self.count += 1;
        self.opened = None;
        self.until = self.until.max(Some(now + pause));
    }
}

impl Endpoint {
    /// Takes a permit, or returns when to ask again. The replacement of a connection that was cut does not queue.
    fn try_acquire(&mut self, bot: BotIndex, is_replacement: bool, now: Instant) -> Result<(), Instant> {
        let of_bot = self.bots.entry(bot).or_default();
        let is_first = of_bot.open == 0 && of_bot.opening == 0;
        let pause = if is_first { of_bot.first.until } else { self.further.until };
        let is_calm = self.further.until.is_none_or(|until| until <= now);
        let queue = if is_replacement && is_calm { now } else { self.next };
        let turn = queue.max(pause.unwrap_or(now));
        if turn > now {
            return Err(turn);
        }
        of_bot.opening += 1;
        self.next = self.next.max(now + PAUSE);
        Ok(())
    }

    fn opened(&mut self, bot: BotIndex, now: Instant) {
        let of_bot = self.bots.entry(bot).or_default();
        of_bot.opening = of_bot.opening.saturating_sub(1);
        of_bot.open += 1;
        (of_bot.first.opened, self.further.opened) = (Some(now), Some(now));
    }

    fn ended(&mut self, bot: BotIndex, was_open: bool, how: Ended, now: Instant) {
        let of_bot = self.bots.entry(bot).or_default();
        let count = if was_open { &mut of_bot.open } else { &mut of_bot.opening };
        *count = count.saturating_sub(1);
        if how == Ended::Refused {
            self.further.add(now, REFUSED_PAUSE, LONGEST_PAUSE);
            if of_bot.open == 0 {
                of_bot.first.add(now, FIRST_PAUSE, LONGEST_FIRST_PAUSE);
            }
        }
    }
}

impl Default for ConnectLimiter {
    fn default() -> Self {
        Self { endpoints: Mutex::default(), changed: watch::Sender::new(()) }
    }
}

impl ConnectLimiter {
    /// Waits until a bot may open a connection; the replacement of one that was cut need not queue. The outcome must be
    /// reported ([`Self::opened`], [`Self::ended`]).
    pub async fn acquire(&self, address: SocketAddrV4, bot: BotIndex, is_replacement: bool) {
        let mut changed = self.changed.subscribe();
        while let Err(turn) = self.with(address, |endpoint| endpoint.try_acquire(bot, is_replacement, Instant::now())) {
            tokio::select! {
                () = sleep_until(turn) => {}
                _ = changed.changed() => {}
            }
        }
    }

    pub fn opened(&self, address: SocketAddrV4, bot: BotIndex) {
        self.with(address, |endpoint| endpoint.opened(bot, Instant::now()));
    }

    /// An open connection is over, or the attempt to open one failed.
    pub fn ended(&self, address: SocketAddrV4, bot: BotIndex, was_open: bool, how: Ended) {
        self.with(address, |endpoint| endpoint.ended(bot, was_open, how, Instant::now()));
        self.changed.send_replace(());
    }

    fn with<T>(&self, address: SocketAddrV4, act: impl FnOnce(&mut Endpoint) -> T) -> T {
        let mut endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Endpoint { next: Instant::now(), further: Refusals::default(), bots: HashMap::new() };
        act(endpoints.entry(address).or_insert_with(new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: BotIndex = BotIndex(0);
    const B: BotIndex = BotIndex(1);
    const MS: Duration = Duration::from_millis(1);

    struct At {
        endpoint: Endpoint,
        start: Instant,
    }

    impl At {
        fn new() -> Self {
            let start = Instant::now();
            Self { endpoint: Endpoint { next: start, further: Refusals::default(), bots: HashMap::new() }, start }
        }

        /// Milliseconds that a bot waits from then on; it does not go.
        fn waits(&mut self, ms: u32, bot: BotIndex, is_replacement: bool) -> u128 {
            let now = self.start + MS * ms;
            let waits =
                self.endpoint.try_acquire(bot, is_replacement, now).err().map_or(0, |turn| (turn - now).as_millis());
            if waits == 0 {
                self.endpoint.bots.entry(bot).or_default().opening -= 1;
            }
            waits
        }

        fn open(&mut self, ms: u32, bot: BotIndex) {
            let now = self.start + MS * ms;
            assert_eq!(self.endpoint.try_acquire(bot, false, now), Ok(()), "at {ms}");
            self.endpoint.opened(bot, now);
        }

        fn ends(&mut self, ms: u32, bot: BotIndex, how: Ended) {
            self.endpoint.ended(bot, true, how, self.start + MS * ms);
        }
    }

    #[test]
    fn connections_are_opened_one_after_the_other_but_a_cut_one_at_once() {
        let mut at = At::new();
        at.open(0, A);
        assert_eq!([at.waits(0, B, false), at.waits(100, B, false)], [250, 150]);
        at.ends(100, A, Ended::Otherwise);
        assert_eq!(at.waits(100, A, true), 0);
        // And the next waits for it as well.
        assert_eq!(at.waits(100, B, false), 250);
    }

    #[test]
    fn a_refusal_is_of_further_connections_and_not_of_the_first() {
        let mut at = At::new();
        for (ms, bot) in [(0, A), (300, A), (600, B), (900, B)] {
            at.open(ms, bot);
        }
        at.ends(1_000, A, Ended::Refused);
        at.ends(1_000, B, Ended::Refused);
        // Both have one left.
        assert_eq!([at.waits(1_500, A, true), at.waits(1_500, B, false)], [9_500; 2]);
        // It is cut, with all others.
        at.ends(2_000, A, Ended::Otherwise);
        at.ends(2_000, B, Ended::Otherwise);
        at.open(2_000, A);
        assert_eq!(at.waits(2_000, B, true), 250, "one after the other");
        at.open(2_250, B);
        assert_eq!(at.waits(2_500, A, false), 8_500, "the pause for further ones goes on");
    }

    #[test]
    fn the_first_is_tried_within_a_second_and_with_growing_pauses_while_it_is_refused() {
        let mut at = At::new();
        let (mut now, mut pauses) = (0, Vec::new());
        for _ in 0..8 {
            at.open(now, A);
            at.ends(now, A, Ended::Refused);
            let pause = at.waits(now, A, true) as u32;
            pauses.push(pause);
            now += pause;
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
        // Once one has stood for a while, it is the first again.
        at.open(now, A);
        at.ends(now + 6_000, A, Ended::Refused);
        assert_eq!(at.waits(now + 6_000, A, true), 500);
    }

    #[test]
    fn refusals_of_further_connections_pause_longer_each_time_up_to_a_limit() {
        let mut at = At::new();
        at.open(0, B);
        let (mut now, mut before) = (1_000, 0);
        for n in 0..12 {
            at.open(now, A);
            at.open(now + 500, B);
            at.ends(now + 500, B, Ended::Refused);
            let pause = at.waits(now + 500, B, false);
            assert!(pause > before || pause == LONGEST_PAUSE.as_millis(), "{n}: {pause} after {before}");
            before = pause;
            at.ends(now + 500, A, Ended::Otherwise);
            now += 1_000 + pause as u32;
        }
    }

    #[tokio::test]
    async fn a_further_connection_is_opened_at_once_when_it_has_become_the_first() {
        let address = SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 443);
        let limiter = ConnectLimiter::default();
        let bot = BotIndex(0);
        for _ in 0..2 {
            limiter.acquire(address, bot, false).await;
            limiter.opened(address, bot);
        }
        limiter.ended(address, bot, true, Ended::Refused);
        let begin = Instant::now();
        tokio::join!(limiter.acquire(address, bot, true), async {
            tokio::task::yield_now().await;
            limiter.ended(address, bot, true, Ended::Otherwise);
        });
        assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    }
}
