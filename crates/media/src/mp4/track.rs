//! `trak`: one track, with its tables still to be read.

use super::boxes::{Fields, FourCc, boxes, find, find_path};
use super::entries::{self, Entry};
use super::macintosh;
use super::tables::Tables;
use crate::{Kind, Ratio, Track, language, strings};

/// A track's facts, and what is needed to reckon others.
#[derive(Clone, Debug)]
pub(super) struct Trak<'a> {
    pub facts: Track,
    pub entry: Entry<'a>,
    pub handler: FourCc,
    /// Units in a second; never 0.
    pub timescale: u32,
    /// In those units.
    pub duration: Option<u64>,
    /// What is added to a sample's time for when it is shown: from the edit list, in those units.
    pub shift: i64,
    pub tables: Tables<'a>,
    /// Tracks that hold its chapters.
    pub chapters: Vec<u32>,
}

impl Trak<'_> {
    /// Nanoseconds from the film's beginning of a time in the track's units; what lies before the beginning is at it.
    pub fn shown_ns(&self, time: u64, offset: i64) -> u64 {
        let shown = i128::from(time) + i128::from(offset) + i128::from(self.shift);
        let ns = shown.max(0) * 1_000_000_000 / i128::from(self.timescale);
        u64::try_from(ns).unwrap_or(u64::MAX)
    }

    /// The rate of pictures, and bits per second, as the tables tell them.
    pub fn reckon(&mut self) {
        if let Kind::Video(video) = &mut self.facts.kind {
            let of_tables = frame_rate(self.tables.durations(), self.timescale);
            // The first second of a film that goes on in fragments says less than its codec.
            let few = self.tables.count() < 100;
            video.frame_rate = if few { video.frame_rate.or(of_tables) } else { of_tables.or(video.frame_rate) };
        }
        let time: u128 = self.tables.durations().map(|(count, each)| u128::from(count) * u128::from(each)).sum();
        let bits = u128::from(self.tables.bytes()) * 8 * u128::from(self.timescale);
        if let Some(rate) = bits.checked_div(time).filter(|rate| *rate > 0) {
            self.facts.bit_rate = u64::try_from(rate).ok();
        }
    }
}

/// Reads a `trak`. `None` for one without an id or a time scale. `movie_timescale`: in which edits count what they wait for.
pub(super) fn read(trak: &[u8], movie_timescale: u32) -> Option<Trak<'_>> {
    let mdia = find(trak, b"mdia")?;
    let stbl = find_path(mdia, &[b"minf", b"stbl"]).unwrap_or_default();
    let media = media_header(find(mdia, b"mdhd")?)?;
    let header = header(find(trak, b"tkhd")?)?;
    let hdlr = find(mdia, b"hdlr").unwrap_or_default();
    let handler = Fields(hdlr.get(8..).unwrap_or_default()).four_cc().unwrap_or_default();
    let extended = find(mdia, b"elng").and_then(|body| strings::text(body.get(4..)?));
    let language = extended.and_then(|tag| language::language(&tag)).or(media.language);
    let mut facts = Track { number: header.id.into(), default: header.enabled, language, ..Track::default() };
    let entry = find(stbl, b"stsd").and_then(|stsd| entries::describe(&mut facts, stsd, &handler));
    if let Kind::Video(video) = &mut facts.kind {
        video.rotation = header.rotation;
        let told = header.shown.filter(|shown| *shown != (video.width, video.height));
        video.display =
            video.display.or(told.filter(|(width, height)| is_as_high(*height, video.height) && *width > 0));
    }
    let udta = find(trak, b"udta").unwrap_or_default();
    roles(&mut facts, udta);
    facts.title = title(udta, hdlr);
    let shift = find_path(trak, &[b"edts", b"elst"]).and_then(|elst| shift(elst, media.timescale, movie_timescale));
    let chapters = find_path(trak, &[b"tref", b"chap"]).unwrap_or_default();
    Some(Trak {
        facts,
        entry: entry.unwrap_or_default(),
        handler,
        timescale: media.timescale,
        duration: media.duration,
        shift: shift.unwrap_or(0),
        tables: Tables::read(stbl),
        chapters: chapters.chunks_exact(4).filter_map(|id| Fields(id).u32()).collect(),
    })
}

