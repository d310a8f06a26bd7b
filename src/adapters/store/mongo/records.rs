//! The records of each collection, and how values are written into those without a form of their own.

use mongodb::Collection;
use mongodb::bson::{Bson, DateTime, Document, doc};
use serde::{Deserialize, Serialize};

use super::number;
use crate::adapters::store::Error;
use crate::adapters::store::document::StoredEntry;
use crate::domain::entry::Entry;
use crate::domain::person::PersonId;

/// A title that is not filed in the catalog has none of `cat`, `latest`, `rating` and `tokens`.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct TitleRecord {
    #[serde(rename = "_id")]
    pub id: i64,
    pub version: i64,
    pub kind: String,
    // Absent ids must be absent, not null: the unique indexes look at what is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imdb: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tmdb: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<i64>,
    pub names: String,
    pub popularity: i64,
    pub document: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct EntryRecord {
    /// The entry's id as text: it sorts as the bytes do.
    #[serde(rename = "_id")]
    pub id: String,
    pub version: i64,
    pub revision: i64,
    pub state: i32,
    pub retry_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<i64>,
    /// `season/number`.
    pub places: Vec<String>,
    pub unmatched: bool,
    pub review: bool,
    /// The kind of its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    pub visible: bool,
    pub posted: i64,
    pub status: String,
    pub words: String,
    pub document: String,
    /// Titles whose place in the catalog may not know of this entry's status yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfiled: Vec<i64>,
    /// The set that it is a volume of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume_of: Option<String>,
    /// The volumes that it is made of. Empty for entries with messages of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// It is no longer made of its volumes, and is about to be removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<String>,
    /// Which reader made it, 0 for none.
    #[serde(default)]
    pub probed_by: i32,
    #[serde(default)]
    pub probe_tries: i64,
    /// Not before then.
    #[serde(default)]
    pub probe_at: i64,
}

impl EntryRecord {
    pub fn read(self) -> Result<Entry, Error> {
        let stored = StoredEntry {
            id: self.id.parse().map_err(Error::broken)?,
            document: self.document,
            status: self.status,
            posted: self.posted,
            revision: u32::try_from(self.revision).map_err(Error::broken)?,
            probe: self.probe,
        };
        stored.read()
    }
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SourceRecord {
    /// `chat/message`.
    #[serde(rename = "_id")]
    pub id: String,
    pub chat: i64,
    pub message: i32,
    pub entry: String,
    pub document: i64,
    pub date: i64,
    pub album: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i32>,
    /// The message was deleted: nobody sees it any more.
    #[serde(default)]
    pub gone: bool,
    /// The entry that it carried before, while that one may not know of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// Present while `gone` or `left` is not dealt with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<bool>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ChannelRecord {
    #[serde(rename = "_id")]
    pub chat: i64,
    pub title: String,
    pub active: bool,
    pub toggles: i64,
    pub settled: i64,
    /// What the owner says of it, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
}

pub(super) async fn put(collection: &Collection<Document>, id: impl Into<Bson>, set: Document) -> Result<(), Error> {
    collection.update_one(doc! { "_id": id.into() }, doc! { "$set": set }).upsert(true).await?;
    Ok(())
}

/// A person's number, which may be absent or null.
pub(super) fn person(record: &Document, field: &str) -> Result<Option<PersonId>, Error> {
    match record.get(field) {
        None | Some(Bson::Null) => Ok(None),
        Some(_) => u32::try_from(number(record, field)?).map(|id| Some(PersonId(id))).map_err(Error::broken),
    }
}

pub(super) fn value(record: Option<Document>) -> Result<Option<String>, Error> {
    record.map(|record| record.get_str("value").map(str::to_owned).map_err(Error::broken)).transpose()
}

pub(super) fn expiry(expires: i64) -> Document {
    doc! { "expires": expires, "expires_at": DateTime::from_millis(expires.saturating_mul(1000)) }
}

/// Of a collection with an [`expiry`]. The server does the same, in its own time and without counting.
pub(super) async fn remove_expired(collection: &Collection<Document>, now: i64) -> Result<u64, Error> {
    let expired = doc! { "expires_at": { "$lte": DateTime::from_millis(now.saturating_mul(1000)) } };
    Ok(collection.delete_many(expired).await?.deleted_count)
}
