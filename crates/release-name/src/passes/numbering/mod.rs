//! Seasons and episodes: `S01E02`, `1x02`, `Season 1`, `5 серия`, `第05集`, with their lists and ranges.
//!
//! Tokens are cut further into pieces, numbers and the letters between them, so that one small grammar reads all of
//! them whatever stands between: `S01E02E03` is s·1·e·2·e·3, `S01 E02-03` is s·1 e·2-3. Numbers without any word
//! (`Title - 34`) are [`super::absolute`]'s. The words are in `words/counting.txt`.
//!
//! ```text
//! pieces     numbers and words, and what may be asked of them
//! seasons    S01, Season 1-3          episodes   E02-E05, Folge 5
//! numbers    1x02, 2nd Season, 5 серия          local   第05集, Cap.402
//! ```

mod episodes;
mod local;
mod numbers;
mod pieces;
mod seasons;

use super::{Pass, example};
use crate::draft::{Draft, Found, Span};
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{Class, Strength, Tag};
use pieces::{Grammar, Kind, Piece, cut};

pub const PASS: Pass = Pass {
    name: "seasons and episodes",
    looks_at: "words that nothing firm has taken",
    fills: &["numbering"],
    run,
    examples: &[
        example("Some.Series.S01E02.1080p", "S01E02", "episodes"),
        example("Some Series Season 1-3 720p", "Season 1-3", "seasons"),
        example("Some Series 2x05 Name", "2x05", "seasons"),
        example("Соляной путь 2 сезон 5-8 серии", "5-8 серии", "episodes"),
        example("盐路 第二季 第05集", "第05集", "episodes"),
    ],
};

/// What the numbers of a name say.
#[derive(Debug, Default)]
pub struct Numbering {
    pub seasons: Vec<u16>,
    pub episodes: Vec<u16>,
    pub absolute: Vec<f32>,
    pub version: Option<Found<u8>>,
    /// The word that the number counts: `sp`, `ncop`. Not an episode of the series then.
    pub special: Option<Found<&'static str>>,
}

/// Longer ranges than any season: a year taken for an episode, or nonsense.
const LONGEST_RANGE: u32 = 2000;

/// One statement: `S01E02-E04`, `Season 2`, `Folge 5`.
#[derive(Debug, Default)]
struct Statement {
    seasons: Vec<u16>,
    episodes: Vec<u16>,
    version: Option<u8>,
    /// Tenths of the episode, when it lies between two: the 5 of `E02.5`.
    tenth: Option<u16>,
    /// The word that the number counts, when it is no episode of the series: the `ova` of `S01OVA04`.
    special: Option<&'static str>,
    /// Its season is said by a word that may count the parts of one: "Season 3 Part 2 Episode 4".
    is_part: bool,
    /// The first piece, when it is not the one that the reading began at.
    start: Option<usize>,
    /// One past the last piece.
    end: usize,
}

/// Reads all statements and marks their tokens.
fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, numbering, .. } = draft;
    let pieces = cut(text, marks);
    let grammar = Grammar { pieces: &pieces };
    let mut at = behind_group(text, &pieces);
    while at < pieces.len() {
        let Some(statement) = grammar.statement(at) else {
            at += 1;
            continue;
        };
        let end = statement.end.max(at + 1);
        let rule = match (statement.seasons.is_empty(), statement.episodes.is_empty()) {
            (false, false) => Rule::SeasonAndEpisode,
            (false, true) if statement.special.is_some() => Rule::SeasonAndEpisode,
            (false, true) => Rule::Season,
            _ => Rule::Episode,
        };
        let (first, last) = (pieces[statement.start.unwrap_or(at)].token, pieces[end - 1].token);
        let span = Span { first, end: last + 1 };
        marks.put(first, last, Tag::Number, Strength::Firm, rule);
        let version = statement.version.map(|value| Found { value, span, rule });
        let special = statement.special.map(|value| Found { value, span, rule });
        numbering.add(statement, version);
        numbering.special = numbering.special.or(special);
        at = end;
    }
}

/// `[S01 Subs] Title`: what calls itself a group counts nothing. The first piece behind it.
fn behind_group(text: &Text<'_>, pieces: &[Piece<'_>]) -> usize {
    let end = if text.bracket(0) == 0 { 0 } else { text.bracket_end(0) };
    let is_group = end > 1 && text.is(end - 1, Class::GroupWord);
    if is_group { pieces.iter().take_while(|piece| piece.token < end).count() } else { 0 }
}