/// Muxers that write any size into the header exist; one that keeps the height of the picture stretches it.
fn is_as_high(told: u32, coded: u32) -> bool {
    told.abs_diff(coded) <= 1
}

struct MediaHeader {
    timescale: u32,
    duration: Option<u64>,
    language: Option<String>,
}

/// `mdhd`.
fn media_header(mdhd: &[u8]) -> Option<MediaHeader> {
    let mut fields = Fields(mdhd);
    let (version, _) = fields.version_and_flags()?;
    fields.wide(version)?;
    fields.wide(version)?;
    let timescale = fields.u32().filter(|timescale| *timescale > 0)?;
    let duration = known(fields.wide(version)?, version);
    let language = fields.u16().and_then(packed_language);
    Some(MediaHeader { timescale, duration, language })
}

/// A duration of all ones, or of nothing, is not known.
pub(super) fn known(duration: u64, version: u8) -> Option<u64> {
    let unknown = if version == 1 { u64::MAX } else { u32::MAX.into() };
    (duration != unknown && duration > 0).then_some(duration)
}

/// Three letters of five bits each, or a code of the Macintosh's.
fn packed_language(code: u16) -> Option<String> {
    if code < macintosh::FIRST_LETTERS {
        return macintosh::language(code).map(str::to_owned);
    }
    let letter = |shift: u16| char::from((code >> shift & 0x1f) as u8 + 0x60);
    language::language(&[10, 5, 0].map(letter).iter().collect::<String>())
}

struct Header {
    id: u32,
    enabled: bool,
    shown: Option<(u32, u32)>,
    rotation: u16,
}

/// `tkhd`.
fn header(tkhd: &[u8]) -> Option<Header> {
    let mut fields = Fields(tkhd);
    let (version, flags) = fields.version_and_flags()?;
    fields.wide(version)?;
    fields.wide(version)?;
    let id = fields.u32()?;
    let mut header = Header { id, enabled: flags & 1 != 0, shown: None, rotation: 0 };
    let _ = placement(&mut fields, version, &mut header);
    Some(header)
}

/// The matrix that turns the picture, and its size.
fn placement(fields: &mut Fields, version: u8, header: &mut Header) -> Option<()> {
    fields.u32()?;
    fields.wide(version)?;
    fields.take(16)?;
    let (a, b) = (fields.u32()? as i32, fields.u32()? as i32);
    fields.u32()?;
    let (c, d) = (fields.u32()? as i32, fields.u32()? as i32);
    fields.take(16)?;
    header.rotation = match (a.signum(), b.signum(), c.signum(), d.signum()) {
        (0, 1, -1, 0) => 90,
        (-1, 0, 0, -1) => 180,
        (0, -1, 1, 0) => 270,
        _ => 0,
    };
    let rounded = |fixed: u32| (fixed >> 16) + (fixed >> 15 & 1);
    header.shown = Some((rounded(fields.u32()?), rounded(fields.u32()?)));
    Some(())
}

/// How much later than its own time the track's first edit shows it, in the track's units: waiting first, then from where in the media.
fn shift(elst: &[u8], timescale: u32, movie_timescale: u32) -> Option<i64> {
    let mut fields = Fields(elst);
    let (version, _) = fields.version_and_flags()?;
    fields.u32()?;
    let mut waits = 0u64;
    loop {
        let duration = fields.wide(version)?;
        let from = if version == 1 { fields.u64()? as i64 } else { i64::from(fields.u32()? as i32) };
        fields.u32()?;
        if from >= 0 {
            let waited = u128::from(waits) * u128::from(timescale) / u128::from(movie_timescale.max(1));
            return i64::try_from(waited).ok()?.checked_sub(from);
        }
        waits = waits.saturating_add(duration);
    }
}

