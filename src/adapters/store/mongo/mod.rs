//! The shared backend: MongoDB, for several instances on one catalog. Plain commands only, and no transactions, so that any
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
//! | choice `unfinished` | a choice, made or taken back | give the entry the status that follows |
//! | title `unfinished` | two titles that became one | move its entries on |
//! | channel `toggles` above `settled` | adding or removing it | refresh its entries |
//!
//! Repeating the call finds the marks, and so does [`Mongo::repair`], which runs at the start and after every call that
//! did not come to its end.

mod answers;
mod audit;
mod backup;
mod catalog;
mod changes;
mod channels;
mod choices;
mod codes;
mod collections;
mod entries;
mod error;
mod files;
mod folders;
mod invitations;
mod jobs;
mod lists;
mod passed_over;
mod people;
mod posts;
mod probes;
mod reach;
mod records;
mod refresh;
mod restore;
mod review;
mod sessions;
mod settings;
mod sign_in_links;
mod statistics;
mod subtitles;
mod titles;
mod upgrade_5;
mod usage;
mod volumes;
mod watch;
mod words;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mongodb::bson::{Bson, Document, doc};
use mongodb::options::{ClientOptions, IndexOptions, WriteConcern};
use mongodb::{Client, Collection, Database, IndexModel};

use super::Error;
use super::changes::Told;
use super::page_ends::PageEnds;
use changes::Follower;
use error::{DUPLICATE_KEY, is_duplicate, named};
use records::{ChannelRecord, EntryRecord, SourceRecord, TitleRecord};
use restore::RESTORING;
pub(super) use restore::restore;

pub(super) struct Mongo {
    database: Database,
    titles: Collection<TitleRecord>,
    /// Apart from the titles, which are read by the hundred.
    episodes: Collection<Document>,
    entries: Collection<EntryRecord>,
    sources: Collection<SourceRecord>,
    channels: Collection<ChannelRecord>,
    choices: Collection<Document>,
    rules: Collection<Document>,
    people: Collection<Document>,
    files: Collection<Document>,
    folders: Collection<Document>,
    /// For signing in.
    codes: Collection<Document>,
    invitations: Collection<Document>,
    /// What admins did.
    deeds: Collection<Document>,
    settings: Collection<Document>,
    sessions: Collection<Document>,
    tickets: Collection<Document>,
    answers: Collection<Document>,
    jobs: Collection<Document>,
    statistics: Collection<Document>,
    subtitle_shifts: Collection<Document>,
    collections: Collection<Document>,
    lists: Collection<Document>,
    /// The words of the catalog's titles.
    words: Collection<Document>,
    /// The next title's number.
    counters: Collection<Document>,
    page_ends: PageEnds,
    /// Who wants to know what others change, and what listens for it.
    told: Arc<Told>,
    follower: OnceLock<Follower>,
    /// A write began and did not come to its end: [`Mongo::repair`] has something to look for.
    interrupted: AtomicBool,
}

/// Of the records' form. Raised together with a step in [`Mongo::open`] that brings older ones up.
pub(super) const SCHEMA: i64 = 14;

/// How long the driver looks for a server. Its own default, 30 s, would make every question wait that long.
const SERVER_SELECTION: Duration = Duration::from_secs(5);

/// For one call. The driver itself waits for ever on a connection that went silent.
const PATIENCE: Duration = Duration::from_secs(20);

/// Records that a reader fetches at once when it works on each: a server forgets a cursor that nobody asks for ten minutes, and its own
/// choice, 16 MiB, may be titles for longer.
const AT_A_TIME: u32 = 500;

/// How often a write that lost a race is tried again. Every loss means that another one won.
const TRIES: usize = 50;

