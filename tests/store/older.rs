//! Makes a store one of an older version: what the steps since then brought is taken away again, the newest first.

use cinepost::adapters::store::Database;
use mongodb::bson::{Document, doc};

use super::Home;

/// What undoes the embedded store's step to each version from the newest on. Version 5 changed what fields hold, and no form.
const UNDO: &[(i64, &str)] = &[
    (
        14,
        "DROP INDEX entries_probe; DROP TABLE key_frames;
         ALTER TABLE entries DROP COLUMN probe; ALTER TABLE entries DROP COLUMN probed_by;
         ALTER TABLE entries DROP COLUMN probe_tries; ALTER TABLE entries DROP COLUMN probe_at;
         DROP TABLE subtitles; DROP TABLE subtitle_shifts; DROP INDEX sources_answers; ALTER TABLE sources DROP COLUMN reply_to;",
    ),
    (
        13,
        "DROP TABLE title_tokens; DROP TABLE word_tokens; DROP TABLE words; DROP TABLE collections; DROP TABLE lists;
         CREATE VIRTUAL TABLE title_names
           USING fts5(names, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');
         INSERT INTO title_names(rowid, names) SELECT search_key, names FROM titles WHERE search_key IS NOT NULL;",
    ),
    (
        12,
        "DELETE FROM filed WHERE facet IN
           (SELECT id FROM facets WHERE key LIKE '%|l:%' OR key LIKE '%|c:%' OR key LIKE '%|popular' OR key LIKE '%|episodes');",
    ),
    (11, "DROP TABLE passed_over; DROP TABLE passed_over_newest; DROP TABLE choices; DROP TABLE rules;"),
    (10, "ALTER TABLE channels DROP COLUMN profile;"),
    (9, "DROP TABLE files; DROP TABLE folders;"),
    (8, "DROP TABLE usage; DROP TABLE file_usage; DROP TABLE watched; DROP TABLE running; DROP TABLE stops;"),
    (
        7,
        "DROP TABLE jobs; DROP TABLE statistics; DROP INDEX tickets_expires; DROP INDEX sessions_ends; DROP INDEX invitations_expires;",
    ),
    (
        6,
        "DROP TABLE deeds; DROP TABLE invitations; DROP TABLE codes;
         ALTER TABLE tickets DROP COLUMN person; ALTER TABLE tickets DROP COLUMN version;
         DROP INDEX people_telegram; DROP INDEX people_waiting;
         ALTER TABLE people ADD COLUMN is_owner INTEGER NOT NULL DEFAULT 0; UPDATE people SET is_owner = role = 'owner';
         ALTER TABLE people DROP COLUMN role; ALTER TABLE people DROP COLUMN telegram;
         ALTER TABLE people DROP COLUMN username; ALTER TABLE people DROP COLUMN first_name;
         ALTER TABLE people DROP COLUMN language; ALTER TABLE people DROP COLUMN active;
         ALTER TABLE people DROP COLUMN expires; ALTER TABLE people DROP COLUMN standing;
         ALTER TABLE people DROP COLUMN preferences; ALTER TABLE people DROP COLUMN reach; ALTER TABLE people DROP COLUMN revision;",
    ),
    (4, "DROP INDEX entries_why; ALTER TABLE entries DROP COLUMN why;"),
    (
        3,
        "DROP TABLE sessions; DROP INDEX people_name; ALTER TABLE people DROP COLUMN name_key;
         ALTER TABLE people DROP COLUMN added;",
    ),
    (2, "DROP INDEX entries_volume_of; ALTER TABLE entries DROP COLUMN volume_of; DROP TABLE parts;"),
];

/// The same for MongoDB: fields that records of a collection have had since a version.
const UNSET: &[(i64, &str, &[&str])] = &[
    (14, "entries", &["probe", "probed_by", "probe_tries", "probe_at"]),
    (13, "titles", &["tokens"]),
    (12, "titles", &["episode"]),
    (10, "channels", &["profile"]),
    (
        6,
        "people",
        &[
            "role",
            "telegram",
            "username",
            "first_name",
            "language",
            "active",
            "expires",
            "standing",
            "reach",
            "preferences",
            "revision",
        ],
    ),
    (6, "tickets", &["person", "version"]),
    (4, "entries", &["why"]),
    (3, "people", &["name_key", "added", "removed"]),
    (2, "entries", &["volume_of"]),
];

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
            if version < 13 {
                records("words").drop().await.unwrap();
            }
            if version < 6 {
                let owner = doc! { "$set": { "is_owner": true } };
                records("people").update_many(doc! { "role": "owner" }, owner).await.unwrap();
            }
            if version < 12 {
                let of_files = doc! { "$pull": { "cat": { "$regex": "[|][lc]:" } } };
                records("titles").update_many(doc! {}, of_files).await.unwrap();
            }
            for (_, collection, fields) in UNSET.iter().filter(|(step, ..)| *step > version) {
                let forget: Document = fields.iter().map(|field| ((*field).to_owned(), "".into())).collect();
                records(collection).update_many(doc! {}, doc! { "$unset": forget }).await.unwrap();
            }
            let older = doc! { "$set": { "schema": version } };
            records("counters").update_one(doc! { "_id": "schema" }, older).await.unwrap();
        }
    }
}
