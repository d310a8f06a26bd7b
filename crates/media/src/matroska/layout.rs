//! Where the parts of a segment stand: those before the first cluster by going from one to the next, those behind the clusters by the seek heads, and cues that no
//! seek head names among the file's last bytes.

use std::ops::Range;

use super::{ebml, ids};
use crate::{
    Doubt, HASH_BLOCK_BYTES,
    file::{File, Purpose},
};

/// Where things are. Ranges are those of the elements' data.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub is_webm: bool,
    /// Positions in seek heads and cues count from here.
    pub segment_start: u64,
    /// Within the file.
    pub segment_end: u64,
    /// The first cluster's header.
    pub first_cluster: Option<u64>,
    /// By id, in the order in which they were found.
    pub parts: Vec<(u32, Range<u64>)>,
    pub doubts: Vec<Doubt>,
}

/// Elements before the first cluster: a file full of tiny Voids must end somewhere.
const MAX_ELEMENTS: usize = 65_536;
/// Parts of the segment that are kept: a whole file has some ten.
const MAX_PARTS: usize = 256;
/// How far the next known element is looked for behind damage.
const RESYNC_BYTES: usize = 256 * 1024;
/// Garbage in front of the first element.
pub const MAX_GARBAGE_BYTES: usize = 64 * 1024;
/// The longest header that is read: four bytes of id, eight of size.
const HEADER_BYTES: u64 = 12;

/// `None` when no segment is found.
pub fn find(file: &File, begin: u64) -> Option<Layout> {
    let mut layout = Layout::default();
    if begin > 0 {
        layout.doubts.push(Doubt::GarbageInFront);
    }
    let mut at = begin;
    // The EBML header, then the segment; Voids and doubles between them are passed over.
    for _ in 0..16 {
        let (id, size, len) = ebml::header(file.read(at..at + HEADER_BYTES)?)?;
        let data = at + len as u64;
        if id == ids::SEGMENT {
            layout.segment_start = data;
            let end = size.map_or(file.size(), |size| data.saturating_add(size));
            layout.segment_end = end.min(file.size());
            if end > file.size() {
                layout.doubts.push(Doubt::CutOff);
            }
            walk(file, &mut layout);
            follow_seek_heads(file, &mut layout);
            look_for_cues(file, &mut layout);
            return Some(layout);
        }
        let size = size?;
        if id == ids::EBML {
            let body = file.read(data..data.checked_add(size.min(4096))?)?;
            let doc_type = ebml::children(body).find(|child| child.id == ids::DOC_TYPE).and_then(|child| child.text());
            layout.is_webm = doc_type.as_deref() == Some("webm");
        }
        at = data.checked_add(size)?;
    }
    None
}

impl Layout {
    /// The parts with this id that have any bytes in the file.
    pub fn all(&self, id: u32) -> impl Iterator<Item = Range<u64>> + '_ {
        self.parts
            .iter()
            .filter(move |(its, range)| *its == id && range.start < range.end)
            .map(|(_, range)| range.clone())
    }

    fn doubt(&mut self, doubt: Doubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    fn add(&mut self, id: u32, range: Range<u64>, file: &File) {
        if range.end > file.size() {
            self.doubt(Doubt::CutOff);
        }
        let range = range.start.min(file.size())..range.end.min(file.size());
        if self.parts.len() < MAX_PARTS && !self.parts.iter().any(|(_, known)| known.start == range.start) {
            self.parts.push((id, range));
        }
    }
}

/// From one element to the next, as far as the first cluster.
fn walk(file: &File, layout: &mut Layout) {
    let mut at = layout.segment_start;
    for _ in 0..MAX_ELEMENTS {
        if at >= layout.segment_end {
            return;
        }
        let Some(bytes) = file.read(at..at + HEADER_BYTES) else { return };
        match ebml::header(bytes) {
            Some((ids::CLUSTER, ..)) => {
                layout.first_cluster = Some(at);
                return;
            }
            // Another file appended to this one.
            Some((ids::EBML | ids::SEGMENT, ..)) => return,
            Some((id, Some(size), len)) if fits(at, len, size, layout) || ids::LEVEL_1.contains(&id) => {
                let data = at + len as u64;
                let end = data.saturating_add(size);
                if ids::LEVEL_1.contains(&id) {
                    layout.add(id, data..end, file);
                }
                at = end;
            }
            _ => {
                layout.doubt(Doubt::Damaged);
                let Some(next) = resync(file, at, layout) else { return };
                at = next;
            }
        }
    }
}

