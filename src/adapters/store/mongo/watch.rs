//! Which instance watches, and its records.
//!
//! Without transactions nobody can look at the lease and write records in one step. So every record carries the term of the lease
//! under which it was written, and none is replaced under an older one. What was removed stays as a name with a term.

use futures_util::TryStreamExt;
use mongodb::Collection;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, Document, doc, to_bson};
use mongodb::options::ReturnDocument;

use super::error::DUPLICATE_KEY;
use super::{Mongo, TRIES, contended, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::watch::{Record, WatchBackend};
use crate::domain::watch::{Instance, Lease};

const WATCH: &str = "watch";
const RECORDS: &str = "watch_records";

impl WatchBackend for Mongo {
    async fn take(&self, instance: &Instance, now: i64, ends: i64, dead: Option<&Lease>) -> Result<Lease, Error> {
        let leases = self.leases();
        let set = doc! { "instance": &instance.id, "name": &instance.name, "ends": ends };
        let mut taken = set.clone();
        taken.insert("since", now);
        for _ in 0..TRIES {
            let Some(found) = leases.find_one(doc! { "_id": WATCH }).await? else {
                let mut first = doc! { "_id": WATCH, "term": 1_i64 };
                first.extend(taken.clone());
                match leases.insert_one(&first).await {
                    Ok(_) => return read(&first),
                    // It is another one's.
                    Err(error) if is_duplicate(&error) => continue,
                    Err(error) => return Err(error.into()),
                }
            };
            let found = read(&found)?;
            let is_dead = dead.is_some_and(|dead| dead.instance.id == found.instance.id && dead.ends == found.ends);
            // As it was found, or somebody was faster.
            let was = doc! { "_id": WATCH, "instance": &found.instance.id, "ends": found.ends };
            let (was, change) = if found.instance.id == instance.id {
                let mut change = doc! { "$set": if found.ends <= now { taken.clone() } else { set.clone() } };
                if found.term == 0 {
                    change.insert("$inc", doc! { "term": 1_i64 });
                }
                (doc! { "_id": WATCH, "instance": &instance.id }, change)
            } else if found.ends <= now || is_dead {
                (was, doc! { "$set": taken.clone(), "$inc": { "term": 1_i64 } })
            } else {
                return Ok(found);
            };
            let changed = leases.find_one_and_update(was, change).return_document(ReturnDocument::After).await?;
            if let Some(lease) = changed {
                return read(&lease);
            }
        }
        Err(contended())
    }

    async fn give_up(&self, instance: &Instance) -> Result<(), Error> {
        // Its term stays: the next one's is higher.
        let nobodys = doc! { "$set": { "instance": "", "name": "", "ends": 0_i64 } };
        self.leases().update_one(doc! { "_id": WATCH, "instance": &instance.id }, nobodys).await?;
        Ok(())
    }

    async fn keep(&self, term: i64, records: &[Record]) -> Result<bool, Error> {
        if self.leases().find_one(doc! { "_id": WATCH, "term": term }).await?.is_none() {
            return Ok(false);
        }
        let refused = self.write(term, records.iter().collect()).await?;
        // Two that insert a record at once are told the same as one that comes too late; the second time it is there.
        Ok(refused.is_empty() || self.write(term, refused).await?.is_empty())
    }

    async fn records(&self) -> Result<Vec<Record>, Error> {
        let records: Vec<Document> = self.watch_records().find(doc! {}).await?.try_collect().await?;
        let read = |record: Document| {
            let name = record.get_str("_id").map_err(Error::broken)?.to_owned();
            let value = record.get("value").map(|_| record.get_binary_generic("value").cloned()).transpose();
            Ok((name, value.map_err(Error::broken)?))
        };
        records.into_iter().map(read).collect()
    }
}

impl Mongo {
    fn leases(&self) -> Collection<Document> {
        self.database.collection("leases")
    }

    fn watch_records(&self) -> Collection<Document> {
        self.database.collection(RECORDS)
    }

    /// Writes records in one command, and returns those that another one has written under a later term.
    async fn write<'a>(&self, term: i64, records: Vec<&'a Record>) -> Result<Vec<&'a Record>, Error> {
        let updates = records.iter().map(|(name, value)| {
            let change = match value {
                Some(bytes) => {
                    let value = Binary { subtype: BinarySubtype::Generic, bytes: bytes.clone() };
                    doc! { "$set": { "term": term, "value": value } }
                }
                None => doc! { "$set": { "term": term }, "$unset": { "value": "" } },
            };
            // Of a later term there is none by this name, and making one fails.
            Bson::from(doc! { "q": { "_id": name, "term": { "$not": { "$gt": term } } }, "u": change, "upsert": true })
        });
        let updates: Vec<_> = updates.collect();
        if updates.is_empty() {
            return Ok(Vec::new());
        }
        let mut command = doc! { "update": RECORDS, "updates": updates, "ordered": false };
        // A command of one's own has none by itself.
        if let Some(concern) = self.database.write_concern() {
            command.insert("writeConcern", to_bson(concern).map_err(Error::broken)?);
        }
        let answer = self.database.run_command(command).await?;
        if let Some(problem) = answer.get("writeConcernError") {
            return Err(Error::unavailable(problem.to_string()));
        }
        let mut refused = Vec::new();
        for problem in answer.get_array("writeErrors").into_iter().flatten().filter_map(Bson::as_document) {
            if number(problem, "code")? != i64::from(DUPLICATE_KEY) {
                return Err(Error::broken(problem.to_string()));
            }
            let which = usize::try_from(number(problem, "index")?).map_err(Error::broken)?;
            refused.extend(records.get(which).copied());
        }
        Ok(refused)
    }
}

fn read(lease: &Document) -> Result<Lease, Error> {
    let text = |field| lease.get_str(field).map(str::to_owned).map_err(Error::broken);
    let instance = Instance { id: text("instance")?, name: text("name")? };
    // Versions before had no terms.
    let term = if lease.contains_key("term") { number(lease, "term")? } else { 0 };
    Ok(Lease { instance, since: number(lease, "since")?, ends: number(lease, "ends")?, term })
}
