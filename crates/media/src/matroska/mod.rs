//! Matroska and WebM: EBML elements.
//!
//! ```text
//! ebml.rs    ids, sizes, elements in memory
//! ids.rs     the elements that are read
//! layout.rs  where the parts of the segment stand
//! tracks.rs  what the container says of each track
//! parts.rs   title, duration, chapters, attachments, statistics
//! cues.rs    where key frames and lines of subtitles stand
//! block.rs   blocks, lacing, packed frames, the first frame of each track
//! lines.rs   lines of subtitles out of blocks
//! ```

mod block;
mod cues;
pub mod ebml;
pub mod ids;
mod layout;
mod lines;
mod parts;
#[cfg(test)]
mod tests;
mod tracks;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use lines::line;

use self::{block::Packed, layout::Layout, parts::Statistics, tracks::Entry};
use crate::{
    Codec, Container, Doubt, Facts, Found, Index, KeyFrames, Kind, Packing, TextIndex, Why, codecs,
    file::{File, Purpose},
};

const MAGIC: [u8; 4] = [0x1a, 0x45, 0xdf, 0xa3];

/// Does it begin as an EBML file?
pub(crate) fn fits(file: &File) -> bool {
    file.at_hand(0).starts_with(&MAGIC)
}

/// Does an EBML file begin within the first bytes? Asked when nothing else fits.
pub(crate) fn hides(file: &File) -> bool {
    begin(file).is_some()
}

fn begin(file: &File) -> Option<u64> {
    let head = file.at_hand(0);
    let head = &head[..head.len().min(layout::MAX_GARBAGE_BYTES)];
    // The id is followed by a size of less than a kilobyte, and that by a child of the header: EBMLVersion to DocTypeReadVersion are 42 82 to 42 f7.
    let is_header = |at: &usize| {
        let Some((ids::EBML, Some(size), len)) = ebml::header(&head[*at..]) else { return false };
        size < 1024 && head.get(*at + len) == Some(&0x42)
    };
    head.windows(4).enumerate().filter(|(_, four)| *four == MAGIC).map(|(at, _)| at).find(is_header).map(|at| at as u64)
}

/// The longest of each part that is read. Tags hold whole lyrics and pictures at times.
const MAX_TRACKS_BYTES: u64 = 1 << 20;
const MAX_INFO_BYTES: u64 = 64 * 1024;
const MAX_CHAPTERS_BYTES: u64 = 512 * 1024;
const MAX_TAGS_BYTES: u64 = 256 * 1024;

/// What is inside.
pub(crate) fn probe(file: &File) -> Result<Found, Why> {
    let layout = layout::find(file, begin(file).unwrap_or(0)).ok_or(Why::Damaged)?;
    let mut facts = Facts {
        container: if layout.is_webm { Container::WebM } else { Container::Matroska },
        doubts: layout.doubts.clone(),
        ..Facts::default()
    };
    let info = read_first(file, &layout, ids::INFO, MAX_INFO_BYTES, &mut facts).map(parts::info).unwrap_or_default();
    let mut entries = read_first(file, &layout, ids::TRACKS, MAX_TRACKS_BYTES, &mut facts)
        .map(|body| tracks::tracks(body, &mut facts))
        .unwrap_or_default();
    if entries.is_empty() && info.duration_ms.is_none() && !file.is_waiting() {
        return Err(Why::Damaged);
    }
    if let Some(body) = read_first(file, &layout, ids::CHAPTERS, MAX_CHAPTERS_BYTES, &mut facts) {
        parts::chapters(body, &mut facts);
    }
    let mut statistics = BTreeMap::new();
    for range in layout.all(ids::TAGS).take(4) {
        if let Some(body) = file.read(range.start..range.end.min(range.start + MAX_TAGS_BYTES)) {
            parts::statistics(body, &mut statistics);
        }
    }
    let mut rest = Rest::default();
    if !file.is_waiting() {
        first_frames(file, &layout, &mut entries);
        // The longest chain of reads last: what it asks for comes with what the others ask for.
        for range in layout.all(ids::ATTACHMENTS).take(4) {
            parts::attachments(file, range, &mut facts);
        }
        rest = index(file, &layout, &entries, info.scale, &statistics, &mut facts);
    }
    for entry in &mut entries {
        entry.track.bit_rate = statistics.get(&entry.uid).and_then(|its| its.bit_rate).filter(|bits| *bits > 0);
    }
    facts.title = info.title;
    facts.duration_ms = info.duration_ms;
    if facts.duration_ms.is_none() && !file.is_waiting() {
        facts.duration_ms = reckon(file, &layout, info.scale, &statistics, rest.last_ns);
        facts.doubt(Doubt::DurationReckoned);
    }
    let private = entries.iter_mut().map(|entry| (entry.track.number, std::mem::take(&mut entry.private)));
    let private = private.filter(|(_, private)| !private.is_empty()).collect();
    facts.tracks = entries.into_iter().map(|entry| entry.track).collect();
    Ok(Found { facts, key_frames: rest.key_frames, text: rest.text, private, hash: None })
}

/// The first part with this id that can be read and is not empty.
fn read_first<'a>(file: &File<'a>, layout: &Layout, id: u32, max: u64, facts: &mut Facts) -> Option<&'a [u8]> {
    layout.all(id).take(4).find_map(|range| {
        if range.end - range.start > max {
            facts.doubt(Doubt::ReadsGivenUp);
        }
        file.read(range.start..range.end.min(range.start + max)).filter(|body| ebml::children(body).next().is_some())
    })
}

