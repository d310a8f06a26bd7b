//! What was sent to whom, and what is being sent now. Sums are raised in place (`$inc`), so that instances add to them at once.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use mongodb::bson::{Bson, Document, doc};
use mongodb::{Collection, IndexModel};

use super::records::{expiry, put};
use super::{Mongo, index, is_duplicate, number};
use crate::adapters::store::Error;
use crate::adapters::store::usage::UsageBackend;
use crate::domain::entry::EntryId;
use crate::domain::limits::Day;
use crate::domain::person::PersonId;
use crate::domain::usage::{Amount, FileUse, Running, Spent, Used, Watched, by_person};

/// Instances that said nothing for so long, and requests to stop that nobody took up, are removed.
const KEPT_SECS: i64 = 60 * 60;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![
        index("usage", "person", doc! { "person": 1, "day": 1 }),
        index("usage", "day", doc! { "day": 1 }),
        index("watched", "person", doc! { "person": 1, "last": -1, "entry": 1 }),
        index("running", "at", doc! { "at": 1 }),
        index("stops", "at", doc! { "at": 1 }),
    ]
}

impl UsageBackend for Mongo {
    async fn add(&self, used: &[Used]) -> Result<(), Error> {
        for ((whose, day), amount) in by_person(used) {
            let set = doc! { "person": person_number(whose), "day": day.0 };
            let change = doc! { "$inc": raise(amount), "$setOnInsert": set };
            self.usage("usage").update_one(doc! { "_id": day_id(whose, day) }, change).upsert(true).await?;
        }
        for one in used {
            let change = doc! { "$inc": raise(one.amount), "$max": { "last": one.at } };
            self.usage("file_usage").update_one(doc! { "_id": one.entry.to_string() }, change).upsert(true).await?;
            if one.is_remembered {
                self.add_to_history(one).await?;
            }
        }
        Ok(())
    }

    async fn spent(&self, whose: Option<PersonId>, day: Day) -> Result<Spent, Error> {
        let days = doc! { "$gte": day.month_begin().0, "$lte": day.0 };
        let mut found = self.usage("usage").find(doc! { "person": person_number(whose), "day": days }).await?;
        let mut spent = Spent::default();
        while let Some(record) = found.try_next().await? {
            spent.add(number(&record, "day")? == i64::from(day.0), amount(&record)?);
        }
        Ok(spent)
    }

    async fn spent_by_all(&self, day: Day) -> Result<Vec<(PersonId, Spent)>, Error> {
        let days = doc! { "$gte": day.month_begin().0, "$lte": day.0 };
        let mut found = self.usage("usage").find(doc! { "day": days }).await?;
        let mut all: BTreeMap<PersonId, Spent> = BTreeMap::new();
        while let Some(record) = found.try_next().await? {
            let person = PersonId(u32::try_from(number(&record, "person")?).map_err(Error::broken)?);
            let is_today = number(&record, "day")? == i64::from(day.0);
            all.entry(person).or_default().add(is_today, amount(&record)?);
        }
        all.remove(&PersonId(0));
        Ok(all.into_iter().collect())
    }

    async fn take_link(&self, person: PersonId, day: Day, most: u64) -> Result<bool, Error> {
        if most == 0 {
            return Ok(false);
        }
        let id = day_id(Some(person), day);
        let below = doc! { "_id": &id, "links": { "$lt": i64::try_from(most).unwrap_or(i64::MAX) } };
        let set = doc! { "person": person_number(Some(person)), "day": day.0 };
        let first = doc! { "$inc": raise(Amount { links: 1, ..Amount::default() }), "$setOnInsert": set };
        match self.usage("usage").update_one(below.clone(), first).upsert(true).await {
            // There is a record: it has so many, or somebody else made it in the same moment.
            Err(error) if is_duplicate(&error) => {
                let more = doc! { "$inc": { "links": 1_i64 } };
                Ok(self.usage("usage").update_one(below, more).await?.matched_count == 1)
            }
            result => result.map(|_| true).map_err(Into::into),
        }
    }

    async fn of_file(&self, entry: EntryId) -> Result<FileUse, Error> {
        let record = self.usage("file_usage").find_one(doc! { "_id": entry.to_string() }).await?;
        record.map_or(Ok(FileUse::default()), |record| {
            Ok(FileUse { amount: amount(&record)?, last: number(&record, "last")? })
        })
    }

