//! The writing half of a connection: requests in the order they were asked, with acknowledgments and pings.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::{HANG_UP_AFTER_SECS, Inner, Outgoing, PING_EVERY, Purpose, SALTS, Sent, State, TICK};
use crate::adapters::telegram::connections::call_error::CallError;
use mtproto::{Header, service, write_packet};

impl Inner {
    pub(super) async fn run_writer(
        self: Arc<Self>,
        mut socket: OwnedWriteHalf,
        mut queue: mpsc::UnboundedReceiver<Outgoing>,
    ) {
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
                    tokio::select! {
                        () = sleep(self.delay()) => {}
                        _ = ended.wait_for(Option::is_some) => return,
                    }
                    self.write(first, &mut packets);
                    while self.delay().is_zero()
                        && let Ok(more) = queue.try_recv()
                    {
                        self.write(more, &mut packets);
                    }
                }
                Err(_) => self.check_liveness(&mut packets),
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

    /// How long the next message has to wait.
    fn delay(&self) -> Duration {
        match &self.address.purpose {
            Purpose::Files(_) => Duration::ZERO,
            Purpose::Control { rate_limit, .. } => {
                rate_limit.lock().unwrap_or_else(PoisonError::into_inner).delay(Instant::now())
            }
        }
    }

    /// Appends what is to be sent to `packets`.
    fn write(&self, what: Outgoing, packets: &mut Vec<u8>) {
        let mut state = self.lock();
        self.acknowledge(&mut state, packets);
        match what {
            Outgoing::Acknowledge => {}
            Outgoing::AskSalts => {
                state.salts_asked_at = Some(Instant::now());
                let ask = service::get_future_salts(SALTS);
                state.salts_asked = Some(self.write_message(&mut state, &ask, true, packets));
            }
            Outgoing::Request(request) => {
                if request.answer.is_closed() {
                    return;
                }
                if let Purpose::Files(flood_wait) = &self.address.purpose
                    && let Some(left) = flood_wait.remaining()
                {
                    // Rounded up to seconds, as in Telegram's own FLOOD_WAIT.
                    let value = left.as_millis().div_ceil(1000) as u32;
                    let name = "FLOOD_WAIT".to_owned();
                    let _ = request.answer.send(Err(CallError::Rpc { code: 420, name, value: Some(value) }));
                    return;
                }
                let msg_id = if state.is_initialized {
                    self.write_message(&mut state, &request.body, true, packets)
                } else {
                    let initialized = [&self.address.init_connection, &request.body[..]].concat();
                    self.write_message(&mut state, &initialized, true, packets)
                };
                self.due_bytes.fetch_add(request.expects.into(), Ordering::Relaxed);
                let was_alone = state.pending.is_empty();
                state.pending.insert(msg_id, Sent { request, at: Instant::now(), was_alone });
            }
        }
    }

    fn acknowledge(&self, state: &mut State, packets: &mut Vec<u8>) {
        if !state.to_acknowledge.is_empty() {
            let acks = service::acknowledge(&std::mem::take(&mut state.to_acknowledge));
            self.write_message(state, &acks, false, packets);
        }
    }

    fn write_message(&self, state: &mut State, body: &[u8], is_content_related: bool, packets: &mut Vec<u8>) -> i64 {
        let now = self.address.clock.now();
        let (msg_id, seq_no) = state.ids.next(now, is_content_related);
        let salt = self.address.salts.current(now.as_secs() as i64);
        let header = Header { salt, session: state.ids.session, msg_id, seq_no };
        write_packet(packets, &self.address.key, header, body);
        // Acknowledgments are no requests: one answers all that Telegram sent, and a crowd that writes must not use up what answers need.
        if let (Purpose::Control { rate_limit, .. }, true) = (&self.address.purpose, is_content_related) {
            rate_limit.lock().unwrap_or_else(PoisonError::into_inner).record(Instant::now());
        }
        state.sent_at = Instant::now();
        msg_id
    }

    /// Ends a connection that is dead, and keeps an idle one from being forgotten.
    fn check_liveness(&self, packets: &mut Vec<u8>) {
        let mut state = self.lock();
        // An answer that its caller gave up comes all the same on a connection that is well.
        let is_answer_due = state.ready.is_some() || !state.pending.is_empty();
        if is_answer_due && self.heard().max(state.used_at).elapsed() >= self.address.limit {
            drop(state);
            return self.end(CallError::Timeout(self.address.limit));
        }
        // Telegram sends again what is not acknowledged.
        self.acknowledge(&mut state, packets);
        if state.sent_at.elapsed() >= PING_EVERY {
            let ping = service::ping_delay_disconnect(1, HANG_UP_AFTER_SECS);
            self.write_message(&mut state, &ping, true, packets);
        }
    }
}
