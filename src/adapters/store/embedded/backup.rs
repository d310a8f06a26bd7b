//! Reads all records for a backup, in one transaction: everything is of one moment, whatever is written meanwhile. What is written
//! meanwhile stays in SQLite's log until the end, which therefore grows.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tokio::sync::mpsc;

use super::{Embedded, blocking, connect};
use crate::adapters::store::Error;
use crate::adapters::store::backup::kinds::{KEPT, Kind};
use crate::adapters::store::backup::row::{Cell, Row, hex};
use crate::adapters::store::backup::{BATCH_BYTES, BATCH_ROWS, Part};

impl Embedded {
    /// Sends everything, and [`Part::End`]. Ends early when nobody receives.
    pub async fn read_all(&self, parts: mpsc::Sender<Part>) -> Result<(), Error> {
        let path = self.readers.path.clone();
        blocking(move || {
            // Of its own: all readers are there for whoever asks meanwhile.
            let mut db = connect(&path)?;
            let read = read_all(&mut db, &mut |part| parts.blocking_send(part).is_ok());
            read.map_err(|e: Error| e.in_file(&path))
        })
        .await
    }
}

/// `send` says whether anybody still receives.
pub(super) fn read_all(db: &mut Connection, send: &mut dyn FnMut(Part) -> bool) -> Result<(), Error> {
    let snapshot = db.transaction()?;
    for kind in KEPT {
        let fields = fields(&snapshot, kind)?;
        if !read_kind(&snapshot, kind, &fields, send)? {
            return Ok(());
        }
    }
    send(Part::End);
    Ok(())
}

/// Whether anybody still receives.
fn read_kind(
    db: &Connection,
    kind: &'static Kind,
    fields: &[String],
    send: &mut dyn FnMut(Part) -> bool,
) -> Result<bool, Error> {
    if !send(Part::Section(kind, fields.to_vec())) {
        return Ok(false);
    }
    let (columns, Kind { table, only, order, .. }) = (fields.join(", "), kind);
    let mut query = db.prepare(&format!("SELECT {columns} FROM {table} WHERE {only} ORDER BY {order} -- backup"))?;
    let mut found = query.query([])?;
    let (mut rows, mut bytes) = (Vec::with_capacity(BATCH_ROWS), 0);
    while let Some(row) = found.next()? {
        let row = (0..fields.len()).map(|at| cell(row.get_ref(at)?)).collect::<Result<Row, Error>>()?;
        bytes += row.iter().map(|cell| if let Cell::Text(text) = cell { text.len() } else { 8 }).sum::<usize>();
        rows.push(row);
        if rows.len() == BATCH_ROWS || bytes >= BATCH_BYTES {
            bytes = 0;
            if !send(Part::Rows(std::mem::replace(&mut rows, Vec::with_capacity(BATCH_ROWS)))) {
                return Ok(false);
            }
        }
    }
    Ok(rows.is_empty() || send(Part::Rows(rows)))
}

fn cell(value: ValueRef<'_>) -> Result<Cell, Error> {
    Ok(match value {
        ValueRef::Null => Cell::None,
        ValueRef::Integer(number) => Cell::Number(number),
        ValueRef::Text(text) => Cell::Text(std::str::from_utf8(text).map_err(Error::broken)?.to_owned()),
        ValueRef::Blob(bytes) => Cell::Text(hex(bytes)),
        ValueRef::Real(_) => return Err(Error::broken("a number of a record is not whole")),
    })
}

/// The columns of a kept table that are kept.
pub(super) fn fields(db: &Connection, kind: &Kind) -> Result<Vec<String>, Error> {
    let columns = columns(db, kind.table)?;
    let kept = columns.into_iter().map(|column| column.name);
    Ok(kept.filter(|name| !kind.derived.contains(&name.as_str())).collect())
}

pub(super) struct Column {
    pub name: String,
    pub is_blob: bool,
}

pub(super) fn columns(db: &Connection, table: &str) -> Result<Vec<Column>, Error> {
    let mut query = db.prepare_cached("SELECT name, type FROM pragma_table_info(?)")?;
    let columns = query
        .query_map([table], |row| Ok(Column { name: row.get(0)?, is_blob: row.get::<_, String>(1)? == "BLOB" }))?;
    Ok(columns.collect::<Result<_, _>>()?)
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::{UPGRADES, upgrade};
    use super::*;
    use crate::adapters::store::backup::LEFT_OUT;

    fn newest() -> Connection {
        let mut db = Connection::open_in_memory().expect("memory");
        upgrade(&mut db, UPGRADES).expect("a store of this version");
        db
    }

    /// Of each kind.
    pub fn fields() -> BTreeMap<&'static str, Vec<String>> {
        let db = newest();
        KEPT.iter().map(|kind| (kind.name, super::fields(&db, kind).expect("columns"))).collect()
    }

    #[test]
    fn every_table_is_kept_or_left_out_for_a_reason() {
        let db = newest();
        let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").expect("a query");
        let tables: BTreeSet<String> =
            tables.query_map([], |row| row.get(0)).expect("tables").collect::<Result<_, _>>().expect("names");
        // A search's own tables are its own, and what SQLite knows of its indexes.
        let tables: BTreeSet<&str> = tables
            .iter()
            .map(String::as_str)
            .filter(|name| !["title_tokens_", "word_tokens_", "sqlite_stat"].iter().any(|own| name.starts_with(own)))
            .collect();
        let left_out = LEFT_OUT.iter().map(|(name, _)| *name).filter(|name| !name.contains('.'));
        let named: Vec<&str> = KEPT.iter().map(|kind| kind.table).chain(left_out).collect();
        assert_eq!(named.iter().copied().collect::<BTreeSet<_>>(), tables, "see backup/kinds.rs");
        assert_eq!(named.len(), tables.len(), "each is in one list, once");
        for kind in KEPT {
            let columns = columns(&db, kind.table).expect("columns");
            for derived in kind.derived {
                assert!(columns.iter().any(|column| column.name == *derived), "{derived} of {}", kind.name);
            }
        }
    }
}
