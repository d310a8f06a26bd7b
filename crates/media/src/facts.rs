//! What is said of a film. As JSON what is absent is left out, so that a usual film takes a few hundred bytes.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Codec;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// How it is wrapped.
    pub container: Container,
    /// MP4 in fragments (`moof`).
    #[serde(default, skip_serializing_if = "is_default")]
    pub fragmented: bool,
    /// Where the index of key frames stands.
    #[serde(default, skip_serializing_if = "is_default")]
    pub index: Index,
    /// How long it plays.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duration_ms: Option<u64>,
    /// As it is written inside; often a release name, or an advertisement.
    #[serde(default, skip_serializing_if = "is_default")]
    pub title: Option<String>,
    /// In the file's order; at most 256.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tracks: Vec<Track>,
    /// In the order of their beginnings; at most 1000.
    #[serde(default, skip_serializing_if = "is_default")]
    pub chapters: Vec<Chapter>,
    /// Fonts and pictures; at most 500.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attachments: Vec<Attachment>,
    /// What was damaged, missing or given up, each once.
    #[serde(default, skip_serializing_if = "is_default")]
    pub doubts: Vec<Doubt>,
}

/// How a film is wrapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// `.mkv`
    #[default]
    Matroska,
    /// Matroska of fewer codecs, for browsers.
    #[serde(rename = "webm")]
    WebM,
    /// `.mp4`, `.m4v`, `.3gp`
    Mp4,
    /// `.mov`
    #[serde(rename = "quicktime")]
    QuickTime,
    /// `.ts`, packets of 188 bytes.
    MpegTs,
    /// `.m2ts`: packets with a time before each.
    M2ts,
    /// `.avi`
    Avi,
}

/// Where the index of key frames stands in the file. Players read it before they can seek.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// There is none, or its container has none.
    #[default]
    Missing,
    /// Before the pictures.
    Front,
    /// Behind them.
    End,
}

/// What was damaged, missing or given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The file ends before what its own sizes promise.
    CutOff,
    /// Bytes that cannot be what they should; what they held is left out.
    Damaged,
    /// The file begins with bytes that are not part of the container.
    GarbageInFront,
    /// The index is longer than [`Limits::index_bytes`](crate::Limits), or lies where nothing can be read.
    IndexGivenUp,
    /// More reads would have been needed than [`Limits`](crate::Limits) allow, or a read was refused.
    ReadsGivenUp,
    /// More tracks, chapters, attachments or places of the index than are kept.
    TooMany,
    /// The container does not say the duration: it is reckoned from what was seen.
    DurationReckoned,
    /// A track is encrypted.
    Encrypted,
}

/// A picture, a sound or a subtitle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// The container's own: Matroska's TrackNumber, MP4's track_ID, the PID of MPEG-TS, the stream's place in AVI.
    pub number: u64,
    /// What it is, and what only its kind has.
    #[serde(flatten)]
    pub kind: Kind,
    /// In our words.
    pub codec: Codec,
    /// In the container's: `V_MPEGH/ISO/HEVC`, `hvc1`, `0x24`, `XVID`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub codec_id: String,
    /// As the codec's standard calls it: `Main 10`, `LC`, `DTS-HD MA`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub profile: Option<String>,
    /// In tenths: 41 is level 4.1.
    #[serde(default, skip_serializing_if = "is_default")]
    pub level: Option<u16>,
    /// BCP 47 in its shortest form: `en`, `pt-BR`, `zh-Hant`; `None` when the file says nothing, or that it is not known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub language: Option<String>,
    /// As it is written: "Commentary by the director".
    #[serde(default, skip_serializing_if = "is_default")]
    pub title: Option<String>,
    /// Players choose it unless somebody chose.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: bool,
    /// Subtitles of what is foreign in the film.
    #[serde(default, skip_serializing_if = "is_default")]
    pub forced: bool,
    /// For those who hear badly: sounds are written out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hearing_impaired: bool,
    /// For those who see badly: what happens is told.
    #[serde(default, skip_serializing_if = "is_default")]
    pub visual_impaired: bool,
    /// Somebody talks about the film.
    #[serde(default, skip_serializing_if = "is_default")]
    pub commentary: bool,
    /// In the language that the film was made in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub original: bool,
    /// Its bytes cannot be read without a key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub encrypted: bool,
    /// Bits per second, where the file says it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bit_rate: Option<u64>,
    /// Of subtitles as text: how many lines they have, when the index names the place of each, so that they can be read without the film.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexed_lines: Option<u64>,
}

