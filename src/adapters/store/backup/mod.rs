//! Backups: everything of a store that cannot be fetched again, in one file that either backend writes and either reads.
//!
//! ```text
//! file  = zstd( lines ) | seal
//! lines = {"cinepost":"backup","format":1,"schema":12,...}              the header, with the secret key
//!         {"kind":"people","fields":["id","name",...]}                  a section, for each of kinds::KEPT
//!         [1,"Ada",...]                                                 its records
//!         {"end":{"people":1,...}}                                      how many there were of each
//! seal  = skippable frame of zstd: "cinepost" | SHA-256 of all bytes before it
//! ```
//!
//! So `zstd -dc FILE` shows all of it to whoever has lost the program, and one reading of the file, without unpacking it, says whether
//! it is whole. Memory is bounded by a few batches of records, whichever way.
//!
//! A restored store is built from the records alone; what follows from them is worked out by the same code as ever. The embedded one is
//! built beside the old one and takes its place when it is complete. Records of an older version go into tables of that version, which
//! are upgraded as a database of that version would be.

mod error;
mod format;
pub(super) mod kinds;
pub(super) mod row;
mod seal;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::mpsc;

use super::{Backend, Database, Error, Store, embedded, mongo};
use crate::domain::secret::SecretKey;
pub use error::BackupError;
pub use format::Header;
pub(super) use format::Reader;
use format::Writer;
use kinds::Kind;
pub use kinds::{KEPT, LEFT_OUT};
use row::Row;

/// How many records there are of each kind.
pub type Contents = BTreeMap<String, u64>;

/// Batches on their way between the store and the file.
pub(super) const WAITING: usize = 4;
/// Records in one batch, and bytes of their texts.
pub(super) const BATCH_ROWS: usize = 500;
pub(super) const BATCH_BYTES: usize = 256 << 10;

/// What goes from a store to a file, and back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Records of this kind follow, with these fields.
    Section(&'static Kind, Vec<String>),
    Rows(Vec<Row>),
    /// Without it something is missing.
    End,
}

/// How far one piece of work is, and the word to stop it. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Watched>);

#[derive(Debug, Default)]
struct Watched {
    rows: AtomicU64,
    is_stopped: AtomicBool,
}

impl Watch {
    /// Records so far.
    pub fn rows(&self) -> u64 {
        self.0.rows.load(Ordering::Relaxed)
    }

    pub fn stop(&self) {
        self.0.is_stopped.store(true, Ordering::Relaxed);
    }

    pub(super) fn add(&self, rows: usize) -> Result<(), BackupError> {
        self.0.rows.fetch_add(rows as u64, Ordering::Relaxed);
        self.check()
    }

    /// For `?` between two steps.
    pub(super) fn check(&self) -> Result<(), BackupError> {
        if self.0.is_stopped.load(Ordering::Relaxed) { Err(BackupError::Stopped) } else { Ok(()) }
    }
}

/// Says stop when whoever waits goes: threads cannot be dropped.
struct StopsWhenDropped(Watch);

