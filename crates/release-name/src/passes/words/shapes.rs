//! What has a shape rather than a spelling: `1080p`, `1920x1080`, `5.1`, `2.4 GB`, a checksum.

use super::Rule as Shape;
use crate::dates;
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Strength, Tag};

/// The shapes, the first that fits counts. Each returns the token behind it.
const SHAPES: [Shape; 11] = [
    resolution_word, // 1080p 1920x1080
    picture_size,    // 1280 x 720
    boxed_id,        // [tmdbid-1234]
    imdb_id,         // tt0063350
    disc,            // CD1, Disc 2
    volume,          // vol127
    recording_day,   // 221208 Title
    tracks,          // 2xUkr
    amount,          // 2.4 GB
    channel_count,   // 5.1
    checksum,        // [8A2B3C4D]
];

/// Marks the shape that begins at a token.
pub fn mark(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let first = *text.low(i).as_bytes().first()?;
    if let Some(next) = film_number(text, marks, i) {
        return Some(next);
    }
    // All others begin with a figure or one of these letters.
    if !first.is_ascii_hexdigit() && !matches!(first, b'm' | b't' | b'i' | b'h' | b'u' | b'v' | b'p') {
        return None;
    }
    SHAPES.iter().find_map(|shape| shape(text, marks, i))
}

/// `Series-f02-Film`, `Film-x01-Bonus`: which film of a series, which extra of a disc.
fn film_number(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let is_number = low.starts_with(['f', 'x'])
        && (2..=3).contains(&low.len())
        && low[1..].bytes().all(|b| b.is_ascii_digit())
        && i > 0
        && text.gap(i).only(Gap::HYPHEN.with(Gap::CLOSE))
        && text.gap(i + 1).only(Gap::HYPHEN.with(Gap::OPEN))
        && (text.gap(i).is_bracket() || !text.low(i - 1).ends_with(|c: char| c.is_ascii_digit()));
    let (tag, rule) = match low.starts_with('x') {
        true => (Tag::Extra("bonus"), Rule::ExtraNumber),
        false => (Tag::Noise, Rule::FilmNumber),
    };
    is_number.then(|| {
        marks.put(i, i, tag, Strength::Firm, rule);
        i + 1
    })
}

fn resolution_word(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let (lines, scan) = resolution(text.low(i))?;
    marks.put(i, i, Tag::Resolution(lines, scan), Strength::Firm, Rule::Resolution);
    Some(i + 1)
}

/// `1280 x 720`, `1280*720`: the figures of a picture, apart.
fn picture_size(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let width = text.number(i).filter(|w| (320..=7680).contains(w))?;
    let last = match text.low(i + 1) {
        "x" | "×" if text.gap(i + 1).is_blank() && text.gap(i + 2).is_blank() => i + 2,
        _ if text.source[text.tokens[i].end..].trim_start().starts_with('*') => i + 1,
        _ => return None,
    };
    let height = text.number(last).filter(|h| (200..=4400).contains(h) && *h < width)?;
    let lines = lines(u16::try_from(width).ok()?, u16::try_from(height).ok()?);
    marks.put(i, last, Tag::Resolution(lines, 'p'), Strength::Firm, Rule::Resolution);
    Some(last + 1)
}

