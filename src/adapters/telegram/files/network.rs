//! Files on the network, behind the face [`Files`](super::Files): which bot and which of its connections a slot means.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::reading::Reader;
use super::{Backend, BotTraffic, ConnectionSlot, ConnectionState, ReadError, VolumeLocation};
use crate::adapters::telegram::bots::bot::Bot;
use crate::domain::telegram_id::Dc;

pub struct NetworkFiles {
    /// Main first.
    bots: Vec<Arc<Bot>>,
    connections_per_bot: usize,
    reader: Arc<Reader>,
    /// Notified when a connection for files has opened or ended, or a bot has got a reference to a file.
    changed: Arc<Notify>,
}

impl NetworkFiles {
    pub fn new(bots: Vec<Arc<Bot>>, connections_per_bot: usize, reader: Reader, changed: Arc<Notify>) -> Self {
        Self { bots, connections_per_bot, reader: Arc::new(reader), changed }
    }

    fn state(&self, slot: ConnectionSlot, at: &VolumeLocation) -> ConnectionState {
        let bot = &self.bots[slot.bot.0];
        let connection = bot.file_connections().open_now(at.volume.dc, slot.index);
        ConnectionState {
            slot,
            is_open: connection.is_some(),
            knows_file: self.reader.knows(bot, at.volume.document),
            heard: connection.as_ref().map(|connection| connection.heard()),
            round_trip: connection.as_ref().map(|connection| connection.round_trip()),
            due_bytes: connection.map_or(0, |connection| connection.due_bytes()),
            shut_until: bot.file_connections().flood_wait().remaining().map(|left| Instant::now() + left),
        }
    }
}

impl Backend for NetworkFiles {
    fn slots(&self) -> Vec<ConnectionSlot> {
        let signed_in = self.bots.iter().filter(|bot| bot.is_signed_in());
        let of_bot = |bot: &Arc<Bot>| {
            let bot = bot.index;
            (0..self.connections_per_bot).map(move |index| ConnectionSlot { bot, index })
        };
        signed_in.flat_map(of_bot).collect()
    }

    fn connections(&self, at: &VolumeLocation) -> Vec<ConnectionState> {
        self.slots().into_iter().map(|slot| self.state(slot, at)).collect()
    }

    fn open(&self, slot: ConnectionSlot, at: &VolumeLocation) {
        let Some(bot) = self.bots.get(slot.bot.0).cloned() else { return };
        let (reader, changed, at) = (Arc::clone(&self.reader), Arc::clone(&self.changed), at.clone());
        tokio::spawn(async move {
            reader.prepare(&bot, slot, &at).await;
            changed.notify_one();
        });
    }

    fn give_up(&self, slot: ConnectionSlot, dc: Dc) {
        if let Some(bot) = self.bots.get(slot.bot.0) {
            bot.file_connections().give_up(dc, slot.index);
        }
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        self.changed.notified().boxed()
    }

    fn traffic(&self) -> Vec<BotTraffic> {
        let of_bot = |bot: &Arc<Bot>| {
            let flood_wait = bot.file_connections().flood_wait().total();
            let mut by_dc: Vec<_> = bot.file_connections().traffic().into_iter().collect();
            by_dc.sort_by_key(|(dc, _)| *dc);
            let name = bot.name.clone();
            by_dc.into_iter().map(move |(dc, traffic)| BotTraffic { bot: name.clone(), dc, traffic, flood_wait })
        };
        self.bots.iter().flat_map(of_bot).collect()
    }

    fn read<'a>(
        &'a self,
        slot: ConnectionSlot,
        at: &'a VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Bytes, ReadError>> {
        async move {
            let bot = self.bots.get(slot.bot.0).ok_or_else(|| ReadError::Refused("there is no such bot".to_owned()))?;
            self.reader.read(bot, slot, at, offset, limit).await
        }
        .boxed()
    }
}
