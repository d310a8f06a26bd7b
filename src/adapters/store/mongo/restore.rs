//! Fills MongoDB with a backup. It has no moment at which one store becomes another: a mark in the schema's record says that it is not
//! complete, and nothing opens a store that has it.
//!
//! A backup of an older version, and one that was read while its store changed, goes through an embedded store in the data folder, whose
//! steps and repairs it then has behind it.

use std::collections::BTreeSet;
use std::io::{Read, Seek};
use std::path::Path;

use futures_util::{StreamExt, TryStreamExt};
use mongodb::bson::{Bson, Document, doc};
use tokio::sync::mpsc;

use super::backup::{Mapping, NUMBER, PARTS, TITLES, fields_of, mapping, number_field};
use super::entries::places;
use super::error::named;
use super::posts::is_insert_race;
use super::titles::popularity;
use super::{AT_A_TIME, Mongo, SCHEMA, number, with_limit};
use crate::adapters::store::backup::kinds::{KEPT, Kind, LEFT_OUT, NUMBERS};
use crate::adapters::store::backup::row::{Cell, Row};
use crate::adapters::store::backup::{BackupError, Contents, Header, Part, WAITING, Watch, contents, reader};
use crate::adapters::store::{Error, document, embedded, search, subtitles};
use crate::domain::entry::{EntryId, Status};

/// Titles filed at once. The driver keeps ten connections.
const AT_ONCE: usize = 8;
/// An instance that sends a file says so every few seconds.
const SILENT_SECS: i64 = 60;

/// A backup says one number, whichever store it is of.
const _: () = assert!(SCHEMA == embedded::SCHEMA as i64);

/// Collections of MongoDB alone: a title's episodes, who watches, and how far that one is, which belongs to instances that worked with
/// the old store.
const OF_MONGO: [&str; 3] = ["episodes", "leases", "watch_records"];

/// Of the record of the schema, while a restore has not come to its end.
pub(super) const RESTORING: &str = "restoring";

impl Mongo {
    pub async fn is_taken(uri: &str) -> Result<bool, Error> {
        let (store, server) = Self::connect(uri).await?;
        let schema = store.counters.find_one(doc! { "_id": "schema" }).await;
        let schema = schema.map_err(|e| named(e.into(), &server))?;
        Ok(schema.is_some_and(|schema| !schema.contains_key(RESTORING)))
    }

    pub async fn is_in_use(uri: &str, now: i64) -> Result<bool, Error> {
        let (store, server) = Self::connect(uri).await?;
        let running = doc! { "state": 2, "lease_ends": { "$gt": now } };
        let job = store.jobs.find_one(running).await.map_err(|e| named(e.into(), &server))?;
        let sends = doc! { "at": { "$gt": now.saturating_sub(SILENT_SECS) }, "streams": { "$ne": "[]" } };
        let instance = store.database.collection::<Document>("running").find_one(sends).await?;
        let watch = store.database.collection::<Document>("leases").find_one(doc! { "ends": { "$gt": now } }).await?;
        Ok(job.is_some() || instance.is_some() || watch.is_some())
    }

    /// Removes whatever a store has, and leaves the mark.
    async fn begin_restore(&self) -> Result<(), Error> {
        let mark = doc! { "$set": { "schema": SCHEMA, RESTORING: true } };
        self.counters.update_one(doc! { "_id": "schema" }, mark).upsert(true).await?;
        let left_out = LEFT_OUT.iter().map(|(name, _)| *name);
        let ours = KEPT.iter().map(|kind| kind.name).chain(left_out).chain(OF_MONGO);
        // Of names that only the embedded store has, there is none.
        for name in ours.filter(|name| !name.contains('.')) {
            self.database.collection::<Document>(name).drop().await?;
        }
        self.counters.delete_many(doc! { "_id": { "$ne": "schema" } }).await?;
        // Before the records: of two that cannot be there together the second one is refused, and named.
        self.make_indexes().await
    }

