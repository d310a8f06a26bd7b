//! What a program's table says of a stream: its codec, its language, whom it is for.

use super::sections::{Stream, descriptors};
use crate::{Audio, Codec, Kind, Track, Video, codecs, language};

/// What the program's own descriptors say: Blu-ray gives other meanings to some types of streams.
pub(super) fn is_blu_ray(program: &[u8]) -> bool {
    registration(program) == Some(b"HDMV")
}

fn registration(bytes: &[u8]) -> Option<&[u8]> {
    descriptors(bytes).find(|(tag, _)| *tag == REGISTRATION).and_then(|(_, body)| body.get(..4))
}

// ISO/IEC 13818-1 table 2-45, and ETSI EN 300 468 table 12.
const REGISTRATION: u8 = 0x05;
const LANGUAGE: u8 = 0x0a;
const TELETEXT: u8 = 0x56;
const SUBTITLING: u8 = 0x59;
const AC3: u8 = 0x6a;
const EAC3: u8 = 0x7a;
const DTS: u8 = 0x7b;
const AAC: u8 = 0x7c;
const EXTENSION: u8 = 0x7f;
const DOLBY_VISION: u8 = 0xb0;

/// Describes a stream as a track. `blu_ray`: the file has Blu-ray's packets, or its program says so.
pub(super) fn track(stream: &Stream, blu_ray: bool) -> Track {
    let codec = codec(stream, blu_ray);
    let mut track = Track {
        number: stream.pid.into(),
        kind: kind(codec),
        codec,
        codec_id: format!("0x{:02x}", stream.stream_type),
        ..Track::default()
    };
    for (tag, body) in descriptors(stream.descriptors) {
        let _ = described(&mut track, tag, body);
    }
    if blu_ray && stream.stream_type == 0x86 {
        track.profile = Some("DTS-HD MA".into());
    }
    track
}

fn kind(codec: Codec) -> Kind {
    use Codec::*;
    match codec {
        H264 | Hevc | Vvc | Av1 | Mpeg1Video | Mpeg2Video | Mpeg4 | Vc1 => Kind::Video(Video::default()),
        Aac | Ac3 | Eac3 | Ac4 | Dts | TrueHd | Opus | Mp1 | Mp2 | Mp3 | Pcm | MpegH => Kind::Audio(Audio::default()),
        Pgs | DvbSubtitle | Teletext | HdmvText => Kind::Subtitle,
        _ => Kind::Other,
    }
}

fn codec(stream: &Stream, blu_ray: bool) -> Codec {
    match stream.stream_type {
        0x01 => Codec::Mpeg1Video,
        0x02 => Codec::Mpeg2Video,
        // MPEG audio of any layer: nearly always the second; its frames say so if not.
        0x03 | 0x04 => Codec::Mp2,
        0x0f | 0x11 | 0x1c => Codec::Aac,
        0x10 => Codec::Mpeg4,
        0x1b => Codec::H264,
        0x24 => Codec::Hevc,
        0x2d | 0x2e => Codec::MpegH,
        0x33 => Codec::Vvc,
        0x80..=0xa2 | 0xea if blu_ray => of_blu_ray(stream.stream_type),
        0x81 => Codec::Ac3,
        0x87 => Codec::Eac3,
        0xea => Codec::Vc1,
        _ => of_descriptors(stream.descriptors),
    }
}

/// Blu-ray Disc Read-Only Format, part 3.
fn of_blu_ray(stream_type: u8) -> Codec {
    match stream_type {
        0x80 => Codec::Pcm,
        0x81 => Codec::Ac3,
        0x82 | 0x85 | 0x86 | 0xa2 => Codec::Dts,
        0x83 => Codec::TrueHd,
        0x84 | 0x87 | 0xa1 => Codec::Eac3,
        0x90 => Codec::Pgs,
        0x92 => Codec::HdmvText,
        0xea => Codec::Vc1,
        _ => Codec::Other,
    }
}

