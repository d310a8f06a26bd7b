//! The catalog. Every query here has its index, in schema.sql or in a later step. A title has a row in `filed` for each of its keys
//! ([`crate::domain::catalog::keys`]): "newest comedies of 1994" is one run of that table's primary key, under `m|g:Comedy|y:1994`.
//! The two orders that few ask for have keys of their own ([`POPULAR`], [`EPISODES`]) rather than an index over all rows.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Embedded;
use super::entries::entries;
use super::titles::{popularity_of, survivor, title_of, tmdb_to_number, without_episodes};
use super::words;
use crate::adapters::store::Error;
use crate::adapters::store::catalog::CatalogBackend;
use crate::adapters::store::document::{LACKS_TITLE, PACK, part_from_numbers, title_from_text};
use crate::adapters::store::page_ends::{RowKey, STRETCH};
use crate::adapters::store::search::{
    self, CANDIDATES, Candidate, Found, HOLDING, LOOKED_AT, NEAR, Needle, Plan, typed_words,
};
use crate::domain::catalog::{Counts, Order, PAGE, Query, Reach};
use crate::domain::entry::{Entry, SeriesPart};
use crate::domain::list::Listed;
use crate::domain::title::{Kind, MetaId, Title, TitleId};

impl CatalogBackend for Embedded {
    async fn page(&self, query: &Query, reach: &Reach) -> Result<Vec<Title>, Error> {
        let (after, count_off) = self.page_ends.start_near(query, reach).await;
        let (asked, of_title) = (query.clone(), has_seen_entry(reach, "filed.title"));
        let page = self.read(move |db| page(db, &asked, &of_title, after, count_off)).await?;
        let first = query.skip - count_off + STRETCH;
        self.page_ends.remember_stretches(query, reach, first, &page.stretches).await;
        if let Some(last) = page.last {
            self.page_ends.remember(query, reach, page.titles.len(), last).await;
        }
        Ok(page.titles)
    }

    async fn search(&self, what: (Kind, &str), reach: &Reach, skip: u32, limit: u32) -> Result<Vec<Title>, Error> {
        let (kind, text) = what;
        let Some(needle) = Needle::new(text) else { return Ok(Vec::new()) };
        // The number stands there for a reach that does not look at it.
        let is_seen = format!("SELECT 1 WHERE ?1 IS NOT NULL{}", has_seen_entry(reach, "?1"));
        self.read(move |db| {
            let mut found = Found::new(&needle);
            found.add(candidates(db, kind, &needle.whole(), &is_seen)?, false);
            let mut typed = needle.words();
            for word in &mut typed {
                if let Some(asked) = word.asked_holding() {
                    word.take_holding(words::words(db, &asked, HOLDING)?);
                }
            }
            if let Some(plan) = search::as_typed(&typed) {
                found.add(candidates(db, kind, &plan, &is_seen)?, false);
            }
            if !found.is_answered() {
                for word in &mut typed {
                    if let Some(asked) = word.asked_near() {
                        word.take_near(words::words(db, &asked, NEAR)?);
                    }
                }
                for plan in search::mistyped(&typed) {
                    if !found.is_answered() {
                        found.add(candidates(db, kind, &plan, &is_seen)?, true);
                    }
                }
            }
            without_episodes(db, found.best_first().skip(skip as usize).take(limit as usize))
        })
        .await
    }

    async fn entries_of(
        &self,
        title: TitleId,
        episode: Option<(u16, u16)>,
        reach: &Reach,
    ) -> Result<Vec<Entry>, Error> {
        let seen = is_seen(reach, "entries");
        self.read(move |db| {
            let title = survivor(db, title.0)?;
            match episode {
                None => entries(db, &format!("WHERE title = ? AND visible = 1{seen}"), [title]),
                Some((season, number)) => entries(
                    db,
                    &format!(
                        "WHERE visible = 1 AND id IN
                         (SELECT entry FROM places WHERE title = ? AND season = ? AND number IN (?, ?)){seen}"
                    ),
                    params![title, season, number, PACK],
                ),
            }
        })
        .await
    }

