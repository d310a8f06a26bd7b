//! Why a link does not play: what is wrong with the link, and what the engine could not read.

use std::time::Duration;

use crate::adapters::store;
use crate::domain::limits::Refusal;
use crate::domain::link::LinkError;
use crate::engines::bytes;
use crate::flows::{DatabaseError, limits};

/// Each wants another answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error("this link was not made here")]
    Forged,
    #[error("this link has expired")]
    Expired,
    #[error("the access that this link was made under was taken away")]
    Revoked,
    #[error("the stream was stopped")]
    Stopped,
    #[error("a limit was reached: {}", .0.word())]
    Limited(Refusal),
    #[error("the file is not there any more")]
    NotFound,
    #[error("Telegram asks us to wait {} s", .retry_after.as_secs())]
    Busy { retry_after: Duration },
    #[error("Telegram cannot be read: {0}")]
    Unavailable(String),
    /// What it is asked for as subtitles is none; says why.
    #[error("these subtitles cannot be shown: {0}")]
    NotSubtitles(String),
    /// A film does not go to a player as HLS; says why.
    #[error("{0}")]
    NotHls(String),
    /// What makes other sounds of a film's failed.
    #[error("a sound could not be encoded: {0}")]
    NotEncoded(String),
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<limits::Error> for Error {
    fn from(error: limits::Error) -> Self {
        match error {
            limits::Error::Refused(refusal) => Self::Limited(refusal),
            limits::Error::Database(error) => Self::Database(error),
        }
    }
}

impl From<LinkError> for Error {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Forged => Self::Forged,
            LinkError::Expired => Self::Expired,
        }
    }
}

impl From<bytes::Error> for Error {
    fn from(error: bytes::Error) -> Self {
        match error {
            bytes::Error::NotFound => Self::NotFound,
            bytes::Error::Busy { retry_after } => Self::Busy { retry_after },
            bytes::Error::Unavailable(problem) => Self::Unavailable(problem),
        }
    }
}
