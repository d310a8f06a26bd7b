//! Episodes behind their letter or word, with their lists and ranges: `E02-E05`, `EP(01-08)`, `Folge 5`.

use super::pieces::Grammar;
use super::{LONGEST_RANGE, Statement, push};
use crate::text::Gap;
use crate::words::Class;

/// No bare range that begins in mid-season goes further: two halves of a season of television.
const LONGEST_BARE_RANGE: u32 = 26;

/// How an episode goes on from the one before.
#[derive(Clone, Copy)]
struct Link {
    /// Where it began.
    at: usize,
    /// The piece that the number is.
    number: usize,
    gap: Gap,
    is_range: bool,
    /// A plus, a comma or a word for "and".
    is_list: bool,
    /// Its letter or word is said again.
    is_said: bool,
    /// By a word, not by a letter.
    is_spelled: bool,
}

/// A list or range of episodes while it is read.
struct Run {
    start: u32,
    last: u32,
    /// Figures of the widest number so far.
    width: u8,
    /// It began behind a dash: `S2 - 14`.
    is_dashed: bool,
}

impl Grammar<'_, '_> {
    /// `Episode 5`, `Ep05v2`, `E01-E13`, `#04`.
    pub(super) fn episode(&self, at: usize) -> Option<Statement> {
        let number = at + 1;
        if let Some(spelled) = self.spelled_number(at) {
            return Some(spelled);
        }
        if let Some(numbered) = self.numbered_episode(at) {
            return Some(numbered);
        }
        let (value, width) = self.number(number)?;
        // "Ep 2x03"
        if self.word(number + 1) == "x" && self.is_glued(number + 1) && self.number(number + 2).is_some() {
            return self.by_number(number, value, width).filter(|_| self.gap(number).is_blank());
        }
        if let Some(pair) = self.season_and_episode(at) {
            return Some(pair);
        }
        if !self.is_near(at) || !self.is_whole(number) || width > 5 || !self.is_believed(at) {
            return None;
        }
        let mut statement = Statement { end: number + 1, ..Statement::default() };
        self.episodes(number, &mut statement);
        // "Серии: 5 из 20": so many are there, in the way of Russian trackers; "5 серия из 12" is one.
        if self.is(at, Class::SoManyEpisodes) && statement.episodes.len() == 1 && self.is(number + 1, Class::Of) {
            statement.episodes.clear();
            (1..=value.min(LONGEST_RANGE)).for_each(|n| push(&mut statement.episodes, n));
        }
        Some(statement)
    }

    /// `Episode No. 4`, `Episode #4`: a sign for the number stands between.
    fn numbered_episode(&self, at: usize) -> Option<Statement> {
        let (sign, number) = (at + 1, at + 2);
        let is_sign = self.is(sign, Class::NumberSign) && self.gap(sign).is_blank();
        let between = self.gap(number);
        let is_near = between == Gap::NONE || between.is_blank();
        if !(is_sign && is_near && self.is(at, Class::Episode)) {
            return None;
        }
        let (season, width) = self.number(number).filter(|(_, width)| *width <= 4)?;
        let mut statement = Statement { end: number + 1, ..Statement::default() };
        // "Episode #1.10", as IMDb calls one without a name.
        if self.word(sign) == "#" && width <= 2 && self.gap(number + 1) == Gap::DOT && self.is_last(number + 1) {
            push(&mut statement.seasons, season);
            self.episodes(number + 1, &mut statement);
            return Some(statement);
        }
        self.episodes(number, &mut statement);
        Some(statement)
    }

    /// A number of its own behind which no other one goes on.
    fn is_last(&self, number: usize) -> bool {
        let is_episode = self.number(number).is_some_and(|(_, width)| width <= 3) && !self.is_glued(number + 1);
        is_episode && (self.gap(number + 1) != Gap::DOT || self.number(number + 1).is_none())
    }

