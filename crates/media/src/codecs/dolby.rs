//! AC-3 and E-AC-3 (ETSI TS 102 366, its annex E), TrueHD: how many channels, and whether Atmos is inside.

use super::{Bits, Sound};
use crate::{Codec, ObjectAudio};

/// Places of loudspeakers, as E-AC-3 maps them: the first is the highest bit.
const LEFT: u16 = 0x8000;
const CENTRE: u16 = 0x4000;
const RIGHT: u16 = 0x2000;
const LEFT_SURROUND: u16 = 0x1000;
const RIGHT_SURROUND: u16 = 0x0800;
const CENTRE_SURROUND: u16 = 0x0100;
const LFE: u16 = 0x0001;
/// Bits that stand for two loudspeakers: Lc/Rc, Lrs/Rrs, Lsd/Rsd, Lw/Rw, Lvh/Rvh, Lts/Rts.
const PAIRS: u16 = 0x0400 | 0x0200 | 0x0040 | 0x0020 | 0x0010 | 0x0004;
/// `acmod`; 0 is two programs of one channel.
const MODES: [u16; 8] = [
    LEFT | RIGHT,
    CENTRE,
    LEFT | RIGHT,
    LEFT | CENTRE | RIGHT,
    LEFT | RIGHT | CENTRE_SURROUND,
    LEFT | CENTRE | RIGHT | CENTRE_SURROUND,
    LEFT | RIGHT | LEFT_SURROUND | RIGHT_SURROUND,
    LEFT | CENTRE | RIGHT | LEFT_SURROUND | RIGHT_SURROUND,
];
const RATES: [u32; 3] = [48000, 44100, 32000];

fn count(places: u16) -> u16 {
    (places.count_ones() + (places & PAIRS).count_ones()) as u16
}

fn places(mode: u32, lfe: bool) -> u16 {
    MODES[mode as usize & 7] | if lfe { LFE } else { 0 }
}

/// What frames at the beginning of `bytes` say, AC-3 or E-AC-3.
pub fn frames(bytes: &[u8]) -> Option<Sound> {
    // The highest five bits of its sixth byte tell which of the two it is, in both.
    let bsid = bytes.get(5)? >> 3;
    if bytes.starts_with(&[0x0b, 0x77]) && bsid <= 10 { ac3(bytes, bsid) } else { eac3_frames(bytes) }
}

fn ac3(bytes: &[u8], bsid: u8) -> Option<Sound> {
    let mut bits = Bits::new(bytes.get(4..)?);
    let rate = *RATES.get(bits.take(2)? as usize)?;
    bits.skip(6 + 5 + 3)?;
    let mode = bits.take(3)?;
    if mode & 1 != 0 && mode != 1 {
        bits.skip(2)?;
    }
    if mode & 4 != 0 {
        bits.skip(2)?;
    }
    if mode == 2 {
        bits.skip(2)?;
    }
    let channels = count(places(mode, bits.flag()?));
    Some(Sound { codec: Some(Codec::Ac3), channels, sample_rate: rate >> bsid.saturating_sub(8), ..Sound::default() })
}

/// An independent frame, and the dependent ones behind it that bring more channels.
fn eac3_frames(bytes: &[u8]) -> Option<Sound> {
    let first = eac3(bytes)?;
    let mut sound = Sound { codec: Some(Codec::Eac3), sample_rate: first.rate, ..Sound::default() };
    let (mut places, mut atmos) = (first.places, first.atmos);
    let mut rest = bytes.get(first.len..).unwrap_or_default();
    while let Some(frame) = eac3(rest).filter(|frame| frame.is_dependent) {
        places |= frame.places;
        atmos |= frame.atmos;
        rest = rest.get(frame.len..).unwrap_or_default();
    }
    sound.channels = count(places);
    sound.objects = atmos.then_some(ObjectAudio::Atmos);
    Some(sound)
}

struct Eac3 {
    len: usize,
    is_dependent: bool,
    places: u16,
    rate: u32,
    atmos: bool,
}

fn eac3(bytes: &[u8]) -> Option<Eac3> {
    let mut bits = Bits::new(bytes);
    if bits.take(16)? != 0x0b77 {
        return None;
    }
    let kind = bits.take(2)?;
    bits.skip(3)?;
    let len = (bits.take(11)? as usize + 1) * 2;
    let rate_code = bits.take(2)?;
    let (rate, blocks) = match rate_code {
        3 => (*RATES.get(bits.take(2)? as usize)? / 2, 3),
        code => (RATES[code as usize], bits.take(2)?),
    };
    let mode = bits.take(3)?;
    let lfe = bits.flag()?;
    if !(11..=16).contains(&bits.take(5)?) {
        return None;
    }
    let mut frame = Eac3 { len, is_dependent: kind == 1, places: places(mode, lfe), rate, atmos: false };
    // What follows is read for Atmos alone: a frame that ends here has said the rest.
    frame.atmos = extension(&mut bits, kind, mode, lfe, blocks, rate_code, &mut frame.places).unwrap_or(false);
    Some(frame)
}

