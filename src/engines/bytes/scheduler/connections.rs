//! What is known of each connection, and which of them takes a chunk. Remembered for all streams:
//!
//! | answer | then |
//! | --- | --- |
//! | bytes | its window may grow |
//! | FLOOD_WAIT | the bot's gate is shut for exactly that long |
//! | not visible | the bot is not asked for this document for a while |
//! | no answer in time | its window halves, and it rests |
//! | anything else | it rests, longer each time |

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use super::congestion::{Answer, CongestionWindow, Latency, USUAL_RATE};
use super::queue::Class;
use crate::adapters::telegram::{BotIndex, ConnectionSlot, ConnectionState, ReadError, VolumeLocation};
use crate::domain::post::DocumentId;
use crate::domain::telegram_id::Dc;
use crate::engines::bytes::metrics::ConnectionLoad;

/// How long a connection rests after its first failure; twice as long after each further one. A chunk that its reader waits
/// for tries it again after the shortest rest when nothing better is left, so that an outage that is over is noticed.
const REST: Duration = Duration::from_millis(250);
const LONGEST_REST: Duration = Duration::from_secs(8);
/// How long a connection that was late comes last.
const LATE_MEMORY: Duration = Duration::from_secs(10);
/// How long a bot is not asked for a document that it could not see. Short: somebody may be adding it to the channel now.
const BLIND_MEMORY: Duration = Duration::from_secs(60);
/// A bot without a reference to the file must ask for one first: a round trip or two.
const UNKNOWN_FILE: f64 = 0.15;
/// A connection that takes so much longer than the best is not worth its chunk.
const MUCH_SLOWER: f64 = 1.5;
/// Connections whose speed is at least this part of the best one's are taken for equally fast: speeds are measured while
/// answers wait for each other, and what is piled up on the one that seems faster comes late.
const ALIKE: f64 = 0.5;
/// From so many bytes per second on, which connection is faster does not matter.
const FAST: f64 = 30_000_000.0;
/// How far beyond its window a connection goes for what a reader waits for.
const PRESSING: u64 = 512 * 1024;
/// Connections asked to open that have not done so by then are asked again.
const OPENING: Duration = Duration::from_millis(250);

/// A connection to one DC.
pub(super) type Key = (ConnectionSlot, Dc);

#[derive(Default)]
pub(super) struct Connections {
    known: HashMap<Key, Known>,
    blind: HashMap<(DocumentId, BotIndex), Instant>,
    times: HashMap<Dc, Latency>,
    /// Counts picks, so that equals take turns.
    turn: u64,
}

#[derive(Default)]
struct Known {
    window: CongestionWindow,
    /// Bytes.
    in_flight: u64,
    /// Failures in a row.
    failures: u32,
    failed_at: Option<Instant>,
    /// The last failure was a lost connection, which is opened anew at once.
    was_cut: bool,
    late_until: Option<Instant>,
    /// Silent since then, with something in flight.
    stalled_at: Option<Instant>,
    answered_at: Option<Instant>,
    opening_since: Option<Instant>,
    last_turn: u64,
}

impl Known {
    /// When it may be asked again.
    fn rests_until(&self, is_pressing: bool) -> Option<Instant> {
        if self.was_cut && self.failures <= 1 {
            return None;
        }
        let doublings = if is_pressing { 0 } else { self.failures.saturating_sub(1).min(10) };
        Some(self.failed_at? + (REST * (1 << doublings)).min(LONGEST_REST))
    }
}

/// What a chunk needs, and what was learned about it so far.
pub(super) struct Wish<'a> {
    pub at: &'a VolumeLocation,
    pub bytes: u64,
    pub class: Class,
    /// Bots that do not see the post.
    pub blind: &'a HashSet<BotIndex>,
    /// Being asked for it right now.
    pub asked: &'a [ConnectionSlot],
}

