//! The day that an episode was aired: `2018.06.22`, `22-06-2018`, `20180622`, `22nd June 2018`.

use super::title::is_native_word;
use super::{Pass, example};
use crate::dates;
use crate::draft::Draft;
use crate::rules::Rule;
use crate::words::{Strength, Tag};

pub const PASS: Pass = Pass {
    name: "dates",
    looks_at: "words that nothing firm has taken, and the day of a recording ahead of all",
    fills: &["date"],
    run,
    examples: &[
        example("Some Show 2018.06.22 720p", "2018.06.22", "date"),
        example("Some Show 22nd June 2018", "22nd June 2018", "date"),
    ],
};

/// The first date counts; all are marked.
fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let mut i = 0;
    while i < text.len() {
        match dates::at(text, i).filter(|_| !marks.is_firm(i)) {
            Some((found, last)) => {
                marks.put(i, last, Tag::Date, Strength::Firm, Rule::Date);
                draft.date = draft.date.or(Some(found));
                i = last + 1;
            }
            None => i += 1,
        }
    }
    // "240421 런닝맨 E700"
    let is_ahead = marks.at(0).is_some_and(|m| m.rule == Rule::RecordingDay) && is_native_word(text, 1);
    if draft.date.is_none()
        && let Some(found) = dates::short(text.low(0)).filter(|_| is_ahead)
    {
        marks.put(0, 0, Tag::Date, Strength::Firm, Rule::Date);
        draft.date = Some(found);
    }
}
