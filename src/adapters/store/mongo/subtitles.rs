//! Subtitles beside what is watched. The keys that they are found by stand in their entry's record, under `subtitles`; one that is of
//! another status since may still have them there.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::doc;
use mongodb::options::IndexOptions;

use super::records::EntryRecord;
use super::{Mongo, index_with, number};
use crate::adapters::store::Error;
use crate::adapters::store::document::{self, State};
use crate::adapters::store::subtitles::{SubtitlesBackend, keys, keys_of_parts, wanted_keys};
use crate::domain::catalog::Reach;
use crate::domain::entry::{Entry, EntryId, Status};
use crate::domain::subtitles::Wanted;
use crate::domain::title::TitleId;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let sparse = IndexOptions::builder().sparse(true).build();
    vec![index_with("entries", "subtitles", doc! { "subtitles": 1 }, sparse)]
}

impl SubtitlesBackend for Mongo {
    async fn of(&self, wanted: &Wanted, reach: &Reach) -> Result<Vec<Entry>, Error> {
        let title = match wanted.title {
            Some(title) => Some(self.survivor(title.0).await?),
            None => None,
        };
        let keys = wanted_keys(title, wanted);
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.entries.find(doc! { "subtitles": { "$in": keys } }).await?;
        let mut found: Vec<EntryRecord> = found.try_collect().await?;
        found.retain(|record| record.state == State::Subtitles as i32 && record.visible);
        self.entries_seen(found, reach).await?.into_iter().map(EntryRecord::read).collect()
    }

    async fn shift(&self, subtitles: EntryId) -> Result<i64, Error> {
        let record = self.subtitle_shifts.find_one(doc! { "_id": subtitles.to_string() }).await?;
        record.map_or(Ok(0), |record| number(&record, "ms"))
    }

    async fn set_shift(&self, subtitles: EntryId, ms: i64) -> Result<(), Error> {
        let id = doc! { "_id": subtitles.to_string() };
        match ms {
            0 => self.subtitle_shifts.delete_one(id).await.map(drop)?,
            _ => self.subtitle_shifts.update_one(id, doc! { "$set": { "ms": ms } }).upsert(true).await.map(drop)?,
        }
        Ok(())
    }
}

impl Mongo {
    /// Gives the subtitles of a title to the one that it became.
    pub(super) async fn move_subtitles(&self, from: i64, to: i64) -> Result<(), Error> {
        let (first, behind) = keys_of_parts(from);
        for range in [doc! { "$in": [from.to_string()] }, doc! { "$gte": first, "$lt": behind }] {
            let found = self.entries.find(doc! { "subtitles": range }).await?;
            let entries: Vec<EntryRecord> = found.try_collect().await?;
            for entry in entries {
                let mut status: Status = document::from_text(&entry.status)?;
                // Of a list each bound may be met by another element, and what is of another status may still have its keys.
                match &mut status {
                    Status::Subtitles { title: Some(title), .. } if title.0 == from => *title = TitleId(to),
                    _ => continue,
                }
                let set = doc! { "subtitles": keys(&status), "status": document::to_text(&status)? };
                let filter = doc! { "_id": &entry.id, "version": entry.version };
                self.entries.update_one(filter, doc! { "$set": set, "$inc": { "version": 1 } }).await?;
            }
        }
        Ok(())
    }
}
