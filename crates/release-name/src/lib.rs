#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod alternatives;
mod caption;
mod dates;
mod display;
mod draft;
mod ending;
mod evidence;
mod fields;
mod finish;
mod folders;
mod ids;
mod marks;
mod merge;
mod passes;
mod rank;
mod release;
mod rules;
mod technical_line;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub use alternatives::{Doubt, Reading};
pub use evidence::{Confidence, Evidence, Explained, Origin, explain};
pub use fields::{FIELDS, Field, Subject};
pub use ids::{ImdbId, TmdbId};
pub use rank::{Rank, rank};
pub use release::{Extra, Release, ReleaseKind};
pub use rules::Rule;

/// Which parser this is. Raised with every change that reads any name otherwise, so that whoever stored a [`Release`] can tell
/// that the name is worth reading again.
pub const VERSION: u16 = 3;

/// What is known about a file before any provider is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Input<'a> {
    /// The file's name, with its extension. Empty for a video that has none.
    pub name: &'a str,
    /// The post's caption; may span lines. Empty when there is none.
    pub caption: &'a str,
    /// What the file lies in, outermost first, parted by `/`: folders of an archive, a topic of a channel. Empty when
    /// there is none. The name may hold folders of its own.
    pub folder: &'a str,
}

/// Reads a name, its caption and its folder together. Any text gives a [`Release`].
///
/// Costs microseconds, a caption's lines some more (`cargo bench`); the first call reads the words files, in milliseconds.
pub fn parse(input: &Input<'_>) -> Release {
    merge::read(input, &mut evidence::Log::default())
}
