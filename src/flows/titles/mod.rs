//! The title index and the list of anime as the owner sees them: fetched by themselves once a week, fetched now, asked by hand.
//!
//! ```text
//! refresh.rs  the kind of job that fetches the index
//! keep.rs     opens it at the start, has it fetched when it is needed, notices a new one
//! anime.rs    both for the list of anime
//! ```

pub mod anime;
mod keep;
mod refresh;
#[cfg(test)]
mod tests;

pub use crate::adapters::metadata::anime::AnimeList;
pub use crate::adapters::metadata::index::{Error, Fetched, Holds, State, TERMS, Titles};
pub use keep::keep;
pub use refresh::{ABOUT, Refresh};
