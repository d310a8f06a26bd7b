//! HEVC's sequence parameter set (ITU-T H.265 clause 7.3.2.2) and the messages of supplemental enhancement information that tell a kind of HDR.

use super::bits::Bits;
use super::nal::unescape;
use super::sequence::{Sequence, colour, cropped, pixel};

const SPS: u8 = 33;
const PREFIX_SEI: u8 = 39;
/// Longer than any set that this reader has a use for.
const LONGEST: usize = 8 << 10;

/// `nal_unit_type`, of a unit with its header of two bytes.
pub(crate) fn unit_type(nal: &[u8]) -> Option<u8> {
    nal.first().map(|byte| byte >> 1 & 0x3f)
}

/// Reads a NAL unit that is a sequence parameter set. `None` for another unit and for one that ends or makes no sense before its bit depth;
/// what comes after that is kept as far as it could be read.
pub(crate) fn sequence(nal: &[u8]) -> Option<Sequence> {
    if unit_type(nal) != Some(SPS) {
        return None;
    }
    let set = unescape(nal.get(2..)?, LONGEST);
    let bits = &mut Bits::new(&set);
    bits.skip(4)?;
    let sub_layers = bits.take(3)?;
    bits.skip(1)?;
    let mut sequence = profile_tier_level(bits, sub_layers)?;
    size_and_depth(bits, &mut sequence)?;
    let _ = coding(bits, sub_layers, &mut sequence).and_then(|()| usability(bits, &mut sequence));
    Some(sequence)
}

fn profile_tier_level(bits: &mut Bits, sub_layers: u32) -> Option<Sequence> {
    bits.skip(2)?;
    bits.skip(1)?;
    let profile = profile_name(bits.take(5)?);
    bits.skip(32)?;
    let (progressive, interlaced) = (bits.flag()?, bits.flag()?);
    bits.skip(46)?;
    let level = bits.take(8)? as u16 / 3;
    let mut told = Vec::with_capacity(8);
    for _ in 0..sub_layers {
        told.push((bits.flag()?, bits.flag()?));
    }
    if sub_layers > 0 {
        bits.skip(2 * (8 - sub_layers as usize))?;
    }
    for (profile, level) in told {
        bits.skip(if profile { 88 } else { 0 } + if level { 8 } else { 0 })?;
    }
    Some(Sequence { profile, level, interlaced: interlaced && !progressive, ..Sequence::default() })
}

fn profile_name(profile: u32) -> Option<&'static str> {
    Some(match profile {
        1 => "Main",
        2 => "Main 10",
        3 => "Main Still Picture",
        4 => "Rext",
        9 => "Scc",
        _ => return None,
    })
}

fn size_and_depth(bits: &mut Bits, sequence: &mut Sequence) -> Option<()> {
    bits.ue()?;
    let chroma = u8::try_from(bits.ue()?).ok().filter(|chroma| *chroma <= 3)?;
    if chroma == 3 {
        bits.skip(1)?;
    }
    let (width, height) = (bits.ue()?, bits.ue()?);
    let (left, right, top, bottom) =
        if bits.flag()? { (bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?) } else { (0, 0, 0, 0) };
    let unit = match chroma {
        1 => (2, 2),
        2 => (2, 1),
        _ => (1, 1),
    };
    sequence.chroma = chroma;
    sequence.width = cropped(width, left, right, unit.0)?;
    sequence.height = cropped(height, top, bottom, unit.1)?;
    sequence.bit_depth = u8::try_from(bits.ue()?).ok().filter(|more| *more <= 8)? + 8;
    bits.ue().map(drop)
}

/// All between the bit depth and the usability information. Only the order of pictures is asked, and nothing says how long the rest is.
fn coding(bits: &mut Bits, sub_layers: u32, sequence: &mut Sequence) -> Option<()> {
    let order_bits = bits.ue()?.checked_add(4).filter(|count| *count <= 16)?;
    let layers = if bits.flag()? { sub_layers + 1 } else { 1 };
    for _ in 0..layers {
        bits.ue()?;
        // The last layer's counts for all of them.
        sequence.reorder = bits.ue().filter(|pictures| *pictures <= 16);
        bits.ue()?;
    }
    for _ in 0..6 {
        bits.ue()?;
    }
    if bits.flag()? && bits.flag()? {
        scaling_lists(bits)?;
    }
    bits.skip(2)?;
    if bits.flag()? {
        bits.skip(8)?;
        bits.ue()?;
        bits.ue()?;
        bits.skip(1)?;
    }
    reference_sets(bits)?;
    if bits.flag()? {
        let pictures = bits.ue().filter(|pictures| *pictures <= 32)?;
        bits.skip(pictures as usize * (order_bits as usize + 1))?;
    }
    bits.skip(2)
}

