//! `moov` without what is large in it, for one that is longer than may be read: its tables of samples are left out, so that tracks are known and key frames are not.

use std::ops::Range;

use super::boxes::{self, FourCc, LONGEST_HEAD};
use crate::file::File;

/// Boxes that hold boxes which are wanted.
const HOLDERS: [&FourCc; 6] = [b"trak", b"mdia", b"minf", b"stbl", b"udta", b"edts"];
/// What is larger is a table or a picture.
const LARGEST_BYTES: u64 = 32 << 10;
/// In one movie. A box costs a read at most, and reads are counted elsewhere too.
const MOST_BOXES: u32 = 2000;

/// The boxes in `range` that are small, and of the others what they hold.
pub(super) fn read(file: &File, range: Range<u64>) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut left = MOST_BOXES;
    walk(file, range, &mut kept, &mut left, HOLDERS.len());
    kept
}

fn walk(file: &File, range: Range<u64>, kept: &mut Vec<u8>, left: &mut u32, depth: usize) {
    let mut at = range.start;
    while at < range.end && *left > 0 {
        *left -= 1;
        let Some(head) = file.read(at..range.end.min(at.saturating_add(LONGEST_HEAD))).and_then(boxes::head) else {
            return;
        };
        let end = head.size.and_then(|size| at.checked_add(size)).unwrap_or(range.end).min(range.end);
        if end - at <= LARGEST_BYTES {
            let Some(bytes) = file.read(at..end) else { return };
            kept.extend_from_slice(bytes);
        } else if HOLDERS.contains(&&head.kind) && depth > 0 {
            let from = kept.len();
            kept.extend([0; 4]);
            kept.extend(head.kind);
            walk(file, at + head.bytes..end, kept, left, depth - 1);
            let size = u32::try_from(kept.len() - from).unwrap_or(u32::MAX);
            kept[from..from + 4].copy_from_slice(&size.to_be_bytes());
        }
        at = end;
    }
}
