//! Words that are several things at once become what stands beside them: "IT" in "ENG+DE+IT" is a language, not a store;
//! "en" in "en subs" is no French word.

use super::{Pass, example};
use crate::draft::Draft;
use crate::marks::{Mark, Marks};
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "neighbours",
    looks_at: "what the words beside a doubtful word say",
    fills: &[],
    run,
    examples: &[
        example("Harvest.Moon.2019.1080p.ENG+IT", "IT", "languages"),
        example("Harvest_Moon_2010_BR_720p", "BR", "source"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    // "Title 131 HD": what closes a name in capitals is no title word.
    let last = text.len().saturating_sub(1);
    if last > 1 && text.raw(last) == "HD" && marks.at(last).is_some_and(|m| m.tag == Tag::Noise) {
        marks.put(last, last, Tag::Noise, Strength::Firm, Rule::Vocabulary);
    }
    for i in 0..text.len() {
        if let Some(mark) = marks.at(i).copied().filter(|m| m.strength == Strength::Faint && m.first == m.last) {
            resolve(text, marks, i, mark.tag);
        }
    }
}

fn resolve(text: &Text<'_>, marks: &mut Marks, i: usize, tag: Tag) {
    let is_language = |m: Option<&Mark>| m.is_some_and(|m| matches!(m.tag, Tag::Language(_)));
    let is_listed = |i: usize| text.gap(i).has(Gap::PLUS.with(Gap::COMMA).with(Gap::SLASH).with(Gap::AMPERSAND));
    let in_list =
        i > 0 && is_listed(i) && is_language(marks.at(i - 1)) || is_listed(i + 1) && is_language(marks.at(i + 1));
    match tag {
        // "Title Malayalam Movie 2024"
        Tag::Noise
            if text.is(i, Class::FilmInLanguage) && i > 1 && text.gap(i).is_blank() && is_language(marks.at(i - 1)) =>
        {
            marks.put(i, i, Tag::Noise, Strength::Loose, Rule::MovieInLanguage);
        }
        // "Title_2010_BR_720p": Brazil's language stands elsewhere, or among others.
        Tag::Language("pt") if text.low(i) == "br" && !in_list && is_resolution(marks, i + 1) => {
            become_tag(marks, i, Tag::Source("BluRay"), Strength::Firm);
        }
        Tag::Network(_) | Tag::Country(_) | Tag::Noise if in_list => {
            if let Some(code) = text.entry(i).language() {
                become_tag(marks, i, Tag::Language(code), Strength::Loose);
            }
        }
        Tag::Language(_) if i > 0 && text.gap(i + 1).is_tight() && is_subs(text, marks, i + 1) => {
            become_tag(marks, i, tag, Strength::Loose);
        }
        _ => {}
    }
}

fn is_resolution(marks: &Marks, i: usize) -> bool {
    marks.at(i).is_some_and(|m| matches!(m.tag, Tag::Resolution(..)))
}

fn is_subs(text: &Text<'_>, marks: &Marks, i: usize) -> bool {
    text.is(i, Class::Subs) && marks.at(i).is_some_and(|m| m.tag == Tag::SubtitleWord)
}

/// In its place: marks stay in the order of the name.
fn become_tag(marks: &mut Marks, i: usize, tag: Tag, strength: Strength) {
    if let Some(mark) = marks.owner(i) {
        (mark.tag, mark.strength) = (tag, strength);
    }
}
