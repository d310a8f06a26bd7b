//! Tracks: what the container says of each, before its codec is asked.

use super::{
    block::{Packed, unpack},
    ebml::{self, Element},
    ids,
};
use crate::{
    Audio, Codec, Doubt, Facts, Hdr, Kind, Ratio, Track, Video, codecs,
    codecs::sequence::{add_hdr, hdr_of_transfer},
    language::language,
};

/// A track, and what reading it takes.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    pub track: Track,
    /// What tags call it by.
    pub uid: u64,
    /// How its frames are packed.
    pub packed: Option<Packed>,
    pub private: Vec<u8>,
}

/// More than any disc has.
const MAX_TRACKS: usize = 256;

/// All tracks of one Tracks element.
pub fn tracks(body: &[u8], facts: &mut Facts) -> Vec<Entry> {
    if !ebml::is_sound(body) {
        facts.doubt(Doubt::Damaged);
    }
    let mut entries: Vec<Entry> = Vec::new();
    for element in ebml::children(body).filter(|child| child.id == ids::TRACK_ENTRY) {
        if !ebml::is_sound(element.data) {
            facts.doubt(Doubt::Damaged);
        }
        let Some(entry) = entry(&element) else {
            facts.doubt(Doubt::Damaged);
            continue;
        };
        if entries.len() == MAX_TRACKS {
            facts.doubt(Doubt::TooMany);
            break;
        }
        if entry.track.encrypted {
            facts.doubt(Doubt::Encrypted);
        }
        if !entries.iter().any(|known| known.track.number == entry.track.number) {
            entries.push(entry);
        }
    }
    entries
}

fn entry(element: &Element) -> Option<Entry> {
    let mut draft = Draft::default();
    // RFC 9559: a track is a default one, English, and of one channel at 8 kHz unless it says otherwise.
    draft.entry.track.default = true;
    draft.entry.track.language = Some("en".into());
    draft.audio = Audio { channels: 1, sample_rate: 8000, ..Audio::default() };
    for child in element.children() {
        draft.take(&child);
    }
    // No block can belong to number 0.
    (draft.entry.track.number > 0).then(|| draft.finish())
}

/// A track while its elements are read, in whatever order they come.
#[derive(Default)]
struct Draft {
    entry: Entry,
    /// `TrackType`
    kind: u64,
    frame_ns: Option<u64>,
    bcp47: Option<String>,
    video: Video,
    /// The container's word that fields do not make the pictures.
    is_progressive: bool,
    transfer: Option<u8>,
    dolby_vision: Vec<Vec<u8>>,
    audio: Audio,
    private_packed: Option<Packed>,
}

impl Draft {
    fn take(&mut self, child: &Element) {
        let track = &mut self.entry.track;
        match child.id {
            ids::TRACK_NUMBER => track.number = child.uint().unwrap_or_default(),
            ids::TRACK_UID => self.entry.uid = child.uint().unwrap_or_default(),
            ids::TRACK_TYPE => self.kind = child.uint().unwrap_or_default(),
            ids::FLAG_DEFAULT => track.default = child.flag(),
            ids::FLAG_FORCED => track.forced = child.flag(),
            ids::FLAG_HEARING_IMPAIRED => track.hearing_impaired = child.flag(),
            ids::FLAG_VISUAL_IMPAIRED | ids::FLAG_TEXT_DESCRIPTIONS => track.visual_impaired |= child.flag(),
            ids::FLAG_ORIGINAL => track.original = child.flag(),
            ids::FLAG_COMMENTARY => track.commentary = child.flag(),
            ids::DEFAULT_DURATION => self.frame_ns = child.uint(),
            ids::NAME => track.title = child.text(),
            ids::LANGUAGE => track.language = child.text().and_then(|told| language(&told)),
            ids::LANGUAGE_BCP47 => self.bcp47 = child.text(),
            ids::CODEC_ID => track.codec_id = child.text().unwrap_or_default(),
            ids::CODEC_PRIVATE => self.entry.private = child.data.to_vec(),
            ids::VIDEO => self.read_video(child),
            ids::AUDIO => read_audio(child, &mut self.audio),
            ids::CONTENT_ENCODINGS => {
                (self.entry.packed, self.private_packed, track.encrypted) = encodings(child);
            }
            ids::BLOCK_ADDITION_MAPPING => addition(child, &mut self.video, &mut self.dolby_vision),
            _ => {}
        }
    }

