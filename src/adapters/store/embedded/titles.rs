//! Titles, and where each is filed in the catalog.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::catalog::{EPISODES, POPULAR};
use super::{Commit, Embedded, collections, probes, subtitles, words};
use crate::adapters::store::titles::{MERGED_IN_A_RING, MOST_MERGES, TitlesBackend};
use crate::adapters::store::{Error, document, search};
use crate::domain::catalog::{self, Held, Order, Query};
use crate::domain::entry::Status;
use crate::domain::post::ChatId;
use crate::domain::title::{Kind, MetaId, Title, TitleId};

impl TitlesBackend for Embedded {
    async fn record(&self, title: &Title) -> Result<TitleId, Error> {
        let title = title.clone();
        self.write(Commit::Quick, move |db| record(db, title)).await
    }

    async fn get(&self, id: TitleId) -> Result<Option<Title>, Error> {
        self.read(move |db| {
            let texts = db
                .prepare_cached("SELECT document, episodes FROM titles WHERE id = ?")?
                .query_row([survivor(db, id.0)?], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
                .optional()?;
            texts.map(|(text, episodes)| document::title_from_texts(&text, &episodes)).transpose()
        })
        .await
    }

    async fn without_episodes(&self, ids: &[TitleId]) -> Result<Vec<Title>, Error> {
        let ids = ids.to_vec();
        self.read(move |db| without_episodes(db, ids.into_iter().map(|id| id.0))).await
    }

    async fn find(&self, kind: Kind, id: MetaId) -> Result<Option<(TitleId, Title)>, Error> {
        self.read(move |db| {
            let by = match id {
                MetaId::Imdb(_) => "imdb",
                MetaId::Tmdb(_) => "tmdb",
            };
            let value: rusqlite::types::Value = match id {
                MetaId::Imdb(imdb) => imdb.to_string().into(),
                MetaId::Tmdb(tmdb) => tmdb_to_number(tmdb.0)?.into(),
            };
            let found = db
                .prepare_cached(&format!("SELECT id, document, episodes FROM titles WHERE kind = ? AND {by} = ?"))?
                .query_row(params![kind.as_str(), value], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
                })
                .optional()?;
            found
                .map(|(id, text, episodes)| Ok((TitleId(id), document::title_from_texts(&text, &episodes)?)))
                .transpose()
        })
        .await
    }
}

/// In the order of their numbers as given.
pub(super) fn without_episodes(db: &Connection, ids: impl Iterator<Item = i64>) -> Result<Vec<Title>, Error> {
    let mut document = db.prepare_cached("SELECT document FROM titles WHERE id = ?")?;
    let mut titles = Vec::new();
    for id in ids {
        let text: Option<String> = document.query_row([id], |row| row.get(0)).optional()?;
        titles.extend(text.map(|text| document::title_from_text(&text)).transpose()?);
    }
    Ok(titles)
}

pub(super) fn tmdb_to_number(tmdb: u64) -> Result<i64, Error> {
    i64::try_from(tmdb).map_err(Error::broken)
}

fn record(db: &Connection, mut title: Title) -> Result<TitleId, Error> {
    let (imdb, tmdb) = (title.ids.imdb.map(|id| id.to_string()), title.ids.tmdb.map(|id| tmdb_to_number(id.0)));
    let tmdb = tmdb.transpose()?;
    let known = |by: &str, values: &[&dyn rusqlite::ToSql]| {
        let mut query = db.prepare_cached(&format!("SELECT id, document FROM titles WHERE {by}"))?;
        query.query_row(values, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))).optional()
    };
    let by_imdb = known("imdb = ?", &[&imdb])?;
    let by_tmdb = known("kind = ? AND tmdb = ?", &[&title.kind.as_str(), &tmdb])?;

    if let (Some((survivor, _)), Some((other, text))) = (&by_imdb, &by_tmdb)
        && survivor != other
    {
        resolve_conflict(db, *survivor, *other, document::title_from_text(text)?)?;
    }
    let Some((id, text)) = by_imdb.or(by_tmdb) else {
        return insert(db, &title);
    };
    // A provider that knows one id only must not make the title forget the other.
    let before = document::title_from_text(&text)?;
    title.ids.imdb = title.ids.imdb.or(before.ids.imdb);
    if title.kind == before.kind {
        title.ids.tmdb = title.ids.tmdb.or(before.ids.tmdb);
    }
    update(db, id, &title)?;
    Ok(TitleId(id))
}

