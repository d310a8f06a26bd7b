//! Seasons behind their letter or word: `S01`, `T05E10`, `Season 1-3`.

use super::pieces::Grammar;
use super::{Claim, push};
use crate::counting::{counted, is_episode_word, is_range_word, is_season_word, roman};
use crate::tokens::Gap;

impl Grammar<'_, '_> {
    /// `S01`, `S01E02`, `S01-S03`, `T05E10`.
    pub(super) fn short_season(&self, at: usize) -> Option<Claim> {
        let word = self.word(at);
        let (season, width) = self.number(at + 1)?;
        let is_glued = match word {
            // "S 01" only right before an episode or something technical.
            "s" if !self.is_glued(at + 1) => {
                let ends = is_episode_word(self.word(at + 2)) || self.is_firm(at + 2);
                self.gap(at + 1) == Gap::SPACE && width == 2 && ends
            }
            "ج" => self.is_glued(at + 1) && self.word(at + 2) == "ح",
            "se" => self.is_glued(at + 1) || (self.gap(at + 1) == Gap::DOT && width <= 2),
            // "T2 C5", "T01E08": Spanish and Portuguese.
            "t" => {
                let is_padded = width == 2 && self.piece(at + 1).is_some_and(|p| p.low.starts_with('0'));
                self.is_glued(at + 1)
                    && (matches!(self.word(at + 2), "e" | "xe" | "x" | "c" | "ep" | "cap" | "caps" | "capitulo" | "capítulo")
                        && self.number(at + 3).is_some()
                        // "Some Series T02 Completa"; "T2" alone is a film's.
                        || is_padded && at > 0 && !self.is_glued(at + 2)
                        // "Some Series T2 - 04"
                        || at > 0 && self.gap(at + 2).is_spaced_dash() && self.number(at + 2).is_some_and(|n| n.1 == 2)
                        // "Some Series T1 (2020)"
                        || at > 0 && self.gap(at + 2).has(Gap::OPEN) && self.number(at + 2).is_some_and(|n| n.1 == 4))
            }
            _ => self.is_glued(at + 1),
        };
        if !is_glued || width > 4 || (width == 1 && self.is_glued(at) && word == "s") {
            return None;
        }
        // "DD5.1-S56": what a hyphen hangs behind the technical part is a group.
        if at > 0 && self.gap(at).is_hyphen() && self.is_firm(at - 1) && at + 2 >= self.pieces.len() {
            return None;
        }
        if self.is_glued(at + 2)
            && !matches!(
                self.word(at + 2),
                "e" | "ep"
                    | "x"
                    | "s"
                    | "v"
                    | "d"
                    | "b"
                    | "c"
                    | "eps"
                    | "episode"
                    | "xe"
                    | "extras"
                    | "bonus"
                    | "special"
                    | "specials"
            )
        {
            return None;
        }
        let mut claim = Claim { end: at + 2, ..Claim::default() };
        push(&mut claim.seasons, season);
        // S0615
        if width == 4 && self.piece(at + 1).is_some_and(|p| p.low.starts_with('0')) && self.word(at + 2) != "e" {
            claim.seasons = vec![];
            push(&mut claim.seasons, season / 100);
            push(&mut claim.episodes, season % 100);
            return Some(claim);
        }
        // Discs: S07D1.
        if self.word(at + 2) == "d" && self.is_glued(at + 2) && self.number(at + 3).is_some() {
            claim.end = at + 4;
            return Some(claim);
        }
        if let Some(first) = self.episode_after_season(at + 2) {
            self.episodes(first, &mut claim);
            return Some(claim);
        }
        self.more_seasons(&mut claim, season, width);
        Some(claim)
    }

