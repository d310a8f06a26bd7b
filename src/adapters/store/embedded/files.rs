//! Files that people gave to the bot.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params, params_from_iter};

use super::{Commit, Embedded};
use crate::adapters::store::files::{FileChange, FilesBackend, FilesQuery, FilesSum, Place};
use crate::adapters::store::search::{fold, typed_words};
use crate::adapters::store::{Error, shared_document};
use crate::domain::entry::EntryId;
use crate::domain::person::PersonId;
use crate::domain::post::{ChatId, PostRef};
use crate::domain::shared::{FileId, FolderId, NewFile, Origin, Served, SharedFile};

const FIELDS: &str = "id, owner, folder, added, downloads, streams, bytes, chat, message, entry, name, content, terms";

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("files.sql"))?)
}

impl FilesBackend for Embedded {
    async fn get(&self, id: FileId) -> Result<Option<SharedFile>, Error> {
        self.read(move |db| one(db, "id = ?", id.0)).await
    }

    async fn of_message(&self, origin: &Origin) -> Result<Option<SharedFile>, Error> {
        let origin = origin.as_str().to_owned();
        self.read(move |db| one(db, "origin = ?", origin)).await
    }

    async fn add(&self, file: &NewFile) -> Result<SharedFile, Error> {
        let file = file.clone();
        self.write(Commit::Durable, move |db| {
            insert(db, &file)?;
            one(db, "origin = ?", file.origin.as_str().to_owned())?
                .ok_or_else(|| Error::broken("a file is gone at once"))
        })
        .await
    }

    async fn page(&self, query: &FilesQuery) -> Result<Vec<SharedFile>, Error> {
        let query = query.clone();
        self.read(move |db| {
            let words = typed_words(&query.search);
            let mut values: Vec<Value> = vec![query.owner.0.into()];
            let mut rest = "owner = ?".to_owned();
            if let Place::In(folder) = query.place {
                rest.push_str(" AND folder = ?");
                values.push(number(folder).into());
            }
            rest.push_str(&" AND instr(words, ?) > 0".repeat(words.len()));
            values.extend(words.into_iter().map(Value::from));
            values.extend([query.limit.into(), query.skip.into()]);
            let sql = format!("SELECT {FIELDS} FROM files WHERE {rest} ORDER BY id DESC LIMIT ? OFFSET ?");
            let mut query = db.prepare_cached(&sql)?;
            let mut rows = query.query(params_from_iter(values))?;
            let mut files = Vec::new();
            while let Some(row) = rows.next()? {
                files.push(read(row)?);
            }
            Ok(files)
        })
        .await
    }

    async fn above(&self, number: FileId, limit: u32) -> Result<Vec<SharedFile>, Error> {
        self.read(move |db| {
            let sql = format!("SELECT {FIELDS} FROM files WHERE id > ? ORDER BY id LIMIT ?");
            let mut query = db.prepare_cached(&sql)?;
            let mut rows = query.query((number.0, limit))?;
            let mut files = Vec::new();
            while let Some(row) = rows.next()? {
                files.push(read(row)?);
            }
            Ok(files)
        })
        .await
    }

    async fn sum(&self, owner: PersonId) -> Result<FilesSum, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT count(*), coalesce(sum(size), 0) FROM files WHERE owner = ?")?;
            Ok(query.query_row([owner.0], |row| Ok(FilesSum { files: row.get(0)?, bytes: row.get(1)? }))?)
        })
        .await
    }

    async fn added_since(&self, owner: PersonId, since: i64) -> Result<u64, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached("SELECT count(*) FROM files WHERE owner = ? AND added >= ?")?;
            Ok(query.query_row([i64::from(owner.0), since], |row| row.get(0))?)
        })
        .await
    }

    async fn change(&self, id: FileId, change: &FileChange) -> Result<Option<SharedFile>, Error> {
        let change = change.clone();
        self.write(Commit::Durable, move |db| {
            match &change {
                FileChange::Name(name) => db
                    .prepare_cached("UPDATE files SET name = ?, words = ? WHERE id = ?")?
                    .execute(params![name, fold(name), id.0])?,
                FileChange::Folder(folder) => db
                    .prepare_cached("UPDATE files SET folder = ? WHERE id = ?")?
                    .execute(params![number(*folder), id.0])?,
                FileChange::Terms(terms) => db
                    .prepare_cached("UPDATE files SET terms = ? WHERE id = ?")?
                    .execute(params![shared_document::text(terms)?, id.0])?,
                FileChange::Entry(entry) => db
                    .prepare_cached("UPDATE files SET entry = ? WHERE id = ?")?
                    .execute(params![entry.map(|entry| entry.to_bytes()), id.0])?,
            };
            one(db, "id = ?", id.0)
        })
        .await
    }

    async fn count(&self, id: FileId, served: Served) -> Result<Option<SharedFile>, Error> {
        self.write(Commit::Quick, move |db| {
            let sql =
                "UPDATE files SET downloads = downloads + ?, streams = streams + ?, bytes = bytes + ? WHERE id = ?";
            db.prepare_cached(sql)?.execute(params![served.downloads, served.streams, served.bytes, id.0])?;
            one(db, "id = ?", id.0)
        })
        .await
    }

    async fn remove(&self, id: FileId) -> Result<Option<SharedFile>, Error> {
        self.write(Commit::Durable, move |db| {
            let file = one(db, "id = ?", id.0)?;
            db.prepare_cached("DELETE FROM files WHERE id = ?")?.execute([id.0])?;
            Ok(file)
        })
        .await
    }
}

/// Nothing happens when the message made one already.
fn insert(db: &Connection, file: &NewFile) -> Result<(), Error> {
    db.prepare_cached(
        "INSERT INTO files(owner, folder, added, origin, size, downloads, streams, bytes, chat, message, name, words, content, terms) \
         VALUES(?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?, ?) ON CONFLICT(origin) DO NOTHING",
    )?
    .execute(params![
        file.owner.0,
        number(file.folder),
        file.added,
        file.origin.as_str(),
        file.content.size(),
        file.stored.chat.get(),
        file.stored.message,
        file.name,
        fold(&file.name),
        shared_document::text(&file.content)?,
        shared_document::text(&file.terms)?,
    ])?;
    Ok(())
}

fn one(db: &Connection, filter: &str, value: impl rusqlite::ToSql) -> Result<Option<SharedFile>, Error> {
    let mut query = db.prepare_cached(&format!("SELECT {FIELDS} FROM files WHERE {filter}"))?;
    let mut rows = query.query([value])?;
    rows.next()?.map(read).transpose()
}

fn read(row: &Row<'_>) -> Result<SharedFile, Error> {
    let chat = ChatId::try_from(row.get::<_, i64>(7)?).map_err(Error::broken)?;
    Ok(SharedFile {
        id: FileId(row.get(0)?),
        owner: PersonId(row.get(1)?),
        folder: folder(row.get(2)?),
        added: row.get(3)?,
        served: Served { downloads: row.get(4)?, streams: row.get(5)?, bytes: row.get(6)? },
        stored: PostRef { chat, message: row.get(8)? },
        entry: row.get::<_, Option<[u8; 12]>>(9)?.map(EntryId::from_bytes),
        name: row.get(10)?,
        content: shared_document::value(&row.get::<_, String>(11)?)?,
        terms: shared_document::value(&row.get::<_, String>(12)?)?,
    })
}

pub(super) fn number(folder: Option<FolderId>) -> i64 {
    folder.map_or(0, |folder| folder.0)
}

pub(super) fn folder(number: i64) -> Option<FolderId> {
    (number != 0).then_some(FolderId(number))
}
