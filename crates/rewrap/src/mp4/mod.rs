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
/// Of a track: more pictures than a day has at 120 a second, more frames of a sound than two days have.
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
    let (keys, end_ns) = keys(&ways[0], track.timescale, view.size)?;
    let segments = plan::parted(keys, segment_ns, end_ns, view.size)?;
    let tracks = taken.into_iter().map(|(_, track)| track).collect();
    Ok(Film { tracks, left_out, segments, source: Source::Mp4(Arc::new(Movie { ways, size: view.size })) })
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

/// The key frames, and when the film ends: before what does not lie in the file, for a table may promise any number of samples.
fn keys(way: &Way, timescale: u32, size: u64) -> Result<(Vec<Key>, u64), Stop> {
    let mut keys = Vec::new();
    let mut last = 0;
    for sample in way.tables.from(0).take_while(|sample| sample.at < size) {
        if sample.number >= MAX_SAMPLES {
            return Err(Why::Damaged.into());
        }
        let shown = shown(&sample, way.shift);
        last = last.max(shown.saturating_add(sample.duration.into()));
        if sample.key {
            if keys.len() >= plan::MAX_KEYS {
                return Err(Why::TooLong.into());
            }
            let time_ns = u64::try_from(ns(shown, timescale)).unwrap_or(0);
            keys.push(Key { time_ns, offset: sample.at, sample: sample.number });
        }
    }
    Ok((keys, u64::try_from(ns(last, timescale)).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fmp4::Boxes;

    /// So many samples of a byte each, all of them key frames.
    fn promising(samples: u32) -> Way {
        let mut boxes = Boxes::default();
        let mut table = |kind: &[u8; 4], numbers: &[u32]| {
            boxes.full(kind, 0, 0, |table| {
                numbers.iter().for_each(|number| {
                    table.u32(*number);
                });
            });
        };
        table(b"stts", &[1, samples, 40]);
        table(b"stsc", &[1, 1, samples, 1]);
        table(b"stco", &[1, 8]);
        table(b"stsz", &[1, samples]);
        Way { tables: Tables::read(&boxes.0), shift: 0 }
    }

    #[test]
    fn samples_that_are_not_in_the_file_or_far_too_many_cost_nothing() {
        let found = |size| keys(&promising(u32::MAX), 1000, size);
        assert!(matches!(found(1008), Ok((keys, 40_000_000_000)) if keys.len() == 1000));
        assert!(matches!(found(8), Ok((keys, 0)) if keys.is_empty()));
        assert!(matches!(found(u64::MAX), Err(Stop::Why(Why::TooLong))));
    }
}
