//! Byte ranges: what a `Range` header asks for and what a file of a known length can answer (RFC 9110 section 14).
//!
//! ```text
//! "bytes=0-99,-5" --Wanted::parse--> Wanted --answer(length)--> Full | Partial | Several | NotSatisfiable
//! ```
//!
//! Inside, a range is half-open; the inclusive end of HTTP exists only in header text.

use std::fmt;

/// Bytes `start..end` of a file. Never backwards; empty only for an empty file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ByteRange {
    start: u64,
    end: u64,
}

impl ByteRange {
    /// `None` when `end` lies before `start`.
    pub fn new(start: u64, end: u64) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// Everything in a file of `length` bytes.
    pub fn whole(length: u64) -> Self {
        Self { start: 0, end: length }
    }

    pub fn start(self) -> u64 {
        self.start
    }

    /// The first byte after it.
    pub fn end(self) -> u64 {
        self.end
    }

    /// Bytes in it.
    pub fn len(self) -> u64 {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The value of `Content-Range` for these bytes of a file of `length`. Only for ranges that are not empty: HTTP has
    /// no words for an empty one.
    pub fn content_range(self, length: u64) -> String {
        format!("bytes {}-{}/{length}", self.start, self.end.saturating_sub(1))
    }
}

impl fmt::Debug for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// One member of a `Range` header, as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spec {
    /// `first-` or `first-last`, both inclusive.
    From { first: u64, last: Option<u64> },
    /// `-length`: the last bytes.
    Suffix { length: u64 },
}

impl Spec {
    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once('-')?;
        match (first, last) {
            ("", length) => Some(Self::Suffix { length: number(length)? }),
            (first, "") => Some(Self::From { first: number(first)?, last: None }),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From { first, last: Some(last) })
            }
        }
    }

    /// What of it lies in a file of `length` bytes. `None` when nothing does.
    fn resolve(self, length: u64) -> Option<ByteRange> {
        let range = match self {
            Self::From { first, last } => {
                let end = last.map_or(length, |last| last.saturating_add(1).min(length));
                ByteRange::new(first, end)?
            }
            Self::Suffix { length: suffix } => ByteRange::new(length.saturating_sub(suffix), length)?,
        };
        (!range.is_empty()).then_some(range)
    }
}

/// `1*DIGIT`. A number beyond u64 lies beyond the end of every file, so the largest says the same.
fn number(text: &str) -> Option<u64> {
    if text.is_empty() || !text.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    Some(text.bytes().fold(0u64, |n, c| n.saturating_mul(10).saturating_add(u64::from(c - b'0'))))
}

/// What a `Range` header asks for, before the length of the file is looked at. Never without a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    specs: Vec<Spec>,
}

/// What to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200: the whole file.
    Full,
    /// 206: one run, never empty.
    Partial(ByteRange),
    /// 206 as `multipart/byteranges`: at least two runs, apart from each other, in the order they were asked for.
    Several(Vec<ByteRange>),
    /// 416.
    NotSatisfiable,
}

/// Runs in one answer at most. Players ask for one, download managers for a handful; who asks for more after merging is
/// sent the whole file, as section 14.2 allows ("many small ranges").
const MAX_RUNS: usize = 32;
/// Members of a header looked at. Sorting more than this would be work for nothing.
const MAX_MEMBERS: usize = 1024;
/// Runs closer than this are sent as one: what stands between two parts is longer (section 15.3.7.2).
const MERGE_GAP: u64 = 80;

impl Wanted {
    /// Reads a `Range` value (section 14.2). `None` when it is not in bytes or malformed in any member (a range that runs
    /// backwards is malformed): it is ignored then, and the whole file sent.
    pub fn parse(text: &str) -> Option<Self> {
        let (unit, set) = text.split_once('=')?;
        if !unit.trim_matches(OWS).eq_ignore_ascii_case("bytes") {
            return None;
        }
        // A list may hold empty elements (section 5.6.1.2).
        let members: Vec<&str> = set.split(',').map(|m| m.trim_matches(OWS)).filter(|m| !m.is_empty()).collect();
        if members.is_empty() || members.len() > MAX_MEMBERS {
            return None;
        }
        let specs = members.into_iter().map(Spec::parse).collect::<Option<Vec<_>>>()?;
        Some(Self { specs })
    }

