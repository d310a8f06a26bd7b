//! How tests look into files that lie in memory, and what holds for every file.

use std::ops::Range;

use crate::{Found, Limits, Probe, Step, Why};

/// The outcome and the reads it took. Panics when the probe breaks what it promises, whatever the bytes.
pub fn look(bytes: &[u8]) -> (Result<Found, Why>, Vec<Range<u64>>) {
    look_at(bytes.len() as u64, |range| bytes[range.start as usize..range.end as usize].to_vec())
}

/// A file of `size` bytes that `read` reads; what it gives may be shorter than the range.
pub fn look_at(size: u64, read: impl Fn(Range<u64>) -> Vec<u8>) -> (Result<Found, Why>, Vec<Range<u64>>) {
    let limits = Limits::default();
    let mut probe = Probe::new(size);
    let mut reads: Vec<Range<u64>> = Vec::new();
    for _ in 0..=limits.steps {
        match probe.step() {
            Step::Need(ranges) => {
                assert!(!ranges.is_empty(), "a step that asks for nothing");
                for range in ranges {
                    assert!(range.start < range.end && range.end <= size, "{range:?} of {size}");
                    assert!(
                        !reads.iter().any(|read| read.start < range.end && range.start < read.end),
                        "{range:?} twice"
                    );
                    probe.give(range.start, &read(range.clone()));
                    reads.push(range);
                }
                let bytes: u64 = reads.iter().map(|range| range.end - range.start).sum();
                assert!(bytes <= limits.header_bytes + limits.index_bytes, "{bytes} bytes read");
                assert_eq!(bytes, probe.asked_bytes());
            }
            Step::Done(found) => return (Ok(*found), reads),
            Step::Unknown(why) => return (Err(why), reads),
        }
    }
    panic!("more steps than the limits allow");
}
