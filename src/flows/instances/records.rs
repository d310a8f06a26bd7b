//! How far the bot is, and how it addresses people: in the instance's own database, where it is durable at once, and a moment later in
//! the store, for whoever watches next. Sealed in both, under the key that instances share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tracing::{debug, warn};

use crate::adapters::store::instance::Instance;
use crate::adapters::store::watch::Record;
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
    state: Mutex<State>,
    /// Held while some are brought to the store: none comes there after a newer one of its name.
    turn: tokio::sync::Mutex<()>,
    word: Notify,
}

#[derive(Default)]
struct State {
    /// Of the lease under which they go to the store. `None` while they do not: the store knows better, or nobody asked it yet.
    term: Option<i64>,
    /// The names of those that changed, until the store has them, each with the number of its last change.
    changed: BTreeMap<String, u64>,
    changes: u64,
}

impl Records {
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { instance, state: Mutex::default(), turn: tokio::sync::Mutex::default(), word: Notify::new() }
    }

    /// A record was written or removed here.
    pub fn note(&self, name: &str) {
        if is_of_account(name) {
            let mut state = self.lock();
            state.changes += 1;
            let change = state.changes;
            state.changed.insert(name.to_owned(), change);
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

    /// Brings to the store what changed and is not there yet. May be dropped at any time.
    pub(super) async fn push(&self, store: &Store) -> Result<(), store::Error> {
        self.bring(|term, records| async move { store.watch().keep(term, &records).await }).await
    }

    /// `keep`: [`store::Watch::keep`].
    async fn bring<K, F>(&self, keep: K) -> Result<(), store::Error>
    where
        K: Fn(i64, Vec<Record>) -> F,
        F: Future<Output = Result<bool, store::Error>>,
    {
        let _turn = self.turn.lock().await;
        loop {
            let (term, changed) = {
                let state = self.lock();
                let Some(term) = state.term else { return Ok(()) };
                let changed = state.changed.iter().take(BATCH).map(|(name, change)| (name.clone(), *change));
                (term, changed.collect::<Vec<_>>())
            };
            if changed.is_empty() {
                return Ok(());
            }
            let records = changed.iter().map(|(name, _)| Ok((name.clone(), self.instance.sealed(name)?)));
            let is_kept = keep(term, records.collect::<Result<_, store::Error>>()?).await?;
            let mut state = self.lock();
            if !is_kept {
                state.lose(term);
                return Ok(());
            }
            for (name, change) in changed {
                // Not what changed meanwhile.
                if state.changed.get(&name) == Some(&change) {
                    state.changed.remove(&name);
                }
            }
        }
    }

    /// Whether nobody else has watched since [`Self::begin`].
    pub(super) fn are_of(&self, term: i64) -> bool {
        self.lock().term == Some(term)
    }

    /// From now on they go to the store, under the lease of this term.
    pub(super) fn begin(&self, term: i64) {
        self.lock().term = Some(term);
        self.word.notify_one();
    }

    /// Another one watches, and has handled for itself what this instance could not bring to the store any more.
    pub(super) fn lose(&self) {
        let term = self.lock().term;
        if let Some(term) = term {
            self.lock().lose(term);
        }
    }

    /// Takes over how far the last one was that watched. What only this instance knows is for the store.
    pub(super) async fn pull(&self, store: &Store) -> Result<(), store::Error> {
        self.take_over(store.watch().records().await?).await
    }

    async fn take_over(&self, there: Vec<Record>) -> Result<(), store::Error> {
        let known: BTreeSet<String> = there.iter().map(|(name, _)| name.clone()).collect();
        let taken = Arc::clone(&self.instance).take_over(there).await?;
        if let Some(name) = taken.refused.first() {
            let count = taken.refused.len();
            warn!("{count} records of another instance ({name}) do not open: do both have the same SECRET_KEY?");
        }
        // What of them waited to be brought to the store was older.
        self.lock().changed.retain(|name, _| !known.contains(name));
        taken.names.iter().filter(|name| !known.contains(*name)).for_each(|name| self.note(name));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn lose(&mut self, term: i64) {
        if self.term == Some(term) {
            self.term = None;
            self.changed.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::path::PathBuf;

    use futures_util::FutureExt;

    use super::*;
    use crate::domain::secret::{Purpose, SecretKey};

    const NAME: &str = "telegram/channel/1";

    /// A folder of a test's own, gone with it.
    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn records(test: &str) -> (Folder, Arc<Instance>, Records) {
        let dir = std::env::temp_dir().join(format!("cinepost-records-{test}-{}", std::process::id()));
        let key = SecretKey::from_bytes([1; 32]).derive(Purpose::Session);
        let instance = Arc::new(Instance::open(&dir, &key).expect("a folder"));
        let records = Records::new(Arc::clone(&instance));
        (Folder(dir), instance, records)
    }

    /// What goes to a store that takes it.
    async fn brought(records: &Records) -> Vec<(i64, String)> {
        let kept = RefCell::new(Vec::new());
        let keep = |term, records: Vec<Record>| {
            kept.borrow_mut().extend(records.into_iter().map(|(name, _)| (term, name)));
            async { Ok(true) }
        };
        records.bring(keep).await.expect("kept");
        kept.into_inner()
    }

    fn write(instance: &Instance, records: &Records, value: &[u8]) {
        instance.save(NAME, value).expect("written");
        records.note(NAME);
    }

    #[tokio::test]
    async fn what_a_dropped_push_had_in_hand_comes_with_the_next() {
        let (_folder, instance, records) = records("dropped");
        records.begin(7);
        write(&instance, &records, b"5");
        let answer = records.bring(|_, _| std::future::pending()).now_or_never();
        assert!(answer.is_none(), "the store does not answer");
        assert_eq!(brought(&records).await, [(7, NAME.to_owned())]);
        assert_eq!(brought(&records).await, [], "it is there");
    }

    #[tokio::test]
    async fn what_changes_while_it_is_brought_is_brought_once_more() {
        let (_folder, instance, records) = records("meanwhile");
        records.begin(7);
        write(&instance, &records, b"5");
        let times = RefCell::new(0);
        let keep = |_, _| {
            *times.borrow_mut() += 1;
            if *times.borrow() == 1 {
                write(&instance, &records, b"6");
            }
            async { Ok(true) }
        };
        records.bring(keep).await.expect("kept");
        assert_eq!(*times.borrow(), 2);
    }

    #[tokio::test]
    async fn one_that_lost_the_watch_brings_nothing_more() {
        let (_folder, instance, records) = records("lost");
        write(&instance, &records, b"5");
        assert_eq!(brought(&records).await, [], "nobody knows yet who watches");
        records.begin(7);
        records.bring(|_, _| async { Ok(false) }).await.expect("answered");
        assert!(!records.are_of(7));
        records.begin(9);
        assert_eq!(brought(&records).await, [], "the other one has handled it");
    }

    #[tokio::test]
    async fn the_next_one_takes_over_what_the_store_has_and_keeps_what_only_it_knows() {
        let (_folder, instance, records) = records("over");
        let other = "telegram/channel/2";
        let (gone, strange) = ("telegram/channel/3", "telegram/channel/4");
        for name in [other, gone, strange] {
            instance.save(name, b"own").expect("written");
            records.note(name);
        }
        instance.save(NAME, b"newer").expect("written");
        let sealed = instance.sealed(NAME).expect("read");
        write(&instance, &records, b"5");
        let there = vec![(NAME.to_owned(), sealed), (gone.to_owned(), None), (strange.to_owned(), Some(vec![0; 40]))];
        records.take_over(there).await.expect("written");
        let load = |name| instance.load(name).expect("read");
        assert_eq!(load(NAME).as_deref(), Some(&b"newer"[..]));
        assert_eq!(load(gone), None, "another one removed it");
        assert_eq!(load(strange).as_deref(), Some(&b"own"[..]), "it does not open here");
        records.begin(8);
        assert_eq!(brought(&records).await, [(8, other.to_owned())]);
    }
}
