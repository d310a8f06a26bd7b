//! One TCP connection of a client: packets come in, are decrypted and read, and lead to answers. Requests of one
//! connection are handled one after the other; their answers wait in the [`writer`], where time and speed are.

mod envelope;
mod pace;
mod session;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use grammers_tl_types::{self as tl, Deserializable, Identifiable, Serializable};
use tokio::io::AsyncRead;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tracing::{debug, warn};

use super::calls::Pending;
use super::faults::{Effect, Event};
use super::refusal::Refusal;
use super::rpc::{self, Call, Request};
use super::server::{Door, Server};
use super::transport;
use super::world;
use mtproto::{self as crypto, AuthKey, Direction};
pub(super) use pace::Pace;
use session::Arrival;
pub(super) use session::{Cause, Session};
pub(super) use writer::{Message, Outgoing};

/// Answers that may wait to be sent; after that the client's requests wait.
const QUEUE: usize = 32;

/// bad_msg_notification: the container cannot be read.
const INVALID_CONTAINER: i32 = 64;
/// A request must have an odd sequence number, an acknowledgment an even one.
const ODD_EXPECTED: i32 = 35;
const EVEN_EXPECTED: i32 = 34;

/// Serves a connection until it ends. `number` is its name in faults and statistics.
pub(super) async fn serve(server: Arc<Server>, door: Door, number: u64, stream: TcpStream) {
    let dc = door.dc;
    // Answers are whole packets: waiting for more to send would only cost time.
    let _ = stream.set_nodelay(true);
    if server.faults.is_black_hole(Event {
        dc,
        connection: number,
        is_for_files: door.is_for_files,
        ..Event::default()
    }) {
        debug!("Connection {number} to DC {dc} fell into a black hole");
        return std::future::pending().await;
    }
    let (read, write) = stream.into_split();
    let (receiver, sender) = match transport::accept(read).await {
        Ok(halves) => halves,
        Err(e) => return debug!("Connection {number} to DC {dc}: {e}"),
    };
    let (answers, answer_queue) = mpsc::channel(QUEUE);
    let (notices, notice_queue) = mpsc::unbounded_channel();
    let writer = writer::Writer {
        server: server.clone(),
        door,
        connection: number,
        stream: write,
        sender,
        answers: answer_queue,
        notices: notice_queue,
        pace: Pace::default(),
    };
    server.hub.open(number, door, notices);
    let mut reader =
        Reader { server: server.clone(), dc, is_for_files: door.is_for_files, number, answers, deadline: None };
    tokio::select! {
        () = writer.run() => {}
        () = reader.run(receiver) => {}
    }
    server.hub.close(number);
}

struct Reader {
    server: Arc<Server>,
    dc: i32,
    is_for_files: bool,
    number: u64,
    answers: mpsc::Sender<Outgoing>,
    /// When the client wants to be hung up on unless it pings again.
    deadline: Option<Instant>,
}

/// Why a connection ends.
struct Hangup;

/// What faults made of a call.
enum FaultOutcome {
    /// It is answered, with these changes.
    Answer(Changes),
    /// It was answered already, by a bad_msg_notification.
    Answered,
    /// It is never answered.
    Silence,
}

#[derive(Default)]
struct Changes {
    refusal: Option<Refusal>,
    delay: Option<Duration>,
    cut_after: Option<usize>,
    is_short: bool,
}

/// Where the answer to a message goes.
struct Line {
    key: Arc<AuthKey>,
    session: Arc<Session>,
    account: Arc<str>,
    arrived: Instant,
}

impl Reader {
    async fn run<R: AsyncRead + Unpin>(&mut self, mut receiver: transport::Receiver<R>) {
        loop {
            let far = Instant::now() + Duration::from_secs(86_400);
            let packet = match timeout_at(self.deadline.unwrap_or(far), receiver.next()).await {
                Ok(Ok(packet)) => packet,
                Ok(Err(e)) => return debug!("Connection {} to DC {} ended: {e}", self.number, self.dc),
                Err(_) if self.deadline.is_some() => return debug!("Connection {} did not ping in time", self.number),
                Err(_) => continue,
            };
            if self.packet(packet).await.is_err() {
                // Whatever was said last (a transport error, half an answer) still goes out; the writer ends it.
                return std::future::pending().await;
            }
        }
    }