    /// Where the episode's number stands behind a season's: `E02`, ` - 06`, `x02`, `EP(01`.
    pub(super) fn episode_after_season(&self, at: usize) -> Option<usize> {
        let gap = self.gap(at);
        let word = self.word(at);
        let near = gap == Gap::NONE
            || gap.is_tight()
            || gap.is_spaced_dash()
            || gap.only(Gap::SPACE.with(Gap::COMMA).with(Gap::OPEN).with(Gap::CLOSE).with(Gap::DOT).with(Gap::PIPE));
        // "S05B12" (bölüm), "T2 C5" (capítulo), "ج3 ح12"
        let is_letter = matches!(word, "x" | "xe" | "c" | "cap" | "ح") || word == "b" && self.is_glued(at);
        if (is_episode_word(word) || is_letter) && near && self.number(at + 1).is_some() {
            let between = self.gap(at + 1);
            let follows = between == Gap::NONE
                || between.is_blank()
                || between.only(Gap::OPEN.with(Gap::SPACE))
                || between.is_hyphen();
            return (follows && self.is_whole(at + 1)).then_some(at + 1);
        }
        // "S2 - 06"; never "S01 - 2019" or "S01 - 1080p".
        let (value, width) = self.number(at)?;
        // "S01.07", "S02 03", "S2-07"
        let seasons_width = self.number(at - 1).map_or(0, |(_, width)| width);
        if width == 2
            && self.is_whole(at)
            && (gap == Gap::DOT || gap == Gap::SPACE || (gap.is_hyphen() && seasons_width == 1))
        {
            let season = self.number(at - 1).map_or(0, |(value, _)| value);
            let goes_on = seasons_width == 1 || self.number(at + 1).is_some_and(|(next, _)| next == value + 1);
            let is_list = value == season + 1 && gap != Gap::DOT && goes_on;
            let padded = self.piece(at).is_some_and(|p| p.low.starts_with('0'));
            let far = value > season + 15;
            if !is_list && (!gap.is_hyphen() || padded || far) {
                return Some(at);
            }
        }
        let is_last = !self.is_glued(at + 1) || matches!(self.word(at + 1), "v");
        let parts_off = self.gap(at + 1).is_spaced_dash()
            || self.gap(at + 1).is_bracket()
            || self.pieces.get(at + 1).is_none_or(|p| p.low.is_empty())
            || self.word(at + 1) == "v";
        (gap.is_spaced_dash() && is_last && parts_off && (width <= 3 || value < 1900)).then_some(at)
    }

