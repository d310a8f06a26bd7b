//! Sample entries: what a decoder must know before the first frame. A codec's own record goes in byte for byte.

use media::Codec;

use super::Boxes;

/// A picture's.
pub(crate) struct Picture<'a> {
    pub kind: [u8; 4],
    pub width: u32,
    pub height: u32,
    /// The codec's record as a box: `avcC`, `hvcC`, `av1C`, `vpcC`.
    pub record: ([u8; 4], &'a [u8]),
    /// Whole boxes that stand behind it: `colr`, `pasp`, `dvcC`.
    pub more: &'a [u8],
}

pub(crate) fn picture(of: &Picture) -> Vec<u8> {
    let mut boxes = Boxes::default();
    boxes.add(&of.kind, |entry| {
        entry.zeros(6).u16(1).zeros(16);
        entry.u16(u16::try_from(of.width).unwrap_or(u16::MAX)).u16(u16::try_from(of.height).unwrap_or(u16::MAX));
        // 72 dots per inch twice, one picture in a sample, no name, 24 bits.
        entry.u32(0x48_0000).u32(0x48_0000).u32(0).u16(1).zeros(32).u16(0x18).u16(0xffff);
        entry.add(&of.record.0, |record| {
            record.bytes(of.record.1);
        });
        entry.bytes(of.more);
    });
    boxes.0
}

/// A sound's. `record`: whole boxes (`esds`, `dOps`, `dfLa`, `dac3`, `dec3`).
pub(crate) fn sound(kind: &[u8; 4], channels: u16, sample_rate: u32, record: &[u8]) -> Vec<u8> {
    let mut boxes = Boxes::default();
    boxes.add(kind, |entry| {
        entry.zeros(6).u16(1).zeros(8).u16(channels).u16(16).zeros(4);
        entry.u32(u16::try_from(sample_rate).map_or(0, |rate| u32::from(rate) << 16));
        entry.bytes(record);
    });
    boxes.0
}

/// `colr` with code points of ITU-T H.273.
pub(crate) fn colour(primaries: u16, transfer: u16, matrix: u16, full_range: bool) -> Vec<u8> {
    let mut boxes = Boxes::default();
    boxes.add(b"colr", |colr| {
        colr.bytes(b"nclx").u16(primaries).u16(transfer).u16(matrix).u8(u8::from(full_range) << 7);
    });
    boxes.0
}

/// `pasp`: the shape of a pixel.
pub(crate) fn pixel(horizontal: u32, vertical: u32) -> Vec<u8> {
    let mut boxes = Boxes::default();
    boxes.add(b"pasp", |pasp| {
        pasp.u32(horizontal).u32(vertical);
    });
    boxes.0
}

/// `esds` (ISO/IEC 14496-1 clause 7.2.6): the kind of object (0x40 AAC, 0x6b MP3) and what its decoder must know.
pub(crate) fn descriptors(object: u8, specific: &[u8]) -> Vec<u8> {
    // A stream of sound; buffer and bit rates are not said.
    let mut decoder = Boxes::default();
    decoder.u8(object).u8(0x15).zeros(11);
    if !specific.is_empty() {
        descriptor(&mut decoder, 5, specific);
    }
    let mut stream = Boxes::default();
    stream.u16(0).u8(0);
    descriptor(&mut stream, 4, &decoder.0);
    descriptor(&mut stream, 6, &[2]);
    let mut boxes = Boxes::default();
    boxes.full(b"esds", 0, 0, |esds| descriptor(esds, 3, &stream.0));
    boxes.0
}

/// Tag, size in as many bytes of seven bits as it takes, content.
fn descriptor(into: &mut Boxes, tag: u8, content: &[u8]) {
    into.u8(tag);
    let more = (1..4u32).rev().filter(|place| content.len() >> (7 * place) > 0);
    for place in more {
        into.u8((content.len() >> (7 * place)) as u8 | 0x80);
    }
    into.u8(content.len() as u8 & 0x7f).bytes(content);
}

/// `alac` out of what Apple calls a magic cookie, which Matroska has without its box.
pub(crate) fn alac(cookie: &[u8]) -> Vec<u8> {
    let mut boxes = Boxes::default();
    boxes.full(b"alac", 0, 0, |alac| {
        alac.bytes(cookie);
    });
    boxes.0
}

/// Whether fMP4 of it is played by anybody but an encoder's reader.
pub(crate) fn is_for_players(codec: Codec) -> bool {
    matches!(codec, Codec::Aac | Codec::Opus | Codec::Flac | Codec::Mp3 | Codec::Ac3 | Codec::Eac3)
}

/// `dOps` out of Ogg's head, which Matroska has: the same fields in the other order of bytes (Opus in ISOBMFF clause 4.3.2).
pub(crate) fn opus(head: &[u8]) -> Option<Vec<u8>> {
    let fields = head.strip_prefix(b"OpusHead")?;
    let &[_version, channels, skip_low, skip_high, a, b, c, d, gain_low, gain_high, family, ref mapping @ ..] = fields
    else {
        return None;
    };
    let mapping = match family {
        0 => &[][..],
        _ => mapping.get(..2 + usize::from(channels))?,
    };
    let mut boxes = Boxes::default();
    boxes.add(b"dOps", |dops| {
        dops.u8(0).u8(channels).bytes(&[skip_high, skip_low, d, c, b, a, gain_high, gain_low, family]).bytes(mapping);
    });
    Some(boxes.0)
}

