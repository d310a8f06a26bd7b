//! Small streams made by hand, and what is read of them.

use crate::codecs::hex;
use crate::tests::{look, look_at};
use crate::{Codec, Container, Doubt, Facts, Why};

const SIZE: usize = 188;

/// A packet of `pid`. What it carries ends at its end; what is missing is stuffing before it.
fn packet(pid: u16, begins: bool, clock: Option<u64>, payload: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    if let Some(clock) = clock {
        field.push(0x10);
        field.extend([(clock >> 25) as u8, (clock >> 17) as u8, (clock >> 9) as u8, (clock >> 1) as u8]);
        field.extend([(clock << 7) as u8, 0]);
    }
    let room = SIZE - 4 - 1 - field.len();
    assert!(payload.len() <= room);
    if field.is_empty() && payload.len() < room {
        field.push(0);
    }
    field.resize(SIZE - 4 - 1 - payload.len(), 0xff);
    let begins = if begins { 0x40 } else { 0 };
    [&[0x47, begins | (pid >> 8) as u8, pid as u8, 0x30, field.len() as u8], &field[..], payload].concat()
}

fn section(table_id: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len() + 9;
    let head = [0, table_id, 0xb0 | (length >> 8) as u8, length as u8, 0, 1, 0xc1, 0, 0];
    [&head, body, &[0; 4]].concat()
}

fn pes(id: u8, time: u64, payload: &[u8]) -> Vec<u8> {
    let time = [
        0x21 | (time >> 29) as u8 & 0x0e,
        (time >> 22) as u8,
        (time >> 14) as u8 | 1,
        (time >> 7) as u8,
        (time << 1) as u8 | 1,
    ];
    [&[0, 0, 1, id, 0, 0, 0x80, 0x80, 5], &time[..], payload].concat()
}

const SPS: &str = "00000001676e0028a6cd940780227a9bff04d004d16a020202800001f480005dc0078c18cb00";

/// A table of programs, one of streams, and pictures at these times, the third of which shows its parameter set. `packets` of nothing between.
fn recording(times: &[u64], between: usize) -> Vec<u8> {
    let pat = section(0, &[0, 1, 0xf0, 0x00]);
    let streams = [0xe1, 0, 0xf0, 0, 0x1b, 0xe1, 0, 0xf0, 0, 6, 0xe1, 1, 0xf0, 7, 0x59, 5];
    let pmt = section(2, &[&streams[..], b"ger\x20\0"].concat());
    let mut bytes = [packet(0, true, None, &pat), packet(0x1000, true, None, &pmt)].concat();
    let sps = hex(SPS);
    for (number, time) in times.iter().enumerate() {
        let frame = if number == 2 { &sps[..] } else { &[0, 0, 1, 0x41, 9][..] };
        bytes.extend(packet(0x100, true, Some(*time), &pes(0xe0, *time, frame)));
        for _ in 0..between {
            bytes.extend(packet(0x1fff, false, None, &[]));
        }
    }
    bytes
}

fn facts(bytes: &[u8]) -> Facts {
    look(bytes).0.expect("a stream").facts
}

#[test]
fn a_recording_that_begins_in_mid_film() {
    let facts = facts(&recording(&[900_000, 903_600, 907_200, 1_800_000], 0));
    assert_eq!((facts.container, facts.duration_ms), (Container::MpegTs, None), "so few bytes are no film");
    let codecs: Vec<Codec> = facts.tracks.iter().map(|track| track.codec).collect();
    assert_eq!(codecs, [Codec::H264, Codec::DvbSubtitle]);
    assert_eq!(facts.video().map(|(_, video)| (video.width, video.height)), Some((1918, 1078)));
    let subtitle = &facts.tracks[1];
    assert_eq!((subtitle.number, subtitle.language.as_deref(), subtitle.hearing_impaired), (0x101, Some("de"), true));
}

