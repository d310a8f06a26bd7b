//! Episodes behind their letter or word, with their lists and ranges: `E02-E05`, `EP(01-08)`, `Folge 5`.

use super::pieces::Grammar;
use super::{Claim, LONGEST_RANGE, push};
use crate::counting::{counted_in, is_episode_word, is_glued_letter, is_of_word, is_range_word};
use crate::tokens::Gap;

impl Grammar<'_, '_> {
    /// `Episode 5`, `Ep05v2`, `E01-E13`, `#04`.
    pub(super) fn episode(&self, at: usize) -> Option<Claim> {
        let word = self.word(at);
        let number = at + 1;
        let gap = self.gap(number);
        if self.number(number).is_none()
            && !word.is_ascii()
            && gap.is_blank()
            && let Some((value, words)) = counted_in(self.word(number), self.word(number + 1))
        {
            return Some(Claim { episodes: vec![value], end: number + words, ..Claim::default() });
        }
        let (value, width) = self.number(number)?;
        // "Ep 2x03"
        if self.word(number + 1) == "x" && self.is_glued(number + 1) && self.number(number + 2).is_some() {
            return self.by_number(number, value, width).filter(|_| gap.is_blank());
        }
        // "Episode 1.22"
        if width <= 2
            && !is_glued_letter(word)
            && self.gap(number + 1) == Gap::DOT
            && let Some((episode, 2)) = self.number(number + 1)
            && self.is_whole(number + 1)
        {
            let mut claim = Claim { end: number + 2, ..Claim::default() };
            push(&mut claim.seasons, value);
            push(&mut claim.episodes, episode);
            return Some(claim);
        }
        let is_short = matches!(word, "e" | "x" | "#" | "no" | "№");
        let near = if is_short {
            gap == Gap::NONE
        } else {
            // "[Ep - 09]"
            let is_boxed = gap.is_spaced_dash() && self.gap(at).has(Gap::OPEN) && self.gap(number + 1).has(Gap::CLOSE);
            gap == Gap::NONE
                || gap.is_tight()
                || is_boxed
                || gap.only(Gap::SPACE.with(Gap::COLON).with(Gap::OPEN).with(Gap::DOT))
        };
        if !near || !self.is_whole(number) || width > 5 {
            return None;
        }
        let ok = match word {
            // "x01" only behind a dash; "x264" and "Area x51" are not episodes.
            "x" => (2..=3).contains(&width) && self.gap(at).has(Gap::HYPHEN) && value < 200,
            // "#2024" is a year's tag.
            "#" => self.gap(at) != Gap::NONE && !(width == 4 && (1900..2040).contains(&value)),
            "no" | "№" => false,
            "e" => self.gap(at) != Gap::NONE || at == 0,
            _ => self.gap(at) != Gap::NONE || at == 0 || !self.word(at - 1).is_ascii(),
        };
        if !ok {
            return None;
        }
        let mut claim = Claim { end: number + 1, ..Claim::default() };
        self.episodes(number, &mut claim);
        // "Серии: 5 из 20": so many are there, in the way of Russian trackers; "5 серия из 12" is one.
        if matches!(word, "серии" | "серий" | "эпизоды" | "серії" | "серій" | "епізоди")
            && claim.episodes.len() == 1
            && is_of_word(self.word(number + 1))
        {
            claim.episodes.clear();
            (1..=value.min(LONGEST_RANGE)).for_each(|n| push(&mut claim.episodes, n));
        }
        Some(claim)
    }

