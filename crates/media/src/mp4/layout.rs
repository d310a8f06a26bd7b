//! Where the boxes of the file's first level stand. Only their heads are read, so that a film of many gigabytes costs a call or two.

use std::ops::Range;

use super::boxes::{self, Fields, FourCc, Head, LONGEST_HEAD};
use crate::file::File;

/// What stands where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub brand: Option<FourCc>,
    /// The body of `moov`, as long as it says.
    pub moov: Option<Range<u64>>,
    /// The first bytes of pictures and sounds: of `mdat`, or of the first `moof`.
    pub media: Option<u64>,
    pub moof: Option<u64>,
    /// The first index of segments, with its head.
    pub sidx: Option<Range<u64>>,
    /// The file ends before a box does.
    pub cut: bool,
    /// Something that is no box stands among them.
    pub damaged: bool,
}

/// In front of which `moov` is found and media is seen. A file in fragments has thousands of boxes, but its `moov` stands in front.
const MOST_BOXES: usize = 2000;
/// `moov` usually comes next to the media; a call brings so much anyway.
const BEHIND_MEDIA_BYTES: u64 = 1 << 20;

/// Walks from box to box until `moov` and media are found.
pub(super) fn walk(file: &File) -> Layout {
    let mut layout = Layout::default();
    let mut at = 0;
    for _ in 0..MOST_BOXES {
        if at >= file.size() || (layout.moov.is_some() && layout.media.is_some()) {
            break;
        }
        let Some(bytes) = head_bytes(file, at, layout.media.is_some()) else { break };
        let Some(head) = boxes::head(bytes) else {
            layout.damaged |= bytes.iter().any(|byte| *byte != 0);
            break;
        };
        let end = head.size.map_or(Some(file.size()), |size| at.checked_add(size)).unwrap_or(u64::MAX);
        layout.cut |= end > file.size();
        layout.take(file, &head, at, end);
        at = end;
    }
    if layout.moov.is_none() && !file.is_waiting() {
        layout.moov = lost_moov(file);
        layout.damaged |= layout.moov.is_some();
    }
    layout
}

fn head_bytes<'a>(file: &File<'a>, at: u64, behind_media: bool) -> Option<&'a [u8]> {
    let at_hand = file.at_hand(at);
    let wanted = LONGEST_HEAD.min(file.size() - at);
    if at_hand.len() as u64 >= wanted {
        return Some(&at_hand[..wanted as usize]);
    }
    let more = if behind_media { BEHIND_MEDIA_BYTES } else { wanted };
    let bytes = file.read_index(at..at.saturating_add(more))?;
    Some(&bytes[..bytes.len().min(LONGEST_HEAD as usize)])
}

impl Layout {
    fn take(&mut self, file: &File, head: &Head, at: u64, end: u64) {
        let body = at + head.bytes;
        match &head.kind {
            b"ftyp" if self.brand.is_none() => {
                self.brand = file.read(body..body.saturating_add(4)).and_then(|bytes| Fields(bytes).four_cc());
            }
            b"moov" if self.moov.is_none() => self.moov = Some(body..end),
            b"sidx" if self.sidx.is_none() => self.sidx = Some(at..end),
            b"moof" => {
                self.moof = self.moof.or(Some(at));
                self.media = self.media.or(Some(at));
            }
            b"mdat" => self.media = self.media.or(Some(at)),
            _ => {}
        }
    }
}

/// A `moov` that no box leads to, because one before it says a wrong size: looked for among the last bytes, which are at hand.
fn lost_moov(file: &File) -> Option<Range<u64>> {
    let tail_at = file.size().saturating_sub(crate::HASH_BLOCK_BYTES);
    let tail = file.at_hand(tail_at);
    let begins = |window: &[u8]| window[..4] == *b"moov" && window[8..] == *b"mvhd";
    let at = tail.windows(12).position(begins)?;
    let size = Fields(tail.get(at.checked_sub(4)?..)?).u32()?;
    let start = tail_at + at as u64 + 4;
    Some(start..start + u64::from(size.checked_sub(8)?))
}