    async fn packet(&mut self, mut packet: Vec<u8>) -> Result<(), Hangup> {
        let Ok(key_id) = i64::from_bytes(&packet) else { return self.refuse(-404).await };
        if key_id == 0 {
            warn!(
                "A client wants to exchange keys, which the simulation cannot do: give it the keys from the start line"
            );
            return self.refuse(-404).await;
        }
        let Some(key) = self.server.key(key_id, self.dc) else {
            warn!("A client has the unknown key {key_id:016x} for DC {}: it must be one of the start line", self.dc);
            return self.refuse(-404).await;
        };
        let account = self.server.name_of_key(key_id);
        if self.server.faults.is_black_hole(Event { account: Some(&account), ..self.event() }) {
            return Ok(());
        }
        let Some(plain) = crypto::open(&key, Direction::ToServer, &mut packet) else { return self.refuse(-404).await };
        let Some((salt, session_id, message)) = envelope::read(plain) else { return self.refuse(-404).await };
        let seed = self.server.seed;
        let (session, is_new) = self.server.session(key_id, session_id);
        let line = Line { key, session, account, arrived: Instant::now() };
        self.server.stats.received(self.event_of(&line));

        if let Some(code) = session::wrong_id(self.server.clock.now_as_id(), message.msg_id) {
            if is_new {
                self.server.forget_session(key_id, session_id);
            }
            return self.bad_message(&line, message.msg_id, message.seq_no, code).await;
        }
        if !session::is_good_salt(seed, key_id, world::now(), salt) {
            let answer = tl::types::BadServerSalt {
                bad_msg_id: message.msg_id,
                bad_msg_seqno: message.seq_no,
                error_code: 48,
                new_server_salt: session::current_salt(seed, key_id, world::now()),
            };
            if is_new {
                // Nothing has happened in this session yet: it begins with the first message that counts.
                self.server.forget_session(key_id, session_id);
            }
            self.server.stats.refused(self.event_of(&line), 48);
            return self.notice(&line, &tl::enums::BadMsgNotification::BadServerSalt(answer), Cause::Answer).await;
        }
        if is_new {
            self.new_session(&line, message.msg_id).await?;
        }
        self.server.hub.speaks(self.number, &line.key, &line.session);
        self.message(&line, message).await
    }

    async fn message(&mut self, line: &Line, message: envelope::Incoming<'_>) -> Result<(), Hangup> {
        if message.constructor() == Some(envelope::MSG_CONTAINER) {
            let Some(parts) = envelope::read_container(message.body) else {
                return self.bad_message(line, message.msg_id, message.seq_no, INVALID_CONTAINER).await;
            };
            if let Arrival::Bad(code) = line.session.take(message.msg_id, message.seq_no, true) {
                return self.bad_message(line, message.msg_id, message.seq_no, code).await;
            }
            for part in parts {
                self.single(line, part).await?;
            }
            return Ok(());
        }
        self.single(line, message).await
    }

    async fn single(&mut self, line: &Line, message: envelope::Incoming<'_>) -> Result<(), Hangup> {
        match line.session.take(message.msg_id, message.seq_no, false) {
            Arrival::New => {}
            Arrival::Again => return Ok(()),
            Arrival::Bad(code) => return self.bad_message(line, message.msg_id, message.seq_no, code).await,
        }
        let unpacked;
        let message = match message.constructor() {
            Some(envelope::GZIP_PACKED) => {
                let Some(body) = envelope::unpack(message.body) else {
                    return self.result(line, message.msg_id, Err(Refusal::bad("INPUT_FETCH_ERROR"))).await;
                };
                unpacked = body;
                envelope::Incoming { body: &unpacked, ..message }
            }
            _ => message,
        };
        self.unpacked(line, message).await
    }

