//! Domain <-> stored form, the same in both backends. What changes on its own (status, visibility, date) is kept in columns
//! beside the document; the rest is one JSON text. A field added to the domain later needs `#[serde(default)]` there, so
//! that older documents can still be read.

use serde::de::DeserializeOwned;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::{Error, search};
use crate::domain::entry::{self, Entry, EntryId, Named, Probe, Reason, ReasonKind, Recorded, SeriesPart, Status};
use crate::domain::file::VirtualFile;
use crate::domain::rendition::Rendition;
use crate::domain::text;
use crate::domain::title::{Episode, Title, TitleId};
use crate::domain::volumes;
use release_name::Release;

/// The fields of an entry that are only ever replaced together.
#[derive(PartialEq, Serialize, Deserialize)]
pub(super) struct EntryDocument {
    file: VirtualFile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unpacked: Option<u64>,
    pub name: String,
    mime: String,
    pub caption: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    named: Option<Named>,
    #[serde(serialize_with = "what_is_said")]
    release: Release,
    #[serde(default)]
    parser: u16,
    duration_secs: Option<u32>,
    width: Option<u32>,
    height: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    renditions: Vec<Rendition>,
}

/// A release without the fields of which its name says nothing: they are most of it, and half of what a store of ten million files
/// would hold.
fn what_is_said<S: Serializer>(release: &Release, serializer: S) -> Result<S::Ok, S::Error> {
    let fields = |release: &Release| match serde_json::to_value(release) {
        Ok(Value::Object(fields)) => Ok(fields),
        other => Err(S::Error::custom(format!("a release is no object but {other:?}"))),
    };
    let unsaid = fields(&Release::default())?;
    let mut said = fields(release)?;
    said.retain(|name, value| unsaid.get(name) != Some(value));
    said.serialize(serializer)
}

pub(super) fn entry_to_text(entry: &Entry) -> Result<String, Error> {
    to_text(&EntryDocument::from(entry.clone()))
}

/// What is spoken in a stored file, as far as its name says it.
pub(super) fn languages(text: &str) -> Result<Vec<String>, Error> {
    Ok(from_text::<EntryDocument>(text)?.release.languages)
}

/// The same, corrected by what a probe found.
pub(super) fn spoken(named: Vec<String>, probe: Option<&str>) -> Vec<String> {
    match probe.and_then(probe_from_text).as_ref().and_then(Probe::facts) {
        Some(facts) => entry::spoken(&named, facts),
        None => named,
    }
}

/// One that another version wrote and nobody understands counts as none: it is made again.
fn probe_from_text(text: &str) -> Option<Probe> {
    from_text(text).ok()
}

/// Whether what is stored says of the file what `entry` says, however its name was read.
pub(super) fn is_said_already(stored: &str, entry: &Entry) -> Result<bool, Error> {
    let unread = |document| EntryDocument { release: Release::default(), parser: 0, ..document };
    Ok(unread(from_text(stored)?) == unread(EntryDocument::from(entry.clone())))
}

impl From<Entry> for EntryDocument {
    fn from(entry: Entry) -> Self {
        Self {
            file: entry.file,
            unpacked: entry.unpacked,
            name: entry.name,
            mime: entry.mime,
            caption: entry.caption,
            named: entry.named,
            release: entry.release,
            parser: entry.parser,
            duration_secs: entry.duration_secs,
            width: entry.width,
            height: entry.height,
            renditions: entry.renditions,
        }
    }
}

/// When a message was posted, as stores keep and sort it: unix seconds, and the message's number below them. Channels are
/// filled many posts a second, and those have to stand in one order, also when the library is built anew.
pub(super) fn moment(date: i64, message: i32) -> i64 {
    date << MESSAGE_BITS | i64::from(message.max(0))
}

/// The unix seconds of a [`moment`].
pub(super) fn seconds(moment: i64) -> i64 {
    moment >> MESSAGE_BITS
}

/// Message numbers are positive and have 31 bits, so dates have room until the year 2106.
pub(super) const MESSAGE_BITS: u32 = 31;

/// An entry as its columns and texts hold it.
pub(super) struct StoredEntry {
    pub id: EntryId,
    pub document: String,
    pub status: String,
    /// A [`moment`].
    pub posted: i64,
    pub revision: u32,
    pub probe: Option<String>,
}

