//! People who may watch.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::people::PeopleBackend;
use crate::domain::person::{Person, PersonId, name_key};

const FIELDS: &str = "id, name, is_owner, access_version, added, name_key IS NULL";

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("people.sql"))?)
}

impl PeopleBackend for Embedded {
    async fn get(&self, id: PersonId) -> Result<Option<Person>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM people WHERE id = ?"))?;
            Ok(query.query_row([id.0], read).optional()?)
        })
        .await
    }

    async fn all(&self) -> Result<Vec<Person>, Error> {
        self.read(|db| {
            let sql = format!("SELECT {FIELDS} FROM people WHERE name_key IS NOT NULL ORDER BY id");
            let people = db.prepare_cached(&sql)?.query_map([], read)?.collect::<Result<_, _>>()?;
            Ok(people)
        })
        .await
    }

    async fn add(&self, name: &str, now: i64) -> Result<Option<Person>, Error> {
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

    async fn put(&self, person: &Person) -> Result<(), Error> {
        let person = person.clone();
        self.write(Commit::Durable, move |db| write(db, &person)).await
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
