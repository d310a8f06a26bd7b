//! `Title 3921 - 12 January 2024`: a daily series that counts and dates its episodes.

use super::{Pass, example};
use crate::dates;
use crate::draft::Draft;
use crate::rules::Rule;
use crate::words::{Strength, Tag};

pub const PASS: Pass = Pass {
    name: "daily series",
    looks_at: "the date, and where the title starts",
    fills: &["numbering"],
    run,
    examples: &[example("Some Show 3921 - 12 January 2024", "3921", "absolute")],
};

fn run(draft: &mut Draft<'_>) {
    let Some((at, count)) = count(draft) else { return };
    draft.marks.put(at, at, Tag::Number, Strength::Firm, Rule::Trailing);
    draft.numbering.absolute.extend(u16::try_from(count).ok().map(f32::from));
}

/// The number before the date.
fn count(draft: &Draft<'_>) -> Option<(usize, u32)> {
    let Draft { text, marks, .. } = draft;
    let date = marks.live().find(|m| m.tag == Tag::Date)?.first;
    let at = date.checked_sub(1).filter(|at| *at > draft.start.first && marks.is_free(*at))?;
    // "Title 8001 13.05.2024": no title ends with such a number.
    let is_long = |n: u32| n >= 1000 && text.gap(date).is_blank() && dates::year(text, at).is_none();
    let number = text.number(at).filter(|n| *n >= 100 && text.gap(date).is_spaced_dash() || is_long(*n))?;
    Some((at, number))
}
