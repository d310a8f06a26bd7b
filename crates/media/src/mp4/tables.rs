//! The tables of a track's samples (ISO/IEC 14496-12 clause 8.6 and 8.7): when each is shown, where it lies, how long it is, which can be
//! begun with. They are read where they lie: how many entries they say to have is believed as far as there are bytes for them.

use super::boxes::{Fields, boxes};

/// Entries of one size.
#[derive(Clone, Copy, Debug, Default)]
struct Table<'a, const N: usize>(&'a [u8]);

impl<'a, const N: usize> Table<'a, N> {
    /// `count`, then the entries.
    fn read(fields: &mut Fields<'a>) -> Option<Self> {
        let count = fields.u32()? as usize;
        let bytes = count.saturating_mul(N).min(fields.0.len() / N * N);
        Some(Table(fields.take(bytes)?))
    }

    fn len(&self) -> usize {
        self.0.len() / N
    }

    fn entries(&self) -> impl Iterator<Item = Fields<'a>> + use<'a, N> {
        self.0.chunks_exact(N).map(Fields)
    }
}

#[derive(Clone, Copy, Debug)]
enum Sizes<'a> {
    /// All of one size, and how many there are.
    Same(u32, u32),
    Bytes32(Table<'a, 4>),
    Bytes16(Table<'a, 2>),
    Bytes8(Table<'a, 1>),
    /// Two in each byte.
    Bits4(&'a [u8], u32),
}

#[derive(Clone, Copy, Debug)]
enum Places<'a> {
    Bits32(Table<'a, 4>),
    Bits64(Table<'a, 8>),
}

/// The tables in an `stbl`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables<'a> {
    times: Table<'a, 8>,
    offsets: Table<'a, 8>,
    /// `None`: every sample can be begun with.
    keys: Option<Table<'a, 4>>,
    runs: Table<'a, 12>,
    sizes: Sizes<'a>,
    places: Places<'a>,
}

/// One sample, in the track's units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// When it is decoded.
    pub time: u64,
    /// What is added to that for when it is shown.
    pub offset: i64,
    pub duration: u32,
    /// In the file.
    pub at: u64,
    pub bytes: u32,
    pub key: bool,
}

impl<'a> Tables<'a> {
    /// What an `stbl` holds; tables that it lacks are empty.
    pub fn read(stbl: &'a [u8]) -> Self {
        let mut tables = Tables {
            times: Table::default(),
            offsets: Table::default(),
            keys: None,
            runs: Table::default(),
            sizes: Sizes::Same(0, 0),
            places: Places::Bits32(Table::default()),
        };
        for atom in boxes(stbl) {
            let _ = tables.take(&atom.kind, Fields(atom.body));
        }
        tables
    }

    fn take(&mut self, kind: &[u8; 4], mut fields: Fields<'a>) -> Option<()> {
        match kind {
            b"stts" | b"ctts" | b"stss" | b"stsc" | b"stsz" | b"stz2" | b"stco" | b"co64" => {
                fields.version_and_flags()?
            }
            _ => return None,
        };
        match kind {
            b"stts" => self.times = Table::read(&mut fields)?,
            b"ctts" => self.offsets = Table::read(&mut fields)?,
            b"stss" => self.keys = Some(Table::read(&mut fields)?),
            b"stsc" => self.runs = Table::read(&mut fields)?,
            b"stco" => self.places = Places::Bits32(Table::read(&mut fields)?),
            b"co64" => self.places = Places::Bits64(Table::read(&mut fields)?),
            b"stsz" => {
                let same = fields.u32()?;
                self.sizes =
                    if same > 0 { Sizes::Same(same, fields.u32()?) } else { Sizes::Bytes32(Table::read(&mut fields)?) };
            }
            _ => self.sizes = small_sizes(&mut fields)?,
        }
        Some(())
    }

    /// How many samples the track has, by its tables of time and of size.
    pub fn count(&self) -> u64 {
        let timed = self.times.entries().filter_map(|mut entry| entry.u32()).map(u64::from).sum::<u64>();
        timed.min(self.sizes.count())
    }

    /// How many samples are shown for how long, in the order of the file: `(samples, duration)`.
    pub fn durations(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        self.times.entries().filter_map(|mut entry| Some((entry.u32()?, entry.u32()?)))
    }

    /// All bytes of all samples.
    pub fn bytes(&self) -> u64 {
        match self.sizes {
            Sizes::Same(size, count) => u64::from(size) * u64::from(count),
            _ => self.sizes.all().map(u64::from).sum(),
        }
    }

    pub fn has_key_table(&self) -> bool {
        self.keys.is_some()
    }

    /// The samples in the order of the file's tables. Lazily, so that a table that promises 2^32 of them costs what is taken of it.
    pub fn samples(&self) -> impl Iterator<Item = Sample> + use<'a> {
        let mut times = self.durations().flat_map(|(samples, duration)| repeated(duration, samples));
        let offsets = self.offsets.entries().filter_map(|mut entry| Some((entry.u32()?, entry.u32()? as i32)));
        let mut offsets = offsets.flat_map(|(samples, offset)| repeated(i64::from(offset), samples));
        let mut keys = KeyNumbers::new(self.keys);
        let mut time = 0u64;
        self.located().zip(1u32..).map_while(move |((at, bytes), number)| {
            let duration = times.next()?;
            let sample =
                Sample { time, offset: offsets.next().unwrap_or(0), duration, at, bytes, key: keys.has(number) };
            time = time.saturating_add(duration.into());
            Some(sample)
        })
    }

    /// Where each sample lies and how long it is.
    fn located(&self) -> impl Iterator<Item = (u64, u32)> + use<'a> {
        let mut sizes = self.sizes.all();
        let mut chunks = self.chunks();
        let mut left = 0u32;
        let mut at = 0u64;
        std::iter::from_fn(move || {
            while left == 0 {
                (at, left) = chunks.next()?;
            }
            let bytes = sizes.next()?;
            let here = at;
            left -= 1;
            at = at.saturating_add(u64::from(bytes));
            Some((here, bytes))
        })
    }

    /// Where each chunk begins, and how many samples it has.
    fn chunks(&self) -> impl Iterator<Item = (u64, u32)> + use<'a> {
        let mut runs = self.runs.entries().filter_map(|mut entry| Some((entry.u32()?, entry.u32()?))).peekable();
        let mut samples = 0;
        self.places.all().zip(1u32..).map(move |(at, number)| {
            while let Some((_, in_each)) = runs.next_if(|(first, _)| *first <= number) {
                samples = in_each;
            }
            (at, samples)
        })
    }
}

