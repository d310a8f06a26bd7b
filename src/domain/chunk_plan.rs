//! Chunk plans: which getFile calls cover the wanted ranges of a file, in reading order.
//!
//! Documents are read on a fixed grid, the same for every reader, so that bytes fetched for one serve all: blocks of 1 MiB
//! (no call may cross their lines) of sixteen cells. A chunk is a run of cells inside one block; a run that is no power of
//! two needs `precise` (core.telegram.org/api/files). The first chunks are small and each next one may be twice as large,
//! so that the first byte does not wait for a large message to arrive whole:
//!
//! ```text
//! block      |---------------- 1 MiB ----------------|---------------- 1 MiB -----
//! cells      |  |  |  |  |  |  |  |  |  |  |  |  |  ||  |  |  |  |
//! reader          [ range ...............................................
//! chunks        [1][ 2  ][    4     ][    6 left      ][       16
//!                 ^ trim: bytes of the reply before the range are cut off
//! ```

use std::sync::Arc;

use super::file::{Extent, VirtualFile};
use super::range::ByteRange;

/// The smallest run that is fetched and kept.
pub const CELL: u64 = 64 * 1024;
/// getFile never crosses a multiple of this, and gives no more at once.
pub const BLOCK: u64 = 1024 * 1024;

/// One getFile call and what of its reply belongs to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Position in the file's list of volumes.
    pub volume: usize,
    /// Where in the volume it begins: on the line of a cell.
    pub offset: u64,
    /// Bytes asked for: whole cells.
    pub limit: u32,
    /// Bytes that the reply must have: fewer than `limit` only at the volume's end.
    pub reply_len: u32,
    /// What of the reply is the reader's: from here,
    pub trim_start: u32,
    /// up to here. Never empty.
    pub trim_end: u32,
    /// Where the reader stands before it.
    pub cursor: Cursor,
}

impl Chunk {
    /// Bytes that reach the reader.
    pub fn len(&self) -> u32 {
        self.trim_end - self.trim_start
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its first bytes only: `limit` is whole cells, more than what is trimmed at the start and no more than there is.
    pub fn shortened(self, limit: u32) -> Self {
        debug_assert!(limit > self.trim_start && u64::from(limit).is_multiple_of(CELL) && limit <= self.limit);
        Self { limit, reply_len: self.reply_len.min(limit), trim_end: self.trim_end.min(limit), ..self }
    }
}

/// Where in a plan a reader stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Which of the ranges.
    range: usize,
    /// Byte of the file.
    at: u64,
}

/// The chunks of some ranges, offered one by one: a plan for 4 GiB costs no more than one for 4 KiB.
#[derive(Clone, Debug)]
pub struct ChunkPlan {
    /// With the place in the file where each begins.
    extents: Arc<[(u64, Extent)]>,
    /// Sizes.
    volumes: Arc<[u64]>,
    /// None empty, none beyond the file.
    ranges: Arc<[ByteRange]>,
    cursor: Cursor,
    /// What the ladder of growing sizes allows by now.
    grown: u64,
}

/// Plans the reading of `ranges` one after the other, of which only what lies inside the file is covered.
pub fn plan(file: &VirtualFile, ranges: &[ByteRange]) -> ChunkPlan {
    let mut start = 0u64;
    let place = |extent: Extent| {
        let at = start;
        start = start.saturating_add(extent.len);
        (at, extent)
    };
    let extents = file.extents().into_iter().filter(|extent| extent.len > 0).map(place).collect();
    let inside = |range: &ByteRange| {
        ByteRange::new(range.start(), range.end().min(file.len())).filter(|range| !range.is_empty())
    };
    let ranges: Arc<[ByteRange]> = ranges.iter().filter_map(inside).collect();
    let cursor = Cursor { range: 0, at: ranges.first().map_or(0, |range| range.start()) };
    let volumes = file.volumes().iter().map(|volume| volume.size).collect();
    ChunkPlan { extents, volumes, ranges, cursor, grown: CELL }
}

impl ChunkPlan {
    /// Without the ladder: nobody waits for the first byte.
    pub fn in_large_chunks(self) -> Self {
        Self { grown: BLOCK, ..self }
    }

    /// The next chunk, of no more than `largest` bytes (a cell at least). The plan moves on with [`ChunkPlan::advance`].
    pub fn offer(&self, largest: u64) -> Option<Chunk> {
        let range = self.ranges.get(self.cursor.range)?;
        let at = self.cursor.at;
        let (start, extent) = self.extents[self.extents.partition_point(|(start, _)| *start <= at).checked_sub(1)?];
        let from = extent.start + (at - start);
        let to = (extent.start + extent.len).min(from.saturating_add(range.end() - at));

        let offset = from / CELL * CELL;
        let line = (offset / BLOCK).saturating_add(1).saturating_mul(BLOCK);
        let allowed = (self.grown.min(largest) / CELL * CELL).max(CELL);
        let end = line.min(offset.saturating_add(allowed)).min(to.saturating_add(CELL - 1) / CELL * CELL).max(offset);
        // The last cell of the largest file there can be has no end in 64 bits.
        let limit = if end > offset { end - offset } else { CELL };
        let reply_end = offset.saturating_add(limit).min(self.volumes[extent.volume]);
        Some(Chunk {
            volume: extent.volume,
            offset,
            limit: limit as u32,
            reply_len: (reply_end - offset) as u32,
            trim_start: (from - offset) as u32,
            trim_end: (reply_end.min(to) - offset) as u32,
            cursor: self.cursor,
        })
    }

