//! The shared home: MongoDB, for several instances on one catalog. Plain commands only, and no transactions, so that any
//! server that speaks MongoDB will do.
//!
//! # How writes stay whole without transactions
//!
//! What is worked out from other records (an entry's visibility, a title's place in the catalog) is written by
//! `refresh_entry` and `refresh_title` alone. Both read the record's `version` first, then what it depends on, and write
//! only if the version is still the same, raising it every time. Whoever changes a record that others depend on
//! refreshes those afterwards; of two that do so at once, the later one has seen both changes.
//!
//! A crash between two writes leaves a mark that was made with the first of them:
//!
//! | mark | left by | says |
//! | --- | --- | --- |
//! | source `unfinished` | a deleted or re-pointed message | refresh the entry that it left, then forget the mark |
//! | entry `unfiled` | a new status | refresh these titles |
//! | title `unfinished` | two titles that became one | move its entries on |
//! | channel `toggles` above `settled` | adding or removing it | refresh its entries |
//!
//! Repeating the call finds the marks, and so does [`Mongo::mend`], which runs at the start and after every call that
//! did not come to its end.

mod channels;
mod people;
mod posts;
mod questions;
mod renew;
mod review;
mod sessions;
mod titles;
mod volumes;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use mongodb::error::{ErrorKind, WriteFailure};
use mongodb::options::{ClientOptions, IndexOptions, WriteConcern};
use mongodb::{Client, Collection, Database, IndexModel};
use serde::{Deserialize, Serialize};

use super::Error;
use super::document::StoredEntry;
use super::marks::Marks;

pub(super) struct Mongo {
    database: Database,
    titles: Collection<TitleRecord>,
    /// Apart from the titles, which are read by the hundred.
    episodes: Collection<Document>,
    entries: Collection<EntryRecord>,
    sources: Collection<SourceRecord>,
    channels: Collection<ChannelRecord>,
    people: Collection<Document>,
    settings: Collection<Document>,
    sessions: Collection<Document>,
    tickets: Collection<Document>,
    answers: Collection<Document>,
    /// The next title's number.
    counters: Collection<Document>,
    marks: Marks,
    /// A write began and did not come to its end: [`Mongo::mend`] has something to look for.
    interrupted: AtomicBool,
}

/// A title that is not filed in the catalog has none of `cat`, `latest`, `rating` and `grams`.
#[derive(Clone, Serialize, Deserialize)]
struct TitleRecord {
    #[serde(rename = "_id")]
    id: i64,
    version: i64,
    kind: String,
    // Absent ids must be absent, not null: the unique indexes look at what is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    imdb: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tmdb: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<i64>,
    names: String,
    popularity: i64,
    document: String,
}

#[derive(Clone, Serialize, Deserialize)]
struct EntryRecord {
    /// The entry's id as text: it sorts as the bytes do.
    #[serde(rename = "_id")]
    id: String,
    version: i64,
    revision: i64,
    state: i32,
    retry_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<i64>,
    /// `season/number`.
    places: Vec<String>,
    unmatched: bool,
    review: bool,
    /// The kind of its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    visible: bool,
    posted: i64,
    status: String,
    words: String,
    document: String,
    /// Titles whose place in the catalog may not know of this entry's status yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unfiled: Vec<i64>,
    /// The set that it is a volume of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    volume_of: Option<String>,
    /// The volumes that it is made of. Empty for entries with messages of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<String>,
    /// It is no longer made of its volumes, and is about to be removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
}