fn scaling_lists(bits: &mut Bits) -> Option<()> {
    for size in 0..4 {
        for _ in 0..if size == 3 { 2 } else { 6 } {
            if !bits.flag()? {
                bits.ue()?;
                continue;
            }
            if size > 1 {
                bits.se()?;
            }
            for _ in 0..64.min(1 << (4 + 2 * size)) {
                bits.se()?;
            }
        }
    }
    Some(())
}

/// `st_ref_pic_set` of all sets. Each may be told as the difference to the one before it, so how many pictures each has must be counted.
fn reference_sets(bits: &mut Bits) -> Option<()> {
    let sets = bits.ue().filter(|sets| *sets <= 64)?;
    let mut before = 0u32;
    for set in 0..sets {
        let predicted = set > 0 && bits.flag()?;
        before = if predicted { predicted_set(bits, before)? } else { told_set(bits)? };
    }
    Some(())
}

/// In a sequence parameter set a set is always predicted from the one before it; slices alone say from which.
fn predicted_set(bits: &mut Bits, before: u32) -> Option<u32> {
    bits.skip(1)?;
    bits.ue()?;
    let mut pictures = 0;
    for _ in 0..=before {
        let used = bits.flag()?;
        if used || bits.flag()? {
            pictures += 1;
        }
    }
    Some(pictures)
}

fn told_set(bits: &mut Bits) -> Option<u32> {
    let (negative, positive) = (bits.ue()?, bits.ue()?);
    let pictures = negative.checked_add(positive).filter(|pictures| *pictures <= 32)?;
    for _ in 0..pictures {
        bits.ue()?;
        bits.skip(1)?;
    }
    Some(pictures)
}

/// The video usability information, as far as it is asked: pixels, colour, and time.
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
    bits.skip(1)?;
    let fields = bits.flag()?;
    sequence.interlaced |= fields;
    bits.skip(1)?;
    if bits.flag()? {
        for _ in 0..4 {
            bits.ue()?;
        }
    }
    if bits.flag()? {
        let (tick, scale) = (bits.take(32)?, bits.take(32)?);
        sequence.frame_rate = (tick > 0 && scale > 0).then_some((scale, tick));
    }
    Some(())
}

/// What the messages of one unit tell of HDR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// The mastering display or the light of the content: HDR10's static metadata.
    pub hdr10: bool,
    /// Dynamic metadata of SMPTE ST 2094-40.
    pub hdr10_plus: bool,
    /// `preferred_transfer_characteristics`: 18 is HLG in a stream that calls itself BT.2020.
    pub transfer: Option<u16>,
}

impl Told {
    pub fn and(self, other: Told) -> Told {
        Told {
            hdr10: self.hdr10 | other.hdr10,
            hdr10_plus: self.hdr10_plus | other.hdr10_plus,
            transfer: self.transfer.or(other.transfer),
        }
    }
}

/// `itu_t_t35_country_code` of the United States, Samsung's provider code, the code of ST 2094-40 and its application.
const HDR10_PLUS: [u8; 6] = [0xb5, 0x00, 0x3c, 0x00, 0x01, 0x04];

/// Whether a payload registered by ITU-T T.35 begins HDR10+'s metadata.
pub(crate) fn is_hdr10_plus(payload: &[u8]) -> bool {
    payload.starts_with(&HDR10_PLUS)
}

/// Reads a NAL unit of messages; one of another kind tells nothing.
pub(crate) fn messages(nal: &[u8]) -> Told {
    let mut told = Told::default();
    if unit_type(nal) != Some(PREFIX_SEI) || nal.len() < 2 {
        return told;
    }
    let unit = unescape(&nal[2..], LONGEST);
    let mut rest = &unit[..];
    while let Some((kind, payload, after)) = message(rest) {
        match kind {
            4 => told.hdr10_plus |= is_hdr10_plus(payload),
            137 | 144 => told.hdr10 = true,
            147 => told.transfer = payload.first().map(|transfer| u16::from(*transfer)),
            _ => {}
        }
        rest = after;
    }
    told
}

