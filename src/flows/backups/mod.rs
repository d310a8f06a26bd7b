//! Backups: one file with everything that cannot be fetched again, and the secret key, without which links would be dead. Written beside
//! the running program, by hand or by themselves; brought back into a store of either sort.
//!
//! ```text
//! writing.rs    a store -> a file, whole or not at all
//! scheduled.rs  the kind of job that writes one by itself, and removes old ones
//! restoring.rs  a file -> a store that is not there yet, or is to be replaced
//! ```

mod error;
mod restoring;
mod scheduled;
#[cfg(test)]
mod tests;
mod writing;

pub use crate::adapters::store::backup::{Contents, LEFT_OUT, Watch};
pub use error::Error;
pub use restoring::{Backup, Target};
pub use scheduled::{ABOUT, Folder, Scheduled};
pub use writing::{Backups, Written};
