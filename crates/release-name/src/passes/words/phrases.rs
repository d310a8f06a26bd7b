//! Words and phrases of `words/`, the longest that fits.

use crate::dates;
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text, leading_number};
use crate::words::{self, Class, Phrase, Strength, Tag};

/// Marks the phrase that begins at a token.
pub fn mark(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    kind(text, marks, i)
        .or_else(|| if low.is_ascii() { None } else { section(text, marks, i) })
        .or_else(|| counted_whole(text, marks, i))
        .or_else(|| if low.len() == 2 { service(text, marks, i) } else { None })
        .or_else(|| if i == 0 && low == "sbs" { broadcaster(text, marks) } else { None })
        .or_else(|| if low.len() == 2 { regional(text, marks, i) } else { None })
        .or_else(|| phrase(text, marks, i))
}

/// `10月新番`, what is new this season: a section of the channel, never a title.
fn section(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    let is_section = words::list(Class::SeasonalSection).iter().any(|word| low.ends_with(word));
    is_section.then(|| {
        marks.put(i, i, Tag::Noise, Strength::Firm, Rule::SeasonalSection);
        i + 1
    })
}

/// `فيلم Title`, `Phim Title`, `[영화] Title`: the word for a film or a series, ahead of its title; `فیلم سینمایی Title` is a feature film.
fn kind(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    if i > 0 || !text.is(0, Class::Kind) {
        return None;
    }
    let gap = text.gap(1);
    let is_boxed = text.bracket(0) != 0 && text.bracket_end(0) == 1 && text.len() > 1;
    let is_near = gap.only(Gap::SPACE.with(Gap::UNDERSCORE).with(Gap::COLON)) || gap.is_spaced_dash() || is_boxed;
    // "アニメ シーズン2": what is counted is the title.
    let is_counted =
        text.is(1, Class::Season) || text.is(1, Class::Episode) || text.low(1).starts_with(['第', '제', 'シ']);
    let is_kind = is_near && !is_counted && text.low(1).chars().any(char::is_alphabetic);
    is_kind.then(|| {
        let last = usize::from(text.is(1, Class::KindOfKind) && text.len() > 2);
        marks.put(0, last, Tag::Noise, Strength::Firm, Rule::Vocabulary);
        last + 1
    })
}

/// `全16集`: how many episodes there are, and that all are here.
fn counted_whole(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let (_, _, unit) = leading_number(text.low(i).strip_prefix('全')?)?;
    words::is(unit, Class::CountedWhole).then(|| {
        marks.put(i, i, Tag::Complete, Strength::Firm, Rule::Vocabulary);
        i + 1
    })
}

/// `HS.WEB-DL`, `CN.WEBRip`: the service's letters are too few to count alone.
fn service(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let network = match text.low(i) {
        "hs" => "Hotstar",
        "cn" => "Cartoon Network",
        _ => return None,
    };
    (text.low(i + 1).starts_with("web") && text.gap(i + 1).is_blank()).then(|| {
        marks.put(i, i, Tag::Network(network), Strength::Loose, Rule::Vocabulary);
        i + 1
    })
}

/// `SBS 런닝맨 E650`, `[SBS] Title`: ahead of all a broadcaster, elsewhere pictures side by side.
fn broadcaster(text: &Text<'_>, marks: &mut Marks) -> Option<usize> {
    (text.len() > 1).then(|| {
        marks.put(0, 0, Tag::Network("SBS"), Strength::Faint, Rule::Vocabulary);
        1
    })
}

/// `en-US`, `fr-CA`: a language as it is spoken in a region.
fn regional(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    let (code, region) = (text.raw(i), text.raw(i + 1));
    let is_pair = i > 0
        && code.len() == 2
        && region.len() == 2
        && text.gap(i + 1).is_hyphen()
        && code.bytes().all(|b| b.is_ascii_lowercase())
        && region.bytes().all(|b| b.is_ascii_uppercase());
    let code = text.entry(i).language().filter(|_| is_pair)?;
    marks.put(i, i + 1, Tag::Language(code), Strength::Loose, Rule::Vocabulary);
    Some(i + 2)
}

fn phrase(text: &Text<'_>, marks: &mut Marks, i: usize) -> Option<usize> {
    // "Complete Season 1": the season is counted.
    let is_counted = |phrase: &Phrase| {
        let last = i + phrase.rest.len();
        let is_number = text.number(last + 1).is_some() && text.low(last + 1).len() <= 2;
        // "Complete Series 1-500" counts episodes.
        let is_long = text.gap(last + 2).is_hyphen() && text.number(last + 2).is_some_and(|n| n >= 100);
        last > i && text.is(last, Class::Season) && text.gap(last + 1).is_tight() && is_number && !is_long
    };
    let found = text.entry(i).phrases.iter().filter(|phrase| !is_counted(phrase)).find(|phrase| {
        phrase.rest.iter().enumerate().all(|(n, word)| {
            let at = i + 1 + n;
            text.low(at) == *word && text.gap(at).is_tight()
        })
    })?;
    let last = i + found.rest.len();
    // "8 Bit Christmas": a depth does not open a title.
    if matches!(found.tag, Tag::Depth(_))
        && (i == 0 || text.gap(i).is_spaced_dash())
        && text.gap(i + 1) == Gap::SPACE
        && found.rest.len() == 1
    {
        return None;
    }
    // "The Final Cut 2004": what stands alone before the year is the title.
    let opens = i == 0 || i == 1 && text.is(0, Class::OpensEdition);
    if opens && matches!(found.tag, Tag::Edition(_)) && dates::year(text, last + 1).is_some() {
        return None;
    }
    // "4K Remastered" says both.
    let is_4k = text.low(i) == "4k" && last > i && !matches!(found.tag, Tag::Resolution(..));
    if is_4k {
        marks.put(i, i, Tag::Resolution(2160, 'p'), Strength::Firm, Rule::Vocabulary);
    }
    marks.put(i + usize::from(is_4k), last, found.tag, found.strength, Rule::Vocabulary);
    // "COMPLETE.UHD.BLURAY": the disc itself; encodes of it may have fewer lines.
    if text.low(i) == "complete" && text.low(i + 1) == "uhd" && last > i + 1 {
        marks.also(i, last, Tag::Resolution(2160, 'p'));
    }
    Some(last + 1)
}