/// Frames say what the container does not: Atmos, which DTS it is, HDR10+, the profile of VP9.
fn first_frames(file: &File, layout: &Layout, entries: &mut [Entry]) {
    let wants = |entry: &&Entry| match entry.track.codec {
        Codec::Ac3
        | Codec::Eac3
        | Codec::Dts
        | Codec::TrueHd
        | Codec::Mp1
        | Codec::Mp2
        | Codec::Mp3
        | Codec::Vp9
        | Codec::Hevc => true,
        Codec::Aac | Codec::H264 | Codec::Mpeg1Video | Codec::Mpeg2Video | Codec::Mpeg4 => entry.private.is_empty(),
        _ => false,
    };
    let wanted: BTreeSet<u64> = entries
        .iter()
        .filter(|entry| !entry.track.encrypted && entry.packed != Some(Packed::Unreadable))
        .filter(wants)
        .map(|entry| entry.track.number)
        .collect();
    let Some(cluster) = layout.first_cluster else { return };
    for (number, frame) in block::first_frames(file, cluster, layout.segment_end, &wanted) {
        let Some(entry) = entries.iter_mut().find(|entry| entry.track.number == number) else { continue };
        let Some(frame) = block::unpack(frame, entry.packed.as_ref()) else { continue };
        // avcC and hvcC say how long the length before each NAL unit is.
        let len_at = match entry.track.codec {
            Codec::H264 => 4,
            _ => 21,
        };
        match entry.private.get(len_at) {
            Some(byte)
                if matches!(entry.track.codec, Codec::H264 | Codec::Hevc)
                    && entry.track.codec_id != "V_MS/VFW/FOURCC" =>
            {
                codecs::sei(&mut entry.track, &frame, usize::from(byte & 3) + 1);
            }
            _ => codecs::frame(&mut entry.track, &frame),
        }
    }
}

/// What the cues say.
#[derive(Default)]
struct Rest {
    key_frames: KeyFrames,
    text: TextIndex,
    last_ns: u64,
}

fn index(
    file: &File,
    layout: &Layout,
    entries: &[Entry],
    scale: u64,
    statistics: &BTreeMap<u64, Statistics>,
    facts: &mut Facts,
) -> Rest {
    let pictures =
        entries.iter().find(|entry| matches!(entry.track.kind, Kind::Video(_))).map(|entry| entry.track.number);
    let texts: BTreeSet<u64> =
        entries.iter().filter(|entry| entry.track.kind == Kind::Subtitle).map(|entry| entry.track.number).collect();
    let mut cues = cues::Cues::default();
    let mut place = None;
    for range in layout.all(ids::CUES).take(4) {
        place.get_or_insert(range.start);
        match file.read_index(range.clone()) {
            // Attachments are read step by step; the cues wait for the last.
            _ if file.is_waiting() => {}
            Some(body) => {
                let its = cues::cues(body, layout.segment_start, scale, pictures, &texts);
                cues.last_ns = cues.last_ns.max(its.last_ns);
                cues.key_frames.extend(its.key_frames);
                cues.spots.extend(its.spots);
            }
            None if !file.gave_up(Purpose::Index) => facts.doubt(Doubt::IndexGivenUp),
            None => {}
        }
    }
    if cues.key_frames.len().max(cues.spots.len()) >= cues::MAX_CUES {
        facts.doubt(Doubt::TooMany);
    }
    facts.index = match (place, layout.first_cluster) {
        (None, _) => Index::Missing,
        (Some(cues), Some(cluster)) if cues < cluster => Index::Front,
        (Some(_), _) => Index::End,
    };
    cues.spots.sort_unstable();
    // One block is one line, at its first time: a thousand cues of one block would be read, and kept, a thousand times.
    cues.spots.dedup_by_key(|spot| (spot.track, spot.offset));
    let count = |number: u64| cues.spots.iter().filter(|spot| spot.track == number).count() as u64;
    let incomplete = entries
        .iter()
        .filter(|entry| texts.contains(&entry.track.number))
        .filter(|entry| {
            let lines = statistics.get(&entry.uid).and_then(|its| its.frames);
            let known = count(entry.track.number);
            // A track without any line is complete when the file says so.
            entry.packed == Some(Packed::Unreadable) || lines.map_or(known == 0, |lines| known < lines)
        })
        .map(|entry| entry.track.number)
        .collect();
    let tracks = entries
        .iter()
        .filter_map(|entry| {
            Some((
                entry.track.number,
                match entry.packed.clone()? {
                    Packed::Stripped(front) => Some(front),
                    Packed::Zlib => None,
                    Packed::Unreadable => return None,
                },
            ))
        })
        .collect();
    let webm_vtt = entries.iter().filter(|entry| entry.track.codec_id.starts_with("D_WEBVTT/"));
    let webm_vtt = webm_vtt.map(|entry| entry.track.number).collect();
    let text = TextIndex { spots: cues.spots, packing: Packing::Matroska { tracks, webm_vtt, scale }, incomplete };
    Rest { key_frames: KeyFrames::new(cues.key_frames), text, last_ns: cues.last_ns }
}

/// Without a word in the file: the longest track by the tags, else the last time that a cue or one of the last blocks has.
fn reckon(
    file: &File,
    layout: &Layout,
    scale: u64,
    statistics: &BTreeMap<u64, Statistics>,
    last_cue_ns: u64,
) -> Option<u64> {
    let told = statistics.values().filter_map(|its| its.duration_ms).max();
    told.or_else(|| {
        let last_ns = block::last_ticks(file, layout).and_then(|ticks| ticks.checked_mul(scale));
        last_ns.into_iter().chain([last_cue_ns]).max().filter(|ns| *ns > 0).map(|ns| ns / 1_000_000)
    })
}
