//! One TCP connection as Telegram's side sees it: transport, encryption, sessions, salts, containers, acknowledgements.
//! Calls are handed to `rpc`, each in a task of its own, and their answers written in the order in which they are ready.
//!
//! ```text
//! envelope   key id:8 | message key:16 | encrypted( salt:8 | session:8 | message id:8 | seq:4 | length:4 | body | padding )
//! ```

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use grammers_tl_types::{Cursor, Deserializable, Identifiable, Serializable, types};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::crypto::AuthKey;
use super::faults::{Caller, What};
use super::rpc::{self, Call, RpcError};
use super::server::Server;
use super::tl::Writer;
use super::transport::{Framer, Reader};

/// Frame, key id, message key, salt, session, message id, sequence and length stand before a body.
const HEAD: usize = Framer::ROOM + 24 + 32;
/// The salt of every session. A client that does not know it yet is told by `bad_server_salt`, as with Telegram.
const SALT: i64 = 0x0073_616c_7473_616c;
/// So many salts count up from it, for a day of half hours.
const SALTS: i64 = 48;
/// Message ids that were seen, so that a repeated one is not done twice.
const REMEMBERED: usize = 1024;

/// What other tasks need of a connection: to push updates and to cut it.
#[derive(Clone)]
pub struct Handle {
    pub number: u64,
    pub account: i64,
    pub dc: i32,
    /// False until the session is signed in and asked for anything, and for connections that said invokeWithoutUpdates.
    pub wants_updates: Arc<AtomicBool>,
    out: mpsc::UnboundedSender<Out>,
    pub cut: CancellationToken,
}

enum Out {
    /// A message body, and whether it answers something (odd ids ending in 1) or speaks for itself (3).
    Body {
        body: Vec<u8>,
        is_answer: bool,
        is_content: bool,
    },
    TransportError(i32),
}

impl Handle {
    /// Sends an update.
    pub fn push(&self, update: Vec<u8>) {
        let _ = self.out.send(Out::Body { body: update, is_answer: false, is_content: true });
    }

    fn send(&self, body: Vec<u8>, is_content: bool) {
        let _ = self.out.send(Out::Body { body, is_answer: true, is_content });
    }

    fn refuse(&self, code: i32) {
        let _ = self.out.send(Out::TransportError(code));
    }
}

/// Serves one connection to its end.
pub async fn serve(server: Arc<Server>, dc: i32, stream: TcpStream, cut: CancellationToken) {
    let _ = stream.set_nodelay(true);
    if server.is_black_hole(dc) {
        cut.cancelled().await;
        return;
    }
    let (read, write) = stream.into_split();
    let work = async {
        let mut reader = Reader::recognise(read).await?;
        let framer = Framer::new(reader.transport());
        let mut first = reader.next().await?;
        // Key id 0 asks for a key exchange, which the simulation does not play; an unknown key is one that it never made.
        let key_id = first.get(..8).and_then(|id| id.try_into().ok()).unwrap_or_default();
        let Some((account, key)) = server.key(dc, key_id) else {
            return refuse(framer, write, -404).await;
        };
        let connection = Connection::open(&server, dc, account, key, framer, write, cut.clone());
        loop {
            connection.receive(&mut first)?;
            first = reader.next().await?;
        }
    };
    let result: std::io::Result<()> = tokio::select! {
        result = work => result,
        () = cut.cancelled() => Ok(()),
    };
    if let Err(error) = result {
        debug!(%error, dc, "A connection ended");
    }
    cut.cancel();
}

async fn refuse(mut framer: Framer, mut write: OwnedWriteHalf, code: i32) -> std::io::Result<()> {
    let mut buffer = vec![0; Framer::ROOM];
    buffer.extend_from_slice(&code.to_le_bytes());
    // The full transport says errors without a frame of their own (a negative length).
    let from = framer.close_error(&mut buffer);
    write.write_all(&buffer[from..]).await?;
    write.shutdown().await
}

