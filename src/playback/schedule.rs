//! Which bot and connection takes the next chunk, and what happens when it does not bring it.
//!
//! A chunk is fetched by as many attempts as it needs, each on one connection (lane): the least loaded that is well. What
//! an attempt teaches is remembered for all streams:
//!
//! | answer | then |
//! | --- | --- |
//! | FLOOD_WAIT | the bot's gate is shut for exactly that long |
//! | not visible | the bot is not asked for this document for a while |
//! | anything else | the connection rests, longer each time |
//!
//! and the chunk goes on elsewhere at once. The chunk its reader waits for is also asked of a second connection when the
//! first is late; the others are not, or a slow network would be asked for everything twice.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{Notify, SetOnce};
use tokio::time::{Instant, sleep_until, timeout};

use super::live::Live;
use super::{Error, Options};
use crate::domain::chunk_plan::Chunk;
use crate::domain::post::DocumentId;
use crate::telegram::{Lane, Location, ReadError, Telegram};

/// Read-ahead chunks in flight on one lane at most; the chunks that readers wait for do not queue behind them. A few keep a
/// connection busy over its round trip, many would hold a new stream up.
const DEPTH: usize = 3;
/// Attempts in flight for one chunk at most.
const ATTEMPTS: usize = 3;
/// How long a connection rests after its first failure; twice as long after each further one. A chunk that its reader
/// waits for tries it again after the shortest rest when nothing better is left, so that an outage that is over is noticed.
const REST: Duration = Duration::from_millis(250);
const LONGEST_REST: Duration = Duration::from_secs(8);
/// A chunk is late when it takes so many times as long as chunks of its size do now. On a slow network everything takes
/// seconds, and asking for it twice would only make it slower.
const LATE_FACTOR: f64 = 3.0;
/// Weight of the newest arrival in the pace.
const PACE_WEIGHT: f64 = 0.2;
/// How long a connection that was late comes last.
const LATE_MEMORY: Duration = Duration::from_secs(10);
/// How long a bot is not asked for a document that it could not see. Short: somebody may be adding it to the channel now.
const BLIND_MEMORY: Duration = Duration::from_secs(60);
/// How often to look whether a bot has signed in, while none has.
const SIGN_IN_POLL: Duration = Duration::from_millis(500);

/// Set once a chunk is the next that its reader gets.
pub(super) type Head = Arc<SetOnce<()>>;

pub(super) struct Schedule {
    telegram: Telegram,
    options: Options,
    live: Live,
    state: Mutex<State>,
    /// Told when a lane may have room again.
    freed: Notify,
}

#[derive(Default)]
struct State {
    lanes: HashMap<Lane, LaneState>,
    /// Bots that Telegram told to wait, until then.
    gates: HashMap<usize, Instant>,
    blind: HashMap<(DocumentId, usize), Instant>,
    /// Counts picks, so that equals take turns.
    turn: u64,
    /// Seconds that a byte takes, from the question to its arrival: a moving average over all that arrive.
    pace: f64,
}

#[derive(Default)]
struct LaneState {
    in_flight: usize,
    /// Failures in a row.
    failures: u32,
    failed_at: Option<Instant>,
    late_until: Option<Instant>,
    last_turn: u64,
}

impl LaneState {
    /// When it may be asked again.
    fn rests_until(&self, is_head: bool) -> Option<Instant> {
        let doublings = if is_head { 0 } else { self.failures.saturating_sub(1).min(10) };
        Some(self.failed_at? + (REST * (1 << doublings)).min(LONGEST_REST))
    }
}

/// What [`Schedule::pick`] found.
enum Pick {
    Lane(Lease),
    /// Every lane has enough to do.
    Full,
    /// Nothing can be asked before then: every bot that sees the post has to wait.
    Shut(Instant),
    /// Every lane that could be asked rests until then.
    Resting(Instant),
    /// No bot sees the post.
    Unseen,
    /// No bot is signed in.
    NoBot,
}

/// A lane's place in flight, given back when dropped.
struct Lease {
    schedule: Arc<Schedule>,
    lane: Lane,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(lane) = self.schedule.lock().lanes.get_mut(&self.lane) {
            lane.in_flight -= 1;
        }
        self.schedule.freed.notify_waiters();
    }
}

/// What the attempts for one chunk have taught so far.
#[derive(Default)]
struct Tried {
    blind: HashSet<usize>,
    /// Being asked right now.
    asked: HashSet<Lane>,
    last_error: Option<ReadError>,
}

