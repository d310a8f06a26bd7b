//! The step from version 4 to 5. Version 4 left posts of one second in no order, found titles by their names alone, and kept text
//! from outside as it came.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::refresh::refresh_entry;
use super::titles::{forget_names, refresh_titles};
use super::{probes, words};
use crate::adapters::store::{Error, document, search};
use crate::domain::entry::EntryId;
use crate::domain::text;

pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    words::make_tables(db)?;
    probes::make_tables(db)?;
    // Visible ones are refreshed below; hidden ones keep their date.
    db.execute_batch("UPDATE entries SET posted = posted << 31 WHERE posted < 1 << 40")?;
    let mut titles = BTreeSet::new();
    for id in clean_entries(db)? {
        refresh_entry(db, id, &mut titles)?;
    }
    titles.extend(renew_titles(db)?);
    clean_names(db, "channels", "chat", "title")?;
    clean_names(db, "people", "id", "name")?;
    refresh_titles(db, &titles)
}

/// Returns every entry.
fn clean_entries(db: &Connection) -> Result<Vec<EntryId>, Error> {
    let entries: Vec<([u8; 12], String, String)> = db
        .prepare("SELECT id, document, status FROM entries")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (id, document, status) in &entries {
        if let Some(status) = document::clean_status(status)? {
            db.prepare_cached("UPDATE entries SET status = ? WHERE id = ?")?.execute(params![status, id])?;
        }
        if let Some(clean) = document::clean_entry(document)? {
            db.prepare_cached("UPDATE entries SET document = ?, words = ?, volume_of = ? WHERE id = ?")?
                .execute(params![clean.text, clean.words, clean.volume_of, id])?;
        }
    }
    Ok(entries.into_iter().map(|(id, ..)| EntryId::from_bytes(id)).collect())
}

/// Returns every title. All are to be made findable anew.
fn renew_titles(db: &Connection) -> Result<Vec<i64>, Error> {
    let titles: Vec<(i64, String, String)> = db
        .prepare("SELECT id, document, episodes FROM titles")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (id, text, episodes) in &titles {
        let (text, episodes) = document::clean_title(text, episodes)?;
        let names = search::names(&document::title_from_text(&text)?);
        forget_names(db, *id)?;
        db.prepare_cached("UPDATE titles SET document = ?, episodes = ?, names = ? WHERE id = ?")?
            .execute(params![text, episodes, names, id])?;
    }
    Ok(titles.into_iter().map(|(id, ..)| id).collect())
}

fn clean_names(db: &Connection, table: &str, key: &str, column: &str) -> Result<(), Error> {
    let names: Vec<(i64, String)> = db
        .prepare(&format!("SELECT {key}, {column} FROM {table}"))?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, name) in names {
        db.prepare_cached(&format!("UPDATE {table} SET {column} = ? WHERE {key} = ?"))?
            .execute((text::line(&name, text::NAME), id))?;
    }
    Ok(())
}
