//! Lines of technical words alone: `Hindi | Tamil`, `720p WEB-DL & ESub @channel`. They name nothing.

use super::draft::Draft;
use super::marks::Mark;
use super::words::{Class, Strength, Tag};

/// Whether all words of a line are technical. Words that may as well be a film ("Red", "It", "Max" are stores too) do not make it
/// such a line.
pub fn is_technical(line: &str) -> bool {
    let Draft { text, marks, .. } = &Draft::technical(line);
    let says = |m: &Mark| {
        m.strength > Strength::Faint && !matches!(m.tag, Tag::Noise | Tag::Edition(_) | Tag::Complete | Tag::Country(_))
    };
    let stands_between = |i: usize| text.raw(i).starts_with('@') || text.is(i, Class::BetweenTags);
    marks.iter().any(says) && (0..text.len()).all(|i| !marks.is_free(i) || stands_between(i))
}
