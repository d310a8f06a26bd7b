//! The review list, and the step that gives older files the column that it is filtered by.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::Embedded;
use super::entries::entries;
use crate::adapters::store::Error;
use crate::adapters::store::document::from_text;
use crate::adapters::store::review::ReviewBackend;
use crate::adapters::store::search::typed_words;
use crate::domain::entry::{EntryId, Reason, ReasonKind, Status};
use crate::domain::post::{ChatId, PostRef};
use crate::domain::review::{ReviewPage, ReviewPart, ReviewQuery};

impl ReviewBackend for Embedded {
    async fn page(&self, query: &ReviewQuery) -> Result<ReviewPage, Error> {
        let ReviewQuery { part, channel, text, skip, limit } = query.clone();
        self.read(move |db| {
            let (narrowed, values) = narrowed(part, channel, &text);
            let page = format!("{narrowed} ORDER BY posted DESC, id DESC LIMIT {limit} OFFSET {skip}");
            let found = entries(db, &page, params_from_iter(&values))?;
            let ids: Vec<EntryId> = found.iter().map(|entry| entry.id).collect();
            let posts = newest_posts(db, &ids)?;
            let total = count(db, &format!("SELECT COUNT(*) FROM entries {narrowed}"), &values)?;
            let ignored = count(db, "SELECT COUNT(*) FROM entries WHERE visible = 1 AND state = 4", &[])?;
            Ok(ReviewPage { rows: found.into_iter().zip(posts).collect(), total, kinds: kinds(db)?, ignored })
        })
        .await
    }
}

/// The rows of a part of the list that stand in a channel and whose words are found, as the WHERE of a query, and its values.
fn narrowed(part: ReviewPart, channel: Option<ChatId>, text: &str) -> (String, Vec<Value>) {
    let (mut filter, mut values) = match part {
        ReviewPart::All => ("WHERE visible = 1 AND review = 1".to_owned(), Vec::new()),
        ReviewPart::Because(kind) => {
            ("WHERE visible = 1 AND review = 1 AND why = ?".to_owned(), vec![Value::from(kind.word().to_owned())])
        }
        ReviewPart::Ignored => ("WHERE visible = 1 AND state = 4".to_owned(), Vec::new()),
    };
    // Reads through the part, which is seldom more than hundreds.
    for word in typed_words(text) {
        filter.push_str(" AND instr(words, ?) > 0");
        values.push(Value::from(word));
    }
    if let Some(channel) = channel {
        filter.push_str(
            " AND EXISTS (SELECT 1 FROM sources s WHERE s.chat = ? AND s.entry IN
                          (SELECT entries.id UNION ALL SELECT part FROM parts WHERE entry = entries.id))",
        );
        values.push(Value::from(channel.get()));
    }
    (filter, values)
}

fn count(db: &Connection, query: &str, values: &[Value]) -> Result<u64, Error> {
    let rows: i64 = db.prepare_cached(query)?.query_row(params_from_iter(values), |row| row.get(0))?;
    Ok(rows.unsigned_abs())
}

fn kinds(db: &Connection) -> Result<Vec<(ReasonKind, u64)>, Error> {
    let mut query =
        db.prepare_cached("SELECT why, COUNT(*) FROM entries WHERE visible = 1 AND review = 1 GROUP BY why")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?)))?;
    let counted: Vec<(Option<String>, i64)> = rows.collect::<Result<_, _>>()?;
    let of = |kind: ReasonKind| {
        let (_, count) = counted.iter().find(|(why, _)| why.as_deref() == Some(kind.word()))?;
        Some((kind, count.unsigned_abs()))
    };
    Ok(ReasonKind::ALL.into_iter().filter_map(of).collect())
}

/// The newest post in an active channel of each entry or of the volumes that it is made of; in the order of `ids`.
fn newest_posts(db: &Connection, ids: &[EntryId]) -> Result<Vec<Option<PostRef>>, Error> {
    let rows = vec!["(?)"; ids.len()].join(", ");
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    // A cross join is taken in this order: of its own accord SQLite would read every message and look whether it is wanted.
    let mut query = db.prepare(&format!(
        "WITH wanted(entry) AS (VALUES {rows}),
              carriers(entry, carrier) AS (
                SELECT entry, entry FROM wanted UNION ALL SELECT p.entry, p.part FROM wanted w JOIN parts p ON p.entry = w.entry)
         SELECT k.entry, s.chat, s.message, MAX(s.date)
         FROM carriers k CROSS JOIN sources s ON s.entry = k.carrier JOIN channels c ON c.chat = s.chat AND c.active = 1
         GROUP BY k.entry",
    ))?;
    let found = query.query_map(params_from_iter(ids.iter().map(|id| id.to_bytes())), |row| {
        Ok((EntryId::from_bytes(row.get(0)?), row.get::<_, i64>(1)?, row.get::<_, i32>(2)?))
    })?;
    let mut posts = vec![None; ids.len()];
    for row in found {
        let (entry, chat, message) = row?;
        let at = PostRef { chat: ChatId::try_from(chat).map_err(Error::broken)?, message };
        for (post, _) in posts.iter_mut().zip(ids).filter(|(_, id)| **id == entry) {
            *post = Some(at);
        }
    }
    Ok(posts)
}

/// From the version before, which kept no kinds of reasons.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    db.execute_batch(include_str!("review.sql"))?;
    let listed: Vec<([u8; 12], String)> = db
        .prepare("SELECT id, status FROM entries WHERE review = 1")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, status) in listed {
        let status: Status = from_text(&status)?;
        let why = status.reason().map(Reason::kind).map(ReasonKind::word);
        db.prepare_cached("UPDATE entries SET why = ? WHERE id = ?")?.execute((why, id))?;
    }
    Ok(())
}
