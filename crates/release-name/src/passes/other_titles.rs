//! The other names of a film in one title: `Имя / Name`, `Name AKA Other`, `Name (Other Name)`, `我的人间烟火.Fireworks`.
//!
//! Providers find the one in Latin letters best, so it becomes the title wherever it stands.

use super::title::{self, is_latin, is_native_word};
use super::{Pass, example};
use crate::draft::{Draft, Span};
use crate::marks::Marks;
use crate::text::{Gap, Text};
use crate::words::{Class, Tag};

pub const PASS: Pass = Pass {
    name: "other titles",
    looks_at: "the title, and what stands right before and behind it",
    fills: &["title", "best", "others"],
    run,
    examples: &[
        example("Имя / Name (2019)", "Имя", "alternative_titles"),
        example("Harvest Moon AKA Other Moon (2019)", "Other Moon", "alternative_titles"),
        example("Kimi no Na wa (Your Name) 1080p", "Your Name", "alternative_titles"),
        example("盐路 第二季 / Salt Road S02", "Salt Road", "title"),
        example("我的人间烟火.Fireworks.2023.1080p", "Fireworks", "title"),
        example("[Group][云之城][Kumo no Machi][05]", "云之城", "alternative_titles"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let title = draft.title;
    // Where something else stands, there is no title to part.
    if !title::is_taken(&draft.marks, title.first) {
        (draft.best, draft.others) = part(&draft.text, title);
        let bracketed = bracketed(&draft.text, &draft.marks, title.end);
        let piped = behind_pipe(&draft.text, &draft.marks, title);
        draft.others.extend(bracketed.into_iter().chain(piped));
        // "Соляной путь (Salt Road) 2008", "Соляной путь | Salt Road (2008)"
        let is_foreign = |span: Span| (span.first..span.end).any(|i| is_foreign_word(&draft.text, i));
        if let Some(latin) = bracketed.or(piped).filter(|span| !is_foreign(*span) && is_foreign(draft.best))
            && (latin.first..latin.end).any(|i| is_latin(draft.text.raw(i)))
            && !(draft.best.first..draft.best.end).any(|i| is_latin(draft.text.raw(i)))
        {
            draft.others.insert(0, draft.best);
            draft.others.retain(|other| *other != latin);
            draft.best = latin;
        }
    }
    let Draft { text, marks, .. } = &*draft;
    if let Some(latin) = latin_behind(text, marks, title) {
        draft.others.insert(0, draft.best);
        draft.best = latin;
        draft.title.end = latin.end;
    } else if let Some(native) = native_before(text, marks, title) {
        draft.others.push(native);
    }
}

/// `Kimi no Na wa (Your Name)`: a bracket of plain words right behind is another name.
fn bracketed(text: &Text<'_>, marks: &Marks, first: usize) -> Option<Span> {
    if !text.gap(first).has(Gap::OPEN) || first >= text.len() {
        return None;
    }
    let end = text.bracket_end(first);
    ((first..end).all(|i| marks.is_free(i)) && end < text.len()).then_some(Span { first, end })
}

/// `Salt Road | Соляная дорога (2019)`.
fn behind_pipe(text: &Text<'_>, marks: &Marks, title: Span) -> Option<Span> {
    let first = title.end;
    if !text.gap(first).has(Gap::PIPE) || !marks.is_free(first) {
        return None;
    }
    let mut end = first + 1;
    while marks.is_free(end) && !text.gap(end).has(Gap::PIPE) && !text.gap(end).is_bracket() {
        end += 1;
    }
    let is_name = (first..end).any(|i| text.raw(i).chars().any(char::is_alphabetic));
    let is_whole = marks.is_firm(end) && text.bracket(first) == text.bracket(title.first);
    (is_name && is_whole).then_some(Span { first, end })
}

/// A title in several scripts or languages, parted: the one that providers find best, and the others.
fn part(text: &Text<'_>, title: Span) -> (Span, Vec<Span>) {
    let mut parts = cuts(text, title);
    if parts.is_empty() {
        return by_script(text, title)
            .or_else(|| side_by_side(text, title))
            .map_or((title, Vec::new()), |(best, other)| (best, vec![other]));
    }
    let is_plain = |s: &Span| {
        (s.first..s.end).any(|i| is_latin(text.raw(i)))
            && (s.first..s.end).all(|i| text.raw(i).is_ascii() || is_latin(text.raw(i)))
    };
    let is_mixed = |s: &Span| (s.first..s.end).any(|i| is_latin(text.raw(i)) && is_native_word(text, i));
    let is_bilingual = parts.iter().any(|s| !is_plain(s) || is_mixed(s));
    let best = if is_bilingual { parts.iter().position(|s| is_plain(s) && !is_mixed(s)).unwrap_or(0) } else { 0 };
    let chosen = parts.remove(best);
    (chosen, parts)
}

/// The parts between slashes and AKAs; none when there are no such.
fn cuts(text: &Text<'_>, title: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut first = title.first;
    let is_native = (title.first..title.end).any(|i| is_native_word(text, i));
    let mut i = first + 1;
    while i < title.end {
        let gap = text.gap(i);
        let slashed = gap.has(Gap::SLASH) && (gap.has(Gap::SPACE) || is_native)
            || gap.has(Gap::UNDERSCORE) && gap.has(Gap::SPACE) && text.bracket(i) != 0;
        let is_aka = text.is(i, Class::AlsoKnownAs) && i + 1 < title.end;
        // "a.k.a."
        let is_spelled = i + 3 < title.end && text.low(i) == "a" && text.low(i + 1) == "k" && text.low(i + 2) == "a";
        if slashed || is_aka || is_spelled {
            parts.push(Span { first, end: i });
            first = i + if is_spelled { 3 } else { usize::from(is_aka) };
        }
        i += 1;
    }
    if !parts.is_empty() {
        parts.push(Span { first, end: title.end });
    }
    parts
}

/// `我的人间烟火.Fireworks`: a native title, then the Latin one, or the other way round.
fn by_script(text: &Text<'_>, span: Span) -> Option<(Span, Span)> {
    let native = |i: &usize| is_native_word(text, *i);
    if (span.first..span.end).any(|i| native(&i) && is_latin(text.raw(i))) {
        return None;
    }
    let latin = |i: &usize| is_latin(text.raw(*i)) && text.raw(*i).len() >= 2;
    let head = (span.first..span.end).take_while(native).count();
    let cut = span.first + head;
    if head > 0 && cut < span.end && (cut..span.end).any(|i| latin(&i)) && !(cut..span.end).any(|i| native(&i)) {
        return Some((Span { first: cut, end: span.end }, Span { first: span.first, end: cut }));
    }
    let tail = (span.first..span.end).rev().take_while(native).count();
    let cut = span.end - tail;
    (tail > 0 && cut > span.first && (span.first..cut).any(|i| latin(&i)) && !(span.first..cut).any(|i| native(&i)))
        .then_some((Span { first: span.first, end: cut }, Span { first: cut, end: span.end }))
}

/// `Соляной путь Salt Road`, `नमक Namak`: a run of words in another script, then one in Latin letters, or the other way round.
fn side_by_side(text: &Text<'_>, span: Span) -> Option<(Span, Span)> {
    let latin = |i: &usize| is_latin(text.raw(*i)) && !is_foreign_word(text, *i);
    let foreign = |i: &usize| is_foreign_word(text, *i);
    let tokens = span.first..span.end;
    // "名侦探·Series Title": both in one word, and no border.
    if tokens.clone().filter(foreign).any(|i| is_latin(text.raw(i))) {
        return None;
    }
    let (first_latin, last_latin) = (tokens.clone().find(latin)?, tokens.clone().rfind(latin)?);
    let (first_foreign, last_foreign) = (tokens.clone().find(foreign)?, tokens.clone().rfind(foreign)?);
    let (own, other) = if last_foreign < first_latin {
        (Span { first: first_latin, end: span.end }, Span { first: span.first, end: first_latin })
    } else if last_latin < first_foreign {
        (Span { first: span.first, end: first_foreign }, Span { first: first_foreign, end: span.end })
    } else {
        return None;
    };
    let words = tokens.clone().filter(latin).count();
    let letters: usize = tokens.clone().filter(latin).map(|i| text.raw(i).len()).sum();
    // Russian and Greek titles hold Latin words themselves: "Люди X", "Шоу LIVE". Indian, Thai and Hebrew ones do not.
    let is_mixing = tokens.clone().filter(foreign).any(|i| text.raw(i).chars().any(mixes));
    let foreigners = tokens.clone().filter(foreign).count();
    // "Lost - Остаться в живых": a dash parts them.
    let is_parted = tokens.skip(1).any(|i| text.gap(i).is_spaced_dash() && (i == own.first || i == other.first));
    // "Соль Saltroad": one long word for one.
    let is_one = words == 1 && foreigners == 1 && letters >= 5 && last_foreign < first_latin;
    let is_title = match is_mixing {
        true => words >= 2 && letters >= 5 && foreigners <= 3 * words || is_parted && letters >= 3 || is_one,
        false => letters >= 3,
    };
    is_title.then_some((own, other))
}

/// A word in letters that are not Latin.
fn is_foreign_word(text: &Text<'_>, i: usize) -> bool {
    let word = text.raw(i);
    !word.is_ascii()
        && word.chars().any(|c| c.is_alphabetic() && c > '\u{24f}' && !matches!(c, '\u{1e00}'..='\u{1eff}'))
}

/// Greek and Cyrillic.
fn mixes(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{52f}')
}

/// The Latin title that stands behind a native one and what belongs to it: `原名 第二季 / Title S2`, `原名[全24集].Title.S01`.
fn latin_behind(text: &Text<'_>, marks: &Marks, whole: Span) -> Option<Span> {
    if (whole.first..whole.end).any(|i| is_latin(text.raw(i)) && !is_native_word(text, i))
        && !(whole.first..whole.end).any(|i| is_native_word(text, i))
    {
        return None;
    }
    let mut i = whole.end;
    let mut crossed = false;
    while i < text.len() {
        if text.bracket(i) != 0 && text.bracket(whole.first) == 0 {
            crossed = true;
            i = text.bracket_end(i);
            continue;
        }
        match marks.at(i) {
            Some(mark) if matches!(mark.tag, Tag::Number | Tag::Site) => i = mark.last + 1,
            None => break,
            Some(_) => return None,
        }
    }
    if i >= text.len() || !is_latin(text.raw(i)) || !marks.is_free(i) || !(text.gap(i).has(Gap::SLASH) || crossed) {
        return None;
    }
    let span = title::end(text, marks, i);
    let numbered = marks.at(span.end).is_some_and(|m| matches!(m.tag, Tag::Number | Tag::Year));
    numbered.then_some(span)
}

/// The native title of `[group][native title][Latin title]`.
fn native_before(text: &Text<'_>, marks: &Marks, title: Span) -> Option<Span> {
    let last = title.first.checked_sub(1)?;
    let bracket = text.bracket(last);
    if bracket == 0 || text.bracket(title.first) == 0 || !is_latin(text.raw(title.first)) {
        return None;
    }
    let first = (0..=last).rev().take_while(|i| text.bracket(*i) == bracket).last()?;
    let is_native_title = first > 0 && (first..=last).all(|i| marks.is_free(i)) && is_native_word(text, first);
    is_native_title.then_some(Span { first, end: title.first })
}