struct Connection {
    server: Arc<Server>,
    handle: Handle,
    key: AuthKey,
    session: Arc<AtomicI64>,
    seen: std::sync::Mutex<VecDeque<i64>>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.server.closed(self.handle.number);
    }
}

impl Connection {
    fn open(
        server: &Arc<Server>,
        dc: i32,
        account: i64,
        key: AuthKey,
        framer: Framer,
        write: OwnedWriteHalf,
        cut: CancellationToken,
    ) -> Self {
        let (out, queue) = mpsc::unbounded_channel();
        let handle = Handle {
            number: server.next_connection(),
            account,
            dc,
            wants_updates: Arc::new(AtomicBool::new(false)),
            out,
            cut,
        };
        server.opened(handle.clone());
        let session = Arc::new(AtomicI64::new(0));
        let writer =
            Sender { server: server.clone(), handle: handle.clone(), key: key.clone(), session: session.clone() };
        tokio::spawn(writer.run(queue, framer, write));
        Self { server: server.clone(), handle, key, session, seen: std::sync::Mutex::default() }
    }

    fn receive(&self, envelope: &mut [u8]) -> std::io::Result<()> {
        let broken = |what: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, what.to_owned());
        let text = self.key.open(envelope).ok_or_else(|| broken("not encrypted with this connection's key"))?;
        let long = |at: usize| i64::from_le_bytes(text[at..at + 8].try_into().unwrap_or_default());
        let (salt, session, id) = (long(0), long(8), long(16));
        let int = |at: usize| i32::from_le_bytes(text[at..at + 4].try_into().unwrap_or_default());
        let (seq, length) = (int(24), int(28) as usize);
        let body = text.get(32..32 + length).ok_or_else(|| broken("a message longer than its envelope"))?;
        if self.session.swap(session, Ordering::AcqRel) != session {
            self.new_session(id);
        }
        if !(SALT..SALT + SALTS).contains(&salt) {
            let mut w = Writer::object::<types::BadServerSalt>();
            w.long(id).int(seq).int(48).long(SALT);
            self.handle.send(w.done(), false);
            return Ok(());
        }
        self.message(id, body);
        Ok(())
    }

    fn new_session(&self, first: i64) {
        let mut w = Writer::object::<types::NewSessionCreated>();
        w.long(first).long(self.session.load(Ordering::Acquire)).long(SALT);
        let _ = self.handle.out.send(Out::Body { body: w.done(), is_answer: false, is_content: true });
    }

    /// One message: a container, a service message, or a call.
    fn message(&self, id: i64, body: &[u8]) {
        let Some(constructor) = body.get(..4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes) else { return };
        let rest = &body[4..];
        match constructor {
            // msg_container: count:4, then (id:8, seq:4, length:4, body)
            0x73f1_f8dc => self.container(rest),
            0x3072_cfa1 => {
                if let Some(unpacked) = gunzip(rest) {
                    self.message(id, &unpacked);
                }
            }
            types::MsgsAck::CONSTRUCTOR_ID
            | types::HttpWait::CONSTRUCTOR_ID
            | types::MsgsStateInfo::CONSTRUCTOR_ID
            | types::MsgsAllInfo::CONSTRUCTOR_ID => {}
            _ if !self.is_first_time(id) => {}
            0x7abe_77ec => self.pong(id, rest),
            // ping_delay_disconnect: the delay is ignored, connections here end when clients end them.
            0xf342_7b8c => self.pong(id, rest),
            0xb921_bd04 => self.future_salts(id),
            0xe751_2126 => {
                let mut w = Writer::object::<types::DestroySessionOk>();
                w.raw(rest.get(..8).unwrap_or(&[0; 8]));
                self.handle.send(w.done(), false);
            }
            0x58e4_a740 => self.result(id, &Writer::object::<types::RpcAnswerUnknown>().done()),
            _ => self.call(id, body.to_vec()),
        }
    }

    fn container(&self, mut rest: &[u8]) {
        let int = |bytes: &[u8]| i32::from_le_bytes(bytes.try_into().unwrap_or_default());
        let Some(count) = rest.get(..4).map(int) else { return };
        rest = &rest[4..];
        for _ in 0..count.min(1020) {
            let Some(head) = rest.get(..16) else { return };
            let id = i64::from_le_bytes(head[..8].try_into().unwrap_or_default());
            let length = int(&head[12..16]) as usize;
            let Some(body) = rest.get(16..16 + length) else { return };
            self.message(id, body);
            rest = &rest[16 + length..];
        }
    }

    /// A client repeats what it thinks was lost: an id is done once.
    fn is_first_time(&self, id: i64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if seen.contains(&id) {
            return false;
        }
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(id);
        true
    }

    fn pong(&self, id: i64, rest: &[u8]) {
        let mut w = Writer::object::<types::Pong>();
        w.long(id).raw(rest.get(..8).unwrap_or(&[0; 8]));
        self.handle.send(w.done(), false);
    }

    fn future_salts(&self, id: i64) {
        let now = super::world::unix_now();
        let mut w = Writer::object::<types::FutureSalts>();
        // A bare vector of bare salts, each valid for an hour and overlapping the next by half of one.
        w.long(id).int(now).int(SALTS as i32);
        for n in 0..SALTS {
            let since = now + n as i32 * 1800;
            types::FutureSalt { valid_since: since, valid_until: since + 3600, salt: SALT + n }.serialize(&mut w.0);
        }
        self.handle.send(w.done(), false);
    }

    fn result(&self, id: i64, result: &[u8]) {
        send_result(&self.handle, id, result);
    }

    fn call(&self, id: i64, body: Vec<u8>) {
        let (server, handle) = (self.server.clone(), self.handle.clone());
        tokio::spawn(async move {
            let call = match Call::read(&body) {
                Ok(call) => call,
                Err(error) => return send_result(&handle, id, &error.to_tl()),
            };
            if let Some(answer) = answer(&server, &handle, &call).await {
                send_result(&handle, id, &answer);
            }
        });
    }
}