    /// `قسمت پنجم`, `الحلقة الثانية عشر`: a number in words.
    fn spelled_number(&self, at: usize) -> Option<Statement> {
        let number = at + 1;
        if self.number(number).is_some() || self.word(at).is_ascii() || !self.gap(number).is_blank() {
            return None;
        }
        let (value, words) = self.number_in_words(number)?;
        Some(Statement { episodes: vec![value], end: number + words, ..Statement::default() })
    }

    /// A number of one word or two (`الثانية عشر`, twelve), with the count of its words.
    fn number_in_words(&self, at: usize) -> Option<(u16, usize)> {
        let is_teen = self.is(at + 1, Class::Teen);
        if is_teen && self.is(at, Class::Eleven) {
            return Some((11, 2));
        }
        let number = self.entry(at).number()?;
        Some(if is_teen { (number + 10, 2) } else { (number, 1) })
    }

    /// `Episode 1.22`.
    fn season_and_episode(&self, at: usize) -> Option<Statement> {
        let number = at + 1;
        let (season, width) = self.number(number)?;
        let (episode, digits) = self.number(number + 1)?;
        let is_pair = width <= 2
            && digits == 2
            && !matches!(self.word(at), "e" | "x" | "#")
            && self.gap(number + 1) == Gap::DOT
            && self.is_whole(number + 1);
        is_pair.then(|| {
            let mut statement = Statement { end: number + 2, ..Statement::default() };
            push(&mut statement.seasons, season);
            push(&mut statement.episodes, episode);
            statement
        })
    }

    /// The number belongs to its word: letters are glued to it, words stand beside it.
    fn is_near(&self, at: usize) -> bool {
        let number = at + 1;
        let gap = self.gap(number);
        if gap == Gap::NONE || matches!(self.word(at), "e" | "x" | "#" | "no" | "№") {
            return gap == Gap::NONE;
        }
        // "[Ep - 09]"
        let is_boxed = gap.is_spaced_dash() && self.gap(at).has(Gap::OPEN) && self.gap(number + 1).has(Gap::CLOSE);
        gap.is_tight()
            || is_boxed
            || gap.only(Gap::SPACE.with(Gap::COLON).with(Gap::OPEN).with(Gap::DOT).with(Gap::DECOR))
    }

    /// The word or letter is no other word's end.
    fn is_believed(&self, at: usize) -> bool {
        let Some((value, width)) = self.number(at + 1) else { return false };
        match self.word(at) {
            // "x01" only behind a dash; "x264" and "Area x51" are not episodes.
            "x" => (2..=3).contains(&width) && self.gap(at).has(Gap::HYPHEN) && value < 200,
            // "#2024" is a year's tag.
            // "Trailer #2" is no episode.
            "#" => {
                let is_trailer = at > 0 && self.is(at - 1, Class::TrailerBehindNumber);
                self.gap(at) != Gap::NONE && !is_trailer && !(width == 4 && (1900..2040).contains(&value))
            }
            "no" | "№" => false,
            "e" => self.gap(at) != Gap::NONE || at == 0,
            _ => self.gap(at) != Gap::NONE || at == 0 || !self.word(at - 1).is_ascii(),
        }
    }

