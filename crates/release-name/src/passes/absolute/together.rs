//! Season and episode without a word between them: `Show.103.hdtv`, `Show.02.10`, `[5.01] Title`, and parts of television.

use super::count::season_and_episode;
use super::{Joint, Scan};
use crate::rules::Rule;
use crate::text::Gap;
use crate::words::{Class, Strength, Tag};

impl Scan<'_, '_> {
    /// `Show.103.hdtv`, `Show.1013.720p`: season 1, episode 3.
    pub(super) fn compressed(&self) -> Option<Joint> {
        let text = self.text;
        for i in self.start + 1..text.len() {
            if self.marks.is_firm(i) && !self.marks.at(i).is_some_and(|m| m.tag == Tag::Year) {
                return None;
            }
            if let Some(double) = self.double(i) {
                return Some(double);
            }
            if let Some((season, episode)) = self.compressed_at(i) {
                let rule = if season.is_some() { Rule::Compressed } else { Rule::TelevisionPart };
                return Some(Joint { first: i, last: i, season, episode, second: None, rule });
            }
        }
        None
    }

    /// `Show.10708.hdtv`, `Show.010910.hdtv`: season 1, episodes 7 and 8.
    fn double(&self, i: usize) -> Option<Joint> {
        let low = self.text.low(i);
        let is_figures = (5..=6).contains(&low.len()) && low.bytes().all(|b| b.is_ascii_digit());
        let (season, episodes) = low.split_at_checked(low.len().checked_sub(4)?).filter(|_| is_figures)?;
        let (first, second) = episodes.split_at(2);
        let (first, second): (u16, u16) = (first.parse().ok()?, second.parse().ok()?);
        let is_pair = first > 0 && second == first + 1 && self.marks.is_free(i) && self.marks.is_firm(i + 1);
        let season =
            season.parse().ok().filter(|season| (1..40).contains(season) && is_pair && self.is_television(true))?;
        Some(Joint {
            first: i,
            last: i,
            season: Some(season),
            episode: first,
            second: Some(second),
            rule: Rule::Compressed,
        })
    }

    fn compressed_at(&self, i: usize) -> Option<(Option<u16>, u16)> {
        let text = self.text;
        let count = self.count(i).filter(|c| c.end == i && text.bracket(i) == 0 && !self.is_other(c))?;
        if self.is_volume(i - 1) {
            return None;
        }
        // Names with spaces write their episodes out.
        let dotted = !text.is_spaced() && !self.has_year;
        let next = i + 1;
        if let Some((season, episode)) = season_and_episode(&count) {
            let after_year = self.marks.at(i - 1).is_some_and(|m| m.tag == Tag::Year);
            let padded = count.width == 4 && text.low(i).starts_with('0');
            let bare = dotted
                && (count.width == 3 || padded)
                && (self.marks.is_firm(next) || next >= text.len() || text.gap(next) == Gap::UNDERSCORE);
            let is_episode = self.marks.is_firm(next) && self.is_television(true) || after_year || bare;
            return is_episode.then_some((Some(season), episode));
        }
        let is_episode = dotted
            && count.width == 2
            && self.marks.is_firm(next)
            && count.is_whole()
            && (self.is_television(true) || count.first == 100);
        is_episode.then_some((None, u16::try_from(count.first / 10).ok()?))
    }

    /// Taken from television. `rips`: at home, too.
    fn is_television(&self, rips: bool) -> bool {
        self.marks.iter().any(|m| match m.tag {
            Tag::Source("HDTV" | "PDTV" | "SATRip") => true,
            Tag::Source("TVRip") => rips,
            _ => false,
        })
    }

    /// `Show.02.10`, `Show-02_17`, `[5.01] Title`, `11.14 - Title`: season and episode in figures alone.
    pub(super) fn paired(&self) -> Option<Joint> {
        let first = (0..self.text.len()).find(|i| self.is_pair(*i))?;
        let figures = |i: usize| {
            let number = self.text.number(i).filter(|_| self.marks.is_free(i));
            number.and_then(|n| u16::try_from(n).ok())
        };
        let season = figures(first).filter(|_| self.text.low(first).len() <= 2)?;
        let episode = figures(first + 1).filter(|_| self.text.low(first + 1).len() >= 2)?;
        Some(Joint { first, last: first + 1, season: Some(season), episode, second: None, rule: Rule::Paired })
    }

