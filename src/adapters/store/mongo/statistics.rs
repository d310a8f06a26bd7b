//! Figures of each day.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};

use super::{Mongo, index, number};
use crate::adapters::store::Error;
use crate::adapters::store::statistics::{DayFigure, StatisticsBackend};

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![index("statistics", "day", doc! { "day": 1, "name": 1 })]
}

impl StatisticsBackend for Mongo {
    async fn add(&self, day: i64, name: &str, more: i64) -> Result<(), Error> {
        self.change(day, name, doc! { "$inc": { "value": more } }).await
    }

    async fn set(&self, day: i64, name: &str, value: i64) -> Result<(), Error> {
        self.change(day, name, doc! { "$set": { "value": value } }).await
    }

    async fn between(&self, from: i64, until: i64) -> Result<Vec<DayFigure>, Error> {
        let days = doc! { "day": { "$gte": from, "$lt": until } };
        let found = self.statistics.find(days).sort(doc! { "day": 1, "name": 1 }).await?;
        let records: Vec<Document> = found.try_collect().await?;
        let read = |record: &Document| {
            let name = record.get_str("name").map_err(Error::broken)?.to_owned();
            Ok(DayFigure { day: number(record, "day")?, name, value: number(record, "value")? })
        };
        records.iter().map(read).collect()
    }

    async fn forget(&self, before: i64) -> Result<u64, Error> {
        Ok(self.statistics.delete_many(doc! { "day": { "$lt": before } }).await?.deleted_count)
    }
}

impl Mongo {
    async fn change(&self, day: i64, name: &str, mut change: Document) -> Result<(), Error> {
        change.insert("$setOnInsert", doc! { "day": day, "name": name });
        self.statistics.update_one(doc! { "_id": format!("{day}/{name}") }, change).upsert(true).await?;
        Ok(())
    }
}