fn is_id(word: &str) -> bool {
    let digits = word.strip_prefix("tt").unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// `[tmdbid-1234]`, `{imdb-tt0063350}`. The ids themselves are read from the whole name.
fn boxed_id(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let is_boxed = text.is(i, Class::Id)
        && text.bracket(i) != 0
        && text.gap(i + 1).only(Gap::HYPHEN.with(Gap::COLON).with(Gap::SPACE))
        && is_id(text.low(i + 1));
    is_boxed.then(|| {
        marks.put(i, i + 1, Tag::Noise, Strength::Firm, Rule::Id);
        i + 2
    })
}

fn imdb_id(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    (low.len() >= 9 && low.starts_with("tt") && is_id(low)).then(|| {
        marks.put(i, i, Tag::Noise, Strength::Firm, Rule::Id);
        i + 1
    })
}

/// `CD1`, `cd1of2`, `Disc 2`, `DVD 1 of 2`: which disc of a film that was cut to fit on several.
fn disc(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let word = low.trim_end_matches(|c: char| c.is_ascii_digit());
    // "Some Film-part1": the first file of it. "Some Film Part2" is the second film.
    let hangs = text.gap(i).has(Gap::HYPHEN) && !text.gap(i).is_spaced_dash();
    let is_stacked = word == "part" && i + 1 == text.len() && hangs && i > 0;
    let (number, last) = if let Some((word, number)) = one_of_discs(low) {
        (words::is(word, Class::Disc).then_some(number)?, i)
    } else if words::is(word, Class::Disc) || is_stacked {
        if word.len() < low.len() {
            (&low[word.len()..], i)
        } else {
            let is_apart = (i > 0 || text.len() == 2) && text.gap(i + 1).is_tight() && disc_ends(text, marks, i + 2);
            (is_apart.then(|| text.low(i + 1))?, i + 1)
        }
    } else {
        return None;
    };
    let is_figures = (1..=2).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let number: u8 = number.parse().ok().filter(|n| is_figures && (1..=20).contains(n))?;
    // "DVD5" and "DVD9" say how much a disc holds.
    if word.starts_with("dvd") && (number > 4 || i == 0 && text.len() > 2) {
        return None;
    }
    // "CD 1 of 2"
    let is_counted = text.low(last + 1) == "of" && text.number(last + 2).is_some_and(|n| n <= 20);
    let last = if is_counted { last + 2 } else { last };
    marks.put(i, last, Tag::Disc(number), Strength::Loose, Rule::Disc);
    Some(last + 1)
}

/// The word and the number of `cd1of2`.
fn one_of_discs(low: &str) -> Option<(&str, &str)> {
    let (numbered, of) = low.split_once("of")?;
    let word = numbered.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_count = !of.is_empty() && of.bytes().all(|b| b.is_ascii_digit());
    (is_count && word.len() < numbered.len()).then(|| (word, &numbered[word.len()..]))
}

/// Behind `CD 1` no title goes on.
fn disc_ends(text: &Text<'_>, marks: &Marks, i: usize) -> bool {
    let gap = text.gap(i);
    let is_technical = text.entry(i).tag().is_some_and(|(_, strength)| strength == Strength::Firm)
        || resolution(text.low(i)).is_some()
        || dates::year(text, i).is_some()
        || marks.is_firm(i);
    i >= text.len() || gap.is_bracket() || gap.is_spaced_dash() || is_technical || text.low(i) == "of"
}

/// `vol127`, `Vol.088`: of so many volumes no title speaks.
fn volume(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let figures = text.low(i).strip_prefix("vol")?;
    let is_apart = figures.is_empty() && text.gap(i + 1).is_tight() && text.low(i + 1).len() == 3;
    let figures = if is_apart { text.low(i + 1) } else { figures };
    let is_volume = i > 0 && (2..=4).contains(&figures.len()) && figures.bytes().all(|b| b.is_ascii_digit());
    is_volume.then(|| {
        let last = i + usize::from(is_apart);
        marks.put(i, last, Tag::Noise, Strength::Firm, Rule::Disc);
        last + 1
    })
}

/// `221208 Title`: recorded on that day.
fn recording_day(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let is_day = i == 0
        && text.low(0).len() == 6
        && text.gap(1) == Gap::SPACE
        && text.number(0).is_some_and(|n| (1..=12).contains(&(n / 100 % 100)) && (1..=31).contains(&(n % 100)));
    is_day.then(|| {
        marks.put(0, 0, Tag::Noise, Strength::Firm, Rule::RecordingDay);
        1
    })
}

/// `2xUkr`, `3Rus`: so many tracks in a language.
fn tracks(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let track = low.trim_start_matches(|c: char| c.is_ascii_digit());
    let track = track.strip_prefix('x').unwrap_or(track);
    // "15th" is no Thai, "1ch" no Chinese.
    if track.len() == low.len() || i == 0 || track.len() < 3 && !low.contains('x') {
        return None;
    }
    let (tag @ Tag::Language(_), _) = words::tag(track)? else { return None };
    marks.put(i, i, tag, Strength::Loose, Rule::Tracks);
    Some(i + 1)
}

/// `450MB`, `2.4 GB`, `192Kbps`, `23.976 fps`: a size or a rate.
fn amount(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let glued = |index: usize| {
        let low = text.low(index);
        let rest = low.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() < low.len() { unit(rest) } else { None }
    };
    let (last, tag) = if let Some(tag) = glued(i) {
        (i, tag)
    } else {
        text.number(i)?;
        let is_fraction = text.gap(i + 1).only(Gap::DOT.with(Gap::COMMA).with(Gap::SPACE));
        if let Some(tag) = glued(i + 1).filter(|_| is_fraction) {
            (i + 1, tag)
        } else {
            let number = if is_fraction && text.number(i + 1).is_some() { i + 1 } else { i };
            let tag = unit(text.low(number + 1)).filter(|_| text.gap(number + 1).is_tight())?;
            (number + 1, tag)
        }
    };
    marks.put(i, last, tag, Strength::Firm, Rule::Amount);
    Some(last + 1)
}

/// What a number with this unit says.
fn unit(word: &str) -> Option<Tag> {
    let unit = words::entry(word);
    let is_rate = unit.is(Class::RateUnit);
    unit.is(Class::SizeUnit).then_some(Tag::Size).or(is_rate.then_some(Tag::Noise))
}

/// `5.1`, `2.0ch`: firm behind a codec, likely behind a language, else a guess.
fn channel_count(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let (channels, last) = channels(text, i, text.number(i))?;
    let before = i.checked_sub(1).and_then(|before| marks.at(before));
    let after_audio = before.is_some_and(|m| matches!(m.tag, Tag::Audio(_)));
    let after_language = before.is_some_and(|m| matches!(m.tag, Tag::Language(_)));
    let surround = matches!(channels, "5.1" | "7.1");
    let is_spoken = text.low(last).ends_with("ch");
    // "1080p_5_1_ESubs"
    let is_joined = text.gap(i + 1) == Gap::UNDERSCORE && surround && i > 0 && marks.is_firm(i - 1);
    if !(after_audio || is_spoken || is_joined || text.gap(i + 1) == Gap::DOT || after_language) {
        return None;
    }
    let strength = match (after_audio || is_spoken, surround) {
        (true, _) => Strength::Firm,
        (false, true) => Strength::Loose,
        (false, false) => Strength::Faint,
    };
    marks.put(i, last, Tag::Channels(channels), strength, Rule::Channels);
    Some(last + 1)
}

/// `[8A2B3C4D]`: eight hexadecimal figures in brackets of their own.
fn checksum(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let is_checksum = low.len() == 8
        && text.gap(i).has(Gap::OPEN)
        && text.gap(i + 1).has(Gap::CLOSE)
        && low.bytes().all(|b| b.is_ascii_hexdigit())
        && dates::compact(low).is_none();
    is_checksum.then(|| {
        marks.put(i, i, Tag::Crc, Strength::Firm, Rule::Checksum);
        i + 1
    })
}

/// `1080p`, `720p60`, `480i`, `m1080p`, `1920x1080`, `1280×720p`.
pub fn resolution(word: &str) -> Option<(u16, char)> {
    // "4Kto1080p" was made smaller.
    let word = ["4kto", "fhd", "uhd", "hd", "m"].iter().find_map(|head| word.strip_prefix(head)).unwrap_or(word);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if !(3..=4).contains(&digits) {
        return None;
    }
    let number: u16 = word[..digits].parse().ok()?;
    let rest = &word[digits..];
    if let Some(height) = rest.strip_prefix('x').or_else(|| rest.strip_prefix('×')) {
        let height: u16 = height.trim_end_matches(['p', 'i']).parse().ok().filter(|h| (200..=4400).contains(h))?;
        // 2016x231 is an episode of 2016.
        let is_year = (1950..=2035).contains(&number) && height < 800;
        return (number >= 200 && !is_year).then(|| (lines(number, height), 'p'));
    }
    if rest == "hd" {
        return matches!(number, 720 | 1080 | 2160).then_some((number, 'p'));
    }
    let scan = rest.chars().next().filter(|c| matches!(c, 'p' | 'i'))?;
    let fps = &rest[1..];
    let is_fps =
        fps.is_empty() || ((2..=3).contains(&fps.len()) && fps.bytes().all(|b| b.is_ascii_digit())) || fps == "hd";
    ((200..=4400).contains(&number) && is_fps).then_some((number, scan))
}

/// The class of a picture: met by its width (cropped films) or by its height (4:3).
fn lines(width: u16, height: u16) -> u16 {
    const CLASSES: [(u16, u16); 9] = [
        (7680, 4320),
        (3840, 2160),
        (2560, 1440),
        (1920, 1080),
        (1280, 720),
        (1024, 576),
        (848, 480),
        (640, 360),
        (426, 240),
    ];
    let near = |a: u16, b: u16, percent: u32| u32::from(a.abs_diff(b)) * 100 <= u32::from(b) * percent;
    if let Some((_, lines)) = CLASSES.iter().find(|(w, h)| near(width, *w, 2) || near(height, *h, 3)) {
        return *lines;
    }
    match height {
        540..=544 => 540,
        _ if (640..=860).contains(&width) && height <= 480 => 480,
        _ => height,
    }
}

/// `5.1`, `5 1`, `2.0ch`: a count whose first figure is `count`, in the token `i`; with the last token.
pub fn channels(text: &Text<'_>, i: usize, count: Option<u32>) -> Option<(&'static str, usize)> {
    if !text.gap(i + 1).only(Gap::DOT.with(Gap::SPACE).with(Gap::UNDERSCORE)) {
        return None;
    }
    let low = text.low(i + 1);
    let figure = low.bytes().next().filter(u8::is_ascii_digit)?;
    let rest = &low[1..];
    if !(rest.is_empty() || rest == "ch" || (rest.starts_with('x') && rest.len() == 2)) {
        return None;
    }
    let found = match (count?, figure) {
        (1, b'0') => "1.0",
        (2, b'0') => "2.0",
        (2, b'1') => "2.1",
        (3, b'1') => "3.1",
        (4, b'0') => "4.0",
        (5, b'0') => "5.0",
        (5, b'1') => "5.1",
        (6, b'0') => "6.0",
        (6, b'1') => "6.1",
        (7, b'1') => "7.1",
        _ => return None,
    };
    Some((found, i + 1))
}
