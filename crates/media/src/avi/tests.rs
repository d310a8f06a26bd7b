//! Small films made by hand, and what is read of them.

use crate::tests::look;
use crate::{Codec, Container, Doubt, Facts, Found, Index, Kind, Ratio, Why};

fn chunk(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let pad = &[0][..body.len() % 2];
    [id, &(body.len() as u32).to_le_bytes()[..], body, pad].concat()
}

fn list(kind: &[u8; 4], body: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"LIST", &[&kind[..], &body.concat()].concat())
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn strh(kind: &[u8; 4], handler: &[u8; 4], scale: u32, rate: u32, length: u32) -> Vec<u8> {
    chunk(b"strh", &[kind, handler, &words(&[0, 0, 0, scale, rate, 0, length, 0, 0, 0, 0, 0])[..]].concat())
}

fn picture_format(compression: &[u8; 4], width: u32, height: i32) -> Vec<u8> {
    let numbers = [words(&[40, width, height as u32, 24 << 16 | 1]), compression.to_vec(), vec![0; 20]];
    chunk(b"strf", &numbers.concat())
}

fn sound_format(tag: u16, channels: u16, rate: u32, bytes: u32, more: &[u8]) -> Vec<u8> {
    let head = [&tag.to_le_bytes()[..], &channels.to_le_bytes(), &words(&[rate, bytes])].concat();
    chunk(b"strf", &[&head[..], &[1, 0, 16, 0], &(more.len() as u16).to_le_bytes(), more].concat())
}

/// Two streams, XviD and mp3, of `pictures` pictures.
fn streams(pictures: u32, more: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let video = [&[strh(b"vids", b"xvid", 1001, 24000, pictures), picture_format(b"XVID", 640, -272)], more].concat();
    // Sound of a variable rate: a frame of 1152 samples is a unit.
    let sound = [strh(b"auds", b"\0\0\0\0", 1152, 48000, 100), sound_format(0x55, 2, 48000, 16000, &[0; 12])];
    vec![list(b"strl", &video), list(b"strl", &sound)]
}

fn pictures() -> Vec<u8> {
    list(
        b"movi",
        &[chunk(b"00dc", &[1; 100]), chunk(b"01wb", &[2; 50]), chunk(b"00dc", &[3; 100]), chunk(b"00dc", &[4; 99])],
    )
}

fn riff(parts: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[b"AVI ", &parts.concat()[..]].concat())
}

fn found(bytes: &[u8]) -> Found {
    look(bytes).0.expect("a film")
}

fn film(headers: Vec<Vec<u8>>, index: Vec<u8>) -> Facts {
    found(&riff(&[list(b"hdrl", &headers), pictures(), index])).facts
}

#[test]
fn a_film_and_its_sounds() {
    let info = list(b"INFO", &[chunk(b"INAM", b"A film\0"), chunk(b"IAS1", b"ger\0")]);
    let facts = found(&riff(&[list(b"hdrl", &streams(240, &[])), info, pictures()])).facts;
    assert_eq!(
        (facts.container, facts.index, facts.title.as_deref()),
        (Container::Avi, Index::Missing, Some("A film"))
    );
    assert_eq!(facts.duration_ms, Some(10_010));
    let (track, video) = facts.video().expect("a picture");
    assert_eq!((track.codec, track.codec_id.as_str()), (Codec::Mpeg4, "XVID"));
    assert_eq!((video.width, video.height, video.frame_rate), (640, 272, Ratio::new(24000, 1001)));
    let (track, sound) = facts.audio().next().expect("a sound");
    assert_eq!((track.codec, sound.channels, sound.sample_rate), (Codec::Mp3, 2, 48000));
    assert_eq!((track.bit_rate, track.language.as_deref()), (Some(128_000), Some("de")));
}

#[test]
fn the_old_index_counts_from_the_list_or_from_the_file() {
    let before = riff(&[list(b"hdrl", &streams(3, &[]))]).len() as u32;
    for base in [4, before + 8 + 4] {
        let entries = [("00dc", 0x10, 0), ("01wb", 0x10, 108), ("00dc", 0, 166), ("00dc", 0x10, 274)];
        let entry = |(id, flags, at): &(&str, u32, u32)| [id.as_bytes(), &words(&[*flags, base + at, 100])].concat();
        let idx1 = chunk(b"idx1", &entries.iter().flat_map(entry).collect::<Vec<u8>>());
        let bytes = riff(&[list(b"hdrl", &streams(3, &[])), pictures(), idx1]);
        let found = found(&bytes);
        let keys: Vec<_> = found.key_frames.iter().map(|frame| (frame.time_ns / 1_000_000, frame.offset)).collect();
        let first = u64::from(before) + 12;
        assert_eq!(keys, [(0, first), (83, first + 274)]);
        assert_eq!(&bytes[first as usize..][..4], b"00dc");
        assert_eq!(found.facts.index, Index::End);
    }
}

