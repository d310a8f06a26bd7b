//! Films made here, of any frames in any order, go in and come out as they were.

mod films;
mod reader;

use std::ops::Range;

use bytes::Bytes;
use proptest::prelude::*;

use crate::{Film, Opening, SegmentMaker, Step, Why, init_segment};
use films::{Made, Shape};
use reader::Sample;

fn slice(file: &[u8], range: Range<u64>) -> &[u8] {
    let end = (range.end as usize).min(file.len());
    &file[(range.start as usize).min(end)..end]
}

fn open(file: &[u8]) -> Result<Film, Why> {
    let mut opening = Opening::new(file.len() as u64, 1000);
    loop {
        match opening.step() {
            Step::Need(range) => opening.give(range.start, slice(file, range)),
            Step::Done(film) => return Ok(*film),
            Step::Cannot(why) => return Err(why),
        }
    }
}

/// A segment, its bytes given in pieces of this size; and the most that was held.
fn made(film: &Film, track: usize, segment: usize, file: &[u8], piece: u64) -> (Vec<u8>, usize) {
    let mut maker = SegmentMaker::new(film, track, segment).expect("it was counted");
    let (mut out, mut held) = (Vec::new(), 0);
    while let Some(range) = maker.wants() {
        let bytes = slice(file, range.start..range.end.min(range.start + piece));
        assert!(!bytes.is_empty(), "it wants what is in the file");
        maker.push(Bytes::copy_from_slice(bytes));
        held = held.max(maker.held_bytes());
        out.extend(std::iter::from_fn(|| maker.pop()).flatten());
    }
    out.extend(std::iter::from_fn(|| maker.pop()).flatten());
    (out, held)
}

/// All samples of a track.
fn samples(film: &Film, track: usize, file: &[u8], piece: u64) -> Vec<Sample> {
    let late = film.tracks[track].late();
    let segments = (0..film.segments.len()).map(|segment| made(film, track, segment, file, piece).0);
    let mut samples: Vec<Sample> = segments.flat_map(|bytes| reader::samples(&bytes)).collect();
    samples.iter_mut().for_each(|sample| sample.decoded -= late);
    samples
}

/// What came out is what went in.
fn compare(made: &Made, piece: u64) {
    let film = open(&made.file).expect("a whole film");
    let pictures = samples(&film, 0, &made.file, piece);
    assert_eq!(pictures.len(), made.pictures.len());
    for (found, frame) in pictures.iter().zip(&made.pictures) {
        assert_eq!((&found.bytes, found.key), (&frame.bytes, frame.key));
        let shown_ms = (found.decoded + found.later) as f64 * 1000.0 / f64::from(film.tracks[0].timescale);
        assert!((shown_ms - frame.shown_ms as f64).abs() <= 1.0, "{shown_ms} for {}", frame.shown_ms);
        assert!(found.later >= 0, "decoded after it is shown");
    }
    assert!(pictures.windows(2).all(|two| two[0].decoded < two[1].decoded));
    let sounds = samples(&film, 1, &made.file, piece);
    let (found, expected): (Vec<_>, Vec<_>) =
        (sounds.iter().map(|sound| &sound.bytes).collect(), made.sounds.iter().map(|sound| &sound.bytes).collect());
    assert_eq!(found, expected);
    for (number, sound) in sounds.iter().enumerate() {
        assert_eq!(sound.decoded, number as i64 * 1024, "sounds follow each other without a gap");
    }
}

fn shape() -> impl Strategy<Value = Shape> {
    let groups = prop::collection::vec((1usize..30, any::<bool>()), 1..8);
    (groups, 1usize..3000, -1500i64..2500, 1usize..40, 0usize..5)
        .prop_map(|(groups, bytes, lag_ms, in_cluster, lace)| Shape { groups, bytes, lag_ms, in_cluster, lace })
}

/// A film of groups of so many pictures, 25 a second, and its bytes.
pub(crate) fn film_of(groups: &[usize]) -> (Film, Bytes) {
    opened(films::matroska(&plain(groups)).file)
}

pub(crate) fn mp4_of(groups: &[usize]) -> (Film, Bytes) {
    opened(films::mp4(&plain(groups)).file)
}

fn plain(groups: &[usize]) -> Shape {
    let groups = groups.iter().map(|len| (*len, true)).collect();
    Shape { groups, bytes: 900, lag_ms: 100, in_cluster: 20, lace: 3 }
}

