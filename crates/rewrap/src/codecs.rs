//! What codecs say of themselves, as far as fMP4 and playlists must say it again: names for `CODECS` (RFC 6381), lengths of frames, heads of AC-3 and VP9.

use media::Codec;

/// H.264 out of `avcC`: profile, constraints, level.
pub(crate) fn avc(record: &[u8]) -> Option<String> {
    let &[1, profile, constraints, level, ..] = record else { return None };
    Some(format!("avc1.{profile:02x}{constraints:02x}{level:02x}"))
}

/// HEVC out of `hvcC` (ISO/IEC 14496-15 annex E.3): `hvc1.2.4.L120.B0`.
pub(crate) fn hevc(record: &[u8], kind: &str) -> Option<String> {
    let &[1, profile, c0, c1, c2, c3, ref constraints @ ..] = record else { return None };
    let (constraints, level) = (constraints.get(..6)?, *constraints.get(6)?);
    let space = ["", "A", "B", "C"][usize::from(profile >> 6)];
    let tier = if profile & 0x20 == 0 { 'L' } else { 'H' };
    let compatible = u32::from_be_bytes([c0, c1, c2, c3]).reverse_bits();
    let mut name = format!("{kind}.{space}{}.{compatible:X}.{tier}{level}", profile & 0x1f);
    let used = constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    constraints[..used].iter().for_each(|byte| name.push_str(&format!(".{byte:X}")));
    Some(name)
}

/// AV1 out of `av1C`: `av01.0.08M.10`.
pub(crate) fn av1(record: &[u8]) -> Option<String> {
    let &[0x81, sequence, bits, ..] = record else { return None };
    let (profile, level) = (sequence >> 5, sequence & 0x1f);
    let tier = if bits & 0x80 == 0 { 'M' } else { 'H' };
    let depth = match (bits & 0x40 != 0, bits & 0x20 != 0) {
        (true, true) if profile == 2 => 12,
        (true, _) => 10,
        _ => 8,
    };
    Some(format!("av01.{profile}.{level:02}{tier}.{depth:02}"))
}

/// VP9 out of `vpcC`'s content: `vp09.00.41.08`.
pub(crate) fn vp9(record: &[u8]) -> Option<String> {
    let &[1, _, _, _, profile, level, packed, ..] = record else { return None };
    Some(format!("vp09.{profile:02}.{level:02}.{:02}", packed >> 4))
}

/// AudioSpecificConfig (ISO/IEC 14496-3 clause 1.6.2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aac {
    /// 2 LC, 5 SBR told in front, 29 PS, 42 xHE.
    pub object: u8,
    /// Of the core: its frames are counted in these samples.
    pub sample_rate: u32,
    pub channels: u16,
    /// Samples of a frame: 1024, or 960.
    pub frame: u32,
}

const AAC_RATES: [u32; 13] = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

impl Aac {
    pub fn read(config: &[u8]) -> Option<Self> {
        let mut bits = Bits(config, 0);
        let object = Self::object(&mut bits)?;
        let sample_rate = Self::rate(&mut bits)?;
        let channels = match bits.take(4)? {
            7 => 8,
            11 => 7,
            12 | 14 => 8,
            count @ 0..=6 => count as u16,
            _ => return None,
        };
        let mut core = object;
        if object == 5 || object == 29 {
            Self::rate(&mut bits)?;
            core = Self::object(&mut bits)?;
        }
        let short = matches!(core, 1..=4) && bits.take(1) == Some(1);
        Some(Self { object, sample_rate, channels, frame: if short { 960 } else { 1024 } })
    }

    /// A config of two bytes, for files that leave it out.
    pub fn config(object: u8, sample_rate: u32, channels: u16) -> Option<[u8; 2]> {
        let rate = AAC_RATES.iter().position(|rate| *rate == sample_rate)? as u16;
        let layout = match channels {
            1..=6 => channels,
            8 => 7,
            _ => return None,
        };
        Some((u16::from(object) << 11 | rate << 7 | layout << 3).to_be_bytes())
    }

    fn object(bits: &mut Bits) -> Option<u8> {
        match bits.take(5)? {
            31 => Some(32 + bits.take(6)? as u8),
            object => Some(object as u8),
        }
    }