    /// `-S03`, `-03`, ` S02 S03`, `+S02` behind a season.
    pub(super) fn more_seasons(&self, claim: &mut Claim, first: u32, width: u8) {
        let mut last = first;
        loop {
            let at = claim.end;
            let gap = self.gap(at);
            let mut next = at;
            let mut is_range = gap.has(Gap::HYPHEN) || gap.has(Gap::TILDE) || gap.has(Gap::COLON);
            let mut is_list = gap.only(
                Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SPACE).with(Gap::DOT).with(Gap::UNDERSCORE),
            );
            if is_range_word(self.word(next))
                || matches!(self.word(next), "a" | "&" | "and" | "и" | "e" | "y" | "und")
                    && !self.is_glued(next + 1)
                    && gap.is_blank()
            {
                is_range = is_range || is_range_word(self.word(next)) || self.word(next) == "a";
                is_list = !is_range;
                next += 1;
            }
            let mut said = false;
            if matches!(self.word(next), "s" | "t") && self.is_glued(next + 1) || is_season_word(self.word(next)) {
                said = true;
                next += 1;
            }
            let Some((value, digits)) = self.number(next) else { return };
            let is_free = !self.is_glued(next + 1);
            let plausible = value > last && value - first <= 60 && digits <= 2 && is_free;
            let ok = plausible
                && if said {
                    is_range || is_list
                } else if is_range {
                    // "S01-08"; "S2 - 06" was an episode already.
                    digits == width || width == 1
                } else {
                    // "Seasons 1 2 3": counted one by one.
                    is_list
                        && value == last + 1
                        && digits == width
                        && width <= 2
                        && (claim.seasons.len() > 1
                            || self.number(next + 1).is_some_and(|(v, _)| v == value + 1)
                            || gap.has(Gap::AMPERSAND.with(Gap::COMMA).with(Gap::PLUS))
                            || next > at)
                        // "1.3&5", "1, 3 and 5": a list with a sign need not be whole.
                        || is_list
                            && digits == width
                            && (gap.has(Gap::AMPERSAND.with(Gap::COMMA).with(Gap::PLUS))
                                || next > at
                                || self.gap(next + 1).has(Gap::AMPERSAND)
                                || matches!(self.word(next + 1), "and" | "und" | "et"))
                };
            if !ok {
                return;
            }
            if is_range {
                for n in last + 1..=value {
                    push(&mut claim.seasons, n);
                }
            } else {
                push(&mut claim.seasons, value);
            }
            last = value;
            claim.end = next + 1;
        }
    }

    /// `Season 1`, `Seasons 1-4`, `Сезон 3`, `S` words spelled out.
    pub(super) fn long_season(&self, at: usize) -> Option<Claim> {
        let mut next = at + 1;
        // "The Series S01" is a title and a season; "Season S01" is one season.
        let is_title_word = matches!(self.word(at), "series" | "serie" | "série");
        if self.word(next) == "s" && self.is_glued(next + 1) && !is_title_word {
            next += 1;
        }
        let gap = self.gap(at + 1);
        if let Some(number) =
            roman(self.word(next)).or_else(|| counted(self.word(next))).filter(|_| gap.is_blank() && !is_title_word)
        {
            let mut claim = Claim { seasons: vec![number], end: next + 1, ..Claim::default() };
            if let Some(first) = self.episode_after_season(next + 1).filter(|_| self.number(next + 1).is_none()) {
                self.episodes(first, &mut claim);
            }
            return Some(claim);
        }
        let (season, width) = self.number(next)?;
        // "Some Series 1x02", "Some Series 1 of 6", "Some Series 2 сезон": the number goes with what stands behind it.
        let behind = self.word(next + 1);
        let is_taken = behind == "x" && self.is_glued(next + 1)
            || behind == "of" && self.number(next + 2).is_some()
            || is_season_word(behind);
        if is_title_word && (at == 0 || is_taken) {
            return None;
        }
        let near =
            gap == Gap::NONE || gap.is_tight() || gap.only(Gap::SPACE.with(Gap::COLON).with(Gap::OPEN).with(Gap::DOT));
        // "Series 7" and "Serie 3" may count; "Series 2009" does not.
        if !near || width > 2 || (self.is_glued(next + 1) && !matches!(self.word(next + 1), "e" | "ep" | "x" | "v")) {
            return None;
        }
        let mut claim = Claim { end: next + 1, ..Claim::default() };
        push(&mut claim.seasons, season);
        // "(Season 1 - 4)", "Season 1 - 4 Complete"
        if width == 1
            && self.gap(next + 1).is_spaced_dash()
            && let Some((last, 1)) = self.number(next + 1)
            && last > season
            && (self.gap(next + 2).has(Gap::CLOSE) && self.gap(at).has(Gap::OPEN) || self.word(next + 2) == "complete")
        {
            (season + 1..=last).for_each(|n| push(&mut claim.seasons, n));
            claim.end = next + 2;
            return Some(claim);
        }
        if let Some(first) = self.episode_after_season(next + 1) {
            self.episodes(first, &mut claim);
            return Some(claim);
        }
        if self.gap(next + 1) == Gap::DOT
            && let Some((_, 2)) = self.number(next + 1)
            && self.is_whole(next + 1)
        {
            self.episodes(next + 1, &mut claim);
            return Some(claim);
        }
        self.more_seasons(&mut claim, season, width);
        Some(claim)
    }
}
