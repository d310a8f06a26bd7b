//! The reading half of a connection: packets are decrypted while they come, and each message in them is handled.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::{BufMut, Bytes, BytesMut};
use grammers_mtsender::InvocationError;
use grammers_tl_types::{self as tl, Deserializable};
use tokio::io::AsyncReadExt;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::Instant;

use super::round_trip::Answer;
use super::{
    ASK_SALTS_EVERY, Event, Inner, LONGEST_PACKET, MOST_ACKS, MOST_REPEATS, Outgoing, PIECE, Purpose, Request, Sent,
    State, TOO_HIGH, TOO_LOW, WRONG_SALT, random,
};
use crate::adapters::telegram::connections::call_error::CallError;
use mtproto::Direction::ToClient;
use mtproto::{ENVELOPE_BYTES, Message, MessageIds, Opening, Packet, RpcError, read_packet};

impl Inner {
    pub(super) async fn run_reader(self: Arc<Self>, mut socket: OwnedReadHalf) {
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
            let Some(packet) = read_packet(plain) else {
                return CallError::Connection("Telegram sent a message that cannot be read".to_owned());
            };
            if let Err(why) = self.handle_packet(packet, began) {
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

    /// Handles a packet whose first byte came at `began`.
    fn handle_packet(&self, packet: Packet, began: Instant) -> Result<(), CallError> {
        let mut state = self.lock();
        if packet.session != state.ids.session {
            return Err(CallError::Connection("Telegram answered another session".to_owned()));
        }
        self.is_proven.store(true, Ordering::Relaxed);
        self.address.clock.heard(packet.msg_id);
        state.to_acknowledge.extend(packet.to_acknowledge);
        for message in packet.messages {
            match message {
                Message::Result { request, result } => self.handle_result(&mut state, request, result, began),
                Message::NewSession { first, salt } => self.handle_new_session(&mut state, first, salt)?,
                Message::BadSalt { message, salt } => {
                    self.address.salts.set(salt);
                    self.resend(&mut state, message, WRONG_SALT)?;
                }
                Message::BadMessage { message, code } => {
                    self.handle_bad_message(&mut state, packet.msg_id, message, code)?;
                }
                Message::FutureSalts(salts) => {
                    state.salts_asked = None;
                    (state.is_accepted, state.salts_repeats) = (true, 0);
                    self.address.salts.set_future(salts);
                    self.mark_ready(&mut state);
                }
                Message::Update(update) => self.emit(match tl::enums::Updates::from_bytes(&update) {
                    Ok(updates) => Event::Updates(Box::new(updates)),
                    Err(_) => Event::Gap,
                }),
                Message::Other => {}
            }
        }
        self.send_what_is_due(&mut state);
        Ok(())
    }

    fn handle_result(&self, state: &mut State, request: i64, result: Result<Bytes, RpcError>, began: Instant) {
        (state.is_accepted, state.is_initialized) = (true, true);
        self.has_answered.store(true, Ordering::Relaxed);
        self.mark_ready(state);
        if let Some(Sent { request, at, was_alone }) = state.pending.remove(&request) {
            state.round_trip.record(Answer { asked: at, was_alone, began, came: Instant::now() });
            self.due_bytes.fetch_sub(request.expects.into(), Ordering::Relaxed);
            self.answer(request, result);
        }
    }

    fn handle_new_session(&self, state: &mut State, first: i64, salt: i64) -> Result<(), CallError> {
        self.address.salts.set(salt);
        let lost: Vec<i64> = state.pending.keys().copied().filter(|id| *id < first).collect();
        for id in lost {
            self.resend(state, id, WRONG_SALT)?;
        }
        if state.is_initialized {
            self.emit(Event::Gap);
        }
        state.is_accepted = true;
        Ok(())
    }

    /// Acknowledgments that are many, and a question for more salts.
    fn send_what_is_due(&self, state: &mut State) {
        if state.to_acknowledge.len() >= MOST_ACKS {
            let _ = self.outgoing.send(Outgoing::Acknowledge);
        }
        let is_time = state.salts_asked_at.is_none_or(|at| at.elapsed() >= ASK_SALTS_EVERY);
        if state.salts_asked.is_none() && self.address.salts.are_few() && state.ready.is_none() && is_time {
            state.salts_asked = Some(0);
            let _ = self.outgoing.send(Outgoing::AskSalts);
        }
    }

    fn mark_ready(&self, state: &mut State) {
        if let Some(ready) = state.ready.take() {
            let _ = ready.send(());
        }
    }

    /// Telegram rejected `message`; the id of its notification, `its_id`, carries its time.
    fn handle_bad_message(&self, state: &mut State, its_id: i64, message: i64, code: i32) -> Result<(), CallError> {
        match code {
            TOO_LOW => self.address.clock.corrected(its_id),
            // Ids would have to fall, which they may not within a session. Before the server has it, another session begins.
            TOO_HIGH if !state.is_accepted => {
                self.address.clock.corrected(its_id);
                let session = random().map_err(|e| CallError::Connection(e.to_string()))?;
                state.ids = MessageIds::new(session);
            }
            TOO_HIGH => {
                self.address.clock.corrected(its_id);
                return Err(CallError::Rejected { code });
            }
            code => return Err(CallError::Rejected { code }),
        }
        self.resend(state, message, code)
    }

    fn resend(&self, state: &mut State, msg_id: i64, code: i32) -> Result<(), CallError> {
        if state.salts_asked == Some(msg_id) {
            state.salts_repeats += 1;
            if state.salts_repeats > MOST_REPEATS {
                return Err(CallError::Rejected { code });
            }
            let _ = self.outgoing.send(Outgoing::AskSalts);
        }
        if let Some(Sent { mut request, .. }) = state.pending.remove(&msg_id) {
            self.due_bytes.fetch_sub(request.expects.into(), Ordering::Relaxed);
            request.repeats += 1;
            if request.repeats > MOST_REPEATS {
                let _ = request.answer.send(Err(CallError::Rejected { code }));
                return Err(CallError::Rejected { code });
            }
            let _ = self.outgoing.send(Outgoing::Request(request));
        }
        Ok(())
    }

    fn emit(&self, event: Event) {
        if let Purpose::Control { events, .. } = &self.address.purpose {
            events(event);
        }
    }

    fn answer(&self, request: Request, result: Result<Bytes, RpcError>) {
        let result = result.map_err(|error| {
            let error = tl::types::RpcError { error_code: error.code, error_message: error.message };
            let error = CallError::from(InvocationError::Rpc(error.into()));
            if let (Purpose::Files(flood_wait), Some(wait)) = (&self.address.purpose, error.flood_wait()) {
                // Here and not where the answer is used: nothing more may be sent once this was read.
                flood_wait.extend(wait);
            }
            error
        });
        let bytes = result.as_ref().map_or(0, |answer| answer.len() as u64);
        if request.answer.send(result).is_err() {
            self.address.counters.wasted_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}
