//! Numbers without a word: `Title - 34`, `[05]`, `(01-25)`, `Title 07.5`, and the old `Show.103.hdtv` for S01E03.
//!
//! Here a number may as well belong to the title ("Apollo 13", "The 4400"), so each reading asks for a sign: a dash
//! before it, brackets of its own, a leading zero, a group in front as anime releases have.

use super::dates;
use super::episode::Numbering;
use super::marks::Marks;
use super::rules::Rule;
use super::tokens::{Gap, Text, leading_number};
use super::vocab::{Strength, What};

/// A number or a range of numbers.
#[derive(Clone, Copy, Debug)]
struct Count {
    /// Tenths of an episode: 7.5 is 75.
    first: u32,
    last: u32,
    /// Figures of the first number.
    width: usize,
    version: Option<u8>,
    /// First and last token.
    from: usize,
    end: usize,
}

impl Count {
    fn is_range(&self) -> bool {
        self.last > self.first
    }

    fn is_whole(&self) -> bool {
        self.first.is_multiple_of(10)
    }
}

/// What is known of a name when its bare numbers are read.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The title's first token.
    pub start: usize,
    /// A group in brackets stands ahead, or a checksum behind: anime is named so.
    pub has_group: bool,
    pub has_year: bool,
}

/// Reads the episode when no word stated one, and the absolute number that stands beside one that was stated.
pub fn read(text: &Text<'_>, marks: &mut Marks, setting: Setting, numbering: &mut Numbering) {
    if !numbering.episodes.is_empty() {
        if let Some(count) = beside(text, marks, setting) {
            marks.put(count.from, count.end, What::Number, Strength::Firm, Rule::Beside);
            numbering.absolute = numbers(count);
        }
        return;
    }
    let scan = Scan { text, marks, setting };
    // "Some Title 100 (Seasons 1-3)": of a pack no single episode is named.
    if numbering.seasons.len() > 1 {
        return;
    }
    if numbering.seasons.is_empty()
        && let Some((from, end, season, episode)) = scan.paired()
    {
        marks.put(from, end, What::Number, Strength::Firm, Rule::Paired);
        numbering.seasons.push(season);
        numbering.episodes.push(episode);
        return;
    }
    let by = |rule: Rule| move |count: Count| (count, rule);
    let found = scan
        .dashed()
        .map(by(Rule::Dashed))
        .or_else(|| scan.after_season().map(by(Rule::AfterSeason)))
        .or_else(|| scan.bracketed().map(by(Rule::Bracketed)))
        .or_else(|| scan.trailing().map(by(Rule::Trailing)))
        .or_else(|| scan.leading().map(by(Rule::Leading)))
        .or_else(|| scan.middle().map(by(Rule::Middle)));
    // "110 (10)": season and episode, and the episode again.
    if let Some((count, _)) = found
        && let Some((season, episode)) = season_and_episode(&count)
        && numbering.seasons.is_empty()
        && text.gap(count.end + 1).has(Gap::OPEN)
        && text.number(count.end + 1).is_some_and(|n| n == u32::from(episode))
    {
        marks.put(count.from, count.end + 1, What::Number, Strength::Firm, Rule::Compressed);
        numbering.seasons.push(season);
        numbering.episodes.push(episode);
        return;
    }
    if let Some((count, rule)) = found {
        marks.put(count.from, count.end, What::Number, Strength::Firm, rule);
        numbering.version = numbering.version.or(count.version);
        if rule == Rule::Trailing {
            numbering.special = special_word(text.low(count.from)).filter(|word| *word != "ona");
        }
        if numbering.seasons.is_empty() || !count.is_whole() {
            numbering.absolute = numbers(count);
        } else {
            numbering.episodes.extend((count.first / 10..=count.last / 10).filter_map(|n| u16::try_from(n).ok()));
        }
        return;
    }
    if numbering.seasons.is_empty()
        && !setting.has_group
        && let Some((from, end, season, episode)) = scan.compressed().or_else(|| scan.parted())
    {
        let rule = if season.is_some() { Rule::Compressed } else { Rule::TelevisionPart };
        marks.put(from, end, What::Number, Strength::Firm, rule);
        numbering.seasons.extend(season);
        numbering.episodes.push(episode);
    }
}

