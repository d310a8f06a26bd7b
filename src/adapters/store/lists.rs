//! Lists that people made by hand.

use super::Error;
use super::face::face;
use crate::domain::list::{List, ListId};

face! {
    /// Lists: few, each with all its titles.
    Lists / ListsBackend {
        /// In the order in which they were made.
        async fn all(&self) -> Result<Vec<List>, Error>;

        async fn get(&self, id: ListId) -> Result<Option<List>, Error>;

        /// Makes an empty list under a number that none had. `None` when one is called so already.
        async fn add(&self, name: &str) -> Result<Option<List>, Error>;

        /// Keeps a list that was read before, and raises its revision. `false` when it was changed or removed meanwhile, or when another
        /// one is called so.
        async fn put(&self, list: &List) -> Result<bool, Error>;

        async fn remove(&self, id: ListId) -> Result<bool, Error>;
    }
}
