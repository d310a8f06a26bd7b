//! The title: what stands before the first thing that is certainly no title word.
//!
//! ```text
//! [Group] www.site.com  Harvest Moon Extended  2019 1080p
//!         start ──────▶ ─────────         ◀── end, then back over what may be either ("Extended", "FRENCH")
//! ```

mod back;
mod end;
mod spelling;
mod start;

pub use end::end;
pub use spelling::words;
pub use start::start;

use super::{Pass, example};
use crate::draft::{Draft, Span};
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{Strength, Tag};

pub const PASS: Pass = Pass {
    name: "title",
    looks_at: "all that is taken by now",
    fills: &["title", "best"],
    run,
    examples: &[
        example("Harvest.Moon.2019.1080p", "Harvest.Moon", "title"),
        example("[Group] Some Anime - 05 [1080p]", "Some Anime", "title"),
        example("Harvest Moon Extended 1080p", "Harvest Moon", "title"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let first = start(text, marks).first;
    let mut title = end(text, marks, first);
    // "[S02E03] Title - Name of the episode"
    let is_numbered = marks.at(0).is_some_and(|m| m.rule == Rule::SeasonAndEpisode) && text.bracket(0) != 0;
    // "003. Title - Name of the episode"
    let is_listed = marks.at(0).is_some_and(|m| m.rule == Rule::Leading)
        && text.low(0).len() >= 3
        && text.gap(first) == Gap::DOT.with(Gap::SPACE);
    if (is_numbered || is_listed)
        && let Some(dash) = (first + 1..title.end).find(|i| text.gap(*i).is_spaced_dash())
    {
        title.end = dash;
    }
    if is_taken(marks, first) {
        title = Span { first, end: first };
    }
    (draft.title, draft.best) = (title, title);
}

/// A number or a tag stands where the title should be: the name has none, and its tags all count.
pub fn is_taken(marks: &Marks, first: usize) -> bool {
    marks.at(first).is_some_and(|m| m.strength == Strength::Firm && m.tag != Tag::Year)
}

/// Scripts whose names of films are written beside the Latin ones without any mark between.
pub fn is_native(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{6ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Letters that providers search by.
pub fn is_latin(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_alphabetic())
}

/// A token of such a script.
pub fn is_native_word(text: &Text<'_>, i: usize) -> bool {
    let word = text.raw(i);
    !word.is_ascii() && word.chars().any(is_native)
}
