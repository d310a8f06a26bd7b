//! Codecs, by the names that ffmpeg gives them.

pub(crate) mod bits;
pub(crate) mod configuration;
pub(crate) mod h264;
pub(crate) mod hevc;
pub(crate) mod sequence;

use serde::{Deserialize, Serialize};

/// How a track is encoded. As JSON: the name that ffprobe prints (`h264`, `eac3`, `hdmv_pgs_subtitle`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Codec {
    /// None that is known here; [`Track::codec_id`](crate::Track::codec_id) has the container's word.
    #[default]
    Other,
    // Pictures
    H264,
    Hevc,
    Vvc,
    Av1,
    Vp8,
    Vp9,
    Mpeg1Video,
    Mpeg2Video,
    /// MPEG-4 part 2: Xvid, DivX 4 and later.
    Mpeg4,
    /// DivX 3.
    MsMpeg4,
    H263,
    Vc1,
    Wmv,
    Theora,
    ProRes,
    Mjpeg,
    RealVideo,
    // Sounds
    Aac,
    Ac3,
    Eac3,
    Ac4,
    Dts,
    TrueHd,
    Mlp,
    Flac,
    Alac,
    Opus,
    Vorbis,
    Mp1,
    Mp2,
    Mp3,
    Pcm,
    Wma,
    Amr,
    RealAudio,
    /// MPEG-H 3D Audio.
    MpegH,
    // Subtitles as text
    SubRip,
    Ssa,
    Ass,
    WebVtt,
    #[serde(rename = "mov_text")]
    MovText,
    Ttml,
    #[serde(rename = "eia_608")]
    Eia608,
    // Subtitles as pictures
    /// Blu-ray's.
    #[serde(rename = "hdmv_pgs_subtitle")]
    Pgs,
    /// DVD's.
    #[serde(rename = "dvd_subtitle")]
    VobSub,
    #[serde(rename = "dvb_subtitle")]
    DvbSubtitle,
    #[serde(rename = "dvb_teletext")]
    Teletext,
    /// DivX's.
    Xsub,
    #[serde(rename = "hdmv_text_subtitle")]
    HdmvText,
}

impl Codec {
    /// Subtitles that are text in the file, so that lines of them can be read out.
    pub fn is_text(self) -> bool {
        matches!(self, Self::SubRip | Self::Ssa | Self::Ass | Self::WebVtt | Self::MovText | Self::Ttml)
    }
}
