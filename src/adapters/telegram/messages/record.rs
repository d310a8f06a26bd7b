//! A [`Ledger`] in the vault: what was handled is stored when it says so.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;
use tracing::warn;

use super::dispatch::{Dispatch, Waiting};
use super::incoming::Happened;
use super::ledger::{Kept, Ledger};
use crate::adapters::telegram::vault::{load_record, save_record};
use crate::adapters::telegram::{Vault, VaultError};

/// No more is asked for while so many are not handled: a bot that slept for a week wakes up slowly.
const MOST_OPEN: usize = 1_000;

pub struct Record<P> {
    vault: Arc<dyn Vault>,
    name: String,
    ledger: Mutex<Ledger<P>>,
    /// Something was handled.
    moved: Notify,
}

impl<P> Record<P>
where
    P: Clone + PartialEq + Serialize + DeserializeOwned + Send + 'static,
{
    /// What an earlier run kept under this name.
    pub fn load(vault: &Arc<dyn Vault>, name: &str) -> Result<Option<Arc<Self>>, VaultError> {
        let kept: Option<Kept<P>> = load_record(&**vault, name)?;
        Ok(kept.map(|kept| Self::new(vault, name, kept)))
    }

    /// Begins at a position, which is kept at once.
    pub fn begin(vault: &Arc<dyn Vault>, name: &str, position: P) -> Result<Arc<Self>, VaultError> {
        let kept = Kept { position, done: Default::default() };
        save_record(&**vault, name, &kept)?;
        Ok(Self::new(vault, name, kept))
    }

    fn new(vault: &Arc<dyn Vault>, name: &str, kept: Kept<P>) -> Arc<Self> {
        let (vault, ledger) = (Arc::clone(vault), Mutex::new(Ledger::new(kept)));
        Arc::new(Self { vault, name: name.to_owned(), ledger, moved: Notify::new() })
    }

    /// Where to ask on from.
    pub fn newest(&self) -> P {
        self.lock().newest().clone()
    }

    /// Everything before it was handled.
    pub fn handled(&self) -> P {
        self.lock().kept().position.clone()
    }

    /// Waits until there is room for another page.
    pub async fn room(&self) {
        loop {
            let moved = self.moved.notified();
            if self.lock().open() < MOST_OPEN {
                return;
            }
            moved.await;
        }
    }

    /// Takes a page in and hands out what of it was not handled by an earlier run.
    pub fn turn(self: &Arc<Self>, page: Vec<Happened>, after: P, dispatch: &Arc<Dispatch>) -> Result<(), VaultError> {
        let open = {
            let mut ledger = self.lock();
            let before = ledger.kept().clone();
            let open = ledger.turn(page.iter().map(|happened| happened.key.clone()).collect(), after);
            if *ledger.kept() != before {
                save_record(&*self.vault, &self.name, ledger.kept())?;
            }
            open
        };
        self.hand_out(page, &open, dispatch);
        Ok(())
    }

    fn hand_out(self: &Arc<Self>, page: Vec<Happened>, open: &HashSet<String>, dispatch: &Arc<Dispatch>) {
        for Happened { lane, key, event } in page.into_iter().filter(|happened| open.contains(&happened.key)) {
            let record = Arc::clone(self);
            dispatch.submit(Waiting { key, lane, event, ledger: Some(Arc::new(move |key| record.done(key))) });
        }
    }

    fn done(&self, key: &str) {
        let mut ledger = self.lock();
        ledger.done(key);
        if let Err(error) = save_record(&*self.vault, &self.name, ledger.kept()) {
            warn!(%error, "That a message was dealt with could not be kept; it may be dealt with again");
        }
        drop(ledger);
        self.moved.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Ledger<P>> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