    /// Moves behind a chunk that was offered, perhaps shortened.
    pub fn advance(&mut self, chunk: &Chunk) {
        self.cursor = chunk.cursor;
        self.cursor.at += u64::from(chunk.len());
        if let Some(range) = self.ranges.get(self.cursor.range)
            && self.cursor.at >= range.end()
        {
            self.cursor.range += 1;
            self.cursor.at = self.ranges.get(self.cursor.range).map_or(0, |next| next.start());
        }
        self.grown = (self.grown * 2).min(BLOCK);
    }

    /// Goes back to where a chunk began, or to any place inside it.
    pub fn rewind(&mut self, to: Cursor) {
        self.cursor = to;
    }

    /// Everything has been advanced over.
    pub fn is_over(&self) -> bool {
        self.cursor.range >= self.ranges.len()
    }
}

impl Iterator for ChunkPlan {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let chunk = self.offer(BLOCK)?;
        self.advance(&chunk);
        Some(chunk)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::file::Volume;
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;

    const KIB: u64 = 1024;
    const MIB: u64 = BLOCK;

    fn volumes(sizes: &[u64]) -> Vec<Volume> {
        sizes.iter().zip(1..).map(|(&size, id)| Volume { document: DocumentId(id), dc: Dc(2), size }).collect()
    }

    fn file(sizes: &[u64]) -> VirtualFile {
        VirtualFile::new(volumes(sizes)).expect("a file has volumes")
    }

    fn run(start: u64, end: u64) -> ByteRange {
        ByteRange::new(start, end).expect("forwards")
    }

    fn calls(sizes: &[u64], start: u64, end: u64) -> Vec<(usize, u64, u64)> {
        plan(&file(sizes), &[run(start, end)]).map(|c| (c.volume, c.offset / KIB, u64::from(c.limit) / KIB)).collect()
    }

    #[test]
    fn the_first_chunks_are_small_and_grow_up_to_the_line() {
        assert_eq!(
            calls(&[10 * MIB], 0, 3 * MIB),
            [(0, 0, 64), (0, 64, 128), (0, 192, 256), (0, 448, 512), (0, 960, 64), (0, 1024, 1024), (0, 2048, 1024)]
        );
        // A seek into the middle: the cell around it, then on to the line.
        assert_eq!(
            calls(&[10 * MIB], 700 * KIB, 2 * MIB),
            [(0, 640, 64), (0, 704, 128), (0, 832, 192), (0, 1024, 512), (0, 1536, 512)]
        );
    }

    #[test]
    fn little_is_asked_for_little() {
        assert_eq!(calls(&[MIB], 0, 1), [(0, 0, 64)]);
        assert_eq!(calls(&[MIB], MIB - 1, MIB), [(0, 960, 64)]);
        // Across the line of a cell, however near.
        assert_eq!(calls(&[MIB], 128 * KIB - 1, 128 * KIB + 1), [(0, 64, 64), (0, 128, 64)]);
        assert_eq!(calls(&[MIB], 5000, 5000), []);
        assert_eq!(calls(&[MIB], 2 * MIB, 3 * MIB), []);
    }

    #[test]
    fn the_reader_may_want_smaller_chunks() {
        let mut plan = plan(&file(&[10 * MIB]), &[run(0, 10 * MIB)]);
        let sizes: Vec<u64> = (0..4)
            .map(|_| {
                let chunk = plan.offer(200 * KIB).expect("more");
                plan.advance(&chunk);
                u64::from(chunk.limit) / KIB
            })
            .collect();
        assert_eq!(sizes, [64, 128, 192, 192]);
    }

    #[test]
    fn volumes_follow_each_other_without_a_gap() {
        // 5,000 bytes, 100, then an empty one, then the rest.
        let file = file(&[5000, 100, 0, 9000]);
        let got: Vec<_> = plan(&file, &[run(4999, 5200)])
            .map(|c| (c.volume, c.offset, c.limit, c.reply_len, c.trim_start, c.trim_end))
            .collect();
        assert_eq!(got, [(0, 0, 65536, 5000, 4999, 5000), (1, 0, 65536, 100, 0, 100), (3, 0, 65536, 9000, 0, 100)]);
    }

