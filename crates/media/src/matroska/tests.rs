//! Tiny files, built element by element.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::ids::*;
use crate::{
    Attachment, Audio, Chapter, Codec, Container, Doubt, Facts, Found, Hdr, Index, KeyFrame, Kind, Ratio, TextBudget,
    Track, Video, Why,
    tests::{look, look_at},
};

/// An element with the shortest size.
fn el(id: u32, data: impl AsRef<[u8]>) -> Vec<u8> {
    let data = data.as_ref();
    let len = (1..=8).find(|len| (data.len() as u64) < (1 << (7 * len)) - 1).expect("shorter than that");
    sized(id, len, data.len() as u64, data)
}

/// An element whose size says `size` in `len` bytes, whatever the data.
fn sized(id: u32, len: usize, size: u64, data: &[u8]) -> Vec<u8> {
    let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let size = (size | 1 << (7 * len)).to_be_bytes();
    [&id, &size[8 - len..], data].concat()
}

fn unknown(id: u32, data: impl AsRef<[u8]>) -> Vec<u8> {
    sized(id, 8, (1 << 56) - 1, data.as_ref())
}

fn num(id: u32, number: u64) -> Vec<u8> {
    el(id, number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect::<Vec<_>>())
}

fn float(id: u32, number: f64) -> Vec<u8> {
    el(id, number.to_be_bytes())
}

fn all(parts: &[Vec<u8>]) -> Vec<u8> {
    parts.concat()
}

fn head() -> Vec<u8> {
    el(EBML, el(DOC_TYPE, "matroska"))
}

fn info() -> Vec<u8> {
    el(INFO, all(&[num(TIMESTAMP_SCALE, 1_000_000), float(DURATION, 60_000.0), el(TITLE, "Salt Road")]))
}

fn video_track(more: &[Vec<u8>]) -> Vec<u8> {
    let video = el(VIDEO, all(&[num(PIXEL_WIDTH, 1920), num(PIXEL_HEIGHT, 800)]));
    let entry =
        all(&[num(TRACK_NUMBER, 1), num(TRACK_UID, 11), num(TRACK_TYPE, 1), el(CODEC_ID, "V_MPEG4/ISO/AVC"), video]);
    el(TRACK_ENTRY, [entry, more.concat()].concat())
}

fn text_track(number: u64, more: &[Vec<u8>]) -> Vec<u8> {
    let entry = all(&[
        num(TRACK_NUMBER, number),
        num(TRACK_UID, 10 + number),
        num(TRACK_TYPE, 17),
        el(CODEC_ID, "S_TEXT/UTF8"),
    ]);
    el(TRACK_ENTRY, [entry, more.concat()].concat())
}

/// The inside of a block.
fn frame(track: u8, relative: i16, data: impl AsRef<[u8]>) -> Vec<u8> {
    let relative = relative.to_be_bytes();
    [&[0x80 | track, relative[0], relative[1], 0], data.as_ref()].concat()
}

fn cue(time: u64, track: u64, cluster: usize, more: &[Vec<u8>]) -> Vec<u8> {
    let positions = all(&[num(CUE_TRACK, track), num(CUE_CLUSTER_POSITION, cluster as u64), more.concat()]);
    el(CUE_POINT, all(&[num(CUE_TIME, time), el(CUE_TRACK_POSITIONS, positions)]))
}

fn seek(id: u32, position: usize) -> Vec<u8> {
    // A size of fixed length, so that positions can be reckoned before.
    el(SEEK, all(&[el(SEEK_ID, id.to_be_bytes()), el(SEEK_POSITION, (position as u64).to_be_bytes())]))
}

/// What nobody looks at, of this length with its head.
fn void(len: usize) -> Vec<u8> {
    sized(0xec, 8, len as u64 - 9, &vec![0; len - 9])
}

fn film(segment: impl AsRef<[u8]>) -> Vec<u8> {
    [head(), el(SEGMENT, segment)].concat()
}

fn found(bytes: &[u8]) -> Found {
    look(bytes).0.expect("it is known")
}

fn facts(bytes: &[u8]) -> Facts {
    found(bytes).facts
}

