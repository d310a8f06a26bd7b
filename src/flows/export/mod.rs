//! The library for others: a tree of files that Jellyfin, Emby and Kodi scan, in a folder or a zip, and playlists for VLC and Kodi. Each is one
//! person's: it holds what they see, by links that are theirs and end with their access.
//!
//! ```text
//! writing.rs    title by title: its files -> files.rs (links, NFO, which subtitles) -> out.rs (folder or zip)
//! lines.rs      subtitles are files beside their film, so their bytes are read, once
//! scheduled.rs  the job that keeps EXPORT_DIR true
//! download.rs   the zip, written while it is sent
//! playlists.rs  M3U8 of all films, of a series, of a list
//! ```
//!
//! Nothing of a film is read: a link is made of what the store knows. Memory holds one title's files and some bytes for each name that is
//! written, so that a library of any size goes through.

mod download;
mod files;
mod lines;
mod out;
mod playlists;
mod scheduled;
#[cfg(test)]
mod tests;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::adapters::data_folder::tree::{Kept, TreeError};
use crate::adapters::store::{self, Store};
use crate::domain::person::Person;
use crate::domain::secret::Key;
use crate::flows::DatabaseError;
use crate::protocols::addresses::Addresses;
use out::Out;
use writing::Writing;

pub use crate::domain::export::ABOUT;
pub use crate::engines::jobs::BoxFuture;
pub use download::Pieces;
pub use lines::{Lines, TelegramLines, Unread};
pub use playlists::Items;
pub use scheduled::{Folder, Scheduled};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{name} may not watch now, so links of theirs play nothing; `cinepost person show {name}` says why")]
    MayNotWatch { name: String },
    #[error("{} is there already and no zip; choose another name", .0.display())]
    SomebodyElses(PathBuf),
    #[error(transparent)]
    Tree(#[from] TreeError),
    #[error("{}: {problem}", .path.display())]
    Zip { path: PathBuf, problem: String },
    #[error("the database: {0}")]
    Database(#[from] DatabaseError),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Export {
    store: Store,
    link: Key,
    addresses: Addresses,
    lines: Arc<dyn Lines>,
}

/// What was exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub films: u64,
    pub series: u64,
    /// Links, one for each file of a film or of episodes.
    pub links: u64,
    pub subtitles: u64,
    /// Whole seasons in one file of which nobody knows the episodes.
    pub without_place: u64,
    /// Subtitles that could not be read now, and why the last one could not.
    pub unread: u64,
    pub unread_why: String,
    /// Of a folder.
    pub kept: Kept,
    /// Bytes of a zip.
    pub zip_bytes: Option<u64>,
}

impl Export {
    /// `link` is the key for [`Purpose::Link`](crate::domain::secret::Purpose::Link); `lines` reads subtitles.
    pub fn new(store: Store, link: Key, addresses: Addresses, lines: Arc<dyn Lines>) -> Self {
        Self { store, link, addresses, lines }
    }

    /// Writes the library as a person sees it into a folder, or into a zip where the name ends so. `now` in unix seconds; `progress` is told the
    /// titles so far. Dropped or failed, it leaves a folder with what was there and some of what is new, each file whole, and a zip as it was.
    pub async fn write(
        &self,
        person: &Person,
        now: i64,
        target: &Path,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Report, Error> {
        self.may_watch(person, now)?;
        let path = target.to_owned();
        let out = blocking(move || Out::open(&path)).await?;
        self.write_all(person, out, progress).await
    }

    /// The same as a zip, into whatever takes bytes. It is flushed at the end only.
    async fn zip_into(
        &self,
        person: &Person,
        now: i64,
        writer: impl std::io::Write + Send + Sync + 'static,
    ) -> Result<Report, Error> {
        self.may_watch(person, now)?;
        self.write_all(person, Out::stream(Box::new(writer)), &|_| ()).await
    }

    fn may_watch(&self, person: &Person, now: i64) -> Result<(), Error> {
        match person.denied(now) {
            None => Ok(()),
            Some(_) => Err(Error::MayNotWatch { name: person.name.clone() }),
        }
    }

    async fn write_all(&self, person: &Person, out: Out, progress: &(dyn Fn(u64) + Sync)) -> Result<Report, Error> {
        let reach = self.store.reach_of(person).await?;
        let writing = Writing { export: self, person, reach, out: Some(out), report: Report::default(), failures: 0 };
        writing.all(progress).await
    }
}

/// Works on files where no other work waits for it: a folder of another machine may not answer for minutes.
async fn blocking<T: Send + 'static, E: Into<Error> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