    /// What to send of a file of `length` bytes. Members outside it are left out, those that touch, overlap or nearly do
    /// are merged.
    pub fn answer(&self, length: u64) -> Answer {
        let satisfiable = self.specs.iter().any(|spec| match *spec {
            Spec::From { first, .. } => first < length,
            Spec::Suffix { length } => length > 0,
        });
        if !satisfiable {
            return Answer::NotSatisfiable;
        }
        let runs = merge(self.specs.iter().filter_map(|spec| spec.resolve(length)).collect());
        match runs.as_slice() {
            // A suffix of an empty file: satisfiable, and all there is is nothing.
            [] => Answer::Full,
            [one] => Answer::Partial(*one),
            _ if runs.len() > MAX_RUNS => Answer::Full,
            _ => Answer::Several(runs),
        }
    }
}

/// Optional whitespace of HTTP (section 5.6.3).
const OWS: [char; 2] = [' ', '\t'];

/// Joins what overlaps or nearly touches; each joined run stands where its earliest member stood.
fn merge(ranges: Vec<ByteRange>) -> Vec<ByteRange> {
    let mut sorted: Vec<(usize, ByteRange)> = ranges.into_iter().enumerate().collect();
    sorted.sort_by_key(|(_, range)| range.start);
    let mut runs: Vec<(usize, ByteRange)> = Vec::new();
    for (position, range) in sorted {
        match runs.last_mut() {
            Some((first, run)) if range.start <= run.end.saturating_add(MERGE_GAP) => {
                *first = position.min(*first);
                run.end = run.end.max(range.end);
            }
            _ => runs.push((position, range)),
        }
    }
    runs.sort_by_key(|(position, _)| *position);
    runs.into_iter().map(|(_, run)| run).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LENGTH: u64 = 1000;

    fn run(start: u64, end: u64) -> ByteRange {
        ByteRange::new(start, end).expect("forwards")
    }

    fn answer(header: &str, length: u64) -> Answer {
        Wanted::parse(header).map_or(Answer::Full, |wanted| wanted.answer(length))
    }

    #[test]
    fn one_range_is_answered_to_the_letter() {
        let cases = [
            ("bytes=0-0", Answer::Partial(run(0, 1))),
            ("bytes=0-", Answer::Partial(run(0, 1000))),
            ("bytes=0-999", Answer::Partial(run(0, 1000))),
            ("bytes=0-1000", Answer::Partial(run(0, 1000))),
            ("bytes=999-", Answer::Partial(run(999, 1000))),
            ("bytes=500-599", Answer::Partial(run(500, 600))),
            ("bytes=-1", Answer::Partial(run(999, 1000))),
            ("bytes=-1000", Answer::Partial(run(0, 1000))),
            ("bytes=-5000", Answer::Partial(run(0, 1000))),
            ("bytes=-0", Answer::NotSatisfiable),
            ("bytes=1000-", Answer::NotSatisfiable),
            ("bytes=1000-2000", Answer::NotSatisfiable),
            ("bytes=0-99999999999999999999", Answer::Partial(run(0, 1000))),
            ("bytes=99999999999999999999-", Answer::NotSatisfiable),
            ("bytes=-99999999999999999999", Answer::Partial(run(0, 1000))),
            ("BYTES=0-0", Answer::Partial(run(0, 1))),
            ("bytes= 0-0 ", Answer::Partial(run(0, 1))),
            ("bytes=,\t0-0 , ,", Answer::Partial(run(0, 1))),
            ("bytes=00000000000000000000000001-2", Answer::Partial(run(1, 3))),
        ];
        for (header, wanted) in cases {
            assert_eq!(answer(header, LENGTH), wanted, "{header}");
        }
    }

    #[test]
    fn what_is_not_understood_is_ignored() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=-",
            "bytes=5-4",
            "bytes=0-0,5-4",
            "bytes=a-b",
            "bytes=0-1-2",
            "bytes=--1",
            "bytes=0x1-2",
            "bytes=+1-2",
            "bytes=1 - 2",
            "bytes=1.0-2",
            "bytes=٣-٤",
            "items=0-1",
            "0-1",
            "bytes:0-1",
            "bytes=0-1;2-3",
            "bytes=bytes=0-1",
        ] {
            assert_eq!(answer(header, LENGTH), Answer::Full, "{header}");
        }
    }

    #[test]
    fn several_ranges_keep_their_order_and_are_merged_where_they_meet() {
        let cases = [
            ("bytes=0-9,500-509", Answer::Several(vec![run(0, 10), run(500, 510)])),
            ("bytes=500-509,0-9", Answer::Several(vec![run(500, 510), run(0, 10)])),
            ("bytes=0-9,5-19", Answer::Partial(run(0, 20))),
            ("bytes=0-9,10-19", Answer::Partial(run(0, 20))),
            ("bytes=0-9,90-99", Answer::Partial(run(0, 100))),
            ("bytes=0-9,91-99", Answer::Several(vec![run(0, 10), run(91, 100)])),
            ("bytes=500-509,0-9,505-519", Answer::Several(vec![run(500, 520), run(0, 10)])),
            ("bytes=0-0,-1", Answer::Several(vec![run(0, 1), run(999, 1000)])),
            ("bytes=0-0,2000-", Answer::Partial(run(0, 1))),
            ("bytes=2000-,-0", Answer::NotSatisfiable),
            ("bytes=0-,-1000", Answer::Partial(run(0, 1000))),
        ];
        for (header, wanted) in cases {
            assert_eq!(answer(header, LENGTH), wanted, "{header}");
        }
    }

    #[test]
    fn too_many_ranges_are_answered_with_the_whole() {
        let header = |n: u64| {
            let members: Vec<String> = (0..n).map(|i| format!("{0}-{0}", i * 1000)).collect();
            format!("bytes={}", members.join(","))
        };
        assert!(matches!(answer(&header(32), u64::MAX), Answer::Several(runs) if runs.len() == 32));
        assert_eq!(answer(&header(33), u64::MAX), Answer::Full);
        // Many that merge into one are one.
        assert_eq!(answer(&format!("bytes={}", "7-7,".repeat(1024)), LENGTH), Answer::Partial(run(7, 8)));
        assert_eq!(answer(&format!("bytes={}", "7-7,".repeat(1025)), LENGTH), Answer::Full);
    }

    #[test]
    fn an_empty_file_has_nothing_but_its_suffix() {
        assert_eq!(answer("bytes=0-", 0), Answer::NotSatisfiable);
        assert_eq!(answer("bytes=-1", 0), Answer::Full);
        assert_eq!(answer("bytes=-0", 0), Answer::NotSatisfiable);
    }

    #[test]
    fn header_text_has_the_inclusive_end() {
        assert_eq!(run(0, 1).content_range(LENGTH), "bytes 0-0/1000");
        assert_eq!(run(5, u64::MAX).content_range(u64::MAX), "bytes 5-18446744073709551614/18446744073709551615");
        assert_eq!(ByteRange::new(2, 1), None);
    }

    fn position() -> impl Strategy<Value = u64> {
        prop_oneof![0..2000u64, any::<u64>(), Just(u64::MAX), Just(u64::MAX - 1)]
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,60}", length in position()) {
            answer(&text, length);
        }

        #[test]
        fn one_range_agrees_with_the_definition(first in position(), last in proptest::option::of(position()), length in position()) {
            let header = format!("bytes={first}-{}", last.map_or(String::new(), |l| l.to_string()));
            let wanted = match last {
                Some(last) if last < first => Answer::Full,
                _ if first >= length => Answer::NotSatisfiable,
                Some(last) if last < length => Answer::Partial(run(first, last + 1)),
                _ => Answer::Partial(run(first, length)),
            };
            prop_assert_eq!(answer(&header, length), wanted);
        }

        #[test]
        fn several_cover_what_was_asked_and_stay_apart(
            members in proptest::collection::vec((0..3000u64, 0..200u64), 1..20),
            length in 1..2500u64,
        ) {
            let text: Vec<String> = members.iter().map(|(first, more)| format!("{first}-{}", first + more)).collect();
            let runs = match answer(&format!("bytes={}", text.join(", ")), length) {
                Answer::Full => unreachable!("well formed and few"),
                Answer::Partial(run) => vec![run],
                Answer::Several(runs) => { prop_assert!(runs.len() > 1); runs }
                Answer::NotSatisfiable => vec![],
            };
            for (first, more) in members {
                for at in [first, first + more] {
                    prop_assert_eq!(at < length, runs.iter().any(|run| (run.start..run.end).contains(&at))
                        , "byte {} of {}", at, length);
                }
            }
            let mut sorted = runs;
            sorted.sort_by_key(|run| run.start);
            prop_assert!(sorted.windows(2).all(|pair| pair[0].end + MERGE_GAP < pair[1].start));
            prop_assert!(sorted.iter().all(|run| !run.is_empty() && run.end <= length));
        }
    }
}
