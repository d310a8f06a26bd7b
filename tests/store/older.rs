//! Makes a store one of an older version: what the steps since then brought is taken away again, the newest first.

use cinepost::adapters::store::Database;
use mongodb::bson::{Document, doc};

use super::Home;

/// What undoes the embedded store's step to each version from the newest on. Version 5 changed what fields hold, and no form.
const UNDO: &[(i64, &str)] = &[
    (6, "DROP TABLE usage; DROP TABLE file_usage; DROP TABLE watched; DROP TABLE running; DROP TABLE stops;"),
    (4, "DROP INDEX entries_why; ALTER TABLE entries DROP COLUMN why;"),
    (
        3,
        "DROP TABLE sessions; DROP INDEX people_name; ALTER TABLE people DROP COLUMN name_key;
         ALTER TABLE people DROP COLUMN added;",
    ),
    (2, "DROP INDEX entries_volume_of; ALTER TABLE entries DROP COLUMN volume_of; DROP TABLE parts;"),
];

/// The same for MongoDB: fields that records of a collection have had since a version.
const UNSET: &[(i64, &str, &[&str])] =
    &[(4, "entries", &["why"]), (3, "people", &["name_key", "added", "removed"]), (2, "entries", &["volume_of"])];

/// Nothing may have the store open.
pub async fn make_older(home: &Home, version: i64) {
    match &home.location {
        Database::Embedded { dir } => {
            let file = rusqlite::Connection::open(dir.join("cinepost.db")).unwrap();
            for (_, undo) in UNDO.iter().filter(|(step, _)| *step > version) {
                file.execute_batch(undo).unwrap();
            }
            file.pragma_update(None, "user_version", version).unwrap();
        }
        Database::Mongo { uri } => {
            let database = mongodb::Client::with_uri_str(uri).await.unwrap().default_database().unwrap();
            let records = |name: &str| database.collection::<Document>(name);
            for (_, collection, fields) in UNSET.iter().filter(|(step, ..)| *step > version) {
                let forget: Document = fields.iter().map(|field| ((*field).to_owned(), "".into())).collect();
                records(collection).update_many(doc! {}, doc! { "$unset": forget }).await.unwrap();
            }
            let older = doc! { "$set": { "schema": version } };
            records("counters").update_one(doc! { "_id": "schema" }, older).await.unwrap();
        }
    }
}