/// Elements behind megabytes of pictures, found by a seek head: (file, offset of the segment's data).
fn long_film(behind: &[(u32, Vec<u8>)]) -> (Vec<u8>, usize) {
    let tracks = el(TRACKS, all(&[video_track(&[]), text_track(2, &[])]));
    let heads_len = el(SEEK_HEAD, behind.iter().flat_map(|(id, _)| seek(*id, 0)).collect::<Vec<_>>()).len();
    let cluster = el(CLUSTER, all(&[num(TIMESTAMP, 0), el(SIMPLE_BLOCK, frame(1, 0, vec![7; 3 << 20]))]));
    let mut at = heads_len + info().len() + tracks.len() + cluster.len();
    let mut heads = Vec::new();
    let mut tail = Vec::new();
    for (id, data) in behind {
        heads.extend(seek(*id, at));
        let element = el(*id, data);
        at += element.len();
        tail.extend(element);
    }
    let segment = all(&[el(SEEK_HEAD, heads), info(), tracks, cluster, tail]);
    let start = head().len() + el(SEGMENT, &segment).len() - segment.len();
    (film(segment), start)
}

#[test]
#[expect(clippy::too_many_lines, reason = "one film, and all that is said of it")]
fn a_film_says_what_it_holds() {
    let sound = el(AUDIO, all(&[float(SAMPLING_FREQUENCY, 48000.0), num(CHANNELS, 6), num(BIT_DEPTH, 32)]));
    let sound = [
        num(TRACK_NUMBER, 2),
        num(TRACK_TYPE, 2),
        el(CODEC_ID, "A_AC3"),
        el(LANGUAGE, "ger"),
        num(FLAG_DEFAULT, 0),
        sound,
    ];
    let tags = el(TARGETS, num(TAG_TRACK_UID, 11));
    let tags = [tags, el(SIMPLE_TAG, all(&[el(TAG_NAME, "BPS"), el(TAG_STRING, "5000000")]))];
    let chapter = |start: u64, name: &str| {
        let display = el(CHAPTER_DISPLAY, el(CHAP_STRING, name));
        el(CHAPTER_ATOM, all(&[num(CHAPTER_TIME_START, start * 1_000_000), display]))
    };
    let bytes = film(all(&[
        info(),
        el(
            TRACKS,
            all(&[
                video_track(&[num(DEFAULT_DURATION, 41_708_333), el(LANGUAGE, "und")]),
                el(TRACK_ENTRY, sound.concat()),
                text_track(
                    3,
                    &[
                        num(FLAG_FORCED, 1),
                        num(FLAG_HEARING_IMPAIRED, 1),
                        el(LANGUAGE_BCP47, "pt-br"),
                        el(NAME, " Signs "),
                    ],
                ),
            ]),
        ),
        el(CHAPTERS, el(EDITION_ENTRY, all(&[chapter(30_000, "Two"), chapter(0, "One")]))),
        el(TAGS, el(TAG, tags.concat())),
        el(CLUSTER, num(TIMESTAMP, 0)),
    ]));
    let expected = Facts {
        duration_ms: Some(60_000),
        title: Some("Salt Road".into()),
        tracks: vec![
            Track {
                number: 1,
                kind: Kind::Video(Video {
                    width: 1920,
                    height: 800,
                    frame_rate: Ratio::new(24000, 1001),
                    ..Video::default()
                }),
                codec: Codec::H264,
                codec_id: "V_MPEG4/ISO/AVC".into(),
                default: true,
                bit_rate: Some(5_000_000),
                ..Track::default()
            },
            Track {
                number: 2,
                kind: Kind::Audio(Audio { channels: 6, sample_rate: 48000, ..Audio::default() }),
                codec: Codec::Ac3,
                codec_id: "A_AC3".into(),
                language: Some("de".into()),
                ..Track::default()
            },
            Track {
                number: 3,
                kind: Kind::Subtitle,
                codec: Codec::SubRip,
                codec_id: "S_TEXT/UTF8".into(),
                language: Some("pt-BR".into()),
                title: Some("Signs".into()),
                default: true,
                forced: true,
                hearing_impaired: true,
                ..Track::default()
            },
        ],
        chapters: vec![
            Chapter { start_ms: 0, title: Some("One".into()), ..Chapter::default() },
            Chapter { start_ms: 30_000, title: Some("Two".into()), ..Chapter::default() },
        ],
        ..Facts::default()
    };
    assert_eq!(facts(&bytes), expected);
}

#[test]
fn a_track_is_english_and_a_default_one_unless_it_says_otherwise() {
    let track = |more: &[Vec<u8>]| facts(&film(all(&[info(), el(TRACKS, text_track(1, more))]))).tracks[0].clone();
    assert_eq!((track(&[]).language.as_deref(), track(&[]).default), (Some("en"), true));
    assert_eq!(track(&[el(LANGUAGE, "und")]).language, None);
    assert_eq!(track(&[el(LANGUAGE, "fre")]).language.as_deref(), Some("fr"));
    // The newer element says more, also that nothing is known.
    assert_eq!(track(&[el(LANGUAGE_BCP47, "und"), el(LANGUAGE, "fre")]).language, None);
}

