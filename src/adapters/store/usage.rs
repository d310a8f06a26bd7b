//! What was sent to whom, and what is being sent now.

use super::Error;
use super::face::face;
use crate::domain::entry::EntryId;
use crate::domain::limits::Day;
use crate::domain::person::PersonId;
use crate::domain::usage::{FileUse, Running, Spent, Used, Watched};

face! {
    /// What was sent to whom: sums that several instances add to at once. And what is being sent now.
    Usage / UsageBackend {
        /// Adds to the sums of persons, days and files, and to histories where it is remembered. After an error part of it may have been added:
        /// whoever must never count too much drops it.
        async fn add(&self, used: &[Used]) -> Result<(), Error>;

        /// What a person, or everybody together, used on a day and in its month.
        async fn spent(&self, whose: Option<PersonId>, day: Day) -> Result<Spent, Error>;

        /// The same of everybody who used something in the day's month, by id.
        async fn spent_by_all(&self, day: Day) -> Result<Vec<(PersonId, Spent)>, Error>;

        /// Counts one more link of a person, unless they have so many on this day. Of several who ask at once, so many get it.
        async fn take_link(&self, person: PersonId, day: Day, most: u64) -> Result<bool, Error>;

        /// A file's figures. Zeros for one that nobody asked for.
        async fn of_file(&self, entry: EntryId) -> Result<FileUse, Error>;

        /// What a person watched, the last first.
        async fn history(&self, person: PersonId, skip: u32, limit: u32) -> Result<Vec<Watched>, Error>;

        /// Forgets what a person watched; `None`: what anybody did. Their sums stay. Returns how many rows went.
        async fn erase_history(&self, person: Option<PersonId>) -> Result<u64, Error>;

        /// Forgets what people used before this day, and everybody together. Returns how many sums went.
        async fn forget(&self, before: Day) -> Result<u64, Error>;

        /// Says what an instance sends now, in the place of what it said before.
        async fn publish(&self, instance: &str, now: i64, running: &[Running]) -> Result<(), Error>;

        /// What instances send that said so at this moment or later.
        async fn running(&self, since: i64) -> Result<Vec<Running>, Error>;

        /// Asks the instance that sends a stream to end it.
        async fn ask_to_stop(&self, stream: &str, now: i64) -> Result<(), Error>;

        /// Streams that were asked to end at this moment or later.
        async fn asked_to_stop(&self, since: i64) -> Result<Vec<String>, Error>;
    }
}
