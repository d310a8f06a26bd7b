//! What a kind of job is.

use std::pin::Pin;

use super::Run;
use crate::adapters::store;
use crate::domain::job::About;

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One kind of job.
pub trait Kind: Send + Sync + 'static {
    fn about(&self) -> &'static About;

    /// Does one job. Returns what it did, as a sentence without its subject: "removed 3 expired links". It may be dropped at any await, and
    /// begun again, here or elsewhere, from the last checkpoint. What takes a thread for long belongs on one of its own
    /// (`spawn_blocking`), which looks at [`Run::cancel`] between two steps: a thread cannot be dropped.
    fn run<'a>(&'a self, run: &'a Run) -> BoxFuture<'a, Result<String, Stop>>;
}

/// Why a job stops before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It may pass: tried again later.
    Passing(String),
    /// It will not. A person reads this: what failed, and what to do.
    Final(String),
    /// It was told to.
    Cancelled,
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Unavailable(_) => Self::Passing(error.to_string()),
            store::Error::Broken(_) => Self::Final(error.to_string()),
        }
    }
}
