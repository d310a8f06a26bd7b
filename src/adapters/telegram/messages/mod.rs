//! Layer 3: messages. Channel posts, edits and deletions in order and none lost; what people do with the main bot, in private, in
//! groups and inline; and what it says.
//!
//! [`Messages`] is the face. What happens comes as [`Delivery`]s, from the receiver that
//! [`Telegram::start`](super::Telegram::start) returns.
//!
//! ```text
//! channels   watcher -> channel (one task each)  -> posts (carried: what a message is)  -> Batch
//! people     inbox (private), groups (one task each), queries (presses, inline: live only)
//!                        -> incoming -> dispatch (a lane for each person) -> Arrival
//!                           ledger: a position moves when everything before it is done
//! the bot    sending -> pacer (Telegram's limits) -> the control connection
//!            uploading: files, over a connection of their own
//! ```
//!
//! # grammers-client
//!
//! What it composes is used, what it sends is not:
//!
//! | | through | why |
//! | --- | --- | --- |
//! | buttons | `message::Button` | plain values, their TL is public |
//! | formatted text | our [`Text`] | its `parsers` read markup, and what people wrote must never be read as markup |
//! | a person's sign-in, when it comes | `Client` over a pool of its own | another account with a key of its own |
//! | uploads | our connections for files (`uploading`) | `Client::upload_stream` needs a pool, with a key and a sign-in of its own |
//! | sending messages | our control connection | below |
//! | updates, reading files | our connections | it loses posts after a gap; it asks one chunk at a time, see Cargo.toml |
//!
//! `InputMessage` cannot be turned into a request without `Client::send_message`: its fields are private to the crate. A `Client`
//! only speaks through `SenderPoolHandle`, which no other line can stand in for (a private channel of a private `Request`). And a
//! pool on the bot's own key would be a second session of it: it begins with `initConnection` without `invokeWithoutUpdates`, so
//! that Telegram sends it updates which then reach nobody. Besides, `send_message` draws its random id inside, so that sending
//! again after a cut connection would show a message twice.

mod arrival;
mod carried;
mod catch_up_error;
mod channel;
mod dispatch;
mod file;
mod groups;
mod inbox;
mod incoming;
mod ledger;
mod network;
mod outgoing;
mod pacer;
mod people;
mod posts;
mod queries;
mod record;
mod renditions;
mod requests;
mod sending;
mod text;
pub mod updates;
mod uploading;
pub mod watcher;

use std::ops::RangeInclusive;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use super::Error;
use crate::domain::post::{ChannelEvent, ChatId, PostRef};
use crate::domain::telegram_id::UserId;

pub(super) use arrival::Acknowledgment;
pub use arrival::{
    Arrival, Called, FileKind, Forwarded, Found, InlineQuery, InlineQueryId, Message, MessageRef, Person, PersonEvent,
    Place, Press, PressId, SentFile,
};
pub use network::NetworkMessages;
pub use outgoing::{
    BotCommand, Button, ButtonAction, CommandScope, InlineAnswer, InlineResult, Outgoing, PressAnswer, PressData,
    Urgency,
};
pub use people::People;
pub use queries::Live;
pub use text::Text;
pub use uploading::Upload;

/// The names of our positions in channels begin so in a [`Vault`](super::Vault). Without its position a channel is one never seen
/// before, and unread.
pub const POSITIONS: &str = "telegram/channel/";

/// Whether a record in a [`Vault`](super::Vault) says how far the bot is or how it addresses people. Both are its account's, whichever
/// sign-in found them; every other record is of one sign-in.
pub fn is_of_account(name: &str) -> bool {
    let of_bot = name.strip_prefix("telegram/bot/").and_then(|rest| rest.split_once('/'));
    name.starts_with(POSITIONS)
        || of_bot.is_some_and(|(_, what)| {
            matches!(what, "inbox" | "groups") || what.starts_with("group/") || what.starts_with("person/")
        })
}

