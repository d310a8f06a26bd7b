//! Where the lists of the file's first level stand. A file of more than 1 GB has several RIFFs (OpenDML), of which the first has all headers.

use std::ops::Range;

use super::chunks::{HEAD_BYTES, head};
use crate::file::File;

/// What stands where; ranges are of bodies, without their head and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub headers: Option<Range<u64>>,
    pub info: Option<Range<u64>>,
    pub movi: Option<Range<u64>>,
    pub index: Option<Range<u64>>,
    /// A RIFF, or what it holds, is longer than the file.
    pub cut: bool,
}

/// Before the pictures stand three lists and padding; behind them an index.
const MOST_CHUNKS: usize = 64;
/// Where the index begins that much is read at once: a call brings it anyway.
const INDEX_BYTES: u64 = 1 << 20;

/// Walks from chunk to chunk of the first RIFF.
pub(super) fn walk(file: &File) -> Layout {
    let mut layout = Layout::default();
    let Some((_, size)) = head(file.at_hand(0)) else { return layout };
    // 0 where a recorder was stopped by force before it could write the size.
    layout.cut = u64::from(size) + HEAD_BYTES > file.size() || size == 0;
    let mut at = HEAD_BYTES + 4;
    for _ in 0..MOST_CHUNKS {
        let Some((id, size, kind)) = chunk(file, at, layout.movi.is_some()) else { return layout };
        let body = at + HEAD_BYTES;
        let mut end = body + u64::from(size);
        if kind == *b"movi" && size <= 4 {
            end = file.size();
        }
        layout.cut |= end > file.size();
        let held = body + 4..end.max(body + 4);
        match (&id, &kind) {
            (b"LIST", b"hdrl") => layout.headers = layout.headers.or(Some(held)),
            (b"LIST", b"INFO") => layout.info = layout.info.or(Some(held)),
            (b"LIST", b"movi") => layout.movi = layout.movi.or(Some(held)),
            (b"idx1", _) => layout.index = layout.index.or(Some(body..end)),
            // The next RIFF has pictures and no headers.
            (b"RIFF", _) => return layout,
            _ => {}
        }
        if layout.index.is_some() {
            return layout;
        }
        at = end + (end & 1);
    }
    layout
}

/// The id and size of a chunk, and what stands first in it: a list's kind.
fn chunk(file: &File, at: u64, behind_pictures: bool) -> Option<([u8; 4], u32, [u8; 4])> {
    let wanted = HEAD_BYTES + 4;
    let at_hand = file.at_hand(at);
    let bytes = if at_hand.len() as u64 >= wanted {
        at_hand
    } else if behind_pictures {
        file.read_index(at..at.saturating_add(INDEX_BYTES))?
    } else {
        file.read(at..at.saturating_add(wanted))?
    };
    let (id, size) = head(bytes)?;
    let kind = bytes.get(8..12).and_then(|kind| kind.try_into().ok()).unwrap_or_default();
    Some((id, size, kind))
}
