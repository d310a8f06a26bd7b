//! The step from schema 4 to 5. Schema 4 left posts of one second in no order, found titles by their names alone, and kept text
//! from outside as it came. It may be repeated: after a crash half way it begins again.

use futures_util::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::{Document, doc};

use super::records::{EntryRecord, TitleRecord};
use super::titles::filing;
use super::{AT_A_TIME, Mongo, contended};
use crate::adapters::store::{Error, document, search};
use crate::domain::text;

/// Dates of schema 2 are unix seconds and stay below this; those with a message's number stand far above.
const SECONDS: i64 = 1 << 40;
/// Entries refreshed in one go.
const BATCH: usize = 200;

impl Mongo {
    pub(super) async fn upgrade_to_5(&self) -> Result<(), Error> {
        let mut entries = self.entries.find(doc! {}).batch_size(AT_A_TIME).await?;
        let mut ids = Vec::new();
        while let Some(entry) = entries.try_next().await? {
            self.renew_entry(&entry).await?;
            ids.push(entry.id);
        }
        let mut titles = self.titles.find(doc! {}).batch_size(AT_A_TIME).await?;
        while let Some(title) = titles.try_next().await? {
            self.renew_title(&title).await?;
        }
        // Those that can be seen get the number of their message; hidden ones keep their date.
        for ids in ids.chunks(BATCH) {
            self.refresh_entries(ids.to_vec()).await?;
        }
        clean_names(&self.channels.clone_with_type(), "title").await?;
        clean_names(&self.people, "name").await
    }

    async fn renew_entry(&self, entry: &EntryRecord) -> Result<(), Error> {
        let mut set = Document::new();
        if entry.posted < SECONDS {
            set.insert("posted", document::moment(entry.posted, 0));
        }
        if let Some(status) = document::clean_status(&entry.status)? {
            set.insert("status", status);
        }
        if let Some(clean) = document::clean_entry(&entry.document)? {
            set.extend(doc! { "document": clean.text, "words": clean.words, "volume_of": clean.volume_of });
        }
        if set.is_empty() {
            return Ok(());
        }
        let filter = doc! { "_id": &entry.id, "version": entry.version };
        let change = doc! { "$set": set, "$inc": { "version": 1 } };
        match self.entries.update_one(filter, change).await?.matched_count {
            1 => Ok(()),
            _ => Err(contended()),
        }
    }

    async fn renew_title(&self, stored: &TitleRecord) -> Result<(), Error> {
        let before = self.episodes_of(stored.id).await?;
        let (text, episodes) = document::clean_title(&stored.document, &before)?;
        if episodes != before {
            self.put_episodes(stored.id, &episodes).await?;
        }
        let title = document::title_from_text(&text)?;
        let mut set = doc! { "document": text, "names": search::names(&title) };
        if stored.latest.is_some() {
            set.extend(filing(&title, &self.held(stored.id).await?));
        }
        let filter = doc! { "_id": stored.id, "version": stored.version };
        let change = doc! { "$set": set, "$inc": { "version": 1 } };
        match self.titles.update_one(filter, change).await?.matched_count {
            1 => Ok(()),
            _ => Err(contended()),
        }
    }
}

async fn clean_names(records: &Collection<Document>, field: &str) -> Result<(), Error> {
    let mut found = records.find(doc! {}).await?;
    while let Some(record) = found.try_next().await? {
        let (Some(id), Ok(name)) = (record.get("_id"), record.get_str(field)) else { continue };
        let clean = text::line(name, text::NAME);
        if clean != name {
            records.update_one(doc! { "_id": id }, doc! { "$set": { field: clean } }).await?;
        }
    }
    Ok(())
}
