//! How a container's parser looks into a file of which it has some bytes.

use std::{cell::RefCell, ops::Range};

use crate::pieces::Pieces;

/// What a read is for: it decides which limit it counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Headers, and the first frames of tracks.
    Header,
    /// The file's own index: cues, `moov`, `idx1`.
    Index,
}

/// Reads are widened to lines of these: Telegram gives no less anyway.
const GRAIN_BYTES: u64 = 4096;

/// A file of `size` bytes, some of them at hand. Reads of others become wishes.
pub struct File<'a> {
    size: u64,
    pieces: &'a Pieces,
    /// What was asked for before: when it is not at hand now, nobody will bring it.
    asked: &'a [Range<u64>],
    /// How many bytes more may be asked for.
    header_left: u64,
    index_left: u64,
    wishes: RefCell<Vec<(Range<u64>, Purpose)>>,
    given_up: RefCell<Vec<Purpose>>,
}

impl<'a> File<'a> {
    pub fn new(size: u64, pieces: &'a Pieces, asked: &'a [Range<u64>], header_left: u64, index_left: u64) -> Self {
        Self { size, pieces, asked, header_left, index_left, wishes: RefCell::default(), given_up: RefCell::default() }
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of `range`, cut at the file's end (so fewer at the end, none behind it). `None` when they are not at hand: the wish is noted, unless
    /// the limits forbid it or it was not granted before. Whoever gets `None` goes on as if the file ended there.
    pub fn read(&self, range: Range<u64>) -> Option<&'a [u8]> {
        self.read_for(range, Purpose::Header)
    }

    /// [`File::read`], counted as the file's own index, which has a limit of its own.
    pub fn read_index(&self, range: Range<u64>) -> Option<&'a [u8]> {
        self.read_for(range, Purpose::Index)
    }

    fn read_for(&self, range: Range<u64>, purpose: Purpose) -> Option<&'a [u8]> {
        let range = range.start.min(self.size)..range.end.min(self.size);
        if let Some(bytes) = self.pieces.get(range.clone()) {
            return Some(bytes);
        }
        if range.start < range.end {
            self.wish(range, purpose);
        }
        None
    }

    fn wish(&self, range: Range<u64>, purpose: Purpose) {
        let end = range.end.div_ceil(GRAIN_BYTES).saturating_mul(GRAIN_BYTES);
        let missing = self.pieces.missing(range.start / GRAIN_BYTES * GRAIN_BYTES..end.min(self.size));
        if missing.iter().any(|part| self.asked.iter().any(|asked| asked.start < part.end && part.start < asked.end)) {
            return; // asked for and not given: out of reach
        }
        let wanted: u64 = missing.iter().map(|part| part.end - part.start).sum();
        let mut wishes = self.wishes.borrow_mut();
        let of_this_step: u64 =
            wishes.iter().filter(|(_, its)| *its == purpose).map(|(range, _)| range.end - range.start).sum();
        let left = match purpose {
            Purpose::Header => self.header_left,
            Purpose::Index => self.index_left,
        };
        if of_this_step.saturating_add(wanted) > left {
            self.given_up.borrow_mut().push(purpose);
            return;
        }
        wishes.extend(missing.into_iter().map(|part| (part, purpose)));
    }

    /// What is at hand from `offset` on; nothing is wished for.
    pub fn at_hand(&self, offset: u64) -> &'a [u8] {
        self.pieces.at(offset)
    }

    /// A wish is open, so that what the parser returns now will be thrown away: no need to look for other ways round what is missing.
    pub fn is_waiting(&self) -> bool {
        !self.wishes.borrow().is_empty()
    }

    /// A read for this purpose was refused because of the limits.
    pub fn gave_up(&self, purpose: Purpose) -> bool {
        self.given_up.borrow().contains(&purpose)
    }

    pub fn into_wishes(self) -> Vec<(Range<u64>, Purpose)> {
        self.wishes.into_inner()
    }
}
