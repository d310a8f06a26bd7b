//! The file, opened, and questions to it.

use std::cmp::Reverse;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use memmap2::{Advice, Mmap};

use crate::layout::{self, BadHeader, ENTRY_LEN, HEADER_LEN, Header, Record};
use crate::{Edits, Found, Id, Kind, MOST_FOUND, Wanted, edits, fold};

/// Entries of one bucket that are looked at: a damaged directory may call half of the table one bucket.
const MOST_IN_BUCKET: usize = 4096;

/// An index that stands. Cheap to ask from many threads at once; give it out behind an `Arc`.
#[derive(Debug)]
pub struct TitleIndex {
    map: Mmap,
    header: Header,
}

/// Why a file is no index.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("it is not there")]
    Missing,
    #[error("it is no index of titles")]
    NotOurs,
    #[error("it was made by another version of the program")]
    OtherVersion,
    #[error("it is damaged")]
    Damaged,
    #[error("it cannot be read: {0}")]
    Io(io::Error),
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing } else { Self::Io(error) }
    }
}

impl TitleIndex {
    /// Opens a file and reads it once from end to end, to find damage; not through the map, so that what was only checked does not
    /// count as memory of this process. 100 MiB take a tenth of a second from the system's cache.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let mut file = File::open(path)?;
        let (header, found) = read_whole(&mut file)?;
        if found != header.checksum {
            return Err(OpenError::Damaged);
        }
        Self::map(&file, header)
    }

    /// Without looking for damage.
    pub(crate) fn map(file: &File, header: Header) -> Result<Self, OpenError> {
        #[expect(unsafe_code, reason = "a map has no safe form; see below")]
        // SAFETY: what is mapped is only read, as bytes, each read checked. Were the file written to, those bytes would change under
        // us, which nothing here relies on not to happen between two reads but the borrow of a name's `str`; were it made shorter, a
        // read would end the process. Nobody does either: an index is written under another name, whole, and then takes this name,
        // while the old one lives on behind its map.
        let map = unsafe { Mmap::map(file)? };
        // Keys are spread by their hashes: what stands beside one is not what is asked next.
        #[cfg(unix)]
        let _ = map.advise(Advice::Random);
        if (map.len() as u64) < header.about_at() {
            return Err(OpenError::Damaged);
        }
        Ok(Self { map, header })
    }

    pub fn titles(&self) -> u32 {
        self.header.titles
    }

    /// Keys, over all titles.
    pub fn keys(&self) -> u32 {
        self.header.entries
    }

    pub fn bytes(&self) -> u64 {
        self.map.len() as u64
    }

    /// What the builder was told to keep with it.
    pub fn about(&self) -> &[u8] {
        self.map.get(self.header.about_at() as usize..).unwrap_or_default()
    }

    /// Titles that may be meant: the nearest name first, then the nearest year, then whom most people know.
    pub fn look_up(&self, wanted: &Wanted) -> Vec<Found> {
        let mut hits: Vec<Hit> = Vec::new();
        for (asked, name) in wanted.names.iter().enumerate() {
            let keys = fold::keys(name);
            for key in &keys {
                self.each(key, |record| hits.push(Hit { record, distance: 0, asked }));
            }
            if wanted.edits == Edits::One {
                for key in &keys {
                    edits::each(key, |edited| {
                        self.each(edited, |record| hits.push(Hit { record, distance: 1, asked }))
                    });
                }
            }
        }
        hits.sort_unstable();
        hits.dedup_by_key(|hit| hit.record);
        let records = self.map.get(HEADER_LEN..self.header.table_at() as usize).unwrap_or_default();
        let mut ranked: Vec<(Rank, Hit, Record)> = Vec::new();
        for hit in hits {
            let Some(record) = Record::decode(records, hit.record as usize) else { continue };
            if wanted.kind.is_none_or(|kind| kind == record.kind)
                && let Some(year_off) = year_off(wanted.year, &record)
            {
                ranked.push(((hit.distance, year_off, Reverse(record.fame), record.id), hit, record));
            }
        }
        ranked.sort_unstable_by_key(|(rank, ..)| *rank);
        ranked.into_iter().take(MOST_FOUND).map(|(_, hit, record)| found(hit, record)).collect()
    }

    /// The places of a key's titles.
    fn each(&self, key: &str, mut take: impl FnMut(u32)) {
        let hash = layout::hash(key);
        let bucket = layout::bucket(hash, self.header.bucket_bits) as usize;
        let directory = self.header.directory_at() as usize + 4 * bucket;
        let bound = |n: usize| layout::u32_at(&self.map, directory + 4 * n).map(|at| at as usize);
        let (Some(begin), Some(end)) = (bound(0), bound(1)) else { return };
        let end = end.min(self.header.entries as usize).min(begin.saturating_add(MOST_IN_BUCKET));
        let table = self.header.table_at() as usize;
        let Some(entries) = self.map.get(table + ENTRY_LEN * begin..table + ENTRY_LEN * end.max(begin)) else { return };
        for entry in entries.chunks_exact(ENTRY_LEN) {
            if layout::u32_at(entry, 0) == Some(hash as u32)
                && let Some(record) = layout::u32_at(entry, 4)
            {
                take(record);
            }
        }
    }
}

fn found(hit: Hit, record: Record) -> Found {
    let (votes, popularity) = match record.id {
        Id::Imdb(_) => (record.fame, 0),
        Id::Tmdb(_) => (0, record.fame),
    };
    Found {
        id: record.id,
        kind: record.kind,
        name: record.name.to_owned(),
        year: record.year,
        runtime_mins: record.runtime_mins,
        votes,
        popularity,
        distance: hit.distance,
        asked: hit.asked,
    }
}

/// What comes first: distance, how far the year is off, how many know it, and then always the same order.
type Rank = (u8, u16, Reverse<u32>, Id);

/// Sorted by title, the nearest first, so that the others of a title fall away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    record: u32,
    distance: u8,
    asked: usize,
}

/// How far a title's year is from the one asked for, unknown last; `None` when it cannot be meant.
fn year_off(wanted: Option<u16>, title: &Record) -> Option<u16> {
    let Some(wanted) = wanted else { return Some(0) };
    let Some(year) = title.year else { return Some(u16::MAX) };
    let is_later_season = title.kind == Kind::Series && year < wanted;
    let off = year.abs_diff(wanted);
    (off <= 1 || is_later_season).then_some(off)
}

/// The header, and the checksum of the rest as it is.
fn read_whole(file: &mut File) -> Result<(Header, u32), OpenError> {
    let len = file.metadata()?.len();
    let mut head = [0; HEADER_LEN];
    file.read_exact(&mut head).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => OpenError::NotOurs,
        _ => e.into(),
    })?;
    let header = Header::decode(&head, len).map_err(|bad| match bad {
        BadHeader::NotOurs => OpenError::NotOurs,
        BadHeader::OtherVersion => OpenError::OtherVersion,
        BadHeader::Damaged => OpenError::Damaged,
    })?;
    let mut checksum = crc32fast::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((header, checksum.finalize())),
            Ok(n) => checksum.update(&buffer[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e.into()),
        }
    }
}
