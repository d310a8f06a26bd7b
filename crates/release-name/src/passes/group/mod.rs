//! The group that released a file: `[Group] Title`, `x264-GRP`, `(1080p x265 - GRP)`, `... x264 GRP`.
//!
//! ```text
//! ahead        sparks-film, [Group] Title         hyphenated   x264-GRP
//! bracketed    [1080p] [GRP], (x265 - GRP)        the rest     by GRP, 720p.GRP
//! ```

mod bracketed;
mod hyphenated;

use super::title::is_native_word;
use super::{Pass, example};
use crate::draft::{Draft, Found, Span};
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "group",
    looks_at: "the title, the episode, and what is technical",
    fills: &["group"],
    run,
    examples: &[
        example("Harvest.Moon.2019.1080p.x264-GRP", "GRP", "group"),
        example("[Group] Some Anime - 05 [1080p]", "Group", "group"),
        example("Harvest Moon (2019) (1080p x265 - GRP)", "GRP", "group"),
        example("Harvest.Moon.2019.720p.x264.GRP", "GRP", "group"),
        example("Harvest Moon 2019 1080p by GRP", "GRP", "group"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let is_numbered = !draft.numbering.absolute.is_empty();
    let has_checksum = draft.has_checksum();
    let is_anime = has_checksum || draft.start.has_group && is_numbered;
    draft.group = find(&draft.text, &draft.marks, draft.title, is_anime);
}

/// Finds the group's name. `title` ends before it, or it leads the name in brackets, as it does in anime.
fn find(text: &Text<'_>, marks: &Marks, title: Span, is_anime: bool) -> Option<Found<()>> {
    let tail = Tail { text, marks, title };
    if marks.at(0).is_some_and(|m| m.rule == Rule::PrefixedGroup) {
        return found(0, 1, Rule::PrefixedGroup);
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

fn found(first: usize, end: usize, rule: Rule) -> Option<Found<()>> {
    Some(Found { value: (), span: Span { first, end }, rule })
}

/// `[Group] Title`.
fn leading(text: &Text<'_>, marks: &Marks, title: Span, is_anime: bool) -> Option<Found<()>> {
    // "@channel [Group] Title"
    let site = marks.at(0).filter(|m| m.tag == Tag::Site && text.bracket(0) == 0);
    let first = site.map_or(0, |m| m.last + 1);
    if title.first <= first || text.bracket(first) == 0 {
        return None;
    }
    let end = text.bracket_end(first);
    // "[ABC]" is a network's name elsewhere; a language ahead is no group.
    let may_be = |i: usize| {
        marks.is_free(i)
            || marks.at(i).is_some_and(|m| {
                m.strength == Strength::Faint && matches!(m.tag, Tag::Network(_) | Tag::Noise | Tag::Country(_))
            })
    };
    let is_group = end <= title.first
        && ((first..end).any(|i| marks.is_free(i))
            || text.source[..text.tokens[first].start].ends_with('[') && (first..end).all(may_be));
    // "[三体].Three.Body.2023": the native title, as Chinese services write it.
    let has_year = marks.iter().any(|m| m.tag == Tag::Year);
    let is_title = (text.gap(end) == Gap::CLOSE.with(Gap::DOT) || has_year && !is_anime)
        && (first..end).any(|i| is_native_word(text, i))
        && !(first..end).any(|i| holds_sign(text.raw(i)));
    let is_group = is_group && !is_title && text.number(first).is_none_or(|_| end > first + 1);
    if is_group { found(first, end, Rule::LeadingGroup) } else { None }
}

/// `灯笼字幕组`: the characters for "group" are in it.
fn holds_sign(word: &str) -> bool {
    words::list(Class::GroupSign).iter().any(|sign| word.contains(sign))
}

/// What stands behind the title.
struct Tail<'t, 'a> {
    text: &'t Text<'a>,
    marks: &'t Marks,
    title: Span,
}

impl Tail<'_, '_> {
    /// A tag is not a group, but for one that is a word as well ("SDTV" is not, "Real" may be).
    fn may_be(&self, i: usize) -> bool {
        self.marks.at(i).is_none_or(|m| m.strength == Strength::Faint) || self.is_second_source(i)
    }

    /// `Title.HDTV.x264-UHDTV`: the source is said already, and this is the name's last word.
    fn is_second_source(&self, i: usize) -> bool {
        let is_source =
            |i: usize| matches!(self.marks.at(i).map(|m| m.tag), Some(Tag::Source(source)) if source != "Remux");
        let is_codec = |i: usize| matches!(self.marks.at(i).map(|m| m.tag), Some(Tag::Video(_) | Tag::Language(_)));
        let hangs = self.text.gap(i).is_hyphen() && i + 1 == self.text.len();
        hangs && is_source(i) && is_codec(i - 1) && (self.title.end..i).any(is_source)
    }

    fn is_language(&self, i: usize) -> bool {
        self.marks.at(i).is_some_and(|m| matches!(m.tag, Tag::Language(_)))
    }

    fn is_technical(&self, i: usize) -> bool {
        self.marks.at(i).is_some_and(|m| {
            use Tag::{Country, Crc, Date, Number, Site, Year};
            !matches!(m.tag, Site | Year | Date | Number | Crc | Country(_))
        })
    }

    /// `[YTS.MX]`: a site that signs as the group that it is.
    fn site(&self) -> Option<Found<()>> {
        let at = self.text.len().checked_sub(2).filter(|at| *at > self.title.end)?;
        let signs = self.text.is(at, Class::SiteGroup) && self.text.gap(at).has(Gap::OPEN);
        found(at, self.text.len(), Rule::BracketedGroup).filter(|_| signs)
    }

    /// `by GRP`, at the end or before brackets.
    fn signed(&self) -> Option<Found<()>> {
        let (text, marks) = (self.text, self.marks);
        let technical = (self.title.end..text.len()).find(|t| self.is_technical(*t))?;
        let by = (technical + 1..text.len()).find(|i| text.is(*i, Class::SignedBy))?;
        let mut end = by + 1;
        while end < text.len() && end < by + 4 && marks.is_free(end) && text.gap(end).is_tight() {
            end += 1;
        }
        let is_signed = end > by + 1 && (end >= text.len() || text.gap(end).is_bracket());
        found(by + 1, end, Rule::SignedGroup).filter(|_| is_signed)
    }

    /// A number of the name stands behind the title.
    fn has_number(&self) -> bool {
        (self.title.end..self.text.len()).any(|i| self.marks.at(i).is_some_and(|m| m.tag == Tag::Number))
    }

    /// `Title.2016.720p.GRP`: one last word behind something technical.
    fn last_word(&self) -> Option<Found<()>> {
        let (text, marks) = (self.text, self.marks);
        let mut end = text.len();
        while end > self.title.end
            && text.bracket(end - 1) != 0
            && (text.is(end - 1, Class::BehindGroup)
                || matches!(marks.at(end - 1).map(|m| m.tag), Some(Tag::Crc | Tag::Site)))
        {
            end -= 1;
        }
        let at = end.checked_sub(1).filter(|at| *at > self.title.end)?;
        let before = at - 1;
        let technical = marks.at(before).is_some_and(|m| {
            !matches!(m.tag, Tag::Number | Tag::Year | Tag::Date | Tag::Site | Tag::Edition(_) | Tag::Complete)
        }) || (text.gap(at).has(Gap::CLOSE) && (self.title.end..at).any(|i| self.is_technical(i)));
        let alone = text.gap(at).is_blank() || text.gap(at).only(Gap::CLOSE.with(Gap::SPACE).with(Gap::DOT));
        let is_group = technical
            && marks.is_free(at)
            && text.bracket(at) == 0
            && alone
            && text.number(at).is_none()
            && text.low(at).len() >= 2;
        found(at, at + 1, Rule::LastWordGroup).filter(|_| is_group)
    }
}
