//! Seasons and episodes: `S01E02`, `1x02`, `Season 1`, `5 серия`, `第05集`, with their lists and ranges.
//!
//! Tokens are cut further into pieces, numbers and the letters between them, so that one small grammar reads all of
//! them whatever stands between: `S01E02E03` is s·1·e·2·e·3, `S01 E02-03` is s·1 e·2-3. Numbers without any word
//! (`Title - 34`) are [`super::absolute`]'s.
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

use super::counting::{is_episode_word, is_season_word, ordinal};
use super::marks::Marks;
use super::rules::Rule;
use super::tokens::{Gap, Text};
use super::vocab::{Strength, What};
use pieces::{Grammar, Kind, cut};

/// What the numbers of a name say.
#[derive(Debug, Default)]
pub struct Numbering {
    pub seasons: Vec<u16>,
    pub episodes: Vec<u16>,
    pub absolute: Vec<f32>,
    pub version: Option<u8>,
    /// The word that the number counts: `SP`, `NCOP`. Not an episode of the series then.
    pub special: Option<&'static str>,
    /// Episodes were stated by a word or letter, not by a number alone.
    pub is_explicit: bool,
}

/// Longer ranges than any season: a year taken for an episode, or nonsense.
const LONGEST_RANGE: u32 = 2000;

/// One statement: `S01E02-E04`, `Season 2`, `Folge 5`.
#[derive(Debug, Default)]
struct Claim {
    seasons: Vec<u16>,
    episodes: Vec<u16>,
    version: Option<u8>,
    /// The first piece, when it is not the one that the reading began at.
    start: Option<usize>,
    /// One past the last piece.
    end: usize,
}

/// Reads all statements and marks their tokens.
pub fn read(text: &Text<'_>, marks: &mut Marks) -> Numbering {
    let pieces = cut(text, marks);
    let grammar = Grammar { pieces: &pieces };
    let mut numbering = Numbering::default();
    let mut at = 0;
    while at < pieces.len() {
        let Some(claim) = grammar.claim(at) else {
            at += 1;
            continue;
        };
        let end = claim.end.max(at + 1);
        let claim_start = claim.start;
        let rule = match (claim.seasons.is_empty(), claim.episodes.is_empty()) {
            (false, false) => Rule::SeasonAndEpisode,
            (false, true) => Rule::Season,
            _ => Rule::Episode,
        };
        if numbering.take(claim) {
            let start = claim_start.unwrap_or(at);
            marks.put(pieces[start].token, pieces[end - 1].token, What::Number, Strength::Firm, rule);
        }
        at = end;
    }
    numbering
}

impl Numbering {
    /// Adds a statement; `false` when it says nothing that is not known.
    fn take(&mut self, claim: Claim) -> bool {
        let has_season = !claim.seasons.is_empty();
        let has_episode = !claim.episodes.is_empty();
        if has_episode && let Some(&last) = self.episodes.last() {
            // "S03E49.The.Sign.S03E50.Surprise" holds both. Otherwise the first one stands: `[Episode 83]` behind S06E32
            // counts in another way.
            if has_season && claim.seasons == self.seasons && claim.episodes.first() == Some(&(last + 1)) {
                self.episodes.extend(claim.episodes);
            }
            return true;
        }
        if has_season && (self.seasons.is_empty() || has_episode) {
            self.seasons = claim.seasons;
        } else if has_season && self.episodes.is_empty() {
            self.seasons.extend(claim.seasons);
            self.seasons.sort_unstable();
            self.seasons.dedup();
        }
        if has_episode {
            self.episodes = claim.episodes;
            self.is_explicit = true;
        }
        self.version = self.version.or(claim.version);
        true
    }
}

impl Grammar<'_, '_> {
    fn claim(&self, at: usize) -> Option<Claim> {
        match self.piece(at)?.kind {
            Kind::Number { value, width } => self.by_number(at, value, width),
            Kind::Word => self.by_word(at),
        }
    }

    fn by_word(&self, at: usize) -> Option<Claim> {
        let word = self.word(at);
        if word.is_empty() {
            return None;
        }
        if matches!(word, "s" | "t" | "se" | "so" | "sn" | "ج") {
            return self.short_season(at);
        }
        if is_season_word(word) {
            return self.long_season(at);
        }
        // A part of a series in Arabic is a season, of a film a part.
        if word == "الجزء" {
            return self.long_season(at).filter(|claim| !claim.episodes.is_empty());
        }
        let next = at + 1;
        if is_season_word(self.word(next))
            && self.gap(next).is_tight()
            && let Some(number) = ordinal(word)
        {
            return Some(Claim { seasons: vec![number], end: next + 1, ..Claim::default() });
        }
        if word == "第" || word.starts_with('第') {
            return self.cjk(at);
        }
        // "제3회"
        if word == "제"
            && self.is_glued(at + 1)
            && let Some((value, _)) = self.number(at + 1)
            && self.word(at + 2).starts_with(['회', '화'])
        {
            let mut claim = Claim { end: at + 3, ..Claim::default() };
            push(&mut claim.episodes, value);
            return Some(claim);
        }
        if word == "cap" || word == "cáp" {
            return self.spanish(at);
        }
        // Russian fans count television seasons of anime: "ТВ-2", "[TV-2]".
        if (word == "тв" || word == "tv" && self.gap(at).has(Gap::OPEN) && self.gap(at + 2).has(Gap::CLOSE))
            && self.gap(at + 1).is_hyphen()
            && let Some((season, 1)) = self.number(at + 1)
            && !self.is_glued(at + 2)
        {
            let mut claim = Claim { end: at + 2, ..Claim::default() };
            push(&mut claim.seasons, season);
            return Some(claim);
        }
        if is_episode_word(word) || matches!(word, "x" | "#" | "no" | "№") {
            return self.episode(at);
        }
        // "Wolfep3": a title glued to its episode is only believed behind a separator.
        None
    }
}

fn push(list: &mut Vec<u16>, value: u32) {
    if let Ok(value) = u16::try_from(value) {
        list.push(value);
    }
}
