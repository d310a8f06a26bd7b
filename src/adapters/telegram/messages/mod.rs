//! Layer 3: messages. Channel posts, edits and deletions in order and none lost; private messages to the main bot, and its
//! own.
//!
//! [`Messages`] is the face. What happens comes as [`Delivery`]s, from the receiver that
//! [`Telegram::start`](super::Telegram::start) returns.
//!
//! # grammers-client
//!
//! What it composes is used, what it sends is not:
//!
//! | | through | why |
//! | --- | --- | --- |
//! | keyboards | `message::{ReplyMarkup, Button}` | plain values, their TL is public |
//! | formatted text, when it comes | `parsers` (feature `markdown`: 3 crates more, `html`: 24) | as well |
//! | a person's sign-in, when it comes | `Client` over a pool of its own | another account with a key of its own |
//! | uploads, when they come | `Client::upload_stream` over a pool and a key of its own, unless our connections prove better | it needs a pool |
//! | sending messages | our control connection | below |
//! | updates, reading files | our connections | it loses posts after a gap; it asks one chunk at a time, see Cargo.toml |
//!
//! `InputMessage` cannot be turned into a request without `Client::send_message`: its fields are private to the crate. A `Client`
//! only speaks through `SenderPoolHandle`, which no other line can stand in for (a private channel of a private `Request`). And a
//! pool on the bot's own key would be a second session of it: it begins with `initConnection` without `invokeWithoutUpdates`, so
//! that Telegram sends it updates which then reach nobody. Besides, `send_message` draws its random id inside, so that sending
//! again after a cut connection would show a message twice.

mod catch_up_error;
mod channel;
pub mod chat;
mod network;
mod posts;
pub mod updates;
pub mod watcher;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use super::Error;
use crate::domain::post::{ChannelEvent, ChatId};
use crate::domain::telegram_id::UserId;

pub use network::NetworkMessages;

/// The names of our positions in channels begin so in a [`Vault`](super::Vault). Without its position a channel is read back
/// as one never seen before.
pub const POSITIONS: &str = "telegram/channel/";

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

/// What happened, in order within a channel.
#[derive(Debug)]
pub enum Delivery {
    Channel(Batch),
    /// Somebody wrote to the main bot in private.
    Message(DirectMessage),
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

/// A private message to the main bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectMessage {
    pub from: UserId,
    pub first_name: String,
    pub text: String,
}

/// A private message of the main bot's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    pub text: String,
    /// Below the text, one in a row.
    pub buttons: Vec<Button>,
}

/// A button that opens an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub url: String,
}

impl From<String> for Outgoing {
    fn from(text: String) -> Self {
        Self { text, buttons: Vec::new() }
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

    /// Sets the channels to watch, from now on. A channel never seen before is read back (its newest 1,000 posts); one
    /// that was watched before is caught up from where it stood.
    pub fn watch(&self, channels: Vec<ChatId>) {
        self.backend.watch(channels);
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

    /// The channel's own title, as the main bot sees it.
    pub async fn channel_title(&self, chat: ChatId) -> Result<String, Error> {
        self.backend.channel_title(chat).await
    }

    /// Writes a private message as the main bot. Sending it again after a cut connection is done inside, at most once to the
    /// reader.
    pub async fn send(&self, user: UserId, message: &Outgoing) -> Result<(), Error> {
        self.backend.send(user, message).await
    }
}

/// What answers: the network, or a script in tests. See [`Messages`] for what each method promises.
pub trait Backend: Send + Sync {
    fn watch(&self, channels: Vec<ChatId>);
    fn watching(&self) -> Vec<(ChatId, ChannelWatch)>;
    fn is_caught_up(&self) -> bool;
    fn channel_title(&self, chat: ChatId) -> BoxFuture<'_, Result<String, Error>>;
    fn send<'a>(&'a self, user: UserId, message: &'a Outgoing) -> BoxFuture<'a, Result<(), Error>>;
}
