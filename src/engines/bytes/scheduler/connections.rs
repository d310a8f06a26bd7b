//! What our own attempts came to on each connection, remembered for all streams:
//!
//! | an attempt | then |
//! | --- | --- |
//! | brought bytes | its window may grow |
//! | met FLOOD_WAIT | nothing is noted here: the adapter says until when the bot is shut |
//! | found the post not visible | the bot is not asked for this document for a while |
//! | had no answer in time | its window halves, and it rests |
//! | failed otherwise | it rests, longer each time |
//!
//! What a connection is like now (open, heard, distance, bytes due) and whether its bot must wait has one source, the
//! adapter's [`ConnectionState`]; nothing of it is kept here. Which connection is chosen: [`choice`](super::choice).

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::choice::Candidate;
use super::congestion::{Answer, CongestionWindow};
use super::hedging;
use super::latency::Latency;
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
/// Connections asked to open that have not done so by then are asked again.
const OPENING: Duration = Duration::from_millis(250);

/// A connection to one DC.
pub(super) type Key = (ConnectionSlot, Dc);

#[derive(Default)]
pub(super) struct Connections {
    records: HashMap<Key, Record>,
    /// Of connections that were never used.
    unknown: Record,
    /// Bots that could not see a document, until when that is believed.
    blind: HashMap<(DocumentId, BotIndex), Instant>,
    latency: HashMap<Dc, Latency>,
    /// Counts reservations, so that equals take turns.
    turn: u64,
}

/// What is known of one connection.
#[derive(Default)]
pub(super) struct Record {
    pub window: CongestionWindow,
    /// Bytes reserved by attempts that have not ended.
    pub in_flight: u64,
    /// How many of these attempts are programs'.
    pub of_programs: u32,
    /// When it was last chosen, as a number that grows.
    pub last_turn: u64,
    /// Failures in a row.
    failures: u32,
    failed_at: Option<Instant>,
    /// The last failure was a lost connection, which is opened anew at once.
    was_cut: bool,
    late_until: Option<Instant>,
    /// Silent since then, with something in flight.
    silent_since: Option<Instant>,
    opening_since: Option<Instant>,
}

impl Record {
    /// When it may be asked again.
    pub fn rests_until(&self, is_urgent: bool) -> Option<Instant> {
        if self.was_cut && self.failures <= 1 {
            return None;
        }
        let doublings = if is_urgent { 0 } else { self.failures.saturating_sub(1).min(10) };
        Some(self.failed_at? + (REST * (1 << doublings)).min(LONGEST_REST))
    }

    /// It failed, and would still rest if nobody waited.
    pub fn has_failed(&self, now: Instant) -> bool {
        self.failures > 0 && self.rests_until(false).is_some_and(|until| until > now)
    }

    pub fn is_late(&self, now: Instant) -> bool {
        self.late_until.is_some_and(|until| until > now)
    }

    /// It fell silent and was not heard since.
    pub fn is_silent(&self, heard: Option<Instant>) -> bool {
        self.silent_since.is_some_and(|since| heard.is_none_or(|heard| heard <= since))
    }

    pub fn is_opening(&self, now: Instant) -> bool {
        self.opening_since.is_some_and(|since| since + OPENING > now)
    }
}

