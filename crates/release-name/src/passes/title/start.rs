//! Where the title starts: behind groups, sites, numbers and technical brackets.

use crate::dates;
use crate::draft::Start;
use crate::marks::{Mark, Marks};
use crate::rules::Rule;
use crate::text::{Gap, Text, leading_number};
use crate::words::{Strength, Tag};

use super::is_latin;

/// Each step looks ahead, so their number is bounded: no name has more in front of its title.
const MOST_STEPS: usize = 12;

/// What to do at a token ahead of the title.
enum Step {
    /// Go on at another token.
    To(usize),
    Stop(Start),
}

/// Finds the first token of the title.
pub fn start(text: &Text<'_>, marks: &Marks) -> Start {
    let mut i = 0;
    let mut has_group = false;
    for _ in 0..MOST_STEPS {
        if i >= text.len() {
            break;
        }
        let step = if text.bracket(i) != 0 && text.gap(i).has(Gap::OPEN) {
            bracket(text, marks, i, &mut has_group)
        } else {
            word(text, marks, i).map_or(Step::Stop(Start { first: i, has_group }), Step::To)
        };
        match step {
            Step::To(next) => i = next,
            Step::Stop(start) => return start,
        }
    }
    Start { first: 0, has_group }
}

/// A bracket ahead: a group's, a tag's, or the title's own.
fn bracket(text: &Text<'_>, marks: &Marks, i: usize, has_group: &mut bool) -> Step {
    let end = text.bracket_end(i);
    // "(500) Days": a number in brackets is a title's own.
    if i == 0
        && end == 1
        && marks.is_free(0)
        && text.number(0).is_some()
        && text.source.trim_start().starts_with('(')
        && !is_year(text)
    {
        // "(1)Title": the number of a copy or of a film in a box.
        let is_glued = text.gap(1) == Gap::CLOSE && text.low(0).len() <= 2 && text.len() > 1;
        return if is_glued { Step::To(1) } else { Step::Stop(Start { first: 0, has_group: *has_group }) };
    }
    if i == 0 && opens_word(text, marks) {
        return Step::Stop(Start { first: 0, has_group: *has_group });
    }
    let all_marked = (i..end).all(|t| !marks.is_free(t));
    // "(Title) 05": round brackets hold no group ahead of a lone number.
    let is_title = i == 0
        && !all_marked
        && (text.opens_round(0) && is_lone_number(text, marks, end) || is_lone_year(text, marks, end));
    if is_title {
        return Step::Stop(Start { first: 0, has_group: false });
    }
    if is_open_text(text, marks, end) {
        *has_group |= !all_marked;
        return Step::To(end);
    }
    if all_marked { Step::To(end) } else { Step::Stop(stacked(text, marks, i, *has_group)) }
}

/// The first token is the name's only year.
fn is_year(text: &Text<'_>) -> bool {
    dates::year(text, 0).is_some() && (1..text.len()).all(|t| dates::year(text, t).is_none())
}

/// The token behind a word that is ahead of the title; none when the word is the title's.
fn word(text: &Text<'_>, marks: &Marks, i: usize) -> Option<usize> {
    let mark = marks.at(i)?;
    let mut next = mark.last + 1;
    if mark.strength == Strength::Firm {
        // "1080p HEVC - Title ...": what is technical ahead of all is not the title.
        let is_ahead = |m: &&Mark| m.strength == Strength::Firm && is_technical(m.tag);
        while i == 0
            && let Some(mark) = marks.at(next).filter(is_ahead)
        {
            next = mark.last + 1;
        }
        return has_title_after(text, marks, next).then_some(next);
    }
    // "Tamil - Title (2019)"
    let is_heading = matches!(mark.tag, Tag::Language(_))
        && mark.strength == Strength::Loose
        && text.gap(next).is_spaced_dash()
        && has_title_after(text, marks, next);
    is_heading.then_some(next)
}

/// What is spoken, what is read, and what lies beside a film: beside an episode these are no title.
fn is_lone_tag(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Extra(_) | Tag::Language(_) | Tag::Dubbed | Tag::DualAudio | Tag::SubtitleWord | Tag::Subtitles(_)
    )
}

fn is_technical(tag: Tag) -> bool {
    !matches!(tag, Tag::Number | Tag::Site | Tag::Date | Tag::Year | Tag::Crc | Tag::Noise)
}

