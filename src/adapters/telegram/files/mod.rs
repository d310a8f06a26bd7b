//! Layer 3: files. Reads their bytes over connections of their own, several for each bot and data centre.
//!
//! [`Files`] is the face. It offers connection slots and one attempt to read on one of them; which slot comes next, and what to
//! do after a failure, is decided by the byte engine. How a bot and a connection are (open, silent, told to wait) is known here
//! and nowhere else: [`ConnectionState`] says it.

mod network;
mod reading;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::time::Instant;

use super::connections::BotIndex;
use crate::domain::entry::Source;
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::post::PostRef;
use crate::domain::telegram_id::Dc;

pub use super::connections::file_connections::Traffic;
pub use network::NetworkFiles;
pub use reading::Reader;

/// One connection of one bot that can read chunks. Cheap to copy; valid as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConnectionSlot {
    pub bot: BotIndex,
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
    /// Until when Telegram asks the bot to wait (FLOOD_WAIT). A read before fails at once.
    pub shut_until: Option<Instant>,
}

/// What went over one bot's connections to one DC since the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotTraffic {
    /// `main bot`, `helper bot 1`, …
    pub bot: String,
    pub dc: Dc,
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

impl VolumeLocation {
    /// Of each volume of a file, in their order, with the messages that carry it. `None` when one of them has no message left.
    pub fn of_all(file: &VirtualFile, sources: &[Source]) -> Option<Vec<Arc<Self>>> {
        let of_volume = |&volume: &Volume| {
            let carried = sources.iter().filter(|source| source.document == volume.document);
            let posts: Vec<PostRef> = carried.map(|source| source.at).collect();
            (!posts.is_empty()).then(|| Arc::new(Self { volume, posts }))
        };
        file.volumes().iter().map(of_volume).collect()
    }
}

/// Why one attempt to read failed. Choosing another slot is the caller's business.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("Telegram asks bot {bot} to wait {} s", .wait.as_secs())]
    FloodWait { bot: BotIndex, wait: Duration },
    #[error("the post is gone, or bot {bot} is not a member of its channel")]
    NotVisible { bot: BotIndex },
    #[error("no answer within {} s", .0.as_secs())]
    Timeout(Duration),
    #[error("the connection failed: {0}")]
    Connection(String),
    #[error("Telegram sent {got} bytes where {wanted} were asked for")]
    WrongLength { wanted: u32, got: usize },
    #[error("Telegram refused: {0}")]
    Refused(String),
}

/// Reads files. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    backend: Arc<dyn Backend>,
}

impl Files {
    pub(super) fn new(backend: impl Backend + 'static) -> Self {
        Self { backend: Arc::new(backend) }
    }

    /// Every connection that can read, over all bots that are signed in.
    pub fn slots(&self) -> Vec<ConnectionSlot> {
        self.backend.slots()
    }

    /// Every slot over which a volume may be read, as it stands now.
    pub fn connections(&self, at: &VolumeLocation) -> Vec<ConnectionState> {
        self.backend.connections(at)
    }

    /// Begins to connect a slot and to get the bot's reference to the file. [`Files::connections`] tells the outcome.
    pub fn open(&self, slot: ConnectionSlot, at: &VolumeLocation) {
        self.backend.open(slot, at);
    }

    /// Ends a slot's connection to a DC: it is silent. All requests on it fail; the next use connects it anew.
    pub fn give_up(&self, slot: ConnectionSlot, dc: Dc) {
        self.backend.give_up(slot, dc);
    }

    /// Completes when [`Files::connections`] may have changed since the last time. For one listener.
    pub async fn changed(&self) {
        self.backend.changed().await;
    }

    /// What went over the connections that read.
    pub fn traffic(&self) -> Vec<BotTraffic> {
        self.backend.traffic()
    }

    /// Reads `limit` bytes of a volume from `offset` (volume-relative): one attempt on one connection. Both are multiples of
    /// 1 KiB and the run does not cross a 1 MiB line; the result is shorter than `limit` only at the volume's end. Another DC,
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

/// What answers: the network, or a script in tests. See [`Files`] for what each method promises.
pub trait Backend: Send + Sync {
    fn slots(&self) -> Vec<ConnectionSlot>;
    fn connections(&self, at: &VolumeLocation) -> Vec<ConnectionState>;
    fn open(&self, slot: ConnectionSlot, at: &VolumeLocation);
    fn give_up(&self, slot: ConnectionSlot, dc: Dc);
    fn changed(&self) -> BoxFuture<'_, ()>;
    fn traffic(&self) -> Vec<BotTraffic>;
    fn read<'a>(
        &'a self,
        slot: ConnectionSlot,
        at: &'a VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> BoxFuture<'a, Result<Bytes, ReadError>>;
}
