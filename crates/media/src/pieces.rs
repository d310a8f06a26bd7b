//! The bytes at hand, by their place in the file: pieces that touch are joined, so that a range is in one piece or not at hand.

use std::ops::Range;

/// Some ranges of a file.
#[derive(Clone, Debug, Default)]
pub struct Pieces {
    /// Sorted, never touching or overlapping.
    runs: Vec<(u64, Vec<u8>)>,
}

impl Pieces {
    /// Adds bytes that begin at `offset`. What is there already stays: a file's bytes do not change.
    pub fn insert(&mut self, offset: u64, bytes: &[u8]) {
        let Some(end) = offset.checked_add(bytes.len() as u64) else { return };
        if bytes.is_empty() {
            return;
        }
        // The runs that touch or overlap the new bytes.
        let first = self.runs.partition_point(|(start, run)| start + (run.len() as u64) < offset);
        let last = self.runs.partition_point(|(start, _)| *start <= end);
        if first >= last {
            self.runs.insert(first, (offset, bytes.to_vec()));
            return;
        }
        let mut after: Vec<(u64, Vec<u8>)> = self.runs.drain(first..last).collect();
        let (start, mut joined) = if after[0].0 <= offset { after.remove(0) } else { (offset, Vec::new()) };
        let mut append = |at: u64, more: &[u8]| {
            // All of `more` that lies behind what is joined; nothing is missing between, because the runs touch.
            let skip = (start + joined.len() as u64).saturating_sub(at);
            joined.extend_from_slice(more.get(skip as usize..).unwrap_or_default());
        };
        let mut given = 0;
        for (at, run) in &after {
            // New bytes up to where the next run begins, then the run.
            let until = (at.saturating_sub(offset) as usize).min(bytes.len());
            if until > given {
                append(offset, &bytes[..until]);
                given = until;
            }
            append(*at, run);
        }
        append(offset, bytes);
        self.runs.insert(first, (start, joined));
    }

    /// All bytes of the range, or `None` when any of them is not at hand.
    pub fn get(&self, range: Range<u64>) -> Option<&[u8]> {
        let len = usize::try_from(range.end.checked_sub(range.start)?).ok()?;
        if len == 0 {
            return Some(&[]);
        }
        self.at(range.start).get(..len)
    }

    /// What is at hand from `offset` on, to the end of its piece; empty when that byte is not at hand.
    pub fn at(&self, offset: u64) -> &[u8] {
        let after = self.runs.partition_point(|(start, _)| *start <= offset);
        let Some((start, run)) = after.checked_sub(1).and_then(|before| self.runs.get(before)) else { return &[] };
        usize::try_from(offset - start).ok().and_then(|skip| run.get(skip..)).unwrap_or_default()
    }

    /// The parts of `range` that are not at hand, in order.
    pub fn missing(&self, range: Range<u64>) -> Vec<Range<u64>> {
        let mut missing = Vec::new();
        let mut from = range.start;
        for (start, run) in &self.runs {
            let end = start + run.len() as u64;
            if end <= from || *start >= range.end {
                continue;
            }
            if *start > from {
                missing.push(from..*start);
            }
            from = end;
        }
        if from < range.end {
            missing.push(from..range.end);
        }
        missing
    }

    /// How many bytes are at hand.
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|(_, run)| run.len() as u64).sum()
    }

    /// Nothing is at hand.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_are_the_file_wherever_they_were_given(given in prop::collection::vec((0u64..600, 0usize..200), 0..20)) {
            let file: Vec<u8> = (0..800u64).map(|at| (at % 251) as u8).collect();
            let mut pieces = Pieces::default();
            let mut known = vec![false; file.len()];
            for (offset, len) in given {
                let range = offset as usize..offset as usize + len;
                known[range.clone()].fill(true);
                pieces.insert(offset, &file[range]);
            }
            prop_assert_eq!(pieces.len() as usize, known.iter().filter(|known| **known).count());
            for at in 0..file.len() {
                let until = (at..file.len()).find(|next| !known[*next]).unwrap_or(file.len());
                prop_assert_eq!(pieces.at(at as u64), &file[at..until]);
            }
            let missing = pieces.missing(0..800);
            for at in 0..800u64 {
                prop_assert_eq!(missing.iter().any(|range| range.contains(&at)), !known[at as usize]);
            }
        }
    }
}