    async fn history(&self, person: PersonId, skip: u32, limit: u32) -> Result<Vec<Watched>, Error> {
        let watched_by = self.usage("watched");
        let found = watched_by.find(doc! { "person": person_number(Some(person)) });
        let found = found.sort(doc! { "last": -1, "entry": 1 }).skip(skip.into()).limit(limit.into());
        let records: Vec<Document> = found.await?.try_collect().await?;
        records.iter().map(watched).collect()
    }

    async fn erase_history(&self, person: Option<PersonId>) -> Result<u64, Error> {
        let whose = person.map_or_else(Document::new, |person| doc! { "person": person_number(Some(person)) });
        Ok(self.usage("watched").delete_many(whose).await?.deleted_count)
    }

    async fn forget(&self, before: Day) -> Result<u64, Error> {
        Ok(self.usage("usage").delete_many(doc! { "day": { "$lt": before.0 } }).await?.deleted_count)
    }

    async fn publish(&self, instance: &str, now: i64, running: &[Running]) -> Result<(), Error> {
        let mut set = expiry(now.saturating_add(KEPT_SECS));
        set.extend(doc! { "at": now, "streams": serde_json::to_string(running).map_err(Error::broken)? });
        put(&self.usage("running"), instance, set).await
    }

    async fn running(&self, since: i64) -> Result<Vec<Running>, Error> {
        let instances = self.usage("running");
        let found = instances.find(doc! { "at": { "$gte": since } }).sort(doc! { "_id": 1 });
        let records: Vec<Document> = found.await?.try_collect().await?;
        let mut running = Vec::new();
        for record in &records {
            let text = record.get_str("streams").map_err(Error::broken)?;
            running.extend(serde_json::from_str::<Vec<Running>>(text).map_err(Error::broken)?);
        }
        Ok(running)
    }

    async fn ask_to_stop(&self, stream: &str, now: i64) -> Result<(), Error> {
        let mut set = expiry(now.saturating_add(KEPT_SECS));
        set.insert("at", now);
        put(&self.usage("stops"), stream, set).await
    }

    async fn asked_to_stop(&self, since: i64) -> Result<Vec<String>, Error> {
        let records: Vec<Document> =
            self.usage("stops").find(doc! { "at": { "$gte": since } }).await?.try_collect().await?;
        records.iter().map(|record| record.get_str("_id").map(str::to_owned).map_err(Error::broken)).collect()
    }
}

impl Mongo {
    fn usage(&self, name: &str) -> Collection<Document> {
        self.database.collection(name)
    }

    async fn add_to_history(&self, used: &Used) -> Result<(), Error> {
        let set =
            doc! { "person": person_number(Some(used.person)), "entry": used.entry.to_string(), "first": used.at };
        let change = doc! {
            "$inc": raise(used.amount),
            "$max": { "last": used.at },
            "$set": { "name": &used.name },
            "$setOnInsert": set,
        };
        let id = format!("{}/{}", used.person, used.entry);
        self.usage("watched").update_one(doc! { "_id": id }, change).upsert(true).await?;
        Ok(())
    }
}

/// Everybody together is person 0.
fn person_number(whose: Option<PersonId>) -> i64 {
    whose.map_or(0, |person| person.0.into())
}

fn day_id(whose: Option<PersonId>, day: Day) -> String {
    format!("{}/{}", person_number(whose), day.0)
}

/// Every field, also by 0: a record that lacks one is not found by it.
fn raise(amount: Amount) -> Document {
    let whole = |number: u64| Bson::Int64(i64::try_from(number).unwrap_or(i64::MAX));
    doc! {
        "bytes": whole(amount.bytes),
        "streams": whole(amount.streams),
        "downloads": whole(amount.downloads),
        "links": whole(amount.links),
    }
}

fn amount(record: &Document) -> Result<Amount, Error> {
    let read = |field| number(record, field).map(i64::unsigned_abs);
    Ok(Amount {
        bytes: read("bytes")?,
        streams: read("streams")?,
        downloads: read("downloads")?,
        links: read("links")?,
    })
}

fn watched(record: &Document) -> Result<Watched, Error> {
    Ok(Watched {
        entry: record.get_str("entry").map_err(Error::broken)?.parse().map_err(Error::broken)?,
        name: record.get_str("name").map_err(Error::broken)?.to_owned(),
        first: number(record, "first")?,
        last: number(record, "last")?,
        amount: amount(record)?,
    })
}
