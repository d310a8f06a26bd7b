//! Files that are not as they were written: refused where that can be seen, harmless where it cannot.

use std::fs::{self, File};
use std::path::Path;

use proptest::prelude::*;

use super::{AKAS, BASICS, Folder, RATINGS, ask, build};
use crate::layout::{HEADER_LEN, Header};
use crate::{Builder, Edits, Kind, OpenError, TitleIndex};

#[test]
fn every_flipped_byte_is_noticed() {
    let folder = Folder::new();
    let path = build(&folder).0;
    let whole = fs::read(&path).expect("there");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).expect("written");
        assert!(TitleIndex::open(&path).is_err(), "byte {at}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let folder = Folder::new();
    let path = build(&folder).0;
    let whole = fs::read(&path).expect("there");
    let open = |bytes: &[u8]| {
        fs::write(&path, bytes).expect("written");
        TitleIndex::open(&path).expect_err("it is no index")
    };
    let changed = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    assert!(matches!(open(&changed(0)), OpenError::NotOurs));
    assert!(matches!(open(&changed(8)), OpenError::OtherVersion));
    assert!(matches!(open(&changed(16)), OpenError::Damaged));
    assert!(matches!(open(&whole[..whole.len() - 1]), OpenError::Damaged), "cut");
    assert!(matches!(open(&[whole.as_slice(), b"x"].concat()), OpenError::Damaged), "longer");
    assert!(matches!(open(&whole[..30]), OpenError::NotOurs));
    assert!(matches!(open(b""), OpenError::NotOurs));
    assert!(matches!(TitleIndex::open(&folder.path().join("nowhere")), Err(OpenError::Missing)));
}

/// Opened without the check, as if the damage came afterwards.
fn opened(path: &Path, header: Header) -> Option<TitleIndex> {
    TitleIndex::map(&File::open(path).expect("there"), header).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damage_that_came_after_opening_ends_no_look_up(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..60),
        bits in 0..29_u32,
        entries in any::<u32>(),
    ) {
        let folder = Folder::new();
        let path = build(&folder).0;
        let mut bytes = fs::read(&path).expect("there");
        let head: [u8; HEADER_LEN] = bytes[..HEADER_LEN].try_into().expect("long enough");
        let header = Header::decode(&head, bytes.len() as u64).expect("whole");
        let length = bytes.len() - HEADER_LEN;
        for (at, value) in flips {
            bytes[HEADER_LEN..][at.index(length)] = value;
        }
        fs::write(&path, &bytes).expect("written");
        // The right header over wrong parts, and headers that lie.
        for header in [header, Header { bucket_bits: bits, ..header }, Header { entries, ..header }] {
            for name in ["The Matrix", "Metropolis", "Rocky 2", "Game of Thrones"] {
                if let Some(index) = opened(&path, header) {
                    for found in ask(&index, name, Some(1999), Edits::One) {
                        prop_assert!(found.name.len() <= 255);
                    }
                    let _ = index.about();
                }
            }
        }
    }

    #[test]
    fn any_question_is_answered(name in any::<String>(), year in any::<Option<u16>>()) {
        let folder = Folder::new();
        let index = TitleIndex::open(&build(&folder).0).expect("whole");
        let _ = ask(&index, &name, year, Edits::One);
    }

    #[test]
    fn any_lists_are_read_or_refused(
        text in prop::collection::vec(any::<u8>(), 0..400),
        at in any::<prop::sample::Index>(),
    ) {
        let folder = Folder::new();
        let path = folder.path().join("index");
        let mut file = File::create(&path).expect("created");
        let mut builder = Builder::new(&mut file, folder.path()).expect("begun");
        let spoilt = |list: &str| {
            let mut bytes = list.as_bytes().to_vec();
            let begin = at.index(bytes.len());
            bytes.splice(begin..begin, text.iter().copied());
            bytes
        };
        let _ = builder.ratings(spoilt(RATINGS).as_slice());
        let _ = builder.basics(spoilt(BASICS).as_slice());
        let _ = builder.akas(spoilt(AKAS).as_slice());
        let _ = builder.tmdb(Kind::Film, text.as_slice());
        builder.finish(b"").expect("what was read stands");
        TitleIndex::open(&path).expect("whole");
    }
}
