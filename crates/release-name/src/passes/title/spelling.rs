//! Words of a title as a person writes them.

use crate::draft::Span;
use crate::text::{Gap, Text};

/// The words of a span as a person writes them: dots and underscores that stand for spaces become spaces.
pub fn words(text: &Text<'_>, span: Span) -> String {
    let Span { first, end } = span;
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
            let between = text.between(i);
            // S.H.I.E.L.D. and M.B.B.S. are one word.
            // "Enthiran.2.0.2018": so is a version.
            let is_version = || text.low(i) == "0" && text.number(i - 1).is_some() && text.low(i - 1).len() == 1;
            if !spaced && between == "." && (initials(text, span, i) >= 2 || is_version()) {
                out.push('.');
            } else {
                join(&mut out, &between, spaced);
            }
        }
        out.push_str(text.raw(i));
    }
    // "Kumo (REVERSE)": the bracket that its last word stands in.
    let is_inside = text.bracket(end - 1) != 0 && text.bracket(end - 1) != text.bracket(first);
    if is_inside && text.source[text.tokens[end - 1].end..].starts_with(')') {
        out.push(')');
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

/// How many single letters stand in a row around the gap before a token, parted by dots. "World War I" has one, and "Part I.I" is
/// no word.
fn initials(text: &Text<'_>, span: Span, i: usize) -> usize {
    let is_joined = |at: usize| is_initial(text.raw(at)) && (at == span.first || text.between(at) == ".");
    if !is_initial(text.raw(i - 1)) || !is_initial(text.raw(i)) {
        return 0;
    }
    let behind = (i..span.end).take_while(|at| is_joined(*at)).count();
    let before = (span.first..i).rev().take_while(|at| is_initial(text.raw(*at))).count();
    let is_numeral = |at: usize| text.raw(at) == "I";
    if behind + before == 2 && (is_numeral(i - 1) || is_numeral(i)) { 0 } else { behind + before }
}

fn join(out: &mut String, between: &str, spaced: bool) {
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