    /// All elements are read: what the codec says of itself is added.
    fn finish(mut self) -> Entry {
        if let Some(packed) = &self.private_packed {
            self.entry.private = unpack(&self.entry.private, Some(packed)).unwrap_or_default();
        }
        let private = &self.entry.private;
        let track = &mut self.entry.track;
        // What is newer says more, also when it says that nothing is known.
        if let Some(told) = self.bcp47 {
            track.language = language(&told);
        }
        track.codec = codec(&track.codec_id, private);
        track.kind = match self.kind {
            1 => {
                self.video.frame_rate = self.frame_ns.and_then(Ratio::of_frame_time);
                add_hdr(&mut self.video, self.transfer.and_then(hdr_of_transfer));
                Kind::Video(self.video)
            }
            2 => {
                self.audio.bit_depth = self.audio.bit_depth.filter(|_| has_depth(track.codec));
                Kind::Audio(self.audio)
            }
            17 => Kind::Subtitle,
            _ => Kind::Other,
        };
        let record = codec_record(&track.codec_id, private);
        // Files that were AVIs keep the headers of their streams, with start codes.
        match record {
            [] => {}
            [0, ..] if matches!(track.codec, Codec::H264 | Codec::Hevc) => codecs::frame(track, record),
            _ => codecs::record(track, record),
        }
        // A codec says that fields may be coded apart, the container whether they are.
        if let Kind::Video(video) = &mut track.kind {
            video.interlaced &= !self.is_progressive;
        }
        for record in &self.dolby_vision {
            codecs::dolby_vision(track, record);
        }
        self.entry
    }

    fn read_video(&mut self, element: &Element) {
        let (mut display, mut unit) = ((0, 0), 0);
        let number = |child: &Element| child.uint().and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
        let video = &mut self.video;
        for child in element.children() {
            match child.id {
                ids::PIXEL_WIDTH => video.width = number(&child),
                ids::PIXEL_HEIGHT => video.height = number(&child),
                ids::DISPLAY_WIDTH => display.0 = number(&child),
                ids::DISPLAY_HEIGHT => display.1 = number(&child),
                ids::DISPLAY_UNIT => unit = number(&child),
                ids::FLAG_INTERLACED => {
                    (video.interlaced, self.is_progressive) = (child.uint() == Some(1), child.uint() == Some(2));
                }
                ids::STEREO_MODE => video.stereo_3d = child.flag(),
                ids::COLOUR => self.transfer = read_colour(&child, video),
                _ => {}
            }
        }
        let shown = match unit {
            // Pixels.
            0 => Some(display),
            // Centimetres, inches, a ratio: the height stays.
            1..=3 if display.1 > 0 => {
                let width = u64::from(video.height) * u64::from(display.0) / u64::from(display.1);
                u32::try_from(width).ok().map(|width| (width, video.height))
            }
            _ => None,
        };
        video.display = shown.filter(|shown| shown.0 > 0 && shown.1 > 0 && *shown != (video.width, video.height));
    }
}

/// Writers tell the depth of decoded samples also for codecs that have none.
fn has_depth(codec: Codec) -> bool {
    use Codec::*;
    matches!(codec, Pcm | Flac | Alac | TrueHd | Mlp | Dts | WavPack | Tta)
}

