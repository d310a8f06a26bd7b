//! Records and first frames: those as digits come from files that ffmpeg wrote, the others are built field by field, for nobody's free encoder writes them.

use proptest::prelude::*;

use super::{dolby_vision, frame, nal::hex, record};
use crate::{Audio, Codec, Hdr, Kind, ObjectAudio, Ratio, Track, Video};

fn sound(codec: Codec) -> Track {
    Track { codec, kind: Kind::Audio(Audio::default()), ..Track::default() }
}

fn picture(codec: Codec) -> Track {
    Track { codec, kind: Kind::Video(Video::default()), ..Track::default() }
}

/// Fields of (value, bits), the highest bit first, zeros up to a whole byte.
fn bits(fields: &[(u32, usize)]) -> Vec<u8> {
    let all: Vec<bool> =
        fields.iter().flat_map(|(value, len)| (0..*len).rev().map(move |bit| value >> bit & 1 == 1)).collect();
    all.chunks(8)
        .map(|eight| eight.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << (7 - at)))
        .collect()
}

/// Codec, profile, channels, rate, depth, objects.
type Told = (Codec, Option<&'static str>, u16, u32, Option<u8>, Option<ObjectAudio>);

#[track_caller]
fn tells(read: fn(&mut Track, &[u8]), codec: Codec, bytes: &[u8], told: Told) {
    let mut track = sound(codec);
    read(&mut track, bytes);
    let Kind::Audio(audio) = track.kind else { panic!("it was a sound") };
    let profile = track.profile.as_deref();
    assert_eq!(
        (track.codec, profile, audio.channels, audio.sample_rate, audio.bit_depth, audio.objects),
        told,
        "{bytes:x?}"
    );
}

#[test]
fn frames_of_real_sounds() {
    tells(frame, Codec::Ac3, &hex("0b77980c1e40ebf8403eff99ff0841fc"), (Codec::Ac3, None, 6, 48000, None, None));
    tells(
        frame,
        Codec::Eac3,
        &hex("0b77037f3f87c00020f820000200400004001fcc7e01"),
        (Codec::Eac3, None, 6, 48000, None, None),
    );
    // What calls itself the other one is what its bytes are.
    tells(
        frame,
        Codec::Ac3,
        &hex("0b77037f3f87c00020f820000200400004001fcc7e01"),
        (Codec::Eac3, None, 6, 48000, None, None),
    );
    tells(
        frame,
        Codec::Dts,
        &hex("7ffe8001fc3c75b276c005380009ef7bdeffffff"),
        (Codec::Dts, Some("DTS"), 6, 48000, Some(16), None),
    );
    let truehd = "804cffd8f8726fba0097c00fb752000000008c7f110454000000808000007828203bf1ea";
    tells(frame, Codec::TrueHd, &hex(truehd), (Codec::TrueHd, None, 6, 48000, None, None));
    tells(frame, Codec::Mp3, &hex("fffde40488666677"), (Codec::Mp2, None, 2, 48000, None, None));
    tells(frame, Codec::Mp3, &hex("fffb5400"), (Codec::Mp3, None, 2, 48000, None, None));
    tells(frame, Codec::Mp3, &hex("fff3c4c4"), (Codec::Mp3, None, 1, 24000, None, None));
    tells(frame, Codec::Aac, &hex("fff150800d1ffc"), (Codec::Aac, Some("LC"), 2, 44100, None, None));
    for codec in [Codec::Ac3, Codec::Dts, Codec::TrueHd, Codec::Mp3, Codec::Aac, Codec::Flac] {
        tells(frame, codec, b"no sound at all, but some text", (codec, None, 0, 0, None, None));
        tells(frame, codec, b"", (codec, None, 0, 0, None, None));
    }
}

/// An E-AC-3 frame of `len` bytes up to `addbsi`: independent (5.1) or dependent with a map of its channels; Atmos when told.
fn eac3(len: usize, map: Option<u32>, atmos: bool) -> Vec<u8> {
    let mut fields =
        vec![(0x0b77, 16), (map.is_some().into(), 2), (0, 3), (len as u32 / 2 - 1, 11), (0, 2), (3, 2), (7, 3)];
    fields.extend([(u32::from(map.is_none()), 1), (16, 5), (31, 5), (1, 1), (0xaa, 8)]);
    if let Some(map) = map {
        fields.extend([(1, 1), (map, 16)]);
    }
    // mixmdate with everything in it, infomdate with some.
    fields.extend([(1, 1), (1, 2), (0, 6), (0, 6)]);
    if map.is_none() {
        fields.extend([(1, 1), (9, 5), (1, 1), (9, 6), (0, 1), (3, 2), (2, 5), (0, 32), (1, 1)]);
        fields.extend([(0, 1); 6]);
    }
    fields.extend([(1, 1), (0, 5), (0, 2), (1, 1), (0xff, 8), (0, 1)]);
    fields.push((u32::from(atmos), 1));
    if atmos {
        fields.extend([(1, 6), (0, 7), (1, 1), (16, 8)]);
    }
    let mut frame = bits(&fields);
    frame.resize(len, 0);
    frame
}

#[test]
fn atmos_and_further_channels_in_e_ac_3() {
    let (rear, atmos) = (0x0200, Some(ObjectAudio::Atmos));
    tells(frame, Codec::Eac3, &eac3(64, None, false), (Codec::Eac3, None, 6, 48000, None, None));
    tells(frame, Codec::Eac3, &eac3(64, None, true), (Codec::Eac3, None, 6, 48000, None, atmos));
    let wide = [eac3(64, None, false), eac3(40, Some(0x1800 | rear), true), eac3(64, None, false)].concat();
    tells(frame, Codec::Eac3, &wide, (Codec::Eac3, None, 8, 48000, None, atmos));
    // The next independent frame's are not this one's.
    let two = [eac3(64, None, false), eac3(64, None, true)].concat();
    tells(frame, Codec::Eac3, &two, (Codec::Eac3, None, 6, 48000, None, None));
    let dec3 = |dependent: &[(u32, usize)], tail: &[(u32, usize)]| {
        let head = [(640, 13), (0, 3), (0, 2), (16, 5), (0, 2), (0, 3), (7, 3), (1, 1), (0, 3)];
        bits(&[&head[..], dependent, tail].concat())
    };
    let none = (Codec::Eac3, None, 6, 48000, None, None);
    tells(record, Codec::Eac3, &dec3(&[(0, 4), (0, 1)], &[]), none);
    tells(
        record,
        Codec::Eac3,
        &dec3(&[(0, 4), (0, 1)], &[(0, 7), (1, 1), (16, 8)]),
        (Codec::Eac3, None, 6, 48000, None, atmos),
    );
    tells(record, Codec::Eac3, &dec3(&[(1, 4), (2, 9)], &[]), (Codec::Eac3, None, 8, 48000, None, None));
    tells(
        record,
        Codec::Ac3,
        &bits(&[(0, 2), (8, 5), (0, 3), (7, 3), (1, 1), (15, 5)]),
        (Codec::Ac3, None, 6, 48000, None, None),
    );
}

#[test]
fn atmos_in_truehd() {
    let mut fields = vec![(0, 32), (0xf872_6fba, 32), (0, 4), (0, 8), (0x0f, 5), (0, 2), (0x004f, 13)];
    fields.extend([(0xb752, 16), (0, 16), (0, 16), (0, 16), (4, 4), (0, 2), (0, 2)]);
    let with = |objects| bits(&[&fields[..], &[(objects, 1), (0, 7)]].concat());
    tells(frame, Codec::TrueHd, &with(0), (Codec::TrueHd, None, 8, 48000, None, None));
    tells(frame, Codec::TrueHd, &with(1), (Codec::TrueHd, None, 8, 48000, None, Some(ObjectAudio::Atmos)));
}

#[test]
fn the_kinds_of_dts() {
    // Fourteen bits in, the core's length becomes what is here.
    let mut core = hex("7ffe8001fc3c75b276c005380009ef7bdeffffff");
    let len = core.len() as u32 - 1;
    core[5] = core[5] & 0xfc | (len >> 12) as u8;
    core[6] = (len >> 4) as u8;
    core[7] = core[7] & 0x0f | (len << 4) as u8;
    let substream = |marks: &[u32]| {
        let mut fields =
            vec![(0x6458_2025, 32), (0, 8), (0, 2), (0, 1), (20, 8), (400, 16), (1, 1), (0, 2), (0, 3), (0, 1)];
        // One presentation, one asset; no mixing; 24 bits, 48 kHz, 8 channels.
        fields.extend([
            (0, 3),
            (0, 3),
            (1, 1),
            (1, 8),
            (0, 1),
            (300, 16),
            (60, 9),
            (0, 3),
            (1, 1),
            (0, 4),
            (1, 1),
            (0x656e67, 24),
        ]);
        fields.extend([(0, 1), (23, 5), (12, 4), (7, 8)]);
        let mut bytes = bits(&fields);
        bytes.extend(marks.iter().flat_map(|mark| mark.to_be_bytes()));
        bytes
    };
    let whole = |marks: &[u32]| [core.clone(), substream(marks)].concat();
    let (core_channels, all) = (6, 8);
    tells(frame, Codec::Dts, &core, (Codec::Dts, Some("DTS"), core_channels, 48000, Some(16), None));
    let rows: [(&[u32], &str, Option<ObjectAudio>); 5] = [
        (&[0x41a2_9547], "DTS-HD MA", None),
        (&[0x41a2_9547, 0x0200_0850], "DTS-HD MA", Some(ObjectAudio::DtsX)),
        (&[0x655e_315e], "DTS-HD HRA", None),
        (&[0x0a80_1921], "DTS Express", None),
        (&[0x0200_0850], "DTS", None),
    ];
    for (marks, profile, objects) in rows {
        tells(frame, Codec::Dts, &whole(marks), (Codec::Dts, Some(profile), all, 48000, Some(24), objects));
        // Without a core as well.
        tells(frame, Codec::Dts, &substream(marks), (Codec::Dts, Some(profile), all, 48000, Some(24), objects));
    }
}

#[test]
fn records_of_sounds() {
    let aac = |profile, channels, rate| (Codec::Aac, Some(profile), channels, rate, None, None);
    tells(record, Codec::Aac, &hex("119056e500"), aac("LC", 2, 48000));
    tells(record, Codec::Aac, &hex("1210"), aac("LC", 2, 44100));
    // SBR told ahead, and behind; PS makes two channels of one.
    tells(record, Codec::Aac, &bits(&[(5, 5), (6, 4), (2, 4), (3, 4), (2, 5), (0, 3)]), aac("HE-AAC", 2, 48000));
    tells(record, Codec::Aac, &bits(&[(29, 5), (7, 4), (1, 4), (4, 4), (2, 5), (0, 3)]), aac("HE-AACv2", 2, 44100));
    let behind = [(2, 5), (6, 4), (1, 4), (0, 3), (0x2b7, 11), (5, 5), (1, 1), (3, 4)];
    tells(record, Codec::Aac, &bits(&behind), aac("HE-AAC", 1, 48000));
    tells(record, Codec::Aac, &bits(&[&behind[..], &[(0x548, 11), (1, 1)]].concat()), aac("HE-AACv2", 2, 48000));
    // Channels one by one: centre, left and right, a pair behind, LFE.
    let element = [(0, 4), (1, 2), (3, 4), (2, 4), (0, 4), (1, 4), (1, 2), (0, 3), (0, 4), (0, 3)];
    let channels = [(0, 1), (0, 4), (1, 1), (0, 4), (1, 1), (1, 4), (0, 4)];
    let mut config = vec![(2, 5), (3, 4), (0, 4), (0, 3)];
    config.extend(element);
    config.extend(channels);
    let mut config = bits(&config);
    config.push(0);
    tells(record, Codec::Aac, &config, aac("LC", 6, 48000));
    tells(record, Codec::Aac, &bits(&[(31, 5), (10, 6), (3, 4), (2, 4)]), aac("xHE-AAC", 2, 48000));
    let flac = "120012000002a40005170bb80b700004650008a615e62e00ca83d30fa626cb3bb72b";
    for head in ["", "664c614380000022", "00000000800000 22"] {
        let bytes = hex(&[&head.replace(' ', ""), flac].concat());
        tells(record, Codec::Flac, &bytes, (Codec::Flac, None, 6, 48000, Some(24), None));
    }
    let alac = "000010000010280a0e02000000004004001770000000bb80";
    for head in ["", "00000000", "00000024616c616300000000"] {
        tells(record, Codec::Alac, &hex(&[head, alac].concat()), (Codec::Alac, None, 2, 48000, Some(16), None));
    }
    for head in ["4f7075734865616401", "00"] {
        tells(
            record,
            Codec::Opus,
            &hex(&[head, "0238018 0bb0000000000"].concat().replace(' ', "")),
            (Codec::Opus, None, 2, 48000, None, None),
        );
    }
    let vorbis = "021e4401766f72626973000000000280bb00000000000080b5010000000000b801";
    tells(record, Codec::Vorbis, &hex(vorbis), (Codec::Vorbis, None, 2, 48000, None, None));
}

fn video_of(read: fn(&mut Track, &[u8]), codec: Codec, bytes: &[u8]) -> (Option<String>, Option<u16>, Video) {
    let mut track = picture(codec);
    read(&mut track, bytes);
    let Kind::Video(video) = track.kind else { panic!("it was a picture") };
    (track.profile, track.level, video)
}

#[test]
fn av1_tells_depth_and_hdr() {
    let (profile, level, video) = video_of(record, Codec::Av1, &hex("81004c000a0e000000043cfeccdaf95091009040"));
    assert_eq!((profile.as_deref(), level), (Some("Main"), Some(20)));
    assert_eq!((video.bit_depth, video.hdr), (Some(10), vec![Hdr::Hdr10]));
    assert_eq!(video_of(record, Codec::Av1, &hex("812d0000")).1, Some(51));
    assert_eq!(video_of(record, Codec::Av1, &hex("01004c00")).2, Video::default());
    // A temporal delimiter, then metadata of T.35.
    let plus = hex("12002a08 04b5003c00010480".replace(' ', "").as_str());
    assert_eq!(video_of(frame, Codec::Av1, &plus).2.hdr, [Hdr::Hdr10Plus]);
    assert_eq!(video_of(frame, Codec::Av1, &hex("12002a0804b5003d00010480")).2.hdr, []);
}

#[test]
fn av1_tells_its_rate_of_pictures() {
    let mut fields = vec![(0, 3), (0, 1), (0, 1), (1, 1), (1001, 32), (24000, 32), (1, 1), (1, 1)]; // ue(v) of 0
    fields.extend([
        (1, 1),
        (9, 5),
        (0, 32),
        (0, 5),
        (0, 5),
        (1, 1),
        (0, 5),
        (0, 12),
        (8, 5),
        (0, 1),
        (1, 1),
        (0, 21),
        (1, 1),
        (3, 4),
    ]);
    fields.extend([
        (7, 4),
        (7, 4),
        (0, 16),
        (1, 1),
        (0, 7),
        (0, 3),
        (0, 4),
        (1, 1),
        (0, 2),
        (1, 1),
        (1, 1),
        (0, 3),
        (0, 3),
    ]);
    fields.extend([(1, 1), (0, 1), (1, 1), (9, 8), (18, 8), (9, 8)]);
    let header = bits(&fields);
    let bytes = [&[0x81, 0x08, 0x40, 0, 0x0a, header.len() as u8][..], &header].concat();
    let video = video_of(record, Codec::Av1, &bytes).2;
    assert_eq!((video.frame_rate, video.hdr), (Ratio::new(24000, 1001), vec![Hdr::Hlg]));
}

#[test]
fn vp9_tells_its_profile_and_depth() {
    let (profile, _, video) = video_of(frame, Codec::Vp9, &hex("924983420009f8059b03"));
    assert_eq!((profile.as_deref(), video.bit_depth), (Some("Profile 2"), Some(10)));
    for head in ["01000000", ""] {
        let (profile, level, video) = video_of(record, Codec::Vp9, &hex(&[head, "0229a20910090000"].concat()));
        let told = (profile.as_deref(), level, video.bit_depth, video.hdr);
        assert_eq!(told, (Some("Profile 2"), Some(41), Some(10), vec![Hdr::Hdr10]));
    }
    let (profile, level, video) =
        video_of(record, Codec::Vp9, &hex("01010102011f03010804 0101".replace(' ', "").as_str()));
    assert_eq!((profile.as_deref(), level, video.bit_depth), (Some("Profile 1"), Some(31), Some(8)));
}

#[test]
fn mpeg_2_and_mpeg_4_tell_their_shape() {
    let (profile, _, video) = video_of(record, Codec::Mpeg2Video, &hex("000001b31400b433ffffe018000001b5148a00010000"));
    assert_eq!((profile.as_deref(), video.width, video.height), (Some("Main"), 320, 180));
    // 16:9 of 320x180 are square pixels.
    assert_eq!((video.frame_rate, video.display, video.interlaced), (Ratio::new(25, 1), None, false));
    let video = video_of(record, Codec::Mpeg2Video, &hex("000001b32d024033ffffe018000001b5148200010000")).2;
    assert_eq!((video.width, video.display, video.interlaced), (720, Some((1024, 576)), true));
    let (profile, _, video) =
        video_of(record, Codec::Mpeg4, &hex("000001b001000001b58913000001000000012000c48d8800cd0a04169443"));
    assert_eq!((profile.as_deref(), video.bit_depth, video.interlaced), (Some("Simple Profile"), Some(8), false));
    let layer = [
        (0, 1),
        (1, 8),
        (0, 1),
        (1, 4),
        (0, 1),
        (0, 2),
        (1, 1),
        (25, 16),
        (1, 1),
        (1, 1),
        (1, 5),
        (1, 1),
        (720, 13),
        (1, 1),
        (576, 13),
        (1, 1),
        (1, 1),
    ];
    let bytes = [hex("000001b0f500000120"), bits(&layer)].concat();
    let (profile, _, video) = video_of(record, Codec::Mpeg4, &bytes);
    assert_eq!((profile.as_deref(), video.interlaced), (Some("Advanced Simple Profile"), true));
}

#[test]
fn dolby_vision_says_its_profile_and_what_is_left_without_it() {
    let told = |record: &[u8]| {
        let mut track = picture(Codec::Hevc);
        dolby_vision(&mut track, record);
        dolby_vision(&mut track, &[1, 0, 18, 0, 0]);
        let Kind::Video(video) = track.kind else { panic!("it was a picture") };
        video.hdr
    };
    let record = |profile, compatible| {
        bits(&[(1, 8), (0, 8), (profile, 7), (6, 6), (1, 1), (0, 1), (1, 1), (compatible, 4), (0, 28)])
    };
    assert_eq!(told(&record(8, 1)), [Hdr::DolbyVision { profile: 8, compatible: 1 }]);
    assert_eq!(told(&record(5, 0)), [Hdr::DolbyVision { profile: 5, compatible: 0 }]);
    assert_eq!(told(&record(7, 6)[..4]), [Hdr::DolbyVision { profile: 7, compatible: 0 }]);
    assert_eq!(told(&[1]), [Hdr::DolbyVision { profile: 9, compatible: 0 }]);
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_an_end(head in 0..6usize, bytes in prop::collection::vec(any::<u8>(), 0..300), which in 0..CODECS.len()) {
        let heads: [&[u8]; 6] =
            [b"", b"\x0b\x77", b"\x7f\xfe\x80\x01", b"\x64\x58\x20\x25", b"\0\0\0\0\xf8\x72\x6f\xba", b"\x81\x08\0\0\x0a\x7f"];
        let bytes = [heads[head], &bytes].concat();
        for mut track in [sound(CODECS[which]), picture(CODECS[which])] {
            record(&mut track, &bytes);
            frame(&mut track, &bytes);
            super::sei(&mut track, &bytes, 4);
            dolby_vision(&mut track, &bytes);
        }
    }
}

const CODECS: [Codec; 18] = [
    Codec::H264,
    Codec::Hevc,
    Codec::Av1,
    Codec::Vp9,
    Codec::Mpeg2Video,
    Codec::Mpeg4,
    Codec::Aac,
    Codec::Ac3,
    Codec::Eac3,
    Codec::Dts,
    Codec::TrueHd,
    Codec::Flac,
    Codec::Alac,
    Codec::Opus,
    Codec::Vorbis,
    Codec::Mp3,
    Codec::Pcm,
    Codec::Other,
];
