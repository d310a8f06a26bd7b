//! AVI (Microsoft's AVI RIFF File Reference), and OpenDML's extensions for long files.
//!
//! ```text
//! layout.rs     where the lists of the first level stand
//! chunks.rs     chunks and their fields
//! streams.rs    a stream's headers
//! index.rs      where key frames stand
//! ```
//!
//! A crate for RIFF (riff) gives a tree of chunks over Read + Seek, which is `chunks.rs` here, fifty lines.

mod chunks;
mod index;
mod layout;
mod streams;
#[cfg(test)]
mod tests;

use crate::file::File;
use crate::{Codec, Container, Doubt, Facts, Found, Index, KeyFrame, KeyFrames, Kind, Why, codecs, language, strings};
use chunks::{chunks, find, head, lists};
use layout::Layout;
use streams::Stream;

/// Is it one, by what it begins with?
pub fn fits(file: &File) -> bool {
    let bytes = file.at_hand(0);
    head(bytes).is_some_and(|(id, _)| id == *b"RIFF") && bytes.get(8..12) == Some(b"AVI ")
}

/// Headers are some kilobytes; a cover picture among them would be more.
const HEADERS_BYTES: u64 = 1 << 20;
/// As many tracks as facts keep, of which two digits of a chunk's id count so many.
const MOST_TRACKS: usize = 256;

/// What is inside.
pub fn probe(file: &File) -> Result<Found, Why> {
    let layout = layout::walk(file);
    let Some(range) = layout.headers.clone() else { return Err(Why::Damaged) };
    let Some(headers) = file.read(range.start..range.end.min(range.start.saturating_add(HEADERS_BYTES))) else {
        return Err(Why::Damaged);
    };
    let mut facts = Facts { container: Container::Avi, ..Facts::default() };
    let mut streams: Vec<Stream> =
        lists(headers, b"strl").zip(0..).filter_map(|(strl, number)| streams::read(strl, number)).collect();
    if streams.is_empty() {
        return Err(Why::Damaged);
    }
    if streams.len() > MOST_TRACKS {
        streams.truncate(MOST_TRACKS);
        facts.doubt(Doubt::TooMany);
    }
    if layout.cut {
        facts.doubt(Doubt::CutOff);
    }
    first_frames(file, &layout, &mut streams);
    if let Some(info) =
        layout.info.clone().and_then(|range| file.read(range.start..range.end.min(range.start + INFO_BYTES)))
    {
        facts.title = find(info, b"INAM").and_then(strings::text);
        languages(info, &mut streams);
    }
    facts.duration_ms = duration_ms(headers, &streams);
    let key_frames = key_frames(file, &layout, &streams, &mut facts);
    let private = streams.iter().filter(|stream| !stream.private.is_empty());
    let private = private.map(|stream| (stream.facts.number, stream.private.to_vec())).collect();
    facts.tracks = streams.into_iter().map(|stream| stream.facts).collect();
    Ok(Found { facts, key_frames: KeyFrames::new(key_frames), private, ..Found::default() })
}

const INFO_BYTES: u64 = 64 << 10;

/// `IAS1` to `IAS9` name the languages of the first sounds.
fn languages(info: &[u8], streams: &mut [Stream]) {
    let sounds = streams.iter_mut().filter(|stream| matches!(stream.facts.kind, Kind::Audio(_)));
    for (stream, digit) in sounds.zip(b'1'..=b'9') {
        let told = find(info, &[b'I', b'A', b'S', digit]).and_then(strings::text);
        stream.facts.language = told.and_then(|told| language::language(&told));
    }
}

/// The longest of the streams. A sound of bytes whose writer did not know their rate says any length, so what is twice as long as the pictures counts for nothing.
fn duration_ms(headers: &[u8], streams: &[Stream]) -> Option<u64> {
    let is_video = |stream: &&Stream| matches!(stream.facts.kind, Kind::Video(_));
    let video = streams.iter().find(is_video);
    // OpenDML counts all pictures, where some writers' headers count those of the first RIFF.
    let frames = lists(headers, b"odml").next().and_then(|odml| chunks::Fields(find(odml, b"dmlh")?).u32());
    let of_video = video.map(|stream| stream.ns(frames.unwrap_or(0).max(stream.length).into()));
    let of_video = of_video.filter(|ns| *ns > 0);
    let longest = streams
        .iter()
        .map(|stream| stream.ns(stream.length.into()))
        .chain(of_video)
        .filter(|ns| of_video.is_none_or(|video| *ns <= video.saturating_mul(2)))
        .max();
    longest.map(|ns| ns / 1_000_000).filter(|ms| *ms > 0)
}

fn key_frames(file: &File, layout: &Layout, streams: &[Stream], facts: &mut Facts) -> Vec<KeyFrame> {
    let Some(stream) = streams.iter().find(|stream| matches!(stream.facts.kind, Kind::Video(_))) else {
        return Vec::new();
    };
    let mut frames = stream.super_index.map_or(Vec::new(), |indx| index::open_dml(file, indx, stream));
    if frames.is_empty()
        && let (Some(range), Some(movi)) = (layout.index.clone(), layout.movi.clone())
        && let Some(idx1) = file.read_index(range)
    {
        frames = index::old(idx1, stream, movi.start - 4, file.size());
    }
    if !frames.is_empty() {
        facts.index = Index::End;
    }
    frames
}

/// The beginning of the pictures that is looked at: some frames of every stream.
const FRAMES_BYTES: u64 = 64 << 10;

/// Shows each stream's first frame to its codec: headers know nothing of profiles, of the shape of pixels, or of what is in a frame of AC-3.
fn first_frames(file: &File, layout: &Layout, streams: &mut [Stream]) {
    let Some(movi) = layout.movi.clone() else { return };
    let end = movi.end.min(movi.start.saturating_add(FRAMES_BYTES));
    let Some(bytes) = file.read(movi.start..end) else { return };
    let mut seen = [false; MOST_TRACKS];
    let frames = chunks(bytes).flat_map(|chunk| match chunk.body.strip_prefix(b"rec ") {
        Some(record) if chunk.id == *b"LIST" => chunks(record).collect(),
        _ => vec![chunk],
    });
    for frame in frames {
        let digits = std::str::from_utf8(&frame.id[..2]).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let Some(number) = digits.filter(|_| matches!(&frame.id[2..], b"dc" | b"db" | b"wb")) else { continue };
        let Some(stream) = streams.iter_mut().find(|stream| stream.facts.number == number as u64) else { continue };
        if std::mem::replace(&mut seen[number], true) || frame.body.is_empty() {
            continue;
        }
        let is_video = matches!(stream.facts.kind, Kind::Video(_));
        // What headers say of sounds of these codecs is what players go by; the frame of others begins in the middle.
        if is_video || matches!(stream.facts.codec, Codec::Ac3 | Codec::Eac3 | Codec::Dts | Codec::TrueHd) {
            codecs::frame(&mut stream.facts, frame.body);
        }
    }
}
