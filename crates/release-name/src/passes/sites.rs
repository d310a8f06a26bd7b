//! Channels and websites that sign their posts: `@channel`, `[www.site.org]`, `site.com - `, `https___t.me_channel_`.
//! They are marked, so that neither title nor group takes them.

use super::{Pass, example};
use crate::dates;
use crate::draft::{Draft, Span};
use crate::marks::Marks;
use crate::rules::Rule;
use crate::text::{Gap, Text};
use crate::words::{self, Class, Strength, Tag};

pub const PASS: Pass = Pass {
    name: "sites",
    looks_at: "separators, and whether technical words are joined to a handle",
    fills: &["site"],
    run,
    examples: &[
        example("@films Harvest Moon 2019", "@films", "noise"),
        example("www.example.com - Harvest Moon 2019", "www.example.com", "site"),
        example("[t.me/films] Harvest Moon 2019", "t.me/films", "site"),
    ],
};

/// Letters of the longest site that signs without its domain.
const LONGEST_SITE: usize = 16;

/// Marks them all, and keeps the first that is no handle.
fn run(draft: &mut Draft<'_>) {
    let Draft { text, marks, .. } = draft;
    let mut site = None;
    let mut i = 0;
    while i < text.len() {
        let Some(last) = span(text, marks, i) else {
            i += 1;
            continue;
        };
        let first = invitation(text, marks, i);
        marks.put(first, last, Tag::Site, Strength::Firm, Rule::Site);
        if site.is_none() && !text.low(i).starts_with('@') {
            site = Some(Span { first: i, end: last + 1 });
        }
        i = last + 1;
    }
    draft.site = site;
}

/// The first token of what belongs to a channel or site at `i`: the invitation of "Join @channel - Title" and "Powered by @channel", and the
/// name of "阳光电影www.site.com".
fn invitation(text: &Text<'_>, marks: &Marks, i: usize) -> usize {
    if i > 0 && text.gap(i) == Gap::NONE && text.low(i) == "www" {
        return i - 1;
    }
    let invites = |at: usize| text.is(at, Class::Invites) && !marks.is_firm(at);
    let is_near = |at: usize| text.gap(at).is_blank() || text.gap(at) == Gap::NONE;
    let mut first = i;
    if first > 0 && invites(first - 1) {
        first -= 1;
    }
    while first > 0 && first < i && invites(first - 1) && is_near(first) {
        first -= 1;
    }
    first
}

/// The last token of a channel or site that starts at a token.
fn span(text: &Text<'_>, marks: &Marks, i: usize) -> Option<usize> {
    let low = text.low(i);
    if low.starts_with('@') && low.len() > 1 {
        return Some(handle(text, marks, i, i));
    }
    if text.is(i, Class::WebAddress) {
        let mut last = i;
        while last + 1 < text.len()
            && text.gap(last + 1).only(Gap::COLON.with(Gap::SLASH).with(Gap::UNDERSCORE).with(Gap::DOT))
            && !text.is(last, Class::TopLevelDomain)
        {
            last += 1;
        }
        return Some(handle(text, marks, i, last));
    }
    if low == "t"
        && text.low(i + 1) == "me"
        && text.gap(i + 1) == Gap::DOT
        && text.gap(i + 2).only(Gap::SLASH.with(Gap::UNDERSCORE))
    {
        return Some(handle(text, marks, i, i + 1));
    }
    if text.is(i, Class::WebHost) && !text.gap(i + 1).is_bracket() {
        return website(text, i);
    }
    if i == 0
        && let Some(last) = uploader(text, marks)
    {
        return Some(last);
    }
    domain(text, marks, i)
}

/// `iBOMMA - Title`, `RARBG Title`, `YTS MX Title`, `R A R B G Title`: a site ahead of all, without its domain.
fn uploader(text: &Text<'_>, marks: &Marks) -> Option<usize> {
    let mut last =
        spelled_site(text).or_else(|| (text.is(0, Class::Site) || text.is(0, Class::SiteBeforeDash)).then_some(0))?;
    let is_domain =
        text.gap(last + 1) == Gap::DOT && text.is(last + 1, Class::TopLevelDomain) && text.gap(last + 2) != Gap::DOT;
    if is_domain || text.gap(last + 1).is_blank() && text.is(last + 1, Class::SiteEnding) {
        last += 1;
    }
    let next = last + 1;
    let gap = text.gap(next);
    let is_dashed = gap.is_spaced_dash() || gap.has(Gap::PIPE) || is_only_underscore(text, next);
    let is_parted = is_dashed || text.gap(next).is_blank() && !text.is(0, Class::SiteBeforeDash);
    let is_title = marks.is_free(next) && dates::year(text, next).is_none();
    (is_parted && is_title).then_some(last)
}

/// Letters with spaces or dots between them: `R A R B G`. The last token of the longest name that they spell.
fn spelled_site(text: &Text<'_>) -> Option<usize> {
    let mut name = String::new();
    let mut found = None;
    for i in 0..text.len().min(LONGEST_SITE) {
        if text.low(i).len() > 1 || i > 0 && !matches!(text.gap(i), Gap::SPACE | Gap::DOT) {
            break;
        }
        name.push_str(text.low(i));
        if i > 1 && words::is(&name, Class::Site) {
            found = Some(i);
        }
    }
    found
}

