//! Writes backups.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::error::Error;
use crate::adapters::clock::unix_now;
use crate::adapters::data_folder::{Draft, Readers};
use crate::adapters::store::Store;
use crate::adapters::store::backup::{self, BackupError, Contents, Watch};
use crate::domain::secret::SecretKey;

/// The handle.
#[derive(Clone)]
pub struct Backups {
    store: Store,
    secret: SecretKey,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    pub contents: Contents,
}

impl Backups {
    pub fn new(store: Store, secret: SecretKey) -> Self {
        Self { store, secret }
    }

    /// Writes a file for its owner alone, whole or not at all, and reads it once more. An earlier backup of that name is replaced;
    /// nothing else is.
    pub async fn write(&self, path: &Path, watch: &Watch) -> Result<Written, Error> {
        let place = path.to_owned();
        let begun = blocking(move || match may_replace(&place)? {
            true => Draft::open(&place, Readers::Owner).map(Some),
            false => Ok(None),
        });
        let Some((draft, file)) = begun.await.map_err(Error::file(path))? else {
            return Err(Error::SomebodyElses(path.to_owned()));
        };
        let out = BufWriter::with_capacity(1 << 20, file);
        let written = self.store.back_up(&self.secret, unix_now(), out, watch).await;
        let (out, contents) = match written {
            Ok(written) => written,
            Err(error) => {
                let _ = tokio::task::spawn_blocking(move || drop(draft)).await;
                return Err(Error::backup(path)(error));
            }
        };
        let finished = blocking(move || {
            let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            let bytes = file.metadata()?.len();
            // What was written is what was meant, and as long as it should be. The bytes come from memory as a rule: what a bad disk made
            // of them only a later `--check` finds.
            backup::verify(&mut file)?;
            draft.replace()?;
            Ok::<_, BackupError>(bytes)
        });
        let bytes = finished.await.map_err(Error::backup(path))?;
        Ok(Written { bytes, contents })
    }

    /// The same to whoever reads it, such as another machine's disk behind a pipe.
    pub async fn write_out(&self, out: impl Write + Send + 'static, watch: &Watch) -> Result<Contents, Error> {
        let written = self.store.back_up(&self.secret, unix_now(), BufWriter::new(out), watch).await;
        let (mut out, contents) = written.map_err(Error::backup(Path::new("-")))?;
        blocking(move || out.flush()).await.map_err(Error::file(Path::new("-")))?;
        Ok(contents)
    }
}

/// Works on files where no other work waits for it: a folder of another machine may not answer for minutes.
pub(super) async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<io::Error> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Whether nothing is lost when this name is given to a backup.
fn may_replace(path: &Path) -> io::Result<bool> {
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    // Devices are as long as an empty file, pipes keep whoever opens them waiting, and the backup would take the place of either.
    Ok(there.is_file() && (there.len() == 0 || backup::is_one(&mut File::open(path)?)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn only_a_name_that_is_free_or_a_backups_is_taken() {
        let dir = std::env::temp_dir().join(format!("cinepost-may-replace-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("a folder");
        fs::write(dir.join("empty"), "").expect("written");
        fs::write(dir.join("letter"), "Dear Ada").expect("written");
        let _socket = UnixListener::bind(dir.join("socket")).expect("bound");
        for (name, wanted) in [("free", true), ("empty", true), ("letter", false), ("socket", false), ("", false)] {
            assert_eq!(may_replace(&dir.join(name)).expect("looked at"), wanted, "{name}");
        }
        assert!(!may_replace(Path::new("/dev/null")).expect("looked at"), "a device");
        let _ = fs::remove_dir_all(dir);
    }
}
