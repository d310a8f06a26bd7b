//! Volumes: posts that carry a piece of something. Which names are volumes, which of them belong together, and what is
//! missing.
//!
//! ```text
//! film.mkv.001, film.mkv.002 ...        cut by bytes; so are pack.zip.001 and pack.rar.001. The first may be .000
//! film.mkv.00, film.mkv.01 ...          the same, and film.mkv.part1
//! film.part1.mkv, film (1 of 2).mkv     the same, or films that play on their own
//! pack.zip                              alone, or the last of pack.z01, pack.z02 ... pack.zip
//! pack.part1.rar, pack.part2.rar ...    RAR since version 3
//! pack.rar, pack.r00, pack.r01 ...      RAR before, and an archive of one volume
//! ```
//!
//! How many volumes there are is written nowhere in a film cut by bytes. All tools cut pieces of one size, so a last piece
//! that is smaller than the others is the end. Where it is not, more may come, and whoever asks decides how long to wait. An
//! archive says itself when it is read.
//!
//! Where a name may be that of a film as well ([`VolumeName::is_doubtful`]), sizes tell: two films are never of one size to the
//! byte, and hardly one in ten thousand is of a size that people cut at. Where sizes do not, the first bytes do: a film
//! begins as one. `CD1` and `Part 1` are films always.

mod beginning;
mod name;
mod uploads;

use super::entry::{Entry, EntryId, Status};

pub use beginning::{BEGINNING, begins_as_video};
pub use name::{ArchiveFormat, ArchiveSplit, Content, Scheme, VolumeName, ZIP_LAST, read};
pub use uploads::{Candidate, Doubt, Group, State, group};

/// What the volumes of one set come to, as they are stored together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joined {
    /// Every visible volume, with its revision as it was read and its new status.
    pub volumes: Vec<(EntryId, u32, Status)>,
    /// Those of the set that are films of their own, with their revision. What was decided of them stands.
    pub films: Vec<(EntryId, u32)>,
    /// The entries made of them. Status, date and revision are the store's.
    pub entries: Vec<Entry>,
}

impl Joined {
    /// All that the set consists of.
    pub fn members(&self) -> impl Iterator<Item = EntryId> {
        let volumes = self.volumes.iter().map(|(id, ..)| *id);
        volumes.chain(self.films.iter().map(|(id, _)| *id))
    }
}
