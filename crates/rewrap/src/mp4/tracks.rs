//! Tracks of MP4. What describes a codec goes over byte for byte; what stands around it is written anew.

use media::Codec;

use super::{
    boxes::{FourCc, boxes, find, u16_at, u32_at, u64_at},
    tables::Tables,
};
use crate::{
    Track, TrackKind, WhyNot, codecs,
    fmp4::{Boxes, entry},
};

/// A track as it is written.
pub(super) struct Trak<'a> {
    pub number: u64,
    pub tables: Tables,
    /// Added to times: what the edit list says, in the track's ticks.
    pub edit: i64,
    matrix: Option<[u8; 36]>,
    timescale: u32,
    is_video: bool,
    /// Of the first sample entry: its kind and what is in it.
    entry: (FourCc, &'a [u8]),
    has_more_entries: bool,
}

impl<'a> Trak<'a> {
    /// `None` for what is no picture and no sound.
    pub fn read(body: &'a [u8], movie_scale: u32) -> Option<Self> {
        let tkhd = find(body, b"tkhd")?;
        let long = usize::from(tkhd.first() == Some(&1));
        let number = u32_at(tkhd, 12 + 8 * long)?.into();
        let matrix = tkhd.get(40 + 12 * long..76 + 12 * long).and_then(|matrix| matrix.try_into().ok());
        let mdia = find(body, b"mdia")?;
        let is_video = match find(mdia, b"hdlr")?.get(8..12)? {
            b"vide" => true,
            b"soun" => false,
            _ => return None,
        };
        let mdhd = find(mdia, b"mdhd")?;
        let timescale = u32_at(mdhd, if mdhd.first() == Some(&1) { 20 } else { 12 }).filter(|scale| *scale > 0)?;
        let stbl = find(find(mdia, b"minf")?, b"stbl")?;
        let stsd = find(stbl, b"stsd")?;
        let entry = boxes(stsd.get(8..)?).next()?;
        let tables = Tables::read(stbl);
        let edit = find(body, b"edts").and_then(|edts| find(edts, b"elst"));
        let edit = edit.and_then(|elst| edited(elst, timescale, movie_scale)).unwrap_or(0);
        let has_more_entries = u32_at(stsd, 4)? > 1;
        Some(Self { number, tables, edit, matrix, timescale, is_video, entry, has_more_entries })
    }

    pub fn codec_id(&self) -> String {
        self.entry.0.escape_ascii().to_string()
    }

    /// As fMP4 has it.
    pub fn track(&self) -> Result<Track, WhyNot> {
        if matches!(&self.entry.0, b"encv" | b"enca") {
            return Err(WhyNot::Packed);
        }
        if self.has_more_entries && self.tables.changes_description() {
            return Err(WhyNot::Configuration);
        }
        if self.is_video { self.picture() } else { self.sound() }
    }

    fn picture(&self) -> Result<Track, WhyNot> {
        let (codec, record_kind): (Codec, FourCc) = match &self.entry.0 {
            b"avc1" | b"avc3" => (Codec::H264, *b"avcC"),
            b"hvc1" | b"hev1" | b"dvh1" | b"dvhe" => (Codec::Hevc, *b"hvcC"),
            b"av01" => (Codec::Av1, *b"av1C"),
            b"vp09" => (Codec::Vp9, *b"vpcC"),
            _ => return Err(WhyNot::Codec),
        };
        self.picture_of(codec, record_kind).ok_or(WhyNot::Configuration)
    }

    fn picture_of(&self, codec: Codec, record_kind: FourCc) -> Option<Track> {
        let body = self.entry.1;
        let (width, height) = (u32::from(u16_at(body, 24)?), u32::from(u16_at(body, 26)?));
        let inside = body.get(78..)?;
        let record = find(inside, &record_kind)?;
        let in_record = entry::has_parameter_sets(codec, record);
        let (kind, codecs) = match codec {
            Codec::H264 => (if in_record { *b"avc1" } else { *b"avc3" }, codecs::avc(record)?),
            // Apple plays hvc1 only, and it is the same but for the promise that parameter sets stand here.
            Codec::Hevc if in_record => (*b"hvc1", codecs::hevc(record, "hvc1")?),
            Codec::Hevc => (*b"hev1", codecs::hevc(record, "hev1")?),
            Codec::Av1 => (*b"av01", codecs::av1(record)?),
            _ => (*b"vp09", codecs::vp9(record)?),
        };
        let mut more = Boxes::default();
        for (kind, body) in boxes(inside) {
            if matches!(&kind, b"colr" | b"pasp" | b"clap" | b"mdcv" | b"clli" | b"SmDm" | b"CoLL" | b"dvcC" | b"dvvC")
            {
                more.add(&kind, |copy| {
                    copy.bytes(body);
                });
            }
        }
        let transfer = find(inside, b"colr").filter(|colr| colr.starts_with(b"nclx"));
        let transfer = transfer.and_then(|colr| u16_at(colr, 6)).and_then(|code| u8::try_from(code).ok());
        let entry =
            entry::picture(&entry::Picture { kind, width, height, record: (record_kind, record), more: &more.0 });
        Some(Track {
            number: self.number,
            codec,
            codecs,
            kind: TrackKind::Video {
                width,
                height,
                transfer: transfer.filter(|transfer| *transfer != 2),
                frame_rate: self.frame_rate(),
            },
            timescale: self.timescale,
            entry,
            reorder: media::reorder_depth(codec, record),
            step: self.tables.shortest().into(),
            matrix: self.matrix,
            plays: true,
        })
    }

