//! Notations of one language: `第05集`, `Cap.402`.

use super::pieces::Grammar;
use super::{LONGEST_RANGE, Statement, push};
use crate::text::Gap;
use crate::words::{self, Class};

impl Grammar<'_, '_> {
    /// `第05集`, `第二季`, `第2期`.
    pub(super) fn cjk(&self, at: usize) -> Option<Statement> {
        let head = self.word(at).strip_prefix('第')?;
        if !head.is_empty() {
            // The number in words of its own, and the unit behind it.
            let (cut, unit) = head.char_indices().find_map(|(cut, c)| Some((cut, unit(c)?)))?;
            let mut statement = self.counted(unit, chinese(&head[..cut])?, at + 1)?;
            // "第二季第七集"
            if unit == Class::SeasonUnit
                && let Some(episode) = episode_behind(&head[cut..])
            {
                push(&mut statement.episodes, episode);
            } else if unit == Class::SeasonUnit && head[cut..].chars().count() == 1 && self.is_episode_at(at + 1) {
                self.episodes(at + 1, &mut statement);
            }
            return Some(statement);
        }
        let (value, _) = self.number(at + 1)?;
        if let Some(range) = self.cjk_range(at, value) {
            return Some(range);
        }
        let word = self.word(at + 2);
        if self.number(at + 2).is_some() || !(self.is_glued(at + 2) || word.is_empty()) {
            return None;
        }
        let unit = unit(word.chars().next()?)?;
        let mut statement = self.counted(unit, value, at + 3)?;
        // "第3季第05集": the season's unit and the episode's sign are one piece.
        if unit == Class::SeasonUnit
            && word.ends_with('第')
            && let Some((episode, _)) = self.number(at + 3).filter(|_| self.is_glued(at + 3))
            && self.word(at + 4).chars().next().and_then(self::unit) == Some(Class::EpisodeUnit)
        {
            push(&mut statement.episodes, episode);
            statement.end = at + 5;
        }
        Some(statement)
    }

    /// `第二季05`: figures glued to the season's unit.
    fn is_episode_at(&self, at: usize) -> bool {
        self.is_glued(at)
            && !self.is_glued(at + 1)
            && self.number(at).is_some_and(|(_, width)| (2..=3).contains(&width))
    }

    /// `第01-12集`.
    fn cjk_range(&self, at: usize, first: u32) -> Option<Statement> {
        let (last, _) = self.number(at + 2).filter(|_| self.gap(at + 2).has(Gap::HYPHEN))?;
        let is_range = self.word(at + 3).chars().next().and_then(unit) == Some(Class::EpisodeUnit)
            && (first..first + LONGEST_RANGE).contains(&last);
        is_range.then(|| {
            let mut statement = Statement { end: at + 4, ..Statement::default() };
            (first..=last).for_each(|n| push(&mut statement.episodes, n));
            statement
        })
    }

    fn counted(&self, unit: Class, value: u32, end: usize) -> Option<Statement> {
        let mut statement = Statement { end: end.min(self.pieces.len()), ..Statement::default() };
        let list = if unit == Class::SeasonUnit { &mut statement.seasons } else { &mut statement.episodes };
        push(list, value);
        Some(statement)
    }

    /// `제3회`.
    pub(super) fn korean(&self, at: usize) -> Option<Statement> {
        let (value, _) = self.number(at + 1).filter(|_| self.is_glued(at + 1))?;
        let unit = self.word(at + 2).chars().next()?;
        is(unit, Class::KoreanUnit).then(|| {
            let mut statement = Statement { end: at + 3, ..Statement::default() };
            push(&mut statement.episodes, value);
            statement
        })
    }

    /// `Cap.402`: season and episode in one number; `Cap.102_104` and `Cap.102 al 104` are ranges.
    pub(super) fn joint_number(&self, at: usize) -> Option<Statement> {
        let (value, width) = self.number(at + 1)?;
        let gap = self.gap(at + 1);
        if !gap.is_tight() || self.is_glued(at + 2) {
            return None;
        }
        let mut statement = Statement { end: at + 2, ..Statement::default() };
        // "Some Novela Cap 1254": daily series count through.
        if width <= 2 || width <= 4 && gap == Gap::SPACE {
            push(&mut statement.episodes, value);
            return Some(statement);
        }
        if width > 4 {
            return None;
        }
        push(&mut statement.seasons, value / 100);
        let mut last = value;
        // "Cap.101 al 110"
        let next = at + 2 + usize::from(self.is(at + 2, Class::Range));
        if let Some((end, digits)) = self.number(next)
            && digits == width
            && end > value
            && end / 100 == value / 100
        {
            last = end;
            statement.end = next + 1;
        }
        for n in value..=last {
            push(&mut statement.episodes, n % 100);
        }
        Some(statement)
    }
}

/// The episode of `季第七集`, behind the season's unit.
fn episode_behind(season_unit: &str) -> Option<u32> {
    let (_, rest) = season_unit.split_once('第')?;
    let cut = rest.char_indices().find_map(|(cut, c)| (unit(c) == Some(Class::EpisodeUnit)).then_some(cut))?;
    chinese(&rest[..cut])
}

/// Whether a character counts seasons or episodes.
fn unit(c: char) -> Option<Class> {
    [Class::SeasonUnit, Class::EpisodeUnit].into_iter().find(|class| is(c, *class))
}

fn is(c: char, class: Class) -> bool {
    words::is(c.encode_utf8(&mut [0; 4]), class)
}

/// The number in `第二季` and `第十二话`, up to 99.
fn chinese(word: &str) -> Option<u32> {
    let figure = |c: char| "一二三四五六七八九".chars().position(|f| f == c).and_then(|p| u32::try_from(p + 1).ok());
    let mut value = 0;
    for c in word.chars() {
        match c {
            '十' => value = value.max(1) * 10,
            _ => value += figure(c)?,
        }
        if value >= 100 {
            return None;
        }
    }
    (value > 0).then_some(value)
}
