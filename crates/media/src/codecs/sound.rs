//! The short ones: MPEG audio, FLAC, ALAC, Opus, Vorbis.

use super::{Bits, Sound};
use crate::Codec;

/// The header of MPEG audio of layer 1, 2 or 3 (ISO/IEC 11172-3).
pub fn mpeg(bytes: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(bytes);
    if bits.take(11)? != 0x7ff {
        return None;
    }
    let shift = match bits.take(2)? {
        3 => 0, // MPEG-1
        2 => 1,
        0 => 2, // "MPEG-2.5"
        _ => return None,
    };
    let codec = match bits.take(2)? {
        3 => Codec::Mp1,
        2 => Codec::Mp2,
        1 => Codec::Mp3,
        _ => return None,
    };
    bits.skip(1)?;
    if bits.take(4)? == 15 {
        return None;
    }
    let rate = [44100, 48000, 32000].get(bits.take(2)? as usize).copied()? >> shift;
    bits.skip(2)?;
    let channels = if bits.take(2)? == 3 { 1 } else { 2 };
    Some(Sound { codec: Some(codec), channels, sample_rate: rate, ..Sound::default() })
}

/// STREAMINFO, behind `fLaC` and its block's head or without (RFC 9639), or in MP4's `dfLa`.
pub fn flac(record: &[u8]) -> Option<Sound> {
    let record = record.strip_prefix(b"fLaC").or(record.strip_prefix(&[0; 4])).unwrap_or(record);
    let record = match record {
        [0 | 0x80, 0, 0, 34, rest @ ..] => rest,
        _ => record,
    };
    let mut bits = Bits::new(record.get(10..)?);
    let sample_rate = bits.take(20)?;
    let channels = bits.take(3)? as u16 + 1;
    let depth = bits.take(5)? as u8 + 1;
    (sample_rate > 0).then_some(Sound { channels, sample_rate, bit_depth: Some(depth), ..Sound::default() })
}

/// ALACSpecificConfig, behind the heads of its box or without.
pub fn alac(record: &[u8]) -> Option<Sound> {
    let record = match record.len() {
        24.. if record.get(4..8) == Some(b"alac") => record.get(12..)?,
        28.. if record.starts_with(&[0; 4]) => &record[4..],
        _ => record,
    };
    let &[_, _, _, _, _, depth, _, _, _, channels, ..] = record else { return None };
    let rate = u32::from_be_bytes(record.get(20..24)?.try_into().ok()?);
    Some(Sound { channels: channels.into(), sample_rate: rate, bit_depth: Some(depth), ..Sound::default() })
}

/// `OpusHead` (RFC 7845), or MP4's `dOps`. It always decodes to 48 kHz.
pub fn opus(record: &[u8]) -> Option<Sound> {
    let record = record.strip_prefix(b"OpusHead").unwrap_or(record);
    Some(Sound { channels: (*record.get(1)?).into(), sample_rate: 48000, ..Sound::default() })
}

/// The identification header, among the three that Matroska laces into one.
pub fn vorbis(record: &[u8]) -> Option<Sound> {
    const MARK: &[u8] = b"\x01vorbis";
    let at = record.windows(MARK.len()).take(64).position(|window| window == MARK)? + MARK.len();
    let &[_, _, _, _, channels, a, b, c, d, ..] = record.get(at..)? else { return None };
    Some(Sound { channels: channels.into(), sample_rate: u32::from_le_bytes([a, b, c, d]), ..Sound::default() })
}
