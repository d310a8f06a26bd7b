//! Notations of one language: `第05集`, `Cap.402`.

use super::pieces::Grammar;
use super::{Claim, LONGEST_RANGE, push};
use crate::counting::chinese;
use crate::tokens::Gap;

impl Grammar<'_, '_> {
    /// `第05集`, `第二季`, `第2期`.
    pub(super) fn cjk(&self, at: usize) -> Option<Claim> {
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
    pub(super) fn spanish(&self, at: usize) -> Option<Claim> {
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