impl Mongo {
    pub async fn open(uri: &str) -> Result<Self, Error> {
        let (store, server) = Self::connect(uri).await?;
        with_limit(store.ping()).await.map_err(|e| named(e, &server))?;
        let schema = store.check_schema().await?;
        store.make_indexes().await?;
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
            store.upgrade_to_5().await?;
        }
        if schema < 6 {
            store.upgrade_access().await?;
        }
        if schema < 12 {
            store.file_all_anew().await?;
        }
        if schema < 13 {
            store.find_words().await?;
        }
        if schema < 14 {
            store.find_unprobed().await?;
        }
        let upgraded = doc! { "$set": { "schema": SCHEMA } };
        store.counters.update_one(doc! { "_id": "schema" }, upgraded).await?;
        store.repair().await?;
        store.finish_toggles().await?;
        Ok(store)
    }

    async fn make_indexes(&self) -> Result<(), Error> {
        let mut by_collection: BTreeMap<&str, Vec<IndexModel>> = BTreeMap::new();
        for (collection, index) in indexes() {
            by_collection.entry(collection).or_default().push(index);
        }
        for (collection, indexes) in by_collection {
            self.database.collection::<Document>(collection).create_indexes(indexes).await?;
        }
        Ok(())
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
            choices: database.collection("choices"),
            rules: database.collection("rules"),
            people: database.collection("people"),
            files: database.collection("files"),
            folders: database.collection("folders"),
            codes: database.collection("codes"),
            invitations: database.collection("invitations"),
            deeds: database.collection("deeds"),
            settings: database.collection("settings"),
            sessions: database.collection("sessions"),
            tickets: database.collection("tickets"),
            answers: database.collection("answers"),
            jobs: database.collection("jobs"),
            statistics: database.collection("statistics"),
            subtitle_shifts: database.collection("subtitle_shifts"),
            lists: database.collection("lists"),
            collections: database.collection("collections"),
            words: database.collection("words"),
            counters: database.collection("counters"),
            database,
            page_ends: PageEnds::new(),
            told: Arc::default(),
            follower: OnceLock::new(),
            interrupted: AtomicBool::new(true),
        };
        Ok((store, server))
    }

    /// The schema of the records, which may be an older one.
    async fn check_schema(&self) -> Result<i64, Error> {
        let insert = doc! { "$setOnInsert": { "schema": SCHEMA } };
        self.counters.update_one(doc! { "_id": "schema" }, insert).upsert(true).await?;
        let record = self.counters.find_one(doc! { "_id": "schema" }).await?;
        let record = record.unwrap_or_default();
        if record.contains_key(RESTORING) {
            return Err(Error::broken("a restore into it did not come to its end: run it again"));
        }
        let schema = number(&record, "schema")?;
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
    async fn repair(&self) -> Result<(), Error> {
        if self.interrupted.swap(false, Ordering::AcqRel) {
            let write = self.begin_write();
            self.repair_sources().await?;
            self.repair_titles().await?;
            self.repair_entries().await?;
            self.repair_choices().await?;
            write.done();
        }
        Ok(())
    }

    /// To be called before the first of several writes, and [`UnfinishedWrite::done`] after the last.
    fn begin_write(&self) -> UnfinishedWrite<'_> {
        UnfinishedWrite { interrupted: Some(&self.interrupted) }
    }
}

/// Every index of every collection, each declared by the file whose questions it serves.
fn indexes() -> impl Iterator<Item = (&'static str, IndexModel)> {
    let all = [
        posts::indexes(),
        passed_over::indexes(),
        entries::indexes(),
        probes::indexes(),
        refresh::indexes(),
        volumes::indexes(),
        titles::indexes(),
        catalog::indexes(),
        words::indexes(),
        collections::indexes(),
        lists::indexes(),
        review::indexes(),
        choices::indexes(),
        people::indexes(),
        files::indexes(),
        folders::indexes(),
        codes::indexes(),
        invitations::indexes(),
        audit::indexes(),
        jobs::indexes(),
        statistics::indexes(),
        subtitles::indexes(),
        usage::indexes(),
        expiring_indexes(),
    ];
    all.into_iter().flatten()
}

/// Notes when it is dropped half way, by an error or by a caller that left.
struct UnfinishedWrite<'a> {
    interrupted: Option<&'a AtomicBool>,
}

impl UnfinishedWrite<'_> {
    fn done(mut self) {
        self.interrupted = None;
    }
}

impl Drop for UnfinishedWrite<'_> {
    fn drop(&mut self) {
        if let Some(interrupted) = self.interrupted {
            interrupted.store(true, Ordering::Release);
        }
    }
}

/// Gives a call up that takes longer than [`PATIENCE`].
pub(super) async fn with_limit<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
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

/// Of collections whose records the server removes some time after they expired. Queries look at the time themselves.
fn expiring_indexes() -> Vec<(&'static str, IndexModel)> {
    let expiring = |collection| {
        let options = IndexOptions::builder().expire_after(Duration::ZERO).build();
        index_with(collection, "ttl", doc! { "expires_at": 1 }, options)
    };
    ["tickets", "answers", "sessions", "invitations", "codes", "running", "stops"].into_iter().map(expiring).collect()
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