/// `www.site.com`: up to the top-level domain, which is a short word behind a dot or, in names that lost their dots, a space.
fn website(text: &Text<'_>, i: usize) -> Option<usize> {
    let mut last = i;
    let mut is_site = false;
    for at in i + 1..(i + 7).min(text.len()) {
        if text.gap(at).is_spaced_dash() && at > i + 1 || text.gap(at).is_bracket() {
            break;
        }
        last = at;
        let next = text.gap(at + 1);
        if at > i + 1 && (text.is(at, Class::TopLevelDomain) || next.is_spaced_dash() || next.is_bracket()) {
            is_site = true;
            break;
        }
    }
    if !is_site {
        return None;
    }
    // "co.za", "com.br"
    let is_national = text.gap(last + 1) == Gap::DOT && text.low(last + 1).len() == 2;
    Some(if is_national && text.is(last, Class::TopLevelDomain) { last + 1 } else { last })
}

/// `site.com - Title`, `[site.org]`, `Title ... (site.com)`.
fn domain(text: &Text<'_>, marks: &Marks, i: usize) -> Option<usize> {
    let at_border = i == 0 || text.gap(i).is_bracket() || text.gap(i).has(Gap::HYPHEN);
    if !at_border || text.low(i).is_empty() {
        return None;
    }
    let mut last = i;
    while last < i + 3 && (text.gap(last + 1) == Gap::DOT || text.gap(last + 1).is_hyphen()) {
        last += 1;
        if text.is(last, Class::TopLevelDomain) && text.gap(last) == Gap::DOT {
            let national = text.low(last + 1);
            if text.gap(last + 1) == Gap::DOT && national.len() == 2 && !national.bytes().any(|b| b.is_ascii_digit()) {
                last += 1;
            }
            let next = text.gap(last + 1);
            let alone = text.gap(i).has(Gap::OPEN) && next.has(Gap::CLOSE) && text.bracket(i) != 0;
            // "site.com_Title", "site.com.Title", "site.com Title": "Startup.com.2001" is a film.
            let is_glued = matches!(next, Gap::UNDERSCORE | Gap::DOT | Gap::SPACE);
            let is_joined = is_glued
                && text.is(last, Class::SureDomain)
                && (last == i + 1 || matches!(text.low(last), "com" | "org"))
                && marks.is_free(last + 1)
                && !text.low(last + 1).contains(|c: char| c.is_ascii_digit());
            let is_parted = next.is_spaced_dash() || next.has(Gap::PIPE) || is_only_underscore(text, last + 1);
            let headed = i == 0 && (is_parted || is_joined || next.has(Gap::CLOSE) && last + 1 < text.len());
            if alone || headed {
                return Some(last);
            }
        }
    }
    None
}

/// `site.to_Some.Title.2019`: an underscore where words are parted by dots or spaces.
fn is_only_underscore(text: &Text<'_>, at: usize) -> bool {
    let is_other = |i: usize| text.gap(i) == Gap::DOT || text.gap(i) == Gap::SPACE;
    text.gap(at) == Gap::UNDERSCORE
        && (at + 1..text.len()).all(|i| text.gap(i) != Gap::UNDERSCORE)
        && (at + 1..text.len()).any(is_other)
}

/// A handle's end: its words are joined by underscores.
fn handle(text: &Text<'_>, marks: &Marks, first: usize, from: usize) -> usize {
    let mut last = from;
    while last + 1 < text.len()
        && (text.gap(last + 1) == Gap::UNDERSCORE
            || (last == from && first != from && text.gap(last + 1) == Gap::SLASH))
    {
        last += 1;
    }
    let next = text.gap(last + 1);
    // "@channel_Title 2019": a handle glued to the title. What a channel calls itself ends at its last such word.
    let at_head = first == 0 || (first == 1 && text.gap(0).has(Gap::OPEN));
    // "@channel_Some_Title_S01E05_1080p": underscores all the way. The channel's own words come first.
    let is_all = last + 1 >= text.len() && last > from + 1 || (from..=last).any(|at| marks.is_firm(at));
    if at_head && first == from && is_all {
        // "@channel_Some_Series_S01E05": what is left must still hold a title.
        let leaves_title = |at: usize| !marks.is_firm(at + 1) && !is_number(text.low(at + 1));
        let named = |at: &usize| ends_as_channel(text.low(*at)) && leaves_title(*at);
        return (from..last.min(from + 3)).rev().find(named).unwrap_or(from);
    }
    let continues = next == Gap::SPACE || next.has(Gap::OPEN);
    if at_head && continues && last > from && text.low(last + 1).starts_with(|c: char| c.is_ascii_digit()) {
        let named = (from..last).rev().find(|at| is_channel_word(text.low(*at))).unwrap_or(last - 1);
        return named;
    }
    // "@channel_films_Some.Title.2019": dots part the title, so its first word hangs on the channel's name.
    if at_head && last > from && next == Gap::DOT && !ends_as_channel(text.low(last)) {
        return last - 1;
    }
    if at_head && last > from && last + 1 < text.len() && text.gap(last + 1) == Gap::UNDERSCORE {
        return from;
    }
    last
}

/// `2019`, `05`, `S01E05`, `E05`: no word of a title.
fn is_number(word: &str) -> bool {
    word.trim_start_matches(['s', 'e']).starts_with(|c: char| c.is_ascii_digit())
}

/// `@kumochannel`: the last part of a channel's name.
fn ends_as_channel(word: &str) -> bool {
    is_channel_word(word) || words::list(Class::ChannelEnding).iter().any(|ending| word.ends_with(ending))
}

fn is_channel_word(word: &str) -> bool {
    words::is(word.trim_start_matches('@'), Class::ChannelWord)
}
