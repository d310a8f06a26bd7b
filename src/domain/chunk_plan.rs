//! Chunk plans: which getFile calls cover a range of a file, in reading order.
//!
//! Every chunk is a block of its own size's grid (a 256 KiB chunk begins at a multiple of 256 KiB), which keeps Telegram's
//! rules by construction: offset in steps of 4 KiB, a limit that divides 1 MiB, never across a 1 MiB line
//! (core.telegram.org/api/files). The first chunks are small and each next one may be twice as large, so that the first
//! byte does not wait for a large message to arrive whole:
//!
//! ```text
//!            |------------ 1 MiB ------------|------------ 1 MiB ------------|
//! reader            [ range ..................................................
//! chunks          [1][1][   2  ][     4     ][     4      ][       4      ]       (4 = largest)
//!                 ^^^ trim: bytes of the reply before the range are cut off
//! ```

use super::file::VirtualFile;
use super::range::ByteRange;

/// The step of getFile offsets; also the smallest chunk.
const STEP: u64 = 4 * 1024;
/// getFile never crosses a multiple of this.
const LINE: u64 = 1024 * 1024;

/// How large chunks are. Only powers of two from 4 KiB to 1 MiB can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    first: u64,
    largest: u64,
}

impl Sizes {
    /// `None` unless both are powers of two from 4 KiB to 1 MiB and `first` is not above `largest`.
    pub const fn new(first: u32, largest: u32) -> Option<Self> {
        let (first, largest) = (first as u64, largest as u64);
        let fits = first.is_power_of_two() && largest.is_power_of_two();
        if fits && STEP <= first && first <= largest && largest <= LINE { Some(Self { first, largest }) } else { None }
    }
}

/// One getFile call and what of its reply belongs to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Position in the file's list of volumes.
    pub volume: usize,
    /// Where in the volume it begins.
    pub offset: u64,
    /// Bytes asked for.
    pub limit: u32,
    /// Bytes that the reply must have: fewer than `limit` only at the volume's end.
    pub reply_len: u32,
    /// What of the reply is the reader's: from here,
    pub trim_start: u32,
    /// up to here. Never empty.
    pub trim_end: u32,
}

