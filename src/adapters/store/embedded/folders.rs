//! Folders that people keep their files in.

use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, params};

use super::files::{folder, number};
use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::files::FoldersBackend;
use crate::domain::person::{PersonId, name_key};
use crate::domain::shared::{Counted, Folder, FolderId};

impl FoldersBackend for Embedded {
    async fn get(&self, id: FolderId) -> Result<Option<Folder>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT id, owner, parent, name FROM folders WHERE id = ?")?;
            Ok(query.query_row([id.0], read).optional()?)
        })
        .await
    }

    async fn add(&self, owner: PersonId, name: &str, parent: Option<FolderId>) -> Result<Option<Folder>, Error> {
        let name = name.to_owned();
        self.write(Commit::Durable, move |db| {
            let sql = "INSERT INTO folders(owner, parent, name, name_key) VALUES(?, ?, ?, ?) \
                       ON CONFLICT(owner, parent, name_key) DO NOTHING RETURNING id, owner, parent, name";
            let mut query = db.prepare_cached(sql)?;
            Ok(query.query_row(params![owner.0, number(parent), name, name_key(&name)], read).optional()?)
        })
        .await
    }

    async fn list(&self, owner: PersonId, parent: Option<FolderId>) -> Result<Vec<Counted>, Error> {
        self.read(move |db| {
            let sql = "SELECT id, owner, parent, name, \
                       (SELECT count(*) FROM files WHERE files.owner = folders.owner AND files.folder = folders.id), \
                       (SELECT count(*) FROM folders AS inner WHERE inner.owner = folders.owner AND inner.parent = folders.id) \
                       FROM folders WHERE owner = ? AND parent = ? ORDER BY name_key";
            let mut query = db.prepare_cached(sql)?;
            let counted = |row: &Row<'_>| Ok(Counted { folder: read(row)?, files: row.get(4)?, folders: row.get(5)? });
            let folders = query.query_map(params![owner.0, number(parent)], counted)?.collect::<Result<_, _>>()?;
            Ok(folders)
        })
        .await
    }

    async fn put(&self, folder: &Folder) -> Result<bool, Error> {
        let folder = folder.clone();
        self.write(Commit::Durable, move |db| {
            let sql = "UPDATE folders SET parent = ?, name = ?, name_key = ? WHERE id = ?";
            let key = name_key(&folder.name);
            match db.prepare_cached(sql)?.execute(params![number(folder.parent), folder.name, key, folder.id.0]) {
                Ok(_) => Ok(true),
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn remove(&self, id: FolderId) -> Result<bool, Error> {
        self.write(Commit::Durable, move |db| {
            if holds_something(db, id)? {
                return Ok(false);
            }
            db.prepare_cached("DELETE FROM folders WHERE id = ?")?.execute([id.0])?;
            Ok(true)
        })
        .await
    }
}

fn holds_something(db: &Connection, id: FolderId) -> Result<bool, Error> {
    let sql = "SELECT EXISTS(SELECT 1 FROM folders AS f JOIN files ON files.owner = f.owner AND files.folder = f.id WHERE f.id = ?1) \
               OR EXISTS(SELECT 1 FROM folders AS f JOIN folders AS inner ON inner.owner = f.owner AND inner.parent = f.id WHERE f.id = ?1)";
    Ok(db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> Result<Folder, rusqlite::Error> {
    Ok(Folder {
        id: FolderId(row.get(0)?),
        owner: PersonId(row.get(1)?),
        parent: folder(row.get(2)?),
        name: row.get(3)?,
    })
}
