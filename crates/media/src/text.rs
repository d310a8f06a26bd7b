//! Where lines of subtitles stand in a file, and how few reads bring them. The container's index says where each line begins (Matroska's cues, MP4's sample
//! tables); what stands there is a few hundred bytes. So a film's subtitles are a thousand small reads, and neighbours are read at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

/// Where lines stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextIndex {
    /// By place in the file. Each track's may be fewer than its lines: see [`TextIndex::incomplete`].
    pub spots: Vec<Spot>,
    /// How what stands there is read.
    pub packing: Packing,
    /// Tracks of text of which the index names no line, or fewer than the file says there are.
    pub incomplete: BTreeSet<u64>,
}

/// Where one line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Its first byte: of the BlockGroup or SimpleBlock in Matroska, of the sample in MP4.
    pub offset: u64,
    /// How many bytes, where the index says it (MP4).
    pub len: Option<u32>,
    /// [`Track::number`](crate::Track::number).
    pub track: u64,
    /// When it is shown.
    pub start_ns: u64,
    /// For how long, when the index says it.
    pub duration_ns: Option<u64>,
}

/// How what stands at a spot is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// The payload and nothing else.
    #[default]
    Plain,
    /// Matroska's blocks.
    Matroska {
        /// What stands in front of each payload of a track and was left out, or `None` for zlib. Tracks that are not here are not packed.
        tracks: BTreeMap<u64, Option<Vec<u8>>>,
    },
}

/// A line as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// [`Track::number`](crate::Track::number).
    pub track: u64,
    /// When it is shown.
    pub start_ns: u64,
    /// For how long, when that is said.
    pub duration_ns: Option<u64>,
    /// Its bytes, unpacked: text of SRT, an event of ASS (`ReadOrder,Layer,Style,...`), a cue's text of WebVTT, a sample of mov_text.
    pub payload: Vec<u8>,
    /// WebVTT's settings and id (Matroska's BlockAdditional); mostly empty.
    pub addition: Vec<u8>,
}

/// Reads in the order in which they should be made: what is shown in the first ten minutes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextPlan {
    /// Each is one range of the file.
    pub reads: Vec<TextRead>,
    /// All of them together.
    pub bytes: u64,
}

/// One range of the file, and which lines it brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRead {
    /// What to read.
    pub range: Range<u64>,
    /// The lines that begin in it.
    pub spots: Vec<Spot>,
}

/// What a read brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// By time.
    pub lines: Vec<Line>,
    /// Lines whose bytes go on behind what was read: to be read once more.
    pub more: Vec<TextRead>,
    /// How many spots held no line of their track.
    pub wrong: usize,
}
