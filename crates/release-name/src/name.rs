//! Where the title starts and ends, and which year is the film's.
//!
//! A title starts behind groups, sites and technical brackets, and ends at the first thing that is certainly not a title
//! word: a year, an episode, a resolution. From there it gives back, right to left, the words that may be either
//! ("Extended", "FRENCH") and stand against that border.

use super::dates;
use super::marks::Marks;
use super::rules::Rule;
use super::tokens::{Gap, Text, leading_number};
use super::vocab::{Strength, What};
use super::years;

/// The title's tokens: `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: usize,
    pub end: usize,
}

/// Where a title starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub first: usize,
    /// A group in brackets stands before it.
    pub has_group: bool,
}

/// Finds the first token of the title: behind leading brackets, sites and numbers.
pub fn start(text: &Text<'_>, marks: &Marks) -> Head {
    let mut i = 0;
    let mut has_group = false;
    // Each step looks ahead, so their number is bounded: no name has more in front of its title.
    for _ in 0..12 {
        if i >= text.len() {
            break;
        }
        if text.bracket(i) != 0 && text.gap(i).has(Gap::OPEN) {
            let end = text.bracket_end(i);
            let all_marked = (i..end).all(|t| !marks.is_free(t));
            // "(500) Days": a number in brackets is a title's own.
            let is_year = dates::year(text, 0).is_some() && (1..text.len()).all(|t| dates::year(text, t).is_none());
            if i == 0 && end == 1 && text.number(0).is_some() && text.source.trim_start().starts_with('(') && !is_year {
                // "(1)Title": the number of a copy or of a film in a box.
                let is_glued = text.gap(1) == Gap::CLOSE && text.low(0).len() <= 2 && text.len() > 1;
                if is_glued {
                    i = 1;
                    continue;
                }
                return Head { first: 0, has_group };
            }
            if is_open_text(text, marks, end) {
                has_group |= !all_marked;
                i = end;
                continue;
            }
            if all_marked {
                i = end;
                continue;
            }
            return stacked(text, marks, i, has_group);
        }

        match marks.at(i) {
            Some(mark) if mark.strength == Strength::Firm => {
                // "1080p HEVC - Title ...": what is technical ahead of all is not the title.
                let mut next = mark.last + 1;
                while i == 0
                    && let Some(mark) = marks.at(next).filter(|m| m.strength == Strength::Firm && is_technical(m.what))
                {
                    next = mark.last + 1;
                }
                if !has_title_after(text, marks, next) {
                    return Head { first: i, has_group };
                }
                i = next;
            }
            // "Tamil - Title (2019)"
            Some(mark)
                if matches!(mark.what, What::Language(_))
                    && mark.strength == Strength::Loose
                    && text.gap(mark.last + 1).is_spaced_dash()
                    && has_title_after(text, marks, mark.last + 1) =>
            {
                i = mark.last + 1;
            }
            _ => return Head { first: i, has_group },
        }
    }
    Head { first: 0, has_group }
}

fn is_technical(what: What) -> bool {
    !matches!(what, What::Number | What::Site | What::Date | What::Year | What::Crc | What::Noise)
}

/// Chooses among brackets that hold everything: `[group][native title][Latin title][05][1080p]`. The first is the
/// group's; of the others the title in Latin letters is the one that providers find.
fn stacked(text: &Text<'_>, marks: &Marks, from: usize, has_group: bool) -> Head {
    let mut heads: Vec<usize> = Vec::new();
    let mut i = from;
    while i < text.len() && heads.len() < 6 {
        let end = text.bracket_end(i);
        let is_section = marks.at(i).is_some_and(|m| m.what == What::Noise);
        if is_section {
            i = end;
            continue;
        }
        let is_count = leading_number(text.low(i)).is_some() && end <= i + 2;
        let counts = is_count && super::dates::year(text, i).is_none();
        if text.bracket(i) == 0 || (!heads.is_empty() && (marks.is_firm(i) || counts)) {
            break;
        }
        if (i..end).any(|t| marks.is_free(t)) && !is_count {
            heads.push(i);
        }
        i = end;
    }
    match heads.as_slice() {
        [] => Head { first: from, has_group },
        [only] => Head { first: *only, has_group },
        [_, titles @ ..] => {
            let latin = |head: &&usize| (**head..text.bracket_end(**head)).any(|t| is_latin(text.raw(t)));
            let after_native = titles.iter().skip_while(latin).find(latin);
            let first = after_native.or_else(|| titles.iter().find(latin)).or(titles.first()).copied().unwrap_or(from);
            Head { first, has_group: true }
        }
    }
}

