//! A bare number, or a range of them, with what hangs on it: `05`, `05v2`, `07.5`, `01-12`, `#04`.

use super::Scan;
use crate::dates;
use crate::text::{Gap, leading_number};
use crate::words::{self, Class, Tag};

/// A number or a range of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    /// Tenths of an episode: 7.5 is 75.
    pub(super) first: u32,
    pub(super) last: u32,
    /// A second range behind the first: `493-498 & 500-507`.
    pub(super) more: Option<(u32, u32)>,
    /// Figures of the first number.
    pub(super) width: usize,
    pub(super) version: Option<u8>,
    /// First and last token.
    pub(super) from: usize,
    pub(super) end: usize,
}

impl Count {
    pub(super) fn is_range(&self) -> bool {
        self.last > self.first
    }

    pub(super) fn is_whole(&self) -> bool {
        self.first.is_multiple_of(10)
    }

    /// Each number of it, in tenths.
    pub(super) fn tenths(&self) -> impl Iterator<Item = u32> {
        let more = self.more.map(|(first, last)| (first..=last).step_by(10));
        (self.first..=self.last).step_by(10).chain(more.into_iter().flatten())
    }

    /// Each number of it.
    pub(super) fn numbers(&self) -> Vec<f32> {
        self.tenths().filter_map(|n| u16::try_from(n).ok()).map(|tenths| f32::from(tenths) / 10.0).collect()
    }
}

impl Scan<'_, '_> {
    /// The count at a token: `05`, `05v2`, `07.5`, `01-12`, `01-02-03`, `01+02`, `0955 ~ 1005`.
    pub(super) fn count(&self, i: usize) -> Option<Count> {
        let text = self.text;
        let (first, width, version) = self.figure(i)?;
        // "Evangelion 1.11": a fraction of the title, where words are parted by spaces.
        let is_fraction = i > 0
            && text.gap(i) == Gap::DOT
            && text.is_spaced()
            && text.number(i - 1).is_some()
            && self.marks.is_free(i - 1);
        if is_fraction && width >= 2 {
            return None;
        }
        let mut found = Count { first: first * 10, last: first * 10, width, version, more: None, from: i, end: i };
        if text.gap(i + 1) == Gap::DOT
            && version.is_none()
            && let Some((tenth @ 1..=9, 1, version)) = self.figure(i + 1)
            && text.gap(i + 2) != Gap::DOT
        {
            found = Count { first: found.first + tenth, last: found.first + tenth, version, end: i + 1, ..found };
            return Some(found);
        }
        // "_v2" parted from its number.
        if matches!(text.gap(i + 1), Gap::UNDERSCORE | Gap::DOT)
            && let Some(version) = text.low(i + 1).strip_prefix('v').and_then(|v| v.parse().ok())
        {
            return Some(Count { version: Some(version), end: i + 1, ..found });
        }
        while let Some((last, digits, version)) = self.figure(found.end + 1) {
            let next = found.end + 1;
            let gap = text.gap(next);
            let in_range = gap.has(Gap::HYPHEN) || gap.has(Gap::TILDE);
            let in_list = gap.only(Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SPACE))
                && !gap.is_blank()
                && last * 10 == found.last + 10;
            // "11 - 511 Kinderheim" is an episode and a title; "01 - 119 [1080p]" is a range.
            let loose = gap.is_spaced_dash() && !self.ends(next + 1);
            let fits = last * 10 > found.last
                && last - first <= 2000
                && (digits >= width || digits == 1)
                && (dates::year(text, next).is_none() || width == 4);
            if gap.is_bracket() || loose || !fits || !(in_range || in_list) || (digits == 1 && width > 1 && !in_range) {
                break;
            }
            found = Count { last: last * 10, end: next, version, ..found };
        }
        found.more = self.second_range(&found).filter(|_| found.is_range());
        found.end += if found.more.is_some() { 2 } else { 0 };
        Some(found)
    }

    /// `& 500-507` behind a range: a list of two.
    fn second_range(&self, first: &Count) -> Option<(u32, u32)> {
        let text = self.text;
        let (from, to) = (first.end + 1, first.end + 2);
        let is_listed =
            text.gap(from).only(Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SPACE).with(Gap::DOT))
                && text.gap(from).has(Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA));
        let (start, width, _) = self.figure(from).filter(|_| is_listed)?;
        let (end, _, _) = self.figure(to).filter(|_| text.gap(to).is_hyphen() || text.gap(to).has(Gap::TILDE))?;
        let fits = start * 10 > first.last && end > start && end - start <= 2000 && width >= first.width;
        fits.then_some((start * 10, end * 10))
    }

    /// `05`, `05v2`, `#04`, `24END`: value, figures, version.
    pub(super) fn figure(&self, i: usize) -> Option<(u32, usize, Option<u8>)> {
        if !self.marks.is_free(i) {
            return None;
        }
        let (value, width, rest) = leading_number(self.text.low(i).trim_start_matches('#'))?;
        let version = match rest {
            "" => None,
            rest if words::is(rest, Class::GluedToEpisode) => None,
            rest => Some(rest.strip_prefix('v')?.parse().ok()?),
        };
        (width <= 4).then_some((value, width, version))
    }

    /// A number that the title must not lose: a year, or a number of lines.
    pub(super) fn is_other(&self, count: &Count) -> bool {
        let is_lines = matches!(count.first / 10, 480 | 540 | 576 | 720 | 1080 | 2160) && !self.is_in_place(count);
        !count.is_range() && (dates::year(self.text, count.from).is_some() || is_lines)
    }

    /// `Title - 1080 (720p)`, `[1080][720p]`: a number where episodes stand, in a name that says its lines elsewhere.
    fn is_in_place(&self, count: &Count) -> bool {
        let gap = self.text.gap(count.from);
        let at_end = count.end + 1 >= self.text.len() && gap.is_spaced_dash();
        let behind = self.text.gap(count.end + 1);
        // "Title 1080 [1080p]"
        let is_before_tags = !self.has_year && gap == Gap::SPACE && behind.has(Gap::OPEN) && !gap.is_bracket();
        let is_placed = gap.is_spaced_dash() || gap.has(Gap::OPEN) && behind.has(Gap::CLOSE) || is_before_tags;
        at_end || is_placed && self.marks.iter().any(|m| matches!(m.tag, Tag::Resolution(..)))
    }

    /// The title cannot go on here.
    pub(super) fn ends(&self, i: usize) -> bool {
        let gap = self.text.gap(i);
        i >= self.text.len() || gap.is_bracket() || gap.is_spaced_dash() || self.marks.is_firm(i)
    }

    pub(super) fn at_home(&self, i: usize) -> bool {
        self.text.bracket(i) == self.text.bracket(self.start)
    }
}

/// 103 is 1x03, 1013 is 10x13; 500 and 360 are neither.
pub(super) fn season_and_episode(count: &Count) -> Option<(u16, u16)> {
    let number = u16::try_from(count.first / 10).ok()?;
    let (season, episode) = (number / 100, number % 100);
    let fits = !count.is_range() && count.is_whole() && (3..=4).contains(&count.width);
    (fits && season > 0 && season < 40 && episode > 0 && episode < 40).then_some((season, episode))
}
