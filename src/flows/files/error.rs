//! Why something cannot be done with a file. Each wants another answer.

use crate::adapters::{store, telegram};
use crate::domain::shared::{FileType, NameError, PasswordError, Shut};
use crate::flows::DatabaseError;

/// To the person whose file it is, or is to become.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no channel to keep files in; the owner sets STORAGE_CHANNEL")]
    NoStorage,
    #[error("there is no file in this message")]
    NoFile,
    #[error("its sender does not allow this file to be copied")]
    Protected,
    #[error("the owner does not allow files of this type: {0}")]
    TypeRefused(FileType),
    #[error("the scanner refuses it: {0}")]
    ScanRefused(String),
    #[error("the scanner could not look at it")]
    NotScanned,
    #[error("the message is gone")]
    Gone,
    #[error("the storage channel takes nothing: {0}")]
    StorageShut(String),
    #[error("there is no such file")]
    NoSuchFile,
    #[error("there is no such folder")]
    NoSuchFolder,
    #[error("there is a folder called {0} already")]
    NameTaken(String),
    #[error("something lies in the folder; move or delete it first")]
    NotEmpty,
    #[error("folders go {most} deep at most", most = crate::domain::shared::DEEPEST)]
    TooDeep,
    #[error("a folder cannot lie in itself")]
    InItself,
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error("Telegram did not copy it: {0}")]
    Telegram(telegram::Error),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<telegram::Error> for Error {
    fn from(error: telegram::Error) -> Self {
        use telegram::Error as E;
        match error {
            E::Protected => Self::Protected,
            E::MessageGone => Self::Gone,
            E::NotAllowed { .. } | E::NotMember { .. } => Self::StorageShut(error.to_string()),
            error => Self::Telegram(error),
        }
    }
}

/// To whoever opens a link.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("this link was not made here")]
    Forged,
    #[error("the file is not there any more")]
    Gone,
    #[error(transparent)]
    Shut(#[from] Shut),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for OpenError {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}