    async fn parts_of(&self, title: TitleId, reach: &Reach) -> Result<Vec<SeriesPart>, Error> {
        let seen = is_seen(reach, "e");
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT DISTINCT p.season, p.number FROM places p JOIN entries e ON e.id = p.entry
                 WHERE p.title = ? AND e.visible = 1{seen} ORDER BY p.season, p.number",
            ))?;
            let rows = query.query_map([survivor(db, title.0)?], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.map(|row| row.map_err(Error::from).and_then(|(season, number)| part_from_numbers(season, number)))
                .collect()
        })
        .await
    }

    async fn unmatched(&self, search: Option<&str>, reach: &Reach, skip: u32, limit: u32) -> Result<Vec<Entry>, Error> {
        let seen = is_seen(reach, "entries");
        // A search reads through all that is unmatched. Seldom more than hundreds: the rest has found its title.
        let words = typed_words(search.unwrap_or_default());
        let titles = LACKS_TITLE.map(|why| format!("'{}'", why.word())).join(", ");
        self.read(move |db| {
            let holds = " AND instr(words, ?) > 0".repeat(words.len());
            let rest = format!(
                "WHERE visible = 1 AND unmatched = 1 AND (volume_of IS NULL OR why IN ({titles})){holds}{seen}
                 ORDER BY posted DESC, id DESC LIMIT {limit} OFFSET {skip}"
            );
            entries(db, &rest, rusqlite::params_from_iter(words))
        })
        .await
    }

    async fn here(&self, titles: &[Listed], reach: &Reach) -> Result<HashMap<Listed, TitleId>, Error> {
        let titles = titles.to_vec();
        let of_title = has_seen_entry(reach, "t.id");
        self.read(move |db| {
            let by = |id: &str| {
                format!(
                    "SELECT t.id FROM titles t WHERE t.kind = ? AND t.{id} = ? AND t.search_key IS NOT NULL{of_title}"
                )
            };
            let (mut by_imdb, mut by_tmdb) = (db.prepare_cached(&by("imdb"))?, db.prepare_cached(&by("tmdb"))?);
            let mut here = HashMap::new();
            for title in titles {
                let kind = title.kind.as_str();
                let key: Option<i64> = match title.id {
                    MetaId::Imdb(imdb) => by_imdb.query_row(params![kind, imdb.to_string()], |row| row.get(0)),
                    MetaId::Tmdb(tmdb) => by_tmdb.query_row(params![kind, tmdb_to_number(tmdb.0)?], |row| row.get(0)),
                }
                .optional()?;
                here.extend(key.map(|key| (title, TitleId(key))));
            }
            Ok(here)
        })
        .await
    }

    async fn behind(&self, after: Option<TitleId>, limit: u32, reach: &Reach) -> Result<Vec<(TitleId, Title)>, Error> {
        let of_title = has_seen_entry(reach, "t.id");
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT t.id, t.document FROM titles t WHERE t.id > ? AND t.search_key IS NOT NULL{of_title}
                 ORDER BY t.id LIMIT ?"
            ))?;
            let after = after.map_or(i64::MIN, |after| after.0);
            let rows = query.query_map(params![after, limit], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
            rows.map(|row| {
                let (id, text) = row?;
                Ok((TitleId(id), title_from_text(&text)?))
            })
            .collect()
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

/// Behind a key: its rows have the popularity where others have the rating.
pub(super) const POPULAR: &str = "|popular";
/// Behind a key: its rows have the moment at which a new episode came.
pub(super) const EPISODES: &str = "|episodes";

/// The key of the rows that a question reads.
fn facet_of(query: &Query) -> String {
    let order = match query.order {
        Order::Newest | Order::Rating => "",
        Order::Popularity => POPULAR,
        Order::NewEpisodes => EPISODES,
    };
    query.key() + order
}

/// Titles of a list, in order.
#[derive(Default)]
struct Page {
    titles: Vec<Title>,
    /// The key of the last one.
    last: Option<RowKey>,
    /// Where each stretch ended that was counted off before them.
    stretches: Vec<RowKey>,
}

/// Titles behind the key `after`, when so many were counted off. `of_title` narrows them.
fn page(db: &Connection, query: &Query, of_title: &str, after: RowKey, count_off: u32) -> Result<Page, Error> {
    let facet: Option<i64> = db
        .prepare_cached("SELECT id FROM facets WHERE key = ?")?
        .query_row([facet_of(query)], |row| row.get(0))
        .optional()?;
    let Some(facet) = facet else { return Ok(Page::default()) };
    // The inner query runs on the order's index alone, so counting rows off never touches a title.
    let (behind, order) = match query.order {
        Order::Newest | Order::NewEpisodes => {
            ("?2 IS NOT NULL AND (latest, title) < (?3, ?4)", "latest DESC, title DESC")
        }
        Order::Rating | Order::Popularity => {
            ("(rating, latest, title) < (?2, ?3, ?4)", "rating DESC, latest DESC, title DESC")
        }
    };
    let rows_behind = format!(
        "SELECT rating, latest, title FROM filed WHERE facet = ?1 AND {behind}{of_title} ORDER BY {order} LIMIT ?5 OFFSET ?6"
    );
    let (mut after, mut count_off, mut page) = (after, count_off, Page::default());
    let mut end_of_stretch = db.prepare_cached(&rows_behind)?;
    while count_off > STRETCH {
        let values = params![facet, after.rating, after.latest, after.title, 1, STRETCH - 1];
        // The list ends before that.
        let Some(end) = end_of_stretch.query_row(values, row_key).optional()? else { return Ok(page) };
        page.stretches.push(end);
        (after, count_off) = (end, count_off - STRETCH);
    }
    let limit = query.limit.min(PAGE);
    let mut query = db.prepare_cached(&format!(
        "SELECT f.rating, f.latest, f.title, t.document
         FROM ({rows_behind}) f
         JOIN titles t ON t.id = f.title ORDER BY {order}",
    ))?;
    let mut rows = query.query(params![facet, after.rating, after.latest, after.title, limit, count_off])?;
    while let Some(row) = rows.next()? {
        page.last = Some(row_key(row)?);
        page.titles.push(title_from_text(&row.get::<_, String>(3)?)?);
    }
    Ok(page)
}

fn row_key(row: &Row<'_>) -> Result<RowKey, rusqlite::Error> {
    Ok(RowKey { rating: row.get(0)?, latest: row.get(1)?, title: row.get(2)? })
}

/// Narrows entries to those that somebody sees: no volume of theirs (or they themselves, without any) lacks a message in one of the
/// channels. `entries`: what the query calls their table.
pub(super) fn is_seen(reach: &Reach, entries: &str) -> String {
    let Reach::Only(chats) = reach else { return String::new() };
    if chats.is_empty() {
        // Nothing; SQLite would look for it in every message.
        return " AND FALSE".to_owned();
    }
    // Numbers all, so they may stand in the query.
    let chats: Vec<String> = chats.iter().map(|chat| i64::from(*chat).to_string()).collect();
    format!(
        " AND NOT EXISTS (
            SELECT 1 FROM (SELECT part FROM parts WHERE entry = {entries}.id UNION ALL
                           SELECT {entries}.id WHERE NOT EXISTS (SELECT 1 FROM parts WHERE entry = {entries}.id)) k
            WHERE NOT EXISTS (SELECT 1 FROM sources s JOIN channels c ON c.chat = s.chat AND c.active = 1
                              WHERE s.entry = k.part AND s.chat IN ({})))",
        chats.join(", ")
    )
}

