//! Which channels are watched, and whether the bots can read them. Nothing is called readable that was not tried.
//!
//! [`ChannelList`] is the list alone. [`Channels`] keeps Telegram watching what the list says, and knows whether each can be read.

mod list;
mod readability;
mod watch;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::adapters::store::Store;
use crate::adapters::telegram::{Bots, ChannelAccess, ChannelWatch, Messages};
use crate::domain::channel::Channel;
use crate::domain::post::ChatId;
use crate::flows::DatabaseError;
use readability::readability;

pub use list::{Accounts, ChannelList};

/// Telegram is called silent after so long without a word on the connection that brings posts.
pub const SILENCE: Duration = Duration::from_secs(60);

/// What somebody does who watches no channel yet.
pub const NO_CHANNEL: &str = "add one with `cinepost channel add -1001234567890`, with your channel's id";

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    store: Store,
    messages: Messages,
    bots: Bots,
    checks: Arc<Mutex<BTreeMap<ChatId, Check>>>,
    /// Those that are watched, as last read.
    active: Arc<Mutex<Vec<Channel>>>,
}

/// What every bot found of a channel, and when.
struct Check {
    at: Instant,
    access: Vec<ChannelAccess>,
}

/// Whether a channel can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readability {
    /// Not tried yet, or Telegram does not answer.
    Unknown,
    /// Every bot can.
    Readable,
    /// The main bot can, so that nothing is missed; some helper cannot, and says why.
    PartlyReadable(String),
    /// The main bot cannot: nothing posted there arrives. What is wrong, and how to mend it.
    Unreadable(String),
    /// Not watched any more.
    Removed,
}

impl Readability {
    /// What is wrong, and what mends it.
    pub fn problem(&self) -> Option<&str> {
        match self {
            Self::PartlyReadable(problem) | Self::Unreadable(problem) => Some(problem),
            Self::Unknown | Self::Readable | Self::Removed => None,
        }
    }
}

/// A channel, and whether it can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelStatus {
    pub channel: Channel,
    pub readability: Readability,
}

impl Channels {
    pub fn new(store: Store, messages: Messages, bots: Bots) -> Self {
        Self { store, messages, bots, checks: Arc::default(), active: Arc::default() }
    }

    /// Every channel ever watched, and whether it can be read now. Asks the store, not Telegram.
    pub async fn list(&self) -> Result<Vec<ChannelStatus>, DatabaseError> {
        let channels = self.store.channels().all().await?;
        let watches: BTreeMap<ChatId, ChannelWatch> = self.messages.watching().into_iter().collect();
        let checks = self.checks();
        // What was found before Telegram fell silent may have changed.
        let is_silent = self.bots.silence().is_some_and(|silence| silence >= SILENCE);
        let status = |channel: Channel| {
            let check = checks.get(&channel.chat).map(|check| &check.access[..]);
            let readability = match channel.active {
                true if is_silent => Readability::Unknown,
                true => readability(watches.get(&channel.chat), check),
                false => Readability::Removed,
            };
            ChannelStatus { channel, readability }
        };
        Ok(channels.into_iter().map(status).collect())
    }

    fn checks(&self) -> MutexGuard<'_, BTreeMap<ChatId, Check>> {
        lock(&self.checks)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
