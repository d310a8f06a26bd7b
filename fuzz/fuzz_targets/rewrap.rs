//! Any file, read in any pieces, is re-wrapped or is not, and ends: no panic, no wish outside it, no more held than was given.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rewrap::{Opening, SegmentMaker, Step};

fuzz_target!(|input: (u8, &[u8])| {
    let (piece, file) = input;
    let slice = |start: u64, end: u64| &file[start as usize..end as usize];
    let mut opening = Opening::new(file.len() as u64, 1000);
    let film = loop {
        match opening.step() {
            Step::Need(range) => opening.give(range.start, slice(range.start, range.end)),
            Step::Done(film) => break film,
            Step::Cannot(_) => return,
        }
    };
    for track in 0..film.tracks.len() {
        rewrap::init_segment(&film.tracks[track]);
        for segment in 0..film.segments.len().min(16) {
            let mut maker = SegmentMaker::new(&film, track, segment).expect("it was counted");
            while let Some(range) = maker.wants() {
                let end = range.end.min(range.start + 1 + u64::from(piece));
                maker.push(bytes::Bytes::copy_from_slice(slice(range.start, end)));
                while maker.pop().is_some() {}
                assert!(maker.held_bytes() <= 2 * file.len() + (1 << 20));
            }
        }
    }
});
