//! Messages on the network, behind the face [`Messages`](super::Messages).

use std::ops::RangeInclusive;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::arrival::{Found, InlineQueryId, MessageRef, Place, PressId};
use super::outgoing::{BotCommand, CommandScope, InlineAnswer, Outgoing, PressAnswer, Urgency};
use super::pacer::Pacer;
use super::people::People;
use super::sending::Sender;
use super::uploading::Upload;
use super::watcher::Watcher;
use super::{Backend, ChannelWatch, PageRead};
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::{Error, Vault};
use crate::domain::post::{ChannelEvent, ChatId, PostRef};
use crate::domain::telegram_id::UserId;

pub struct NetworkMessages {
    sender: Sender,
    watcher: Arc<Watcher>,
    people: Arc<People>,
}

impl NetworkMessages {
    pub fn new(bot: Arc<Bot>, vault: Arc<dyn Vault>, people: Arc<People>, watcher: Arc<Watcher>) -> Self {
        let sender = Sender { bot, vault, people: Arc::clone(&people), pacer: Pacer::default() };
        Self { sender, watcher, people }
    }
}

impl Backend for NetworkMessages {
    fn watch(&self, channels: Vec<ChatId>) {
        self.watcher.watch(&channels);
    }

    fn hear(&self) -> BoxFuture<'_, ()> {
        self.people.hear().boxed()
    }

    fn rest(&self) -> BoxFuture<'_, ()> {
        self.people.rest();
        self.watcher.stop().boxed()
    }

    fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        self.watcher.watching()
    }

    fn is_caught_up(&self) -> bool {
        self.watcher.is_caught_up()
    }

    fn read_page(&self, chat: ChatId, ids: RangeInclusive<i32>) -> BoxFuture<'_, Result<PageRead, Error>> {
        self.watcher.read_page(chat, ids).boxed()
    }

    fn look_at(&self, chat: ChatId, ids: RangeInclusive<i32>) -> BoxFuture<'_, Result<Vec<ChannelEvent>, Error>> {
        self.watcher.look_at(chat, ids).boxed()
    }

    fn newest_message(&self, chat: ChatId) -> BoxFuture<'_, Result<i32, Error>> {
        self.watcher.newest_message(chat).boxed()
    }

    fn username(&self) -> Option<String> {
        self.sender.bot.username()
    }

    fn channel_title(&self, chat: ChatId) -> BoxFuture<'_, Result<String, Error>> {
        self.sender.bot.channel_title(chat).boxed()
    }

    fn send<'a>(&'a self, to: Place, message: &'a Outgoing) -> BoxFuture<'a, Result<MessageRef, Error>> {
        self.sender.send(to, message).boxed()
    }

    fn send_file<'a>(
        &'a self,
        to: Place,
        file: Upload<'a>,
        below: &'a Outgoing,
    ) -> BoxFuture<'a, Result<MessageRef, Error>> {
        self.sender.send_file(to, file, below).boxed()
    }

    fn edit<'a>(&'a self, at: MessageRef, message: &'a Outgoing) -> BoxFuture<'a, Result<(), Error>> {
        self.sender.edit(at, message).boxed()
    }

    fn delete<'a>(&'a self, place: Place, messages: &'a [i32]) -> BoxFuture<'a, Result<(), Error>> {
        self.sender.delete(place, messages).boxed()
    }

    fn answer_press<'a>(&'a self, press: PressId, answer: &'a PressAnswer) -> BoxFuture<'a, Result<(), Error>> {
        self.sender.answer_press(press, answer).boxed()
    }

    fn answer_inline<'a>(&'a self, query: InlineQueryId, answer: &'a InlineAnswer) -> BoxFuture<'a, Result<(), Error>> {
        self.sender.answer_inline(query, answer).boxed()
    }

    fn copy<'a>(
        &'a self,
        from: Place,
        messages: &'a [i32],
        to: ChatId,
    ) -> BoxFuture<'a, Result<Vec<Option<PostRef>>, Error>> {
        self.sender.copy(from, messages, to).boxed()
    }

    fn copy_to<'a>(
        &'a self,
        from: MessageRef,
        to: Place,
        urgency: Urgency,
        once: &'a str,
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.sender.copy_to(from, to, urgency, once).boxed()
    }

    fn messages_from(&self, first: MessageRef, count: usize) -> BoxFuture<'_, Result<Vec<Found>, Error>> {
        self.sender.messages_from(first, count).boxed()
    }

    fn is_member(&self, channel: ChatId, person: UserId) -> BoxFuture<'_, Result<bool, Error>> {
        self.sender.is_member(channel, person).boxed()
    }

    fn set_commands<'a>(
        &'a self,
        scope: CommandScope,
        language: &'a str,
        commands: &'a [BotCommand],
    ) -> BoxFuture<'a, Result<(), Error>> {
        self.sender.set_commands(scope, language, commands).boxed()
    }
}
