//! Which catalogs the owner wants shown, in one setting.

use super::{Error, Store};
use crate::protocols::stremio::Shown;

const KEY: &str = "catalogs";

impl Store {
    /// All of them until somebody chose.
    pub async fn shown_catalogs(&self) -> Result<Shown, Error> {
        // What an older version chose may name a catalog that is gone.
        Ok(self.settings().get(KEY).await?.and_then(|text| text.parse().ok()).unwrap_or_default())
    }

    pub async fn show_catalogs(&self, shown: &Shown) -> Result<(), Error> {
        self.settings().set(KEY, &shown.to_string()).await
    }
}
