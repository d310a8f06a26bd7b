//! Seasons behind their letter or word: `S01`, `T05E10`, `Season 1-3`.

use super::pieces::Grammar;
use super::{Statement, push};
use crate::text::Gap;
use crate::words::Class;

/// More seasons than any series has.
const MOST_SEASONS: u32 = 60;

/// What joins a season to the one before.
struct Link {
    /// The piece that the number is.
    number: usize,
    gap: Gap,
    is_range: bool,
    is_list: bool,
    /// Its letter or word is said again.
    is_said: bool,
    /// By a word: "and", "to".
    by_word: bool,
}

impl Grammar<'_, '_> {
    /// `S01`, `S01E02`, `S01-S03`, `T05E10`.
    pub(super) fn short_season(&self, at: usize) -> Option<Statement> {
        let word = self.word(at);
        let (season, width) = self.number(at + 1)?;
        if !self.is_season_letter(at, width) || width > 4 || (width == 1 && self.is_glued(at) && word == "s") {
            return None;
        }
        // "DD5.1-S56": what a hyphen hangs behind the technical part is a group.
        if at > 0 && self.gap(at).is_hyphen() && self.is_firm(at - 1) && at + 2 >= self.pieces.len() {
            return None;
        }
        if self.is_glued(at + 2) && !self.is(at + 2, Class::GluedToSeason) {
            return None;
        }
        let mut statement = Statement { end: at + 2, ..Statement::default() };
        // S0615
        if width == 4 && self.is_padded(at + 1) && self.word(at + 2) != "e" {
            push(&mut statement.seasons, season / 100);
            push(&mut statement.episodes, season % 100);
            return Some(statement);
        }
        push(&mut statement.seasons, season);
        // Discs, parts and volumes: S07D1, S02P02, S02P01E05, S04V02E08. "S01v2" is a version.
        let is_part = matches!(self.word(at + 2), "d" | "p") || self.word(at + 2) == "v" && self.is_episode_of(at + 4);
        // "S04 D02"
        let is_disc = self.word(at + 2) == "d" && self.gap(at + 2).is_blank() && self.is_glued(at + 3);
        if (is_part && self.is_glued(at + 2) || is_disc) && self.number(at + 3).is_some() {
            statement.end = at + 4;
            if let Some(first) = self.episode_after_season(at + 4).filter(|_| self.is_glued(at + 4)) {
                self.episodes(first, &mut statement);
            }
            return Some(statement);
        }
        if self.is(at + 2, Class::Special) && self.is_glued(at + 2) {
            self.special_of_season(at + 2, &mut statement);
            return Some(statement);
        }
        if let Some(first) = self.episode_after_season(at + 2) {
            self.episodes(first, &mut statement);
            return Some(statement);
        }
        if self.special_behind_season(at + 2, &mut statement) {
            return Some(statement);
        }
        if self.spelled_episode(at + 2, &mut statement) {
            return Some(statement);
        }
        self.more_seasons(&mut statement, season, width);
        Some(statement)
    }

    /// `S04 Special 01`: the same, apart.
    fn special_behind_season(&self, at: usize, statement: &mut Statement) -> bool {
        let number = self.number(at + 1).filter(|(_, width)| *width <= 2 && self.is_whole(at + 1));
        let is_near = self.is(at, Class::CountedSpecial) && self.gap(at).is_blank();
        let Some((number, _)) = number.filter(|_| is_near && (self.gap(at + 1).is_blank() || self.is_glued(at + 1)))
        else {
            return false;
        };
        statement.special = Some(self.entry(at).word);
        push(&mut statement.episodes, number);
        statement.end = at + 2;
        true
    }

    /// `S01OVA`, `S01OVA04`, `S01SP02`: it counts beside the episodes.
    fn special_of_season(&self, at: usize, statement: &mut Statement) {
        statement.special = self.entry(at).is(Class::Special).then(|| self.entry(at).word);
        statement.end = at + 1;
        if let Some((number, 1 | 2)) = self.number(at + 1).filter(|_| self.is_glued(at + 1)) {
            push(&mut statement.episodes, number);
            statement.end = at + 2;
        }
    }