impl Numbering {
    /// Adds what a statement says and is not known.
    fn add(&mut self, statement: Statement, version: Option<Found<u8>>) {
        let has_season = !statement.seasons.is_empty();
        let has_episode = !statement.episodes.is_empty();
        if has_episode && let Some(&last) = self.episodes.last() {
            // "S03E49.The.Sign.S03E50.Surprise" holds both. Otherwise the first one stands: `[Episode 83]` behind S06E32
            // counts in another way.
            if has_season
                && statement.seasons == self.seasons
                && statement.episodes.first() == last.checked_add(1).as_ref()
            {
                self.episodes.extend(statement.episodes);
            }
            return;
        }
        if has_season && (self.seasons.is_empty() || has_episode && !statement.is_part) {
            self.seasons = statement.seasons;
        } else if has_season && self.episodes.is_empty() && !statement.is_part {
            self.seasons.extend(statement.seasons);
            self.seasons.sort_unstable();
            self.seasons.dedup();
        }
        // What lies between two episodes, and what is counted beside them, is no episode of the season.
        let beside = statement.tenth.map(|tenth| f32::from(tenth) / 10.0).or(statement.special.map(|_| 0.0));
        if let Some(tenth) = beside {
            self.absolute = statement.episodes.iter().map(|episode| f32::from(*episode) + tenth).collect();
        } else if has_episode {
            self.episodes = statement.episodes;
        }
        self.version = self.version.or(version);
    }
}

impl Grammar<'_, '_> {
    fn statement(&self, at: usize) -> Option<Statement> {
        match self.piece(at)?.kind {
            Kind::Number { value, width } => self.by_number(at, value, width),
            Kind::Word => self.by_word(at),
        }
    }

    fn by_word(&self, at: usize) -> Option<Statement> {
        let word = self.word(at);
        if word.is_empty() {
            return None;
        }
        if self.is(at, Class::SeasonLetter) {
            return self.short_season(at);
        }
        if self.is(at, Class::Season) {
            return self.long_season(at);
        }
        // A part of a series is a season, of a film a part.
        if self.is(at, Class::SeasonOrPart) {
            // "The Final Season Part 2 E12": it counts within a season.
            // "Salt Road 4 Volume 2 - Episode 8": the season is said already.
            let is_season = |at: usize| self.is(at, Class::Season) && !self.is(at, Class::SeasonInTitles);
            let is_within = at > 0 && (is_season(at - 1) || self.number(at - 1).is_some());
            let is_counted = (self.is(at + 2, Class::Episode) || !word.is_ascii()) && !is_within;
            let season = self.long_season(at).filter(|statement| is_counted && !statement.episodes.is_empty());
            return season.map(|statement| Statement { is_part: true, ..statement });
        }
        if let Some(season) = self.ordinal_season(at) {
            return Some(season);
        }
        if word.starts_with('第') {
            return self.cjk(at);
        }
        if word == "제"
            && let Some(episode) = self.korean(at)
        {
            return Some(episode);
        }
        if self.is(at, Class::JointNumber) {
            return self.joint_number(at);
        }
        if let Some(season) = self.television_season(at) {
            return Some(season);
        }
        if self.is(at, Class::Episode) || matches!(word, "x" | "#" | "no" | "№") {
            return self.episode(at);
        }
        // "Wolfep3": a title glued to its episode is only believed behind a separator.
        None
    }

    /// `Second Season`, `Zweite Staffel`.
    fn ordinal_season(&self, at: usize) -> Option<Statement> {
        let next = at + 1;
        let season = self.entry(at).ordinal()?;
        let is_season = self.is(next, Class::Season) && self.gap(next).is_tight();
        is_season.then(|| Statement { seasons: vec![season], end: next + 1, ..Statement::default() })
    }

    /// Russian fans count television seasons of anime: `ТВ-2`, `[TV-2]`.
    fn television_season(&self, at: usize) -> Option<Statement> {
        if !self.is(at, Class::TelevisionSeason) || at == 0 || self.is_glued(at) {
            return None;
        }
        let (season, 1) = self.number(at + 1)? else { return None };
        let is_boxed = self.gap(at).has(Gap::OPEN) && self.gap(at + 2).has(Gap::CLOSE);
        let is_joined = self.gap(at + 1).is_hyphen() || is_boxed && self.is_glued(at + 1);
        // "TV-2 Story": a channel's name.
        let ends = !self.word(at).is_ascii()
            || self.is_firm(at + 2)
            || self.number(at + 2).is_some()
            || self.gap(at + 2).is_bracket()
            || self.gap(at + 2).is_spaced_dash();
        (is_joined && ends && !self.is_glued(at + 2)).then(|| {
            let mut statement = Statement { end: at + 2, ..Statement::default() };
            push(&mut statement.seasons, season);
            statement
        })
    }
}

fn push(list: &mut Vec<u16>, value: u32) {
    if let Ok(value) = u16::try_from(value) {
        list.push(value);
    }
}
