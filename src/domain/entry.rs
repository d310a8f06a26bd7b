//! Entries: this release of this title is this file. What links name, what Stremio lists as a stream, what the review
//! list holds while no title is known.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::file::VirtualFile;
use super::post::{DocumentId, PostRef};
use super::title::TitleId;
use release_name::Release;

const BYTES: usize = 12;
const TEXT_LEN: usize = 17;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An entry's name: 96 bits of SHA-256 over its documents' ids. The same for every account and every forward of the
/// file, so a catalog built anew gives the same ids and the same file posted twice is one entry.
///
/// Written as 17 base62 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId([u8; BYTES]);

impl EntryId {
    /// `documents` in reading order; never empty.
    pub fn from_documents(documents: &[DocumentId]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"cinepost entry 1");
        for document in documents {
            hash.update(document.0.to_be_bytes());
        }
        Self::from_bytes(hash.finalize()[..BYTES].try_into().expect("a SHA-256 has 32 bytes"))
    }

    /// A file inside an archive, by its name there. `documents`: the archive's, in order.
    pub fn from_member(documents: &[DocumentId], member: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"cinepost member 1");
        hash.update((documents.len() as u64).to_be_bytes());
        for document in documents {
            hash.update(document.0.to_be_bytes());
        }
        hash.update(member.as_bytes());
        Self::from_bytes(hash.finalize()[..BYTES].try_into().expect("a SHA-256 has 32 bytes"))
    }

    pub fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    pub fn to_bytes(self) -> [u8; BYTES] {
        self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut number = self.0.iter().fold(0u128, |n, &b| n << 8 | u128::from(b));
        let mut digits = [b'0'; TEXT_LEN];
        for digit in digits.iter_mut().rev() {
            *digit = BASE62[(number % 62) as usize];
            number /= 62;
        }
        f.write_str(std::str::from_utf8(&digits).expect("base62 is ASCII"))
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({self})")
    }
}

impl FromStr for EntryId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an entry id");
        if text.len() != TEXT_LEN {
            return Err(wrong());
        }
        let mut number = 0u128;
        for c in text.bytes() {
            let digit = BASE62.iter().position(|&b| b == c).ok_or_else(wrong)?;
            number = number * 62 + digit as u128;
        }
        // 62^17 is a little over 2^96: what lies above is not an id.
        if number >> (8 * BYTES) != 0 {
            return Err(wrong());
        }
        Ok(Self(number.to_be_bytes()[16 - BYTES..].try_into().expect("12 of 16 bytes")))
    }
}

impl TryFrom<String> for EntryId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> String {
        id.to_string()
    }
}

/// Which episodes of a series a file holds. A film has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Place {
    Episode {
        season: u16,
        number: u16,
    },
    /// A pack: the whole season in one file.
    Season {
        season: u16,
    },
}

/// Why an entry stands in the review list. The text says what would mend it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Reason {
    #[error("no title could be read from its name; edit the caption: a title and a year, or an IMDb link")]
    NoTitle,
    #[error("nothing called “{searched}” was found; put the right title and year, or an IMDb link, into the caption")]
    NoMatch { searched: String },
    #[error("“{searched}” could be {}; put the right one's IMDb link into the caption", .candidates.join(" or "))]
    Ambiguous { searched: String, candidates: Vec<String> },
    #[error("{id} is not known to the metadata provider; check the link in the caption")]
    UnknownId { id: String },
    #[error("its name does not say which episode it is; write S01E02 into the caption")]
    NoEpisode { title: String },
    #[error("it is not a video ({mime})")]
    NotVideo { mime: String },
    #[error("the metadata provider cannot be reached ({problem}); it is tried again by itself")]
    ProviderDown { problem: String },
    #[error("a volume is missing: forward {} too", listed(.files))]
    MissingVolumes { files: Vec<String> },
    #[error("all its volumes so far are of one size, so a last one may be missing; if none comes it is taken as it is")]
    MoreVolumes,
    #[error(
        "volumes of different uploads have this name and cannot be told apart; delete those that do not belong together"
    )]
    MixedVolumes,
    #[error("{} is compressed inside the archive; forward the film itself", listed(.files))]
    Compressed { files: Vec<String> },
    #[error("{} is encrypted inside the archive; forward the film itself", listed(.files))]
    Encrypted { files: Vec<String> },
    #[error("no video is inside the archive")]
    NoVideo,
    #[error("the archive cannot be read: {problem}; forward the film itself")]
    BrokenArchive { problem: String },
    #[error("its archive cannot be read from Telegram just now ({problem}); it is tried again by itself")]
    TelegramDown { problem: String },
}

/// What reasons have in common, for a list that is long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonKind {
    /// No title is known for it.
    NotFound,
    /// Several titles could be it.
    Ambiguous,
    /// Of a series, nobody knows which episode.
    NoEpisode,
    /// Nothing to watch is in it.
    NotVideo,
    /// Volumes or archives that cannot be put together or read.
    Volumes,
    /// Whoever should answer is away; it is tried again by itself.
    Waiting,
}