#[test]
fn the_duration_is_from_the_first_time_to_the_last() {
    // The first picture that comes is the second one that is shown, and times begin anew behind the third.
    let begin = (1u64 << 33) - 90_000;
    let bytes = recording(&[begin + 3600, begin, begin + 7200, 90_000 * 9], 600);
    let facts = facts(&bytes);
    assert_eq!(facts.duration_ms, Some(10_000));
    assert_eq!(facts.doubts, [Doubt::DurationReckoned]);
}

#[test]
fn packets_may_have_a_time_before_or_parity_behind_and_garbage_before_all() {
    let bytes = recording(&[0, 3600, 7200, 10800], 0);
    let wide = |before: usize, behind: usize| -> Vec<u8> {
        let widened = |packet: &[u8]| [&vec![0; before][..], packet, &vec![0; behind]].concat();
        bytes.chunks(SIZE).flat_map(widened).collect()
    };
    let m2ts = facts(&wide(4, 0));
    assert_eq!(
        (m2ts.container, &m2ts.doubts[..], m2ts.tracks[0].codec),
        (Container::M2ts, &[Doubt::DurationReckoned][..], Codec::H264)
    );
    assert_eq!(facts(&wide(0, 16)).container, Container::MpegTs);
    let garbage = [&[9; 1000][..], &bytes].concat();
    assert!(facts(&garbage).doubts.contains(&Doubt::GarbageInFront));
}

#[test]
fn a_stream_without_tables_tells_nothing() {
    let bytes = recording(&[0, 3600, 7200, 10800], 3);
    assert_eq!(look(&bytes[SIZE * 2..]).0, Err(Why::Damaged));
}

#[test]
fn what_is_scrambled_is_not_looked_at() {
    let mut bytes = recording(&[0, 3600, 7200, 10800], 3);
    for packet in bytes.chunks_mut(SIZE).skip(2) {
        packet[3] |= 0x80;
    }
    let facts = facts(&bytes);
    assert!(facts.tracks[0].encrypted && facts.doubts.contains(&Doubt::Encrypted));
    assert_eq!(facts.video().map(|(_, video)| video.width), Some(0));
}

#[test]
fn a_long_recording_costs_both_its_ends() {
    let head = recording(&[0, 3600, 7200, 10800], 0);
    let filler = packet(0x1fff, false, None, &[]);
    let tail = packet(0x100, true, None, &pes(0xe0, 90_000 * 7200, &[0, 0, 1, 0x41]));
    // 8 GB, the last time of which stands 400 KB before the end.
    let count = 43_000_000;
    let at = |number: u64| match number {
        _ if number < (head.len() / SIZE) as u64 => &head[number as usize * SIZE..][..SIZE],
        _ if number == count - 2000 => &tail[..],
        _ => &filler[..],
    };
    let read = |range: std::ops::Range<u64>| {
        let (first, last) = (range.start / SIZE as u64, range.end.div_ceil(SIZE as u64));
        let bytes: Vec<u8> = (first..last).flat_map(at).copied().collect();
        bytes[(range.start % SIZE as u64) as usize..][..(range.end - range.start) as usize].to_vec()
    };
    let (found, reads) = look_at(count * SIZE as u64, read);
    assert_eq!(found.expect("a stream").facts.duration_ms, Some(7_200_000));
    let bytes: u64 = reads.iter().map(|range| range.end - range.start).sum();
    assert!(reads.len() <= 3 && bytes < 1_500_000, "{reads:?}");
}

proptest::proptest! {
    #[test]
    fn any_cut_and_any_flip_end(cut in 1usize..9000, flips in proptest::collection::vec((0usize..9000, 0u8..), 0..9)) {
        let mut bytes = recording(&[0, 3600, 7200, 10800], 9);
        for (at, value) in flips {
            let len = bytes.len();
            bytes[at % len] = value;
        }
        bytes.truncate(cut);
        let _ = look(&bytes);
    }
}