/// The first message: its kind, what it carries (which may be cut), what comes after it.
fn message(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    // What is left at the end is one byte, the stop bit.
    if bytes.len() < 3 {
        return None;
    }
    let (kind, rest) = in_bytes_of_255(bytes)?;
    let (size, rest) = in_bytes_of_255(rest)?;
    let (payload, after) = rest.split_at((size as usize).min(rest.len()));
    Some((kind, payload, after))
}

fn in_bytes_of_255(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let full = bytes.iter().take_while(|byte| **byte == 0xff).count();
    let value = u32::try_from(full).ok()?.checked_mul(255)?.checked_add(u32::from(*bytes.get(full)?))?;
    Some((value, &bytes[full + 1..]))
}

#[cfg(test)]
mod tests {
    use super::super::nal::hex;
    use super::super::sequence::Colour;
    use super::*;

    /// x265, Main 10, 1920x1080, BT.2020 with PQ, 24000/1001.
    const HDR10: &str = "420101022000000300900000030000030078a003c08010e4d96566924caf016a1220120800001f480002ee004000";
    /// x265, range extensions, 640x360, 4:2:2, scaling lists of its own.
    const SCALED_422: &str = "4201010408000003009d0800000300003fb00502016965959a49395e02d010000003001000000301908000";

    #[test]
    fn the_sets_of_an_encoder() {
        let pq = Colour { primaries: 9, transfer: 16, matrix: 9, full_range: false };
        let hdr10 = Sequence {
            profile: Some("Main 10"),
            level: 40,
            width: 1920,
            height: 1080,
            pixel: Some((1, 1)),
            frame_rate: Some((24000, 1001)),
            bit_depth: 10,
            chroma: 1,
            colour: Some(pq),
            reorder: Some(2),
            ..Sequence::default()
        };
        assert_eq!(sequence(&hex(HDR10)), Some(hdr10));
        let scaled = Sequence {
            profile: Some("Rext"),
            level: 21,
            width: 640,
            height: 360,
            pixel: Some((1, 1)),
            frame_rate: Some((25, 1)),
            bit_depth: 8,
            chroma: 2,
            reorder: Some(2),
            ..Sequence::default()
        };
        assert_eq!(sequence(&hex(SCALED_422)), Some(scaled));
    }

    #[test]
    fn a_set_that_is_cut_keeps_what_was_read() {
        let whole = hex(HDR10);
        let cut = sequence(&whole[..32]).expect("the bit depth stands in front of byte 32");
        assert_eq!((cut.width, cut.height, cut.bit_depth, cut.colour), (1920, 1080, 10, None));
        assert_eq!(sequence(&whole[..16]), None);
        assert_eq!(sequence(&hex("4401c172bc6240")), None, "a picture parameter set");
        assert_eq!(sequence(&[]), None);
    }

    #[test]
    fn messages_tell_the_kind_of_hdr() {
        let hdr10 = Told { hdr10: true, ..Told::default() };
        let light = messages(&hex("4e01900403e8019080"));
        let display = messages(&hex("4e01891833c286c41d4c0bb884d03e803d1340420098968000000300010000030080"));
        let plus = messages(&hex("4e010408b5003c000104014080"));
        let hlg = messages(&hex("4e0193011280"));
        let behind_another = messages(&hex("4e0105021122900403e8019080"));
        assert_eq!([light, display, behind_another], [hdr10; 3]);
        assert_eq!(plus, Told { hdr10_plus: true, ..Told::default() });
        assert_eq!(hlg, Told { transfer: Some(18), ..Told::default() });
        assert_eq!(hdr10.and(plus), Told { hdr10: true, hdr10_plus: true, transfer: None });
        assert_eq!(messages(&hex("4e01")), Told::default());
        assert_eq!(messages(&hex("4e01ffffff")), Told::default());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let mut nal = vec![0x42, 1];
            nal.extend(&bytes);
            let _ = sequence(&nal);
            nal[0] = 0x4e;
            let _ = messages(&nal);
        }
    }
}
