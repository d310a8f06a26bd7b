//! Where lines of subtitles stand in a file, and how few reads bring them. The container's index says where each line begins (Matroska's cues, MP4's sample
//! tables); what stands there is a few hundred bytes. So a film's subtitles are a thousand small reads, and neighbours are read at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::matroska;

/// Where lines stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextIndex {
    /// By place in the file. Each track's may be fewer than its lines: see [`TextIndex::incomplete`].
    pub spots: Vec<Spot>,
    /// How what stands there is read.
    pub packing: Packing,
    /// Tracks of text of which the index names no line, or fewer than the file says there are.
    pub incomplete: BTreeSet<u64>,
}

/// Where one line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Its first byte: of the BlockGroup or SimpleBlock in Matroska, of the sample in MP4.
    pub offset: u64,
    /// How many bytes, where the index says it (MP4).
    pub len: Option<u32>,
    /// [`Track::number`](crate::Track::number).
    pub track: u64,
    /// When it is shown.
    pub start_ns: u64,
    /// For how long, when the index says it.
    pub duration_ns: Option<u64>,
}

/// How what stands at a spot is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    /// The payload and nothing else.
    #[default]
    Plain,
    /// Matroska's blocks.
    Matroska {
        /// What stands in front of each payload of a track and was left out, or `None` for zlib. Tracks that are not here are not packed.
        tracks: BTreeMap<u64, Option<Vec<u8>>>,
        /// Tracks of WebVTT as WebM has it: id and settings are lines before the text.
        webm_vtt: BTreeSet<u64>,
        /// Nanoseconds of a tick.
        scale: u64,
    },
}

/// A line as it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// [`Track::number`](crate::Track::number).
    pub track: u64,
    /// When it is shown.
    pub start_ns: u64,
    /// For how long, when that is said.
    pub duration_ns: Option<u64>,
    /// Its bytes, unpacked: text of SRT, an event of ASS (`ReadOrder,Layer,Style,...`), a cue's text of WebVTT, a sample of mov_text.
    pub payload: Vec<u8>,
    /// WebVTT's settings, then its id on a line of its own, as Matroska's BlockAdditional has them; mostly empty.
    pub addition: Vec<u8>,
}

/// How much a plan may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextBudget {
    /// `getFile` calls: ranges, each counted once for every MiB of the file's grid that it touches.
    pub calls: u64,
    /// Bytes read, of lines and of what stands between them.
    pub bytes: u64,
}

impl Default for TextBudget {
    fn default() -> Self {
        Self { calls: 1500, bytes: 64 << 20 }
    }
}

/// Reads in the order in which they should be made: what is shown first comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextPlan {
    /// Each is one range of the file.
    pub reads: Vec<TextRead>,
    /// All of them together.
    pub cost: Cost,
}

/// What reads cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// As in [`TextBudget`].
    pub calls: u64,
    /// As in [`TextBudget`].
    pub bytes: u64,
}

/// One range of the file, and which lines it brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextRead {
    /// What to read.
    pub range: Range<u64>,
    /// The lines that begin in it, by place.
    pub spots: Vec<Spot>,
}

/// What a read brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// By place in the file.
    pub lines: Vec<Line>,
    /// Lines whose bytes go on behind what was read: to be read once more.
    pub more: Vec<TextRead>,
    /// Spots that held no line of their track.
    pub wrong: Vec<Spot>,
}

/// `getFile` never crosses a line of this grid, and asks in steps of [`GRAIN_BYTES`].
const CALL_BYTES: u64 = 1 << 20;
const GRAIN_BYTES: u64 = 4096;
/// What is read for a line of unknown length: an event of ASS with its block is some 150 bytes, few are longer than this.
const LINE_BYTES: u64 = 768;
/// Lines this near are read at once, whatever the budget: a call costs as much as these bytes.
const NEAR_BYTES: u64 = 64 * 1024;
/// Lines of other tracks this near to a read come along: those of one moment stand in one cluster, a few hundred bytes apart.
const ALONG_BYTES: u64 = 16 * 1024;
/// No line is longer.
const MAX_LINE_BYTES: u64 = 2 << 20;

impl TextIndex {
    /// The reads that bring all lines of these tracks. Reads are joined within a MiB of the file, for across its lines nothing is saved: first those that lie near, then, while
    /// there are more calls than the budget has, those with the least between them, as long as the bytes suffice. Whether the budget was kept says `cost`.
    pub fn plan(&self, tracks: &[u64], size: u64, budget: TextBudget) -> TextPlan {
        self.plan_along(tracks, &[], size, budget)
    }

    /// The same, and lines of other tracks that come along at no call more. Translations made for one film mostly share their times, so that the lines of
    /// all come with those of one.
    pub fn plan_along(&self, tracks: &[u64], others: &[u64], size: u64, budget: TextBudget) -> TextPlan {
        let mut plan = within(self.near(tracks, size), budget);
        self.take_along(&mut plan, others, size);
        plan.reads.sort_by_key(|read| (read.spots.iter().map(|spot| spot.start_ns).min(), read.range.start));
        plan
    }

