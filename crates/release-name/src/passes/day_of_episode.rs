//! `E16.END.240428`: Korean names put the day that an episode was aired behind its number; `Some Show 240323` has the day alone.

use super::{Pass, example};
use crate::dates;
use crate::draft::Draft;
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "day of episode",
    looks_at: "the episode, else what is technical",
    fills: &["date"],
    run,
    examples: &[
        example("Some.Series.E16.END.240428.720p", "240428", "date"),
        example("Some Show 240323 720p", "240323", "date"),
    ],
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
    if marks.iter().all(|m| m.tag != Tag::Number) {
        return lone_day(text, marks);
    }
    let episode = marks.live().find(|m| matches!(m.rule, Rule::Episode | Rule::SeasonAndEpisode))?.last;
    let at = episode + 1 + usize::from(text.is(episode + 1, Class::End));
    let date = dates::short(text.low(at)).filter(|_| text.gap(at).is_blank() && !marks.is_firm(at))?;
    Some((at, date))
}

/// `Some Show 240323 720p`: right before what is technical, in a name that counts nothing.
fn lone_day(text: &Text<'_>, marks: &Marks) -> Option<(usize, dates::Date)> {
    let end = (1..text.len()).find(|i| marks.is_firm(*i) || text.gap(*i).has(Gap::OPEN)).unwrap_or(text.len());
    let at = end.checked_sub(1).filter(|at| *at > 0 && text.bracket(0) == 0 && marks.is_free(*at))?;
    let is_behind_word = text.gap(at).is_blank() && text.low(at - 1).ends_with(char::is_alphabetic);
    // "010910": season 1, episodes 9 and 10.
    let figures = |from: usize| text.low(at).get(from..from + 2)?.parse::<u32>().ok();
    let is_pair = figures(4) == figures(2).map(|n| n + 1);
    dates::short(text.low(at)).filter(|_| is_behind_word && !is_pair).map(|date| (at, date))
}
