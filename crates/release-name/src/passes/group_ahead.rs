//! A group that signs ahead: `sparks-harvest.moon.1080p.mkv`. Files of the scene are named so inside of their folders; as titles
//! hold hyphens too, only groups that do it count. `sample-` stands there as well.

use super::{Pass, example};
use crate::draft::Draft;
use crate::rules::Rule;
use crate::words::{Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "group ahead",
    looks_at: "the first word",
    fills: &[],
    run,
    examples: &[example("sparks-harvest.moon.1080p", "sparks", "noise")],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let hangs = text.len() > 2 && text.gap(1).is_hyphen() && text.bracket(0) == 0 && marks.is_free(2);
    if !hangs {
        return;
    }
    // Groups write themselves in small letters there, as all else, or in a way of their own: FoV.
    let is_known = text.is(0, Class::GroupAhead) && (text.raw(0) == text.low(0) || is_mixed(text.raw(0)));
    let is_of_one_case = !(text.source.contains(char::is_uppercase) && text.source.contains(char::is_lowercase));
    if is_known || is_abbreviation(text.low(0)) && !text.is_spaced() && is_of_one_case {
        marks.put(0, 0, Tag::Noise, Strength::Firm, Rule::PrefixedGroup);
    } else if text.is(0, Class::Sample) {
        marks.put(0, 0, Tag::Extra("sample"), Strength::Firm, Rule::Vocabulary);
    }
}

/// `FoV`: a capital behind a small letter.
fn is_mixed(word: &str) -> bool {
    word.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// `ltn`: letters that nobody can say are no word of a title.
fn is_abbreviation(word: &str) -> bool {
    let is_consonant = |b: u8| b.is_ascii_lowercase() && !matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    (3..=7).contains(&word.len()) && word.bytes().all(is_consonant)
}
