//! The group that released a file: `[Group] Title`, `x264-GRP`, `(1080p x265 - GRP)`, `... x264 GRP`.

use super::marks::Marks;
use super::name::Span;
use super::rules::Rule;
use super::tokens::{Gap, Text};
use super::vocab::{Strength, What};

/// The tokens of a group's name, and the rule that found them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub first: usize,
    pub end: usize,
    pub rule: Rule,
}

/// Finds the group's name. `title` ends before it, or it leads the name in brackets, as it does in anime.
pub fn find(text: &Text<'_>, marks: &Marks, title: Span, is_anime: bool) -> Option<Found> {
    let tail = Tail { text, marks, title };
    if marks.at(0).is_some_and(|m| m.rule == Rule::PrefixedGroup) {
        return Some(Found { first: 0, end: 1, rule: Rule::PrefixedGroup });
    }
    if let Some(site) = tail.site() {
        return Some(site);
    }
    let ahead = leading(text, marks, title, is_anime);
    if is_anime && ahead.is_some() {
        return ahead;
    }
    tail.hyphenated().or(ahead).or_else(|| tail.signed()).or_else(|| tail.bracketed()).or_else(|| tail.last_word())
}

/// `[Group] Title`.
fn leading(text: &Text<'_>, marks: &Marks, title: Span, is_anime: bool) -> Option<Found> {
    // "@channel [Group] Title"
    let site = marks.at(0).filter(|m| m.what == What::Site && text.bracket(0) == 0);
    let first = site.map_or(0, |m| m.last + 1);
    if title.first <= first || text.bracket(first) == 0 {
        return None;
    }
    let end = text.bracket_end(first);
    // "[ABC]" is a network's name elsewhere; a language ahead is no group.
    let may_be = |i: usize| {
        marks.is_free(i)
            || marks.at(i).is_some_and(|m| {
                m.strength == Strength::Faint && matches!(m.what, What::Network(_) | What::Noise | What::Country(_))
            })
    };
    let is_group = end <= title.first
        && ((first..end).any(|i| marks.is_free(i))
            || text.source[..text.tokens[first].start].ends_with('[') && (first..end).all(may_be));
    // "[三体].Three.Body.2023": the native title, as Chinese services write it.
    let has_year = marks.iter().any(|m| m.what == What::Year);
    let is_title = (text.gap(end) == Gap::CLOSE.with(Gap::DOT) || has_year && !is_anime)
        && (first..end).any(|i| text.raw(i).chars().any(super::name::is_native))
        && !(first..end).any(|i| text.raw(i).contains(['组', '組', '社']));
    let is_group = is_group && !is_title && text.number(first).is_none_or(|_| end > first + 1);
    is_group.then_some(Found { first, end, rule: Rule::LeadingGroup })
}

/// Marks a group that signs ahead: `sparks-some.film.1080p.mkv`. Files of the scene are named so inside of their folders; as
/// titles hold hyphens too, only groups that do it count. `sample-` stands there as well.
pub fn mark_prefix(text: &Text<'_>, marks: &mut Marks) {
    const GROUPS: [&str; 44] = [
        "aaf",
        "amiable",
        "asap",
        "avchd",
        "avs",
        "bia",
        "blow",
        "cadaver",
        "cinefile",
        "condition",
        "ctu",
        "d3g",
        "deflate",
        "demand",
        "dimension",
        "drones",
        "fleet",
        "flame",
        "fov",
        "geckos",
        "hcp",
        "imbt",
        "japhson",
        "killers",
        "lol",
        "metis",
        "nodlabs",
        "orpheus",
        "pfa",
        "phobos",
        "pignus",
        "psychd",
        "refined",
        "replica",
        "reward",
        "rovers",
        "septic",
        "sinners",
        "sparks",
        "spooks",
        "sva",
        "taxes",
        "usury",
        "veto",
    ];
    let low = text.low(0);
    let is_plain = text.raw(0) == low && text.gap(1).is_hyphen() && text.bracket(0) == 0 && marks.is_free(2);
    if !is_plain || text.len() < 3 {
        return;
    }
    if GROUPS.contains(&low) {
        marks.put(0, 0, What::Noise, Strength::Firm, Rule::PrefixedGroup);
    } else if low == "sample" {
        marks.put(0, 0, What::Noise, Strength::Firm, Rule::Vocabulary);
    }
}

/// Endings that reposters and indexers hang behind a group.
fn is_appendix(low: &str) -> bool {
    matches!(
        low,
        "obfuscated"
            | "rp"
            | "xpost"
            | "postbot"
            | "4p"
            | "4planet"
            | "1"
            | "asrequested"
            | "buymore"
            | "scrambled"
            | "repackpost"
            | "whiterev"
            | "rakuv"
            | "rakuv02"
            | "rakuvus"
            | "rakuvfinhel"
            | "gerov"
            | "z0ids3n"
            | "chamele0n"
            | "nzbgeek"
            | "alternativetorequested"
            | "altezachen"
            | "sample"
            | "proof"
            | "eztv"
            | "ettv"
            | "tgx"
            | "rartv"
            | "bb"
            | "prexpost"
    )
}

