//! One TCP connection to a DC that carries requests, many at a time. Files go over connections of their own, without updates.
//!
//! ```text
//! call ──> writer task ──> socket ──> reader task ──> the caller that asked
//!          salts, ids, acks           decrypts while a packet comes, hands views of it on
//! ```
//!
//! A connection is used until it fails (cut, silent for too long, garbled, refused by the transport, messages rejected); then
//! all of its requests fail at once and its owner opens another. A request is sent again at most [`MOST_REPEATS`] times, when
//! Telegram wants another salt or another time. [`Clock`] knows the time, [`RateLimit`] how much may be sent at all.
//!
//! A session of MTProto is a connection's: its id is random, and it ends with the connection.

mod reader;
mod round_trip;
mod writer;

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use grammers_tl_types::{self as tl, Serializable};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};

use super::Task;
use super::call_error::CallError;
use super::clock::Clock;
use super::flood_wait::FloodWait;
use super::rate_limit::RateLimit;

use mtproto::{AuthKey, MessageIds, Salts};
use round_trip::RoundTrip;

/// Where a connection leads and who speaks on it.
pub struct Address {
    pub socket: SocketAddrV4,
    pub key: AuthKey,
    pub salts: Arc<Salts>,
    pub clock: Arc<Clock>,
    /// The first requests begin with it: invokeWithLayer(initConnection(…
    pub init_connection: Arc<[u8]>,
    pub purpose: Purpose,
    /// Silent for so long with an answer due: dead.
    pub limit: Duration,
    pub counters: Arc<Counters>,
}

/// What a connection is for.
pub enum Purpose {
    /// Requests go out at once, and fail at once while Telegram asks this bot to wait.
    Files(Arc<FloodWait>),
    /// Everything else, within a rate limit; and updates.
    Control { events: EventSink, rate_limit: Arc<Mutex<RateLimit>> },
}

/// Receives what no request asked for. Must be quick.
pub type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

pub enum Event {
    Updates(Box<tl::enums::Updates>),
    /// Updates may have been lost: a new session, or updates that cannot be read.
    Gap,
    /// The connection has ended.
    Closed,
}

/// Sums over all connections of one bot to one DC, the ended ones too.
#[derive(Default)]
pub struct Counters {
    pub opened: AtomicU64,
    pub received_bytes: AtomicU64,
    /// Of answers that came after their caller had left.
    pub wasted_bytes: AtomicU64,
}

pub struct Connection {
    inner: Arc<Inner>,
    _tasks: [Task; 2],
}

struct Inner {
    address: Address,
    state: Mutex<State>,
    outgoing: mpsc::UnboundedSender<Outgoing>,
    began: Instant,
    /// Milliseconds after `began` when the last byte came.
    heard_ms: AtomicU64,
    /// Answered anything at all.
    is_proven: AtomicBool,
    /// Answered a request.
    has_answered: AtomicBool,
    /// Bytes of answers that are due. Those that nobody waits for any more count: they come all the same.
    due_bytes: AtomicU64,
    ended: watch::Sender<Option<CallError>>,
}

struct State {
    ids: MessageIds,
    pending: HashMap<i64, Sent>,
    to_acknowledge: Vec<i64>,
    /// A message was accepted, so the server has the session.
    is_accepted: bool,
    /// A request was answered, so the server has seen initConnection.
    is_initialized: bool,
    salts_asked: Option<i64>,
    /// How often they were asked for again, and when they were last asked for.
    salts_repeats: u32,
    salts_asked_at: Option<Instant>,
    /// Completed when the first answer comes.
    ready: Option<oneshot::Sender<()>>,
    round_trip: RoundTrip,
    sent_at: Instant,
    used_at: Instant,
}

struct Request {
    body: Bytes,
    /// Bytes that its answer has, more or less.
    expects: u32,
    /// How often it was sent again.
    repeats: u32,
    answer: oneshot::Sender<Result<Bytes, CallError>>,
}

/// A request that was sent.
struct Sent {
    request: Request,
    at: Instant,
    /// Nothing else was due then.
    was_alone: bool,
}

enum Outgoing {
    Request(Request),
    AskSalts,
    /// Acknowledgments have waited long enough for a request to travel with.
    Acknowledge,
}

