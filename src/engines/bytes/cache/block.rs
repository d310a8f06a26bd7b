//! One block of a document as far as it is in memory: runs of bytes with gaps between them.

use bytes::Bytes;

/// What is here of a block: runs that do not touch each other's cells, in order.
#[derive(Clone, Default)]
pub(super) struct Block {
    /// Each with the place in the block where it begins.
    runs: Vec<(u64, Bytes)>,
}

impl Block {
    /// The run that holds `from`, from there to its end.
    pub fn at(&self, from: u64) -> Option<Bytes> {
        let (start, bytes) = self.runs.iter().rev().find(|(start, _)| *start <= from)?;
        let skip = (from - start) as usize;
        (skip < bytes.len()).then(|| bytes.slice(skip..))
    }

    /// Where the next run after `from` begins.
    pub fn next_after(&self, from: u64) -> Option<u64> {
        self.runs.iter().map(|(start, _)| *start).find(|start| *start > from)
    }

    /// The block with one more run.
    pub fn with(&self, start: u64, bytes: Bytes) -> Self {
        let end = start + bytes.len() as u64;
        let mut runs = self.runs.clone();
        // What it covers is here twice.
        runs.retain(|(other, old)| *other < start || other + old.len() as u64 > end);
        runs.push((start, bytes));
        runs.sort_by_key(|(start, _)| *start);
        Self { runs }
    }

    /// Bytes held.
    pub fn bytes(&self) -> u64 {
        self.runs.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }

    /// Whether all of its `len` bytes are here.
    pub fn is_whole(&self, len: u64) -> bool {
        let mut at = 0;
        for (start, bytes) in &self.runs {
            if *start > at {
                return false;
            }
            at = at.max(start + bytes.len() as u64);
        }
        at >= len
    }

    /// The whole block in one piece, when all of its `len` bytes are here.
    pub fn whole(&self, len: u64) -> Option<Bytes> {
        if !self.is_whole(len) {
            return None;
        }
        if let [(0, bytes)] = &self.runs[..] {
            return Some(bytes.clone());
        }
        let mut whole = Vec::with_capacity(len as usize);
        for (start, bytes) in &self.runs {
            let skip = (whole.len() as u64).saturating_sub(*start) as usize;
            whole.extend_from_slice(bytes.get(skip..).unwrap_or_default());
        }
        Some(whole.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(from: u8, len: usize) -> Bytes {
        (0..len).map(|n| from.wrapping_add(n as u8)).collect()
    }

    #[test]
    fn a_block_knows_what_is_here_and_where_the_next_begins() {
        let block = Block::default().with(100, bytes(100, 50)).with(0, bytes(0, 40));
        assert_eq!(block.at(0), Some(bytes(0, 40)));
        assert_eq!(block.at(39), Some(bytes(39, 1)));
        assert_eq!(block.at(40), None);
        assert_eq!(block.at(149), Some(bytes(149, 1)));
        assert_eq!(block.at(150), None);
        assert_eq!((block.next_after(0), block.next_after(100)), (Some(100), None));
        assert_eq!(block.bytes(), 90);
    }

    #[test]
    fn a_block_is_whole_when_nothing_is_missing() {
        let parts = Block::default().with(0, bytes(0, 40)).with(100, bytes(100, 50));
        assert_eq!(parts.whole(150), None);
        let whole = parts.with(40, bytes(40, 60));
        assert_eq!((whole.whole(150), whole.whole(151)), (Some(bytes(0, 150)), None));
        // What covers the others takes their place; what overlaps them is not given twice.
        assert_eq!(parts.with(0, bytes(0, 150)).runs.len(), 1);
        assert_eq!(parts.with(20, bytes(20, 90)).whole(150), Some(bytes(0, 150)));
    }
}
