//! Making a segment: bytes of the file in, boxes out, piece by piece.

mod matroska;
mod mp4;

use std::{ops::Range, sync::Arc};

use bytes::Bytes;

use crate::{
    Film, Track,
    film::Source,
    fmp4::fragment::{End, Fragments},
    timing::Frame,
};

/// Makes one segment of one track. Ask what it [`wants`](Self::wants), [`push`](Self::push) the bytes as they come, and [`pop`](Self::pop) what is ready.
///
/// Samples are handed on as views into what was pushed, not as copies. What is held at any time is a fragment of half a megabyte, the frames that a decoder reorders,
/// and the rest of the bytes that were pushed last.
#[derive(Debug)]
pub struct SegmentMaker {
    frames: Frames,
    fragments: Fragments,
    is_done: bool,
    begins: Option<i64>,
    timescale: u32,
}

#[derive(Debug)]
enum Frames {
    Matroska(Box<matroska::Frames>),
    Mp4(Box<mp4::Frames>),
}

/// What a container's frames come to next.
enum Next {
    Frame(Frame),
    /// More bytes are needed.
    More,
    /// The segment has no more.
    End(End),
}

impl SegmentMaker {
    /// `track` and `segment`: their places in [`Film::tracks`] and [`Film::segments`]. `None` when there is none.
    pub fn new(film: &Film, track: usize, segment: usize) -> Option<Self> {
        let its = film.tracks.get(track)?;
        film.segments.get(segment)?;
        let frames = match &film.source {
            Source::Matroska(layout) => {
                let way = layout.ways.get(track)?;
                let segments = Arc::clone(&film.segments);
                Frames::Matroska(Box::new(matroska::Frames::new(layout, way, its, segments, segment)))
            }
            Source::Mp4(movie) => {
                let way = movie.ways.get(track)?;
                Frames::Mp4(Box::new(mp4::Frames::new(way, its, &film.segments, segment, movie.size)))
            }
        };
        Some(Self::of(frames, its, u32::try_from(segment).ok()?))
    }

    /// The sounds of a track between two times, without a cut where segments are: for an encoder. Those before the first time go as far as they end behind it. What stands in the file
    /// before the segment with this number is not looked at.
    pub(crate) fn of_span(film: &Film, track: usize, segment: usize, span_ns: Range<i64>) -> Option<Self> {
        let its = film.tracks.get(track).filter(|track| !track.is_video())?;
        film.segments.get(segment)?;
        let frames = match &film.source {
            Source::Matroska(layout) => {
                let segments = Arc::clone(&film.segments);
                let way = layout.ways.get(track)?;
                Frames::Matroska(Box::new(matroska::Frames::of_span(layout, way, its, segments, segment, span_ns)))
            }
            Source::Mp4(movie) => {
                Frames::Mp4(Box::new(mp4::Frames::of_span(movie.ways.get(track)?, its, span_ns, movie.size)))
            }
        };
        Some(Self::of(frames, its, u32::try_from(segment).ok()?))
    }

    fn of(frames: Frames, track: &Track, number: u32) -> Self {
        let fragments = Fragments::new(number, track);
        let mut maker = Self { frames, fragments, is_done: false, begins: None, timescale: track.timescale };
        maker.run(); // a segment without samples is done at once
        maker
    }

    /// The bytes of the file that come next; `None` when no more are needed. They may be pushed in pieces, of which this says each time where the next begins; it may begin
    /// further on than the last one ended.
    pub fn wants(&self) -> Option<Range<u64>> {
        if self.is_done {
            return None;
        }
        let range = match &self.frames {
            Frames::Matroska(frames) => frames.wants(),
            Frames::Mp4(frames) => frames.wants(),
        };
        (range.start < range.end).then_some(range)
    }

    /// All that will come to be wanted, as far as it is known now, so that it can be read in one go: the ranges in their order. Matroska's may turn out to be a little too
    /// much or too little.
    pub fn plan(&self) -> Vec<Range<u64>> {
        match &self.frames {
            _ if self.is_done => Vec::new(),
            Frames::Matroska(frames) => vec![frames.plan()],
            Frames::Mp4(frames) => frames.plan(),
        }
    }

    /// When the first frame that came is shown.
    pub fn begins_ns(&self) -> Option<i64> {
        let ns = i128::from(self.begins?) * 1_000_000_000 / i128::from(self.timescale.max(1));
        i64::try_from(ns).ok()
    }

    /// Bytes that stand in the file where [`SegmentMaker::wants`] begins; no more than it wants.
    pub fn push(&mut self, bytes: Bytes) {
        if self.is_done {
            return;
        }
        match &mut self.frames {
            Frames::Matroska(frames) => frames.push(bytes),
            Frames::Mp4(frames) => frames.push(bytes),
        }
        self.run();
    }

    /// The file cannot be read further: what came becomes the segment.
    pub fn end(&mut self) {
        if !std::mem::replace(&mut self.is_done, true) {
            self.fragments.finish(End::default());
        }
    }

    /// What comes next of the segment. `None`: more bytes must be pushed, or, when nothing is wanted, it is whole.
    pub fn pop(&mut self) -> Option<Bytes> {
        self.fragments.next()
    }

    /// Bytes that are held now.
    pub fn held_bytes(&self) -> usize {
        let waiting = match &self.frames {
            Frames::Matroska(frames) => frames.held_bytes(),
            Frames::Mp4(frames) => frames.held_bytes(),
        };
        waiting + self.fragments.held_bytes()
    }

    fn run(&mut self) {
        while !self.is_done {
            let next = match &mut self.frames {
                Frames::Matroska(frames) => frames.next(),
                Frames::Mp4(frames) => frames.next(),
            };
            match next {
                Next::Frame(frame) => {
                    self.begins.get_or_insert(frame.shown);
                    self.fragments.push(frame);
                }
                Next::More => break,
                Next::End(end) => {
                    self.is_done = true;
                    self.fragments.finish(end);
                }
            }
        }
    }
}
