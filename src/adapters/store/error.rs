//! How the store fails.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::instance;

/// Shared, because a transaction that fails may have been several callers'.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached now: try again later, nothing was lost.
    #[error("the database cannot be reached: {0}")]
    // Not as a source: a printed chain would say it twice.
    Unavailable(Arc<dyn std::error::Error + Send + Sync>),
    /// It answered, and the answer cannot be worked with.
    #[error("the database failed: {0}")]
    Broken(Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub(super) fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(Arc::from(why.into()))
    }

    pub(super) fn broken(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Broken(Arc::from(why.into()))
    }

    pub(super) fn damaged(detail: impl Into<String>) -> Self {
        Self::broken(Damaged { file: None, detail: detail.into() })
    }

    /// Adds to a damaged file which one it is.
    pub(super) fn in_file(self, path: &Path) -> Self {
        match &self {
            Self::Broken(why) if let Some(damaged) = why.downcast_ref::<Damaged>() => {
                Self::broken(Damaged { file: Some(path.to_owned()), detail: damaged.detail.clone() })
            }
            _ => self,
        }
    }
}

/// What [`Error::Broken`] holds when a file of ours cannot be read any more.
#[derive(Debug)]
struct Damaged {
    file: Option<PathBuf>,
    detail: String,
}

impl std::error::Error for Damaged {}

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(file) = &self.file else { return write!(f, "its file is damaged: {}", self.detail) };
        write!(f, "{} is damaged ({}). ", file.display(), self.detail)?;
        f.write_str("Stop the program and restore the file from a backup, or move it away: ")?;
        f.write_str(match file.ends_with(instance::FILE) {
            true => "the bots sign in anew then, and nothing else is lost",
            false => "the library is read again from the channels then; people and what the owner set are lost",
        })
    }
}
