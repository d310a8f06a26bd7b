//! Volumes, and the entries that are made of them.
//!
//! An entry made of volumes names them in `parts`; `refresh_entry` keeps it, and keeps it visible, while all of them are.
//! `join` writes the volumes' statuses last: when it is cut off before that, they are still pending, and ingest joins them again.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use super::entries::{entry_record, replaced, status_fields};
use super::records::EntryRecord;
use super::{AT_A_TIME, Mongo, TRIES, contended, index_with, is_duplicate};
use crate::adapters::store::Error;
use crate::adapters::store::document::{self, EntryDocument, State};
use crate::adapters::store::entries::EntriesBackend;
use crate::adapters::store::volumes::VolumesBackend;
use crate::domain::entry::{Entry, EntryId, Source, Status};
use crate::domain::volumes::Joined;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let sparse = || IndexOptions::builder().sparse(true).build();
    vec![
        // in_set, join, reopen_set
        index_with("entries", "volume_of", doc! { "volume_of": 1 }, sparse()),
        // made_of
        index_with("entries", "parts", doc! { "parts": 1 }, sparse()),
    ]
}

impl VolumesBackend for Mongo {
    async fn in_set(&self, set: &str) -> Result<Vec<(Entry, Vec<Source>)>, Error> {
        let mut volumes = Vec::new();
        for record in self.visible_volumes(set).await? {
            let id: EntryId = record.id.parse().map_err(Error::broken)?;
            volumes.push((record.read()?, EntriesBackend::sources(self, id).await?));
        }
        Ok(volumes)
    }

    async fn join(&self, set: &str, joined: &Joined) -> Result<bool, Error> {
        let write = self.begin_write();
        let volumes = self.visible_volumes(set).await?;
        let known: BTreeSet<(String, i64)> =
            volumes.iter().map(|volume| (volume.id.clone(), volume.revision)).collect();
        let of_volumes = joined.volumes.iter().map(|(id, revision, _)| (*id, *revision));
        let seen = of_volumes.chain(joined.films.iter().copied());
        if known != seen.map(|(id, revision)| (id.to_string(), i64::from(revision))).collect() {
            write.done();
            return Ok(false);
        }
        let ids: Vec<&str> = volumes.iter().map(|volume| volume.id.as_str()).collect();
        let mut before: BTreeSet<String> = self.made_of(&ids).await?.into_iter().collect();
        for entry in &joined.entries {
            before.remove(&entry.id.to_string());
            self.put_made(entry).await?;
        }
        self.withdraw(before.into_iter().collect()).await?;
        let mut is_done = true;
        for volume in &volumes {
            let status = joined.volumes.iter().find(|(id, ..)| id.to_string() == volume.id).map(|(.., status)| status);
            let Some(status) = status else { continue };
            is_done &= self.write_status(volume, status_fields(status)?, None).await?;
            if volume.title.is_some() {
                // It was a film of its own.
                self.file_titles_of(&volume.id).await?;
            }
        }
        write.done();
        Ok(is_done)
    }

    async fn file(&self, entry: EntryId, set: &str) -> Result<(), Error> {
        let write = self.begin_write();
        let id = entry.to_string();
        for _ in 0..TRIES {
            let Some(stored) = self.entries.find_one(doc! { "_id": &id }).await? else {
                write.done();
                return Ok(());
            };
            let mut fields = status_fields(&Status::fresh())?;
            fields.insert("volume_of", set);
            if self.write_status(&stored, fields, None).await? {
                self.file_titles_of(&id).await?;
                self.reopen_set(set).await?;
                write.done();
                return Ok(());
            }
        }
        Err(contended())
    }
}

impl Mongo {
    async fn visible_volumes(&self, set: &str) -> Result<Vec<EntryRecord>, Error> {
        let found = self.entries.find(doc! { "volume_of": set, "visible": true }).await?;
        Ok(found.try_collect().await?)
    }

    /// Stores an entry made of volumes, as far as anything about it is new.
    async fn put_made(&self, entry: &Entry) -> Result<(), Error> {
        let id = entry.id.to_string();
        let parts: Vec<String> = document::parts(entry).iter().map(EntryId::to_string).collect();
        for _ in 0..TRIES {
            let written = match self.entries.find_one(doc! { "_id": &id }).await? {
                None => {
                    let record = EntryRecord {
                        parts: parts.clone(),
                        ..entry_record(entry, document::moment(entry.posted, 0), false)?
                    };
                    match self.entries.insert_one(record).await {
                        Ok(_) => true,
                        Err(error) if is_duplicate(&error) => false,
                        Err(error) => return Err(error.into()),
                    }
                }
                Some(stored)
                    if stored.parts == parts
                        && !stored.withdrawn
                        && document::is_said_already(&stored.document, entry)? =>
                {
                    true
                }
                Some(stored) => {
                    let mut set = replaced(entry, stored.revision)?;
                    set.extend(doc! { "parts": &parts, "withdrawn": false });
                    self.write_status(&stored, set, None).await?
                }
            };
            if written {
                // When a volume's last message went meanwhile this removes it again.
                self.refresh_entries(vec![id]).await?;
                return Ok(());
            }
        }
        Err(contended())
    }

    /// Removes entries that were made of volumes.
    pub(super) async fn withdraw(&self, entries: Vec<String>) -> Result<(), Error> {
        let mark = doc! { "$set": { "withdrawn": true }, "$inc": { "version": 1 } };
        self.entries.update_many(doc! { "_id": { "$in": &entries } }, mark).await?;
        self.refresh_entries(entries).await.map(drop)
    }

    /// The entries that any of these volumes is part of.
    pub(super) async fn made_of(&self, parts: &[&str]) -> Result<Vec<String>, Error> {
        let entries = self.entries.clone_with_type::<Document>();
        let found = entries.find(doc! { "parts": { "$in": parts } }).projection(doc! { "_id": 1 }).await?;
        let found: Vec<Document> = found.try_collect().await?;
        found.iter().map(|entry| Ok(entry.get_str("_id").map_err(Error::broken)?.to_owned())).collect()
    }

    /// Makes all volumes of a set pending again: one of them came, went or changed. Films of their own that have their title
    /// keep it.
    pub(super) async fn reopen_set(&self, set: &str) -> Result<(), Error> {
        let change = doc! { "$set": status_fields(&Status::fresh())?, "$inc": { "version": 1 } };
        let waiting = doc! { "volume_of": set, "state": { "$ne": State::Matched as i32 } };
        self.entries.update_many(waiting, change).await?;
        Ok(())
    }

    /// The step from schema 1, which took every volume for a file of its own.
    pub(super) async fn find_volumes(&self) -> Result<(), Error> {
        let mut entries = self.entries.find(doc! { "volume_of": null }).batch_size(AT_A_TIME).await?;
        while let Some(stored) = entries.try_next().await? {
            let Some(set) = document::set_of(&document::from_text::<EntryDocument>(&stored.document)?.name) else {
                continue;
            };
            let mut fields = status_fields(&Status::fresh())?;
            fields.insert("volume_of", set);
            if !self.write_status(&stored, fields, None).await? {
                return Err(contended());
            }
            self.file_titles_of(&stored.id).await?;
        }
        Ok(())
    }
}
