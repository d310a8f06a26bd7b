//! VP9: `vpcC`, the features of Matroska's CodecPrivate, and the header of a key frame.

use super::{Bits, sequence::add_hdr, sequence::hdr_of_transfer};
use crate::{Kind, Track};

fn describe(track: &mut Track, profile: u8, bit_depth: Option<u8>) {
    if profile < 4 {
        track.profile = Some(format!("Profile {profile}"));
    }
    if let Kind::Video(video) = &mut track.kind {
        video.bit_depth = bit_depth.filter(|depth| matches!(depth, 8 | 10 | 12)).or(video.bit_depth);
    }
}

/// Adds what `vpcC` says, with its version and flags or without ("VP Codec ISO Media File Format Binding" 1.0), or the pairs of WebM's private data.
pub fn record(track: &mut Track, record: &[u8]) -> Option<()> {
    let body = record.strip_prefix(&[1, 0, 0, 0]).unwrap_or(record);
    // Levels begin at 10, where the pairs have a length of 1.
    if let &[profile, level @ (0 | 10..), depth, _, transfer, ..] = body {
        describe(track, profile, Some(depth >> 4));
        track.level = (level > 0).then_some(level.into());
        if let Kind::Video(video) = &mut track.kind {
            add_hdr(video, hdr_of_transfer(transfer));
        }
        return Some(());
    }
    let mut rest = record;
    while let &[feature, len, ref after @ ..] = rest {
        let value = after.get(..len.into())?;
        match (feature, value) {
            (1, &[profile]) => describe(track, profile, None),
            (2, &[level]) => track.level = Some(level.into()),
            (3, &[depth]) => {
                if let Kind::Video(video) = &mut track.kind {
                    video.bit_depth = Some(depth);
                }
            }
            _ => {}
        }
        rest = &after[len.into()..];
    }
    Some(())
}

/// Adds what a frame's header says; only a key frame's tells the depth.
pub fn frame(track: &mut Track, frame: &[u8]) -> Option<()> {
    let mut bits = Bits::new(frame);
    if bits.take(2)? != 2 {
        return None;
    }
    let profile = bits.take(1)? as u8 | (bits.take(1)? as u8) << 1;
    if profile == 3 {
        bits.skip(1)?;
    }
    let shows_existing = bits.flag()?;
    let is_key = !shows_existing && !bits.flag()?;
    if !is_key {
        describe(track, profile, None);
        return Some(());
    }
    bits.skip(2)?;
    if bits.take(24)? != 0x49_83_42 {
        return None;
    }
    let depth = match profile {
        2 | 3 => {
            if bits.flag()? {
                12
            } else {
                10
            }
        }
        _ => 8,
    };
    describe(track, profile, Some(depth));
    Some(())
}