    /// Reads `02`, `02-04`, `02E03`, `02+03`, `02-E04`, `02-S01E04` from the number at `first`.
    pub(super) fn episodes(&self, first: usize, statement: &mut Statement) {
        let Some((mut start, mut width)) = self.number(first) else { return };
        // "[Temporada 2][Cap. 203]": the season is said again.
        let season = statement.seasons.first().map(|season| u32::from(*season));
        if first > 0 && self.is(first - 1, Class::JointNumber) && width >= 3 && season == Some(start / 100) {
            (start, width) = (start % 100, 2);
        }
        let mut run = Run { start, last: start, width, is_dashed: self.gap(first).is_spaced_dash() };
        // "S02E0506"
        if let Some((one, next)) = pair_in_one(self.piece(first).map_or("", |piece| piece.low)).filter(|_| width == 4) {
            statement.episodes.extend([one, next]);
            statement.end = first + 1;
            return;
        }
        push(&mut statement.episodes, start);
        let mut at = first + 1;
        if let Some(tenth) = self.tenth(at) {
            statement.tenth = Some(tenth);
            at += 1;
        }
        loop {
            if let Some(version) = self.version(at) {
                statement.version = u8::try_from(version).ok();
                at += 2;
                continue;
            }
            // "05a"
            if matches!(self.word(at), "a" | "b" | "c") && self.is_glued(at) {
                at += 1;
                continue;
            }
            let Some(link) = self.link(at, statement).filter(|_| statement.tenth.is_none()) else { break };
            let Some((value, digits)) = self.number(link.number) else { break };
            if !self.is_whole(link.number) || value <= run.last || value - run.start > LONGEST_RANGE {
                break;
            }
            if !self.goes_on(&link, &run, value, digits) {
                break;
            }
            if link.is_range {
                (run.last + 1..=value).for_each(|n| push(&mut statement.episodes, n));
            } else {
                push(&mut statement.episodes, value);
            }
            run = Run { last: value, width: run.width.max(digits), ..run };
            at = link.number + 1;
        }
        // "из 12", "of 12": how many there are.
        if self.is(at, Class::Of) && self.gap(at).is_blank() && self.number(at + 1).is_some() {
            at += 2;
        }
        statement.end = at;
    }

    /// The 5 of `E02.5`, a recap between two episodes. No other tenth is in use.
    fn tenth(&self, at: usize) -> Option<u16> {
        let is_half = self.gap(at) == Gap::DOT && self.number(at) == Some((5, 1));
        let ends = self.is_firm(at + 1)
            || self.gap(at + 1).is_bracket()
            || self.gap(at + 1).is_spaced_dash()
            || self.word(at + 1) == "v";
        (is_half && ends).then_some(5)
    }

    /// `v2`, glued to its number or right behind it.
    fn version(&self, at: usize) -> Option<u32> {
        let is_near = self.is_glued(at) || self.gap(at).is_blank();
        let is_version = self.word(at) == "v" && is_near && self.is_glued(at + 1) && !self.is_glued(at + 2);
        self.number(at + 1).map(|(version, _)| version).filter(|version| is_version && *version < 10)
    }