    /// The letter is a season's, and no other word's.
    fn is_season_letter(&self, at: usize, width: u8) -> bool {
        let is_glued = self.is_glued(at + 1);
        match self.word(at) {
            // "S 01" only right before an episode or something technical.
            // "S-01 E-04", "S:01 E:04" are said by two letters.
            "s" if !is_glued => {
                let gap = self.gap(at + 1);
                let is_signed = gap.is_hyphen() || gap.only(Gap::COLON.with(Gap::SPACE)) && gap.has(Gap::COLON);
                let ends = self.is(at + 2, Class::Episode) || self.is_firm(at + 2);
                let is_single = width == 1 && at > 0 && self.is_spaced_out(at);
                gap == Gap::SPACE && (width == 2 && ends || is_single)
                    || is_signed && width <= 2 && self.is_episode_of(at + 2)
            }
            // A part of a film is written so, too, but ahead of its year.
            "ج" => {
                (is_glued || self.gap(at + 1).is_blank()) && at > 0 && (self.is_episode_of(at + 2) || self.ends(at + 2))
            }
            "с" | "м" | "م" | "ע" => is_glued && self.is_episode_of(at + 2),
            "se" => {
                let is_apart = self.gap(at + 1) == Gap::SPACE && self.is(at + 2, Class::Episode);
                is_glued || width <= 2 && (self.gap(at + 1) == Gap::DOT || is_apart)
            }
            "t" => is_glued && self.is_temporada(at, width),
            _ => is_glued,
        }
    }

    /// `S 6 E 1`: each letter and each number of its own.
    fn is_spaced_out(&self, at: usize) -> bool {
        let is_apart = (at..=at + 3).all(|piece| self.gap(piece) == Gap::SPACE);
        is_apart && matches!(self.word(at + 2), "e" | "ep") && self.number(at + 3).is_some()
    }

    /// An episode's letter or word with its number.
    fn is_episode_of(&self, at: usize) -> bool {
        (self.is(at, Class::Episode) || self.is(at, Class::EpisodeBehindSeason)) && self.number(at + 1).is_some()
    }

    /// Nothing stands there, or something that another pass has read.
    fn ends(&self, at: usize) -> bool {
        self.is_firm(at) || self.gap(at).is_bracket()
    }

    /// `T2 C5`, `T01E08`: Spanish and Portuguese. `T2` alone is a film's.
    fn is_temporada(&self, at: usize, width: u8) -> bool {
        let next = at + 2;
        let behind = |figures: u8| at > 0 && self.number(next).is_some_and(|(_, width)| width == figures);
        self.is(next, Class::EpisodeBehindT) && self.number(next + 1).is_some()
            // "Some Series T02 Completa"
            || width == 2 && self.is_padded(at + 1) && at > 0 && !self.is_glued(next)
            // "Some Series T2 - 04"
            || self.gap(next).is_spaced_dash() && behind(2)
            // "Some Series T1 (2020)"
            || self.gap(next).has(Gap::OPEN) && behind(4)
    }

    /// Where the episode's number stands behind a season's: `E02`, ` - 06`, `x02`, `EP(01`.
    pub(super) fn episode_after_season(&self, at: usize) -> Option<usize> {
        let gap = self.gap(at);
        let near = gap == Gap::NONE
            || gap.is_tight()
            || gap.is_spaced_dash()
            || gap.only(Gap::SPACE.with(Gap::COMMA).with(Gap::OPEN).with(Gap::CLOSE).with(Gap::DOT).with(Gap::PIPE));
        // "S05B12", "S5 B12" (bölüm), "T2 C5" (capítulo), "ج3 ح12"
        let is_letter = self.is(at, Class::EpisodeBehindSeason)
            || self.is(at, Class::GluedEpisode) && (self.is_glued(at) || self.is_glued(at + 1));
        if (self.is(at, Class::Episode) || is_letter) && near && self.number(at + 1).is_some() {
            let between = self.gap(at + 1);
            let follows = between == Gap::NONE
                || between.is_blank()
                || between.only(Gap::OPEN.with(Gap::SPACE).with(Gap::COLON))
                || between.is_hyphen()
                || between.is_spaced_dash() && !self.is(at, Class::ShortEpisode);
            return (follows && self.is_whole(at + 1)).then_some(at + 1);
        }
        let (value, width) = self.number(at)?;
        if width == 2 && self.is_bare_episode(at, value) {
            return Some(at);
        }
        // "S2 - 06"; never "S01 - 2019" or "S01 - 1080p".
        let is_last = !self.is_glued(at + 1) || self.word(at + 1) == "v";
        let parts_off = self.gap(at + 1).is_spaced_dash()
            || self.gap(at + 1).is_bracket()
            || self.pieces.get(at + 1).is_none_or(|p| p.low.is_empty())
            || self.word(at + 1) == "v"
            || self.is(at + 1, Class::End);
        (gap.is_spaced_dash() && is_last && parts_off && (width <= 3 || value < 1900)).then_some(at)
    }

