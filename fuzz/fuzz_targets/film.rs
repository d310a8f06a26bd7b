//! Any bytes as a film: the probe ends, within its bounds, and asks for nothing twice; so it does when some of its reads are not granted.
#![no_main]

use std::ops::Range;

use libfuzzer_sys::fuzz_target;
use media::{Found, KeyFrames, Limits, Probe, Step, TextBudget};

fuzz_target!(|data: &[u8]| {
    let Some((&refused, film)) = data.split_first() else { return };
    let found = probe(film, 0);
    if let Some(found) = found {
        assert!(found.facts.tracks.len() <= 256 && found.facts.chapters.len() <= 1000);
        assert!(found.facts.attachments.len() <= 500 && found.private.len() <= found.facts.tracks.len());
        assert_eq!(KeyFrames::from_bytes(found.key_frames.as_bytes()), found.key_frames);
        let tracks: Vec<u64> = found.facts.subtitles().map(|track| track.number).collect();
        let size = film.len() as u64;
        for read in found.text.plan(&tracks, size, TextBudget::default()).reads {
            assert!(read.range.end <= size);
            found.text.lines(&read, &film[read.range.start as usize..read.range.end as usize], size);
        }
    }
    probe(film, refused);
});

/// Every read whose number is a bit of `refused` brings nothing.
fn probe(film: &[u8], refused: u8) -> Option<Box<Found>> {
    let limits = Limits::default();
    let mut probe = Probe::new(film.len() as u64);
    let mut reads: Vec<Range<u64>> = Vec::new();
    for _ in 0..=limits.steps {
        match probe.step() {
            Step::Need(ranges) => {
                for range in ranges {
                    assert!(range.start < range.end && range.end <= film.len() as u64);
                    assert!(reads.iter().all(|read| read.end <= range.start || range.end <= read.start));
                    if reads.len() >= 8 || refused >> reads.len() & 1 == 0 {
                        probe.give(range.start, &film[range.start as usize..range.end as usize]);
                    }
                    reads.push(range);
                }
            }
            Step::Done(found) => return Some(found),
            Step::Unknown(_) => return None,
        }
    }
    panic!("more steps than the limits allow");
}
