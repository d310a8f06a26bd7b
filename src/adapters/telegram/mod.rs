//! Floor 2: the only place that knows MTProto. Signs bots in, turns channel messages into [`Post`]s, reads bytes.
//!
//! [`Telegram`] is the handle that flows hold; what stands behind it is the real network or, in tests, a script.
//!
//! [`Post`]: crate::domain::post::Post

mod bots;
mod connections;
mod error;
mod files;
mod messages;
mod network_backend;
pub mod scripted;
mod vault;

pub use bots::network::{Network, Simulated, SimulatedError};
pub use bots::token::{BotToken, BotTokenError};
pub use connections::file_connections::Traffic;
pub use error::Error;
pub use vault::MemoryVault;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::domain::file::Volume;
use crate::domain::post::{ChannelEvent, ChatId, PostRef};

/// Where a session's secrets and update states are kept between runs. Values are sealed by whoever implements this.
/// Called from async code: must be quick (an embedded database, not a network).
pub trait Vault: Send + Sync + 'static {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError>;
    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError>;
    fn remove(&self, key: &str) -> Result<(), VaultError>;
}

/// What the names of our places in channels begin with in a [`Vault`]. Without its place a channel is read back as one never
/// seen before.
pub const PLACES: &str = "telegram/channel/";

#[derive(Debug, thiserror::Error)]
#[error("the session store failed: {0}")]
// Not as a source: a printed chain would say it twice.
pub struct VaultError(pub Box<dyn std::error::Error + Send + Sync>);

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

/// One bot, as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotHealth {
    /// `main bot`, `helper bot 1`, …
    pub name: String,
    pub id: i64,
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
    /// Telegram answered: what follows is so. Otherwise nobody knows.
    pub is_known: bool,
    pub is_member: bool,
    /// It could fetch messages just now.
    pub can_read: bool,
    /// As the channel calls itself, when the bot may know it.
    pub title: Option<String>,
    /// What is wrong and how to mend it.
    pub problem: Option<String>,
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

/// What [`Telegram::start`] hands to ingest, in order within a channel.
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
    pub(crate) ack: oneshot::Sender<()>,
}

impl Batch {
    /// Everything in it is safely stored: move on, never deliver it again.
    pub fn done(self) {
        let _ = self.ack.send(());
    }
}

/// A private message to the main bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectMessage {
    /// Telegram user id of the sender.
    pub from: i64,
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

/// One connection of one bot that can read chunks. Cheap to copy; valid as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionSlot {
    /// Position in the list of bots; 0 is the main bot.
    pub bot: usize,
    /// Which of the bot's connections to each DC.
    pub index: usize,
}

/// A slot as it stands now, for reading one volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionState {
    pub slot: ConnectionSlot,
    /// Connected: a read goes out at once.
    pub is_open: bool,
    /// The bot has a reference to the file, so that a read is one call.
    pub knows_file: bool,
    /// When the connection last brought a byte.
    pub heard: Option<Instant>,
    /// How far away the DC is.
    pub round_trip: Option<Duration>,
    /// Bytes of answers that are under way, those given up by their readers included.
    pub due_bytes: u64,
    /// Until when Telegram asks the bot to wait.
    pub shut_until: Option<Instant>,
}

/// What went over one bot's connections to one DC since the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotTraffic {
    /// `main bot`, `helper bot 1`, …
    pub bot: String,
    pub dc: i32,
    pub traffic: Traffic,
    /// How long the bot was, or is to be, told to wait; over all DCs.
    pub flood_wait: Duration,
}

/// Where a volume's bytes are: the volume and the messages through which a bot may address it, best first.
#[derive(Clone, Debug)]
pub struct VolumeLocation {
    pub volume: Volume,
    pub posts: Vec<PostRef>,
}

/// Why one attempt to read failed. Choosing another slot is the caller's business.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("Telegram asks bot {bot} to wait {} s", .wait.as_secs())]
    FloodWait { bot: usize, wait: Duration },
    #[error("the post is gone, or bot {bot} is not a member of its channel")]
    NotVisible { bot: usize },
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    #[error("the connection failed: {0}")]
    Connection(String),
    #[error("Telegram sent {got} bytes where {wanted} were asked for")]
    WrongLength { wanted: u32, got: usize },
    #[error("Telegram refused: {0}")]
    Refused(String),
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Telegram {
    backend: Arc<dyn Backend>,
}

impl Telegram {
    /// Signs every bot in that is not signed in yet, and starts watching (nothing until [`Telegram::watch`] names channels).
    /// Fails when the main bot cannot sign in. With a session from an earlier run it does not wait for a network that is
    /// down: [`Telegram::health`] tells. A helper that cannot sign in is left out, told by health and tried again.
    /// Takes at most a few [`Timing::call`]s.
    pub async fn start(options: Options, vault: Arc<dyn Vault>) -> Result<(Self, mpsc::Receiver<Delivery>), Error> {
        let (live, deliveries) = network_backend::Live::start(options, vault).await?;
        Ok((Self { backend: Arc::new(live) }, deliveries))
    }

    /// Sets the channels to watch, from now on. A channel never seen before is read back (its newest 1,000 posts); one
    /// that was watched before is caught up from where it stood.
    pub fn watch(&self, channels: Vec<ChatId>) {
        self.backend.watch(channels);
    }

