//! The probe: asks for ranges, step by step, until it knows what the file holds.

use std::ops::Range;

use crate::{
    HASH_BLOCK_BYTES, KeyFrames, Pieces, TextIndex, Track, avi,
    facts::{Doubt, Facts},
    file::{File, Purpose},
    matroska, mp4, mpegts, opensubtitles_hash,
};

/// How far a probe goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes beside the index.
    pub header_bytes: u64,
    /// Bytes of the index: 16 MiB is the `moov` of a film of some ten hours.
    pub index_bytes: u64,
    /// Steps that ask for something.
    pub steps: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header_bytes: 4 << 20, index_bytes: 16 << 20, steps: 128 }
    }
}

/// Finds out what a file holds. Needs no more than is told to [`Probe::give`].
#[derive(Clone, Debug)]
pub struct Probe {
    size: u64,
    limits: Limits,
    pieces: Pieces,
    /// Sorted by nothing: some dozens.
    asked: Vec<Range<u64>>,
    header_asked: u64,
    index_asked: u64,
    steps: u32,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read these ranges (sorted, apart, within the file, none asked for before), [`Probe::give`] what was read and call [`Probe::step`] again. What is not given
    /// counts as out of reach.
    Need(Vec<Range<u64>>),
    /// What is inside.
    Done(Box<Found>),
    /// It cannot be told.
    Unknown(Why),
}

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What the file holds.
    pub facts: Facts,
    /// Where playing can begin; empty without an index.
    pub key_frames: KeyFrames,
    /// Where lines of subtitles stand.
    pub text: TextIndex,
    /// Each track's codec private data, as the container has it: headers of ASS, `avcC`.
    pub private: Vec<(u64, Vec<u8>)>,
    /// OpenSubtitles' hash, when both ends could be read and the file is long enough.
    pub hash: Option<u64>,
}

impl Found {
    /// Says of each text which lines the index names, when it names all.
    fn count_lines(&mut self) {
        let Self { facts, text, .. } = self;
        let is_whole =
            |track: &&mut Track| track.codec.is_text() && !track.encrypted && !text.incomplete.contains(&track.number);
        for track in facts.tracks.iter_mut().filter(is_whole) {
            let lines = text.spots.iter().filter(|spot| spot.track == track.number).count() as u64;
            track.indexed_lines = Some(lines).filter(|lines| *lines > 0);
        }
    }
}

/// Why nothing can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The file has no bytes.
    Empty,
    /// The first bytes could not be read.
    OutOfReach,
    /// No container that is known here.
    NotKnown,
    /// One that is known, damaged before anything could be learned.
    Damaged,
}

/// The first read: header and tracks of nearly every Matroska file, `moov` of short films, the first frames of a stream.
const FIRST_READ_BYTES: u64 = 256 * 1024;
/// Two reads that lie this near are made as one: a call costs as much as some 200 KiB.
const JOIN_BYTES: u64 = 64 * 1024;

impl Probe {
    /// `size`: of the whole file, in bytes.
    pub fn new(size: u64) -> Self {
        Self::with_limits(size, Limits::default())
    }

    /// With other bounds.
    pub fn with_limits(size: u64, limits: Limits) -> Self {
        Self { size, limits, pieces: Pieces::default(), asked: Vec::new(), header_asked: 0, index_asked: 0, steps: 0 }
    }

    /// Bytes of the file that begin at `offset`. Those behind its end are left out.
    pub fn give(&mut self, offset: u64, bytes: &[u8]) {
        let room = (self.size.saturating_sub(offset)).min(bytes.len() as u64);
        self.pieces.insert(offset, &bytes[..room as usize]);
    }

