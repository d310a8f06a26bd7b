//! Which connection takes a run: a pure function of (connections, request, now). It changes nothing; whoever follows the
//! choice reserves the bytes with [`Connections::reserve`](super::connections::Connections::reserve).
//!
//! ```text
//! all -> bots that see the post -> not inside a FLOOD_WAIT -> not resting after a failure -> not asked already
//!     -> open and not silent -> room in the window, for a program: and nothing of one under way -> not much slower than the soonest -> the best by rank
//! ```
//!
//! Where nothing is left, the step that left nothing says why and until when: [`Blocked`].

use std::cmp::Ordering;
use std::collections::HashSet;

use tokio::time::Instant;

use super::connections::Record;
use super::queue::Class;
use super::throughput::USUAL_RATE;
use crate::adapters::telegram::{BotIndex, ConnectionSlot, ConnectionState};

/// A bot without a reference to the file must ask for one first: a round trip or two. Seconds.
const UNKNOWN_FILE: f64 = 0.15;
/// A connection that takes so much longer than the best is not worth its chunk.
const MUCH_SLOWER: f64 = 1.5;
/// Connections whose speed is at least this part of the best one's are taken for equally fast: speeds are measured while
/// answers wait for each other, and what is piled up on the one that seems faster comes late.
const ALIKE: f64 = 0.5;
/// From so many bytes per second on, which connection is faster does not matter.
const FAST: f64 = 30_000_000.0;
/// How far beyond its window a connection goes for what a reader waits for.
const URGENT_ROOM: u64 = 512 * 1024;

/// A connection that may be chosen.
pub(super) struct Candidate<'a> {
    /// What the adapter says of it.
    pub state: &'a ConnectionState,
    /// What our own attempts on it came to.
    pub record: &'a Record,
    /// Its bot lately could not see the document.
    pub is_blind: bool,
}

/// What is to be read.
pub(super) struct Request<'a> {
    pub bytes: u64,
    pub class: Class,
    /// Nobody watches it, however pressing it has become.
    pub is_program: bool,
    /// Bots that were asked for it and do not see the post.
    pub unseen_by: &'a HashSet<BotIndex>,
    /// Connections that are being asked for it right now.
    pub asked: &'a [ConnectionSlot],
}

impl Request<'_> {
    fn is_urgent(&self) -> bool {
        self.class.is_urgent()
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// This one; and, because it has more to do than it should, that one could be opened.
    Use { slot: ConnectionSlot, open: Option<ConnectionSlot> },
    /// None now. A further connection could be opened where all have enough to do.
    Wait { why: Blocked, open: Option<ConnectionSlot> },
}

/// Why no connection can be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blocked {
    /// Every open connection has enough to do.
    Full,
    /// Every bot that sees the post is inside its FLOOD_WAIT until then.
    FloodWait(Instant),
    /// Every connection that could be asked rests until then.
    Resting(Instant),
    /// No bot sees the post.
    Unseen,
    /// No bot is signed in.
    NoBot,
}

/// The connection that brings a run soonest, among those that are well, see the post, have room and are not asked for it
/// already. What a reader waits for may go beyond a window rather than wait for room.
pub(super) fn choose(all: &[Candidate<'_>], request: &Request<'_>, now: Instant) -> Choice {
    let wait = |why| Choice::Wait { why, open: None };
    if all.is_empty() {
        return wait(Blocked::NoBot);
    }
    let mut left = who_sees_it(all, request);
    if left.is_empty() {
        return wait(Blocked::Unseen);
    }
    if let Some(until) = earliest(&left, |c| c.flood_wait(now)) {
        return wait(Blocked::FloodWait(until));
    }
    let closed = |c: &Candidate| c.flood_wait(now).max(c.rest(request, now));
    if let Some(until) = earliest(&left, closed) {
        return wait(Blocked::Resting(until));
    }
    left.retain(|c| closed(c).is_none() && !request.asked.contains(&c.state.slot));

    let ranking = Ranking::new(&left, request, now);
    let best = ranking.best(&left);
    let is_relaxed = best.is_some_and(|best| best.has_room(request.bytes, 0) && !best.is_busy(request.bytes));
    let open = (!is_relaxed).then(|| to_open(all, &left, now)).flatten();
    match best {
        Some(best) => Choice::Use { slot: best.state.slot, open },
        None => Choice::Wait { why: Blocked::Full, open },
    }
}

/// Those whose bots see the post, as far as known.
fn who_sees_it<'a, 'c>(all: &'a [Candidate<'c>], request: &Request<'_>) -> Vec<&'a Candidate<'c>> {
    let mut seeing: Vec<_> = all.iter().filter(|c| !request.unseen_by.contains(&c.state.slot.bot)).collect();
    // When all are remembered as blind, the memory may be what is wrong: ask again.
    if !seeing.iter().all(|c| c.is_blind) {
        seeing.retain(|c| !c.is_blind);
    }
    seeing
}

