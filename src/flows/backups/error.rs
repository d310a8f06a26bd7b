//! How backups fail, in words for whoever reads them on a terminal.

use std::io;
use std::path::{Path, PathBuf};

use crate::adapters::data_folder::LockError;
use crate::adapters::store::backup::BackupError;
use crate::flows::DatabaseError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{}: {problem}", .path.display())]
    File { path: PathBuf, problem: io::Error },
    #[error("{}: {problem}", .path.display())]
    Backup { path: PathBuf, problem: BackupError },
    #[error("{} is there already and is no backup: choose another name, or - for a pipe", .0.display())]
    SomebodyElses(PathBuf),
    #[error(
        "{place} holds a library already. Nothing was changed. To replace all of it by the backup, say --replace; what is there is gone then"
    )]
    Taken { place: String },
    #[error("another cinepost works with {place}: stop all of them first")]
    InUse { place: String },
    #[error(
        "SECRET_KEY is set, and the backup has another one: links and install addresses of before would be dead. Take SECRET_KEY out \
         of the settings, or set it to the backup's own, which `cinepost restore FILE --show-key` prints"
    )]
    OtherKey,
    #[error(transparent)]
    Locked(#[from] LockError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl Error {
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |problem| match BackupError::from(problem) {
            BackupError::File(problem) => Self::File { path, problem },
            problem => Self::Backup { path, problem },
        }
    }

    /// What the store says stands for itself; the rest is about the file.
    pub(super) fn backup(path: &Path) -> impl FnOnce(BackupError) -> Self {
        let path = path.to_owned();
        |problem| match problem {
            BackupError::Store(error) => Self::Database(error.into()),
            problem => Self::Backup { path, problem },
        }
    }
}
