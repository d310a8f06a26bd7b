//! One line: a TCP connection to a DC that carries requests, many at a time. Files go over lines of their own, which want
//! nothing to do with updates.
//!
//! ```text
//! call ──> writer task ──> socket ──> reader task ──> the caller that asked
//!          salts, ids, acks           decrypts while a packet comes, hands views of it on
//! ```
//!
//! A line is used until something goes wrong with it (cut, silent for too long, garbled, refused by the transport, messages
//! not taken); then all that it carried fails at once and its owner opens another. What it carries says itself again at most
//! [`MOST_REPEATS`] times, and for different reasons: Telegram wants another salt or another time. [`clock`] knows the time,
//! [`guard`] how much may be said at all.

pub(super) mod clock;
mod distance;
pub(super) mod gate;
mod guard;
mod numbers;
pub(super) mod wire;

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use grammers_mtsender::{InvocationError, RpcError};
use grammers_tl_types::{self as tl, Deserializable, Serializable};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, sleep, timeout};

use super::connection::{CallError, DEVICE, Task};
use super::crypto::Direction::ToClient;
use super::crypto::{AuthKey, ENVELOPE_BYTES, Opening};
use clock::Clock;
use distance::{Distance, Seen};
use gate::Gate;
use guard::Guard;
use numbers::Numbers;
pub(super) use numbers::Salts;
use wire::{Head, Said};

/// Where a line leads and who speaks on it.
pub(super) struct Address {
    pub socket: SocketAddrV4,
    pub key: AuthKey,
    pub salts: Arc<Salts>,
    pub clock: Arc<Clock>,
    /// What the first requests begin with: invokeWithLayer(initConnection(…
    pub introduction: Arc<[u8]>,
    pub purpose: Purpose,
    /// Silent for so long with an answer due: dead.
    pub limit: Duration,
    pub counters: Arc<Counters>,
}

/// What a line is for.
pub(super) enum Purpose {
    /// Requests go out as they come, unless the gate is shut: Telegram asks this bot to wait.
    Files(Arc<Gate>),
    /// Everything else, which is held to a [`guard`]; and updates.
    Control(Sink),
}

/// Gets what Telegram says without being asked. Must be quick.
pub(super) type Sink = Arc<dyn Fn(Heard) + Send + Sync>;

pub(super) enum Heard {
    Updates(Box<tl::enums::Updates>),
    /// Something may have happened that was not told, or not so that it could be read.
    Gap,
    /// The line is over.
    End,
}

/// Sums over all lines of one bot to one DC, the ended ones too.
#[derive(Default)]
pub(super) struct Counters {
    pub opened: AtomicU64,
    pub received_bytes: AtomicU64,
    /// Answers that came after their caller had left.
    pub wasted_bytes: AtomicU64,
}

pub(super) struct Line {
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
    numbers: Numbers,
    pending: HashMap<i64, Sent>,
    to_acknowledge: Vec<i64>,
    /// A message was taken, so that the session is there.
    is_taken: bool,
    /// An answer has come, so the server knows by now who speaks.
    is_introduced: bool,
    salts_asked: Option<i64>,
    /// How often they were asked for again, and when they were last asked for.
    salts_repeats: u32,
    salts_asked_at: Option<Instant>,
    /// Told when the first answer comes.
    ready: Option<oneshot::Sender<()>>,
    distance: Distance,
    sent_at: Instant,
    used_at: Instant,
}

struct Request {
    body: Bytes,
    /// Bytes that its answer has, more or less.
    expects: u32,
    /// How often it was said again.
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
    /// There are acknowledgments that wait for something to travel with; do not let them wait longer.
    Acknowledge,
}

