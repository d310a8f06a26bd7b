//! All lists -> a new index, which takes the old one's name when it stands whole. Until then the old one is asked.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use flate2::bufread::MultiGzDecoder;
use title_index::{BuildError, Builder, Kind, Summary};
use tokio::sync::oneshot;

use super::about::About;
use super::download::Download;
use super::pieces::{Piece, Pieces, pipe};
use super::sources::List;
use super::{Opened, Titles, WriteWhole};
use crate::adapters::metadata::client;

/// What was left by a process that died is removed when nobody can be at it any more.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// What fetching came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// Every list is what it was.
    Unchanged,
    Built(Summary),
}

/// Why there is no new index. The old one is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It may pass.
    #[error("{list} cannot be fetched: {problem}")]
    Down { list: &'static str, problem: String },
    /// The address does not have it.
    #[error("{list} is not there (it answered {status}); check {setting}")]
    Absent { list: &'static str, setting: &'static str, status: u16 },
    /// The address does something else.
    #[error("{list} cannot be fetched: it answered {status}, which leads nowhere; check {setting}")]
    Refused { list: &'static str, setting: &'static str, status: u16 },
    /// What came is not that list, or damaged.
    #[error("{0}")]
    Unusable(String),
    #[error("{} cannot be written: {problem}", .dir.display())]
    Disk { dir: PathBuf, problem: io::Error },
    #[error("no connection can be made: {0}")]
    NoClient(String),
    /// Never returned: the builder's error stands for it.
    #[error("the builder stopped reading")]
    Unread,
}