/// How watching one channel goes, as the main bot met it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelWatch {
    /// It was not read yet.
    NotYet,
    /// Its last look brought everything.
    Reads,
    /// The main bot is not in it, or there is no such channel. What mends it.
    CannotSee(String),
    /// Something else came between, which may pass.
    Failing(String),
}

/// What stood at some ids of a channel; at all others was nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageRead {
    pub files: u64,
    pub passed_over: u64,
}

/// What happened: in order within a channel, and of each person.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a handful at a time, and a box is in the way of every match on an arrival"
)]
pub enum Delivery {
    Channel(Batch),
    /// A channel says something to the main bot.
    Called(Called),
    /// Somebody wants something of the main bot.
    Person(Arrival),
}

/// What happened in one channel since the last batch. It counts as handled only when [`Batch::done`] is called: after a
/// crash before that, the same events come again. One batch per channel is in flight at a time.
#[derive(Debug)]
pub struct Batch {
    pub chat: ChatId,
    pub events: Vec<ChannelEvent>,
    acknowledgment: oneshot::Sender<()>,
}

impl Batch {
    /// Everything in it is safely stored: move on, never deliver it again.
    pub fn done(self) {
        let _ = self.acknowledgment.send(());
    }
}

/// Channels to watch and messages to send. Cheap to clone.
#[derive(Clone)]
pub struct Messages {
    backend: Arc<dyn Backend>,
}

impl Messages {
    pub(super) fn new(backend: impl Backend + 'static) -> Self {
        Self { backend: Arc::new(backend) }
    }

    /// Sets the channels to watch, from now on. Of one never seen before a batch says up to where it is unread; one that was
    /// watched before is caught up from where it stood.
    pub fn watch(&self, channels: Vec<ChatId>) {
        self.backend.watch(channels);
    }

    /// Hears people from now on: what they write to the bot, send, press and ask. Whatever came since somebody last heard them comes
    /// first.
    pub async fn hear(&self) {
        self.backend.hear().await;
    }

    /// Watches nothing and hears nobody any more. When it returns, how far each channel was handled is kept, and another sign-in of
    /// the bot may go on from there.
    pub async fn rest(&self) {
        self.backend.rest().await;
    }