impl ReasonKind {
    pub const ALL: [Self; 6] =
        [Self::NotFound, Self::Ambiguous, Self::NoEpisode, Self::NotVideo, Self::Volumes, Self::Waiting];

    /// As stores and addresses write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Ambiguous => "ambiguous",
            Self::NoEpisode => "no-episode",
            Self::NotVideo => "not-video",
            Self::Volumes => "volumes",
            Self::Waiting => "waiting",
        }
    }
}

impl Reason {
    pub fn kind(&self) -> ReasonKind {
        match self {
            Self::NoTitle | Self::NoMatch { .. } | Self::UnknownId { .. } => ReasonKind::NotFound,
            Self::Ambiguous { .. } => ReasonKind::Ambiguous,
            Self::NoEpisode { .. } => ReasonKind::NoEpisode,
            Self::NotVideo { .. } | Self::NoVideo => ReasonKind::NotVideo,
            Self::MissingVolumes { .. }
            | Self::MoreVolumes
            | Self::MixedVolumes
            | Self::Compressed { .. }
            | Self::Encrypted { .. }
            | Self::BrokenArchive { .. } => ReasonKind::Volumes,
            Self::ProviderDown { .. } | Self::TelegramDown { .. } => ReasonKind::Waiting,
        }
    }

    /// The same, with every name in it (of a file, a title) rewritten: where it is shown decides what a name may hold.
    pub fn with_names(&self, rewrite: impl Fn(&str) -> String) -> Self {
        let all = |names: &[String]| names.iter().map(|name| rewrite(name)).collect();
        match self {
            Self::NoMatch { searched } => Self::NoMatch { searched: rewrite(searched) },
            Self::Ambiguous { searched, candidates } => {
                Self::Ambiguous { searched: rewrite(searched), candidates: all(candidates) }
            }
            Self::UnknownId { id } => Self::UnknownId { id: rewrite(id) },
            Self::NoEpisode { title } => Self::NoEpisode { title: rewrite(title) },
            Self::NotVideo { mime } => Self::NotVideo { mime: rewrite(mime) },
            Self::MissingVolumes { files } => Self::MissingVolumes { files: all(files) },
            Self::Compressed { files } => Self::Compressed { files: all(files) },
            Self::Encrypted { files } => Self::Encrypted { files: all(files) },
            Self::NoTitle
            | Self::MoreVolumes
            | Self::MixedVolumes
            | Self::NoVideo
            | Self::ProviderDown { .. }
            | Self::BrokenArchive { .. }
            | Self::TelegramDown { .. } => self.clone(),
        }
    }
}

/// `a`, `a and b`, `a, b, c and 4 more`.
fn listed(names: &[String]) -> String {
    match names {
        [] => "it".to_owned(),
        [one] => one.clone(),
        [before @ .., last] if names.len() <= 4 => format!("{} and {last}", before.join(", ")),
        _ => format!("{} and {} more", names[..3].join(", "), names.len() - 3),
    }
}

/// How far an entry has come on its way into the catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Status {
    /// Waits for its match since it was posted, edited or put back. `retry_at` (unix seconds) is 0 while it is its turn.
    /// With a `reason` the entry stays listed for review meanwhile: a provider is down, and it is tried again at
    /// `retry_at`; or a person had it tried again just now, and the reason is the one before.
    Pending { tries: u32, retry_at: i64, reason: Option<Reason> },
    /// Stands in the catalog. `places` is empty for films.
    Matched { title: TitleId, places: Vec<Place> },
    /// Needs a person, or a better caption.
    Review { reason: Reason },
    /// A person wants it listed nowhere: neither in the catalog, nor under "Unmatched", nor for review. Links to it go on
    /// playing. It stays so until they put it back, or its caption or name changes. `reason` is why it stood in review;
    /// `None` when it had a title.
    Ignored { reason: Option<Reason> },
    /// A volume: it is played through the entries that are made of its set, or waits with its set, of which the first volume
    /// says why.
    Volume,
}

impl Status {
    /// What every new or edited entry begins with.
    pub fn fresh() -> Self {
        Self::Pending { tries: 0, retry_at: 0, reason: None }
    }

    /// Why it has no title, where somebody is told.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Review { reason } => Some(reason),
            Self::Pending { reason, .. } | Self::Ignored { reason } => reason.as_ref(),
            Self::Matched { .. } | Self::Volume => None,
        }
    }

    /// What a person's "try again" makes of it; also what takes an [`Status::Ignored`] back. `None` where there is nothing
    /// to try.
    pub fn tried_again(&self) -> Option<Self> {
        match self {
            Self::Review { .. } | Self::Ignored { .. } => {}
            Self::Pending { retry_at, .. } if *retry_at > 0 => {}
            Self::Pending { .. } | Self::Matched { .. } | Self::Volume => return None,
        }
        Some(Self::Pending { tries: 0, retry_at: 0, reason: self.reason().cloned() })
    }

    /// What a person's "ignore" makes of it. `None` for what is listed nowhere anyhow.
    pub fn ignored(&self) -> Option<Self> {
        match self {
            Self::Review { .. } | Self::Pending { .. } | Self::Matched { .. } => {
                Some(Self::Ignored { reason: self.reason().cloned() })
            }
            Self::Ignored { .. } | Self::Volume => None,
        }
    }

    /// A person had it tried again, and nothing has come of it yet.
    pub fn is_tried_again_now(&self) -> bool {
        matches!(self, Self::Pending { retry_at: 0, reason: Some(_), .. })
    }
}