#[test]
fn shapes_and_colours_of_pictures() {
    let video = |inside: &[Vec<u8>]| {
        let video = el(VIDEO, [num(PIXEL_WIDTH, 720), num(PIXEL_HEIGHT, 576), inside.concat()].concat());
        let entry = all(&[num(TRACK_NUMBER, 1), num(TRACK_TYPE, 1), el(CODEC_ID, "V_THEORA"), video]);
        match facts(&film(all(&[info(), el(TRACKS, el(TRACK_ENTRY, entry))]))).tracks.remove(0).kind {
            Kind::Video(video) => video,
            other => panic!("{other:?}"),
        }
    };
    let shown = |width, height, unit| {
        video(&[num(DISPLAY_WIDTH, width), num(DISPLAY_HEIGHT, height), num(DISPLAY_UNIT, unit)]).display
    };
    assert_eq!(shown(1024, 576, 0), Some((1024, 576)));
    assert_eq!(shown(720, 576, 0), None);
    assert_eq!(shown(16, 9, 3), Some((1024, 576)));
    assert_eq!(shown(16, 9, 4), None);
    assert_eq!(shown(16, 0, 3), None);
    assert_eq!(shown(u64::from(u32::MAX), 1, 3), None);
    let colour = |code| video(&[el(COLOUR, all(&[num(TRANSFER_CHARACTERISTICS, code), num(BITS_PER_CHANNEL, 10)]))]);
    assert_eq!((colour(16).hdr, colour(16).bit_depth), (vec![Hdr::Hdr10], Some(10)));
    assert_eq!(colour(18).hdr, [Hdr::Hlg]);
    assert_eq!(colour(1).hdr, []);
    assert!(video(&[num(FLAG_INTERLACED, 1)]).interlaced);
    assert!(!video(&[num(FLAG_INTERLACED, 2)]).interlaced);
    assert!(video(&[num(STEREO_MODE, 1)]).stereo_3d);
}

#[test]
fn what_stands_beside_blocks_tells_of_dolby_vision_and_hdr10_plus() {
    let hdr = |mapping: &[Vec<u8>]| {
        let colour = el(COLOUR, num(TRANSFER_CHARACTERISTICS, 16));
        let mapping = el(BLOCK_ADDITION_MAPPING, mapping.concat());
        let entry =
            all(&[num(TRACK_NUMBER, 1), num(TRACK_TYPE, 1), el(CODEC_ID, "V_THEORA"), mapping, el(VIDEO, colour)]);
        match facts(&film(all(&[info(), el(TRACKS, el(TRACK_ENTRY, entry))]))).tracks.remove(0).kind {
            Kind::Video(video) => video.hdr,
            other => panic!("{other:?}"),
        }
    };
    let kind = |name: &[u8; 4]| num(BLOCK_ADD_ID_TYPE, u32::from_be_bytes(*name).into());
    // Profile 8, level 6, with RPU and base layer, compatible with HDR10.
    let record = el(BLOCK_ADD_ID_EXTRA_DATA, [1, 0, 16, 53, 16, 0, 0, 0]);
    assert_eq!(hdr(&[kind(b"dvvC"), record.clone()]), [Hdr::Hdr10, Hdr::DolbyVision { profile: 8, compatible: 1 }]);
    assert_eq!(hdr(&[record.clone(), kind(b"dvcC")]), [Hdr::Hdr10, Hdr::DolbyVision { profile: 8, compatible: 1 }]);
    assert_eq!(hdr(&[kind(b"hvcE"), record]), [Hdr::Hdr10]);
    assert_eq!(hdr(&[num(BLOCK_ADD_ID_TYPE, 4)]), [Hdr::Hdr10, Hdr::Hdr10Plus]);
    assert_eq!(hdr(&[num(BLOCK_ADD_ID_VALUE, 4)]), [Hdr::Hdr10, Hdr::Hdr10Plus]);
    assert_eq!(hdr(&[num(BLOCK_ADD_ID_VALUE, 4), num(BLOCK_ADD_ID_TYPE, 121)]), [Hdr::Hdr10]);
}

