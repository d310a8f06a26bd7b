//! Lines of subtitles out of blocks, at places that cues name.
//!
//! A cue's relative position counts from the first byte behind the head of its cluster, and that head is five to twelve bytes long: four of id, one to eight of size.
//! Reading it would take a read for each line. So the line is looked for at each of the eight places; a group that holds a block of the right
//! track with lengths that fit is not there by chance.

use super::{
    block::{Packed, block, unpack_up_to},
    ebml, ids,
};
use crate::{Line, Spot, text::AtSpot};

/// The shortest head of a cluster.
pub const MIN_CLUSTER_HEAD: u64 = 5;
const HEADS: usize = 8;
/// A line is shorter: what says to be longer is none. A picture of PGS may come near it.
const MAX_LINE_BYTES: usize = 2 << 20;
/// What a line unpacks to, at most. The longest that people make are drawings of ASS, of some ten thousand bytes.
const MAX_UNPACKED_BYTES: u64 = 256 << 10;

/// The line at `spot`. `bytes`: of the file from `spot.offset` on; `packed` as in [`Packing`](crate::Packing); `scale`: nanoseconds of a tick.
pub fn line(spot: &Spot, bytes: &[u8], packed: Option<&Option<Vec<u8>>>, scale: u64) -> AtSpot {
    let packed = packed.map(|front| front.clone().map_or(Packed::Zlib, Packed::Stripped));
    let mut short = None;
    for head in 0..HEADS {
        let Some(here) = bytes.get(head..) else { break };
        match group(here, spot, packed.as_ref(), scale) {
            AtSpot::Line(line) => return AtSpot::Line(line),
            AtSpot::Short(len) => short = short.max(Some(head + len)),
            AtSpot::Nothing => {}
        }
    }
    match short {
        Some(len) => AtSpot::Short(len),
        // Too little to tell.
        None if bytes.len() < HEADS + 32 => AtSpot::Short(HEADS + 32),
        None => AtSpot::Nothing,
    }
}

fn group(bytes: &[u8], spot: &Spot, packed: Option<&Packed>, scale: u64) -> AtSpot {
    let Some((id, Some(size), len)) = ebml::header(bytes) else { return AtSpot::Nothing };
    let Some(size) = usize::try_from(size).ok().filter(|size| (4..=MAX_LINE_BYTES).contains(size)) else {
        return AtSpot::Nothing;
    };
    let inside = &bytes[len..bytes.len().min(len + size)];
    let is_ours = |data: &[u8]| block(data).is_some_and(|block| block.track == spot.track);
    let is_right = match id {
        ids::SIMPLE_BLOCK => is_ours(inside),
        ids::BLOCK_GROUP => ebml::children(inside)
            .take(8)
            .find(|child| child.id == ids::BLOCK)
            .is_some_and(|child| is_ours(child.data) && child.data.len() <= size),
        _ => false,
    };
    if !is_right {
        return AtSpot::Nothing;
    }
    if inside.len() < size {
        return AtSpot::Short(len + size);
    }
    if id == ids::BLOCK_GROUP && !ebml::is_sound(inside) {
        return AtSpot::Nothing;
    }
    read(id, inside, spot, packed, scale).map_or(AtSpot::Nothing, AtSpot::Line)
}

fn read(id: u32, inside: &[u8], spot: &Spot, packed: Option<&Packed>, scale: u64) -> Option<Line> {
    let mut line =
        Line { track: spot.track, start_ns: spot.start_ns, duration_ns: spot.duration_ns, ..Line::default() };
    if id == ids::SIMPLE_BLOCK {
        line.payload = unpack_up_to(block(inside)?.first_frame()?, packed, MAX_UNPACKED_BYTES)?;
        return Some(line);
    }
    for child in ebml::children(inside) {
        match child.id {
            ids::BLOCK => line.payload = unpack_up_to(block(child.data)?.first_frame()?, packed, MAX_UNPACKED_BYTES)?,
            ids::BLOCK_DURATION => line.duration_ns = child.uint().and_then(|ticks| ticks.checked_mul(scale)),
            ids::BLOCK_ADDITIONS => {
                let more = child.children().find(|child| child.id == ids::BLOCK_MORE);
                let data = more.and_then(|more| more.children().find(|child| child.id == ids::BLOCK_ADDITIONAL));
                line.addition = data.map(|data| data.data.to_vec()).unwrap_or_default();
            }
            _ => {}
        }
    }
    Some(line)
}
