//! A segment's frames out of MP4: its tables say where each lies.

use std::ops::Range;

use bytes::Bytes;

use super::{End, Frame, Next};
use crate::{
    Segment, Track,
    mp4::{
        REORDERED, Way, shown,
        tables::{Sample, Samples},
    },
    window::Window,
};

/// Samples that lie this near are read as one: what lies between costs less than a call.
const JOIN_BYTES: u64 = 64 << 10;
/// A run is not looked at further than this ahead.
const RUN_SAMPLES: usize = 4096;
/// Samples of a segment; what a table names beyond them is left out. Six hours of a sound: only a table that lies has as many between two key frames.
const MOST_SAMPLES: u32 = 1 << 20;
/// Ranges of a plan. Whoever reads by it comes again where it is short.
const PLAN_RUNS: usize = 4096;

#[derive(Debug)]
pub(super) struct Frames {
    samples: std::iter::Peekable<Samples>,
    /// The same, further on: the first sample that does not lie with those before it.
    ahead: std::iter::Peekable<Samples>,
    /// The first sample that is the next segment's.
    until: u32,
    /// The first sample that is too many.
    most: u32,
    shift: i64,
    is_video: bool,
    is_span: bool,
    window: Window,
    /// What is read at once.
    run: Range<u64>,
    size: u64,
    end: End,
}

impl Frames {
    pub fn new(way: &Way, track: &Track, segments: &[Segment], number: usize, size: u64) -> Self {
        let at = |segment: &Segment| match track.is_video() {
            true => segment.sample,
            // A sound belongs to the segment in which it begins.
            false => {
                let ns = i64::try_from(segment.start_ns).unwrap_or(i64::MAX);
                way.tables.number_at(track.ticks(ns).saturating_sub(way.shift))
            }
        };
        let from = if number == 0 && !track.is_video() { 0 } else { at(&segments[number]) };
        let until = segments.get(number + 1).map_or(u32::MAX, at);
        // What is shown first of the next segment; it may be decoded later.
        let following = way.tables.from(until).take(if track.is_video() { REORDERED } else { 1 });
        let next = following.map(|sample| shown(&sample, way.shift)).min().filter(|_| until < u32::MAX);
        let begin = track.ticks(i64::try_from(segments[number].start_ns).unwrap_or(i64::MAX));
        let end = End { at: next, leading: 0, begin };
        Self::of(way, track, (from, until), end, size)
    }

    /// Sounds between two times.
    pub fn of_span(way: &Way, track: &Track, span_ns: Range<i64>, size: u64) -> Self {
        let at = |ns| way.tables.number_at(track.ticks(ns).saturating_sub(way.shift));
        let end = End { at: None, leading: 0, begin: track.ticks(span_ns.start) };
        let from = at(span_ns.start).saturating_sub(1);
        Self { is_span: true, ..Self::of(way, track, (from, at(span_ns.end)), end, size) }
    }

    fn of(way: &Way, track: &Track, (from, until): (u32, u32), end: End, size: u64) -> Self {
        let mut frames = Self {
            samples: way.tables.from(from).peekable(),
            ahead: way.tables.from(from).peekable(),
            until,
            most: from.saturating_add(MOST_SAMPLES),
            shift: way.shift,
            is_video: track.is_video(),
            is_span: false,
            window: Window::new(0),
            run: 0..0,
            size,
            end,
        };
        frames.go_on();
        frames
    }

    /// What lies together, of all samples that are left; the first ranges of very many.
    pub fn plan(&self) -> Vec<Range<u64>> {
        let mut runs: Vec<Range<u64>> = Vec::new();
        for sample in self.samples.clone().take_while(|sample| self.is_mine(sample)) {
            let end = sample.at.saturating_add(sample.bytes.into());
            if end > self.size {
                break;
            }
            let is_full = runs.len() >= PLAN_RUNS;
            match runs.last_mut() {
                Some(run) if (run.start..=run.end.saturating_add(JOIN_BYTES)).contains(&sample.at) => {
                    run.end = run.end.max(end);
                }
                _ if is_full => break,
                _ => runs.push(sample.at..end),
            }
        }
        runs
    }

    pub fn wants(&self) -> Range<u64> {
        self.window.end()..self.run.end.min(self.size)
    }

    pub fn push(&mut self, bytes: Bytes) {
        self.window.push(bytes);
    }

    pub fn held_bytes(&self) -> usize {
        self.window.len()
    }

    pub fn next(&mut self) -> Next {
        loop {
            let Some(sample) = self.peek() else { return Next::End(self.end) };
            let end = sample.at.saturating_add(sample.bytes.into());
            if end > self.size {
                return Next::End(self.end); // cut off
            }
            self.go_on();
            let Some(payload) = self.window.take(sample.bytes as usize) else { return Next::More };
            self.samples.next();
            let mut shown = shown(&sample, self.shift);
            if shown < 0 && !self.is_video {
                // Only a decoder hears what comes before the film begins; one that gives its sounds to an encoder would give all of them out late.
                if self.is_span || shown.saturating_add(sample.duration.into()) <= 0 {
                    continue;
                }
                shown = 0;
            }
            if !self.is_video || self.until == u32::MAX {
                self.end.at = Some(shown.saturating_add(sample.duration.into()));
            }
            return Next::Frame(Frame { shown: shown.max(0), key: sample.key, payload });
        }
    }

    fn peek(&mut self) -> Option<Sample> {
        let sample = self.samples.peek().copied()?;
        self.is_mine(&sample).then_some(sample)
    }

    fn is_mine(&self, sample: &Sample) -> bool {
        sample.number < self.until.min(self.most)
    }

    /// Goes to the next sample, and looks how far those that follow it lie together.
    fn go_on(&mut self) {
        let Some(sample) = self.peek() else { return };
        self.window.go_to(sample.at);
        let end = sample.at.saturating_add(sample.bytes.into());
        if self.run.start <= sample.at && end <= self.run.end {
            return;
        }
        self.run = sample.at..end;
        while self.ahead.next_if(|next| next.number <= sample.number).is_some() {}
        for _ in 0..RUN_SAMPLES {
            let near = sample.at..=self.run.end.saturating_add(JOIN_BYTES);
            let next = self.ahead.next_if(|next| next.number < self.until && near.contains(&next.at));
            let Some(next) = next else { break };
            self.run.end = self.run.end.max(next.at.saturating_add(next.bytes.into()));
        }
    }
}
