//! Messages that carry files.

use super::Error;
use super::face::face;
use crate::domain::entry::{Entry, EntryId, Recorded, Source};
use crate::domain::post::{ChatId, PostRef};

face! {
    /// Messages that carry files, as they come and go.
    Posts / PostsBackend {
        /// Records messages and their entries in one transaction, in order; safe to repeat. An entry that is new, or whose
        /// name or caption differs from what is stored and whose source is the newest of the entry, is stored with
        /// `Status::fresh()` and a raised revision. A message that pointed to another entry before (its file was replaced)
        /// leaves that entry. Returns what each post changed, in order.
        async fn record(&self, posts: &[(Source, Entry)]) -> Result<Vec<Recorded>, Error>;

        /// Forgets messages. An entry without any message left is removed, and a title without any visible entry leaves the
        /// catalog. Returns the entries that were removed.
        async fn remove(&self, posts: &[PostRef]) -> Result<Vec<EntryId>, Error>;

        /// The messages of a channel that carry a file, from `first` to `last`, in their order.
        async fn between(&self, chat: ChatId, first: i32, last: i32) -> Result<Vec<Source>, Error>;

        /// How many messages of a channel carry a file.
        async fn count(&self, chat: ChatId) -> Result<u64, Error>;
    }
}
