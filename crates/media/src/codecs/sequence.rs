//! What the head of a coded video says of all its pictures: H.264's and HEVC's sequence parameter sets, MPEG-2's sequence header.
//!
//! # Why no crate
//!
//! h264-reader (7 more crates) and scuffle-h265 (8 more) read a parameter set whole and refuse it whole: an odd last field, a level that
//! no table lists or a set that was cut takes its width and depth with it. What is asked here stands in front; so these readers keep what
//! they read until something made no sense. hevc_parser brings nom and bitvec for the same.

use super::bits::Bits;
use crate::{Hdr, Kind, Ratio, Track, Video};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence {
    /// As ffprobe calls it.
    pub profile: Option<&'static str>,
    /// In tenths: 41 is 4.1.
    pub level: u16,
    /// In pixels, after cropping.
    pub width: u32,
    pub height: u32,
    /// Width to height of one pixel, where it is told.
    pub pixel: Option<(u32, u32)>,
    /// Frames in how many seconds, not reduced.
    pub frame_rate: Option<(u32, u32)>,
    pub bit_depth: u8,
    /// `chroma_format_idc`: 1 is 4:2:0.
    pub chroma: u8,
    /// Fields may be coded apart: what is shown may be interlaced.
    pub interlaced: bool,
    pub colour: Option<Colour>,
    /// How many pictures may be decoded before one that is shown before them all.
    pub reorder: Option<u32>,
}

/// Code points of ITU-T H.273.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour {
    pub primaries: u16,
    pub transfer: u16,
    pub matrix: u16,
    pub full_range: bool,
}

impl Colour {
    /// The kind of HDR that the transfer characteristics make: PQ or HLG.
    pub fn hdr(self) -> Option<Hdr> {
        u8::try_from(self.transfer).ok().and_then(hdr_of_transfer)
    }
}

/// What transfer characteristics (ITU-T H.273) make of a picture.
pub(crate) fn hdr_of_transfer(code: u8) -> Option<Hdr> {
    match code {
        16 => Some(Hdr::Hdr10),
        18 => Some(Hdr::Hlg),
        _ => None,
    }
}

impl Sequence {
    /// Tells the track what the codec knows better than a container. The rate of pictures, and their shape, are left as they are where they are known:
    /// containers write what players follow.
    pub fn describe(&self, track: &mut Track) {
        track.profile = self.profile.map(str::to_owned);
        track.level = (self.level > 0).then_some(self.level);
        let Kind::Video(video) = &mut track.kind else { return };
        (video.width, video.height) = (self.width, self.height);
        video.bit_depth = Some(self.bit_depth);
        video.interlaced |= self.interlaced;
        if let Some((frames, seconds)) = self.frame_rate
            && video.frame_rate.is_none()
        {
            video.frame_rate = Ratio::new(frames.into(), seconds.into());
        }
        if let Some((width, height)) = self.pixel
            && video.display.is_none()
        {
            video.display = shown(self.width, self.height, width, height);
        }
        add_hdr(video, self.colour.and_then(Colour::hdr));
    }
}

/// Adds a kind of HDR, the widest last and each once.
pub(crate) fn add_hdr(video: &mut Video, hdr: Option<Hdr>) {
    video.hdr.extend(hdr);
    video.hdr.sort_unstable();
    video.hdr.dedup();
}

/// How a picture is shown whose pixels are `wide` to `high`, when they are not square: as high as it is.
pub(crate) fn shown(width: u32, height: u32, wide: u32, high: u32) -> Option<(u32, u32)> {
    if wide == high || wide == 0 || high == 0 {
        return None;
    }
    let shown = (u64::from(width) * u64::from(wide) + u64::from(high) / 2) / u64::from(high);
    Some((u32::try_from(shown).ok().filter(|width| *width > 0)?, height))
}

/// `aspect_ratio_idc` of H.264 (table E-1) and HEVC, from 1 on.
const PIXELS: [(u32, u32); 16] = [
    (1, 1),
    (12, 11),
    (10, 11),
    (16, 11),
    (40, 33),
    (24, 11),
    (20, 11),
    (32, 11),
    (80, 33),
    (18, 11),
    (15, 11),
    (64, 33),
    (160, 99),
    (4, 3),
    (3, 2),
    (2, 1),
];
const EXTENDED_PIXEL: u32 = 255;

/// `aspect_ratio_info`; `Some(None)` where none is told.
pub(super) fn pixel(bits: &mut Bits) -> Option<Option<(u32, u32)>> {
    if !bits.flag()? {
        return Some(None);
    }
    let idc = bits.take(8)?;
    if idc == EXTENDED_PIXEL {
        let (width, height) = (bits.take(16)?, bits.take(16)?);
        return Some((width > 0 && height > 0).then_some((width, height)));
    }
    Some((idc as usize).checked_sub(1).and_then(|row| PIXELS.get(row).copied()))
}

/// `overscan_info` and `video_signal_type`; `Some(None)` where no colour is told.
pub(super) fn colour(bits: &mut Bits) -> Option<Option<Colour>> {
    if bits.flag()? {
        bits.skip(1)?;
    }
    if !bits.flag()? {
        return Some(None);
    }
    bits.skip(3)?;
    let full_range = bits.flag()?;
    if !bits.flag()? {
        return Some(None);
    }
    let mut point = || bits.take(8).map(|value| value as u16);
    let (primaries, transfer, matrix) = (point()?, point()?, point()?);
    Some(Some(Colour { primaries, transfer, matrix, full_range }))
}

/// What is left of a side of `size` when `first` and `last` units of `unit` pixels are cropped.
pub(super) fn cropped(size: u32, first: u32, last: u32, unit: u32) -> Option<u32> {
    let crop = first.checked_add(last)?.checked_mul(unit)?;
    size.checked_sub(crop).filter(|left| *left > 0)
}
