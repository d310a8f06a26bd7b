//! Reads what was made: samples out of `styp`, `moof` and `mdat`.

use crate::mp4::boxes::{boxes, find, u32_at, u64_at};

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub decoded: i64,
    pub later: i64,
    pub key: bool,
    pub bytes: Vec<u8>,
}

/// Panics where a segment is not sound.
pub(super) fn samples(segment: &[u8]) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut moof: Option<&[u8]> = None;
    let parts: Vec<_> = boxes(segment).collect();
    assert_eq!(parts.iter().map(|(_, body)| body.len() + 8).sum::<usize>(), segment.len(), "boxes fill a segment");
    assert_eq!(parts.first().map(|(kind, _)| *kind), Some(*b"styp"));
    for (kind, body) in parts {
        match &kind {
            b"moof" => moof = Some(body),
            b"mdat" => fragment(moof.take().expect("mdat stands behind moof"), body, &mut samples),
            _ => {}
        }
    }
    samples
}

fn fragment(moof: &[u8], mdat: &[u8], samples: &mut Vec<Sample>) {
    let traf = find(moof, b"traf").expect("one track");
    let mut decoded = u64_at(find(traf, b"tfdt").expect("a time"), 4).expect("of 64 bits") as i64;
    let trun = find(traf, b"trun").expect("samples");
    let field = |at: usize| u32_at(trun, at).expect("a whole trun");
    assert_eq!((field(0), field(8) as usize), (0x0100_0f01, moof.len() + 16), "data begins in mdat");
    let mut at = 0;
    for sample in 0..field(4) as usize {
        let entry = 12 + 16 * sample;
        let bytes = mdat[at..at + field(entry + 4) as usize].to_vec();
        at += bytes.len();
        let later = i64::from(field(entry + 12) as i32);
        samples.push(Sample { decoded, later, key: field(entry + 8) == 0x0200_0000, bytes });
        assert!(field(entry) > 0, "a sample lasts");
        decoded += i64::from(field(entry));
    }
    assert_eq!(at, mdat.len(), "samples fill mdat");
}
