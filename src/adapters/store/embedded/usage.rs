//! What was sent to whom, and what is being sent now.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::usage::UsageBackend;
use crate::domain::entry::EntryId;
use crate::domain::limits::Day;
use crate::domain::person::PersonId;
use crate::domain::usage::{Amount, FileUse, Running, Spent, Used, Watched, by_person};

/// Instances that said nothing for so long, and requests to stop that nobody took up, are removed.
const KEPT_SECS: i64 = 60 * 60;

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("usage.sql"))?)
}

impl UsageBackend for Embedded {
    async fn add(&self, used: &[Used]) -> Result<(), Error> {
        let used = used.to_vec();
        self.write(Commit::Quick, move |db| {
            for ((whose, day), amount) in by_person(&used) {
                add_to_day(db, whose, day, amount)?;
            }
            for one in &used {
                add_to_file(db, one)?;
                if one.is_remembered {
                    add_to_history(db, one)?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn spent(&self, whose: Option<PersonId>, day: Day) -> Result<Spent, Error> {
        self.read(move |db| {
            let sql =
                "SELECT day, bytes, streams, downloads, links FROM usage WHERE person = ? AND day BETWEEN ? AND ?";
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query((number(whose), day.month_begin().0, day.0))?;
            let mut spent = Spent::default();
            while let Some(row) = rows.next()? {
                spent.add(Day(row.get(0)?) == day, amount(row, 1)?);
            }
            Ok(spent)
        })
        .await
    }

    async fn spent_by_all(&self, day: Day) -> Result<Vec<(PersonId, Spent)>, Error> {
        self.read(move |db| {
            let sql = "SELECT day, bytes, streams, downloads, links, person FROM usage WHERE day BETWEEN ? AND ?";
            let mut query = db.prepare_cached(sql)?;
            let mut rows = query.query((day.month_begin().0, day.0))?;
            let mut all: BTreeMap<u32, Spent> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                all.entry(row.get(5)?).or_default().add(Day(row.get(0)?) == day, amount(row, 1)?);
            }
            all.remove(&0);
            Ok(all.into_iter().map(|(person, spent)| (PersonId(person), spent)).collect())
        })
        .await
    }

    async fn take_link(&self, person: PersonId, day: Day, most: u64) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            let sql = "SELECT links FROM usage WHERE person = ? AND day = ?";
            let links = db.prepare_cached(sql)?.query_row((person.0, day.0), |row| row.get::<_, i64>(0)).optional()?;
            if links.unwrap_or_default().unsigned_abs() >= most {
                return Ok(false);
            }
            add_to_day(db, Some(person), day, Amount { links: 1, ..Amount::default() })?;
            Ok(true)
        })
        .await
    }

    async fn of_file(&self, entry: EntryId) -> Result<FileUse, Error> {
        self.read(move |db| {
            let sql = "SELECT bytes, streams, downloads, 0, last FROM file_usage WHERE entry = ?";
            let read = |row: &Row<'_>| Ok(FileUse { amount: amount(row, 0)?, last: row.get(4)? });
            Ok(db.prepare_cached(sql)?.query_row([entry.to_bytes()], read).optional()?.unwrap_or_default())
        })
        .await
    }

    async fn history(&self, person: PersonId, skip: u32, limit: u32) -> Result<Vec<Watched>, Error> {
        self.read(move |db| {
            let sql = "SELECT entry, name, first, last, bytes, streams, downloads, 0 FROM watched WHERE person = ? \
                       ORDER BY last DESC, entry LIMIT ? OFFSET ?";
            let read = |row: &Row<'_>| {
                Ok(Watched {
                    entry: EntryId::from_bytes(row.get(0)?),
                    name: row.get(1)?,
                    first: row.get(2)?,
                    last: row.get(3)?,
                    amount: amount(row, 4)?,
                })
            };
            Ok(db.prepare_cached(sql)?.query_map((person.0, limit, skip), read)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn erase_history(&self, person: Option<PersonId>) -> Result<u64, Error> {
        self.write(Commit::Durable, move |db| {
            let gone = match person {
                Some(person) => db.execute("DELETE FROM watched WHERE person = ?", [person.0])?,
                None => db.execute("DELETE FROM watched", [])?,
            };
            Ok(gone as u64)
        })
        .await
    }

    async fn forget(&self, before: Day) -> Result<u64, Error> {
        let forget = "DELETE FROM usage WHERE day < ?";
        self.write(Commit::Quick, move |db| Ok(db.execute(forget, [before.0])? as u64)).await
    }

    async fn publish(&self, instance: &str, now: i64, running: &[Running]) -> Result<(), Error> {
        let (instance, streams) = (instance.to_owned(), serde_json::to_string(running).map_err(Error::broken)?);
        self.write(Commit::Quick, move |db| {
            db.execute("DELETE FROM running WHERE at < ?", [now - KEPT_SECS])?;
            db.execute(
                "INSERT OR REPLACE INTO running(instance, at, streams) VALUES(?, ?, ?)",
                (instance, now, streams),
            )?;
            Ok(())
        })
        .await
    }

    async fn running(&self, since: i64) -> Result<Vec<Running>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT streams FROM running WHERE at >= ? ORDER BY instance")?;
            let texts: Vec<String> = query.query_map([since], |row| row.get(0))?.collect::<Result<_, _>>()?;
            let streams = texts.iter().map(|text| serde_json::from_str::<Vec<Running>>(text).map_err(Error::broken));
            Ok(streams.collect::<Result<Vec<_>, _>>()?.concat())
        })
        .await
    }

    async fn ask_to_stop(&self, stream: &str, now: i64) -> Result<(), Error> {
        let stream = stream.to_owned();
        self.write(Commit::Quick, move |db| {
            db.execute("DELETE FROM stops WHERE at < ?", [now - KEPT_SECS])?;
            db.execute("INSERT OR REPLACE INTO stops(stream, at) VALUES(?, ?)", (stream, now))?;
            Ok(())
        })
        .await
    }

    async fn asked_to_stop(&self, since: i64) -> Result<Vec<String>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT stream FROM stops WHERE at >= ?")?;
            Ok(query.query_map([since], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn number(whose: Option<PersonId>) -> u32 {
    whose.map_or(0, |person| person.0)
}

/// From four columns: bytes, streams, downloads, links.
fn amount(row: &Row<'_>, first: usize) -> Result<Amount, rusqlite::Error> {
    let column = |n| row.get::<_, i64>(first + n).map(i64::unsigned_abs);
    Ok(Amount { bytes: column(0)?, streams: column(1)?, downloads: column(2)?, links: column(3)? })
}

/// As SQLite counts: bytes, streams, downloads, links.
fn columns(amount: Amount) -> [i64; 4] {
    [amount.bytes, amount.streams, amount.downloads, amount.links].map(|n| i64::try_from(n).unwrap_or(i64::MAX))
}

fn add_to_day(db: &Connection, whose: Option<PersonId>, day: Day, amount: Amount) -> Result<(), Error> {
    let [bytes, streams, downloads, links] = columns(amount);
    db.prepare_cached(
        "INSERT INTO usage(person, day, bytes, streams, downloads, links) VALUES(?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT(person, day) DO UPDATE SET bytes = bytes + ?3, streams = streams + ?4, \
         downloads = downloads + ?5, links = links + ?6",
    )?
    .execute(params![number(whose), day.0, bytes, streams, downloads, links])?;
    Ok(())
}

fn add_to_file(db: &Connection, used: &Used) -> Result<(), Error> {
    let [bytes, streams, downloads, _] = columns(used.amount);
    db.prepare_cached(
        "INSERT INTO file_usage(entry, bytes, streams, downloads, last) VALUES(?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT(entry) DO UPDATE SET bytes = bytes + ?2, streams = streams + ?3, \
         downloads = downloads + ?4, last = max(last, ?5)",
    )?
    .execute(params![used.entry.to_bytes(), bytes, streams, downloads, used.at])?;
    Ok(())
}

fn add_to_history(db: &Connection, used: &Used) -> Result<(), Error> {
    let [bytes, streams, downloads, _] = columns(used.amount);
    db.prepare_cached(
        "INSERT INTO watched(person, entry, name, first, last, bytes, streams, downloads) \
         VALUES(?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7) \
         ON CONFLICT(person, entry) DO UPDATE SET name = ?3, last = max(last, ?4), bytes = bytes + ?5, \
         streams = streams + ?6, downloads = downloads + ?7",
    )?
    .execute(params![used.person.0, used.entry.to_bytes(), used.name, used.at, bytes, streams, downloads])?;
    Ok(())
}