    /// A message that is no container and not packed: a service message, or a request.
    async fn unpacked(&mut self, line: &Line, message: envelope::Incoming<'_>) -> Result<(), Hangup> {
        let body = message.body.get(4..).unwrap_or_default();
        match message.constructor().unwrap_or_default() {
            tl::types::MsgsAck::CONSTRUCTOR_ID if message.seq_no & 1 == 1 => {
                self.bad_message(line, message.msg_id, message.seq_no, EVEN_EXPECTED).await
            }
            // Nothing is sent twice, so there is nothing that an acknowledgment would end.
            tl::types::MsgsAck::CONSTRUCTOR_ID
            | tl::types::HttpWait::CONSTRUCTOR_ID
            | tl::types::MsgsStateInfo::CONSTRUCTOR_ID
            | tl::types::MsgsAllInfo::CONSTRUCTOR_ID => Ok(()),
            tl::functions::Ping::CONSTRUCTOR_ID => match tl::functions::Ping::from_bytes(body) {
                Ok(ping) => self.pong(line, message.msg_id, ping.ping_id).await,
                Err(e) => self.result(line, message.msg_id, Err(e.into())).await,
            },
            tl::functions::PingDelayDisconnect::CONSTRUCTOR_ID => {
                match tl::functions::PingDelayDisconnect::from_bytes(body) {
                    Ok(ping) => {
                        let delay = Duration::from_secs(ping.disconnect_delay.max(0) as u64);
                        self.deadline = Some(Instant::now() + delay);
                        self.pong(line, message.msg_id, ping.ping_id).await
                    }
                    Err(e) => self.result(line, message.msg_id, Err(e.into())).await,
                }
            }
            tl::functions::GetFutureSalts::CONSTRUCTOR_ID => self.future_salts(line, message.msg_id, body).await,
            tl::functions::DestroySession::CONSTRUCTOR_ID => {
                let session_id = i64::from_bytes(body).unwrap_or_default();
                let answer: tl::enums::DestroySessionRes = if self.server.forget_session(line.key.id, session_id) {
                    tl::types::DestroySessionOk { session_id }.into()
                } else {
                    tl::types::DestroySessionNone { session_id }.into()
                };
                self.notice(line, &answer, Cause::Answer).await
            }
            tl::types::MsgsStateReq::CONSTRUCTOR_ID | tl::types::MsgResendReq::CONSTRUCTOR_ID => {
                self.state_info(line, message.msg_id, body).await
            }
            tl::functions::RpcDropAnswer::CONSTRUCTOR_ID => {
                let mut packet = envelope::packet();
                envelope::RPC_RESULT.serialize(&mut packet);
                message.msg_id.serialize(&mut packet);
                // What was asked before is answered by now.
                tl::enums::RpcDropAnswer::RpcAnswerUnknown.serialize(&mut packet);
                self.send(line, packet, Cause::Answer, true).await
            }
            _ if message.seq_no & 1 == 0 => self.bad_message(line, message.msg_id, message.seq_no, ODD_EXPECTED).await,
            _ => self.rpc(line, &message).await,
        }
    }

