//! `[三体] Three Body (2023)`: brackets ahead that are no group's hold the native title.

use super::title::is_native_word;
use super::{Pass, example};
use crate::draft::{Draft, Span};

pub const PASS: Pass = Pass {
    name: "native title ahead",
    looks_at: "the title and the group",
    fills: &["others"],
    run,
    examples: &[example("[三体] Three Body (2023)", "三体", "alternative_titles")],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = &*draft;
    let end = if text.bracket(0) == 0 { 0 } else { text.bracket_end(0) };
    if draft.group.is_none_or(|g| g.span.first > 0)
        && (1..=draft.title.first).contains(&end)
        && (0..end).all(|i| marks.is_free(i))
        && is_native_word(text, 0)
    {
        draft.others.push(Span { first: 0, end });
    }
}
