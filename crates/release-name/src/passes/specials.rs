//! What anime has beside its episodes, with a number or without: `OVA 3`, `- SP02`, `[OAD]`, `Creditless OP5`.
//!
//! Some of these words are nothing else (OVA, NCOP); others are words of titles as well (Special, ED) and count only where
//! anime names put them.

use super::{Pass, example};
use crate::draft::{Draft, Found, Span};
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text, leading_number};
use crate::words::{self, Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "specials",
    looks_at: "where the title starts, its group, and whether an episode is said",
    fills: &["numbering"],
    run,
    examples: &[
        example("[Group] Some Anime - OVA 3 [1080p]", "OVA 3", "special"),
        example("[Group] Some Anime SP01 [1080p]", "SP01", "special"),
        example("[Group] Some Anime - NCOP [1080p]", "NCOP", "special"),
    ],
};

fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, start, numbering, .. } = &*draft;
    if draft.date.is_some() || !numbering.episodes.is_empty() || numbering.special.is_some() {
        return;
    }
    let has_group = start.has_group || draft.has_checksum();
    let scan = Scan { text, marks, start: start.first, has_group };
    let Some(found) = scan.find() else { return };
    draft.marks.put(found.first, found.last, Tag::Number, Strength::Firm, Rule::Special);
    let span = Span { first: found.first, end: found.last + 1 };
    let numbering = &mut draft.numbering;
    numbering.absolute.extend(found.tenths.map(|tenths| f32::from(tenths) / 10.0));
    numbering.version = numbering.version.or(found.version.map(|value| Found { value, span, rule: Rule::Special }));
    let value = found.word;
    numbering.special = (!words::is(value, Class::SeriesSpecial)).then_some(Found { value, span, rule: Rule::Special });
}

/// A special's word with its number, in tokens.
struct Special {
    first: usize,
    last: usize,
    word: &'static str,
    /// Tenths of the number: OVA 3.5 is 35.
    tenths: Option<u16>,
    version: Option<u8>,
}

struct Scan<'s, 'a> {
    text: &'s Text<'a>,
    marks: &'s Marks,
    /// The title's first token.
    start: usize,
    /// A group in brackets stands ahead, or a checksum behind: anime is named so.
    has_group: bool,
}

impl Scan<'_, '_> {
    fn find(&self) -> Option<Special> {
        let home = self.text.bracket(self.start);
        for i in self.start + 1..self.text.len() {
            if self.marks.is_firm(i) && self.text.bracket(i) == home {
                return None;
            }
            // "14 OAD": the episode came on such a disc.
            if !self.marks.is_firm(i) && self.text.number(i - 1).is_none() {
                let found = self.at(i).filter(|special| self.is_believed(i, special));
                if let Some(special) = found {
                    // "Creditless OP5", "Teaser PV", "Special OVA"
                    let belongs = self.is_led(i) || self.text.is(i - 1, Class::SpecialWord);
                    let is_led = i > self.start + 1 && belongs && self.text.gap(i).is_blank();
                    return Some(Special { first: if is_led { i - 1 } else { i }, ..special });
                }
            }
        }
        None
    }

    /// The word at a token, and the number glued to it or right behind.
    fn at(&self, i: usize) -> Option<Special> {
        let low = self.text.low(i);
        let letters = low.find(|c: char| c.is_ascii_digit()).unwrap_or(low.len());
        let word = words::entry(&low[..letters]);
        if !word.is(Class::Special) {
            return None;
        }
        let mut special = Special { first: i, last: i, word: word.word, tenths: None, version: None };
        if letters < low.len() {
            self.number(&low[letters..], &mut special)?;
            return Some(special);
        }
        // "OVA 3", "OVA_01", "OVA - 02", "[OVA][01]"
        let gap = self.text.gap(i + 1);
        let is_near = gap.is_tight() || gap.is_spaced_dash() || gap.only(Gap::OPEN.with(Gap::CLOSE).with(Gap::SPACE));
        let behind = self.text.low(i + 1);
        if is_near && self.marks.is_free(i + 1) && behind.starts_with(|c: char| c.is_ascii_digit()) {
            let mut numbered = Special { last: i + 1, ..special };
            if self.number(behind, &mut numbered).is_some() {
                return Some(numbered);
            }
        }
        // "ONA v2"
        let version = behind.strip_prefix('v').and_then(|v| v.parse().ok()).filter(|v: &u8| *v < 10);
        if version.is_some() && gap.is_blank() {
            special = Special { last: i + 1, version, ..special };
        }
        Some(special)
    }

    /// `01`, `2v2`, `3.5`, the half in the token behind.
    fn number(&self, figures: &str, special: &mut Special) -> Option<()> {
        let (value, width, rest) = leading_number(figures)?;
        special.version = rest.strip_prefix('v').and_then(|v| v.parse().ok());
        let is_whole = rest.is_empty() || special.version.is_some() || matches!(rest, "a" | "b" | "c");
        let tenths = u16::try_from(value).ok().filter(|_| width <= 2 && is_whole)? * 10;
        let behind = special.last + 1;
        let half = self.text.number(behind).filter(|n| {
            (1..=9).contains(n) && self.text.gap(behind) == Gap::DOT && rest.is_empty() && self.marks.is_free(behind)
        });
        special.last += usize::from(half.is_some());
        special.tenths = Some(tenths + half.and_then(|n| u16::try_from(n).ok()).unwrap_or(0));
        Some(())
    }

    /// The word stands where names of anime put it.
    fn is_believed(&self, i: usize, special: &Special) -> bool {
        let text = self.text;
        // "(S1+S2+OVA)": a pack holds it as well.
        let is_listed = |gap: Gap| gap.has(Gap::PLUS.with(Gap::AMPERSAND).with(Gap::COMMA).with(Gap::SLASH));
        // "The OVA 2019"
        let is_title = i == self.start + 1 && text.is(self.start, Class::OpensPhrase);
        if is_title || !self.ends(special.last + 1) || is_listed(text.gap(i)) || is_listed(text.gap(special.last + 1)) {
            return false;
        }
        let is_parted = text.gap(i).is_spaced_dash() || text.gap(i).has(Gap::OPEN);
        let is_loud = text.raw(i).chars().all(|c| !c.is_lowercase());
        let is_numbered = special.tenths.is_some();
        if words::is(special.word, Class::SureSpecial) {
            return is_numbered || self.has_group || is_parted || is_loud && special.last + 1 < text.len();
        }
        let is_glued = is_numbered && special.last == i;
        let is_creditless = self.is_led(i) && i > self.start + 1;
        let is_counted = is_numbered && words::is(special.word, Class::CountedSpecial);
        // "Title - PV": in capitals, behind a dash.
        let is_set_off = text.gap(i).is_spaced_dash() && is_loud;
        // "Title Special 2": at the end, its number apart.
        let is_last = is_counted && special.last == i + 1 && special.last + 1 >= text.len() && i > self.start;
        is_creditless || is_set_off || is_last || self.has_group && (is_glued || is_parted || is_counted)
    }

    /// What stands before it says more of it: "Creditless OP", "Teaser PV".
    fn is_led(&self, i: usize) -> bool {
        self.text.is(i - 1, Class::Creditless) || self.marks.at(i - 1).is_some_and(|m| matches!(m.tag, Tag::Extra(_)))
    }

    /// The title cannot go on here.
    fn ends(&self, i: usize) -> bool {
        let gap = self.text.gap(i);
        i >= self.text.len() || gap.is_bracket() || gap.is_spaced_dash() || self.marks.is_firm(i)
    }
}