    /// How watching goes, for each channel that is watched. Makes no call.
    pub fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        self.backend.watching()
    }

    /// Whether every watched channel was caught up (and acknowledged) at least once since it was named, or cannot be read
    /// at all: what `/ready` waits for.
    pub fn is_caught_up(&self) -> bool {
        self.backend.is_caught_up()
    }

    /// Has messages of a watched channel (at most 200) delivered as they stand now, in one batch, in order with what else happens
    /// there. When it returns, the batch was acknowledged. What is new in the channel comes first.
    ///
    /// # Errors
    ///
    /// [`Error::NotWatched`], [`Error::NotMember`], [`Error::FloodWait`], [`Error::Unreachable`].
    pub async fn read_page(&self, chat: ChatId, ids: RangeInclusive<i32>) -> Result<PageRead, Error> {
        self.backend.read_page(chat, ids).await
    }

    /// What stands at some ids of a channel (at most 200), each told as of a message that was there before. It is a look:
    /// nothing is delivered, and it may be older than what was.
    ///
    /// # Errors
    ///
    /// Those of [`Self::read_page`], but for the first.
    pub async fn look_at(&self, chat: ChatId, ids: RangeInclusive<i32>) -> Result<Vec<ChannelEvent>, Error> {
        self.backend.look_at(chat, ids).await
    }

    /// The id of a channel's newest message, or one above it.
    ///
    /// # Errors
    ///
    /// Those of [`Self::read_page`], but for the first.
    pub async fn newest_message(&self, chat: ChatId) -> Result<i32, Error> {
        self.backend.newest_message(chat).await
    }

    /// The main bot's name without `@`, for links to it. `None` until it signed in.
    pub fn username(&self) -> Option<String> {
        self.backend.username()
    }

    /// The channel's own title, as the main bot sees it.
    pub async fn channel_title(&self, chat: ChatId) -> Result<String, Error> {
        self.backend.channel_title(chat).await
    }

    /// Writes as the main bot, to a person, into a group, or to one person inside a group. Waits for its turn within Telegram's limits
    /// (1 message a second to one chat, 20 a minute to one group, 30 a second in all). A text that is too long is sent in several
    /// messages, cut between paragraphs; the keyboard is below the last, which is returned. Sending again after a cut connection
    /// is done inside, and shown once.
    ///
    /// [`Place::Ephemeral`]: where Telegram does not do it, the message goes to the person in private, and what is returned says so. That the
    /// person sees an ephemeral message is not certain: Telegram drops it when they are away.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`], [`Error::NotStarted`], [`Error::NotAllowed`] in a group, [`Error::FloodWait`] when Telegram asks for a
    /// wait that nobody should sit out here, [`Error::SentBefore`] when it is there already by its
    /// [`once`](Outgoing::once), from before a crash.
    pub async fn send(&self, to: Place, message: &Outgoing) -> Result<MessageRef, Error> {
        self.backend.send(to, message).await
    }

    /// Sends a file, with the message below it. Its text is cut where Telegram's 1,024 characters for captions end. The file is read as
    /// it goes, two MiB at most in memory; it goes over a connection of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] when the content ends before its size or cannot be read, and those of [`Self::send`].
    pub async fn send_file<'a>(
        &'a self,
        to: Place,
        file: Upload<'a>,
        below: &'a Outgoing,
    ) -> Result<MessageRef, Error> {
        self.backend.send_file(to, file, below).await
    }

    /// Makes a message of the bot's say this from now on; a keyboard that is not given goes away. Saying what it says already is
    /// no error. A text that is too long is cut.
    ///
    /// # Errors
    ///
    /// [`Error::MessageGone`] when it was deleted.
    pub async fn edit(&self, at: MessageRef, message: &Outgoing) -> Result<(), Error> {
        self.backend.edit(at, message).await
    }

    /// Deletes messages, for both sides. Those that are gone are passed over.
    pub async fn delete(&self, place: Place, messages: &[i32]) -> Result<(), Error> {
        self.backend.delete(place, messages).await
    }

    /// Answers a pressed button, once.
    ///
    /// # Errors
    ///
    /// [`Error::Expired`] when Telegram does not wait for it any more.
    pub async fn answer_press(&self, press: PressId, answer: &PressAnswer) -> Result<(), Error> {
        self.backend.answer_press(press, answer).await
    }

    /// Answers an inline query, once. Errors as with [`Self::answer_press`].
    pub async fn answer_inline(&self, query: InlineQueryId, answer: &InlineAnswer) -> Result<(), Error> {
        self.backend.answer_inline(query, answer).await
    }

    /// Copies messages (at most 100) into a channel, without saying where they come from; their documents keep their ids and
    /// albums stay together. For each message its copy, or `None` when it is gone; an album's copies are in the same order.
    ///
    /// # Errors
    ///
    /// [`Error::Protected`] when one may not be copied, [`Error::MessageGone`] when none is there, [`Error::NotAllowed`] when
    /// the bot may not post in the channel, [`Error::NotMember`] when it is not in it.
    pub async fn copy(&self, from: Place, messages: &[i32], to: ChatId) -> Result<Vec<Option<PostRef>>, Error> {
        self.backend.copy(from, messages, to).await
    }

    /// Copies one message to a person or into a group, without saying where it comes from. Of all copies to one place with the same
    /// `once` one is ever shown.
    ///
    /// # Errors
    ///
    /// Those of [`Self::send`], and of [`Self::copy`] about the message.
    pub async fn copy_to(&self, from: MessageRef, to: Place, urgency: Urgency, once: &str) -> Result<(), Error> {
        self.backend.copy_to(from, to, urgency, once).await
    }

    /// The message and those that follow it in the same chat, at most `count` (1 to 50), oldest first; messages of the bot's own
    /// are left out, but for its posts in channels. Empty when the first is gone. Ids of private messages count over all chats of the bot, so others may lie between.
    pub async fn messages_from(&self, first: MessageRef, count: usize) -> Result<Vec<Found>, Error> {
        self.backend.messages_from(first, count).await
    }

    /// Whether a person is in a channel or group.
    ///
    /// # Errors
    ///
    /// [`Error::NotMember`] when the main bot is no administrator there, [`Error::NotStarted`] when Telegram does not let it know
    /// this person.
    pub async fn is_member(&self, channel: ChatId, person: UserId) -> Result<bool, Error> {
        self.backend.is_member(channel, person).await
    }

    /// Sets the commands that Telegram's apps offer, to people with an app in this language (ISO 639-1, empty for all others).
    pub async fn set_commands(
        &self,
        scope: CommandScope,
        language: &str,
        commands: &[BotCommand],
    ) -> Result<(), Error> {
        self.backend.set_commands(scope, language, commands).await
    }
}

