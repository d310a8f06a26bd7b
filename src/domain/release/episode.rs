//! Seasons and episodes: `S01E02`, `1x02`, `Season 1`, `5 серия`, `第05集`, with their lists and ranges.
//!
//! Tokens are cut further into pieces, numbers and the letters between them, so that one small grammar reads all of
//! them whatever stands between: `S01E02E03` is s·1·e·2·e·3, `S01 E02-03` is s·1 e·2-3. Numbers without any word
//! (`Title - 34`) are [`super::absolute`]'s.

use super::counting::{
    chinese, counted, counted_in, is_episode_word, is_glued_letter, is_of_word, is_range_word, is_season_word, ordinal,
    roman,
};
use super::marks::Marks;
use super::rules::Rule;
use super::tokens::{Gap, Text, digit};
use super::vocab::{Strength, What};

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

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Number { value: u32, width: u8 },
    Word,
}

/// A number or the letters between numbers.
#[derive(Clone, Copy, Debug)]
struct Piece<'t> {
    token: usize,
    low: &'t str,
    kind: Kind,
    /// What stands before it; nothing when it is glued to the piece before.
    gap: Gap,
}

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

/// Cuts the tokens that nothing firm covers.
fn cut<'t>(text: &'t Text<'_>, marks: &Marks) -> Vec<Piece<'t>> {
    let mut pieces = Vec::with_capacity(text.len() + 8);
    for token in 0..text.len() {
        let low = text.low(token);
        let mut gap = text.gap(token);
        if marks.is_firm(token) {
            // Stands for "something else": no word and no number of ours.
            pieces.push(Piece { token, low: "", kind: Kind::Word, gap });
            continue;
        }
        let mut rest = low;
        let mut parts = 0;
        while !rest.is_empty() {
            let is_digit = rest.starts_with(is_digit);
            // Long alternations are checksums, not numbering: their tail stays one piece.
            let end = if parts >= 32 {
                rest.len()
            } else if is_digit {
                rest.find(|c| !self::is_digit(c)).unwrap_or(rest.len())
            } else {
                rest.find(self::is_digit).unwrap_or(rest.len())
            };
            let (piece, tail) = rest.split_at(end);
            let kind = if is_digit { number(piece) } else { Kind::Word };
            let piece = if piece == "×" { "x" } else { piece };
            pieces.push(Piece { token, low: piece, kind, gap });
            gap = Gap::NONE;
            rest = tail;
            parts += 1;
        }
    }
    pieces
}

fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

fn number(digits: &str) -> Kind {
    let mut value: u32 = 0;
    let mut width = 0u8;
    for c in digits.chars() {
        value = value.saturating_mul(10).saturating_add(digit(c).unwrap_or(0));
        width = width.saturating_add(1);
    }
    if width > 6 { Kind::Word } else { Kind::Number { value, width } }
}

struct Grammar<'p, 't> {
    pieces: &'p [Piece<'t>],
}

