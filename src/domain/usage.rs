//! What was sent to whom: by person and day, by file, and by person and file. And what is being sent now, on every instance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::entry::EntryId;
use super::limits::Day;
use super::person::PersonId;

/// What one person got of one file since it was counted last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    pub person: PersonId,
    pub entry: EntryId,
    /// The entry's name, for the history.
    pub name: String,
    /// Unix seconds.
    pub at: i64,
    pub amount: Amount,
    /// It may stand in the person's history.
    pub is_remembered: bool,
}

/// Bytes sent, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    pub bytes: u64,
    /// Files that somebody began to watch.
    pub streams: u64,
    /// Files that somebody began to get whole.
    pub downloads: u64,
    /// Links made.
    pub links: u64,
}

impl Amount {
    pub fn add(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.streams = self.streams.saturating_add(other.streams);
        self.downloads = self.downloads.saturating_add(other.downloads);
        self.links = self.links.saturating_add(other.links);
    }
}

/// What somebody, or everybody, used on a day and in its month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub day: Amount,
    pub month: Amount,
}

impl Spent {
    /// Adds a day of the month.
    pub fn add(&mut self, is_today: bool, amount: Amount) {
        self.month.add(amount);
        if is_today {
            self.day.add(amount);
        }
    }
}

/// A file's own figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileUse {
    pub amount: Amount,
    /// Unix seconds of the last byte.
    pub last: i64,
}

/// A row of somebody's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    pub entry: EntryId,
    /// The entry's name when it was watched last.
    pub name: String,
    /// Unix seconds.
    pub first: i64,
    pub last: i64,
    pub amount: Amount,
}

/// The sums of a batch for each person and day. `None` is everybody together.
pub fn by_person(used: &[Used]) -> BTreeMap<(Option<PersonId>, Day), Amount> {
    let mut sums: BTreeMap<_, Amount> = BTreeMap::new();
    for one in used {
        for whose in [Some(one.person), None] {
            sums.entry((whose, Day::of(one.at))).or_default().add(one.amount);
        }
    }
    sums
}

/// A file that is being sent now, as the instance that sends it tells the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The instance's name and the stream's number there: `a3f9c1-12`.
    pub id: String,
    pub person: PersonId,
    pub entry: EntryId,
    pub name: String,
    /// Unix seconds.
    pub since: i64,
    pub sent_bytes: u64,
    pub bytes_per_second: u64,
    /// By their position in the list of bots.
    pub bots: Vec<usize>,
}
