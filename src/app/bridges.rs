//! Where one adapter serves another: adapters do not know each other, so what joins two of them is here.

use std::sync::Arc;
use std::time::Duration;

use tracing::warn;

use crate::adapters::clock::unix_now;
use crate::adapters::metadata::{AnswerCache, BoxFuture};
use crate::adapters::store::Answers;
use crate::adapters::store::instance::Instance;
use crate::adapters::telegram::{Vault, VaultError};
use crate::flows::instances::Records;

/// Telegram sessions in the instance's own sealed database.
pub(super) struct Sessions {
    pub instance: Arc<Instance>,
    /// Told of every change, where instances share a store.
    pub records: Option<Arc<Records>>,
}

impl Sessions {
    pub fn new(instance: Instance) -> Self {
        Self { instance: Arc::new(instance), records: None }
    }

    pub fn shared(mut self) -> Self {
        self.records = Some(Arc::new(Records::new(Arc::clone(&self.instance))));
        self
    }

    fn note(&self, key: &str) {
        if let Some(records) = &self.records {
            records.note(key);
        }
    }
}

impl Vault for Sessions {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.instance.load(key).map_err(|e| VaultError(Box::new(e)))
    }

    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        self.instance.save(key, value).map_err(|e| VaultError(Box::new(e)))?;
        self.note(key);
        Ok(())
    }

    fn remove(&self, key: &str) -> Result<(), VaultError> {
        self.instance.remove(key).map_err(|e| VaultError(Box::new(e)))?;
        self.note(key);
        Ok(())
    }
}

/// Providers' answers in the store, shared by all instances. Failing to store one only costs another request.
pub(super) struct StoredAnswers(pub Answers);

impl AnswerCache for StoredAnswers {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async move { self.0.get(key, unix_now()).await.ok().flatten() })
    }

    fn put<'a>(&'a self, key: &'a str, value: &'a str, ttl: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            if let Err(error) = self.0.put(key, value, unix_now() + ttl.as_secs() as i64).await {
                warn!(%error, "A provider's answer could not be stored");
            }
        })
    }
}