impl Connections {
    /// The connections over which a volume may be read, with what is known of them.
    pub fn candidates<'a>(
        &'a self,
        at: &VolumeLocation,
        states: &'a [ConnectionState],
        now: Instant,
    ) -> Vec<Candidate<'a>> {
        let candidate = |state: &'a ConnectionState| Candidate {
            state,
            record: self.records.get(&(state.slot, at.volume.dc)).unwrap_or(&self.unknown),
            is_blind: self.is_blind(at.volume.document, state.slot.bot, now),
        };
        states.iter().map(candidate).collect()
    }

    /// The first connection of each bot that has none to this DC: one is kept warm for each. Those named count as opening.
    pub fn cold(&mut self, at: &VolumeLocation, states: &[ConnectionState], now: Instant) -> Vec<ConnectionSlot> {
        let mut cold = Vec::new();
        for state in states.iter().filter(|state| state.slot.index == 0 && !(state.is_open && state.knows_file)) {
            let key = (state.slot, at.volume.dc);
            let has_open = states.iter().any(|other| other.is_open && other.slot.bot == state.slot.bot);
            let is_opening = self.records.get(&key).is_some_and(|record| record.is_opening(now));
            let is_useful = !has_open || !state.knows_file;
            let is_blind = self.is_blind(at.volume.document, state.slot.bot, now);
            if is_useful && !is_blind && !is_opening && state.shut_until.is_none() {
                self.opening(key, now);
                cold.push(state.slot);
            }
        }
        cold
    }

    /// It was asked to open.
    pub fn opening(&mut self, key: Key, now: Instant) {
        self.records.entry(key).or_default().opening_since = Some(now);
    }

    /// Reserves the bytes of an attempt that is about to be sent. Returns what is in flight then, these included.
    pub fn reserve(&mut self, state: &ConnectionState, dc: Dc, bytes: u64, class: Class) -> u64 {
        self.turn += 1;
        let record = self.records.entry((state.slot, dc)).or_default();
        record.in_flight += bytes;
        record.of_programs += u32::from(class.is_program());
        if let Some(round_trip) = state.round_trip {
            record.window.set_round_trip(round_trip);
        }
        record.silent_since = None;
        record.last_turn = self.turn;
        record.in_flight
    }

    /// Frees the bytes of an attempt that has ended, one way or another.
    /// `class`: as it was sent.
    pub fn release(&mut self, key: Key, bytes: u64, class: Class) {
        if let Some(record) = self.records.get_mut(&key) {
            record.in_flight = record.in_flight.saturating_sub(bytes);
            record.of_programs = record.of_programs.saturating_sub(class.is_program().into());
        }
    }

    pub fn answered(&mut self, key: Key, answer: &Answer) {
        self.latency.entry(key.1).or_default().add(answer.bytes as u32, answer.came - answer.sent);
        let record = self.records.entry(key).or_default();
        (record.failures, record.failed_at, record.late_until, record.silent_since) = (0, None, None, None);
        record.window.answered(answer);
    }

    /// Another connection was asked too, and was faster.
    pub fn outrun(&mut self, key: Key, answer: &Answer) {
        self.records.entry(key).or_default().window.outrun(answer);
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
                let record = self.records.entry(key).or_default();
                (record.opening_since, record.silent_since) = (None, None);
                if let ReadError::Timeout(_) = error {
                    record.window.timed_out();
                }
                // What was under way together fails together: that is one failure.
                if record.failed_at.is_none_or(|at| at <= sent_at) {
                    record.failures = record.failures.saturating_add(1);
                    record.was_cut = matches!(error, ReadError::Connection(_));
                    record.failed_at = Some(now);
                }
            }
        }
    }

    /// A chunk that it carries is late: it comes last for a while.
    pub fn late(&mut self, key: Key, now: Instant) {
        self.records.entry(key).or_default().late_until = Some(now + LATE_MEMORY);
    }

    /// It has been silent with something in flight; it gets nothing more until it is heard again, and then comes last until it
    /// answers.
    pub fn silent(&mut self, key: Key, now: Instant) {
        let record = self.records.entry(key).or_default();
        if record.silent_since.is_none() {
            record.window.timed_out();
            record.silent_since = Some(now);
            // Opened anew it has nothing to do, and would be the first choice for what it has just held up.
            record.late_until = Some(now + LATE_MEMORY);
        }
    }

    /// It fell silent, and nothing was sent on it or came over it since.
    pub fn is_silent(&self, key: Key) -> bool {
        self.records.get(&key).is_some_and(|record| record.silent_since.is_some())
    }

    /// After how long a read of so many bytes from a DC is late.
    pub fn late_after(&self, dc: Dc, bytes: u32) -> Duration {
        hedging::late_after(self.latency.get(&dc).and_then(|latency| latency.median(bytes)))
    }

    /// Every connection that was used.
    pub fn loads(&self) -> Vec<ConnectionLoad> {
        let load = |(&(slot, dc), record): (&Key, &Record)| ConnectionLoad {
            slot,
            dc,
            window_bytes: record.window.bytes(),
            in_flight_bytes: record.in_flight,
        };
        let mut loads: Vec<_> = self.records.iter().map(load).collect();
        loads.sort_by_key(|load| (load.dc, load.slot.bot, load.slot.index));
        loads
    }

    fn is_blind(&self, document: DocumentId, bot: BotIndex, now: Instant) -> bool {
        self.blind.get(&(document, bot)).is_some_and(|until| *until > now)
    }
}
