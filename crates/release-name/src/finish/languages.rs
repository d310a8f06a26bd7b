//! Which languages are spoken, and which are those of subtitles: languages beside the word "subs" are read, all others are
//! spoken.

use super::technical::add as add_new;
use crate::Release;
use crate::marks::Mark;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Tag};

/// What a language is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Spoken,
    Subtitles,
}

/// Fills both lists. `said` are the marks that count, in their order.
pub fn collect(text: &Text<'_>, said: &[Mark], release: &mut Release) {
    for (mark, is_used) in said.iter().zip(uses(text, said)) {
        add(mark, is_used, release);
    }
}

/// Adds a mark's languages to the list that they are of.
pub fn add(mark: &Mark, is_used: Use, release: &mut Release) {
    let (Tag::Language(codes) | Tag::Subtitles(codes)) = mark.tag else { return };
    let list = if is_used == Use::Spoken { &mut release.languages } else { &mut release.subtitles };
    codes.split(' ').for_each(|code| add_new(list, code));
}

/// The spoken languages by flags, when no word names one. One flag may be a decoration, several are a list.
pub fn flags(source: &str, release: &mut Release) {
    if release.languages.is_empty() && !source.is_ascii() {
        let flags = of_flags(source);
        release.languages = if flags.len() > 1 { flags } else { Vec::new() };
    }
}

/// What each of the marks is of, if it is a language's.
pub fn uses(text: &Text<'_>, said: &[Mark]) -> Vec<Use> {
    let of = |mark: &Mark| if matches!(mark.tag, Tag::Subtitles(_)) { Use::Subtitles } else { Use::Spoken };
    let mut reader = Reader { text, said, uses: said.iter().map(of).collect() };
    for (n, mark) in said.iter().enumerate() {
        match mark.tag {
            Tag::Subtitles(codes) => {
                if codes.is_empty() {
                    reader.boxed_list(n);
                }
                reader.between_lists(n);
            }
            Tag::SubtitleWord => reader.beside(n),
            _ => {}
        }
    }
    reader.uses
}

struct Reader<'s, 'a> {
    text: &'s Text<'a>,
    said: &'s [Mark],
    uses: Vec<Use>,
}

impl Reader<'_, '_> {
    fn is_language(&self, n: usize) -> bool {
        self.said.get(n).is_some_and(|m| matches!(m.tag, Tag::Language(_)))
    }

    /// The mark stands right behind the one before it.
    fn is_joined(&self, n: usize) -> bool {
        let gap = self.text.gap(self.said[n].first);
        self.said[n].first == self.said[n - 1].last + 1 && !gap.is_spaced_dash() && !gap.has(Gap::PIPE)
    }

    /// `[Multiple Subtitle][ENG][POR-BR][SPA]`: what follows in brackets of its own.
    fn boxed_list(&mut self, n: usize) {
        let is_boxed = |mark: &Mark| self.text.bracket(mark.first) != 0;
        if !is_boxed(&self.said[n]) {
            return;
        }
        let mut next = n + 1;
        while self.is_language(next)
            && is_boxed(&self.said[next])
            && self.said[next].first <= self.said[next - 1].last + 2
        {
            self.uses[next] = Use::Subtitles;
            next += 1;
        }
    }

    /// `iTA ENG sub iTA ENG`: the word for subtitles stands between both lists, and was taken for the last language's.
    fn between_lists(&mut self, n: usize) {
        let mark = self.said[n];
        let is_between = mark.last > mark.first
            && self.text.is(mark.last, Class::SubsBetween)
            && n > 0
            && self.is_language(n - 1)
            && self.is_joined(n);
        if !is_between {
            return;
        }
        let mut next = n + 1;
        while self.is_language(next) && self.is_joined(next) {
            self.uses[next] = Use::Subtitles;
            next += 1;
        }
        if next > n + 1 {
            self.uses[n] = Use::Spoken;
        }
    }

    /// `Sub Ita Eng`, `Eng Subs`: the languages behind the word, else those before it.
    fn beside(&mut self, n: usize) {
        let mut next = n + 1;
        while self.is_language(next)
            && self.is_joined(next)
            && !(next == n + 1 && self.text.gap(self.said[next].first).has(Gap::CLOSE))
        {
            self.uses[next] = Use::Subtitles;
            next += 1;
        }
        // "english+sub": there are subtitles as well.
        if next > n + 1 || self.text.gap(self.said[n].first).has(Gap::PLUS) {
            return;
        }
        let lists = Gap::COMMA.with(Gap::SLASH).with(Gap::PLUS).with(Gap::AMPERSAND).with(Gap::HYPHEN);
        let mut before = n;
        while before > 0
            && self.is_language(before - 1)
            && self.is_joined(before)
            && (before == n || self.text.gap(self.said[before].first).has(lists))
        {
            before -= 1;
            self.uses[before] = Use::Subtitles;
        }
    }
}

/// The languages of a value that is written in flags: `🇮🇹 🇬🇧`.
pub fn of_flags(value: &str) -> Vec<String> {
    let letter = |c: char| u32::from(c).checked_sub(0x1_f1e6).filter(|n| *n < 26).and_then(|n| char::from_u32(n + 97));
    let mut codes = Vec::new();
    let mut first = None;
    for c in value.chars() {
        let Some(second) = letter(c) else {
            first = None;
            continue;
        };
        let Some(first) = first.take() else {
            first = Some(second);
            continue;
        };
        let code = words::flags(&String::from_iter([first, second]));
        codes.extend(code.map(str::to_owned).filter(|code| !codes.contains(code)));
    }
    codes
}
