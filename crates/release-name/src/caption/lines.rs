//! The lines of a caption, and what each of them is.
//!
//! ```text
//! 🎬 Salt Road (2019)                 text: may name the film
//! #SaltRoad #Drama                    tags
//! 🔊 Audio: Hindi | 💬 Subs: English  two pairs of label and value
//! 720p | WEBRip                       facts: nothing but technical words
//! ⭐ 8.7/10                           aside
//! ```

use super::asides::{self, Sign};
use crate::labels::{self, Field};
use crate::line;

/// A line, or one of the pairs in it, without decoration. All parts are cut from the caption, so they have their place in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'a> {
    pub text: &'a str,
    pub is: Is<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Is<'a> {
    /// What the label announces, and the value.
    Pair(Field, &'a str),
    /// Hashtags alone.
    Tags,
    /// Technical words alone. `true`: the languages among them are subtitles.
    Facts(bool),
    /// Nothing about the file.
    Aside,
    Text,
}

/// Longer captions are plots.
const MOST_LINES: usize = 40;

/// The lines of a caption in plain letters.
pub fn lines(caption: &str) -> impl Iterator<Item = Line<'_>> {
    caption.lines().filter(|line| !line.trim().is_empty()).take(MOST_LINES).flat_map(|line| {
        let (decoration, text) = undecorated(line);
        let mut found = Vec::new();
        if !text.is_empty() {
            split(decoration, text, &mut found);
        }
        found
    })
}

/// The line without bullets, emoji and blanks at both ends, and what stood before it.
fn undecorated(line: &str) -> (&str, &str) {
    let mut start = line.len();
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let opens =
            matches!(c, '[' | '(' | '{' | '@' | '【' | '（' | '［' | '《' | '「' | '『' | '"' | '“' | '\'' | '«' | '„')
                || c == '#' && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if is_word(c) || opens {
            start = at;
            break;
        }
    }
    let (decoration, text) = line.split_at(start);
    (decoration, text.trim_end_matches(|c: char| c.is_whitespace() || is_picture(c) && !is_flag(c)))
}

/// A letter or figure that a line can begin with: circled figures are bullets.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_picture(c)
}

/// Emoji, arrows, stars, boxes, flags.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2022}' | '\u{2023}' | '\u{2190}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f000}'..='\u{1faff}' | '\u{200d}')
}

/// Half of a flag. Flags are values, too: `Audio: 🇮🇹 🇬🇧`.
fn is_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Parts a line that holds several pairs; any other is one line.
fn split<'a>(decoration: &'a str, line: &'a str, found: &mut Vec<Line<'a>>) {
    if line.starts_with('#') && line.split_whitespace().all(|word| word.starts_with('#')) {
        found.push(Line { text: line, is: Is::Tags });
        return;
    }
    let cuts = cuts(line);
    let mut start = 0;
    let mut decoration = decoration;
    for end in cuts.into_iter().chain([line.len()]) {
        let (before, text) = undecorated(&line[start..end]);
        let text =
            text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '｜' | '│' | '┃' | ',' | ';' | '-'));
        // "Download film X" calls for X, and is no invitation to the channel.
        let text = labels::announced(text).unwrap_or(text);
        if !text.is_empty() {
            let sign = asides::sign(if start == 0 { decoration } else { before });
            found.push(Line { text, is: what(sign, text) });
        }
        start = end;
        decoration = "";
    }
}

/// Where further pairs begin in a line: `Season: 2 Episode: 5`, `Year: 2019 | Genre: Drama`.
fn cuts(line: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut last = 0;
    for (at, _) in line.match_indices([':', '：']) {
        let before = &line[last..at];
        // The label is what stands behind the last sign that parts, or the last word alone.
        let parted = before
            .char_indices()
            .rev()
            .find(|(_, c)| matches!(c, '|' | '｜' | '│' | '┃' | ',' | ';') || is_picture(*c));
        let label = parted.map_or(0, |(i, c)| i + c.len_utf8());
        let word = before
            .trim_end()
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(i, c)| i + c.len_utf8());
        let start = if parted.is_some() && labels::field(trimmed(&before[label..])).is_some() {
            Some(label)
        } else {
            // "Title: Movie: The Beginning": only a label that no title can hold begins a pair within text.
            let field = labels::field(trimmed(&before[word..]));
            field.filter(|f| !matches!(f, Field::Title | Field::Other)).map(|_| word.max(label))
        };
        if let Some(start) = start.map(|start| last + start).filter(|start| *start > 0) {
            cuts.push(start);
        }
        last = at + 1;
        while !line.is_char_boundary(last) {
            last += 1;
        }
    }
    cuts
}

fn trimmed(label: &str) -> &str {
    // Vowel signs of Indian scripts are no letters, and belong to their word.
    label.trim_matches(|c: char| {
        c.is_whitespace()
            || c.is_ascii_punctuation()
            || is_picture(c)
            || matches!(c, '«' | '»' | '\u{2000}'..='\u{206f}')
    })
}

