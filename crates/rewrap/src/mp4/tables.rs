//! The tables of a track's samples (ISO/IEC 14496-12 clauses 8.6 and 8.7), read where they lie, from any sample on: a segment of a long film costs what is in it,
//! not what comes before it.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;

use super::{
    MAX_SAMPLES,
    boxes::{boxes, u32_at, u64_at},
};
use crate::film::shared;

/// Entries of `N` bytes.
#[derive(Clone, Debug, Default)]
struct Table<const N: usize>(Bytes);

impl<const N: usize> Table<N> {
    /// `count`, then the entries; of those that are promised the ones that are there.
    fn read(body: &[u8], at: usize) -> Option<Self> {
        let count = u32_at(body, at)? as usize;
        let entries = body.get(at + 4..)?;
        Some(Self(shared(&entries[..count.saturating_mul(N).min(entries.len() / N * N)])))
    }

    fn len(&self) -> usize {
        self.0.len() / N
    }

    /// The number that stands `field` bytes into an entry.
    fn u32(&self, entry: usize, field: usize) -> Option<u32> {
        u32_at(&self.0, entry.checked_mul(N)? + field)
    }
}

#[derive(Clone, Debug)]
enum Sizes {
    Same(u32, u32),
    Each(Table<4>),
}

impl Sizes {
    fn get(&self, sample: u32) -> Option<u32> {
        match self {
            Sizes::Same(size, count) => (sample < *count).then_some(*size),
            Sizes::Each(table) => table.u32(sample as usize, 0),
        }
    }

    fn sum(&self, samples: Range<u32>) -> Option<u64> {
        match self {
            Sizes::Same(size, _) => Some(u64::from(*size) * u64::from(samples.end - samples.start)),
            Sizes::Each(_) => samples.map(|sample| self.get(sample).map(u64::from)).sum(),
        }
    }
}

#[derive(Clone, Debug)]
enum Places {
    Bits32(Table<4>),
    Bits64(Table<8>),
}

