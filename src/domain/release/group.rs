//! The group that released a file: `[Group] Title`, `x264-GRP`, `(1080p x265 - GRP)`, `... x264 GRP`.

use super::marks::Marks;
use super::name::Span;
use super::tokens::{Gap, Text};
use super::vocab::What;

/// Finds the group's name. `title` ends before it, or it leads the name in brackets.
pub fn find(text: &Text<'_>, marks: &Marks, title: Span) -> Option<String> {
    hyphenated(text, marks, title)
        .or_else(|| leading(text, marks, title))
        .or_else(|| closing_bracket(text, marks, title))
        .or_else(|| last_word(text, marks, title))
}

/// Endings that reposters and indexers hang behind a group.
fn is_appendix(low: &str) -> bool {
    matches!(
        low,
        "obfuscated"
            | "rp"
            | "xpost"
            | "postbot"
            | "4p"
            | "4planet"
            | "1"
            | "asrequested"
            | "buymore"
            | "scrambled"
            | "repackpost"
            | "whiterev"
            | "rakuv"
            | "rakuv02"
            | "rakuvfinhel"
            | "gerov"
            | "z0ids3n"
            | "chamele0n"
            | "nzbgeek"
            | "alternativetorequested"
            | "alteza"
            | "sample"
            | "eztv"
            | "ettv"
            | "rarbg1"
            | "tgx"
            | "rartv"
            | "bb"
            | "prexpost"
            | "buymorepost"
    )
}

/// `-GRP` at the end of the technical part.
fn hyphenated(text: &Text<'_>, marks: &Marks, title: Span) -> Option<String> {
    let mut end = text.len();
    loop {
        // Brackets and channels behind the group are not it.
        while end > title.end
            && (text.bracket(end - 1) != 0 || matches!(marks.at(end - 1).map(|m| m.what), Some(What::Site)))
        {
            end -= 1;
        }
        if end > title.end + 1 && is_appendix(text.low(end - 1)) && text.gap(end - 1).is_hyphen() {
            end -= 1;
            continue;
        }
        break;
    }
    if end <= title.end {
        return None;
    }
    // The last hyphen outside of any expression, with only a few words behind it.
    let mut at = end - 1;
    while at > title.end
        && !text.gap(at).has(Gap::HYPHEN)
        && end - at < 4
        && text.gap(at).is_blank()
        && marks.is_free(at)
    {
        at -= 1;
    }
    let gap = text.gap(at);
    if !gap.has(Gap::HYPHEN) || at < title.end || !(at..end).all(|i| may_be_group(marks, i)) {
        return None;
    }
    if gap.is_bracket() {
        return None;
    }
    let behind_technical = (title.end..at).any(|i| {
        marks.at(i).is_some_and(|m| m.what != What::Site && !matches!(m.what, What::Number | What::Year | What::Date))
    });
    let before = marks.at(at.checked_sub(1)?);
    let behind_number = before.is_some_and(|m| matches!(m.what, What::Number | What::Date | What::Year));
    if gap.is_spaced_dash() && !(behind_technical && end == text.len() && end - at <= 2 && before.is_some()) {
        return None;
    }
    if !behind_technical && !(behind_number && end - at == 1 && end == text.len()) {
        return None;
    }
    if end - at > 1 && !(gap.is_hyphen() && before.is_some()) && !gap.is_spaced_dash() {
        return None;
    }
    Some(text.source[text.tokens[at].start..text.tokens[end - 1].end].to_owned())
}

/// A tag is not a group; a short word that could be one is, behind a hyphen at the very end.
fn may_be_group(marks: &Marks, i: usize) -> bool {
    marks.at(i).is_none_or(|m| m.strength < super::vocab::Strength::Firm)
}

/// `[Group] Title`.
fn leading(text: &Text<'_>, marks: &Marks, title: Span) -> Option<String> {
    if title.first == 0 || text.bracket(0) == 0 || !text.gap(0).has(Gap::OPEN) {
        return None;
    }
    let end = text.bracket_end(0);
    if end > title.first || (0..end).all(|i| !marks.is_free(i)) {
        return None;
    }
    Some(bracket_text(text, 0, end))
}

/// `[GRP]` or `(... - GRP)` at the end.
fn closing_bracket(text: &Text<'_>, marks: &Marks, title: Span) -> Option<String> {
    let mut end = text.len();
    while end > title.end {
        let last = end - 1;
        if matches!(marks.at(last).map(|m| m.what), Some(What::Site | What::Crc | What::Container(_))) {
            end -= 1;
            continue;
        }
        break;
    }
    if end <= title.end || text.bracket(end - 1) == 0 {
        return None;
    }
    let outer = text.outer_bracket(end - 1);
    let mut first = end - 1;
    while first > title.end && text.outer_bracket(first - 1) == outer {
        first -= 1;
    }
    let behind_technical = (title.end..end)
        .any(|i| marks.at(i).is_some_and(|m| !matches!(m.what, What::Site | What::Number | What::Year | What::Date)));
    if !behind_technical {
        return None;
    }
    if (first..end).all(|i| marks.is_free(i)) {
        if end - first > 3 || is_appendix(text.low(first)) && end - first == 1 {
            return None;
        }
        return Some(bracket_text(text, first, end));
    }
    // "(1080p WEB-DL x265 English - GRP)", "(1080p ... Tigole)"
    let last = end - 1;
    (marks.is_free(last)
        && last > first
        && (text.gap(last).has(Gap::HYPHEN) || !marks.is_free(last - 1))
        && text.number(last).is_none())
    .then(|| text.raw(last).to_owned())
}

/// `Title.2016.720p.GRP`: one last word behind something technical.
fn last_word(text: &Text<'_>, marks: &Marks, title: Span) -> Option<String> {
    let mut end = text.len();
    while end > title.end
        && (text.bracket(end - 1) != 0 && matches!(marks.at(end - 1).map(|m| m.what), Some(What::Crc | What::Site))
            || is_appendix(text.low(end - 1)) && text.bracket(end - 1) != 0)
    {
        end -= 1;
    }
    let at = end.checked_sub(1).filter(|at| *at > title.end)?;
    if end != text.len() && text.bracket(end) == 0 {
        return None;
    }
    let before = marks.at(at - 1)?;
    let technical =
        !matches!(before.what, What::Number | What::Year | What::Date | What::Site | What::Edition(_) | What::Complete);
    (technical
        && marks.is_free(at)
        && text.bracket(at) == 0
        && text.gap(at).is_blank()
        && text.number(at).is_none()
        && text.low(at).len() >= 2)
        .then(|| text.raw(at).to_owned())
}

fn bracket_text(text: &Text<'_>, first: usize, end: usize) -> String {
    text.source[text.tokens[first].start..text.tokens[end - 1].end].trim().to_owned()
}
