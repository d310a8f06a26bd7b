//! Volumes of split files and archives, and the entries made of them.

use super::Error;
use super::face::face;
use crate::domain::entry::{Entry, EntryId, Source};
use crate::domain::volumes::Joined;

face! {
    /// Volumes by set ([`VolumeName::set`](crate::domain::volumes::VolumeName::set)).
    Volumes / VolumesBackend {
        /// The visible volumes of a set with their sources in active channels.
        async fn in_set(&self, set: &str) -> Result<Vec<(Entry, Vec<Source>)>, Error>;

        /// Records what the volumes of a set come to, together. The entries made of them are new and pending, or stay as they are
        /// when nothing about them changed; those made of them before and not now are removed. Returns false, and volumes that
        /// changed stay pending, when the set's visible volumes or their revisions are no longer those of `joined`.
        async fn join(&self, set: &str, joined: &Joined) -> Result<bool, Error>;

        /// Puts an entry into the set of its name, pending with all others of the set: it was recorded when names like this were
        /// not known for those of volumes.
        async fn file(&self, entry: EntryId, set: &str) -> Result<(), Error>;
    }
}
