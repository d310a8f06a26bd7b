//! The bots on the network, behind the face [`Bots`](super::Bots).

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};

use super::bot::Bot;
use super::{Backend, BotHealth, ChannelAccess};
use crate::domain::post::ChatId;

pub struct NetworkBots {
    /// Main first, never empty.
    pub bots: Vec<Arc<Bot>>,
}

impl Backend for NetworkBots {
    fn health(&self) -> Vec<BotHealth> {
        self.bots.iter().map(|bot| bot.health()).collect()
    }

    fn clock_ahead_secs(&self) -> Option<i64> {
        self.bots[0].file_connections().clock().machine_ahead_secs()
    }

    fn silence(&self) -> Option<Duration> {
        self.bots[0].silence()
    }

    fn check_channel(&self, chat: ChatId) -> BoxFuture<'_, Vec<ChannelAccess>> {
        join_all(self.bots.iter().map(move |bot| bot.channel_access(chat))).boxed()
    }
}
