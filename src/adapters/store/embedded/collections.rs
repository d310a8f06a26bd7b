//! Collections of films. That a film is in one is among its catalog keys; here is what the collection is called.

use rusqlite::{Connection, OptionalExtension, params};

use super::Embedded;
use super::catalog::has_seen_entry;
use crate::adapters::store::collections::{CollectionsBackend, sorted_by};
use crate::adapters::store::{Error, document};
use crate::domain::catalog::{COLLECTION_KEY, Reach};
use crate::domain::collection::{Collection, CollectionId, FEWEST_FILMS};

impl CollectionsBackend for Embedded {
    async fn page(&self, reach: &Reach, skip: u32, limit: u32) -> Result<Vec<Collection>, Error> {
        let seen = has_seen_entry(reach, "filed.title");
        self.read(move |db| {
            let mut query = db.prepare_cached(&format!(
                "SELECT document FROM collections c
                 WHERE (SELECT COUNT(*) FROM
                         (SELECT 1 FROM filed WHERE facet = (SELECT id FROM facets WHERE key = ?1 || c.id){seen} LIMIT ?2)) = ?2
                 ORDER BY sorted, id LIMIT ?3 OFFSET ?4"
            ))?;
            let rows = query
                .query_map(params![COLLECTION_KEY, FEWEST_FILMS, limit, skip], |row| row.get::<_, String>(0))?;
            rows.map(|text| document::from_text(&text?)).collect()
        })
        .await
    }

    async fn get(&self, id: CollectionId) -> Result<Option<Collection>, Error> {
        self.read(move |db| {
            let text: Option<String> = db
                .prepare_cached("SELECT document FROM collections WHERE id = ?")?
                .query_row([id.0], |row| row.get(0))
                .optional()?;
            text.map(|text| document::from_text(&text)).transpose()
        })
        .await
    }
}

/// Makes the table, where it is not there yet.
pub(super) fn make_table(db: &Connection) -> Result<(), Error> {
    Ok(db.execute_batch(include_str!("collections.sql"))?)
}

/// Keeps what a film's provider says of its collection now.
pub(super) fn remember(db: &Connection, collection: &Collection) -> Result<(), Error> {
    db.prepare_cached(
        "INSERT INTO collections(id, sorted, document) VALUES(?1, ?2, ?3)
         ON CONFLICT(id) DO UPDATE SET sorted = ?2, document = ?3 WHERE document <> ?3",
    )?
    .execute(params![collection.id.0, sorted_by(collection), document::to_text(collection)?])?;
    Ok(())
}
