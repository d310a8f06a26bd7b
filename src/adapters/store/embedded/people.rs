//! People, and the steps that gave older files what is kept of them.

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::document::{from_text, to_text};
use crate::adapters::store::people::{PeopleBackend, Taken};
use crate::domain::person::{NewPerson, Person, PersonId, Standing, TelegramIdentity, name_key};
use crate::domain::telegram_id::UserId;

const FIELDS: &str = "id, name, role, telegram, username, first_name, language, added, active, expires, standing, preferences, \
                      access_version, name_key IS NULL, revision, reach";

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("people.sql"))?)
}

pub(super) fn upgrade_access(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("access.sql"))?)
}

impl PeopleBackend for Embedded {
    async fn get(&self, id: PersonId) -> Result<Option<Person>, Error> {
        self.read(move |db| one(db, "id = ?", [id.0])).await
    }

    async fn by_telegram(&self, id: UserId) -> Result<Option<Person>, Error> {
        self.read(move |db| one(db, "telegram = ?", [id.0])).await
    }

    async fn all(&self) -> Result<Vec<Person>, Error> {
        self.read(|db| several(db, "name_key IS NOT NULL")).await
    }

    async fn waiting(&self) -> Result<Vec<Person>, Error> {
        self.read(|db| several(db, "standing = '\"pending\"' AND name_key IS NOT NULL")).await
    }

    async fn set_last_active(&self, id: PersonId, at: i64) -> Result<(), Error> {
        self.write(Commit::Quick, move |db| {
            db.prepare_cached("UPDATE people SET active = ? WHERE id = ?")?.execute((at, id.0))?;
            Ok(())
        })
        .await
    }

    async fn add(&self, person: &NewPerson) -> Result<Result<Person, Taken>, Error> {
        let person = person.clone();
        self.write(Commit::Durable, move |db| {
            let id = db.query_row("SELECT coalesce(max(id), 0) + 1 FROM people", [], |row| row.get::<_, u32>(0))?;
            let person = person.with_id(PersonId(id).max(PersonId::FIRST_GUEST));
            if let Some(taken) = taken(db, &person)? {
                return Ok(Err(taken));
            }
            write(db, &person)?;
            Ok(Ok(person))
        })
        .await
    }

    async fn put(&self, person: &Person) -> Result<(), Error> {
        let person = person.clone();
        self.write(Commit::Durable, move |db| write(db, &person)).await
    }

    async fn replace(&self, person: &Person) -> Result<Result<bool, Taken>, Error> {
        let person = person.clone();
        self.write(Commit::Durable, move |db| {
            let Some(stored) = one(db, "id = ?", [person.id.0])?.filter(|stored| stored.revision == person.revision)
            else {
                return Ok(Ok(false));
            };
            if let Some(taken) = taken(db, &person)? {
                return Ok(Err(taken));
            }
            let revision = person.revision.wrapping_add(1);
            write(db, &Person { revision, last_active: stored.last_active, ..person })?;
            Ok(Ok(true))
        })
        .await
    }
}

/// What of a person somebody else has already.
fn taken(db: &Connection, person: &Person) -> Result<Option<Taken>, Error> {
    if person.is_removed {
        return Ok(None);
    }
    let has_name = "SELECT 1 FROM people WHERE name_key = ? AND id <> ?";
    if db.prepare_cached(has_name)?.exists((name_key(&person.name), person.id.0))? {
        return Ok(Some(Taken::Name));
    }
    let Some(telegram) = &person.telegram else { return Ok(None) };
    let has_account = "SELECT 1 FROM people WHERE telegram = ? AND id <> ?";
    let is_taken = db.prepare_cached(has_account)?.exists((telegram.id.0, person.id.0))?;
    Ok(is_taken.then_some(Taken::Telegram))
}

fn one(db: &Connection, which: &str, values: impl Params) -> Result<Option<Person>, Error> {
    let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM people WHERE {which}"))?;
    query.query_row(values, |row| Ok(read(row))).optional()?.transpose()
}

fn several(db: &Connection, which: &str) -> Result<Vec<Person>, Error> {
    let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM people WHERE {which} ORDER BY id"))?;
    query.query_and_then([], read)?.collect()
}

fn read(row: &Row<'_>) -> Result<Person, Error> {
    let telegram = match row.get::<_, Option<i64>>(3)? {
        Some(id) => Some(TelegramIdentity { id: UserId(id), username: row.get(4)?, first_name: row.get(5)? }),
        None => None,
    };
    Ok(Person {
        id: PersonId(row.get(0)?),
        name: row.get(1)?,
        role: row.get::<_, String>(2)?.parse().map_err(Error::broken)?,
        telegram,
        language: row.get(6)?,
        joined: row.get(7)?,
        last_active: row.get(8)?,
        expires: row.get(9)?,
        standing: from_text::<Standing>(&row.get::<_, String>(10)?)?,
        preferences: from_text(&row.get::<_, String>(11)?)?,
        access_version: row.get(12)?,
        is_removed: row.get(13)?,
        revision: row.get(14)?,
        reach: from_text(&row.get::<_, String>(15)?)?,
    })
}

fn write(db: &Connection, person: &Person) -> Result<(), Error> {
    let key = (!person.is_removed).then(|| name_key(&person.name));
    let telegram = person.telegram.as_ref().filter(|_| !person.is_removed);
    db.prepare_cached(
        "INSERT INTO people(id, name, role, telegram, username, first_name, language, added, active, expires, standing, preferences, \
         access_version, name_key, revision, reach) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) \
         ON CONFLICT(id) DO UPDATE SET name = ?2, role = ?3, telegram = ?4, username = ?5, first_name = ?6, language = ?7, added = ?8, \
         active = ?9, expires = ?10, standing = ?11, preferences = ?12, access_version = ?13, name_key = ?14, revision = ?15, reach = ?16",
    )?
    .execute(params![
        person.id.0,
        person.name,
        person.role.word(),
        telegram.map(|telegram| telegram.id.0),
        telegram.map_or("", |telegram| &telegram.username),
        telegram.map_or("", |telegram| &telegram.first_name),
        person.language,
        person.joined,
        person.last_active,
        person.expires,
        to_text(&person.standing)?,
        to_text(&person.preferences)?,
        person.access_version,
        key,
        person.revision,
        to_text(&person.reach)?,
    ])?;
    Ok(())
}
