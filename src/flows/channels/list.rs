//! The list of channels, as the store keeps it: what commands change beside the running program, which follows within seconds.

use std::collections::BTreeMap;

use tracing::warn;

use crate::adapters::store::Store;
use crate::domain::audience::{Audience, Audiences};
use crate::domain::channel::Channel;
use crate::domain::passed_over::{PassedOver, Why};
use crate::domain::post::ChatId;
use crate::flows::DatabaseError;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct ChannelList {
    store: Store,
}

/// Every message of a channel that was read, accounted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    pub channel: Channel,
    /// Messages that carry a file: in the catalog, under review, a volume, or put aside.
    pub files: u64,
    /// How many others there are, by the reason why they are passed over.
    pub passed_over: BTreeMap<Why, u64>,
    /// The newest of those, the newest first.
    pub newest: Vec<PassedOver>,
}

impl ChannelList {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Every channel ever watched.
    pub async fn all(&self) -> Result<Vec<Channel>, DatabaseError> {
        Ok(self.store.channels().all().await?)
    }

    /// Whether Telegram ever gave the bots what it makes of videos.
    pub async fn has_seen_renditions(&self) -> Result<bool, DatabaseError> {
        Ok(self.store.has_seen_renditions().await?)
    }

    /// Adds these on the first start ever.
    pub async fn seed(&self, chats: &[ChatId]) -> Result<(), DatabaseError> {
        Ok(self.store.channels().seed(chats).await?)
    }

    /// Watches a channel; entries hidden by [`ChannelList::remove`] appear again. Returns whether that changed anything.
    pub async fn add(&self, chat: ChatId) -> Result<bool, DatabaseError> {
        Ok(self.store.channels().set_active(chat, true).await?)
    }

    /// Stops watching a channel and hides its entries. Returns whether that changed anything.
    pub async fn remove(&self, chat: ChatId) -> Result<bool, DatabaseError> {
        Ok(self.store.channels().set_active(chat, false).await?)
    }

    /// What stands in a channel, as far as it was read. `None` when it is in no list.
    pub async fn posts(&self, chat: ChatId) -> Result<Option<Accounts>, DatabaseError> {
        let Some(channel) = self.all().await?.into_iter().find(|channel| channel.chat == chat) else {
            return Ok(None);
        };
        let passed_over = self.store.passed_over();
        Ok(Some(Accounts {
            channel,
            files: self.store.posts().count(chat).await?,
            passed_over: passed_over.counts(chat).await?,
            newest: passed_over.newest(chat).await?,
        }))
    }

    /// Who each channel is for.
    pub async fn audiences(&self) -> Result<Audiences, DatabaseError> {
        Ok(self.store.audiences().await?)
    }

    /// Says who a channel is for, from the next request on. `None` when it was never watched; else whether that changed anything.
    pub async fn set_audience(&self, chat: ChatId, audience: Audience) -> Result<Option<bool>, DatabaseError> {
        if !self.all().await?.iter().any(|channel| channel.chat == chat) {
            return Ok(None);
        }
        Ok(Some(self.store.set_audience(chat, audience).await?))
    }

    /// Logs that the database is another one than at the last start. `forgotten`: the channels whose positions were kept.
    pub async fn report_renewed(&self, forgotten: &[String]) -> Result<(), DatabaseError> {
        warn!(
            "The database is not the one that this DATA_DIR worked with last (it is new, another one, or from a backup): the \
             channels are read again, the newest posts first"
        );
        let known: Vec<_> = self.all().await?.iter().map(|channel| channel.chat.to_string()).collect();
        for chat in forgotten.iter().filter(|chat| !known.contains(chat)) {
            warn!("The database does not know channel {chat}, which was watched before: cinepost channel add {chat}");
        }
        Ok(())
    }
}
