//! The driver's errors, in our words.

use mongodb::error::{ErrorKind, WriteFailure};

use crate::adapters::store::Error;
use crate::adapters::store::backup::BackupError;

pub(super) const DUPLICATE_KEY: i32 = 11000;

/// Whether a write failed because somebody else inserted the same key first.
pub(super) fn is_duplicate(error: &mongodb::error::Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE_KEY,
        ErrorKind::Command(error) => error.code == DUPLICATE_KEY,
        _ => false,
    }
}

/// What went wrong, without the driver's account of every server and label.
fn words(error: &mongodb::error::Error) -> String {
    match error.kind.as_ref() {
        ErrorKind::Io(error) => error.to_string(),
        ErrorKind::ServerSelection { message, .. } => {
            // `… Error: Kind: I/O error: Connection refused (os error 111), labels: {…} …`
            let cause = message.split("I/O error: ").nth(1).and_then(|rest| rest.split(", labels").next());
            cause.unwrap_or("no server that may be written to answers").to_owned()
        }
        ErrorKind::Authentication { message, .. } => format!("it refuses the user or the password: {message}"),
        kind => kind.to_string(),
    }
}

/// An error of the first question, with the server's name and what mends it.
pub(super) fn named(error: Error, server: &str) -> Error {
    const CHECK: &str = "check that MongoDB runs there and takes connections from here, and the host, user and password in \
                         DATABASE_URL";
    match error {
        Error::Unavailable(why) => Error::unavailable(format!("MongoDB at {server}: {why}; {CHECK}")),
        Error::Broken(why) => Error::broken(format!("MongoDB at {server}: {why}; {CHECK}")),
    }
}

/// Server errors that mean "not now": no primary, stepping down, shutting down, interrupted, out of time.
pub(super) const NOT_NOW: &[i32] = &[6, 7, 50, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436];

impl From<mongodb::error::Error> for BackupError {
    fn from(error: mongodb::error::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<mongodb::error::Error> for Error {
    fn from(error: mongodb::error::Error) -> Self {
        let not_now = match error.kind.as_ref() {
            ErrorKind::Io(_)
            | ErrorKind::ServerSelection { .. }
            | ErrorKind::ConnectionPoolCleared { .. }
            | ErrorKind::DnsResolve { .. } => true,
            ErrorKind::Command(error) => NOT_NOW.contains(&error.code),
            _ => error.contains_label("RetryableWriteError"),
        };
        if not_now { Self::unavailable(words(&error)) } else { Self::broken(words(&error)) }
    }
}
