//! Numbers ahead of what they count: `1x02`, `2nd Season`, `5 серия`, `01-12 серии`, `1 of 6`.

use super::pieces::Grammar;
use super::{LONGEST_RANGE, Statement, push};
use crate::text::Gap;
use crate::words::Class;

impl Grammar<'_, '_> {
    pub(super) fn by_number(&self, at: usize, value: u32, width: u8) -> Option<Statement> {
        self.crossed(at, value, width)
            .or_else(|| self.before_unit(at, value, width))
            .or_else(|| self.one_of(at, value, width))
    }

    /// `2x09`, `02x09`, `2016x231`, `2 x 09`.
    fn crossed(&self, at: usize, value: u32, width: u8) -> Option<Statement> {
        let next = at + 1;
        if self.is_glued(next) && self.is(next, Class::AllEpisodes) && width <= 2 {
            let mut statement = Statement { end: next + 1, ..Statement::default() };
            push(&mut statement.seasons, value);
            return Some(statement);
        }
        let is_close = self.is_glued(next) && self.is_glued(next + 1);
        if self.word(next) != "x" || !is_close && !self.is_crossed_apart(at) {
            return None;
        }
        let (episode, digits) = self.number(next + 1)?;
        let season_fits = width <= 2 || (width == 4 && (1930..2040).contains(&value));
        let fits = season_fits
            && !self.is_glued(at)
            && (1..=4).contains(&digits)
            && episode < 1900
            && self.is_whole(next + 1)
            && (digits >= 2 || width <= 2)
            // "[0x123] Title": a group that likes hexadecimal figures.
            && !(value == 0 && digits > 2)
            && !self.is_group_ahead(at);
        fits.then(|| {
            let mut statement = Statement::default();
            push(&mut statement.seasons, value);
            self.episodes(next + 1, &mut statement);
            statement
        })
    }

    /// `1 x 03`, `1x 03`, `1 x03`, behind a title. "4 x 4 Adventure" is one.
    pub(super) fn is_crossed_apart(&self, at: usize) -> bool {
        let episode = at + 2;
        let is_near = |at| self.is_glued(at) || self.gap(at).is_blank();
        let is_padded = self.number(episode).is_some_and(|(_, width)| width == 2);
        let ends =
            self.is_firm(episode + 1) || self.gap(episode + 1).is_spaced_dash() || self.gap(episode + 1).is_bracket();
        at > 0 && is_near(at + 1) && is_near(episode) && (is_padded || ends)
    }

    /// `[2x2] Title`: one figure each, in brackets ahead of all.
    fn is_group_ahead(&self, at: usize) -> bool {
        let is_single = self.number(at + 2).is_some_and(|(_, width)| width == 1);
        at == 0 && is_single && self.gap(0).has(Gap::OPEN) && self.gap(3).has(Gap::CLOSE)
    }

    /// `2nd Season`, `2. Staffel`, `5 серия`, `165.Bölüm`, `857集`, `5화`.
    fn before_unit(&self, at: usize, value: u32, width: u8) -> Option<Statement> {
        let next = at + 1;
        let is_th = self.word(next) == "th" && self.gap(next) == Gap::SPACE;
        let is_ordinal =
            self.is(next, Class::OrdinalEnding) && (self.is_glued(next) || self.gap(next).is_hyphen() || is_th);
        let unit = if is_ordinal { next + 1 } else { next };
        let gap = self.gap(unit);
        if !(gap == Gap::NONE || gap.is_tight() || gap == Gap::DOT.with(Gap::SPACE)) || self.is_glued(at) {
            return None;
        }
        if width <= 2 && self.is_season_unit(unit, is_ordinal) {
            return Some(self.seasons_before(at, value, unit, is_ordinal));
        }
        // "Title 2022 Bölüm 3": a year, and an episode behind its word.
        let is_year = width == 4 && (1930..2040).contains(&value) && self.number(unit + 1).is_some();
        (width <= 4 && !is_year && self.is_episode_unit(unit)).then(|| self.episodes_before(at, value, unit))
    }

    /// A season's word that counts the number before it.
    fn is_season_unit(&self, unit: usize, is_ordinal: bool) -> bool {
        self.is(unit, Class::Season)
            && (is_ordinal
                || self.gap(unit).has(Gap::DOT)
                || !self.is(unit, Class::SeasonInTitles)
                || self.are_episodes(unit + 1))
            && (is_ordinal
                || self.number(unit + 1).is_none()
                || self.gap(unit + 1).has(Gap::OPEN)
                || self.gap(unit + 1).is_spaced_dash()
                || self.are_episodes(unit + 1))
    }

