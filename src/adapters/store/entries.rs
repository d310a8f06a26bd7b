//! Entries and their status.

use super::Error;
use super::face::face;
use crate::domain::entry::{Entry, EntryId, Source, Status};
use crate::domain::post::ChatId;

face! {
    /// Entries, one by one, and how far each has come.
    Entries / EntriesBackend {
        /// An entry, visible or not.
        async fn get(&self, id: EntryId) -> Result<Option<Entry>, Error>;

        /// The messages of an entry or of the volumes that it is made of, those in active channels only, newest first.
        async fn sources(&self, id: EntryId) -> Result<Vec<Source>, Error>;

        /// Visible entries waiting for a match whose `retry_at` is not after `now` (unix seconds), newest post first: what
        /// somebody posts now does not wait for a channel of ten years.
        async fn pending(&self, now: i64, limit: u32) -> Result<Vec<Entry>, Error>;

        /// Stores what an entry was read as, gives it its new status and refreshes the catalog, unless its revision is no longer
        /// that of `entry` (it was edited meanwhile): then nothing changes and the result is false.
        async fn settle(&self, entry: &Entry, status: &Status) -> Result<bool, Error>;

        /// Visible entries that a person is shown for review, in the order of their ids.
        async fn under_review(&self) -> Result<Vec<EntryId>, Error>;

        /// All entries, visible or not, in the order of their ids, from behind `after` on.
        async fn behind(&self, after: Option<EntryId>, limit: u32) -> Result<Vec<Entry>, Error>;

        /// What the messages behind `after` in a channel carry, in their order: the message, its entry, and what that is a
        /// volume of. One message may stand several times.
        async fn in_channel(&self, chat: ChatId, after: i32, limit: u32) -> Result<Vec<(i32, EntryId)>, Error>;
    }
}
