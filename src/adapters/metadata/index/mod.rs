//! The title index in this program: where its file lies, which lists it is made of, and look-ups in it. It is made on this machine from
//! what the owner chose, never shipped; without it everything works by the provider's search.
//!
//! ```text
//! sources.rs   which lists, and where they are asked for
//! download.rs  one list over HTTP: tries, going on after a break, what is needed to see later whether it changed
//! pieces.rs    a download's bytes, read on another thread
//! fetch.rs     all lists -> a new file, whole or not at all
//! about.rs     what the file says of its own origin
//! ```
//!
//! Nothing is kept of a list but what the index takes: bytes go from the socket through gzip into the builder, some 50 MiB of memory
//! for IMDb's four gigabytes of text. The price is that a list which breaks off, and cannot be continued, begins anew.

mod about;
mod download;
mod fetch;
mod pieces;
mod sources;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use title_index::{Found, OpenError, TitleIndex, Wanted};
use tokio_util::sync::CancellationToken;

use super::kept_file::{self, KeptFile};
use crate::domain::text;
use about::About;
pub use fetch::{Error, Fetched};
pub use sources::{Sources, TERMS};

pub struct Options {
    /// A folder of its own; made when it is needed.
    pub dir: PathBuf,
    /// None of them: there is no index.
    pub sources: Sources,
    /// `https://datasets.imdbws.com`
    pub imdb_url: String,
    /// `https://files.tmdb.org/p/exports`
    pub tmdb_url: String,
    pub write: WriteWhole,
}

/// Writes a file whole or not at all, with what the function puts into it. `app` gives the way of the data folder, which this room does
/// not know.
pub type WriteWhole = fn(&Path, &mut dyn FnMut(&mut File) -> io::Result<()>) -> io::Result<()>;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Titles {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    file: KeptFile<Opened>,
}

/// An index with what it says of its own origin.
struct Opened {
    index: TitleIndex,
    about: About,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The owner chose no list.
    Off,
    /// No index is there yet.
    Missing,
    /// One is there that cannot be used, and why.
    Refused(String),
    Ready(Holds),
}

/// What the index in use holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holds {
    pub titles: u32,
    pub keys: u32,
    pub bytes: u64,
    /// Unix seconds.
    pub built: i64,
    pub sources: Sources,
}

impl Titles {
    /// Looks at nothing yet: see [`Titles::open`].
    pub fn new(options: Options) -> Self {
        let read = |path: &Path| Opened::read(path).map_err(|why| why.to_string());
        let titles = |opened: &Opened| opened.index.titles() as usize;
        let file =
            KeptFile::new(kept_file::Kind { name: "The title index", read, titles }, options.dir.join("titles.index"));
        Self { inner: Arc::new(Inner { options, file }) }
    }

    /// One that never finds anything.
    pub fn none() -> Self {
        let (dir, sources) = (PathBuf::new(), Sources::default());
        let write: WriteWhole = |_, _| Err(io::ErrorKind::Unsupported.into());
        Self::new(Options { dir, sources, imdb_url: String::new(), tmdb_url: String::new(), write })
    }

    /// Titles that may be meant; none while there is no index. Well below a millisecond for one name, so it may be called where others
    /// wait; longer only where the file is not in the system's memory.
    pub fn look_up(&self, wanted: &Wanted) -> Vec<Found> {
        let Some(opened) = self.inner.file.holds() else { return Vec::new() };
        let mut found = opened.index.look_up(wanted);
        for one in &mut found {
            one.name = text::line(&one.name, text::NAME);
        }
        found
    }

    pub fn is_ready(&self) -> bool {
        self.inner.file.holds().is_some()
    }

    pub fn sources(&self) -> Sources {
        self.inner.options.sources
    }

    pub fn state(&self) -> State {
        if self.sources().is_empty() {
            return State::Off;
        }
        match self.inner.file.holds() {
            Some(opened) => State::Ready(Holds {
                titles: opened.index.titles(),
                keys: opened.index.keys(),
                bytes: opened.index.bytes(),
                built: opened.about.built,
                sources: opened.about.sources,
            }),
            None => self.inner.file.refused().map_or(State::Missing, State::Refused),
        }
    }

    /// Whether lists were chosen and no index of just those is in use.
    pub fn needs_fetch(&self) -> bool {
        match self.state() {
            State::Off => false,
            State::Missing | State::Refused(_) => true,
            State::Ready(holds) => holds.sources != self.sources(),
        }
    }

    /// Opens the file as it is now, unless it is the one that is in use.
    pub async fn open(&self) {
        if !self.sources().is_empty() {
            self.inner.file.open().await;
        }
    }

    /// Looks now and then whether another process built a new one: `cinepost titles fetch` beside the running program.
    pub async fn keep_open(&self, stop: CancellationToken) {
        if !self.sources().is_empty() {
            self.inner.file.keep_open(stop).await;
        }
    }
}

impl Opened {
    fn read(path: &Path) -> Result<Self, OpenError> {
        let index = TitleIndex::open(path)?;
        // An index that does not say where it is from was made by another version.
        let about = serde_json::from_slice(index.about()).map_err(|_| OpenError::OtherVersion)?;
        Ok(Self { index, about })
    }
}
