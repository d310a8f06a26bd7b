//! A bot's lines for files: which are open, which are being opened, when idle ones close.
//!
//! They are beside the connection for everything else, many to a DC, and without updates. Numbers by where they come from:
//!
//! ```text
//! doorman   all bots, by address   one new connection in 250 ms; after -429 no more of them for a while, but each bot's only one
//! gate      one bot                shut while FLOOD_WAIT lasts
//! salts     one bot and DC         belong to the key
//! distance  one line               how long an answer takes that waits for nothing
//! slot      one line               opened when asked for, reopened after a cut, closed when idle
//! ```

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::Notify;
use tokio::time::Instant;
use tracing::debug;

use super::clock::Clock;
use super::connect_limiter::{BotNumber, Doorman, Ended};
use super::connection::{Address, Counters, Line, Purpose, introduction};
use super::control::{CallError, backoff};
use super::flood_wait::Gate;
use super::session::BotSession;
use mtproto::{AuthKey, Salts};

/// A line beside others is closed after so long without a request, the last one to a DC stays warm for longer: opening one
/// takes three round trips.
const IDLE: Duration = Duration::from_secs(30);
const WARM: Duration = Duration::from_secs(900);

/// What every line of a program has in common.
pub struct Common {
    pub api_id: i32,
    /// Silent for so long with an answer due: dead.
    pub limit: Duration,
    pub doorman: Arc<Doorman>,
    pub clock: Arc<Clock>,
    /// Told when a line has opened or ended.
    pub changed: Arc<Notify>,
}

pub struct Lines {
    session: Arc<BotSession>,
    common: Arc<Common>,
    number: BotNumber,
    introduction: Arc<[u8]>,
    gate: Arc<Gate>,
    slots: Mutex<HashMap<(i32, usize), Slot>>,
    dcs: Mutex<HashMap<i32, Dc>>,
}

/// What belongs to a bot's key for one DC.
#[derive(Clone, Default)]
struct Dc {
    salts: Arc<Salts>,
    counters: Arc<Counters>,
}

type Opened = Shared<BoxFuture<'static, Result<Arc<Line>, CallError>>>;

#[derive(Default)]
struct Slot {
    line: Option<Arc<Line>>,
    opening: Option<Opened>,
    /// In a row.
    failures: u32,
    /// Lines in a row that ended because Telegram would not take what was said.
    not_taken: u32,
    not_before: Option<Instant>,
}

/// What went over a bot's lines to one DC since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    pub lines_open: usize,
    pub lines_opened: u64,
    pub received_bytes: u64,
    /// Answers whose caller had left.
    pub wasted_bytes: u64,
}

impl Lines {
    pub fn new(session: Arc<BotSession>, common: Arc<Common>) -> Arc<Self> {
        let introduction = introduction(common.api_id, false).into();
        let (slots, dcs) = (Mutex::default(), Mutex::default());
        let number = common.doorman.number();
        Arc::new(Self { session, common, number, introduction, gate: Arc::default(), slots, dcs })
    }

    pub fn clock(&self) -> &Arc<Clock> {
        &self.common.clock
    }

    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The line of a slot when it is open.
    pub fn open_now(&self, dc: i32, slot: usize) -> Option<Arc<Line>> {
        lock(&self.slots).get(&(dc, slot)).and_then(Slot::alive)
    }

    /// The line of a slot. It is opened when it is not; that goes on when the caller leaves.
    pub async fn get(self: &Arc<Self>, dc: i32, slot: usize) -> Result<Arc<Line>, CallError> {
        let opened = {
            let mut slots = lock(&self.slots);
            let place = slots.entry((dc, slot)).or_default();
            if let Some(line) = place.alive() {
                return Ok(line);
            }
            match &place.opening {
                Some(opening) => opening.clone(),
                None => {
                    if let Some(wait) = place.not_before.and_then(|at| at.checked_duration_since(Instant::now())) {
                        let failures = place.failures;
                        return Err(CallError::Connection(format!(
                            "it failed {failures} times, next try in {wait:.1?}"
                        )));
                    }
                    // A line that had worked was cut.
                    let cut = place.line.take().filter(|line| line.why_ended() != CallError::TooManyConnections);
                    let goes_first = cut.is_some() && place.failures == 0;
                    let opening = tokio::spawn(Arc::clone(self).open(dc, slot, goes_first));
                    let opening = opening.map(|joined| joined.unwrap_or(Err(CallError::Stopped))).boxed().shared();
                    place.opening = Some(opening.clone());
                    opening
                }
            }
        };
        opened.await
    }

