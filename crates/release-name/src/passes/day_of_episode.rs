//! `E16.END.240428`: Korean names put the day that an episode was aired behind its number.

use super::{Pass, example};
use crate::dates;
use crate::draft::Draft;
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "day of episode",
    looks_at: "the episode",
    fills: &["date"],
    run,
    examples: &[example("Some.Series.E16.END.240428.720p", "240428", "date")],
};

fn run(draft: &mut Draft<'_>) {
    if draft.date.is_some() {
        return;
    }
    let Some((at, date)) = day(&draft.text, &draft.marks) else { return };
    draft.marks.put(at, at, Tag::Date, Strength::Firm, Rule::Date);
    draft.date = Some(date);
}

fn day(text: &Text<'_>, marks: &Marks) -> Option<(usize, dates::Date)> {
    let episode = marks.live().find(|m| matches!(m.rule, Rule::Episode | Rule::SeasonAndEpisode))?.last;
    let at = episode + 1 + usize::from(text.is(episode + 1, Class::End));
    let date = dates::short(text.low(at)).filter(|_| text.gap(at).is_blank() && !marks.is_firm(at))?;
    Some((at, date))
}