/// The native title of `[group][native title][Latin title]`.
pub fn before(text: &Text<'_>, marks: &Marks, title: Span) -> Option<Span> {
    let last = title.first.checked_sub(1)?;
    let bracket = text.bracket(last);
    if bracket == 0 || text.bracket(title.first) == 0 || !is_latin(text.raw(title.first)) {
        return None;
    }
    let first = (0..=last).rev().take_while(|i| text.bracket(*i) == bracket).last()?;
    let is_native_title =
        first > 0 && (first..=last).all(|i| marks.is_free(i)) && text.raw(first).chars().any(is_native);
    is_native_title.then_some(Span { first, end: title.first })
}

/// Letters that providers search by.
pub fn is_latin(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_alphabetic())
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
            None => return text.low(i).chars().any(char::is_alphanumeric),
            Some(mark) if mark.strength < Strength::Firm => return true,
            Some(mark)
                if matches!(mark.what, What::Number | What::Site | What::Date | What::Year)
                    || mark.rule == Rule::SeasonalSection =>
            {
                i = mark.last + 1
            }
            Some(_) => return false,
        }
    }
    false
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
            Some(mark) if mark.strength < Strength::Firm => return text.bracket(i) == 0,
            Some(mark)
                if matches!(mark.what, What::Number | What::Site | What::Date | What::Year) || text.bracket(i) != 0 =>
            {
                i = mark.last + 1
            }
            Some(_) => return false,
        }
    }
    false
}

/// A year that the title cannot do without: `Space 1999`, `Class of 1984`.
fn is_title_word(text: &Text<'_>, start: usize, at: usize) -> bool {
    if at <= start || text.gap(at).is_bracket() {
        return false;
    }
    if years::hangs(text.low(at - 1)) && text.gap(at).is_blank() {
        return true;
    }
    let mut words = String::new();
    for i in start.max(at.saturating_sub(4))..=at {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(text.low(i));
    }
    years::closes_a_title(&words)
}

/// Chooses the year and marks it. `start` is the title's first token.
pub fn year(text: &Text<'_>, marks: &mut Marks, start: usize, has_date: bool) -> Option<u16> {
    let is_candidate =
        |i: usize| marks.is_free(i).then(|| dates::year(text, i)).flatten().filter(|_| !is_title_word(text, start, i));
    let mut bracketed = None;
    let mut plain = None;
    let mut late = None;
    let mut border = false;
    for i in 0..text.len() {
        if i > start
            && marks.at(i).is_some_and(|m| m.strength == Strength::Firm && !matches!(m.what, What::Site))
            && text.bracket(i) == text.bracket(start)
        {
            border = true;
        }
        let Some(year) = is_candidate(i).filter(|_| i <= start || !goes_on_to_number(text, marks, i)) else { continue };
        let opens = text.gap(i).has(Gap::OPEN);
        let alone = opens
            && (text.gap(i + 1).has(Gap::CLOSE)
                || text.gap(i + 1).has(Gap::COMMA)
                || text.gap(i + 1).has(Gap::HYPHEN)
                || text.gap(i + 1).has(Gap::SLASH));
        if alone && (i > start || text.bracket(i) != text.bracket(start)) {
            bracketed = bracketed.or(Some((i, year)));
        } else if i > start && !border {
            // 1994-2004 begins with its first.
            let continues = text.gap(i).has(Gap::HYPHEN)
                && !text.gap(i).is_spaced_dash()
                && i > 0
                && dates::year(text, i - 1).is_some();
            if !continues {
                plain = Some((i, year));
            }
        } else if i > start && late.is_none() {
            late = Some((i, year));
        }
    }
    let (at, year, rule) = bracketed
        .map(|(at, year)| (at, year, Rule::BracketedYear))
        .or(plain.map(|(at, year)| (at, year, Rule::LastYear)))
        .or(late.map(|(at, year)| (at, year, Rule::LateYear)))
        .or_else(|| {
            leading_year(text, marks, start).filter(|_| !has_date).map(|(at, year)| (at, year, Rule::LeadingYear))
        })?;
    let last = if text.gap(at + 1).has(Gap::HYPHEN)
        && !text.gap(at + 1).is_bracket()
        && dates::year(text, at + 1).is_some()
        && marks.is_free(at + 1)
    {
        at + 1
    } else {
        at
    };
    marks.put(at, last, What::Year, Strength::Firm, rule);
    Some(year)
}

