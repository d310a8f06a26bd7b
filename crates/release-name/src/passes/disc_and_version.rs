//! What anime names hang behind the title: the disc of a collection and the version of a release, `Vol. 3v2`, `v2`.

use super::{Pass, example};
use crate::draft::{Draft, Found, Span};
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text, leading_number};
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "disc and version",
    looks_at: "a group in brackets ahead, and what ends the title",
    fills: &["version"],
    run,
    examples: &[
        example("[Group] Some Anime v2 [1080p]", "v2", "version"),
        example("[Group] Some Anime Vol. 3v2 [1080p]", "Vol. 3v2", "version"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    if text.bracket(0) == 0 || !text.source.starts_with('[') {
        return;
    }
    for i in text.bracket_end(0) + 1..text.len() {
        if text.bracket(i) != 0 {
            continue;
        }
        let Some((last, version)) = disc(text, marks, i).or_else(|| version(text, marks, i)) else { continue };
        marks.put(i, last, Tag::Noise, Strength::Firm, Rule::Disc);
        let span = Span { first: i, end: last + 1 };
        draft.version = draft.version.or(version.map(|value| Found { value, span, rule: Rule::Disc }));
    }
}

/// The title cannot go on here.
fn ends(text: &Text<'_>, marks: &Marks, i: usize) -> bool {
    text.gap(i).is_bracket() || marks.is_firm(i) || i >= text.len()
}

/// `Vol. 3v2`, `Vol. 1 & 2`: the last token, and the version.
fn disc(text: &Text<'_>, marks: &Marks, i: usize) -> Option<(usize, Option<u8>)> {
    if !text.is(i, Class::CollectionDisc) || !text.gap(i + 1).is_tight() {
        return None;
    }
    let (number, _, rest) = leading_number(text.low(i + 1))?;
    let version = rest.strip_prefix('v').and_then(|v| v.parse().ok());
    let is_joined = text.gap(i + 2).has(Gap::AMPERSAND);
    let is_disc = number < 100 && (rest.is_empty() || version.is_some());
    // "Vol.1-6"
    let is_range = text.gap(i + 2).is_hyphen() && text.number(i + 2).is_some() && ends(text, marks, i + 3);
    if is_disc && is_range {
        return Some((i + 2, None));
    }
    (is_disc && (ends(text, marks, i + 2) || is_joined)).then_some((i + 1, version))
}

fn version(text: &Text<'_>, marks: &Marks, i: usize) -> Option<(usize, Option<u8>)> {
    let version: u8 = text.low(i).strip_prefix('v')?.parse().ok()?;
    let is_version = version < 10 && text.gap(i).is_blank() && ends(text, marks, i + 1) && marks.is_free(i);
    is_version.then_some((i, Some(version)))
}
