//! Tracks of Matroska, and the same as fMP4 has them.

use bytes::Bytes;
use media::Codec;

use crate::{
    Track, TrackKind, WhyNot, codecs,
    fmp4::{Boxes, entry},
};
use media::matroska::{ebml, ids};

/// A track as it is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub number: u64,
    pub codec_id: String,
    pub prefix: Bytes,
    pub delay_ns: i64,
    kind: u64,
    private: Vec<u8>,
    frame_ns: Option<u64>,
    packed: bool,
    width: u32,
    height: u32,
    display: Option<(u32, u32)>,
    colour: Colour,
    /// `dvcC`, `dvvC`: whole boxes.
    dolby_vision: Vec<u8>,
    sample_rate: f64,
    channels: u16,
}

/// Code points of ITU-T H.273, each where it is said.
#[derive(Clone, Copy, Debug, Default)]
struct Colour {
    primaries: Option<u8>,
    transfer: Option<u8>,
    matrix: Option<u8>,
    full_range: bool,
}

/// A disc has some dozens.
const MAX_TRACKS: usize = 256;

pub(super) fn entries(body: &[u8]) -> Vec<Entry> {
    let tracks = ebml::whole(body).filter(|(id, _)| *id == ids::TRACK_ENTRY).take(MAX_TRACKS);
    // Subtitles and buttons are nobody's sound or picture.
    tracks.map(|(_, data)| read(data)).filter(|entry| entry.number > 0 && matches!(entry.kind, 1 | 2)).collect()
}

fn read(data: &[u8]) -> Entry {
    let mut entry = Entry { channels: 1, sample_rate: 8000.0, ..Entry::default() };
    for (id, data) in ebml::whole(data) {
        let number = ebml::uint(data).unwrap_or_default();
        match id {
            ids::TRACK_NUMBER => entry.number = number,
            ids::TRACK_TYPE => entry.kind = number,
            ids::DEFAULT_DURATION => entry.frame_ns = Some(number).filter(|ns| *ns > 0),
            ids::CODEC_ID => {
                entry.codec_id = String::from_utf8_lossy(&data[..data.len().min(64)]).trim_end_matches('\0').into();
            }
            ids::CODEC_PRIVATE => entry.private = data.to_vec(),
            ids::CODEC_DELAY => entry.delay_ns = i64::try_from(number).unwrap_or_default(),
            ids::VIDEO => entry.read_video(data),
            ids::AUDIO => entry.read_audio(data),
            ids::CONTENT_ENCODINGS => entry.read_encodings(data),
            ids::BLOCK_ADDITION_MAPPING => entry.read_addition(data),
            _ => {}
        }
    }
    entry
}

impl Entry {
    fn read_video(&mut self, data: &[u8]) {
        let (mut wide, mut high, mut unit) = (0, 0, 0);
        for (id, data) in ebml::whole(data) {
            let number = ebml::uint(data).and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
            match id {
                ids::PIXEL_WIDTH => self.width = number,
                ids::PIXEL_HEIGHT => self.height = number,
                ids::DISPLAY_WIDTH => wide = number,
                ids::DISPLAY_HEIGHT => high = number,
                ids::DISPLAY_UNIT => unit = number,
                ids::COLOUR => self.read_colour(data),
                _ => {}
            }
        }
        // Pixels, or a ratio; centimetres and inches have one too.
        self.display = Some((wide, high)).filter(|(wide, high)| *wide > 0 && *high > 0 && unit <= 3);
    }

    fn read_colour(&mut self, data: &[u8]) {
        for (id, data) in ebml::whole(data) {
            let number = ebml::uint(data).and_then(|number| u8::try_from(number).ok());
            match id {
                ids::MATRIX_COEFFICIENTS => self.colour.matrix = number,
                ids::TRANSFER_CHARACTERISTICS => self.colour.transfer = number,
                ids::PRIMARIES => self.colour.primaries = number,
                ids::RANGE => self.colour.full_range = number == Some(2),
                _ => {}
            }
        }
    }

    fn read_audio(&mut self, data: &[u8]) {
        for (id, data) in ebml::whole(data) {
            match id {
                ids::SAMPLING_FREQUENCY => self.sample_rate = ebml::float(data).unwrap_or(self.sample_rate),
                ids::CHANNELS => {
                    self.channels = ebml::uint(data).and_then(|count| u16::try_from(count).ok()).unwrap_or(1);
                }
                _ => {}
            }
        }
    }

