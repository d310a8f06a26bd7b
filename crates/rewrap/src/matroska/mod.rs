//! Matroska (RFC 9559): where its tracks, its index and its clusters stand.

pub(crate) mod blocks;
mod tracks;

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use bytes::Bytes;
use media::matroska::{ebml, ids};

use crate::{
    Film, LeftOut, Track, Why, WhyNot,
    film::{Source, Stop, View},
    plan::{self, Key},
    timing::Grid,
    window::Payload,
};
use blocks::{Blocks, Next, Wanted};
use tracks::Entry;

/// What the making of segments needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// Nanoseconds of a tick.
    pub scale: u64,
    pub first_cluster: u64,
    /// Of the segment in the file.
    pub end: u64,
    /// Of each of the film's tracks.
    pub ways: Vec<Way>,
}

/// How a track's frames are read.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub wanted: Wanted,
    /// Taken off each time: what its decoder gives out too much of at first.
    pub delay_ns: i64,
    /// In the track's ticks, where frames are evenly long.
    pub grid: Option<Grid>,
}

/// Elements before the first cluster.
const MAX_ELEMENTS: usize = 4096;
/// Id and size of an element.
const HEADER_BYTES: u64 = 12;
/// In how many bytes behind the first cluster's beginning each track's first frame is looked for.
const FIRST_FRAMES_BYTES: [u64; 3] = [256 << 10, 1 << 20, 4 << 20];

pub(crate) fn fits(head: &[u8]) -> bool {
    head.starts_with(&ids::EBML.to_be_bytes())
}

pub(crate) fn open(view: &View, segment_ns: u64) -> Result<Film, Stop> {
    let parts = parts(view)?;
    let (scale, duration_ns) = info(view, &parts)?;
    let body = view.read_index(parts.get(ids::TRACKS).ok_or(Why::Damaged)?)?;
    let mut entries = tracks::entries(body);
    let first_cluster = parts.first_cluster.ok_or(Why::Damaged)?;
    let firsts = first_frames(view, &parts, first_cluster, &mut entries)?;
    let (taken, left_out) = choose(entries, &firsts);
    let Some((video, _)) = taken.first().filter(|(_, track)| track.is_video()) else {
        return Err(Why::NoPicture.into());
    };
    let cues = view.read_index(parts.get(ids::CUES).ok_or(Why::NoIndex)?)?;
    let mut keys = keys(cues, parts.start, scale, video.number);
    // Some writers leave the first key frame out of the index.
    if let Some(first) = firsts.get(&video.number).filter(|first| first.key) {
        let time_ns = first.ticks.max(0) as u64 * scale;
        if keys.iter().all(|key| key.time_ns > time_ns) && !keys.is_empty() {
            keys.push(Key { time_ns, offset: first_cluster, sample: 0 });
        }
    }
    if keys.len() > plan::MAX_KEYS {
        return Err(Why::TooLong.into());
    }
    let segments = plan::parted(keys, segment_ns, duration_ns, parts.end)?;
    let ways = taken.iter().map(|(entry, track)| way(entry, track, scale, firsts.get(&entry.number))).collect();
    let layout = Layout { scale, first_cluster, end: parts.end, ways };
    let tracks = taken.into_iter().map(|(_, track)| track).collect();
    Ok(Film { tracks, left_out, segments, source: Source::Matroska(Arc::new(layout)) })
}

/// The first picture, then the sounds; the others with why not.
fn choose(entries: Vec<Entry>, firsts: &BTreeMap<u64, First>) -> (Vec<(Entry, Track)>, Vec<LeftOut>) {
    let mut taken: Vec<(Entry, Track)> = Vec::new();
    let mut left_out = Vec::new();
    for entry in entries {
        let first = firsts.get(&entry.number).map_or(&[][..], |first| &first.head);
        let track = match entry.track(first) {
            Ok(track) if track.is_video() && taken.iter().any(|(_, taken)| taken.is_video()) => {
                Err(WhyNot::SecondPicture)
            }
            other => other,
        };
        match track {
            Ok(track) => taken.push((entry, track)),
            Err(why) => left_out.push(LeftOut { number: entry.number, codec_id: entry.codec_id, why }),
        }
    }
    taken.sort_by_key(|(_, track)| !track.is_video());
    (taken, left_out)
}