/// Answers that have not come this long after the last byte of anything will not come.
const FORGOTTEN: Duration = Duration::from_secs(1);
/// How often a line looks at its clock.
const TICK: Duration = Duration::from_millis(500);
/// An idle line says something this often, and asks to be hung up on when it no longer does: routers forget silent
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
/// No message is said again more often than this: once for the time, once for the salt, once for a session that was forgotten.
const MOST_REPEATS: u32 = 3;
/// Few salts, or none that is good yet, are no reason to ask all the time.
const ASK_SALTS_EVERY: Duration = Duration::from_secs(60);
/// bad_msg_notification: the time in the message's id is too far behind the server's, or ahead of it.
const TOO_LOW: i32 = 16;
const TOO_HIGH: i32 = 17;
/// bad_server_salt.
const WRONG_SALT: i32 = 48;

impl Line {
    /// Connects and exchanges a first message: when this answers, requests go out without waiting for anything.
    pub(super) async fn open(address: Address) -> Result<Self, CallError> {
        let limit = address.limit;
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
            numbers: Numbers::new(session),
            pending: HashMap::new(),
            to_acknowledge: Vec::new(),
            is_taken: false,
            is_introduced: false,
            salts_asked: None,
            salts_repeats: 0,
            salts_asked_at: None,
            ready: Some(ready),
            distance: Distance::new(Duration::ZERO),
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
        let line = Self { inner, _tasks: tasks.map(Task) };
        let asked = Instant::now();
        let _ = line.inner.outgoing.send(Outgoing::AskSalts);
        match timeout(limit, is_ready).await {
            Ok(Ok(())) => {
                // Not what connecting took: a proxy that accepts may be nearby.
                line.inner.lock().distance = Distance::new(asked.elapsed());
                Ok(line)
            }
            Ok(Err(_)) => Err(line.inner.why_ended()),
            Err(_) => Err(CallError::Timeout(limit)),
        }
    }

    /// One request, its bare result, of some `expects` bytes. Dropping the future gives it up: it is not sent if it was not
    /// yet.
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

    /// Completes when the line has ended, with the reason.
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
        self.inner.lock().distance.round_trip()
    }

    /// Bytes of answers that are on their way. None are on a line that has been silent for a while: Telegram forgot them.
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

impl Drop for Line {
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

    /// Since when nothing was said, by either side.
    fn silence(&self) -> Duration {
        self.heard().max(self.lock().used_at).elapsed()
    }

    fn why_ended(&self) -> CallError {
        self.ended.borrow().clone().unwrap_or(CallError::Stopped)
    }

    /// Everything that was asked fails with `why`; the first reason stays.
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

    async fn run_writer(self: Arc<Self>, mut socket: OwnedWriteHalf, mut queue: mpsc::UnboundedReceiver<Outgoing>) {
        let mut ended = self.ended.subscribe();
        let mut packets = Vec::new();
        let mut guard = match self.address.purpose {
            Purpose::Files(_) => None,
            Purpose::Control(_) => Some(Guard::new(Instant::now())),
        };
        loop {
            let next = tokio::select! {
                next = timeout(TICK, queue.recv()) => next,
                _ = ended.wait_for(Option::is_some) => return,
            };
            match next {
                Ok(None) => return,
                Ok(Some(first)) => {
                    tokio::select! {
                        () = sleep(wait(&mut guard)) => {}
                        _ = ended.wait_for(Option::is_some) => return,
                    }
                    self.put(first, &mut packets);
                    said(&mut guard);
                    while wait(&mut guard).is_zero()
                        && let Ok(more) = queue.try_recv()
                    {
                        self.put(more, &mut packets);
                        said(&mut guard);
                    }
                }
                Err(_) => self.tick(&mut packets),
            }
            if packets.is_empty() {
                continue;
            }
            let written = timeout(self.address.limit, socket.write_all(&packets)).await;
            packets.clear();
            match written {
                Ok(Ok(())) => {}
                Ok(Err(e)) => return self.end(CallError::Connection(e.to_string())),
                Err(_) => return self.end(CallError::Timeout(self.address.limit)),
            }
        }
    }

