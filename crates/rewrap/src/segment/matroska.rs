//! A segment's frames out of Matroska: clusters are read from its key frame's on.
//!
//! Pictures belong to the segment whose key frame they stand behind. Sounds belong to the segment in which they begin; those that stand in the file behind the next
//! key frame are fetched from there, and those that stand before their own segment's go with the one before, so that each sound is in exactly one segment.

use std::{collections::VecDeque, ops::Range, sync::Arc};

use bytes::Bytes;
use media::Codec;

use super::{End, Frame, Next};
use crate::{
    Segment, Track, codecs,
    matroska::{
        Layout, Way,
        blocks::{self, Block, Blocks},
        ns,
    },
    window::Payload,
};

/// Behind the segment's own bytes is read in small steps: the next key frame stands at once, and the last sounds within a second.
const BEHIND_BYTES: u64 = 64 << 10;
/// How far behind its time a sound may stand in the file.
const LATE_NS: i64 = 3_000_000_000;

#[derive(Debug)]
pub(super) struct Frames {
    blocks: Blocks,
    way: Way,
    track: Track,
    scale: u64,
    segments: Arc<[Segment]>,
    number: usize,
    /// Where the next segment's bytes begin.
    boundary: u64,
    /// Behind this no picture of the segment can stand.
    last: u64,
    ready: VecDeque<Frame>,
    has_begun: bool,
    is_done: bool,
    /// When the next sound begins.
    expected: Option<i64>,
    /// Pictures that came behind the key frame and are shown before it.
    leading: bool,
    key_shown: i64,
    /// Sounds between these times, whichever segment they are in.
    span_ns: Option<Range<i64>>,
}

impl Frames {
    pub fn new(layout: &Layout, way: &Way, track: &Track, segments: Arc<[Segment]>, number: usize) -> Self {
        // Sounds may stand before the first key frame.
        let from = if number == 0 { layout.first_cluster.min(segments[0].offset) } else { segments[number].offset };
        let mut offsets = segments[number..].iter().skip(1).map(|segment| segment.offset);
        let boundary = offsets.next().unwrap_or(layout.end);
        Self {
            blocks: Blocks::new(from, layout.end, vec![way.wanted.clone()]),
            way: way.clone(),
            track: track.clone(),
            scale: layout.scale,
            boundary,
            // Several key frames may stand in one cluster.
            last: offsets.find(|offset| *offset > boundary).unwrap_or(layout.end),
            segments,
            number,
            ready: VecDeque::new(),
            has_begun: false,
            is_done: false,
            expected: None,
            leading: false,
            key_shown: 0,
            span_ns: None,
        }
    }

    /// Sounds between two times, as far as they stand behind the beginning of this segment.
    pub fn of_span(
        layout: &Layout,
        way: &Way,
        track: &Track,
        segments: Arc<[Segment]>,
        number: usize,
        span_ns: Range<i64>,
    ) -> Self {
        let end = u64::try_from(span_ns.end).unwrap_or(0);
        let behind = segments.iter().skip(number + 1).find(|segment| segment.start_ns >= end);
        let boundary = behind.map_or(layout.end, |segment| segment.offset);
        Self { boundary, span_ns: Some(span_ns), ..Self::new(layout, way, track, segments, number) }
    }

    pub fn plan(&self) -> Range<u64> {
        let from = self.blocks.window.end();
        from..self.boundary.max(from).saturating_add(BEHIND_BYTES).min(self.blocks.end())
    }

    pub fn wants(&self) -> Range<u64> {
        let from = self.blocks.window.end();
        let to = if from < self.boundary { self.boundary } else { from.saturating_add(BEHIND_BYTES) };
        from..to.min(self.blocks.end())
    }

    pub fn push(&mut self, bytes: Bytes) {
        self.blocks.window.push(bytes);
    }

    pub fn held_bytes(&self) -> usize {
        self.blocks.window.len() + self.ready.iter().map(|frame| frame.payload.len()).sum::<usize>()
    }

