//! The words of release names, looked up. The words themselves are text files in `words/`, which a native speaker mends
//! without knowing Rust; here they are read once, at the first name.
//!
//! ```text
//! release.txt     1080p, BluRay, x265, Extended: a Tag and how sure it is      tags.rs
//! languages.txt   names and codes of languages, flags                          tags.rs
//! counting.txt    seasons, episodes, numbers in words                          classes.rs
//! titles.txt      articles, kinds, what titles end with                        classes.rs
//! dates.txt       months                                                       classes.rs
//! files.txt       extensions, folders, subtitle files                          classes.rs
//! sites.txt       channels, websites, groups                                   classes.rs
//! captions.txt    labels of lines, hashtags, adverts                           captions.rs
//! ```
//!
//! Logic asks for a meaning and never for a spelling: `text.is(i, Class::Season)`, not `text.low(i) == "season"`. Letters of a
//! notation (the `x` of 1x02) are logic.
//!
//! # How to add a word
//!
//! Find the meaning in its file, add the word to the row of its language or write a row of your own, and run the crate's
//! tests: they tell of doubles, of conflicts, and of words that no name can hold.
//!
//! # How to add a meaning
//!
//! Name it in [`classes::Class`] (or [`tags::Tag`], if it is a value of a field), give it rows, and ask for it.

pub mod captions;
mod classes;
mod fold;
mod index;
mod tags;
#[cfg(test)]
mod tests;

pub use classes::Class;
pub use fold::fold;
pub use index::{Entry, Phrase, entry, flags, list};
pub use tags::{Strength, Tag};

/// Whether a word, in lower case, has this meaning.
pub fn is(word: &str, class: Class) -> bool {
    entry(word).is(class)
}

/// The language that a word names, also when it says something else first ("it" is a store as well).
pub fn language(word: &str) -> Option<&'static str> {
    entry(word).language()
}

/// What a single word says of the file.
pub fn tag(word: &str) -> Option<(Tag, Strength)> {
    entry(word).tag()
}

/// A line of a words file.
#[derive(Debug)]
struct Row<const COLUMNS: usize> {
    columns: [&'static str; COLUMNS],
    words: &'static str,
}

impl<const COLUMNS: usize> Row<COLUMNS> {
    fn words(&self) -> impl Iterator<Item = &'static str> + use<COLUMNS> {
        self.words.split(',').map(str::trim).filter(|word| !word.is_empty())
    }
}

/// The rows of a words file: so many columns, then the words, parted by `|`. Others than comments are skipped when they have
/// another form; a test finds them.
fn rows<const COLUMNS: usize>(file: &'static str) -> impl Iterator<Item = Row<COLUMNS>> {
    file.lines().filter_map(|line| {
        let mut parts = line.splitn(COLUMNS + 1, '|').map(str::trim);
        let columns: [&str; COLUMNS] = std::array::from_fn(|_| parts.next().unwrap_or_default());
        let words = parts.next()?;
        (!line.starts_with('#')).then_some(Row { columns, words })
    })
}
