//! What can be asked of the catalog, and the keys under which the stores file a title so that every question has its
//! index.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::post::ChatId;
use super::title::{Kind, Title};

/// Rows in one catalog page. Clients ask on with `skip` until a page is empty.
pub const PAGE: u32 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// By the newest post of each title.
    Newest,
    /// By the provider's rating, ties by the newest post.
    Rating,
}

/// One page of one catalog.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    pub kind: Kind,
    pub order: Order,
    pub genre: Option<String>,
    pub year: Option<u16>,
    pub skip: u32,
    /// At most [`PAGE`].
    pub limit: u32,
}

impl Query {
    /// The one key that this question looks up; see [`keys`].
    pub fn key(&self) -> String {
        key(self.kind, self.genre.as_deref(), self.year)
    }

    /// Whether a title is among what the question asks for.
    pub fn narrows_to(&self, title: &Title) -> bool {
        keys(title).contains(&self.key())
    }
}

/// Which channels somebody sees. What lies in no other one is not there for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    #[default]
    All,
    Only(BTreeSet<ChatId>),
}

impl Reach {
    pub fn holds(&self, chat: ChatId) -> bool {
        match self {
            Self::All => true,
            Self::Only(chats) => chats.contains(&chat),
        }
    }

    /// Differs for each reach; empty for everything.
    pub fn key(&self) -> String {
        let mut key = String::new();
        if let Self::Only(chats) = self {
            key.push('@');
            for chat in chats {
                let _ = write!(key, "{chat},");
            }
        }
        key
    }
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub movies: u64,
    pub series: u64,
    /// Visible entries, matched or not. Of volumes that wait for others only the one that says so is counted, of ignored
    /// entries none.
    pub files: u64,
    /// Waiting for their match: new, tried again, or while a provider is down.
    pub pending: u64,
    /// Needing a person. None of them is pending.
    pub review: u64,
}

/// Every key that a title is filed under: all of its kind, each genre, its year, each genre within its year. One key per
/// combination lets one index serve every filter.
pub fn keys(title: &Title) -> Vec<String> {
    let mut keys = vec![key(title.kind, None, None)];
    if title.year.is_some() {
        keys.push(key(title.kind, None, title.year));
    }
    for genre in &title.genres {
        keys.push(key(title.kind, Some(genre), None));
        if title.year.is_some() {
            keys.push(key(title.kind, Some(genre), title.year));
        }
    }
    keys.sort();
    keys.dedup();
    keys
}

fn key(kind: Kind, genre: Option<&str>, year: Option<u16>) -> String {
    let mut key = String::from(match kind {
        Kind::Movie => "m",
        Kind::Series => "s",
    });
    if let Some(genre) = genre {
        key.push_str("|g:");
        key.push_str(genre);
    }
    if let Some(year) = year {
        key.push_str(&format!("|y:{year}"));
    }
    key
}
