//! Writes backups.

use std::fs::File;
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
        if !may_replace(path).map_err(Error::file(path))? {
            return Err(Error::SomebodyElses(path.to_owned()));
        }
        let (draft, file) = Draft::open(path, Readers::Owner).map_err(Error::file(path))?;
        let out = BufWriter::with_capacity(1 << 20, file);
        let written = self.store.back_up(&self.secret, unix_now(), out, watch).await;
        let (out, contents) = written.map_err(Error::backup(path))?;
        let finished = tokio::task::spawn_blocking(move || {
            let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            let bytes = file.metadata()?.len();
            // A disk that keeps other bytes than it was given is found now, not on the day that they are needed.
            backup::verify(&mut file)?;
            Ok::<_, BackupError>(bytes)
        });
        let finished = finished.await.map_err(|e| Error::file(path)(io::Error::other(e)))?;
        let bytes = finished.map_err(Error::backup(path))?;
        draft.replace().map_err(Error::file(path))?;
        Ok(Written { bytes, contents })
    }

    /// The same to whoever reads it, such as another machine's disk behind a pipe.
    pub async fn write_out(&self, out: impl Write + Send + 'static, watch: &Watch) -> Result<Contents, Error> {
        let written = self.store.back_up(&self.secret, unix_now(), BufWriter::new(out), watch).await;
        let (mut out, contents) = written.map_err(Error::backup(Path::new("-")))?;
        out.flush().map_err(Error::file(Path::new("-")))?;
        Ok(contents)
    }
}

/// Whether nothing is lost when this name is given to a backup.
fn may_replace(path: &Path) -> io::Result<bool> {
    match File::open(path) {
        Ok(mut file) => Ok(file.metadata()?.len() == 0 || backup::is_one(&mut file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