    fn rate(bits: &mut Bits) -> Option<u32> {
        match bits.take(4)? {
            15 => bits.take(24).filter(|rate| *rate > 0),
            index => AAC_RATES.get(index as usize).copied(),
        }
    }
}

struct Bits<'a>(&'a [u8], usize);

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut number = 0;
        for _ in 0..count {
            number = number << 1 | u32::from(self.0.get(self.1 / 8)? >> (7 - self.1 % 8) & 1);
            self.1 += 1;
        }
        Some(number)
    }
}

/// The head of a frame of AC-3 or E-AC-3 (ETSI TS 102 366).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ac3 {
    pub enhanced: bool,
    pub rate_code: u8,
    pub sample_rate: u32,
    /// Of AC-3: `frmsizecod`.
    pub size_code: u8,
    pub frame_bytes: u64,
    pub samples: u32,
    pub bsid: u8,
    pub bsmod: u8,
    pub acmod: u8,
    pub lfe: bool,
}

impl Ac3 {
    pub fn read(frame: &[u8]) -> Option<Self> {
        const RATES: [u32; 3] = [48000, 44100, 32000];
        let mut bits = Bits(frame.strip_prefix(&[0x0b, 0x77])?, 0);
        let bsid = frame.get(5)? >> 3;
        if bsid > 16 {
            return None;
        }
        if bsid > 10 {
            bits.take(2 + 3)?;
            let frame_bytes = 2 * (u64::from(bits.take(11)?) + 1);
            let rate_code = bits.take(2)? as u8;
            let second = bits.take(2)?;
            let (sample_rate, blocks) = match rate_code {
                3 => (*RATES.get(second as usize)? / 2, 6),
                code => (RATES[usize::from(code)], [1, 2, 3, 6][second as usize]),
            };
            let (acmod, lfe) = (bits.take(3)? as u8, bits.take(1)? == 1);
            let (samples, size_code, bsmod) = (256 * blocks, 0, 0);
            return Some(Self {
                enhanced: true,
                rate_code,
                sample_rate,
                size_code,
                frame_bytes,
                samples,
                bsid,
                bsmod,
                acmod,
                lfe,
            });
        }
        bits.take(16)?;
        let rate_code = bits.take(2)? as u8;
        let sample_rate = *RATES.get(usize::from(rate_code))?;
        let size_code = bits.take(6)? as u8;
        bits.take(5)?;
        let (bsmod, acmod) = (bits.take(3)? as u8, bits.take(3)? as u8);
        if acmod & 1 == 1 && acmod != 1 {
            bits.take(2)?;
        }
        if acmod & 4 != 0 {
            bits.take(2)?;
        }
        if acmod == 2 {
            bits.take(2)?;
        }
        let lfe = bits.take(1)? == 1;
        Some(Self {
            enhanced: false,
            rate_code,
            sample_rate,
            size_code,
            frame_bytes: 0,
            samples: 1536,
            bsid,
            bsmod,
            acmod,
            lfe,
        })
    }
}

/// The head of a key frame of VP9 (its bitstream specification, clause 6.2): profile, bit depth, chroma as `vpcC` counts it (1: 4:2:0).
pub(crate) fn vp9_head(frame: &[u8]) -> Option<(u8, u8, u8)> {
    let mut bits = Bits(frame, 0);
    if bits.take(2)? != 2 {
        return None;
    }
    let profile = (bits.take(1)? | bits.take(1)? << 1) as u8;
    if profile == 3 {
        bits.take(1)?;
    }
    // Not a repetition, a key frame, then two flags and the sync code.
    if bits.take(1)? != 0 || bits.take(1)? != 0 {
        return None;
    }
    bits.take(2)?;
    if bits.take(24)? != 0x49_8342 {
        return None;
    }
    let bit_depth = if profile < 2 {
        8
    } else if bits.take(1)? == 1 {
        12
    } else {
        10
    };
    let chroma = if profile & 1 == 0 {
        1
    } else if bits.take(3)? == 7 {
        3
    } else {
        bits.take(1)?;
        match (bits.take(1)?, bits.take(1)?) {
            (1, 1) => 1,
            (1, 0) => 2,
            _ => 3,
        }
    };
    Some((profile, bit_depth, chroma))
}

