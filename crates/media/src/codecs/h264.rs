//! H.264's sequence parameter set (ITU-T H.264 clause 7.3.2.1.1).

use super::bits::Bits;
use super::nal::unescape;
use super::sequence::{Sequence, colour, cropped, pixel};

const SPS: u8 = 7;
/// Longer than any set that this reader has a use for: scaling lists of 4:4:4 take some 700 bytes at most.
const LONGEST: usize = 4 << 10;
/// Profiles that say their chroma format and bit depth.
const WITH_CHROMA: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// Reads a NAL unit that is a sequence parameter set. `None` for another unit and for one that ends or makes no sense before its size; what
/// comes after that is kept as far as it could be read.
pub(crate) fn sequence(nal: &[u8]) -> Option<Sequence> {
    let (header, set) = nal.split_first()?;
    if header & 0x1f != SPS {
        return None;
    }
    let set = unescape(set, LONGEST);
    let bits = &mut Bits::new(&set);
    let mut sequence = head(bits)?;
    let _ = usability(bits, &mut sequence);
    Some(sequence)
}

fn head(bits: &mut Bits) -> Option<Sequence> {
    let (profile, constraints, level) = (bits.take(8)? as u8, bits.take(8)? as u8, bits.take(8)? as u8);
    bits.ue()?;
    let (mut chroma, mut bit_depth) = (1, 8);
    if WITH_CHROMA.contains(&profile) {
        chroma = u8::try_from(bits.ue()?).ok().filter(|chroma| *chroma <= 3)?;
        if chroma == 3 {
            bits.skip(1)?;
        }
        bit_depth = u8::try_from(bits.ue()?).ok().filter(|more| *more <= 6)? + 8;
        bits.ue()?;
        bits.skip(1)?;
        if bits.flag()? {
            scaling_lists(bits, if chroma == 3 { 12 } else { 8 })?;
        }
    }
    bits.ue()?;
    let in_order = picture_order(bits)?;
    bits.ue()?;
    bits.skip(1)?;
    let (columns, rows) = (bits.ue()?.checked_add(1)?, bits.ue()?.checked_add(1)?);
    let frames_only = bits.flag()?;
    if !frames_only {
        bits.skip(1)?;
    }
    bits.skip(1)?;
    let (left, right, top, bottom) =
        if bits.flag()? { (bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?) } else { (0, 0, 0, 0) };
    let in_map_unit = if frames_only { 1 } else { 2 };
    let unit = match chroma {
        1 => (2, 2 * in_map_unit),
        2 => (2, in_map_unit),
        _ => (1, in_map_unit),
    };
    let width = cropped(columns.checked_mul(16)?, left, right, unit.0)?;
    let height = cropped(rows.checked_mul(16)?.checked_mul(in_map_unit)?, top, bottom, unit.1)?;
    let interlaced = !frames_only;
    let profile = profile_name(profile, constraints);
    let level = u16::from(level);
    let reorder = in_order.then_some(0);
    Some(Sequence { profile, level, width, height, bit_depth, chroma, interlaced, reorder, ..Sequence::default() })
}

fn profile_name(profile: u8, constraints: u8) -> Option<&'static str> {
    // constraint_set0_flag is the highest bit.
    let constrained = |set: u8| constraints >> (7 - set) & 1 == 1;
    Some(match profile {
        66 if constrained(1) => "Constrained Baseline",
        66 => "Baseline",
        77 => "Main",
        88 => "Extended",
        100 => "High",
        110 if constrained(3) => "High 10 Intra",
        110 => "High 10",
        122 if constrained(3) => "High 4:2:2 Intra",
        122 => "High 4:2:2",
        244 if constrained(3) => "High 4:4:4 Intra",
        244 => "High 4:4:4 Predictive",
        44 => "CAVLC 4:4:4",
        118 => "Multiview High",
        128 => "Stereo High",
        _ => return None,
    })
}

/// Whether pictures are always shown in the order in which they are decoded.
fn picture_order(bits: &mut Bits) -> Option<bool> {
    let kind = bits.ue()?;
    match kind {
        0 => bits.ue().map(drop),
        1 => {
            bits.skip(1)?;
            bits.se()?;
            bits.se()?;
            let frames = bits.ue().filter(|frames| *frames <= 255)?;
            (0..frames).try_for_each(|_| bits.se().map(drop))
        }
        _ => Some(()),
    }?;
    Some(kind == 2)
}

