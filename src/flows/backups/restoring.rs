//! Brings a backup back.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};

use super::error::Error;
use crate::adapters::clock::unix_now;
use crate::adapters::data_folder::{self, Draft, Lock, Readers, secret_key};
use crate::adapters::store::backup::{self, BackupError, Contents, Header, Watch};
use crate::adapters::store::instance::Instance;
use crate::adapters::store::{Database, Error as StoreError};
use crate::domain::secret::SecretKey;
use crate::flows::DatabaseError;

/// A file of which every byte was checked.
pub struct Backup {
    path: PathBuf,
    file: File,
    pub header: Header,
    pub bytes: u64,
}

/// Where a backup goes.
#[derive(Clone, Debug)]
pub struct Target {
    pub location: Database,
    pub data_dir: PathBuf,
    /// SECRET_KEY, when it is set; else the key is kept in the data folder.
    pub given_key: Option<SecretKey>,
    /// In words: a folder, or DATABASE_URL.
    pub place: String,
}

impl Backup {
    /// Reads all of a file. Errors: it is none, was cut or changed, or a newer version wrote it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::file(path))?;
        Self::of(path, file)
    }

    /// The same of what comes through a pipe: it is kept in a folder meanwhile, where it has no name.
    pub fn from_pipe(mut from: impl Read, dir: &Path) -> Result<Self, Error> {
        let path = dir.join("restore");
        data_folder::make_private_dir(dir).map_err(Error::file(dir))?;
        let (draft, mut file) = Draft::open(&path, Readers::Owner).map_err(Error::file(&path))?;
        io::copy(&mut from, &mut file).map_err(Error::file(&path))?;
        // The file is there for as long as it is open.
        drop(draft);
        Self::of(Path::new("-"), file)
    }

    fn of(path: &Path, mut file: File) -> Result<Self, Error> {
        let header = backup::verify(&mut file).map_err(Error::backup(path))?;
        let bytes = file.metadata().map_err(Error::file(path))?.len();
        Ok(Self { path: path.to_owned(), file, header, bytes })
    }

    /// What is in it. Unpacks all of it.
    pub fn contents(&mut self) -> Result<Contents, Error> {
        backup::contents(&mut self.file).map_err(Error::backup(&self.path))
    }

    /// Makes a library of it. `replaces`: also where there is one already. Nothing is changed when it fails before the new one is complete,
    /// but in MongoDB, which is then filled by trying again.
    pub async fn restore(mut self, target: &Target, replaces: bool, watch: &Watch) -> Result<Contents, Error> {
        let dir = &target.data_dir;
        data_folder::make_private_dir(dir).map_err(Error::file(dir))?;
        let _lock = Lock::take(dir)?;
        if target.given_key.as_ref().is_some_and(|given| given.to_hex() != self.header.secret.to_hex()) {
            return Err(Error::OtherKey);
        }
        let database = |error: StoreError| Error::Database(DatabaseError::from(error));
        if backup::is_in_use(&target.location, unix_now()).await.map_err(database)? {
            return Err(Error::InUse { place: target.place.clone() });
        }
        let place = || target.place.clone();
        if !replaces && backup::is_taken(&target.location).await.map_err(database)? {
            return Err(Error::Taken { place: place() });
        }
        let has_other_key = match target.given_key {
            Some(_) => false,
            // One that cannot be read is no reason to stop: a right one comes.
            None => secret_key::load(dir).ok().flatten().is_some_and(|key| key.to_hex() != self.header.secret.to_hex()),
        };
        if has_other_key && !replaces {
            return Err(Error::Taken { place: place() });
        }
        let key = target.given_key.is_none().then(|| (dir.clone(), self.header.secret.clone()));
        // Before the library, which would get another key at its first start.
        let put_key = move || match key {
            Some((dir, key)) => put_key(&dir, &key),
            None => Ok(()),
        };
        self.file.rewind().map_err(Error::file(&self.path))?;
        let restored = backup::restore(&target.location, dir, self.file, watch, put_key).await;
        restored.map_err(Error::backup(&self.path))
    }
}

/// Keeps the secret key in a folder. What another key sealed there cannot be opened any more: the bots sign in anew.
fn put_key(dir: &Path, key: &SecretKey) -> Result<(), BackupError> {
    let is_the_same = secret_key::load(dir).ok().flatten().is_some_and(|known| known.to_hex() == key.to_hex());
    if !is_the_same {
        Instance::remove_file(dir)?;
        secret_key::replace(dir, key)?;
    }
    Ok(())
}