/// What answers: the network, or a script in tests. See [`Messages`] for what each method promises.
pub trait Backend: Send + Sync {
    fn watch(&self, channels: Vec<ChatId>);
    fn hear(&self) -> BoxFuture<'_, ()>;
    fn rest(&self) -> BoxFuture<'_, ()>;
    fn watching(&self) -> Vec<(ChatId, ChannelWatch)>;
    fn is_caught_up(&self) -> bool;
    fn read_page(&self, chat: ChatId, ids: RangeInclusive<i32>) -> BoxFuture<'_, Result<PageRead, Error>>;
    fn look_at(&self, chat: ChatId, ids: RangeInclusive<i32>) -> BoxFuture<'_, Result<Vec<ChannelEvent>, Error>>;
    fn newest_message(&self, chat: ChatId) -> BoxFuture<'_, Result<i32, Error>>;
    fn username(&self) -> Option<String>;
    fn channel_title(&self, chat: ChatId) -> BoxFuture<'_, Result<String, Error>>;
    fn send<'a>(&'a self, to: Place, message: &'a Outgoing) -> BoxFuture<'a, Result<MessageRef, Error>>;
    fn send_file<'a>(
        &'a self,
        to: Place,
        file: Upload<'a>,
        below: &'a Outgoing,
    ) -> BoxFuture<'a, Result<MessageRef, Error>>;
    fn edit<'a>(&'a self, at: MessageRef, message: &'a Outgoing) -> BoxFuture<'a, Result<(), Error>>;
    fn delete<'a>(&'a self, place: Place, messages: &'a [i32]) -> BoxFuture<'a, Result<(), Error>>;
    fn answer_press<'a>(&'a self, press: PressId, answer: &'a PressAnswer) -> BoxFuture<'a, Result<(), Error>>;
    fn answer_inline<'a>(&'a self, query: InlineQueryId, answer: &'a InlineAnswer) -> BoxFuture<'a, Result<(), Error>>;
    fn copy<'a>(
        &'a self,
        from: Place,
        messages: &'a [i32],
        to: ChatId,
    ) -> BoxFuture<'a, Result<Vec<Option<PostRef>>, Error>>;
    fn copy_to<'a>(
        &'a self,
        from: MessageRef,
        to: Place,
        urgency: Urgency,
        once: &'a str,
    ) -> BoxFuture<'a, Result<(), Error>>;
    fn messages_from(&self, first: MessageRef, count: usize) -> BoxFuture<'_, Result<Vec<Found>, Error>>;
    fn is_member(&self, channel: ChatId, person: UserId) -> BoxFuture<'_, Result<bool, Error>>;
    fn set_commands<'a>(
        &'a self,
        scope: CommandScope,
        language: &'a str,
        commands: &'a [BotCommand],
    ) -> BoxFuture<'a, Result<(), Error>>;
}