/// When the first of them opens; `None` when one is open already.
fn earliest(candidates: &[&Candidate<'_>], closed: impl Fn(&Candidate<'_>) -> Option<Instant>) -> Option<Instant> {
    candidates.iter().map(|c| closed(c)).min().flatten()
}

/// A connection to open: another one of the bot that has the fewest, when it is not about to open anyway.
fn to_open(all: &[Candidate<'_>], left: &[&Candidate<'_>], now: Instant) -> Option<ConnectionSlot> {
    let open_of = |bot| all.iter().filter(|c| c.state.is_open && c.state.slot.bot == bot).count();
    let closed = left.iter().filter(|c| !c.state.is_open && !c.record.is_opening(now)).map(|c| c.state.slot);
    closed.min_by_key(|slot| (open_of(slot.bot), slot.index))
}

impl Candidate<'_> {
    /// Until when Telegram asks its bot to wait.
    fn flood_wait(&self, now: Instant) -> Option<Instant> {
        self.state.shut_until.filter(|until| *until > now)
    }

    fn rest(&self, request: &Request<'_>, now: Instant) -> Option<Instant> {
        self.record.rests_until(request.is_urgent()).filter(|until| *until > now)
    }

    /// Bytes that it owes. What readers have given up still comes over it.
    fn load(&self) -> u64 {
        self.record.in_flight.max(self.state.due_bytes)
    }

    fn has_room(&self, bytes: u64, beyond: u64) -> bool {
        self.record.window.has_room(self.load().saturating_sub(beyond), bytes)
    }

    /// Whether nothing of a program's comes over it, so that what is sent for a viewer next waits for one chunk of theirs at most.
    /// What one has given up still comes, too.
    fn is_free_of_programs(&self) -> bool {
        self.record.of_programs == 0 && self.state.due_bytes <= self.record.in_flight
    }

    /// Behind two of its size a chunk would come sooner over a connection of its own, even where there is room.
    fn is_busy(&self, bytes: u64) -> bool {
        self.load() >= 2 * bytes.max(URGENT_ROOM)
    }

    /// A bot without a reference to the file has to ask for it. Seconds.
    fn asking(&self) -> f64 {
        if self.state.knows_file { 0.0 } else { UNKNOWN_FILE }
    }
}

/// Compares candidates for one request.
struct Ranking<'a> {
    request: &'a Request<'a>,
    now: Instant,
    best_rate: f64,
}

