//! Endings that media servers put to what lies beside a film: `Some Film-trailer`, `Some Film-deleted`, `some.film-sample`.
//!
//! Behind a hyphen, at the very end, and not behind anything technical: there a group stands.

use super::{Pass, example};
use crate::draft::Draft;
use crate::rules::Rule;
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "extras",
    looks_at: "the last word, and whether something technical stands before it",
    fills: &[],
    run,
    examples: &[
        example("Harvest Moon-deleted", "deleted", "extra"),
        example("Harvest Moon (2019)-interview", "interview", "extra"),
    ],
};

fn run(draft: &mut Draft<'_>) {
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