    /// `S01.07`, `S02 03`, `S2-07`: two figures right behind the season, that are no further season.
    fn is_bare_episode(&self, at: usize, value: u32) -> bool {
        let gap = self.gap(at);
        let (season, season_width) = self.number(at - 1).unwrap_or_default();
        let is_near = gap == Gap::DOT || gap == Gap::SPACE || gap.is_hyphen() && season_width == 1;
        if !is_near || !self.is_whole(at) {
            return false;
        }
        let goes_on = season_width == 1 || self.number(at + 1).is_some_and(|(next, _)| next == value + 1);
        let is_list = value == season + 1 && gap != Gap::DOT && goes_on;
        let is_far = value > season + 15;
        !is_list && (!gap.is_hyphen() || self.is_padded(at) || is_far)
    }

    /// `-S03`, `-03`, ` S02 S03`, `+S02` behind a season.
    pub(super) fn more_seasons(&self, statement: &mut Statement, first: u32, width: u8) {
        let mut last = first;
        while let Some((link, value, digits)) = self.season_link(statement.end) {
            let fits = value > last && value - first <= MOST_SEASONS && digits <= 2 && !self.is_glued(link.number + 1);
            let is_next = value == last + 1;
            let goes_on = if link.is_said {
                link.is_range || link.is_list
            } else if link.is_range {
                // "S01-08"; "S2 - 06" was an episode already.
                digits == width || width == 1
            } else {
                link.is_list && digits == width && self.is_counted_list(statement, &link, value, is_next)
            };
            if !fits || !goes_on {
                return;
            }
            if link.is_range {
                (last + 1..=value).for_each(|n| push(&mut statement.seasons, n));
            } else {
                push(&mut statement.seasons, value);
            }
            last = value;
            statement.end = link.number + 1;
        }
    }