    fn frame_rate(&self) -> Option<f64> {
        let pictures = self.tables.from(0).take(240).map(|sample| u64::from(sample.duration));
        let (count, ticks) = pictures.fold((0u64, 0u64), |(count, ticks), duration| (count + 1, ticks + duration));
        (ticks > 0).then(|| count as f64 * f64::from(self.timescale) / ticks as f64)
    }

    fn sound(&self) -> Result<Track, WhyNot> {
        let (kind, body) = self.entry;
        // QuickTime's newer entries have more fields, and put what describes the codec into a box of its own.
        let fields = match u16_at(body, 8) {
            Some(1) => 44,
            Some(2) => 64,
            _ => 28,
        };
        let inside = body.get(fields..).ok_or(WhyNot::Configuration)?;
        let inside = find(inside, b"wave").unwrap_or(inside);
        let channels = u16_at(body, 16).ok_or(WhyNot::Configuration)?;
        let rate = u32_at(body, 24).ok_or(WhyNot::Configuration)? >> 16;
        let (codec, codecs, record_kind) = match &kind {
            b"mp4a" => {
                let esds = find(inside, b"esds").ok_or(WhyNot::Configuration)?;
                let (codec, codecs) = of_descriptors(esds).ok_or(WhyNot::Codec)?;
                (codec, codecs, *b"esds")
            }
            b".mp3" => (Codec::Mp3, "mp4a.6B".into(), *b"esds"),
            b"Opus" => (Codec::Opus, "Opus".into(), *b"dOps"),
            b"fLaC" => (Codec::Flac, "fLaC".into(), *b"dfLa"),
            b"ac-3" => (Codec::Ac3, "ac-3".into(), *b"dac3"),
            b"ec-3" => (Codec::Eac3, "ec-3".into(), *b"dec3"),
            b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" => (Codec::Dts, "dtsc".into(), *b"ddts"),
            b"mlpa" => (Codec::TrueHd, "mlpa".into(), *b"dmlp"),
            b"alac" => (Codec::Alac, "alac".into(), *b"alac"),
            _ => return Err(WhyNot::Codec),
        };
        let sample_rate = if rate > 0 { rate } else { self.timescale };
        let track = |entry: Vec<u8>, plays| Track {
            number: self.number,
            codec,
            codecs: codecs.clone(),
            kind: TrackKind::Audio { channels: channels.max(1), sample_rate },
            timescale: self.timescale,
            entry,
            reorder: 0,
            step: 1,
            matrix: None,
            plays,
        };
        // `mp4a` may be anything that has a number; what players do not know by it goes to an encoder as it stands.
        if !entry::is_for_players(codec) || (&kind == b"mp4a" && matches!(codec, Codec::Ac3 | Codec::Eac3)) {
            let mut whole = Boxes::default();
            whole.add(&kind, |copy| {
                copy.bytes(body);
            });
            return Ok(track(whole.0, false));
        }
        let mut record = Boxes::default();
        match find(inside, &record_kind) {
            Some(body) => record.add(&record_kind, |copy| {
                copy.bytes(body);
            }),
            None if codec == Codec::Mp3 => {
                record.bytes(&entry::descriptors(0x6b, &[]));
            }
            None => return Err(WhyNot::Configuration),
        }
        let kind = if codec == Codec::Mp3 { *b"mp4a" } else { kind };
        Ok(track(entry::sound(&kind, channels.max(1), sample_rate, &record.0), true))
    }
}