/// What a track is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// A picture.
    Video(Video),
    /// A sound.
    Audio(Audio),
    /// [`Track::codec`] is its format.
    Subtitle,
    /// Buttons, timecodes, hints, cover pictures as a track.
    #[default]
    Other,
}

/// What only pictures have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// Pixels of the encoded picture, cropped as its codec says.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Width and height as it is shown, where that differs from its pixels.
    #[serde(default, skip_serializing_if = "is_default")]
    pub display: Option<(u32, u32)>,
    /// Pictures per second.
    #[serde(default, skip_serializing_if = "is_default")]
    pub frame_rate: Option<Ratio>,
    /// Of each colour: 8, 10, 12.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bit_depth: Option<u8>,
    /// The kinds of HDR that it can be shown in, the widest last; empty for SDR, and when nothing is said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hdr: Vec<Hdr>,
    /// Two fields make a picture.
    #[serde(default, skip_serializing_if = "is_default")]
    pub interlaced: bool,
    /// Degrees clockwise that players turn it by: 90, 180, 270. Phones write it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rotation: u16,
    /// A picture for each eye.
    #[serde(default, skip_serializing_if = "is_default")]
    pub stereo_3d: bool,
}

/// A kind of HDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hdr {
    /// Hybrid log-gamma, of television.
    Hlg,
    /// PQ (SMPTE ST 2084) with BT.2020.
    Hdr10,
    /// With SMPTE ST 2094-40: brightness for each scene.
    Hdr10Plus,
    /// With Dolby's.
    DolbyVision {
        /// 5, 7, 8, ...
        profile: u8,
        /// What the picture is without Dolby's part (dv_bl_signal_compatibility_id): 0 nothing that can be shown, 1 HDR10, 2 SDR, 4 HLG, 6 UHD Blu-ray.
        compatible: u8,
    },
}

/// What only sounds have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audio {
    /// 6 is 5.1. 0 when it is not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub channels: u16,
    /// Hz. 0 when it is not said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sample_rate: u32,
    /// Bits of each sample, where the codec has any: not in AAC or AC-3.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bit_depth: Option<u8>,
    /// Sounds with a place in the room.
    #[serde(default, skip_serializing_if = "is_default")]
    pub objects: Option<ObjectAudio>,
}

/// Sound as objects with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectAudio {
    /// Dolby Atmos, in E-AC-3 (JOC) or TrueHD.
    Atmos,
    /// DTS:X.
    DtsX,
}

/// A ratio of two numbers: 24000/1001 pictures per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "(u32, u32)", from = "(u32, u32)")]
pub struct Ratio {
    /// Over ...
    pub num: u32,
    /// ... under. Never 0 when it was made by [`Ratio::new`].
    pub den: u32,
}

impl Ratio {
    /// In lowest terms. `None` when either is 0, or too large after that.
    pub fn new(num: u64, den: u64) -> Option<Self> {
        let (mut a, mut b) = (num, den);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        if num == 0 || den == 0 {
            return None;
        }
        Some(Self { num: u32::try_from(num / a).ok()?, den: u32::try_from(den / a).ok()? })
    }

    /// Pictures per second from the time of one: containers round it, so that the usual rates are recognised (41,708,333 ns is 24000/1001).
    pub fn of_frame_time(ns: u64) -> Option<Self> {
        const USUAL: [(u64, u64); 11] = [
            (24000, 1001),
            (24, 1),
            (25, 1),
            (30000, 1001),
            (30, 1),
            (48, 1),
            (50, 1),
            (60000, 1001),
            (60, 1),
            (120000, 1001),
            (120, 1),
        ];
        let near = |&&(num, den): &&(u64, u64)| (den * 1_000_000_000 / num).abs_diff(ns) <= 2_000;
        match USUAL.iter().find(near) {
            Some(&(num, den)) => Self::new(num, den),
            None => Self::new(1_000_000_000, ns),
        }
    }