/// What `SP01`, `OVA3`, `NCED2v2` count beside the episodes. An ONA is the series itself.
fn special_word(low: &str) -> Option<&'static str> {
    let word = low.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, 'a'..='c' | 'v')).len();
    ["ova", "oad", "ona", "sp", "ex", "ed", "op", "pv", "nced", "ncop", "special"]
        .into_iter()
        .find(|s| low.starts_with(s) && word <= s.len())
}

fn numbers(count: Count) -> Vec<f32> {
    (count.first..=count.last)
        .step_by(10)
        .filter_map(|n| u16::try_from(n).ok())
        .map(|tenths| f32::from(tenths) / 10.0)
        .collect()
}

/// `S2010E994 [0994]`, `- 313-315 - s16e03-05`, `- 07.5 (S00E01)`.
fn beside(text: &Text<'_>, marks: &Marks, setting: Setting) -> Option<Count> {
    let at = (setting.start..text.len()).find(|i| marks.at(*i).is_some_and(|m| m.what == What::Number))?;
    let last = marks.at(at)?.last;
    let scan = Scan { text, marks, setting };
    if let Some(after) = scan.count(last + 1)
        && (after.width >= 3 || (text.gap(last + 1).has(Gap::OPEN) && after.width >= 2))
        && dates::year(text, last + 1).is_none()
        && scan.ends(after.end + 1)
        // "S02E05 - 029 - Title" counts twice; "S01E01 - 300" is the episode's name.
        && (!text.gap(last + 1).is_spaced_dash()
            || (3..=4).contains(&after.width) && !after.is_range() && text.gap(after.end + 1).is_spaced_dash())
    {
        return Some(after);
    }
    // The count that ends right before: behind a dash, or of three figures.
    (setting.start + 1..at)
        .rev()
        .take(2)
        .filter_map(|i| scan.count(i))
        .find(|count| {
            count.end + 1 == at
                && (text.gap(count.from).is_spaced_dash() && (count.width >= 2)
                    // "Title 100 S3E01" keeps its number; "Title 214 10x14" counts twice.
                    || (count.width >= 3 && (count.is_range() || (setting.has_group && text.low(at).contains('x')))))
        })
        .filter(|count| dates::year(text, count.from).is_none())
}

struct Scan<'s, 'a> {
    text: &'s Text<'a>,
    marks: &'s Marks,
    setting: Setting,
}

