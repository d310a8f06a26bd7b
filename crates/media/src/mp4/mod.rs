//! MP4 and QuickTime (ISO/IEC 14496-12, and Apple's QuickTime File Format before it), in fragments too.
//!
//! ```text
//! layout.rs       where the boxes of the first level stand: moov in front or behind
//! boxes.rs        boxes and their fields
//! skeleton.rs     a moov that is too long to be read, without its tables
//! track.rs        trak: header, language, edits, roles
//! entries.rs      stsd: codec and what its decoder must know; descriptors.rs for esds, macintosh.rs for old languages
//! tables.rs       when each sample is shown, where it lies, which can be begun with
//! fragments.rs    sidx, mfra, moof
//! chapters.rs     chapters as a track; metadata.rs: Nero's chapters, title, covers
//! ```
//!
//! # Why no crate
//!
//! re_mp4 (Read + Seek) and mp4-atom (whole boxes in memory) read a `moov` into structures of their own, so that a box which they do not like costs the movie, and a table of a million
//! samples becomes a million values. What is asked of a table here is an iterator over bytes that are at hand anyway; and QuickTime's older habits (descriptions of
//! sound in version 2, chapters as tracks, the Macintosh's languages) would be ours to read all the same.

pub mod boxes;
mod chapters;
mod descriptors;
mod entries;
mod fragments;
mod layout;
mod macintosh;
mod metadata;
mod skeleton;
mod tables;
#[cfg(test)]
mod tests;
mod track;

use crate::file::File;
use crate::{
    Chapter, Codec, Container, Doubt, Facts, Found, Hdr, Index, KeyFrame, KeyFrames, Kind, Ratio, Spot, TextIndex, Why,
    codecs,
};
use boxes::{Fields, find};
use fragments::{Fragments, Place};
use layout::Layout;
use track::{Trak, known};

/// Is it one, by what it begins with?
pub(crate) fn fits(file: &File) -> bool {
    const FIRST: [&[u8; 4]; 12] =
        [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"moof", b"sidx", b"uuid", b"pdin"];
    boxes::head(file.at_hand(0)).is_some_and(|head| FIRST.contains(&&head.kind))
}

/// What is inside.
pub(crate) fn probe(file: &File) -> Result<Found, Why> {
    let layout = layout::walk(file);
    let Some(range) = layout.moov.clone() else { return Err(Why::Damaged) };
    let mut facts = Facts { container: container(&layout), ..Facts::default() };
    for (seen, doubt) in [(layout.cut, Doubt::CutOff), (layout.damaged, Doubt::Damaged)] {
        if seen {
            facts.doubt(doubt);
        }
    }
    let skeleton;
    let moov = match file.read_index(range.clone()) {
        Some(moov) => moov,
        None if file.is_waiting() => return Err(Why::Damaged),
        None => {
            skeleton = skeleton::read(file, range.start..range.end.min(file.size()));
            facts.doubt(Doubt::IndexGivenUp);
            &skeleton
        }
    };
    facts.attachments =
        if facts.doubts.contains(&Doubt::IndexGivenUp) { Vec::new() } else { metadata::covers(moov, range.start) };
    Movie::read(moov, facts, layout)?.tell(file)
}

fn container(layout: &Layout) -> Container {
    match layout.brand {
        Some(brand) if brand != *b"qt  " => Container::Mp4,
        _ => Container::QuickTime,
    }
}

/// As many tracks as facts keep.
const MOST_TRACKS: usize = 256;
/// Samples of one track whose tables are walked: 46 hours at 25 pictures a second.
const MOST_SAMPLES: usize = 1 << 22;
/// Lines of all tracks together.
const MOST_LINES: usize = 1 << 18;

/// A `moov` that was read.
struct Movie<'a> {
    moov: &'a [u8],
    layout: Layout,
    facts: Facts,
    traks: Vec<Trak<'a>>,
    fragmented: bool,
}

impl<'a> Movie<'a> {
    fn read(moov: &'a [u8], mut facts: Facts, layout: Layout) -> Result<Self, Why> {
        let (timescale, duration) = movie_header(find(moov, b"mvhd").unwrap_or_default()).unwrap_or((1, None));
        let ms = |time: u64| u64::try_from(u128::from(time) * 1000 / u128::from(timescale)).ok();
        facts.duration_ms = duration.and_then(ms);
        let mut traks: Vec<Trak> = boxes::boxes(moov)
            .filter(|atom| atom.kind == *b"trak")
            .filter_map(|atom| track::read(atom.body, timescale))
            .take(MOST_TRACKS + 1)
            .collect();
        if traks.len() > MOST_TRACKS {
            traks.truncate(MOST_TRACKS);
            facts.doubt(Doubt::TooMany);
        }
        // A movie that is packed (`cmov`) or whose tracks are none tells nothing that a name does not.
        if traks.is_empty() {
            return Err(if find(moov, b"cmov").is_some() { Why::NotKnown } else { Why::Damaged });
        }
        let mvex = find(moov, b"mvex");
        if let Some(mvex) = mvex {
            let mehd = find(mvex, b"mehd").and_then(|mehd| {
                let mut fields = Fields(mehd);
                let (version, _) = fields.version_and_flags()?;
                known(fields.wide(version)?, version)
            });
            facts.duration_ms = mehd.and_then(ms);
        }
        facts.fragmented = mvex.is_some();
        facts.title = metadata::title(moov);
        Ok(Self { moov, layout, facts, traks, fragmented: mvex.is_some() })
    }