    fn seasons_before(&self, at: usize, value: u32, unit: usize, is_ordinal: bool) -> Statement {
        let mut statement = Statement { end: unit + 1, ..Statement::default() };
        // "1ª a 8ª Temporada"
        let is_range = is_ordinal && at >= 3 && (self.is(at - 1, Class::Range) || self.is(at - 1, Class::SeasonTo));
        if is_range
            && let Some((first, width)) = self.number(at - 3)
            && width <= 2
            && first < value
        {
            (first..value).for_each(|n| push(&mut statement.seasons, n));
            statement.start = Some(at - 3);
        } else if let Some(first) = self.range_before(at, value) {
            (first..value).for_each(|n| push(&mut statement.seasons, n));
            statement.start = Some(at - 1);
        }
        push(&mut statement.seasons, value);
        statement
    }

    /// An episode's word that counts the number before it.
    fn is_episode_unit(&self, unit: usize) -> bool {
        let word = self.word(unit);
        self.is(unit, Class::Episode)
            && !self.is(unit, Class::EpisodeAhead)
            && (self.number(unit + 1).is_none()
                || self.gap(unit + 1).is_bracket()
                || !(word.is_ascii() || is_said_first(word)))
            // "2 Season 7 Episode": the season is said so, too.
            && (!self.is(unit, Class::EpisodeGluedOnly) || self.gap(unit) == Gap::NONE || self.is_behind_season(unit))
    }

    /// The number before a unit stands right behind a season's word.
    fn is_behind_season(&self, unit: usize) -> bool {
        unit.checked_sub(2).is_some_and(|before| self.is(before, Class::Season))
    }

    fn episodes_before(&self, at: usize, value: u32, unit: usize) -> Statement {
        let mut statement = Statement { end: unit + 1, ..Statement::default() };
        // "5-8 серии": a range stands before its word.
        if let Some(first) = self.range_before(at, value) {
            (first..value).for_each(|n| push(&mut statement.episodes, n));
            statement.start = Some(at - 1);
        }
        push(&mut statement.episodes, value);
        if self.is(unit + 1, Class::Of) && self.number(unit + 2).is_some() {
            statement.end = unit + 3;
        }
        statement
    }

    /// `1 of 6`, `01_of_24`, `2Of4`.
    fn one_of(&self, at: usize, value: u32, width: u8) -> Option<Statement> {
        let next = at + 1;
        let is_near = self.gap(next) == Gap::NONE || self.gap(next).is_blank();
        if !self.is(next, Class::OneOf) || !is_near || width > 3 {
            return None;
        }
        let (total, digits) = self.number(next + 1)?;
        // "Title Part 3 of 6" is television; a film is cut in two.
        let is_part = at > 1 && self.is(at - 1, Class::TelevisionPart) && total > 2;
        let is_disc = at > 0 && self.is(at - 1, Class::OfNoEpisode) && !is_part;
        if is_disc || digits > 3 || value > total || value == 0 {
            return None;
        }
        let mut statement = Statement { end: next + 2, ..Statement::default() };
        let boxed = self.gap(at).has(Gap::OPEN) && self.gap(next + 2).has(Gap::CLOSE);
        let range = self.range_before(at, value);
        statement.start = range.map(|_| at - 1).or(is_part.then(|| at - 1));
        // "[26 из 26]": all of them; "[3-26 из 26]": these.
        let first = range.unwrap_or(if self.is(next, Class::AllOf) && boxed { 1 } else { value });
        (first..=value).for_each(|n| push(&mut statement.episodes, n));
        Some(statement)
    }

    /// The first of `5-8`, when `at` is its last and a word follows.
    pub(super) fn range_before(&self, at: usize, last: u32) -> Option<u32> {
        let (first, width) = self.number(at.checked_sub(1)?)?;
        let gap = self.gap(at);
        // "1.-5. Staffel"
        let is_dotted = gap == Gap::DOT.with(Gap::HYPHEN);
        let joined = gap.is_hyphen()
            || is_dotted
            || gap.has(Gap::TILDE)
            || self.is(at + 1, Class::Several) && gap.is_spaced_dash();
        (joined && width <= 4 && first < last && last - first <= LONGEST_RANGE && !self.is_glued(at - 1))
            .then_some(first)
    }
}

/// Arabic, Hebrew, Hindi and Thai put the word before its number, so "3 الحلقة 15" is episode 15.
fn is_said_first(word: &str) -> bool {
    word.starts_with(|c: char| matches!(c, '\u{590}'..='\u{6ff}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{e7f}'))
}
