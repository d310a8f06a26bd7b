//! Numbers without a word: `Title - 34`, `[05]`, `(01-25)`, `Title 07.5`, and the old `Show.103.hdtv` for S01E03.
//!
//! Here a number may as well belong to the title ("Apollo 13", "The 4400"), so each reading asks for a sign: a dash
//! before it, brackets of its own, a leading zero, a group in front as anime releases have.
//!
//! ```text
//! count          05, 05v2, 07.5, 01-12          what may be a number of episodes
//! places         - 34, [05], 01. Title          where it is one
//! trailing       Title 13                       the last number before the technical part
//! together       Show.103, Show.02.10           season and episode in figures alone
//! second_count   S02E05 (17)                    a second number beside the episode
//! ```

mod count;
mod places;
mod second_count;
mod together;
mod trailing;

use super::numbering::Numbering;
use super::{Pass, example};
use crate::draft::{Draft, Found, Span};
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{Class, Strength, Tag};
use count::{Count, season_and_episode};

pub const PASS: Pass = Pass {
    name: "absolute numbers",
    looks_at: "where the title starts, its group and year, the episode, and what is technical",
    fills: &["numbering"],
    run,
    examples: &[
        example("Some Anime - 034 [1080p]", "034", "absolute"),
        example("[Group] Some Anime [05][1080p]", "05", "absolute"),
        example("Some.Show.103.hdtv", "103", "episodes"),
        example("Some.Show.S02E05 (017) 720p", "017", "absolute"),
    ],
};

/// A name whose bare numbers are read.
#[derive(Clone, Copy)]
struct Scan<'s, 'a> {
    text: &'s Text<'a>,
    marks: &'s Marks,
    /// The title's first token.
    start: usize,
    /// A group in brackets stands ahead, or a checksum behind: anime is named so.
    has_group: bool,
    has_year: bool,
}

/// Season and episode in figures, and the tokens that say it.
#[derive(Clone, Copy, Debug)]
struct Joint {
    first: usize,
    last: usize,
    season: Option<u16>,
    episode: u16,
    /// The second episode of `10708`.
    second: Option<u16>,
    rule: Rule,
}

/// What the bare numbers of a name are.
enum Finding {
    /// A second count, beside an episode that a word stated.
    SecondCount(Count),
    Episode(Count, Rule),
    Joint(Joint),
}

fn run(draft: &mut Draft<'_>) {
    // A special's number is read by then, and so is what lies between two episodes.
    if !draft.numbering.absolute.is_empty() {
        return;
    }
    let has_date = draft.date.is_some();
    let has_group = draft.start.has_group || draft.has_checksum();
    let Draft { text, marks, start, year, numbering, .. } = &*draft;
    let scan = Scan { text, marks, start: start.first, has_group, has_year: year.is_some() };
    let finding = if has_date { scan.said_twice(numbering) } else { scan.finding(numbering) };
    match finding {
        Some(Finding::SecondCount(count)) => {
            draft.marks.put(count.from, count.end, Tag::Number, Strength::Firm, Rule::SecondCount);
            draft.numbering.absolute = count.numbers();
        }
        Some(Finding::Episode(count, rule)) => take(draft, count, rule),
        Some(Finding::Joint(joint)) => {
            draft.marks.put(joint.first, joint.last, Tag::Number, Strength::Firm, joint.rule);
            draft.numbering.seasons.extend(joint.season);
            draft.numbering.episodes.push(joint.episode);
            draft.numbering.episodes.extend(joint.second);
        }
        None => {}
    }
}

/// The number is an episode's: of the season if there is one, else of the series.
fn take(draft: &mut Draft<'_>, count: Count, rule: Rule) {
    let span = Span { first: count.from, end: count.end + 1 };
    draft.marks.put(count.from, count.end, Tag::Number, Strength::Firm, rule);
    let version = count.version.map(|value| Found { value, span, rule });
    let Draft { numbering, .. } = draft;
    numbering.version = numbering.version.or(version);
    if numbering.seasons.is_empty() || !count.is_whole() {
        numbering.absolute = count.numbers();
    } else {
        numbering.episodes.extend(count.tenths().filter_map(|tenths| u16::try_from(tenths / 10).ok()));
    }
}

impl Scan<'_, '_> {
    fn finding(&self, numbering: &Numbering) -> Option<Finding> {
        if !numbering.episodes.is_empty() {
            return self.second_count(numbering.episodes.len()).map(Finding::SecondCount);
        }
        // "Some Title 100 (Seasons 1-3)": of a pack no single episode is named.
        if numbering.seasons.len() > 1 {
            return None;
        }
        let has_season = !numbering.seasons.is_empty();
        if !has_season && let Some(joint) = self.paired() {
            return Some(Finding::Joint(joint));
        }
        if let Some((count, rule)) = self.episode() {
            let said_again = self.said_again(&count).filter(|_| !has_season);
            return Some(said_again.map_or(Finding::Episode(count, rule), Finding::Joint));
        }
        if has_season || self.has_group {
            return None;
        }
        self.compressed().or_else(|| self.television_part()).map(Finding::Joint)
    }

    /// The number that is an episode's, by the surest of its places.
    fn episode(&self) -> Option<(Count, Rule)> {
        let by = |rule: Rule| move |count: Count| (count, rule);
        self.dashed()
            .map(by(Rule::Dashed))
            .or_else(|| self.after_season().map(by(Rule::AfterSeason)))
            .or_else(|| self.bracketed().map(by(Rule::Bracketed)))
            .or_else(|| self.behind_box().map(by(Rule::Bracketed)))
            .or_else(|| self.trailing().map(by(Rule::Trailing)))
            .or_else(|| self.leading().map(by(Rule::Leading)))
            .or_else(|| self.middle().map(by(Rule::Middle)))
    }

    /// `Title - 110 (10) - 2002-12-18`: of a show of a day only what is said twice is no part of the title.
    fn said_twice(&self, numbering: &Numbering) -> Option<Finding> {
        let is_open = numbering.episodes.is_empty() && numbering.seasons.is_empty();
        self.dashed().filter(|_| is_open).and_then(|count| self.said_again(&count)).map(Finding::Joint)
    }

    /// `110 (10)`, `201 (14)`: season and episode, and the episode again, or its count over all seasons.
    fn said_again(&self, count: &Count) -> Option<Joint> {
        let (season, episode) = season_and_episode(count)?;
        let next = count.end + 1;
        let counts = |n: u32| n >= u32::from(episode) && n < count.first / 10;
        let is_again = self.text.gap(next).has(Gap::OPEN)
            && self.text.gap(next + 1).has(Gap::CLOSE)
            && self.text.number(next).is_some_and(counts);
        let season = Some(season);
        is_again.then_some(Joint {
            first: count.from,
            last: next,
            season,
            episode,
            second: None,
            rule: Rule::Compressed,
        })
    }

    /// A number counts no episode behind it: "Vol. 2".
    fn is_volume(&self, i: usize) -> bool {
        self.text.is(i, Class::Volume)
    }
}