    fn tell(mut self, file: &File) -> Result<Found, Why> {
        let chapter_tracks: Vec<u64> =
            self.traks.iter().flat_map(|trak| trak.chapters.iter().map(|id| u64::from(*id))).collect();
        self.facts.chapters = self.chapters(file, &chapter_tracks);
        for trak in &mut self.traks {
            trak.reckon();
            if chapter_tracks.contains(&trak.facts.number) || is_cover(trak) {
                trak.facts.kind = Kind::Other;
            }
        }
        let fragments = if self.fragmented { self.fragments(file) } else { Fragments::default() };
        self.first_samples(file);
        self.duration(&fragments);
        // What follows walks long tables, and is thrown away while a read is open.
        if file.is_waiting() {
            return Err(Why::Damaged);
        }
        // A film may begin in tables and go on in fragments.
        let mut key_frames = self.key_frames(file);
        key_frames.extend(fragments.key_frames);
        let text = self.text();
        self.facts.index = match (fragments.indexed, self.fragmented) {
            (Some(Place::Front), _) => Index::Front,
            (Some(Place::End), _) => Index::End,
            (None, true) => Index::Missing,
            (None, false) if self.layout.media.is_some_and(|media| self.starts() > media) => Index::End,
            (None, false) => Index::Front,
        };
        for trak in &self.traks {
            if trak.facts.encrypted {
                self.facts.doubt(Doubt::Encrypted);
            }
        }
        let private = self.traks.iter().filter(|trak| !trak.entry.private.is_empty());
        let private = private.map(|trak| (trak.facts.number, trak.entry.private.to_vec())).collect();
        self.facts.tracks = self.traks.into_iter().map(|trak| trak.facts).collect();
        Ok(Found { facts: self.facts, key_frames: KeyFrames::new(key_frames), text, private, hash: None })
    }

    fn starts(&self) -> u64 {
        self.layout.moov.as_ref().map_or(0, |range| range.start)
    }

    fn video(&self) -> Option<&Trak<'a>> {
        self.traks.iter().find(|trak| matches!(trak.facts.kind, Kind::Video(_)))
    }

    /// Nero's are at hand. Those of a track are read when it has more, or names are longer than Nero's may be.
    fn chapters(&self, file: &File, tracks: &[u64]) -> Vec<Chapter> {
        let nero = metadata::nero_chapters(self.moov);
        let named = |trak: &&Trak| tracks.contains(&trak.facts.number) && trak.handler != *b"vide";
        match self.traks.iter().find(named) {
            Some(trak) if nero.is_empty() || trak.tables.count() > nero.len() as u64 => {
                let of_track = chapters::of_track(file, trak);
                if of_track.is_empty() { nero } else { of_track }
            }
            _ => nero,
        }
    }

    fn fragments(&mut self, file: &File) -> Fragments {
        let sidx = self.layout.sidx.clone();
        let sidx = sidx.and_then(|range| Some((file.read_index(range.clone())?, range.end)));
        fragments::read(file, self.moov, sidx, &self.traks, self.video())
    }

    /// Looks at the first samples of tracks whose entry does not tell all: HDR10+ stands in the pictures, kinds of DTS in the frames.
    fn first_samples(&mut self, file: &File) {
        let moof = self.layout.moof.filter(|_| self.fragmented);
        let moof = moof.and_then(|at| Some((at, fragments::fragment(file, at)?)));
        for trak in &mut self.traks {
            let in_fragment = moof.and_then(|(at, moof)| fragments::first_sample(moof, at, self.moov, trak));
            if let (Kind::Video(video), Some((_, (_, each)))) = (&mut trak.facts.kind, in_fragment) {
                video.frame_rate = video.frame_rate.or(Ratio::new(trak.timescale.into(), each.into()));
            }
            if !wants_sample(trak) {
                continue;
            }
            let Some(at) = trak.tables.samples().next().map(|sample| sample.at).or(in_fragment.map(|(at, _)| at))
            else {
                continue;
            };
            let Some(sample) = file.read(at..at.saturating_add(SAMPLE_BYTES)) else { continue };
            match trak.entry.length_bytes {
                0 => codecs::frame(&mut trak.facts, sample),
                bytes => codecs::sei(&mut trak.facts, sample, bytes),
            }
        }
    }

    fn duration(&mut self, fragments: &Fragments) {
        if self.facts.duration_ms.is_some() {
            return;
        }
        if let Some(ns) = fragments.duration_ns {
            self.facts.duration_ms = Some(ns / 1_000_000);
            if fragments.reckoned {
                self.facts.doubt(Doubt::DurationReckoned);
            }
            return;
        }
        let ends = self.traks.iter().filter_map(|trak| Some(trak.shown_ns(trak.duration?, 0) / 1_000_000));
        self.facts.duration_ms = ends.max();
        if self.facts.duration_ms.is_some() {
            self.facts.doubt(Doubt::DurationReckoned);
        }
    }

    fn key_frames(&mut self, file: &File) -> Vec<KeyFrame> {
        let Some(video) = self.video() else { return Vec::new() };
        let mut reach = 0;
        let frame = |sample: tables::Sample| KeyFrame {
            time_ns: video.shown_ns(sample.time, sample.offset),
            offset: sample.at,
        };
        let samples = video.tables.samples().take(MOST_SAMPLES).inspect(|sample| {
            reach = reach.max(sample.at.saturating_add(sample.bytes.into()));
        });
        let keys = samples.filter(|sample| sample.key && sample.at < file.size()).map(frame);
        let frames = if video.tables.has_key_table() { keys.collect() } else { one_a_second(keys) };
        if reach > file.size() {
            self.facts.doubt(Doubt::CutOff);
        }
        frames
    }

    /// Where lines of subtitles stand. In fragments they are told by each `moof`, so none are.
    fn text(&self) -> TextIndex {
        let mut text = TextIndex::default();
        for trak in &self.traks {
            if trak.facts.kind != Kind::Subtitle || !trak.facts.codec.is_text() || trak.facts.encrypted {
                continue;
            }
            if self.fragmented {
                text.incomplete.insert(trak.facts.number);
                continue;
            }
            let left = MOST_LINES - text.spots.len();
            let samples = trak.tables.samples().take(MOST_SAMPLES).filter(|sample| says_something(trak, sample));
            text.spots.extend(samples.take(left).map(|sample| spot(trak, &sample)));
        }
        text.spots.sort_unstable();
        text
    }
}