    async fn open(self: Arc<Self>, dc: i32, slot: usize, goes_first: bool) -> Result<Arc<Line>, CallError> {
        let opened = match self.address(dc, slot) {
            Err(error) => Err(error),
            Ok(address) => {
                let socket = address.socket;
                let doorman = &self.common.doorman;
                doorman.turn(socket, self.number, goes_first).await;
                let opened = Line::open(address).await;
                match &opened {
                    Ok(_) => doorman.opened(socket, self.number),
                    Err(error) => doorman.ended(socket, self.number, false, ended(error)),
                }
                opened.map(|line| (Arc::new(line), socket))
            }
        };
        {
            let mut slots = lock(&self.slots);
            let place = slots.entry((dc, slot)).or_default();
            place.opening = None;
            match &opened {
                Ok((line, socket)) => {
                    (place.failures, place.not_before) = (0, None);
                    place.line = Some(line.clone());
                    let watched = Watched { dc, slot, socket: *socket, line: Arc::downgrade(line) };
                    tokio::spawn(watched.until(line.until_ended(), Arc::downgrade(&self)));
                }
                Err(error) => {
                    debug!(dc, slot, "A line to DC {dc} cannot be opened: {error}");
                    place.failures += 1;
                    // After -429 the doorman says when.
                    let pause = backoff(place.failures, error).filter(|_| *error != CallError::TooManyConnections);
                    place.not_before = pause.map(|pause| Instant::now() + pause);
                }
            }
        }
        self.common.changed.notify_one();
        opened.map(|(line, _)| line)
    }

    fn address(&self, dc: i32, slot: usize) -> Result<Address, CallError> {
        let option = self.session.dc(dc).ok_or(CallError::UnknownKey)?;
        // Where the address for files does not answer, every second attempt goes to the common one.
        let failures = lock(&self.slots).get(&(dc, slot)).map_or(0, |place| place.failures);
        let for_files = self.session.media_address(dc).filter(|_| failures.is_multiple_of(2));
        let key = AuthKey::from_bytes(option.key.ok_or(CallError::UnknownKey)?);
        let Dc { salts, counters } = self.dc(dc);
        Ok(Address {
            socket: for_files.unwrap_or(option.address),
            key,
            salts,
            clock: self.common.clock.clone(),
            introduction: self.introduction.clone(),
            purpose: Purpose::Files(self.gate.clone()),
            limit: self.common.limit,
            counters,
        })
    }

    fn dc(&self, dc: i32) -> Dc {
        lock(&self.dcs).entry(dc).or_default().clone()
    }

    /// Ends a line that is not well. The next request for its slot opens another, at once.
    pub fn give_up(&self, dc: i32, slot: usize) {
        if let Some(line) = self.open_now(dc, slot) {
            line.end(CallError::Connection("it was silent for too long".to_owned()));
        }
    }

    /// Closes what nobody needs.
    pub fn close_idle(&self) {
        let mut slots = lock(&self.slots);
        let mut open: HashMap<i32, usize> = HashMap::new();
        for ((dc, _), _) in slots.iter().filter(|(_, slot)| slot.alive().is_some()) {
            *open.entry(*dc).or_default() += 1;
        }
        for ((dc, _), slot) in slots.iter_mut() {
            let left = open.entry(*dc).or_default();
            let longest = if *left > 1 { IDLE } else { WARM };
            if slot.alive().is_some_and(|line| line.idle() >= longest) {
                slot.line = None;
                *left -= 1;
            }
        }
    }

    pub fn close(&self) {
        for slot in lock(&self.slots).values_mut() {
            slot.line = None;
        }
    }

    /// By DC.
    pub fn traffic(&self) -> HashMap<i32, Traffic> {
        let mut traffic: HashMap<i32, Traffic> = HashMap::new();
        for (dc, Dc { counters, .. }) in lock(&self.dcs).iter() {
            let of = traffic.entry(*dc).or_default();
            of.lines_opened = counters.opened.load(Ordering::Relaxed);
            of.received_bytes = counters.received_bytes.load(Ordering::Relaxed);
            of.wasted_bytes = counters.wasted_bytes.load(Ordering::Relaxed);
        }
        for ((dc, _), _) in lock(&self.slots).iter().filter(|(_, slot)| slot.alive().is_some()) {
            traffic.entry(*dc).or_default().lines_open += 1;
        }
        traffic
    }
}

impl Slot {
    fn alive(&self) -> Option<Arc<Line>> {
        self.line.clone().filter(|line| !line.is_ended())
    }
}

fn ended(why: &CallError) -> Ended {
    if *why == CallError::TooManyConnections { Ended::Refused } else { Ended::Otherwise }
}

/// An open line, and where it belongs.
struct Watched {
    dc: i32,
    slot: usize,
    socket: SocketAddrV4,
    line: Weak<Line>,
}

impl Watched {
    /// Waits for the line's end and notes what it says about its slot and its address.
    async fn until(self, end: impl Future<Output = CallError>, lines: Weak<Lines>) {
        let why = end.await;
        let Some(lines) = lines.upgrade() else { return };
        lines.common.doorman.ended(self.socket, lines.number, true, ended(&why));
        if let (Some(place), Some(line)) = (lock(&lines.slots).get_mut(&(self.dc, self.slot)), self.line.upgrade())
            && place.line.as_ref().is_some_and(|now| Arc::ptr_eq(now, &line))
        {
            if !line.is_proven() {
                place.failures += 1;
            }
            place.not_taken = match why {
                CallError::NotTaken { .. } if line.has_answered() => 1,
                CallError::NotTaken { .. } => place.not_taken + 1,
                _ => 0,
            };
            if place.not_taken > 0 {
                place.not_before = backoff(place.not_taken, &why).map(|pause| Instant::now() + pause);
            }
        }
        debug!(dc = self.dc, slot = self.slot, "A line to DC {} has ended: {why}", self.dc);
        lines.common.changed.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
