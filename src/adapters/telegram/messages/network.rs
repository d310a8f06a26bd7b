//! Messages on the network, behind the face [`Messages`](super::Messages).

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::watcher::Watcher;
use super::{Backend, ChannelWatch, Outgoing, chat};
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::{Error, Vault};
use crate::domain::post::ChatId;
use crate::domain::telegram_id::UserId;

pub struct NetworkMessages {
    /// The main bot.
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    pub watcher: Arc<Watcher>,
}

impl Backend for NetworkMessages {
    fn watch(&self, channels: Vec<ChatId>) {
        self.watcher.watch(&channels);
    }

    fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        self.watcher.watching()
    }

    fn is_caught_up(&self) -> bool {
        self.watcher.is_caught_up()
    }

    fn channel_title(&self, chat: ChatId) -> BoxFuture<'_, Result<String, Error>> {
        self.bot.channel_title(chat).boxed()
    }

    fn send<'a>(&'a self, user: UserId, message: &'a Outgoing) -> BoxFuture<'a, Result<(), Error>> {
        chat::send(&self.bot, &*self.vault, user, message).boxed()
    }
}