    /// Only bytes that stand in front of every frame can be put back as it goes by.
    fn read_encodings(&mut self, data: &[u8]) {
        for (_, encoding) in ebml::whole(data).filter(|(id, _)| *id == ids::CONTENT_ENCODING) {
            let (mut scope, mut kind, mut algorithm, mut settings) = (1, 0, 0, &[][..]);
            for (id, data) in ebml::whole(encoding) {
                match id {
                    ids::CONTENT_ENCODING_SCOPE => scope = ebml::uint(data).unwrap_or(1),
                    ids::CONTENT_ENCODING_TYPE => kind = ebml::uint(data).unwrap_or(1),
                    ids::CONTENT_COMPRESSION => {
                        for (id, data) in ebml::whole(data) {
                            match id {
                                ids::CONTENT_COMP_ALGO => algorithm = ebml::uint(data).unwrap_or_default(),
                                ids::CONTENT_COMP_SETTINGS => settings = data,
                                _ => {}
                            }
                        }
                    }
                    _ => {}
                }
            }
            if kind == 0 && algorithm == 3 && scope == 1 && self.prefix.is_empty() {
                self.prefix = Bytes::copy_from_slice(settings);
            } else {
                self.packed = true;
            }
        }
    }

    fn read_addition(&mut self, data: &[u8]) {
        let (mut kind, mut record) = (None, &[][..]);
        for (id, data) in ebml::whole(data) {
            match id {
                ids::BLOCK_ADD_ID_TYPE => kind = ebml::uint(data).and_then(|kind| u32::try_from(kind).ok()),
                ids::BLOCK_ADD_ID_EXTRA_DATA => record = data,
                _ => {}
            }
        }
        if let Some(kind @ (b"dvcC" | b"dvvC")) = kind.map(u32::to_be_bytes).as_ref() {
            let mut boxes = Boxes::default();
            boxes.add(kind, |config| {
                config.bytes(record);
            });
            self.dolby_vision = boxes.0;
        }
    }

    fn codec(&self) -> Codec {
        match self.codec_id.as_str() {
            "V_MPEG4/ISO/AVC" => Codec::H264,
            "V_MPEGH/ISO/HEVC" => Codec::Hevc,
            "V_AV1" => Codec::Av1,
            "V_VP9" => Codec::Vp9,
            "A_OPUS" => Codec::Opus,
            "A_FLAC" => Codec::Flac,
            "A_AC3" | "A_AC3/BSID9" | "A_AC3/BSID10" => Codec::Ac3,
            "A_EAC3" => Codec::Eac3,
            "A_MPEG/L3" => Codec::Mp3,
            "A_MPEG/L2" => Codec::Mp2,
            "A_TRUEHD" => Codec::TrueHd,
            "A_MLP" => Codec::Mlp,
            "A_VORBIS" => Codec::Vorbis,
            "A_ALAC" => Codec::Alac,
            id if id.starts_with("A_DTS") => Codec::Dts,
            id if id.starts_with("A_AAC") => Codec::Aac,
            _ => Codec::Other,
        }
    }

    pub fn is_known(&self) -> bool {
        self.codec() != Codec::Other && !self.packed
    }

    /// As fMP4 has it. `first`: the first bytes of its first frame, as many as are known.
    pub fn track(&self, first: &[u8]) -> Result<Track, WhyNot> {
        let codec = self.codec();
        if codec == Codec::Other {
            return Err(WhyNot::Codec);
        }
        if self.packed {
            return Err(WhyNot::Packed);
        }
        match self.kind {
            1 => self.picture(codec, first),
            _ => self.sound(codec, first),
        }
        .ok_or(WhyNot::Configuration)
    }

    fn picture(&self, codec: Codec, first: &[u8]) -> Option<Track> {
        let frame_rate = self.frame_ns.map(|ns| 1e9 / ns as f64);
        let record = match codec {
            Codec::Vp9 => self.vp9_record(first, frame_rate)?,
            _ => self.private.clone(),
        };
        let in_record = entry::has_parameter_sets(codec, &record);
        let (kind, record_kind, codecs) = match codec {
            Codec::H264 => (if in_record { b"avc1" } else { b"avc3" }, b"avcC", codecs::avc(&record)?),
            Codec::Hevc if in_record => (b"hvc1", b"hvcC", codecs::hevc(&record, "hvc1")?),
            Codec::Hevc => (b"hev1", b"hvcC", codecs::hevc(&record, "hev1")?),
            Codec::Av1 => (b"av01", b"av1C", codecs::av1(&record)?),
            Codec::Vp9 => (b"vp09", b"vpcC", codecs::vp9(&record)?),
            _ => return None,
        };
        let more = [self.colour_box(), self.pixel_box(), self.dolby_vision.clone()].concat();
        let entry = entry::picture(&entry::Picture {
            kind: *kind,
            width: self.width,
            height: self.height,
            record: (*record_kind, &record),
            more: &more,
        });
        Some(Track {
            number: self.number,
            codec,
            codecs,
            kind: TrackKind::Video {
                width: self.width,
                height: self.height,
                transfer: self.colour.transfer.filter(|transfer| *transfer != 2),
                frame_rate,
            },
            timescale: 90_000,
            entry,
            reorder: media::reorder_depth(codec, &record),
            // A millisecond where nothing is said: no picture is shorter.
            step: self.frame_ns.map_or(90, |ns| (ns / 11_111).clamp(1, 90_000) as i64),
            matrix: None,
            plays: true,
        })
    }

