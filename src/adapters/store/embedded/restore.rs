//! Builds a store of a backup: beside the one that is there, which it replaces when it is complete.
//!
//! ```text
//! an empty store of the backup's version   tables alone, without indexes
//! + records                                row by row, in one transaction that nothing else sees
//! + indexes                                each in one go: a hundred times faster than growing with the rows
//! + steps to this version                  those that a database of that version would take
//! + what follows from records              by the code that files a title as ever
//! -> cinepost.db
//! ```

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, Read, Seek};
use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Connection, Statement, ToSql, TransactionBehavior};
use tokio::sync::mpsc;

use super::backup::columns;
use super::entries::write_places;
use super::subtitles::write_keys;
use super::titles::{move_entries, refresh_title, survivor};
use super::{FILE, UPGRADES, connect, upgrade, words};
use crate::adapters::store::Error;
use crate::adapters::store::backup::kinds::{Kind, NUMBERS};
use crate::adapters::store::backup::row::{Cell, Row, bytes};
use crate::adapters::store::backup::{BackupError, Contents, Header, Part, Reader, Watch, reader};
use crate::adapters::store::document::{self, State};
use crate::domain::entry::{EntryId, Status};
use crate::domain::title::TitleId;

/// The folder in which a store is built, in the data folder. What a stopped restore left there is removed by the next one.
const WORKSHOP: &str = "restoring";
/// KiB of the file in memory meanwhile.
const CACHE_KB: i64 = 128 << 10;

/// Builds `cinepost.db` in a folder.
pub(in crate::adapters::store) fn restore<R: Read + Seek>(
    dir: &Path,
    header: &Header,
    file: R,
    watch: &Watch,
    before: impl FnOnce() -> Result<(), BackupError>,
) -> Result<Contents, BackupError> {
    let workshop = Workshop::open(dir)?;
    let contents = build(&workshop.file(), header, file, watch)?;
    before()?;
    workshop.deliver(dir)?;
    Ok(contents)
}

/// Sends what a store has that was built of a file: of this version, and whole.
pub(in crate::adapters::store) fn through<R: Read + Seek>(
    dir: &Path,
    header: &Header,
    file: R,
    watch: &Watch,
    parts: &mpsc::Sender<Part>,
) -> Result<Contents, BackupError> {
    let workshop = Workshop::open(dir)?;
    let contents = build(&workshop.file(), header, file, watch)?;
    let mut db = connect(&workshop.file())?;
    super::backup::read_all(&mut db, &mut |part| parts.blocking_send(part).is_ok())?;
    Ok(contents)
}

/// Builds a store in a file that is not there yet.
fn build<R: Read + Seek>(path: &Path, header: &Header, mut file: R, watch: &Watch) -> Result<Contents, BackupError> {
    let mut db = connect(path)?;
    // Whatever interrupts this, the file is thrown away.
    db.pragma_update(None, "journal_mode", "OFF")?;
    db.pragma_update(None, "synchronous", "OFF")?;
    db.pragma_update(None, "cache_size", -CACHE_KB)?;
    // Sorting for an index takes as much room as the index is large, beside the file: a machine's /tmp may be in memory. SQLite keeps
    // one such folder for the process, and passes it over when it is gone.
    db.pragma_update(None, "temp_store", "FILE")?;
    let beside = path.parent().and_then(Path::to_str).unwrap_or_default();
    db.pragma_update(None, "temp_store_directory", beside)?;
    upgrade(&mut db, &UPGRADES[..header.schema as usize])?;
    let indexes = take_indexes(&db)?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let contents = fill(&transaction, reader(&mut file)?, watch)?;
    if header.may_dangle() {
        give_ids_to_one_title(&transaction)?;
    }
    for index in indexes {
        transaction.execute_batch(&index).map_err(impossible)?;
        watch.check()?;
    }
    transaction.commit()?;
    upgrade(&mut db, UPGRADES)?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if header.may_dangle() {
        follow_merged_titles(&transaction)?;
        remove_dangling(&transaction)?;
    }
    derive(&transaction, watch)?;
    transaction.commit()?;
    db.pragma_update(None, "temp_store_directory", "")?;
    db.close().map_err(|(_, error)| Error::from(error))?;
    // Nothing waited for the disk so far.
    File::open(path)?.sync_all()?;
    Ok(contents)
}