impl Scan<'_, '_> {
    /// The count at a token: `05`, `05v2`, `07.5`, `01-12`, `01-02-03`, `01+02`, `0955 ~ 1005`.
    fn count(&self, i: usize) -> Option<Count> {
        let text = self.text;
        let (first, width, version) = self.figure(i)?;
        let mut found = Count { first: first * 10, last: first * 10, width, version, from: i, end: i };
        if text.gap(i + 1) == Gap::DOT
            && version.is_none()
            && let Some((tenth @ 1..=9, 1, version)) = self.figure(i + 1)
            && text.gap(i + 2) != Gap::DOT
        {
            found = Count { first: found.first + tenth, last: found.first + tenth, version, end: i + 1, ..found };
            return Some(found);
        }
        // "_v2" parted from its number.
        if matches!(text.gap(i + 1), Gap::UNDERSCORE | Gap::DOT)
            && let Some(version) = text.low(i + 1).strip_prefix('v').and_then(|v| v.parse().ok())
        {
            return Some(Count { version: Some(version), end: i + 1, ..found });
        }
        while let Some((last, digits, version)) = self.figure(found.end + 1) {
            let next = found.end + 1;
            let gap = text.gap(next);
            let in_range = gap.has(Gap::HYPHEN) || gap.has(Gap::TILDE);
            let in_list = gap.only(Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SPACE))
                && !gap.is_blank()
                && last * 10 == found.last + 10;
            // "11 - 511 Kinderheim" is an episode and a title; "01 - 119 [1080p]" is a range.
            let loose = gap.is_spaced_dash() && !self.ends(next + 1);
            let fits = last * 10 > found.last
                && last - first <= 2000
                && (digits >= width || digits == 1)
                && (dates::year(text, next).is_none() || width == 4);
            if gap.is_bracket() || loose || !fits || !(in_range || in_list) || (digits == 1 && width > 1 && !in_range) {
                break;
            }
            found = Count { last: last * 10, end: next, version, ..found };
        }
        Some(found)
    }

    /// `05`, `05v2`, `#04`, `24END`: value, figures, version.
    fn figure(&self, i: usize) -> Option<(u32, usize, Option<u8>)> {
        if !self.marks.is_free(i) {
            return None;
        }
        let (value, width, rest) = leading_number(self.text.low(i).trim_start_matches('#'))?;
        let version = match rest {
            "" | "end" | "fin" | "tv" | "完" | "全" | "全集" | "tv全集" | "a" | "b" | "'" => None,
            rest => Some(rest.strip_prefix('v')?.parse().ok()?),
        };
        (width <= 4).then_some((value, width, version))
    }

    /// A number that the title must not lose: a year, or a number of lines.
    fn is_other(&self, count: &Count) -> bool {
        let at_end = count.end + 1 >= self.text.len() && self.text.gap(count.from).is_spaced_dash();
        let is_lines = matches!(count.first / 10, 480 | 540 | 576 | 720 | 1080 | 2160) && !at_end;
        !count.is_range() && (dates::year(self.text, count.from).is_some() || is_lines)
    }

    /// The title cannot go on here.
    fn ends(&self, i: usize) -> bool {
        let gap = self.text.gap(i);
        i >= self.text.len() || gap.is_bracket() || gap.is_spaced_dash() || self.marks.is_firm(i)
    }

    fn at_home(&self, i: usize) -> bool {
        self.text.bracket(i) == self.text.bracket(self.setting.start)
    }

    /// `Title - 34`, with a dash, a bracket, something technical or the end behind it.
    fn dashed(&self) -> Option<Count> {
        let (text, setting) = (self.text, self.setting);
        let mut best = None;
        for i in setting.start + 1..text.len() {
            if !text.gap(i).is_spaced_dash() || !self.at_home(i) {
                continue;
            }
            // "01 - 119": the range began before the dash.
            let whole = self
                .count(i - 1)
                .filter(|c| i > setting.start + 1 && c.end >= i && text.low(i - 1).starts_with('0') && c.first > 0);
            let Some(count) = whole.or_else(|| self.count(i)).filter(|c| !self.is_other(c)) else { continue };
            let next = count.end + 1;
            let special = self.is_special(next) && self.ends(next + 1);
            let ends = self.ends(next) || !self.marks.is_free(next) || special;
            let padded = text.low(count.from).starts_with('0');
            let count = Count { end: if special { next } else { count.end }, ..count };
            let single = count.width == 1 && !count.is_range();
            if ends && !(single && !setting.has_group && (setting.has_year || next >= text.len()))
                || padded
                || (setting.has_group && count.width >= 2 && best.is_none())
            {
                // "Title - 100 Years Quest - 01": the later one stands better.
                if ends && (padded || count.width >= 2) {
                    return Some(count);
                }
                best = best.or(Some(count));
            }
        }
        best
    }

    /// A number alone in brackets of its own: `[05]`, `(01-25)`, `[24 END]`.
    fn bracketed(&self) -> Option<Count> {
        let text = self.text;
        (self.setting.start + 1..text.len()).find_map(|i| {
            if !text.gap(i).has(Gap::OPEN) || self.at_home(i) && text.bracket(i) == 0 {
                return None;
            }
            let count = self.count(i).filter(|c| !self.is_other(c))?;
            let next = count.end + 1;
            let alone = text.gap(next).has(Gap::CLOSE) || next >= text.len();
            let closed = alone
                || matches!(text.low(next), "end" | "fin" | "完" | "全" | "batch")
                    && text.gap(next + 1).has(Gap::CLOSE)
                || count.is_range() && text.gap(next).has(Gap::PLUS);
            // "(1)" is a copy.
            let is_copy = count.width == 1 && !count.is_range() && text.source[..text.tokens[i].start].ends_with('(');
            // "AC3-de[42]" numbers the group's files.
            let is_signed = text.gap(i) == Gap::OPEN
                && self.setting.has_year
                && !self.setting.has_group
                && text.gap(i - 1).is_hyphen();
            (closed && !is_copy && !is_signed).then_some(count)
        })
    }

    /// `[Group] Title 13`, `Title_001.mkv`, `Title 500 1080p`: the last number before the technical part.
    fn trailing(&self) -> Option<Count> {
        let (text, setting) = (self.text, self.setting);
        let mut i = setting.start + 1;
        while i < text.len() {
            if self.at_home(i)
                && self.marks.is_firm(i)
                && !self.marks.at(i).is_some_and(|m| matches!(m.what, What::Year))
            {
                return None;
            }
            if !self.at_home(i) {
                i += 1;
                continue;
            }
            if let Some(count) = self.count(i).filter(|c| !self.is_other(c)) {
                let next = count.end + 1;
                let padded = text.low(i).trim_start_matches('#').starts_with('0') && count.width >= 2;
                let named = text.low(i).starts_with('#') || self.is_special(i - 1) && i > setting.start + 1;
                // "Title 245 VF 720p": languages stand between.
                let behind = if text.is_spaced() && count.width >= 3 { self.behind_languages(next) } else { next };
                let technical = self.marks.is_firm(next) || self.marks.is_firm(behind);
                // "Title 1-16 Complete"
                let is_pack = count.is_range() && self.marks.at(next).is_some_and(|m| m.what == What::Complete);
                // "Title (1988) 1-110 [DVDRip]": a range from one on, right behind the year.
                let is_all = count.is_range() && count.first == 10 && text.gap(i).has(Gap::CLOSE);
                let sure = padded
                    || named
                    || is_pack
                    || is_all
                    || !count.is_whole() && setting.has_group
                    // "Title 0" is a film's name, no episode.
                    || (setting.has_group
                        && count.first > 0
                        && (count.width >= 2 || (self.ends(next) && !text.gap(next).is_spaced_dash())))
                    || (!setting.has_year
                        && count.is_range()
                        && count.last >= 100
                        && (count.width >= 2 || technical || text.gap(next).is_bracket()))
                    || (!setting.has_year
                        && count.width >= 3
                        && technical
                        // "Title 1223 720p" counts; "Title.1013.720p" is the tenth season's.
                        && (season_and_episode(&count).is_none() || count.width == 4 && text.is_spaced())
                        && self.is_anime_like());
                let behind_year = setting.has_year && !setting.has_group && !padded && !named && !is_all;
                // "show.name.0106.720p"
                let together = count.width == 4
                    && padded
                    && !setting.has_group
                    && !text.is_spaced()
                    && season_and_episode(&count).is_some();
                if (self.ends(next) || self.ends(behind) || is_pack)
                    && !is_volume(text.low(i - 1))
                    && sure
                    && !behind_year
                    && !together
                {
                    return Some(count);
                }
                i = count.end + 1;
                continue;
            }
            // "OVA3.5", "SP01", "ED2": a special's number, glued to its word.
            if let Some(count) = self.special(i) {
                return Some(count);
            }
            i += 1;
        }
        None
    }

    /// The first token from here on that is no language.
    fn behind_languages(&self, from: usize) -> usize {
        let is_language = |i: &usize| {
            self.marks.at(*i).is_some_and(|m| matches!(m.what, What::Language(_) | What::Dubbed | What::Subtitles(_)))
        };
        (from..self.text.len()).find(|i| !is_language(i)).unwrap_or(self.text.len())
    }

    /// No television source beside it: "Title 500 1080p" counts as anime does.
    fn is_anime_like(&self) -> bool {
        self.marks.iter().all(|m| !matches!(m.what, What::Source("HDTV" | "PDTV" | "BluRay" | "WEB-DL" | "DVDRip")))
    }

    fn is_special(&self, i: usize) -> bool {
        matches!(self.text.low(i), "ova" | "oad" | "ona" | "sp" | "special" | "ncop" | "nced")
    }

    fn special(&self, i: usize) -> Option<Count> {
        if !self.marks.is_free(i) || !self.setting.has_group {
            return None;
        }
        let low = self.text.low(i);
        let word = special_word(low)?;
        let (value, width, rest) = leading_number(&low[word.len()..])?;
        let version = rest.strip_prefix('v').and_then(|v| v.parse().ok());
        if width > 2 || !(rest.is_empty() || version.is_some() || matches!(rest, "a" | "b" | "c")) {
            return None;
        }
        let mut found = Count { first: value * 10, last: value * 10, width, version, from: i, end: i };
        if self.text.gap(i + 1) == Gap::DOT
            && let Some((tenth @ 1..=9, 1, _)) = self.figure(i + 1)
        {
            found = Count { first: found.first + tenth, last: found.first + tenth, end: i + 1, ..found };
        }
        self.ends(found.end + 1).then_some(found)
    }

    /// `[Group] Title 01 Name of the Episode`, `Title.05.Name`, `Title.001.DVD`.
    fn middle(&self) -> Option<Count> {
        let (text, setting) = (self.text, self.setting);
        let border =
            (setting.start + 1..text.len()).find(|i| self.marks.is_firm(*i) || !self.at_home(*i)).unwrap_or(text.len());
        (setting.start + 1..border).find_map(|i| {
            let count = self.count(i).filter(|c| !self.is_other(c) && c.width >= 2)?;
            let padded = text.low(i).starts_with('0');
            // "Evangelion 1.11", "Series 100: Name"
            let is_part =
                text.gap(i) == Gap::DOT && text.number(i - 1).is_some() || text.gap(count.end + 1).has(Gap::COLON);
            if is_part {
                return None;
            }
            let sure = setting.has_group
                || (padded && !setting.has_year && count.width <= 3 && count.first > 0 && count.is_whole());
            (sure && !is_volume(text.low(i - 1)) && (padded || count.width == 2 || count.end + 1 < border))
                .then_some(count)
        })
    }

    /// `12 - Title`, `01. Title`, `003-004. Title`, `02 Title`: a numbered list, or an episode ahead of its title.
    fn leading(&self) -> Option<Count> {
        let (text, setting) = (self.text, self.setting);
        let count = self.count(setting.start).filter(|c| !self.is_other(c))?;
        let next = count.end + 1;
        let gap = text.gap(next);
        let parted = gap.is_spaced_dash() || gap == Gap::DOT.with(Gap::SPACE);
        let padded = text.low(setting.start).starts_with('0');
        let sure = (parted && (padded || setting.has_group || count.width == 3))
            || (padded && !setting.has_year && gap == Gap::SPACE)
            || (setting.has_group && padded);
        (sure && next < text.len() && self.marks.is_free(next) && count.width >= 2).then_some(count)
    }

    /// `Show.103.hdtv`, `Show.1013.720p`: season 1, episode 3. First token, last token, season, episode.
    fn compressed(&self) -> Option<(usize, usize, Option<u16>, u16)> {
        let text = self.text;
        // Names with spaces write their episodes out.
        let dotted = !text.is_spaced();
        let is_tv = self.marks.iter().any(|m| matches!(m.what, What::Source("HDTV" | "PDTV" | "TVRip" | "SATRip")));
        for i in self.setting.start + 1..text.len() {
            if self.marks.is_firm(i) && !self.marks.at(i).is_some_and(|m| matches!(m.what, What::Year)) {
                return None;
            }
            let Some(count) = self.count(i).filter(|c| c.end == i && text.bracket(i) == 0 && !self.is_other(c)) else {
                continue;
            };
            if is_volume(text.low(i - 1)) {
                continue;
            }
            let next = i + 1;
            let after_year = self.marks.at(i - 1).is_some_and(|m| matches!(m.what, What::Year));
            if let Some((season, episode)) = season_and_episode(&count) {
                let padded = count.width == 4 && text.low(i).starts_with('0');
                let bare = dotted
                    && !self.setting.has_year
                    && (count.width == 3 || padded)
                    && (self.marks.is_firm(next) || next >= text.len() || text.gap(next) == Gap::UNDERSCORE);
                if self.marks.is_firm(next) && is_tv || after_year || bare {
                    return Some((i, i, Some(season), episode));
                }
            } else if dotted
                && !self.setting.has_year
                && count.width == 2
                && self.marks.is_firm(next)
                && count.is_whole()
                && (is_tv || count.first == 100)
            {
                return Some((i, i, None, u16::try_from(count.first / 10).ok()?));
            }
        }
        None
    }

    /// `Show.02.10`, `Show-02_17`, `[5.01] Title`, `11.14 - Title`: season and episode in figures alone.
    fn paired(&self) -> Option<(usize, usize, u16, u16)> {
        let text = self.text;
        let figures =
            |i: usize| self.marks.is_free(i).then(|| text.number(i)).flatten().and_then(|n| u16::try_from(n).ok());
        let pair = |i: usize| {
            Some((
                i,
                i + 1,
                figures(i).filter(|_| text.low(i).len() <= 2)?,
                figures(i + 1).filter(|_| text.low(i + 1).len() >= 2)?,
            ))
        };
        let joined = |i: usize| matches!(text.gap(i + 1), Gap::DOT | Gap::UNDERSCORE);
        for i in 0..text.len() {
            let boxed = text.gap(i).has(Gap::OPEN) && text.gap(i + 2).has(Gap::CLOSE) && text.gap(i + 1) == Gap::DOT;
            let headed = i == 0 && text.gap(2).is_spaced_dash() && text.gap(1) == Gap::DOT && text.low(1).len() == 2;
            let closes = i > self.setting.start
                && joined(i)
                && text.low(i).len() == 2
                && text.low(i + 1).len() == 2
                && (i + 2 >= text.len() || (i + 3 >= text.len() && text.low(i + 2).len() == 1));
            let dotted = closes
                && !text.source.contains(' ')
                && !self.setting.has_group
                && self.marks.iter().all(|m| m.strength < Strength::Firm);
            if boxed && text.low(i + 1).starts_with('0') | (text.low(i + 1).len() == 3) || headed || dotted {
                return pair(i);
            }
        }
        None
    }

    /// `Title S21 1000`, `Title Season 3 46`.
    fn after_season(&self) -> Option<Count> {
        let at = (self.setting.start..self.text.len())
            .find(|i| self.marks.at(*i).is_some_and(|m| m.what == What::Number))?;
        let next = self.marks.at(at)?.last + 1;
        let count = self.count(next).filter(|c| !self.is_other(c) && c.width >= 2)?;
        (self.text.gap(next).is_blank() && self.ends(count.end + 1)).then_some(count)
    }

    /// Television in parts: `Show.Part.2.HDTV`.
    fn parted(&self) -> Option<(usize, usize, Option<u16>, u16)> {
        let text = self.text;
        let is_tv = self.marks.iter().any(|m| matches!(m.what, What::Source("HDTV" | "PDTV" | "SATRip")));
        let i = (self.setting.start + 2..text.len())
            .find(|i| matches!(text.low(*i - 1), "part" | "pt") && text.number(*i).is_some())?;
        // "Part.09": of films there are never so many that they need two figures.
        let is_padded = text.low(i).starts_with('0') && text.low(i).len() == 2;
        if !is_tv && !is_padded {
            return None;
        }
        let number = text.number(i).filter(|n| *n < 100)?;
        (is_padded || self.ends(i + 1))
            .then_some((i - 1, i, None, u16::try_from(number).ok()?))
            .or_else(|| self.marks.at(i + 1).map(|_| (i - 1, i, None, u16::try_from(number).unwrap_or(0))))
    }
}

fn is_volume(word: &str) -> bool {
    matches!(
        word,
        "vol"
            | "volume"
            | "part"
            | "pt"
            | "movie"
            | "film"
            | "no"
            | "cd"
            | "disc"
            | "chapter"
            | "parte"
            | "teil"
            | "de"
            | "movies"
    )
}

/// 103 is 1x03, 1013 is 10x13; 500 and 360 are neither.
fn season_and_episode(count: &Count) -> Option<(u16, u16)> {
    let number = u16::try_from(count.first / 10).ok()?;
    let (season, episode) = (number / 100, number % 100);
    let fits = !count.is_range() && count.is_whole() && (3..=4).contains(&count.width);
    (fits && season > 0 && season < 40 && episode > 0 && episode < 40).then_some((season, episode))
}