    /// Writes a private message as the main bot.
    pub async fn send(&self, user: i64, message: &Outgoing) -> Result<(), Error> {
        self.backend.send(user, message).await
    }

    /// Every bot, main first, as known from the last calls: asks nobody.
    pub fn health(&self) -> Vec<BotHealth> {
        self.backend.health()
    }

    /// By how many seconds this machine's clock is ahead of Telegram's; negative when behind. `None` before Telegram was
    /// heard. Whatever it is, everything works: Telegram's clock is used. Asks nobody.
    pub fn clock_ahead_secs(&self) -> Option<i64> {
        self.backend.clock_ahead_secs()
    }

    /// How long the main bot has asked Telegram something and heard nothing; `None` when it answers. Within
    /// [`Timing::ping`] it is asked. Asks nobody.
    pub fn silence(&self) -> Option<Duration> {
        self.backend.silence()
    }

    /// Asks, with every bot, whether it can read a channel.
    pub async fn check_channel(&self, chat: ChatId) -> Vec<ChannelAccess> {
        self.backend.check_channel(chat).await
    }

    /// The channel's own title, as the main bot sees it.
    pub async fn channel_title(&self, chat: ChatId) -> Result<String, Error> {
        self.backend.channel_title(chat).await
    }

    /// Whether every watched channel was caught up (and acknowledged) at least once since it was named, or cannot be read
    /// at all: what `/ready` waits for.
    pub fn is_caught_up(&self) -> bool {
        self.backend.is_caught_up()
    }

    /// How watching goes, for each channel that is watched. Asks nobody.
    pub fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        self.backend.watching()
    }

    /// Ends every connection and stops watching. What was not acknowledged comes again after the next start.
    pub async fn stop(&self) {
        self.backend.stop().await;
    }

    /// Every connection that can read, over all bots that are signed in.
    pub fn slots(&self) -> Vec<ConnectionSlot> {
        self.backend.slots()
    }

    /// Every slot over which a volume may be read, as it stands now.
    pub fn connections(&self, at: &VolumeLocation) -> Vec<ConnectionState> {
        self.backend.connections(at)
    }

    /// Begins to connect a slot, and to get the bot's reference to the file. What comes of it, [`Telegram::connections`] tells.
    pub fn open(&self, slot: ConnectionSlot, at: &VolumeLocation) {
        self.backend.open(slot, at);
    }

    /// Ends a slot's connection to a DC: it is silent. Whatever it was asked fails; the next use connects it anew.
    pub fn give_up(&self, slot: ConnectionSlot, dc: i32) {
        self.backend.give_up(slot, dc);
    }

    /// Completes when [`Telegram::connections`] may have changed since the last time. For one listener.
    pub async fn changed(&self) {
        self.backend.changed().await;
    }

    /// What went over the connections that read.
    pub fn traffic(&self) -> Vec<BotTraffic> {
        self.backend.traffic()
    }

    /// Reads `limit` bytes of a volume from `offset` (volume-relative): one attempt on one connection. Both are multiples of
    /// 1 KiB and the run does not cross a 1 MiB line; the answer is shorter than `limit` only at the volume's end. Another DC,
    /// a stale file reference and a forgotten authorization are dealt with inside. Dropping the future gives the attempt up.
    pub async fn read(
        &self,
        slot: ConnectionSlot,
        at: &VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> Result<Bytes, ReadError> {
        self.backend.read(slot, at, offset, limit).await
    }
}

type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What differs between the network and a script. A script has bytes and nobody to talk to: what it does not say
/// otherwise is quiet.
trait Backend: Send + Sync {
    fn slots(&self) -> Vec<ConnectionSlot>;
    fn read<'a>(
        &'a self,
        slot: ConnectionSlot,
        at: &'a VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Bytes, ReadError>>;

    /// Everything is open and known unless it says otherwise.
    fn connections(&self, _at: &VolumeLocation) -> Vec<ConnectionState> {
        let open = |slot| ConnectionState {
            slot,
            is_open: true,
            knows_file: true,
            heard: None,
            round_trip: None,
            due_bytes: 0,
            shut_until: None,
        };
        self.slots().into_iter().map(open).collect()
    }

    fn open(&self, _lane: ConnectionSlot, _at: &VolumeLocation) {}

    fn give_up(&self, _lane: ConnectionSlot, _dc: i32) {}

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    fn traffic(&self) -> Vec<BotTraffic> {
        Vec::new()
    }

    fn watch(&self, _channels: Vec<ChatId>) {}

    fn send<'a>(&'a self, _user: i64, _message: &'a Outgoing) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async { Err(Error::Stopped) })
    }

    fn health(&self) -> Vec<BotHealth> {
        Vec::new()
    }

    fn clock_ahead_secs(&self) -> Option<i64> {
        None
    }

    fn silence(&self) -> Option<Duration> {
        None
    }

    fn check_channel(&self, _chat: ChatId) -> BoxFuture<'_, Vec<ChannelAccess>> {
        Box::pin(async { Vec::new() })
    }

    fn channel_title(&self, _chat: ChatId) -> BoxFuture<'_, Result<String, Error>> {
        Box::pin(async { Err(Error::Stopped) })
    }

    fn is_caught_up(&self) -> bool {
        true
    }

    fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        Vec::new()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
