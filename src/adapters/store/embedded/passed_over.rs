//! Messages that carry no file.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::{Commit, Embedded};
use crate::adapters::store::Error;
use crate::adapters::store::passed_over::{self, Bytes, PassedOverBackend, tally};
use crate::domain::passed_over::{NEWEST_KEPT, PassedOver, Why};
use crate::domain::post::{ChatId, PostRef};

/// From the version before, which passed them over in silence.
pub(super) fn upgrade(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("passed_over.sql"))?)
}

impl PassedOverBackend for Embedded {
    async fn record(&self, passed_over: &[PassedOver], others: &[PostRef]) -> Result<(), Error> {
        let changes = passed_over::changes(passed_over, others);
        let (newest, others) = (passed_over::newest_of(passed_over), others.to_vec());
        // Whoever records them acknowledges them to Telegram, which does not repeat them.
        self.write(Commit::Durable, move |db| {
            for ((chat, block), bytes) in changes {
                change(db, chat, block, &bytes)?;
            }
            keep_newest(db, &newest, &others)
        })
        .await
    }

    async fn counts(&self, chat: ChatId) -> Result<BTreeMap<Why, u64>, Error> {
        self.read(move |db| {
            let mut counts = BTreeMap::new();
            let mut query = db.prepare_cached("SELECT bytes FROM passed_over WHERE chat = ?")?;
            for bytes in query.query_map([chat.get()], |row| row.get::<_, Vec<u8>>(0))? {
                tally(&mut counts, bytes?);
            }
            Ok(counts)
        })
        .await
    }

    async fn between(&self, chat: ChatId, first: i32, last: i32) -> Result<BTreeMap<i32, Why>, Error> {
        self.read(move |db| {
            let blocks = passed_over::blocks(first, last);
            let mut query =
                db.prepare_cached("SELECT block, bytes FROM passed_over WHERE chat = ? AND block BETWEEN ? AND ?")?;
            let rows = query.query_map((chat.get(), blocks.start(), blocks.end()), |row| {
                Ok((row.get::<_, i32>(0)?, row.get::<_, Vec<u8>>(1)?))
            })?;
            let mut found = BTreeMap::new();
            for row in rows {
                let (block, bytes) = row?;
                for (place, byte) in bytes.into_iter().enumerate() {
                    found.extend(passed_over::why(byte).map(|why| (passed_over::message(block, place), why)));
                }
            }
            found.retain(|message, _| (first..=last).contains(message));
            Ok(found)
        })
        .await
    }

    async fn newest(&self, chat: ChatId) -> Result<Vec<PassedOver>, Error> {
        self.read(move |db| {
            let mut query = db.prepare_cached(
                "SELECT message, date, why, about FROM passed_over_newest WHERE chat = ? ORDER BY message DESC LIMIT ?",
            )?;
            let found = query.query_map(params![chat.get(), NEWEST_KEPT as i64], |row| {
                let at = PostRef { chat, message: row.get(0)? };
                let why = Why::from_number(row.get(2)?).unwrap_or(Why::Other);
                Ok(PassedOver { at, date: row.get(1)?, why, about: row.get(3)? })
            })?;
            found.map(|row| Ok(row?)).collect()
        })
        .await
    }
}

/// Writes only what is another byte: nearly every batch of posts has nothing to say here, and a transaction that writes nothing
/// does not wait for the disk.
fn change(db: &Connection, chat: ChatId, block: i32, changes: &Bytes) -> Result<(), Error> {
    let before: Option<Vec<u8>> = db
        .prepare_cached("SELECT bytes FROM passed_over WHERE chat = ? AND block = ?")?
        .query_row((chat.get(), block), |row| row.get(0))
        .optional()?;
    let mut bytes = before.clone().unwrap_or_default();
    for (&place, &byte) in changes {
        if byte != 0 && bytes.len() <= place {
            bytes.resize(place + 1, 0);
        }
        if let Some(at) = bytes.get_mut(place) {
            *at = byte;
        }
    }
    if bytes != before.unwrap_or_default() {
        db.prepare_cached("INSERT OR REPLACE INTO passed_over(chat, block, bytes) VALUES(?, ?, ?)")?.execute((
            chat.get(),
            block,
            bytes,
        ))?;
    }
    Ok(())
}

fn keep_newest(db: &Connection, newest: &[PassedOver], others: &[PostRef]) -> Result<(), Error> {
    let mut forget = db.prepare_cached("DELETE FROM passed_over_newest WHERE chat = ? AND message = ?")?;
    for at in others {
        forget.execute((at.chat.get(), at.message))?;
    }
    let mut keep = db.prepare_cached(
        "INSERT OR REPLACE INTO passed_over_newest(chat, message, date, why, about) VALUES(?, ?, ?, ?, ?)",
    )?;
    for PassedOver { at, date, why, about } in newest {
        keep.execute(params![at.chat.get(), at.message, date, why.number(), about])?;
    }
    let mut prune = db.prepare_cached(
        "DELETE FROM passed_over_newest WHERE chat = ?1 AND message <=
           (SELECT message FROM passed_over_newest WHERE chat = ?1 ORDER BY message DESC LIMIT 1 OFFSET ?2)",
    )?;
    for chat in newest.iter().map(|one| one.at.chat).collect::<BTreeSet<_>>() {
        prune.execute(params![chat.get(), NEWEST_KEPT as i64])?;
    }
    Ok(())
}