/// The lowest level of VP9 that this many pixels, as often as that, fit in.
pub(crate) fn vp9_level(width: u32, height: u32, frame_rate: Option<f64>) -> u8 {
    const LEVELS: [(u8, u64, f64); 14] = [
        (10, 36_864, 829_440.0),
        (11, 73_728, 2_764_800.0),
        (20, 122_880, 4_608_000.0),
        (21, 245_760, 9_216_000.0),
        (30, 552_960, 20_736_000.0),
        (31, 983_040, 36_864_000.0),
        (40, 2_228_224, 83_558_400.0),
        (41, 2_228_224, 160_432_128.0),
        (50, 8_912_896, 311_951_360.0),
        (51, 8_912_896, 588_251_136.0),
        (52, 8_912_896, 1_176_502_272.0),
        (60, 35_651_584, 1_176_502_272.0),
        (61, 35_651_584, 2_353_004_544.0),
        (62, 35_651_584, 4_706_009_088.0),
    ];
    let pixels = u64::from(width) * u64::from(height);
    let rate = pixels as f64 * frame_rate.unwrap_or(30.0);
    LEVELS.iter().find(|(_, most, fastest)| pixels <= *most && rate <= *fastest).map_or(62, |(level, ..)| *level)
}

/// How many samples a frame of sound has, by its first bytes; `None` where only time tells.
pub(crate) fn frame_samples(codec: Codec, head: &[u8]) -> Option<u32> {
    match codec {
        Codec::Opus => opus_samples(head),
        Codec::Ac3 | Codec::Eac3 => Ac3::read(head).map(|head| head.samples),
        Codec::Flac => flac_samples(head),
        Codec::Mp3 => match *head {
            // Layer III: two granules in MPEG-1, one in the others.
            [0xff, second, ..] if second & 0xe0 == 0xe0 => Some(if second & 0x08 == 0 { 576 } else { 1152 }),
            _ => None,
        },
        Codec::Mp2 => matches!(*head, [0xff, second, ..] if second & 0xe0 == 0xe0).then_some(1152),
        Codec::Dts => dts_samples(head),
        _ => None,
    }
}

/// ETSI TS 102 114 clause 5.3.1, of a core in 16 bits with the higher byte first.
fn dts_samples(head: &[u8]) -> Option<u32> {
    let mut bits = Bits(head.strip_prefix(&[0x7f, 0xfe, 0x80, 0x01])?, 0);
    bits.take(1 + 5 + 1)?;
    Some((bits.take(7)? + 1) * 32)
}

/// RFC 6716 clause 3.1, at 48 kHz.
fn opus_samples(head: &[u8]) -> Option<u32> {
    let toc = *head.first()?;
    let config = toc >> 3;
    let frame = match config {
        0..=11 => [480, 960, 1920, 2880][usize::from(config & 3)],
        12..=15 => [480, 960][usize::from(config & 1)],
        _ => [120, 240, 480, 960][usize::from(config & 3)],
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(head.get(1)? & 0x3f),
    };
    Some(frame * frames).filter(|samples| (1..=5760).contains(samples))
}

