//! Which instance watches, and its records.

use futures_util::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Document, doc};
use mongodb::options::ReturnDocument;

use super::records::put;
use super::{Mongo, TRIES, contended, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::watch::{Record, WatchBackend};
use crate::domain::watch::{Instance, Lease};

const WATCH: &str = "watch";

impl WatchBackend for Mongo {
    async fn take(&self, instance: &Instance, now: i64, ends: i64) -> Result<Lease, Error> {
        let mut set = doc! { "instance": &instance.id, "name": &instance.name, "ends": ends };
        let own = doc! { "_id": WATCH, "instance": &instance.id, "ends": { "$gt": now } };
        let leases = self.leases();
        for _ in 0..TRIES {
            let renewed = leases.find_one_and_update(own.clone(), doc! { "$set": set.clone() });
            if let Some(lease) = renewed.return_document(ReturnDocument::After).await? {
                return read(&lease);
            }
            set.insert("since", now);
            let ended = doc! { "_id": WATCH, "ends": { "$lte": now } };
            let taken = leases.find_one_and_update(ended, doc! { "$set": set.clone() }).upsert(true);
            match taken.return_document(ReturnDocument::After).await {
                Ok(Some(lease)) => return read(&lease),
                Ok(None) => {}
                // It is another one's.
                Err(error) if is_duplicate(&error) => {}
                Err(error) => return Err(error.into()),
            }
            if let Some(lease) = leases.find_one(doc! { "_id": WATCH, "ends": { "$gt": now } }).await? {
                return read(&lease);
            }
            // It was given up in this moment.
        }
        Err(contended())
    }

    async fn give_up(&self, instance: &Instance) -> Result<(), Error> {
        self.leases().delete_one(doc! { "_id": WATCH, "instance": &instance.id }).await?;
        Ok(())
    }

    async fn keep(&self, records: &[Record]) -> Result<(), Error> {
        for (name, value) in records {
            match value {
                Some(bytes) => {
                    let value = Binary { subtype: BinarySubtype::Generic, bytes: bytes.clone() };
                    put(&self.watch_records(), name.as_str(), doc! { "value": value }).await?;
                }
                None => self.watch_records().delete_one(doc! { "_id": name }).await.map(drop)?,
            }
        }
        Ok(())
    }

    async fn records(&self) -> Result<Vec<Record>, Error> {
        let records: Vec<Document> = self.watch_records().find(doc! {}).await?.try_collect().await?;
        let read = |record: Document| {
            let name = record.get_str("_id").map_err(Error::broken)?.to_owned();
            Ok((name, Some(record.get_binary_generic("value").map_err(Error::broken)?.clone())))
        };
        records.into_iter().map(read).collect()
    }
}

impl Mongo {
    fn leases(&self) -> Collection<Document> {
        self.database.collection("leases")
    }

    fn watch_records(&self) -> Collection<Document> {
        self.database.collection("watch_records")
    }
}

fn read(lease: &Document) -> Result<Lease, Error> {
    let text = |field| lease.get_str(field).map(str::to_owned).map_err(Error::broken);
    let instance = Instance { id: text("instance")?, name: text("name")? };
    Ok(Lease { instance, since: number(lease, "since")?, ends: number(lease, "ends")? })
}