fn opened(file: Vec<u8>) -> (Film, Bytes) {
    (open(&file).expect("a whole film"), file.into())
}

pub(crate) fn second_track(film: &Film) -> usize {
    film.tracks.iter().position(|track| !track.is_video()).expect("a sound")
}

/// When each sample of a segment is decoded, and its bytes.
pub(crate) fn samples_in(segment: &[u8]) -> Vec<(i64, Vec<u8>)> {
    reader::samples(segment).into_iter().map(|sample| (sample.decoded, sample.bytes)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_matroska_comes_out_as_it_was(shape in shape(), piece in 1u64..9000) {
        compare(&films::matroska(&shape), piece);
    }

    #[test]
    fn any_mp4_comes_out_as_it_was(shape in shape(), piece in 1u64..9000) {
        compare(&films::mp4(&shape), piece);
    }

    #[test]
    fn a_damaged_film_ends(shape in shape(), flips in prop::collection::vec((any::<u32>(), any::<u8>()), 1..20), cut: u16, is_mp4: bool) {
        let mut file = if is_mp4 { films::mp4(&shape).file } else { films::matroska(&shape).file };
        for (place, byte) in flips {
            // Most of a film is frames, in which nothing is read: the head is hit more often.
            let room = if place % 4 == 0 { file.len() } else { file.len().min(4000) };
            file[place as usize / 4 % room] = byte;
        }
        if cut % 3 == 0 {
            file.truncate(cut as usize / 3 % file.len());
        }
        if let Ok(film) = open(&file) {
            for track in 0..film.tracks.len() {
                init_segment(&film.tracks[track]);
                for segment in 0..film.segments.len().min(40) {
                    reader::samples(&made(&film, track, segment, &file, 5000).0);
                }
            }
        }
    }

    #[test]
    fn any_bytes_end(bytes: Vec<u8>) {
        let _ = open(&bytes);
        for head in [&b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff"[..], b"\0\0\0\x08ftyp\0\0\0\0moov"] {
            let _ = open(&[head, &bytes].concat());
        }
    }
}

#[test]
fn several_key_frames_may_stand_in_one_cluster() {
    let groups = vec![(19, false), (25, false), (7, false), (26, true), (30, true)];
    compare(&films::matroska(&Shape { groups, bytes: 9, lag_ms: 1808, in_cluster: 60, lace: 0 }), 50);
}

/// 80 Mbit/s: pictures of 400 KB, a third more or less, 25 a second.
#[test]
fn what_is_held_of_a_heavy_film_is_bounded() {
    let shape = Shape { groups: vec![(48, true); 3], bytes: 534_000, lag_ms: 300, in_cluster: 100, lace: 0 };
    for film in [films::matroska(&shape), films::mp4(&shape)] {
        let opened = open(&film.file).expect("a whole film");
        for track in 0..2 {
            let (bytes, held) = made(&opened, track, 1, &film.file, 1 << 20);
            assert!(held <= 4 << 20, "{held} bytes of track {track}");
            assert!(track == 1 || bytes.len() > 17 << 20);
        }
    }
}

#[test]
fn a_film_that_cannot_be_rewrapped_says_why() {
    let shape = Shape { groups: vec![(10, true)], bytes: 10, lag_ms: 0, in_cluster: 10, lace: 0 };
    let whole = films::matroska(&shape).file;
    let without = |id: &[u8; 4]| {
        let mut file = whole.clone();
        let at = file.windows(4).position(|window| window == id).expect("the element is there");
        // A Void of four bytes of id is none: another element that nobody reads.
        file[at..at + 4].copy_from_slice(&[0x1a, 0x45, 0xdf, 0xa4]);
        open(&file).map(|_| ())
    };
    assert_eq!(without(&[0x1c, 0x53, 0xbb, 0x6b]), Err(Why::NoIndex));
    assert_eq!(without(&[0x16, 0x54, 0xae, 0x6b]), Err(Why::Damaged));
    assert_eq!(open(b"RIFF....AVI ").map(|_| ()), Err(Why::Container));
    assert_eq!(open(b"").map(|_| ()), Err(Why::Container));
    let mut opening = Opening::new(whole.len() as u64, 6000);
    assert!(matches!(opening.step(), Step::Need(_)));
    assert!(matches!(opening.step(), Step::Cannot(Why::OutOfReach)), "nothing was given");
}
