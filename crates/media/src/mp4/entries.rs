//! Sample entries (`stsd`): what a track's samples are, and what their decoder must know.

use super::boxes::{Atom, Fields, FourCc, boxes, find, find_path};
use super::descriptors::{Decoder, decoder};
use crate::codecs::sequence::{Colour, add_hdr, shown};
use crate::{Audio, Codec, Kind, Track, Video, codecs, strings};

/// What an entry says that is no fact of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// What a decoder must know; empty when there is nothing.
    pub private: &'a [u8],
    /// How many bytes say the length of each NAL unit; 0 for a codec that has none.
    pub length_bytes: usize,
}

/// Adds to `track` what the first entry of an `stsd` says. `handler` says what kind of track it is; an entry may have one name in two kinds.
pub(super) fn describe<'a>(track: &mut Track, stsd: &'a [u8], handler: &FourCc) -> Option<Entry<'a>> {
    let mut fields = Fields(stsd);
    let (version, _) = fields.version_and_flags()?;
    fields.u32()?;
    let Atom { kind: format, body, .. } = boxes(fields.0).next()?;
    track.codec_id = strings::four_cc(format);
    match handler {
        b"vide" => video(track, format, body),
        b"soun" => audio(track, format, body, version),
        b"sbtl" | b"subt" | b"text" | b"clcp" | b"subp" => subtitle(track, format, body),
        _ => Some(Entry::default()),
    }
}

/// The format before it was encrypted.
fn original(track: &mut Track, format: FourCc, children: &[u8]) -> FourCc {
    if !matches!(&format, b"encv" | b"enca" | b"enct" | b"encs" | b"drmi" | b"drms") {
        return format;
    }
    track.encrypted = true;
    find_path(children, &[b"sinf", b"frma"]).and_then(|frma| Fields(frma).four_cc()).unwrap_or(format)
}

/// The codec that stands behind `esds`, and its decoder's bytes, where an entry has one.
fn systems<'a>(track: &mut Track, esds: Option<&'a [u8]>) -> Option<Decoder<'a>> {
    let decoder = decoder(esds?)?;
    track.codec = match decoder.object_type {
        0x20 => Codec::Mpeg4,
        0x21 => Codec::H264,
        0x23 => Codec::Hevc,
        0x40 | 0x66..=0x68 => Codec::Aac,
        0x60..=0x65 => Codec::Mpeg2Video,
        0x69 | 0x6b => Codec::Mp3,
        0x6a => Codec::Mpeg1Video,
        0x6c => Codec::Mjpeg,
        0xa3 => Codec::Vc1,
        0xa5 => Codec::Ac3,
        0xa6 => Codec::Eac3,
        0xa9..=0xac => Codec::Dts,
        0xad => Codec::Opus,
        0xc1 => Codec::Flac,
        0xdd => Codec::Vorbis,
        0xe0 => Codec::VobSub,
        _ => Codec::Other,
    };
    track.bit_rate = Some(u64::from(decoder.average_bit_rate)).filter(|rate| *rate > 0);
    Some(decoder)
}

/// What stands in front of the boxes of every picture's entry.
const VIDEO_ENTRY_BYTES: usize = 78;

fn video<'a>(track: &mut Track, format: FourCc, body: &'a [u8]) -> Option<Entry<'a>> {
    let mut fields = Fields(body.get(24..)?);
    let (width, height) = (u32::from(fields.u16()?), u32::from(fields.u16()?));
    track.kind = Kind::Video(Video { width, height, ..Video::default() });
    let children = body.get(VIDEO_ENTRY_BYTES..)?;
    let format = original(track, format, children);
    track.codec = video_codec(&format);
    let decoder = if format == *b"mp4v" { systems(track, find(children, b"esds")) } else { None };
    if track.codec == Codec::ProRes {
        pro_res(track, &format);
    }
    for child in boxes(children) {
        seen(track, child);
    }
    let record = [b"avcC", b"hvcC", b"av1C", b"vpcC", b"vvcC"].into_iter().find_map(|kind| find(children, kind));
    // `vpcC` is a full box, the others are not.
    let record = if track.codec == Codec::Vp9 { record.and_then(|record| record.get(4..)) } else { record };
    let private = record.or(decoder.map(|decoder| decoder.specific)).unwrap_or_default();
    codecs::record(track, private);
    for record in [b"dvcC", b"dvvC", b"dvwC"].into_iter().filter_map(|kind| find(children, kind)) {
        codecs::dolby_vision(track, record);
    }
    let length_at = match track.codec {
        Codec::H264 => Some(4),
        Codec::Hevc => Some(21),
        _ => None,
    };
    let length_bytes = length_at.and_then(|at| private.get(at)).map_or(0, |byte| usize::from(byte & 3) + 1);
    Some(Entry { private, length_bytes })
}

