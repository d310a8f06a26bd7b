//! A film as it can be re-wrapped: its tracks with what a player must know before their first frame, and how it is parted into segments.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use media::{Codec, Pieces};

use crate::{matroska, mp4, plan::Segment};

/// What is found by [`Opening`]. Cheap to clone: all viewers of a film share one.
#[derive(Clone, Debug)]
pub struct Film {
    /// One picture at most, then sounds in the file's order: those that can be written as fMP4, for a player or for an encoder.
    pub tracks: Vec<Track>,
    /// The others, each with why.
    pub left_out: Vec<LeftOut>,
    /// At least one; they follow each other without a gap.
    pub segments: Arc<[Segment]>,
    pub(crate) source: Source,
}

#[derive(Clone, Debug)]
pub(crate) enum Source {
    Matroska(Arc<matroska::Layout>),
    Mp4(Arc<mp4::Movie>),
}

impl Film {
    /// Where its bytes end in the file.
    pub(crate) fn end(&self) -> u64 {
        match &self.source {
            Source::Matroska(layout) => layout.end,
            Source::Mp4(movie) => movie.size,
        }
    }

    /// About how many bytes of memory it holds, for whoever keeps several.
    pub fn held_bytes(&self) -> usize {
        let index = match &self.source {
            Source::Matroska(_) => 0,
            Source::Mp4(movie) => movie.ways.iter().map(|way| way.tables.held_bytes()).sum(),
        };
        let tracks: usize = self.tracks.iter().map(|track| size_of::<Track>() + track.entry.len()).sum();
        index + tracks + self.segments.len() * size_of::<Segment>()
    }
}

/// A track that can be re-wrapped.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// The container's own: Matroska's TrackNumber, MP4's track_ID; as in [`media::Track::number`].
    pub number: u64,
    /// How it is encoded.
    pub codec: Codec,
    /// For `CODECS` and `MediaSource.isTypeSupported` (RFC 6381): `avc1.640028`, `mp4a.40.2`.
    pub codecs: String,
    /// What only its kind has.
    pub kind: TrackKind,
    /// Parts of a second that its times are counted in.
    pub timescale: u32,
    /// Players know it in fMP4. What they do not know is there for an encoder to read ([`crate::Encoded`]).
    pub plays: bool,
    /// The sample entry (`avc1`, `mp4a`) that an initialization segment holds.
    pub(crate) entry: Vec<u8>,
    /// Pictures that may come between one and the next that is shown.
    pub(crate) reorder: usize,
    /// About how long a picture is, or less.
    pub(crate) step: i64,
    /// How it lies in the picture (`tkhd`), where the file says it.
    pub(crate) matrix: Option<[u8; 36]>,
}

/// What only pictures and only sounds have.
#[derive(Clone, Debug, PartialEq)]
pub enum TrackKind {
    /// A picture.
    Video {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// `transfer_characteristics` (ITU-T H.273), when the container says them: 16 is PQ, 18 HLG.
        transfer: Option<u8>,
        /// Pictures per second, when the container says it.
        frame_rate: Option<f64>,
    },
    /// A sound.
    Audio {
        /// 6 is 5.1.
        channels: u16,
        /// Hz.
        sample_rate: u32,
    },
}

impl Track {
    /// It is a picture.
    pub fn is_video(&self) -> bool {
        matches!(self.kind, TrackKind::Video { .. })
    }

    /// By how much its times are written later than they are, so that what is decoded before the film begins has a time; an edit list takes it off.
    pub(crate) fn late(&self) -> i64 {
        self.step.saturating_mul(i64::try_from(self.reorder).unwrap_or(0))
    }

    /// Nanoseconds in parts of its second, rounded.
    pub(crate) fn ticks(&self, ns: i64) -> i64 {
        ticks_of(ns, 1_000_000_000, self.timescale)
    }
}

/// A time that is counted in parts of a second, counted in others, rounded.
pub(crate) fn ticks_of(time: i64, from: u32, to: u32) -> i64 {
    let from = i128::from(from.max(1));
    let ticks = (i128::from(time) * i128::from(to) + from / 2).div_euclid(from);
    i64::try_from(ticks).unwrap_or(i64::MAX)
}

/// A track that cannot be re-wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The container's own number.
    pub number: u64,
    /// As the container calls its codec.
    pub codec_id: String,
    /// Why.
    pub why: WhyNot,
}

/// Why a track cannot be re-wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// This crate does not know its codec.
    Codec,
    /// What a decoder must know before the first frame is missing or damaged.
    Configuration,
    /// Its frames are packed (zlib) or encrypted.
    Packed,
    /// Another picture is taken.
    SecondPicture,
}

