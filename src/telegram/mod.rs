//! Floor 2: the only place that knows MTProto. Signs bots in, turns channel messages into [`Post`]s, reads bytes.
//!
//! [`Telegram`] is the handle that flows hold; what stands behind it is the real network or, in tests, a script.
//!
//! [`Post`]: crate::domain::post::Post

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::domain::file::Volume;
use crate::domain::post::{ChannelEvent, ChatId, PostRef};

/// Where a session's secrets and update states are kept between runs. Values are sealed by whoever implements this.
/// Called from async code: must be quick (an embedded database, not a network).
pub trait Vault: Send + Sync + 'static {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError>;
    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError>;
    fn remove(&self, key: &str) -> Result<(), VaultError>;
}

#[derive(Debug, thiserror::Error)]
#[error("the session store failed: {0}")]
pub struct VaultError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

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

/// One connection of one bot that can read chunks. Cheap to copy; valid as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// Position in the list of bots; 0 is the main bot.
    pub bot: usize,
    /// Which of the bot's connections to each DC.
    pub slot: usize,
}

/// Where a volume's bytes are: the volume and the messages through which a bot may address it, best first.
#[derive(Clone, Debug)]
pub struct Location {
    pub volume: Volume,
    pub posts: Vec<PostRef>,
}

/// Why one attempt to read failed. Choosing another lane is the caller's business.
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
    /// Every connection that can read, over all bots that are signed in.
    pub fn lanes(&self) -> Vec<Lane> {
        self.backend.lanes()
    }

    /// Reads `limit` bytes of a volume from `offset` (volume-relative): one attempt on one connection. `offset` is a
    /// multiple of 4 KiB, `limit` divides 1 MiB, is at most 512 KiB, and the run does not cross a 1 MiB line; the answer is
    /// shorter than `limit` only at the volume's end. Another DC, a stale file reference and a forgotten authorization are
    /// dealt with inside. Dropping the future gives the attempt up.
    pub async fn read(&self, lane: Lane, at: &Location, offset: u64, limit: u32) -> Result<Bytes, ReadError> {
        self.backend.read(lane, at, offset, limit).await
    }
}

type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What differs between the network and a script.
trait Backend: Send + Sync {
    fn lanes(&self) -> Vec<Lane>;
    fn read<'a>(
        &'a self,
        lane: Lane,
        at: &'a Location,
        offset: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Bytes, ReadError>>;
}
