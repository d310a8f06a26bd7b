//! What lies beside a film, told by where its word stands.
//!
//! ```text
//! Some Film-deleted       as media servers write it: at the very end, and not behind anything technical, where groups stand
//! Some Film Trailer 2     with its number
//! Trailer - Some Film     ahead of a dash
//! Some Film - Making Of   behind one, though titles are called so
//! ```

use super::{Pass, example};
use crate::dates;
use crate::draft::Draft;
use crate::marks::Mark;
use crate::rules::Rule;
use crate::text::Gap;
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "extras",
    looks_at: "the first and the last word, what says an extra, and what is technical",
    fills: &[],
    run,
    examples: &[
        example("Harvest Moon-deleted", "deleted", "extra"),
        example("Harvest Moon (2019)-interview", "interview", "extra"),
        example("Harvest Moon Trailer 2 (2019)", "Trailer 2", "extra"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    ahead(draft);
    counted(draft);
    dashed(draft);
    ending(draft);
}

/// `Trailer - Some Film (2019)`.
fn ahead(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let Some(mark) = marks.at(0).copied().filter(|m| matches!(m.tag, Tag::Extra(_))) else { return };
    let next = mark.last + 1;
    if text.gap(next).is_spaced_dash() && marks.is_free(next) && text.bracket(0) == 0 {
        marks.put(0, mark.last, mark.tag, Strength::Firm, Rule::ExtraAhead);
    }
}

/// `Some Film Trailer 2`: the number is the trailer's, where nothing but a year or technical words follow.
fn counted(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    for i in 1..text.len() {
        let Some(mark) = marks.at(i).copied().filter(|m| matches!(m.tag, Tag::Extra(_)) && m.last == i) else {
            continue;
        };
        let (number, next) = (i + 1, i + 2);
        let is_number = text.number(number).is_some() && text.low(number).len() <= 2 && marks.is_free(number);
        let is_near = text.gap(number).is_tight() || text.gap(number) == Gap::SPACE.with(Gap::OPEN);
        let ends = next >= text.len()
            || marks.is_firm(next)
            || text.gap(next).is_bracket()
            || dates::year(text, next).is_some();
        if is_number && is_near && ends && mark.first > 0 {
            marks.put(mark.first, number, mark.tag, mark.strength, mark.rule);
        }
    }
}

/// `Some Film - Making Of (2019)`: a section of its own.
fn dashed(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    for i in 1..text.len() {
        let is_doubtful = |m: &Mark| matches!(m.tag, Tag::Extra(_)) && m.strength == Strength::Faint && m.first == i;
        let Some(mark) = marks.at(i).copied().filter(is_doubtful) else { continue };
        let next = mark.last + 1;
        let ends = next >= text.len() || marks.is_firm(next) || text.gap(next).is_bracket();
        if ends && text.gap(i).is_spaced_dash() {
            marks.put(i, mark.last, mark.tag, Strength::Loose, mark.rule);
        }
    }
}

/// `Some Film-deleted`.
fn ending(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let Some(last) = text.len().checked_sub(1).filter(|last| *last > 0) else { return };
    let hangs = text.source[text.tokens[last - 1].end..text.tokens[last].start].ends_with('-');
    if !hangs || text.bracket(last) != 0 || marks.is_firm(last - 1) {
        return;
    }
    let tag = match marks.at(last).map(|mark| mark.tag) {
        Some(tag @ Tag::Extra(_)) => tag,
        _ if text.is(last, Class::ExtraEnding) => Tag::Extra("bonus"),
        _ => return,
    };
    marks.put(last, last, tag, Strength::Firm, Rule::ExtraEnding);
}
