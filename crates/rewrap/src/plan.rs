//! How a film is parted into segments: from key frame to key frame, each at least as long as was wished.

use std::sync::Arc;

use crate::Why;

/// A segment, from a key frame to the next one that begins a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// When its first picture is shown.
    pub start_ns: u64,
    /// When the next segment's is, or when the film ends.
    pub end_ns: u64,
    /// About where its bytes begin in the file: Matroska's cluster, MP4's first picture.
    pub offset: u64,
    /// Of its first picture in the track, of MP4.
    pub(crate) sample: u32,
}

impl Segment {
    /// Seconds, as a playlist says them.
    pub fn seconds(&self) -> f64 {
        self.end_ns.saturating_sub(self.start_ns) as f64 / 1e9
    }
}

/// A picture that a segment can begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub time_ns: u64,
    pub offset: u64,
    pub sample: u32,
}

/// Key frames that an index may name: of a film in which every picture is one, ten hours.
pub(crate) const MAX_KEYS: usize = 1_000_000;
/// Six seconds each: 33 hours. A playlist has a line and an address for each, and is made as one text.
const MAX_SEGMENTS: usize = 20_000;

/// [`segments`], where there are some and not too many.
pub(crate) fn parted(keys: Vec<Key>, segment_ns: u64, end_ns: u64, file_end: u64) -> Result<Arc<[Segment]>, Why> {
    match segments(keys, segment_ns, end_ns, file_end) {
        none if none.is_empty() => Err(Why::NoIndex),
        many if many.len() > MAX_SEGMENTS => Err(Why::TooManySegments),
        segments => Ok(segments.into()),
    }
}

/// Segment n begins at the first key frame that is not before n times `segment_ns`. The line that is asked for goes forward by fixed steps, so that a late
/// key frame makes no other late; where no key frame lies between two lines, there is one segment for both.
///
/// `end_ns`: when the film ends, by what the file says of itself; `file_end`: where its bytes end. A header that says too little or far too much is not believed.
fn segments(mut keys: Vec<Key>, segment_ns: u64, end_ns: u64, file_end: u64) -> Vec<Segment> {
    keys.sort_unstable();
    let Some(first) = keys.first().copied() else { return Vec::new() };
    let mut starts = vec![first];
    let mut line = first.time_ns.saturating_add(segment_ns);
    for key in &keys[1..] {
        let before = starts[starts.len() - 1];
        // A key frame that is shown later but stands earlier: such an index cannot be cut by. The same picture named twice is one.
        if key.time_ns < line || key.offset < before.offset {
            continue;
        }
        starts.push(*key);
        line = line.saturating_add((key.time_ns - line) / segment_ns * segment_ns).saturating_add(segment_ns);
    }
    let last = starts[starts.len() - 1];
    let end_ns = plausible_end(&starts, last_key(&keys, last), end_ns, file_end);
    let ends = starts.iter().skip(1).map(|key| key.time_ns).chain([end_ns]);
    let segment =
        |(key, end_ns): (&Key, u64)| Segment { start_ns: key.time_ns, end_ns, offset: key.offset, sample: key.sample };
    starts.iter().zip(ends).map(segment).collect()
}

fn last_key(keys: &[Key], last: Key) -> Key {
    keys.last().copied().filter(|key| key.offset >= last.offset).unwrap_or(last)
}

/// What the last picture needs at least.
const FRAME_NS: u64 = 40_000_000;
/// The rest of a film may take so many times what its bytes take elsewhere: credits are easy to encode.
const EASIER: u128 = 16;

