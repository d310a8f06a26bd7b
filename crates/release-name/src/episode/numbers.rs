//! Numbers ahead of what they count: `1x02`, `2nd Season`, `5 серия`, `01-12 серии`.

use super::pieces::Grammar;
use super::{Claim, LONGEST_RANGE, push};
use crate::counting::{is_episode_word, is_of_word, is_range_word, is_season_word};
use crate::tokens::Gap;

impl Grammar<'_, '_> {
    pub(super) fn by_number(&self, at: usize, value: u32, width: u8) -> Option<Claim> {
        let next = at + 1;
        let word = self.word(next);
        // 2x09, 02x09, 2016x231
        if word == "x"
            && self.is_glued(next)
            && self.is_glued(next + 1)
            && let Some((episode, digits)) = self.number(next + 1)
        {
            let season_fits = width <= 2 || (width == 4 && (1930..2040).contains(&value));
            if season_fits
                && !self.is_glued(at)
                && (1..=4).contains(&digits)
                && episode < 1900
                && self.is_whole(next + 1)
                && (digits >= 2 || width <= 2)
            {
                let mut claim = Claim::default();
                push(&mut claim.seasons, value);
                self.episodes(next + 1, &mut claim);
                return Some(claim);
            }
        }
        // 2nd Season, 2. Staffel, 5 серия, 165.Bölüm, 857集, 5화
        let (ending, after) =
            if matches!(word, "st" | "nd" | "rd" | "th" | "ª" | "º" | "°" | "a" | "й" | "я" | "ой" | "го" | "ый")
                && (self.is_glued(next) || self.gap(next).is_hyphen() || (word == "th" && self.gap(next) == Gap::SPACE))
            {
                (true, next + 1)
            } else {
                (false, next)
            };
        let unit = self.word(after);
        let gap = self.gap(after);
        if gap == Gap::NONE || gap.is_tight() || gap == Gap::DOT.with(Gap::SPACE) {
            if is_season_word(unit)
                && width <= 2
                && !self.is_glued(at)
                && (ending || gap.has(Gap::DOT) || !matches!(unit, "series" | "serie" | "série"))
                && (ending
                    || self.number(after + 1).is_none()
                    || self.gap(after + 1).has(Gap::OPEN)
                    || self.are_episodes(after + 1))
            {
                let mut claim = Claim { end: after + 1, ..Claim::default() };
                // "1ª a 8ª Temporada"
                if ending
                    && at >= 3
                    && (is_range_word(self.word(at - 1)) || self.word(at - 1) == "a")
                    && let Some((first, width)) = self.number(at - 3)
                    && width <= 2
                    && first < value
                {
                    for n in first..value {
                        push(&mut claim.seasons, n);
                    }
                    claim.start = Some(at - 3);
                } else if let Some(first) = self.range_before(at, value) {
                    (first..value).for_each(|n| push(&mut claim.seasons, n));
                    claim.start = Some(at - 1);
                }
                push(&mut claim.seasons, value);
                return Some(claim);
            }
            let is_unit = is_episode_word(unit) && !matches!(unit, "e" | "ep" | "eps" | "epi" | "episodes" | "folgen");
            if is_unit
                && width <= 4
                && !self.is_glued(at)
                && (self.number(after + 1).is_none()
                    || self.gap(after + 1).is_bracket()
                    || !(unit.is_ascii() || is_said_first(unit)))
                && !(unit.starts_with("episode") && gap != Gap::NONE)
            {
                let mut claim = Claim { end: after + 1, ..Claim::default() };
                // "5-8 серии": a range stands before its word.
                if let Some(first) = self.range_before(at, value) {
                    (first..value).for_each(|n| push(&mut claim.episodes, n));
                    claim.start = Some(at - 1);
                }
                push(&mut claim.episodes, value);
                if is_of_word(self.word(after + 1)) && self.number(after + 2).is_some() {
                    claim.end = after + 3;
                }
                return Some(claim);
            }
        }
        // 1 of 6, 01_of_24, 2Of4
        if matches!(word, "of" | "из")
            && (self.gap(next) == Gap::NONE || self.gap(next).is_blank())
            && width <= 3
            && let Some((total, digits)) = self.number(next + 1)
        {
            let disc = at > 0 && matches!(self.word(at - 1), "cd" | "disc" | "disk" | "dvd" | "part" | "pt" | "vol");
            if !disc && digits <= 3 && value <= total && value > 0 {
                let mut claim = Claim { end: next + 2, ..Claim::default() };
                // "[26 из 26]": all of them.
                let boxed = self.gap(at).has(Gap::OPEN) && self.gap(next + 2).has(Gap::CLOSE);
                let range = self.range_before(at, value);
                claim.start = range.map(|_| at - 1);
                // "[26 из 26]": all of them; "[3-26 из 26]": these.
                let first = range.unwrap_or(if word == "из" && boxed { 1 } else { value });
                (first..=value).for_each(|n| push(&mut claim.episodes, n));
                return Some(claim);
            }
        }
        None
    }

    /// The first of `5-8`, when `at` is its last and a word follows.
    pub(super) fn range_before(&self, at: usize, last: u32) -> Option<u32> {
        let plural = matches!(self.word(at + 1), "сезоны" | "серии" | "серій" | "сезони" | "серії" | "серий");
        let (first, width) = self.number(at.checked_sub(1)?)?;
        let gap = self.gap(at);
        let joined = gap.is_hyphen() || gap.has(Gap::TILDE) || plural && gap.is_spaced_dash();
        (joined && width <= 4 && first < last && last - first <= LONGEST_RANGE && !self.is_glued(at - 1))
            .then_some(first)
    }
}

/// Arabic, Hebrew, Hindi and Thai put the word before its number, so "3 الحلقة 15" is episode 15.
fn is_said_first(word: &str) -> bool {
    word.starts_with(|c: char| matches!(c, '\u{590}'..='\u{6ff}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{e7f}'))
}