fn way(entry: &Entry, track: &Track, scale: u64, first: Option<&First>) -> Way {
    let delay_ns = if track.is_video() { 0 } else { entry.delay_ns };
    // Rounding moves a time by half a tick of the file's, and that of the first frame by as much.
    let tolerance = track.ticks(i64::try_from(scale).unwrap_or(i64::MAX)) + 1;
    let step = entry.frame_ticks(track, first.map_or(&[], |first| &first.head));
    let grid = first.zip(step).map(|(first, step)| Grid {
        origin: track.ticks(ns(first.ticks, scale) - delay_ns),
        step,
        tolerance,
    });
    Way { wanted: Wanted { number: entry.number, prefix: entry.prefix.clone() }, delay_ns, grid }
}

/// Ticks of the file in nanoseconds.
pub(crate) fn ns(ticks: i64, scale: u64) -> i64 {
    ticks.saturating_mul(i64::try_from(scale).unwrap_or(i64::MAX))
}

/// Where things are.
#[derive(Debug, Default)]
struct Parts {
    /// Positions count from here.
    start: u64,
    end: u64,
    first_cluster: Option<u64>,
    found: BTreeMap<u32, Range<u64>>,
}

impl Parts {
    fn get(&self, id: u32) -> Option<Range<u64>> {
        self.found.get(&id).cloned()
    }
}

fn parts(view: &View) -> Result<Parts, Stop> {
    let mut parts = Parts::default();
    let mut at = 0;
    loop {
        let (id, size, len) = ebml::header(view.read(at..at + HEADER_BYTES)?).ok_or(Why::Damaged)?;
        at += len as u64;
        match (id, size) {
            (ids::SEGMENT, size) => {
                parts.start = at;
                parts.end = size.map_or(view.size, |size| at.saturating_add(size)).min(view.size);
                break;
            }
            (_, Some(size)) => at = at.checked_add(size).filter(|at| *at < view.size).ok_or(Why::Damaged)?,
            _ => return Err(Why::Damaged.into()),
        }
    }
    for _ in 0..MAX_ELEMENTS {
        let Some((id, size, len)) = ebml::header(view.read(at..at.saturating_add(HEADER_BYTES))?) else { break };
        if id == ids::CLUSTER {
            parts.first_cluster = Some(at);
            break;
        }
        let Some(end) = size.and_then(|size| (at + len as u64).checked_add(size)).filter(|end| *end <= parts.end)
        else {
            break;
        };
        parts.found.entry(id).or_insert(at + len as u64..end);
        at = end;
    }
    follow_seek_head(view, &mut parts)?;
    Ok(parts)
}

/// What stands behind the clusters.
fn follow_seek_head(view: &View, parts: &mut Parts) -> Result<(), Stop> {
    let Some(range) = parts.get(ids::SEEK_HEAD) else { return Ok(()) };
    let body = view.read(range.start..range.end.min(range.start + (64 << 10)))?;
    for (_, seek) in ebml::whole(body).filter(|(id, _)| *id == ids::SEEK).take(64) {
        let field = |wanted| ebml::whole(seek).find(|(id, _)| *id == wanted).and_then(|(_, data)| ebml::uint(data));
        let id = field(ids::SEEK_ID).and_then(|id| u32::try_from(id).ok());
        let at = field(ids::SEEK_POSITION).and_then(|position| parts.start.checked_add(position));
        let (Some(id @ (ids::INFO | ids::TRACKS | ids::CUES)), Some(at)) = (id, at) else { continue };
        if parts.found.contains_key(&id) || at >= parts.end {
            continue;
        }
        if let Some((found, Some(size), len)) = ebml::header(view.read(at..at.saturating_add(HEADER_BYTES))?)
            && found == id
        {
            let from = at + len as u64;
            parts.found.insert(id, from..from.saturating_add(size).min(parts.end));
        }
    }
    Ok(())
}