    /// What stands between two episodes, and where the second one's number is.
    fn link(&self, at: usize, statement: &Statement) -> Option<Link> {
        let gap = self.gap(at);
        let mut next = at;
        let mut is_range = gap.has(Gap::HYPHEN) || gap.has(Gap::TILDE);
        let mut is_list = gap.only(Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SPACE)) && !gap.is_blank();
        // "1x01 a 1x10": the word is another one elsewhere.
        let is_to = self.is(next, Class::SeasonTo) && self.number(next + 1).is_some() && self.word(next + 2) == "x";
        if (self.is(next, Class::Range) || is_to) && gap.is_blank() {
            is_range = true;
            next += 1;
        } else if self.is(next, Class::EpisodeAnd) && gap.is_blank() && !self.is_glued(next + 1) {
            is_list = true;
            next += 1;
        }
        // "E03.Folge.31" counts twice.
        let is_spelled = self.is(next, Class::Episode) && !self.is(next, Class::ShortEpisode);
        next = self.behind_repeated_season(next, statement)?;
        let is_said = self.is(next, Class::Episode) || matches!(self.word(next), "x" | "xe");
        if is_said {
            // "S02E05 - Episode 13" counts through; it is no range.
            if is_spelled && gap.is_spaced_dash() && !statement.seasons.is_empty() {
                return None;
            }
            next += 1;
            if !(self.is_glued(next) || self.gap(next).is_blank()) {
                return None;
            }
        }
        Some(Link { at, number: next, gap, is_range, is_list, is_said, is_spelled })
    }

    /// A repeated season: S01E02-S01E04, 1x02-1x04. None when it is another one.
    fn behind_repeated_season(&self, next: usize, statement: &Statement) -> Option<usize> {
        let season = statement.seasons.first().map(|season| u32::from(*season));
        let is_same = |at: usize| self.number(at).map(|(value, _)| value) == season;
        if self.word(next) == "s" && self.number(next + 1).is_some() && self.is_glued(next + 1) {
            return (is_same(next + 1) && self.is(next + 2, Class::Episode)).then_some(next + 2);
        }
        if self.word(next + 1) == "x" && self.is_glued(next + 1) && self.is_glued(next + 2) {
            return is_same(next).then_some(next + 1);
        }
        Some(next)
    }

    /// A further number belongs to the list or range.
    fn goes_on(&self, link: &Link, run: &Run, value: u32, digits: u8) -> bool {
        let Link { gap, is_range, is_list, .. } = *link;
        let is_next = value == run.last + 1;
        if link.is_said {
            return gap == Gap::NONE || gap.is_blank() && (!link.is_spelled || is_next) || is_range || is_list;
        }
        if gap == Gap::HYPHEN || gap.has(Gap::TILDE) || (is_range && link.number > link.at) {
            // "S01E01-02", "E1-200", "E05-6"; "E01-1080" and years are not episodes.
            let plain = digits >= run.width.min(2) && digits <= run.width + 1 && (digits < 4 || run.width >= 3);
            let is_far = run.width == 1 && digits == 3 && !matches!(value, 480 | 540 | 576 | 720);
            // "S04E13-815": the episode is called so. A pack begins with the first, or is no longer than a season.
            let is_near = run.start <= 1 || value - run.start <= LONGEST_BARE_RANGE;
            return is_next || (plain || is_far) && is_near;
        }
        if gap.is_spaced_dash() && gap.has(Gap::UNDERSCORE.with(Gap::SPACE)) {
            // "E01 - 13" means a range only when nothing but marks follows.
            // "S01E05 - 17" counts twice; packs begin at 1, 6, 11, "EP07 - 08" is a pair, and "S2 - 14 - 25" a range.
            return (digits == run.width && run.width >= 2 || run.width == 1 && digits <= 2)
                && (run.start % 5 == 1 || is_next || run.is_dashed)
                && self.pieces.get(link.number + 1).is_none_or(|p| p.low.is_empty() || p.gap.is_bracket());
        }
        let is_parted =
            matches!(gap, Gap::UNDERSCORE | Gap::DOT) || gap == Gap::SPACE && self.is_end_of_list(link.number, value);
        let is_pair = is_parted && digits == run.width && run.width >= 2 && is_next;
        is_pair || is_list && digits == run.width
    }

    /// `E01 02 03`: behind the last one no title goes on. "E11 12 Angry Goats" is one episode.
    fn is_end_of_list(&self, number: usize, value: u32) -> bool {
        let next = number + 1;
        let goes_on = self.number(next).is_some_and(|(following, _)| following == value + 1);
        goes_on || self.is_firm(next) || self.gap(next).is_bracket() || self.gap(next).is_spaced_dash()
    }

    /// `5 серия`, `5-8 серии`: the number goes with the word behind it, not with the season in front.
    pub(super) fn are_episodes(&self, at: usize) -> bool {
        let is_range = self.number(at + 1).is_some_and(|(last, _)| self.range_before(at + 1, last).is_some());
        let unit = if is_range { at + 2 } else { at + 1 };
        self.is(unit, Class::Episode) && (self.number(unit + 1).is_none() || self.gap(unit + 1).is_bracket())
    }
}

/// The two episodes of `0506`, one behind the other. Nothing that counts through begins with a zero and goes that far.
fn pair_in_one(figures: &str) -> Option<(u16, u16)> {
    let (first, second) = figures.split_at_checked(2).filter(|(first, _)| first.starts_with('0'))?;
    let (first, second): (u16, u16) = (first.parse().ok()?, second.parse().ok()?);
    (first > 0 && second == first + 1).then_some((first, second))
}
