//! What belongs to one running instance and to no other, also when the catalog is shared through MongoDB: its bots'
//! sessions and update states. A small SQLite file in the data folder, every value sealed under the instance's key.
//!
//! ```text
//! value = nonce (12 bytes, random) | AES-256-GCM-SIV(plaintext, associated data = the record's name)
//! ```
//!
//! The name is bound in, so one bot's key put in another's place does not open.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use rusqlite::{Connection, OptionalExtension};

use super::{Error, embedded};
use crate::domain::secret::Key;

/// Key -> bytes, at once and durably. Its calls block for as long as the disk takes: a few milliseconds for a write.
pub struct Instance {
    path: PathBuf,
    database: Mutex<Connection>,
    cipher: Aes256GcmSiv,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "{} was sealed under another SECRET_KEY. Put the former key back, or delete the file: the bots are then signed in anew",
        .0.display()
    )]
    OtherKey(PathBuf),
    #[error(transparent)]
    Store(#[from] Error),
}

/// In the data folder.
pub const FILE: &str = "instance.db";
const NONCE_BYTES: usize = 12;

const SCHEMA: &str = "CREATE TABLE sealed(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID";
const UPGRADES: &[embedded::Upgrade] = &[|db| Ok(db.execute_batch(SCHEMA)?)];

/// A record that every file holds, to tell another key from a damaged record. No caller's name begins with a line feed.
const PROOF: &str = "\nproof";

impl Instance {
    /// Whether a folder has one.
    pub fn is_in(dir: &Path) -> bool {
        dir.join(FILE).is_file()
    }

    /// Removes the file of a folder in which nothing has it open: the bots sign in anew then.
    pub fn remove_file(dir: &Path) -> std::io::Result<()> {
        for ending in ["", "-wal", "-shm"] {
            match std::fs::remove_file(dir.join(format!("{FILE}{ending}"))) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Opens `instance.db` in a folder and makes both when they are not there.
    pub fn open(dir: &Path, key: &Key) -> Result<Self, OpenError> {
        let path = dir.join(FILE);
        let connect = || {
            let mut database = embedded::connect(&path)?;
            embedded::upgrade(&mut database, UPGRADES)?;
            Ok(database)
        };
        let database = connect().map_err(|e: Error| e.in_file(&path))?;
        let cipher = Aes256GcmSiv::new((&key.0).into());
        let instance = Self { path, database: Mutex::new(database), cipher };
        match instance.sealed(PROOF)? {
            Some(sealed) if instance.unseal(PROOF, &sealed).is_none() => Err(OpenError::OtherKey(instance.path)),
            Some(_) => Ok(instance),
            None => {
                instance.save(PROOF, b"cinepost")?;
                Ok(instance)
            }
        }
    }

    pub fn load(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Some(sealed) = self.sealed(name)? else { return Ok(None) };
        let value = self.unseal(name, &sealed);
        value
            .map(Some)
            .ok_or_else(|| Error::damaged(format!("the sealed record {name:?} does not open")).in_file(&self.path))
    }

    /// Returns when the value is on the disk.
    pub fn save(&self, name: &str, value: &[u8]) -> Result<(), Error> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|e| Error::broken(e.to_string()))?;
        let payload = Payload { msg: value, aad: name.as_bytes() };
        let text = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::broken(format!("{name:?} is too long to be sealed")))?;
        self.put(name, &[nonce.as_slice(), &text].concat())
    }

    /// Keeps a record that another instance sealed under the same key. Fails when it does not open here.
    pub fn save_sealed(&self, name: &str, sealed: &[u8]) -> Result<(), Error> {
        match self.unseal(name, sealed) {
            Some(_) => self.put(name, sealed),
            None => Err(Error::damaged(format!("{name:?} was sealed under another key"))),
        }
    }

    /// Of all records, but for those of this database itself.
    pub fn names(&self) -> Result<Vec<String>, Error> {
        self.ask(|db| {
            let mut query = db.prepare_cached("SELECT name FROM sealed WHERE name > ? ORDER BY name")?;
            query.query_map(["\n\u{10ffff}"], |row| row.get(0))?.collect()
        })
    }

    pub fn remove(&self, name: &str) -> Result<(), Error> {
        self.ask(|db| db.prepare_cached("DELETE FROM sealed WHERE name = ?")?.execute([name]))?;
        Ok(())
    }

    /// Removes every record whose name begins with `prefix`. Returns the rest of each name.
    pub fn remove_all(&self, prefix: &str) -> Result<Vec<String>, Error> {
        // By length: LIKE would read signs in it, and take upper case for lower.
        const NAMED: &str = "substr(name, 1, length(?1)) = ?1";
        self.ask(|db| {
            let mut query =
                db.prepare(&format!("DELETE FROM sealed WHERE {NAMED} RETURNING substr(name, length(?1) + 1)"))?;
            query.query_map([prefix], |row| row.get(0))?.collect()
        })
    }

    /// A record as it lies there.
    pub fn sealed(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        self.ask(|db| {
            let mut query = db.prepare_cached("SELECT value FROM sealed WHERE name = ?")?;
            query.query_row([name], |row| row.get(0)).optional()
        })
    }

    fn put(&self, name: &str, sealed: &[u8]) -> Result<(), Error> {
        self.ask(|db| {
            db.prepare_cached("INSERT OR REPLACE INTO sealed(name, value) VALUES(?, ?)")?.execute((name, sealed))
        })?;
        Ok(())
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        question(&database).map_err(|e| Error::from(e).in_file(&self.path))
    }

    fn unseal(&self, name: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        self.cipher.decrypt(&Nonce::from(*nonce), Payload { msg: text, aad: name.as_bytes() }).ok()
    }
}
