//! Lists -> the file, each list read once from its beginning, in bounded memory: what grows with the lists goes to the file or to scratch
//! files. For IMDb's 12 million titles, of which it keeps a seventh, that is some 50 MiB.
//!
//! ```text
//! imdb.rs    title.ratings, title.basics, title.akas
//! tmdb.rs    movie_ids, tv_series_ids
//! lines.rs   lines up to a length, columns by their names
//! sorting.rs entries in any order -> by hash, over scratch files
//! output.rs  the parts of the file, one after the other
//! ```

mod imdb;
mod lines;
mod output;
mod sorting;
mod tmdb;

use std::fs::File;
use std::io::{self, BufRead};
use std::path::Path;

use crate::layout::{self, Record};
use crate::{Kind, fold};
use output::Output;
use sorting::{Entry, Sorting};

/// Why no index came of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A list could not be read to its end, or a file not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What was read is not that list.
    #[error("{list} is not what it should be: {problem}")]
    Shape { list: &'static str, problem: String },
    #[error("{list} holds more titles than an index takes")]
    TooMany { list: &'static str },
}

/// What became of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Without the headline.
    pub rows: u64,
    /// Titles, or names of titles, that the index took.
    pub kept: u64,
    /// Rows that cannot be read and were passed over.
    pub bad: u64,
}

/// What was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub titles: u32,
    pub keys: u32,
    pub bytes: u64,
}

/// Above it a list is not what it says, or not for this machine: all of IMDb, episodes included, is 12 million.
const MOST_TITLES: usize = 16_000_000;
/// The same for keys, doubles included. They take 1.2 GB of scratch files.
const MOST_KEYS: u64 = 100_000_000;

/// Takes the lists one after the other. IMDb's go in this order: ratings, basics, akas; TMDB's whenever.
pub struct Builder<'f> {
    output: Output<'f>,
    sorting: Sorting,
    titles: u32,
    /// IMDb's ids and votes, by id, until the titles were read.
    votes: Vec<(u32, u32)>,
    /// IMDb's ids of rated titles and where they stand, by id.
    rated: Vec<(u32, u32)>,
}

impl<'f> Builder<'f> {
    /// `out`: an empty file. `scratch`: a folder of the caller's, for files that are of no use afterwards.
    pub fn new(out: &'f mut File, scratch: &Path) -> Result<Self, Error> {
        Ok(Self {
            output: Output::new(out)?,
            sorting: Sorting::new(scratch),
            titles: 0,
            votes: Vec::new(),
            rated: Vec::new(),
        })
    }

    /// `title.ratings.tsv`, unpacked.
    pub fn ratings(&mut self, list: impl BufRead) -> Result<Read, Error> {
        imdb::ratings(self, list)
    }

    /// `title.basics.tsv`, unpacked. Kept are films, series, videos and specials, and those short films that somebody rated; no
    /// episodes, games or adult titles.
    pub fn basics(&mut self, list: impl BufRead) -> Result<Read, Error> {
        imdb::basics(self, list)
    }

    /// `title.akas.tsv`, unpacked. Kept are the names of every region, of titles that somebody rated: IMDb makes up names for
    /// millions of titles that nobody saw.
    pub fn akas(&mut self, list: impl BufRead) -> Result<Read, Error> {
        imdb::akas(self, list)
    }

    /// TMDB's `movie_ids` or `tv_series_ids`, unpacked.
    pub fn tmdb(&mut self, kind: Kind, list: impl BufRead) -> Result<Read, Error> {
        tmdb::export(self, kind, list)
    }

    /// Completes the file. `about` is given back by [`crate::TitleIndex::about`].
    pub fn finish(self, about: &[u8]) -> Result<Summary, Error> {
        let Self { mut output, sorting, titles, .. } = self;
        let bits = layout::bucket_bits(sorting.len());
        let (entries, directory) = output.table(bits, sorting.sorted()?)?;
        let bytes = output.finish(&directory, about, |header| layout::Header {
            titles,
            entries,
            bucket_bits: bits,
            about_len: about.len() as u32,
            ..header
        })?;
        Ok(Summary { titles, keys: entries, bytes })
    }

    /// Writes a title and files it under its names. Returns where it stands.
    fn add(&mut self, list: &'static str, record: &Record, names: &[&str]) -> Result<u32, Error> {
        let at = self.output.record(record)?.ok_or(Error::TooMany { list })?;
        self.titles += 1;
        for name in names {
            self.file(list, at, name)?;
        }
        Ok(at)
    }

    fn file(&mut self, list: &'static str, record: u32, name: &str) -> Result<(), Error> {
        if self.sorting.len() > MOST_KEYS {
            return Err(Error::TooMany { list });
        }
        for key in fold::keys(name) {
            self.sorting.push(Entry { hash: layout::hash(&key), record })?;
        }
        Ok(())
    }
}