struct Workshop(PathBuf);

impl Workshop {
    fn open(dir: &Path) -> Result<Self, BackupError> {
        let workshop = Self(dir.join(WORKSHOP));
        workshop.clear()?;
        Ok(workshop)
    }

    fn file(&self) -> PathBuf {
        self.0.join(FILE)
    }

    fn clear(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Puts the store into its place. Whatever was there must not be open any more.
    fn deliver(&self, dir: &Path) -> Result<(), BackupError> {
        // First: they would be taken for the new store's.
        for log in ["-wal", "-shm"] {
            match fs::remove_file(dir.join(format!("{FILE}{log}"))) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        fs::rename(self.file(), dir.join(FILE))?;
        Ok(File::open(dir)?.sync_all()?)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = self.clear();
    }
}

/// Drops the indexes that were made by hand and returns what makes them.
fn take_indexes(db: &Connection) -> Result<Vec<String>, Error> {
    let mut query = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")?;
    let indexes: Vec<(String, String)> =
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    indexes
        .into_iter()
        .map(|(name, sql)| {
            db.execute_batch(&format!("DROP INDEX {name}"))?;
            Ok(sql)
        })
        .collect()
}

fn fill<R: BufRead>(db: &Connection, mut parts: Reader<R>, watch: &Watch) -> Result<Contents, BackupError> {
    let mut table = None;
    while let Some(part) = parts.next()? {
        match part {
            Part::Section(kind, fields) => table = Some(Table::of(db, kind, &fields)?),
            Part::Rows(rows) => {
                let table: &mut Table<'_> =
                    table.as_mut().ok_or_else(|| BackupError::damaged("records before their section"))?;
                rows.iter().try_for_each(|row| table.insert(row))?;
                watch.add(rows.len())?;
            }
            Part::End => {}
        }
    }
    Ok(parts.contents)
}

/// Where the records of a section go.
struct Table<'db> {
    insert: Statement<'db>,
    /// Of each field.
    is_blob: Vec<bool>,
}

impl<'db> Table<'db> {
    fn of(db: &'db Connection, kind: &Kind, fields: &[String]) -> Result<Self, BackupError> {
        let columns = columns(db, kind.table)?;
        let is_blob: Option<Vec<bool>> = fields
            .iter()
            .map(|field| columns.iter().find(|column| column.name == *field).map(|column| column.is_blob))
            .collect();
        let once: BTreeSet<&String> = fields.iter().collect();
        let unknown = || BackupError::damaged(format!("its {} have fields that nobody knows", kind.name));
        let is_blob = is_blob.filter(|blobs| !blobs.is_empty() && once.len() == fields.len()).ok_or_else(unknown)?;
        if kind.name == NUMBERS {
            // The records that came before set them too, to what is there of each kind.
            db.execute("DELETE FROM sqlite_sequence", [])?;
        }
        let marks = vec!["?"; fields.len()].join(", ");
        let sql = format!("INSERT INTO {}({}) VALUES({marks})", kind.table, fields.join(", "));
        Ok(Self { insert: db.prepare(&sql)?, is_blob })
    }

    fn insert(&mut self, row: &Row) -> Result<(), BackupError> {
        let values = row.iter().zip(&self.is_blob).map(|(cell, is_blob)| Bound::of(cell, *is_blob));
        let values: Option<Vec<Bound<'_>>> = values.collect();
        let values = values.ok_or_else(|| BackupError::damaged("bytes of a record cannot be read"))?;
        self.insert.execute(rusqlite::params_from_iter(values)).map_err(impossible)?;
        Ok(())
    }
}

enum Bound<'a> {
    Cell(&'a Cell),
    Bytes(Vec<u8>),
}

impl<'a> Bound<'a> {
    fn of(cell: &'a Cell, is_blob: bool) -> Option<Self> {
        match cell {
            Cell::Text(text) if is_blob => bytes(text).map(Self::Bytes),
            cell => Some(Self::Cell(cell)),
        }
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Cell(Cell::None) => ToSqlOutput::Owned(Value::Null),
            Self::Cell(Cell::Number(number)) => ToSqlOutput::from(*number),
            Self::Cell(Cell::Text(text)) => ToSqlOutput::from(text.as_str()),
            Self::Bytes(bytes) => ToSqlOutput::from(bytes.as_slice()),
        })
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What the tables do not take is wrong in the backup; a full disk is not.
fn impossible(error: rusqlite::Error) -> BackupError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation | rusqlite::ErrorCode::TypeMismatch) => {
            BackupError::damaged(format!("its records do not fit together ({error})"))
        }
        _ => Error::from(error).into(),
    }
}

