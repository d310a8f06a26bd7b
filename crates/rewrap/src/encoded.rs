//! A sound that is encoded anew as AAC, segment by segment, by an encoder that this crate does not have: what it is to be given, what it is to make of it, and what becomes of that.
//!
//! Nothing goes on from one segment to the next, so that each can be made alone, in any order, by anybody, and is the same each time. Frames stand on one grid of 1024
//! samples from the film's beginning on. The encoder is given a little more than a segment in front and behind: what comes out of it before the segment's first
//! frame, while decoder and encoder find their feet, is dropped, and two segments that follow each other were made of the same samples where they meet.
//!
//! What is needed in front of a segment stands behind its key frame in the file, because segments of such a sound begin half a second later than those of the picture: no byte in
//! front of the place that was sought is read.

use std::ops::Range;

use bytes::Bytes;

use crate::{
    Addresses, Film, SegmentMaker, Track, TrackKind, codecs,
    film::ticks_of,
    fmp4::{
        entry,
        fragment::{End, Fragments},
    },
    playlist,
    timing::Frame,
    window::Payload,
};

/// How much later than the picture's the segments begin: what goes in front of each must fit in, and sounds may stand some 100 ms away from their pictures.
const LATER_NS: u64 = 500_000_000;
/// Samples of a frame of AAC.
const FRAME: u64 = 1024;
/// Frames in front of a segment that are dropped: by then an encoder decides as if it had been running all the time.
const LEAD_FRAMES: u64 = 8;
/// What a decoder is given before that: MP3 needs up to nine frames, TrueHD's next beginning is 110 ms away.
const DECODER_NS: i64 = 200_000_000;
/// Frames that an encoder is behind by what it is given.
const DELAY_FRAMES: u64 = 1;

/// One of a film's sounds as AAC.
#[derive(Clone, Debug)]
pub struct Encoded {
    track: Track,
    /// Its place in [`Film::tracks`].
    source: usize,
    /// Numbers of frames on the grid, where segments begin, and where the last one ends.
    cuts: Vec<u64>,
}

/// What an encoder is to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Hz.
    pub sample_rate: u32,
    /// 1, 2 or 6.
    pub channels: u16,
    /// The first sample that goes into the encoder, counted from the film's beginning at that rate; the times of what is given are those of the film. Before the first sound comes silence.
    pub first_sample: u64,
    /// So many go in; when there are fewer, silence behind them.
    pub samples: u64,
}

impl Encoded {
    /// `place`: its own in [`Film::tracks`]. `channels`: at most. `None` for a picture.
    pub fn new(film: &Film, place: usize, channels: u16) -> Option<Self> {
        let source = film.tracks.get(place)?;
        let TrackKind::Audio { channels: has, sample_rate } = source.kind else { return None };
        let channels = match has.min(channels) {
            6.. => 6,
            1 => 1,
            _ => 2,
        };
        let usual = [48_000, 44_100, 32_000, 24_000, 22_050, 16_000];
        let sample_rate = if usual.contains(&sample_rate) { sample_rate } else { 48_000 };
        let config = codecs::Aac::config(2, sample_rate, channels)?;
        let record = entry::descriptors(0x40, &config);
        let track = Track {
            codec: media::Codec::Aac,
            codecs: "mp4a.40.2".into(),
            kind: TrackKind::Audio { channels, sample_rate },
            timescale: sample_rate,
            plays: true,
            entry: entry::sound(b"mp4a", channels, sample_rate, &record),
            ..source.clone()
        };
        Some(Self { source: place, cuts: cuts(film, sample_rate), track })
    }

    /// As it will be; for [`crate::init_segment`].
    pub fn track(&self) -> &Track {
        &self.track
    }

    /// How many segments it has: as many as the picture, or one less where the last is very short.
    pub fn segments(&self) -> usize {
        self.cuts.len() - 1
    }

    /// Its playlist: as [`crate::media_playlist`], with other lengths.
    pub fn playlist(&self, film: &Film, addresses: &impl Addresses) -> String {
        let lengths = self.cuts.windows(2).map(|cut| (cut[1] - cut[0]) as f64 * FRAME as f64 / self.rate());
        playlist::of_lengths(film, lengths, addresses)
    }