fn insert(db: &Connection, title: &Title) -> Result<TitleId, Error> {
    db.prepare_cached("INSERT INTO titles(kind, names, popularity, document, episodes) VALUES(?, '', 0, '', '')")?
        .execute([title.kind.as_str()])?;
    let id = db.last_insert_rowid();
    update(db, id, title)?;
    Ok(TitleId(id))
}

fn update(db: &Connection, id: i64, title: &Title) -> Result<(), Error> {
    let (text, episodes) = document::title_to_texts(title)?;
    let same = db
        .prepare_cached("SELECT 1 FROM titles WHERE id = ? AND document = ? AND episodes = ?")?
        .exists((id, &text, &episodes))?;
    if same {
        return Ok(());
    }
    if let Some(collection) = &title.collection {
        collections::remember(db, collection)?;
    }
    let names = search::names(title);
    let popularity = title.popularity.min(MAX_POPULARITY) as i64;
    let findable = db
        .prepare_cached("SELECT 1 FROM titles WHERE id = ? AND names = ? AND popularity = ? AND kind = ?")?
        .exists(params![id, names, popularity, title.kind.as_str()])?;
    if !findable {
        forget_names(db, id)?;
    }
    db.prepare_cached(
        "UPDATE titles SET kind = ?2, imdb = ?3, tmdb = ?4, names = ?5, popularity = ?6, document = ?7, episodes = ?8
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        title.kind.as_str(),
        title.ids.imdb.map(|imdb| imdb.to_string()),
        title.ids.tmdb.map(|tmdb| tmdb_to_number(tmdb.0)).transpose()?,
        names,
        popularity,
        text,
        episodes,
    ])?;
    refresh_title(db, id)
}

/// Settles that two rows claim one title's ids. When `other` has no other id the two are one title: what is filed under it
/// moves to `survivor`, and its row stays as a redirect for whoever still holds its number. Otherwise the provider has corrected
/// itself, and `other` only loses its TMDB id.
fn resolve_conflict(db: &Connection, survivor: i64, other: i64, mut title: Title) -> Result<(), Error> {
    title.ids.tmdb = None;
    let (text, _) = document::title_to_texts(&title)?;
    db.prepare_cached("UPDATE titles SET tmdb = NULL, document = ? WHERE id = ?")?.execute((text, other))?;
    if title.ids.imdb.is_some() {
        return Ok(());
    }
    db.prepare_cached("UPDATE titles SET merged_into = ? WHERE id = ?")?.execute((survivor, other))?;
    db.prepare_cached("UPDATE OR REPLACE places SET title = ? WHERE title = ?")?.execute((survivor, other))?;
    move_entries(db, other, survivor)?;
    subtitles::move_subtitles(db, other, survivor)?;
    refresh_title(db, other)?;
    refresh_title(db, survivor)
}

/// Gives the entries of a title to another one; where they are filed is left to the caller.
pub(super) fn move_entries(db: &Connection, from: i64, to: i64) -> Result<(), Error> {
    let moved = super::entries::entries(db, "WHERE title = ?", [from])?;
    for entry in moved {
        let mut status = entry.status;
        if let Status::Matched { title, .. } = &mut status {
            *title = TitleId(to);
        }
        db.prepare_cached("UPDATE entries SET title = ?, status = ? WHERE id = ?")?.execute(params![
            to,
            document::to_text(&status)?,
            entry.id.to_bytes()
        ])?;
    }
    Ok(())
}

/// The title that an id stands for now.
pub(super) fn survivor(db: &Connection, id: i64) -> Result<i64, Error> {
    let mut id = id;
    for _ in 0..MOST_MERGES {
        let next: Option<Option<i64>> = db
            .prepare_cached("SELECT merged_into FROM titles WHERE id = ?")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        match next.flatten() {
            Some(next) => id = next,
            None => return Ok(id),
        }
    }
    Err(Error::broken(MERGED_IN_A_RING))
}

