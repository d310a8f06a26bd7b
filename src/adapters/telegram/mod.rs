//! Floor 2: the only place that knows Telegram. Signs bots in, turns channel messages into [`Post`]s, reads bytes.
//!
//! [`Telegram`] starts and stops it all and hands out three faces; a flow or an engine takes only those it needs. Behind each
//! face is the network or, in tests, a script ([`scripted`]).
//!
//! ```text
//! face                who takes it                     layer (imports point down)
//! Messages            ingest, chat, channels           messages   posts, edits, deletions; what people and the bot say
//! Files               the byte engine                  files      connection slots, one attempt to read
//! Bots                health, channels, the doctor     bots       sign-in, health, access to channels
//!                                                      connections  MTProto over tokio: sessions, pools, limits, the clock
//!                                                      crate mtproto   packets and encryption
//! ```
//!
//! `messages` and `files` do not know each other.
//!
//! [`Post`]: crate::domain::post::Post

mod bots;
mod connections;
mod error;
mod files;
mod messages;
mod network;
pub mod scripted;
mod vault;

pub use bots::simulated::{Network, Simulated, SimulatedError};
pub use bots::{BotHealth, Bots, ChannelAccess};
pub use connections::BotIndex;
pub use error::Error;
pub use files::{BotTraffic, ConnectionSlot, ConnectionState, Files, ReadError, Traffic, VolumeLocation};
pub use messages::{
    Arrival, Batch, BotCommand, Button, ButtonAction, Called, ChannelWatch, CommandScope, Delivery, FileKind,
    Forwarded, Found, InlineAnswer, InlineQuery, InlineQueryId, InlineResult, Message, MessageRef, Messages, Outgoing,
    POSITIONS, PageRead, Person, PersonEvent, Place, Press, PressAnswer, PressData, PressId, SentFile, Text, Upload,
    Urgency, is_of_account,
};
pub use vault::{MemoryVault, Vault, VaultError};

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::domain::bot_token::BotToken;
use network::Running;

/// Who signs in, and where.
pub struct Options {
    /// From <https://my.telegram.org/apps>, with its hash.
    pub api_id: i32,
    pub api_hash: String,
    /// Watches the channels, talks to people, and reads.
    pub main: BotToken,
    /// These only read.
    pub helpers: Vec<BotToken>,
    pub network: Network,
    /// Connections per bot and DC that read, at most.
    pub connections_per_bot: usize,
    pub timing: Timing,
}

/// How patient to be. The defaults are for the real network.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// No single call takes longer: then its connection is given up and opened anew.
    pub call: Duration,
    /// Channels are looked through this often even when Telegram announces nothing.
    pub poll: Duration,
    /// How often a connection that should bring updates is asked whether it lives.
    pub ping: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self { call: Duration::from_secs(10), poll: Duration::from_secs(60), ping: Duration::from_secs(30) }
    }
}

/// The whole adapter, for whoever starts and stops it. Cheap to clone.
#[derive(Clone)]
pub struct Telegram {
    messages: Messages,
    files: Files,
    bots: Bots,
    /// What has to be stopped; nothing of a script.
    running: Option<Arc<Running>>,
}

impl Telegram {
    /// Signs every bot in that is not signed in yet. Watches nothing until [`Messages::watch`] names channels, and hears nobody until
    /// [`Messages::hear`].
    /// Fails when the main bot cannot sign in. With a session from an earlier run it does not wait for a network that is
    /// down: [`Bots::health`] tells. A helper that cannot sign in is left out, told by health and tried again.
    /// Takes at most a few [`Timing::call`]s.
    pub async fn start(options: Options, vault: Arc<dyn Vault>) -> Result<(Self, mpsc::Receiver<Delivery>), Error> {
        network::start(options, vault).await
    }

    /// Posts, channels and private messages.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// Reading files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// How the bots are.
    pub fn bots(&self) -> &Bots {
        &self.bots
    }

    /// Ends every connection and stops watching. What was not acknowledged comes again after the next start.
    pub async fn stop(&self) {
        if let Some(running) = &self.running {
            running.stop().await;
        }
    }
}