    /// Looks at what is at hand.
    pub fn step(&mut self) -> Step {
        if self.size == 0 {
            return Step::Unknown(Why::Empty);
        }
        let goes_on = self.steps < self.limits.steps;
        let file = File::new(
            self.size,
            &self.pieces,
            &self.asked,
            if goes_on { self.limits.header_bytes.saturating_sub(self.header_asked) } else { 0 },
            if goes_on { self.limits.index_bytes.saturating_sub(self.index_asked) } else { 0 },
        );
        // Both ends are wanted by nearly everything, and by the hash.
        let head = file.read(0..FIRST_READ_BYTES).map(<[u8]>::len);
        let last = file.read(self.size.saturating_sub(HASH_BLOCK_BYTES)..self.size);
        let found = if head.is_none() && file.is_waiting() { Err(Why::OutOfReach) } else { look(&file) };
        let hash = file
            .read(0..HASH_BLOCK_BYTES)
            .zip(last)
            .and_then(|(first, last)| opensubtitles_hash(self.size, first, last));
        let given_up = (file.gave_up(Purpose::Header), file.gave_up(Purpose::Index));
        let wishes = file.into_wishes();
        if !wishes.is_empty() {
            self.steps += 1;
            return Step::Need(self.ask(wishes));
        }
        match found {
            Err(why) => Step::Unknown(why),
            Ok(mut found) => {
                found.hash = hash;
                found.count_lines();
                if given_up.0 {
                    found.facts.doubt(Doubt::ReadsGivenUp);
                }
                if given_up.1 {
                    found.facts.doubt(Doubt::IndexGivenUp);
                }
                Step::Done(Box::new(found))
            }
        }
    }

    /// How many bytes were asked for so far.
    pub fn asked_bytes(&self) -> u64 {
        self.header_asked + self.index_asked
    }

    /// Wishes become reads: neighbours joined, without what was asked for before.
    fn ask(&mut self, mut wishes: Vec<(Range<u64>, Purpose)>) -> Vec<Range<u64>> {
        let sum = |of: Purpose| {
            wishes.iter().filter(|(_, its)| *its == of).map(|(range, _)| range.end - range.start).sum::<u64>()
        };
        let (header, index) = (sum(Purpose::Header), sum(Purpose::Index));
        // What lies between two reads counts as header.
        let mut gaps_left = self.limits.header_bytes.saturating_sub(self.header_asked + header);
        wishes.sort_by_key(|(range, _)| range.start);
        let mut joined: Vec<Range<u64>> = Vec::new();
        for (range, _) in wishes {
            let gap = joined.last().map_or(u64::MAX, |before| range.start.saturating_sub(before.end));
            match joined.last_mut() {
                Some(before) if gap <= JOIN_BYTES.min(gaps_left) => {
                    gaps_left -= gap;
                    before.end = before.end.max(range.end);
                }
                _ => joined.push(range),
            }
        }
        let mut reads: Vec<Range<u64>> = joined.into_iter().flat_map(|range| self.pieces.missing(range)).collect();
        for asked in &self.asked {
            reads = reads.into_iter().flat_map(|range| without(range, asked)).collect();
        }
        // Wishes may overlap: what counts is what is read.
        let bytes = reads.iter().map(|range| range.end - range.start).sum::<u64>();
        let index = index.min(bytes);
        self.index_asked += index;
        self.header_asked += bytes - index;
        self.asked.extend(reads.iter().cloned());
        reads
    }
}

/// `range` without what lies in `taken`.
fn without(range: Range<u64>, taken: &Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let before = range.start..range.end.min(taken.start);
    let after = range.start.max(taken.end)..range.end;
    [before, after].into_iter().filter(|part| part.start < part.end)
}

/// Which container it is, by what it begins with, and what is inside.
fn look(file: &File) -> Result<Found, Why> {
    type Reader = (fn(&File) -> bool, fn(&File) -> Result<Found, Why>);
    const READERS: [Reader; 5] = [
        (matroska::fits, matroska::probe),
        (mp4::fits, mp4::probe),
        (avi::fits, avi::probe),
        (mpegts::fits, mpegts::probe),
        (matroska::hides, matroska::probe),
    ];
    if file.at_hand(0).is_empty() {
        return Err(Why::OutOfReach);
    }
    READERS.iter().find(|(fits, _)| fits(file)).map_or(Err(Why::NotKnown), |(_, probe)| probe(file))
}