pub(super) fn refresh_titles(db: &Connection, titles: &BTreeSet<i64>) -> Result<(), Error> {
    titles.iter().try_for_each(|title| refresh_title(db, *title))
}

/// Files a title in the catalog anew: filed under each of its keys and findable by name while it has a visible
/// entry, nowhere otherwise. The one place where that is decided.
pub(super) fn refresh_title(db: &Connection, id: i64) -> Result<(), Error> {
    let row = db
        .prepare_cached("SELECT document, search_key FROM titles WHERE id = ?")?
        .query_row([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?)))
        .optional()?;
    let Some((text, search_key)) = row else { return Ok(()) };
    let title = document::title_from_text(&text)?;
    let held = held(db, id)?;
    let latest = held.latest();

    let mut wanted = BTreeSet::new();
    for (key, latest, rank) in filing(&title, &held) {
        wanted.insert((facet(db, &key)?, latest, rank));
    }
    let filed: BTreeSet<(i64, i64, i64)> = db
        .prepare_cached("SELECT facet, latest, rating FROM filed WHERE title = ?")?
        .query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (facet, latest, _) in filed.difference(&wanted) {
        db.prepare_cached("DELETE FROM filed WHERE facet = ? AND latest = ? AND title = ?")?
            .execute((facet, latest, id))?;
    }
    for (facet, latest, rating) in wanted.difference(&filed) {
        db.prepare_cached("INSERT INTO filed(facet, latest, title, rating) VALUES(?, ?, ?, ?)")?
            .execute((facet, latest, id, rating))?;
    }

    match (latest, search_key) {
        (Some(_), None) => remember_names(db, id, title.kind),
        (None, Some(_)) => forget_names(db, id),
        _ => Ok(()),
    }
}

/// The rows of a title in the catalog: key, moment, and what it is ranked by.
fn filing(title: &Title, held: &Held) -> Vec<(String, i64, i64)> {
    let Some(latest) = held.latest() else { return Vec::new() };
    let rating = title.rating.map_or(-1, i64::from);
    let popularity = title.popularity.min(MAX_POPULARITY) as i64;
    let mut rows: Vec<(String, i64, i64)> =
        catalog::keys(title, held).into_iter().map(|key| (key, latest, rating)).collect();
    rows.extend(catalog::popular_keys(title).into_iter().map(|key| (key + POPULAR, latest, popularity)));
    if let (Kind::Series, Some(newest)) = (title.kind, held.newest_part()) {
        rows.push((Query::all(title.kind, Order::NewEpisodes).key() + EPISODES, newest, rating));
    }
    rows
}

/// What is here of a title. Reads all its visible files.
fn held(db: &Connection, title: i64) -> Result<Held, Error> {
    let mut held = Held::default();
    let mut files = db.prepare_cached(
        "SELECT posted, json_extract(document, '$.release.languages'), probe FROM entries WHERE title = ? AND visible = 1",
    )?;
    let mut rows = files.query([title])?;
    while let Some(row) = rows.next()? {
        let languages: Option<String> = row.get(1)?;
        let languages: Vec<String> = languages.map_or(Ok(Vec::new()), |text| document::from_text(&text))?;
        let probe: Option<String> = row.get(2)?;
        held.add_file(row.get(0)?, document::spoken(languages, probe.as_deref()), []);
    }
    // In the order of the index, so that SQLite has no choice to make.
    let mut parts = db.prepare_cached(
        "SELECT p.season, p.number, e.posted FROM places p CROSS JOIN entries e ON e.id = p.entry
         WHERE p.title = ? AND e.visible = 1",
    )?;
    let mut rows = parts.query([title])?;
    while let Some(row) = rows.next()? {
        let part = document::part_from_numbers(row.get(0)?, row.get(1)?)?;
        held.add_file(row.get(2)?, [], [part]);
    }
    let mut channels = db.prepare_cached(
        "SELECT s.chat FROM entries e CROSS JOIN sources s ON s.entry = e.id JOIN channels c ON c.chat = s.chat
         WHERE e.title = ?1 AND e.visible = 1 AND c.active = 1
         UNION ALL
         SELECT s.chat FROM entries e CROSS JOIN parts p ON p.entry = e.id CROSS JOIN sources s ON s.entry = p.part
         JOIN channels c ON c.chat = s.chat WHERE e.title = ?1 AND e.visible = 1 AND c.active = 1",
    )?;
    let mut rows = channels.query([title])?;
    while let Some(row) = rows.next()? {
        held.add_channel(ChatId::try_from(row.get::<_, i64>(0)?).map_err(Error::broken)?);
    }
    Ok(held)
}

