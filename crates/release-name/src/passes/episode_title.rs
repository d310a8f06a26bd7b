//! The episode's name: what stands between its number and the next mark.

use super::{Pass, example};
use crate::draft::{Draft, Span};
use crate::marks::Mark;
use crate::text::Gap;
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "episode title",
    looks_at: "the last number behind the title, and what is technical",
    fills: &["episode_title"],
    run,
    examples: &[example("Some.Series.S01E02.The.Well.1080p", "The.Well", "episode_title")],
};

fn run(draft: &mut Draft<'_>) {
    draft.episode_title = find(draft);
}

fn find(draft: &Draft<'_>) -> Option<Span> {
    let Draft { text, marks, title, .. } = draft;
    let number = (title.end..text.len())
        .rev()
        .find(|i| marks.at(*i).is_some_and(|m| matches!(m.tag, Tag::Number | Tag::Date)))?;
    let mut first = number + 1;
    // A year or a second number may stand before it.
    while first < text.len() && marks.at(first).is_some_and(|m| matches!(m.tag, Tag::Year)) {
        first += 1;
    }
    if first >= text.len() || text.bracket(first) != text.bracket(number) && text.bracket(first) != 0 {
        return None;
    }
    let home = text.bracket(first);
    let mut end = first;
    while end < text.len() && !marks.is_firm(end) && !(text.gap(end).has(Gap::OPEN) && text.bracket(end) != home) {
        end += 1;
    }
    // What is left of it: behind the last free word all belongs to the technical part.
    let free = (first..end).rev().find(|i| marks.is_free(*i))?;
    let is_group = end == text.len() && free + 1 == end && text.gap(free).is_hyphen();
    let words = (free + 1..end).take_while(|i| is_word(draft, *i)).count();
    let end = if is_group { free } else { free + 1 + words };
    let lone = (first..end).find(|i| marks.is_free(*i))?;
    (lone < end && text.bracket(first) == 0).then_some(Span { first, end })
}

/// "The Million Dollar Cat", "What of it \[1080p\]": behind the last free word, the code of a language that is a word as well, or the
/// letters of a service with nothing technical behind them. In capitals they are what they say.
fn is_word(draft: &Draft<'_>, i: usize) -> bool {
    let Draft { text, marks, .. } = draft;
    let is_set_off = text.gap(i + 1).has(Gap::OPEN) || i + 1 >= text.len();
    let is_service = || is_set_off && marks.at(i).is_some_and(|m| is_faint_service(m, i));
    let is_loud = text.raw(i).chars().skip(1).all(char::is_uppercase);
    text.gap(i).is_blank() && !is_loud && (text.is(i, Class::CodeIsWord) || is_service())
}

fn is_faint_service(mark: &Mark, i: usize) -> bool {
    mark.strength == Strength::Faint && mark.first == i && mark.last == i && matches!(mark.tag, Tag::Network(_))
}
