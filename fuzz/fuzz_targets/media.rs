//! Any bytes as a film: the probe ends within its limits, asks for nothing twice and for nothing outside, also when reads are refused; and lines of
//! subtitles are read where an index says, whatever stands there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use media::{Limits, Probe, Step, TextBudget};

fuzz_target!(|data: &[u8]| {
    // How much of each read is granted, and where the file ends behind what is there.
    let (Some((&granted, data)), limits) =
        (data.split_first(), Limits { header_bytes: 512 << 10, index_bytes: 64 << 10, steps: 40 })
    else {
        return;
    };
    let size = data.len() as u64 + if granted & 1 == 0 { 0 } else { 1 << 33 };
    let file = |from: u64, to: u64| {
        let at = |place: u64| usize::try_from(place).map_or(data.len(), |place| place.min(data.len()));
        &data[at(from)..at(to).max(at(from))]
    };
    let mut probe = Probe::with_limits(size, limits);
    let mut asked: Vec<std::ops::Range<u64>> = Vec::new();
    for step in 0.. {
        assert!(step <= limits.steps, "more steps than the limits allow");
        let found = match probe.step() {
            Step::Need(ranges) => {
                assert!(!ranges.is_empty());
                for range in ranges {
                    assert!(range.start < range.end && range.end <= size);
                    assert!(
                        !asked.iter().any(|before| before.start < range.end && range.start < before.end),
                        "{range:?} twice"
                    );
                    let bytes = file(range.start, range.end);
                    probe.give(range.start, &bytes[..bytes.len() * usize::from(granted | 7) / 255]);
                    asked.push(range);
                }
                continue;
            }
            Step::Done(found) => found,
            Step::Unknown(_) => return,
        };
        let tracks: Vec<u64> = found.facts.subtitles().map(|track| track.number).collect();
        for read in found.text.plan(&tracks, size, TextBudget::default()).reads {
            assert!(read.range.start < read.range.end && read.range.end <= size);
            let lines = found.text.lines(&read, file(read.range.start, read.range.end), size);
            assert_eq!(lines.lines.len() + lines.more.len() + lines.wrong.len(), read.spots.len());
            assert!(lines.more.iter().all(|more| more.range.end <= size));
        }
        assert_eq!(media::KeyFrames::from_bytes(found.key_frames.as_bytes()), found.key_frames);
        return;
    }
});