#[test]
fn first_frames_say_what_the_container_does_not() {
    // Stereo by the container, 5.1 and E-AC-3 by its first frame, which is stripped of its mark and stands behind a long picture.
    let frame_of_six = [0x03, 0x7f, 0x3f, 0x87, 0xc0, 0x00, 0x20, 0xf8, 0x20, 0x00, 0x02];
    let stripping = el(CONTENT_COMPRESSION, all(&[num(CONTENT_COMP_ALGO, 3), el(CONTENT_COMP_SETTINGS, [0x0b, 0x77])]));
    let sound = |encodings: Vec<u8>| {
        let audio = el(AUDIO, all(&[num(CHANNELS, 2), float(SAMPLING_FREQUENCY, 44100.0)]));
        el(TRACK_ENTRY, all(&[num(TRACK_NUMBER, 2), num(TRACK_TYPE, 2), el(CODEC_ID, "A_AC3"), audio, encodings]))
    };
    let look_at = |encodings: Vec<u8>, data: &[u8]| {
        let blocks = all(&[
            num(TIMESTAMP, 0),
            el(SIMPLE_BLOCK, frame(1, 0, vec![7; 900_000])),
            el(BLOCK_GROUP, el(BLOCK, frame(2, 0, data))),
            el(SIMPLE_BLOCK, frame(1, 40, vec![7; 900_000])),
        ]);
        let bytes = film(all(&[info(), el(TRACKS, all(&[video_track(&[]), sound(encodings)])), el(CLUSTER, blocks)]));
        let (found, reads) = look(&bytes);
        let read: u64 = reads.iter().map(|range| range.end - range.start).sum();
        assert!(read < 400_000, "{read} bytes");
        let track = found.expect("it is known").facts.tracks.remove(1);
        let Kind::Audio(audio) = track.kind else { panic!("it was a sound") };
        (track.codec, audio.channels, audio.sample_rate)
    };
    let stripped = el(CONTENT_ENCODINGS, el(CONTENT_ENCODING, stripping));
    assert_eq!(look_at(stripped, &frame_of_six), (Codec::Eac3, 6, 48000));
    assert_eq!(look_at(Vec::new(), &[&[0x0b, 0x77][..], &frame_of_six].concat()), (Codec::Eac3, 6, 48000));
    assert_eq!(look_at(Vec::new(), b"no frame"), (Codec::Ac3, 2, 44100));
}

#[test]
fn the_index_is_found_behind_the_pictures_with_three_reads() {
    let cues = all(&[
        cue(0, 1, 5, &[]),
        cue(2000, 1, 700, &[]),
        cue(1000, 2, 5, &[num(CUE_RELATIVE_POSITION, 30), num(CUE_DURATION, 500)]),
        // The same block at other times is no other line.
        cue(1200, 2, 5, &[num(CUE_RELATIVE_POSITION, 30)]),
        cue(1400, 2, 5, &[num(CUE_RELATIVE_POSITION, 30)]),
    ]);
    // More than the last 64 KiB, which are read anyway, so that it is really sought.
    let (bytes, start) = long_film(&[(CUES, [cues, void(300_000)].concat()), (TAGS, void(100))]);
    let (found, reads) = look(&bytes);
    let found = found.expect("it is known");
    assert_eq!(found.facts.index, Index::End);
    let at = |offset: usize| (start + offset) as u64;
    let frames: Vec<_> = found.key_frames.iter().collect();
    assert_eq!(frames, [KeyFrame { time_ns: 0, offset: at(5) }, KeyFrame { time_ns: 2_000_000_000, offset: at(700) }]);
    assert_eq!(found.text.spots.len(), 1);
    let spot = found.text.spots[0];
    assert_eq!(
        (spot.track, spot.start_ns, spot.duration_ns, spot.offset),
        (2, 1_000_000_000, Some(500_000_000), at(5 + 30 + 5))
    );
    assert_eq!(found.facts.doubts, []);
    let rest: u64 = reads[2..].iter().map(|range| range.end - range.start).sum();
    assert!(reads.len() <= 4 && rest < 320_000, "{reads:?}");
}

#[test]
fn cues_that_no_seek_head_names_are_found_among_the_last_bytes() {
    let tracks = el(TRACKS, video_track(&[]));
    let cluster = el(CLUSTER, all(&[num(TIMESTAMP, 0), el(SIMPLE_BLOCK, frame(1, 0, vec![7; 1 << 20]))]));
    let bytes = film(all(&[info(), tracks, cluster, el(CUES, cue(0, 1, 5, &[])), el(TAGS, void(50))]));
    let found = found(&bytes);
    assert_eq!((found.facts.index, found.key_frames.len()), (Index::End, 1));
}

