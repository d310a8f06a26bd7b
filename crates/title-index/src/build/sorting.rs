//! Entries in any order -> by hash, each once. A million at a time is sorted in memory and put into a scratch file; at the end the
//! files are read side by side.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// A key's hash and a title that is called so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub hash: u64,
    pub record: u32,
}

/// 16 MiB.
const RUN: usize = 1 << 20;
const ENCODED: usize = 12;

pub struct Sorting {
    scratch: PathBuf,
    run_len: usize,
    run: Vec<Entry>,
    files: Vec<PathBuf>,
    pushed: u64,
}

impl Sorting {
    pub fn new(scratch: &Path) -> Self {
        Self::with_runs_of(RUN, scratch)
    }

    fn with_runs_of(run_len: usize, scratch: &Path) -> Self {
        Self { scratch: scratch.to_owned(), run_len, run: Vec::new(), files: Vec::new(), pushed: 0 }
    }

    /// Pushed so far, doubles included.
    pub fn len(&self) -> u64 {
        self.pushed
    }

    pub fn push(&mut self, entry: Entry) -> io::Result<()> {
        self.run.push(entry);
        self.pushed += 1;
        if self.run.len() == self.run_len {
            self.put_away()?;
        }
        Ok(())
    }

    fn put_away(&mut self) -> io::Result<()> {
        self.run.sort_unstable();
        self.run.dedup();
        let path = self.scratch.join(format!("keys-{}", self.files.len()));
        let mut file = BufWriter::new(File::create(&path)?);
        for entry in self.run.drain(..) {
            file.write_all(&entry.hash.to_le_bytes())?;
            file.write_all(&entry.record.to_le_bytes())?;
        }
        file.flush()?;
        self.files.push(path);
        Ok(())
    }

    pub fn sorted(mut self) -> io::Result<Sorted> {
        self.put_away()?;
        self.run = Vec::new();
        let runs = self.files.iter().map(|path| Ok(BufReader::with_capacity(64 << 10, File::open(path)?)));
        let mut sorted = Sorted { runs: runs.collect::<io::Result<_>>()?, heads: BinaryHeap::new(), last: None };
        for n in 0..sorted.runs.len() {
            sorted.refill(n)?;
        }
        Ok(sorted)
    }
}

pub struct Sorted {
    runs: Vec<BufReader<File>>,
    /// The next entry of each run, the first on top.
    heads: BinaryHeap<Reverse<(Entry, usize)>>,
    last: Option<Entry>,
}

impl Sorted {
    fn refill(&mut self, n: usize) -> io::Result<()> {
        let mut bytes = [0; ENCODED];
        match self.runs[n].read_exact(&mut bytes) {
            Ok(()) => {
                let [a, b, c, d, e, f, g, h, record @ ..] = bytes;
                let hash = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
                self.heads.push(Reverse((Entry { hash, record: u32::from_le_bytes(record) }, n)));
                Ok(())
            }
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
            Err(e) => Err(e),
        }
    }

    fn advance(&mut self) -> io::Result<Option<Entry>> {
        while let Some(Reverse((entry, n))) = self.heads.pop() {
            self.refill(n)?;
            if self.last.replace(entry) != Some(entry) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }
}

impl Iterator for Sorted {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Folder;

    #[test]
    fn entries_come_back_in_order_and_once_over_many_files() {
        let folder = Folder::new();
        let mut sorting = Sorting::with_runs_of(7, folder.path());
        let entries: Vec<Entry> = (0..100u64)
            .map(|n| Entry { hash: n * 37 % 50, record: (n % 3) as u32 })
            .chain([Entry { hash: 3, record: 3 }])
            .collect();
        for entry in entries.iter().chain(&entries) {
            sorting.push(*entry).expect("pushed");
        }
        assert_eq!((sorting.len(), sorting.files.len()), (202, 28));
        let mut wanted = entries;
        wanted.sort_unstable();
        wanted.dedup();
        let sorted: Vec<Entry> = sorting.sorted().expect("sorted").map(|entry| entry.expect("read")).collect();
        assert_eq!(sorted, wanted);
    }
}