    /// Turns one thing to say into packets.
    fn put(&self, what: Outgoing, packets: &mut Vec<u8>) {
        let mut state = self.lock();
        self.acknowledge(&mut state, packets);
        match what {
            Outgoing::Acknowledge => {}
            Outgoing::AskSalts => {
                state.salts_asked_at = Some(Instant::now());
                let ask = tl::functions::GetFutureSalts { num: SALTS }.to_bytes();
                state.salts_asked = Some(self.say(&mut state, &ask, true, packets));
            }
            Outgoing::Request(request) => {
                if request.answer.is_closed() {
                    return;
                }
                if let Purpose::Files(gate) = &self.address.purpose
                    && let Some(left) = gate.left()
                {
                    // Rounded up, as Telegram would say it.
                    let value = left.as_millis().div_ceil(1000) as u32;
                    let name = "FLOOD_WAIT".to_owned();
                    let _ = request.answer.send(Err(CallError::Rpc { code: 420, name, value: Some(value) }));
                    return;
                }
                let msg_id = if state.is_introduced {
                    self.say(&mut state, &request.body, true, packets)
                } else {
                    let introduced = [&self.address.introduction, &request.body[..]].concat();
                    self.say(&mut state, &introduced, true, packets)
                };
                self.due_bytes.fetch_add(request.expects.into(), Ordering::Relaxed);
                let was_alone = state.pending.is_empty();
                state.pending.insert(msg_id, Sent { request, at: Instant::now(), was_alone });
            }
        }
    }

    fn acknowledge(&self, state: &mut State, packets: &mut Vec<u8>) {
        if !state.to_acknowledge.is_empty() {
            let acks = tl::types::MsgsAck { msg_ids: std::mem::take(&mut state.to_acknowledge) };
            self.say(state, &tl::enums::MsgsAck::Ack(acks).to_bytes(), false, packets);
        }
    }

    fn say(&self, state: &mut State, body: &[u8], is_content_related: bool, packets: &mut Vec<u8>) -> i64 {
        let now = self.address.clock.now();
        let (msg_id, seq_no) = state.numbers.next(now, is_content_related);
        let salt = self.address.salts.current(now.as_secs() as i64);
        let head = Head { salt, session: state.numbers.session, msg_id, seq_no };
        wire::put_packet(packets, &self.address.key, head, body);
        state.sent_at = Instant::now();
        msg_id
    }

    /// Looks for a line that is dead or about to be forgotten.
    fn tick(&self, packets: &mut Vec<u8>) {
        let mut state = self.lock();
        // What was given up by its caller comes all the same, on a line that is well.
        let is_answer_due = state.ready.is_some() || !state.pending.is_empty();
        if is_answer_due && self.heard().max(state.used_at).elapsed() >= self.address.limit {
            drop(state);
            return self.end(CallError::Timeout(self.address.limit));
        }
        // What is not acknowledged comes again.
        self.acknowledge(&mut state, packets);
        if state.sent_at.elapsed() >= PING_EVERY {
            let ping = tl::functions::PingDelayDisconnect { ping_id: 1, disconnect_delay: HANG_UP_AFTER_SECS };
            self.say(&mut state, &ping.to_bytes(), true, packets);
        }
    }

    async fn run_reader(self: Arc<Self>, mut socket: OwnedReadHalf) {
        let why = self.read_packets(&mut socket).await;
        self.end(why);
    }

    /// Reads until there is a reason to stop.
    async fn read_packets(&self, socket: &mut OwnedReadHalf) -> CallError {
        let mut ended = self.ended.subscribe();
        loop {
            let packet = tokio::select! {
                packet = self.read_packet(socket) => packet,
                _ = ended.wait_for(Option::is_some) => return CallError::Stopped,
            };
            let (plain, began) = match packet {
                Ok(packet) => packet,
                Err(why) => return why,
            };
            let Some(packet) = wire::read(plain) else {
                return CallError::Connection("Telegram sent a message that cannot be read".to_owned());
            };
            if let Err(why) = self.take(packet, began) {
                return why;
            }
        }
    }