impl<'t> Grammar<'_, 't> {
    fn piece(&self, at: usize) -> Option<&Piece<'t>> {
        self.pieces.get(at)
    }

    fn word(&self, at: usize) -> &'t str {
        self.piece(at).filter(|p| p.kind == Kind::Word).map_or("", |p| p.low)
    }

    /// Something that another pass has read.
    fn is_firm(&self, at: usize) -> bool {
        self.piece(at).is_none_or(|p| p.low.is_empty())
    }

    fn gap(&self, at: usize) -> Gap {
        self.piece(at).map_or(Gap::CLOSE, |p| p.gap)
    }

    /// Cut from the same token as the piece before.
    fn is_glued(&self, at: usize) -> bool {
        at > 0 && self.piece(at).is_some_and(|p| p.token == self.pieces[at - 1].token)
    }

    fn number(&self, at: usize) -> Option<(u32, u8)> {
        match self.piece(at)?.kind {
            Kind::Number { value, width } => Some((value, width)),
            Kind::Word => None,
        }
    }

    /// A number that no letters follow directly, but for a version (`02v2`), a part (`02a`) or another episode (`02e03`).
    fn is_whole(&self, at: usize) -> bool {
        !self.is_glued(at + 1)
            || matches!(self.word(at + 1), "v" | "e" | "a" | "b" | "c" | "x" | "ep" | "s")
            || is_episode_word(self.word(at + 1))
    }

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

    /// `S01`, `S01E02`, `S01-S03`, `T05E10`.
    fn short_season(&self, at: usize) -> Option<Claim> {
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
    fn episode_after_season(&self, at: usize) -> Option<usize> {
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

    /// Reads `02`, `02-04`, `02E03`, `02+03`, `02-E04`, `02-S01E04` from the number at `first`.
    fn episodes(&self, first: usize, claim: &mut Claim) {
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

    /// `-S03`, `-03`, ` S02 S03`, `+S02` behind a season.
    fn more_seasons(&self, claim: &mut Claim, first: u32, width: u8) {
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
    fn long_season(&self, at: usize) -> Option<Claim> {
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

    /// `Episode 5`, `Ep05v2`, `E01-E13`, `#04`.
    fn episode(&self, at: usize) -> Option<Claim> {
        let word = self.word(at);
        let number = at + 1;
        let gap = self.gap(number);
        if self.number(number).is_none()
            && !is_latin(word)
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

    fn by_number(&self, at: usize, value: u32, width: u8) -> Option<Claim> {
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
                    || !(is_latin(unit) || is_said_first(unit)))
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

    /// `5 серия`, `5-8 серии`: the number goes with the word behind it, not with the season in front.
    fn are_episodes(&self, at: usize) -> bool {
        let is_range = self.number(at + 1).is_some_and(|(last, _)| self.range_before(at + 1, last).is_some());
        let unit = if is_range { at + 2 } else { at + 1 };
        is_episode_word(self.word(unit)) && (self.number(unit + 1).is_none() || self.gap(unit + 1).is_bracket())
    }

    /// The first of `5-8`, when `at` is its last and a word follows.
    fn range_before(&self, at: usize, last: u32) -> Option<u32> {
        let plural = matches!(self.word(at + 1), "сезоны" | "серии" | "серій" | "сезони" | "серії" | "серий");
        let (first, width) = self.number(at.checked_sub(1)?)?;
        let gap = self.gap(at);
        let joined = gap.is_hyphen() || gap.has(Gap::TILDE) || plural && gap.is_spaced_dash();
        (joined && width <= 4 && first < last && last - first <= LONGEST_RANGE && !self.is_glued(at - 1))
            .then_some(first)
    }

    /// `第05集`, `第二季`, `第2期`.
    fn cjk(&self, at: usize) -> Option<Claim> {
        let word = self.word(at);
        let head = word.strip_prefix('第')?;
        let (value, unit, end) = if head.is_empty() {
            let (value, _) = self.number(at + 1)?;
            if self.gap(at + 2).has(Gap::HYPHEN)
                && let Some((last, _)) = self.number(at + 2)
                && self.word(at + 3).starts_with(['集', '话', '話', '回'])
                && (value..value + LONGEST_RANGE).contains(&last)
            {
                let mut claim = Claim { end: at + 4, ..Claim::default() };
                (value..=last).for_each(|n| push(&mut claim.episodes, n));
                return Some(claim);
            }
            let unit = self.word(at + 2);
            if self.number(at + 2).is_some() || !(self.is_glued(at + 2) || unit.is_empty()) {
                return None;
            }
            (value, unit, at + 3)
        } else {
            let unit_at = head.char_indices().find(|(_, c)| "季期部集话話回".contains(*c))?.0;
            (chinese(&head[..unit_at])?, &head[unit_at..], at + 1)
        };
        let mut claim = Claim { end: end.min(self.pieces.len()), ..Claim::default() };
        match unit.chars().next()? {
            '季' | '期' | '部' => push(&mut claim.seasons, value),
            '集' | '话' | '話' | '回' => push(&mut claim.episodes, value),
            _ => return None,
        }
        Some(claim)
    }

    /// `Cap.402`: season and episode in one number; `Cap.102_104` is a range.
    fn spanish(&self, at: usize) -> Option<Claim> {
        let (value, width) = self.number(at + 1)?;
        let gap = self.gap(at + 1);
        if !gap.is_tight() || self.is_glued(at + 2) {
            return None;
        }
        if width <= 2 {
            let mut claim = Claim { end: at + 2, ..Claim::default() };
            push(&mut claim.episodes, value);
            return Some(claim);
        }
        if width > 4 {
            return None;
        }
        let mut claim = Claim { end: at + 2, ..Claim::default() };
        // "Some Novela Cap 1254": daily series count through.
        if width >= 3 && gap == Gap::SPACE {
            push(&mut claim.episodes, value);
            return Some(claim);
        }
        push(&mut claim.seasons, value / 100);
        let mut last = value;
        if let Some((end, digits)) = self.number(at + 2)
            && digits == width
            && end > value
            && end / 100 == value / 100
        {
            last = end;
            claim.end = at + 3;
        }
        for n in value..=last {
            push(&mut claim.episodes, n % 100);
        }
        Some(claim)
    }
}

/// Arabic, Hebrew, Hindi and Thai put the word before its number, so "3 الحلقة 15" is episode 15.
fn is_said_first(word: &str) -> bool {
    word.starts_with(|c: char| matches!(c, '\u{590}'..='\u{6ff}' | '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{e7f}'))
}

fn is_latin(word: &str) -> bool {
    word.is_ascii()
}

fn push(list: &mut Vec<u16>, value: u32) {
    if let Ok(value) = u16::try_from(value) {
        list.push(value);
    }
}
