//! Which year is the film's: the one in brackets, else the last one before anything technical.

use super::{Pass, example, title};
use crate::dates;
use crate::draft::Draft;
use crate::marks::{Mark, Marks};
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "year",
    looks_at: "where the title starts, what is technical, the episode, and the day that is said",
    fills: &["year", "start"],
    run,
    examples: &[
        example("Harvest Moon (1969) 1080p", "1969", "year"),
        example("Harvest.Moon.1969.1080p", "1969", "year"),
        example("2009.Harvest.Moon.1080p", "2009", "year"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let start = title::start(text, marks).first;
    let date = draft.date.map(|date| date.year);
    if let Some(chosen) = choose(text, marks, start, date) {
        let last = last_of_range(text, marks, chosen.at);
        marks.put(chosen.at, last, Tag::Year, Strength::Firm, chosen.rule);
        draft.year = Some(chosen.year);
    }
    draft.start = title::start(text, marks);
}

/// A year that may be the film's.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    at: usize,
    year: u16,
    rule: Rule,
}

/// `1994-2004` begins with its first.
fn last_of_range(text: &Text<'_>, marks: &Marks, at: usize) -> usize {
    let gap = text.gap(at + 1);
    let is_range =
        gap.has(Gap::HYPHEN) && !gap.is_bracket() && dates::year(text, at + 1).is_some() && marks.is_free(at + 1);
    if is_range { at + 1 } else { at }
}

/// `start` is the title's first token, `date` the year of the day that is said.
fn choose(text: &Text<'_>, marks: &Marks, start: usize, date: Option<u16>) -> Option<Candidate> {
    let mut bracketed = None;
    let mut plain = None;
    let mut late = None;
    let mut is_behind_border = false;
    for i in 0..text.len() {
        is_behind_border |= i > start && is_border(text, marks, start, i);
        let Some(year) = candidate(text, marks, start, i) else { continue };
        let found = |rule| Some(Candidate { at: i, year, rule });
        if is_boxed(text, i) && (i > start || text.bracket(i) != text.bracket(start)) {
            bracketed = bracketed.or(found(Rule::BracketedYear));
        } else if i > start && !is_behind_border {
            if !ends_range(text, i) && !is_of_native_title(text, start, i, date) {
                plain = found(Rule::LastYear);
            }
        } else if i > start {
            late = late.or(found(Rule::LateYear));
        }
    }
    bracketed.or(plain).or(late).or_else(|| leading(text, marks, start).filter(|_| date.is_none()))
}

/// `응답 1994.E01.131018`: a series that began so long before the day that its episode was aired would count seasons.
fn is_of_native_title(text: &Text<'_>, start: usize, i: usize, date: Option<u16>) -> bool {
    let is_long_ago = dates::year(text, i).is_some_and(|year| date.is_some_and(|date| date > year + 5));
    is_long_ago && (start..i).all(|word| title::is_native_word(text, word))
}

/// The title has certainly ended.
fn is_border(text: &Text<'_>, marks: &Marks, start: usize, i: usize) -> bool {
    marks.at(i).is_some_and(|m| m.strength == Strength::Firm && m.tag != Tag::Site)
        && text.bracket(i) == text.bracket(start)
}

fn candidate(text: &Text<'_>, marks: &Marks, start: usize, i: usize) -> Option<u16> {
    let year = dates::year(text, i).filter(|_| marks.is_free(i) && !is_title_word(text, start, i))?;
    (i <= start || !goes_on_to_number(text, marks, i)).then_some(year)
}

/// `(1969)`, `(1969, 1080p)`: first in its brackets, and set off from what follows.
fn is_boxed(text: &Text<'_>, i: usize) -> bool {
    text.gap(i).has(Gap::OPEN) && text.gap(i + 1).has(Gap::CLOSE.with(Gap::COMMA).with(Gap::HYPHEN).with(Gap::SLASH))
}

/// The last of `1994-2004`.
fn ends_range(text: &Text<'_>, i: usize) -> bool {
    let gap = text.gap(i);
    gap.has(Gap::HYPHEN) && !gap.is_spaced_dash() && i > 0 && dates::year(text, i - 1).is_some()
}

/// A year that the title cannot do without: `Space 1999`, `Class of 1984`.
fn is_title_word(text: &Text<'_>, start: usize, at: usize) -> bool {
    if at <= start || text.gap(at).is_bracket() {
        return false;
    }
    if text.is(at - 1, Class::Hanging) && text.gap(at).is_blank() {
        return true;
    }
    let mut title = String::new();
    for i in start.max(at.saturating_sub(4))..=at {
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(text.low(i));
    }
    words::is(&title, Class::EndsInYear)
}

/// `Scam.1992.The.Some.Story.S01E05`: the title goes on behind the year, up to the episode. One word more may be a country
/// or a part.
fn goes_on_to_number(text: &Text<'_>, marks: &Marks, year: usize) -> bool {
    let words = (year + 1..text.len())
        .take_while(|i| marks.is_free(*i) && text.gap(*i).is_blank() && dates::year(text, *i).is_none())
        .count();
    let is_stated = |m: &Mark| matches!(m.rule, Rule::SeasonAndEpisode | Rule::Season);
    words >= 2 && text.gap(year).is_blank() && marks.at(year + 1 + words).is_some_and(is_stated)
}

/// `2009.some.film.dvd9`: a year ahead of everything, when title words follow it.
fn leading(text: &Text<'_>, marks: &Marks, start: usize) -> Option<Candidate> {
    let year = dates::year(text, start).filter(|_| marks.is_free(start))?;
    let next = start + 1;
    let words = (next..text.len()).take_while(|i| marks.is_free(*i)).count();
    (words >= 2 && text.bracket(start) == 0 || text.gap(next).is_spaced_dash() && words >= 1).then_some(Candidate {
        at: start,
        year,
        rule: Rule::LeadingYear,
    })
}
