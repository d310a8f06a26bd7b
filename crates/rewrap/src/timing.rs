//! Times of decoding out of times of showing, and times that a container rounded set right.
//!
//! Matroska says when a frame is shown and nothing else. A decoder that reorders pictures must be told when to decode each. With a depth of d, the n-th picture is decoded
//! when the picture is shown that is d places before it by time; the first d of a segment so many steps before its first one is shown. Where frames are evenly long that
//! is what the encoder had, and each segment comes out the same whether or not the one before it was made.
//!
//! A film that begins at 0 is then decoded from before 0 on, which no box can say: all times of the track are written later by d steps, and an edit list in the
//! initialization segment takes them off again. (Negative offsets of composition would do as well, by the standard; ffmpeg reads them as a delay of the picture.)

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use crate::window::Payload;

/// A frame, in ticks of its track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub shown: i64,
    pub key: bool,
    pub payload: Payload,
}

/// A frame with its time of decoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timed {
    pub decoded: i64,
    pub frame: Frame,
}

/// Frames come in the order of decoding, and go out in it with their time.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    depth: usize,
    step: i64,
    /// The first ones, until the earliest of them all is known.
    waiting: VecDeque<Frame>,
    shown: BinaryHeap<Reverse<i64>>,
    /// Of the first frame, and how many have gone out.
    begin: i64,
    count: usize,
    last: i64,
}

impl Order {
    /// `depth`: how many pictures may be decoded before one that is shown before them all; what the codec's sequence parameter set says. When it says too little,
    /// some pictures are decoded after they are shown, and times still rise. `step`: about how long a frame is, or less.
    pub fn new(depth: usize, step: i64) -> Self {
        let (waiting, shown) = (VecDeque::new(), BinaryHeap::new());
        Self { depth, step, waiting, shown, begin: 0, count: 0, last: i64::MIN }
    }

    pub fn push(&mut self, frame: Frame) {
        self.shown.push(Reverse(frame.shown));
        self.waiting.push_back(frame);
    }

    /// The next frame whose time is known. `is_end`: no more come, so that it is.
    pub fn pop(&mut self, is_end: bool) -> Option<Timed> {
        let is_known = is_end || self.count > 0 || self.waiting.len() > self.depth;
        let frame = if is_known { self.waiting.pop_front()? } else { return None };
        Some(self.time(frame))
    }

    fn time(&mut self, frame: Frame) -> Timed {
        let ahead = self.depth.saturating_sub(self.count) as i64 * self.step;
        if self.count == 0 {
            self.begin = self.shown.peek().map_or(0, |Reverse(earliest)| *earliest);
        }
        let due = match ahead {
            0 => self.shown.pop().map_or(self.begin, |Reverse(earliest)| earliest),
            _ => self.begin.saturating_sub(ahead),
        };
        let decoded = due.max(self.last.saturating_add(1));
        self.last = decoded;
        self.count += 1;
        Timed { decoded, frame }
    }

    /// Of frames that wait.
    pub fn held_bytes(&self) -> usize {
        self.waiting.iter().map(|frame| frame.payload.len()).sum()
    }
}

/// Frames that follow each other evenly, whose times were rounded (Matroska: to a millisecond).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grid {
    pub origin: i64,
    pub step: f64,
    /// How far rounding may have moved a time.
    pub tolerance: i64,
}

