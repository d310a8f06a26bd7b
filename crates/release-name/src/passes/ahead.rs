//! What stands ahead of a title and is told from it by what the name says behind: the place in a list, and a network.
//!
//! ```text
//! 01 - Harvest Moon (2019)      a film has a year of its own, so the number counts no episode
//! 03. Salt Road - S01E03        an episode has a number of its own
//! 37 [Group] Some Anime - 37    a group in brackets follows
//! HBO Salt Road S01E02          few titles begin with such a word, and the name says more than a title
//! ```

use super::{Pass, example, title};
use crate::draft::Draft;
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "ahead of the title",
    looks_at: "where the title starts, and whether the name has a year, an episode or something technical",
    fills: &["start"],
    run,
    examples: &[
        example("01 - Harvest Moon (2019)", "01", "noise"),
        example("12 - Harvest Moon (2019)", "12", "noise"),
        example("03. Salt Road - S01E03", "03", "noise"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    if list_number(draft) || network(draft) || before_group(draft) || advert(draft) {
        draft.start = title::start(&draft.text, &draft.marks);
    }
}

/// Marks the place of a film or an episode in a list.
fn list_number(draft: &mut Draft<'_>) -> bool {
    let first = draft.start.first;
    let is_listed = is_boxed(draft) || is_number(draft, first) && (is_film(draft, first) || is_episode(draft, first));
    if is_listed {
        let at = if is_boxed(draft) { 0 } else { first };
        draft.marks.put(at, at, Tag::Noise, Strength::Firm, Rule::ListNumber);
    }
    is_listed
}

/// Up to three figures, and a title behind them.
fn is_number(draft: &Draft<'_>, first: usize) -> bool {
    let Draft { text, marks, .. } = draft;
    let low = text.low(first).trim_start_matches('#');
    let is_figures = (1..=3).contains(&low.len()) && low.bytes().all(|b| b.is_ascii_digit());
    let has_title = first + 1 < text.len() && marks.is_free(first + 1);
    is_figures && marks.is_free(first) && has_title && !draft.start.has_group
}

/// `01 - Title (2019)`, `12 - Title 2019`, `7. Title (2019)`, `07) Title 2019`, `03 Title (2019)`, `#14 Title 2019`. "12 Monkeys (1995)" has
/// no sign, and "9 - Title (2009)" is more likely one than a film called 9.
fn is_film(draft: &Draft<'_>, first: usize) -> bool {
    let Draft { text, marks, .. } = draft;
    let gap = text.gap(first + 1);
    let low = text.low(first);
    let is_marked = low.len() > 2 && low.starts_with('#');
    let parted = ends_number(text, first) || gap.is_spaced_dash() || gap == Gap::SPACE && (is_padded(low) || is_marked);
    parted && draft.year.is_some() && !marks.iter().any(|m| matches!(m.tag, Tag::Number | Tag::Date))
}

/// `003. Title - S01E03`, `03 - Title - S01E03`, `03-Title.S01E03`. "24 - Title - S02E01" may begin with its title.
fn is_episode(draft: &Draft<'_>, first: usize) -> bool {
    let Draft { text, marks, numbering, .. } = draft;
    let gap = text.gap(first + 1);
    let low = text.low(first);
    let is_its_own = || text.number(first) == numbering.episodes.first().map(|episode| u32::from(*episode));
    let parted = ends_number(text, first)
        || gap.is_spaced_dash() && (is_padded(low) || is_its_own())
        || gap.is_hyphen() && is_padded(low);
    parted && marks.iter().any(|m| m.rule == Rule::SeasonAndEpisode)
}

/// `7. `, `07) `.
fn ends_number(text: &Text<'_>, first: usize) -> bool {
    let gap = text.gap(first + 1);
    gap == Gap::DOT.with(Gap::SPACE) || gap == Gap::CLOSE.with(Gap::SPACE) && text.bracket(first) == 0
}

/// `(03) Title (2019)`: in brackets of its own. "(500) Days of Summer (2009)" is one.
fn is_boxed(draft: &Draft<'_>) -> bool {
    let Draft { text, marks, .. } = draft;
    let is_own = text.bracket(0) != 0 && text.bracket_end(0) == 1 && text.len() > 1 && text.gap(1).has(Gap::SPACE);
    let is_number = text.low(0).len() <= 3 && is_padded(text.low(0)) && text.number(0).is_some() && marks.is_free(0);
    is_own && is_number && draft.year.is_some() && !marks.iter().any(|m| matches!(m.tag, Tag::Number | Tag::Date))
}

fn is_padded(low: &str) -> bool {
    low.starts_with('0')
}

/// Marks `BBC - Title`, `National Geographic - Title`, `HBO Title S01E02`. Titles begin with such words as well, so only those whose name
/// is no other word count behind a dash ("It - Chapter 2" is a film), and without one only those that few titles begin with.
/// [`alternatives`](crate::alternatives) keeps the other reading.
fn network(draft: &mut Draft<'_>) -> bool {
    let Draft { text, marks, .. } = draft;
    let Some(mark) = marks.at(0).copied().filter(|m| matches!(m.tag, Tag::Network(_))) else { return false };
    let next = mark.last + 1;
    let name: Vec<&str> = (0..next).map(|i| text.low(i)).collect();
    let name = name.join(" ");
    let is = |class| words::is(&name, class);
    // "PBS Nova S45E02"
    let is_network = marks.at(next).is_some_and(|m| matches!(m.tag, Tag::Network(_)) && m.strength == Strength::Faint);
    let is_title = (marks.is_free(next) || is_network) && text.low(next).chars().any(char::is_alphabetic);
    if text.bracket(0) != 0 || !is_title {
        return false;
    }
    let is_dashed = text.gap(next).is_spaced_dash() && is(Class::NetworkAhead);
    let says_more = || (next + 1..text.len()).any(|i| marks.is_firm(i));
    let is_bare = || is(Class::SureNetworkAhead) && !text.is(next, Class::OfNetwork) && says_more();
    let is_network = is_dashed || text.gap(next).is_blank() && is_bare();
    if is_network {
        marks.put(0, mark.last, mark.tag, Strength::Firm, Rule::NetworkAhead);
    }
    is_network
}

/// Marks the counter or the bot of `37 [Group] Title - 37`, `Bot.[Group] Title - 01 [8A2B3C4D]`: what a channel puts ahead of a name
/// that is an anime group's own.
fn before_group(draft: &mut Draft<'_>) -> bool {
    let Draft { text, marks, .. } = &*draft;
    if text.bracket(0) != 0 || text.bracket(1) == 0 || !text.gap(1).has(Gap::OPEN) || !marks.is_free(0) {
        return false;
    }
    let end = text.bracket_end(1);
    let is_group = (1..end).all(|i| marks.is_free(i)) && marks.is_free(end) && text.bracket(end) == 0;
    let is_anime = draft.has_checksum() && text.source[..text.tokens[1].start].ends_with('[');
    if is_group && is_anime && text.number(end).is_none() {
        draft.marks.put(0, 0, Tag::Noise, Strength::Firm, Rule::ListNumber);
        return true;
    }
    false
}

/// Marks `Full Movie Title 2019`, `Hindi Dubbed Title 2019`, `Película completa en español - Title`: what it is, ahead of what it is called.
fn advert(draft: &mut Draft<'_>) -> bool {
    let Draft { text, marks, .. } = draft;
    let mut is_advert = false;
    let mut said = Vec::new();
    let mut next = 0;
    while let Some(mark) = marks.at(next).copied().filter(|m| m.strength == Strength::Loose && m.first == next) {
        let is_phrase = mark.tag == Tag::Noise && mark.last > mark.first;
        let is_dub = matches!(mark.tag, Tag::Dubbed | Tag::Language(_)) && text.is(mark.last, Class::EndsNoTitle);
        is_advert |= is_phrase || is_dub && mark.last > 0;
        if !is_phrase && !matches!(mark.tag, Tag::Dubbed | Tag::Language(_)) {
            break;
        }
        next = mark.last + 1;
        said.push(mark);
    }
    let gap = text.gap(next);
    let is_parted = gap.is_spaced_dash() || gap.has(Gap::PIPE);
    let is_near = is_parted || gap.is_blank();
    let is_title = marks.is_free(next) && (is_parted || (next + 1..text.len()).any(|i| marks.is_firm(i)));
    let is_ahead = is_advert && is_near && is_title && text.bracket(0) == 0;
    if is_ahead {
        said.iter().for_each(|mark| marks.put(mark.first, mark.last, mark.tag, Strength::Firm, mark.rule));
    }
    is_ahead
}
