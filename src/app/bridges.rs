//! Where one adapter serves another: adapters do not know each other, so what joins two of them is here.

use std::sync::Arc;
use std::time::Duration;

use tracing::warn;

use crate::adapters::clock::unix_now;
use crate::adapters::metadata::{AnswerCache, BoxFuture};
use crate::adapters::store::Answers;
use crate::adapters::store::instance::Instance;
use crate::adapters::telegram::{Vault, VaultError};

/// Telegram sessions in the instance's own sealed database.
pub(super) struct Sessions(pub Arc<Instance>);

impl Vault for Sessions {
    fn load(&self, key: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.0.load(key).map_err(|e| VaultError(Box::new(e)))
    }

    fn save(&self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        self.0.save(key, value).map_err(|e| VaultError(Box::new(e)))
    }

    fn remove(&self, key: &str) -> Result<(), VaultError> {
        self.0.remove(key).map_err(|e| VaultError(Box::new(e)))
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