    /// A packet, decrypted, and when its first byte came.
    async fn read_packet(&self, socket: &mut OwnedReadHalf) -> Result<(Bytes, Instant), CallError> {
        let cut = |e: std::io::Error| CallError::Connection(e.to_string());
        let garbled = || CallError::Connection("Telegram sent something that is no packet".to_owned());
        let len = socket.read_u32_le().await.map_err(cut)? as usize;
        let began = Instant::now();
        if len == 4 {
            return Err(match socket.read_i32_le().await.map_err(cut)? {
                -404 => CallError::UnknownKey,
                -429 => CallError::TooManyConnections,
                code => CallError::Connection(format!("transport error {code}")),
            });
        }
        let Some(text_len) = len.checked_sub(ENVELOPE_BYTES).filter(|n| n % 16 == 0 && (1..LONGEST_PACKET).contains(n))
        else {
            return Err(garbled());
        };
        let mut envelope = [0; ENVELOPE_BYTES];
        socket.read_exact(&mut envelope).await.map_err(cut)?;
        let mut opening = Opening::begin(&self.address.key, ToClient, &envelope).ok_or_else(garbled)?;
        let mut text = BytesMut::with_capacity(text_len);
        let mut opened = 0;
        while text.len() < text_len {
            let most = PIECE.min(text_len - text.len());
            if socket.read_buf(&mut (&mut text).limit(most)).await.map_err(cut)? == 0 {
                return Err(CallError::Connection("Telegram closed the connection".to_owned()));
            }
            self.heard_ms.store(self.began.elapsed().as_millis() as u64, Ordering::Relaxed);
            let whole = text.len() / 16 * 16;
            opening.feed(&mut text[opened..whole]);
            opened = whole;
        }
        self.address.counters.received_bytes.fetch_add(text_len as u64, Ordering::Relaxed);
        if opening.finish() { Ok((text.freeze(), began)) } else { Err(garbled()) }
    }

    /// Acts on what a packet says, of which the first byte came at `began`.
    fn take(&self, packet: wire::Packet, began: Instant) -> Result<(), CallError> {
        let mut state = self.lock();
        if packet.session != state.numbers.session {
            return Err(CallError::Connection("Telegram answered another session".to_owned()));
        }
        self.is_proven.store(true, Ordering::Relaxed);
        self.address.clock.heard(packet.msg_id);
        state.to_acknowledge.extend(packet.to_acknowledge);
        for said in packet.said {
            match said {
                Said::Result { to, result } => {
                    (state.is_taken, state.is_introduced) = (true, true);
                    self.has_answered.store(true, Ordering::Relaxed);
                    self.become_ready(&mut state);
                    if let Some(Sent { request, at, was_alone }) = state.pending.remove(&to) {
                        state.distance.answered(Seen { asked: at, was_alone, began, came: Instant::now() });
                        self.due_bytes.fetch_sub(request.expects.into(), Ordering::Relaxed);
                        self.answer(request, result);
                    }
                }
                Said::NewSession { first, salt } => {
                    self.address.salts.tell(salt);
                    let lost: Vec<i64> = state.pending.keys().copied().filter(|id| *id < first).collect();
                    for id in lost {
                        self.say_again(&mut state, id, WRONG_SALT)?;
                    }
                    if state.is_introduced {
                        self.hear(Heard::Gap);
                    }
                    state.is_taken = true;
                }
                Said::BadSalt { message, salt } => {
                    self.address.salts.tell(salt);
                    self.say_again(&mut state, message, WRONG_SALT)?;
                }
                Said::BadMessage { message, code } => self.mend(&mut state, packet.msg_id, message, code)?,
                Said::FutureSalts(salts) => {
                    state.salts_asked = None;
                    (state.is_taken, state.salts_repeats) = (true, 0);
                    self.address.salts.add(salts);
                    self.become_ready(&mut state);
                }
                Said::Update(update) => self.hear(match tl::enums::Updates::from_bytes(&update) {
                    Ok(updates) => Heard::Updates(Box::new(updates)),
                    Err(_) => Heard::Gap,
                }),
                Said::Other => {}
            }
        }
        if state.to_acknowledge.len() >= MOST_ACKS {
            let _ = self.outgoing.send(Outgoing::Acknowledge);
        }
        let is_time = state.salts_asked_at.is_none_or(|at| at.elapsed() >= ASK_SALTS_EVERY);
        if state.salts_asked.is_none() && self.address.salts.are_few() && state.ready.is_none() && is_time {
            state.salts_asked = Some(0);
            let _ = self.outgoing.send(Outgoing::AskSalts);
        }
        Ok(())
    }

