//! A vault that forgets: for looking at Telegram without leaving anything on the disk.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Vault, VaultError};

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