/// An id that went from one title to another while a store without transactions was read stands with both. They are read by their
/// numbers, so that the one with the last number was read when it had it: the others lose it, and one that has no other id is merged
/// into that one, as it would have been there.
fn give_ids_to_one_title(db: &Connection) -> Result<(), Error> {
    for (id, of_one) in [("imdb", "imdb"), ("tmdb", "kind, tmdb")] {
        let mut losers = db.prepare(&format!(
            "SELECT id, holder FROM (SELECT id, max(id) OVER (PARTITION BY {of_one}) AS holder FROM titles WHERE {id} IS NOT NULL)
             WHERE id < holder -- restore"
        ))?;
        let losers = losers.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (loser, holder) in losers.collect::<Result<Vec<(i64, i64)>, _>>()? {
            let text: String = db.query_row("SELECT document FROM titles WHERE id = ?", [loser], |row| row.get(0))?;
            let mut title = document::title_from_text(&text)?;
            match id {
                "imdb" => title.ids.imdb = None,
                _ => title.ids.tmdb = None,
            }
            let (text, _) = document::title_to_texts(&title)?;
            db.execute(&format!("UPDATE titles SET {id} = NULL, document = ? WHERE id = ?"), (text, loser))?;
            db.execute(
                "UPDATE titles SET merged_into = ? WHERE id = ? AND imdb IS NULL AND tmdb IS NULL",
                (holder, loser),
            )?;
        }
    }
    Ok(())
}

/// Moves the entries of titles that were merged into others: they were read before the titles, and may not know of it.
fn follow_merged_titles(db: &Connection) -> Result<(), Error> {
    let mut merged = db.prepare("SELECT id FROM titles WHERE merged_into IS NOT NULL -- restore")?;
    let merged = merged.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    merged.into_iter().try_for_each(|title| move_entries(db, title, survivor(db, title)?))
}

/// Takes away what came or went while a store without transactions was read: a message whose file it does not hold, and a file without
/// a message. The channels tell of them again.
fn remove_dangling(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(
        "DELETE /* restore */ FROM sources WHERE NOT EXISTS (SELECT 1 FROM entries WHERE id = sources.entry);
         DELETE /* restore */ FROM parts WHERE NOT EXISTS (SELECT 1 FROM entries WHERE id = parts.entry)
                              OR NOT EXISTS (SELECT 1 FROM entries WHERE id = parts.part);
         DELETE /* restore */ FROM entries WHERE NOT EXISTS (SELECT 1 FROM sources WHERE entry = entries.id)
                               AND NOT EXISTS (SELECT 1 FROM parts WHERE entry = entries.id);",
    )?)
}

/// Works out what is not in a backup because it follows from what is.
fn derive(db: &Connection, watch: &Watch) -> Result<(), BackupError> {
    let mut matched = db.prepare("SELECT id, status FROM entries WHERE state IN (?, ?) -- restore")?;
    let mut rows = matched.query([State::Matched as i64, State::Subtitles as i64])?;
    while let Some(row) = rows.next()? {
        let (entry, mut status): (_, Status) = (row.get(0)?, document::from_text(&row.get::<_, String>(1)?)?);
        if let Status::Subtitles { title: Some(title), .. } = &mut status {
            *title = TitleId(survivor(db, title.0)?);
        }
        write_places(db, EntryId::from_bytes(entry), &status)?;
        write_keys(db, EntryId::from_bytes(entry), &status)?;
    }
    let mut titles = db.prepare("SELECT id FROM titles WHERE merged_into IS NULL -- restore")?;
    let mut rows = titles.query([])?;
    let mut count = 0_u32;
    while let Some(row) = rows.next()? {
        refresh_title(db, row.get(0)?)?;
        count += 1;
        if count.is_multiple_of(1000) {
            words::write_waiting(db)?;
            watch.check()?;
        }
    }
    Ok(words::write_waiting(db)?)
}
