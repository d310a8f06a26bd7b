//! Films in fragments (ISO/IEC 14496-12 clause 8.8 and 8.16): `moov` has no tables, each `moof` has its own. Nobody reads thousands of them for a duration; an
//! index in front (`sidx`) or at the end (`mfra`) says where they stand, and the last one when it ends.

use super::boxes::{self, Fields, LONGEST_HEAD, boxes, find};
use super::track::Trak;
use crate::KeyFrame;
use crate::file::File;

/// What fragments tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fragments {
    pub duration_ns: Option<u64>,
    /// The duration is not written, but the end of the last fragment that could be found.
    pub reckoned: bool,
    pub key_frames: Vec<KeyFrame>,
    /// An index stands in front, or at the end.
    pub indexed: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Front,
    End,
}

/// One reference of a `sidx`.
struct Segment {
    time_ns: u64,
    at: u64,
    /// It begins with a picture that needs no other.
    begins_with_key: bool,
}

/// An index of segments.
struct Segments {
    list: Vec<Segment>,
    end_ns: u64,
    end_at: u64,
}

/// Reads what the fragments' indexes and the last fragment say. `sidx`: the first index of segments, with its head and where it ends in the file.
pub(super) fn read(
    file: &File,
    moov: &[u8],
    sidx: Option<(&[u8], u64)>,
    traks: &[Trak],
    video: Option<&Trak>,
) -> Fragments {
    let mut fragments = Fragments::default();
    let segments = sidx.and_then(|(sidx, end)| segments(sidx, end)).filter(|segments| reaches(file, segments.end_at));
    let random_access = mfra(file);
    if let Some(segments) = &segments {
        fragments.duration_ns = Some(segments.end_ns);
        fragments.indexed = Some(Place::Front);
        let keys = segments.list.iter().filter(|segment| segment.begins_with_key);
        fragments.key_frames = keys.map(|segment| KeyFrame { time_ns: segment.time_ns, offset: segment.at }).collect();
    }
    if let (Some(mfra), Some(video)) = (random_access, video) {
        let frames = random_access_of(mfra, video);
        if !frames.is_empty() && fragments.key_frames.is_empty() {
            fragments.key_frames = frames;
            fragments.indexed = Some(Place::End);
        }
    }
    if fragments.duration_ns.is_none() {
        let last = random_access.and_then(last_fragment).or_else(|| last_in_tail(file));
        fragments.duration_ns = last.and_then(|at| fragment(file, at)).and_then(|moof| end_ns(moof, moov, traks));
        fragments.reckoned = fragments.duration_ns.is_some();
    }
    fragments
}

/// A `sidx` before each fragment is one for that fragment alone; one for all reaches to the file's end, or to what is no media there.
fn reaches(file: &File, end_at: u64) -> bool {
    const NO_MEDIA_BYTES: u64 = 256 << 10;
    end_at.saturating_add(NO_MEDIA_BYTES) >= file.size()
}

fn segments(sidx: &[u8], end: u64) -> Option<Segments> {
    let head = boxes::head(sidx)?;
    let mut fields = Fields(sidx.get(head.bytes as usize..)?);
    let (version, _) = fields.version_and_flags()?;
    fields.u32()?;
    let timescale = fields.u32().filter(|timescale| *timescale > 0)?;
    let (mut time, first) = (fields.wide(version)?, fields.wide(version)?);
    fields.u16()?;
    let count = fields.u16()?;
    let mut at = end.checked_add(first)?;
    let ns = |time: u64| u64::try_from(u128::from(time) * 1_000_000_000 / u128::from(timescale)).unwrap_or(u64::MAX);
    let mut list = Vec::new();
    for _ in 0..count {
        let (Some(reference), Some(duration), Some(access)) = (fields.u32(), fields.u32(), fields.u32()) else { break };
        let is_media = reference >> 31 == 0;
        list.push(Segment { time_ns: ns(time), at, begins_with_key: is_media && access >> 31 == 1 });
        at = at.saturating_add(u64::from(reference & 0x7fff_ffff));
        time = time.saturating_add(duration.into());
    }
    Some(Segments { list, end_ns: ns(time), end_at: at })
}

