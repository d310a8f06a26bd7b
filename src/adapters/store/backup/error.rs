//! How backups fail.

use std::io::{self, ErrorKind};

use super::super::Error;

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("there is no room left for it: the disk is full")]
    DiskFull,
    #[error("the file cannot be read or written: {0}")]
    File(io::Error),
    #[error("this is no backup of a Cinepost")]
    NoBackup,
    /// What about it.
    #[error("the backup is damaged: {0}. Take another one")]
    Damaged(String),
    #[error(
        "a newer cinepost ({program}, schema {schema}) wrote this backup; this one knows schemas up to {known}: update it first"
    )]
    Newer { program: String, schema: u32, known: u32 },
    /// It was told to, or whoever waited for it is gone.
    #[error("it was stopped")]
    Stopped,
    #[error(transparent)]
    Store(#[from] Error),
}

impl BackupError {
    pub(in crate::adapters::store) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::File(error),
        }
    }
}
