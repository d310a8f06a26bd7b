//! What files hold inside.

use futures_util::TryStreamExt;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Document, doc};
use mongodb::{Collection, IndexModel};

use super::records::EntryRecord;
use super::{Mongo, index};
use crate::adapters::store::probes::{ProbesBackend, STATES, older};
use crate::adapters::store::{Error, document};
use crate::domain::entry::{Entry, EntryId, Probe};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    let due = doc! { "visible": 1, "state": 1, "unmatched": 1, "probed_by": 1, "posted": 1, "probe_at": 1 };
    vec![index("entries", "probe", due)]
}

impl ProbesBackend for Mongo {
    async fn due(&self, reader: u16, now: i64, limit: u32) -> Result<Vec<(Entry, u32)>, Error> {
        let mut due = Vec::new();
        for by in older(reader) {
            let missing = limit as usize - due.len();
            if missing == 0 {
                break;
            }
            let mut found: Vec<EntryRecord> = Vec::new();
            for (state, unmatched) in STATES {
                let filter = doc! {
                    "visible": true, "state": state as i32, "unmatched": unmatched, "probed_by": i32::from(by),
                    "probe_at": { "$lte": now },
                };
                let records = self.entries.find(filter).sort(doc! { "posted": -1 }).limit(missing as i64).await?;
                found.extend(records.try_collect::<Vec<_>>().await?);
            }
            found.sort_by_key(|record| std::cmp::Reverse(record.posted));
            for record in found.into_iter().take(missing) {
                let tries = u32::try_from(record.probe_tries).map_err(Error::broken)?;
                due.push((record.read()?, tries));
            }
        }
        Ok(due)
    }

    async fn count_due(&self, reader: u16, most: u32) -> Result<u64, Error> {
        let mut sum = 0;
        for by in older(reader) {
            for (state, unmatched) in STATES {
                let left = u64::from(most).saturating_sub(sum);
                if left > 0 {
                    let filter = doc! {
                        "visible": true, "state": state as i32, "unmatched": unmatched, "probed_by": i32::from(by),
                    };
                    sum += self.entries.count_documents(filter).limit(left).await?;
                }
            }
        }
        Ok(sum)
    }

    async fn record(&self, id: EntryId, probe: &Probe, key_frames: Option<&[u8]>) -> Result<bool, Error> {
        let write = self.begin_write();
        let key = id.to_string();
        // Before the probe: whoever reads that finds them.
        match key_frames {
            Some(frames) => {
                let frames = Binary { subtype: BinarySubtype::Generic, bytes: frames.to_vec() };
                let set = doc! { "$set": { "frames": frames } };
                self.key_frames().update_one(doc! { "_id": &key }, set).upsert(true).await?;
            }
            None => self.forget_key_frames(&key).await?,
        }
        let set = doc! {
            "probe": document::to_text(probe)?, "probed_by": i32::from(probe.by), "probe_tries": 0, "probe_at": 0_i64,
        };
        // The title is marked as unfiled with the same write, so that a crash before it is filed anew is mended.
        let Some(stored) = self.entries.find_one(doc! { "_id": &key }).await? else {
            self.forget_key_frames(&key).await?;
            write.done();
            return Ok(false);
        };
        let mut change = doc! { "$set": set, "$inc": { "version": 1 } };
        if let Some(title) = stored.title {
            change.insert("$addToSet", doc! { "unfiled": title });
        }
        let is_known = self.entries.update_one(doc! { "_id": &key }, change).await?.matched_count == 1;
        self.file_titles_of(&key).await?;
        write.done();
        Ok(is_known)
    }

    async fn postpone(&self, id: EntryId, tries: u32, until: i64) -> Result<(), Error> {
        let set = doc! { "$set": { "probe_tries": i64::from(tries), "probe_at": until } };
        self.entries.update_one(doc! { "_id": id.to_string() }, set).await?;
        Ok(())
    }

    async fn again(&self, id: EntryId) -> Result<bool, Error> {
        let set = doc! { "$set": { "probed_by": 0, "probe_tries": 0, "probe_at": 0_i64 } };
        Ok(self.entries.update_one(doc! { "_id": id.to_string() }, set).await?.matched_count == 1)
    }

    async fn key_frames(&self, id: EntryId) -> Result<Option<Vec<u8>>, Error> {
        let found = Self::key_frames(self).find_one(doc! { "_id": id.to_string() }).await?;
        let frames = found.map(|found| found.get_binary_generic("frames").cloned().map_err(Error::broken));
        frames.transpose()
    }
}

impl Mongo {
    fn key_frames(&self) -> Collection<Document> {
        self.database.collection("key_frames")
    }

    pub(super) async fn forget_key_frames(&self, entry: &str) -> Result<(), Error> {
        Self::key_frames(self).delete_one(doc! { "_id": entry }).await?;
        Ok(())
    }

    /// The step from schema 13, which looked into no file.
    pub(super) async fn find_unprobed(&self) -> Result<(), Error> {
        let unprobed = doc! { "$set": { "probed_by": 0, "probe_tries": 0, "probe_at": 0_i64 } };
        self.entries.update_many(doc! { "probed_by": { "$exists": false } }, unprobed).await?;
        Ok(())
    }
}