impl StoredEntry {
    pub fn read(self) -> Result<Entry, Error> {
        let document: EntryDocument = from_text(&self.document)?;
        Ok(Entry {
            id: self.id,
            file: document.file,
            unpacked: document.unpacked,
            name: document.name,
            mime: document.mime,
            caption: document.caption,
            named: document.named,
            release: document.release,
            parser: document.parser,
            duration_secs: document.duration_secs,
            width: document.width,
            height: document.height,
            renditions: document.renditions,
            probe: self.probe.as_deref().and_then(probe_from_text),
            status: from_text(&self.status)?,
            posted: seconds(self.posted),
            revision: self.revision,
        })
    }
}

/// The set that an entry is a volume of, by its name.
pub(super) fn set_of(name: &str) -> Option<String> {
    volumes::read(name).map(|volume| volume.set())
}

/// Why a title was looked for in vain. Of a volume nobody looks for one, so that what stands in a set for one of these reasons
/// is a film of its own.
pub(super) const LACKS_TITLE: [ReasonKind; 3] = [ReasonKind::NotFound, ReasonKind::Ambiguous, ReasonKind::NoEpisode];

/// The volumes that an entry is made of: their posts' own entries.
pub(super) fn parts(entry: &Entry) -> Vec<EntryId> {
    entry.file.volumes().iter().map(|volume| EntryId::from_documents(&[volume.document])).collect()
}

/// A status as the queries need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StatusColumns {
    pub state: State,
    /// Unix seconds; 0 unless pending.
    pub retry_at: i64,
    pub title: Option<TitleId>,
    /// Shown in the catalog "Unmatched".
    pub unmatched: bool,
    /// Shown in the review list.
    pub review: bool,
    /// What keeps it from its title, in the review list and where it is ignored.
    pub why: Option<ReasonKind>,
}

/// Stored as its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Pending = 0,
    Matched = 1,
    Review = 2,
    Volume = 3,
    Ignored = 4,
    Subtitles = 5,
}

impl From<&Status> for StatusColumns {
    fn from(status: &Status) -> Self {
        let why = status.reason().map(Reason::kind);
        let waiting = Self { state: State::Pending, retry_at: 0, title: None, unmatched: true, review: false, why };
        match status {
            Status::Pending { retry_at, reason, .. } => {
                Self { retry_at: *retry_at, review: reason.is_some(), ..waiting }
            }
            Status::Matched { title, .. } => {
                Self { state: State::Matched, title: Some(*title), unmatched: false, ..waiting }
            }
            Status::Review { reason } => Self {
                state: State::Review,
                unmatched: !matches!(
                    reason,
                    Reason::NotVideo { .. }
                        | Reason::Subtitles { .. }
                        | Reason::SubtitlesOfNothing
                        | Reason::BrokenSubtitles { .. }
                ),
                review: reason.kind() != ReasonKind::ByChannel,
                ..waiting
            },
            // They have keys of their own, so that no title is there for its subtitles alone.
            Status::Subtitles { .. } => Self { state: State::Subtitles, unmatched: false, ..waiting },
            Status::Volume => Self { state: State::Volume, unmatched: false, ..waiting },
            Status::Ignored { .. } => Self { state: State::Ignored, unmatched: false, ..waiting },
        }
    }
}

/// What recording a post changes for its entry. `stored` is name and caption as they are kept; `newest`, whether the message is the
/// newest that carries the entry; `known`, whether it carried this entry before.
pub(super) fn recorded(stored: Option<(&str, &str)>, entry: &Entry, newest: bool, known: bool) -> Recorded {
    match stored {
        None => Recorded::New,
        Some(stored) if newest && stored != (&entry.name, &entry.caption) => Recorded::Changed,
        Some(_) if !known => Recorded::AnotherSource,
        Some(_) => Recorded::Known,
    }
}

/// The revision of an entry never seen before. Random, so that a match begun before the entry was deleted cannot
/// be taken for one of the entry posted again.
pub(super) fn first_revision() -> Result<u32, Error> {
    Ok(getrandom::u32().map_err(|e| Error::broken(e.to_string()))? >> 2 | 1)
}

/// A part of a series as (season, number). A pack has no number: [`PACK`].
pub(super) fn part_to_numbers(place: SeriesPart) -> (i64, i64) {
    match place {
        SeriesPart::Episode { season, number } => (season.into(), number.into()),
        SeriesPart::Season { season } => (season.into(), PACK),
    }
}

/// Stands where a pack would have its episode number: episodes 0 exist.
pub(super) const PACK: i64 = -1;

pub(super) fn part_from_numbers(season: i64, number: i64) -> Result<SeriesPart, Error> {
    let small = |n: i64| u16::try_from(n).map_err(Error::broken);
    Ok(match number {
        PACK => SeriesPart::Season { season: small(season)? },
        _ => SeriesPart::Episode { season: small(season)?, number: small(number)? },
    })
}