/// `mvhd`: units in a second, never 0, and how many of them it plays.
fn movie_header(mvhd: &[u8]) -> Option<(u32, Option<u64>)> {
    let mut fields = Fields(mvhd);
    let (version, _) = fields.version_and_flags()?;
    fields.wide(version)?;
    fields.wide(version)?;
    let timescale = fields.u32().filter(|timescale| *timescale > 0)?;
    Some((timescale, fields.wide(version).and_then(|duration| known(duration, version))))
}

/// A picture that is shown all the time, as some muxers write a cover.
fn is_cover(trak: &Trak) -> bool {
    matches!(trak.facts.kind, Kind::Video(_))
        && trak.tables.count() == 1
        && (trak.facts.codec == Codec::Mjpeg || trak.facts.codec_id == "png")
}

/// The parameter sets and the messages of a picture stand in its first bytes; the head of a DTS extension behind a core of at most 2 KiB.
const SAMPLE_BYTES: u64 = 4 << 10;

fn wants_sample(trak: &Trak) -> bool {
    if trak.facts.encrypted {
        return false;
    }
    match (&trak.facts.kind, trak.facts.codec) {
        (Kind::Video(video), Codec::H264 | Codec::Hevc) => video.bit_depth.is_none() || video.hdr == [Hdr::Hdr10],
        (Kind::Video(_), Codec::Mpeg2Video | Codec::Vp9) => trak.entry.private.is_empty(),
        (Kind::Audio(_), Codec::Dts | Codec::TrueHd) => true,
        (Kind::Audio(_), Codec::Ac3 | Codec::Eac3) => trak.entry.private.is_empty(),
        _ => false,
    }
}

/// Where every picture can be begun with, one a second is enough.
fn one_a_second(frames: impl Iterator<Item = KeyFrame>) -> Vec<KeyFrame> {
    let mut next_ns = 0;
    frames
        .filter(|frame| {
            let wanted = frame.time_ns >= next_ns;
            if wanted {
                next_ns = frame.time_ns.saturating_add(1_000_000_000);
            }
            wanted
        })
        .collect()
}

/// A pause between lines is a sample too: a text of no letters, or WebVTT's `vtte` box.
fn says_something(trak: &Trak, sample: &tables::Sample) -> bool {
    sample.bytes > if trak.facts.codec == Codec::WebVtt { 8 } else { 2 }
}

fn spot(trak: &Trak, sample: &tables::Sample) -> Spot {
    let start_ns = trak.shown_ns(sample.time, sample.offset);
    let end_ns = trak.shown_ns(sample.time.saturating_add(sample.duration.into()), sample.offset);
    Spot {
        offset: sample.at,
        len: Some(sample.bytes),
        track: trak.facts.number,
        start_ns,
        duration_ns: Some(end_ns - start_ns),
    }
}