    /// Matroska's CodecPrivate of VP9 is another thing than `vpcC`, and mostly missing: the first key frame says it.
    fn vp9_record(&self, first: &[u8], frame_rate: Option<f64>) -> Option<Vec<u8>> {
        let (profile, bit_depth, chroma) = codecs::vp9_head(first)?;
        let level = codecs::vp9_level(self.width, self.height, frame_rate);
        let Colour { primaries, transfer, matrix, full_range } = self.colour;
        let colour = (primaries.unwrap_or(2), transfer.unwrap_or(2), matrix.unwrap_or(2), full_range);
        Some(entry::vp9(profile, level, bit_depth, chroma, Some(colour)))
    }

    fn colour_box(&self) -> Vec<u8> {
        let Colour { primaries, transfer, matrix, full_range } = self.colour;
        if primaries.or(transfer).or(matrix).is_none() {
            return Vec::new();
        }
        let code = |code: Option<u8>| u16::from(code.unwrap_or(2));
        entry::colour(code(primaries), code(transfer), code(matrix), full_range)
    }

    /// Nothing for square pixels.
    fn pixel_box(&self) -> Vec<u8> {
        let Some((wide, high)) = self.display else { return Vec::new() };
        let (horizontal, vertical) =
            (u64::from(wide) * u64::from(self.height), u64::from(high) * u64::from(self.width));
        let divisor = greatest_divisor(horizontal, vertical).max(1);
        match (u32::try_from(horizontal / divisor), u32::try_from(vertical / divisor)) {
            (Ok(horizontal), Ok(vertical)) if horizontal != vertical && horizontal > 0 && vertical > 0 => {
                entry::pixel(horizontal, vertical)
            }
            _ => Vec::new(),
        }
    }

    fn sound(&self, codec: Codec, first: &[u8]) -> Option<Track> {
        let rate = self.sample_rate.clamp(1.0, 768_000.0) as u32;
        let (mut channels, mut sample_rate) = (self.channels, rate);
        let (kind, codecs, record) = match codec {
            Codec::Aac => {
                let config = match self.private.is_empty() {
                    true => Aac::config(2, rate, channels)?.to_vec(),
                    false => self.private.clone(),
                };
                let aac = Aac::read(&config)?;
                sample_rate = aac.sample_rate;
                (b"mp4a", format!("mp4a.40.{}", aac.object), entry::descriptors(0x40, &config))
            }
            Codec::Mp3 => (b"mp4a", "mp4a.6B".to_owned(), entry::descriptors(0x6b, &[])),
            Codec::Opus => {
                // Its times are always counted at this rate.
                sample_rate = 48_000;
                (b"Opus", "Opus".to_owned(), entry::opus(&self.private)?)
            }
            Codec::Flac => (b"fLaC", "fLaC".to_owned(), entry::flac(&self.private)?),
            Codec::Ac3 => (b"ac-3", "ac-3".to_owned(), entry::ac3(first)?),
            Codec::Eac3 => (b"ec-3", "ec-3".to_owned(), entry::eac3(first)?),
            Codec::Mp2 => (b"mp4a", "mp4a.69".to_owned(), entry::descriptors(0x6b, &[])),
            Codec::Dts => (b"dtsc", "dtsc".to_owned(), Vec::new()),
            Codec::TrueHd | Codec::Mlp => (b"mlpa", "mlpa".to_owned(), Vec::new()),
            // As ffmpeg has it; nobody else does.
            Codec::Vorbis => (b"mp4a", "mp4a.dd".to_owned(), entry::descriptors(0xdd, &self.private)),
            Codec::Alac => (b"alac", "alac".to_owned(), entry::alac(&self.private)),
            _ => return None,
        };
        if let Some(head) = codecs::Ac3::read(first).filter(|_| matches!(codec, Codec::Ac3 | Codec::Eac3)) {
            sample_rate = head.sample_rate;
        }
        channels = channels.max(1);
        Some(Track {
            number: self.number,
            codec,
            codecs,
            kind: TrackKind::Audio { channels, sample_rate },
            timescale: sample_rate,
            entry: entry::sound(kind, channels, sample_rate, &record),
            reorder: 0,
            step: 1,
            matrix: None,
            plays: entry::is_for_players(codec),
        })
    }

    /// How long each frame is, in the track's ticks, where all are as long.
    pub fn frame_ticks(&self, track: &Track, first: &[u8]) -> Option<f64> {
        match track.codec {
            Codec::Aac => match self.private.is_empty() {
                true => Some(1024.0),
                false => Aac::read(&self.private).map(|aac| f64::from(aac.frame)),
            },
            // A twelve-hundredth of a second, or what is that of 44.1 kHz.
            Codec::TrueHd | Codec::Mlp => {
                let base = if track.timescale.is_multiple_of(48_000) { 48_000 } else { 44_100 };
                Some(f64::from(40 * (track.timescale / base).max(1)))
            }
            _ if track.is_video() => self.frame_ns.map(|ns| ns as f64 * f64::from(track.timescale) / 1e9),
            codec => codecs::frame_samples(codec, first).map(f64::from),
        }
    }
}

use codecs::Aac;

fn greatest_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_divisor(b, a % b) }
}
