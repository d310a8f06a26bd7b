//! When a new connection may be opened. Telegram punishes addresses that open many in a short time (transport error -429),
//! so all bots queue at one door for each DC.
//!
//! A -429 means more connections than there are. So a bot that has none open to the address tries one all the same, with
//! pauses that grow only while that one is refused; whoever has one already waits longer.

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Between two connections to one address.
const PAUSE: Duration = Duration::from_millis(250);
/// For more connections, after the first -429; twice as long after each further one.
const REFUSED_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// For a bot's only connection.
const ONLY_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_ONLY_PAUSE: Duration = Duration::from_secs(15);
/// A connection that has stood for so long was not refused: the next -429 is the first again.
const STANDS: Duration = Duration::from_secs(5);

pub struct Doorman {
    doors: Mutex<HashMap<SocketAddrV4, Door>>,
    bots: AtomicUsize,
    /// Somebody's turn may have come sooner.
    changed: watch::Sender<()>,
}

/// A bot, as the doorman knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BotNumber(usize);

/// How a connection, or the attempt to open it, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// -429.
    Refused,
    Otherwise,
}

struct Door {
    /// Nobody goes through before.
    next: Instant,
    more: Refusals,
    bots: HashMap<BotNumber, Own>,
}

#[derive(Default)]
struct Own {
    open: usize,
    opening: usize,
    only: Refusals,
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

impl Door {
    /// Goes through now, or when to ask again. Who replaces a connection that was cut `goes_first`.
    fn enter(&mut self, bot: BotNumber, goes_first: bool, now: Instant) -> Result<(), Instant> {
        let own = self.bots.entry(bot).or_default();
        let is_only = own.open == 0 && own.opening == 0;
        let pause = if is_only { own.only.until } else { self.more.until };
        let is_calm = self.more.until.is_none_or(|until| until <= now);
        let queue = if goes_first && is_calm { now } else { self.next };
        let turn = queue.max(pause.unwrap_or(now));
        if turn > now {
            return Err(turn);
        }
        own.opening += 1;
        self.next = self.next.max(now + PAUSE);
        Ok(())
    }

    fn opened(&mut self, bot: BotNumber, now: Instant) {
        let own = self.bots.entry(bot).or_default();
        own.opening = own.opening.saturating_sub(1);
        own.open += 1;
        (own.only.opened, self.more.opened) = (Some(now), Some(now));
    }

    fn ended(&mut self, bot: BotNumber, was_open: bool, how: Ended, now: Instant) {
        let own = self.bots.entry(bot).or_default();
        let count = if was_open { &mut own.open } else { &mut own.opening };
        *count = count.saturating_sub(1);
        if how == Ended::Refused {
            self.more.add(now, REFUSED_PAUSE, LONGEST_PAUSE);
            if own.open == 0 {
                own.only.add(now, ONLY_PAUSE, LONGEST_ONLY_PAUSE);
            }
        }
    }
}

impl Default for Doorman {
    fn default() -> Self {
        Self { doors: Mutex::default(), bots: AtomicUsize::new(0), changed: watch::Sender::new(()) }
    }
}

impl Doorman {
    /// A number for another bot.
    pub fn number(&self) -> BotNumber {
        BotNumber(self.bots.fetch_add(1, Ordering::Relaxed))
    }

    /// Waits for a bot's turn to open a connection. Who replaces a connection that was cut `goes_first`, at once. What comes
    /// of it must be told ([`Self::opened`], [`Self::ended`]).
    pub async fn turn(&self, address: SocketAddrV4, bot: BotNumber, goes_first: bool) {
        let mut changed = self.changed.subscribe();
        while let Err(turn) = self.with(address, |door| door.enter(bot, goes_first, Instant::now())) {
            tokio::select! {
                () = sleep_until(turn) => {}
                _ = changed.changed() => {}
            }
        }
    }

    pub fn opened(&self, address: SocketAddrV4, bot: BotNumber) {
        self.with(address, |door| door.opened(bot, Instant::now()));
    }

    /// An open connection is over, or the attempt to open one failed.
    pub fn ended(&self, address: SocketAddrV4, bot: BotNumber, was_open: bool, how: Ended) {
        self.with(address, |door| door.ended(bot, was_open, how, Instant::now()));
        self.changed.send_replace(());
    }

    fn with<T>(&self, address: SocketAddrV4, act: impl FnOnce(&mut Door) -> T) -> T {
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Door { next: Instant::now(), more: Refusals::default(), bots: HashMap::new() };
        act(doors.entry(address).or_insert_with(new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: BotNumber = BotNumber(0);
    const B: BotNumber = BotNumber(1);
    const MS: Duration = Duration::from_millis(1);

    struct At {
        door: Door,
        start: Instant,
    }

    impl At {
        fn new() -> Self {
            let start = Instant::now();
            Self { door: Door { next: start, more: Refusals::default(), bots: HashMap::new() }, start }
        }

        /// Milliseconds that a bot waits from then on; it does not go.
        fn waits(&mut self, ms: u32, bot: BotNumber, goes_first: bool) -> u128 {
            let now = self.start + MS * ms;
            let waits = self.door.enter(bot, goes_first, now).err().map_or(0, |turn| (turn - now).as_millis());
            if waits == 0 {
                self.door.bots.entry(bot).or_default().opening -= 1;
            }
            waits
        }

        fn open(&mut self, ms: u32, bot: BotNumber) {
            let now = self.start + MS * ms;
            assert_eq!(self.door.enter(bot, false, now), Ok(()), "at {ms}");
            self.door.opened(bot, now);
        }

        fn ends(&mut self, ms: u32, bot: BotNumber, how: Ended) {
            self.door.ended(bot, true, how, self.start + MS * ms);
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
    fn a_refusal_is_for_more_connections_and_not_for_the_only_one() {
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
        assert_eq!(at.waits(2_500, A, false), 8_500, "the pause for more goes on");
    }

    #[test]
    fn the_only_one_is_tried_within_a_second_and_with_growing_pauses_while_it_is_refused() {
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
    fn refusals_of_more_close_the_door_longer_each_time_up_to_a_limit() {
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
    async fn who_waits_for_more_goes_at_once_when_it_has_become_the_only_one() {
        let address = SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, 443);
        let doorman = Doorman::default();
        let bot = doorman.number();
        for _ in 0..2 {
            doorman.turn(address, bot, false).await;
            doorman.opened(address, bot);
        }
        doorman.ended(address, bot, true, Ended::Refused);
        let begin = Instant::now();
        tokio::join!(doorman.turn(address, bot, true), async {
            tokio::task::yield_now().await;
            doorman.ended(address, bot, true, Ended::Otherwise);
        });
        assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    }
}