fn fits(at: u64, header_len: usize, size: u64, layout: &Layout) -> bool {
    (at + header_len as u64).checked_add(size).is_some_and(|end| end <= layout.segment_end)
}

/// Where the next element that is known here begins behind damage, among the bytes at hand.
fn resync(file: &File, at: u64, layout: &Layout) -> Option<u64> {
    let bytes = file.at_hand(at + 1);
    let bytes = &bytes[..bytes.len().min(RESYNC_BYTES)];
    (0..bytes.len()).find_map(|skip| {
        let (id, size, len) = ebml::header(&bytes[skip..])?;
        let from = at + 1 + skip as u64;
        let sane = size.map_or(id == ids::CLUSTER, |size| fits(from, len, size, layout));
        (ids::LEVEL_1.contains(&id) && sane).then_some(from)
    })
}

/// What the seek heads name and was not found yet; they may name further ones.
fn follow_seek_heads(file: &File, layout: &mut Layout) {
    let mut followed = 0;
    while let Some((_, range)) = layout.parts.iter().filter(|(id, _)| *id == ids::SEEK_HEAD).nth(followed).cloned() {
        followed += 1;
        if followed > 8 {
            return;
        }
        let Some(body) = file.read(range.start..range.end.min(range.start + 64 * 1024)) else { continue };
        for seek in ebml::children(body).filter(|child| child.id == ids::SEEK).take(256) {
            let mut id = None;
            let mut position = None;
            for child in seek.children() {
                match child.id {
                    ids::SEEK_ID => id = child.uint().and_then(|id| u32::try_from(id).ok()),
                    ids::SEEK_POSITION => position = child.uint(),
                    _ => {}
                }
            }
            let at = position.and_then(|position| layout.segment_start.checked_add(position));
            if let (Some(id), Some(at)) = (id, at) {
                follow(file, layout, id, at);
            }
        }
    }
}

fn follow(file: &File, layout: &mut Layout, id: u32, at: u64) {
    if !ids::LEVEL_1.contains(&id) {
        return;
    }
    if at >= file.size() {
        layout.doubt(Doubt::CutOff);
        return;
    }
    let Some(bytes) = file.read(at..at.saturating_add(HEADER_BYTES)) else { return };
    match ebml::header(bytes) {
        Some((found, _, _)) if found == id && id == ids::CLUSTER => {
            layout.first_cluster.get_or_insert(at);
        }
        Some((found, Some(size), len)) if found == id => {
            layout.add(id, at + len as u64..(at + len as u64).saturating_add(size), file);
        }
        // Written before the file was changed.
        _ => layout.doubt(Doubt::Damaged),
    }
}

/// Some writers forget to name the cues. They are nearly always the last element or before the tags, so the last bytes, which are read for the hash, hold short ones.
fn look_for_cues(file: &File, layout: &mut Layout) {
    if layout.all(ids::CUES).next().is_some() || file.is_waiting() || file.gave_up(Purpose::Header) {
        return;
    }
    let from = file.size().saturating_sub(HASH_BLOCK_BYTES).max(layout.segment_start);
    let bytes = file.at_hand(from);
    let id = ids::CUES.to_be_bytes();
    // Its id stands at other places only by chance.
    let places = bytes.windows(4).enumerate().filter(|(_, four)| *four == id).map(|(skip, _)| skip).take(8);
    let found = places.into_iter().find_map(|skip| {
        let (_, size, len) = ebml::header(&bytes[skip..])?;
        let at = from + skip as u64;
        let size = size.filter(|size| *size > 0 && fits(at, len, *size, layout))?;
        let data = at + len as u64;
        let body = file.at_hand(data).get(..usize::try_from(size).ok()?)?;
        (ebml::children(body).next()?.whole && ebml::is_sound(body)).then_some(data..data + size)
    });
    if let Some(range) = found {
        layout.add(ids::CUES, range, file);
    }
}
