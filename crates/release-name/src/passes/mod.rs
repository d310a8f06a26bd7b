//! The passes: each reads a line for one thing, takes the words that say it, and leaves the rest to those behind it. What no
//! pass takes in front is the title.
//!
//! [`PASSES`] is the order. It goes from the sure to the doubtful: words that can hardly be anything else are taken first, so
//! that a bare number is only looked at when all that has a name of its own is gone, and the title is what is left.
//!
//! # How to add a pass
//!
//! 1. Make a file here with `//!` that says which names need it, and a `pub const PASS` that says what it looks at and what
//!    it fills, with an example of its own: the line, the words that it takes from it, and the field that they say.
//! 2. Take only what is sure, with [`Marks::put`](super::marks::Marks::put), or fill a field of [`Draft`]; keep which tokens
//!    said it. Words belong into `words/`, not into the pass.
//! 3. Put it into [`PASSES`], behind what it looks at and ahead of all that must not take its words first.
//! 4. The tests read each example up to its pass: with it the words are taken, without it they are not. The corpus shows what
//!    else it changed (`examples/corpus.rs`).

pub mod absolute;
mod ahead;
mod bare_resolution;
mod daily_series;
mod dates;
mod day_of_episode;
mod disc_and_version;
mod episode_title;
mod extras;
mod extras_behind;
pub mod group;
mod group_ahead;
mod native_ahead;
mod neighbours;
pub mod numbering;
mod other_titles;
mod sites;
mod specials;
mod subtitles;
pub mod title;
mod title_part;
mod words;
mod year;

use super::draft::Draft;

/// A pass. All have this shape.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "all but `run` is read by people and by tests"))]
pub struct Pass {
    pub name: &'static str,
    /// What it may look at, beside the words themselves.
    pub looks_at: &'static str,
    /// What it fills of a [`Draft`], beside marks. A test sees to it that it fills nothing else.
    pub fills: &'static [&'static str],
    pub run: fn(&mut Draft<'_>),
    pub examples: &'static [Example],
}

/// A line, and what a pass takes from it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(test), expect(dead_code, reason = "read by people and by tests"))]
pub struct Example {
    pub line: &'static str,
    /// The words that it takes.
    pub takes: &'static str,
    /// The field of the release that they say; `noise` when they say nothing of use.
    pub says: &'static str,
}

const fn example(line: &'static str, takes: &'static str, says: &'static str) -> Example {
    Example { line, takes, says }
}

/// All passes, in the order that they read a line.
pub const PASSES: &[Pass] = &[
    words::PASS,            // words and shapes:  1080p BluRay DDP5.1 "Director's Cut" Hindi
    bare_resolution::PASS,  // a bare 720 beside something technical
    neighbours::PASS,       // words of several meanings: the IT of ENG+DE+IT
    group_ahead::PASS,      // sparks-harvest.moon
    extras::PASS,           // Some Film-trailer, Some Film-deleted
    sites::PASS,            // @channel, www.site.com
    subtitles::PASS,        // the tail of Film.pt-BR.forced.srt
    dates::PASS,            // 2018.06.22
    disc_and_version::PASS, // Vol. 3v2, v2
    numbering::PASS,        // S01E02, Season 1-3, 5 серия, 第05集
    day_of_episode::PASS,   // E16.240428
    year::PASS,             // (1969)
    ahead::PASS,            // 01 - Harvest Moon (2019), HBO Salt Road S01E02
    extras_behind::PASS,    // S01 Extras, S08E06 Promo
    daily_series::PASS,     // Title 3921 - 12 January 2024
    specials::PASS,         // OVA 3, [OAD], Creditless OP5
    absolute::PASS,         // Title - 34, [05], Show.103.hdtv
    title::PASS,            // what is left in front
    other_titles::PASS,     // Имя / Name, Name (Other Name)
    episode_title::PASS,    // what stands behind the episode
    title_part::PASS,       // Part Two
    group::PASS,            // x264-GRP, [Group] Title
    native_ahead::PASS,     // [三体] Three Body
];

/// The passes that look at words and their neighbours only. Lines of technical words are read by them alone.
pub fn word_passes() -> &'static [Pass] {
    &PASSES[..3]
}