    /// As a number.
    pub fn to_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }
}

impl From<Ratio> for (u32, u32) {
    fn from(ratio: Ratio) -> Self {
        (ratio.num, ratio.den)
    }
}

impl From<(u32, u32)> for Ratio {
    fn from((num, den): (u32, u32)) -> Self {
        Self { num, den: den.max(1) }
    }
}

/// A part of the film with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Where it begins.
    pub start_ms: u64,
    /// Where it ends, when that is said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub end_ms: Option<u64>,
    /// Its name, in the first language it has one in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub title: Option<String>,
}

/// A file inside the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// Its media type, as it is written: `font/ttf`, `application/x-truetype-font`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mime: String,
    /// Where its bytes stand in the film's file.
    pub range: Range<u64>,
}

impl Facts {
    /// The first track of pictures that is no cover.
    pub fn video(&self) -> Option<(&Track, &Video)> {
        self.tracks.iter().find_map(|track| match &track.kind {
            Kind::Video(video) => Some((track, video)),
            _ => None,
        })
    }

    /// All sounds, in the file's order.
    pub fn audio(&self) -> impl Iterator<Item = (&Track, &Audio)> {
        self.tracks.iter().filter_map(|track| match &track.kind {
            Kind::Audio(audio) => Some((track, audio)),
            _ => None,
        })
    }

    /// All subtitles, in the file's order.
    pub fn subtitles(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| track.kind == Kind::Subtitle)
    }

    pub(crate) fn doubt(&mut self, doubt: Doubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_frame_rates_are_recognised_by_the_time_of_a_frame() {
        let rows = [
            (41_708_333, (24000, 1001)),
            (41_708_000, (24000, 1001)),
            (41_666_666, (24, 1)),
            (40_000_000, (25, 1)),
            (33_366_667, (30000, 1001)),
            (33_333_333, (30, 1)),
            (20_000_000, (50, 1)),
            (16_683_333, (60000, 1001)),
            (66_666_667, (1_000_000_000, 66_666_667)),
            (100_000_000, (10, 1)),
        ];
        for (ns, (num, den)) in rows {
            assert_eq!(Ratio::of_frame_time(ns), Some(Ratio { num, den }), "{ns}");
        }
        assert_eq!(Ratio::of_frame_time(0), None);
    }

    #[test]
    fn a_usual_film_is_short_as_json_and_comes_back() {
        let facts = Facts {
            duration_ms: Some(5_400_000),
            index: Index::End,
            tracks: vec![
                Track {
                    number: 1,
                    kind: Kind::Video(Video {
                        width: 3840,
                        height: 2160,
                        frame_rate: Ratio::new(24000, 1001),
                        hdr: vec![Hdr::Hdr10, Hdr::DolbyVision { profile: 8, compatible: 1 }],
                        ..Video::default()
                    }),
                    codec: Codec::Hevc,
                    ..Track::default()
                },
                Track {
                    number: 2,
                    kind: Kind::Subtitle,
                    codec: Codec::SubRip,
                    language: Some("pt-BR".into()),
                    ..Track::default()
                },
            ],
            ..Facts::default()
        };
        let json = serde_json::to_string(&facts).expect("JSON");
        assert_eq!(
            json,
            r#"{"container":"matroska","index":"end","duration_ms":5400000,"tracks":[{"number":1,"kind":"video","width":3840,"height":2160,"frame_rate":[24000,1001],"hdr":["hdr10",{"dolby_vision":{"profile":8,"compatible":1}}],"codec":"hevc"},{"number":2,"kind":"subtitle","codec":"subrip","language":"pt-BR"}]}"#
        );
        assert_eq!(serde_json::from_str::<Facts>(&json).expect("what was written"), facts);
    }
}