impl Schedule {
    pub fn new(telegram: Telegram, options: Options, live: Live) -> Self {
        Self { telegram, options, live, state: Mutex::default(), freed: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings one chunk, whole and of the right length, or says why that cannot be within our patience.
    pub async fn fetch(self: Arc<Self>, at: &Location, chunk: &Chunk, head: &Head) -> Result<Bytes, Error> {
        let deadline = Instant::now() + self.options.patience;
        let mut tried = Tried::default();
        let mut attempts = FuturesUnordered::new();
        let mut newest = Instant::now();
        loop {
            let mut freed = pin!(self.freed.notified());
            freed.as_mut().enable();
            let is_head = head.get().is_some();
            let late_at = newest + self.late_after(chunk);
            let is_late = is_head && attempts.len() < ATTEMPTS && late_at <= Instant::now();

            let (mut wake, mut waits_for_room) = (deadline, false);
            if attempts.is_empty() || is_late {
                if is_late {
                    self.call_late(&tried);
                }
                match self.pick(at, &tried, is_head) {
                    Pick::Lane(lease) => {
                        if !attempts.is_empty() {
                            self.live.counters().hedged_reads.fetch_add(1, Ordering::Relaxed);
                        }
                        newest = Instant::now();
                        tried.asked.insert(lease.lane);
                        attempts.push(self.attempt(lease, at, chunk));
                        continue;
                    }
                    Pick::Full => waits_for_room = true,
                    Pick::Shut(until) if attempts.is_empty() && until > deadline => {
                        return Err(Error::Busy { retry_after: until - Instant::now() });
                    }
                    Pick::Shut(until) | Pick::Resting(until) => wake = until,
                    Pick::Unseen if attempts.is_empty() => return Err(Error::NotFound),
                    Pick::Unseen => {}
                    Pick::NoBot => wake = Instant::now() + SIGN_IN_POLL,
                }
            } else if is_head && attempts.len() < ATTEMPTS {
                wake = late_at;
            }

            tokio::select! {
                Some((lane, answer)) = attempts.next(), if !attempts.is_empty() => {
                    tried.asked.remove(&lane);
                    match answer {
                        Ok(bytes) => return Ok(bytes),
                        Err(error) => {
                            if let ReadError::NotVisible { .. } = error {
                                tried.blind.insert(lane.bot);
                            }
                            tried.last_error = Some(error);
                        }
                    }
                }
                () = &mut freed, if waits_for_room => {}
                _ = head.wait(), if !is_head => {}
                () = sleep_until(wake.min(deadline)) => {
                    if Instant::now() >= deadline {
                        return Err(gave_up(tried.last_error, self.options.patience));
                    }
                }
            }
        }
    }

    /// One attempt on one lane, within its time.
    async fn attempt(self: &Arc<Self>, lease: Lease, at: &Location, chunk: &Chunk) -> (Lane, Result<Bytes, ReadError>) {
        let lane = lease.lane;
        self.live.counters().reads.fetch_add(1, Ordering::Relaxed);
        let limit = self.options.read_limit;
        let began = Instant::now();
        let read = self.telegram.read(lane, at, chunk.offset, chunk.limit);
        let answer = match timeout(limit, read).await {
            Err(_) => Err(ReadError::Timeout(limit)),
            Ok(Ok(bytes)) if bytes.len() != chunk.reply_len as usize => {
                Err(ReadError::WrongLength { wanted: chunk.reply_len, got: bytes.len() })
            }
            Ok(answer) => answer,
        };
        if answer.is_ok() {
            self.note_pace(began.elapsed(), chunk);
        }
        self.learn(lane, at.volume.document, answer.as_ref().err());
        (lane, answer)
    }

    fn note_pace(&self, took: Duration, chunk: &Chunk) {
        let newest = took.as_secs_f64() / f64::from(chunk.limit);
        let mut state = self.lock();
        state.pace = if state.pace == 0.0 { newest } else { state.pace + PACE_WEIGHT * (newest - state.pace) };
    }

    /// How long an attempt for a chunk may take before it is called late.
    fn late_after(&self, chunk: &Chunk) -> Duration {
        let usual = self.lock().pace * f64::from(chunk.limit);
        self.options.late.max(Duration::from_secs_f64(usual * LATE_FACTOR))
    }

    /// Remembers how a lane did.
    fn learn(&self, lane: Lane, document: DocumentId, error: Option<&ReadError>) {
        let now = Instant::now();
        let mut state = self.lock();
        let Some(error) = error else {
            let known = state.lanes.entry(lane).or_default();
            (known.failures, known.failed_at, known.late_until) = (0, None, None);
            return;
        };
        let counters = self.live.counters();
        counters.failed_reads.fetch_add(1, Ordering::Relaxed);
        match error {
            ReadError::FloodWait { bot, wait } => {
                counters.flood_waits.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(bot, wait_secs = wait.as_secs(), "Telegram asks bot {bot} to wait {} s", wait.as_secs());
                let gate = state.gates.entry(*bot).or_insert(now);
                *gate = (*gate).max(now + *wait);
            }
            ReadError::NotVisible { bot } => {
                tracing::debug!(bot, document = document.0, "Bot {bot} does not see document {}", document.0);
                state.blind.retain(|_, until| *until > now);
                state.blind.insert((document, *bot), now + BLIND_MEMORY);
            }
            ReadError::Timeout(_)
            | ReadError::Connection(_)
            | ReadError::WrongLength { .. }
            | ReadError::Refused(_) => {
                tracing::debug!(bot = lane.bot, slot = lane.slot, "A read failed: {error}");
                let known = state.lanes.entry(lane).or_default();
                known.failures = known.failures.saturating_add(1);
                known.failed_at = Some(now);
            }
        }
    }

    /// The lanes that a late chunk is asked of come last for a while.
    fn call_late(&self, tried: &Tried) {
        let until = Instant::now() + LATE_MEMORY;
        let mut state = self.lock();
        for lane in &tried.asked {
            state.lanes.entry(*lane).or_default().late_until = Some(until);
        }
    }

    /// The least loaded lane that is well, sees the post and is not asked for this chunk already.
    fn pick(self: &Arc<Self>, at: &Location, tried: &Tried, is_head: bool) -> Pick {
        let lanes = self.telegram.lanes();
        if lanes.is_empty() {
            return Pick::NoBot;
        }
        let now = Instant::now();
        let document = at.volume.document;
        let mut guard = self.lock();
        let state = &mut *guard;

        let mut seeing: Vec<Lane> = lanes.into_iter().filter(|lane| !tried.blind.contains(&lane.bot)).collect();
        let remembered_blind = |lane: &Lane| state.blind.get(&(document, lane.bot)).is_some_and(|until| *until > now);
        // When all are remembered as blind, the memory may be what is wrong: ask again.
        if !seeing.iter().all(remembered_blind) {
            seeing.retain(|lane| !remembered_blind(lane));
        }
        if seeing.is_empty() {
            return Pick::Unseen;
        }

        let gate = |lane: &Lane| state.gates.get(&lane.bot).copied().filter(|until| *until > now);
        let rest = |lane: &Lane, is_head| {
            state.lanes.get(lane).and_then(|known| known.rests_until(is_head)).filter(|until| *until > now)
        };
        if let Some(until) = seeing.iter().map(gate).min().flatten() {
            return Pick::Shut(until);
        }
        let closed = |lane: &Lane| gate(lane).max(rest(lane, is_head));
        if let Some(until) = seeing.iter().map(closed).min().flatten() {
            return Pick::Resting(until);
        }
        seeing.retain(|lane| closed(lane).is_none() && !tried.asked.contains(lane));

        let load = |lane: &Lane| state.lanes.get(lane).map_or(0, |known| known.in_flight);
        if !is_head {
            seeing.retain(|lane| load(lane) < DEPTH);
        }
        let rank = |lane: &&Lane| {
            let known = state.lanes.get(lane);
            let is_late = known.and_then(|known| known.late_until).is_some_and(|until| until > now);
            // A second attempt on the same bot would share what ails the first.
            let is_asked = tried.asked.iter().any(|asked| asked.bot == lane.bot);
            (rest(lane, false).is_some(), is_late, is_asked, load(lane), known.map_or(0, |known| known.last_turn))
        };
        let Some(lane) = seeing.iter().min_by_key(rank).copied() else {
            return Pick::Full;
        };
        state.turn += 1;
        let known = state.lanes.entry(lane).or_default();
        known.in_flight += 1;
        known.last_turn = state.turn;
        drop(guard);
        Pick::Lane(Lease { schedule: self.clone(), lane })
    }
}

/// What to say when our patience is over.
fn gave_up(last: Option<ReadError>, patience: Duration) -> Error {
    match last {
        Some(ReadError::FloodWait { wait, .. }) => Error::Busy { retry_after: wait },
        Some(error) => Error::Unavailable(error.to_string()),
        None => Error::Unavailable(format!("nothing came within {} s", patience.as_secs())),
    }
}
