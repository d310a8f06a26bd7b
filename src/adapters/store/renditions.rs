//! Whether Telegram ever gave us what it makes of videos, in one setting: no document says whether bots get it.

use super::{Error, Store};

const KEY: &str = "renditions";

impl Store {
    pub async fn has_seen_renditions(&self) -> Result<bool, Error> {
        Ok(self.settings().get(KEY).await?.is_some())
    }

    pub async fn saw_renditions(&self) -> Result<(), Error> {
        self.settings().set(KEY, "seen").await
    }
}