/// Returns the transfer characteristics.
fn read_colour(element: &Element, video: &mut Video) -> Option<u8> {
    let byte = |child: &Element| child.uint().and_then(|number| u8::try_from(number).ok());
    let mut transfer = None;
    for child in element.children() {
        match child.id {
            ids::BITS_PER_CHANNEL => video.bit_depth = byte(&child).filter(|bits| (1..=16).contains(bits)),
            ids::TRANSFER_CHARACTERISTICS => transfer = byte(&child),
            _ => {}
        }
    }
    transfer
}

fn read_audio(element: &Element, audio: &mut Audio) {
    let (mut rate, mut output) = (8000.0, None);
    for child in element.children() {
        match child.id {
            ids::CHANNELS => {
                audio.channels = child.uint().and_then(|number| u16::try_from(number).ok()).unwrap_or_default()
            }
            ids::SAMPLING_FREQUENCY => rate = child.float().unwrap_or_default(),
            ids::OUTPUT_SAMPLING_FREQUENCY => output = child.float(),
            ids::BIT_DEPTH => {
                audio.bit_depth = child.uint().and_then(|bits| u8::try_from(bits).ok()).filter(|bits| *bits > 0)
            }
            _ => {}
        }
    }
    audio.sample_rate = output.unwrap_or(rate).round() as u32; // saturates
}