/// Chooses among brackets that hold everything: `[group][native title][Latin title][05][1080p]`. The first is the
/// group's; of the others the title in Latin letters is the one that providers find.
fn stacked(text: &Text<'_>, marks: &Marks, from: usize, has_group: bool) -> Start {
    let mut heads: Vec<usize> = Vec::new();
    let mut i = from;
    while i < text.len() && heads.len() < 6 {
        let end = text.bracket_end(i);
        let is_section = marks.at(i).is_some_and(|m| m.tag == Tag::Noise);
        if is_section {
            i = end;
            continue;
        }
        let is_count = leading_number(text.low(i)).is_some() && end <= i + 2;
        let counts = is_count && dates::year(text, i).is_none();
        if text.bracket(i) == 0 || (!heads.is_empty() && (marks.is_firm(i) || counts)) {
            break;
        }
        if (i..end).any(|t| marks.is_free(t)) && !is_count {
            heads.push(i);
        }
        i = end;
    }
    match heads.as_slice() {
        [] => Start { first: from, has_group },
        [only] => Start { first: *only, has_group },
        [_, titles @ ..] => {
            let latin = |head: &&usize| (**head..text.bracket_end(**head)).any(|t| is_latin(text.raw(t)));
            let after_native = titles.iter().skip_while(latin).find(latin);
            let first = after_native.or_else(|| titles.iter().find(latin)).or(titles.first()).copied().unwrap_or(from);
            Start { first, has_group: true }
        }
    }
}

/// Whether title words stand behind, outside of brackets.
fn is_open_text(text: &Text<'_>, marks: &Marks, from: usize) -> bool {
    let mut i = from;
    while i < text.len() {
        if text.bracket(i) != 0 {
            i = text.bracket_end(i);
            continue;
        }
        match marks.at(i) {
            // "[Title].148.[720p]": a number alone is no title behind a bracket that may be one.
            None if is_lone_number(text, marks, i) => i += 1,
            None => return text.low(i).chars().any(char::is_alphanumeric),
            Some(mark) if mark.strength < Strength::Firm => return true,
            Some(mark)
                if matches!(mark.tag, Tag::Number | Tag::Site | Tag::Date | Tag::Year)
                    || mark.rule == Rule::SeasonalSection =>
            {
                i = mark.last + 1
            }
            Some(_) => return false,
        }
    }
    false
}

/// `(Un)familiar`: the first word goes on behind its bracket. Groups are longer.
pub(super) fn opens_word(text: &Text<'_>, marks: &Marks) -> bool {
    text.opens_round(0)
        && text.bracket_end(0) == 1
        && text.gap(1) == Gap::CLOSE
        && marks.is_free(1)
        && text.low(0).len() <= 3
        && [text.low(0), text.low(1)].iter().all(|word| word.starts_with(char::is_alphabetic))
}

/// `(TITLE) 2009 720p`, `[TITLE] 2007`: outside of brackets there is a year and nothing else that a title may be.
fn is_lone_year(text: &Text<'_>, marks: &Marks, i: usize) -> bool {
    let is_word =
        |t: usize| text.bracket(t) == 0 && !marks.is_firm(t) && text.low(t).chars().any(char::is_alphanumeric);
    let is_year = |t: usize| dates::year(text, t).is_some();
    // "[Group] 2012 [1080p]": groups write so, and the year is a title.
    let is_group = !text.opens_round(0) && (i + 1 >= text.len() || text.gap(i + 1).has(Gap::OPEN));
    !is_group
        && i < text.len()
        && is_year(i)
        && text.bracket(i) == 0
        && !(i + 1..text.len()).any(|t| is_word(t) || is_year(t))
}

/// The only word outside of brackets from here on is a number.
fn is_lone_number(text: &Text<'_>, marks: &Marks, i: usize) -> bool {
    let may_be = |t: usize| marks.is_free(t) || marks.at(t).is_some_and(|m| m.tag == Tag::Number);
    let is_word = |t: usize| may_be(t) && text.bracket(t) == 0 && text.low(t).chars().any(char::is_alphanumeric);
    let is_number = text.number(i).is_some_and(|_| text.low(i).len() <= 4) && dates::year(text, i).is_none();
    let is_parted = text.len() > i + 1 || text.gap(i).is_spaced_dash() || text.opens_round(0);
    is_number && is_parted && !(i + 1..text.len()).any(is_word)
}

/// Whether a free word stands somewhere behind, before anything technical outside of brackets.
fn has_title_after(text: &Text<'_>, marks: &Marks, from: usize) -> bool {
    let mut i = from;
    while i < text.len() {
        let mark = marks.at(i);
        match mark {
            None => {
                let is_count = text.number(i).is_some_and(|_| text.low(i).len() <= 3) && text.bracket(i) != 0;
                if text.low(i).chars().any(char::is_alphanumeric) && !is_count {
                    return true;
                }
                i += 1;
            }
            // "EP12 Hindi Dubbed": a tag alone is no title.
            Some(mark) if mark.strength == Strength::Loose && is_lone_tag(mark.tag) && text.bracket(i) == 0 => {
                i = mark.last + 1;
            }
            Some(mark) if mark.strength < Strength::Firm => return text.bracket(i) == 0,
            Some(mark)
                if matches!(mark.tag, Tag::Number | Tag::Site | Tag::Date | Tag::Year) || text.bracket(i) != 0 =>
            {
                i = mark.last + 1
            }
            Some(_) => return false,
        }
    }
    false
}