    pub fn next(&mut self) -> Next {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Next::Frame(frame);
            }
            if self.is_done {
                return Next::End(self.end());
            }
            match self.blocks.next() {
                blocks::Next::Block(block) if self.track.is_video() => self.picture(block),
                blocks::Next::Block(block) => self.sounds(block),
                blocks::Next::Reached(ticks) => self.reached(ticks),
                blocks::Next::More => return Next::More,
                blocks::Next::End => self.is_done = true,
            }
        }
    }

    /// When the next segment begins, or what is wanted ends.
    fn next_ns(&self) -> Option<i64> {
        if let Some(span) = &self.span_ns {
            return Some(span.end);
        }
        self.segments.get(self.number + 1).and_then(|next| i64::try_from(next.start_ns).ok())
    }

    fn is_at(&self, block: &Block, start_ns: i64) -> bool {
        block.key && ns(block.ticks.saturating_add(1), self.scale) >= start_ns
    }

    fn picture(&mut self, block: Block) {
        if !self.has_begun {
            let start_ns = i64::try_from(self.segments[self.number].start_ns).unwrap_or(i64::MAX);
            self.has_begun = self.is_at(&block, start_ns);
            self.key_shown = self.snapped(ns(block.ticks, self.scale));
        } else if self.next_ns().is_some_and(|next| self.is_at(&block, next)) || block.at > self.last {
            self.is_done = true;
            return;
        }
        if self.has_begun {
            let shown = self.snapped(ns(block.ticks, self.scale));
            self.leading |= shown < self.key_shown;
            let key = block.key;
            let frames = block.frames.into_iter().filter(|frame| frame.len() > 0);
            self.ready.extend(frames.map(|payload| Frame { shown, key, payload }));
        }
    }

    fn sounds(&mut self, block: Block) {
        let block_ns = ns(block.ticks, self.scale).saturating_sub(self.way.delay_ns);
        let at = u64::try_from(block_ns).unwrap_or(0);
        if let Some(span) = &self.span_ns {
            if block_ns >= span.end {
                self.is_done = true;
            } else {
                self.laced(block, block_ns);
            }
            return;
        }
        let by_time = self.segments.partition_point(|segment| segment.start_ns <= at).saturating_sub(1);
        let by_place = self.segments.partition_point(|segment| segment.offset <= block.at).saturating_sub(1);
        match by_time.min(by_place).cmp(&self.number) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Greater => self.is_done = true,
            std::cmp::Ordering::Equal => self.laced(block, block_ns),
        }
    }

    fn laced(&mut self, block: Block, block_ns: i64) {
        let mut told = Some(block_ns);
        for payload in block.frames.into_iter().filter(|frame| frame.len() > 0) {
            self.sound(payload, told.take());
        }
    }

    /// `told_ns`: when it begins, for the first one of a block.
    fn sound(&mut self, payload: Payload, told_ns: Option<i64>) {
        let told = told_ns.map(|told| self.track.ticks(told));
        let tolerance = self.tolerance();
        let shown = match (told, self.expected) {
            (Some(told), Some(expected)) if told.abs_diff(expected) <= tolerance => expected,
            (Some(told), _) => self.way.grid.map_or(told, |grid| grid.snap(told)),
            (None, Some(expected)) => expected,
            // Laced behind one whose length is not known. A decoder knows it.
            (None, None) if !self.track.plays => self.ready.back().map_or(0, |frame| frame.shown + 1),
            (None, None) => return,
        };
        let length = self.length(&payload);
        self.expected = length.map(|length| shown.saturating_add(length));
        if shown < 0 && length.is_none_or(|length| shown + length <= 0) {
            return; // only a decoder hears what comes before the film begins
        }
        if let Some(span) = &self.span_ns
            // What begins before the film has no time that could be written, and a decoder would give all of it out late.
            && (shown < 0 || shown.saturating_add(length.unwrap_or(0)) < self.track.ticks(span.start))
        {
            return;
        }
        self.ready.push_back(Frame { shown: shown.max(0), key: true, payload });
    }

    fn length(&self, payload: &Payload) -> Option<i64> {
        if matches!(self.track.codec, Codec::Aac | Codec::TrueHd | Codec::Mlp) {
            return self.way.grid.map(|grid| grid.step as i64);
        }
        let mut head = [0; 24];
        let len = payload.peek(&mut head);
        codecs::frame_samples(self.track.codec, &head[..len]).map(i64::from)
    }

    /// Ticks that rounding may have moved a time by.
    fn tolerance(&self) -> u64 {
        self.track.ticks(i64::try_from(self.scale).unwrap_or(i64::MAX)).unsigned_abs() + 1
    }

    fn snapped(&self, shown_ns: i64) -> i64 {
        let ticks = self.track.ticks(shown_ns);
        self.way.grid.map_or(ticks, |grid| grid.snap(ticks)).max(0)
    }

    /// No sound of the segment comes so late.
    fn reached(&mut self, ticks: i64) {
        let is_behind = self.blocks.window.at() > self.boundary;
        let late = self.next_ns().is_some_and(|next| ns(ticks, self.scale) > next.saturating_add(LATE_NS));
        self.is_done |= is_behind && late && !self.track.is_video();
    }

    fn end(&self) -> End {
        let begin = i64::try_from(self.segments[self.number].start_ns).unwrap_or(i64::MAX);
        let begin = self.snapped(begin);
        if !self.track.is_video() {
            return End { at: self.expected, leading: 0, begin };
        }
        // In the first segment nothing can be shown before its key frame, so that it does not tell whether the others have such pictures.
        let may_lead = self.leading || self.number == 0;
        let leading = if may_lead { self.track.reorder as u32 } else { 0 };
        End { at: self.next_ns().map(|next| self.snapped(next)), leading, begin }
    }
}