/// Why a film cannot be re-wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Neither Matroska nor MP4.
    Container,
    /// The head of the file makes no sense.
    Damaged,
    /// No index of key frames: where segments begin is not known before the whole file is read.
    NoIndex,
    /// MP4 in fragments; it is streamed as it is, and how long each is stands in no index here.
    Fragments,
    /// No picture that can be re-wrapped.
    NoPicture,
    /// The index is longer than 64 MiB, or names more than a million key frames.
    TooLong,
    /// More than 20,000 segments: days of film, or an index that lies.
    TooManySegments,
    /// What was asked for was not given.
    OutOfReach,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Why::Container => "neither Matroska nor MP4",
            Why::Damaged => "the head of the file is damaged",
            Why::NoIndex => "the file has no index of key frames",
            Why::Fragments => "an MP4 in fragments without an index",
            Why::NoPicture => "no picture that fMP4 can hold",
            Why::TooLong => "the index is too long",
            Why::TooManySegments => "the film has too many segments",
            Why::OutOfReach => "a part of the file that is needed cannot be read",
        })
    }
}

/// Finds out how a file can be re-wrapped: asks for ranges, step by step. Reads the head, the index, and of Matroska the first frames (some codecs are
/// described nowhere else).
#[derive(Clone, Debug)]
pub struct Opening {
    size: u64,
    segment_ns: u64,
    pieces: Pieces,
    asked: Vec<Range<u64>>,
}

/// What comes next.
#[derive(Clone, Debug)]
pub enum Step {
    /// [`Opening::give`] the bytes of this range and call [`Opening::step`] again.
    Need(Range<u64>),
    /// It can be re-wrapped.
    Done(Box<Film>),
    /// It cannot.
    Cannot(Why),
}

/// Steps that ask for something. A usual film takes three.
const MOST_STEPS: usize = 64;
/// The longest index.
pub(crate) const MAX_INDEX_BYTES: u64 = 64 << 20;
/// Reads are widened to this: a call costs as much as some 200 KiB.
const GRAIN_BYTES: u64 = 64 << 10;

impl Opening {
    /// `size`: of the whole file in bytes. `segment_ms`: how long segments are to be at least, as far as key frames let them; 6000 is what Apple recommends.
    pub fn new(size: u64, segment_ms: u32) -> Self {
        let segment_ns = u64::from(segment_ms.max(1)) * 1_000_000;
        Self { size, segment_ns, pieces: Pieces::default(), asked: Vec::new() }
    }

    /// Bytes of the file that begin at `offset`.
    pub fn give(&mut self, offset: u64, bytes: &[u8]) {
        let room = self.size.saturating_sub(offset).min(bytes.len() as u64);
        self.pieces.insert(offset, &bytes[..room as usize]);
    }

    /// Looks at what is at hand.
    pub fn step(&mut self) -> Step {
        let view = View { size: self.size, pieces: &self.pieces };
        match open(&view, self.segment_ns) {
            Ok(film) => Step::Done(Box::new(film)),
            Err(Stop::Why(why)) => Step::Cannot(why),
            Err(Stop::Need(range)) => {
                let end = range.end.div_ceil(GRAIN_BYTES).saturating_mul(GRAIN_BYTES).min(self.size);
                let range = range.start / GRAIN_BYTES * GRAIN_BYTES..end;
                if self.asked.contains(&range) || self.asked.len() >= MOST_STEPS {
                    return Step::Cannot(Why::OutOfReach);
                }
                self.asked.push(range.clone());
                Step::Need(range)
            }
        }
    }
}

fn open(view: &View, segment_ns: u64) -> Result<Film, Stop> {
    let head = view.read(0..256 << 10)?;
    if matroska::fits(head) {
        matroska::open(view, segment_ns)
    } else if mp4::fits(head) {
        mp4::open(view, segment_ns)
    } else {
        Err(Why::Container.into())
    }
}

/// A file of which some bytes are at hand.
pub(crate) struct View<'a> {
    pub size: u64,
    pieces: &'a Pieces,
}

/// Why reading cannot go on.
#[derive(Debug)]
pub(crate) enum Stop {
    Need(Range<u64>),
    Why(Why),
}

impl From<Why> for Stop {
    fn from(why: Why) -> Self {
        Stop::Why(why)
    }
}

impl<'a> View<'a> {
    /// The bytes of `range`, cut at the file's end.
    pub fn read(&self, range: Range<u64>) -> Result<&'a [u8], Stop> {
        let range = range.start.min(self.size)..range.end.min(self.size);
        self.pieces.get(range.clone()).ok_or(Stop::Need(range))
    }

    /// [`View::read`] of an index, which has a limit.
    pub fn read_index(&self, range: Range<u64>) -> Result<&'a [u8], Stop> {
        if range.end.saturating_sub(range.start) > MAX_INDEX_BYTES {
            return Err(Why::TooLong.into());
        }
        self.read(range)
    }
}

/// A copy that clones share: the index that it is taken from goes when the film is opened.
pub(crate) fn shared(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}
