//! `Part 2`, `Part III`, `Pt. Two`: which part of the story, wherever behind the title's first word it stands.

use super::{Pass, example};
use crate::draft::{Draft, Found, Span};
use crate::rules::Rule;
use crate::words::{self, Class};

pub const PASS: Pass = Pass {
    name: "title part",
    looks_at: "where the title starts",
    fills: &["title_part"],
    run,
    examples: &[
        example("Harvest Moon Part Two (2019)", "Part Two", "title_part"),
        example("Harvest Moon Part2 (2019)", "Part2", "title_part"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    draft.title_part = (draft.title.first + 1..draft.text.len()).find_map(|i| {
        let (value, end) = part(draft, i)?;
        Some(Found { value, span: Span { first: i, end }, rule: Rule::TitlePart })
    });
}

/// The part's number, and the token behind it.
fn part(draft: &Draft<'_>, i: usize) -> Option<(u16, usize)> {
    let Draft { text, marks, .. } = draft;
    let next = i + 1;
    if text.is(i, Class::Part) && marks.is_free(i) && text.gap(next).is_tight() {
        let figures = text.number(next).and_then(|n| u16::try_from(n).ok()).filter(|n| *n > 0 && *n < 100);
        let entry = text.entry(next);
        return figures.or_else(|| entry.number()).or_else(|| entry.roman()).map(|number| (number, next + 1));
    }
    let glued = words::list(Class::GluedPart).iter().find_map(|part| text.low(i).strip_prefix(part));
    Some((glued.filter(|n| n.len() <= 2)?.parse().ok()?, next))
}