/// A file that we can play, and what we know of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: EntryId,
    pub file: VirtualFile,
    /// The name to show and to save it by: the file's own, or one made of its caption; always with an extension.
    pub name: String,
    /// As Telegram said; see `name` for what to trust.
    pub mime: String,
    pub caption: String,
    pub release: Release,
    pub duration_secs: Option<u32>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub status: Status,
    /// Unix seconds of the newest visible post of it.
    pub posted: i64,
    /// Raised by the store whenever caption, name or sources change, so that a slow match never overwrites a newer edit.
    pub revision: u32,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_documents_and_round_trip_as_text() {
        let a = EntryId::from_documents(&[DocumentId(7_000_000_000_001)]);
        assert_eq!(a, EntryId::from_documents(&[DocumentId(7_000_000_000_001)]));
        assert_ne!(a, EntryId::from_documents(&[DocumentId(7_000_000_000_002)]));
        for id in [a, EntryId([0; 12]), EntryId([0xff; 12])] {
            assert_eq!(id.to_string().len(), 17);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn members_have_ids_of_their_own() {
        let [a, b] = [DocumentId(1), DocumentId(2)];
        let ids = [
            EntryId::from_documents(&[a]),
            EntryId::from_documents(&[a, b]),
            EntryId::from_member(&[a], "film.mkv"),
            EntryId::from_member(&[a], "other.mkv"),
            EntryId::from_member(&[a, b], "film.mkv"),
        ];
        for (n, id) in ids.iter().enumerate() {
            assert!(!ids[..n].contains(id));
        }
        assert_eq!(ids[2], EntryId::from_member(&[a], "film.mkv"));
    }

    #[test]
    fn reasons_name_a_few_files() {
        for (count, wanted) in [
            (1, "a volume is missing: forward f1 too"),
            (2, "a volume is missing: forward f1 and f2 too"),
            (4, "a volume is missing: forward f1, f2, f3 and f4 too"),
            (9, "a volume is missing: forward f1, f2, f3 and 6 more too"),
        ] {
            let files = (1..=count).map(|n| format!("f{n}")).collect();
            assert_eq!(Reason::MissingVolumes { files }.to_string(), wanted);
        }
    }

    #[test]
    fn people_decide_what_is_tried_again_and_what_is_ignored() {
        let reason = || Some(Reason::NoTitle);
        let pending = |retry_at, reason| Status::Pending { tries: 0, retry_at, reason };
        let review = Status::Review { reason: Reason::NoTitle };
        let ignored = |reason| Status::Ignored { reason };
        let matched = Status::Matched { title: TitleId(1), places: Vec::new() };
        // status -> tried again, ignored
        let cases = [
            (review, Some(pending(0, reason())), Some(ignored(reason()))),
            (pending(500, reason()), Some(pending(0, reason())), Some(ignored(reason()))),
            (pending(0, reason()), None, Some(ignored(reason()))),
            (Status::fresh(), None, Some(ignored(None))),
            (matched, None, Some(ignored(None))),
            (ignored(reason()), Some(pending(0, reason())), None),
            (ignored(None), Some(Status::fresh()), None),
            (Status::Volume, None, None),
        ];
        for (status, tried_again, ignored) in cases {
            assert_eq!(status.tried_again(), tried_again, "{status:?}");
            assert_eq!(status.ignored(), ignored, "{status:?}");
        }
    }

    #[test]
    fn names_in_reasons_can_be_rewritten() {
        let loud = |reason: Reason| reason.with_names(str::to_uppercase).to_string();
        let cases = [
            (
                Reason::NoMatch { searched: "night".into() },
                "nothing called “NIGHT” was found; put the right title and year, or an IMDb link, into the caption",
            ),
            (
                Reason::Ambiguous { searched: "night".into(), candidates: vec!["a".into(), "b".into()] },
                "“NIGHT” could be A or B; put the right one's IMDb link into the caption",
            ),
            (
                Reason::MissingVolumes { files: vec!["a".into(), "b".into()] },
                "a volume is missing: forward A and B too",
            ),
            (Reason::NoVideo, "no video is inside the archive"),
        ];
        for (reason, wanted) in cases {
            assert_eq!(loud(reason), wanted);
        }
    }

    #[test]
    fn kinds_of_reasons_are_written_as_they_are_read() {
        for kind in ReasonKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.word());
        }
    }

    #[test]
    fn other_text_is_not_an_id() {
        for bad in [
            "",
            "zzzzzzzzzzzzzzzzz",
            "0000000000000000",
            "000000000000000000",
            "0000000000000000é",
            "0000000000000000-",
        ] {
            assert!(bad.parse::<EntryId>().is_err(), "{bad}");
        }
    }
}