    /// Reads `02`, `02-04`, `02E03`, `02+03`, `02-E04`, `02-S01E04` from the number at `first`.
    pub(super) fn episodes(&self, first: usize, claim: &mut Claim) {
        let Some((start, mut width)) = self.number(first) else { return };
        let mut last = start;
        push(&mut claim.episodes, start);
        let mut at = first + 1;
        loop {
            if matches!(self.word(at), "v")
                && (self.is_glued(at) || self.gap(at) == Gap::UNDERSCORE)
                && self.number(at + 1).is_some_and(|(v, _)| v < 10)
                && self.is_glued(at + 1)
            {
                claim.version = self.number(at + 1).and_then(|(v, _)| u8::try_from(v).ok());
                at += 2;
                continue;
            }
            if matches!(self.word(at), "a" | "b" | "c") && self.is_glued(at) {
                at += 1;
                continue;
            }
            let gap = self.gap(at);
            let mut next = at;
            let mut is_range = gap.has(Gap::HYPHEN) || gap.has(Gap::TILDE);
            let mut joins =
                gap.only(Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SPACE)) && !gap.is_blank();
            if is_range_word(self.word(next)) && gap.is_blank() {
                is_range = true;
                next += 1;
            } else if matches!(self.word(next), "and" | "en" | "und" | "и")
                && gap.is_blank()
                && !self.is_glued(next + 1)
            {
                joins = true;
                next += 1;
            }
            let mut said = false;
            // "E03.Folge.31" counts twice.
            let is_spelled = is_episode_word(self.word(next)) && !matches!(self.word(next), "e" | "ep" | "eps");
            // A repeated season: S01E02-S01E04, 1x02-1x04.
            if matches!(self.word(next), "s") && self.number(next + 1).is_some() && self.is_glued(next + 1) {
                if self.number(next + 1).map(|(v, _)| v) != claim.seasons.first().map(|s| u32::from(*s))
                    || !is_episode_word(self.word(next + 2))
                {
                    break;
                }
                next += 2;
            } else if self.word(next + 1) == "x" && self.is_glued(next + 1) && self.is_glued(next + 2) {
                if self.number(next).map(|(v, _)| v) != claim.seasons.first().map(|s| u32::from(*s)) {
                    break;
                }
                next += 1;
            }
            if is_episode_word(self.word(next)) || self.word(next) == "x" || self.word(next) == "xe" {
                // "S02E05 - Episode 13" counts through; it is no range.
                if is_spelled && gap.is_spaced_dash() && !claim.seasons.is_empty() {
                    break;
                }
                said = true;
                next += 1;
                if !(self.is_glued(next) || self.gap(next).is_blank()) {
                    break;
                }
            }
            let Some((value, digits)) = self.number(next) else { break };
            if !self.is_whole(next) || value <= last || value - start > LONGEST_RANGE {
                break;
            }
            let ok = if said {
                gap == Gap::NONE || gap.is_blank() && (!is_spelled || value == last + 1) || is_range || joins
            } else if gap == Gap::HYPHEN || gap.has(Gap::TILDE) || (is_range && next > at) {
                // "S01E01-02", "E1-200", "E05-6"; "E01-1080" and years are not episodes.
                let plain = digits >= width.min(2) && digits <= width + 1 && (digits < 4 || width >= 3);
                plain || value == last + 1 || (width == 1 && digits == 3 && !matches!(value, 480 | 540 | 576 | 720))
            } else if gap.is_spaced_dash() && gap.has(Gap::UNDERSCORE.with(Gap::SPACE)) {
                // "E01 - 13" means a range only when nothing but marks follows.
                // "S01E05 - 17" counts twice; packs begin at 1, 6, 11, and "EP07 - 08" is a pair.
                (digits == width && width >= 2 || width == 1 && digits <= 2)
                    && (start % 5 == 1 || value == last + 1)
                    && self.pieces.get(next + 1).is_none_or(|p| p.low.is_empty() || p.gap.is_bracket())
            } else {
                ((gap == Gap::UNDERSCORE || gap == Gap::DOT) && digits == width && width >= 2 && value == last + 1)
                    || (joins && digits == width)
            };
            if !ok {
                break;
            }
            if is_range {
                for n in last + 1..=value {
                    push(&mut claim.episodes, n);
                }
            } else {
                push(&mut claim.episodes, value);
            }
            last = value;
            width = width.max(digits);
            at = next + 1;
        }
        // "из 12", "of 12": how many there are.
        if is_of_word(self.word(at)) && self.gap(at).is_blank() && self.number(at + 1).is_some() {
            at += 2;
        }
        claim.end = at;
    }

    /// `5 серия`, `5-8 серии`: the number goes with the word behind it, not with the season in front.
    pub(super) fn are_episodes(&self, at: usize) -> bool {
        let is_range = self.number(at + 1).is_some_and(|(last, _)| self.range_before(at + 1, last).is_some());
        let unit = if is_range { at + 2 } else { at + 1 };
        is_episode_word(self.word(unit)) && (self.number(unit + 1).is_none() || self.gap(unit + 1).is_bracket())
    }
}