/// `stz2`: sizes of 4, 8 or 16 bits.
fn small_sizes<'a>(fields: &mut Fields<'a>) -> Option<Sizes<'a>> {
    match fields.u32()? & 0xff {
        4 => {
            let count = fields.u32()?;
            Some(Sizes::Bits4(fields.0, count))
        }
        8 => Table::read(fields).map(Sizes::Bytes8),
        16 => Table::read(fields).map(Sizes::Bytes16),
        _ => None,
    }
}

fn repeated<T: Clone>(value: T, times: u32) -> impl Iterator<Item = T> {
    std::iter::repeat_n(value, times as usize)
}

impl<'a> Sizes<'a> {
    fn count(&self) -> u64 {
        match self {
            Sizes::Same(_, count) => u64::from(*count),
            Sizes::Bytes32(table) => table.len() as u64,
            Sizes::Bytes16(table) => table.len() as u64,
            Sizes::Bytes8(table) => table.len() as u64,
            Sizes::Bits4(bytes, count) => u64::from(*count).min(bytes.len() as u64 * 2),
        }
    }

    fn all(&self) -> Box<dyn Iterator<Item = u32> + 'a> {
        match *self {
            Sizes::Same(size, count) => Box::new(repeated(size, count)),
            Sizes::Bytes32(table) => Box::new(table.entries().filter_map(|mut entry| entry.u32())),
            Sizes::Bytes16(table) => Box::new(table.entries().filter_map(|mut entry| entry.u16().map(u32::from))),
            Sizes::Bytes8(table) => Box::new(table.0.iter().map(|size| u32::from(*size))),
            Sizes::Bits4(bytes, count) => {
                let halves = bytes.iter().flat_map(|byte| [u32::from(byte >> 4), u32::from(byte & 15)]);
                Box::new(halves.take(count as usize))
            }
        }
    }
}

impl<'a> Places<'a> {
    fn all(&self) -> Box<dyn Iterator<Item = u64> + 'a> {
        match *self {
            Places::Bits32(table) => Box::new(table.entries().filter_map(|mut entry| entry.u32().map(u64::from))),
            Places::Bits64(table) => Box::new(table.entries().filter_map(|mut entry| entry.u64())),
        }
    }
}

/// Whether samples are key frames, asked in rising order.
struct KeyNumbers<'a> {
    rest: Option<std::slice::ChunksExact<'a, u8>>,
    next: Option<u32>,
}

impl<'a> KeyNumbers<'a> {
    fn new(table: Option<Table<'a, 4>>) -> Self {
        KeyNumbers { rest: table.map(|table| table.0.chunks_exact(4)), next: None }
    }

    fn has(&mut self, number: u32) -> bool {
        let Some(rest) = &mut self.rest else { return true };
        while self.next.is_none_or(|next| next < number) {
            match rest.next().and_then(|entry| Fields(entry).u32()) {
                Some(next) => self.next = Some(next),
                None => return false,
            }
        }
        self.next == Some(number)
    }
}