/// Nanoseconds of a tick, and how long the film says that it is.
fn info(view: &View, parts: &Parts) -> Result<(u64, u64), Stop> {
    let (mut scale, mut duration) = (1_000_000, 0.0);
    if let Some(range) = parts.get(ids::INFO) {
        for (id, data) in ebml::whole(view.read(range.start..range.end.min(range.start + (1 << 20)))?) {
            match id {
                ids::TIMESTAMP_SCALE => scale = ebml::uint(data).unwrap_or(scale),
                ids::DURATION => duration = ebml::float(data).unwrap_or_default(),
                _ => {}
            }
        }
    }
    // A tick is at most a second.
    let scale = scale.clamp(1, 1_000_000_000);
    Ok((scale, (duration.max(0.0) * scale as f64) as u64))
}

/// The key frames of the picture that the cues name.
fn keys(cues: &[u8], start: u64, scale: u64, video: u64) -> Vec<Key> {
    let mut keys = Vec::new();
    for (_, point) in ebml::whole(cues).filter(|(id, _)| *id == ids::CUE_POINT) {
        let time = ebml::whole(point).find(|(id, _)| *id == ids::CUE_TIME).and_then(|(_, data)| ebml::uint(data));
        let Some(time_ns) = time.and_then(|ticks| ticks.checked_mul(scale)) else { continue };
        for (_, positions) in ebml::whole(point).filter(|(id, _)| *id == ids::CUE_TRACK_POSITIONS) {
            let field =
                |wanted| ebml::whole(positions).find(|(id, _)| *id == wanted).and_then(|(_, data)| ebml::uint(data));
            let cluster = field(ids::CUE_CLUSTER_POSITION).and_then(|cluster| cluster.checked_add(start));
            if let (Some(track), Some(offset)) = (field(ids::CUE_TRACK), cluster)
                && track == video
            {
                keys.push(Key { time_ns, offset, sample: 0 });
            }
        }
        // One more tells that there are too many.
        if keys.len() > plan::MAX_KEYS {
            break;
        }
    }
    keys
}

/// A track's first frame.
struct First {
    ticks: i64,
    key: bool,
    head: Vec<u8>,
}

/// Of each track that could be re-wrapped, as far as they stand within 4 MiB.
fn first_frames(
    view: &View,
    parts: &Parts,
    first_cluster: u64,
    entries: &mut [Entry],
) -> Result<BTreeMap<u64, First>, Stop> {
    let wanted: Vec<Wanted> = entries
        .iter()
        .filter(|entry| entry.is_known())
        .map(|entry| Wanted { number: entry.number, prefix: entry.prefix.clone() })
        .collect();
    let mut firsts = BTreeMap::new();
    for bytes in FIRST_FRAMES_BYTES {
        let end = first_cluster.saturating_add(bytes).min(parts.end);
        let mut blocks = Blocks::new(first_cluster, parts.end, wanted.clone());
        blocks.window.push(Bytes::copy_from_slice(view.read(first_cluster..end)?));
        firsts.clear();
        loop {
            match blocks.next() {
                Next::Block(block) => {
                    let head = block.frames.first().map(head).unwrap_or_default();
                    firsts.entry(block.track).or_insert(First { ticks: block.ticks, key: block.key, head });
                }
                Next::Reached(_) => {}
                Next::More | Next::End => break,
            }
            if firsts.len() == wanted.len() {
                return Ok(firsts);
            }
        }
        if end == parts.end {
            break;
        }
    }
    Ok(firsts)
}

fn head(frame: &Payload) -> Vec<u8> {
    let mut head = vec![0; frame.len().min(64)];
    frame.peek(&mut head);
    head
}