impl Titles {
    /// Asks whether the lists changed, and builds a new index of them if so. `now` in unix seconds; `progress` hears how many bytes
    /// came so far. Dropped, it leaves nothing behind.
    pub async fn fetch(&self, now: i64, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<Fetched, Error> {
        let options = &self.inner.options;
        let lists = List::of(options.sources);
        let client = |url: &str| client::for_downloads(url).map_err(|e| Error::NoClient(e.to_string()));
        let (imdb, tmdb) = (client(&options.imdb_url)?, client(&options.tmdb_url)?);
        let so_far = std::sync::atomic::AtomicU64::new(0);
        let count = |bytes: u64| progress(so_far.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed) + bytes);
        let download = |list: List| {
            let client = if matches!(list, List::TmdbFilms | List::TmdbSeries) { &tmdb } else { &imdb };
            Download { client, list, progress: &count }
        };
        if !self.needs_fetch() && self.is_unchanged(&lists, now, download).await? {
            return Ok(Fetched::Unchanged);
        }

        let (mut senders, mut readers) = (Vec::new(), Vec::new());
        for list in &lists {
            let (to, from) = pipe();
            senders.push((*list, to));
            readers.push((*list, from));
        }
        let (whole, is_whole) = oneshot::channel();
        let (path, write) = (self.inner.file.path.clone(), options.write);
        let building = tokio::task::spawn_blocking(move || build(&path, write, readers, is_whole));
        let mut origins = Vec::new();
        let mut failed = None;
        for (list, to) in senders {
            match download(list).all(&list.urls(options, now), &to).await {
                Ok(origin) => origins.push(origin),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
            // Whoever stopped reading says why.
            let _ = to.send(Piece::End).await;
        }
        match failed {
            None => _ = whole.send(About { built: now, sources: options.sources, lists: origins }).ok(),
            Some(_) => drop(whole),
        }
        let built = building.await.unwrap_or_else(|e| Err(Error::Unusable(format!("the builder failed: {e}"))));
        match (failed, built) {
            (None | Some(Error::Unread), Err(error)) => Err(error),
            (Some(error), _) => Err(error),
            (None, Ok((summary, opened))) => {
                self.inner.file.take_written(opened);
                Ok(Fetched::Built(summary))
            }
        }
    }

    async fn is_unchanged<'d>(
        &self,
        lists: &[List],
        now: i64,
        download: impl Fn(List) -> Download<'d>,
    ) -> Result<bool, Error> {
        let opened = self.inner.file.holds();
        let known = opened.as_deref().map_or(&[][..], |opened| &opened.about.lists);
        for list in lists {
            let urls = list.urls(&self.inner.options, now);
            // A newer day's export has another address.
            let Some(origin) = known.iter().find(|origin| Some(&origin.url) == urls.first()) else { return Ok(false) };
            if !download(*list).is_unchanged(origin).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// On a thread of its own: makes the index of the lists as they come, and takes it into use.
fn build(
    path: &Path,
    write: WriteWhole,
    readers: Vec<(List, Pieces)>,
    is_whole: oneshot::Receiver<About>,
) -> Result<(Summary, Opened), Error> {
    let dir = path.parent().unwrap_or(path);
    let disk = |problem| Error::Disk { dir: dir.to_owned(), problem };
    fs::create_dir_all(dir).map_err(disk)?;
    sweep(dir, path);
    let scratch = Scratch::make(dir).map_err(disk)?;
    let mut sources = Some((readers, is_whole));
    let mut outcome = None;
    let written = write(path, &mut |file| {
        let (readers, is_whole) = sources.take().ok_or(io::ErrorKind::Unsupported)?;
        match fill(file, &scratch.0, readers, is_whole) {
            Ok(summary) => outcome = Some(Ok(summary)),
            Err(Failed::Disk(problem)) => return Err(problem),
            Err(Failed::List(problem)) => {
                outcome = Some(Err(Error::Unusable(problem)));
                // Whoever writes the file gives it up.
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
        Ok(())
    });
    let summary = match (written, outcome) {
        (_, Some(Err(list))) => return Err(list),
        (Err(problem), _) => return Err(disk(problem)),
        (Ok(()), Some(Ok(summary))) => summary,
        (Ok(()), None) => return Err(disk(io::ErrorKind::Unsupported.into())),
    };
    let opened = Opened::read(path).map_err(|e| Error::Unusable(format!("the new index cannot be used: {e}")))?;
    Ok((summary, opened))
}

/// Reads the lists, and waits for the word that all of them came whole.
fn fill(
    file: &mut File,
    scratch: &Path,
    readers: Vec<(List, Pieces)>,
    is_whole: oneshot::Receiver<About>,
) -> Result<Summary, Failed> {
    let mut builder = Builder::new(file, scratch).map_err(|error| Failed::of("the index", error))?;
    for (list, pieces) in readers {
        let read = read(&mut builder, list, pieces).map_err(|error| Failed::of(list.name(), error))?;
        tracing::debug!(rows = read.rows, kept = read.kept, bad = read.bad, "{} was read", list.name());
    }
    // Its sender is gone when a list broke off or nobody wants the index any more.
    let about = is_whole.blocking_recv().map_err(|_| Failed::List("the download broke off".to_owned()))?;
    let about = serde_json::to_vec(&about).map_err(io::Error::other)?;
    builder.finish(&about).map_err(|error| Failed::of("the index", error))
}

fn read(builder: &mut Builder, list: List, pieces: Pieces) -> Result<title_index::Read, BuildError> {
    let text = BufReader::with_capacity(128 << 10, MultiGzDecoder::new(BufReader::new(pieces)));
    match list {
        List::Ratings => builder.ratings(text),
        List::Basics => builder.basics(text),
        List::Akas => builder.akas(text),
        List::TmdbFilms => builder.tmdb(Kind::Film, text),
        List::TmdbSeries => builder.tmdb(Kind::Series, text),
    }
}

/// Whose fault it was.
enum Failed {
    Disk(io::Error),
    List(String),
}

impl From<io::Error> for Failed {
    fn from(problem: io::Error) -> Self {
        Self::Disk(problem)
    }
}

impl Failed {
    /// A list and the disk fail in one call. What gzip and the pipe say has no number of the system's.
    fn of(list: &str, error: BuildError) -> Self {
        match error {
            BuildError::Io(problem) if problem.raw_os_error().is_some() => Self::Disk(problem),
            BuildError::Io(problem) => Self::List(format!("{list} cannot be unpacked: {problem}")),
            other => Self::List(other.to_string()),
        }
    }
}

/// The builder's own folder, gone when it has ended, however it ended.
struct Scratch(PathBuf);

impl Scratch {
    fn make(dir: &Path) -> io::Result<Self> {
        let unique = getrandom::u64().map_err(io::Error::other)?;
        let path = dir.join(format!(".build.{unique:016x}"));
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Removes what builders left that were killed: in this folder is nothing else but the index.
fn sweep(dir: &Path, index: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten().filter(|entry| entry.path() != index) {
        let changed = entry.metadata().and_then(|data| data.modified());
        let is_old = changed.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > LEFT));
        if is_old {
            let path = entry.path();
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }
}