/// `Scam.1992.The.Some.Story.S01E05`: the title goes on behind the year, up to the episode. One word more may be a country
/// or a part.
fn goes_on_to_number(text: &Text<'_>, marks: &Marks, year: usize) -> bool {
    let words = (year + 1..text.len())
        .take_while(|i| marks.is_free(*i) && text.gap(*i).is_blank() && dates::year(text, *i).is_none())
        .count();
    let is_stated = |m: &super::marks::Mark| matches!(m.rule, Rule::SeasonAndEpisode | Rule::Season);
    words >= 2 && text.gap(year).is_blank() && marks.at(year + 1 + words).is_some_and(is_stated)
}

/// `2009.some.film.dvd9`: a year ahead of everything, when title words follow it.
fn leading_year(text: &Text<'_>, marks: &Marks, start: usize) -> Option<(usize, u16)> {
    let year = dates::year(text, start).filter(|_| marks.is_free(start))?;
    let next = start + 1;
    let words = (next..text.len()).take_while(|i| marks.is_free(*i)).count();
    (words >= 2 && text.bracket(start) == 0 || text.gap(next).is_spaced_dash() && words >= 1).then_some((start, year))
}

/// Finds where the title ends.
pub fn end(text: &Text<'_>, marks: &Marks, first: usize) -> Span {
    let opens_title = text.bracket(first) != 0 && first == 0 && text.bracket_end(0) == 1 && text.number(0).is_some();
    let (home, outer) = if opens_title { (0, 0) } else { (text.bracket(first), text.outer_bracket(first)) };
    let mut end = first + 1;
    while end < text.len() {
        if marks.is_firm(end) {
            break;
        }
        if home != 0 && text.outer_bracket(end) != outer {
            break;
        }
        let gap = text.gap(end);
        if gap.has(Gap::PIPE) {
            break;
        }
        if gap.has(Gap::OPEN) && text.bracket(end) != home {
            let close = text.bracket_end(end).max(end + 1);
            let technical = (end..close).any(|i| !marks.is_free(i));
            // "You Can (Not) Advance": words go on behind the bracket.
            let goes_on = close < text.len()
                && marks.is_free(close)
                && text.bracket(close) == home
                && !text.gap(close).has(Gap::OPEN)
                && !text.gap(close).is_spaced_dash()
                // "Имя (Name). The Episode": the bracket closed the title.
                && !(text.gap(close).has(Gap::DOT) && text.gap(close).has(Gap::SPACE))
                && !gap.has(Gap::CLOSE);
            if technical || !goes_on {
                break;
            }
            end = close;
            continue;
        }
        end += 1;
    }
    Span { first, end: give_back(text, marks, first, end) }
}