impl Places {
    fn get(&self, chunk: u32) -> Option<u64> {
        match self {
            Places::Bits32(table) => table.u32(chunk as usize, 0).map(u64::from),
            Places::Bits64(table) => u64_at(&table.0, chunk as usize * 8),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Tables {
    times: Table<8>,
    offsets: Table<8>,
    /// Of `offsets`: the first sample of every [`MARK_EVERY`]th entry. A film with reordered pictures has an entry for each.
    marks: Arc<[u32]>,
    /// `None`: every sample is a key frame.
    keys: Option<Table<4>>,
    runs: Table<12>,
    sizes: Sizes,
    places: Places,
}

/// One sample, in the track's units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    /// From 0.
    pub number: u32,
    pub decoded: i64,
    /// Added to that for when it is shown.
    pub later: i64,
    pub duration: u32,
    pub at: u64,
    pub bytes: u32,
    pub key: bool,
}

impl Tables {
    pub fn read(stbl: &[u8]) -> Self {
        let mut tables = Tables {
            times: Table::default(),
            offsets: Table::default(),
            marks: Arc::default(),
            keys: None,
            runs: Table::default(),
            sizes: Sizes::Same(0, 0),
            places: Places::Bits32(Table::default()),
        };
        for (kind, body) in boxes(stbl) {
            let _ = tables.take(&kind, body);
        }
        tables
    }

    fn take(&mut self, kind: &[u8; 4], body: &[u8]) -> Option<()> {
        match kind {
            b"stts" => self.times = Table::read(body, 4)?,
            b"ctts" => {
                self.offsets = Table::read(body, 4)?;
                self.marks = marks(&self.offsets);
            }
            b"stss" => self.keys = Some(Table::read(body, 4)?),
            b"stsc" => self.runs = Table::read(body, 4)?,
            b"stco" => self.places = Places::Bits32(Table::read(body, 4)?),
            b"co64" => self.places = Places::Bits64(Table::read(body, 4)?),
            b"stsz" => {
                self.sizes = match u32_at(body, 4)? {
                    0 => Sizes::Each(Table::read(body, 8)?),
                    // No table's length bounds these. One more tells that there are too many.
                    size => Sizes::Same(size, u32_at(body, 8)?.min(MAX_SAMPLES + 1)),
                };
            }
            _ => {}
        }
        Some(())
    }

    /// Bytes of memory that they hold.
    pub fn held_bytes(&self) -> usize {
        let sizes = match &self.sizes {
            Sizes::Same(..) => 0,
            Sizes::Each(table) => table.0.len(),
        };
        let places = match &self.places {
            Places::Bits32(table) => table.0.len(),
            Places::Bits64(table) => table.0.len(),
        };
        let keys = self.keys.as_ref().map_or(0, |keys| keys.0.len());
        let runs = self.times.0.len() + self.offsets.0.len() + self.runs.0.len();
        sizes + places + keys + runs + size_of_val(&*self.marks)
    }

    /// Any sample is described by another entry than the first.
    pub fn changes_description(&self) -> bool {
        (0..self.runs.len()).any(|run| self.runs.u32(run, 8) != Some(1))
    }

    /// The shortest that a sample is, the last one aside; 1 at least.
    pub fn shortest(&self) -> u32 {
        let last = self.times.len().saturating_sub(1).max(1);
        (0..last).filter_map(|entry| self.times.u32(entry, 4)).filter(|duration| *duration > 0).min().unwrap_or(1)
    }

    /// The first sample that is decoded at or after this time; behind the last one, the number that would come next.
    pub fn number_at(&self, time: i64) -> u32 {
        let (mut number, mut at) = (0u64, 0i64);
        for entry in 0..self.times.len() {
            let (Some(count), Some(duration)) = (self.times.u32(entry, 0), self.times.u32(entry, 4)) else { break };
            let length = i64::from(count) * i64::from(duration);
            if time <= at {
                break;
            }
            if time <= at.saturating_add(length) && duration > 0 {
                number += (time - at).unsigned_abs().div_ceil(u64::from(duration));
                break;
            }
            number += u64::from(count);
            at = at.saturating_add(length);
        }
        u32::try_from(number).unwrap_or(u32::MAX)
    }

    /// The samples from this one on.
    pub fn from(&self, number: u32) -> Samples {
        Samples::new(self.clone(), number)
    }
}

const MARK_EVERY: usize = 256;

fn marks(table: &Table<8>) -> Arc<[u32]> {
    let mut before = 0u32;
    let mut marks = Vec::with_capacity(table.len() / MARK_EVERY + 1);
    for entry in 0..table.len() {
        if entry % MARK_EVERY == 0 {
            marks.push(before);
        }
        before = before.saturating_add(table.u32(entry, 0).unwrap_or(0));
    }
    marks.into()
}

/// Runs of equal entries: how many samples each is for.
#[derive(Clone, Debug, Default)]
struct Runs {
    entry: usize,
    left: u32,
}

impl Runs {
    /// At this sample. `marks`: see [`Tables`]; none for a short table.
    fn seek(table: &Table<8>, marks: &[u32], mut number: u32) -> Self {
        let mark = marks.partition_point(|first| *first <= number).saturating_sub(1);
        number -= marks.get(mark).copied().unwrap_or(0);
        let entry = mark * MARK_EVERY;
        let mut runs = Self { entry, left: table.u32(entry, 0).unwrap_or(0) };
        while runs.entry < table.len() {
            if number < runs.left {
                runs.left -= number;
                break;
            }
            number -= runs.left;
            runs.entry += 1;
            runs.left = table.u32(runs.entry, 0).unwrap_or(0);
        }
        runs
    }

    fn next(&mut self, table: &Table<8>) -> Option<u32> {
        while self.left == 0 {
            self.entry += 1;
            self.left = table.u32(self.entry, 0)?;
        }
        self.left -= 1;
        table.u32(self.entry, 4)
    }
}

/// Samples of a track in their order.
#[derive(Clone, Debug)]
pub(crate) struct Samples {
    tables: Tables,
    number: u32,
    decoded: i64,
    times: Runs,
    offsets: Runs,
    /// The run of chunks, the chunk, and what is left in it.
    run: usize,
    chunk: u32,
    left: u32,
    at: u64,
    /// In the table of key frames: the first that is not behind.
    key: usize,
    /// The tables do not say where this sample is.
    ended: bool,
}

impl Samples {
    fn new(tables: Tables, number: u32) -> Self {
        let (mut before, mut decoded) = (0u32, 0i64);
        for entry in 0..tables.times.len() {
            let (Some(count), Some(duration)) = (tables.times.u32(entry, 0), tables.times.u32(entry, 4)) else { break };
            let here = count.min(number - before);
            decoded = decoded.saturating_add(i64::from(here) * i64::from(duration));
            before += here;
            if before == number {
                break;
            }
        }
        let key = tables.keys.as_ref().map_or(0, |keys| first_not_below(keys, number.saturating_add(1)));
        let (times, offsets) =
            (Runs::seek(&tables.times, &[], number), Runs::seek(&tables.offsets, &tables.marks, number));
        let mut samples =
            Self { tables, number, decoded, times, offsets, run: 0, chunk: 0, left: 0, at: 0, key, ended: false };
        samples.ended = samples.seek_chunk(number).is_none();
        samples
    }

    /// Goes to the chunk that holds this sample.
    fn seek_chunk(&mut self, number: u32) -> Option<()> {
        let mut before = 0u64;
        let runs = &self.tables.runs;
        for run in 0..runs.len() {
            let first = runs.u32(run, 0)?.checked_sub(1)?;
            let in_each = u64::from(runs.u32(run, 4)?);
            let chunks = runs.u32(run + 1, 0).map_or(u64::MAX, |next| u64::from(next.saturating_sub(first + 1)));
            let length = in_each.saturating_mul(chunks);
            if u64::from(number) < before.saturating_add(length) {
                let inside = u64::from(number) - before;
                let chunk = u64::from(first) + inside / in_each;
                let skip = (inside % in_each) as u32;
                (self.run, self.chunk) = (run, u32::try_from(chunk).ok()?);
                self.at = self.tables.places.get(self.chunk)?;
                self.at = self.at.checked_add(self.tables.sizes.sum(number - skip..number)?)?;
                self.left = in_each as u32 - skip;
                return Some(());
            }
            before = before.saturating_add(length);
        }
        None
    }

    fn next_chunk(&mut self) -> Option<()> {
        while self.left == 0 {
            self.chunk = self.chunk.checked_add(1)?;
            if self.tables.runs.u32(self.run + 1, 0).is_some_and(|first| first == self.chunk + 1) {
                self.run += 1;
            }
            self.at = self.tables.places.get(self.chunk)?;
            self.left = self.tables.runs.u32(self.run, 4)?;
        }
        Some(())
    }
}

fn first_not_below(keys: &Table<4>, number: u32) -> usize {
    let (mut low, mut high) = (0, keys.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if keys.u32(middle, 0).unwrap_or(u32::MAX) < number {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl Iterator for Samples {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.ended {
            return None;
        }
        if self.left == 0 {
            self.next_chunk()?;
        }
        let bytes = self.tables.sizes.get(self.number)?;
        let duration = self.times.next(&self.tables.times)?;
        let later = self.offsets.next(&self.tables.offsets).map_or(0, |later| i64::from(later as i32));
        let key = match &self.tables.keys {
            None => true,
            Some(keys) => {
                while keys.u32(self.key, 0).is_some_and(|key| key < self.number + 1) {
                    self.key += 1;
                }
                keys.u32(self.key, 0) == Some(self.number + 1)
            }
        };
        let sample = Sample { number: self.number, decoded: self.decoded, later, duration, at: self.at, bytes, key };
        self.number = self.number.checked_add(1)?;
        self.decoded = self.decoded.saturating_add(duration.into());
        self.at = self.at.checked_add(bytes.into())?;
        self.left -= 1;
        Some(sample)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fmp4::Boxes;

    fn table(boxes: &mut Boxes, kind: &[u8; 4], entries: &[&[u32]]) {
        boxes.full(kind, 0, 0, |table| {
            table.u32(entries.len() as u32);
            entries.iter().for_each(|entry| {
                entry.iter().for_each(|number| {
                    table.u32(*number);
                })
            });
        });
    }

    fn tables() -> Tables {
        let mut boxes = Boxes::default();
        table(&mut boxes, b"stts", &[&[3, 10], &[4, 20]]);
        table(&mut boxes, b"ctts", &[&[1, 5], &[0, 9], &[1, 0xffff_fff6], &[5, 7]]);
        table(&mut boxes, b"stss", &[&[1], &[4], &[6]]);
        table(&mut boxes, b"stsc", &[&[1, 2, 1], &[3, 3, 1]]);
        boxes.full(b"stsz", 0, 0, |stsz| {
            stsz.u32(0).u32(7);
            (1..=7).for_each(|size| {
                stsz.u32(size);
            });
        });
        table(&mut boxes, b"stco", &[&[100], &[200], &[300]]);
        Tables::read(&boxes.0)
    }

    #[test]
    fn samples_come_from_any_of_them_on() {
        let all: Vec<Sample> = tables().from(0).collect();
        let told: Vec<_> = all.iter().map(|s| (s.decoded, s.later, s.duration, s.at, s.bytes, s.key)).collect();
        let expected = [
            (0, 5, 10, 100, 1, true),
            (10, -10, 10, 101, 2, false),
            (20, 7, 10, 200, 3, false),
            (30, 7, 20, 203, 4, true),
            (50, 7, 20, 300, 5, false),
            (70, 7, 20, 305, 6, true),
            (90, 7, 20, 311, 7, false),
        ];
        assert_eq!(told, expected);
        for number in 0..=8 {
            let rest: Vec<Sample> = tables().from(number).collect();
            assert_eq!(rest, all[(number as usize).min(7)..], "from {number}");
        }
    }

    #[test]
    fn a_long_table_of_offsets_is_entered_anywhere() {
        let mut boxes = Boxes::default();
        let entries: Vec<[u32; 2]> = (0..2000).map(|entry| [entry % 3, entry]).collect();
        table(&mut boxes, b"ctts", &entries.iter().map(|entry| &entry[..]).collect::<Vec<_>>());
        table(&mut boxes, b"stts", &[&[1998, 1]]);
        table(&mut boxes, b"stsc", &[&[1, 5000, 1]]);
        table(&mut boxes, b"stco", &[&[8]]);
        boxes.full(b"stsz", 0, 0, |stsz| {
            stsz.u32(1).u32(1998);
        });
        let tables = Tables::read(&boxes.0);
        let all: Vec<Sample> = tables.from(0).collect();
        assert_eq!((all.len(), all[1997].later), (1998, 1997));
        for number in (0..1998).step_by(37) {
            assert_eq!(tables.from(number).next(), Some(all[number as usize]));
        }
    }

    #[test]
    fn samples_of_one_size_are_no_more_than_a_film_has() {
        let mut boxes = Boxes::default();
        table(&mut boxes, b"stts", &[&[u32::MAX, 1]]);
        table(&mut boxes, b"stsc", &[&[1, u32::MAX, 1]]);
        table(&mut boxes, b"stco", &[&[8]]);
        boxes.full(b"stsz", 0, 0, |stsz| {
            stsz.u32(1).u32(u32::MAX);
        });
        let tables = Tables::read(&boxes.0);
        assert_eq!(tables.from(MAX_SAMPLES).count(), 1);
        assert_eq!(tables.held_bytes(), 8 + 12 + 4);
    }

    #[test]
    fn samples_are_found_by_time() {
        for (time, expected) in [(-5, 0), (0, 0), (1, 1), (10, 1), (30, 3), (31, 4), (90, 6), (91, 7), (5000, 7)] {
            assert_eq!(tables().number_at(time), expected, "{time}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_tables_end(bytes: Vec<u8>, counts in proptest::collection::vec(0u32..9, 24), number in 0u32..40) {
            let mut boxes = Boxes::default();
            for (index, kind) in [b"stts", b"ctts", b"stsc", b"stsz", b"stss", b"stco"].iter().enumerate() {
                boxes.full(kind, 0, 0, |table| {
                    counts[index * 4..index * 4 + 4].iter().for_each(|number| { table.u32(*number); });
                    table.bytes(&bytes);
                });
            }
            let tables = Tables::read(&boxes.0);
            let _ = (tables.from(number).take(1000).count(), tables.number_at(number.into()));
            let _ = Tables::read(&bytes).from(number).take(1000).count();
        }
    }
}
