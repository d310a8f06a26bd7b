//! Titles in other forms than a name's: hashtags (`#GunturKaaram #پوست_شیر #S02 #2024 #Drama`) and quotes (`Сериал «Кухня»`).

use std::borrow::Cow;

use super::labels;
use super::titles;
use crate::words::captions::{CAPTIONS, Label};

/// A tag that sorts, and names nothing.
pub fn is_category(tag: &str) -> bool {
    CAPTIONS.is_category(&titles::key(tag))
}

/// A tag as words: `#GunturKaaram` is `Guntur Kaaram`, `#Some_Series` is `Some Series`, `#S02E05` stays one word.
pub fn words(tag: &str) -> String {
    let tag = tag.trim_start_matches('#');
    let mut words = String::with_capacity(tag.len() + 4);
    let mut before: Option<char> = None;
    let counts = tag.chars().filter(char::is_ascii_digit).count() > 0 && tag.chars().count() <= 7;
    for c in tag.chars() {
        let is_next_word =
            before.is_some_and(|b| b.is_lowercase() && (c.is_uppercase() || c.is_ascii_digit() && !counts));
        if is_next_word {
            words.push(' ');
        }
        words.push(if c == '_' { ' ' } else { c });
        before = Some(c);
    }
    words.trim().to_owned()
}

/// A line whose title is a tag or in quotes as plain words: `#Friends 2x14`, `فيلم #Interstellar 2014`, `Сериал «Кухня»`. Tags
/// behind a text are left away.
pub fn as_words(line: &str) -> Cow<'_, str> {
    if let Some(words) = unquoted(line) {
        return words.into();
    }
    // "#05" counts, "#2024" is a year's tag.
    let is_year = |tag: &str| tag.bytes().take_while(u8::is_ascii_digit).count() == 4 && tag.starts_with(['1', '2']);
    let is_tag = |at: usize| {
        let tag = &line[at + 1..];
        !line[..at].ends_with(char::is_alphanumeric) && (tag.starts_with(char::is_alphabetic) || is_year(tag))
    };
    let Some((at, _)) = line.match_indices('#').find(|(at, _)| is_tag(*at)) else { return line.into() };
    let (before, rest) = line.split_at(at);
    let ahead = before.trim();
    if !ahead.is_empty() && labels::find(ahead) != Some(Label::Title) {
        return before.trim_end().into();
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (tag, behind) = rest.split_at(end);
    let behind = behind.split('#').next().unwrap_or_default();
    if is_category(tag) && !behind.trim().is_empty() {
        return behind.trim().to_owned().into();
    }
    format!("{before}{}{behind}", words(tag)).into()
}

/// The words of a line that begins with a title in quotes, perhaps behind the word for a film or series.
fn unquoted(line: &str) -> Option<String> {
    const QUOTES: [(char, char); 7] =
        [('«', '»'), ('“', '”'), ('„', '“'), ('"', '"'), ('《', '》'), ('「', '」'), ('『', '』')];
    let (at, (open, close)) = line
        .char_indices()
        .take(24)
        .find_map(|(at, c)| QUOTES.iter().find(|(open, _)| *open == c).map(|quotes| (at, *quotes)))?;
    let ahead = line[..at].trim();
    let (title, behind) = line[at + open.len_utf8()..].split_once(close)?;
    let is_title = ahead.is_empty() || labels::find(ahead) == Some(Label::Title);
    (is_title && !title.trim().is_empty()).then(|| format!("{} {}", title.trim(), behind.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_words() {
        for (tag, want) in [
            ("#GunturKaaram", "Guntur Kaaram"),
            ("#Some_Series", "Some Series"),
            ("#YalıÇapkını", "Yalı Çapkını"),
            ("#پوست_شیر", "پوست شیر"),
            ("#Salaar2", "Salaar2"),
            ("#SaltRoad2", "Salt Road 2"),
            ("#S02E05", "S02E05"),
        ] {
            assert_eq!(words(tag), want);
        }
        for (line, want) in [
            ("#SaltRoad 2x14", "Salt Road 2x14"),
            ("فيلم #Interstellar 2014", "فيلم Interstellar 2014"),
            ("Salt Road 2019 #drama #new", "Salt Road 2019"),
            ("Сериал «Соляной путь» 2 сезон", "Соляной путь 2 сезон"),
            ("The \"Salt\" Road", "The \"Salt\" Road"),
            ("Salt Road #05", "Salt Road #05"),
        ] {
            assert_eq!(as_words(line), want);
        }
        assert!(is_category("#SciFi") && is_category("#комедия") && !is_category("#SaltRoad"));
    }
}
