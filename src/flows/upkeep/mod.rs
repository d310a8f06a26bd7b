//! Upkeep: jobs that run by themselves and keep the store and the data folder small. One file each; a new one is a file with its
//! `About`, and its place in [`ABOUT`] and [`kinds`].
//!
//! What needs no job here: posts that are deleted take their entries along at once (`adapters/store`), and a title whose last entry went
//! stays for the next one: it is listed nowhere, and removing it could meet a match that was just made. The disk cache keeps its own
//! limit while the program runs (`engines/bytes`). Log files are turned by whoever writes them (`adapters/log_file`).

mod answers;
mod database;
mod disk_cache;
mod finished_jobs;
mod sign_ins;
mod statistics;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use crate::adapters::store::Store;
use crate::domain::job::{About, Place, Priority};
use crate::engines::bytes::Engine;
use crate::engines::jobs::Kind;

/// What there is to know of each.
pub const ABOUT: &[&About] = &[
    &sign_ins::ABOUT,
    &answers::ABOUT,
    &disk_cache::ABOUT,
    &statistics::ABOUT,
    &database::ABOUT,
    &finished_jobs::ABOUT,
];

/// All of them, to be done. `cache_dir`: where the disk cache is, or was.
pub fn kinds(store: &Store, engine: Engine, cache_dir: PathBuf) -> Vec<Arc<dyn Kind>> {
    let store = || store.clone();
    vec![
        Arc::new(sign_ins::SignIns(store())),
        Arc::new(answers::Answers(store())),
        Arc::new(disk_cache::DiskCache { engine, dir: cache_dir }),
        Arc::new(statistics::Statistics(store())),
        Arc::new(database::Database(store())),
        Arc::new(finished_jobs::FinishedJobs(store())),
    ]
}

/// What all upkeep has in common.
const UPKEEP: About = About {
    name: "",
    does: "",
    at_once: 1,
    per_person: 1,
    priority: Priority::Idle,
    tries: 5,
    schedule: None,
    place: Place::AnyInstance,
};

/// "removed 3 expired links and 1 session"; "nothing to do" when all are 0. Each: how many, of one, of several.
fn did(verb: &str, counts: &[(u64, &str, &str)]) -> String {
    let said: Vec<_> = counts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    match said.as_slice() {
        [] => "nothing to do".to_owned(),
        [only] => format!("{verb} {only}"),
        [first @ .., last] => format!("{verb} {} and {last}", first.join(", ")),
    }
}
