//! MPEG-1 and MPEG-2 (ISO/IEC 13818-2), MPEG-4 part 2 (ISO/IEC 14496-2): headers behind start codes.

use super::{Bits, nal::nal_units, sequence::Sequence};
use crate::{Kind, Track};

/// Adds what the sequence header of MPEG-1 or MPEG-2 says, and its extension.
pub fn mpeg2(track: &mut Track, stream: &[u8]) {
    let mut sequence = None;
    for unit in nal_units(stream) {
        match unit.split_first() {
            Some((0xb3, body)) if sequence.is_none() => sequence = sequence_header(body),
            Some((0xb5, body)) if body.first().is_some_and(|byte| byte >> 4 == 1) => {
                if let Some(sequence) = &mut sequence {
                    let _ = extension(sequence, body);
                }
                break;
            }
            _ => {}
        }
    }
    if let Some(sequence) = sequence {
        let told = track.level;
        sequence.describe(track);
        track.level = told; // MPEG-2 has words for them, and no numbers
    }
}

fn sequence_header(body: &[u8]) -> Option<Sequence> {
    const RATES: [(u32, u32); 9] =
        [(0, 0), (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (60, 1)];
    let mut bits = Bits::new(body);
    let (width, height) = (bits.take(12)?, bits.take(12)?);
    let shape = bits.take(4)?;
    let rate = RATES.get(bits.take(4)? as usize).copied().filter(|rate| rate.0 > 0);
    // The shape of the whole picture; of square pixels (1) nothing has to be said.
    let whole = match shape {
        2 => Some((4, 3)),
        3 => Some((16, 9)),
        4 => Some((221, 100)),
        _ => None,
    };
    let pixel = whole.and_then(|(wide, high)| Some((height.checked_mul(wide)?, width.checked_mul(high)?)));
    (width > 0 && height > 0).then_some(Sequence {
        width,
        height,
        pixel,
        frame_rate: rate,
        bit_depth: 8,
        chroma: 1,
        ..Sequence::default()
    })
}

fn extension(sequence: &mut Sequence, body: &[u8]) -> Option<()> {
    let mut bits = Bits::new(body);
    bits.skip(4)?;
    let profile = bits.take(8)? >> 4 & 7;
    sequence.profile = match profile {
        5 => Some("Simple"),
        4 => Some("Main"),
        3 => Some("SNR Scalable"),
        2 => Some("Spatially Scalable"),
        1 => Some("High"),
        0 => Some("4:2:2"), // escaped
        _ => None,
    };
    sequence.interlaced = !bits.flag()?;
    sequence.chroma = bits.take(2)? as u8;
    Some(())
}

/// Adds what the headers of MPEG-4 part 2 say: Xvid's and DivX's.
pub fn mpeg4(track: &mut Track, stream: &[u8]) {
    for unit in nal_units(stream) {
        match unit.split_first() {
            Some((0xb0, &[profile_level, ..])) => {
                track.profile = match profile_level >> 4 {
                    0 => Some("Simple Profile".into()),
                    0xf => Some("Advanced Simple Profile".into()),
                    _ => None,
                };
            }
            Some((0x20..=0x2f, body)) => {
                if let Kind::Video(video) = &mut track.kind {
                    video.bit_depth = Some(8);
                    video.interlaced |= is_interlaced(body).unwrap_or(false);
                }
            }
            _ => {}
        }
    }
}

/// VideoObjectLayer, as far as the flag.
fn is_interlaced(body: &[u8]) -> Option<bool> {
    let mut bits = Bits::new(body);
    bits.skip(1 + 8)?;
    if bits.flag()? {
        bits.skip(4 + 3)?;
    }
    if bits.take(4)? == 15 {
        bits.skip(16)?;
    }
    if bits.flag()? {
        bits.skip(2 + 1)?;
        if bits.flag()? {
            bits.skip(79)?;
        }
    }
    if bits.take(2)? != 0 {
        return None; // not a rectangle
    }
    bits.skip(1)?;
    let resolution = bits.take(16)?;
    bits.skip(1)?;
    if bits.flag()? {
        bits.skip((32 - resolution.saturating_sub(1).leading_zeros()).max(1) as usize)?;
    }
    bits.skip(1 + 13 + 1 + 13 + 1)?;
    bits.flag()
}