/// Walks back over the words that belong to the border rather than to the title.
fn give_back(text: &Text<'_>, marks: &Marks, first: usize, end: usize) -> usize {
    let border = marks.at(end).map(|m| m.what);
    let at_technical =
        marks.is_firm(end) && !matches!(border, Some(What::Year | What::Number | What::Site | What::Date));
    let in_bracket = text.gap(end).has(Gap::OPEN)
        && (end..text.bracket_end(end)).all(|i| !marks.is_free(i))
        && !matches!(border, Some(What::Year));
    let mut end_now = end;
    // "Some Show vom 15. März 2024": of the day, not of the title.
    if matches!(border, Some(What::Date)) && end > first + 1 && matches!(text.low(end - 1), "vom" | "du" | "от" | "від")
    {
        end_now -= 1;
    }
    // Bounded, since each step looks at the whole title.
    for _ in 0..16 {
        if end_now <= first + 1 {
            break;
        }
        let Some(mark) = marks.at(end_now - 1) else { break };
        if mark.first <= first {
            break;
        }
        // Capitals among other words are a tag: "Dark.GERMAN.S03".
        let shouted = is_shouted(text, mark.first, mark.last) && !is_shouted(text, first, mark.first - 1);
        let quiet = is_quiet(text, mark.last) && !is_quiet(text, first);
        let yields = match mark.what {
            // "Der Weg German 2011": scene names put the language before the year; "The Good German 2006" is a title.
            What::Language(code)
                if matches!(border, Some(What::Year))
                    && mark.strength == Strength::Loose
                    && !is_dubbing(code)
                    && !text.gap(mark.first).is_spaced_dash() =>
            {
                let article = matches!(text.low(first), "the" | "a" | "an" | "my" | "our");
                shouted
                    || quiet
                    || (!article
                        && mark.first >= first + 3
                        && !text.source.contains(' ')
                        && languages_behind(marks, end) == 0)
            }
            What::Language(_) | What::SubtitleWord | What::Dubbed | What::Noise => {
                matches!(mark.rule, Rule::Disc | Rule::MovieInLanguage)
                    // "Title - Tamil - 2019", "Title Tamil (2019)"
                    || matches!(mark.what, What::Language(code) if text.gap(mark.first).is_spaced_dash() || is_dubbing(code))
                        && mark.strength == Strength::Loose
                    // "Title Full Movie 2019"
                    || mark.what == What::Noise && mark.strength == Strength::Loose && mark.last > mark.first
                    || mark.strength == Strength::Loose && (at_technical || in_bracket || shouted || quiet)
                    || mark.strength == Strength::Faint && shouted && at_technical
            }
            // "Title DC (1979)": an abbreviation counts in capitals, right before the year or something technical.
            // "Ultimate Collectors Edition": an adjective counts before an edition.
            What::Edition(_) => {
                mark.strength == Strength::Loose
                    || shouted && (border.is_some() || in_bracket)
                    || marks.at(end_now).is_some_and(|m| matches!(m.what, What::Edition(_)))
            }
            // "The Last of Us S01E03"
            What::Country(_) => {
                !matches!(text.low(mark.first - 1), "of" | "between" | "among" | "like" | "around" | "within")
            }
            What::Complete => {
                mark.strength == Strength::Loose
                    && (at_technical
                        || matches!(border, Some(What::Number))
                        || in_bracket
                        || end == text.len()
                        || shouted
                        || mark.last > mark.first)
            }
            What::Source(_) | What::Audio(_) | What::Video(_) | What::Channels(_) => {
                mark.strength == Strength::Loose && (at_technical || shouted && border.is_some())
                    // "Title.TS.XviD", "Title TC x264"
                    || matches!(mark.what, What::Source(_)) && (shouted || is_of_one_case(text)) && at_technical
                    // "UFC 179 PPV HDTV"
                    || matches!(mark.what, What::Source("PPVRip")) && at_technical
            }
            What::Network(_) => {
                at_technical && (mark.strength == Strength::Loose || matches!(border, Some(What::Source(_))) || shouted)
            }
            _ => mark.strength == Strength::Loose || (at_technical && shouted),
        };
        if !yields {
            break;
        }
        end_now = mark.first;
    }
    // "Ultimate Fan Edit": a name of nothing but editions has no title.
    let is_edition = |i: usize| marks.at(i).is_some_and(|m| matches!(m.what, What::Edition(_)));
    if first == 0 && end_now == 1 && text.len() > 1 && (0..text.len()).all(is_edition) {
        return 0;
    }
    end_now
}

