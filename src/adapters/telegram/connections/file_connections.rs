//! A bot's connections for files: which are open, which are being opened, when idle ones close.
//!
//! They stand beside the connection for everything else, several to a DC, and carry no updates. What is shared by whom:
//!
//! ```text
//! ConnectLimiter  all bots, by address  one new connection in 250 ms; after -429 for a while only each bot's first
//! FloodWait       one bot               no request while Telegram asks it to wait
//! Salts           one bot and DC        belong to the key
//! RoundTrip       one connection        how long an answer takes that waits for nothing
//! Slot            one connection        opened when asked for, reopened after a cut, closed when idle
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

use super::BotIndex;
use super::call_error::{CallError, backoff};
use super::clock::Clock;
use super::connect_limiter::{ConnectLimiter, Ended};
use super::connection::{Address, Connection, Counters, Purpose, init_connection};
use super::flood_wait::FloodWait;
use super::session::Session;
use crate::domain::telegram_id::Dc;
use mtproto::{AuthKey, Salts};

/// A connection beside others is closed after so long without a request. The last one to a DC stays open for longer: opening
/// one takes three round trips.
const IDLE: Duration = Duration::from_secs(30);
const WARM: Duration = Duration::from_secs(900);

/// What all connections of a program have in context.
pub struct Context {
    pub api_id: i32,
    /// Silent for so long with an answer due: dead.
    pub limit: Duration,
    pub connect_limiter: Arc<ConnectLimiter>,
    pub clock: Arc<Clock>,
    /// Notified when a connection for files has opened or ended.
    pub changed: Arc<Notify>,
}

pub struct FileConnections {
    session: Arc<Session>,
    context: Arc<Context>,
    bot: BotIndex,
    init_connection: Arc<[u8]>,
    flood_wait: Arc<FloodWait>,
    slots: Mutex<HashMap<(Dc, usize), Slot>>,
    dcs: Mutex<HashMap<Dc, OfDc>>,
}

/// What belongs to a bot's key for one DC.
#[derive(Clone, Default)]
struct OfDc {
    salts: Arc<Salts>,
    counters: Arc<Counters>,
}

type Opening = Shared<BoxFuture<'static, Result<Arc<Connection>, CallError>>>;

#[derive(Default)]
struct Slot {
    connection: Option<Arc<Connection>>,
    opening: Option<Opening>,
    /// In a row.
    failures: u32,
    /// FileConnections in a row that ended because Telegram would not take what was said.
    rejected: u32,
    not_before: Option<Instant>,
}

/// What went over a bot's connections to one DC since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    pub connections_open: usize,
    pub connections_opened: u64,
    pub received_bytes: u64,
    /// Answers whose caller had left.
    pub wasted_bytes: u64,
}

impl FileConnections {
    pub fn new(bot: BotIndex, session: Arc<Session>, context: Arc<Context>) -> Arc<Self> {
        let init_connection = init_connection(context.api_id, false).into();
        let (slots, dcs) = (Mutex::default(), Mutex::default());
        Arc::new(Self { session, context, bot, init_connection, flood_wait: Arc::default(), slots, dcs })
    }

    pub fn clock(&self) -> &Arc<Clock> {
        &self.context.clock
    }

    pub fn flood_wait(&self) -> &FloodWait {
        &self.flood_wait
    }

    /// The connection of a slot when it is open.
    pub fn open_now(&self, dc: Dc, slot: usize) -> Option<Arc<Connection>> {
        lock(&self.slots).get(&(dc, slot)).and_then(Slot::alive)
    }

    /// The connection of a slot. It is opened when it is not; that goes on when the caller leaves.
    pub async fn get(self: &Arc<Self>, dc: Dc, slot: usize) -> Result<Arc<Connection>, CallError> {
        let opened = {
            let mut slots = lock(&self.slots);
            let slot_state = slots.entry((dc, slot)).or_default();
            if let Some(connection) = slot_state.alive() {
                return Ok(connection);
            }
            match &slot_state.opening {
                Some(opening) => opening.clone(),
                None => {
                    if let Some(wait) = slot_state.not_before.and_then(|at| at.checked_duration_since(Instant::now())) {
                        let failures = slot_state.failures;
                        return Err(CallError::Connection(format!(
                            "it failed {failures} times, next try in {wait:.1?}"
                        )));
                    }
                    // A connection that had worked was cut.
                    let cut =
                        slot_state.connection.take().filter(|ended| ended.why_ended() != CallError::TooManyConnections);
                    let is_replacement = cut.is_some() && slot_state.failures == 0;
                    let opening = tokio::spawn(Arc::clone(self).open(dc, slot, is_replacement));
                    let opening = opening.map(|joined| joined.unwrap_or(Err(CallError::Stopped))).boxed().shared();
                    slot_state.opening = Some(opening.clone());
                    opening
                }
            }
        };
        opened.await
    }