fn video_codec(format: &FourCc) -> Codec {
    match format {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" | b"dva1" | b"dvav" | b"x264" | b"h264" | b"H264" => Codec::H264,
        b"hvc1" | b"hev1" | b"hvc2" | b"hev2" | b"dvh1" | b"dvhe" => Codec::Hevc,
        b"vvc1" | b"vvi1" => Codec::Vvc,
        b"av01" | b"dav1" => Codec::Av1,
        b"vp08" => Codec::Vp8,
        b"vp09" => Codec::Vp9,
        b"mp4v" | b"XVID" | b"DIVX" | b"DX50" | b"FMP4" => Codec::Mpeg4,
        b"s263" | b"h263" | b"H263" => Codec::H263,
        b"vc-1" => Codec::Vc1,
        b"m1v " | b"mpg1" | b"m1v1" => Codec::Mpeg1Video,
        b"m2v1" | b"mpg2" | b"mpeg" | b"hdv1" | b"hdv2" | b"hdv3" | b"xdvc" | b"xdv2" | b"mx5p" => Codec::Mpeg2Video,
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" | b"ap4x" => Codec::ProRes,
        b"jpeg" | b"mjpa" | b"mjpb" | b"mjpg" | b"MJPG" => Codec::Mjpeg,
        _ => Codec::Other,
    }
}

/// Apple's ProRes has a format for each of its profiles, which ffprobe calls so.
fn pro_res(track: &mut Track, format: &FourCc) {
    let (profile, depth) = match format {
        b"apco" => ("Proxy", 10),
        b"apcs" => ("LT", 10),
        b"apcn" => ("Standard", 10),
        b"apch" => ("HQ", 10),
        b"ap4h" => ("4444", 12),
        _ => ("XQ", 12),
    };
    track.profile = Some(profile.into());
    if let Kind::Video(video) = &mut track.kind {
        video.bit_depth = Some(depth);
    }
}

/// What boxes beside the decoder's say of a picture.
fn seen(track: &mut Track, child: Atom) -> Option<()> {
    let Kind::Video(video) = &mut track.kind else { return None };
    let mut fields = Fields(child.body);
    match &child.kind {
        b"colr" => {
            let named = matches!(&fields.four_cc()?, b"nclx" | b"nclc");
            let (primaries, transfer, matrix) = (fields.u16()?, fields.u16()?, fields.u16()?);
            let colour = Colour { primaries, transfer, matrix, full_range: false };
            add_hdr(video, colour.hdr().filter(|_| named));
        }
        b"pasp" => {
            let (wide, high) = (fields.u32()?, fields.u32()?);
            video.display = shown(video.width, video.height, wide, high);
        }
        b"fiel" => video.interlaced = fields.u8()? == 2,
        b"st3d" => {
            fields.version_and_flags()?;
            video.stereo_3d = fields.u8()? > 0;
        }
        b"vexu" => video.stereo_3d = true,
        b"btrt" => {
            fields.u32()?;
            fields.u32()?;
            track.bit_rate = Some(u64::from(fields.u32()?)).filter(|rate| *rate > 0);
        }
        _ => {}
    }
    Some(())
}

fn audio<'a>(track: &mut Track, format: FourCc, body: &'a [u8], stsd_version: u8) -> Option<Entry<'a>> {
    let mut fields = Fields(body.get(8..)?);
    let entry_version = fields.u16()?;
    fields.take(6)?;
    let (channels, bits) = (fields.u16()?, fields.u16()?);
    fields.take(4)?;
    let sample_rate = fields.u32()? >> 16;
    let mut sound = Audio { channels, sample_rate, ..Audio::default() };
    let mut depth = bits;
    match (entry_version, stsd_version) {
        // QuickTime's sound description, version 1; with version 1 of the box itself it is ISO's, which has nothing here.
        (1, 0) => drop(fields.take(16)?),
        (2, _) => {
            fields.take(4)?;
            sound.sample_rate = f64::from_bits(fields.u64()?) as u32;
            sound.channels = u16::try_from(fields.u32()?).unwrap_or(0);
            fields.u32()?;
            depth = u16::try_from(fields.u32()?).unwrap_or(0);
            fields.take(12)?;
        }
        _ => {}
    }
    track.kind = Kind::Audio(sound);
    let children = fields.0;
    let format = original(track, format, children);
    track.codec = audio_codec(&format);
    track.profile = profile_by_format(&format).map(str::to_owned);
    // QuickTime puts what the decoder needs one level deeper.
    let wave = find(children, b"wave").unwrap_or_default();
    let child = |kind: &FourCc| find(children, kind).or_else(|| find(wave, kind));
    let decoder = match &format {
        b"mp4a" | b"ms\0\x55" | b".mp3" => systems(track, child(b"esds")),
        _ => None,
    };
    let private = match track.codec {
        Codec::Ac3 => child(b"dac3"),
        Codec::Eac3 => child(b"dec3"),
        Codec::Opus => child(b"dOps"),
        // The version and flags of the box, then the head of the block.
        Codec::Flac => child(b"dfLa").and_then(|body| body.get(8..)),
        Codec::Alac => child(b"alac").and_then(|body| body.get(4..)),
        Codec::Dts => child(b"ddts"),
        _ => None,
    };
    let private = private.or(decoder.map(|decoder| decoder.specific)).unwrap_or_default();
    let pcm_depth = if track.codec == Codec::Pcm { pcm_depth(&format, depth, child(b"pcmC")) } else { None };
    if let (Kind::Audio(sound), Some(depth)) = (&mut track.kind, pcm_depth) {
        sound.bit_depth = Some(depth);
    }
    // `ddts` is read below, the others are the codecs' own.
    match track.codec {
        Codec::Dts => dts(track, private).unwrap_or_default(),
        _ => codecs::record(track, private),
    }
    Some(Entry { private, length_bytes: 0 })
}