    /// Reads of all lines of these tracks, by place: what lies near is joined.
    fn near(&self, tracks: &[u64], size: u64) -> Vec<TextRead> {
        let mut reads: Vec<TextRead> = Vec::new();
        for spot in self.of(tracks, size) {
            let range = wanted(spot, size);
            match reads.last_mut() {
                Some(last) if gap(last, range.start).is_some_and(|gap| gap <= NEAR_BYTES) => {
                    last.range.end = last.range.end.max(range.end);
                    last.spots.push(*spot);
                }
                _ => reads.push(TextRead { range, spots: vec![*spot] }),
            }
        }
        reads
    }

    /// Each line of these tracks once, by place.
    fn of(&self, tracks: &[u64], size: u64) -> BTreeSet<&Spot> {
        self.spots.iter().filter(|spot| tracks.contains(&spot.track) && spot.offset < size).collect()
    }

    /// `plan`: by place.
    fn take_along(&self, plan: &mut TextPlan, others: &[u64], size: u64) {
        let mut at = 0;
        for spot in self.of(others, size) {
            while plan.reads.get(at).is_some_and(|read| read.range.end + ALONG_BYTES <= spot.offset) {
                at += 1;
            }
            let Some(read) = plan.reads.get_mut(at) else { break };
            let range = wanted(spot, size);
            let both = read.range.start.min(range.start)..read.range.end.max(range.end);
            let is_near = both.start + ALONG_BYTES >= read.range.start && both.end <= read.range.end + ALONG_BYTES;
            if is_near && calls(&both) == calls(&read.range) {
                plan.cost.bytes += (both.end - both.start) - (read.range.end - read.range.start);
                read.range = both;
                read.spots.push(*spot);
            }
        }
    }

    /// The lines that a read brought. `bytes`: of the file from `read.range.start` on, as many as there are.
    pub fn lines(&self, read: &TextRead, bytes: &[u8], size: u64) -> Lines {
        let mut lines = Lines::default();
        for spot in &read.spots {
            let skip = spot.offset.checked_sub(read.range.start).and_then(|skip| usize::try_from(skip).ok());
            let here = skip.and_then(|skip| bytes.get(skip..)).unwrap_or_default();
            match self.at_spot(spot, here) {
                AtSpot::Line(line) => lines.lines.push(line),
                AtSpot::Short(len) => {
                    let range = spot.offset..spot.offset.saturating_add(len as u64).min(size);
                    // What was read already, and did not suffice, is not asked for again.
                    if range.end > read.range.end && len as u64 <= MAX_LINE_BYTES + 64 {
                        lines.more.push(TextRead { range, spots: vec![*spot] });
                    } else {
                        lines.wrong.push(*spot);
                    }
                }
                AtSpot::Nothing => lines.wrong.push(*spot),
            }
        }
        lines
    }

    fn at_spot(&self, spot: &Spot, here: &[u8]) -> AtSpot {
        match &self.packing {
            Packing::Matroska { tracks, webm_vtt, scale } => {
                match matroska::line(spot, here, tracks.get(&spot.track), *scale) {
                    AtSpot::Line(line) if webm_vtt.contains(&spot.track) => AtSpot::Line(parted(line)),
                    other => other,
                }
            }
            Packing::Plain => {
                let len = spot.len.unwrap_or_default() as usize;
                match here.get(..len) {
                    Some(payload) => AtSpot::Line(Line {
                        track: spot.track,
                        start_ns: spot.start_ns,
                        duration_ns: spot.duration_ns,
                        payload: payload.to_vec(),
                        addition: Vec::new(),
                    }),
                    None => AtSpot::Short(len),
                }
            }
        }
    }
}

/// What stands at a spot.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AtSpot {
    Line(Line),
    /// So many bytes from the spot on hold it whole.
    Short(usize),
    Nothing,
}

/// WebM writes a cue as its id, its settings and its text, a line each for the first two.
fn parted(mut line: Line) -> Line {
    let mut parts = line.payload.splitn(3, |byte| *byte == b'\n');
    if let (Some(id), Some(settings), Some(text)) = (parts.next(), parts.next(), parts.next()) {
        if !(id.is_empty() && settings.is_empty()) {
            line.addition = [settings, b"\n", id].concat();
        }
        line.payload = text.to_vec();
    }
    line
}

/// What to read for one line: whole steps, and not over the next line of the grid unless the line is known to go there, or nearly begins there.
fn wanted(spot: &Spot, size: u64) -> Range<u64> {
    let end = match spot.len {
        Some(len) => spot.offset + u64::from(len).min(MAX_LINE_BYTES),
        None => {
            let line = (spot.offset / CALL_BYTES + 1) * CALL_BYTES;
            let end = spot.offset.saturating_add(LINE_BYTES);
            if line - spot.offset >= LINE_BYTES / 3 { end.min(line) } else { end }
        }
    };
    let start = spot.offset / GRAIN_BYTES * GRAIN_BYTES;
    start..end.max(start + 1).div_ceil(GRAIN_BYTES).saturating_mul(GRAIN_BYTES).min(size)
}