fn scaling_lists(bits: &mut Bits, lists: u32) -> Option<()> {
    for list in 0..lists {
        if !bits.flag()? {
            continue;
        }
        let (mut last, mut next) = (8i64, 8i64);
        for _ in 0..if list < 6 { 16 } else { 64 } {
            if next != 0 {
                next = (last + i64::from(bits.se()?)).rem_euclid(256);
            }
            last = if next == 0 { last } else { next };
        }
    }
    Some(())
}

/// The video usability information, as far as it is asked: pixels, colour, time, and order.
fn usability(bits: &mut Bits, sequence: &mut Sequence) -> Option<()> {
    if !bits.flag()? {
        return Some(());
    }
    sequence.pixel = pixel(bits)?;
    sequence.colour = colour(bits)?;
    if bits.flag()? {
        bits.ue()?;
        bits.ue()?;
    }
    if bits.flag()? {
        let (tick, scale) = (bits.take(32)?, bits.take(32)?);
        // A tick is the time of a field, and a frame has two of them, also where none is interlaced.
        sequence.frame_rate = tick.checked_mul(2).filter(|tick| *tick > 0 && scale > 0).map(|tick| (scale, tick));
        bits.skip(1)?;
    } // whose last bit is whether pictures come at one rate
    let mut buffered = false;
    for _ in 0..2 {
        if bits.flag()? {
            buffered = true;
            reference_decoder(bits)?;
        }
    }
    bits.skip(if buffered { 2 } else { 1 })?;
    if bits.flag()? {
        bits.skip(1)?;
        (0..4).try_for_each(|_| bits.ue().map(drop))?;
        sequence.reorder = bits.ue().filter(|pictures| *pictures <= 16).or(sequence.reorder);
    }
    Some(())
}

/// `hrd_parameters`: what a hypothetical decoder buffers.
fn reference_decoder(bits: &mut Bits) -> Option<()> {
    let schedules = bits.ue().filter(|more| *more < 32)? + 1;
    bits.skip(8)?;
    for _ in 0..schedules {
        bits.ue()?;
        bits.ue()?;
        bits.skip(1)?;
    }
    bits.skip(20)
}

#[cfg(test)]
mod tests {
    use super::super::nal::hex;
    use super::super::sequence::Colour;
    use super::*;

    /// x264, High 10, 1918x1078 in 16:9 pixels that are not square, BT.709, 24000/1001.
    const HIGH_10: &str = "676e0028a6cd940780227a9bff04d004d16a020202800001f480005dc0078c18cb00";
    /// x264, High 4:4:4 Predictive, 720x576 interlaced, 25 frames.
    const INTERLACED_444: &str = "67f4001e919b2816849b011000000300100000030321f142996000";

    #[test]
    fn the_sets_of_an_encoder() {
        let bt709 = Colour { primaries: 1, transfer: 1, matrix: 1, full_range: false };
        let high_10 = Sequence {
            profile: Some("High 10"),
            level: 40,
            width: 1918,
            height: 1078,
            pixel: Some((1232, 1233)),
            frame_rate: Some((48000, 2002)),
            bit_depth: 10,
            chroma: 1,
            colour: Some(bt709),
            reorder: Some(2),
            ..Sequence::default()
        };
        assert_eq!(sequence(&hex(HIGH_10)), Some(high_10));
        let interlaced = Sequence {
            profile: Some("High 4:4:4 Predictive"),
            level: 30,
            width: 720,
            height: 576,
            pixel: Some((1, 1)),
            frame_rate: Some((50, 2)),
            bit_depth: 8,
            chroma: 3,
            interlaced: true,
            reorder: Some(2),
            ..Sequence::default()
        };
        assert_eq!(sequence(&hex(INTERLACED_444)), Some(interlaced));
    }

    #[test]
    fn a_set_that_is_cut_keeps_what_was_read() {
        let whole = hex(HIGH_10);
        let cut = sequence(&whole[..16]).expect("the size stands in front of byte 16");
        assert_eq!((cut.width, cut.height, cut.bit_depth, cut.frame_rate), (1918, 1078, 10, None));
        assert_eq!(sequence(&whole[..8]), None);
        assert_eq!(sequence(&hex("68ebe3cb22c0")), None, "a picture parameter set");
        assert_eq!(sequence(&[]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(mut bytes: Vec<u8>) {
            let _ = sequence(&bytes);
            bytes.insert(0, 0x67);
            let _ = sequence(&bytes);
        }
    }
}