impl Grid {
    /// The time that was rounded to `time`, when it is near one of the grid's; else `time`. A frame behind a gap, or one of another length, keeps its own.
    pub fn snap(&self, time: i64) -> i64 {
        if self.step <= 2.0 * self.tolerance as f64 {
            return time;
        }
        let steps = (time.saturating_sub(self.origin) as f64 / self.step).round();
        let even = self.origin.saturating_add((steps * self.step).round() as i64);
        if even.abs_diff(time) <= self.tolerance as u64 { even } else { time }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(depth: usize, step: i64, shown: &[i64]) -> Vec<i64> {
        let mut order = Order::new(depth, step);
        let mut timed = Vec::new();
        for shown in shown {
            order.push(Frame { shown: *shown, key: false, payload: Payload::default() });
            timed.extend(std::iter::from_fn(|| order.pop(false)));
        }
        timed.extend(std::iter::from_fn(|| order.pop(true)));
        assert_eq!(timed.iter().map(|timed| timed.frame.shown).collect::<Vec<_>>(), shown, "the order stays");
        timed.iter().map(|timed| timed.decoded).collect()
    }

    #[test]
    fn pictures_are_decoded_a_depth_before_the_sorted_times() {
        let rows: [(usize, &[i64], &[i64]); 6] = [
            (0, &[0, 40, 80], &[0, 40, 80]),
            (1, &[0, 80, 40, 160, 120], &[-40, 0, 40, 80, 120]),
            (2, &[0, 160, 80, 40, 120, 320, 240, 200, 280], &[-80, -40, 0, 40, 80, 120, 160, 200, 240]),
            // Pictures that are shown before the key frame they come behind.
            (1, &[100, 60, 80, 140, 120], &[20, 60, 80, 100, 120]),
            // A depth that is too small, and times that are equal.
            (0, &[0, 80, 40, 120], &[0, 80, 81, 120]),
            (1, &[5, 5, 5], &[-35, 5, 6]),
        ];
        for (depth, shown, expected) in rows {
            assert_eq!(decoded(depth, 40, shown), expected, "{shown:?}");
        }
    }

    #[test]
    fn a_segment_is_timed_as_if_it_followed_the_one_before() {
        let shown: Vec<i64> = (0..20).flat_map(|group| [4, 2, 1, 3].map(|place| (group * 4 + place) * 40)).collect();
        let whole = decoded(2, 40, &shown);
        assert_eq!([decoded(2, 40, &shown[..40]), decoded(2, 40, &shown[40..])].concat(), whole);
    }

    #[test]
    fn rounded_times_fall_back_on_the_grid() {
        // 1024 of 48000 in milliseconds: 0, 21, 43, 64, 85.
        let grid = Grid { origin: 0, step: 1024.0, tolerance: 49 };
        let rows = [(0, 0), (1008, 1024), (2064, 2048), (3072, 3072), (4080, 4096), (4600, 4600), (-1024, -1024)];
        for (time, expected) in rows {
            assert_eq!(grid.snap(time), expected, "{time}");
        }
    }

    proptest! {
        #[test]
        fn within_its_depth_every_picture_is_decoded_before_it_is_shown(
            mut times in prop::collection::btree_set(0i64..1_000_000, 1..60), depth in 0usize..5, seed: u64
        ) {
            // Each picture may be moved behind at most `depth` later ones.
            let mut shown = Vec::new();
            let mut rest: VecDeque<i64> = std::mem::take(&mut times).into_iter().collect();
            let mut seed = seed;
            let mut held: Vec<(usize, i64)> = Vec::new();
            while !rest.is_empty() || !held.is_empty() {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let must = held.iter().position(|(waited, _)| *waited >= depth);
                if let Some(place) = must {
                    shown.push(held.remove(place).1);
                } else if (seed >> 33) % 3 == 0 && !held.is_empty() {
                    shown.push(held.remove(0).1);
                } else if let Some(next) = rest.pop_front() {
                    if depth > 0 && (seed >> 40) % 2 == 0 && held.is_empty() {
                        held.push((0, next));
                        continue;
                    }
                    shown.push(next);
                    held.iter_mut().for_each(|(waited, _)| *waited += 1);
                } else {
                    shown.push(held.remove(0).1);
                }
            }
            let found = decoded(depth, 1, &shown);
            prop_assert!(found.iter().zip(&shown).all(|(decoded, shown)| decoded <= shown), "{:?} {:?}", found, shown);
            prop_assert!(found.windows(2).all(|two| two[0] < two[1]));
        }

        #[test]
        fn any_times_rise(shown in prop::collection::vec(any::<i32>().prop_map(i64::from), 0..50), depth in 0usize..17) {
            let found = decoded(depth, 40, &shown);
            prop_assert!(found.windows(2).all(|two| two[0] < two[1]));
        }
    }
}