    #[test]
    fn only_the_extents_of_a_volume_belong_to_the_file() {
        let extents = vec![
            Extent { volume: 0, start: 100, len: 50 },
            Extent { volume: 1, start: 70 * KIB, len: 10 },
            Extent { volume: 0, start: 0, len: 5 },
        ];
        let file = VirtualFile::of_extents(volumes(&[MIB, MIB]), extents).expect("inside");
        let got: Vec<_> =
            plan(&file, &[run(10, 65)]).map(|c| (c.volume, c.offset / KIB, c.trim_start, c.trim_end)).collect();
        assert_eq!(got, [(0, 0, 110, 150), (1, 64, 6 * 1024, 6 * 1024 + 10), (0, 0, 0, 5)]);
    }

    #[test]
    fn ranges_follow_each_other_in_the_order_asked() {
        let got: Vec<_> = plan(&file(&[MIB]), &[run(900, 902), run(2 * MIB, 3 * MIB), run(0, 3)])
            .map(|c| (c.trim_start, c.trim_end))
            .collect();
        assert_eq!(got, [(900, 902), (0, 3)]);
    }

    #[test]
    fn a_shortened_chunk_is_followed_by_its_rest() {
        let mut plan = plan(&file(&[MIB]), &[run(70 * KIB, MIB)]);
        plan.grown = BLOCK;
        let whole = plan.offer(BLOCK).expect("more");
        assert_eq!((whole.offset / KIB, u64::from(whole.limit) / KIB, whole.trim_start), (64, 960, 6 * 1024));
        let part = whole.shortened(128 * 1024);
        assert_eq!((part.reply_len, part.len()), (128 * 1024, 122 * 1024));
        plan.advance(&part);
        let rest = plan.offer(BLOCK).expect("more");
        assert_eq!((rest.offset / KIB, rest.trim_start, rest.limit + part.limit), (192, 0, whole.limit));
        plan.rewind(part.cursor);
        assert_eq!(plan.offer(BLOCK), Some(whole));
    }

    #[test]
    fn a_plan_for_the_largest_file_costs_nothing_until_it_is_walked() {
        let file = file(&[u64::MAX]);
        let mut chunks = plan(&file, &[ByteRange::whole(u64::MAX)]);
        assert_eq!(chunks.next().map(|c| c.limit), Some(64 * 1024));
        let last: Vec<Chunk> = plan(&file, &[run(u64::MAX - 1, u64::MAX)]).collect();
        assert_eq!(last.len(), 1);
        assert_eq!((last[0].offset, last[0].reply_len, last[0].len()), (u64::MAX - 65535, 65535, 1));
    }

    proptest! {
        #[test]
        fn a_plan_covers_its_ranges_exactly_once_and_keeps_the_rules(
            sizes in proptest::collection::vec(prop_oneof![0..5000u64, 0..5_000_000u64], 1..5),
            ends in proptest::collection::vec((0.0..1.1f64, 0.0..1.1f64), 1..4),
            largest in proptest::collection::vec(0..=2 * BLOCK, 1..5),
            cuts in proptest::collection::vec(1..16u32, 1..5),
        ) {
            let file = file(&sizes);
            let place = |part: f64| (file.len() as f64 * part) as u64;
            let ranges: Vec<_> = ends.iter().map(|e| run(place(e.0.min(e.1)), place(e.0.max(e.1)))).collect();
            let mut wanted = ranges.iter().flat_map(|range| range.start()..range.end().min(file.len()));
            let mut plan = plan(&file, &ranges);
            let mut number = 0;
            while let Some(offered) = plan.offer(largest[number % largest.len()]) {
                // Now and then only a part of it can be had at once.
                let cut = cuts[number % cuts.len()] * CELL as u32;
                let chunk = if offered.trim_start < cut && cut <= offered.limit { offered.shortened(cut) } else { offered };
                let volume = sizes[chunk.volume];
                let limit = u64::from(chunk.limit);
                prop_assert_eq!((chunk.offset % CELL, limit % CELL), (0, 0));
                prop_assert!(limit > 0 && limit <= largest[number % largest.len()].max(CELL));
                prop_assert!(number > 0 || limit == CELL);
                prop_assert_eq!(chunk.offset / BLOCK, (chunk.offset + limit - 1) / BLOCK);
                prop_assert_eq!(u64::from(chunk.reply_len), limit.min(volume - chunk.offset));
                prop_assert!(chunk.trim_start < chunk.trim_end && chunk.trim_end <= chunk.reply_len);
                let before: u64 = sizes[..chunk.volume].iter().sum();
                let first = before + chunk.offset + u64::from(chunk.trim_start);
                prop_assert_eq!(wanted.next(), Some(first));
                if chunk.len() > 1 {
                    prop_assert_eq!(wanted.nth(chunk.len() as usize - 2), Some(first + u64::from(chunk.len()) - 1));
                }
                plan.advance(&chunk);
                number += 1;
            }
            prop_assert!(plan.is_over());
            prop_assert_eq!(wanted.next(), None);
        }
    }
}
