//! What can be asked of the catalog, and the keys under which the stores file a title so that every question has its
//! index.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::collection::CollectionId;
use super::entry::SeriesPart;
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
    /// By the provider's popularity, ties by the newest post. Of all of a kind or of one genre: a year is not looked at.
    Popularity,
    /// Series by when an episode came that was not there: the next release of an old one moves nothing. Of all series.
    NewEpisodes,
}

/// What titles are put together by beside their genres and years.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shelf {
    /// ISO 639-1, spoken in a file as far as names say it: who wants films in German wants to hear it, whoever made them.
    Language(String),
    /// A file lies in this channel.
    Channel(ChatId),
    /// A film that is a part of this.
    Collection(CollectionId),
}

/// One page of one catalog.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    pub kind: Kind,
    pub order: Order,
    pub genre: Option<String>,
    pub year: Option<u16>,
    /// With one, neither genre nor year is looked at.
    pub shelf: Option<Shelf>,
    /// Whose pages these are: each viewer goes on where their own last page ended. 0: nobody's in particular.
    pub viewer: u32,
    pub skip: u32,
    /// At most [`PAGE`].
    pub limit: u32,
}

impl Query {
    /// The first page of all of a kind.
    pub fn all(kind: Kind, order: Order) -> Self {
        Self { kind, order, genre: None, year: None, shelf: None, viewer: 0, skip: 0, limit: PAGE }
    }

    /// The one key that this question looks up; see [`keys`].
    pub fn key(&self) -> String {
        match (&self.shelf, self.order) {
            (Some(shelf), _) => shelf.key(self.kind),
            (None, Order::NewEpisodes) => key(self.kind, None, None),
            (None, Order::Popularity) => key(self.kind, self.genre.as_deref(), None),
            (None, Order::Newest | Order::Rating) => key(self.kind, self.genre.as_deref(), self.year),
        }
    }

    /// Whether a title is of the genre and year that the question asks for.
    pub fn narrows_to(&self, title: &Title) -> bool {
        keys_of(title).contains(&key(self.kind, self.genre.as_deref(), self.year))
    }
}

/// What the key of a collection begins with; its number follows. Films only are in one.
pub const COLLECTION_KEY: &str = "m|k:";

impl Shelf {
    pub fn key(&self, kind: Kind) -> String {
        let all = key(kind, None, None);
        match self {
            Self::Language(code) => format!("{all}|l:{code}"),
            Self::Channel(chat) => format!("{all}|c:{chat}"),
            Self::Collection(id) => format!("{COLLECTION_KEY}{id}"),
        }
    }
}

/// What is here of a title, as far as the catalog files it by that. Moments are the store's: later ones are greater.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    latest: Option<i64>,
    /// When each part of a series first came.
    parts: BTreeMap<SeriesPart, i64>,
    languages: BTreeSet<String>,
    channels: BTreeSet<ChatId>,
}

impl Held {
    /// A visible file, what is spoken in it, and which parts of a series it holds.
    pub fn add_file(
        &mut self,
        posted: i64,
        languages: impl IntoIterator<Item = String>,
        parts: impl IntoIterator<Item = SeriesPart>,
    ) {
        self.latest = self.latest.max(Some(posted));
        self.languages.extend(languages);
        for part in parts {
            self.parts.entry(part).and_modify(|first| *first = posted.min(*first)).or_insert(posted);
        }
    }

    /// A channel in which a file of it can be seen.
    pub fn add_channel(&mut self, chat: ChatId) {
        self.channels.insert(chat);
    }

    /// Its newest visible file. `None`: the title is not in the catalog.
    pub fn latest(&self) -> Option<i64> {
        self.latest
    }

    /// When a part came last that was not there before.
    pub fn newest_part(&self) -> Option<i64> {
        self.parts.values().max().copied()
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

/// Every key that a title is filed under: all of its kind, each genre, its year, each genre within its year, and each shelf. One key
/// per combination lets one index serve every filter.
pub fn keys(title: &Title, held: &Held) -> Vec<String> {
    let languages = held.languages.iter().cloned().map(Shelf::Language);
    let collection = title.collection.iter().map(|collection| Shelf::Collection(collection.id));
    let shelves = languages.chain(held.channels.iter().copied().map(Shelf::Channel)).chain(collection);
    keys_of(title).into_iter().chain(shelves.map(|shelf| shelf.key(title.kind))).collect()
}

/// The keys under which a title is filed by its popularity: those without a year, as nobody asks for that.
pub fn popular_keys(title: &Title) -> Vec<String> {
    let mut keys: Vec<String> = title.genres.iter().map(|genre| key(title.kind, Some(genre), None)).collect();
    keys.push(key(title.kind, None, None));
    keys.sort();
    keys.dedup();
    keys
}

fn keys_of(title: &Title) -> Vec<String> {
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