/// Private streams say in descriptors what they are.
fn of_descriptors(bytes: &[u8]) -> Codec {
    let registered = registration(bytes).map_or(Codec::Other, |format| match format {
        b"AC-3" => Codec::Ac3,
        b"EAC3" => Codec::Eac3,
        b"AC-4" => Codec::Ac4,
        b"DTS1" | b"DTS2" | b"DTS3" | b"DTSH" => Codec::Dts,
        b"HEVC" => Codec::Hevc,
        b"VC-1" => Codec::Vc1,
        b"AV01" => Codec::Av1,
        b"Opus" => Codec::Opus,
        b"mlpa" => Codec::TrueHd,
        _ => Codec::Other,
    });
    if registered != Codec::Other {
        return registered;
    }
    let described = descriptors(bytes).map(|(tag, body)| match (tag, body.first()) {
        (AC3, _) => Codec::Ac3,
        (EAC3, _) => Codec::Eac3,
        (DTS, _) | (EXTENSION, Some(0x0e)) => Codec::Dts,
        (AAC, _) => Codec::Aac,
        (EXTENSION, Some(0x15)) => Codec::Ac4,
        (EXTENSION, Some(0x80)) => Codec::Opus,
        (SUBTITLING, _) => Codec::DvbSubtitle,
        // Pages of news and programmes are no subtitles.
        (TELETEXT, _) if body.chunks_exact(5).any(is_subtitle_page) => Codec::Teletext,
        _ => Codec::Other,
    });
    described.into_iter().find(|codec| *codec != Codec::Other).unwrap_or(Codec::Other)
}

/// Whether a stream's frames may say what its table does not: a private one, or one of a type that belongs to Blu-ray where nothing says that this is one.
pub(super) fn is_unknown(track: &Track) -> bool {
    track.kind == Kind::Other
        && matches!(track.codec_id.as_str(), "0x06" | "0x80" | "0x82" | "0x83" | "0x84" | "0x85" | "0x86")
}

/// Makes such a stream a sound if its frame begins like one.
pub(super) fn recognise(track: &mut Track, frame: &[u8]) {
    let codec = match frame {
        // `bsid`: up to 10 in AC-3, 16 in E-AC-3.
        [0x0b, 0x77, _, _, _, bsid, ..] => {
            if bsid >> 3 <= 10 {
                Codec::Ac3
            } else {
                Codec::Eac3
            }
        }
        [0x7f, 0xfe, 0x80, 0x01, ..] => Codec::Dts,
        [_, _, _, _, 0xf8, 0x72, 0x6f, 0xba, ..] => Codec::TrueHd,
        [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, ..] => Codec::Aac,
        _ => return,
    };
    (track.codec, track.kind) = (codec, kind(codec));
}

/// `teletext_type`: 2 for subtitles, 5 for those for people who hear badly.
fn is_subtitle_page(page: &[u8]) -> bool {
    matches!(page[3] >> 3, 2 | 5)
}

/// Adds what a descriptor says.
fn described(track: &mut Track, tag: u8, body: &[u8]) -> Option<()> {
    match tag {
        LANGUAGE => {
            speak(track, body.get(..3)?);
            // `audio_type`.
            match body.get(3)? {
                2 => track.hearing_impaired = true,
                3 => track.visual_impaired = true,
                _ => {}
            }
        }
        TELETEXT => {
            let page = body.chunks_exact(5).find(|page| is_subtitle_page(page))?;
            speak(track, &page[..3]);
            track.hearing_impaired = page[3] >> 3 == 5;
        }
        SUBTITLING => {
            speak(track, body.get(..3)?);
            // `subtitling_type`, of ETSI EN 300 468 table 26.
            track.hearing_impaired = (0x20..=0x25).contains(body.get(3)?);
        }
        // supplementary_audio_descriptor: `editorial_classification`, and a language where the bit before the last says so.
        EXTENSION if body.first() == Some(&0x06) => {
            let told = *body.get(1)?;
            match told >> 2 & 0x1f {
                1 => track.visual_impaired = true,
                2 => track.hearing_impaired = true,
                _ => {}
            }
            if told & 1 != 0 {
                speak(track, body.get(2..5)?);
            }
        }
        // Opus: 0x80 and its `channel_config_code`, which is the number of channels up to 8; 0 is two sounds in one.
        EXTENSION if body.first() == Some(&0x80) => {
            let code = *body.get(1)?;
            if let Kind::Audio(sound) = &mut track.kind {
                sound.sample_rate = 48_000;
                sound.channels = if code == 0 { 2 } else { u16::from(code).min(8) };
            }
        }
        DOLBY_VISION => dolby_vision(track, body),
        _ => {}
    }
    Some(())
}