    fn is_pair(&self, i: usize) -> bool {
        let text = self.text;
        let (width, next_width) = (text.low(i).len(), text.low(i + 1).len());
        let boxed = text.gap(i).has(Gap::OPEN) && text.gap(i + 2).has(Gap::CLOSE) && text.gap(i + 1) == Gap::DOT;
        if boxed && (text.low(i + 1).starts_with('0') || next_width == 3) {
            return true;
        }
        if i == 0 && text.gap(2).is_spaced_dash() && text.gap(1) == Gap::DOT && next_width == 2 {
            return true;
        }
        // "2-06. The Well"
        let is_ahead =
            i == 0 && text.gap(1).is_hyphen() && width == 1 && next_width == 2 && text.low(1).starts_with('0');
        if is_ahead && (text.gap(2) == Gap::DOT.with(Gap::SPACE) || text.gap(2).is_spaced_dash()) {
            return true;
        }
        if self.is_pair_behind_title(i) {
            return true;
        }
        let closes = i > self.start
            && self.is_joined_pair(i)
            && next_width == 2
            && (i + 2 >= text.len() || (i + 3 >= text.len() && text.low(i + 2).len() == 1));
        closes
            && !self.has_group
            && (!text.source.contains(' ') || text.gap(i + 1).is_hyphen())
            && self.marks.iter().all(|m| m.strength < Strength::Firm)
    }

    /// `Title 2.05 Name`, `Title - 6.21 - Name`, `Title 4.13`, where spaces part the words. "Evangelion 1.11 Name" counts versions, and
    /// "Fahrenheit 9.11" is a title: without a dash either the episode begins with a zero, or its name follows.
    fn is_pair_behind_title(&self, i: usize) -> bool {
        let text = self.text;
        let (low, next) = (text.low(i), text.low(i + 1));
        let is_shaped = i > self.start && text.gap(i + 1) == Gap::DOT && low.len() <= 2 && next.len() == 2;
        if !is_shaped || self.has_year || self.has_group || !text.is_spaced() || !self.marks.is_free(i + 1) {
            return false;
        }
        let (Some(season @ 1..=30), Some(episode @ 1..=39)) = (text.number(i), text.number(i + 1)) else {
            return false;
        };
        let (before, behind) = (text.gap(i), text.gap(i + 2));
        let is_dashed = before.is_spaced_dash() || behind.is_spaced_dash();
        let is_section = before.is_spaced_dash() && behind.is_spaced_dash();
        let is_named = behind == Gap::SPACE && self.marks.is_free(i + 2) && text.number(i + 2).is_none();
        let ends = behind != Gap::DOT && (is_named || self.ends(i + 2));
        let is_version = episode == season * 11;
        ends && (!is_version || is_section)
            && (before == Gap::SPACE || before == Gap::SPACE.with(Gap::DOT) || before.is_spaced_dash())
            && (is_dashed || is_named || next.starts_with('0'))
    }

    /// `02.10`, `02_10`; `2_05`, `2-05`, whose episode begins with a zero.
    fn is_joined_pair(&self, i: usize) -> bool {
        let gap = self.text.gap(i + 1);
        match self.text.low(i).len() {
            2 => matches!(gap, Gap::DOT | Gap::UNDERSCORE),
            1 => (gap == Gap::UNDERSCORE || gap.is_hyphen()) && self.text.low(i + 1).starts_with('0'),
            _ => false,
        }
    }

    /// Television in parts: `Show.Part.2.HDTV`.
    pub(super) fn television_part(&self) -> Option<Joint> {
        let text = self.text;
        let i = (self.start + 2..text.len())
            .find(|i| text.is(*i - 1, Class::TelevisionPart) && text.number(*i).is_some())?;
        // "Part.09": of films there are never so many that they need two figures.
        let is_padded = text.low(i).starts_with('0') && text.low(i).len() == 2;
        // "Title (1994) Part 3 - Name": the title ended before, and few films have a third part.
        let is_behind_year = text.number(i).is_some_and(|n| n > 2) && self.is_behind_year(i - 1);
        if !is_padded && !is_behind_year && !self.is_television(false) {
            return None;
        }
        let episode = text.number(i).and_then(|n| u16::try_from(n).ok()).filter(|n| *n < 100)?;
        let ends = is_padded || is_behind_year || self.ends(i + 1) || self.marks.at(i + 1).is_some();
        ends.then_some(Joint { first: i - 1, last: i, season: None, episode, second: None, rule: Rule::TelevisionPart })
    }

    /// The year stands right before a token.
    fn is_behind_year(&self, i: usize) -> bool {
        self.marks.at(i - 1).is_some_and(|m| m.tag == Tag::Year)
    }
}
