//! The outgoing half of a connection: numbers, encrypts and frames what it is given, and sends it when it is time.

use std::sync::Arc;

use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::super::calls::Pending;
use super::super::faults::Event;
use super::super::server::{Door, Server};
use super::super::transport::{ROOM, Sender};
use super::super::world;
use super::envelope::{BODY, PLAIN};
use super::pace::{Pace, slice_len};
use super::session::{Cause, Session, current_salt};
use mtproto::{self as crypto, AuthKey, Direction};

pub(in super::super) enum Outgoing {
    Message(Message),
    /// The last thing that is ever sent.
    TransportError(i32),
}

pub(in super::super) struct Message {
    pub key: Arc<AuthKey>,
    pub session: Arc<Session>,
    pub cause: Cause,
    /// Whether the client must acknowledge it.
    pub is_content_related: bool,
    /// The body, with [`BODY`] bytes of room before it.
    pub packet: Vec<u8>,
    pub not_before: Instant,
    /// Ends the connection after so many bytes of it.
    pub cut_after: Option<usize>,
    /// The call that it answers, when somebody wants to know about those.
    pub call: Option<Pending>,
    pub account: Arc<str>,
}

pub(super) struct Writer<W> {
    pub server: Arc<Server>,
    pub door: Door,
    pub connection: u64,
    pub stream: W,
    pub sender: Sender,
    pub answers: mpsc::Receiver<Outgoing>,
    pub notices: mpsc::UnboundedReceiver<Outgoing>,
    pub pace: Pace,
}

impl<W: AsyncWrite + Unpin> Writer<W> {
    /// Runs until there is nothing more to send, or nobody to send it to.
    pub async fn run(mut self) {
        loop {
            let outgoing = tokio::select! {
                Some(outgoing) = self.notices.recv() => outgoing,
                Some(outgoing) = self.answers.recv() => outgoing,
                else => break,
            };
            match outgoing {
                Outgoing::Message(message) => {
                    sleep_until(message.not_before).await;
                    if self.send(message).await.is_err() {
                        break;
                    }
                }
                Outgoing::TransportError(code) => {
                    let bytes = self.sender.error(code);
                    let _ = self.stream.write_all(&bytes).await;
                    break;
                }
            }
        }
        let _ = self.stream.shutdown().await;
    }

    async fn send(&mut self, message: Message) -> std::io::Result<()> {
        let Message { key, session, cause, is_content_related, mut packet, not_before, cut_after, mut call, account } =
            message;
        let (msg_id, seq_no) = session.next(self.server.clock.now_as_id(), cause, is_content_related);
        let salt = current_salt(self.server.seed, key.id, world::now());
        let len = (packet.len() - BODY) as u32;
        packet[PLAIN..PLAIN + 8].copy_from_slice(&salt.to_le_bytes());
        packet[PLAIN + 8..PLAIN + 16].copy_from_slice(&session.id.to_le_bytes());
        packet[PLAIN + 16..PLAIN + 24].copy_from_slice(&msg_id.to_le_bytes());
        packet[PLAIN + 24..PLAIN + 28].copy_from_slice(&seq_no.to_le_bytes());
        packet[PLAIN + 28..BODY].copy_from_slice(&len.to_le_bytes());
        // Real padding is random; nobody here is eavesdropping.
        packet.resize(packet.len() + crypto::padding(packet.len() - PLAIN), 0xc5);
        crypto::seal(&key, Direction::ToClient, &mut packet, PLAIN);
        let start = self.sender.frame(&mut packet, ROOM);
        let bytes = &packet[start..];
        if let Some(limit) = cut_after {
            self.write(&bytes[..limit.min(bytes.len())], not_before, &account, &mut call).await?;
            return Err(std::io::ErrorKind::ConnectionAborted.into());
        }
        self.write(bytes, not_before, &account, &mut call).await?;
        call.into_iter().for_each(Pending::done);
        Ok(())
    }

    /// Writes bytes that could leave from `ready` on, as fast as the limits allow.
    async fn write(
        &mut self,
        bytes: &[u8],
        ready: Instant,
        account: &str,
        call: &mut Option<Pending>,
    ) -> std::io::Result<()> {
        let Door { dc, is_for_files, .. } = self.door;
        let event = Event { account: Some(account), dc, connection: self.connection, is_for_files, method: None };
        let (own, bot) = self.server.faults.speed(event);
        let Some(slowest) = own.into_iter().chain(bot).min() else {
            self.stream.write_all(bytes).await?;
            call.iter_mut().for_each(|call| call.sent(bytes.len()));
            return Ok(());
        };
        let bots_pace = self.server.pace_of(account);
        for slice in bytes.chunks(slice_len(slowest)) {
            let now = Instant::now();
            let own_turn = own.map(|rate| self.pace.book(slice.len(), rate, ready, now));
            let bots_turn = bot.map(|rate| bots_pace.book(slice.len(), rate, ready, now));
            if let Some(turn) = own_turn.max(bots_turn) {
                sleep_until(turn).await;
            }
            self.stream.write_all(slice).await?;
            call.iter_mut().for_each(|call| call.sent(slice.len()));
        }
        Ok(())
    }
}
