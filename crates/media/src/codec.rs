//! Codecs, by the names that ffmpeg gives them.

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
    WavPack,
    Tta,
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

    /// By the four letters of AVI's and Matroska's BITMAPINFOHEADER, in any case.
    pub(crate) fn of_fourcc(fourcc: [u8; 4]) -> Self {
        match &fourcc.map(|letter| letter.to_ascii_uppercase()) {
            b"H264" | b"X264" | b"AVC1" | b"DAVC" | b"VSSH" => Self::H264,
            b"HEVC" | b"H265" | b"X265" | b"HVC1" | b"HEV1" => Self::Hevc,
            b"AV01" => Self::Av1,
            b"VP80" => Self::Vp8,
            b"VP90" => Self::Vp9,
            b"MPG1" | b"MPEG" | b"PIM1" => Self::Mpeg1Video,
            b"MPG2" | b"M2V1" => Self::Mpeg2Video,
            b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V" | b"MP4S" | b"M4S2" | b"3IV2" | b"XVIX" | b"DXGM"
            | b"BLZ0" => Self::Mpeg4,
            b"DIV3" | b"DIV4" | b"DIV5" | b"DIV6" | b"MP43" | b"MP42" | b"MP41" | b"COL1" | b"AP41" | b"MPG3" => {
                Self::MsMpeg4
            }
            b"H263" | b"U263" | b"S263" => Self::H263,
            b"WVC1" | b"WMVA" | b"VC-1" => Self::Vc1,
            b"WMV1" | b"WMV2" | b"WMV3" => Self::Wmv,
            b"MJPG" | b"JPEG" | b"AVRN" | b"LJPG" => Self::Mjpeg,
            b"APCN" | b"APCH" | b"APCS" | b"APCO" | b"AP4H" | b"AP4X" => Self::ProRes,
            b"RV10" | b"RV20" | b"RV30" | b"RV40" => Self::RealVideo,
            b"THEO" => Self::Theora,
            b"DXSB" | b"DXSA" => Self::Xsub,
            _ => Self::Other,
        }
    }

    /// By the tag of AVI's and Matroska's WAVEFORMATEX.
    pub(crate) fn of_wave_tag(tag: u16) -> Self {
        match tag {
            0x0001 | 0x0003 | 0x0006 | 0x0007 => Self::Pcm,
            0x0050 => Self::Mp2,
            0x0055 => Self::Mp3,
            0x00ff | 0x1600 | 0x1601 | 0x706d | 0x4143 | 0xa106 => Self::Aac,
            0x0160..=0x0163 => Self::Wma,
            0x2000 => Self::Ac3,
            0x2001 => Self::Dts,
            0x704f => Self::Opus,
            0x566f | 0x674f..=0x6751 | 0x676f..=0x6771 => Self::Vorbis,
            0xf1ac => Self::Flac,
            0x5756 => Self::WavPack,
            0x77a1 => Self::Tta,
            _ => Self::Other,
        }
    }
}
