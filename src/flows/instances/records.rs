//! How far the bot is, and how it addresses people: in the instance's own database, where it is durable at once, and a moment later in
//! the store, for whoever watches next. Sealed in both, under the key that instances share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tracing::{debug, warn};

use crate::adapters::store::instance::Instance;
use crate::adapters::store::{self, Store};
use crate::adapters::telegram::is_of_account;

/// Changes that come within this time go to the store together.
const TOGETHER: Duration = Duration::from_millis(200);
/// A store that could not take them is offered them again after this long.
const OFFER_AGAIN: Duration = Duration::from_secs(2);
/// Sent at a time.
const BATCH: usize = 200;

pub struct Records {
    instance: Arc<Instance>,
    /// Their names, until the store has them.
    changed: Mutex<BTreeSet<String>>,
    word: Notify,
}

impl Records {
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { instance, changed: Mutex::default(), word: Notify::new() }
    }

    /// A record was written or removed here.
    pub fn note(&self, name: &str) {
        if is_of_account(name) {
            self.lock().insert(name.to_owned());
            self.word.notify_one();
        }
    }

    /// Brings what changes to the store, for ever.
    pub(super) async fn share(&self, store: &Store) {
        loop {
            self.word.notified().await;
            tokio::time::sleep(TOGETHER).await;
            while let Err(error) = self.push(store).await {
                debug!(%error, "How far the channels were watched is not in the database yet");
                tokio::time::sleep(OFFER_AGAIN).await;
            }
        }
    }

    /// Brings to the store what changed and is not there yet.
    pub(super) async fn push(&self, store: &Store) -> Result<(), store::Error> {
        loop {
            let names: Vec<String> = self.lock().iter().take(BATCH).cloned().collect();
            if names.is_empty() {
                return Ok(());
            }
            names.iter().for_each(|name| _ = self.lock().remove(name));
            let records = names.iter().map(|name| Ok((name.clone(), self.instance.sealed(name)?)));
            let kept = async { store.watch().keep(&records.collect::<Result<Vec<_>, store::Error>>()?).await };
            if let Err(error) = kept.await {
                self.lock().extend(names);
                return Err(error);
            }
        }
    }

    /// Takes over how far the last one was that watched. What only this instance knows is for the store.
    pub(super) async fn pull(&self, store: &Store) -> Result<(), store::Error> {
        let there: BTreeMap<String, Vec<u8>> =
            store.watch().records().await?.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        for name in self.instance.names()?.into_iter().filter(|name| is_of_account(name) && !there.contains_key(name)) {
            self.note(&name);
        }
        for (name, sealed) in &there {
            if self.instance.sealed(name)?.as_ref() != Some(sealed)
                && let Err(error) = self.instance.save_sealed(name, sealed)
            {
                warn!(%error, "A record of another instance does not open: do both have the same SECRET_KEY?");
            }
        }
        // What of it waited to be brought to the store was older.
        self.lock().retain(|name| !there.contains_key(name));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