impl Drop for StopsWhenDropped {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Store {
    /// Writes a backup while the store is in use. `made`: Unix seconds. Returns what was written to, whose bytes are not on the disk yet.
    pub async fn back_up<W>(
        &self,
        secret: &SecretKey,
        made: i64,
        out: W,
        watch: &Watch,
    ) -> Result<(W, Contents), BackupError>
    where
        W: Write + Send + 'static,
    {
        let _guard = StopsWhenDropped(watch.clone());
        let (schema, kept_in) = match &*self.backend {
            Backend::Embedded(_) => (embedded::SCHEMA, "SQLite"),
            Backend::Mongo(_) => (mongo::SCHEMA as u32, "MongoDB"),
        };
        let header = Header::new(schema, kept_in, made, secret.clone());
        let (parts, mut received) = mpsc::channel(WAITING);
        let watch = watch.clone();
        let writing = tokio::task::spawn_blocking(move || {
            let mut writer = Writer::begin(out, &header)?;
            while let Some(part) = received.blocking_recv() {
                match part {
                    Part::Section(kind, fields) => writer.section(kind.name, &fields)?,
                    Part::Rows(rows) => {
                        writer.rows(&rows)?;
                        watch.add(rows.len())?;
                    }
                    Part::End => return writer.end(),
                }
            }
            // Whoever read the store failed, and says so.
            Err(BackupError::Stopped)
        });
        let read = match &*self.backend {
            Backend::Embedded(backend) => backend.read_all(parts).await,
            Backend::Mongo(backend) => backend.read_all(parts).await,
        };
        let written = writing.await.map_err(Error::broken)?;
        match (read, written) {
            (Err(error), Err(BackupError::Stopped)) => Err(error.into()),
            (_, written) => written,
        }
    }
}

/// The records of a file, from the first on.
pub(super) fn reader<R: Read + Seek>(file: &mut R) -> Result<Reader<io::BufReader<io::Take<&mut R>>>, BackupError> {
    Reader::begin(seal::without(file)?)
}

/// Whether there is a store at a place, or the rest of one whose restoring did not come to its end: [`restore`] would replace it.
pub async fn is_taken(location: &Database) -> Result<bool, Error> {
    match location {
        Database::Embedded { dir } => Ok(embedded::is_in(dir)),
        Database::Mongo { uri } => mongo::with_limit(mongo::Mongo::is_taken(uri)).await,
    }
}

/// Whether an instance works with the MongoDB at a place now, as far as that can be seen: one that does a job or sends a file. For
/// the embedded store the lock of its folder says it.
pub async fn is_in_use(location: &Database, now: i64) -> Result<bool, Error> {
    match location {
        Database::Embedded { .. } => Ok(false),
        Database::Mongo { uri } => mongo::with_limit(mongo::Mongo::is_in_use(uri, now)).await,
    }
}

/// Reads a file's header and checks every byte of it. The file is at its beginning again afterwards.
pub fn verify<R: Read + Seek>(file: &mut R) -> Result<Header, BackupError> {
    let length = seal::verify(file)?;
    file.rewind()?;
    let header = Reader::begin(io::BufReader::new(file.by_ref().take(length)))?.header;
    file.rewind()?;
    Ok(header)
}

/// Whether a file begins as a backup does, of whatever version.
pub fn is_one<R: Read + Seek>(file: &mut R) -> bool {
    matches!(reader(file), Ok(_) | Err(BackupError::Newer { .. }))
}

/// Reads all of a file that was [verified](verify) and says what is in it.
pub fn contents<R: Read + Seek>(file: &mut R) -> Result<Contents, BackupError> {
    let mut reader = reader(file)?;
    while reader.next()?.is_some() {}
    Ok(reader.contents)
}

/// Makes a store of a file that was [verified](verify). Whatever stands at the place is replaced: the embedded store from one moment to the
/// next when the new one is complete, so that an error leaves the old one; MongoDB's records at the beginning. `data_dir`: where it may
/// work, and where the embedded store is. `before`: is called before anything is replaced, and stops it with an error.
pub async fn restore<R>(
    location: &Database,
    data_dir: &Path,
    mut file: R,
    watch: &Watch,
    before: impl FnOnce() -> Result<(), BackupError> + Send + 'static,
) -> Result<Contents, BackupError>
where
    R: Read + Seek + Send + 'static,
{
    let _guard = StopsWhenDropped(watch.clone());
    let header = reader(&mut file)?.header;
    match location {
        Database::Embedded { dir } => {
            let (dir, watch) = (dir.clone(), watch.clone());
            let built = tokio::task::spawn_blocking(move || embedded::restore(&dir, &header, file, &watch, before));
            built.await.map_err(Error::broken)?
        }
        Database::Mongo { uri } => mongo::restore(uri, data_dir, (&header, file), watch, before).await,
    }
}
