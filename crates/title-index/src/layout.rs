//! How the file stands. All numbers are little-endian.
//!
//! ```text
//! header     64 bytes, see Header
//! records    one for each title: id u32, fame u32, year u16, runtime u16, flags u8, length of the name u8, the name
//! table      8 bytes for each key of a title: the lower half of the key's hash, where its title begins among the records
//! directory  u32 for each bucket and one more: which entry of the table is its first
//! about      whatever the builder was told to keep
//! ```
//!
//! A key's bucket is the top bits of its hash; entries of a bucket stand together.

use crate::{Id, Kind};

pub const HEADER_LEN: usize = 64;
pub const ENTRY_LEN: usize = 8;
pub const RECORD_LEN: usize = 14;
const MAGIC: [u8; 8] = *b"\x89titles\n";
/// Raised whenever an older file would be read wrongly, folding included: its keys would not meet those of today's questions.
pub const VERSION: u32 = 1;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Of everything after the header.
    pub checksum: u32,
    pub titles: u32,
    pub entries: u32,
    pub bucket_bits: u32,
    pub records_len: u64,
    pub about_len: u32,
}

/// Why bytes are no header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadHeader {
    NotOurs,
    OtherVersion,
    Damaged,
}

impl Header {
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.checksum.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.titles.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.entries.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.bucket_bits.to_le_bytes());
        bytes[28..32].copy_from_slice(&self.about_len.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.records_len.to_le_bytes());
        let own = crc32fast::hash(&bytes[..60]);
        bytes[60..].copy_from_slice(&own.to_le_bytes());
        bytes
    }

    /// `file_len`: what the parts must come to.
    pub fn decode(bytes: &[u8; HEADER_LEN], file_len: u64) -> Result<Self, BadHeader> {
        let number = |at: usize| u32_at(bytes, at).unwrap_or_default();
        if bytes[..8] != MAGIC {
            return Err(BadHeader::NotOurs);
        }
        // Before the checksum: another version may keep it elsewhere.
        if number(8) != VERSION {
            return Err(BadHeader::OtherVersion);
        }
        let records_len = u64::from(number(32)) | u64::from(number(36)) << 32;
        let header = Self {
            checksum: number(12),
            titles: number(16),
            entries: number(20),
            bucket_bits: number(24),
            about_len: number(28),
            records_len,
        };
        let is_whole = crc32fast::hash(&bytes[..60]) == number(60)
            && header.bucket_bits <= 28
            && header.records_len <= u64::from(u32::MAX)
            && header.about_at() + u64::from(header.about_len) == file_len;
        if is_whole { Ok(header) } else { Err(BadHeader::Damaged) }
    }

    pub fn table_at(&self) -> u64 {
        HEADER_LEN as u64 + self.records_len
    }

    pub fn directory_at(&self) -> u64 {
        self.table_at() + ENTRY_LEN as u64 * u64::from(self.entries)
    }

    pub fn about_at(&self) -> u64 {
        self.directory_at() + 4 * ((1 << self.bucket_bits) + 1)
    }
}

/// Buckets for so many entries: four to eight entries each when the hashes are spread.
pub fn bucket_bits(entries: u64) -> u32 {
    (entries / 4).max(1).ilog2()
}

pub fn bucket(hash: u64, bits: u32) -> u32 {
    hash.checked_shr(64 - bits).unwrap_or(0) as u32
}

/// FNV-1a, stirred at its end: FNV's top bits, which choose the bucket, hardly depend on the last letters.
pub fn hash(key: &str) -> u64 {
    let mut hash = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    for factor in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ hash >> 33).wrapping_mul(factor);
    }
    hash ^ hash >> 33
}

/// A title as it stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    pub id: Id,
    pub kind: Kind,
    /// IMDb's votes, or TMDB's popularity times 1000.
    pub fame: u32,
    pub year: Option<u16>,
    pub runtime_mins: Option<u16>,
    pub name: &'a str,
}

const IS_SERIES: u8 = 1;
const IS_TMDB: u8 = 2;

impl<'a> Record<'a> {
    /// Appends it. A name of more than 255 bytes is cut.
    pub fn encode(&self, to: &mut Vec<u8>) {
        let (number, source) = match self.id {
            Id::Imdb(number) => (number, 0),
            Id::Tmdb(number) => (number, IS_TMDB),
        };
        let kind = if self.kind == Kind::Series { IS_SERIES } else { 0 };
        let most = usize::from(u8::MAX).min(self.name.len());
        let end = (0..=most).rev().find(|at| self.name.is_char_boundary(*at)).unwrap_or(0);
        let name = &self.name[..end];
        to.extend(number.to_le_bytes());
        to.extend(self.fame.to_le_bytes());
        to.extend(self.year.unwrap_or(0).to_le_bytes());
        to.extend(self.runtime_mins.unwrap_or(0).to_le_bytes());
        to.extend([source | kind, name.len() as u8]);
        to.extend(name.as_bytes());
    }

    /// The record at a place; `None` when none can stand there.
    pub fn decode(records: &'a [u8], at: usize) -> Option<Self> {
        let bytes = records.get(at..)?;
        let number = u32_at(bytes, 0)?;
        let short =
            |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)).map(|n| (n > 0).then_some(n));
        let (year, runtime_mins) = (short(8)?, short(10)?);
        let [flags, name_len] = *bytes.get(12..RECORD_LEN)? else { return None };
        let name = std::str::from_utf8(bytes.get(RECORD_LEN..RECORD_LEN + usize::from(name_len))?).ok()?;
        let id = if flags & IS_TMDB == 0 { Id::Imdb(number) } else { Id::Tmdb(number) };
        let kind = if flags & IS_SERIES == 0 { Kind::Film } else { Kind::Series };
        Some(Self { id, kind, fame: u32_at(bytes, 4)?, year, runtime_mins, name })
    }
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_and_a_long_name_is_cut_between_letters() {
        let name = "ö".repeat(200);
        let record =
            Record { id: Id::Tmdb(7), kind: Kind::Series, fame: 9, year: Some(1999), runtime_mins: None, name: &name };
        let mut bytes = vec![1, 2, 3];
        record.encode(&mut bytes);
        let back = Record::decode(&bytes, 3).expect("it stands there");
        assert_eq!(back, Record { name: &"ö".repeat(127), ..record });
        for at in [4, bytes.len() - 1, bytes.len(), usize::MAX] {
            let _ = Record::decode(&bytes, at);
        }
    }

    #[test]
    fn hashes_spread_over_buckets_by_their_last_letter_too() {
        let buckets: std::collections::BTreeSet<_> =
            ('a'..='z').map(|c| bucket(hash(&format!("rocky{c}")), 16)).collect();
        assert_eq!(buckets.len(), 26);
        assert_eq!((bucket(u64::MAX, 0), bucket(u64::MAX, 3)), (0, 7));
    }
}