/// `dfLa` out of FLAC's head (`fLaC`, then blocks of metadata): the block STREAMINFO, marked as the last one.
pub(crate) fn flac(head: &[u8]) -> Option<Vec<u8>> {
    let blocks = head.strip_prefix(b"fLaC").unwrap_or(head);
    let info = blocks.get(4..38).filter(|_| blocks[0] & 0x7f == 0)?;
    let mut boxes = Boxes::default();
    boxes.full(b"dfLa", 0, 0, |dfla| {
        dfla.u8(0x80).bytes(&[0, 0, 34]).bytes(info);
    });
    Some(boxes.0)
}

/// `dac3` out of a frame of AC-3 (ETSI TS 102 366 annex F.4).
pub(crate) fn ac3(frame: &[u8]) -> Option<Vec<u8>> {
    let head = crate::codecs::Ac3::read(frame).filter(|head| !head.enhanced)?;
    let mut boxes = Boxes::default();
    boxes.add(b"dac3", |dac3| {
        let bits = u32::from(head.rate_code) << 22
            | u32::from(head.bsid) << 17
            | u32::from(head.bsmod) << 14
            | u32::from(head.acmod) << 11
            | u32::from(head.lfe) << 10
            | u32::from(head.size_code >> 1) << 5;
        dac3.bytes(&bits.to_be_bytes()[1..]);
    });
    Some(boxes.0)
}

/// `dec3` out of a frame of E-AC-3 (annex F.6): one independent substream, without those that depend on it.
pub(crate) fn eac3(frame: &[u8]) -> Option<Vec<u8>> {
    let head = crate::codecs::Ac3::read(frame).filter(|head| head.enhanced)?;
    let mut boxes = Boxes::default();
    boxes.add(b"dec3", |dec3| {
        let kbit =
            (head.frame_bytes * u64::from(head.sample_rate) * 8 / u64::from(head.samples.max(1)) / 1000).min(0x1fff);
        dec3.u16((kbit as u16) << 3);
        let bits = u32::from(head.rate_code) << 22
            | u32::from(head.bsid) << 17
            | u32::from(head.bsmod) << 12
            | u32::from(head.acmod) << 9
            | u32::from(head.lfe) << 8;
        dec3.bytes(&bits.to_be_bytes()[1..]);
    });
    Some(boxes.0)
}

/// `vpcC` of VP9 (VP codec ISO media file format binding): profile, level, bits, chroma, colour.
pub(crate) fn vp9(profile: u8, level: u8, bit_depth: u8, chroma: u8, colour: Option<(u8, u8, u8, bool)>) -> Vec<u8> {
    let (primaries, transfer, matrix, full_range) = colour.unwrap_or((2, 2, 2, false));
    let packed = bit_depth << 4 | chroma << 1 | u8::from(full_range);
    vec![1, 0, 0, 0, profile, level, packed, primaries, transfer, matrix, 0, 0]
}

/// Whether fMP4's sample entry for this codec promises that parameter sets stand in the record (`avc1`, `hvc1`: Apple plays no other), and it does hold them.
pub(crate) fn has_parameter_sets(codec: Codec, record: &[u8]) -> bool {
    match codec {
        Codec::H264 => record.get(5).is_some_and(|sets| sets & 0x1f > 0),
        Codec::Hevc => record.get(22).is_some_and(|arrays| *arrays > 0),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_sounds_become_boxes() {
        let head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0";
        assert_eq!(opus(head).as_deref(), Some(&b"\0\0\0\x13dOps\0\x02\x01\x38\0\0\xbb\x80\0\0\0"[..]));
        let surround = b"OpusHead\x01\x06\x38\x01\x80\xbb\0\0\0\0\x01\x04\x02\0\x04\x01\x02\x03\x05";
        assert_eq!(opus(surround).map(|dops| dops.len()), Some(19 + 8));
        assert_eq!((opus(&surround[..20]), opus(b"Opus")), (None, None));
        let info = [&b"fLaC\x80\0\0\x22"[..], &[7; 34]].concat();
        let dfla = flac(&info).expect("a head of FLAC");
        assert_eq!((&dfla[..16], dfla.len()), (&b"\0\0\0\x32dfLa\0\0\0\0\x80\0\0\x22"[..], 50));
        assert_eq!(flac(b"fLaC"), None);
        assert_eq!(
            descriptors(0x40, &[0x11, 0x90]),
            b"\0\0\0\x27esds\0\0\0\0\x03\x19\0\0\0\x04\x11\x40\x15\0\0\0\0\0\0\0\0\0\0\0\x05\x02\x11\x90\x06\x01\x02"
        );
    }

    #[test]
    fn descriptors_of_any_length_say_how_long_they_are() {
        let long = descriptors(0xdd, &[7; 300]);
        assert_eq!(long.len(), 8 + 4 + 3 + (3 + 3 + 13 + 3 + 300 + 3));
        assert_eq!(long[12..15], [3, 0x82, 0x45]);
        assert_eq!(long[15 + 3..][..3], [4, 0x82, 0x3c]);
        assert_eq!(long[15 + 3 + 3 + 13..][..4], [5, 0x82, 0x2c, 7]);
    }

    #[test]
    fn a_frame_of_ac3_tells_its_box() {
        // 48 kHz, 448 kbit/s, bsid 8, 3/2 with LFE.
        let frame = [0x0b, 0x77, 0, 0, 0x1e, 0x40, 0xe1, 0xdf, 0xc4];
        assert_eq!(ac3(&frame).as_deref(), Some(&[0, 0, 0, 11, b'd', b'a', b'c', b'3', 0x10, 0x3d, 0xe0][..]));
        assert_eq!(eac3(&frame), None);
    }
}
