//! A file of our own that is made anew now and then, by this process or another one: what it holds, read once, and again when the file
//! was replaced. One that cannot be read leaves what is in use where it is.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio_util::sync::CancellationToken;

/// Another process may have made a new one.
const LOOK_EVERY: Duration = Duration::from_secs(30);

pub(super) struct KeptFile<T> {
    pub kind: Kind<T>,
    pub path: PathBuf,
    now: RwLock<Now<T>>,
}

/// What sort of file it is.
pub(super) struct Kind<T> {
    /// As the log names it.
    pub name: &'static str,
    /// An error says what is wrong with the file.
    pub read: fn(&Path) -> Result<T, String>,
    pub titles: fn(&T) -> usize,
}

struct Now<T> {
    holds: Option<Arc<T>>,
    /// Why the file that was looked at last is not used.
    refused: Option<String>,
    /// Of that file.
    stamp: Option<Stamp>,
}

/// Tells one file from another under the same name.
type Stamp = (SystemTime, u64);

impl<T: Send + Sync + 'static> KeptFile<T> {
    /// Looks at nothing yet.
    pub fn new(kind: Kind<T>, path: PathBuf) -> Self {
        Self { kind, path, now: RwLock::new(Now { holds: None, refused: None, stamp: None }) }
    }

    pub fn holds(&self) -> Option<Arc<T>> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).holds.clone()
    }

    /// Why what is there is not used, while nothing is.
    pub fn refused(&self) -> Option<String> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        now.refused.clone().filter(|_| now.holds.is_none())
    }

    /// Reads the file as it is now, unless it is the one that was looked at.
    pub async fn open(&self) {
        let stamp = stamp(&self.path);
        if self.now.read().unwrap_or_else(PoisonError::into_inner).stamp == stamp {
            return;
        }
        let read = match stamp {
            Some(_) => {
                let (read, path) = (self.kind.read, self.path.clone());
                let read = tokio::task::spawn_blocking(move || read(&path).map(Some)).await;
                read.unwrap_or_else(|error| Err(error.to_string()))
            }
            None => Ok(None),
        };
        match read {
            Ok(Some(new)) => self.take(new, stamp),
            Ok(None) => self.look(None, stamp),
            Err(why) => {
                let (name, path) = (self.kind.name, self.path.display());
                tracing::warn!("{name} {path} is not used, a new one will be made: {why}");
                self.look(Some(why), stamp);
            }
        }
    }

    /// Looks now and then whether another process made a new one.
    pub async fn keep_open(&self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await.is_some() {
            self.open().await;
        }
    }

    /// What was just written there.
    pub fn take_written(&self, new: T) {
        self.take(new, stamp(&self.path));
    }

    fn take(&self, new: T, stamp: Option<Stamp>) {
        tracing::info!("{} is in use: {} titles", self.kind.name, (self.kind.titles)(&new));
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        *now = Now { holds: Some(Arc::new(new)), refused: None, stamp };
    }

    fn look(&self, refused: Option<String>, stamp: Option<Stamp>) {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        (now.refused, now.stamp) = (refused, stamp);
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let file = std::fs::metadata(path).ok()?;
    Some((file.modified().ok()?, file.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(path: &Path) -> Result<usize, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        text.parse().map_err(|_| "it is no number".to_owned())
    }

    #[tokio::test]
    async fn what_replaces_it_is_taken_into_use_and_what_is_unreadable_is_not() {
        let path = std::env::temp_dir().join(format!("cinepost-kept-file-{}", std::process::id()));
        let file = KeptFile::new(Kind { name: "The number", read: number, titles: |n| *n }, path.clone());
        let write = |text: &str| std::fs::write(&path, text).expect("written");
        file.open().await;
        assert_eq!((file.holds(), file.refused()), (None, None), "nothing is there");
        write("x");
        file.open().await;
        assert_eq!((file.holds(), file.refused().as_deref()), (None, Some("it is no number")));
        write("12");
        file.open().await;
        assert_eq!((file.holds().as_deref(), file.refused()), (Some(&12), None));
        write("no number");
        file.open().await;
        assert_eq!((file.holds().as_deref(), file.refused()), (Some(&12), None), "the old one stays");
        std::fs::remove_file(&path).expect("removed");
        file.open().await;
        assert_eq!(file.holds().as_deref(), Some(&12));
        write("345");
        file.take_written(345);
        assert_eq!(file.holds().as_deref(), Some(&345));
        let _ = std::fs::remove_file(path);
    }
}