/// What a track is for: DASH's and HTML's words in `kind` boxes, QuickTime's in `tagc`.
fn roles(track: &mut Track, udta: &[u8]) {
    for atom in boxes(udta) {
        let mut fields = Fields(atom.body);
        match &atom.kind {
            b"kind" => {
                fields.take(4.min(fields.0.len()));
                fields.text();
                role(track, fields.text());
            }
            b"tagc" => role(track, fields.text()),
            _ => {}
        }
    }
}

fn role(track: &mut Track, word: &[u8]) {
    match word {
        b"forced-subtitle" | b"forced_subtitle" | b"public.subtitles.forced-only" => track.forced = true,
        b"caption" | b"captions" | b"public.accessibility.transcribes-spoken-dialog" => track.hearing_impaired = true,
        b"description" | b"descriptions" | b"public.accessibility.describes-video" => track.visual_impaired = true,
        b"commentary" | b"public.auxiliary-content" => track.commentary = true,
        _ => {}
    }
}

/// The track's own name; else the name of its handler, unless every file of some muxer has that.
fn title(udta: &[u8], hdlr: &[u8]) -> Option<String> {
    let own = find(udta, b"name").and_then(strings::text);
    own.or_else(|| handler_name(hdlr.get(24..)?).filter(|name| !is_usual(name)))
}

/// ISO ends it with a zero, QuickTime has its length in front.
fn handler_name(name: &[u8]) -> Option<String> {
    match name.split_first() {
        Some((length, pascal)) if usize::from(*length) == pascal.len() && *length > 0 => strings::text(pascal),
        _ => strings::text(name),
    }
}

/// Parts of what muxers call every track of theirs.
const USUAL: [&str; 14] = [
    "handler",
    "gpac",
    "apple ",
    "core media",
    "l-smash",
    "iso media",
    "mainconcept",
    "bento4",
    "produced by google",
    "stereo",
    "mono",
    "surround",
    "alis",
    "creation date",
];

fn is_usual(name: &str) -> bool {
    let lower = name.to_lowercase();
    USUAL.iter().any(|part| lower.contains(part))
        || matches!(lower.as_str(), "video" | "audio" | "sound" | "subtitle" | "subtitles" | "text" | "chapters")
}

