//! `01 - Harvest Moon (2019)`, `1. Harvest Moon (2019)`: a film's place in a list, since it has a year of its own.

use super::{Pass, example, title};
use crate::draft::Draft;
use crate::rules::Rule;
use crate::text::Gap;
use crate::words::{Strength, Tag};

pub const PASS: Pass = Pass {
    name: "list number",
    looks_at: "where the title starts, and whether the name has a year and numbers of its own",
    fills: &["start"],
    run,
    examples: &[example("01 - Harvest Moon (2019)", "01", "noise")],
};

fn run(draft: &mut Draft<'_>) {
    if draft.year.is_none() || draft.start.has_group {
        return;
    }
    let Draft { text, marks, .. } = draft;
    let first = draft.start.first;
    let gap = text.gap(first + 1);
    let low = text.low(first);
    let is_padded = low.starts_with('0');
    let parted = gap == Gap::DOT.with(Gap::SPACE) || (gap.is_spaced_dash() || gap == Gap::SPACE) && is_padded;
    let is_number = low.len() <= 2 && text.number(first).is_some() && marks.is_free(first) && marks.is_free(first + 1);
    let has_numbers = marks.iter().any(|m| matches!(m.tag, Tag::Number | Tag::Date));
    if parted && is_number && !has_numbers && first + 1 < text.len() {
        marks.put(first, first, Tag::Noise, Strength::Firm, Rule::ListNumber);
        draft.start = title::start(text, marks);
    }
}