/// Runs one call with whatever goes wrong on its way. `None`: it is never answered.
async fn answer(server: &Arc<Server>, handle: &Handle, call: &Call) -> Option<Vec<u8>> {
    let name = server.account_name(handle.account);
    let caller = Caller { account: &name, dc: handle.dc, connection: handle.number };
    let (round_trip, struck) = server.faults(|f| (f.round_trip(caller), f.strike(caller, call.method)));
    server.count(&name, handle.dc, call.method);
    tokio::time::sleep(round_trip).await;
    let refuse = |code, text: String| Some(RpcError::new(code, text).to_tl());
    let mut fewer = 0;
    match struck {
        None => {}
        Some(What::FloodWait(seconds)) => return refuse(420, format!("FLOOD_WAIT_{seconds}")),
        Some(What::FloodPremiumWait(seconds)) => return refuse(420, format!("FLOOD_PREMIUM_WAIT_{seconds}")),
        Some(What::Error(code, text)) => return refuse(code, text),
        Some(What::Internal) => return refuse(500, "RPC_CALL_FAIL".to_owned()),
        Some(What::Stall) => return None,
        Some(What::Cut) => {
            handle.cut.cancel();
            return None;
        }
        Some(What::TooManyConnections) => {
            handle.refuse(-429);
            return None;
        }
        Some(What::Short(bytes)) => fewer = bytes,
        Some(What::ExpireReferences) => server.expire_references(handle.account),
        Some(_) => {}
    }
    match rpc::answer(server, handle, call, fewer) {
        Ok(result) => {
            if call.method == "upload.getFile" {
                server.count_bytes(&name, handle.dc, result.len() as u64);
                tokio::time::sleep(server.bot_delay(caller, result.len())).await;
            }
            Some(result)
        }
        Err(error) => Some(error.to_tl()),
    }
}

