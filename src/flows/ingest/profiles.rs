//! What the owner says of each channel, and what follows: the files in it are looked at again.

use super::again::{Scope, job};
use crate::adapters::store::Store;
use crate::domain::channel::{Channel, Profile};
use crate::domain::entry::EntryId;
use crate::domain::post::ChatId;
use crate::flows::DatabaseError;

/// What the owner says of the channel that an entry was last posted to.
pub(super) async fn profile_of(store: &Store, entry: EntryId) -> Result<Profile, DatabaseError> {
    let mut channels = store.channels().all().await?;
    channels.retain(|channel| channel.profile != Profile::default());
    if channels.is_empty() {
        return Ok(Profile::default());
    }
    let sources = store.entries().sources(entry).await?;
    let last = sources.first().map(|source| source.at.chat);
    let channel = channels.into_iter().find(|channel| Some(channel.chat) == last);
    Ok(channel.map(|channel| channel.profile).unwrap_or_default())
}

/// The handle. Cheap to clone. Works beside the running program as well, which does the looking.
#[derive(Clone)]
pub struct Profiles {
    store: Store,
}

impl Profiles {
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// A channel of the list, watched or not.
    pub async fn channel(&self, chat: ChatId) -> Result<Option<Channel>, DatabaseError> {
        Ok(self.store.channels().all().await?.into_iter().find(|channel| channel.chat == chat))
    }

    /// Keeps what the owner says of a channel from now on, and has its files looked at again. `now` in unix seconds. Returns
    /// whether the channel is in the list.
    pub async fn set(&self, chat: ChatId, profile: &Profile, now: i64) -> Result<bool, DatabaseError> {
        if !self.store.channels().set_profile(chat, profile).await? {
            return Ok(false);
        }
        self.store.jobs().add(&job(Scope::Channel(chat), now), now).await?;
        Ok(true)
    }
}
