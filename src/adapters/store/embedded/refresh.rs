//! Refreshes what follows from an entry's messages and their channels: whether it is visible, and since when. Whoever changes a
//! source or a channel calls it in the same transaction. What follows for titles is in `titles`.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::entries::forget_entry;
use super::volumes::made_of;
use crate::adapters::store::Error;
use crate::domain::entry::EntryId;

/// The result of refreshing an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refreshed {
    AsBefore,
    /// Its visibility or its date.
    Changed,
    /// No message carries it any more: it was removed.
    Gone,
}

/// Works out whether an entry is visible and since when ([`moment`](crate::adapters::store::document::moment)), and removes it when
/// no message carries it any more. Does the same for entries that it is a volume of: these need all of their volumes. Their titles are
/// added to `titles`.
pub(super) fn refresh_entry(db: &Connection, entry: EntryId, titles: &mut BTreeSet<i64>) -> Result<Refreshed, Error> {
    let id = entry.to_bytes();
    let (carried, posted): (bool, Option<i64>) = db
        .prepare_cached(
            "SELECT MIN(carried), CASE WHEN COUNT(posted) = COUNT(*) THEN MAX(posted) END
             FROM (SELECT COUNT(s.message) > 0 AS carried, MAX(CASE WHEN c.active THEN s.date << 31 | s.message END) AS posted
                   FROM (SELECT part FROM parts WHERE entry = ?1
                         UNION ALL SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM parts WHERE entry = ?1)) p
                   LEFT JOIN sources s ON s.entry = p.part LEFT JOIN channels c ON c.chat = s.chat
                   GROUP BY p.part)",
        )?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let refreshed = if carried {
        // An entry that is hidden keeps its date.
        let title: Option<Option<i64>> = db
            .prepare_cached(
                "UPDATE entries SET visible = ?2 IS NOT NULL, posted = COALESCE(?2, posted)
                 WHERE id = ?1 AND (visible, posted) <> (?2 IS NOT NULL, COALESCE(?2, posted)) RETURNING title",
            )?
            .query_row(params![id, posted], |row| row.get(0))
            .optional()?;
        // A title is filed under the channels of its files, which may have changed alone.
        let of_title: Option<i64> =
            db.prepare_cached("SELECT title FROM entries WHERE id = ?")?.query_row([id], |row| row.get(0))?;
        titles.extend(of_title);
        if title.is_some() { Refreshed::Changed } else { Refreshed::AsBefore }
    } else {
        forget_entry(db, entry, titles)?;
        Refreshed::Gone
    };
    if refreshed != Refreshed::AsBefore {
        for entry in made_of(db, entry)? {
            refresh_entry(db, entry, titles)?;
        }
    }
    Ok(refreshed)
}
