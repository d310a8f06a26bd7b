//! One line: a TCP connection to a DC that carries requests for files and nothing else, many at a time.
//!
//! ```text
//! call ──> writer task ──> socket ──> reader task ──> the caller that asked
//!          salts, ids, acks           decrypts while a packet comes, hands views of it on
//! ```
//!
//! A line is used until something goes wrong with it (cut, silent for too long, garbled, refused by the transport); then all
//! that it carried fails at once and its owner opens another. It says invokeWithoutUpdates, so that updates stay with the
//! connection that watches for them.

use std::collections::HashMap;
use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::{BufMut, Bytes, BytesMut};
use grammers_mtsender::{InvocationError, RpcError};
use grammers_tl_types::{self as tl, Serializable};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, timeout};

use super::distance::{Distance, Seen};
use super::gate::Gate;
use super::numbers::{Numbers, Salts};
use super::wire::{self, Head, Said};
use crate::telegram::connection::{CallError, Task};
use crate::telegram::crypto::Direction::ToClient;
use crate::telegram::crypto::{AuthKey, ENVELOPE_BYTES, Opening};

/// Where a line leads and who speaks on it.
pub(super) struct Address {
    pub socket: SocketAddrV4,
    pub key: AuthKey,
    pub salts: Arc<Salts>,
    /// Shut while Telegram asks this bot to wait.
    pub gate: Arc<Gate>,
    /// What the first requests begin with: invokeWithLayer(initConnection(…
    pub introduction: Arc<[u8]>,
    /// Silent for so long with an answer due: dead.
    pub limit: Duration,
    pub counters: Arc<Counters>,
}

/// Sums over all lines of one bot to one DC, the ended ones too.
#[derive(Default)]
pub(in crate::telegram) struct Counters {
    pub opened: AtomicU64,
    pub received_bytes: AtomicU64,
    /// Answers that came after their caller had left.
    pub wasted_bytes: AtomicU64,
}

pub(in crate::telegram) struct Line {
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
    /// Bytes of answers that are due. Those that nobody waits for any more count: they come all the same.
    due_bytes: AtomicU64,
    ended: watch::Sender<Option<CallError>>,
}

struct State {
    numbers: Numbers,
    pending: HashMap<i64, Sent>,
    to_acknowledge: Vec<i64>,
    /// An answer has come, so the server knows by now who speaks.
    is_introduced: bool,
    salts_asked: Option<i64>,
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
/// bad_msg_notification: ours came with a time that is too far from the server's.
const CLOCK_CODES: [i32; 2] = [16, 17];

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
        let mut session = [0; 8];
        getrandom::fill(&mut session).map_err(|e| CallError::Connection(e.to_string()))?;
        let (outgoing, queue) = mpsc::unbounded_channel();
        let (ready, is_ready) = oneshot::channel();
        let began = Instant::now();
        let state = State {
            numbers: Numbers::new(i64::from_le_bytes(session)),
            pending: HashMap::new(),
            to_acknowledge: Vec::new(),
            is_introduced: false,
            salts_asked: None,
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
            || self.inner.outgoing.send(Outgoing::Request(Request { body: body.into(), expects, answer })).is_err()
        {
            return Err(self.inner.why_ended());
        }
        answered.await.unwrap_or_else(|_| Err(self.inner.why_ended()))
    }

    pub fn is_ended(&self) -> bool {
        self.inner.ended.borrow().is_some()
    }

    /// Where it leads, when Telegram ended it with -429: too many connections from here.
    pub fn refused_at(&self) -> Option<SocketAddrV4> {
        (self.inner.why_ended() == CallError::TooManyConnections).then_some(self.inner.address.socket)
    }

    /// Completes when the line has ended.
    pub fn until_ended(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut ended = self.inner.ended.subscribe();
        async move {
            let _ = ended.wait_for(Option::is_some).await;
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
        loop {
            let next = tokio::select! {
                next = timeout(TICK, queue.recv()) => next,
                _ = ended.wait_for(Option::is_some) => return,
            };
            match next {
                Ok(None) => return,
                Ok(Some(first)) => {
                    self.put(first, &mut packets);
                    while let Ok(more) = queue.try_recv() {
                        self.put(more, &mut packets);
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
        if !state.to_acknowledge.is_empty() {
            let acks = tl::types::MsgsAck { msg_ids: std::mem::take(&mut state.to_acknowledge) };
            self.say(&mut state, &tl::enums::MsgsAck::Ack(acks).to_bytes(), false, packets);
        }
        match what {
            Outgoing::Acknowledge => {}
            Outgoing::AskSalts => {
                let ask = tl::functions::GetFutureSalts { num: SALTS }.to_bytes();
                state.salts_asked = Some(self.say(&mut state, &ask, true, packets));
            }
            Outgoing::Request(request) => {
                if request.answer.is_closed() {
                    return;
                }
                if let Some(left) = self.address.gate.left() {
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

    fn say(&self, state: &mut State, body: &[u8], is_content_related: bool, packets: &mut Vec<u8>) -> i64 {
        let now = unix_now();
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
        state.to_acknowledge.extend(packet.to_acknowledge);
        for said in packet.said {
            match said {
                Said::Result { to, result } => {
                    state.is_introduced = true;
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
                    lost.into_iter().for_each(|id| self.say_again(&mut state, id));
                }
                Said::BadSalt { message, salt } => {
                    self.address.salts.tell(salt);
                    self.say_again(&mut state, message);
                }
                Said::BadMessage { message, code } if CLOCK_CODES.contains(&code) => {
                    state.numbers.set_clock(unix_now(), packet.msg_id);
                    self.say_again(&mut state, message);
                }
                Said::BadMessage { code, .. } => {
                    return Err(CallError::Connection(format!("Telegram did not take a message (code {code})")));
                }
                Said::FutureSalts(salts) => {
                    state.salts_asked = None;
                    self.address.salts.add(salts);
                    self.become_ready(&mut state);
                }
                Said::Other => {}
            }
        }
        if state.to_acknowledge.len() >= MOST_ACKS {
            let _ = self.outgoing.send(Outgoing::Acknowledge);
        }
        if state.salts_asked.is_none() && self.address.salts.are_few() && state.ready.is_none() {
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

    fn say_again(&self, state: &mut State, msg_id: i64) {
        if state.salts_asked == Some(msg_id) {
            let _ = self.outgoing.send(Outgoing::AskSalts);
        }
        if let Some(Sent { request, .. }) = state.pending.remove(&msg_id) {
            self.due_bytes.fetch_sub(request.expects.into(), Ordering::Relaxed);
            let _ = self.outgoing.send(Outgoing::Request(request));
        }
    }

    fn answer(&self, request: Request, result: Result<Bytes, wire::RpcError>) {
        let result = result.map_err(|error| {
            let error = tl::types::RpcError { error_code: error.code, error_message: error.message };
            let error = CallError::from(InvocationError::Rpc(RpcError::from(error)));
            if let Some(wait) = error.flood_wait() {
                // Here and not where the answer is used: nothing more may be sent once this was read.
                self.address.gate.shut(wait);
            }
            error
        });
        let bytes = result.as_ref().map_or(0, |answer| answer.len() as u64);
        if request.answer.send(result).is_err() {
            self.address.counters.wasted_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

fn unix_now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