fn what<'a>(sign: Option<Sign>, line: &'a str) -> Is<'a> {
    if let Some((field, value)) = pair(line) {
        return Is::Pair(field, value);
    }
    if asides::is_aside(line) {
        return Is::Aside;
    }
    let is_technical = line::is_technical(line);
    match sign {
        Some(Sign::Spoken) => Is::Facts(false),
        Some(Sign::Read) => Is::Facts(true),
        _ if is_technical => Is::Facts(false),
        Some(Sign::Aside) if !asides::has_bracketed_year(line) && !names_episode(line) => Is::Aside,
        _ => Is::Text,
    }
}

/// `🎭 Salt Road S02E04`: the masks are no genre's here.
fn names_episode(line: &str) -> bool {
    let read = line::read(line);
    !read.title.is_empty() && !read.seasons.is_empty() && !read.episodes.is_empty()
}

/// `Title : Harvest`, `Year - 1969`, `کیفیت 1080p` as field and value.
fn pair(line: &str) -> Option<(Field, &str)> {
    let parts = |at: usize, sign: char| {
        let value = line[at + sign.len_utf8()..]
            .trim_start_matches(|c: char| is_sign(c) || c.is_whitespace() || is_picture(c) && !is_flag(c))
            .trim();
        (trimmed(&line[..at]), value)
    };
    let has_text = |value: &str| !value.is_empty();
    if let Some((at, sign)) = line.char_indices().find(|(_, c)| matches!(c, ':' | '：')) {
        let (label, value) = parts(at, sign);
        if has_text(value)
            && let Some(field) = labels::field(label)
        {
            return Some((field, value));
        }
    }
    if let Some((at, sign)) = line.char_indices().find(|(_, c)| is_sign(*c) || ('\u{2190}'..='\u{2bff}').contains(c)) {
        let (label, value) = parts(at, sign);
        // "Episode 7-8" counts; "Title-case" is a word: a dash has blanks round it.
        let is_apart = !is_dash(sign) || line[..at].ends_with(char::is_whitespace);
        if is_apart
            && has_text(value)
            && let Some(field) = labels::field(label)
        {
            return Some((field, value));
        }
    }
    unsigned(line)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—')
}

fn is_sign(c: char) -> bool {
    is_dash(c) || matches!(c, ':' | '：' | '=' | '»' | '›' | '>' | '~')
}

/// A label and its value without a sign between: `Quality 720p`, `زیرنویس فارسی`, `سال 2019`. The value must be such as the
/// label announces, since titles begin with the same words.
fn unsigned(line: &str) -> Option<(Field, &str)> {
    let (label, value) = line.split_once(char::is_whitespace)?;
    let value = value.trim_start();
    let field = labels::field(trimmed(label))?;
    let starts_with_figure = value.starts_with(|c: char| c.is_ascii_digit());
    let is_value = match field {
        Field::Quality | Field::Language | Field::Subtitles => line::is_technical(value),
        Field::Year => value.len() == 4 && value.bytes().all(|b| b.is_ascii_digit()),
        // "الجزء 2": what would be a part elsewhere counts seasons here.
        Field::Season => value.len() <= 2 && value.bytes().all(|b| b.is_ascii_digit()),
        Field::Other => starts_with_figure && value.split_whitespace().count() <= 4,
        _ => false,
    };
    is_value.then_some((field, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_known_for_what_it_is() {
        for (line, want) in [
            ("🎬 Title : Salt Road", Is::Pair(Field::Title, "Salt Road")),
            ("▫️ Season - 04", Is::Pair(Field::Season, "04")),
            ("✦ Audio ➜ Hindi", Is::Pair(Field::Language, "Hindi")),
            ("🔹 کیفیت 1080p", Is::Pair(Field::Quality, "1080p")),
            ("🔘 حجم 310 مگابایت", Is::Pair(Field::Other, "310 مگابایت")),
            ("رمضان 2024", Is::Pair(Field::Year, "2024")),
            ("#SaltRoad #Drama", Is::Tags),
            ("720p | WEBRip", Is::Facts(false)),
            ("📀 FHD 1080p", Is::Facts(false)),
            ("🗣 Tamil (Original) + Telugu", Is::Facts(false)),
            ("💬 English", Is::Facts(true)),
            ("⭐️ Salt, a comedy", Is::Aside),
            ("⏱ 1h 54min", Is::Aside),
            ("⭐ Salt Road (2019) ⭐", Is::Text),
            ("Joker: The Return", Is::Text),
            ("Salt-Road 2019", Is::Text),
            ("Quality Street", Is::Text),
            ("Year One 2009", Is::Text),
        ] {
            let found: Vec<_> = lines(line).map(|line| line.is).collect();
            assert_eq!(found, [want], "{line}");
        }
    }

    #[test]
    fn several_pairs_in_a_line_are_parted() {
        for (line, want) in [
            ("Season: 2 Episode: 5", vec!["Season: 2", "Episode: 5"]),
            ("📅 Year: 2019 | 🎭 Genre: Drama", vec!["Year: 2019", "Genre: Drama"]),
            ("🎬 Salt Road | Year: 2019", vec!["Salt Road", "Year: 2019"]),
            ("Audio: Hindi | Tamil", vec!["Audio: Hindi | Tamil"]),
            ("Title: Movie: The Beginning", vec!["Title: Movie: The Beginning"]),
        ] {
            assert_eq!(lines(line).map(|line| line.text).collect::<Vec<_>>(), want, "{line}");
        }
    }
}
