//! AAC: AudioSpecificConfig (ISO/IEC 14496-3 clause 1.6.2.1), and the header of ADTS.

use super::{Bits, Sound};

const RATES: [u32; 13] = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/// `channelConfiguration`
const CHANNELS: [u16; 16] = [0, 1, 2, 3, 4, 5, 6, 8, 0, 0, 0, 7, 8, 24, 8, 0];
const SBR: u32 = 5;
const PS: u32 = 29;

fn profile(object: u32) -> Option<&'static str> {
    match object {
        1 => Some("Main"),
        2 => Some("LC"),
        3 => Some("SSR"),
        4 => Some("LTP"),
        SBR => Some("HE-AAC"),
        PS => Some("HE-AACv2"),
        23 => Some("LD"),
        39 => Some("ELD"),
        42 => Some("xHE-AAC"),
        _ => None,
    }
}

/// `AudioSpecificConfig`.
pub fn config(record: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(record);
    let mut object = object_type(&mut bits)?;
    let mut rate = rate(&mut bits)?;
    let mut channels = CHANNELS[bits.take(4)? as usize];
    let mut kind = object;
    if matches!(object, SBR | PS) {
        rate = self::rate(&mut bits)?;
        object = object_type(&mut bits)?;
    }
    // What follows may be missing; a writer that leaves it out has said the rest.
    let _ = (|| {
        if !matches!(object, 1..=4 | 6 | 7 | 17 | 19..=23) {
            return Some(());
        }
        bits.skip(1)?;
        if bits.flag()? {
            bits.skip(14)?;
        }
        let is_extended = bits.flag()?;
        if channels == 0 {
            channels = program_config(&mut bits)?;
        }
        if is_extended || kind != object || bits.take(11)? != 0x2b7 {
            return Some(());
        }
        if object_type(&mut bits)? == SBR && bits.flag()? {
            kind = SBR;
            rate = self::rate(&mut bits)?;
            if bits.take(11)? == 0x548 && bits.flag()? {
                kind = PS;
            }
        }
        Some(())
    })();
    if kind == PS && channels == 1 {
        channels = 2;
    }
    Some(Sound { profile: profile(kind), channels, sample_rate: rate, ..Sound::default() })
}

fn object_type(bits: &mut Bits) -> Option<u32> {
    match bits.take(5)? {
        31 => Some(32 + bits.take(6)?),
        object => Some(object),
    }
}

fn rate(bits: &mut Bits) -> Option<u32> {
    match bits.take(4)? {
        15 => bits.take(24),
        code => RATES.get(code as usize).copied(),
    }
}

/// `program_config_element`: channels one by one.
fn program_config(bits: &mut Bits) -> Option<u16> {
    bits.skip(4 + 2 + 4)?;
    let [front, side, back] = [bits.take(4)?, bits.take(4)?, bits.take(4)?];
    let lfe = bits.take(2)?;
    let (data, coupling) = (bits.take(3)? as usize, bits.take(4)? as usize);
    for len in [4, 4, 3] {
        if bits.flag()? {
            bits.skip(len)?;
        }
    }
    let mut channels = lfe as u16;
    for _ in 0..front + side + back {
        channels += 1 + u16::from(bits.flag()?);
        bits.skip(4)?;
    }
    bits.skip(4 * lfe as usize + 4 * data + 5 * coupling)?;
    // A comment, at the next whole byte.
    bits.skip((8 - bits.position() % 8) % 8)?;
    let comment = bits.take(8)? as usize;
    bits.skip(8 * comment)?;
    Some(channels)
}

/// The header of an ADTS frame.
pub fn adts(bytes: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(bytes);
    if bits.take(12)? != 0xfff {
        return None;
    }
    bits.skip(1)?;
    if bits.take(2)? != 0 {
        return None;
    }
    bits.skip(1)?;
    let object = bits.take(2)? + 1;
    let rate = *RATES.get(bits.take(4)? as usize)?;
    bits.skip(1)?;
    let channels = CHANNELS[bits.take(3)? as usize];
    Some(Sound { profile: profile(object), channels, sample_rate: rate, ..Sound::default() })
}