/// From `dialnorm` to `addbsi`, where Atmos (JOC) is told: ETSI TS 103 420 clause 8.3.
fn extension(
    bits: &mut Bits,
    kind: u32,
    mode: u32,
    lfe: bool,
    blocks: u32,
    rate_code: u32,
    places: &mut u16,
) -> Option<bool> {
    for _ in 0..if mode == 0 { 2 } else { 1 } {
        bits.skip(5)?;
        skip_if(bits, 8)?; // compr
    }
    if kind == 1 && bits.flag()? {
        *places = bits.take(16)? as u16;
    }
    if bits.flag()? {
        mixing(bits, kind, mode, lfe, blocks)?;
    }
    if bits.flag()? {
        bits.skip(5)?; // bsmod, copyrightb, origbs
        if mode == 2 {
            bits.skip(4)?;
        }
        if mode >= 6 {
            bits.skip(2)?;
        }
        for _ in 0..if mode == 0 { 2 } else { 1 } {
            skip_if(bits, 8)?; // mixlevel, roomtyp, adconvtyp
        }
        if rate_code < 3 {
            bits.skip(1)?;
        }
    }
    if kind == 0 && blocks != 3 {
        bits.skip(1)?; // convsync
    }
    if kind == 2 && (blocks == 3 || bits.flag()?) {
        bits.skip(6)?;
    }
    if !bits.flag()? {
        return Some(false);
    }
    bits.skip(6 + 7)?; // addbsil, reserved
    bits.flag() // flag_ec3_extension_type_a
}

/// `mixmdate`'s part.
fn mixing(bits: &mut Bits, kind: u32, mode: u32, lfe: bool, blocks: u32) -> Option<()> {
    if mode > 2 {
        bits.skip(2)?;
    }
    if mode & 1 != 0 && mode > 2 {
        bits.skip(6)?;
    }
    if mode & 4 != 0 {
        bits.skip(6)?;
    }
    if lfe {
        skip_if(bits, 5)?;
    }
    if kind != 0 {
        return Some(());
    }
    for _ in 0..if mode == 0 { 3 } else { 2 } {
        skip_if(bits, 6)?; // pgmscl, extpgmscl
    }
    match bits.take(2)? {
        0 => {}
        1 => bits.skip(5)?,
        2 => bits.skip(12)?,
        _ => {
            let len = bits.take(5)? as usize + 2;
            bits.skip(8 * len)?;
        }
    }
    if mode < 2 {
        for _ in 0..2 - mode {
            skip_if(bits, 14)?; // panmean, paninfo
        }
    }
    if bits.flag()? {
        if blocks == 0 {
            bits.skip(5)?;
        } else {
            for _ in 0..[1, 2, 3, 6][blocks as usize & 3] {
                skip_if(bits, 5)?;
            }
        }
    }
    Some(())
}

fn skip_if(bits: &mut Bits, count: usize) -> Option<()> {
    if bits.flag()? { bits.skip(count) } else { Some(()) }
}

/// `dac3`.
pub fn dac3(record: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(record);
    let rate = *RATES.get(bits.take(2)? as usize)?;
    bits.skip(5 + 3)?;
    let mode = bits.take(3)?;
    Some(Sound { channels: count(places(mode, bits.flag()?)), sample_rate: rate, ..Sound::default() })
}

/// `dec3`.
pub fn dec3(record: &[u8]) -> Option<Sound> {
    let mut bits = Bits::new(record);
    bits.skip(13)?;
    let substreams = bits.take(3)? + 1;
    let mut sound = Sound::default();
    for nth in 0..substreams {
        let rate = RATES.get(bits.take(2)? as usize).copied().unwrap_or_default();
        bits.skip(5 + 1 + 1 + 3)?;
        let mut its = places(bits.take(3)?, bits.flag()?);
        bits.skip(3)?;
        if bits.take(4)? > 0 {
            // From the lowest bit: Lc/Rc, Lrs/Rrs, Cs, Ts, Lsd/Rsd, Lw/Rw, Lvh/Rvh, Cvh, LFE2.
            const LOCATIONS: [u16; 9] = [0x0400, 0x0200, 0x0100, 0x0080, 0x0040, 0x0020, 0x0010, 0x0008, 0x0002];
            let told = bits.take(9)?;
            its |= (0..9).filter(|bit| told >> bit & 1 == 1).map(|bit| LOCATIONS[bit]).sum::<u16>();
        } else {
            bits.skip(1)?;
        }
        if nth == 0 {
            (sound.channels, sound.sample_rate) = (count(its), rate);
        }
    }
    let atmos = bits.skip(7).and_then(|()| bits.flag()).unwrap_or(false);
    sound.objects = atmos.then_some(ObjectAudio::Atmos);
    Some(sound)
}

/// An access unit of TrueHD that begins with a major sync, as each track's first one does ("Meridian Lossless Packing", Dolby 2018).
pub fn truehd(bytes: &[u8]) -> Option<Sound> {
    const SYNC: u32 = 0xf872_6fba;
    let mut bits = Bits::new(bytes.get(4..)?);
    if bits.take(32)? != SYNC {
        return None;
    }
    let code = bits.take(4)?;
    let rate = if code & 8 == 0 { 48000 } else { 44100 };
    bits.skip(1 + 1 + 2 + 2 + 2)?;
    let six = bits.take(5)?;
    bits.skip(2)?;
    let eight = bits.take(13)?;
    bits.skip(16 + 16 + 16 + 16 + 4 + 2 + 2)?;
    // Whether there is a presentation of 16 channels, which are Atmos's objects.
    let atmos = bits.flag()?;
    // L/R, C, LFE, Ls/Rs, Lvh/Rvh, Lc/Rc, Lrs/Rrs, Cs, Ts, Lsd/Rsd, Lw/Rw, Cvh, LFE2.
    const LOUDSPEAKERS: [u16; 13] = [2, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1];
    let places = if eight > 0 { eight } else { six };
    let channels =
        LOUDSPEAKERS.iter().enumerate().filter(|(bit, _)| places >> bit & 1 == 1).map(|(_, count)| count).sum();
    let objects = atmos.then_some(ObjectAudio::Atmos);
    Some(Sound { channels, sample_rate: rate << (code & 7).min(2), objects, ..Sound::default() })
}