/// From version 11, which filed no title by its files' languages and channels, its popularity, or its newest episode.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    words::make_tables(db)?;
    probes::make_tables(db)?;
    let filed: Vec<i64> = db
        .prepare("SELECT id FROM titles WHERE search_key IS NOT NULL")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    filed.into_iter().try_for_each(|title| refresh_title(db, title))
}

fn facet(db: &Connection, key: &str) -> Result<i64, Error> {
    let known =
        db.prepare_cached("SELECT id FROM facets WHERE key = ?")?.query_row([key], |row| row.get(0)).optional()?;
    match known {
        Some(id) => Ok(id),
        None => {
            db.prepare_cached("INSERT INTO facets(key) VALUES(?)")?.execute([key])?;
            Ok(db.last_insert_rowid())
        }
    }
}

/// `kind | popularity | title` in 62 bits: one kind is one run of rows, its best known titles last.
const TITLE_BITS: u32 = 40;
const POPULARITY_BITS: u32 = 21;
pub(in crate::adapters::store) const MAX_POPULARITY: u64 = (1 << POPULARITY_BITS) - 1;

/// Rows of `title_tokens` that hold titles of a kind.
pub(super) fn search_keys(kind: Kind) -> std::ops::RangeInclusive<i64> {
    let first = i64::from(kind == Kind::Series) << (TITLE_BITS + POPULARITY_BITS);
    first..=first + ((1 << (TITLE_BITS + POPULARITY_BITS)) - 1)
}

/// The title in a row of `title_tokens`.
pub(super) fn title_of(search_key: i64) -> i64 {
    search_key & ((1 << TITLE_BITS) - 1)
}

/// Its popularity there.
pub(super) fn popularity_of(search_key: i64) -> i64 {
    search_key >> TITLE_BITS & MAX_POPULARITY as i64
}

fn remember_names(db: &Connection, id: i64, kind: Kind) -> Result<(), Error> {
    let popularity: i64 =
        db.prepare_cached("SELECT popularity FROM titles WHERE id = ?")?.query_row([id], |row| row.get(0))?;
    let key = search_keys(kind).start() | popularity << TITLE_BITS | id;
    words::remember(db, key)?;
    db.prepare_cached("UPDATE titles SET search_key = ? WHERE id = ?")?.execute((key, id))?;
    Ok(())
}

pub(super) fn forget_names(db: &Connection, id: i64) -> Result<(), Error> {
    let key: Option<i64> =
        db.prepare_cached("SELECT search_key FROM titles WHERE id = ?")?.query_row([id], |row| row.get(0))?;
    if let Some(key) = key {
        words::forget(db, key)?;
        db.prepare_cached("UPDATE titles SET search_key = NULL WHERE id = ?")?.execute([id])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{UPGRADES, upgrade};
    use super::*;

    #[test]
    fn a_ring_of_merged_titles_ends_with_a_word() {
        let mut db = Connection::open_in_memory().expect("memory");
        upgrade(&mut db, UPGRADES).expect("a store of this version");
        for (id, merged_into) in [(1, Some(2)), (2, None), (3, Some(4)), (4, Some(3))] {
            let sql = "INSERT INTO titles(id, kind, merged_into, names, popularity, document, episodes) VALUES(?, 'movie', ?, '', 0, '', '')";
            db.execute(sql, params![id, merged_into]).expect("inserted");
        }
        assert_eq!(survivor(&db, 1).expect("merged once"), 2);
        assert_eq!(survivor(&db, 9).expect("unknown"), 9);
        let refused = survivor(&db, 3).expect_err("a ring").to_string();
        assert!(refused.contains("merged in a ring"), "{refused}");
    }
}