    /// What an encoder is to make for the segment with this number. `None` when there is none.
    pub fn order(&self, segment: usize) -> Option<Order> {
        let frames = self.frames(segment)?;
        let first = frames.start.saturating_sub(self.lead(segment));
        let TrackKind::Audio { channels, sample_rate } = self.track.kind else { return None };
        // The last frame needs the samples of the next one as well.
        let samples = (frames.end + 1 - first) * FRAME;
        Some(Order { sample_rate, channels, first_sample: first * FRAME, samples })
    }

    /// What it is to make it of: the film's own sounds as fMP4, behind [`crate::init_segment`] of the film's track. `earlier`: so many segments further in front are looked through
    /// as well; for films whose sounds stand far before their pictures.
    pub fn source(&self, film: &Film, segment: usize, earlier: usize) -> Option<SegmentMaker> {
        let order = self.order(segment)?;
        let ns = |sample: u64| ticks_of(i64::try_from(sample).unwrap_or(i64::MAX), order.sample_rate, 1_000_000_000);
        let from = ns(order.first_sample).saturating_sub(DECODER_NS).max(0);
        let to = ns(order.first_sample + order.samples).saturating_add(10_000_000);
        SegmentMaker::of_span(film, self.source, segment.saturating_sub(earlier), from..to)
    }

    /// The place of its source in [`Film::tracks`].
    pub fn source_track(&self) -> usize {
        self.source
    }

    /// The segment, out of what the encoder made: AAC in ADTS. `None` when that is too little, or no ADTS.
    pub fn segment(&self, number: usize, adts: &Bytes) -> Option<Bytes> {
        let frames = self.frames(number)?;
        let skip = self.lead(number).min(frames.start) + DELAY_FRAMES;
        let count = frames.end - frames.start;
        let mut made = adts_frames(adts).skip(usize::try_from(skip).ok()?);
        let mut fragments = Fragments::new(u32::try_from(number).ok()?, &self.track);
        for frame in frames.clone() {
            let shown = i64::try_from(frame * FRAME).ok()?;
            fragments.push(Frame { shown, key: true, payload: Payload(vec![made.next()?]) });
        }
        let at = i64::try_from(frames.end * FRAME).ok()?;
        let begin = i64::try_from(frames.start * FRAME).ok()?;
        fragments.finish(End { at: Some(at), leading: 0, begin });
        let mut whole = Vec::with_capacity(adts.len() + 16 * count as usize);
        std::iter::from_fn(|| fragments.next()).for_each(|piece| whole.extend_from_slice(&piece));
        Some(whole.into())
    }

    fn frames(&self, segment: usize) -> Option<Range<u64>> {
        Some(*self.cuts.get(segment)?..*self.cuts.get(segment + 1)?)
    }

    /// Frames that go in front. The film's beginning has none.
    fn lead(&self, segment: usize) -> u64 {
        if segment == 0 { 0 } else { LEAD_FRAMES }
    }

    fn rate(&self) -> f64 {
        f64::from(self.track.timescale)
    }
}

fn cuts(film: &Film, sample_rate: u32) -> Vec<u64> {
    let frame = |ns: u64| (u128::from(ns) * u128::from(sample_rate)).div_ceil(u128::from(FRAME) * 1_000_000_000) as u64;
    let first = film.segments.first().map_or(0, |segment| segment.start_ns);
    let end = film.segments.last().map_or(0, |segment| segment.end_ns);
    let begin = frame(first).saturating_sub(u64::from(first > 0));
    let end = frame(end).max(begin + 1);
    let later = film.segments.iter().skip(1).map(|segment| frame(segment.start_ns.saturating_add(LATER_NS)));
    std::iter::once(begin).chain(later.take_while(|cut| *cut < end)).chain([end]).collect()
}

/// How long the first segment of an encoded sound is beyond that of the picture, which a playlist's longest length must hold.
pub(crate) fn longest(film: &Film) -> f64 {
    let several = film.segments.len() > 1;
    let first = film.segments.first().map_or(0.0, |segment| segment.seconds());
    // A frame more, for the grid.
    if several { first + LATER_NS as f64 / 1e9 + 0.065 } else { first }
}

