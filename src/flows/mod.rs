//! Floor 4: what a person can ask or do, one module for each subject. Flows hold adapters and engines; front ends hold flows.

pub mod backups;
pub mod catalogs;
pub mod channels;
pub mod chat;
mod error;
pub mod export;
pub mod files;
pub mod health;
pub mod ingest;
pub mod inside;
pub mod instances;
pub mod jobs;
pub mod library;
pub mod limits;
pub mod lists;
pub mod logs;
pub mod people;
pub mod playback;
pub mod subtitles;
pub mod titles;
pub mod upkeep;

pub use error::DatabaseError;

// Front ends know no adapter, and need the time.
pub use crate::adapters::clock::unix_now;
