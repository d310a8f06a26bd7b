//! Where key frames stand: the old index of the whole file (`idx1`), or OpenDML's (`indx`), an index of indexes.

use super::chunks::{Fields, HEAD_BYTES};
use super::streams::Stream;
use crate::KeyFrame;
use crate::file::File;

/// Key frames of `stream` by an `idx1`. `movi`: where the kind of the list of pictures stands, from which most writers count.
pub(super) fn old(idx1: &[u8], stream: &Stream, movi: u64, size: u64) -> Vec<KeyFrame> {
    const KEY: u32 = 0x10;
    let entry = |bytes: &[u8]| {
        let mut fields = Fields(bytes);
        Some((fields.id()?, fields.u32()?, fields.u32()?, fields.u32()?))
    };
    let entries = idx1.chunks_exact(16).filter_map(entry);
    // Others count from the file's beginning: then the first chunk stands behind the list's kind at least.
    let first = entries.clone().map(|(_, _, at, _)| u64::from(at)).find(|at| *at > 0).unwrap_or(0);
    let base = if first > movi { 0 } else { movi };
    let pictures = entries.filter(|(id, ..)| is_of(*id, stream.facts.number)).zip(0u64..);
    let keys = pictures.filter(|((_, flags, ..), _)| flags & KEY != 0);
    keys.map(|((_, _, at, _), number)| KeyFrame { time_ns: stream.ns(number), offset: base + u64::from(at) })
        .filter(|frame| frame.offset < size)
        .collect()
}

/// `00dc` and `00db` are pictures of the first stream; `00ix`, `00wb`, `00pc` are none.
pub(super) fn is_of(id: [u8; 4], stream: u64) -> bool {
    let digits = std::str::from_utf8(&id[..2]).ok().and_then(|digits| u64::from_str_radix(digits, 16).ok());
    digits == Some(stream) && matches!(&id[2..], b"dc" | b"db")
}

/// In one file; each is of 1 GB or more.
const MOST_INDEXES: usize = 256;

/// Key frames of `stream` by its index of indexes. Each is read where it stands; where one cannot be, those after it are left out, because what they count from is not known.
pub(super) fn open_dml(file: &File, indx: &[u8], stream: &Stream) -> Vec<KeyFrame> {
    let mut frames = Vec::new();
    let mut number = 0;
    let ranges = ranges(indx);
    let indexes: Vec<Option<&[u8]>> =
        ranges.iter().map(|(at, bytes)| file.read_index(*at..at.saturating_add(*bytes))).collect();
    for index in indexes {
        let Some(count) = index.and_then(|index| of_one(index, stream, number, &mut frames)) else { break };
        number += count;
    }
    frames.retain(|frame| frame.offset < file.size());
    frames
}

fn ranges(indx: &[u8]) -> Vec<(u64, u64)> {
    let mut fields = Fields(indx);
    let Some(count) = super_index_count(&mut fields) else { return Vec::new() };
    let entries = fields.0.chunks_exact(16).take((count as usize).min(MOST_INDEXES));
    entries
        .filter_map(|entry| {
            let mut fields = Fields(entry);
            Some((fields.u64()?, u64::from(fields.u32()?)))
        })
        .collect()
}

/// `None` for an index that is one of chunks itself.
fn super_index_count(fields: &mut Fields) -> Option<u32> {
    const OF_INDEXES: u8 = 0;
    fields.skip(3)?;
    if fields.u8()? != OF_INDEXES {
        return None;
    }
    let count = fields.u32()?;
    fields.skip(16)?;
    Some(count)
}

/// Adds the key frames of one index with its head, and says how many pictures it has.
fn of_one(index: &[u8], stream: &Stream, first: u64, frames: &mut Vec<KeyFrame>) -> Option<u64> {
    const NO_KEY: u32 = 1 << 31;
    let mut fields = Fields(index);
    fields.skip(HEAD_BYTES as usize)?;
    let (longs, _, kind) = (fields.u16()?, fields.u8()?, fields.u8()?);
    // 1: of chunks.
    if longs < 2 || kind != 1 {
        return None;
    }
    let count = fields.u32()?;
    fields.id()?;
    let base = fields.u64()?;
    fields.u32()?;
    let entries = fields.0.chunks_exact(4 * usize::from(longs)).take(count as usize);
    let mut number = first;
    for entry in entries {
        let mut fields = Fields(entry);
        let (at, size) = (fields.u32()?, fields.u32()?);
        if size & NO_KEY == 0 {
            // It points behind the chunk's head.
            let offset = base.saturating_add(at.into()).saturating_sub(HEAD_BYTES);
            frames.push(KeyFrame { time_ns: stream.ns(number), offset });
        }
        number += 1;
    }
    Some(number - first)
}