fn send_result(handle: &Handle, id: i64, result: &[u8]) {
    let mut body = Vec::with_capacity(12 + result.len());
    body.extend_from_slice(&0xf35c_6d01_u32.to_le_bytes());
    body.extend_from_slice(&id.to_le_bytes());
    body.extend_from_slice(result);
    handle.send(body, true);
}

fn gunzip(rest: &[u8]) -> Option<Vec<u8>> {
    let packed = Vec::<u8>::deserialize(&mut Cursor::from_slice(rest)).ok()?;
    let mut unpacked = Vec::new();
    // No request is longer: a part of 512 KiB with its wrapping.
    flate2::read::GzDecoder::new(&packed[..]).take(4 << 20).read_to_end(&mut unpacked).ok()?;
    Some(unpacked)
}

/// The writing half: numbers, encrypts and frames messages one after the other, no faster than the connection may.
struct Sender {
    server: Arc<Server>,
    handle: Handle,
    key: AuthKey,
    session: Arc<AtomicI64>,
}

impl Sender {
    async fn run(self, mut queue: mpsc::UnboundedReceiver<Out>, mut framer: Framer, mut write: OwnedWriteHalf) {
        let mut last_id = 0;
        let content = AtomicI32::new(0);
        loop {
            let out = tokio::select! {
                out = queue.recv() => out,
                () = self.handle.cut.cancelled() => None,
            };
            let (mut buffer, from) = match out {
                None => break,
                Some(Out::TransportError(code)) => {
                    let _ = refuse(framer, write, code).await;
                    self.handle.cut.cancel();
                    break;
                }
                Some(Out::Body { body, is_answer, is_content }) => {
                    let seq = match is_content {
                        true => content.fetch_add(1, Ordering::Relaxed) * 2 + 1,
                        false => content.load(Ordering::Relaxed) * 2,
                    };
                    last_id = next_id(last_id, is_answer);
                    let mut buffer = vec![0; HEAD];
                    buffer.reserve(body.len() + 64);
                    let mut put = |at: usize, bytes: &[u8]| buffer[at..at + bytes.len()].copy_from_slice(bytes);
                    put(HEAD - 32, &SALT.to_le_bytes());
                    put(HEAD - 24, &self.session.load(Ordering::Acquire).to_le_bytes());
                    put(HEAD - 16, &last_id.to_le_bytes());
                    put(HEAD - 8, &seq.to_le_bytes());
                    put(HEAD - 4, &(body.len() as u32).to_le_bytes());
                    buffer.extend_from_slice(&body);
                    self.key.seal(&mut buffer, HEAD - 32);
                    let from = framer.close(&mut buffer);
                    (buffer, from)
                }
            };
            self.pace(buffer.len()).await;
            if write.write_all(&buffer[from..]).await.is_err() {
                break;
            }
            buffer.clear();
        }
        self.handle.cut.cancel();
    }

    /// Waits as long as the bytes need at the connection's limit.
    async fn pace(&self, bytes: usize) {
        let name = self.server.account_name(self.handle.account);
        let caller = Caller { account: &name, dc: self.handle.dc, connection: self.handle.number };
        if let Some(limit) = self.server.faults(|f| f.connection_limit(caller)) {
            tokio::time::sleep(Duration::from_secs_f64(bytes as f64 / limit.max(1) as f64)).await;
        }
    }
}

/// Rising message ids: unix time in the upper half; the lowest two bits are 01 for answers and 11 for the rest.
fn next_id(last: i64, is_answer: bool) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let id = ((now.as_secs() as i64) << 32 | i64::from(now.subsec_nanos())) & !3;
    let id = if id > last { id } else { (last & !3) + 4 };
    id | if is_answer { 1 } else { 3 }
}