impl EntryRecord {
    fn read(self) -> Result<crate::domain::entry::Entry, Error> {
        let stored = StoredEntry {
            id: self.id.parse().map_err(Error::broken)?,
            document: self.document,
            status: self.status,
            posted: self.posted,
            revision: u32::try_from(self.revision).map_err(Error::broken)?,
        };
        stored.read()
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct SourceRecord {
    /// `chat/message`.
    #[serde(rename = "_id")]
    id: String,
    chat: i64,
    message: i32,
    entry: String,
    document: i64,
    date: i64,
    album: Option<i64>,
    /// The message was deleted: nobody sees it any more.
    #[serde(default)]
    gone: bool,
    /// The entry that it carried before, while that one may not know of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<String>,
    /// Present while `gone` or `left` is not dealt with.
    #[serde(skip_serializing_if = "Option::is_none")]
    unfinished: Option<bool>,
}

#[derive(Clone, Serialize, Deserialize)]
struct ChannelRecord {
    #[serde(rename = "_id")]
    chat: i64,
    title: String,
    active: bool,
    toggles: i64,
    settled: i64,
}

/// Of the records' form. Raised together with a step in [`Mongo::open`] that brings older ones up.
const SCHEMA: i64 = 5;

/// How long the driver looks for a server. Its own default, 30 s, would make every question wait that long.
const SERVER_SELECTION: Duration = Duration::from_secs(5);

/// For one call. The driver itself waits for ever on a connection that went silent.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a write that lost a race is tried again. Every loss means that another one won.
const TRIES: usize = 50;

impl Mongo {
    pub async fn open(uri: &str) -> Result<Self, Error> {
        let (store, server) = Self::connect(uri).await?;
        patiently(store.ping()).await.map_err(|e| named(e, &server))?;
        let schema = store.check_schema().await?;
        let indexes = [
            titles::indexes(),
            posts::indexes(),
            volumes::indexes(),
            questions::indexes(),
            review::indexes(),
            people::indexes(),
        ];
        let mut by_collection: BTreeMap<&str, Vec<IndexModel>> = BTreeMap::new();
        for (collection, index) in indexes.into_iter().flatten() {
            by_collection.entry(collection).or_default().push(index);
        }
        for (collection, indexes) in by_collection {
            store.database.collection::<Document>(collection).create_indexes(indexes).await?;
        }
        if schema < 2 {
            store.find_volumes().await?;
        }
        if schema < 3 {
            store.key_names().await?;
        }
        if schema < 4 {
            store.find_reasons().await?;
        }
        if schema < 5 {
            store.renew().await?;
        }
        let upgraded = doc! { "$set": { "schema": SCHEMA } };
        store.counters.update_one(doc! { "_id": "schema" }, upgraded).await?;
        store.mend().await?;
        store.finish_toggles().await?;
        Ok(store)
    }

    /// Whether there is a store at an address. Makes nothing.
    pub async fn is_at(uri: &str) -> Result<bool, Error> {
        let (store, server) = Self::connect(uri).await?;
        let schema = store.counters.find_one(doc! { "_id": "schema" }).await;
        schema.map(|found| found.is_some()).map_err(|e| named(e.into(), &server))
    }

    /// The store at an address, and the server's name for messages. Asks nobody yet, unless a name server.
    async fn connect(uri: &str) -> Result<(Self, String), Error> {
        let mut options =
            ClientOptions::parse(uri).await.map_err(|e| named(e.into(), "the address in DATABASE_URL"))?;
        options.app_name.get_or_insert_with(|| "cinepost".to_owned());
        options.server_selection_timeout.get_or_insert(SERVER_SELECTION);
        options.connect_timeout.get_or_insert(SERVER_SELECTION);
        options.write_concern.get_or_insert_with(WriteConcern::majority);
        let server = options.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let client = Client::with_options(options).map_err(Error::broken)?;
        let database = client.default_database().unwrap_or_else(|| client.database("cinepost"));
        let store = Self {
            titles: database.collection("titles"),
            episodes: database.collection("episodes"),
            entries: database.collection("entries"),
            sources: database.collection("sources"),
            channels: database.collection("channels"),
            people: database.collection("people"),
            settings: database.collection("settings"),
            sessions: database.collection("sessions"),
            tickets: database.collection("tickets"),
            answers: database.collection("answers"),
            counters: database.collection("counters"),
            database,
            marks: Marks::new(),
            interrupted: AtomicBool::new(true),
        };
        Ok((store, server))
    }

    /// The schema of the records, which may be an older one.
    async fn check_schema(&self) -> Result<i64, Error> {
        let insert = doc! { "$setOnInsert": { "schema": SCHEMA } };
        self.counters.update_one(doc! { "_id": "schema" }, insert).upsert(true).await?;
        let record = self.counters.find_one(doc! { "_id": "schema" }).await?;
        let schema = number(&record.unwrap_or_default(), "schema")?;
        if !(1..=SCHEMA).contains(&schema) {
            let problem = format!("another cinepost (schema {schema}) made it; this one knows schemas up to {SCHEMA}");
            return Err(Error::broken(problem));
        }
        Ok(schema)
    }

    pub async fn ping(&self) -> Result<(), Error> {
        self.database.run_command(doc! { "ping": 1 }).await?;
        Ok(())
    }

    /// Finishes what calls that did not come to their end left half done.
    async fn mend(&self) -> Result<(), Error> {
        if self.interrupted.swap(false, Ordering::AcqRel) {
            let begun = self.begin();
            self.mend_sources().await?;
            self.mend_titles().await?;
            self.mend_entries().await?;
            begun.done();
        }
        Ok(())
    }

    /// To be called before the first of several writes, and [`Begun::done`] after the last.
    fn begin(&self) -> Begun<'_> {
        Begun { interrupted: Some(&self.interrupted) }
    }
}

/// Notes when it is dropped half way, by an error or by a caller that left.
struct Begun<'a> {
    interrupted: Option<&'a AtomicBool>,
}

