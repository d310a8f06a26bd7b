//! `Film 1080 BluRay`: a number of lines without its letter, beside something technical.

use super::{Pass, example};
use crate::draft::Draft;
use crate::rules::Rule;
use crate::text::Gap;
use crate::words::{Strength, Tag};

pub const PASS: Pass = Pass {
    name: "bare resolution",
    looks_at: "what the words beside a number say",
    fills: &[],
    run,
    examples: &[
        example("Harvest.Moon.2019.720.BluRay", "720", "resolution"),
        example("Harvest Moon (2019) [1080]", "1080", "resolution"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    if marks.iter().any(|m| matches!(m.tag, Tag::Resolution(..))) {
        return;
    }
    for i in 1..text.len() {
        let Some(lines @ (480 | 540 | 576 | 720 | 1080 | 2160)) = text.number(i).filter(|_| marks.is_free(i)) else {
            continue;
        };
        let technical =
            |n: usize| marks.at(n).is_some_and(|m| m.strength == Strength::Firm || matches!(m.tag, Tag::Source(_)));
        // "Title 1223 720.mkv"
        let closes = i + 1 == text.len() && text.number(i - 1).is_some() && text.gap(i).is_blank();
        let boxed = text.gap(i).has(Gap::OPEN) && text.gap(i + 1).has(Gap::CLOSE) && text.bracket(i) != 0;
        if technical(i - 1) || technical(i + 1) || closes || boxed {
            let lines = u16::try_from(lines).unwrap_or(0);
            marks.put(i, i, Tag::Resolution(lines, 'p'), Strength::Firm, Rule::BareResolution);
            return;
        }
    }
}
