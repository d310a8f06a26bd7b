//! `strl`: one stream's headers.

use super::chunks::{Fields, find};
use crate::codecs::{self, sequence};
use crate::{Audio, Codec, Kind, Ratio, Track, Video, strings};

/// A stream's facts, and what is needed to reckon others.
#[derive(Clone, Debug)]
pub(super) struct Stream<'a> {
    pub facts: Track,
    /// What a decoder must know.
    pub private: &'a [u8],
    /// `rate` / `scale` units are in a second; neither is 0.
    pub rate: u32,
    pub scale: u32,
    /// In those units.
    pub length: u32,
    /// OpenDML's index of indexes.
    pub super_index: Option<&'a [u8]>,
}

impl Stream<'_> {
    /// When a unit of the stream is shown.
    pub fn ns(&self, units: u64) -> u64 {
        let ns = u128::from(units) * u128::from(self.scale) * 1_000_000_000 / u128::from(self.rate);
        u64::try_from(ns).unwrap_or(u64::MAX)
    }
}

/// Reads an `strl`; `number` is its place among them, which its chunks' ids have.
pub(super) fn read(strl: &[u8], number: u64) -> Option<Stream<'_>> {
    let mut fields = Fields(find(strl, b"strh")?);
    let (kind, handler) = (fields.id()?, fields.id()?);
    fields.skip(12)?;
    let (scale, rate) = (fields.u32()?, fields.u32()?);
    fields.u32()?;
    let length = fields.u32().unwrap_or(0);
    let format = find(strl, b"strf").unwrap_or_default();
    let mut facts = Track { number, ..Track::default() };
    facts.title = find(strl, b"strn").and_then(strings::text);
    let known = scale > 0 && rate > 0;
    let private = match &kind {
        b"vids" | b"iavs" => picture(&mut facts, format, handler),
        b"auds" => sound(&mut facts, format),
        // Subtitles in files of their own inside: GAB2, or nothing that is known.
        b"txts" => {
            facts.kind = Kind::Subtitle;
            facts.codec_id = strings::four_cc(handler);
            None
        }
        _ => None,
    };
    if let Kind::Video(video) = &mut facts.kind {
        video.frame_rate = Ratio::new(rate.into(), scale.into());
        if let Some(vprp) = find(strl, b"vprp") {
            let _ = properties(video, vprp);
        }
    }
    let (scale, rate) = if known { (scale, rate) } else { (1, 1) };
    let length = if known { length } else { 0 };
    let super_index = find(strl, b"indx");
    Some(Stream { facts, private: private.unwrap_or_default(), rate, scale, length, super_index })
}

/// BITMAPINFOHEADER.
fn picture<'a>(track: &mut Track, format: &'a [u8], handler: [u8; 4]) -> Option<&'a [u8]> {
    track.codec_id = strings::four_cc(handler);
    track.codec = Codec::of_fourcc(handler);
    track.kind = Kind::Video(Video::default());
    let mut fields = Fields(format);
    fields.u32()?;
    let (width, height) = (fields.u32()?, fields.u32()? as i32);
    fields.skip(4)?;
    let compression = fields.id()?;
    track.codec_id = strings::four_cc(compression);
    track.codec = Codec::of_fourcc(compression);
    if track.codec == Codec::Xsub {
        track.kind = Kind::Subtitle;
        return None;
    }
    // A negative height stands for rows from the top down.
    track.kind = Kind::Video(Video { width, height: height.unsigned_abs(), ..Video::default() });
    let private = format.get(40..).unwrap_or_default();
    if !private.is_empty() && !matches!(track.codec, Codec::H264 | Codec::Hevc) {
        codecs::record(track, private);
    } else {
        // Either the record of MP4 or bare parameter sets.
        codecs::record(track, private);
        codecs::frame(track, private);
    }
    Some(private)
}

/// `vprp`: how the picture is shown, and its fields.
fn properties(video: &mut Video, vprp: &[u8]) -> Option<()> {
    let mut fields = Fields(vprp);
    fields.skip(20)?;
    let (high, wide) = (u64::from(fields.u16()?), u64::from(fields.u16()?));
    fields.skip(8)?;
    video.interlaced |= fields.u32()? == 2;
    // The shape of the whole picture, so that of a pixel is what is left of it.
    let (wide, high) = (wide * u64::from(video.height), high * u64::from(video.width));
    let pixel = Ratio::new(wide, high)?;
    // Rounded shapes (16:9 of 720x404) are no shapes of pixels.
    let is_square = u64::from(pixel.num.abs_diff(pixel.den)) * 100 <= pixel.den.into();
    if !is_square {
        video.display = video.display.or(sequence::shown(video.width, video.height, pixel.num, pixel.den));
    }
    Some(())
}

/// WAVEFORMATEX.
fn sound<'a>(track: &mut Track, format: &'a [u8]) -> Option<&'a [u8]> {
    track.kind = Kind::Audio(Audio::default());
    let mut fields = Fields(format);
    let tag = fields.u16()?;
    let (channels, sample_rate) = (fields.u16()?, fields.u32()?);
    let bytes_a_second = fields.u32()?;
    fields.u16()?;
    let bits = fields.u16().unwrap_or(0);
    fields.u16();
    // WAVE_FORMAT_EXTENSIBLE has the tag in a GUID, behind the depth and the places of the loudspeakers.
    const EXTENSIBLE: u16 = 0xfffe;
    let tag = if tag == EXTENSIBLE { Fields(fields.0.get(6..)?).u16()? } else { tag };
    track.codec = Codec::of_wave_tag(tag);
    track.codec_id = format!("0x{tag:04x}");
    track.bit_rate = Some(u64::from(bytes_a_second) * 8).filter(|rate| *rate > 0);
    let bit_depth = u8::try_from(bits).ok().filter(|bits| *bits > 0 && track.codec == Codec::Pcm);
    track.kind = Kind::Audio(Audio { channels, sample_rate, bit_depth, objects: None });
    if !fields.0.is_empty() && matches!(track.codec, Codec::Aac | Codec::Flac | Codec::Vorbis | Codec::Opus) {
        codecs::record(track, fields.0);
    }
    Some(fields.0)
}