/// Indian films are posted once for each language, which stands right behind the title; few titles end so.
fn is_dubbing(code: &str) -> bool {
    matches!(code, "hi" | "ta" | "te" | "ml" | "kn" | "bn" | "mr" | "pa" | "gu" | "or" | "bho")
}

fn languages_behind(marks: &Marks, end: usize) -> usize {
    marks
        .iter()
        .filter(|m| m.first >= end && matches!(m.what, What::Language(_)) && m.strength > Strength::Faint)
        .count()
}

/// All letters are capitals, and there are at least two.
fn is_shouted(text: &Text<'_>, first: usize, last: usize) -> bool {
    let mut letters = 0;
    for i in first..=last {
        for c in text.raw(i).chars().filter(|c| c.is_alphabetic()) {
            if c.is_lowercase() {
                return false;
            }
            letters += 1;
        }
    }
    letters >= 2
}

/// Nothing is capitals, or all is: then they say nothing.
fn is_of_one_case(text: &Text<'_>) -> bool {
    !text.source.contains(char::is_uppercase) || !text.source.contains(char::is_lowercase)
}

fn is_quiet(text: &Text<'_>, i: usize) -> bool {
    text.raw(i).chars().next().is_some_and(char::is_lowercase)
}

/// A title in several scripts or languages, parted: the one that providers find best, and the others.
pub fn readings(text: &Text<'_>, span: Span) -> (Span, Vec<Span>) {
    let mut parts = Vec::new();
    let mut first = span.first;
    let mut i = first + 1;
    let native = (span.first..span.end).any(|i| text.raw(i).chars().any(is_native));
    while i < span.end {
        let gap = text.gap(i);
        let slashed = gap.has(Gap::SLASH) && (gap.has(Gap::SPACE) || native)
            || gap.has(Gap::UNDERSCORE) && gap.has(Gap::SPACE) && text.bracket(i) != 0;
        let is_aka = matches!(text.low(i), "aka") && i + 1 < span.end;
        if slashed || is_aka {
            parts.push(Span { first, end: i });
            first = i + usize::from(is_aka);
        }
        i += 1;
    }
    parts.push(Span { first, end: span.end });
    if parts.len() == 1 {
        return by_script(text, span).unwrap_or((span, Vec::new()));
    }
    let is_plain = |s: &Span| {
        (s.first..s.end).any(|i| is_latin(text.raw(i)))
            && (s.first..s.end).all(|i| text.raw(i).is_ascii() || is_latin(text.raw(i)))
    };
    let mixed = |s: &Span| (s.first..s.end).any(|i| is_latin(text.raw(i)) && text.raw(i).chars().any(is_native));
    let is_bilingual = parts.iter().any(|s| !is_plain(s) || mixed(s));
    let best = if is_bilingual { parts.iter().position(|s| is_plain(s) && !mixed(s)).unwrap_or(0) } else { 0 };
    let chosen = parts.remove(best);
    (chosen, parts)
}

