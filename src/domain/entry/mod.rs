//! Entries: this release of this title is this file. What links name, what Stremio lists as a stream, what the review
//! list holds while no title is known.

mod described;
mod id;
mod probe;
mod reason;
mod status;

use release_name::{Input, Release};
use serde::{Deserialize, Serialize};

use super::channel::Profile;
use super::file::VirtualFile;
use super::post::{DocumentId, PostRef};
use super::rendition::Rendition;

pub use described::{resolution_class, spoken};
pub use id::EntryId;
pub use probe::{Inside, Lines, Probe, Unknown};
pub use reason::{Reason, ReasonKind};
pub use status::Status;

/// A file that we can play, and what we know of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: EntryId,
    pub file: VirtualFile,
    /// Bytes of it when it is unpacked, of subtitles that lie deflated in a zip: `file` is where they lie as they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpacked: Option<u64>,
    /// The name to show and to save it by: the file's own, or one made of its caption; always with an extension.
    pub name: String,
    /// As Telegram said; see `name` for what to trust.
    pub mime: String,
    pub caption: String,
    /// What stands in place of `name` where the release is read, if anything does.
    pub named: Option<Named>,
    /// What `name` or `named`, and the caption, say: as far as `parser` understood them. Empty before the first match.
    pub release: Release,
    /// The [`release_name::VERSION`] that read `release`. 0: none did, or one of before versions were kept.
    pub parser: u16,
    pub duration_secs: Option<u32>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Lower qualities that Telegram made of it, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renditions: Vec<Rendition>,
    /// What looking into its bytes found; `None` before anybody did.
    pub probe: Option<Probe>,
    pub status: Status,
    /// Unix seconds of the newest visible post of it.
    pub posted: i64,
    /// Raised by the store whenever caption, name or sources change, so that a slow match never overwrites a newer edit.
    pub revision: u32,
}

/// What a release is read from in place of the entry's own name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Named {
    /// The file has no name of its own: the caption says everything, and the entry's name is made of it.
    ByCaption,
    /// A file inside an archive: `archive/folder/file.mkv`, or what the archive is called.
    As(String),
}

impl Entry {
    /// A file of which nothing is known yet but its bytes, its name and the type that Telegram says: pending, never posted.
    pub fn of(id: EntryId, file: VirtualFile, name: impl Into<String>, mime: impl Into<String>) -> Self {
        Self {
            id,
            file,
            unpacked: None,
            name: name.into(),
            mime: mime.into(),
            caption: String::new(),
            named: None,
            release: Release::default(),
            parser: 0,
            duration_secs: None,
            width: None,
            height: None,
            renditions: Vec::new(),
            probe: None,
            status: Status::fresh(),
            posted: 0,
            revision: 0,
        }
    }

    /// Reads name and caption anew, as those of a file in a channel of this profile. To be done whenever its title is looked
    /// for: a stored reading may be that of an older parser.
    pub fn read_again(&mut self, profile: &Profile) {
        self.release = Self::read(&self.name, &self.caption, self.named.as_ref(), profile);
        self.parser = release_name::VERSION;
    }

    /// What name and caption say in a channel of this profile. `named`: what stands in place of the name.
    pub fn read(name: &str, caption: &str, named: Option<&Named>, profile: &Profile) -> Release {
        let name = match named {
            None => name,
            Some(Named::ByCaption) => "",
            Some(Named::As(name)) => name,
        };
        let folder = profile.folder.as_deref().unwrap_or_default();
        profile.applied(release_name::parse(&Input { name, caption, folder }))
    }
}

/// One message that carries an entry's file (or one volume of it).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub at: PostRef,
    pub entry: EntryId,
    pub document: DocumentId,
    /// Unix seconds.
    pub date: i64,
    pub album: Option<i64>,
    /// The message of the same channel that it answers.
    pub reply_to: Option<i32>,
}

/// What recording a post changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// A file never seen before; it is pending now.
    New,
    /// One more message with a file that is there already.
    AnotherSource,
    /// Its caption or name changed: it is pending again.
    Changed,
    /// Nothing: all of it was known.
    Known,
}

/// A part of a series that a file holds. A film has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SeriesPart {
    Episode {
        season: u16,
        number: u16,
    },
    /// A pack: the whole season in one file.
    Season {
        season: u16,
    },
}

impl SeriesPart {
    /// The season, of a pack.
    pub fn whole_season(self) -> Option<u16> {
        match self {
            Self::Season { season } => Some(season),
            Self::Episode { .. } => None,
        }
    }

    /// Season and number, of an episode.
    pub fn episode(self) -> Option<(u16, u16)> {
        match self {
            Self::Episode { season, number } => Some((season, number)),
            Self::Season { .. } => None,
        }
    }
}