#[test]
fn seek_heads_may_name_further_ones_and_themselves() {
    let cluster = el(CLUSTER, all(&[num(TIMESTAMP, 0), el(SIMPLE_BLOCK, frame(1, 0, vec![7; 500_000]))]));
    let tracks = el(TRACKS, video_track(&[]));
    let first_len = el(SEEK_HEAD, seek(SEEK_HEAD, 0)).len();
    let behind = first_len + info().len() + tracks.len() + cluster.len();
    let second_len = el(SEEK_HEAD, [seek(CUES, 0), seek(SEEK_HEAD, 0)].concat()).len();
    let bytes = film(all(&[
        el(SEEK_HEAD, seek(SEEK_HEAD, behind)),
        info(),
        tracks,
        cluster,
        el(SEEK_HEAD, [seek(CUES, behind + second_len + 200_000), seek(SEEK_HEAD, 0)].concat()),
        void(200_000),
        el(CUES, cue(0, 1, 5, &[])),
        void(200_000),
    ]));
    assert_eq!(found(&bytes).key_frames.len(), 1);
    assert_eq!(facts(&bytes).doubts, []);
}

#[test]
fn attachments_are_named_without_reading_them() {
    let font = |name: &str, len: usize| {
        el(
            ATTACHED_FILE,
            all(&[el(FILE_NAME, name), el(FILE_MEDIA_TYPE, "font/ttf"), el(FILE_DATA, vec![9; len]), num(0x46ae, 5)]),
        )
    };
    let fonts: Vec<Vec<u8>> = (0..6).map(|at| font(&format!("font {at}.ttf"), 2 << 20)).collect();
    let bytes = film(all(&[
        info(),
        el(TRACKS, text_track(1, &[])),
        el(ATTACHMENTS, fonts.concat()),
        el(CLUSTER, num(TIMESTAMP, 0)),
    ]));
    let (found, reads) = look(&bytes);
    let attachments = found.expect("it is known").facts.attachments;
    assert_eq!(
        attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>()[4..],
        ["font 4.ttf", "font 5.ttf"]
    );
    for Attachment { range, mime, .. } in attachments {
        assert_eq!(range.end - range.start, 2 << 20);
        assert!(bytes[range.start as usize..range.end as usize].iter().all(|byte| *byte == 9));
        assert_eq!(mime, "font/ttf");
    }
    let read: u64 = reads.iter().map(|range| range.end - range.start).sum();
    assert!(read < 400 * 1024, "{read} bytes of {}", bytes.len());
}

#[test]
fn sizes_that_are_not_known_end_where_they_must() {
    // As ffmpeg writes a live stream: neither the segment nor a cluster says how long it is.
    let cluster = |time| unknown(CLUSTER, all(&[num(TIMESTAMP, time), el(SIMPLE_BLOCK, frame(1, 480, [1, 2, 3]))]));
    let no_duration = el(INFO, num(TIMESTAMP_SCALE, 1_000_000));
    let segment = all(&[no_duration, el(TRACKS, video_track(&[])), cluster(0), cluster(7_000), cluster(9_000)]);
    let facts = facts(&[head(), unknown(SEGMENT, segment)].concat());
    assert_eq!(facts.duration_ms, Some(9480));
    assert_eq!(facts.doubts, [Doubt::DurationReckoned]);
    assert_eq!(facts.index, Index::Missing);
}

#[test]
fn a_file_that_was_cut_off_says_so() {
    let (bytes, _) = long_film(&[(CUES, cue(0, 1, 5, &[]))]);
    for len in [bytes.len() / 2, bytes.len() - 10] {
        let facts = facts(&bytes[..len]);
        assert_eq!(facts.tracks.len(), 2);
        assert!(facts.doubts.contains(&Doubt::CutOff), "{:?}", facts.doubts);
    }
    assert_eq!(look(&bytes[..10]).0, Err(Why::Damaged));
}

#[test]
fn a_file_may_begin_with_garbage() {
    let film = film(all(&[info(), el(TRACKS, text_track(1, &[]))]));
    let bytes = [vec![0x1a; 700], b"HTTP/1.1 200 OK\r\n\x1a\x45\xdf\xa3\r\n".to_vec(), film.clone()].concat();
    let mut facts = facts(&bytes);
    assert_eq!(facts.doubts, [Doubt::GarbageInFront]);
    facts.doubts.clear();
    assert_eq!(facts, self::facts(&film));
}

#[test]
fn damage_between_parts_is_passed_over() {
    let bytes = film(all(&[info(), vec![0; 77], el(TRACKS, text_track(1, &[])), el(CLUSTER, num(TIMESTAMP, 0))]));
    let facts = facts(&bytes);
    assert_eq!((facts.tracks.len(), facts.doubts), (1, vec![Doubt::Damaged]));
}

