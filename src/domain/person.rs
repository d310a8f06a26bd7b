//! People who may watch, what they may be called, and the browsers they are signed in with.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::access::SecretHash;
use super::text::is_harmful;

/// A person's number, from 1. It is never given to another person, since tokens and links carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u32);

impl PersonId {
    /// The owner's, in every store.
    pub const OWNER: Self = Self(1);
    /// The first that is given to anybody else.
    pub const FIRST_GUEST: Self = Self(2);
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A person who may watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub is_owner: bool,
    /// Raised to take away every token, link and session made before.
    pub access_version: u16,
    /// Unix seconds; 0 for whoever was here before this was kept.
    pub added: i64,
    /// Their access was taken away for good. The record stays, so that the id stays taken.
    pub is_removed: bool,
}

impl Person {
    /// Whether something made under this version still counts.
    pub fn admits(&self, version: u16) -> bool {
        !self.is_removed && self.access_version == version
    }
}

/// A browser in which somebody signed in. It counts until `ends`, and while the person's access version is still `version`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The hash of the secret that the browser keeps.
    pub id: SecretHash,
    pub person: PersonId,
    pub version: u16,
    /// Unix seconds, as are the other times.
    pub created: i64,
    pub seen: i64,
    pub ends: i64,
    /// What the browser called itself when it signed in, shortened.
    pub agent: String,
    /// Where it signed in from: an IP address, empty when that is not known.
    pub address: String,
}

/// Why a name cannot be given to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name is needed, such as Anna")]
    Empty,
    #[error("a name has at most {NAME_CHARS} letters")]
    TooLong,
    #[error("a name is letters, digits and blanks in one line, without control characters")]
    NotText,
}

const NAME_CHARS: usize = 40;

/// A name as it is kept: blanks at the ends and doubled ones are gone.
pub fn name(text: &str) -> Result<String, NameError> {
    if text.chars().any(is_harmful) {
        return Err(NameError::NotText);
    }
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(NameError::Empty),
        1..=NAME_CHARS => Ok(name),
        _ => Err(NameError::TooLong),
    }
}

/// Two names with the same key are taken for the same: people type them in a terminal.
pub fn name_key(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_of_text() {
        let forty = "x".repeat(40);
        let cases = [
            ("Anna", Ok("Anna")),
            ("  Anna   Maria ", Ok("Anna Maria")),
            ("Бабушка", Ok("Бабушка")),
            ("أمي", Ok("أمي")),
            ("📺 TV", Ok("📺 TV")),
            ("👨\u{200d}👩\u{200d}👧", Ok("👨\u{200d}👩\u{200d}👧")),
            ("نیم\u{200c}فاصله", Ok("نیم\u{200c}فاصله")),
            (&forty, Ok(&*forty)),
            ("", Err(NameError::Empty)),
            ("   ", Err(NameError::Empty)),
            ("a\nb", Err(NameError::NotText)),
            ("a\u{1b}[2Jb", Err(NameError::NotText)),
            ("a\u{202e}b", Err(NameError::NotText)),
            ("\0", Err(NameError::NotText)),
        ];
        for (text, wanted) in cases {
            assert_eq!(name(text), wanted.map(str::to_owned), "{text:?}");
        }
        assert_eq!(name(&"x".repeat(41)), Err(NameError::TooLong));
        assert_eq!(name_key("ANNA"), name_key("anna"));
    }

    #[test]
    fn what_was_made_before_a_renewal_or_a_removal_does_not_count() {
        let id = PersonId::FIRST_GUEST;
        let person =
            Person { id, name: "Anna".into(), is_owner: false, access_version: 3, added: 0, is_removed: false };
        assert!(person.admits(3) && !person.admits(2) && !person.admits(4));
        assert!(!Person { is_removed: true, ..person }.admits(3));
    }
}
