//! DTS (ETSI TS 102 114): the core, and what stands behind it in a frame.

use super::{Bits, Sound};
use crate::ObjectAudio;

const CORE: [u8; 4] = [0x7f, 0xfe, 0x80, 0x01];
const SUBSTREAM: [u8; 4] = [0x64, 0x58, 0x20, 0x25];
const RATES: [u32; 16] = [0, 8000, 16000, 32000, 0, 0, 11025, 22050, 44100, 0, 0, 12000, 24000, 48000, 96000, 192_000];
/// `AMODE`
const CHANNELS: [u16; 16] = [1, 2, 2, 2, 2, 3, 3, 4, 4, 5, 6, 6, 6, 7, 8, 8];

/// What a frame says: its core, and the substream of extensions behind it, or that alone.
pub fn frame(bytes: &[u8]) -> Option<Sound> {
    let core = core(bytes);
    let behind = core.as_ref().map_or(0, |(len, _)| *len);
    // A core is padded to four bytes at times.
    let at = (behind..behind + 4).find(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(&SUBSTREAM)));
    match (core, at) {
        (core, Some(at)) => Some(extended(core.map(|(_, sound)| sound), &bytes[at..])),
        (Some((_, sound)), None) => Some(sound),
        (None, None) => None,
    }
}

/// Its length and what it says.
fn core(bytes: &[u8]) -> Option<(usize, Sound)> {
    let mut bits = Bits::new(bytes.strip_prefix(&CORE)?);
    bits.skip(1 + 5)?;
    let has_crc = bits.flag()?;
    bits.skip(7)?;
    let len = bits.take(14)? as usize + 1;
    let mode = bits.take(6)? as usize;
    let sample_rate = RATES[bits.take(4)? as usize];
    bits.skip(5 + 5)?;
    let kind = bits.take(3)?;
    let is_extended = bits.flag()?;
    bits.skip(1)?;
    let lfe = matches!(bits.take(2)?, 1 | 2);
    bits.skip(1 + if has_crc { 16 } else { 0 } + 1 + 4 + 2)?;
    let bit_depth = match bits.take(3)? {
        0 | 1 => Some(16),
        2 | 3 => Some(20),
        5 | 6 => Some(24),
        _ => None,
    };
    let profile = match (is_extended, kind) {
        (true, 0 | 6) => "DTS-ES",
        (true, 2) => "DTS 96/24",
        _ => "DTS",
    };
    let channels = CHANNELS.get(mode).map_or(0, |count| count + u16::from(lfe));
    Some((len, Sound { profile: Some(profile), channels, sample_rate, bit_depth, ..Sound::default() }))
}

/// The kinds are told by the marks that their data begin with. They stand at bytes in any place, and what is searched is some kilobytes.
fn extended(core: Option<Sound>, bytes: &[u8]) -> Sound {
    let has = |mark: u32| bytes.windows(4).any(|four| four == mark.to_be_bytes());
    let lossless = has(0x41a2_9547);
    let profile = if lossless {
        "DTS-HD MA"
    } else if has(0x0a80_1921) {
        "DTS Express"
    } else if has(0x655e_315e) || has(0x4700_4a03) || has(0x1d95_f262) {
        "DTS-HD HRA"
    } else {
        core.as_ref().and_then(|core| core.profile).unwrap_or("DTS")
    };
    let mut sound = core.unwrap_or_default();
    sound.profile = Some(profile);
    sound.objects =
        (lossless && (has(0x0200_0850) || has(0xf140_00d0) || has(0xf140_00d1))).then_some(ObjectAudio::DtsX);
    if let Some((bit_depth, sample_rate, channels)) = asset(bytes) {
        sound.bit_depth = Some(bit_depth);
        sound.sample_rate = sample_rate;
        sound.channels = channels.max(sound.channels);
    }
    sound
}

/// Bits, samples per second and channels of the first asset.
fn asset(bytes: &[u8]) -> Option<(u8, u32, u16)> {
    let mut bits = Bits::new(bytes.get(4..)?);
    bits.skip(8)?;
    let index = bits.take(2)? as usize;
    let (head_bits, size_bits) = if bits.flag()? { (12, 20) } else { (8, 16) };
    bits.skip(head_bits + size_bits)?;
    // Without it nothing is said of channels.
    if !bits.flag()? {
        return None;
    }
    bits.skip(2 + 3)?;
    if bits.flag()? {
        bits.skip(36)?;
    }
    let presentations = bits.take(3)? + 1;
    let assets = bits.take(3)? as usize + 1;
    let masks = (0..presentations).map(|_| bits.take(index + 1)).collect::<Option<Vec<u32>>>()?;
    for mask in masks {
        bits.skip(8 * (mask.count_ones() as usize))?;
    }
    if bits.flag()? {
        bits.skip(2)?;
        let mask_bits = (bits.take(2)? as usize + 1) << 2;
        let configurations = bits.take(2)? as usize + 1;
        bits.skip(mask_bits * configurations)?;
    }
    bits.skip(size_bits * assets)?;
    bits.skip(9 + 3)?;
    for len in [4, 24] {
        if bits.flag()? {
            bits.skip(len)?;
        }
    }
    if bits.flag()? {
        let len = bits.take(10)? as usize + 1;
        bits.skip(8 * len)?;
    }
    const RATES: [u32; 16] = [
        8000, 16000, 32000, 64000, 128_000, 22050, 44100, 88200, 176_400, 352_800, 12000, 24000, 48000, 96000, 192_000,
        384_000,
    ];
    let depth = bits.take(5)? as u8 + 1;
    let rate = RATES[bits.take(4)? as usize];
    Some((depth, rate, bits.take(8)? as u16 + 1))
}