impl Begun<'_> {
    fn done(mut self) {
        self.interrupted = None;
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let Some(interrupted) = self.interrupted {
            interrupted.store(true, Ordering::Release);
        }
    }
}

/// Gives a call up that takes longer than [`PATIENCE`].
pub(super) async fn patiently<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = || Error::unavailable(format!("no answer within {} s", PATIENCE.as_secs()));
    tokio::time::timeout(PATIENCE, call).await.unwrap_or_else(|_| Err(late()))
}

/// A whole number, however wide the server or somebody's tool wrote it.
fn number(record: &Document, field: &str) -> Result<i64, Error> {
    match record.get(field) {
        Some(Bson::Int64(number)) => Ok(*number),
        Some(Bson::Int32(number)) => Ok(i64::from(*number)),
        other => Err(Error::broken(format!("{field} is not a number but {other:?}"))),
    }
}

fn contended() -> Error {
    Error::unavailable("others kept changing the same record")
}

fn index(collection: &'static str, name: &str, keys: Document) -> (&'static str, IndexModel) {
    index_with(collection, name, keys, IndexOptions::default())
}

fn index_with(
    collection: &'static str,
    name: &str,
    keys: Document,
    mut options: IndexOptions,
) -> (&'static str, IndexModel) {
    options.name = Some(name.to_owned());
    (collection, IndexModel::builder().keys(keys).options(options).build())
}

const DUPLICATE_KEY: i32 = 11000;

/// Whether a write failed because somebody else inserted the same key first.
fn is_duplicate(error: &mongodb::error::Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE_KEY,
        ErrorKind::Command(error) => error.code == DUPLICATE_KEY,
        _ => false,
    }
}

/// What went wrong, without the driver's account of every server and label.
fn words(error: &mongodb::error::Error) -> String {
    match error.kind.as_ref() {
        ErrorKind::Io(error) => error.to_string(),
        ErrorKind::ServerSelection { message, .. } => {
            // `… Error: Kind: I/O error: Connection refused (os error 111), labels: {…} …`
            let cause = message.split("I/O error: ").nth(1).and_then(|rest| rest.split(", labels").next());
            cause.unwrap_or("no server that may be written to answers").to_owned()
        }
        ErrorKind::Authentication { message, .. } => format!("it refuses the user or the password: {message}"),
        kind => kind.to_string(),
    }
}

/// An error of the first question, with the server's name and what mends it.
fn named(error: Error, server: &str) -> Error {
    const CHECK: &str = "check that MongoDB runs there and takes connections from here, and the host, user and password in \
                         DATABASE_URL";
    match error {
        Error::Unavailable(why) => Error::unavailable(format!("MongoDB at {server}: {why}; {CHECK}")),
        Error::Broken(why) => Error::broken(format!("MongoDB at {server}: {why}; {CHECK}")),
    }
}

/// Server errors that mean "not now": no primary, stepping down, shutting down, interrupted, out of time.
const NOT_NOW: &[i32] = &[6, 7, 50, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];

impl From<mongodb::error::Error> for Error {
    fn from(error: mongodb::error::Error) -> Self {
        let not_now = match error.kind.as_ref() {
            ErrorKind::Io(_)
            | ErrorKind::ServerSelection { .. }
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::DnsResolve { .. } => true,
            ErrorKind::Command(error) => NOT_NOW.contains(&error.code),
            _ => error.contains_label("RetryableWriteError"),
        };
        if not_now { Self::unavailable(words(&error)) } else { Self::broken(words(&error)) }
    }
}
