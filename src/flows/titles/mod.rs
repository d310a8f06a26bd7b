//! The title index as the owner sees it: fetched by itself once a week, fetched now, asked by hand.
//!
//! ```text
//! refresh.rs  the kind of job that fetches it
//! keep.rs     opens it at the start, has it fetched when it is needed, notices a new one
//! ```

mod keep;
mod refresh;
#[cfg(test)]
mod tests;

pub use crate::adapters::metadata::index::{Error, Fetched, Holds, State, TERMS, Titles};
pub use keep::keep;
pub use refresh::{ABOUT, Refresh};
