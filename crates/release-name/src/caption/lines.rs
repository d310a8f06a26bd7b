//! The lines of a caption, and what each of them is.
//!
//! ```text
//! 🎬 Salt Road (2019)                 text: may name the film
//! #SaltRoad #Drama                    tags
//! 🔊 Audio: Hindi | 💬 Subs: English  two pairs of label and value
//! 720p | WEBRip                       facts: nothing but technical words
//! ⭐ 8.7/10                           boilerplate
//! ```

use super::boilerplate;
use super::labels;
use crate::draft::Draft;
use crate::finish::finish;
use crate::technical_line::is_technical;
use crate::words::captions::{Label, Picture};

/// A line, or one of the pairs in it, without decoration. All parts are cut from the caption, so they have their place in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'a> {
    pub text: &'a str,
    pub kind: LineKind<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LineKind<'a> {
    /// What the label announces, and the value.
    Pair(Label, &'a str),
    /// Hashtags alone.
    Tags,
    /// Technical words alone. `true`: the languages among them are subtitles.
    Facts(bool),
    /// Nothing about the file.
    Boilerplate,
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
        found.push(Line { text: line, kind: LineKind::Tags });
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
            let picture = boilerplate::picture(if start == 0 { decoration } else { before });
            found.push(Line { text, kind: kind(picture, text) });
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
        let start = if parted.is_some() && labels::find(trimmed(&before[label..])).is_some() {
            Some(label)
        } else {
            // "Title: Movie: The Beginning": only a label that no title can hold begins a pair within text.
            let found = labels::find(trimmed(&before[word..]));
            found.filter(|f| !matches!(f, Label::Title | Label::Other)).map(|_| word.max(label))
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

fn kind<'a>(picture: Option<Picture>, line: &'a str) -> LineKind<'a> {
    if let Some((label, value)) = pair(line) {
        return LineKind::Pair(label, value);
    }
    if boilerplate::is_boilerplate(line) {
        return LineKind::Boilerplate;
    }
    let is_technical = is_technical(line);
    match picture {
        Some(Picture::Spoken) => LineKind::Facts(false),
        Some(Picture::Read) => LineKind::Facts(true),
        _ if is_technical => LineKind::Facts(false),
        Some(Picture::Other) if !boilerplate::has_bracketed_year(line) && !names_episode(line) => LineKind::Boilerplate,
        _ => LineKind::Text,
    }
}

/// `🎭 Salt Road S02E04`: the masks are no genre's here.
fn names_episode(line: &str) -> bool {
    let read = finish(&Draft::read(line));
    !read.title.is_empty() && !read.seasons.is_empty() && !read.episodes.is_empty()
}

/// `Title : Harvest`, `Year - 1969`, `کیفیت 1080p` as label and value.
fn pair(line: &str) -> Option<(Label, &str)> {
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
            && let Some(found) = labels::find(label)
        {
            return Some((found, value));
        }
    }
    if let Some((at, sign)) = line.char_indices().find(|(_, c)| is_sign(*c) || ('\u{2190}'..='\u{2bff}').contains(c)) {
        let (label, value) = parts(at, sign);
        // "Episode 7-8" counts; "Title-case" is a word: a dash has blanks round it.
        let is_apart = !is_dash(sign) || line[..at].ends_with(char::is_whitespace);
        if is_apart
            && has_text(value)
            && let Some(found) = labels::find(label)
        {
            return Some((found, value));
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
fn unsigned(line: &str) -> Option<(Label, &str)> {
    let (label, value) = line.split_once(char::is_whitespace)?;
    let value = value.trim_start();
    let found = labels::find(trimmed(label))?;
    let starts_with_figure = value.starts_with(|c: char| c.is_ascii_digit());
    let is_value = match found {
        Label::Quality | Label::Language | Label::Subtitles => is_technical(value),
        Label::Year => value.len() == 4 && value.bytes().all(|b| b.is_ascii_digit()),
        // "الجزء 2": what would be a part elsewhere counts seasons here.
        Label::Season => value.len() <= 2 && value.bytes().all(|b| b.is_ascii_digit()),
        Label::Other => starts_with_figure && value.split_whitespace().count() <= 4,
        _ => false,
    };
    is_value.then_some((found, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_known_for_what_it_is() {
        for (line, want) in [
            ("🎬 Title : Salt Road", LineKind::Pair(Label::Title, "Salt Road")),
            ("▫️ Season - 04", LineKind::Pair(Label::Season, "04")),
            ("✦ Audio ➜ Hindi", LineKind::Pair(Label::Language, "Hindi")),
            ("🔹 کیفیت 1080p", LineKind::Pair(Label::Quality, "1080p")),
            ("🔘 حجم 310 مگابایت", LineKind::Pair(Label::Other, "310 مگابایت")),
            ("رمضان 2024", LineKind::Pair(Label::Year, "2024")),
            ("#SaltRoad #Drama", LineKind::Tags),
            ("720p | WEBRip", LineKind::Facts(false)),
            ("📀 FHD 1080p", LineKind::Facts(false)),
            ("🗣 Tamil (Original) + Telugu", LineKind::Facts(false)),
            ("💬 English", LineKind::Facts(true)),
            ("⭐️ Salt, a comedy", LineKind::Boilerplate),
            ("⏱ 1h 54min", LineKind::Boilerplate),
            ("⭐ Salt Road (2019) ⭐", LineKind::Text),
            ("Joker: The Return", LineKind::Text),
            ("Salt-Road 2019", LineKind::Text),
            ("Quality Street", LineKind::Text),
            ("Year One 2009", LineKind::Text),
        ] {
            let found: Vec<_> = lines(line).map(|line| line.kind).collect();
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
