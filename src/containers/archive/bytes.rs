//! The bytes of an archive that were fetched so far, and careful reading in them.

use std::collections::BTreeMap;

use super::{Run, Stop, Volumes};

/// Runs that were supplied, by where they begin.
#[derive(Debug, Default)]
pub(super) struct Known {
    runs: BTreeMap<u64, Vec<u8>>,
}

impl Known {
    /// Takes a run in. Runs that touch or overlap become one, so that a header across the line of two fetches is read.
    pub fn add(&mut self, start: u64, bytes: &[u8]) {
        let (mut start, mut bytes) = (start, bytes.to_vec());
        if start.checked_add(bytes.len() as u64).is_none() {
            return;
        }
        if let Some((&before, run)) = self.runs.range(..=start).next_back()
            && before + run.len() as u64 >= start
        {
            let mut joined = self.runs.remove(&before).unwrap_or_default();
            let keep = (start - before) as usize;
            if keep + bytes.len() >= joined.len() {
                joined.truncate(keep);
                joined.extend_from_slice(&bytes);
            } else {
                joined[keep..keep + bytes.len()].copy_from_slice(&bytes);
            }
            (start, bytes) = (before, joined);
        }
        while let Some((&next, _)) = self.runs.range(start..=start + bytes.len() as u64).next() {
            let run = self.runs.remove(&next).unwrap_or_default();
            let known = (start + bytes.len() as u64 - next) as usize;
            bytes.extend(run.into_iter().skip(known));
        }
        self.runs.insert(start, bytes);
    }

    /// `len` bytes from `start`, or the wish for them.
    pub fn get(&self, start: u64, len: u64) -> Result<&[u8], Stop> {
        let known = || {
            let (&from, run) = self.runs.range(..=start).next_back()?;
            let skip = usize::try_from(start - from).ok()?;
            run.get(skip..skip.checked_add(usize::try_from(len).ok()?)?)
        };
        match known() {
            Some(bytes) => Ok(bytes),
            None if len == 0 => Ok(&[]),
            None => Err(Stop::Need(Run { start, len })),
        }
    }
}

/// Reads the fields of a header one after the other. `None` past its end.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    pub fn skip(&mut self, len: usize) -> Option<()> {
        self.take(len).map(drop)
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    /// RAR5's numbers: seven bits a byte, lowest first, the top bit says that more follow; ten bytes at most.
    pub fn vint(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for n in 0..10 {
            let byte = self.u8()?;
            number |= u64::from(byte & 0x7f).checked_shl(7 * n).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// `start .. start + len`, if that lies before `end`.
pub(super) fn run_before(start: u64, len: u64, end: u64) -> Option<Run> {
    (start.checked_add(len)? <= end).then_some(Run { start, len })
}

/// A header at `start` that is at least `least` bytes long, and as much more as there is up to `most` and `end`: so that
/// one fetch brings all of a short header.
pub(super) fn header(known: &Known, start: u64, least: u64, most: u64, end: u64) -> Result<Option<&[u8]>, Stop> {
    if run_before(start, least, end).is_none() {
        return Ok(None);
    }
    known.get(start, most.max(least).min(end - start)).map(Some)
}

/// CRC-32 as zip, rar and gzip count it.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

impl Volumes {
    /// What lies at (volume, offset in it).
    pub(super) fn at(&self, volume: u64, offset: u64) -> Option<u64> {
        let (start, end) = self.bounds(usize::try_from(volume).ok()?)?;
        start.checked_add(offset).filter(|at| *at <= end)
    }
}