/// The body of the index at the end. The file's last sixteen bytes say how long it is.
fn mfra<'a>(file: &File<'a>) -> Option<&'a [u8]> {
    let last = file.read(file.size().checked_sub(16)?..file.size())?;
    let size = last.strip_prefix(b"\0\0\0\x10mfro").and_then(|body| Fields(body.get(4..)?).u32())?;
    let at = file.size().checked_sub(size.into())?;
    let bytes = file.read_index(at..file.size())?;
    find(bytes, b"mfra")
}

/// Entries of a `tfra`: when, and where the fragment stands.
fn entries(tfra: &[u8]) -> Option<(u32, Vec<(u64, u64)>)> {
    let mut fields = Fields(tfra);
    let (version, _) = fields.version_and_flags()?;
    let track = fields.u32()?;
    let lengths = fields.u32()?;
    let numbers = (lengths >> 4 & 3) + (lengths >> 2 & 3) + (lengths & 3) + 3;
    let count = fields.u32()? as usize;
    let entry = |_| {
        let (time, at) = (fields.wide(version)?, fields.wide(version)?);
        fields.take(numbers as usize)?;
        Some((time, at))
    };
    Some((track, (0..count).map_while(entry).collect()))
}

fn random_access_of(mfra: &[u8], video: &Trak) -> Vec<KeyFrame> {
    let tables = boxes(mfra).filter(|atom| atom.kind == *b"tfra").filter_map(|atom| entries(atom.body));
    let Some((_, entries)) = tables.into_iter().find(|(track, _)| u64::from(*track) == video.facts.number) else {
        return Vec::new();
    };
    entries.into_iter().map(|(time, offset)| KeyFrame { time_ns: video.shown_ns(time, 0), offset }).collect()
}

fn last_fragment(mfra: &[u8]) -> Option<u64> {
    let tables = boxes(mfra).filter(|atom| atom.kind == *b"tfra").filter_map(|atom| entries(atom.body));
    tables.flat_map(|(_, entries)| entries).map(|(_, at)| at).max()
}

/// Where the last `moof` stands that begins among the file's last bytes. Its first child is always `mfhd` of sixteen bytes, which picture data does not
/// look like by chance.
fn last_in_tail(file: &File) -> Option<u64> {
    [crate::HASH_BLOCK_BYTES, TAIL_BYTES].into_iter().find_map(|bytes| {
        let from = file.size().saturating_sub(bytes);
        let tail = file.read(from..file.size())?;
        let begins = |window: &[u8]| window[..12] == *b"moof\0\0\0\x10mfhd";
        let at = tail.windows(12).rposition(begins)?;
        Some(from + at.checked_sub(4)? as u64)
    })
}

const TAIL_BYTES: u64 = 1 << 20;
/// Nearly every `moof`; a longer one costs a second read.
const FIRST_BYTES: u64 = 16 << 10;
const LONGEST_BYTES: u64 = 1 << 20;

/// The body of the `moof` that stands at `at`.
pub(super) fn fragment<'a>(file: &File<'a>, at: u64) -> Option<&'a [u8]> {
    let at_hand = file.at_hand(at);
    let first =
        if at_hand.len() as u64 >= LONGEST_HEAD { at_hand } else { file.read(at..at.saturating_add(FIRST_BYTES))? };
    let head = boxes::head(first).filter(|head| head.kind == *b"moof")?;
    let size = head.size.filter(|size| *size <= LONGEST_BYTES)?;
    file.read(at..at.saturating_add(size))?.get(head.bytes as usize..)
}