    async fn open(self: Arc<Self>, dc: Dc, slot: usize, is_replacement: bool) -> Result<Arc<Connection>, CallError> {
        let opened = match self.address(dc, slot) {
            Err(error) => Err(error),
            Ok(address) => {
                let socket = address.socket;
                let limiter = &self.context.connect_limiter;
                limiter.acquire(socket, self.bot, is_replacement).await;
                let opened = Connection::open(address).await;
                match &opened {
                    Ok(_) => limiter.opened(socket, self.bot),
                    Err(error) => limiter.ended(socket, self.bot, false, ended(error)),
                }
                opened.map(|connection| (Arc::new(connection), socket))
            }
        };
        {
            let mut slots = lock(&self.slots);
            let slot_state = slots.entry((dc, slot)).or_default();
            slot_state.opening = None;
            match &opened {
                Ok((connection, socket)) => {
                    (slot_state.failures, slot_state.not_before) = (0, None);
                    slot_state.connection = Some(connection.clone());
                    let watched = Watched { dc, slot, socket: *socket, connection: Arc::downgrade(connection) };
                    tokio::spawn(watched.until(connection.until_ended(), Arc::downgrade(&self)));
                }
                Err(error) => {
                    debug!(dc = dc.0, slot, "A connection to DC {dc} cannot be opened: {error}");
                    slot_state.failures += 1;
                    // After -429 the limiter says when.
                    let pause = backoff(slot_state.failures, error).filter(|_| *error != CallError::TooManyConnections);
                    slot_state.not_before = pause.map(|pause| Instant::now() + pause);
                }
            }
        }
        self.context.changed.notify_one();
        opened.map(|(connection, _)| connection)
    }

    fn address(&self, dc: Dc, slot: usize) -> Result<Address, CallError> {
        let option = self.session.dc(dc).ok_or(CallError::UnknownKey)?;
        // Where the address for files does not answer, every second attempt goes to the common one.
        let failures = lock(&self.slots).get(&(dc, slot)).map_or(0, |slot_state| slot_state.failures);
        let for_files = self.session.media_address(dc).filter(|_| failures.is_multiple_of(2));
        let key = AuthKey::from_bytes(option.key.ok_or(CallError::UnknownKey)?);
        let OfDc { salts, counters } = self.of_dc(dc);
        Ok(Address {
            socket: for_files.unwrap_or(option.address),
            key,
            salts,
            clock: self.context.clock.clone(),
            init_connection: self.init_connection.clone(),
            purpose: Purpose::Files(self.flood_wait.clone()),
            limit: self.context.limit,
            counters,
        })
    }

    fn of_dc(&self, dc: Dc) -> OfDc {
        lock(&self.dcs).entry(dc).or_default().clone()
    }

    /// Ends a connection that is silent. The next request for its slot opens another, at once.
    pub fn give_up(&self, dc: Dc, slot: usize) {
        if let Some(connection) = self.open_now(dc, slot) {
            connection.end(CallError::Connection("it was silent for too long".to_owned()));
        }
    }

    /// Closes connections that nobody has used for a while.
    pub fn close_idle(&self) {
        let mut slots = lock(&self.slots);
        let mut open: HashMap<Dc, usize> = HashMap::new();
        for ((dc, _), _) in slots.iter().filter(|(_, slot)| slot.alive().is_some()) {
            *open.entry(*dc).or_default() += 1;
        }
        for ((dc, _), slot) in slots.iter_mut() {
            let left = open.entry(*dc).or_default();
            let longest = if *left > 1 { IDLE } else { WARM };
            if slot.alive().is_some_and(|connection| connection.idle() >= longest) {
                slot.connection = None;
                *left -= 1;
            }
        }
    }

    pub fn close(&self) {
        for slot in lock(&self.slots).values_mut() {
            slot.connection = None;
        }
    }

    /// By DC.
    pub fn traffic(&self) -> HashMap<Dc, Traffic> {
        let mut traffic: HashMap<Dc, Traffic> = HashMap::new();
        for (dc, OfDc { counters, .. }) in lock(&self.dcs).iter() {
            let of = traffic.entry(*dc).or_default();
            of.connections_opened = counters.opened.load(Ordering::Relaxed);
            of.received_bytes = counters.received_bytes.load(Ordering::Relaxed);
            of.wasted_bytes = counters.wasted_bytes.load(Ordering::Relaxed);
        }
        for ((dc, _), _) in lock(&self.slots).iter().filter(|(_, slot)| slot.alive().is_some()) {
            traffic.entry(*dc).or_default().connections_open += 1;
        }
        traffic
    }
}

impl Slot {
    fn alive(&self) -> Option<Arc<Connection>> {
        self.connection.clone().filter(|connection| !connection.is_ended())
    }
}

fn ended(why: &CallError) -> Ended {
    if *why == CallError::TooManyConnections { Ended::Refused } else { Ended::Otherwise }
}

/// An open connection, and where it belongs.
struct Watched {
    dc: Dc,
    slot: usize,
    socket: SocketAddrV4,
    connection: Weak<Connection>,
}

impl Watched {
    /// Waits for the connection's end and records what it means for its slot and its address.
    async fn until(self, end: impl Future<Output = CallError>, connections: Weak<FileConnections>) {
        let why = end.await;
        let Some(connections) = connections.upgrade() else { return };
        connections.context.connect_limiter.ended(self.socket, connections.bot, true, ended(&why));
        if let (Some(slot_state), Some(connection)) =
            (lock(&connections.slots).get_mut(&(self.dc, self.slot)), self.connection.upgrade())
            && slot_state.connection.as_ref().is_some_and(|now| Arc::ptr_eq(now, &connection))
        {
            if !connection.is_proven() {
                slot_state.failures += 1;
            }
            slot_state.rejected = match why {
                CallError::Rejected { .. } if connection.has_answered() => 1,
                CallError::Rejected { .. } => slot_state.rejected + 1,
                _ => 0,
            };
            if slot_state.rejected > 0 {
                slot_state.not_before = backoff(slot_state.rejected, &why).map(|pause| Instant::now() + pause);
            }
        }
        debug!(dc = self.dc.0, slot = self.slot, "A connection to DC {} has ended: {why}", self.dc);
        connections.context.changed.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
