//! Volumes: posts that carry a piece of something. Which names are volumes, which of them belong together, and what is
//! missing.
//!
//! ```text
//! film.mkv.001, film.mkv.002 ...        cut by bytes; so are pack.zip.001 and pack.rar.001
//! pack.zip                              alone, or the last of pack.z01, pack.z02 ... pack.zip
//! pack.part1.rar, pack.part2.rar ...    RAR since version 3
//! pack.rar, pack.r00, pack.r01 ...      RAR before, and an archive of one volume
//! ```
//!
//! How many volumes there are is written nowhere in a film cut by bytes. All tools cut pieces of one size, so a last piece
//! that is smaller than the others is the end. Where it is not, more may come, and whoever asks decides how long to wait. An
//! archive says itself when it is read.

mod name;
mod uploads;

use super::entry::{Entry, EntryId, Status};

pub use name::{ArchiveFormat, ArchiveSplit, Content, Scheme, VolumeName, ZIP_LAST, read};
pub use uploads::{Candidate, Group, State, group};

/// What the volumes of one set come to, as they are stored together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Joined {
    /// Every visible volume, with its revision as it was read and its new status.
    pub volumes: Vec<(EntryId, u32, Status)>,
    /// The entries made of them. Status, date and revision are the store's.
    pub entries: Vec<Entry>,
}
