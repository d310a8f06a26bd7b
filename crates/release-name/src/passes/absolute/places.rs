//! Where a bare number is an episode's: behind a dash, in brackets, last, first or in the middle.

use super::Scan;
use super::count::Count;
use crate::text::Gap;
use crate::words::{Class, Strength, Tag};

impl Scan<'_, '_> {
    /// `Title - 34`, with a dash, a bracket, something technical or the end behind it.
    pub(super) fn dashed(&self) -> Option<Count> {
        let text = self.text;
        let mut best = None;
        for i in self.start + 1..text.len() {
            if !text.gap(i).is_spaced_dash() || !self.at_home(i) {
                continue;
            }
            // "01 - 119": the range began before the dash.
            let whole = self
                .count(i - 1)
                .filter(|c| i > self.start + 1 && c.end >= i && text.low(i - 1).starts_with('0') && c.first > 0);
            let Some(count) = whole.or_else(|| self.count(i)).filter(|c| !self.is_other(c)) else { continue };
            let next = count.end + 1;
            let special = text.is(next, Class::SpecialWord) && self.ends(next + 1);
            let ends = self.ends(next) || !self.marks.is_free(next) || special;
            let padded = text.low(count.from).starts_with('0');
            let count = Count { end: if special { next } else { count.end }, ..count };
            let single = count.width == 1 && !count.is_range();
            if ends && !(single && !self.has_group && (self.has_year || next >= text.len()))
                || padded
                || (self.has_group && count.width >= 2 && best.is_none())
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
    pub(super) fn bracketed(&self) -> Option<Count> {
        let text = self.text;
        (self.start + 1..text.len()).find_map(|i| {
            if !text.gap(i).has(Gap::OPEN) || self.at_home(i) && text.bracket(i) == 0 {
                return None;
            }
            let count = self.count(i).filter(|c| !self.is_other(c))?;
            let next = count.end + 1;
            let alone = text.gap(next).has(Gap::CLOSE) || next >= text.len();
            let closed = alone
                || (text.is(next, Class::End) || text.is(next, Class::Batch)) && text.gap(next + 1).has(Gap::CLOSE)
                || count.is_range() && text.gap(next).has(Gap::PLUS);
            // "(1)" is a copy, but for "[Group] Title (9) [720p]", and for "Title (9)", of which nobody has so many.
            let is_behind_title = self.has_group && i > self.start && self.marks.is_free(i - 1) && next < text.len();
            let is_many =
                count.first >= 40 && !self.has_year && !self.marks.iter().any(|m| m.strength == Strength::Firm);
            let is_copy = count.width == 1
                && !is_many
                && !count.is_range()
                && text.source[..text.tokens[i].start].ends_with('(')
                && !is_behind_title;
            // "AC3-de[42]" numbers the group's files.
            let is_signed = text.gap(i) == Gap::OPEN && self.has_year && !self.has_group && text.gap(i - 1).is_hyphen();
            (closed && !is_copy && !is_signed).then_some(count)
        })
    }

    /// `[Title].148.[720p]`, `[Title] - 05`: right behind a title that stands in brackets.
    pub(super) fn behind_box(&self) -> Option<Count> {
        let text = self.text;
        let next = text.bracket_end(self.start);
        let count = self.count(next).filter(|c| text.bracket(self.start) != 0 && !self.is_other(c))?;
        (text.bracket(next) == 0 && self.ends(count.end + 1)).then_some(count)
    }

    /// `[Group] Title 01 Name of the Episode`, `Title.05.Name`, `Title.001.DVD`.
    pub(super) fn middle(&self) -> Option<Count> {
        let text = self.text;
        let border =
            (self.start + 1..text.len()).find(|i| self.marks.is_firm(*i) || !self.at_home(*i)).unwrap_or(text.len());
        (self.start + 1..border).find_map(|i| {
            let count = self.count(i).filter(|c| !self.is_other(c) && c.width >= 2)?;
            let padded = text.low(i).starts_with('0');
            // "Evangelion 1.11", "Series 100: Name"
            let is_part =
                text.gap(i) == Gap::DOT && text.number(i - 1).is_some() || text.gap(count.end + 1).has(Gap::COLON);
            if is_part {
                return None;
            }
            let sure =
                self.has_group || (padded && !self.has_year && count.width <= 3 && count.first > 0 && count.is_whole());
            (sure && !self.is_volume(i - 1) && (padded || count.width == 2 || count.end + 1 < border)).then_some(count)
        })
    }

    /// `12 - Title`, `01. Title`, `003-004. Title`, `02 Title`: a numbered list, or an episode ahead of its title.
    pub(super) fn leading(&self) -> Option<Count> {
        let text = self.text;
        // "[02] Title": of a film it is the place in a list.
        let is_boxed =
            self.start == 1 && text.bracket(0) != 0 && text.bracket_end(0) == 1 && text.source.starts_with('[');
        if is_boxed && let Some(count) = self.count(0).filter(|c| !self.has_year && c.width <= 3 && !self.is_other(c)) {
            return Some(count);
        }
        let count = self.count(self.start).filter(|c| !self.is_other(c))?;
        let next = count.end + 1;
        let gap = text.gap(next);
        let parted = gap.is_spaced_dash() || gap == Gap::DOT.with(Gap::SPACE);
        let padded = text.low(self.start).trim_start_matches('#').starts_with('0');
        // "03_Some_Title", "03-Some.Title"
        let glued = gap.is_hyphen() || gap == Gap::UNDERSCORE;
        let sure = (parted && (padded || self.has_group || count.width == 3))
            || (padded && !self.has_year && (gap == Gap::SPACE || glued && text.number(next).is_none()))
            || (self.has_group && padded);
        (sure && next < text.len() && self.marks.is_free(next) && count.width >= 2).then_some(count)
    }

    /// `Title S21 1000`, `Title Season 3 46`.
    pub(super) fn after_season(&self) -> Option<Count> {
        let at = (self.start..self.text.len()).find(|i| self.marks.at(*i).is_some_and(|m| m.tag == Tag::Number))?;
        let next = self.marks.at(at)?.last + 1;
        let count = self.count(next).filter(|c| !self.is_other(c) && c.width >= 2)?;
        (self.text.gap(next).is_blank() && self.ends(count.end + 1)).then_some(count)
    }
}
