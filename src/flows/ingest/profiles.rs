//! What the owner says of each channel, and what follows: the files in it are looked at again.

use super::again::{Scope, job};
use crate::adapters::store::Store;
use crate::domain::channel::{Channel, Profile};
use crate::domain::post::ChatId;
use crate::flows::DatabaseError;

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
