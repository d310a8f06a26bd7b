//! What files hold inside, and which of them were not looked into yet.

use super::Error;
use super::face::face;
use crate::domain::entry::{Entry, EntryId, Probe};

face! {
    /// What looking into files found.
    Probes / ProbesBackend {
        /// Visible entries that are films, or may be, and that no reader as new as `reader` has looked into, with how often one tried
        /// in vain. Those that none has come before those that an older one has, then the newest post first; those postponed to after
        /// `now` (unix seconds) are left out.
        async fn due(&self, reader: u16, now: i64, limit: u32) -> Result<Vec<(Entry, u32)>, Error>;

        /// How many such entries there are, postponed or not. Counts to `most` and no further.
        async fn count_due(&self, reader: u16, most: u32) -> Result<u64, Error>;

        /// Keeps what was found in place of what was found before, and refreshes the catalog. Returns false when there is no such
        /// entry. `key_frames`: where they stand, in whatever form the caller keeps them.
        async fn record(&self, id: EntryId, probe: &Probe, key_frames: Option<&[u8]>) -> Result<bool, Error>;

        /// It could not be read for the `tries`th time: nobody tries again before `until`.
        async fn postpone(&self, id: EntryId, tries: u32, until: i64) -> Result<(), Error>;

        /// Has an entry looked into again, before all others. What was found stays until then. Returns false when there is no such
        /// entry.
        async fn again(&self, id: EntryId) -> Result<bool, Error>;

        /// As they were recorded.
        async fn key_frames(&self, id: EntryId) -> Result<Option<Vec<u8>>, Error>;
    }
}

/// The readers whose finds are not good enough any more, 0 for none, in the order in which they are replaced.
pub(super) fn older(reader: u16) -> impl Iterator<Item = u16> {
    0..reader
}

/// The states that an entry to be looked into is in: matched, or under review though it may be a film. A volume is a piece of one.
pub(super) const STATES: [(super::document::State, bool); 2] =
    [(super::document::State::Matched, false), (super::document::State::Review, true)];