    /// One request: what faults say, or else what the method does.
    async fn rpc(&mut self, line: &Line, message: &envelope::Incoming<'_>) -> Result<(), Hangup> {
        let msg_id = message.msg_id;
        let request = match Request::read(message.body) {
            Ok(request) => request,
            Err(refusal) => return self.result(line, msg_id, Err(refusal)).await,
        };
        let event = Event { account: Some(&line.account), method: Some(request.method), ..self.event() };
        let is_file = request.method == "upload.getFile";
        let calls = &self.server.calls;
        let call = (is_file && calls.is_on()).then(|| calls.arrived(event, request.wanted()));
        let changes = match self.apply_faults(line, message, event).await? {
            FaultOutcome::Answer(changes) => changes,
            FaultOutcome::Answered => return Ok(()),
            FaultOutcome::Silence => {
                call.into_iter().for_each(Pending::forgotten);
                return Ok(());
            }
        };
        let mut packet = envelope::packet();
        envelope::RPC_RESULT.serialize(&mut packet);
        msg_id.serialize(&mut packet);
        let result_at = packet.len();
        let (dc, is_for_files) = (self.dc, self.is_for_files);
        let asked =
            Call { server: &self.server, dc, is_for_files, key: line.key.id, event, is_short: changes.is_short };
        let answer = match changes.refusal {
            Some(refusal) => Err(refusal),
            None => rpc::answer(&asked, &request, self.number, &mut packet),
        };
        if let Err(refusal) = &answer {
            packet.truncate(result_at);
            put_error(&mut packet, refusal);
            call.iter().for_each(|call| call.refused(&refusal.message));
        }
        self.server.stats.called(event, packet.len() - result_at, answer.is_err());
        // As Telegram does with what is long; files do not shrink.
        if packet.len() - result_at > 1024 && !is_file {
            envelope::pack(&mut packet, result_at);
        }
        let mut message = self.outgoing(line, packet, Cause::Answer, true);
        message.cut_after = changes.cut_after;
        message.call = call;
        match changes.delay {
            None => self.answers.send(Outgoing::Message(message)).await.map_err(|_| Hangup),
            Some(delay) => {
                let answers = self.answers.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(delay).await;
                    message.not_before = message.not_before.max(Instant::now());
                    let _ = answers.send(Outgoing::Message(message)).await;
                });
                Ok(())
            }
        }
    }

    /// What the faults that match a call do to it.
    async fn apply_faults(
        &self,
        line: &Line,
        message: &envelope::Incoming<'_>,
        event: Event<'_>,
    ) -> Result<FaultOutcome, Hangup> {
        let msg_id = message.msg_id;
        let mut changes = Changes::default();
        for effect in self.server.faults.for_call(event) {
            match effect {
                Effect::FloodWait { seconds } => {
                    changes.refusal = Some(Refusal::new(420, format!("FLOOD_WAIT_{seconds}")));
                }
                Effect::FloodPremiumWait { seconds } => {
                    changes.refusal = Some(Refusal::new(420, format!("FLOOD_PREMIUM_WAIT_{seconds}")));
                }
                Effect::RpcError { code, message } => changes.refusal = Some(Refusal::new(code, message)),
                Effect::TransportError { code } => return self.refuse(code).await.map(|()| FaultOutcome::Answered),
                Effect::BadMessage { code } => {
                    self.bad_message(line, msg_id, message.seq_no, code).await?;
                    return Ok(FaultOutcome::Answered);
                }
                Effect::Stall { ms: None } => return Ok(FaultOutcome::Silence),
                Effect::Stall { ms: Some(ms) } => changes.delay = Some(Duration::from_millis(ms)),
                Effect::Cut { after_bytes } => changes.cut_after = Some(after_bytes),
                Effect::ShortReply => changes.is_short = true,
                Effect::ExpireReferences => self.server.expire_references(&line.account),
                Effect::NewSession => self.new_session(line, msg_id).await?,
                Effect::RoundTrip { .. }
                | Effect::Speed { .. }
                | Effect::LoseUpdates
                | Effect::TooLong
                | Effect::BlackHole => {}
            }
        }
        Ok(FaultOutcome::Answer(changes))
    }

    async fn result(&self, line: &Line, msg_id: i64, result: Result<(), Refusal>) -> Result<(), Hangup> {
        let mut packet = envelope::packet();
        envelope::RPC_RESULT.serialize(&mut packet);
        msg_id.serialize(&mut packet);
        if let Err(refusal) = result {
            put_error(&mut packet, &refusal);
        }
        self.send(line, packet, Cause::Answer, true).await
    }

    async fn pong(&self, line: &Line, msg_id: i64, ping_id: i64) -> Result<(), Hangup> {
        self.notice(line, &tl::enums::Pong::Pong(tl::types::Pong { msg_id, ping_id }), Cause::Answer).await
    }

    async fn future_salts(&self, line: &Line, msg_id: i64, body: &[u8]) -> Result<(), Hangup> {
        let wanted = i32::from_bytes(body).unwrap_or(1).clamp(1, 64);
        // Which salt is good does not hang on what the clock says: that is told by it.
        let ahead = self.server.clock.ahead_secs() as i32;
        let salts = session::salts(self.server.seed, line.key.id, world::now())
            .take(wanted as usize)
            .map(|s| tl::types::FutureSalt {
                valid_since: s.since + ahead,
                valid_until: s.until + ahead,
                salt: s.value,
            })
            .collect();
        let now = self.server.clock.now();
        let salts = tl::types::FutureSalts { req_msg_id: msg_id, now, salts: tl::RawVec(salts) };
        self.notice(line, &tl::enums::FutureSalts::Salts(salts), Cause::Answer).await
    }

    async fn state_info(&self, line: &Line, msg_id: i64, body: &[u8]) -> Result<(), Hangup> {
        // 4: received; 1: nothing is known about it.
        let ids = Vec::<i64>::from_bytes(body).unwrap_or_default();
        let info = ids.iter().map(|&id| if line.session.has_seen(id) { 4 } else { 1 }).collect();
        let info = tl::types::MsgsStateInfo { req_msg_id: msg_id, info };
        self.notice(line, &tl::enums::MsgsStateInfo::Info(info), Cause::Answer).await
    }

    async fn new_session(&self, line: &Line, first_msg_id: i64) -> Result<(), Hangup> {
        let created = tl::types::NewSessionCreated {
            first_msg_id,
            unique_id: super::content::split_mix(line.session.id as u64 ^ first_msg_id as u64) as i64,
            server_salt: session::current_salt(self.server.seed, line.key.id, world::now()),
        };
        let packet = envelope::packet_of(&tl::enums::NewSession::Created(created));
        self.send(line, packet, Cause::Notice, true).await
    }

    async fn bad_message(&self, line: &Line, msg_id: i64, seq_no: i32, code: i32) -> Result<(), Hangup> {
        let answer = tl::types::BadMsgNotification { bad_msg_id: msg_id, bad_msg_seqno: seq_no, error_code: code };
        self.server.stats.refused(self.event_of(line), code);
        self.notice(line, &tl::enums::BadMsgNotification::Notification(answer), Cause::Answer).await
    }

    /// A service message: nobody acknowledges it.
    async fn notice(&self, line: &Line, body: &impl Serializable, cause: Cause) -> Result<(), Hangup> {
        self.send(line, envelope::packet_of(body), cause, false).await
    }

    async fn send(&self, line: &Line, packet: Vec<u8>, cause: Cause, is_content_related: bool) -> Result<(), Hangup> {
        let message = self.outgoing(line, packet, cause, is_content_related);
        self.answers.send(Outgoing::Message(message)).await.map_err(|_| Hangup)
    }

    fn outgoing(&self, line: &Line, packet: Vec<u8>, cause: Cause, is_content_related: bool) -> Message {
        let event = self.event_of(line);
        Message {
            key: line.key.clone(),
            session: line.session.clone(),
            cause,
            is_content_related,
            packet,
            not_before: line.arrived + self.server.faults.round_trip(event),
            cut_after: None,
            call: None,
            account: line.account.clone(),
        }
    }

    async fn refuse(&self, code: i32) -> Result<(), Hangup> {
        let _ = self.answers.send(Outgoing::TransportError(code)).await;
        Err(Hangup)
    }

    fn event_of<'l>(&self, line: &'l Line) -> Event<'l> {
        Event { account: Some(&line.account), ..self.event() }
    }

    fn event(&self) -> Event<'static> {
        let (dc, connection, is_for_files) = (self.dc, self.number, self.is_for_files);
        Event { dc, connection, is_for_files, ..Event::default() }
    }
}

/// Puts an update (already in TL) on its way to a session.
pub(super) fn notice_packet(updates: &[u8]) -> Vec<u8> {
    let mut packet = envelope::packet();
    packet.extend_from_slice(updates);
    packet
}

fn put_error(packet: &mut Vec<u8>, refusal: &Refusal) {
    let error = tl::types::RpcError { error_code: refusal.code, error_message: refusal.message.clone().into_owned() };
    tl::enums::RpcError::Error(error).serialize(packet);
}
