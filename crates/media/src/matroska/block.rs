//! Blocks: a track's number, a time, and one frame or several laced together.

use std::{collections::BTreeSet, io::Read};

use super::{ebml, ids};
use crate::file::File;

/// A block's head, and where its frames begin.
pub struct Block<'a> {
    pub track: u64,
    /// From its cluster's time, in the file's ticks.
    pub relative: i16,
    /// 0 none, 1 Xiph's, 2 all of one length, 3 EBML's.
    lacing: u8,
    rest: &'a [u8],
}

/// The inside of a SimpleBlock or Block; it may be cut off behind its first bytes.
pub fn block(data: &[u8]) -> Option<Block<'_>> {
    let (track, len) = ebml::size(data)?;
    let &[high, low, flags] = data.get(len..len + 3)? else { return None };
    Some(Block {
        track: track?,
        relative: i16::from_be_bytes([high, low]),
        lacing: flags >> 1 & 3,
        rest: &data[len + 3..],
    })
}

impl<'a> Block<'a> {
    /// Its first frame, and what follows it when the block is laced. Lengths of laced frames but the first are not needed by anybody here.
    pub fn first_frame(&self) -> Option<&'a [u8]> {
        if self.lacing == 0 {
            return Some(self.rest);
        }
        let (&more, mut rest) = self.rest.split_first()?;
        match self.lacing {
            1 => {
                for _ in 0..more {
                    loop {
                        let (&byte, after) = rest.split_first()?;
                        rest = after;
                        if byte < 255 {
                            break;
                        }
                    }
                }
            }
            3 => {
                // The first length as it is, the others as differences; the last one's is what is left.
                for _ in 0..more {
                    let (_, len) = ebml::size(rest)?;
                    rest = &rest[len..];
                }
            }
            _ => {}
        }
        Some(rest)
    }
}

/// How a track's frames are packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    /// These bytes stand in front of every frame and were left out.
    Stripped(Vec<u8>),
    Zlib,
    /// Otherwise, or encrypted.
    Unreadable,
}

/// The longest frame that is unpacked: a picture of PGS, a script of ASS.
const MAX_UNPACKED_BYTES: u64 = 8 << 20;

/// A frame as its codec wrote it. `None` when it cannot be unpacked. Zlib that is cut off gives what it held so far.
pub fn unpack(frame: &[u8], packed: Option<&Packed>) -> Option<Vec<u8>> {
    unpack_up_to(frame, packed, MAX_UNPACKED_BYTES)
}

/// The same, and of zlib no more than so many bytes: eight kilobytes may say to be eight megabytes.
pub fn unpack_up_to(frame: &[u8], packed: Option<&Packed>, most: u64) -> Option<Vec<u8>> {
    match packed {
        None => Some(frame.to_vec()),
        Some(Packed::Stripped(front)) => Some([front, frame].concat()),
        Some(Packed::Zlib) => {
            let mut unpacked = Vec::new();
            let read = flate2::read::ZlibDecoder::new(frame).take(most).read_to_end(&mut unpacked);
            (read.is_ok() || !unpacked.is_empty()).then_some(unpacked)
        }
        Some(Packed::Unreadable) => None,
    }
}

/// As much of a first frame as says what it is.
const FRAME_BYTES: u64 = 8 * 1024;
/// How far first frames are looked for: pictures of 4K fill a megabyte before the first sound.
const MAX_SPAN_BYTES: u64 = 4 << 20;
/// How many pictures are passed over on the way, a read for each.
const MAX_LONG_BLOCKS: u32 = 32;
const NEAR_BYTES: u64 = 16 * 1024;

/// The first frame of each of these tracks, packed as it is, with its track's number: those that are found within a few reads of the first cluster.
pub fn first_frames<'a>(file: &File<'a>, cluster: u64, end: u64, wanted: &BTreeSet<u64>) -> Vec<(u64, &'a [u8])> {
    let mut found: Vec<(u64, &[u8])> = Vec::new();
    let mut missing = wanted.clone();
    let mut at = cluster;
    let mut long_blocks = 0;
    while !missing.is_empty() && at < end && at - cluster < MAX_SPAN_BYTES && long_blocks <= MAX_LONG_BLOCKS {
        let Some(head) = head(file, at) else { break };
        let Some((id, size, len)) = ebml::header(head) else { break };
        let data = at + len as u64;
        // A cluster and a group are gone into: their children stand as if they were side by side.
        if matches!(id, ids::CLUSTER | ids::BLOCK_GROUP) {
            at = data;
            continue;
        }
        let Some(next) = size.and_then(|size| data.checked_add(size)) else { break };
        if matches!(id, ids::SIMPLE_BLOCK | ids::BLOCK)
            && let Some(track) = block(&head[len..]).map(|block| block.track)
            && missing.contains(&track)
        {
            let Some(bytes) = file.read(data..next.min(data + FRAME_BYTES)) else { break };
            missing.remove(&track);
            found.extend(block(bytes).and_then(|block| Some((track, block.first_frame()?))));
        }
        long_blocks += u32::from(next - data > NEAR_BYTES);
        at = next;
    }
    found
}

/// Enough of an element to know it: what is at hand, or a new read that takes its neighbours along.
fn head<'a>(file: &File<'a>, at: u64) -> Option<&'a [u8]> {
    let near = file.at_hand(at);
    if near.len() >= 24 { Some(near) } else { file.read(at..at + NEAR_BYTES) }
}

/// How much of the file's end is read for the time of its last block.
const LAST_BYTES: u64 = 1 << 20;

/// The time of the file's last block, in ticks, when a cluster begins in the last megabyte.
pub fn last_ticks(file: &File, layout: &super::layout::Layout) -> Option<u64> {
    let from = layout.segment_end.saturating_sub(LAST_BYTES).max(layout.segment_start);
    let bytes = file.read(from..layout.segment_end)?;
    let id = ids::CLUSTER.to_be_bytes();
    // The last one, and those before it in case that what looks like it is a picture.
    let clusters = bytes.windows(4).enumerate().rev().filter(|(_, four)| *four == id).map(|(at, _)| at).take(4);
    clusters.filter_map(|at| last_of_cluster(&bytes[at..])).max()
}

fn last_of_cluster(bytes: &[u8]) -> Option<u64> {
    let (_, size, len) = ebml::header(bytes)?;
    let end = size
        .and_then(|size| usize::try_from(size).ok()?.checked_add(len))
        .map_or(bytes.len(), |end| end.min(bytes.len()));
    let mut children = ebml::children(&bytes[len..end]);
    let mut start = None;
    let mut last = None;
    // The timestamp comes first; more than 64 K blocks are in no cluster.
    for child in children.by_ref().take(65_536) {
        let data = match child.id {
            ids::TIMESTAMP => {
                start = child.uint();
                last = last.max(start);
                continue;
            }
            ids::SIMPLE_BLOCK => Some(child.data),
            ids::BLOCK_GROUP => child.children().find(|child| child.id == ids::BLOCK).map(|block| block.data),
            ids::CLUSTER => break,
            _ => None,
        };
        let relative = data.and_then(block).map(|block| i64::from(block.relative));
        last = last.max(start.zip(relative).and_then(|(start, relative)| start.checked_add_signed(relative)));
    }
    last
}