/// What [`Connections::pick`] found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// This one; and, because it has more to do than it should, that one could be opened.
    ConnectionSlot { slot: ConnectionSlot, open: Option<ConnectionSlot> },
    /// Every open connection has enough to do; this one could be opened.
    Full { open: Option<ConnectionSlot> },
    /// Nothing can be asked before then: every bot that sees the post has to wait.
    Shut(Instant),
    /// Every connection that could be asked rests until then.
    Resting(Instant),
    /// No bot sees the post.
    Unseen,
    /// No bot is signed in.
    NoBot,
}

impl Connections {
    /// The connection that brings a chunk soonest, among those that are well, see the post, have room and are not asked for
    /// this chunk already. What a reader waits for may go beyond a window rather than wait for room.
    pub fn pick(&mut self, wish: &Wish, connections: &[ConnectionState], now: Instant) -> Pick {
        if connections.is_empty() {
            return Pick::NoBot;
        }
        let (dc, document) = (wish.at.volume.dc, wish.at.volume.document);
        let is_pressing = wish.class < Class::Tail;

        let mut seeing: Vec<&ConnectionState> =
            connections.iter().filter(|s| !wish.blind.contains(&s.slot.bot)).collect();
        let is_blind = |s: &&ConnectionState| self.blind.get(&(document, s.slot.bot)).is_some_and(|until| *until > now);
        // When all are remembered as blind, the memory may be what is wrong: ask again.
        if !seeing.iter().all(is_blind) {
            seeing.retain(|s| !is_blind(s));
        }
        if seeing.is_empty() {
            return Pick::Unseen;
        }
        let gate = |s: &&ConnectionState| s.shut_until.filter(|until| *until > now);
        if let Some(until) = seeing.iter().map(gate).min().flatten() {
            return Pick::Shut(until);
        }
        let known = |s: &&ConnectionState| self.known.get(&(s.slot, dc));
        let rest =
            |s: &&ConnectionState| known(s).and_then(|k| k.rests_until(is_pressing)).filter(|until| *until > now);
        let closed = |s: &&ConnectionState| gate(s).max(rest(s));
        if let Some(until) = seeing.iter().map(closed).min().flatten() {
            return Pick::Resting(until);
        }
        seeing.retain(|s| closed(s).is_none() && !wish.asked.contains(&s.slot));

        // What readers have given up still comes over it.
        let load = |s: &&ConnectionState| known(s).map_or(0, |k| k.in_flight).max(s.due_bytes);
        let fresh = CongestionWindow::default();
        let takes = |s: &&ConnectionState, spared: u64| {
            let window = known(s).map_or(&fresh, |k| &k.window);
            window.takes(load(s).saturating_sub(spared), wish.bytes)
        };
        let has_room = |s: &&ConnectionState| load(s) == 0 || takes(s, if is_pressing { PRESSING } else { 0 });
        let is_stalled = |s: &&ConnectionState| {
            let heard = known(s).and_then(|k| k.answered_at).max(s.heard);
            known(s).and_then(|k| k.stalled_at).is_some_and(|at| heard.is_none_or(|heard| heard <= at))
        };
        let best_rate = seeing.iter().filter_map(|s| known(s)?.window.rate(now)).fold(USUAL_RATE, f64::max);
        let asking = |s: &&ConnectionState| if s.knows_file { 0.0 } else { UNKNOWN_FILE };
        // Seconds until it would be here, as far as one can tell; the lower the better. A connection of which nothing is known
        // is expected to be as good as the best.
        let arrival = |s: &&ConnectionState| {
            let rate = known(s).and_then(|k| k.window.rate(now)).unwrap_or(best_rate);
            // Within what measuring is worth, the least loaded is the soonest.
            let rate = if rate >= best_rate * ALIKE { best_rate } else { rate }.min(FAST);
            let queued = (load(s) + wish.bytes) as f64 / rate;
            queued + asking(s)
        };
        let rank = |s: &&ConnectionState| {
            let is_late = known(s).and_then(|k| k.late_until).is_some_and(|until| until > now);
            // A second attempt on the same bot would share what ails the first.
            let is_asked = wish.asked.iter().any(|slot| slot.bot == s.slot.bot);
            let failed = known(s).is_some_and(|k| k.failures > 0 && k.rests_until(false).is_some_and(|at| at > now));
            (failed, is_late, is_asked, arrival(s), known(s).map_or(0, |k| k.last_turn))
        };
        let usable: Vec<&ConnectionState> = seeing.iter().copied().filter(|s| s.is_open && !is_stalled(s)).collect();
        // One that is much slower than the others would only hold the stream up: better to wait for one of them.
        let soonest = usable.iter().map(arrival).fold(f64::INFINITY, f64::min);
        let is_worth_it = |s: &&ConnectionState| arrival(s) <= soonest * MUCH_SLOWER + asking(s);
        let by_rank =
            |a: &&ConnectionState, b: &&ConnectionState| rank(a).partial_cmp(&rank(b)).unwrap_or(Ordering::Equal);
        let best = usable.into_iter().filter(|s| has_room(s) && is_worth_it(s)).min_by(by_rank);
        // Behind two of its size a chunk would come sooner over a connection of its own, even where there is room.
        let is_busy = |s: &&ConnectionState| load(s) >= 2 * wish.bytes.max(PRESSING);
        let best = best.map(|best| (best.slot, takes(&best, 0) && !is_busy(&best), best.round_trip));
        // Another connection of the bot that has the fewest, when it is not about to open anyway.
        let is_opening =
            |s: &&ConnectionState| known(s).and_then(|k| k.opening_since).is_some_and(|at| at + OPENING > now);
        let open_of = |bot: BotIndex| connections.iter().filter(|s| s.is_open && s.slot.bot == bot).count();
        let closed = seeing.iter().filter(|s| !s.is_open && !is_opening(s));
        let open = closed.min_by_key(|s| (open_of(s.slot.bot), s.slot.index)).map(|s| s.slot);
        let open = open.filter(|_| best.is_none_or(|(_, has_room, _)| !has_room));
        if let Some(slot) = open {
            self.known.entry((slot, dc)).or_default().opening_since = Some(now);
        }
        let Some((slot, _, round_trip)) = best else { return Pick::Full { open } };
        self.turn += 1;
        let turn = self.turn;
        let known = self.known.entry((slot, dc)).or_default();
        known.in_flight += wish.bytes;
        if let Some(round_trip) = round_trip {
            known.window.set_round_trip(round_trip);
        }
        known.stalled_at = None;
        known.last_turn = turn;
        Pick::ConnectionSlot { slot, open }
    }