/// The frames of ADTS (ISO/IEC 13818-7 clause 6.2), without their heads.
fn adts_frames(adts: &Bytes) -> impl Iterator<Item = Bytes> {
    let mut rest = adts.clone();
    std::iter::from_fn(move || {
        let &[0xff, second, _, high, middle, low, _, ..] = &rest[..] else { return None };
        let length = usize::from(high & 3) << 11 | usize::from(middle) << 3 | usize::from(low >> 5);
        let head = if second & 1 == 1 { 7 } else { 9 };
        if second & 0xf0 != 0xf0 || length <= head || length > rest.len() {
            return None;
        }
        Some(rest.split_to(length).slice(head..))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{film_of, second_track};

    fn adts(count: u8) -> Bytes {
        let frame = |number| [0xff, 0xf1, 0x50, 0x80, 0x01, 0x3f, 0xfc, number, 7];
        (0..count).flat_map(frame).collect::<Vec<u8>>().into()
    }

    #[test]
    fn frames_are_cut_out_of_adts() {
        let frames: Vec<_> = adts_frames(&adts(3)).collect();
        assert_eq!(frames, [&[0u8, 7][..], &[1, 7], &[2, 7]]);
        assert_eq!(adts_frames(&adts(3).slice(..17)).count(), 1, "cut off");
        assert_eq!(adts_frames(&Bytes::from_static(b"no such thing")).count(), 0);
    }

    #[test]
    fn segments_follow_each_other_on_the_grid() {
        // Groups of 25 pictures a second, segments of a second.
        let (film, _) = film_of(&[25, 25, 25, 10]);
        let sound = Encoded::new(&film, second_track(&film), 2).expect("a sound");
        // 0, 1.5, 2.5 s; the last, from 3 s on, is too short for a beginning at 3.5 s.
        assert_eq!(sound.cuts, [0, 71, 118, 160]);
        let order = |first_sample, samples| Some(Order { sample_rate: 48_000, channels: 2, first_sample, samples });
        assert_eq!(sound.order(0), order(0, 72 * 1024));
        assert_eq!(sound.order(1), order(63 * 1024, (118 + 1 - 63) * 1024));
        assert_eq!((sound.order(3), sound.segments()), (None, 3));
    }

    #[test]
    fn a_segment_holds_its_frames_and_none_of_those_in_front() {
        let (film, _) = film_of(&[25, 25, 25, 10]);
        let sound = Encoded::new(&film, second_track(&film), 2).expect("a sound");
        let made = sound.segment(1, &adts(57)).expect("whole");
        let samples = crate::tests::samples_in(&made);
        assert_eq!(samples.len(), 118 - 71);
        let numbers: Vec<u8> = samples.iter().map(|(_, bytes)| bytes[0]).collect();
        assert_eq!((numbers[0], numbers[46]), (9, 55), "eight in front, and one that the encoder is behind");
        assert_eq!(samples[0].0, 71 * 1024);
        assert_eq!(sound.segment(1, &adts(55)), None, "too few");
        assert_eq!(sound.segment(0, &adts(72)).map(|made| crate::tests::samples_in(&made).len()), Some(71));
    }

    #[test]
    fn what_goes_in_begins_before_and_ends_behind_its_segment() {
        for (film, file) in [film_of(&[25, 25, 25, 10]), crate::tests::mp4_of(&[25, 25, 25, 10])] {
            let sound = Encoded::new(&film, second_track(&film), 2).expect("a sound");
            for segment in 0..sound.segments() {
                let order = sound.order(segment).expect("it is there");
                let mut maker = sound.source(&film, segment, 0).expect("it is there");
                let planned = maker.plan();
                let mut given = Vec::new();
                while let Some(range) = maker.wants() {
                    let holds = |plan: &Range<u64>| plan.start <= range.start && range.start < plan.end;
                    assert!(planned.iter().any(holds), "{range:?} is not in {planned:?}");
                    maker.push(file.slice(range.start as usize..range.end.min(range.start + 700) as usize));
                    given.extend(std::iter::from_fn(|| maker.pop()).flatten());
                }
                given.extend(std::iter::from_fn(|| maker.pop()).flatten());
                let samples = crate::tests::samples_in(&given);
                let (first, last) = (samples[0].0 as u64, samples[samples.len() - 1].0 as u64 + 1024);
                let end = (order.first_sample + order.samples).min(85 * 40 * 48 / 1024 * 1024);
                assert!(first <= order.first_sample && last >= end, "{first} to {last} for {order:?}");
                assert!(segment == 0 || first + 12_000 >= order.first_sample, "{first} is early for {order:?}");
            }
        }
    }
}