/// Answers that have not come this long after the last byte of anything will not come.
const FORGOTTEN: Duration = Duration::from_secs(1);
/// How often a connection checks whether it lives.
const TICK: Duration = Duration::from_millis(500);
/// An idle connection sends a ping this often, and asks to be hung up on when it no longer does: routers forget silent
/// connections, and Telegram closes them.
const PING_EVERY: Duration = Duration::from_secs(30);
const HANG_UP_AFTER_SECS: i32 = 75;
/// Acknowledgments that may wait for the next request.
const MOST_ACKS: usize = 8;
/// Salts asked for at once: a day of them.
const SALTS: i32 = 48;
/// The most read from the socket at once: small enough to be decrypted while it is in the processor's cache.
const PIECE: usize = 128 * 1024;
/// A packet with 1 MiB of a file, and room for what stands around it.
const LONGEST_PACKET: usize = (1 << 20) + 64 * 1024;
/// No message is sent again more often than this: once for the time, once for the salt, once for a session that was forgotten.
const MOST_REPEATS: u32 = 3;
/// Few salts, or none that is good yet, are no reason to ask all the time.
const ASK_SALTS_EVERY: Duration = Duration::from_secs(60);
/// bad_msg_notification: the time in the message's id is too far behind the server's, or ahead of it.
const TOO_LOW: i32 = 16;
const TOO_HIGH: i32 = 17;
/// bad_server_salt.
const WRONG_SALT: i32 = 48;

/// Each of the two round trips of opening may take so long: TCP repeats a lost packet after one second and after three. Whoever
/// waits for a new connection has lost the old one already.
const OPENING: Duration = Duration::from_secs(4);

impl Connection {
    /// Connects and exchanges a first message: when this returns, requests go out without waiting for anything.
    pub async fn open(address: Address) -> Result<Self, CallError> {
        let limit = address.limit.min(OPENING);
        let connect = async {
            let mut stream = TcpStream::connect(address.socket).await?;
            // Requests are small and each is waited for.
            stream.set_nodelay(true)?;
            // The intermediate transport: unlike the full one without a checksum over what is authenticated anyway.
            stream.write_all(&[0xee; 4]).await?;
            Ok::<_, std::io::Error>(stream)
        };
        let stream = match timeout(limit, connect).await {
            Err(_) => return Err(CallError::Timeout(limit)),
            Ok(stream) => stream.map_err(|e| CallError::Connection(e.to_string()))?,
        };
        address.counters.opened.fetch_add(1, Ordering::Relaxed);
        let session = random().map_err(|e| CallError::Connection(e.to_string()))?;
        let (outgoing, queue) = mpsc::unbounded_channel();
        let (ready, is_ready) = oneshot::channel();
        let began = Instant::now();
        let state = State {
            ids: MessageIds::new(session),
            pending: HashMap::new(),
            to_acknowledge: Vec::new(),
            is_accepted: false,
            is_initialized: false,
            salts_asked: None,
            salts_repeats: 0,
            salts_asked_at: None,
            ready: Some(ready),
            round_trip: RoundTrip::new(Duration::ZERO),
            sent_at: began,
            used_at: began,
        };
        let inner = Arc::new(Inner {
            address,
            state: Mutex::new(state),
            outgoing,
            began,
            heard_ms: AtomicU64::new(0),
            is_proven: AtomicBool::new(false),
            has_answered: AtomicBool::new(false),
            due_bytes: AtomicU64::new(0),
            ended: watch::Sender::new(None),
        });
        let (read, write) = stream.into_split();
        let tasks =
            [tokio::spawn(inner.clone().run_reader(read)), tokio::spawn(inner.clone().run_writer(write, queue))];
        let connection = Self { inner, _tasks: tasks.map(Task) };
        let asked = Instant::now();
        let _ = connection.inner.outgoing.send(Outgoing::AskSalts);
        match timeout(limit, is_ready).await {
            Ok(Ok(())) => {
                // Not what connecting took: a proxy that accepts may be nearby.
                connection.inner.lock().round_trip = RoundTrip::new(asked.elapsed());
                Ok(connection)
            }
            Ok(Err(_)) => Err(connection.inner.why_ended()),
            Err(_) => Err(CallError::Timeout(limit)),
        }
    }

    /// Sends one request and returns its bare result, of some `expects` bytes. Dropping the future gives it up: a request that
    /// was not sent yet is not sent.
    pub async fn call(&self, body: Vec<u8>, expects: u32) -> Result<Bytes, CallError> {
        let (answer, answered) = oneshot::channel();
        self.inner.lock().used_at = Instant::now();
        if self.is_ended()
            || self
                .inner
                .outgoing
                .send(Outgoing::Request(Request { body: body.into(), expects, repeats: 0, answer }))
                .is_err()
        {
            return Err(self.inner.why_ended());
        }
        answered.await.unwrap_or_else(|_| Err(self.inner.why_ended()))
    }

