//! MP4 and MOV (ISO/IEC 14496-12): tracks with their tables of samples.

pub(crate) mod boxes;
pub(crate) mod tables;
mod tracks;

use std::sync::Arc;

use crate::{
    Film, LeftOut, Track, Why, WhyNot,
    film::{Source, Stop, View},
    plan::{self, Key},
};
use boxes::{boxes, find, u32_at};
use tables::{Sample, Tables};
use tracks::Trak;

/// What the making of segments needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Movie {
    /// Of each of the film's tracks.
    pub ways: Vec<Way>,
    /// Of the file, in bytes.
    pub size: u64,
}

/// Where a track's samples are, and when.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub tables: Tables,
    /// Added to each time of showing: what the edit list says, and what makes the first picture's no negative one.
    pub shift: i64,
}

/// Boxes of the file itself that are looked at: one of fragments has thousands.
const MAX_BOXES: usize = 64;
/// More pictures than a day has at 120 a second.
const MAX_SAMPLES: u32 = 12_000_000;
/// How far behind its place in the order a picture may be shown.
pub(crate) const REORDERED: usize = 17;

pub(crate) fn fits(head: &[u8]) -> bool {
    boxes::head(head).is_some_and(|head| {
        matches!(&head.kind, b"ftyp" | b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" | b"styp")
    })
}

pub(crate) fn open(view: &View, segment_ns: u64) -> Result<Film, Stop> {
    let moov = moov(view)?;
    let movie_scale = find(moov, b"mvhd").and_then(|mvhd| u32_at(mvhd, if mvhd.first() == Some(&1) { 20 } else { 12 }));
    let mut taken: Vec<(Trak, Track)> = Vec::new();
    let mut left_out = Vec::new();
    for (_, body) in boxes(moov).filter(|(kind, _)| kind == b"trak").take(256) {
        let Some(trak) = Trak::read(body, movie_scale.unwrap_or(1000)) else { continue };
        match trak.track() {
            Ok(track) if track.is_video() && taken.iter().any(|(_, taken)| taken.is_video()) => {
                left_out.push(LeftOut { number: trak.number, codec_id: trak.codec_id(), why: WhyNot::SecondPicture });
            }
            Ok(track) => taken.push((trak, track)),
            Err(why) => left_out.push(LeftOut { number: trak.number, codec_id: trak.codec_id(), why }),
        }
    }
    taken.sort_by_key(|(_, track)| !track.is_video());
    let (video, track) = taken.first().filter(|(_, track)| track.is_video()).ok_or(Why::NoPicture)?;
    // A film whose edit list begins between key frames begins at the key frame before: what leads up to a picture must be decoded anyway.
    let first = video.tables.from(0).take(REORDERED).map(|sample| shown(&sample, video.edit)).min();
    let Some(first) = first else {
        return Err(if find(moov, b"mvex").is_some() { Why::Fragments } else { Why::NoIndex }.into());
    };
    let late_ns = ns((-first).max(0), track.timescale);
    let way = |(trak, track): &(Trak, Track)| Way {
        tables: trak.tables.clone(),
        shift: trak.edit.saturating_add(track.ticks(late_ns)),
    };
    let ways: Vec<Way> = taken.iter().map(way).collect();
    let (keys, end_ns) = keys(&ways[0], track.timescale)?;
    let segments = plan::segments(keys, segment_ns, end_ns, view.size);
    if segments.is_empty() {
        return Err(Why::NoIndex.into());
    }
    let tracks = taken.into_iter().map(|(_, track)| track).collect();
    Ok(Film {
        tracks,
        left_out,
        segments: segments.into(),
        source: Source::Mp4(Arc::new(Movie { ways, size: view.size })),
    })
}

/// When a sample is shown.
pub(crate) fn shown(sample: &Sample, shift: i64) -> i64 {
    sample.decoded.saturating_add(sample.later).saturating_add(shift)
}

/// A track's ticks in nanoseconds.
pub(crate) fn ns(ticks: i64, timescale: u32) -> i64 {
    let ns = i128::from(ticks) * 1_000_000_000 / i128::from(timescale.max(1));
    i64::try_from(ns).unwrap_or(i64::MAX)
}

/// What is in `moov`, wherever it stands.
fn moov<'a>(view: &View<'a>) -> Result<&'a [u8], Stop> {
    let mut at = 0;
    for _ in 0..MAX_BOXES {
        let Some(head) = boxes::head(view.read(at..at.saturating_add(16))?) else { break };
        let end = head.size.and_then(|size| at.checked_add(size)).unwrap_or(view.size);
        match &head.kind {
            b"moov" => return view.read_index(at + head.bytes..end),
            b"moof" => return Err(Why::Fragments.into()),
            _ => at = end,
        }
        if at >= view.size {
            break;
        }
    }
    Err(Why::Damaged.into())
}

/// The key frames, and when the film ends.
fn keys(way: &Way, timescale: u32) -> Result<(Vec<Key>, u64), Stop> {
    let mut keys = Vec::new();
    let mut last = 0;
    for sample in way.tables.from(0) {
        if sample.number >= MAX_SAMPLES {
            return Err(Why::Damaged.into());
        }
        let shown = shown(&sample, way.shift);
        last = last.max(shown.saturating_add(sample.duration.into()));
        if sample.key {
            let time_ns = u64::try_from(ns(shown, timescale)).unwrap_or(0);
            keys.push(Key { time_ns, offset: sample.at, sample: sample.number });
        }
    }
    Ok((keys, u64::try_from(ns(last, timescale)).unwrap_or(0)))
}
