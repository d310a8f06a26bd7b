//! Archives: where the files inside a zip or rar lie, so that a film stored in one plays without unpacking.
//!
//! ```text
//! volumes     [ pack.z01        ][ pack.z02        ][ pack.zip            ]
//! one run     [hdr|film one ####################|hdr|film two ###### |index]     offsets here count over all volumes
//! members           ^ one run of bytes                ^ another
//! ```
//!
//! Only what is stored as it is can be played from: anything compressed would have to be unpacked from its start to reach its
//! middle. Nothing is read here. [`Index::step`] says which bytes it needs, [`Index::supply`] takes them, and so on until it
//! knows the members. Total: any bytes whatever lead to an answer.

mod bytes;
mod deflate;
mod rar;
mod rar4;
mod rar5;
#[cfg(test)]
mod tests;
mod zip;

use crate::domain::file::Extent;
use crate::domain::text;
use crate::domain::volumes::{ArchiveFormat, ArchiveSplit};
use bytes::Known;
pub use deflate::{inflated, inflated_whole};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Byte by byte as it was.
    Stored,
    /// By Deflate, and small enough to be unpacked when somebody wants it: subtitles in a zip.
    Deflated,
    Compressed,
    Encrypted,
}

/// A file inside an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// With its folders, parted by `/`.
    pub name: String,
    pub packing: Packing,
    /// Where its bytes lie in the archive as they are there, in reading order: start and length. None where they cannot be used.
    pub runs: Vec<(u64, u64)>,
    /// Bytes when it is unpacked, as the archive says; of what a RAR archive has compressed, 0.
    pub size: u64,
}

/// A run of bytes of the whole archive, counted over all volumes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub start: u64,
    pub len: u64,
}

/// Why an archive tells nothing of its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It goes on in volumes that are not here: the first of these, counted from 1, when it is known.
    Missing { volume: Option<usize> },
    /// Even its index is encrypted.
    Encrypted,
    /// It is not what it says it is.
    Damaged(&'static str),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Supply these bytes; they lie within the archive.
    Need(Run),
    /// Folders are left out.
    Members(Vec<Member>),
    Failed(Problem),
}

/// Why reading stopped before the members were known.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stop {
    Need(Run),
    Failed(Problem),
}

fn damaged<T>(what: &'static str) -> Result<T, Stop> {
    Err(Stop::Failed(Problem::Damaged(what)))
}

/// Nobody packs more films, and nothing should make us read for ever.
const MAX_MEMBERS: usize = 20_000;
/// Subtitles that are taken out of an archive: more has no series, and each of a zip costs a read of its header.
pub const MAX_SUBTITLES: usize = 1_000;

/// An archive being looked into.
#[derive(Debug)]
pub struct Index {
    format: ArchiveFormat,
    split: ArchiveSplit,
    volumes: Volumes,
    known: Known,
}

impl Index {
    /// `volumes`: their sizes in bytes, in order.
    pub fn new(format: ArchiveFormat, split: ArchiveSplit, volumes: &[u64]) -> Self {
        Self { format, split, volumes: Volumes::new(volumes), known: Known::default() }
    }

    /// Goes as far as the bytes supplied so far lead. Begins anew each time, which keeps the readers straight; headers
    /// are few beside what it takes to fetch them.
    pub fn step(&self) -> Step {
        let members = match self.format {
            ArchiveFormat::Zip => zip::members(&self.known, &self.volumes, self.split),
            ArchiveFormat::Rar => rar::members(&self.known, &self.volumes, self.split),
        };
        match members {
            Ok(members) => Step::Members(members),
            Err(Stop::Need(run)) => Step::Need(run),
            Err(Stop::Failed(problem)) => Step::Failed(problem),
        }
    }

    /// Bytes of the archive from `start` on. More than was asked for is welcome.
    pub fn supply(&mut self, start: u64, bytes: &[u8]) {
        self.known.add(start, bytes);
    }

    /// Where runs of the archive lie in its volumes. `None` when they reach beyond its end.
    pub fn extents(&self, runs: &[(u64, u64)]) -> Option<Vec<Extent>> {
        let mut extents = Vec::new();
        for &(start, len) in runs {
            extents.extend(self.volumes.extents(Run { start, len })?);
        }
        Some(extents)
    }
}

/// The volumes as one run of bytes.
#[derive(Debug)]
struct Volumes {
    /// Where each begins; one more for the end.
    starts: Vec<u64>,
}

impl Volumes {
    fn new(sizes: &[u64]) -> Self {
        let mut starts = vec![0u64];
        let mut end = 0u64;
        for size in sizes {
            end = end.saturating_add(*size);
            starts.push(end);
        }
        Self { starts }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    fn end(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// Start and end of a volume.
    fn bounds(&self, volume: usize) -> Option<(u64, u64)> {
        Some((*self.starts.get(volume)?, *self.starts.get(volume.checked_add(1)?)?))
    }

    fn extents(&self, run: Run) -> Option<Vec<Extent>> {
        let end = run.start.checked_add(run.len).filter(|end| *end <= self.end())?;
        let mut extents = Vec::new();
        // The volume that `start` lies in: the last that begins at or before it.
        let first = self.starts.partition_point(|start| *start <= run.start).saturating_sub(1);
        for volume in first..self.count() {
            let (from, to) = self.bounds(volume)?;
            let (from_here, to_here) = (run.start.max(from), end.min(to));
            if from >= end {
                break;
            }
            if from_here < to_here {
                extents.push(Extent { volume, start: from_here - from, len: to_here - from_here });
            }
        }
        Some(extents)
    }
}

/// Folders by either slash, nothing that climbs, and no text that harms.
fn member_name(name: &str) -> String {
    let name = text::line(name, usize::MAX);
    let parts = name.split(['/', '\\']).map(str::trim).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join("/")
}