#[test]
fn one_damaged_track_costs_itself_alone() {
    // Its codec's id says to be longer than the track.
    let bad = el(TRACK_ENTRY, all(&[num(TRACK_NUMBER, 9), num(TRACK_TYPE, 2), sized(CODEC_ID, 4, 1 << 20, b"A_AC3")]));
    let facts = facts(&film(all(&[info(), el(TRACKS, all(&[video_track(&[]), bad, text_track(3, &[])]))])));
    assert_eq!(facts.tracks.iter().map(|track| track.number).collect::<Vec<_>>(), [1, 9, 3]);
    assert_eq!(facts.doubts, [Doubt::Damaged]);
}

#[test]
fn hostile_sizes_end_nothing_but_themselves() {
    for len in [4, 8] {
        let lie = sized(TAGS, len, (1 << (7 * len)) - 2, b"");
        let facts = facts(&film(all(&[info(), el(TRACKS, text_track(1, &[])), lie])));
        assert_eq!(facts.tracks.len(), 1);
        assert!(facts.doubts.contains(&Doubt::CutOff));
    }
    // Nothing is read deeper than it is known, and doubles count once.
    let deep = (0..5000).fold(Vec::new(), |inside, _| el(TRACK_ENTRY, inside));
    assert_eq!(
        facts(&film(all(&[info(), el(TRACKS, all(&[deep, text_track(2, &[]), text_track(2, &[])]))]))).tracks.len(),
        1
    );
}

#[test]
fn what_repeats_without_end_is_kept_in_part() {
    // Each of 30,000 lines twice is no film; what is kept of cues, parts and attachments has an end.
    let many = |one: Vec<u8>, count: usize| one.repeat(count);
    let cues = many(cue(1, 2, 5, &[num(CUE_RELATIVE_POSITION, 30)]), 320_000);
    let (bytes, _) = long_film(&[(CUES, cues), (ATTACHMENTS, many(el(ATTACHED_FILE, el(FILE_NAME, "a")), 600))]);
    let found = found(&bytes);
    assert_eq!(found.facts.attachments.len(), 500);
    assert!(found.facts.doubts.contains(&Doubt::TooMany));
    let heads = film(all(&[info(), many(el(SEEK_HEAD, seek(CUES, 0)), 10_000), el(TRACKS, text_track(1, &[]))]));
    // The tracks come behind more parts than are kept.
    assert_eq!(facts(&heads).tracks, []);
}

#[test]
fn what_begins_as_matroska_and_says_nothing_is_damaged() {
    assert_eq!(look(&head()).0, Err(Why::Damaged));
    assert_eq!(look(&film([])).0, Err(Why::Damaged));
    assert_eq!(look(&film(void(200))).0, Err(Why::Damaged));
    assert_eq!(look(b"hello, world: no film at all").0, Err(Why::NotKnown));
    assert_eq!(look(b"").0, Err(Why::Empty));
    assert_eq!(look_at(1000, |_| Vec::new()).0, Err(Why::OutOfReach));
}

#[test]
fn webm_is_told_apart() {
    let bytes = [el(EBML, el(DOC_TYPE, "webm")), el(SEGMENT, all(&[info(), el(TRACKS, video_track(&[]))]))].concat();
    assert_eq!(facts(&bytes).container, Container::WebM);
}

#[test]
fn the_end_out_of_reach_costs_the_index_alone() {
    let (bytes, _) = long_film(&[(CUES, [cue(0, 1, 5, &[]), void(200_000)].concat())]);
    let (found, _) = look_at(bytes.len() as u64, |range| {
        if range.start > 1 << 20 { Vec::new() } else { bytes[range.start as usize..range.end as usize].to_vec() }
    });
    let found = found.expect("it is known");
    assert_eq!((found.facts.tracks.len(), found.key_frames.len(), found.hash), (2, 0, None));
}

