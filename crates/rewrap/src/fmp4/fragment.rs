//! Fragments: `moof` and `mdat`, made as frames come, so that a segment is never in memory as a whole.

use std::collections::VecDeque;

use bytes::Bytes;

use super::{Boxes, init::TRACK_ID};
use crate::{
    Track,
    timing::{Frame, Order, Timed},
};

/// A fragment is closed when it holds so many bytes: some 40 in a segment of 6 s at 80 Mbit/s, one or two at 1 Mbit/s.
const FRAGMENT_BYTES: usize = 512 << 10;
/// Or so many frames: what a player must know of them is 64 KiB then.
const FRAGMENT_FRAMES: usize = 4096;
/// `sample_flags`: depends on no other.
const KEY: u32 = 0x0200_0000;
/// Depends on others, and is no place to begin at.
const NOT_KEY: u32 = 0x0101_0000;

/// Frames in, boxes out.
#[derive(Debug)]
pub(crate) struct Fragments {
    order: Order,
    /// Its duration is known when the next one comes.
    held: Option<Timed>,
    open: Vec<Sample>,
    open_bytes: usize,
    sequence: u32,
    /// See [`Track::late`].
    late: i64,
    last_duration: u32,
    out: VecDeque<Bytes>,
}

/// What is known of a segment's end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct End {
    /// When what comes next is shown: the next sound, the next segment's first picture.
    pub at: Option<i64>,
    /// So many pictures may follow that picture and be shown before it, and belong to the next segment.
    pub leading: u32,
    /// Where this segment begins, for one without any frame.
    pub begin: i64,
}

impl End {
    /// How long the last frame lasts: until the next one is decoded, `late` before it is shown; but as usual when that is a little longer and pictures may come in
    /// between. Never over the next segment's first picture: a player that has it already would throw it away.
    fn duration(&self, last: &Timed, late: i64, usual: u32) -> u32 {
        let usual = i64::from(usual.max(1));
        let Some(at) = self.at else { return usual as u32 };
        let till = at.saturating_sub(late).saturating_sub(last.decoded);
        let is_between = self.leading > 0 && till > usual * 3 / 2 && till <= usual * i64::from(self.leading + 2);
        let duration = if till <= 0 || is_between { usual } else { till };
        let room = at.saturating_sub(last.frame.shown);
        u32::try_from(if room > 0 { duration.min(room) } else { duration }).unwrap_or(u32::MAX)
    }
}

#[derive(Debug)]
struct Sample {
    timed: Timed,
    duration: u32,
}

impl Fragments {
    /// Of segment `number` of the track, with `styp` in front.
    pub fn new(number: u32, track: &Track) -> Self {
        let mut styp = Boxes::default();
        styp.add(b"styp", |styp| {
            styp.bytes(b"msdh").u32(0).bytes(b"msdh").bytes(b"iso6").bytes(b"cmfc");
        });
        Self {
            order: Order::new(track.reorder, track.step),
            late: track.late(),
            held: None,
            open: Vec::new(),
            open_bytes: 0,
            // Rising through the film: no segment has 65,536 fragments.
            sequence: number.wrapping_mul(1 << 16),
            last_duration: 0,
            out: VecDeque::from([styp.0.into()]),
        }
    }

    /// The next frame in the order of decoding.
    pub fn push(&mut self, frame: Frame) {
        self.order.push(frame);
        while let Some(timed) = self.order.pop(false) {
            self.hold(timed);
        }
    }

    /// No more frames come.
    pub fn finish(&mut self, end: End) {
        while let Some(timed) = self.order.pop(true) {
            self.hold(timed);
        }
        if let Some(timed) = self.held.take() {
            let duration = end.duration(&timed, self.late, self.last_duration);
            self.add(timed, duration);
        }
        if !self.open.is_empty() || self.sequence & 0xffff == 0 {
            self.close(end.begin);
        }
    }

    pub fn next(&mut self) -> Option<Bytes> {
        self.out.pop_front()
    }

    /// Bytes of frames that wait for their fragment, and of boxes that wait to be taken.
    pub fn held_bytes(&self) -> usize {
        self.open_bytes
            + self.order.held_bytes()
            + self.held.as_ref().map_or(0, |timed| timed.frame.payload.len())
            + self.out.iter().map(Bytes::len).sum::<usize>()
    }

    fn hold(&mut self, timed: Timed) {
        if let Some(before) = self.held.replace(timed) {
            let next = self.held.as_ref().map_or(0, |held| held.decoded);
            let duration = u32::try_from(next - before.decoded).unwrap_or(u32::MAX);
            self.last_duration = duration;
            self.add(before, duration);
        }
    }

    fn add(&mut self, timed: Timed, duration: u32) {
        self.open_bytes += timed.frame.payload.len();
        self.open.push(Sample { timed, duration });
        if self.open_bytes >= FRAGMENT_BYTES || self.open.len() >= FRAGMENT_FRAMES {
            self.close(0);
        }
    }

    fn close(&mut self, at: i64) {
        self.sequence = self.sequence.wrapping_add(1);
        let decoded = self.open.first().map_or(at, |sample| sample.timed.decoded);
        let decoded = u64::try_from(decoded.saturating_add(self.late)).unwrap_or(0);
        let mut head = moof(self.sequence, decoded, &self.open);
        // A fragment holds half a megabyte and one frame at most.
        head.u32(8 + u32::try_from(self.open_bytes).unwrap_or(u32::MAX - 8)).bytes(b"mdat");
        self.out.push_back(head.0.into());
        self.out.extend(self.open.drain(..).flat_map(|sample| sample.timed.frame.payload.0));
        self.open_bytes = 0;
    }
}

