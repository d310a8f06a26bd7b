//! What the adapter keeps between runs, and where: a [`Vault`].

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where a session's secrets and our positions in channels are kept between runs. Values are sealed by whoever implements this.
/// Called from async code: must be quick (an embedded database, not a network).
pub trait Vault: Send + Sync + 'static {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError>;
    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError>;
    fn remove(&self, key: &str) -> Result<(), VaultError>;
}

#[derive(Debug, thiserror::Error)]
#[error("the session store failed: {0}")]
// Not as a source: a printed chain would say it twice.
pub struct VaultError(pub Box<dyn std::error::Error + Send + Sync>);

/// Reads a record that [`save_record`] wrote. One that cannot be read is an error, not `None`: what it said would be lost.
pub(super) fn load_record<T: DeserializeOwned>(vault: &dyn Vault, key: &str) -> Result<Option<T>, VaultError> {
    let Some(bytes) = vault.load(key)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|e| VaultError(e.into()))
}

/// Keeps a record as JSON.
pub(super) fn save_record(vault: &dyn Vault, key: &str, record: &impl Serialize) -> Result<(), VaultError> {
    vault.save(key, &serde_json::to_vec(record).map_err(|e| VaultError(e.into()))?)
}

/// A vault that forgets: for looking at Telegram without leaving anything on the disk.
#[derive(Default)]
pub struct MemoryVault(Mutex<HashMap<String, Vec<u8>>>);

impl Vault for MemoryVault {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), value.to_vec());
        Ok(())
    }

    fn remove(&self, key: &str) -> Result<(), VaultError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        Ok(())
    }
}
