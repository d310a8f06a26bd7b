//! The file that keeps the list: our rows, and what tells whether the list is still the same at its address, together in one, so that
//! neither can be of another fetch.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::rows::Row;
use crate::adapters::metadata::index::WriteWhole;

/// Raise it when rows mean something else: an older file is fetched anew.
const VERSION: u32 = 1;
/// The list is some seven megabytes, and our rows are fewer and smaller.
const MAX_BYTES: u64 = 128 << 20;

/// Where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct About {
    pub version: u32,
    pub url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Unix seconds.
    pub fetched: i64,
}

impl About {
    pub fn new(url: &str, etag: Option<String>, last_modified: Option<String>, fetched: i64) -> Self {
        Self { version: VERSION, url: url.to_owned(), etag, last_modified, fetched }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub about: About,
    pub rows: Vec<Row>,
}

/// An error says what is wrong with the file.
pub(super) fn read(path: &Path) -> Result<Kept, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let kept: Kept =
        serde_json::from_reader(BufReader::new(file).take(MAX_BYTES)).map_err(|error| error.to_string())?;
    match kept.about.version {
        VERSION => Ok(kept),
        other => Err(format!("it is of another version ({other})")),
    }
}

/// Writes it whole or not at all.
pub(super) fn write(path: &Path, write: WriteWhole, kept: &Kept) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    write(path, &mut |file| {
        let mut to = BufWriter::new(file);
        serde_json::to_writer(&mut to, kept)?;
        to.flush()
    })
}
