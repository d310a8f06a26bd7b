//! What every flow returns when the database fails it.

use crate::adapters::store;
use crate::engines::jobs::Stop;

/// The database failed a flow. The text says how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be reached now: try again later, nothing was lost.
    #[error("{0}")]
    Unavailable(String),
    /// It answered, and the answer cannot be worked with.
    #[error("{0}")]
    Broken(String),
}

impl From<store::Error> for DatabaseError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(_) => Self::Unavailable(error.to_string()),
            store::Error::Broken(_) => Self::Broken(error.to_string()),
        }
    }
}

impl From<DatabaseError> for Stop {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Unavailable(problem) => Self::Passing(problem),
            DatabaseError::Broken(problem) => Self::Final(problem),
        }
    }
}
