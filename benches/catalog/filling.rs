//! Fills a store. Every title and its newest file are recorded as ingest does it. Its other files would take an hour so: in the
//! embedded store they are copies of the first one's rows, which [`prove`] compares with what recording them gives.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use cinepost::adapters::store::{Database, Store};
use cinepost::domain::entry::{Entry, EntryId, Source, Status};
use cinepost::domain::title::{Kind, TitleId};
use futures_util::{StreamExt, TryStreamExt, stream};
use rusqlite::{Connection, params};

use super::library::{self, CHANNELS};

/// Titles recorded, and rows copied, at a time.
const BATCH: u64 = 2000;
const ROWS: usize = 200_000;
/// Entries that ingest matches at a time.
pub const MATCHING: usize = 8;

/// Records titles, each with its newest file.
pub async fn record(store: &Store, titles: u64, at_once: usize) -> anyhow::Result<()> {
    let channels: Vec<_> = (0..CHANNELS).map(library::channel).collect();
    store.channels().seed(&channels).await?;
    let begun = Instant::now();
    for first in (1..=titles).step_by(BATCH as usize) {
        record_files(store, (first..=titles.min(first + BATCH - 1)).map(|n| (n, 0)), at_once).await?;
    }
    let each = begun.elapsed() / u32::try_from(titles.max(1))?;
    println!("{titles} titles recorded in {:.0} s, {each:.1?} each", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Records files of titles, each in the steps of ingest: the post, the title, the match. So many of them are matched at a time.
pub async fn record_files(
    store: &Store,
    files: impl Iterator<Item = (u64, u64)>,
    at_once: usize,
) -> anyhow::Result<()> {
    let files: Vec<(u64, u64)> = files.collect();
    let posts: Vec<(Source, Entry)> = files.iter().map(|(n, file)| library::post(*n, *file)).collect();
    store.posts().record(&posts).await?;
    let pending = store.entries().pending(0, u32::try_from(posts.len())?).await?;
    let mut stored: BTreeMap<EntryId, Entry> = pending.into_iter().map(|entry| (entry.id, entry)).collect();
    let mut work = Vec::new();
    for ((n, file), (_, entry)) in files.into_iter().zip(posts) {
        work.push((n, file, stored.remove(&entry.id).context("an entry was lost")?));
    }
    let matched = stream::iter(work).map(async |(n, file, entry)| {
        let title = store.titles().record(&library::title(n)).await?;
        ensure!(store.entries().settle(&entry, &library::matched(n, file, title)).await?, "a match was refused");
        Ok(())
    });
    matched.buffer_unordered(at_once).try_collect().await
}

/// Copies each title's file until it has so many.
pub fn copy(dir: &Path, titles: u64, files: u64) -> anyhow::Result<()> {
    let mut db = Connection::open(dir.join("cinepost.db"))?;
    db.pragma_update(None, "synchronous", "OFF")?;
    db.pragma_update(None, "cache_size", -256_000)?;
    let begun = Instant::now();
    let mut left = (1..=titles).flat_map(|n| (1..files).map(move |file| (n, file)));
    loop {
        let batch: Vec<(u64, u64)> = left.by_ref().take(ROWS).collect();
        if batch.is_empty() {
            break;
        }
        let transaction = db.transaction()?;
        for (n, file) in batch {
            copy_file(&transaction, n, file)?;
        }
        transaction.commit()?;
    }
    println!("{} files copied in {:.0} s", titles * (files - 1), begun.elapsed().as_secs_f64());
    Ok(())
}

/// Rows of a file like those of its title's first one.
fn copy_file(db: &Connection, n: u64, file: u64) -> anyhow::Result<()> {
    let ((first, _), (source, entry)) = (library::post(n, 0), library::post(n, file));
    let (from, to) = (first.entry.to_bytes(), entry.id.to_bytes());
    let posted = source.date << 31 | i64::from(source.at.message);
    let title: i64 =
        db.prepare_cached("SELECT title FROM entries WHERE id = ?")?.query_row([from], |row| row.get(0))?;
    let status = library::matched(n, file, TitleId(title));
    db.prepare_cached(&format!(
        "INSERT INTO entries({COPIED}, id, posted, status, document)
         SELECT {COPIED}, ?2, ?3, ?4, replace(document, ?5, ?6) FROM entries WHERE id = ?1",
    ))?
    .execute(params![
        from,
        to,
        posted,
        serde_json::to_string(&status)?,
        format!("\"document\":{},", first.document.0),
        format!("\"document\":{},", source.document.0),
    ])?;
    db.prepare_cached("INSERT INTO sources(chat, message, entry, document, date, album) VALUES(?, ?, ?, ?, ?, NULL)")?
        .execute(params![source.at.chat.get(), source.at.message, to, source.document.0, source.date])?;
    if let Status::Matched { parts, .. } = status {
        for (season, number) in parts.iter().filter_map(|part| part.episode()) {
            db.prepare_cached("INSERT INTO places(title, season, number, entry) VALUES(?, ?, ?, ?)")?
                .execute(params![title, season, number, to])?;
        }
    }
    Ok(())
}

/// What a copied entry has of the first one.
const COPIED: &str = "revision, state, retry_at, title, unmatched, review, visible, words, volume_of, why";

/// Compares a store whose files were all recorded with one where they were copied, row by row.
pub async fn prove(dir: &Path) -> anyhow::Result<()> {
    const TITLES: u64 = 40;
    const FILES: u64 = 4;
    let (recorded, copied) = (dir.join("recorded"), dir.join("copied"));
    for place in [&recorded, &copied] {
        let store = Store::open(Database::Embedded { dir: place.clone() }).await?;
        record(&store, TITLES, 1).await?;
        if place == &recorded {
            let rest = (1..=TITLES).flat_map(|n| (1..FILES).map(move |file| (n, file)));
            record_files(&store, rest, 1).await?;
        } else {
            copy(place, TITLES, FILES)?;
        }
    }
    let (recorded_rows, copied_rows) = (rows(&recorded)?, rows(&copied)?);
    ensure!(recorded_rows == copied_rows, "copied rows are not what recording gives");
    println!("copies are what recording gives: {} rows compared\n", recorded_rows.len());
    std::fs::remove_dir_all(&recorded)?;
    Ok(std::fs::remove_dir_all(&copied)?)
}

/// Every row of every table of the catalog, as text. Revisions begin at random numbers.
fn rows(dir: &Path) -> anyhow::Result<Vec<String>> {
    let db = Connection::open(dir.join("cinepost.db"))?;
    let mut rows = Vec::new();
    for table in ["titles", "facets", "filed", "entries", "places", "parts", "sources"] {
        let mut query = db.prepare(&format!("SELECT * FROM {table}"))?;
        let columns: Vec<String> = query.column_names().map(str::to_owned).collect();
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let values = columns.iter().enumerate().filter(|(_, column)| *column != "revision");
            let values = values.map(|(at, column)| Ok(format!("{column} {:?}", row.get_ref(at)?)));
            rows.push(format!("{table}: {}", values.collect::<Result<Vec<_>, rusqlite::Error>>()?.join(", ")));
        }
    }
    rows.sort();
    Ok(rows)
}

/// How many titles of a kind there are among the first ones, and one of them by chance.
pub fn some(titles: u64, kind: Kind, chance: usize) -> u64 {
    let n = 1 + library::mix(chance as u64, 77) as u64 % titles;
    (n..).find(|n| library::kind(*n) == kind).unwrap_or(n).min(titles)
}
