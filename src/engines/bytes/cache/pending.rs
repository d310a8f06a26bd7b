//! Fetches that are under way, so that nobody asks Telegram for what somebody else is being brought (single flight).
//!
//! A fetch lives as long as somebody is subscribed to it: the last subscription that is dropped cancels it.

use std::collections::HashMap;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use super::Key;
use crate::domain::chunk_plan::Chunk;
use crate::engines::bytes::scheduler::{Class, FetchHandle, Fetched, Outcome};

/// Blocks that may have dead fetches noted before all are looked through.
const SWEEP_AT: usize = 1024;

/// A run that somebody asked for and that is not here yet.
pub(super) struct PendingFetch {
    /// In the volume.
    pub offset: u64,
    pub limit: u32,
    /// `None` when it comes from disk: there is nothing to hurry.
    pub handle: Option<FetchHandle>,
    pub outcome: Shared<BoxFuture<'static, Outcome>>,
}

impl PendingFetch {
    pub fn end(&self) -> u64 {
        self.offset + u64::from(self.limit)
    }

    pub fn covers(&self, offset: u64) -> bool {
        (self.offset..self.end()).contains(&offset)
    }

    /// `part` begins inside the fetch and does not end beyond it.
    pub fn subscribe(self: Arc<Self>, part: &Chunk) -> Subscription {
        let outcome = self.outcome.clone();
        let skip = (part.offset - self.offset) as usize + part.trim_start as usize;
        Subscription { fetch: self, outcome, skip, len: part.len() as usize }
    }
}

/// The part of a pending fetch that one reader wants.
pub(in crate::engines::bytes) struct Subscription {
    fetch: Arc<PendingFetch>,
    outcome: Shared<BoxFuture<'static, Outcome>>,
    skip: usize,
    len: usize,
}

impl Subscription {
    /// Its reader waits for it: it becomes at least this urgent.
    pub fn prioritize(&self, class: Class) {
        if let Some(handle) = &self.fetch.handle {
            handle.prioritize(class);
        }
    }

    /// A connection was asked for it, so that giving it up would save nothing.
    pub fn is_under_way(&self) -> bool {
        self.fetch.handle.as_ref().is_none_or(FetchHandle::is_under_way)
    }

    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome> {
        let (skip, len) = (self.skip, self.len);
        self.outcome
            .poll_unpin(cx)
            .map(|outcome| outcome.map(|fetched| Fetched { bytes: fetched.bytes.slice(skip..skip + len), ..fetched }))
    }
}

/// What is under way, by block.
#[derive(Default)]
pub(super) struct Pending {
    by_block: HashMap<Key, Vec<Weak<PendingFetch>>>,
}

impl Pending {
    /// The fetches of a block that may still bring something. One that failed is not among them: it is asked for anew.
    pub fn of_block(&mut self, key: Key) -> Vec<Arc<PendingFetch>> {
        let Some(noted) = self.by_block.get_mut(&key) else { return Vec::new() };
        let mut alive = Vec::with_capacity(noted.len());
        noted.retain(|fetch| {
            let fetch = fetch.upgrade().filter(|fetch| !matches!(fetch.outcome.peek(), Some(Err(_))));
            alive.extend(fetch.clone());
            fetch.is_some()
        });
        alive
    }

    pub fn add(&mut self, key: Key, fetch: &Arc<PendingFetch>) {
        if self.by_block.len() > SWEEP_AT {
            self.by_block.retain(|_, noted| noted.iter().any(|fetch| fetch.strong_count() > 0));
        }
        self.by_block.entry(key).or_default().push(Arc::downgrade(fetch));
    }
}
