//! Figures of each day.

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::statistics::{DayFigure, StatisticsBackend};
use crate::domain::figure::Figure;

impl StatisticsBackend for Embedded {
    async fn add(&self, day: i64, figure: Figure, more: i64) -> Result<(), Error> {
        self.write(Commit::Quick, move |db| {
            db.prepare_cached(
                "INSERT INTO statistics(day, name, value) VALUES(?, ?, ?)
                 ON CONFLICT(day, name) DO UPDATE SET value = value + excluded.value",
            )?
            .execute((day, figure.name(), more))?;
            Ok(())
        })
        .await
    }

    async fn set(&self, day: i64, figure: Figure, value: i64) -> Result<(), Error> {
        self.write(Commit::Quick, move |db| {
            db.prepare_cached("INSERT OR REPLACE INTO statistics(day, name, value) VALUES(?, ?, ?)")?.execute((
                day,
                figure.name(),
                value,
            ))?;
            Ok(())
        })
        .await
    }

    async fn between(&self, from: i64, until: i64) -> Result<Vec<DayFigure>, Error> {
        self.read(move |db| {
            let sql = "SELECT day, name, value FROM statistics WHERE day >= ? AND day < ? ORDER BY day, name";
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query((from, until))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let name: String = row.get(1)?;
                let Some(figure) = Figure::from_name(&name) else { continue };
                found.push(DayFigure { day: row.get(0)?, figure, value: row.get(2)? });
            }
            Ok(found)
        })
        .await
    }

    async fn forget(&self, before: i64) -> Result<u64, Error> {
        self.write(Commit::Quick, move |db| Ok(db.execute("DELETE FROM statistics WHERE day < ?", [before])? as u64))
            .await
    }
}
