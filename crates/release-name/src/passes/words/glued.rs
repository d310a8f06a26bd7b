//! Words written as one: `BluRay720p`, `DDP5.1`, `HEVC10bit`, `x265AAC`, `720pHDTVx264`, `RoDubbed`, `国语中字`.

use super::shapes::{channels, resolution};
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::Text;
use crate::words::{self, Class, Strength, Tag};

/// Marks what a token that is no word itself is made of.
pub fn mark(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    if low.len() < 2 || low.len() > 24 {
        return None;
    }
    if !low.is_ascii() {
        return joined(text, marks, i);
    }
    dubbed(text, marks, i)
        .or_else(|| doubled(text, marks, i))
        .or_else(|| counted(text, marks, i))
        .or_else(|| parted(text, marks, i))
        .or_else(|| run(text, marks, i))
}

/// `RoDubbed`, `HebDub`.
fn dubbed(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let language = words::list(Class::DubEnding).iter().find_map(|ending| low.strip_suffix(ending))?;
    let (tag @ Tag::Language(_), _) = words::tag(language)? else { return None };
    marks.put(i, i, tag, Strength::Loose, Rule::DubbedWord);
    Some(i + 1)
}

/// `FLACx2`: two tracks of it.
fn doubled(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let (head, _) = text.low(i).rsplit_once('x').filter(|(_, n)| matches!(*n, "2" | "3" | "4"))?;
    let (tag @ Tag::Audio(_), Strength::Firm) = words::tag(head)? else { return None };
    marks.put(i, i, tag, Strength::Firm, Rule::Glued);
    Some(i + 1)
}

/// `DTS-X7.1`, `DTS-HD.MA5.1`: the count hangs on the codec's last word.
fn counted(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let count = low.strip_prefix('x').or_else(|| low.strip_prefix("ma"))?.parse().ok()?;
    let before = i.checked_sub(1)?;
    marks.at(before).filter(|m| matches!(m.tag, Tag::Audio("DTS" | "DTS-HD")))?;
    let (found, last) = channels(text, i, Some(count))?;
    if low.starts_with('x')
        && let Some(mark) = marks.last()
    {
        mark.tag = Tag::Audio("DTS:X");
    }
    marks.put(i, last, Tag::Channels(found), Strength::Firm, Rule::Glued);
    Some(last + 1)
}

/// `BluRay720p`, `HEVC10`, `DDP5.1`: cut between letters and figures.
fn parted(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let bytes = low.as_bytes();
    (2..low.len()).find_map(|cut| {
        let (left, right) = (bytes[cut - 1], bytes[cut]);
        if left.is_ascii_digit() == right.is_ascii_digit() && left != b'+' {
            return None;
        }
        let (head, tail) = low.split_at(cut);
        let tag = head_tag(text, i, head, tail)?;
        with_tail(text, marks, i, tag, tail)
    })
}

/// What the first half says, if the second half makes it sure.
fn head_tag(text: &Text<'_>, i: usize, head: &str, tail: &str) -> Option<Tag> {
    let known = match head {
        // Of these alone nothing is sure: "dd" may be anything, "DD5.1" may not.
        "dd" => Some((Tag::Audio("DD"), Strength::Firm)),
        "bd" if tail.len() > 2 => Some((Tag::Source("BluRay"), Strength::Firm)),
        _ => tag(head),
    };
    // "Opus" alone may be a title, "Opus2.0" may not.
    let is_counted = |tag| matches!(tag, Tag::Audio(_)) && channels(text, i, tail.parse().ok()).is_some();
    let (tag, _) = known.filter(|(tag, strength)| *strength == Strength::Firm || is_counted(*tag))?;
    Some(tag)
}

fn with_tail(text: &Text<'_>, marks: &mut Marks, i: usize, head: Tag, tail: &str) -> Option<usize> {
    let other = tag(tail).map(|(tag, _)| tag).or(match (head, tail) {
        (Tag::Video(_), "8") => Some(Tag::Depth(8)),
        (Tag::Video(_), "10") => Some(Tag::Depth(10)),
        (Tag::Video(_), "12") => Some(Tag::Depth(12)),
        _ => None,
    });
    if let Some(other) = other {
        marks.put(i, i, head, Strength::Firm, Rule::Glued);
        marks.also(i, i, other);
        return Some(i + 1);
    }
    if !matches!(head, Tag::Audio(_)) || tail.len() > 2 {
        return None;
    }
    marks.put(i, i, head, Strength::Firm, Rule::Glued);
    if let Some((found, last)) = channels(text, i, tail.parse().ok()) {
        marks.also(i, last, Tag::Channels(found));
        return Some(last + 1);
    }
    let found = match tail {
        "51" | "5" => Some("5.1"),
        "20" | "2" => Some("2.0"),
        "71" => Some("7.1"),
        _ => None,
    };
    if let Some(found) = found {
        marks.also(i, i, Tag::Channels(found));
    }
    Some(i + 1)
}

/// `1080pBluRay`, `DVDRipAC3`, `BRRipMux`, `720pHDTVx264AAC`: firm words and shapes in a row, and nothing else.
fn run(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let begins = low.starts_with(|c: char| c.is_ascii_digit())
        || words::list(Class::BeginsRun).iter().any(|word| low.starts_with(word));
    if low.len() < 6 || !begins {
        return None;
    }
    let mut tags = [Tag::Noise; LONGEST_RUN];
    let count = parts(low, Strength::Firm, &mut tags).filter(|count| *count > 1)?;
    marks.put(i, i, tags[0], Strength::Firm, Rule::Glued);
    for tag in &tags[1..count] {
        marks.also(i, i, *tag);
    }
    Some(i + 1)
}

/// No name glues more of them together.
const LONGEST_RUN: usize = 5;

/// What the parts of a run say, the first as sure as `least`, and how many they are. The longest first part counts that leaves a
/// run.
fn parts(low: &str, least: Strength, tags: &mut [Tag]) -> Option<usize> {
    if low.is_empty() {
        return Some(0);
    }
    let (first, rest) = tags.split_first_mut()?;
    (3..=low.len()).rev().find_map(|cut| {
        let (head, tail) = (low.get(..cut)?, low.get(cut..)?);
        let found = tag(head).filter(|(_, strength)| *strength >= least).map(|(tag, _)| tag);
        *first = found.or(words::is(head, Class::InRun).then_some(Tag::Noise))?;
        Some(parts(tail, Strength::Loose, rest)? + 1)
    })
}

/// Chinese words are written together: `国语中字`, spoken in Chinese and with subtitles.
fn joined(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let known = |word: &str| words::tag(word).filter(|w| matches!(w.0, Tag::Language(_) | Tag::Subtitles(_)));
    let (head, tail) = low.char_indices().skip(2).find_map(|(cut, _)| {
        let (head, tail) = low.split_at(cut);
        known(head).zip(known(tail))
    })?;
    marks.put(i, i, head.0, Strength::Firm, Rule::Glued);
    marks.also(i, i, tail.0);
    Some(i + 1)
}

/// What a half of a word says.
fn tag(word: &str) -> Option<(Tag, Strength)> {
    resolution(word).map(|(lines, scan)| (Tag::Resolution(lines, scan), Strength::Firm)).or_else(|| words::tag(word))
}
