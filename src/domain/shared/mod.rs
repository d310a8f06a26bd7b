//! Files that people gave to the bot: each is one person's, stands in a folder of theirs, and has a link that anybody who holds it may
//! open, as far as its [`Terms`] go. Not entries: no catalog lists them.

mod link;
mod password;
mod scan;
mod types;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::entry::EntryId;
use super::file::{VirtualFile, Volume};
use super::person::PersonId;
use super::post::PostRef;
use super::text;

pub use link::{ShareLink, ShareLinkError, Unlocked};
pub use password::{Password, PasswordError};
pub use scan::{Scanned, Verdict, WhenNotScanned};
pub use types::{FileType, FileTypes, NotAType, TypeList};

/// A file's number, from 1, never given twice: links carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileId(pub i64);

/// A folder's number, from 1, never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FolderId(pub i64);

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for FolderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What Telegram sent it as; tells what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Video,
    Animation,
    Audio,
    Voice,
    Photo,
    Document,
}

impl FileKind {
    pub const ALL: [Self; 6] = [Self::Video, Self::Animation, Self::Audio, Self::Voice, Self::Photo, Self::Document];

    /// By what a document says of itself, where Telegram does not say more.
    pub fn of_mime(mime: &str) -> Self {
        match mime.split('/').next() {
            Some("video") => Self::Video,
            Some("audio") => Self::Audio,
            Some("image") => Self::Photo,
            _ => Self::Document,
        }
    }

    /// Whether a player plays it.
    pub fn plays(self) -> bool {
        matches!(self, Self::Video | Self::Animation | Self::Audio | Self::Voice)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Animation => "animation",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Photo => "photo",
            Self::Document => "document",
        }
    }

    /// What [`as_str`](Self::as_str) said.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// What a file is, as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub kind: FileKind,
    /// As the sender's app said.
    pub mime: String,
    pub volume: Volume,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_secs: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// `None`: nobody scanned files when it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scanned: Option<Scanned>,
}

impl Content {
    /// Bytes.
    pub fn size(&self) -> u64 {
        self.volume.size
    }

    pub fn file(&self) -> VirtualFile {
        VirtualFile::single(self.volume)
    }
}

/// Which message it came with: the same message never makes two files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// `key` is the same for the same message, for ever.
    pub fn new(key: String) -> Self {
        Self(key)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A file before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    pub owner: PersonId,
    pub name: String,
    pub folder: Option<FolderId>,
    pub content: Content,
    /// The message in the storage channel that keeps it.
    pub stored: PostRef,
    pub origin: Origin,
    /// Unix seconds.
    pub added: i64,
    pub terms: Terms,
}

impl NewFile {
    pub fn numbered(self, id: FileId) -> SharedFile {
        let Self { owner, name, folder, content, stored, origin: _, added, terms } = self;
        SharedFile { id, owner, name, folder, content, stored, added, terms, entry: None, served: Served::default() }
    }
}

/// A file that somebody gave to the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedFile {
    pub id: FileId,
    pub owner: PersonId,
    pub name: String,
    /// `None`: at the top.
    pub folder: Option<FolderId>,
    pub content: Content,
    pub stored: PostRef,
    /// Unix seconds.
    pub added: i64,
    pub terms: Terms,
    /// The entry that it became, when it was put into the library.
    pub entry: Option<EntryId>,
    pub served: Served,
}

/// Who may open a file's link, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Raised to end every link made before.
    #[serde(default)]
    pub version: u16,
    /// Unix seconds from which on the link is dead. The file stays its owner's until [`Terms::deleted_at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downloads: Option<DownloadLimit>,
}

/// Days for which a file is kept after its link's end, so that its owner may give it another one.
pub const KEPT_DAYS: u32 = 30;

impl Terms {
    /// When the file goes, in unix seconds. `None`: not by itself.
    pub fn deleted_at(&self) -> Option<i64> {
        self.expires.map(|end| end.saturating_add(i64::from(KEPT_DAYS) * 86_400))
    }
}

/// So many downloads, together, from the moment on in which it was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DownloadLimit {
    pub most: u32,
    /// The file's [`Served::bytes`] at that moment.
    pub after_bytes: u64,
}

/// What went out of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// Times that it was begun to be saved, and to be played.
    pub downloads: u64,
    pub streams: u64,
    /// Bytes that went to who is not its owner.
    pub bytes: u64,
}

/// Why a link does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    #[error("this link was ended by whoever made it")]
    Revoked,
    #[error("this link has expired")]
    Expired,
    #[error("this file was downloaded as often as its owner allowed")]
    UsedUp,
}

impl SharedFile {
    /// The link that opens it under its present terms.
    pub fn link(&self) -> ShareLink {
        ShareLink { file: self.id, version: self.terms.version }
    }

    /// Whether a link of that version opens it; `now` in unix seconds. Says nothing of the password.
    pub fn opens(&self, version: u16, now: i64) -> Result<(), Shut> {
        if version != self.terms.version {
            return Err(Shut::Revoked);
        }
        if self.terms.expires.is_some_and(|end| end <= now) {
            return Err(Shut::Expired);
        }
        match self.terms.downloads {
            Some(limit) if self.is_used_up(limit) => Err(Shut::UsedUp),
            _ => Ok(()),
        }
    }

    /// Counted by bytes: whoever reads a file in pieces has downloaded it once when as many bytes went out as it has.
    fn is_used_up(&self, limit: DownloadLimit) -> bool {
        let since = self.served.bytes.saturating_sub(limit.after_bytes);
        since >= self.content.size().saturating_mul(limit.most.into())
    }
}

/// A folder of a person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub id: FolderId,
    pub owner: PersonId,
    pub name: String,
    /// `None`: at the top.
    pub parent: Option<FolderId>,
}

/// A folder with what lies directly in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub folder: Folder,
    pub files: u64,
    pub folders: u64,
}

/// Folders within folders at most: a path stays readable.
pub const DEEPEST: usize = 16;

/// Why a file or a folder cannot be called so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("a name is needed")]
    Empty,
    #[error("a name has at most {NAME_CHARS} letters")]
    TooLong,
}

/// Letters of a name at most: what file systems take, in an alphabet of two bytes a letter.
const NAME_CHARS: usize = 120;

/// A folder's name as it is kept: one line, without what file systems and browsers misread.
pub fn folder_name(given: &str) -> Result<String, NameError> {
    // Whatever saves it takes these two for folders.
    let name = text::file_name(given).replace(['/', '\\'], "_");
    let name = name.trim().trim_matches('.').trim();
    match name.chars().count() {
        0 => Err(NameError::Empty),
        1..=NAME_CHARS => Ok(name.to_owned()),
        _ => Err(NameError::TooLong),
    }
}

/// The same for a file, which keeps the ending that it has when a new name lacks one: players go by it.
pub fn file_name(given: &str, before: &str) -> Result<String, NameError> {
    let name = folder_name(given)?;
    let ending = |name: &str| {
        let (stem, ending) = name.rsplit_once('.')?;
        let is_one =
            !stem.is_empty() && (1..=5).contains(&ending.len()) && ending.bytes().all(|c| c.is_ascii_alphanumeric());
        is_one.then(|| ending.to_owned())
    };
    Ok(match (ending(&name), ending(before)) {
        (None, Some(ending)) => format!("{name}.{ending}"),
        _ => name,
    })
}

#[cfg(test)]
mod tests;