/// How frames and how the private data are packed, and whether anything is encrypted.
fn encodings(element: &Element) -> (Option<Packed>, Option<Packed>, bool) {
    let (mut frames, mut private, mut encrypted) = (None, None, false);
    for encoding in element.children().filter(|child| child.id == ids::CONTENT_ENCODING) {
        let (mut scope, mut kind, mut algorithm, mut settings) = (1, 0, None, Vec::new());
        for child in encoding.children() {
            match child.id {
                ids::CONTENT_ENCODING_SCOPE => scope = child.uint().unwrap_or_default(),
                ids::CONTENT_ENCODING_TYPE => kind = child.uint().unwrap_or_default(),
                ids::CONTENT_COMPRESSION => {
                    algorithm = Some(0);
                    for child in child.children() {
                        match child.id {
                            ids::CONTENT_COMP_ALGO => algorithm = child.uint(),
                            ids::CONTENT_COMP_SETTINGS => settings = child.data.to_vec(),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        let packed = match (kind, algorithm) {
            // mkvmerge writes an empty one when it was asked to find a header to strip and found none.
            (0, None) => continue,
            (0, Some(0)) => Packed::Zlib,
            (0, Some(3)) => Packed::Stripped(settings),
            _ => Packed::Unreadable,
        };
        encrypted |= kind == 1;
        for (bit, place) in [(1, &mut frames), (2, &mut private)] {
            if scope & bit != 0 {
                // Two in a row: nobody writes it.
                *place = Some(if place.is_none() { packed.clone() } else { Packed::Unreadable });
            }
        }
    }
    (frames, private, encrypted)
}

/// What stands beside blocks: Dolby's record, HDR10+.
fn addition(element: &Element, video: &mut Video, dolby_vision: &mut Vec<Vec<u8>>) {
    let (mut value, mut kind, mut data) = (0, 0, &[][..]);
    for child in element.children() {
        match child.id {
            ids::BLOCK_ADD_ID_VALUE => value = child.uint().unwrap_or_default(),
            ids::BLOCK_ADD_ID_TYPE => kind = child.uint().unwrap_or_default(),
            ids::BLOCK_ADD_ID_EXTRA_DATA => data = child.data,
            _ => {}
        }
    }
    match u32::try_from(kind).map(u32::to_be_bytes) {
        Ok([b'd', b'v', b'c' | b'v' | b'w', b'C']) => dolby_vision.push(data.to_vec()),
        // ITU-T T.35: WebM writes HDR10+ there and nothing else.
        Ok([0, 0, 0, 4]) => add_hdr(video, Some(Hdr::Hdr10Plus)),
        _ if kind == 0 && value == 4 => add_hdr(video, Some(Hdr::Hdr10Plus)),
        _ => {}
    }
}

/// The part of the private data that is the codec's own.
fn codec_record<'a>(codec_id: &str, private: &'a [u8]) -> &'a [u8] {
    match codec_id {
        // BITMAPINFOHEADER
        "V_MS/VFW/FOURCC" => private.get(40..).unwrap_or_default(),
        // WAVEFORMATEX, with the length of what follows in its last two bytes
        "A_MS/ACM" => private.get(18..).unwrap_or_default(),
        _ => private,
    }
}

fn codec(codec_id: &str, private: &[u8]) -> Codec {
    match codec_id {
        "V_MS/VFW/FOURCC" => {
            return private
                .get(16..20)
                .and_then(|fourcc| fourcc.try_into().ok())
                .map_or(Codec::Other, Codec::of_fourcc);
        }
        "A_MS/ACM" => {
            return private
                .get(..2)
                .map_or(Codec::Other, |tag| Codec::of_wave_tag(u16::from_le_bytes([tag[0], tag[1]])));
        }
        _ => {}
    }
    PREFIXES.iter().find(|(prefix, _)| codec_id.starts_with(prefix)).map_or(Codec::Other, |(_, codec)| *codec)
}

/// The longest that fits comes first.
const PREFIXES: &[(&str, Codec)] = &[
    ("V_MPEG4/ISO/AVC", Codec::H264),
    ("V_MPEGH/ISO/HEVC", Codec::Hevc),
    ("V_MPEGI/ISO/VVC", Codec::Vvc),
    ("V_MPEG4/ISO/", Codec::Mpeg4),
    ("V_MPEG4/MS/V3", Codec::MsMpeg4),
    ("V_AV1", Codec::Av1),
    ("V_VP8", Codec::Vp8),
    ("V_VP9", Codec::Vp9),
    ("V_MPEG1", Codec::Mpeg1Video),
    ("V_MPEG2", Codec::Mpeg2Video),
    ("V_THEORA", Codec::Theora),
    ("V_PRORES", Codec::ProRes),
    ("V_MJPEG", Codec::Mjpeg),
    ("V_REAL/", Codec::RealVideo),
    ("A_AAC", Codec::Aac),
    ("A_AC3", Codec::Ac3),
    ("A_EAC3", Codec::Eac3),
    ("A_AC4", Codec::Ac4),
    ("A_DTS", Codec::Dts),
    ("A_TRUEHD", Codec::TrueHd),
    ("A_MLP", Codec::Mlp),
    ("A_FLAC", Codec::Flac),
    ("A_ALAC", Codec::Alac),
    ("A_OPUS", Codec::Opus),
    ("A_VORBIS", Codec::Vorbis),
    ("A_MPEG/L1", Codec::Mp1),
    ("A_MPEG/L2", Codec::Mp2),
    ("A_MPEG/L3", Codec::Mp3),
    ("A_PCM/", Codec::Pcm),
    ("A_REAL/", Codec::RealAudio),
    ("A_WAVPACK4", Codec::WavPack),
    ("A_TTA1", Codec::Tta),
    ("S_TEXT/UTF8", Codec::SubRip),
    ("S_TEXT/ASCII", Codec::SubRip),
    ("S_TEXT/SSA", Codec::Ssa),
    ("S_SSA", Codec::Ssa),
    ("S_TEXT/ASS", Codec::Ass),
    ("S_ASS", Codec::Ass),
    ("S_TEXT/WEBVTT", Codec::WebVtt),
    ("D_WEBVTT/", Codec::WebVtt),
    ("S_HDMV/PGS", Codec::Pgs),
    ("S_HDMV/TEXTST", Codec::HdmvText),
    ("S_VOBSUB", Codec::VobSub),
    ("S_DVBSUB", Codec::DvbSubtitle),
];