    fn become_ready(&self, state: &mut State) {
        if let Some(ready) = state.ready.take() {
            let _ = ready.send(());
        }
    }

    /// Telegram did not take `message`; the id of the message that says so has its time.
    fn mend(&self, state: &mut State, its_id: i64, message: i64, code: i32) -> Result<(), CallError> {
        match code {
            TOO_LOW => self.address.clock.corrected(its_id),
            // Ids would have to fall, which they may not within a session. One that nobody knows yet is simply another.
            TOO_HIGH if !state.is_taken => {
                self.address.clock.corrected(its_id);
                let session = random().map_err(|e| CallError::Connection(e.to_string()))?;
                state.numbers = Numbers::new(session);
            }
            TOO_HIGH => {
                self.address.clock.corrected(its_id);
                return Err(CallError::NotTaken { code });
            }
            code => return Err(CallError::NotTaken { code }),
        }
        self.say_again(state, message, code)
    }

    fn say_again(&self, state: &mut State, msg_id: i64, code: i32) -> Result<(), CallError> {
        if state.salts_asked == Some(msg_id) {
            state.salts_repeats += 1;
            if state.salts_repeats > MOST_REPEATS {
                return Err(CallError::NotTaken { code });
            }
            let _ = self.outgoing.send(Outgoing::AskSalts);
        }
        if let Some(Sent { mut request, .. }) = state.pending.remove(&msg_id) {
            self.due_bytes.fetch_sub(request.expects.into(), Ordering::Relaxed);
            request.repeats += 1;
            if request.repeats > MOST_REPEATS {
                let _ = request.answer.send(Err(CallError::NotTaken { code }));
                return Err(CallError::NotTaken { code });
            }
            let _ = self.outgoing.send(Outgoing::Request(request));
        }
        Ok(())
    }

    fn hear(&self, heard: Heard) {
        if let Purpose::Control(sink) = &self.address.purpose {
            sink(heard);
        }
    }

    fn answer(&self, request: Request, result: Result<Bytes, wire::RpcError>) {
        let result = result.map_err(|error| {
            let error = tl::types::RpcError { error_code: error.code, error_message: error.message };
            let error = CallError::from(InvocationError::Rpc(RpcError::from(error)));
            if let (Purpose::Files(gate), Some(wait)) = (&self.address.purpose, error.flood_wait()) {
                // Here and not where the answer is used: nothing more may be sent once this was read.
                gate.shut(wait);
            }
            error
        });
        let bytes = result.as_ref().map_or(0, |answer| answer.len() as u64);
        if request.answer.send(result).is_err() {
            self.address.counters.wasted_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

fn wait(guard: &mut Option<Guard>) -> Duration {
    guard.as_mut().map_or(Duration::ZERO, |guard| guard.wait(Instant::now()))
}

fn said(guard: &mut Option<Guard>) {
    if let Some(guard) = guard {
        guard.said(Instant::now());
    }
}

/// A session's id.
fn random() -> Result<i64, getrandom::Error> {
    getrandom::u64().map(|n| n as i64)
}

/// What stands before a request until the first answer: who we are, and whether updates are wanted here.
pub(super) fn introduction(api_id: i32, wants_updates: bool) -> Vec<u8> {
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
