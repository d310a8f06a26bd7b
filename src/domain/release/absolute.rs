//! Numbers without a word: `Title - 34`, `[05]`, `(01-25)`, `Title 07.5`, and the old `Show.103.hdtv` for S01E03.
//!
//! Here a number may as well belong to the title ("Apollo 13", "The 4400"), so each reading asks for a sign: brackets of
//! its own, a dash before it, a leading zero, a group in front as anime releases have.

use super::dates;
use super::episode::Numbering;
use super::marks::Marks;
use super::tokens::{Gap, Text};
use super::vocab::{Strength, What};

/// A number or a range of numbers.
#[derive(Clone, Copy, Debug)]
struct Count {
    first: f32,
    last: f32,
    width: usize,
    version: Option<u8>,
    /// Inclusive.
    end: usize,
}

/// Reads the episode when no word stated one. `start` is the title's first token.
pub fn read(
    text: &Text<'_>,
    marks: &mut Marks,
    start: usize,
    has_group: bool,
    has_year: bool,
    numbering: &mut Numbering,
) {
    if !numbering.episodes.is_empty() {
        return;
    }
    let found = bracketed(text, marks, start)
        .or_else(|| dashed(text, marks, start, has_group, has_year))
        .or_else(|| trailing(text, marks, start, has_group, has_year))
        .or_else(|| leading(text, marks, start, has_group));
    if let Some((at, count)) = found {
        marks.put(at, count.end, What::Number, Strength::Firm);
        numbering.version = numbering.version.or(count.version);
        fill(numbering, count);
        return;
    }
    if numbering.seasons.is_empty()
        && !has_group
        && let Some((at, season, episode)) = compressed(text, marks, start)
    {
        marks.put(at, at, What::Number, Strength::Firm);
        numbering.seasons = vec![season];
        numbering.episodes = vec![episode];
    }
}

fn fill(numbering: &mut Numbering, count: Count) {
    let whole = count.first.fract() == 0.0;
    let numbers = |from: f32, to: f32| {
        let mut list = Vec::new();
        let mut n = from;
        while n <= to {
            list.push(n);
            n += 1.0;
        }
        list
    };
    let list = numbers(count.first, count.last);
    if numbering.seasons.is_empty() || !whole {
        numbering.absolute = list;
    } else {
        // Bounded by `count`: four digits.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number below 10,000")]
        numbering.episodes.extend(list.into_iter().map(|n| n as u16));
    }
}

/// The count at a token: `05`, `05v2`, `07.5`, `01-12`, `0955 ~ 1005`.
fn count(text: &Text<'_>, marks: &Marks, i: usize) -> Option<Count> {
    let (first, width, version) = figure(text, marks, i)?;
    let mut found = Count { first, last: first, width, version, end: i };
    let next = i + 1;
    if text.gap(next) == Gap::DOT
        && version.is_none()
        && let Some((tenth, 1, _)) = figure(text, marks, next)
        && tenth >= 1.0
        && text.gap(next + 1) != Gap::DOT
    {
        found.first += tenth / 10.0;
        found.last = found.first;
        found.end = next;
        return Some(found);
    }
    let gap = text.gap(next);
    if (gap.has(Gap::HYPHEN) || gap.has(Gap::TILDE))
        && !gap.is_bracket()
        && let Some((last, digits, version)) = figure(text, marks, next)
        && last > first
        && last - first < 2000.0
        && (digits >= width || width == 1)
        && dates::year(text, next).is_none_or(|_| width == 4)
    {
        found.last = last;
        found.end = next;
        found.version = version;
    }
    Some(found)
}

/// `05`, `05v2`, `#04`, `24END`: value, digits, version.
fn figure(text: &Text<'_>, marks: &Marks, i: usize) -> Option<(f32, usize, Option<u8>)> {
    if !marks.is_free(i) {
        return None;
    }
    let low = text.low(i).trim_start_matches('#');
    let digits = low.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 4 {
        return None;
    }
    let version = match &low[digits..] {
        "" | "end" | "fin" | "tv" => None,
        rest => Some(rest.strip_prefix('v')?.parse().ok()?),
    };
    let value: u16 = low[..digits].parse().ok()?;
    Some((f32::from(value), digits, version))
}

/// A number alone in brackets of its own: `[05]`, `(01-25)`, `[24 END]`.
fn bracketed(text: &Text<'_>, marks: &Marks, start: usize) -> Option<(usize, Count)> {
    let mut i = start + 1;
    while i < text.len() {
        if text.gap(i).has(Gap::OPEN)
            && text.bracket(i) != text.bracket(start)
            && let Some(count) = count(text, marks, i)
            && (text.bracket_end(i) == count.end + 1
                || matches!(text.low(count.end + 1), "end" | "fin" | "完" | "全")
                    && text.bracket_end(i) <= count.end + 3)
            && !(count.first == count.last && dates::year(text, i).is_some())
            && !matches!(count.first as u32, 480 | 540 | 576 | 720 | 1080 | 2160)
        {
            return Some((i, count));
        }
        i += 1;
    }
    None
}