/// Scripts whose names of films are written beside the Latin ones without any mark between.
pub fn is_native(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{6ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// `我的人间烟火.Fireworks`: a native title, then the Latin one, or the other way round.
fn by_script(text: &Text<'_>, span: Span) -> Option<(Span, Vec<Span>)> {
    let native = |i: &usize| text.raw(*i).chars().any(is_native);
    if (span.first..span.end).any(|i| native(&i) && is_latin(text.raw(i))) {
        return None;
    }
    let latin = |i: &usize| is_latin(text.raw(*i)) && text.raw(*i).len() >= 2;
    let head = (span.first..span.end).take_while(native).count();
    let cut = span.first + head;
    if head > 0 && cut < span.end && (cut..span.end).any(|i| latin(&i)) && !(cut..span.end).any(|i| native(&i)) {
        return Some((Span { first: cut, end: span.end }, vec![Span { first: span.first, end: cut }]));
    }
    let tail = (span.first..span.end).rev().take_while(native).count();
    let cut = span.end - tail;
    (tail > 0 && cut > span.first && (span.first..cut).any(|i| latin(&i)) && !(span.first..cut).any(|i| native(&i)))
        .then(|| (Span { first: span.first, end: cut }, vec![Span { first: cut, end: span.end }]))
}

/// The Latin title that stands behind a native one and what belongs to it: `原名 第二季 / Title S2`, `原名[全24集].Title.S01`.
pub fn second(text: &Text<'_>, marks: &Marks, title: Span) -> Option<Span> {
    if (title.first..title.end).any(|i| is_latin(text.raw(i)) && !text.raw(i).chars().any(is_native))
        && !(title.first..title.end).any(|i| text.raw(i).chars().any(is_native))
    {
        return None;
    }
    let mut i = title.end;
    let mut crossed = false;
    while i < text.len() {
        if text.bracket(i) != 0 && text.bracket(title.first) == 0 {
            crossed = true;
            i = text.bracket_end(i);
            continue;
        }
        match marks.at(i) {
            Some(mark) if matches!(mark.what, What::Number | What::Site) => i = mark.last + 1,
            None => break,
            Some(_) => return None,
        }
    }
    if i >= text.len() || !is_latin(text.raw(i)) || !marks.is_free(i) || !(text.gap(i).has(Gap::SLASH) || crossed) {
        return None;
    }
    let span = end(text, marks, i);
    let numbered = marks.at(span.end).is_some_and(|m| matches!(m.what, What::Number | What::Year));
    numbered.then_some(span)
}

/// The words of a span as a person writes them: dots and underscores that stand for spaces become spaces.
pub fn words(text: &Text<'_>, first: usize, end: usize) -> String {
    if first >= end || end > text.len() {
        return String::new();
    }
    let source = &text.source[text.tokens[first].start..text.tokens[end - 1].end];
    let spaced = source.contains(' ') || text.is_spaced() && (source.contains('+') || source.contains("%20"));
    let mut out = String::with_capacity(source.len() + 1);
    // "(500) Days": the bracket that opens before the first word closes among them.
    if text.bracket(first) != 0
        && text.bracket(end - 1) != text.bracket(first)
        && text.source[..text.tokens[first].start].ends_with('(')
    {
        out.push('(');
    }
    for (n, i) in (first..end).enumerate() {
        if n > 0 {
            join(&mut out, &text.between(i), spaced, text.raw(i - 1), text.raw(i));
        }
        out.push_str(text.raw(i));
    }
    // "S.H.I.E.L.D." keeps the dot that closes it.
    if text.gap(end).has(Gap::DOT) && end - first >= 2 && is_initial(text.raw(end - 1)) && is_initial(text.raw(end - 2))
    {
        out.push('.');
    }
    out.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '~' | ',' | '/' | '|' | '#' | ':')).to_owned()
}

fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}

fn join(out: &mut String, between: &str, spaced: bool, left: &str, right: &str) {
    // S.H.I.E.L.D. and M.B.B.S. are one word.
    if between == "." && !spaced && is_initial(left) && is_initial(right) && left != "I" && right != "I" {
        out.push('.');
        return;
    }
    let mut was_space = false;
    for c in between.chars() {
        let c = match c {
            '_' | '\t' | '\n' | '\r' => ' ',
            '.' if !spaced => ' ',
            c => c,
        };
        if c == ' ' && was_space {
            continue;
        }
        was_space = c == ' ';
        out.push(c);
    }
}