    /// The first connection of each bot that has none to this DC: one is kept warm for each.
    pub fn cold(&mut self, at: &VolumeLocation, connections: &[ConnectionState], now: Instant) -> Vec<ConnectionSlot> {
        let dc = at.volume.dc;
        let mut cold = Vec::new();
        for s in connections.iter().filter(|s| s.slot.index == 0 && !(s.is_open && s.knows_file)) {
            let is_blind = self.blind.get(&(at.volume.document, s.slot.bot)).is_some_and(|until| *until > now);
            let has_open = connections.iter().any(|other| other.is_open && other.slot.bot == s.slot.bot);
            let known = self.known.entry((s.slot, dc)).or_default();
            let is_opening = known.opening_since.is_some_and(|since| since + OPENING > now);
            if !is_blind && !is_opening && (!has_open || !s.knows_file) && s.shut_until.is_none() {
                known.opening_since = Some(now);
                cold.push(s.slot);
            }
        }
        cold
    }

    /// An attempt has ended, one way or another; `in_flight` is what its connection carried when it was sent.
    pub fn ended(&mut self, key: Key, bytes: u64) {
        if let Some(known) = self.known.get_mut(&key) {
            known.in_flight = known.in_flight.saturating_sub(bytes);
        }
    }

    pub fn in_flight(&self, key: Key) -> u64 {
        self.known.get(&key).map_or(0, |known| known.in_flight)
    }

