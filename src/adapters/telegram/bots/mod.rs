//! Layer 2: bots. Signs each in once, keeps it signed in, brings its sign-in to the data centres that hold files, and knows
//! how it is.
//!
//! [`Bots`] is the face that asks about them: what is wrong, whether Telegram answers, and which channels each can read.

mod addresses;
pub mod bot;
pub mod channel;
mod network;
pub mod renewable;
pub mod simulated;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::domain::post::ChatId;
use crate::domain::telegram_id::UserId;

pub use network::NetworkBots;

/// One bot, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotHealth {
    /// `main bot`, `helper bot 1`, …
    pub name: String,
    pub id: UserId,
    /// Without `@`; known once signed in.
    pub username: Option<String>,
    pub is_signed_in: bool,
    /// What is wrong and how to mend it.
    pub problem: Option<String>,
}

/// What one bot can do with a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelAccess {
    /// `main bot`, `helper bot 1`, …
    pub bot: String,
    /// Telegram answered, so the fields below are facts. Otherwise nobody knows.
    pub is_known: bool,
    pub is_member: bool,
    /// It could fetch messages just now.
    pub can_read: bool,
    /// As the channel calls itself, when the bot may know it.
    pub title: Option<String>,
    /// What is wrong and how to mend it.
    pub problem: Option<String>,
}

/// How the bots are. Cheap to clone.
#[derive(Clone)]
pub struct Bots {
    backend: Arc<dyn Backend>,
}

impl Bots {
    pub(super) fn new(backend: impl Backend + 'static) -> Self {
        Self { backend: Arc::new(backend) }
    }

    /// Every bot, main first, as known from the last calls. Makes no call.
    pub fn health(&self) -> Vec<BotHealth> {
        self.backend.health()
    }

    /// By how many seconds this machine's clock is ahead of Telegram's; negative when behind. `None` before Telegram was
    /// heard. Whatever it is, everything works: Telegram's clock is used. Makes no call.
    pub fn clock_ahead_secs(&self) -> Option<i64> {
        self.backend.clock_ahead_secs()
    }

    /// For how long the main bot has asked Telegram something and heard nothing; `None` when Telegram answers. It is asked at
    /// least every [`Timing::ping`](super::Timing::ping). Makes no call.
    pub fn silence(&self) -> Option<Duration> {
        self.backend.silence()
    }

    /// Asks Telegram, as every bot, whether it can read a channel. Two calls for each bot.
    pub async fn check_channel(&self, chat: ChatId) -> Vec<ChannelAccess> {
        self.backend.check_channel(chat).await
    }
}

/// What answers: the network, or a script in tests. See [`Bots`] for what each method promises.
pub trait Backend: Send + Sync {
    fn health(&self) -> Vec<BotHealth>;
    fn clock_ahead_secs(&self) -> Option<i64>;
    fn silence(&self) -> Option<Duration>;
    fn check_channel(&self, chat: ChatId) -> BoxFuture<'_, Vec<ChannelAccess>>;
}
