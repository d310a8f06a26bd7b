//! The catalog. Every query here has its index, in schema.sql or in a later step. A title has a row in `filed` for each of its keys
//! ([`crate::domain::catalog::keys`]): "newest comedies of 1994" is one run of that table's primary key, under `m|g:Comedy|y:1994`.

use rusqlite::{Connection, OptionalExtension, params};

use super::Embedded;
use super::entries::entries;
use super::titles::{popularity_of, search_keys, survivor, title_of};
use crate::adapters::store::Error;
use crate::adapters::store::catalog::CatalogBackend;
use crate::adapters::store::document::{PACK, part_from_numbers, title_from_text};
use crate::adapters::store::page_ends::RowKey;
use crate::adapters::store::search::{CANDIDATES, Candidate, Found, Needle, Plan, typed_words};
use crate::domain::catalog::{Counts, Order, PAGE, Query};
use crate::domain::entry::{Entry, SeriesPart};
use crate::domain::title::{Kind, Title, TitleId};

impl CatalogBackend for Embedded {
    async fn page(&self, query: &Query) -> Result<Vec<Title>, Error> {
        let (after, count_off) = self.page_ends.start(query).await;
        let (key, order, limit) = (query.key(), query.order, query.limit.min(PAGE));
        let (titles, last) = self.read(move |db| page(db, &key, order, after, limit, count_off)).await?;
        if let Some(last) = last {
            self.page_ends.remember(query, titles.len(), last).await;
        }
        Ok(titles)
    }

    async fn search(&self, kind: Kind, text: &str, skip: u32, limit: u32) -> Result<Vec<Title>, Error> {
        let Some(needle) = Needle::new(text) else { return Ok(Vec::new()) };
        self.read(move |db| {
            let mut found = Found::new(&needle);
            found.add(candidates(db, kind, &needle.whole(), CANDIDATES)?, false);
            found.add(candidates(db, kind, &needle.as_typed(), CANDIDATES)?, false);
            if !found.is_answered() {
                let is_known = |word: &Plan| Ok(!candidates(db, kind, word, 1)?.is_empty());
                let known = needle.each_word().iter().map(is_known).collect::<Result<Vec<bool>, Error>>()?;
                found.add(candidates(db, kind, &needle.mistyped(&known), CANDIDATES)?, true);
                if !found.is_answered() && known.contains(&true) {
                    let none = vec![false; known.len()];
                    found.add(candidates(db, kind, &needle.mistyped(&none), CANDIDATES)?, true);
                }
            }
            let mut document = db.prepare_cached("SELECT document FROM titles WHERE id = ?")?;
            found
                .page(skip, limit)
                .into_iter()
                .map(|id| title_from_text(&document.query_row([id], |row| row.get::<_, String>(0))?))
                .collect()
        })
        .await
    }

    async fn entries_of(&self, title: TitleId, episode: Option<(u16, u16)>) -> Result<Vec<Entry>, Error> {
        self.read(move |db| {
            let title = survivor(db, title.0)?;
            match episode {
                None => entries(db, "WHERE title = ? AND visible = 1", [title]),
                Some((season, number)) => entries(
                    db,
                    "WHERE visible = 1 AND id IN
                     (SELECT entry FROM places WHERE title = ? AND season = ? AND number IN (?, ?))",
                    params![title, season, number, PACK],
                ),
            }
        })
        .await
    }

