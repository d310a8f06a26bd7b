//! The words of the catalog's titles, and the tokens that titles and words are found by.

use rusqlite::{Connection, params};
use tracing::info;

use super::titles::{search_keys, title_of};
use crate::adapters::store::Error;
use crate::adapters::store::search::{self, Plan, Spellings};
use crate::domain::title::Kind;

/// Makes the tables, where they are not there yet.
pub(super) fn make_tables(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("words.sql"))?)
}

/// To be called once on a connection that writes titles, before it does.
pub(super) fn begin(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch("CREATE TEMP TABLE IF NOT EXISTS waiting(search_key INTEGER PRIMARY KEY)")?)
}

/// Makes a title findable by its names once the transaction ends, with [`write_waiting`]. FTS5 writes a run of tokens at each
/// savepoint and merges runs later, so that tokens of several titles in one run cost a fraction.
pub(super) fn remember(db: &Connection, search_key: i64) -> Result<(), Error> {
    db.prepare_cached("INSERT OR IGNORE INTO temp.waiting(search_key) VALUES(?)")?.execute([search_key])?;
    Ok(())
}

/// Makes it findable no more. Its words stay.
pub(super) fn forget(db: &Connection, search_key: i64) -> Result<(), Error> {
    let waited = db.prepare_cached("DELETE FROM temp.waiting WHERE search_key = ?")?.execute([search_key])?;
    if waited == 0 {
        db.prepare_cached("DELETE FROM title_tokens WHERE rowid = ?")?.execute([search_key])?;
    }
    Ok(())
}

/// To be called at the end of each transaction that may have changed a title.
pub(super) fn write_waiting(db: &Connection) -> Result<(), Error> {
    let keys: Vec<i64> = db
        .prepare_cached("SELECT search_key FROM temp.waiting")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for key in &keys {
        write(db, *key)?;
    }
    if !keys.is_empty() {
        db.prepare_cached("DELETE FROM temp.waiting")?.execute([])?;
    }
    Ok(())
}

/// Writes the tokens of a title and of its new words.
fn write(db: &Connection, search_key: i64) -> Result<(), Error> {
    let names: String = db
        .prepare_cached("SELECT names FROM titles WHERE id = ?")?
        .query_row([title_of(search_key)], |row| row.get(0))?;
    let mut new_word = db.prepare_cached("INSERT OR IGNORE INTO words(word) VALUES(?)")?;
    for word in search::words(&names) {
        if new_word.execute([word])? == 1 {
            let tokens = search::word_tokens(word).join(" ");
            db.prepare_cached("INSERT INTO word_tokens(rowid, tokens) VALUES(?, ?)")?
                .execute(params![db.last_insert_rowid(), tokens])?;
        }
    }
    db.prepare_cached("INSERT INTO title_tokens(rowid, tokens) VALUES(?, ?)")?
        .execute(params![search_key, search::title_tokens(&names).join(" ")])?;
    Ok(())
}

/// Words of the catalog by their tokens, those that came first.
pub(super) fn words(db: &Connection, spellings: &Spellings, limit: u32) -> Result<Vec<String>, Error> {
    let mut query = db.prepare_cached(
        "SELECT w.word FROM (SELECT rowid FROM word_tokens WHERE word_tokens MATCH ? ORDER BY rowid LIMIT ?) k
         CROSS JOIN words w ON w.id = k.rowid",
    )?;
    let rows = query.query_map(params![any(spellings), limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Titles of a kind with the tokens of a plan, by their search keys, best known first.
pub(super) fn titles(db: &Connection, kind: Kind, plan: &Plan, limit: u32) -> Result<Vec<i64>, Error> {
    let range = search_keys(kind);
    let all: Vec<String> = plan.iter().map(any).collect();
    let mut query = db.prepare_cached(
        "SELECT rowid FROM title_tokens WHERE title_tokens MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
    )?;
    let keys = query.query_map(params![all.join(" AND "), range.start(), range.end(), limit], |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// FTS5's expression. No token holds a quotation mark: text is folded.
fn any(spellings: &Spellings) -> String {
    let all = |tokens: &Vec<String>| {
        let quoted: Vec<String> = tokens.iter().map(|token| format!("\"{token}\"")).collect();
        format!("({})", quoted.join(" AND "))
    };
    format!("({})", spellings.iter().map(all).collect::<Vec<_>>().join(" OR "))
}

/// Titles between two lines of the log.
const LOGGED: usize = 100_000;

/// The step from version 12, which found titles by the letters of their names alone. Tokens are written in the order of their rows,
/// in runs of this many bytes: 32 times what FTS5 gathers by itself, for so much fewer runs to merge.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    make_tables(db)?;
    // Earlier steps may have filled it in part.
    db.execute_batch(
        "DROP TABLE title_names; INSERT INTO title_tokens(title_tokens) VALUES('delete-all');
         INSERT INTO title_tokens(title_tokens, rank) VALUES('hashsize', 33554432);
         INSERT INTO word_tokens(word_tokens, rank) VALUES('hashsize', 33554432);",
    )?;
    let mut keys: Vec<i64> = db
        .prepare("SELECT search_key FROM titles WHERE search_key IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    keys.sort_unstable();
    for (done, key) in keys.iter().enumerate() {
        if done > 0 && done % LOGGED == 0 {
            info!("Making titles findable by their words: {done} of {} done", keys.len());
        }
        write(db, *key)?;
    }
    db.execute_batch(
        "INSERT INTO title_tokens(title_tokens, rank) VALUES('hashsize', 1048576);
         INSERT INTO word_tokens(word_tokens, rank) VALUES('hashsize', 1048576);",
    )?;
    Ok(())
}