/// What is added to times by an edit list: a wait in front, and less by where in the track it begins. Later edits, which leave something out or say it twice,
/// are passed over, as by most players.
fn edited(elst: &[u8], timescale: u32, movie_scale: u32) -> Option<i64> {
    let long = elst.first() == Some(&1);
    let count = u32_at(elst, 4)?.min(16) as usize;
    let mut shift = 0i64;
    for edit in 0..count {
        let at = 8 + edit * if long { 20 } else { 12 };
        let (length, begin) = match long {
            true => (u64_at(elst, at)?, u64_at(elst, at + 8)? as i64),
            false => (u32_at(elst, at)?.into(), i64::from(u32_at(elst, at + 4)? as i32)),
        };
        if begin >= 0 {
            return Some(shift.saturating_sub(begin));
        }
        let wait = u128::from(length) * u128::from(timescale) / u128::from(movie_scale.max(1));
        shift = shift.saturating_add(i64::try_from(wait).ok()?);
    }
    Some(shift)
}

/// What `esds` describes: AAC, MP3, or something that only ffmpeg has numbers for.
fn of_descriptors(esds: &[u8]) -> Option<(Codec, String)> {
    let mut rest = esds.get(4..)?;
    let mut object = None;
    while let Some((tag, body, after)) = descriptor(rest) {
        match tag {
            // Behind an id come flags that say which fields follow; files have none of them.
            3 => rest = body.get(3..)?,
            4 => {
                object = Some(*body.first()?);
                rest = body.get(13..)?;
            }
            5 if object == Some(0xdd) => break,
            5 => {
                let aac = codecs::Aac::read(body)?;
                // MP3 has an object number in MPEG-4 as well.
                return Some(match (object, aac.object) {
                    (_, 32..=34) => (Codec::Mp3, format!("mp4a.40.{}", aac.object)),
                    (Some(0x40 | 0x66..=0x68), kind) => (Codec::Aac, format!("mp4a.40.{kind}")),
                    _ => return None,
                });
            }
            _ => rest = after,
        }
    }
    let (codec, name) = match object? {
        0x69 | 0x6b => (Codec::Mp3, "mp4a.6B"),
        0xa5 => (Codec::Ac3, "mp4a.a5"),
        0xa6 => (Codec::Eac3, "mp4a.a6"),
        0xa9 => (Codec::Dts, "mp4a.a9"),
        0xdd => (Codec::Vorbis, "mp4a.dd"),
        _ => return None,
    };
    Some((codec, name.to_owned()))
}

/// Tag, what is in it, what comes after it. A size has seven bits in each of up to four bytes.
fn descriptor(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, mut rest) = bytes.split_first()?;
    let mut size = 0usize;
    for _ in 0..4 {
        let (&byte, after) = rest.split_first()?;
        rest = after;
        size = size << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (body, after) = rest.split_at(size.min(rest.len()));
    Some((tag, body, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edit_lists_move_a_track() {
        let list = |edits: &[(u32, i32)]| {
            let mut elst = Boxes::default();
            elst.u32(0).u32(edits.len() as u32);
            edits.iter().for_each(|(length, begin)| {
                elst.u32(*length).u32(*begin as u32).u32(0x1_0000);
            });
            edited(&elst.0, 48_000, 1000)
        };
        assert_eq!(list(&[(5000, 1024)]), Some(-1024));
        assert_eq!(list(&[(500, -1), (5000, 0)]), Some(24_000));
        assert_eq!(list(&[(500, -1), (5000, 2112), (100, 9)]), Some(24_000 - 2112));
        assert_eq!(list(&[]), Some(0));
    }

    #[test]
    fn descriptors_tell_aac_from_mp3() {
        let aac = entry::descriptors(0x40, &[0x11, 0x90]);
        assert_eq!(of_descriptors(&aac[8..]), Some((Codec::Aac, "mp4a.40.2".into())));
        let mp3 = entry::descriptors(0x6b, &[]);
        assert_eq!(of_descriptors(&mp3[8..]), Some((Codec::Mp3, "mp4a.6B".into())));
        let long = b"\0\0\0\0\x03\x80\x80\x80\x1f\0\0\0\x04\x80\x80\x80\x14\x40\x15\0\0\0\0\0\0\0\0\0\0\0\x05\x80\x80\x80\x02\x12\x10\x06\x01\x02";
        assert_eq!(of_descriptors(long), Some((Codec::Aac, "mp4a.40.2".into())));
        assert_eq!(of_descriptors(b"\0\0\0\0"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let _ = (edited(&bytes, 1, 1), of_descriptors(&bytes));
            if let Some(trak) = Trak::read(&bytes, 1000) {
                let _ = trak.track();
            }
        }
    }
}
