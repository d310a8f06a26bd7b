//! Paths cut into folders. In a name, `/` or `\` with spaces round it or inside brackets is text, otherwise it parts folders.

use crate::ending;
use crate::evidence::{Origin, Place};
use crate::words;

/// A folder or a file, and where its name stands.
#[derive(Clone, Copy, Debug)]
pub struct Part<'p> {
    pub text: &'p str,
    pub place: Place<'p>,
}

/// The folders above a file, the outermost first, and the file. `place` is the path's.
pub fn split<'p>(path: &'p str, place: Place<'p>, folder: &'p str) -> (Vec<Part<'p>>, Part<'p>) {
    let own = parts(path);
    let (file, folders) = own.split_last().map_or((path, &[][..]), |(file, folders)| (*file, folders));
    let above = slashed(folder).into_iter().filter(|part| !part.is_empty());
    let outside = above.map(|text| Part { text, place: Place::of(Origin::Folder, folder) });
    let inside = folders.iter().map(|text| Part { text, place });
    (outside.chain(inside).collect(), Part { text: file, place })
}

/// The parts of a path; a name without folders is one part.
fn parts(path: &str) -> Vec<&str> {
    let mut parts = slashed(path);
    parts.retain(|part| !part.is_empty());
    // One short slash is a language list or a date ("ENG/CHI"), unless a file's name follows it.
    let is_code = |part: &&str| {
        let word = part.split(|c: char| !c.is_alphabetic()).find(|w| !w.is_empty()).unwrap_or_default();
        words::language(&word.to_lowercase()).is_some()
    };
    let is_file = path.starts_with(['/', '\\'])
        || parts.last().is_some_and(|last| ending::split(last).container.is_some())
        || parts.len() > 2 && !parts[1..].iter().all(is_code)
        // "01-03/Title": a folder without a letter.
        || parts.len() == 2 && !parts[0].chars().any(char::is_alphabetic) && parts[0].contains('-');
    if is_file { parts } else { vec![path] }
}

/// Cut at each slash that is no text.
fn slashed(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut depth = 0usize;
    let mut before = None;
    let mut chars = path.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            '/' | '\\' => {
                let next = chars.peek().map(|(_, c)| *c);
                let spaced = before.is_none_or(char::is_whitespace) && next.is_none_or(char::is_whitespace)
                    || before.is_some_and(char::is_whitespace)
                    || next.is_some_and(char::is_whitespace);
                // "t.me/channel", "https://site.org"
                let is_address =
                    ends_in_telegram(&path[start..at]) || before == Some(':') && at > start + 2 || next == Some('/');
                if depth == 0 && !is_address && (!spaced || at == 0) {
                    parts.push(path[start..at].trim());
                    start = at + 1;
                }
            }
            _ => {}
        }
        before = Some(c);
    }
    parts.push(path[start..].trim());
    parts
}

/// `t.me`, however it is written.
fn ends_in_telegram(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 4 && bytes[bytes.len() - 4..].eq_ignore_ascii_case(b"t.me")
}
