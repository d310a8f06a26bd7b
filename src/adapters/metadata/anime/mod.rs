//! The list that says which titles of AniDB, AniList, Kitsu, MyAnimeList and TheTVDB are which of IMDb's and TMDB's, and where in them
//! their episodes are (github.com/Fribb/anime-lists, made of github.com/Anime-Lists/anime-lists). Fetched when the owner wants it; kept
//! in a file of our own, which holds no more than is asked.
//!
//! ```text
//! rows.rs   the list as it comes -> rows
//! kept.rs   rows <-> the file
//! fetch.rs  asks whether the list changed, and replaces the file, whole or not at all
//! ```

mod fetch;
mod kept;
mod rows;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::index::WriteWhole;
use super::kept_file::{self, KeptFile};
use crate::domain::anime::{Anime, ListedBy};
use crate::domain::foreign_id::{ForeignId, Site};
pub use fetch::{Error, Fetched};
use kept::Kept;
use rows::Row;

pub struct Options {
    /// The owner wants it.
    pub is_on: bool,
    /// A folder of its own; made when it is needed.
    pub dir: PathBuf,
    /// Of the list.
    pub url: String,
    /// Whose numbering our titles have.
    pub listed_by: ListedBy,
    pub write: WriteWhole,
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct AnimeList {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    file: KeptFile<List>,
}

/// Rows with an index for each site.
struct List {
    about: kept::About,
    rows: Vec<Row>,
    /// In the order of [`Site::ALL`]: the site's number and the row, ascending.
    by_site: [Vec<(u32, u32)>; Site::ALL.len()],
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The owner does not want it.
    Off,
    /// It has not been fetched, or what was there cannot be used.
    Missing,
    Ready {
        titles: usize,
        /// Unix seconds.
        fetched: i64,
    },
}

impl AnimeList {
    /// Looks at nothing yet: see [`AnimeList::open`].
    pub fn new(options: Options) -> Self {
        let read = |path: &Path| kept::read(path).map(List::new);
        let kind = kept_file::Kind { name: "The list of anime", read, titles: |list: &List| list.rows.len() };
        let file = KeptFile::new(kind, options.dir.join("anime.json"));
        Self { inner: Arc::new(Inner { options, file }) }
    }

    /// One that never knows anything.
    pub fn none() -> Self {
        let write: WriteWhole = |_, _| Err(std::io::ErrorKind::Unsupported.into());
        let (dir, url) = (PathBuf::new(), String::new());
        Self::new(Options { is_on: false, dir, url, listed_by: ListedBy::Tmdb, write })
    }

    pub fn is_on(&self) -> bool {
        self.inner.options.is_on
    }

    pub fn listed_by(&self) -> ListedBy {
        self.inner.options.listed_by
    }

    /// What an id stands for. TheTVDB's are of whole series and may stand for several seasons: all of them.
    pub fn find(&self, id: ForeignId) -> Vec<Anime> {
        let Some(list) = self.list() else { return Vec::new() };
        let Some(at) = Site::ALL.iter().position(|site| *site == id.site) else { return Vec::new() };
        let numbers = &list.by_site[at];
        let first = numbers.partition_point(|(number, _)| *number < id.number);
        let found = numbers[first..].iter().take_while(|(number, _)| *number == id.number);
        found.map(|(_, row)| list.rows[*row as usize].anime.clone()).collect()
    }

    pub fn state(&self) -> State {
        match self.list() {
            _ if !self.is_on() => State::Off,
            None => State::Missing,
            Some(list) => State::Ready { titles: list.rows.len(), fetched: list.about.fetched },
        }
    }

    /// Whether there is none of the address that was set.
    pub fn needs_fetch(&self) -> bool {
        let is_of_it = |list: &Arc<List>| list.about.url == self.inner.options.url;
        self.is_on() && !self.list().as_ref().is_some_and(is_of_it)
    }

    /// Reads the file as it is now, unless it is the one that is in use.
    pub async fn open(&self) {
        if self.is_on() {
            self.inner.file.open().await;
        }
    }

    /// Looks now and then whether another process fetched a new one.
    pub async fn keep_open(&self, stop: CancellationToken) {
        if self.is_on() {
            self.inner.file.keep_open(stop).await;
        }
    }

    fn list(&self) -> Option<Arc<List>> {
        self.inner.file.holds()
    }
}

impl List {
    fn new(Kept { about, rows }: Kept) -> Self {
        let by_site = std::array::from_fn(|site| {
            let numbered = rows.iter().zip(0u32..).filter(|(row, _)| row.sites[site] > 0);
            let mut numbers: Vec<_> = numbered.map(|(row, at)| (row.sites[site], at)).collect();
            numbers.sort_unstable();
            numbers
        });
        Self { about, rows, by_site }
    }
}