/// `Title - 34`, with what follows a dash, a bracket, something technical or the end.
fn dashed(text: &Text<'_>, marks: &Marks, start: usize, has_group: bool, has_year: bool) -> Option<(usize, Count)> {
    let mut best = None;
    for i in start + 1..text.len() {
        if !text.gap(i).is_spaced_dash() || text.bracket(i) != text.bracket(start) {
            continue;
        }
        let Some(count) = count(text, marks, i) else { continue };
        if count.first == count.last && dates::year(text, i).is_some() {
            continue;
        }
        let next = count.end + 1;
        let parts_off = next >= text.len()
            || text.gap(next).is_spaced_dash()
            || text.gap(next).is_bracket()
            || !marks.is_free(next);
        let padded = text.low(i).starts_with('0');
        if parts_off && !(has_year && count.width == 1 && !has_group)
            || padded
            || (has_group && count.width >= 2 && best.is_none())
        {
            best = Some((i, count));
            // "Title - 100 Years Quest - 01": the later one, if it stands better.
            if parts_off && (padded || count.width >= 2) {
                return best;
            }
        }
    }
    best
}

/// `[Group] Title 13`, `Title_001.mkv`, `Title 500 1080p`: the last number before the technical part.
fn trailing(text: &Text<'_>, marks: &Marks, start: usize, has_group: bool, has_year: bool) -> Option<(usize, Count)> {
    let mut i = start + 1;
    while i < text.len() {
        let is_title = text.bracket(i) == text.bracket(start);
        if is_title && marks.at(i).is_some_and(|m| m.strength == Strength::Firm && !matches!(m.what, What::Year)) {
            return None;
        }
        if is_title
            && !text.gap(i).is_bracket() | text.gap(i).has(Gap::CLOSE)
            && let Some(count) = count(text, marks, i)
        {
            let next = count.end + 1;
            let ends = next >= text.len()
                || text.gap(next).is_bracket()
                || marks.is_firm(next)
                || text.gap(next).is_spaced_dash();
            let after_word = is_volume(text.low(i - 1));
            let padded = text.low(i).trim_start_matches('#').starts_with('0') && count.width >= 2;
            let is_year = dates::year(text, i).is_some();
            let ranged = count.last > count.first;
            let by_name = text.low(i).starts_with('#');
            let sure = has_group && (count.width >= 2 || next >= text.len())
                || padded
                || by_name
                || ranged && !has_year && count.width >= 2
                || (count.width >= 3 && !has_year && marks.is_firm(next) && compressible(&count).is_none());
            if ends && !after_word && !is_year && sure && !(has_year && !has_group && !padded) {
                return Some((i, count));
            }
        }
        i += 1;
    }
    None
}

fn is_volume(word: &str) -> bool {
    matches!(
        word,
        "vol"
            | "volume"
            | "part"
            | "pt"
            | "movie"
            | "film"
            | "no"
            | "cd"
            | "disc"
            | "chapter"
            | "parte"
            | "teil"
            | "de"
    )
}

/// `12 - Title`, `01. Title`: a numbered list, or an episode ahead of its title.
fn leading(text: &Text<'_>, marks: &Marks, start: usize, has_group: bool) -> Option<(usize, Count)> {
    let count = count(text, marks, start)?;
    let next = count.end + 1;
    let dashed = text.gap(next).is_spaced_dash() || text.gap(next) == Gap::DOT.with(Gap::SPACE);
    let padded = text.low(start).starts_with('0');
    (dashed && next < text.len() && marks.is_free(next) && (padded || has_group) && count.width >= 2)
        .then_some((start, count))
}

/// `Show.103.hdtv`: season 1, episode 3.
fn compressed(text: &Text<'_>, marks: &Marks, start: usize) -> Option<(usize, u16, u16)> {
    for i in start + 1..text.len() {
        if marks.is_firm(i) && !marks.at(i).is_some_and(|m| matches!(m.what, What::Year)) {
            return None;
        }
        let Some(count) = count(text, marks, i).filter(|c| c.end == i && text.bracket(i) == 0) else { continue };
        if dates::year(text, i).is_some() || is_volume(text.low(i - 1)) {
            continue;
        }
        let Some((season, episode)) = compressible(&count) else { continue };
        let next = i + 1;
        let tv = marks.at(next).is_some_and(|m| {
            matches!(m.what, What::Source("HDTV" | "PDTV" | "TVRip" | "SATRip" | "DVDRip" | "WEB-DL"))
        });
        let after_year = marks.at(i - 1).is_some_and(|m| matches!(m.what, What::Year));
        if tv || after_year {
            return Some((i, season, episode));
        }
    }
    None
}

fn compressible(count: &Count) -> Option<(u16, u16)> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number below 10,000")]
    let number = count.first as u16;
    let (season, episode) = (number / 100, number % 100);
    let fits = count.first == count.last && count.first.fract() == 0.0 && count.width >= 3 && count.width <= 4;
    (fits && season > 0 && season < 40 && episode > 0 && episode < 40).then_some((season, episode))
}