/// What `trex` says of a track: how long its samples are shown unless a fragment says it.
fn default_duration(moov: &[u8], track: u32) -> u32 {
    let mvex = find(moov, b"mvex").unwrap_or_default();
    let defaults = boxes(mvex).filter(|atom| atom.kind == *b"trex").filter_map(|atom| {
        let mut fields = Fields(atom.body.get(4..)?);
        let (its, _, duration) = (fields.u32()?, fields.u32()?, fields.u32()?);
        (its == track).then_some(duration)
    });
    defaults.into_iter().next().unwrap_or(0)
}

/// One track's part of a fragment.
pub(super) struct Part {
    track: u32,
    /// When it begins, in the track's units.
    begins: Option<u64>,
    duration: u64,
    samples: u64,
    /// From the fragment's beginning, or from the file's.
    first_sample: (Option<u64>, i64),
}

fn part(traf: &[u8], moov: &[u8]) -> Option<Part> {
    let mut fields = Fields(find(traf, b"tfhd")?);
    let (_, flags) = fields.version_and_flags()?;
    let track = fields.u32()?;
    let base = if flags & 1 != 0 { Some(fields.u64()?) } else { None };
    if flags & 2 != 0 {
        fields.u32()?;
    }
    let each = if flags & 8 != 0 { fields.u32()? } else { default_duration(moov, track) };
    let begins = find(traf, b"tfdt").and_then(|tfdt| {
        let mut fields = Fields(tfdt);
        let (version, _) = fields.version_and_flags()?;
        fields.wide(version)
    });
    let mut part = Part { track, begins, duration: 0, samples: 0, first_sample: (base, 0) };
    for trun in boxes(traf).filter(|atom| atom.kind == *b"trun") {
        let _ = run(trun.body, each, &mut part);
    }
    Some(part)
}

/// A `trun`. The bits of its flags say which fields each sample has; a time is the first of them.
fn run(trun: &[u8], each: u32, part: &mut Part) -> Option<()> {
    let mut fields = Fields(trun);
    let (_, flags) = fields.version_and_flags()?;
    let count = fields.u32()?;
    if flags & 1 != 0 {
        let offset = fields.u32()? as i32;
        if part.samples == 0 {
            part.first_sample.1 = offset.into();
        }
    }
    if flags & 4 != 0 {
        fields.u32()?;
    }
    let entry_bytes = 4 * (flags >> 8 & 0xf).count_ones() as usize;
    if flags & 0x100 == 0 {
        part.samples += u64::from(count);
        part.duration = part.duration.saturating_add(u64::from(count) * u64::from(each));
        return Some(());
    }
    for entry in fields.0.chunks_exact(entry_bytes).take(count as usize) {
        part.samples += 1;
        part.duration = part.duration.saturating_add(Fields(entry).u32()?.into());
    }
    Some(())
}

fn parts<'a>(moof: &'a [u8], moov: &'a [u8]) -> impl Iterator<Item = Part> + use<'a> {
    boxes(moof).filter(|atom| atom.kind == *b"traf").filter_map(move |atom| part(atom.body, moov))
}

/// When the fragment's last track ends.
fn end_ns(moof: &[u8], moov: &[u8], traks: &[Trak]) -> Option<u64> {
    let end = |part: Part| {
        let trak = traks.iter().find(|trak| trak.facts.number == u64::from(part.track))?;
        Some(trak.shown_ns(part.begins?.saturating_add(part.duration), 0))
    };
    parts(moof, moov).filter_map(end).max()
}

/// Where a track's first sample of the fragment at `at` stands, and how long its samples are shown on average: `(samples, units)`.
pub(super) fn first_sample(moof: &[u8], at: u64, moov: &[u8], trak: &Trak) -> Option<(u64, (u32, u32))> {
    let part = parts(moof, moov).find(|part| u64::from(part.track) == trak.facts.number)?;
    let (base, offset) = part.first_sample;
    let place = base.unwrap_or(at).checked_add_signed(offset)?;
    let each = part.duration.checked_div(part.samples)?;
    Some((place, (u32::try_from(part.samples).ok()?, u32::try_from(each).ok()?)))
}