/// A film with lines at every second in two tracks, and what they say.
fn film_with_lines(encoding: &[Vec<u8>], pack: impl Fn(&str) -> Vec<u8>) -> (Vec<u8>, Vec<(u64, u64, String)>) {
    let tracks = el(TRACKS, all(&[video_track(&[]), text_track(2, encoding), text_track(3, &[])]));
    let start = info().len() + tracks.len();
    let (mut clusters, mut cues, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for second in 0..40u64 {
        // Heads of several lengths.
        let head_len = 1 + second as usize % 8;
        let mut inside = all(&[num(TIMESTAMP, second * 1000), el(SIMPLE_BLOCK, frame(1, 0, vec![0xa0; 90_000]))]);
        let position = start + clusters.len();
        for track in [2u8, 3] {
            let text = format!("line {second} of track {track}");
            let payload = if track == 2 { pack(&text) } else { text.clone().into_bytes() };
            let relative = inside.len() as u64;
            inside.extend(el(BLOCK_GROUP, all(&[el(BLOCK, frame(track, 0, payload)), num(BLOCK_DURATION, 700)])));
            cues.extend(cue(second * 1000, track.into(), position, &[num(CUE_RELATIVE_POSITION, relative)]));
            lines.push((track.into(), second * 1_000_000_000, text));
        }
        let head_len = head_len.max(3); // 90 KB want three bytes
        clusters.extend(sized(CLUSTER, head_len, inside.len() as u64, &inside));
    }
    (film(all(&[info(), tracks, clusters, el(CUES, cues)])), lines)
}

fn read_lines(bytes: &[u8], budget: TextBudget) -> (Vec<(u64, u64, String)>, crate::Cost) {
    let found = found(bytes);
    let size = bytes.len() as u64;
    let plan = found.text.plan(&[2, 3], size, budget);
    let mut lines = Vec::new();
    let mut reads = plan.reads;
    while let Some(read) = reads.pop() {
        let got = found.text.lines(&read, &bytes[read.range.start as usize..read.range.end as usize], size);
        assert_eq!(got.wrong, []);
        reads.extend(got.more);
        for line in got.lines {
            assert_eq!(line.duration_ns, Some(700_000_000));
            lines.push((line.track, line.start_ns, String::from_utf8(line.payload).expect("text")));
        }
    }
    lines.sort_by_key(|line| (line.1, line.0));
    (lines, plan.cost)
}

#[test]
fn lines_are_read_by_cues_and_unpacked() {
    let encoding = |algorithm, settings: &[u8]| {
        let inside =
            el(CONTENT_COMPRESSION, all(&[num(CONTENT_COMP_ALGO, algorithm), el(CONTENT_COMP_SETTINGS, settings)]));
        vec![el(CONTENT_ENCODINGS, el(CONTENT_ENCODING, inside))]
    };
    let zlib = |text: &str| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).expect("into memory");
        encoder.finish().expect("into memory")
    };
    let films = [
        film_with_lines(&[], |text| text.as_bytes().to_vec()),
        // Nothing is packed where nothing is said of how.
        film_with_lines(&[el(CONTENT_ENCODINGS, el(CONTENT_ENCODING, []))], |text| text.as_bytes().to_vec()),
        film_with_lines(&encoding(0, b""), zlib),
        film_with_lines(&encoding(3, b"line "), |text| text.as_bytes()[5..].to_vec()),
    ];
    for (bytes, expected) in films {
        let (lines, cost) = read_lines(&bytes, TextBudget::default());
        assert_eq!(lines, expected);
        assert!(cost.bytes < bytes.len() as u64 / 4, "{cost:?}");
    }
}

#[test]
fn a_line_unpacks_to_no_more_than_lines_have() {
    let zlib = |text: &str| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, format!("{text}{}", "x".repeat(1 << 20)).as_bytes())
            .expect("into memory");
        encoder.finish().expect("into memory")
    };
    let inside = el(CONTENT_COMPRESSION, all(&[num(CONTENT_COMP_ALGO, 0), el(CONTENT_COMP_SETTINGS, b"")]));
    let (bytes, expected) = film_with_lines(&[el(CONTENT_ENCODINGS, el(CONTENT_ENCODING, inside))], zlib);
    let (lines, _) = read_lines(&bytes, TextBudget::default());
    assert_eq!(lines.len(), expected.len());
    assert!(lines.iter().filter(|line| line.0 == 2).all(|line| line.2.len() == 256 << 10));
}

#[test]
fn reads_are_joined_when_calls_are_few_and_bytes_suffice() {
    let (bytes, expected) = film_with_lines(&[], |text| text.as_bytes().to_vec());
    let cost = |calls, max_bytes| {
        let (lines, cost) = read_lines(&bytes, TextBudget { calls, bytes: max_bytes });
        assert_eq!(lines, expected);
        cost
    };
    let blocks = (bytes.len() as u64).div_ceil(1 << 20);
    assert!(cost(1500, 64 << 20).calls >= 40);
    assert_eq!(cost(0, 64 << 20).calls, blocks);
    let some = cost(20, 64 << 20);
    assert!(some.calls == 20 && some.bytes < cost(0, 64 << 20).bytes);
    assert!(cost(0, 1 << 20).bytes <= 1 << 20);
}

#[test]
fn a_long_line_is_read_once_more() {
    let long = "x".repeat(60_000);
    let (bytes, expected) = film_with_lines(&[], |text| format!("{text} {long}").into_bytes());
    let (lines, _) = read_lines(&bytes, TextBudget::default());
    assert_eq!(lines.len(), expected.len());
    assert!(lines[0].2.len() > 60_000);
}