struct Tail<'t, 'a> {
    text: &'t Text<'a>,
    marks: &'t Marks,
    title: Span,
}

impl Tail<'_, '_> {
    /// A tag is not a group, but for one that is a word as well ("SDTV" is not, "Real" may be).
    fn may_be(&self, i: usize) -> bool {
        self.marks.at(i).is_none_or(|m| m.strength == Strength::Faint)
    }

    fn is_language(&self, i: usize) -> bool {
        self.marks.at(i).is_some_and(|m| matches!(m.what, What::Language(_)))
    }

    fn is_technical(&self, i: usize) -> bool {
        self.marks.at(i).is_some_and(|m| {
            use What::{Country, Crc, Date, Number, Site, Year};
            !matches!(m.what, Site | Year | Date | Number | Crc | Country(_))
        })
    }

    /// `-GRP` behind the technical part; brackets, sites, tags and reposters may still follow.
    fn hyphenated(&self) -> Option<Found> {
        let (text, marks) = (self.text, self.marks);
        let mut best = None;
        let from = self.title.end.max(self.title.first + 1);
        let first_technical = (from..text.len()).find(|i| self.is_technical(*i)).unwrap_or(text.len());
        // Behind it come only tags, brackets and reposters.
        let last_word =
            (from..text.len()).rev().find(|i| marks.is_free(*i) && text.bracket(*i) == 0 && !is_appendix(text.low(*i)));
        let mut at = from;
        while at < text.len() {
            let gap = text.gap(at);
            let hangs = gap.has(Gap::HYPHEN)
                && !gap.has(Gap::OPEN)
                && text.bracket(at) == 0
                && self.may_be(at)
                // "ITA-ENG" is a list.
                && !(self.is_language(at) && at > 0 && self.is_language(at - 1))
                && !is_appendix(text.low(at));
            if !hangs {
                at += 1;
                continue;
            }
            let spaced = gap.is_spaced_dash();
            let before = at.checked_sub(1).filter(|b| *b >= from);
            let behind_mark = before.is_some_and(|b| {
                !marks.is_free(b) && !matches!(marks.at(b).map(|m| m.what), Some(What::Site)) || text.bracket(b) != 0
            });
            // "x264-Erai-raws", "x264.D-Z0N3": the group itself holds a hyphen.
            let doubled = !spaced
                && before.is_some_and(|b| {
                    b > from
                        && marks.is_free(b)
                        && text.bracket(b) == 0
                        && text.gap(b).is_tight()
                        && self.is_technical(b - 1)
                });
            let first = if doubled { at - 1 } else { at };
            if !(behind_mark || doubled)
                || first_technical >= first && !(text.gap(at).is_hyphen() && self.is_last_word(at))
            {
                at += 1;
                continue;
            }
            // The group's words go on to the end of the name, or to a bracket, a tag or a reposter.
            let mut end = at + 1;
            while end < text.len()
                && end - at < 4
                && marks.is_free(end)
                && text.bracket(end) == 0
                && !is_appendix(text.low(end))
                && (text.gap(end).is_blank() || text.gap(end).is_hyphen() && !doubled)
            {
                end += 1;
            }
            let rest_is_appendix = spaced || last_word.is_none_or(|last| last < end);
            if rest_is_appendix && (end - at <= 2 || !spaced) && !(spaced && best.is_some()) {
                // "- by GRP"
                let first = if text.low(first) == "by" && end > first + 1 { first + 1 } else { first };
                best = Some((first, end));
            }
            at = end;
        }
        best.map(|(first, end)| Found { first, end, rule: Rule::HyphenatedGroup })
    }

    /// Nothing but brackets behind it.
    fn is_last_word(&self, at: usize) -> bool {
        (at + 1..self.text.len()).all(|i| self.text.bracket(i) != 0)
            && self.marks.at(at - 1).is_some_and(|m| m.what == What::Number)
    }

    /// `[YTS.MX]`: a site that signs as the group that it is.
    fn site(&self) -> Option<Found> {
        let at = self.text.len().checked_sub(2).filter(|at| *at > self.title.end)?;
        let signs = self.text.low(at) == "yts" && self.text.gap(at).has(Gap::OPEN);
        signs.then_some(Found { first: at, end: self.text.len(), rule: Rule::BracketedGroup })
    }

    /// `by GRP`, at the end or before brackets.
    fn signed(&self) -> Option<Found> {
        let (text, marks) = (self.text, self.marks);
        let technical = (self.title.end..text.len()).find(|t| self.is_technical(*t))?;
        let by = (technical + 1..text.len()).find(|i| text.low(*i) == "by")?;
        let mut end = by + 1;
        while end < text.len() && end < by + 4 && marks.is_free(end) && text.gap(end).is_tight() {
            end += 1;
        }
        (end > by + 1 && (end >= text.len() || text.gap(end).is_bracket())).then_some(Found {
            first: by + 1,
            end,
            rule: Rule::SignedGroup,
        })
    }