/// The end of the film: as it is said, but not before the last key frame, and not so late that the bytes behind it could not last as long.
fn plausible_end(starts: &[Key], last: Key, end_ns: u64, file_end: u64) -> u64 {
    let least = last.time_ns.saturating_add(FRAME_NS);
    if end_ns <= least {
        return least;
    }
    let before_ns = u128::from(last.time_ns - starts[0].time_ns);
    let before_bytes = u128::from(last.offset.saturating_sub(starts[0].offset));
    if before_bytes == 0 || before_ns == 0 {
        return end_ns;
    }
    let rest_bytes = u128::from(file_end.saturating_sub(last.offset));
    let estimate_ns = rest_bytes * before_ns / before_bytes;
    let most = estimate_ns * EASIER + 60_000_000_000;
    if u128::from(end_ns - last.time_ns) <= most {
        return end_ns;
    }
    least.max(last.time_ns.saturating_add(u64::try_from(estimate_ns).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000_000;

    fn parted(seconds: &[u64], end: u64) -> Vec<(u64, u64)> {
        let keys = seconds.iter().map(|s| Key { time_ns: s * S, offset: s * 1000, sample: 0 }).collect();
        segments(keys, 6 * S, end * S, end * 1000).iter().map(|s| (s.start_ns / S, s.end_ns / S)).collect()
    }

    #[test]
    fn segments_begin_at_the_first_key_frame_behind_each_line() {
        type Row<'a> = (&'a [u64], u64, &'a [(u64, u64)]);
        let rows: [Row; 7] = [
            (&[0, 2, 4, 6, 8, 10, 12, 14], 16, &[(0, 6), (6, 12), (12, 16)]),
            // A late one makes no other late.
            (&[0, 7, 12, 14, 19], 20, &[(0, 7), (7, 12), (12, 19), (19, 20)]),
            // None for a while.
            (&[0, 1, 25, 27, 30, 31], 40, &[(0, 25), (25, 30), (30, 40)]),
            // The film begins late.
            (&[5, 8, 11, 17], 20, &[(5, 11), (11, 17), (17, 20)]),
            (&[0], 9, &[(0, 9)]),
            // Out of order in the index.
            (&[6, 0, 12], 13, &[(0, 6), (6, 12), (12, 13)]),
            (&[], 9, &[]),
        ];
        for (keys, end, expected) in rows {
            assert_eq!(parted(keys, end), expected, "{keys:?}");
        }
    }

    #[test]
    fn a_duration_that_lies_is_not_believed() {
        let end = |said: u64| {
            let keys = (0..100).map(|n| Key { time_ns: n * 6 * S, offset: n * 6000, sample: 0 }).collect();
            segments(keys, 6 * S, said * S, 600_000).last().map(|last| last.end_ns / S)
        };
        assert_eq!(end(600), Some(600));
        assert_eq!(end(10), Some(594), "the last key frame at least");
        assert_eq!(end(655), Some(655), "easy credits");
        assert_eq!(end(18_000), Some(600), "as its bytes last");
    }

    #[test]
    fn a_film_of_too_many_segments_is_none() {
        let parted = |count: u64| {
            let keys = (0..count).map(|n| Key { time_ns: n * 6 * S, offset: n, sample: 0 }).collect();
            super::parted(keys, 6 * S, count * 6 * S, count).map(|segments| segments.len())
        };
        assert_eq!(parted(0), Err(Why::NoIndex));
        assert_eq!(parted(MAX_SEGMENTS as u64), Ok(MAX_SEGMENTS));
        assert_eq!(parted(MAX_SEGMENTS as u64 + 1), Err(Why::TooManySegments));
    }

    proptest::proptest! {
        #[test]
        fn any_index_gives_segments_that_follow_each_other(
            keys: Vec<(u64, u64)>, segment_ns in 1u64..20 * S, end_ns: u64, file_end: u64
        ) {
            let keys: Vec<Key> = keys.into_iter().map(|(time_ns, offset)| Key { time_ns, offset, sample: 0 }).collect();
            let segments = segments(keys.clone(), segment_ns, end_ns, file_end);
            assert_eq!(keys.is_empty(), segments.is_empty());
            for pair in segments.windows(2) {
                assert!(pair[0].end_ns == pair[1].start_ns && pair[0].start_ns < pair[0].end_ns);
                assert!(pair[0].offset <= pair[1].offset);
            }
        }
    }
}