fn speak(track: &mut Track, code: &[u8]) {
    track.language = language::language(&String::from_utf8_lossy(code)).or(track.language.take());
}

/// DOVI_video_stream_descriptor: as the record of other containers, but for the stream that the picture depends on, which stands before the kind of compatibility
/// where this stream has no picture of its own.
fn dolby_vision(track: &mut Track, body: &[u8]) {
    let has_picture = body.get(3).is_some_and(|flags| flags & 1 != 0);
    let mut record = body.get(..4).unwrap_or_default().to_vec();
    record.extend(body.get(if has_picture { 4 } else { 6 }..).unwrap_or_default());
    record.resize(24, 0);
    if has_picture || body.len() >= 4 {
        codecs::dolby_vision(track, &record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(stream_type: u8, descriptors: &[u8], blu_ray: bool) -> (Codec, Option<String>, bool, bool) {
        let track = track(&Stream { stream_type, pid: 0x100, descriptors }, blu_ray);
        (track.codec, track.language, track.hearing_impaired, track.visual_impaired)
    }

    #[test]
    fn streams_are_told_by_type_and_by_descriptors() {
        let german = Some("de".to_owned());
        type Row = (u8, &'static [u8], bool, Codec, Option<String>, [bool; 2]);
        let rows: [Row; 14] = [
            (0x1b, b"", false, Codec::H264, None, [false; 2]),
            (0x0f, b"\x0a\x04ger\x00", false, Codec::Aac, german.clone(), [false; 2]),
            (0x03, b"\x0a\x04deu\x03", false, Codec::Mp2, german.clone(), [false, true]),
            (0x06, b"\x0a\x04ger\x00\x6a\x01\x00", false, Codec::Ac3, german.clone(), [false; 2]),
            (0x06, b"\x05\x04EAC3", false, Codec::Eac3, None, [false; 2]),
            (0x06, b"\x56\x0ager\x09\x00ger\x29\x50", false, Codec::Teletext, german.clone(), [true, false]),
            (0x06, b"\x56\x05ger\x09\x00", false, Codec::Other, None, [false; 2]),
            (0x06, b"\x59\x08ger\x20\x00\x01\x00\x01", false, Codec::DvbSubtitle, german.clone(), [true, false]),
            (0x06, b"\x7f\x02\x80\x06", false, Codec::Opus, None, [false; 2]),
            (0x06, b"\x7a\x01\x00\x7f\x05\x06\x05ger", false, Codec::Eac3, german.clone(), [false, true]),
            (0x86, b"", true, Codec::Dts, None, [false; 2]),
            (0x86, b"", false, Codec::Other, None, [false; 2]),
            (0x90, b"", true, Codec::Pgs, None, [false; 2]),
            (0x06, b"\x7b\xff", false, Codec::Other, None, [false; 2]),
        ];
        for (stream_type, descriptors, blu_ray, codec, language, [hearing, visual]) in rows {
            assert_eq!(told(stream_type, descriptors, blu_ray), (codec, language, hearing, visual), "{stream_type:#x}");
        }
        let unknown = track(&Stream { stream_type: 0x82, pid: 1, descriptors: b"" }, false);
        for (frame, codec) in [
            (&b"\x7f\xfe\x80\x01"[..], Codec::Dts),
            (b"\x0b\x77\0\0\0\x40", Codec::Ac3),
            (b"\x0b\x77\0\0\0\x80", Codec::Eac3),
            (b"\xff\xf1", Codec::Aac),
            (b"\x20\0", Codec::Other),
        ] {
            let mut track = unknown.clone();
            assert!(is_unknown(&track));
            recognise(&mut track, frame);
            assert_eq!(track.codec, codec);
        }
        assert!(is_blu_ray(b"\x05\x04HDMV") && !is_blu_ray(b"\x05\x04CUEI"));
    }
}