/// A title's two texts: without its episodes, and the episodes. Catalog pages read only the first: a long series has
/// hundreds of kilobytes of episodes.
pub(super) fn title_to_texts(title: &Title) -> Result<(String, String), Error> {
    let slim = Title { episodes: Vec::new(), ..title.clone() };
    Ok((to_text(&slim)?, to_text(&title.episodes)?))
}

pub(super) fn title_from_text(text: &str) -> Result<Title, Error> {
    from_text(text)
}

pub(super) fn title_from_texts(text: &str, episodes: &str) -> Result<Title, Error> {
    let episodes: Vec<Episode> = from_text(episodes)?;
    Ok(Title { episodes, ..from_text(text)? })
}

/// An entry's document, and what follows from it, with the text that it holds from outside cleaned.
pub(super) struct CleanEntry {
    pub text: String,
    pub words: String,
    pub volume_of: Option<String>,
}

/// Of versions that kept text from outside as it came. `None` when it was clean.
pub(super) fn clean_entry(text: &str) -> Result<Option<CleanEntry>, Error> {
    let Some(entry) = cleaned::<EntryDocument>(text)? else { return Ok(None) };
    Ok(Some(CleanEntry {
        text: to_text(&entry)?,
        words: search::fold(&format!("{} {}", entry.name, entry.caption)),
        volume_of: set_of(&entry.name),
    }))
}

/// The same for a status.
pub(super) fn clean_status(text: &str) -> Result<Option<String>, Error> {
    cleaned::<Status>(text)?.map(|status| to_text(&status)).transpose()
}

/// The same for a title's two texts, which come back as they are when they were clean.
pub(super) fn clean_title(text: &str, episodes: &str) -> Result<(String, String), Error> {
    let title = cleaned::<Title>(text)?.map(|title| to_text(&title)).transpose()?;
    let clean_episodes = cleaned::<Vec<Episode>>(episodes)?.map(|episodes| to_text(&episodes)).transpose()?;
    Ok((title.unwrap_or_else(|| text.to_owned()), clean_episodes.unwrap_or_else(|| episodes.to_owned())))
}

fn cleaned<T: DeserializeOwned>(text: &str) -> Result<Option<T>, Error> {
    let mut value: Value = from_text(text)?;
    match clean("", &mut value) {
        true => serde_json::from_value(value).map(Some).map_err(Error::broken),
        false => Ok(None),
    }
}

/// Whether anything was changed. `field`: where the value stands.
fn clean(field: &str, value: &mut Value) -> bool {
    match value {
        Value::String(text) => {
            let clean = match field {
                "caption" => text::lines(text, text::CAPTION),
                "plot" | "overview" => text::lines(text, text::PLOT),
                _ => text::line(text, text::PLOT),
            };
            let is_changed = clean != *text;
            *text = clean;
            is_changed
        }
        Value::Array(values) => values.iter_mut().fold(false, |changed, value| clean(field, value) | changed),
        Value::Object(fields) => fields.iter_mut().fold(false, |changed, (field, value)| clean(field, value) | changed),
        _ => false,
    }
}

pub(super) fn to_text(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::broken)
}

pub(super) fn from_text<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(Error::broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file::Volume;
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;

    #[test]
    fn what_a_name_does_not_say_is_not_kept_and_is_read_as_before() {
        let release =
            Release { title: "Night".to_owned(), languages: vec!["de".to_owned()], proper: true, ..Release::default() };
        let entry = EntryDocument {
            file: VirtualFile::single(Volume { document: DocumentId(7), dc: Dc(4), size: 1 }),
            unpacked: None,
            name: "Night.mkv".to_owned(),
            mime: "video/x-matroska".to_owned(),
            caption: String::new(),
            named: None,
            release,
            parser: 1,
            duration_secs: None,
            width: None,
            height: None,
            renditions: Vec::new(),
        };
        let text = to_text(&entry).expect("it can be written");
        let stored: Value = from_text(&text).expect("JSON");
        assert_eq!(stored["release"], serde_json::json!({ "title": "Night", "languages": ["de"], "proper": true }));
        assert!(from_text::<EntryDocument>(&text).expect("it can be read") == entry);
        let whole = text.replace(r#""proper":true"#, r#""proper":true,"subbed":false,"group":null"#);
        assert!(from_text::<EntryDocument>(&whole).expect("of a version before") == entry);
    }
}