fn moof(sequence: u32, decoded: u64, samples: &[Sample]) -> Boxes {
    let mut boxes = Boxes(Vec::with_capacity(112 + 16 * samples.len()));
    let mut data_offset_at = 0;
    boxes.add(b"moof", |moof| {
        moof.full(b"mfhd", 0, 0, |mfhd| {
            mfhd.u32(sequence);
        });
        moof.add(b"traf", |traf| {
            // default-base-is-moof: offsets count from here.
            traf.full(b"tfhd", 0, 0x2_0000, |tfhd| {
                tfhd.u32(TRACK_ID);
            });
            traf.full(b"tfdt", 1, 0, |tfdt| {
                tfdt.u64(decoded);
            });
            // Data offset; of each sample duration, size, flags, and how much later it is shown.
            traf.full(b"trun", 1, 0xf01, |trun| {
                trun.u32(samples.len() as u32);
                data_offset_at = trun.0.len();
                trun.u32(0);
                for Sample { timed, duration } in samples {
                    let later = (timed.frame.shown - timed.decoded).clamp(i32::MIN.into(), i32::MAX.into()) as i32;
                    trun.u32(*duration).u32(timed.frame.payload.len() as u32);
                    trun.u32(if timed.frame.key { KEY } else { NOT_KEY }).u32(later as u32);
                }
            });
        });
    });
    let data_offset = boxes.0.len() as u32 + 8;
    boxes.0[data_offset_at..data_offset_at + 4].copy_from_slice(&data_offset.to_be_bytes());
    boxes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Payload;

    fn track(reorder: usize) -> Track {
        Track {
            number: 1,
            codec: media::Codec::H264,
            codecs: String::new(),
            kind: crate::TrackKind::Audio { channels: 2, sample_rate: 48_000 },
            timescale: 1000,
            entry: Vec::new(),
            reorder,
            step: 40,
            matrix: None,
            plays: true,
        }
    }

    fn frame(shown: i64, len: usize) -> Frame {
        Frame { shown, key: shown == 0, payload: Payload(vec![Bytes::from(vec![7; len])]) }
    }

    fn made(fragments: &mut Fragments) -> Vec<u8> {
        std::iter::from_fn(|| fragments.next()).flatten().collect()
    }

    /// Kinds and sizes of the boxes.
    fn outline(mut bytes: &[u8]) -> Vec<(String, usize)> {
        let mut boxes = Vec::new();
        while let [a, b, c, d, kind @ ..] = bytes {
            let size = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            boxes.push((String::from_utf8_lossy(&kind[..4]).into(), size));
            bytes = &bytes[size..];
        }
        boxes
    }

    #[test]
    fn fragments_come_out_as_soon_as_they_are_full() {
        let mut fragments = Fragments::new(3, &track(0));
        let mut all = Vec::new();
        for n in 0..5 {
            fragments.push(frame(n * 40, 300 << 10));
            all.extend(made(&mut fragments));
            assert!(fragments.held_bytes() <= FRAGMENT_BYTES + (300 << 10), "frame {n}");
        }
        fragments.finish(End::default());
        all.extend(made(&mut fragments));
        let kinds: Vec<String> = outline(&all).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["styp", "moof", "mdat", "moof", "mdat", "moof", "mdat"]);
        assert!(all.iter().filter(|byte| **byte == 7).count() >= 5 * (300 << 10));
    }

    #[test]
    fn frames_without_bytes_fill_a_fragment_too() {
        let mut fragments = Fragments::new(0, &track(0));
        (0..10_000).for_each(|n| fragments.push(frame(n, 0)));
        let moofs = made(&mut fragments).windows(4).filter(|kind| kind == b"moof").count();
        assert_eq!(moofs, 2);
    }

    #[test]
    fn a_segment_without_frames_still_says_when_it_is() {
        let mut fragments = Fragments::new(0, &track(2));
        fragments.finish(End { begin: 90_000, ..End::default() });
        let all = made(&mut fragments);
        assert_eq!(outline(&all)[2], ("mdat".into(), 8));
        assert!(all.windows(8).any(|window| window == 90_080u64.to_be_bytes()));
    }

    #[test]
    fn the_last_frame_lasts_until_the_next_segment() {
        // When the next is shown, what may lead; when the last is decoded and shown; how late, how long usually.
        let rows = [
            (Some(100), 0, (60, 60), 0, 40, 40),
            // A still picture before a key frame.
            (Some(2000), 0, (60, 60), 0, 40, 1940),
            (Some(2000), 3, (60, 60), 0, 40, 1940),
            // Two pictures that are shown before the next key frame come behind it.
            (Some(180), 2, (60, 60), 0, 40, 40),
            (Some(180), 0, (60, 60), 0, 40, 120),
            // A picture of reordered ones, decoded two steps ahead.
            (Some(400), 2, (280, 320), 80, 40, 40),
            (None, 0, (60, 60), 0, 40, 40),
            (Some(50), 0, (60, 60), 0, 40, 40),
            (Some(400), 0, (200, 390), 0, 40, 10),
            (None, 0, (60, 60), 0, 0, 1),
        ];
        for (at, leading, (decoded, shown), late, usual, expected) in rows {
            let end = End { at, leading, begin: 0 };
            assert_eq!(end.duration(&Timed { decoded, frame: frame(shown, 1) }, late, usual), expected, "{end:?}");
        }
    }
}