/// RFC 9639 clause 9.1.1.
fn flac_samples(head: &[u8]) -> Option<u32> {
    let &[0xff, 0xf8 | 0xf9, sizes, _, coded, ..] = head else { return None };
    let behind = 4 + coded.leading_ones().max(1) as usize;
    match sizes >> 4 {
        1 => Some(192),
        code @ 2..=5 => Some(576 << (code - 2)),
        6 => Some(u32::from(*head.get(behind)?) + 1),
        7 => Some(u32::from(u16::from_be_bytes([*head.get(behind)?, *head.get(behind + 1)?])) + 1),
        code @ 8..=15 => Some(256 << (code - 8)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_codecs_are_those_of_their_records() {
        assert_eq!(avc(&[1, 0x64, 0, 0x28, 0xff]).as_deref(), Some("avc1.640028"));
        let hvcc = |head: &[u8]| [head, &[0; 20]].concat();
        let rows: [(&[u8], &str); 3] = [
            (&[1, 0x02, 0x20, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 120], "hvc1.2.4.L120.B0"),
            (&[1, 0x01, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93], "hvc1.1.6.L93.90"),
            (&[1, 0x24, 0x08, 0, 0, 0, 0x9d, 0x08, 0, 0, 0, 0, 153], "hvc1.4.10.H153.9D.8"),
        ];
        for (record, expected) in rows {
            assert_eq!(hevc(&hvcc(record), "hvc1").as_deref(), Some(expected));
        }
        assert_eq!(av1(&[0x81, 0x08, 0x4c, 0]).as_deref(), Some("av01.0.08M.10"));
        assert_eq!(av1(&[0x81, 0x4d, 0xe0, 0]).as_deref(), Some("av01.2.13H.12"));
        assert_eq!(vp9(&[1, 0, 0, 0, 0, 41, 0x82, 1, 1, 1]).as_deref(), Some("vp09.00.41.08"));
        assert_eq!((avc(&[]), hevc(&[1, 2], "hvc1"), av1(&[0x81]), vp9(&[])), (None, None, None, None));
    }

    #[test]
    fn configurations_of_aac() {
        let aac = |object, sample_rate, channels, frame| Some(Aac { object, sample_rate, channels, frame });
        let rows: [(&[u8], Option<Aac>); 7] = [
            (&[0x11, 0x90], aac(2, 48000, 2, 1024)),
            (&[0x12, 0x10], aac(2, 44100, 2, 1024)),
            (&[0x11, 0xb0], aac(2, 48000, 6, 1024)),
            (&[0x11, 0x94], aac(2, 48000, 2, 960)),
            // HE-AAC: a core of 24 kHz, told in front.
            (&[0x2b, 0x11, 0x88, 0x00], aac(5, 24000, 2, 1024)),
            // A rate in 24 bits.
            (&[0x17, 0x80, 0x5d, 0xc0, 0x10], aac(2, 48000, 2, 1024)),
            (&[0x11], None),
        ];
        for (config, expected) in rows {
            assert_eq!(Aac::read(config), expected, "{config:x?}");
        }
        assert_eq!(Aac::config(2, 48000, 2), Some([0x11, 0x90]));
        assert_eq!(Aac::config(2, 48001, 2), None);
    }

    #[test]
    fn frames_say_how_long_they_are() {
        let rows: [(Codec, &[u8], Option<u32>); 13] = [
            (Codec::Dts, &[0x7f, 0xfe, 0x80, 0x01, 0xfc, 0x3c, 0x7d, 0xb2], Some(512)),
            (Codec::Mp2, &[0xff, 0xfd, 0xa4], Some(1152)),
            (Codec::Opus, &[0xfc], Some(960)),
            (Codec::Opus, &[0x0b, 0x03], Some(2880)),
            (Codec::Opus, &[0xff, 0x02], Some(1920)),
            (Codec::Opus, &[], None),
            (Codec::Ac3, &[0x0b, 0x77, 0, 0, 0x1e, 0x40, 0xe1, 0xdf], Some(1536)),
            (Codec::Eac3, &[0x0b, 0x77, 0x02, 0xff, 0x3f, 0x86, 0xff], Some(1536)),
            (Codec::Flac, &[0xff, 0xf8, 0xc9, 0x18, 0, 0], Some(4096)),
            (Codec::Flac, &[0xff, 0xf8, 0x79, 0x18, 0x05, 0x03, 0xff], Some(1024)),
            (Codec::Mp3, &[0xff, 0xfb, 0x90], Some(1152)),
            (Codec::Mp3, &[0xff, 0xf3, 0x90], Some(576)),
            (Codec::Aac, &[1, 2], None),
        ];
        for (codec, head, expected) in rows {
            assert_eq!(frame_samples(codec, head), expected, "{codec:?} {head:x?}");
        }
    }

    #[test]
    fn a_key_frame_of_vp9_tells_its_depth() {
        assert_eq!(vp9_head(&[0x82, 0x49, 0x83, 0x42, 0, 0]), Some((0, 8, 1)));
        assert_eq!(vp9_head(&[0x92, 0x49, 0x83, 0x42, 0, 0]), Some((2, 10, 1)));
        assert_eq!(vp9_head(&[0x86, 0, 0]), None, "no key frame");
        assert_eq!((vp9_level(1920, 1080, Some(24.0)), vp9_level(3840, 2160, Some(60.0))), (40, 51));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let _ = (avc(&bytes), hevc(&bytes, "hvc1"), av1(&bytes), vp9(&bytes), vp9_head(&bytes), Aac::read(&bytes));
            for codec in [Codec::Opus, Codec::Ac3, Codec::Flac, Codec::Mp3, Codec::Mp2, Codec::Dts] {
                let _ = frame_samples(codec, &bytes);
            }
        }
    }
}