/// How many bytes lie between a read and the next, when both lie within one MiB.
fn gap(read: &TextRead, start: u64) -> Option<u64> {
    let same = (read.range.end.max(1) - 1) / CALL_BYTES == start / CALL_BYTES;
    (same || start < read.range.end).then(|| start.saturating_sub(read.range.end))
}

/// Reads by place, joined where the budget asks for it.
fn within(reads: Vec<TextRead>, budget: TextBudget) -> TextPlan {
    let mut cost = cost(&reads);
    let gaps = reads.windows(2).enumerate();
    let mut gaps: Vec<(u64, usize)> =
        gaps.filter_map(|(at, two)| Some((gap(&two[0], two[1].range.start)?, at + 1))).collect();
    gaps.sort_unstable();
    let mut joined = vec![false; reads.len()];
    for (gap, at) in gaps {
        if cost.calls <= budget.calls || cost.bytes + gap > budget.bytes {
            break;
        }
        joined[at] = true;
        cost.calls -= 1;
        cost.bytes += gap;
    }
    let mut plan = TextPlan { reads: Vec::with_capacity(reads.len()), cost };
    for (read, joined) in reads.into_iter().zip(joined) {
        match plan.reads.last_mut() {
            Some(last) if joined => {
                last.range.end = last.range.end.max(read.range.end);
                last.spots.extend(read.spots);
            }
            _ => plan.reads.push(read),
        }
    }
    plan
}

/// How many calls a range takes.
fn calls(range: &Range<u64>) -> u64 {
    (range.end.max(1) - 1) / CALL_BYTES - range.start / CALL_BYTES + 1
}

fn cost(reads: &[TextRead]) -> Cost {
    reads.iter().fold(Cost::default(), |cost, read| Cost {
        calls: cost.calls + calls(&read.range),
        bytes: cost.bytes + read.range.end - read.range.start,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: u64 = 4 << 30;
    const SECS: u64 = 7200;

    /// Lines of three tracks: `together` when translators kept the times of the first, or each a bit later.
    fn film(lines: u64, together: bool) -> TextIndex {
        let mut spots = Vec::new();
        let mut seed = 7u64;
        for line in 0..lines {
            // Numerical Recipes' generator: any spread that is the same each time.
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223) % (1 << 32);
            let ms = (line * SECS * 1000 / lines) + seed % (SECS * 1000 / lines);
            for track in 0..3 {
                let ms = ms + if together { 0 } else { track * 400 };
                let offset = ms * (SIZE / SECS) / 1000 + track * 200;
                spots.push(Spot { offset, len: None, track, start_ns: ms * 1_000_000, duration_ns: None });
            }
        }
        spots.sort_unstable();
        TextIndex { spots, ..TextIndex::default() }
    }

    #[test]
    fn the_lines_of_a_long_film_cost_no_more_than_the_budget() {
        let budget = TextBudget::default();
        for (lines, together) in [(1200, true), (1500, true), (1500, false)] {
            let index = film(lines, together);
            let plan = index.plan(&[0, 1, 2], SIZE, budget);
            let (mut found, mut told) = (Vec::new(), 0);
            for read in &plan.reads {
                told = told.max(read.spots[0].start_ns);
                assert_eq!(read.spots[0].start_ns, told, "what is shown first comes first");
                assert!(read.spots.iter().all(|spot| read.range.contains(&spot.offset)));
                found.extend(read.spots.iter().copied());
            }
            found.sort_unstable();
            assert_eq!(found, index.spots);
            assert_eq!(cost(&plan.reads), plan.cost);
            assert!(plan.cost.bytes <= budget.bytes, "{:?}", plan.cost);
            // Where each track has times of its own, thrice as many MiB of the file hold a line as there may be calls: the cost says so.
            assert_eq!(plan.cost.calls <= budget.calls, together, "{:?}", plan.cost);
        }
    }

    #[test]
    fn one_track_keeps_to_the_budget_and_translations_with_its_times_come_along() {
        let budget = TextBudget::default();
        for together in [true, false] {
            let index = film(1500, together);
            let alone = index.plan(&[1], SIZE, budget);
            let plan = index.plan_along(&[1], &[0, 2], SIZE, budget);
            assert_eq!((plan.cost.calls, plan.reads.len()), (alone.cost.calls, alone.reads.len()), "at no call more");
            assert_eq!(cost(&plan.reads).bytes, plan.cost.bytes);
            assert!(plan.cost.calls <= budget.calls && plan.cost.bytes <= 24 << 20, "{:?}", plan.cost);
            let spots = plan.reads.iter().flat_map(|read| &read.spots);
            let found: BTreeSet<&Spot> = spots.inspect(|spot| assert!(spot.offset < SIZE)).collect();
            let of = |track| found.iter().filter(|spot| spot.track == track).count();
            assert_eq!(of(1), 1500);
            // Some lines stand across a line of the grid from their like.
            assert_eq!(of(0) > 1490 && of(2) > 1490, together, "{} and {}", of(0), of(2));
            assert!(plan.reads.iter().all(|read| read.spots.iter().all(|spot| read.range.contains(&spot.offset))));
        }
    }
}
