//! The embedded backend: one SQLite file in the data folder. One thread writes, a few connections read beside it (WAL), and
//! no async worker ever waits for the disk. Other `cinepost` commands may open the same file while the server runs.

mod answers;
mod audit;
mod backup;
mod catalog;
mod channels;
mod choices;
mod codes;
mod collections;
mod entries;
mod files;
mod folders;
mod invitations;
mod jobs;
mod lists;
mod passed_over;
mod people;
mod posts;
mod probes;
mod refresh;
mod restore;
mod review;
mod sessions;
mod settings;
mod sign_in_links;
mod statistics;
mod subtitles;
mod tidy;
mod titles;
mod upgrade_5;
mod usage;
mod volumes;
mod watch;
mod words;
mod writer;

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::Error;
use super::page_ends::PageEnds;

pub(super) struct Embedded {
    writer: mpsc::Sender<writer::Job>,
    readers: Arc<Readers>,
    page_ends: PageEnds,
    /// The latest time that a caller gave, for removing answers that nobody asks for again.
    latest_time: AtomicI64,
}

/// Idle reading connections. A read takes one, or opens one when there is none, and gives it back.
struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    turns: Semaphore,
}

/// Whether a commit waits for the disk. Without waiting, a power cut (not a crash) may lose the last commits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Commit {
    /// What could not be made again: posts (Telegram does not repeat them once they were acknowledged), channels, people.
    Durable,
    /// What would be worked out again: matches, titles, a provider's answers.
    Quick,
}

/// Reads at the same time. SQLite reads are short; more would only compete for the processor.
const READERS: usize = 4;
/// Writes that may wait in line before callers have to.
const WAITING_WRITES: usize = 256;
/// Another `cinepost` command may hold the file's write lock; none of them holds it for longer than a batch.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// In the data folder.
const FILE: &str = "cinepost.db";

/// Whether a folder has a store.
pub(super) fn is_in(dir: &Path) -> bool {
    dir.join(FILE).is_file()
}

/// A step that brings a file from one version to the next.
pub(super) type Upgrade = fn(&Connection) -> Result<(), Error>;

/// All steps, in order. A file's version (`user_version`) is how many it went through.
const UPGRADES: &[Upgrade] = &[
    |db| Ok(db.execute_batch(include_str!("schema.sql"))?),
    volumes::upgrade,
    people::upgrade,
    review::upgrade,
    upgrade_5::upgrade,
    people::upgrade_access,
    jobs::upgrade,
    usage::upgrade,
    files::upgrade,
    channels::upgrade,
    |db| {
        passed_over::upgrade(db)?;
        choices::upgrade(db)
    },
    titles::upgrade,
    |db| {
        collections::make_table(db)?;
        lists::make_table(db)?;
        words::upgrade(db)
    },
    |db| {
        probes::upgrade(db)?;
        subtitles::upgrade(db)
    },
];

/// The newest.
pub(super) const SCHEMA: u32 = UPGRADES.len() as u32;

#[cfg(test)]
pub(super) use backup::tests::fields as backup_fields;
pub(super) use restore::{restore, through};
pub(super) use titles::MAX_POPULARITY;

impl Embedded {
    pub async fn open(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(FILE);
        let readers = Arc::new(Readers { path: path.clone(), idle: Mutex::default(), turns: Semaphore::new(READERS) });
        let connection = blocking(move || {
            let open = || {
                let mut connection = connect(&path)?;
                upgrade(&mut connection, UPGRADES)?;
                Ok(connection)
            };
            open().map_err(|e: Error| e.in_file(&path))
        })
        .await?;

        let (writer, jobs) = mpsc::channel(WAITING_WRITES);
        // The thread ends, and the connection closes, when the last handle is dropped.
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer::run(connection, jobs))
            .map_err(Error::broken)?;

        let store = Self { writer, readers, page_ends: PageEnds::new(), latest_time: AtomicI64::new(0) };
        store.finish_toggles().await?;
        Ok(store)
    }

    /// Runs `work` in a transaction on the writing thread: all of it stands, or nothing. It runs to its end even when the caller stops
    /// waiting.
    async fn write<T, F>(&self, commit: Commit, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    {
        self.on_writer(writer::write(commit, work)).await
    }

    async fn on_writer<T>(
        &self,
        (job, answered): (writer::Job, oneshot::Receiver<Result<T, Error>>),
    ) -> Result<T, Error> {
        let stopped = || Error::unavailable("the store's writing thread has stopped");
        self.writer.send(job).await.map_err(|_| stopped())?;
        let answer = answered.await.map_err(|_| stopped())?;
        answer.map_err(|e| e.in_file(&self.readers.path))
    }

    /// Runs `work` on a reading connection, all of it on one state of the store.
    async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    {
        let _turn = self.readers.turns.acquire().await.map_err(Error::unavailable)?;
        let readers = Arc::clone(&self.readers);
        blocking(move || {
            let idle = readers.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = idle.map_or_else(|| connect(&readers.path), Ok)?;
            let answer = (|| {
                let snapshot = connection.transaction()?;
                work(&snapshot)
            })();
            readers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            answer.map_err(|e| e.in_file(&readers.path))
        })
        .await
    }

    pub async fn ping(&self) -> Result<(), Error> {
        self.read(|db| Ok(db.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }
}

impl Drop for Embedded {
    /// The connection that writes is to close last: of two that close at the same time each takes the other for one that stays, and
    /// the log is not copied into the file.
    fn drop(&mut self) {
        self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::broken)?
}

/// Opens a database file for this user's eyes only; makes it and its folder when they are not there.
pub(super) fn connect(path: &Path) -> Result<Connection, Error> {
    let problem = |e: std::io::Error| Error::unavailable(format!("{}: {e}", path.display()));
    if let Some(dir) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir).map_err(problem)?;
    }
    // SQLite makes files by the umask, and gives its -wal and -shm files the mode of the database.
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(problem)?;

    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // 16 MiB instead of 4 before the log is copied into the file: each copy waits for the disk.
    connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    // 8 MiB instead of 2: a page of a hundred titles by rating touches as many places of the file.
    connection.pragma_update(None, "cache_size", -8000)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// Takes the steps that the file has not been through, each in a transaction of its own.
pub(super) fn upgrade(connection: &mut Connection, steps: &[Upgrade]) -> Result<(), Error> {
    words::begin(connection)?;
    loop {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version as usize > steps.len() {
            return Err(Error::broken(format!(
                "a newer cinepost (schema {version}) made it; this one knows schemas up to {}",
                steps.len()
            )));
        }
        let Some(step) = steps.get(version as usize) else { return Ok(()) };
        step(&transaction)?;
        words::write_waiting(&transaction)?;
        transaction.pragma_update(None, "user_version", version + 1)?;
        transaction.commit()?;
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure,
            ) => Self::unavailable(error),
            Some(ErrorCode::DiskFull) => Self::unavailable("the disk of DATA_DIR is full"),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::damaged(error.to_string()),
            _ => Self::broken(error),
        }
    }
}
