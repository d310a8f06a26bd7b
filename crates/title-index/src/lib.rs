//! An index of titles on disk: which films and series have this name, or one that differs in one letter. It is built from lists that
//! others publish (IMDb's datasets, TMDB's export), stays a file that is looked into where it lies, and knows nothing of who asks.
//!
//! ```text
//! fold.rs    a name -> its keys: what is left when case, accents, spaces, articles and ways of writing numbers are gone
//! edits.rs   a key -> every key that differs in one letter
//! layout.rs  how the file stands: header, records, directory, table
//! index.rs   open, look_up
//! build/     lists -> file, in bounded memory
//! ```
//!
//! # Why a table of hashes
//!
//! A key is stored as its hash alone, eight bytes with the place of its title; the text of aliases is not kept. A name with one error
//! is looked for by asking for every key that is one edit away: some 1,500 for twenty letters, a tenth of a microsecond each. That is
//! less to store than any structure that holds the names themselves, and nothing to decode but numbers, each checked against
//! the file's length: a damaged file gives wrong candidates at worst, never a panic. With 32 bits of each hash beside those that choose the
//! bucket, three million keys answer wrongly once in some ten million look-ups, and whoever asks reads the title's details anyway.

mod build;
mod edits;
mod fold;
mod index;
mod layout;
#[cfg(test)]
mod tests;

pub use build::{Builder, Error as BuildError, Read, Summary};
pub use index::{OpenError, TitleIndex};

/// Film or series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Film,
    Series,
}

/// Whose number it is. TMDB counts films and series apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id {
    /// `tt0133093` is 133093.
    Imdb(u32),
    Tmdb(u32),
}

/// How far a name may be from the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    None,
    /// One letter wrong, missing, too many, or two neighbours swapped; never a digit, and not in what is shorter than four letters.
    One,
}

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// As they were written: the index folds them itself.
    pub names: &'a [&'a str],
    /// Leaves films of this year and the years beside it, series that had begun by the next one, and titles whose year is not known.
    pub year: Option<u16>,
    /// `None` for both.
    pub kind: Option<Kind>,
    pub edits: Edits,
}

/// A title that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub id: Id,
    pub kind: Kind,
    /// The title's first name, not the alias that was hit.
    pub name: String,
    pub year: Option<u16>,
    pub runtime_mins: Option<u16>,
    /// IMDb's; 0 when nobody voted, and for TMDB's titles.
    pub votes: u32,
    /// TMDB's, times 1000; 0 for IMDb's titles.
    pub popularity: u32,
    /// 0 for a name that is the same once folded, 1 for one with an edit.
    pub distance: u8,
    /// Which of [`Wanted::names`] it answers.
    pub asked: usize,
}

/// The most that one look-up returns.
pub const MOST_FOUND: usize = 20;
