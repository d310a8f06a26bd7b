//! H.264's and HEVC's NAL units where a file has them: in configuration records (MP4's `avcC` and `hvcC`, Matroska's CodecPrivate), in samples
//! behind their lengths, in streams behind start codes.

use super::hevc::Told;
use super::sequence::{Sequence, add_hdr};
use super::{h264, hevc, nal};
use crate::{Codec, Hdr, Kind, Track};

/// What a record tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Configuration {
    pub sequence: Option<Sequence>,
    /// HEVC's messages that are meant for all pictures.
    pub told: Told,
    /// How many bytes stand before each NAL unit of a sample and say its length.
    pub length_bytes: usize,
}

impl Configuration {
    /// Adds all of it to the track.
    pub fn describe(&self, track: &mut Track) {
        if let Some(sequence) = &self.sequence {
            sequence.describe(track);
        }
        if let Kind::Video(video) = &mut track.kind {
            add_hdr(video, self.told.hdr10_plus.then_some(Hdr::Hdr10Plus));
            add_hdr(video, (self.told.transfer == Some(18)).then_some(Hdr::Hlg));
        }
    }

    fn take(&mut self, codec: Codec, unit: &[u8]) {
        if codec == Codec::H264 {
            self.sequence = self.sequence.take().or_else(|| h264::sequence(unit));
        } else {
            self.sequence = self.sequence.take().or_else(|| hevc::sequence(unit));
            self.told = self.told.and(hevc::messages(unit));
        }
    }
}

/// What the first bytes of a stream with start codes tell, of H.264 or HEVC.
pub(crate) fn of_stream(codec: Codec, stream: &[u8]) -> Configuration {
    let mut configuration = Configuration::default();
    for unit in nal::nal_units(stream) {
        configuration.take(codec, unit);
    }
    configuration
}

/// What a first sample tells, of H.264 or HEVC. It may be cut.
pub(crate) fn of_sample(codec: Codec, sample: &[u8], length_bytes: usize) -> Configuration {
    let mut configuration = Configuration { length_bytes, ..Configuration::default() };
    for unit in units_of_sample(sample, length_bytes) {
        configuration.take(codec, unit);
    }
    configuration
}

/// `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 clause 5.3.3).
pub(crate) fn avc(record: &[u8]) -> Option<Configuration> {
    let length_bytes = usize::from(record.get(4)? & 3) + 1;
    let sets = record.get(5)? & 0x1f;
    let mut units = record.get(6..)?;
    let mut configuration = Configuration { length_bytes, ..Configuration::default() };
    for _ in 0..sets {
        let Some(unit) = unit(&mut units, 2) else { break };
        configuration.take(Codec::H264, unit);
    }
    Some(configuration)
}

/// `HEVCDecoderConfigurationRecord` (clause 8.3.3).
pub(crate) fn hevc(record: &[u8]) -> Option<Configuration> {
    let length_bytes = usize::from(record.get(21)? & 3) + 1;
    let mut configuration = Configuration { length_bytes, ..Configuration::default() };
    let mut rest = record.get(23..)?;
    for _ in 0..*record.get(22)? {
        let Some((head, units)) = rest.split_at_checked(3) else { break };
        rest = units;
        for _ in 0..u16::from_be_bytes([head[1], head[2]]) {
            let Some(unit) = unit(&mut rest, 2) else { return Some(configuration) };
            configuration.take(Codec::Hevc, unit);
        }
    }
    Some(configuration)
}

/// The NAL units of a sample, each behind its length. The last one may be cut.
fn units_of_sample(mut sample: &[u8], length_bytes: usize) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || match unit(&mut sample, length_bytes) {
        Some(unit) => Some(unit),
        None => {
            let cut = std::mem::take(&mut sample).get(length_bytes..)?;
            (!cut.is_empty()).then_some(cut)
        }
    })
}

/// The first unit with its length in front, and what is left after it.
fn unit<'a>(units: &mut &'a [u8], length_bytes: usize) -> Option<&'a [u8]> {
    let (length, rest) = units.split_at_checked(length_bytes)?;
    let length = length.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte));
    let (unit, rest) = rest.split_at_checked(length)?;
    *units = rest;
    Some(unit)
}

#[cfg(test)]
mod tests {
    use super::super::nal::hex;
    use super::*;
    use crate::{Ratio, Video};

    #[test]
    fn records_tell_the_size_and_the_messages() {
        let avcc =
            "016e0028ffe10022676e0028a6cd940780227a9bff04d004d16a020202800001f480005dc0078c18cb0001000668ebe3cb22c0";
        let read = avc(&hex(avcc)).expect("a whole record");
        assert_eq!(read.length_bytes, 4);
        assert_eq!(read.sequence.map(|sequence| (sequence.width, sequence.bit_depth)), Some((1918, 10)));
        let sps = "420101022000000300900000030000030078a003c08010e4d96566924caf016a1220120800001f480002ee004000";
        let hvcc = format!("01{}{}02a10001002e{sps}a7000100094e01900403e8019080", "00".repeat(20), "03");
        let read = hevc(&hex(&hvcc)).expect("a whole record");
        assert_eq!(read.sequence.map(|sequence| sequence.height), Some(1080));
        assert!(read.told.hdr10);
        let cut = hevc(&hex(&hvcc)[..80]).expect("its sets are whole");
        assert!(cut.sequence.is_some() && !cut.told.hdr10);
        assert_eq!((avc(&[1; 5]), hevc(&[1; 22])), (None, None));
    }

    #[test]
    fn a_track_gets_what_a_stream_and_a_sample_tell() {
        let sps = "420101022000000300900000030000030078a003c08010e4d96566924caf016a1220120800001f480002ee004000";
        let plus = "4e010408b5003c000104014080";
        let stream = hex(&format!("00000001460150000001{sps}000001{plus}"));
        let mut track = Track { codec: Codec::Hevc, kind: Kind::Video(Video::default()), ..Track::default() };
        of_stream(Codec::Hevc, &stream).describe(&mut track);
        let Kind::Video(video) = &track.kind else { panic!("it was a picture") };
        assert_eq!((track.profile.as_deref(), track.level), (Some("Main 10"), Some(40)));
        assert_eq!((video.width, video.bit_depth, video.display), (1920, Some(10), None));
        assert_eq!((video.frame_rate, &video.hdr[..]), (Ratio::new(24000, 1001), &[Hdr::Hdr10, Hdr::Hdr10Plus][..]));
        let sample = hex(&format!("0003460150000d{plus}0050"));
        assert!(of_sample(Codec::Hevc, &sample, 2).told.hdr10_plus);
    }

    #[test]
    fn units_stand_behind_their_length_and_the_last_may_be_cut() {
        let units: Vec<_> = units_of_sample(&[0, 2, 7, 8, 0, 0, 0, 9, 1], 2).collect();
        assert_eq!(units, [&[7, 8][..], &[], &[1]]);
        assert_eq!(units_of_sample(&[0, 2], 2).count(), 0);
    }
}