/// Pictures per second of `(pictures, units that each is shown)`. Units may be too coarse for the rate, or times were rounded to milliseconds before, so that it is the average; but
/// the last picture often gets what is left of the film, and one at a cut what is missing there, which the rate is not.
fn frame_rate(durations: impl Iterator<Item = (u32, u32)>, timescale: u32) -> Option<Ratio> {
    let durations: Vec<(u32, u32)> = durations.filter(|(count, each)| *count > 0 && *each > 0).collect();
    let counted = match durations.as_slice() {
        [counted @ .., (1, _)] if !counted.is_empty() => counted,
        all => all,
    };
    let (_, usual) = *counted.iter().max_by_key(|(count, _)| *count)?;
    let rounding = (timescale / 1000).clamp(1, usual / 8 + 1);
    let near = |(_, each): &&(u32, u32)| each.abs_diff(usual) <= rounding;
    let pictures = |(count, _): &(u32, u32)| u64::from(*count);
    let all: u64 = counted.iter().map(pictures).sum();
    let of_rate: u64 = counted.iter().filter(near).map(pictures).sum();
    let is_steady = of_rate * 10 >= all * 9;
    let meant: Vec<&(u32, u32)> = counted.iter().filter(|it| !is_steady || near(it)).collect();
    if meant.iter().all(|(_, each)| *each == usual) {
        return Ratio::new(timescale.into(), usual.into());
    }
    let time: u128 = meant.iter().map(|(count, each)| u128::from(*count) * u128::from(*each)).sum();
    let pictures: u64 = meant.iter().map(|it| pictures(it)).sum();
    if !is_steady {
        return Ratio::new(u64::from(timescale).checked_mul(pictures)?, u64::try_from(time).ok()?);
    }
    let ns = time.checked_mul(1_000_000_000)? / u128::from(timescale) / u128::from(pictures);
    Ratio::of_frame_time(u64::try_from(ns).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_rates_come_of_the_table_of_times() {
        let rate = |rows: &[(u32, u32)], timescale| frame_rate(rows.iter().copied(), timescale).map(|r| (r.num, r.den));
        type Row = (&'static [(u32, u32)], u32, Option<(u32, u32)>);
        let rows: [Row; 11] = [
            (&[(240, 1001)], 24000, Some((24000, 1001))),
            (&[(240, 1001), (1, 500)], 24000, Some((24000, 1001))),
            (&[(708, 42), (292, 41)], 1000, Some((24000, 1001))),
            (&[(300, 3754), (100, 3753), (1, 3)], 90000, Some((24000, 1001))),
            (&[(390, 25), (10, 26)], 600, Some((24000, 1001))),
            (&[(22, 1001), (1, 2048), (30, 1001), (1, 3)], 24000, Some((24000, 1001))),
            (&[(50, 1000), (50, 3000)], 90000, Some((45, 1))),
            (&[(1, 1014), (725, 672), (298, 656), (1, 16)], 16000, Some((24000, 1001))),
            (&[(1, 40)], 1000, Some((25, 1))),
            (&[(5, 0)], 1000, None),
            (&[], 1000, None),
        ];
        for (durations, timescale, expected) in rows {
            assert_eq!(rate(durations, timescale), expected, "{durations:?}");
        }
    }

    #[test]
    fn edits_wait_and_cut() {
        let elst = |entries: &[(u32, i32)]| {
            let mut bytes = vec![0, 0, 0, 0];
            bytes.extend((entries.len() as u32).to_be_bytes());
            for (duration, from) in entries {
                bytes.extend(duration.to_be_bytes());
                bytes.extend(from.to_be_bytes());
                bytes.extend([0, 1, 0, 0]);
            }
            bytes
        };
        assert_eq!(shift(&elst(&[(1000, 2002)]), 24000, 1000), Some(-2002));
        assert_eq!(shift(&elst(&[(500, -1), (1000, 0)]), 24000, 1000), Some(12000));
        assert_eq!(shift(&elst(&[(500, -1), (1000, 2000)]), 24000, 0), Some(11_998_000));
        assert_eq!(shift(&elst(&[(500, -1)]), 24000, 1000), None, "nothing is shown at all");
    }

    #[test]
    fn languages_are_packed_or_the_macintoshs() {
        let packed = |code: &str| code.bytes().fold(0u16, |word, letter| word << 5 | u16::from(letter - 0x60));
        assert_eq!(packed_language(packed("ger")).as_deref(), Some("de"));
        assert_eq!(packed_language(packed("und")), None);
        assert_eq!(packed_language(11).as_deref(), Some("ja"));
        assert_eq!(packed_language(0x7fff), None);
    }

    #[test]
    fn names_of_muxers_are_no_titles() {
        let named = |name: &[u8]| [&[0; 24], name].concat();
        assert_eq!(title(b"", &named(b"VideoHandler\0")), None);
        assert_eq!(title(b"", &named(b"\x1fApple Video Media Handler v1.00")), None);
        assert_eq!(title(b"", &named(b"Director's commentary\0")).as_deref(), Some("Director's commentary"));
        assert_eq!(title(b"", &named(b"\x05Signs")).as_deref(), Some("Signs"));
        assert_eq!(title(b"\0\0\0\x0cnameSDH!", &named(b"Signs\0")).as_deref(), Some("SDH!"));
        assert_eq!(title(b"", b""), None);
    }
}