    pub fn answered(&mut self, key: Key, answer: &Answer) {
        let took = answer.came - answer.sent;
        self.times.entry(key.1).or_default().add(answer.bytes as u32, took);
        let known = self.known.entry(key).or_default();
        (known.failures, known.failed_at, known.late_until, known.stalled_at) = (0, None, None, None);
        known.answered_at = Some(answer.came);
        known.window.answered(answer);
    }

    /// Another connection was asked too, and was faster.
    pub fn outrun(&mut self, key: Key, answer: &Answer) {
        self.known.entry(key).or_default().window.outrun(answer);
    }

    /// An attempt that was sent at `sent_at` brought nothing.
    pub fn failed(&mut self, key: Key, document: DocumentId, error: &ReadError, sent_at: Instant, now: Instant) {
        match error {
            ReadError::FloodWait { bot, wait } => {
                tracing::warn!(
                    bot = bot.0,
                    wait_secs = wait.as_secs(),
                    "Telegram asks bot {bot} to wait {} s",
                    wait.as_secs()
                );
            }
            ReadError::NotVisible { bot } => {
                tracing::debug!(bot = bot.0, document = document.0, "Bot {bot} does not see document {}", document.0);
                self.blind.retain(|_, until| *until > now);
                self.blind.insert((document, *bot), now + BLIND_MEMORY);
            }
            ReadError::Timeout(_)
            | ReadError::Connection(_)
            | ReadError::WrongLength { .. }
            | ReadError::Refused(_) => {
                tracing::debug!(bot = key.0.bot.0, slot = key.0.index, "A read failed: {error}");
                let known = self.known.entry(key).or_default();
                (known.opening_since, known.stalled_at) = (None, None);
                if let ReadError::Timeout(_) = error {
                    known.window.timed_out();
                }
                // What was under way together fails together: that is one failure.
                if known.failed_at.is_none_or(|at| at <= sent_at) {
                    known.failures = known.failures.saturating_add(1);
                    known.was_cut = matches!(error, ReadError::Connection(_));
                    known.failed_at = Some(now);
                }
            }
        }
    }

    /// A chunk that it carries is late: it comes last for a while.
    pub fn late(&mut self, key: Key, now: Instant) {
        self.known.entry(key).or_default().late_until = Some(now + LATE_MEMORY);
    }

    /// It has been silent with something in flight; it gets nothing more until it is heard again.
    pub fn stalled(&mut self, key: Key, now: Instant) {
        let known = self.known.entry(key).or_default();
        if known.stalled_at.is_none() {
            known.window.timed_out();
            known.stalled_at = Some(now);
        }
    }

    pub fn is_stalled(&self, key: Key) -> bool {
        self.known.get(&key).is_some_and(|known| known.stalled_at.is_some())
    }

    /// When a connection was last heard, by its own word and by what it brought.
    pub fn heard(&self, key: Key, connections: &[ConnectionState]) -> Option<Instant> {
        let line = connections.iter().find(|s| s.slot == key.0).and_then(|s| s.heard);
        self.known.get(&key).and_then(|known| known.answered_at).max(line)
    }

    pub fn late_after(&self, dc: Dc, bytes: u32) -> Duration {
        self.times.get(&dc).unwrap_or(&Latency::default()).late_after(bytes)
    }

    /// Every connection that was used.
    pub fn loads(&self) -> Vec<ConnectionLoad> {
        let load = |(&(slot, dc), known): (&Key, &Known)| ConnectionLoad {
            slot,
            dc,
            window_bytes: known.window.bytes(),
            in_flight_bytes: known.in_flight,
        };
        let mut loads: Vec<_> = self.known.iter().map(load).collect();
        loads.sort_by_key(|load| (load.dc, load.slot.bot, load.slot.index));
        loads
    }
}
