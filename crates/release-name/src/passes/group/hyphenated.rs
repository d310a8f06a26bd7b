//! `-GRP` behind the technical part; brackets, sites, tags and reposters may still follow.

use super::{Tail, found};
use crate::draft::Found;
use crate::rules::Rule;
use crate::text::Gap;
use crate::words::{Class, Tag};

/// No group's name has more words.
const MOST_WORDS: usize = 4;

impl Tail<'_, '_> {
    pub(super) fn hyphenated(&self) -> Option<Found<()>> {
        let mut best = None;
        let from = self.title.end.max(self.title.first + 1);
        let first_technical = (from..self.text.len()).find(|i| self.is_technical(*i)).unwrap_or(self.text.len());
        let last_word = self.last_free_word(from);
        let mut at = from;
        while at < self.text.len() {
            let Some((first, is_doubled)) = self.hanging(at, from, first_technical) else {
                at += 1;
                continue;
            };
            let is_spaced = self.text.gap(at).is_spaced_dash();
            let end = self.words_end(at, is_doubled);
            let ends_name = is_spaced || last_word.is_none_or(|last| last < end);
            if ends_name && (end - at <= 2 || !is_spaced) && !(is_spaced && best.is_some()) {
                // "- by GRP"
                let is_signed = self.text.is(first, Class::SignedBy) && end > first + 1;
                best = Some((first + usize::from(is_signed), end));
            }
            at = end;
        }
        let (first, end) = best?;
        found(first, end, Rule::HyphenatedGroup)
    }

    /// The last word that no pass took. Behind it come only tags, brackets and reposters.
    fn last_free_word(&self, from: usize) -> Option<usize> {
        let is_word =
            |i: &usize| self.marks.is_free(*i) && self.text.bracket(*i) == 0 && !self.text.is(*i, Class::BehindGroup);
        (from..self.text.len()).rev().find(is_word)
    }

    /// A word that hangs on the technical part: its first token, and whether the group itself holds the hyphen.
    fn hanging(&self, at: usize, from: usize, first_technical: usize) -> Option<(usize, bool)> {
        let (text, marks) = (self.text, self.marks);
        let gap = text.gap(at);
        let hangs = gap.has(Gap::HYPHEN)
            && !gap.has(Gap::OPEN)
            && text.bracket(at) == 0
            && self.may_be(at)
            // "ITA-ENG" is a list.
            && !(self.is_language(at) && at > 0 && self.is_language(at - 1))
            && !text.is(at, Class::BehindGroup);
        if !hangs {
            return None;
        }
        let before = at.checked_sub(1).filter(|b| *b >= from);
        let behind_mark = before.is_some_and(|b| {
            !marks.is_free(b) && !marks.at(b).is_some_and(|m| m.tag == Tag::Site) || text.bracket(b) != 0
        });
        // "x264-Erai-raws", "x264.D-Z0N3": the group itself holds a hyphen.
        let is_doubled = !gap.is_spaced_dash()
            && before.is_some_and(|b| {
                b > from
                    && marks.is_free(b)
                    && text.bracket(b) == 0
                    && text.gap(b).is_tight()
                    && self.is_technical(b - 1)
            });
        let first = if is_doubled { at - 1 } else { at };
        let is_behind = first_technical < first || gap.is_hyphen() && self.is_last_word(at);
        ((behind_mark || is_doubled) && is_behind).then_some((first, is_doubled))
    }

    /// The group's words go on to the end of the name, or to a bracket, a tag or a reposter.
    fn words_end(&self, at: usize, is_doubled: bool) -> usize {
        let text = self.text;
        let mut end = at + 1;
        while end < text.len()
            && end - at < MOST_WORDS
            && self.marks.is_free(end)
            && text.bracket(end) == 0
            && !text.is(end, Class::BehindGroup)
            && (text.gap(end).is_blank() || text.gap(end).is_hyphen() && !is_doubled)
        {
            end += 1;
        }
        end
    }

    /// Nothing but brackets behind it.
    fn is_last_word(&self, at: usize) -> bool {
        (at + 1..self.text.len()).all(|i| self.text.bracket(i) != 0)
            && self.marks.at(at - 1).is_some_and(|m| m.tag == Tag::Number)
    }
}