fn audio_codec(format: &FourCc) -> Codec {
    match format {
        b"mp4a" => Codec::Aac,
        b"ac-3" | b"sac3" => Codec::Ac3,
        b"ec-3" => Codec::Eac3,
        b"ac-4" => Codec::Ac4,
        b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" | b"dtsx" | b"dtsy" | b"DTS " => Codec::Dts,
        b"mlpa" => Codec::TrueHd,
        b"fLaC" => Codec::Flac,
        b"alac" => Codec::Alac,
        b"Opus" => Codec::Opus,
        b".mp3" | b"mp3 " | b"ms\0\x55" => Codec::Mp3,
        b".mp2" | b"mp2 " | b"ms\0\x50" => Codec::Mp2,
        b".mp1" | b"mp1 " => Codec::Mp1,
        b"samr" | b"sawb" => Codec::Amr,
        b"mha1" | b"mha2" | b"mhm1" | b"mhm2" => Codec::MpegH,
        b"sowt" | b"twos" | b"lpcm" | b"ipcm" | b"fpcm" | b"in24" | b"in32" | b"fl32" | b"fl64" | b"raw " | b"NONE"
        | b"ulaw" | b"alaw" | b"s16l" => Codec::Pcm,
        _ => Codec::Other,
    }
}

/// What a format alone says of its profile (ETSI TS 102 114 annex E). `dtsh` has a core and anything beside it: its first frame says what.
fn profile_by_format(format: &FourCc) -> Option<&'static str> {
    match format {
        b"dtsl" => Some("DTS-HD MA"),
        b"dtse" => Some("DTS Express"),
        _ => None,
    }
}

fn pcm_depth(format: &FourCc, entry: u16, pcmc: Option<&[u8]>) -> Option<u8> {
    match format {
        b"in24" => Some(24),
        b"in32" | b"fl32" => Some(32),
        b"fl64" => Some(64),
        b"ulaw" | b"alaw" => Some(8),
        b"ipcm" | b"fpcm" => pcmc.and_then(|body| body.get(5)).copied(),
        _ => u8::try_from(entry).ok().filter(|depth| *depth > 0),
    }
}

/// `DTSSpecificBox` (ETSI TS 102 114 annex E.2): the rate, and the layout of the channels that can be had.
fn dts(track: &mut Track, ddts: &[u8]) -> Option<()> {
    let mut fields = Fields(ddts);
    let sample_rate = fields.u32()?;
    fields.take(8)?;
    let depth = fields.u8()?;
    fields.take(4)?;
    let layout = fields.u16()?;
    let Kind::Audio(sound) = &mut track.kind else { return None };
    sound.sample_rate = sample_rate;
    if layout != 0 {
        sound.channels = channels_of_dts(layout);
    }
    if track.profile.is_some() && depth > 0 {
        sound.bit_depth = Some(depth);
    }
    Some(())
}

/// Places of a DTS channel mask: these bits stand for two loudspeakers each (ETSI TS 102 114 table 7-10).
const PAIRS_OF_DTS: u16 = 0b1010_1110_0110_0110;

fn channels_of_dts(layout: u16) -> u16 {
    (layout.count_ones() + (layout & PAIRS_OF_DTS).count_ones()) as u16
}

fn subtitle<'a>(track: &mut Track, format: FourCc, body: &'a [u8]) -> Option<Entry<'a>> {
    track.kind = Kind::Subtitle;
    let children = body.get(8..)?;
    let format = original(track, format, children);
    track.codec = match &format {
        b"tx3g" | b"text" => Codec::MovText,
        b"wvtt" => Codec::WebVtt,
        b"stpp" => Codec::Ttml,
        b"c608" => Codec::Eia608,
        _ => Codec::Other,
    };
    let private = match &format {
        b"tx3g" => {
            // Every sample is forced. The bit below says that some are, and each such one then says so itself.
            track.forced = Fields(children).u32()? & 0x8000_0000 != 0;
            children
        }
        b"mp4s" => systems(track, find(children, b"esds")).map_or(&[][..], |decoder| decoder.specific),
        b"wvtt" => find(children, b"vttC").unwrap_or_default(),
        _ => &[],
    };
    Some(Entry { private, length_bytes: 0 })
}
