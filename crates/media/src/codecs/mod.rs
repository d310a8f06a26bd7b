//! What codecs say of themselves, whatever container they stand in: their configuration records, and the headers of their first frames.

mod bits;
mod configuration;
mod h264;
mod hevc;
mod nal;
pub mod sequence;

pub use bits::Bits;

use crate::{Codec, Track};

/// Adds to `track` what its codec's configuration record says: `avcC`, `hvcC`, `av1C`, `vpcC` (bodies of MP4's boxes; Matroska's CodecPrivate is the same),
/// AudioSpecificConfig, `dac3`, `dec3`, `OpusHead` or `dOps`, STREAMINFO of FLAC (with or without `fLaC`), `alac`. [`Track::codec`] says which; its kind is set.
pub fn record(track: &mut Track, record: &[u8]) {
    let configuration = match track.codec {
        Codec::H264 => configuration::avc(record),
        Codec::Hevc => configuration::hevc(record),
        _ => None,
    };
    if let Some(configuration) = configuration {
        configuration.describe(track);
    }
}

/// Adds what the Dolby Vision record (`dvcC`, `dvvC`) says.
pub fn dolby_vision(track: &mut Track, record: &[u8]) {
    let _ = (track, record);
}

/// Adds what one of the track's first frames says: AC-3, E-AC-3 (Atmos), DTS (which kind), TrueHD (Atmos), MPEG audio, AAC in ADTS, VP9, and of H.264,
/// HEVC and MPEG-2 in Annex B (start codes, as MPEG-TS and AVI have them) the parameter sets. The frame may be cut off behind its first few kilobytes.
pub fn frame(track: &mut Track, frame: &[u8]) {
    if let Codec::H264 | Codec::Hevc = track.codec {
        configuration::of_stream(track.codec, frame).describe(track);
    }
}

/// Adds what the SEI messages in a first frame of length-prefixed NAL units (MP4, Matroska) say: HDR10+. `len_bytes`: of each length, from `avcC` or `hvcC`.
pub fn sei(track: &mut Track, frame: &[u8], len_bytes: usize) {
    if let Codec::H264 | Codec::Hevc = track.codec {
        configuration::of_sample(track.codec, frame, len_bytes).describe(track);
    }
}

/// How many pictures may be decoded before one that is shown before them all, by the codec's configuration record (`avcC`, `hvcC`). 4 where an H.264
/// stream does not say it: what its level leaves room for at full size. 0 for codecs that show pictures as they decode them.
pub fn reorder_depth(codec: Codec, record: &[u8]) -> usize {
    let (configuration, unsaid) = match codec {
        Codec::H264 => (configuration::avc(record), 4),
        Codec::Hevc => (configuration::hevc(record), 4),
        _ => return 0,
    };
    let said = configuration.and_then(|configuration| configuration.sequence).and_then(|sequence| sequence.reorder);
    said.map_or(unsaid, |pictures| pictures as usize)
}
