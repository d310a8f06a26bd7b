//! Figures of each day.

use futures_util::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};

use super::{Mongo, index, number};
use crate::adapters::store::Error;
use crate::adapters::store::statistics::{DayFigure, StatisticsBackend};
use crate::domain::figure::Figure;

pub(super) fn indexes() -> Vec<(&'static str, IndexModel)> {
    vec![index("statistics", "day", doc! { "day": 1, "name": 1 })]
}

impl StatisticsBackend for Mongo {
    async fn add(&self, day: i64, figure: Figure, more: i64) -> Result<(), Error> {
        self.change(day, figure, doc! { "$inc": { "value": more } }).await
    }

    async fn set(&self, day: i64, figure: Figure, value: i64) -> Result<(), Error> {
        self.change(day, figure, doc! { "$set": { "value": value } }).await
    }

    async fn between(&self, from: i64, until: i64) -> Result<Vec<DayFigure>, Error> {
        let days = doc! { "day": { "$gte": from, "$lt": until } };
        let found = self.statistics.find(days).sort(doc! { "day": 1, "name": 1 }).await?;
        let records: Vec<Document> = found.try_collect().await?;
        let read = |record: &Document| {
            let figure = Figure::from_name(record.get_str("name").ok()?)?;
            let day = number(record, "day");
            Some(day.and_then(|day| Ok(DayFigure { day, figure, value: number(record, "value")? })))
        };
        records.iter().filter_map(read).collect()
    }

    async fn forget(&self, before: i64) -> Result<u64, Error> {
        Ok(self.statistics.delete_many(doc! { "day": { "$lt": before } }).await?.deleted_count)
    }
}

impl Mongo {
    async fn change(&self, day: i64, figure: Figure, mut change: Document) -> Result<(), Error> {
        change.insert("$setOnInsert", doc! { "day": day, "name": figure.name() });
        self.statistics.update_one(doc! { "_id": format!("{day}/{}", figure.name()) }, change).upsert(true).await?;
        Ok(())
    }
}