#[test]
fn webm_s_cues_of_webvtt_come_as_those_of_matroska() {
    let webm = [el(CODEC_ID, "D_WEBVTT/SUBTITLES")];
    let (bytes, expected) = film_with_lines(&webm, |text| format!("intro\nalign:start\n{text}\nand more").into_bytes());
    let found = found(&bytes);
    let read = &found.text.plan(&[2], bytes.len() as u64, TextBudget::default()).reads[0];
    let line = found
        .text
        .lines(read, &bytes[read.range.start as usize..read.range.end as usize], bytes.len() as u64)
        .lines
        .remove(0);
    assert_eq!(line.payload, format!("{}\nand more", expected[0].2).into_bytes());
    assert_eq!(line.addition, b"align:start\nintro");
}

#[test]
fn tracks_without_cues_say_so() {
    let tags = |lines: &str| {
        let tag = [
            el(TARGETS, num(TAG_TRACK_UID, 12)),
            el(SIMPLE_TAG, all(&[el(TAG_NAME, "NUMBER_OF_FRAMES-eng"), el(TAG_STRING, lines)])),
        ];
        (TAGS, el(TAG, tag.concat()))
    };
    let cues = (CUES, cue(0, 2, 5, &[num(CUE_RELATIVE_POSITION, 30)]));
    let incomplete = |behind: &[(u32, Vec<u8>)]| found(&long_film(behind).0).text.incomplete;
    assert_eq!(incomplete(&[]), BTreeSet::from([2]));
    assert_eq!(incomplete(std::slice::from_ref(&cues)), BTreeSet::new());
    assert_eq!(incomplete(&[cues.clone(), tags("1")]), BTreeSet::new());
    assert_eq!(incomplete(&[cues, tags("2")]), BTreeSet::from([2]));
    assert_eq!(incomplete(&[tags("0")]), BTreeSet::new());
}

#[test]
fn laced_blocks_give_their_first_frame() {
    let first = |flags: u8, data: &[u8]| {
        super::block::block(&[&[0x81, 0, 0, flags], data].concat())
            .and_then(|block| block.first_frame().map(<[u8]>::to_vec))
    };
    assert_eq!(first(0, b"frame"), Some(b"frame".to_vec()));
    assert_eq!(first(0x02, &[&[2, 255, 1, 3][..], b"frame"].concat()), Some(b"frame".to_vec()));
    assert_eq!(first(0x04, &[&[1][..], b"frame"].concat()), Some(b"frame".to_vec()));
    assert_eq!(first(0x06, &[&[2, 0x85, 0xbf][..], b"frame"].concat()), Some(b"frame".to_vec()));
    assert_eq!(first(0x02, &[9, 255, 255]), None);
    assert_eq!(first(0x06, &[9]), None);
}

proptest! {
    // Films of some megabytes.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_in_the_place_of_any_end_and_stay_bounded(
        at in any::<prop::sample::Index>(), junk in prop::collection::vec(any::<u8>(), 0..40), cut in any::<prop::sample::Index>(),
        which in 0..2,
    ) {
        let mut bytes = match which {
            0 => film_with_lines(&[], |text| text.as_bytes().to_vec()).0,
            _ => long_film(&[(CUES, cue(0, 1, 5, &[])), (CHAPTERS, void(90)), (ATTACHMENTS, el(ATTACHED_FILE, el(FILE_DATA, [0; 50])))]).0,
        };
        // Near either end, where everything stands that is read.
        let place = at.index(4000.min(bytes.len()));
        let place = if junk.len() % 2 == 0 { place } else { bytes.len() - 1 - place };
        let end = (place + junk.len()).min(bytes.len());
        bytes.splice(place..end, junk);
        let _ = look(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        if let (Ok(found), _) = look(&bytes) {
            let size = bytes.len() as u64;
            let plan = found.text.plan(&[2, 3], size, TextBudget::default());
            for read in plan.reads {
                prop_assert!(read.range.end <= size);
                let got = found.text.lines(&read, &bytes[read.range.start as usize..read.range.end as usize], size);
                prop_assert_eq!(got.lines.len() + got.more.len() + got.wrong.len(), read.spots.len());
                prop_assert!(got.more.iter().all(|more| more.range.end > read.range.end));
            }
        }
    }

    #[test]
    fn any_inside_of_a_segment_ends(inside in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = look(&film(&inside));
        let _ = look(&film(el(TRACKS, &inside)));
        let _ = look(&film([info(), el(CUES, &inside), el(ATTACHMENTS, &inside), el(CLUSTER, &inside)].concat()));
    }
}