#[test]
fn open_dml_has_an_index_of_indexes_and_counts_all_pictures() {
    let headers = |at: u64, bytes: u32| {
        let entries = [&at.to_le_bytes()[..], &words(&[bytes, 3])].concat();
        let indx = chunk(b"indx", &[&[4, 0, 0, 0], &words(&[1])[..], b"00dc", &[0; 12], &entries].concat());
        let odml = list(b"odml", &[chunk(b"dmlh", &words(&[7200]))]);
        [streams(240, &[indx]), vec![odml]].concat()
    };
    let before = riff(&[list(b"hdrl", &headers(0, 0)), pictures()]).len() as u64;
    let base = 1000u64;
    let entries = words(&[8, 100, 116, 100 | 1 << 31, 224, 100]);
    let body = [&[2, 0, 0, 1], &words(&[3])[..], b"00dc", &base.to_le_bytes(), &[0; 4], &entries].concat();
    let index = chunk(b"ix00", &body);
    let bytes =
        riff(&[list(b"hdrl", &headers(before, index.len() as u32)), pictures(), index, chunk(b"JUNK", &[0; 1000])]);
    let found = found(&bytes);
    let keys: Vec<_> = found.key_frames.iter().map(|frame| (frame.time_ns / 1_000_000, frame.offset)).collect();
    assert_eq!(keys, [(0, 1000), (83, 1216)]);
    assert_eq!((found.facts.duration_ms, found.facts.index), (Some(300_300), Index::End));
}

#[test]
fn shapes_subtitles_and_streams_that_are_none() {
    let vprp = chunk(b"vprp", &[words(&[0; 5]), vec![9, 0, 16, 0], words(&[720, 576, 2])].concat());
    let wide = list(b"strl", &[strh(b"vids", b"DX50", 1, 25, 10), picture_format(b"DX50", 720, 576), vprp]);
    let xsub = list(b"strl", &[strh(b"vids", b"DXSB", 1, 25, 1), picture_format(b"DXSB", 640, 100)]);
    let text = list(b"strl", &[strh(b"txts", b"\0\0\0\0", 1, 1, 1)]);
    let none = list(b"strl", &[strh(b"vids", b"XVID", 0, 0, 9)]);
    let facts = film(vec![wide, xsub, text, none], Vec::new());
    let (_, video) = facts.video().expect("a picture");
    assert_eq!((video.display, video.interlaced), (Some((1024, 576)), true));
    let kinds: Vec<_> = facts.tracks.iter().map(|track| (track.codec, track.kind == Kind::Subtitle)).collect();
    assert_eq!(kinds, [(Codec::Mpeg4, false), (Codec::Xsub, true), (Codec::Other, true), (Codec::Mpeg4, false)]);
    assert_eq!(facts.duration_ms, Some(400));
}

#[test]
fn no_shape_of_a_picture_is_too_strange() {
    let vprp = chunk(b"vprp", &[words(&[0; 5]), vec![1, 0, 1, 0], words(&[1, 1, 1])].concat());
    let tall = list(b"strl", &[strh(b"vids", b"XVID", 1, 25, 10), picture_format(b"XVID", 1, (1 << 30) + 1), vprp]);
    let facts = film(vec![tall], Vec::new());
    assert_eq!(facts.video().and_then(|(_, video)| video.display), Some(((1 << 30) + 1, (1 << 30) + 1)));
}

#[test]
fn a_sound_that_says_any_length_does_not_count() {
    let long = list(b"strl", &[strh(b"auds", b"\0\0\0\0", 1, 1, 500_000), sound_format(0x2000, 6, 48000, 56000, &[])]);
    assert_eq!(film([streams(240, &[]), vec![long.clone()]].concat(), Vec::new()).duration_ms, Some(10_010));
    assert_eq!(film(vec![long], Vec::new()).duration_ms, Some(500_000_000));
}

#[test]
fn what_was_cut_says_so() {
    let bytes = riff(&[list(b"hdrl", &streams(240, &[])), pictures(), chunk(b"idx1", &[0; 160])]);
    let cut = found(&bytes[..bytes.len() - 300]).facts;
    assert_eq!((cut.doubts, cut.tracks.len(), cut.duration_ms), (vec![Doubt::CutOff], 2, Some(10_010)));
    // Stopped by force: neither the file's size nor that of its pictures was written.
    let mut stopped = riff(&[list(b"hdrl", &streams(0, &[])), pictures()]);
    stopped[4..8].fill(0);
    let movi = stopped.windows(4).position(|window| window == b"movi").expect("a list of pictures");
    stopped[movi - 4..movi].fill(0);
    let facts = found(&stopped).facts;
    assert_eq!((facts.doubts, facts.tracks.len()), (vec![Doubt::CutOff], 2));
    assert_eq!(look(&bytes[..40]).0, Err(Why::Damaged));
    assert_eq!(look(b"RIFF\0\0\0\0WAVE").0, Err(Why::NotKnown));
}

proptest::proptest! {
    #[test]
    fn any_cut_and_any_flip_end(cut in 1usize..2000, flips in proptest::collection::vec((0usize..2000, 0u8..), 0..8)) {
        let entry = [&b"00dc"[..], &words(&[0x10, 4, 100])].concat();
        let indx = chunk(b"indx", &[&[4, 0, 0, 0], &words(&[1])[..], b"00dc", &[0; 28]].concat());
        let mut bytes = riff(&[list(b"hdrl", &streams(240, &[indx])), pictures(), chunk(b"idx1", &entry)]);
        for (at, value) in flips {
            let len = bytes.len();
            bytes[at % len] = value;
        }
        bytes.truncate(cut);
        let _ = look(&bytes);
    }
}
