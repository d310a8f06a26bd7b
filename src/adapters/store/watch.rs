//! Which of the instances that share a store watches, and what they need of each other to take the watch over.

use super::Error;
use super::face::face;
use crate::domain::watch::{Instance, Lease};

/// A record of an instance's own, sealed: its name, and its value. `None`: it was removed.
pub type Record = (String, Option<Vec<u8>>);

face! {
    /// The watch: whose it is, and how far its owner is. The embedded store has one program, whose it always is, and keeps no records:
    /// what they say stands in the instance's own database.
    Watch / WatchBackend {
        /// Takes the watch until `ends` when nobody has it, whoever had it let it end, or it is the caller's already. Returns whose it is
        /// then. Of all that ask at once one gets it. Times are unix seconds.
        async fn take(&self, instance: &Instance, now: i64, ends: i64) -> Result<Lease, Error>;

        /// Ends the watch of an instance that has it, for the next one to take at once.
        async fn give_up(&self, instance: &Instance) -> Result<(), Error>;

        /// Keeps records for whoever watches next, each in place of the one with its name.
        async fn keep(&self, records: &[Record]) -> Result<(), Error>;

        /// All records that are kept.
        async fn records(&self) -> Result<Vec<Record>, Error>;
    }
}
