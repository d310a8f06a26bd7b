//! Two sounds that only transport streams have in this shape: AAC in LATM, and Blu-ray's PCM.

use crate::codecs::{self, Bits};
use crate::{Kind, Track};

/// AAC of type 0x11 (ISO/IEC 14496-3 clause 1.7): LOAS frames, of which some carry the configuration.
pub(super) fn latm(track: &mut Track, frame: &[u8]) -> Option<()> {
    let mut bits = Bits::new(frame);
    if bits.take(11)? != 0x2b7 {
        return None;
    }
    bits.skip(13)?;
    let same_as_before = bits.flag()?;
    let version = bits.flag()?;
    // Version 1 counts in other fields first; nobody broadcasts it.
    if same_as_before || version {
        return None;
    }
    // allStreamsSameTimeFraming, and that there is one frame, one program and one layer.
    bits.skip(1)?;
    if bits.take(13)? != 0 {
        return None;
    }
    // AudioSpecificConfig follows in the middle of a byte.
    let config: Vec<u8> = std::iter::from_fn(|| bits.take(8)).map(|byte| byte as u8).take(64).collect();
    codecs::record(track, &config);
    Some(())
}

/// LPCM of type 0x80: four bytes before the samples say what they are.
pub(super) fn lpcm(track: &mut Track, frame: &[u8]) -> Option<()> {
    const CHANNELS: [u16; 16] = [0, 1, 0, 2, 3, 3, 4, 4, 5, 6, 7, 8, 0, 0, 0, 0];
    let (layout, depth) = (*frame.get(2)?, *frame.get(3)?);
    let Kind::Audio(sound) = &mut track.kind else { return None };
    sound.channels = CHANNELS[usize::from(layout >> 4)];
    sound.sample_rate = match layout & 0x0f {
        1 => 48_000,
        4 => 96_000,
        5 => 192_000,
        _ => 0,
    };
    sound.bit_depth = match depth >> 6 {
        1 => Some(16),
        2 => Some(20),
        3 => Some(24),
        _ => None,
    };
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Audio, Codec};

    #[test]
    fn blu_rays_sound_says_what_it_is() {
        let mut track = Track { kind: Kind::Audio(Audio::default()), ..Track::default() };
        assert_eq!(lpcm(&mut track, &[3, 0xc0, 0x94, 0xc0]), Some(()));
        let expected = Audio { channels: 6, sample_rate: 96_000, bit_depth: Some(24), objects: None };
        assert_eq!(track.kind, Kind::Audio(expected));
        assert_eq!(lpcm(&mut track, &[3, 0xc0]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let mut track = Track { codec: Codec::Aac, kind: Kind::Audio(Audio::default()), ..Track::default() };
            let _ = lpcm(&mut track, &bytes);
            let _ = latm(&mut track, &[&[0x56, 0xe0, 0][..], &bytes].concat());
        }
    }
}
