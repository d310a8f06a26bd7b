//! What codecs say of themselves, whatever container they stand in: their configuration records, and the headers of their first frames.

mod aac;
mod av1;
mod bits;
mod configuration;
mod dolby;
mod dts;
mod h264;
mod hevc;
mod mpeg_video;
mod nal;
pub mod sequence;
mod sound;
#[cfg(test)]
mod tests;
mod vp9;

pub use bits::Bits;
#[cfg(test)]
pub(crate) use nal::hex;

use crate::{Codec, Hdr, Kind, ObjectAudio, Track};

/// What a codec says of a sound. What is not said is `None` or 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sound {
    /// Where the bytes know it better than the container: AC-3 as E-AC-3, a layer of MPEG audio as another.
    codec: Option<Codec>,
    profile: Option<&'static str>,
    channels: u16,
    sample_rate: u32,
    bit_depth: Option<u8>,
    objects: Option<ObjectAudio>,
}

impl Sound {
    fn describe(self, track: &mut Track) {
        track.codec = self.codec.unwrap_or(track.codec);
        track.profile = self.profile.map(str::to_owned).or(track.profile.take());
        let Kind::Audio(audio) = &mut track.kind else { return };
        if self.channels > 0 {
            audio.channels = self.channels;
        }
        if self.sample_rate > 0 {
            audio.sample_rate = self.sample_rate;
        }
        audio.bit_depth = self.bit_depth.or(audio.bit_depth);
        audio.objects = self.objects.or(audio.objects);
    }
}

/// Adds to `track` what its codec's configuration record says: `avcC`, `hvcC`, `av1C`, `vpcC` (bodies of MP4's boxes; Matroska's CodecPrivate is the same),
/// AudioSpecificConfig, `dac3`, `dec3`, `OpusHead` or `dOps`, STREAMINFO of FLAC (with or without `fLaC`), `alac`, the headers of MPEG-2 and MPEG-4 part 2.
/// [`Track::codec`] says which; its kind is set.
pub fn record(track: &mut Track, record: &[u8]) {
    let sound = match track.codec {
        Codec::H264 | Codec::Hevc => {
            let configuration =
                if track.codec == Codec::H264 { configuration::avc(record) } else { configuration::hevc(record) };
            if let Some(configuration) = configuration {
                configuration.describe(track);
            }
            None
        }
        Codec::Av1 => {
            let _ = av1::record(track, record);
            None
        }
        Codec::Vp9 => {
            let _ = vp9::record(track, record);
            None
        }
        Codec::Mpeg1Video | Codec::Mpeg2Video => {
            mpeg_video::mpeg2(track, record);
            None
        }
        Codec::Mpeg4 => {
            mpeg_video::mpeg4(track, record);
            None
        }
        Codec::Aac => aac::config(record),
        Codec::Ac3 => dolby::dac3(record),
        Codec::Eac3 => dolby::dec3(record),
        Codec::Flac => sound::flac(record),
        Codec::Alac => sound::alac(record),
        Codec::Opus => sound::opus(record),
        Codec::Vorbis => sound::vorbis(record),
        _ => None,
    };
    if let Some(sound) = sound {
        sound.describe(track);
    }
}

/// Adds what the Dolby Vision record (`dvcC`, `dvvC`) says ("Dolby Vision Streams within the ISO Base Media File Format" 2.4, clause 2.2).
pub fn dolby_vision(track: &mut Track, record: &[u8]) {
    let mut bits = Bits::new(record);
    let mut read = || {
        bits.skip(16)?;
        let profile = bits.take(7)?;
        bits.skip(6 + 3)?;
        // An older record ends here, and profile 5 shows nothing without Dolby's part.
        Some((profile, bits.take(4).unwrap_or(0)))
    };
    let (Some((profile, compatible)), Kind::Video(video)) = (read(), &mut track.kind) else { return };
    if !video.hdr.iter().any(|hdr| matches!(hdr, Hdr::DolbyVision { .. })) {
        let told = Hdr::DolbyVision { profile: profile as u8, compatible: compatible as u8 };
        sequence::add_hdr(video, Some(told));
    }
}

/// Adds what one of the track's first frames says: AC-3, E-AC-3 (Atmos), DTS (which kind), TrueHD (Atmos), MPEG audio, AAC in ADTS, VP9, AV1 (HDR10+), and of
/// H.264, HEVC, MPEG-2 and MPEG-4 part 2 behind start codes (as MPEG-TS and AVI have them) the headers. The frame may be cut off behind its first few kilobytes.
pub fn frame(track: &mut Track, frame: &[u8]) {
    let sound = match track.codec {
        Codec::H264 | Codec::Hevc => {
            configuration::of_stream(track.codec, frame).describe(track);
            None
        }
        Codec::Av1 => {
            av1::frame(track, frame);
            None
        }
        Codec::Vp9 => {
            let _ = vp9::frame(track, frame);
            None
        }
        Codec::Mpeg1Video | Codec::Mpeg2Video => {
            mpeg_video::mpeg2(track, frame);
            None
        }
        Codec::Mpeg4 => {
            mpeg_video::mpeg4(track, frame);
            None
        }
        Codec::Ac3 | Codec::Eac3 => dolby::frames(frame),
        Codec::TrueHd => dolby::truehd(frame),
        Codec::Dts => dts::frame(frame),
        Codec::Aac => aac::adts(frame),
        Codec::Mp1 | Codec::Mp2 | Codec::Mp3 => sound::mpeg(frame),
        _ => None,
    };
    if let Some(sound) = sound {
        sound.describe(track);
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
