//! Descriptors of MPEG-4 systems (ISO/IEC 14496-1 clause 7.2.6), which an `esds` box holds.

use super::boxes::Fields;

/// What the descriptor of an elementary stream says of its decoder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Decoder<'a> {
    /// `objectTypeIndication`: 0x40 is AAC. mp4ra.org lists them.
    pub object_type: u8,
    pub average_bit_rate: u32,
    /// `DecoderSpecificInfo`: AAC's AudioSpecificConfig, the headers of MPEG-4 part 2.
    pub specific: &'a [u8],
}

const ES_DESCRIPTOR: u8 = 3;
const DECODER_CONFIG: u8 = 4;
const DECODER_SPECIFIC: u8 = 5;

/// Reads the body of an `esds` box.
pub(super) fn decoder(esds: &[u8]) -> Option<Decoder<'_>> {
    let mut fields = Fields(esds);
    fields.version_and_flags()?;
    let mut stream = Fields(find(&mut fields, ES_DESCRIPTOR)?);
    stream.u16()?;
    let flags = stream.u8()?;
    if flags & 0x80 != 0 {
        stream.u16()?;
    }
    if flags & 0x40 != 0 {
        let url = stream.u8()?;
        stream.take(url.into())?;
    }
    if flags & 0x20 != 0 {
        stream.u16()?;
    }
    let mut config = Fields(find(&mut stream, DECODER_CONFIG)?);
    let object_type = config.u8()?;
    config.take(8)?;
    let average_bit_rate = config.u32()?;
    let specific = find(&mut config, DECODER_SPECIFIC).unwrap_or_default();
    Some(Decoder { object_type, average_bit_rate, specific })
}

/// What the next descriptor of this tag holds; those before it are skipped.
fn find<'a>(fields: &mut Fields<'a>, tag: u8) -> Option<&'a [u8]> {
    loop {
        let this = fields.u8()?;
        let length = length(fields)?;
        let body = fields.take(length.min(fields.0.len()))?;
        if this == tag {
            return Some(body);
        }
    }
}

/// Seven bits in each byte, at most four bytes; the highest bit says that another one follows.
fn length(fields: &mut Fields) -> Option<usize> {
    let mut length = 0;
    for _ in 0..4 {
        let byte = fields.u8()?;
        length = length << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_is_found_behind_lengths_of_any_size() {
        let esds = b"\0\0\0\0\x03\x80\x80\x80\x22\0\x01\0\x04\x80\x80\x80\x14\x40\x15\0\0\0\0\x01\xf4\0\0\x01\xf3\x80\x05\x80\x80\x80\x02\x11\x90";
        let expected = Decoder { object_type: 0x40, average_bit_rate: 127_872, specific: &[0x11, 0x90] };
        assert_eq!(decoder(esds), Some(expected));
        let with_url = b"\0\0\0\0\x03\x18\0\x01\xe0\0\x02\x01a\0\x09\x04\x0d\x6b\x15\0\0\0\0\0\0\0\0\0\0\0";
        assert_eq!(decoder(with_url).map(|decoder| decoder.object_type), Some(0x6b));
        assert_eq!(decoder(&esds[..20]), None);
        assert_eq!(decoder(b""), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let _ = decoder(&bytes);
        }
    }
}
