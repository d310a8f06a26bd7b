//! `[GRP]` or `(... - GRP)` at the end of a name.

use super::{Tail, found};
use crate::draft::{Found, Span};
use crate::rules::Rule;
use crate::text::Gap;
use crate::words::{Class, Tag};

impl Tail<'_, '_> {
    pub(super) fn bracketed(&self) -> Option<Found<()>> {
        let end = self.before_appendix();
        self.before_tags(end).or_else(|| self.in_last_bracket(end))
    }

    /// The name's end without sites, checksums, versions and endings.
    fn before_appendix(&self) -> usize {
        let is_appendix = |i: usize| {
            self.marks.at(i).is_some_and(|m| matches!(m.tag, Tag::Site | Tag::Crc | Tag::Container(_)))
                || self.is_version(i)
        };
        let mut end = self.text.len();
        while end > self.title.end && is_appendix(end - 1) {
            end -= 1;
        }
        end
    }

    fn is_version(&self, i: usize) -> bool {
        self.text.low(i).strip_prefix('v').is_some_and(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit()))
    }

    /// `... [GRP] [WEBRip] [HD 720p]`, `[1080p.BluRay.x264-GRP] [Lektor PL]`: behind the group only tags in brackets of their
    /// own.
    fn before_tags(&self, end: usize) -> Option<Found<()>> {
        let (text, marks) = (self.text, self.marks);
        let mut before = end;
        while before > self.title.end && text.bracket(before - 1) != 0 && !marks.is_free(before - 1) {
            before = self.bracket_start(before - 1);
        }
        let last = before.checked_sub(1).filter(|l| before < end && *l > self.title.end && text.bracket(*l) != 0)?;
        if !marks.is_free(last) {
            return None;
        }
        let is_boxed =
            text.gap(last).has(Gap::OPEN) && self.is_square(last) && text.number(last).is_none() && self.has_number();
        let is_hanging = || text.gap(last).is_hyphen() && self.is_technical(last - 1);
        found(last, last + 1, Rule::BracketedGroup).filter(|_| is_boxed || is_hanging())
    }

    /// The first token of the outermost bracket around a token, behind the title.
    fn bracket_start(&self, i: usize) -> usize {
        let outer = self.text.outer_bracket(i);
        let mut first = i;
        while first > self.title.end && self.text.outer_bracket(first - 1) == outer {
            first -= 1;
        }
        first
    }

    fn is_square(&self, i: usize) -> bool {
        self.text.source[..self.text.tokens[i].start].ends_with('[')
    }

    /// The group is all of the last bracket, or its last word.
    fn in_last_bracket(&self, end: usize) -> Option<Found<()>> {
        let (text, marks) = (self.text, self.marks);
        let last = end.checked_sub(1).filter(|last| *last >= self.title.end && text.bracket(*last) != 0)?;
        let first = self.bracket_start(last);
        let is_technical = (self.title.end..end).any(|i| self.is_technical(i));
        if (first..end).all(|i| marks.is_free(i)) {
            let is_group = self.is_whole(Span { first, end }, is_technical);
            return found(first, end, Rule::BracketedGroup).filter(|_| is_group);
        }
        if !is_technical || !marks.is_free(last) || text.number(last).is_some() || last == first {
            return None;
        }
        // "(1080p WEB-DL x265 English - GRP)", "(... - TWO GRP)", "(... x265-GRP[TEAM])", "(1080p ... GRP)"
        let gap = text.gap(last);
        let parted = gap.has(Gap::HYPHEN) || gap.has(Gap::OPEN) || text.gap(last - 1).has(Gap::HYPHEN);
        found(last, last + 1, Rule::BracketedGroup).filter(|_| parted || !marks.is_free(last - 1))
    }

    /// A bracket of nothing but free words is a group: of several words only behind something technical.
    fn is_whole(&self, words: Span, is_technical: bool) -> bool {
        let Span { first, end } = words;
        let is_one = end - first == 1;
        if is_technical {
            return end - first <= 6 && !(is_one && self.text.is(first, Class::BehindGroup));
        }
        is_one && self.is_square(first) && self.text.number(first).is_none() && self.has_number()
    }
}