    pub fn is_ended(&self) -> bool {
        self.inner.ended.borrow().is_some()
    }

    /// [`CallError::Stopped`] while it has not.
    pub fn why_ended(&self) -> CallError {
        self.inner.why_ended()
    }

    /// Completes when the connection has ended, with the reason.
    pub fn until_ended(&self) -> impl Future<Output = CallError> + Send + 'static {
        let mut ended = self.inner.ended.subscribe();
        async move {
            let why = ended.wait_for(Option::is_some).await.map(|why| why.clone());
            why.ok().flatten().unwrap_or(CallError::Stopped)
        }
    }

    /// When the last byte came; the time of opening before the first.
    pub fn heard(&self) -> Instant {
        self.inner.heard()
    }

    /// How far away the DC is.
    pub fn round_trip(&self) -> Duration {
        self.inner.lock().round_trip.get()
    }

    /// Bytes of answers that are on their way. 0 on a connection that has been silent for a while: Telegram forgot them.
    pub fn due_bytes(&self) -> u64 {
        let due = self.inner.due_bytes.load(Ordering::Relaxed);
        if due > 0 && self.inner.silence() >= FORGOTTEN { 0 } else { due }
    }

    /// Whether it ever answered anything: an address that only accepts is not well.
    pub fn is_proven(&self) -> bool {
        self.inner.is_proven.load(Ordering::Relaxed)
    }

    /// Whether it ever answered a request.
    pub fn has_answered(&self) -> bool {
        self.inner.has_answered.load(Ordering::Relaxed)
    }

    /// For how long nobody has asked anything of it. Zero while an answer is due.
    pub fn idle(&self) -> Duration {
        let state = self.inner.lock();
        if state.pending.is_empty() { state.used_at.elapsed() } else { Duration::ZERO }
    }

    pub fn end(&self, why: CallError) {
        self.inner.end(why);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.inner.end(CallError::Stopped);
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) -> Instant {
        self.began + Duration::from_millis(self.heard_ms.load(Ordering::Relaxed))
    }

    /// For how long nothing was sent by either side.
    fn silence(&self) -> Duration {
        self.heard().max(self.lock().used_at).elapsed()
    }

    fn why_ended(&self) -> CallError {
        self.ended.borrow().clone().unwrap_or(CallError::Stopped)
    }

    /// All requests fail with `why`; the first reason stays.
    fn end(&self, why: CallError) {
        let is_first = self.ended.send_if_modified(|ended| {
            let is_first = ended.is_none();
            if is_first {
                *ended = Some(why.clone());
            }
            is_first
        });
        if is_first {
            let mut state = self.lock();
            state.ready = None;
            let pending = std::mem::take(&mut state.pending);
            drop(state);
            for sent in pending.into_values() {
                let _ = sent.request.answer.send(Err(why.clone()));
            }
        }
    }
}

/// A session's id.
fn random() -> Result<i64, getrandom::Error> {
    getrandom::u64().map(|n| n as i64)
}

/// What Telegram shows as the device of a session.
const DEVICE: &str = "Cinepost";

/// What stands before a request until the first answer: who we are, and whether updates are wanted here.
pub fn init_connection(api_id: i32, wants_updates: bool) -> Vec<u8> {
    fn around<T: Serializable>(api_id: i32, query: T) -> Vec<u8> {
        tl::functions::InvokeWithLayer {
            layer: tl::LAYER,
            query: tl::functions::InitConnection {
                api_id,
                device_model: DEVICE.to_owned(),
                system_version: std::env::consts::OS.to_owned(),
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
                system_lang_code: "en".to_owned(),
                lang_pack: String::new(),
                lang_code: "en".to_owned(),
                proxy: None,
                params: None,
                query,
            },
        }
        .to_bytes()
    }
    let query = tl::functions::help::GetConfig {};
    let placeholder = query.to_bytes().len();
    let mut wrapped = match wants_updates {
        true => around(api_id, query),
        false => around(api_id, tl::functions::InvokeWithoutUpdates { query }),
    };
    // A wrapped query is the last thing in its wrapper: without it, what is left is what to put before another.
    wrapped.truncate(wrapped.len() - placeholder);
    wrapped
}