impl Chunk {
    /// Bytes that reach the reader.
    pub fn len(&self) -> u32 {
        self.trim_end - self.trim_start
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The chunks of one range, made one by one as they are taken: a plan for 4 GiB costs no more than one for 4 KiB.
#[derive(Clone, Debug)]
pub struct ChunkPlan {
    volumes: Vec<u64>,
    /// The volume and the position in it where the next chunk's bytes begin.
    volume: usize,
    at: u64,
    /// Bytes still to cover, over all volumes.
    left: u64,
    first: u64,
    /// What the ladder of growing sizes allows by now.
    grown: u64,
    largest: u64,
}

/// Plans the reading of `range`, of which only what lies inside the file is covered.
pub fn plan(file: &VirtualFile, range: ByteRange, sizes: Sizes) -> ChunkPlan {
    let volumes: Vec<u64> = file.volumes().iter().map(|volume| volume.size).collect();
    let (mut volume, mut at) = (0, range.start());
    while volume < volumes.len() && at >= volumes[volume] {
        at -= volumes[volume];
        volume += 1;
    }
    let left = range.end().min(file.len()).saturating_sub(range.start());
    ChunkPlan { volumes, volume, at, left, first: sizes.first, grown: sizes.first, largest: sizes.largest }
}

impl Iterator for ChunkPlan {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        while self.volumes.get(self.volume).is_some_and(|size| self.at >= *size) {
            self.volume += 1;
            self.at = 0;
        }
        let volume_size = *self.volumes.get(self.volume)?;
        if self.left == 0 {
            return None;
        }
        let end = self.at.saturating_add(self.left).min(volume_size);

        // A block that begins where the last one ended reads nothing twice; how large it may be is what its place in the
        // grid allows. The first chunk has no such choice: it reads around where the range begins.
        let size = self.grown.min(grid(self.at)).max(self.first);
        // What is left may need less.
        let mut limit = STEP;
        while limit < size && block(self.at, limit).saturating_add(limit) < end {
            limit *= 2;
        }
        let offset = block(self.at, limit);
        let reply_end = offset.saturating_add(limit).min(volume_size);
        let reader_end = reply_end.min(end);
        let chunk = Chunk {
            volume: self.volume,
            offset,
            limit: limit as u32,
            reply_len: (reply_end - offset) as u32,
            trim_start: (self.at - offset) as u32,
            trim_end: (reader_end - offset) as u32,
        };
        self.left -= reader_end - self.at;
        self.at = reader_end;
        self.grown = (self.grown * 2).min(self.largest);
        Some(chunk)
    }
}

/// The largest block that may begin at `at`.
fn grid(at: u64) -> u64 {
    if at == 0 { LINE } else { LINE.min(1 << at.trailing_zeros()) }
}

/// Where the block of `size` that holds `at` begins.
fn block(at: u64, size: u64) -> u64 {
    at & !(size - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::file::Volume;
    use crate::domain::post::DocumentId;

    const KIB: u64 = 1024;
    const SIZES: Sizes = Sizes::new(128 * 1024, 512 * 1024).expect("powers of two");

    fn file(sizes: &[u64]) -> VirtualFile {
        let volumes = sizes.iter().zip(1..).map(|(&size, id)| Volume { document: DocumentId(id), dc: 2, size });
        VirtualFile::new(volumes.collect()).expect("a file has volumes")
    }

    fn calls(sizes: &[u64], start: u64, end: u64) -> Vec<(usize, u64, u64)> {
        let range = ByteRange::new(start, end).expect("forwards");
        plan(&file(sizes), range, SIZES).map(|c| (c.volume, c.offset / KIB, u64::from(c.limit) / KIB)).collect()
    }

    #[test]
    fn the_first_chunks_are_small_and_grow_on_the_grid() {
        let mib = 1024 * KIB;
        assert_eq!(
            calls(&[10 * mib], 0, 3 * mib),
            [
                (0, 0, 128),
                (0, 128, 128),
                (0, 256, 256),
                (0, 512, 512),
                (0, 1024, 512),
                (0, 1536, 512),
                (0, 2048, 512),
                (0, 2560, 512)
            ]
        );
        // A seek into the middle: the block around it, then on to the next lines of the grid.
        assert_eq!(
            calls(&[10 * mib], 700 * KIB, 2 * mib),
            [(0, 640, 128), (0, 768, 256), (0, 1024, 512), (0, 1536, 512)]
        );
    }

    #[test]
    fn little_is_asked_for_little() {
        let mib = 1024 * KIB;
        assert_eq!(calls(&[mib], 0, 1), [(0, 0, 4)]);
        assert_eq!(calls(&[mib], mib - 1, mib), [(0, 1020, 4)]);
        // Across a line of the grid, however near.
        assert_eq!(calls(&[mib], 128 * KIB - 1, 128 * KIB + 1), [(0, 0, 128), (0, 128, 4)]);
        assert_eq!(calls(&[mib], 5000, 5000), []);
        assert_eq!(calls(&[mib], 2 * mib, 3 * mib), []);
    }

    #[test]
    fn volumes_follow_each_other_without_a_gap() {
        // 5,000 bytes, 100, then an empty one, then the rest.
        let file = file(&[5000, 100, 0, 9000]);
        let chunks: Vec<Chunk> = plan(&file, ByteRange::new(4999, 5200).expect("forwards"), SIZES).collect();
        let got: Vec<_> =
            chunks.iter().map(|c| (c.volume, c.offset, c.limit, c.reply_len, c.trim_start, c.trim_end)).collect();
        assert_eq!(got, [(0, 4096, 4096, 904, 903, 904), (1, 0, 4096, 100, 0, 100), (3, 0, 4096, 4096, 0, 100)]);
    }

    #[test]
    fn a_plan_for_the_largest_file_costs_nothing_until_it_is_walked() {
        let file = file(&[u64::MAX]);
        let mut chunks = plan(&file, ByteRange::whole(u64::MAX), SIZES);
        assert_eq!(chunks.next().map(|c| c.limit), Some(128 * 1024));
        let last: Vec<Chunk> = plan(&file, ByteRange::new(u64::MAX - 1, u64::MAX).expect("forwards"), SIZES).collect();
        assert_eq!(last.len(), 1);
        assert_eq!((last[0].offset, last[0].reply_len, last[0].len()), (u64::MAX - 4095, 4095, 1));
    }

    #[test]
    fn only_sizes_that_telegram_takes_can_be_made() {
        for (first, largest) in [(0, 4096), (2048, 4096), (4096, 2 << 20), (8192, 4096), (5000, 8192), (4096, 12288)] {
            assert_eq!(Sizes::new(first, largest), None, "{first} {largest}");
        }
    }

    proptest! {
        #[test]
        fn a_plan_covers_its_range_exactly_once_and_keeps_the_rules(
            sizes in proptest::collection::vec(prop_oneof![0..5000u64, 0..5_000_000u64], 1..5),
            ends in (0.0..1.1f64, 0.0..1.1f64),
            first in 12..=20u32,
            more in 0..=8u32,
        ) {
            let limits = Sizes::new(1 << first, 1 << (first + more).min(20)).expect("powers of two");
            let file = file(&sizes);
            let place = |part: f64| (file.len() as f64 * part) as u64;
            let (start, end) = (place(ends.0.min(ends.1)), place(ends.0.max(ends.1)));
            let mut next = start.min(file.len());
            for (number, chunk) in plan(&file, ByteRange::new(start, end).expect("forwards"), limits).enumerate() {
                let volume = sizes[chunk.volume];
                let limit = u64::from(chunk.limit);
                prop_assert_eq!(chunk.offset % (4 * KIB), 0);
                prop_assert!(limit >= 4 * KIB && LINE.is_multiple_of(limit) && limit <= limits.largest);
                prop_assert!(number > 0 || limit <= limits.first);
                prop_assert_eq!(chunk.offset / LINE, (chunk.offset + limit - 1) / LINE);
                prop_assert_eq!(u64::from(chunk.reply_len), limit.min(volume - chunk.offset));
                prop_assert!(chunk.trim_start < chunk.trim_end && chunk.trim_end <= chunk.reply_len);
                let before: u64 = sizes[..chunk.volume].iter().sum();
                prop_assert_eq!(before + chunk.offset + u64::from(chunk.trim_start), next);
                next += u64::from(chunk.len());
            }
            prop_assert_eq!(next, end.min(file.len()));
        }
    }
}
