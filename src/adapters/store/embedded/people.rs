//! People, settings, one-time tickets, and what providers answered.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::domain::access::SecretHash;
use crate::domain::person::{Person, PersonId, name_key};

/// Expired answers that one new answer sweeps out: more than one, so that they never pile up.
const SWEPT: u32 = 10;

const FIELDS: &str = "id, name, is_owner, access_version, added, name_key IS NULL";

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("people.sql"))?)
}

impl Embedded {
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM people WHERE id = ?"))?;
            Ok(query.query_row([id.0], read).optional()?)
        })
        .await
    }

    pub async fn people(&self) -> Result<Vec<Person>, Error> {
        self.read(|db| {
            let sql = format!("SELECT {FIELDS} FROM people WHERE name_key IS NOT NULL ORDER BY id");
            let people = db.prepare_cached(&sql)?.query_map([], read)?.collect::<Result<_, _>>()?;
            Ok(people)
        })
        .await
    }

    pub async fn add_person(&self, name: &str, now: i64) -> Result<Option<Person>, Error> {
        let name = name.to_owned();
        self.write(Commit::Durable, move |db| {
            let key = name_key(&name);
            if db.prepare_cached("SELECT 1 FROM people WHERE name_key = ?")?.exists([&key])? {
                return Ok(None);
            }
            let id = db.query_row("SELECT coalesce(max(id), 0) + 1 FROM people", [], |row| row.get::<_, u32>(0))?;
            let id = PersonId(id).max(PersonId::FIRST_GUEST);
            let person = Person { id, name, is_owner: false, access_version: 1, added: now, is_removed: false };
            write(db, &person)?;
            Ok(Some(person))
        })
        .await
    }

    pub async fn put_person(&self, person: &Person) -> Result<(), Error> {
        let person = person.clone();
        self.write(Commit::Durable, move |db| write(db, &person)).await
    }

    pub async fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        let key = key.to_owned();
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT value FROM settings WHERE key = ?")?;
            Ok(query.query_row([key], |row| row.get(0)).optional()?)
        })
        .await
    }

    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), Error> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(Commit::Durable, move |db| {
            db.execute("INSERT OR REPLACE INTO settings(key, value) VALUES(?, ?)", (key, value))?;
            Ok(())
        })
        .await
    }

    pub async fn setting_or(&self, key: &str, first: &str) -> Result<String, Error> {
        let (key, first) = (key.to_owned(), first.to_owned());
        self.write(Commit::Durable, move |db| {
            db.execute("INSERT OR IGNORE INTO settings(key, value) VALUES(?, ?)", (&key, first))?;
            Ok(db.query_row("SELECT value FROM settings WHERE key = ?", [key], |row| row.get(0))?)
        })
        .await
    }

    pub async fn put_ticket(&self, hash: SecretHash, expires: i64) -> Result<(), Error> {
        self.write(Commit::Durable, move |db| {
            db.execute("INSERT OR REPLACE INTO tickets(hash, expires) VALUES(?, ?)", (hash.0, expires))?;
            Ok(())
        })
        .await
    }

    pub async fn has_ticket(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        self.read(move |db| {
            Ok(db.prepare_cached("SELECT 1 FROM tickets WHERE hash = ? AND expires > ?")?.exists((hash.0, now))?)
        })
        .await
    }

    pub async fn take_ticket(&self, hash: SecretHash, now: i64) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            db.execute("DELETE FROM tickets WHERE expires <= ?", [now])?;
            Ok(db.execute("DELETE FROM tickets WHERE hash = ?", [hash.0])? == 1)
        })
        .await
    }

    pub async fn answer(&self, key: &str, now: i64) -> Result<Option<String>, Error> {
        self.told_time.fetch_max(now, Ordering::Relaxed);
        let key = key.to_owned();
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT value FROM answers WHERE key = ? AND expires > ?")?;
            Ok(query.query_row((key, now), |row| row.get(0)).optional()?)
        })
        .await
    }

    pub async fn keep_answer(&self, key: &str, value: &str, expires: i64) -> Result<(), Error> {
        let (key, value, now) = (key.to_owned(), value.to_owned(), self.told_time.load(Ordering::Relaxed));
        self.write(Commit::Quick, move |db| {
            db.prepare_cached(
                "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers WHERE expires <= ? ORDER BY expires LIMIT ?)",
            )?
            .execute((now, SWEPT))?;
            db.prepare_cached("INSERT OR REPLACE INTO answers(key, expires, value) VALUES(?, ?, ?)")?
                .execute((key, expires, value))?;
            Ok(())
        })
        .await
    }
}

fn read(row: &Row<'_>) -> Result<Person, rusqlite::Error> {
    Ok(Person {
        id: PersonId(row.get(0)?),
        name: row.get(1)?,
        is_owner: row.get(2)?,
        access_version: row.get(3)?,
        added: row.get(4)?,
        is_removed: row.get(5)?,
    })
}

fn write(db: &Connection, person: &Person) -> Result<(), Error> {
    let key = (!person.is_removed).then(|| name_key(&person.name));
    db.execute(
        "INSERT INTO people(id, name, is_owner, access_version, added, name_key) VALUES(?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT(id) DO UPDATE SET name = ?2, is_owner = ?3, access_version = ?4, added = ?5, name_key = ?6",
        params![person.id.0, person.name, person.is_owner, person.access_version, person.added, key],
    )?;
    Ok(())
}