    /// What joins the season at or behind `at`, with its number and figures.
    fn season_link(&self, at: usize) -> Option<(Link, u32, u8)> {
        let gap = self.gap(at);
        let mut next = at;
        let mut is_range = gap.has(Gap::HYPHEN) || gap.has(Gap::TILDE) || gap.has(Gap::COLON);
        let mut is_list = gap.only(
            Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SPACE).with(Gap::DOT).with(Gap::UNDERSCORE),
        );
        let is_and = self.is(next, Class::SeasonAnd) && !self.is_glued(next + 1) && gap.is_blank();
        if self.is(next, Class::Range) || is_and {
            is_range = is_range || self.is(next, Class::Range) || self.is(next, Class::SeasonTo);
            is_list = !is_range;
            next += 1;
        }
        let by_word = next > at;
        let is_said = matches!(self.word(next), "s" | "t") && self.is_glued(next + 1) || self.is(next, Class::Season);
        let number = next + usize::from(is_said);
        let (value, digits) = self.number(number)?;
        Some((Link { number, gap, is_range, is_list, is_said, by_word }, value, digits))
    }

    /// `Seasons 1 2 3`, counted one by one; `1, 3 and 5`, with signs, need not be whole.
    fn is_counted_list(&self, statement: &Statement, link: &Link, value: u32, is_next: bool) -> bool {
        let is_signed = link.gap.has(Gap::AMPERSAND.with(Gap::COMMA).with(Gap::PLUS)) || link.by_word;
        let next = link.number + 1;
        is_signed
            || self.gap(next).has(Gap::AMPERSAND)
            || self.is(next, Class::LastSeasonAnd)
            || is_next && (statement.seasons.len() > 1 || self.number(next).is_some_and(|(v, _)| v == value + 1))
    }

    /// `Season 1`, `Seasons 1-4`, `Сезон 3`, `S` words spelled out.
    pub(super) fn long_season(&self, at: usize) -> Option<Statement> {
        // "The Series S01" is a title and a season; "Season S01" is one season.
        let is_title_word = self.is(at, Class::SeasonInTitles);
        let is_doubled = self.word(at + 1) == "s" && self.is_glued(at + 2) && !is_title_word;
        // "The Final Season S04E05": a name, and its number.
        if is_doubled && at > 0 && self.is(at - 1, Class::LeadsEpisode) {
            return None;
        }
        let next = at + 1 + usize::from(is_doubled);
        let gap = self.gap(at + 1);
        if !is_title_word
            && gap.is_blank()
            && let Some(season) = self.entry(next).roman().or_else(|| self.entry(next).number())
        {
            return Some(self.spelled_season(next, season));
        }
        let (season, width) = self.number(next)?;
        if is_title_word && (at == 0 || self.is_counted_behind(next)) {
            return None;
        }
        // "Complete Series 1-500" counts episodes.
        let is_long = self.gap(next + 1).is_hyphen() && self.number(next + 1).is_some_and(|(last, _)| last >= 100);
        if is_title_word && is_long {
            return None;
        }
        // "Season - 1 Episode - 4"
        let is_dashed = gap.is_spaced_dash() && self.is_episode_of(next + 1);
        let near = is_dashed
            || gap == Gap::NONE
            || gap.is_tight()
            || gap.only(Gap::SPACE.with(Gap::COLON).with(Gap::OPEN).with(Gap::DOT));
        // "Series 7" and "Serie 3" may count; "Series 2009" does not.
        let is_of = self.is(next + 1, Class::Of) && self.number(next + 2).is_some();
        let is_whole = !self.is_glued(next + 1)
            || matches!(self.word(next + 1), "e" | "ep" | "x" | "v")
            || self.is(next + 1, Class::Episode);
        if !near || width > 2 || !(is_whole || is_of) {
            return None;
        }
        let mut statement = Statement { end: next + 1, ..Statement::default() };
        push(&mut statement.seasons, season);
        // "Season 3of5"
        if is_of && !is_whole {
            statement.end = next + 3;
            return Some(statement);
        }
        if let Some(last) = self.spaced_range(at, next, season, width) {
            (season + 1..=last).for_each(|n| push(&mut statement.seasons, n));
            statement.end = next + 2;
        } else if let Some(first) = self.episode_after_season(next + 1).or_else(|| self.dotted_episode(next + 1)) {
            self.episodes(first, &mut statement);
        } else {
            self.more_seasons(&mut statement, season, width);
        }
        Some(statement)
    }

    /// `Season Two`, `Saison III`, with the episode behind it.
    fn spelled_season(&self, at: usize, season: u16) -> Statement {
        let mut statement = Statement { seasons: vec![season], end: at + 1, ..Statement::default() };
        let episode = self.episode_after_season(at + 1).filter(|_| self.number(at + 1).is_none());
        if let Some(first) = episode {
            self.episodes(first, &mut statement);
        } else {
            self.spelled_episode(at + 1, &mut statement);
        }
        statement
    }

    /// `S01 Episode Two`: behind a season the number may be a word. "Episode One" alone is a title.
    fn spelled_episode(&self, at: usize, statement: &mut Statement) -> bool {
        let is_word = self.is(at, Class::Episode) && !self.is(at, Class::ShortEpisode) && self.gap(at + 1).is_blank();
        let number = self.entry(at + 1).number().filter(|_| is_word);
        if let Some(number) = number {
            statement.episodes.push(number);
            statement.end = at + 2;
        }
        number.is_some()
    }

    /// `Some Series 1x02`, `Some Series 1 of 6`, `Some Series 2 сезон`, `Some Series 2-ci mövsüm`: the number goes with what stands behind it.
    fn is_counted_behind(&self, number: usize) -> bool {
        let next = number + 1;
        self.word(next) == "x" && (self.is_glued(next) || self.is_crossed_apart(number))
            || self.is(next, Class::OfBehindSeries) && self.number(next + 1).is_some()
            || self.is(next, Class::Season)
            || self.is(next, Class::OrdinalEnding) && self.gap(next).is_hyphen() && self.is(next + 1, Class::Season)
    }

    /// The last of `(Season 1 - 4)`, `Season 1 - 4 Complete`.
    fn spaced_range(&self, at: usize, number: usize, season: u32, width: u8) -> Option<u32> {
        let next = number + 1;
        let (last, 1) = self.number(next)? else { return None };
        let closes = self.gap(next + 1).has(Gap::CLOSE) && self.gap(at).has(Gap::OPEN);
        let is_range = width == 1 && self.gap(next).is_spaced_dash() && last > season;
        (is_range && (closes || self.is(next + 1, Class::PackWord))).then_some(last)
    }

    /// `Season 1.02`.
    fn dotted_episode(&self, at: usize) -> Option<usize> {
        let is_episode = self.gap(at) == Gap::DOT && self.number(at).is_some_and(|(_, width)| width == 2);
        (is_episode && self.is_whole(at)).then_some(at)
    }

    /// The number begins with a zero.
    fn is_padded(&self, at: usize) -> bool {
        self.piece(at).is_some_and(|p| p.low.starts_with('0'))
    }
}