    async fn parts_of(&self, title: TitleId) -> Result<Vec<SeriesPart>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT DISTINCT p.season, p.number FROM places p JOIN entries e ON e.id = p.entry
                 WHERE p.title = ? AND e.visible = 1 ORDER BY p.season, p.number",
            )?;
            let rows = query.query_map([survivor(db, title.0)?], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.map(|row| row.map_err(Error::from).and_then(|(season, number)| part_from_numbers(season, number)))
                .collect()
        })
        .await
    }

    async fn unmatched(&self, search: Option<&str>, skip: u32, limit: u32) -> Result<Vec<Entry>, Error> {
        // A search reads through all that is unmatched. Seldom more than hundreds: the rest has found its title.
        let words = typed_words(search.unwrap_or_default());
        self.read(move |db| {
            let holds = " AND instr(words, ?) > 0".repeat(words.len());
            let rest = format!(
                "WHERE visible = 1 AND unmatched = 1 AND volume_of IS NULL{holds}
                 ORDER BY posted DESC, id DESC LIMIT {limit} OFFSET {skip}"
            );
            entries(db, &rest, rusqlite::params_from_iter(words))
        })
        .await
    }

    async fn counts(&self) -> Result<Counts, Error> {
        self.read(|db| {
            let count = |query: &str| -> Result<u64, Error> {
                let rows: i64 = db.prepare_cached(query)?.query_row([], |row| row.get(0))?;
                Ok(rows.unsigned_abs())
            };
            Ok(Counts {
                movies: count("SELECT COUNT(*) FROM filed WHERE facet = (SELECT id FROM facets WHERE key = 'm')")?,
                series: count("SELECT COUNT(*) FROM filed WHERE facet = (SELECT id FROM facets WHERE key = 's')")?,
                files: count("SELECT COUNT(*) FROM entries WHERE visible = 1 AND state < 3")?,
                pending: count("SELECT COUNT(*) FROM entries WHERE visible = 1 AND state = 0")?,
                review: count("SELECT COUNT(*) FROM entries WHERE visible = 1 AND state = 2")?,
            })
        })
        .await
    }
}

/// Titles behind the key `after`, in order, and the key of the last one.
fn page(
    db: &Connection,
    key: &str,
    order: Order,
    after: RowKey,
    limit: u32,
    count_off: u32,
) -> Result<(Vec<Title>, Option<RowKey>), Error> {
    let facet: Option<i64> =
        db.prepare_cached("SELECT id FROM facets WHERE key = ?")?.query_row([key], |row| row.get(0)).optional()?;
    let Some(facet) = facet else { return Ok((Vec::new(), None)) };
    // The inner query runs on the order's index alone, so counting rows off never touches a title.
    let (behind, order) = match order {
        Order::Newest => ("?2 IS NOT NULL AND (latest, title) < (?3, ?4)", "latest DESC, title DESC"),
        Order::Rating => ("(rating, latest, title) < (?2, ?3, ?4)", "rating DESC, latest DESC, title DESC"),
    };
    let mut query = db.prepare_cached(&format!(
        "SELECT f.rating, f.latest, f.title, t.document
         FROM (SELECT rating, latest, title FROM filed WHERE facet = ?1 AND {behind} ORDER BY {order} LIMIT ?5 OFFSET ?6) f
         JOIN titles t ON t.id = f.title ORDER BY {order}",
    ))?;
    let mut rows = query.query(params![facet, after.rating, after.latest, after.title, limit, count_off])?;
    let (mut titles, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        last = Some(RowKey { rating: row.get(0)?, latest: row.get(1)?, title: row.get(2)? });
        titles.push(title_from_text(&row.get::<_, String>(3)?)?);
    }
    Ok((titles, last))
}

/// Titles with the grams of a plan, best known first.
fn candidates(db: &Connection, kind: Kind, plan: &Plan, limit: u32) -> Result<Vec<Candidate<i64>>, Error> {
    let all = |grams: &Vec<String>| {
        let quoted: Vec<String> = grams.iter().map(|gram| format!("\"{gram}\"")).collect();
        format!("({})", quoted.join(" AND "))
    };
    let words: Vec<String> = plan
        .iter()
        .map(|spellings| format!("({})", spellings.iter().map(all).collect::<Vec<_>>().join(" OR ")))
        .collect();
    let range = search_keys(kind);
    let mut query = db.prepare_cached(
        "SELECT rowid FROM title_names WHERE title_names MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
    )?;
    let keys = query.query_map(params![words.join(" AND "), range.start(), range.end(), limit], |row| row.get(0))?;
    let mut names = db.prepare_cached("SELECT names FROM titles WHERE id = ?")?;
    keys.map(|key| {
        let key = key?;
        let (title, popularity) = (title_of(key), popularity_of(key));
        Ok(Candidate { title, popularity, names: names.query_row([title], |row| row.get(0))? })
    })
    .collect()
}
