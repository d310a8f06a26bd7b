//! Which types of files people may give, as the owner writes them: kinds (`video`) and endings of names (`.exe`). The kind is what
//! Telegram sent the file as, the ending is its name's; a sender can claim both, so this is order, not protection.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::FileKind;

/// Letters of an ending at most: `.tar.gz` has six.
const LONGEST_ENDING: usize = 20;

/// A list of types: `video, audio, .srt`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeList {
    kinds: BTreeSet<FileKind>,
    /// Lower case, with the dot.
    endings: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no type of file: write video, animation, audio, voice, photo or document, or the ending of names with its dot, such as .pdf"
)]
pub struct NotAType(pub String);

/// What a file has that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileType {
    Kind(FileKind),
    /// With the dot.
    Ending(String),
}

/// What is taken: whatever is not denied, and where there is an allow list stands on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTypes {
    pub allow: TypeList,
    pub deny: TypeList,
}

impl FromStr for TypeList {
    type Err = NotAType;

    /// Separated by commas or blanks.
    fn from_str(text: &str) -> Result<Self, NotAType> {
        let mut list = Self::default();
        for word in text.split([',', ' ', '\n', '\t']).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            if let Some(kind) = FileKind::named(&word) {
                list.kinds.insert(kind);
            } else if is_ending(&word) {
                list.endings.insert(word);
            } else {
                return Err(NotAType(word));
            }
        }
        Ok(list)
    }
}

impl fmt::Display for FileType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kind) => f.write_str(kind.as_str()),
            Self::Ending(ending) => f.write_str(ending),
        }
    }
}

impl TypeList {
    fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.endings.is_empty()
    }

    /// The type by which a file stands on the list.
    fn holds(&self, kind: FileKind, name: &str) -> Option<FileType> {
        let name = name.to_lowercase();
        let ending = self.endings.iter().find(|ending| name.ends_with(ending.as_str()));
        let ending = ending.map(|ending| FileType::Ending(ending.clone()));
        ending.or_else(|| self.kinds.contains(&kind).then_some(FileType::Kind(kind)))
    }
}

impl FileTypes {
    /// Whether a file of that kind and name is taken. Errors: what of it is not.
    pub fn admit(&self, kind: FileKind, name: &str) -> Result<(), FileType> {
        if let Some(denied) = self.deny.holds(kind, name) {
            return Err(denied);
        }
        if self.allow.is_empty() || self.allow.holds(kind, name).is_some() {
            return Ok(());
        }
        let ending = name.rfind('.').map(|dot| name[dot..].to_lowercase()).filter(|ending| is_ending(ending));
        // A list of kinds alone says nothing of endings.
        let by_ending = ending.filter(|_| !self.allow.endings.is_empty());
        Err(by_ending.map_or(FileType::Kind(kind), FileType::Ending))
    }
}

fn is_ending(word: &str) -> bool {
    let Some(letters) = word.strip_prefix('.') else { return false };
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    (1..=LONGEST_ENDING).contains(&letters.chars().count())
        && letters.chars().all(is_letter)
        && !letters.starts_with('.')
        && !letters.ends_with('.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn types(allow: &str, deny: &str) -> FileTypes {
        FileTypes { allow: allow.parse().expect("types"), deny: deny.parse().expect("types") }
    }

    #[test]
    fn what_is_denied_is_not_taken_and_what_is_allowed_is_all_that_is() {
        use FileKind::{Audio, Document, Photo, Video};
        for (allow, deny, kind, name, refused) in [
            ("", "", Document, "anything", None),
            ("", ".exe", Document, "tool.EXE", Some(".exe")),
            ("", ".exe", Video, "film.exe", Some(".exe")),
            ("", ".exe", Document, "notexe", None),
            ("", "photo", Photo, "a.jpg", Some("photo")),
            ("", "photo,.tar.gz", Document, "all.tar.gz", Some(".tar.gz")),
            ("video, audio", "", Audio, "a.mp3", None),
            ("video, audio", "", Document, "a.pdf", Some("document")),
            ("VIDEO .PDF", "", Document, "a.pdf", None),
            ("video .pdf", "", Document, "a.zip", Some(".zip")),
            ("video .pdf", "", Document, "nameless", Some("document")),
            ("video", ".avi", Video, "a.avi", Some(".avi")),
        ] {
            let told = types(allow, deny).admit(kind, name).err().map(|what| what.to_string());
            assert_eq!(told.as_deref(), refused, "{allow:?} {deny:?} {name}");
        }
    }

    #[test]
    fn what_is_no_type_is_named() {
        for word in ["films", "exe", ".", "..", ".a.", "*.exe", "video/mp4", "-.exe", ".sixteen-and-more-letters"] {
            assert_eq!(format!("audio,{word}").parse::<TypeList>(), Err(NotAType(word.to_owned())));
        }
    }

    proptest! {
        #[test]
        fn any_name_is_looked_at(list in "\\PC{0,20}", name in "\\PC{0,40}") {
            let allow = list.parse().unwrap_or_default();
            let refused = FileTypes { allow, ..types("", ".exe") }.admit(FileKind::Video, &name);
            prop_assert!(!name.to_lowercase().ends_with(".exe") || refused.is_err());
        }
    }
}
