//! What ends a file's name: its extension, and the number of a volume when a file was split (`.mkv.001`, `.part3.rar`).

use std::borrow::Cow;

use super::words::{self, Class};

/// A name without its ending.
#[derive(Debug, PartialEq, Eq)]
pub struct Ending<'a> {
    /// What is left of the name.
    pub stem: &'a str,
    /// As the words files write it.
    pub container: Option<&'static str>,
    pub part: Option<u16>,
}

/// Takes the endings off a name.
pub fn split(name: &str) -> Ending<'_> {
    let name = name.trim();
    let mut ending = Ending { stem: name, container: None, part: None };
    while let Some((head, last)) = ending.stem.rsplit_once('.') {
        if !ending.take(head, &lower(last)) {
            break;
        }
        ending.stem = head;
    }
    if ending.stem.trim().is_empty() {
        return Ending { stem: name, container: None, part: None };
    }
    // Channels lose the dot: "Film 2019 1080p mkv".
    if ending.container.is_none()
        && let Some((head, last)) = ending.stem.rsplit_once([' ', '_'])
        && let entry = words::entry(&lower(last))
        && entry.is(Class::SpacedExtension)
    {
        ending.container = Some(entry.word);
        ending.stem = head;
    }
    ending
}

impl Ending<'_> {
    /// Takes the last word behind a dot, in lower case, when it is part of the ending.
    fn take(&mut self, head: &str, last: &str) -> bool {
        let is_whole = self.part.is_none() && self.container.is_none();
        if let Some(part) = old_volume(last).filter(|_| is_whole) {
            self.part = Some(part);
            return true;
        }
        // A volume's number: ".001" behind an extension, or ".part2" before an archive's.
        let number = last.strip_prefix("part").unwrap_or(last);
        let is_number = !number.is_empty() && number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit());
        let is_named = last.len() > number.len() && !is_whole;
        if is_number && (is_named || number.len() == 3 && self.part.is_none() && ends_as_file(head)) {
            self.part = number.parse().ok();
            return true;
        }
        let entry = words::entry(last);
        if !entry.is(Class::Archive) && (!entry.is(Class::Extension) || is_word_of_name(head, last)) {
            return false;
        }
        // An archive's name may hold the ending of what is inside.
        if self.container.is_some_and(|container| !words::is(container, Class::Archive)) {
            return false;
        }
        self.container = Some(entry.word);
        true
    }
}

/// In lower case. Most endings are.
fn lower(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|b| b.is_ascii_uppercase()) { word.to_ascii_lowercase().into() } else { word.into() }
}

/// `name.z01`, `name.r00`: the middle volumes of old archives; the first is the one without a number.
fn old_volume(last: &str) -> Option<u16> {
    let count: u16 = last.strip_prefix(['z', 'r']).filter(|_| last.len() == 3)?.parse().ok()?;
    Some(if last.starts_with('r') { count + 2 } else { count })
}

/// `.001` is a volume only of something that already ends as files do.
fn ends_as_file(head: &str) -> bool {
    head.rsplit_once('.').is_some_and(|(_, last)| {
        let entry = words::entry(&lower(last));
        entry.is(Class::Extension) || entry.is(Class::Archive)
    })
}

/// `.ts`, `.sub` and `.dv` are words of names without an extension too.
fn is_word_of_name(head: &str, last: &str) -> bool {
    head.is_empty() && words::is(last, Class::ExtensionOrWord)
}

/// The endings of files that hold subtitles.
pub fn is_subtitle(container: &str) -> bool {
    words::is(container, Class::SubtitleFile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_taken_off() {
        for (name, stem, container, part) in [
            ("Harvest.1969.mkv", "Harvest.1969", Some("mkv"), None),
            ("Harvest.1969.mkv.002", "Harvest.1969", Some("mkv"), Some(2)),
            ("Harvest 1969.part3.rar", "Harvest 1969", Some("rar"), Some(3)),
            ("Harvest.S01.7z.004", "Harvest.S01", Some("7z"), Some(4)),
            ("Harvest 1969 1080p mkv", "Harvest 1969 1080p", Some("mkv"), None),
            ("Harvest.1969.x264-GRP", "Harvest.1969.x264-GRP", None, None),
            ("Harvest.300", "Harvest.300", None, None),
            (".mkv", ".mkv", None, None),
        ] {
            assert_eq!(split(name), Ending { stem, container, part }, "{name}");
        }
    }
}