    async fn finish_restore(&self, watch: &Watch) -> Result<(), BackupError> {
        let titles = self.titles.clone_with_type::<Document>();
        let there = titles.find(doc! { "merged_into": { "$exists": false } }).projection(doc! { "_id": 1 });
        let there = there.batch_size(AT_A_TIME).await?;
        let filed = there.map_err(Error::from).map(|title: Result<Document, Error>| async move {
            watch.check().map_err(|_| Error::unavailable("stopped"))?;
            self.refresh_title(number(&title?, "_id")?).await
        });
        filed.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
        let last = titles.find_one(doc! {}).sort(doc! { "_id": -1 }).await?;
        if let Some(last) = last {
            let last = number(&last, "_id")?;
            self.counters.update_one(doc! { "_id": "titles" }, doc! { "$set": { "last": last } }).upsert(true).await?;
        }
        let done = doc! { "$unset": { RESTORING: "" } };
        self.counters.update_one(doc! { "_id": "schema" }, done).await?;
        Ok(())
    }

    /// Stores what comes until its end.
    async fn fill(
        &self,
        received: &mut mpsc::Receiver<Part>,
        watch: &Watch,
        before: impl FnOnce() -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let mut section: Option<Section> = None;
        let mut before = Some(before);
        loop {
            let part = received.recv().await.ok_or(BackupError::Stopped)?;
            // Not before something comes: whoever reads the file has looked at all of it then.
            if let Some(before) = before.take() {
                before()?;
                with_limit(self.begin_restore()).await?;
            }
            match (part, &section) {
                (Part::Section(kind, fields), _) => section = Some(Section::of(kind, &fields)?),
                (Part::Rows(rows), Some(section)) => {
                    self.put_rows(section, &rows).await?;
                    watch.add(rows.len())?;
                }
                (Part::Rows(_), None) => return Err(BackupError::damaged("records before their section")),
                (Part::End, _) => return Ok(()),
            }
        }
    }

    async fn insert(&self, collection: &str, records: Vec<Document>) -> Result<(), BackupError> {
        if records.is_empty() {
            return Ok(());
        }
        let inserted = self.database.collection::<Document>(collection).insert_many(records).ordered(false).await;
        match inserted {
            Err(error) if is_insert_race(&error) => {
                Err(BackupError::damaged(format!("of its {collection} two cannot be there together")))
            }
            inserted => Ok(inserted.map(drop)?),
        }
    }

    async fn put_rows(&self, section: &Section, rows: &[Row]) -> Result<(), BackupError> {
        match section.kind {
            "parts" => self.put_parts(section, rows).await,
            "titles" => self.put_titles(section, rows).await,
            NUMBERS => self.put_numbers(section, rows).await,
            kind => {
                let mapping = section.mapping.ok_or_else(|| unfit(kind))?;
                let records = rows.iter().map(|row| {
                    let record = mapping.document(|at| section.cell(row, at)).map_err(BackupError::damaged)?;
                    completed(kind, record)
                });
                self.insert(kind, records.collect::<Result<_, _>>()?).await
            }
        }
    }

    /// Which entries are made of volumes. Of which, and in which order, their documents say.
    async fn put_parts(&self, section: &Section, rows: &[Row]) -> Result<(), BackupError> {
        let mut made = BTreeSet::new();
        for row in rows {
            let entry = PARTS[1].bson(section.cell(row, 1)).map_err(BackupError::damaged)?;
            made.extend(entry.as_ref().and_then(Bson::as_str).map(str::to_owned));
        }
        for id in made {
            let stored = self.entries.find_one(doc! { "_id": &id }).await?.ok_or_else(|| unfit("parts"))?;
            let parts: Vec<String> = document::parts(&stored.read()?).iter().map(EntryId::to_string).collect();
            self.entries.update_one(doc! { "_id": id }, doc! { "$set": { "parts": parts } }).await?;
        }
        Ok(())
    }

    async fn put_titles(&self, section: &Section, rows: &[Row]) -> Result<(), BackupError> {
        let (mut titles, mut episodes) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for row in rows {
            let mut record = doc! { "version": 1_i64 };
            for (at, field) in TITLES.iter().enumerate() {
                let Some(value) = field.bson(section.cell(row, at)).map_err(BackupError::damaged)? else { continue };
                record.insert(if field.name == "id" { "_id" } else { field.name }, value);
            }
            let id = record.get("_id").cloned().ok_or_else(|| unfit("titles"))?;
            let text = record.remove("episodes").ok_or_else(|| unfit("titles"))?;
            let title = document::title_from_text(record.get_str("document").map_err(Error::broken)?)?;
            // What the embedded store keeps of them may be cut.
            record.extend(doc! { "popularity": popularity(&title), "names": search::names(&title) });
            titles.push(record);
            episodes.push(doc! { "_id": id, "text": text });
        }
        self.insert("episodes", episodes).await?;
        self.insert("titles", titles).await
    }