    /// `[GRP]` or `(... - GRP)` at the end.
    fn bracketed(&self) -> Option<Found> {
        let (text, marks) = (self.text, self.marks);
        let mut end = text.len();
        while end > self.title.end
            && (matches!(marks.at(end - 1).map(|m| m.what), Some(What::Site | What::Crc | What::Container(_)))
                || self.is_version(end - 1))
        {
            end -= 1;
        }
        // "... [GRP] [WEBRip] [HD 720p]": behind the group only tags in brackets of their own.
        let mut before = end;
        while before > self.title.end && text.bracket(before - 1) != 0 && !marks.is_free(before - 1) {
            let outer = text.outer_bracket(before - 1);
            while before > self.title.end && text.outer_bracket(before - 1) == outer {
                before -= 1;
            }
        }
        if before < end
            && let Some(last) = before.checked_sub(1).filter(|l| *l > self.title.end && text.bracket(*l) != 0)
            && marks.is_free(last)
            && (text.gap(last).has(Gap::OPEN) && text.source[..text.tokens[last].start].ends_with('['))
            && text.number(last).is_none()
            && self.has_number()
        {
            return Some(Found { first: last, end: last + 1, rule: Rule::BracketedGroup });
        }
        // "[1080p.BluRay.x264-GRP] [Lektor PL]"
        if before < end
            && let Some(last) = before.checked_sub(1).filter(|l| *l > self.title.end && text.bracket(*l) != 0)
            && marks.is_free(last)
            && text.gap(last).is_hyphen()
            && self.is_technical(last - 1)
        {
            return Some(Found { first: last, end: last + 1, rule: Rule::BracketedGroup });
        }
        let last = end.checked_sub(1).filter(|last| *last >= self.title.end && text.bracket(*last) != 0)?;
        let outer = text.outer_bracket(last);
        let mut first = last;
        while first > self.title.end && text.outer_bracket(first - 1) == outer {
            first -= 1;
        }
        let technical = (self.title.end..end).any(|i| self.is_technical(i));
        let square = text.source[..text.tokens[first].start].ends_with('[');
        if (first..end).all(|i| marks.is_free(i)) {
            let words = end - first;
            let ok = if technical {
                words <= 6 && !(words == 1 && is_appendix(text.low(first)))
            } else {
                words == 1 && square && text.number(first).is_none() && self.has_number()
            };
            return ok.then_some(Found { first, end, rule: Rule::BracketedGroup });
        }
        if !technical || !marks.is_free(last) || text.number(last).is_some() || last == first {
            return None;
        }
        // "(1080p WEB-DL x265 English - GRP)", "(... - TWO GRP)", "(... x265-GRP[TEAM])", "(1080p ... GRP)"
        let gap = text.gap(last);
        let parted = gap.has(Gap::HYPHEN) || gap.has(Gap::OPEN) || text.gap(last - 1).has(Gap::HYPHEN);
        (parted || !marks.is_free(last - 1)).then_some(Found { first: last, end: last + 1, rule: Rule::BracketedGroup })
    }

    fn is_version(&self, i: usize) -> bool {
        self.text.low(i).strip_prefix('v').is_some_and(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()))
    }

    fn has_number(&self) -> bool {
        (self.title.end..self.text.len()).any(|i| self.marks.at(i).is_some_and(|m| m.what == What::Number))
    }

    /// `Title.2016.720p.GRP`: one last word behind something technical.
    fn last_word(&self) -> Option<Found> {
        let (text, marks) = (self.text, self.marks);
        let mut end = text.len();
        while end > self.title.end
            && text.bracket(end - 1) != 0
            && (is_appendix(text.low(end - 1))
                || matches!(marks.at(end - 1).map(|m| m.what), Some(What::Crc | What::Site)))
        {
            end -= 1;
        }
        let at = end.checked_sub(1).filter(|at| *at > self.title.end)?;
        let before = at - 1;
        let technical = marks.at(before).is_some_and(|m| {
            !matches!(m.what, What::Number | What::Year | What::Date | What::Site | What::Edition(_) | What::Complete)
        }) || (text.gap(at).has(Gap::CLOSE) && (self.title.end..at).any(|i| self.is_technical(i)));
        let alone = text.gap(at).is_blank() || text.gap(at).only(Gap::CLOSE.with(Gap::SPACE).with(Gap::DOT));
        (technical
            && marks.is_free(at)
            && text.bracket(at) == 0
            && alone
            && text.number(at).is_none()
            && text.low(at).len() >= 2)
            .then_some(Found { first: at, end: at + 1, rule: Rule::LastWordGroup })
    }
}
