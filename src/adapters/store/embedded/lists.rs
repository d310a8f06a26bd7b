//! Lists that people made by hand.

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::document::{from_text, to_text};
use crate::adapters::store::lists::ListsBackend;
use crate::domain::list::{List, ListId};
use crate::domain::person::name_key;

impl ListsBackend for Embedded {
    async fn all(&self) -> Result<Vec<List>, Error> {
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT document FROM lists ORDER BY id")?;
            let rows = query.query_map([], |row| row.get::<_, String>(0))?;
            rows.map(|text| from_text(&text?)).collect()
        })
        .await
    }

    async fn get(&self, id: ListId) -> Result<Option<List>, Error> {
        self.read(move |db| {
            let text: Option<String> = db
                .prepare_cached("SELECT document FROM lists WHERE id = ?")?
                .query_row([id.0], |row| row.get(0))
                .optional()?;
            text.map(|text| from_text(&text)).transpose()
        })
        .await
    }

    async fn add(&self, name: &str) -> Result<Option<List>, Error> {
        let name = name.to_owned();
        self.write(Commit::Durable, move |db| {
            let added = db
                .prepare_cached(
                    "INSERT INTO lists(name_key, revision, document) VALUES(?, 0, '') ON CONFLICT DO NOTHING",
                )?
                .execute([name_key(&name)])?;
            if added == 0 {
                return Ok(None);
            }
            let id = u32::try_from(db.last_insert_rowid()).map_err(Error::broken)?;
            let list = List::new(ListId(id), &name);
            db.prepare_cached("UPDATE lists SET document = ? WHERE id = ?")?.execute(params![to_text(&list)?, id])?;
            Ok(Some(list))
        })
        .await
    }

    async fn put(&self, list: &List) -> Result<bool, Error> {
        let list = list.clone();
        self.write(Commit::Durable, move |db| put(db, &list)).await
    }

    async fn remove(&self, id: ListId) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            Ok(db.prepare_cached("DELETE FROM lists WHERE id = ?")?.execute([id.0])? == 1)
        })
        .await
    }
}

fn put(db: &Connection, list: &List) -> Result<bool, Error> {
    let next = List { revision: list.revision + 1, ..list.clone() };
    let written = db
        .prepare_cached("UPDATE lists SET name_key = ?, revision = ?, document = ? WHERE id = ? AND revision = ?")?
        .execute(params![name_key(&next.name), next.revision, to_text(&next)?, next.id.0, list.revision]);
    match written {
        Ok(rows) => Ok(rows == 1),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// From version 12, which knew no lists.
pub(super) fn make_table(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("lists.sql"))?)
}