    async fn put_numbers(&self, section: &Section, rows: &[Row]) -> Result<(), BackupError> {
        for row in rows {
            let of = |at: usize| NUMBER[at].bson(section.cell(row, at)).map_err(BackupError::damaged);
            let (Some(Bson::String(name)), Some(last)) = (of(0)?, of(1)?) else { return Err(unfit(NUMBERS)) };
            let set = doc! { "$set": { number_field(&name): last } };
            self.counters.update_one(doc! { "_id": name }, set).upsert(true).await?;
        }
        Ok(())
    }
}

/// Of which kind records are, and where each of our fields stands in their rows.
struct Section {
    kind: &'static str,
    mapping: Option<&'static Mapping>,
    places: Vec<Option<usize>>,
}

impl Section {
    fn of(kind: &'static Kind, fields: &[String]) -> Result<Self, BackupError> {
        let ours = fields_of(kind);
        if fields.iter().any(|field| !ours.iter().any(|ours| ours.name == field)) {
            return Err(BackupError::damaged(format!("its {} have fields that nobody knows", kind.name)));
        }
        let places = ours.iter().map(|ours| fields.iter().position(|field| ours.name == field)).collect();
        Ok(Self { kind: kind.name, mapping: mapping(kind.name), places })
    }

    /// Of the field at a place among ours.
    fn cell<'a>(&self, row: &'a Row, at: usize) -> &'a Cell {
        self.places.get(at).copied().flatten().and_then(|at| row.get(at)).unwrap_or(&Cell::None)
    }
}

/// Adds what follows from a record.
fn completed(kind: &str, mut record: Document) -> Result<Document, BackupError> {
    match kind {
        "people" => drop(record.insert("removed", !record.contains_key("name_key"))),
        "file_usage" | "watched" => drop(record.insert("links", 0_i64)),
        "sources" => drop(record.insert("gone", false)),
        "entries" => {
            let status: Status = document::from_text(record.get_str("status").map_err(Error::broken)?)?;
            record.insert("version", 1_i64);
            record.insert("places", places(&status));
            let keys = subtitles::keys(&status);
            if !keys.is_empty() {
                record.insert("subtitles", keys);
            }
        }
        _ => {}
    }
    Ok(record)
}

fn unfit(kind: &str) -> BackupError {
    BackupError::damaged(format!("its {kind} cannot be read"))
}

/// Replaces whatever stands at a place. `data_dir`: where an older backup is worked on.
pub(in crate::adapters::store) async fn restore<R>(
    uri: &str,
    data_dir: &Path,
    (header, file): (&Header, R),
    watch: &Watch,
    before: impl FnOnce() -> Result<(), BackupError>,
) -> Result<Contents, BackupError>
where
    R: Read + Seek + Send + 'static,
{
    let (store, server) = Mongo::connect(uri).await?;
    with_limit(store.ping()).await.map_err(|e| named(e, &server))?;
    let (parts, mut received) = mpsc::channel(WAITING);
    let is_direct = i64::from(header.schema) == SCHEMA && !header.may_dangle();
    let (header, workshop, stop) = (header.clone(), data_dir.to_owned(), watch.clone());
    let reading = tokio::task::spawn_blocking(move || match is_direct {
        true => send_all(file, &parts),
        false => embedded::through(&workshop, &header, file, &stop, &parts),
    });
    let filled = store.fill(&mut received, watch, before).await;
    drop(received);
    let contents = reading.await.map_err(Error::broken)?;
    match (filled, contents) {
        (Err(error), Ok(_) | Err(BackupError::Stopped)) => Err(error),
        (_, contents) => {
            let contents = contents?;
            store.finish_restore(watch).await?;
            Ok(contents)
        }
    }
}

/// All of a file is looked at before the first record goes out.
fn send_all<R: Read + Seek>(mut file: R, parts: &mpsc::Sender<Part>) -> Result<Contents, BackupError> {
    contents(&mut file)?;
    let mut reader = reader(&mut file)?;
    while let Some(part) = reader.next()? {
        parts.blocking_send(part).map_err(|_| BackupError::Stopped)?;
    }
    parts.blocking_send(Part::End).map_err(|_| BackupError::Stopped)?;
    Ok(reader.contents)
}