impl<'a> Ranking<'a> {
    fn new(left: &[&Candidate<'_>], request: &'a Request<'a>, now: Instant) -> Self {
        let best_rate = left.iter().filter_map(|c| c.record.window.rate(now)).fold(USUAL_RATE, f64::max);
        Self { request, now, best_rate }
    }

    fn best<'b, 'c>(&self, left: &[&'b Candidate<'c>]) -> Option<&'b Candidate<'c>> {
        let usable = || left.iter().copied().filter(|c| c.state.is_open && !c.record.is_silent(c.state.heard));
        // One that is much slower than the others would only hold the stream up: better to wait for one of them.
        let soonest = usable().map(|c| self.arrival(c)).fold(f64::INFINITY, f64::min);
        let is_worth_it = |c: &&Candidate| self.arrival(c) <= soonest * MUCH_SLOWER + c.asking();
        let beyond = if self.request.is_urgent() { URGENT_ROOM } else { 0 };
        let is_free = |c: &Candidate| !self.request.is_program || c.is_free_of_programs();
        let has_room = |c: &&Candidate| is_free(c) && (c.load() == 0 || c.has_room(self.request.bytes, beyond));
        let by_rank =
            |a: &&Candidate, b: &&Candidate| self.rank(a).partial_cmp(&self.rank(b)).unwrap_or(Ordering::Equal);
        usable().filter(|c| has_room(c) && is_worth_it(c)).min_by(by_rank)
    }

    /// Seconds until the run would be here, as far as one can tell; the lower the better. A connection of which nothing is
    /// known is expected to be as good as the best.
    fn arrival(&self, c: &Candidate<'_>) -> f64 {
        let rate = c.record.window.rate(self.now).unwrap_or(self.best_rate);
        // Within what measuring is worth, the least loaded is the soonest.
        let rate = if rate >= self.best_rate * ALIKE { self.best_rate } else { rate }.min(FAST);
        (c.load() + self.request.bytes) as f64 / rate + c.asking()
    }

    /// The lower the better: well before failed, punctual before late, another bot before the same one, soon before later,
    /// and equals in turn.
    fn rank(&self, c: &Candidate<'_>) -> (bool, bool, bool, f64, u64) {
        // A second attempt on the same bot would share what ails the first.
        let is_asked = self.request.asked.iter().any(|slot| slot.bot == c.state.slot.bot);
        let (record, now) = (c.record, self.now);
        (record.has_failed(now), record.is_late(now), is_asked, self.arrival(c), record.last_turn)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::congestion::Answer;
    use super::super::connections::Connections;
    use super::*;
    use crate::adapters::telegram::{ReadError, VolumeLocation};
    use crate::domain::file::Volume;
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;

    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    const DC: Dc = Dc(2);

    /// Two bots with two connections each, all open, and what is known of them.
    struct House {
        states: Vec<ConnectionState>,
        known: Connections,
        now: Instant,
        at: VolumeLocation,
    }

    fn slot(bot: usize, index: usize) -> ConnectionSlot {
        ConnectionSlot { bot: BotIndex(bot), index }
    }

    impl House {
        fn new() -> Self {
            let slots = [slot(0, 0), slot(0, 1), slot(1, 0), slot(1, 1)];
            let open = |slot| ConnectionState {
                slot,
                is_open: true,
                knows_file: true,
                heard: None,
                round_trip: None,
                due_bytes: 0,
                shut_until: None,
            };
            let volume = Volume { document: DocumentId(1), dc: DC, size: 64 * MIB };
            let at = VolumeLocation { volume, posts: Vec::new() };
            Self { states: slots.map(open).into(), known: Connections::default(), now: Instant::now(), at }
        }

        fn state(&mut self, slot: ConnectionSlot) -> &mut ConnectionState {
            self.states.iter_mut().find(|state| state.slot == slot).expect("there")
        }

        fn load(&mut self, slot: ConnectionSlot, bytes: u64) {
            let state = *self.state(slot);
            self.known.reserve(&state, DC, bytes, Class::Ahead);
        }

        fn failed(&mut self, slot: ConnectionSlot, error: ReadError) {
            self.known.failed((slot, DC), DocumentId(1), &error, self.now, self.now);
        }

        fn choose(&self, request: &Request<'_>) -> Choice {
            choose(&self.known.candidates(&self.at, &self.states, self.now), request, self.now)
        }

        /// Which connection takes so many bytes.
        fn pick(&self, class: Class, bytes: u64, asked: &[ConnectionSlot]) -> Option<ConnectionSlot> {
            match self.choose(&Request {
                bytes,
                class,
                is_program: class.is_program(),
                unseen_by: &HashSet::new(),
                asked,
            }) {
                Choice::Use { slot, .. } => Some(slot),
                Choice::Wait { .. } => None,
            }
        }

        fn blocked(&self, class: Class) -> Option<Blocked> {
            match self.choose(&Request { bytes: MIB, class, is_program: false, unseen_by: &HashSet::new(), asked: &[] })
            {
                Choice::Use { .. } => None,
                Choice::Wait { why, .. } => Some(why),
            }
        }
    }

    #[test]
    fn the_least_loaded_is_the_soonest_and_equals_take_turns() {
        let mut house = House::new();
        for wanted in [slot(0, 0), slot(0, 1), slot(1, 0), slot(1, 1)] {
            assert_eq!(house.pick(Class::Ahead, 64 * KIB, &[]), Some(wanted));
            house.load(wanted, 64 * KIB);
        }
        house.known.release((slot(1, 0), DC), 64 * KIB, Class::Ahead);
        assert_eq!(house.pick(Class::Ahead, 64 * KIB, &[]), Some(slot(1, 0)));
    }

    #[test]
    fn a_second_attempt_goes_to_another_bot() {
        let mut house = House::new();
        house.load(slot(1, 0), 128 * KIB);
        house.load(slot(1, 1), 128 * KIB);
        assert_eq!(house.pick(Class::Head, 64 * KIB, &[]), Some(slot(0, 0)));
        let other = house.pick(Class::Head, 512 * KIB, &[slot(0, 0)]).expect("one of the others");
        assert_eq!(other.bot, BotIndex(1), "also when it is more loaded");
    }

    #[test]
    fn choosing_changes_nothing() {
        let house = House::new();
        let picks: Vec<_> = (0..5).map(|_| house.pick(Class::Ahead, MIB, &[])).collect();
        assert!(picks.iter().all(|pick| *pick == picks[0]));
    }

    #[test]
    fn a_flood_wait_shuts_all_connections_of_its_bot_and_only_those() {
        let mut house = House::new();
        let (soon, later) = (house.now + Duration::from_secs(5), house.now + Duration::from_secs(9));
        for index in 0..2 {
            house.state(slot(0, index)).shut_until = Some(later);
        }
        assert_eq!(house.pick(Class::First, 64 * KIB, &[]).map(|slot| slot.bot), Some(BotIndex(1)));
        for index in 0..2 {
            house.state(slot(1, index)).shut_until = Some(soon);
        }
        assert_eq!(house.blocked(Class::First), Some(Blocked::FloodWait(soon)));
        house.now = soon;
        assert_eq!(house.blocked(Class::First), None);
    }

    #[test]
    fn what_failed_rests_and_what_a_reader_waits_for_rests_least() {
        let mut house = House::new();
        let slots: Vec<_> = house.states.iter().map(|state| state.slot).collect();
        for (n, slot) in slots.iter().enumerate() {
            for _ in 0..3 {
                house.now += Duration::from_millis(n as u64);
                house.failed(*slot, ReadError::Refused("no".to_owned()));
            }
            let is_last = n + 1 == slots.len();
            assert_eq!(matches!(house.blocked(Class::Ahead), Some(Blocked::Resting(_))), is_last);
        }
        house.now += Duration::from_millis(300);
        assert_eq!(house.blocked(Class::Head), None, "the shortest rest is over");
        assert!(matches!(house.blocked(Class::Ahead), Some(Blocked::Resting(_))), "a longer one is not");
    }

    #[test]
    fn without_a_bot_that_sees_the_post_it_says_so() {
        let mut house = House::new();
        let unseen_by = HashSet::from([BotIndex(0), BotIndex(1)]);
        let request = |unseen_by| Request { bytes: MIB, class: Class::First, is_program: false, unseen_by, asked: &[] };
        assert_eq!(house.choose(&request(&unseen_by)), Choice::Wait { why: Blocked::Unseen, open: None });
        // What is only remembered of earlier fetches does not count when it is all there is.
        house.failed(slot(0, 0), ReadError::NotVisible { bot: BotIndex(0) });
        assert_eq!(house.pick(Class::First, MIB, &[]).map(|slot| slot.bot), Some(BotIndex(1)));
        house.failed(slot(1, 0), ReadError::NotVisible { bot: BotIndex(1) });
        assert!(house.pick(Class::First, MIB, &[]).is_some());
        house.states.clear();
        assert_eq!(house.blocked(Class::First), Some(Blocked::NoBot));
    }

    #[test]
    fn a_full_window_is_gone_beyond_only_for_what_is_waited_for_and_another_connection_is_opened() {
        let mut house = House::new();
        house.state(slot(1, 1)).is_open = false;
        for other in [slot(0, 0), slot(0, 1), slot(1, 0)] {
            house.load(other, MIB);
            house.load(other, MIB);
        }
        let request =
            Request { bytes: MIB, class: Class::Ahead, is_program: false, unseen_by: &HashSet::new(), asked: &[] };
        assert_eq!(house.choose(&request), Choice::Wait { why: Blocked::Full, open: Some(slot(1, 1)) });
        house.known.opening((slot(1, 1), DC), house.now);
        assert_eq!(house.choose(&request), Choice::Wait { why: Blocked::Full, open: None });
        // 2 MiB are in flight where 1 MiB may be; half a MiB beyond is not enough for a whole one, but for little.
        for other in [slot(0, 0), slot(0, 1), slot(1, 0)] {
            house.known.release((other, DC), MIB, Class::Ahead);
        }
        assert_eq!(house.pick(Class::Ahead, 64 * KIB, &[]), None);
        assert!(house.pick(Class::Head, 64 * KIB, &[]).is_some());
    }

    #[test]
    fn one_that_is_much_slower_is_not_worth_it() {
        let mut house = House::new();
        let sent = house.now;
        for (slot, ms) in [(slot(0, 0), 200), (slot(0, 1), 200), (slot(1, 0), 200), (slot(1, 1), 5_000)] {
            house.state(slot).round_trip = Some(Duration::from_millis(20));
            house.load(slot, MIB);
            house.known.release((slot, DC), MIB, Class::Ahead);
            let answer = Answer { bytes: MIB, in_flight: MIB, sent, came: sent + Duration::from_millis(ms) };
            house.known.answered((slot, DC), &answer);
        }
        house.now += Duration::from_secs(6);
        for other in [slot(0, 0), slot(0, 1), slot(1, 0)] {
            house.load(other, 64 * KIB);
        }
        let picked = house.pick(Class::Ahead, 64 * KIB, &[]).expect("one of the fast ones");
        assert_ne!(picked, slot(1, 1));
    }

    #[test]
    fn a_silent_connection_gets_nothing_until_it_is_heard_again() {
        let mut house = House::new();
        let now = house.now;
        for other in [slot(0, 1), slot(1, 0), slot(1, 1)] {
            house.state(other).is_open = false;
        }
        house.known.silent((slot(0, 0), DC), now);
        assert_eq!(house.blocked(Class::Head), Some(Blocked::Full));
        house.state(slot(0, 0)).heard = Some(now + Duration::from_millis(1));
        assert_eq!(house.blocked(Class::Head), None);
    }
}
