//! AV1: `av1C` (AV1 in ISO base media, clause 2.3) with its sequence header, and HDR10+ among the first frame's OBUs.

use super::{Bits, sequence::add_hdr, sequence::hdr_of_transfer};
use crate::{Hdr, Kind, Ratio, Track};

const SEQUENCE_HEADER: u8 = 1;
const METADATA: u8 = 5;

/// Adds what `av1C` says.
pub fn record(track: &mut Track, record: &[u8]) -> Option<()> {
    let &[marker, profile_level, flags, _, ..] = record else { return None };
    if marker != 0x81 {
        return None;
    }
    track.profile = match profile_level >> 5 {
        0 => Some("Main".into()),
        1 => Some("High".into()),
        2 => Some("Professional".into()),
        _ => None,
    };
    let level = u16::from(profile_level & 0x1f);
    track.level = (level < 24).then_some(20 + level / 4 * 10 + level % 4);
    let Kind::Video(video) = &mut track.kind else { return None };
    video.bit_depth = Some(match (flags & 0x40 != 0, flags & 0x20 != 0) {
        (false, _) => 8,
        (true, false) => 10,
        (true, true) => 12,
    });
    let header = obus(&record[4..]).find(|(kind, _)| *kind == SEQUENCE_HEADER)?.1;
    let told = sequence_header(header)?;
    video.frame_rate = video.frame_rate.or(told.frame_rate);
    add_hdr(video, told.transfer.and_then(hdr_of_transfer));
    Some(())
}

/// Adds HDR10+, when the first temporal unit tells of it.
pub fn frame(track: &mut Track, frame: &[u8]) {
    // ITU-T T.35 (type 4) of the USA, Samsung's, SMPTE ST 2094-40.
    const HDR10_PLUS: [u8; 7] = [4, 0xb5, 0x00, 0x3c, 0x00, 0x01, 0x04];
    let plus = obus(frame).any(|(kind, payload)| kind == METADATA && payload.starts_with(&HDR10_PLUS));
    if let Kind::Video(video) = &mut track.kind {
        add_hdr(video, plus.then_some(Hdr::Hdr10Plus));
    }
}

/// Kinds and payloads. The last may be cut off.
fn obus(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (&head, mut rest) = bytes.split_first()?;
        if head & 4 != 0 {
            rest = rest.get(1..)?;
        }
        let mut len = rest.len();
        if head & 2 != 0 {
            let mut size = 0u64;
            for shift in (0..56).step_by(7) {
                let (&byte, after) = rest.split_first()?;
                rest = after;
                size |= u64::from(byte & 0x7f) << shift;
                if byte < 0x80 {
                    break;
                }
            }
            len = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        }
        let (payload, after) = rest.split_at(len);
        bytes = after;
        Some((head >> 3 & 15, payload))
    })
}

struct Told {
    frame_rate: Option<Ratio>,
    transfer: Option<u8>,
}

/// As far as the colours (AV1 specification, clause 5.5).
fn sequence_header(payload: &[u8]) -> Option<Told> {
    let mut bits = Bits::new(payload);
    let profile = bits.take(3)?;
    bits.skip(1)?;
    let reduced = bits.flag()?;
    let mut frame_rate = None;
    if reduced {
        bits.skip(5)?;
    } else {
        frame_rate = operating_points(&mut bits)?;
    }
    let (width_bits, height_bits) = (bits.take(4)? as usize + 1, bits.take(4)? as usize + 1);
    bits.skip(width_bits + height_bits)?;
    if !reduced && bits.flag()? {
        bits.skip(4 + 3)?;
    }
    bits.skip(3)?;
    if !reduced {
        bits.skip(4)?;
        let order_hint = bits.flag()?;
        if order_hint {
            bits.skip(2)?;
        }
        let choose = bits.flag()?;
        if (choose || bits.flag()?) && !bits.flag()? {
            bits.skip(1)?;
        }
        if order_hint {
            bits.skip(3)?;
        }
    }
    bits.skip(3)?;
    let high = bits.flag()?;
    if profile == 2 && high {
        bits.skip(1)?;
    }
    if profile != 1 {
        bits.skip(1)?;
    }
    let mut transfer = None;
    if bits.flag()? {
        bits.skip(8)?;
        transfer = Some(bits.take(8)? as u8);
    }
    Some(Told { frame_rate, transfer })
}

/// Returns the rate of pictures, where it is told.
fn operating_points(bits: &mut Bits) -> Option<Option<Ratio>> {
    let mut frame_rate = None;
    let mut delay_bits = None;
    if bits.flag()? {
        let (ticks, scale) = (bits.take(32)?, bits.take(32)?);
        // Each picture as long as the other, and so many ticks of it: uvlc() less one, as ue(v) reads it.
        if bits.flag()? {
            frame_rate = Ratio::new(scale.into(), u64::from(ticks) * (u64::from(bits.ue()?) + 1));
        }
        if bits.flag()? {
            delay_bits = Some(bits.take(5)? as usize + 1);
            bits.skip(32 + 5 + 5)?;
        }
    }
    let display_delay = bits.flag()?;
    for _ in 0..=bits.take(5)? {
        bits.skip(12)?;
        if bits.take(5)? > 7 {
            bits.skip(1)?;
        }
        if let Some(len) = delay_bits
            && bits.flag()?
        {
            bits.skip(2 * len + 1)?;
        }
        if display_delay && bits.flag()? {
            bits.skip(4)?;
        }
    }
    Some(frame_rate)
}
