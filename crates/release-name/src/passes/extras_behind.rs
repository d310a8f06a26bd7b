//! What lies beside a season, an episode or a film, said right behind its number or year: `S01 Extras`, `2019 Bonus Disc`, `S08E06 Promo`.
//!
//! In titles and names of episodes these are words as well, so they count there alone, and where nothing but technical words
//! follows.

use super::{Pass, example};
use crate::draft::Draft;
use crate::rules::Rule;
use crate::text::Gap;
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "extras behind a number",
    looks_at: "the year, the episode, and what is technical",
    fills: &[],
    run,
    examples: &[
        example("Some.Series.S01.Extras.1080p", "Extras", "extra"),
        example("Some Series S01E02 Promo", "Promo", "extra"),
        example("Harvest Moon 2019 Bonus Disc", "Bonus Disc", "extra"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    for i in 1..text.len() {
        let tag = match () {
            () if text.is(i, Class::BonusBehindNumber) => Tag::Extra("bonus"),
            () if text.is(i, Class::TrailerBehindNumber) => Tag::Extra("trailer"),
            () => continue,
        };
        // "S01E02 Bonus": an episode is called so.
        let is_bonus = tag == Tag::Extra("bonus");
        let is_behind = match marks.at(i - 1).map(|m| (m.tag, m.rule)) {
            Some((Tag::Number, rule)) => rule == Rule::Season || !is_bonus,
            Some((tag, _)) => tag == Tag::Year,
            None => false,
        };
        let gap = text.gap(i);
        let is_near = gap.is_blank() || gap.only(Gap::CLOSE.with(Gap::SPACE).with(Gap::DOT)) || gap.is_spaced_dash();
        let last = if text.is(i + 1, Class::BehindBonus) && text.gap(i + 1).is_blank() { i + 1 } else { i };
        let next = last + 1;
        let ends = next >= text.len() || marks.is_firm(next) || text.gap(next).is_bracket();
        if is_behind && is_near && ends && !marks.is_firm(i) {
            marks.put(i, last, tag, Strength::Firm, Rule::ExtraBehind);
            return;
        }
    }
}