/// The same for titles: some entry of theirs is seen. `title`: what the query calls the title's number.
pub(super) fn has_seen_entry(reach: &Reach, title: &str) -> String {
    match reach {
        Reach::All => String::new(),
        Reach::Only(chats) if chats.is_empty() => " AND FALSE".to_owned(),
        Reach::Only(_) => format!(
            " AND EXISTS (SELECT 1 FROM entries e WHERE e.title = {title} AND e.visible = 1{})",
            is_seen(reach, "e")
        ),
    }
}

/// Titles with the tokens of a plan, best known first, of those that are seen.
fn candidates(db: &Connection, kind: Kind, plan: &Plan, is_seen: &str) -> Result<Vec<Candidate<i64>>, Error> {
    let mut is_seen = db.prepare_cached(is_seen)?;
    let mut names = db.prepare_cached("SELECT names FROM titles WHERE id = ?")?;
    let mut candidates = Vec::new();
    for key in words::titles(db, kind, plan, LOOKED_AT)? {
        if candidates.len() >= CANDIDATES as usize {
            break;
        }
        let (title, popularity) = (title_of(key), popularity_of(key));
        if is_seen.exists([title])? {
            candidates.push(Candidate { title, popularity, names: names.query_row([title], |row| row.get(0))? });
        }
    }
    Ok(candidates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::store::embedded::{UPGRADES, upgrade};

    #[test]
    fn rows_far_down_are_counted_off_in_stretches() {
        let mut db = Connection::open_in_memory().expect("a database");
        upgrade(&mut db, UPGRADES).expect("the newest schema");
        let title = crate::adapters::store::document::title_to_texts(&Title::new(Kind::Movie, Default::default(), "x"));
        let (text, episodes) = title.expect("texts");
        db.execute_batch("INSERT INTO facets(id, key) VALUES(1, 'm')").expect("a key");
        let count = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50000)";
        db.execute(
            &format!(
                "{count} INSERT INTO titles(id, kind, names, popularity, document, episodes) SELECT n, 'movie', '', 0, ?, ? FROM n"
            ),
            params![text, episodes],
        )
        .expect("titles");
        db.execute(
            &format!("{count} INSERT INTO filed(facet, latest, title, rating) SELECT 1, n / 3, n, n % 7 FROM n"),
            [],
        )
        .expect("rows");
        for order in [Order::Newest, Order::Rating] {
            let query = Query::all(Kind::Movie, order);
            let at = |after, count_off| page(&db, &query, "", after, count_off).expect("a page");
            let jumped = at(RowKey::START, 45_000);
            assert_eq!((jumped.stretches.len(), jumped.titles.len()), (2, PAGE as usize));
            // Counted off in another way: from stretch to stretch, less than one at a time.
            let mut after = RowKey::START;
            for _ in 0..450 {
                after = at(after, 0).last.expect("a row");
            }
            let walked = at(after, 0);
            assert_eq!(jumped.last, walked.last, "{order:?}");
            assert_eq!(at(jumped.stretches[1], 5_000).last, walked.last, "{order:?}");
            let behind = at(RowKey::START, 50_000);
            assert!(behind.titles.is_empty() && behind.stretches.len() == 2);
            assert_eq!(at(RowKey::START, u32::MAX).stretches.len(), 2, "it ends with the list");
        }
    }
}
