//! Figures of each day.

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::statistics::{DayFigure, StatisticsBackend};

impl StatisticsBackend for Embedded {
    async fn add(&self, day: i64, name: &str, more: i64) -> Result<(), Error> {
        let name = name.to_owned();
        self.write(Commit::Quick, move |db| {
            db.prepare_cached(
                "INSERT INTO statistics(day, name, value) VALUES(?, ?, ?)
                 ON CONFLICT(day, name) DO UPDATE SET value = value + excluded.value",
            )?
            .execute((day, name, more))?;
            Ok(())
        })
        .await
    }

    async fn set(&self, day: i64, name: &str, value: i64) -> Result<(), Error> {
        let name = name.to_owned();
        self.write(Commit::Quick, move |db| {
            db.prepare_cached("INSERT OR REPLACE INTO statistics(day, name, value) VALUES(?, ?, ?)")?
                .execute((day, name, value))?;
            Ok(())
        })
        .await
    }

    async fn between(&self, from: i64, until: i64) -> Result<Vec<DayFigure>, Error> {
        self.read(move |db| {
            let sql = "SELECT day, name, value FROM statistics WHERE day >= ? AND day < ? ORDER BY day, name";
            let mut query = db.prepare_cached(sql)?;
            let rows = query.query_map((from, until), |row| {
                Ok(DayFigure { day: row.get(0)?, name: row.get(1)?, value: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn forget(&self, before: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| Ok(db.execute("DELETE FROM statistics WHERE day < ?", [before])? as u64))
            .await
    }
}
