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
