//! Bytes that were fetched once and may be wanted again, and bytes that are on their way: nobody asks Telegram for what
//! somebody else is being brought.
//!
//! ```text
//! take a run  ->  ends     heads and tails of files opened lately: what players look at first
//!                 recent   what was just read, for those who watch the same a little later
//!                 disk     whole blocks, when the owner gave it room
//!                 pending  asked for and not here yet: joined
//!                 else     asked for, up to where any of these begins
//! ```
//!
//! All of it is by blocks of the grid of [`chunk_plan`]; a block holds the runs of cells that are here.
//!
//! [`chunk_plan`]: crate::domain::chunk_plan

mod disk;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use moka::policy::EvictionPolicy;

use super::live::Live;
use super::scheduler::{Class, FetchHandle, Fetched, Outcome, Run, Scheduler};
use crate::adapters::telegram::VolumeLocation;
use crate::domain::chunk_plan::{BLOCK, Chunk};
use crate::domain::post::DocumentId;
pub(super) use disk::Disk;

/// What of a volume's end is kept with the heads.
pub(super) const TAIL: u64 = 256 * 1024;

/// The caches may be so much too large for a moment.
const MAKE_ROOM_AFTER: u64 = 4 * 1024 * 1024;

/// A block of a document.
pub(super) type Key = (DocumentId, u64);

#[derive(Clone)]
pub(super) struct Cache {
    inner: Arc<Inner>,
}

struct Inner {
    schedule: Scheduler,
    live: Live,
    ends: moka::sync::Cache<Key, Arc<Block>>,
    recent: moka::sync::Cache<Key, Arc<Block>>,
    disk: Option<Disk>,
    /// Bytes put into the caches since they last made room.
    since_room_was_made: AtomicU64,
    pending: Mutex<HashMap<Key, Vec<Weak<PendingFetch>>>>,
}

/// What is here of a block: runs that do not touch each other's cells, in order.
#[derive(Clone, Default)]
struct Block {
    /// Each with the place in the block where it begins.
    runs: Vec<(u64, Bytes)>,
}

impl Block {
    /// The run that holds `from`, from there to its end.
    fn at(&self, from: u64) -> Option<Bytes> {
        let (start, bytes) = self.runs.iter().rev().find(|(start, _)| *start <= from)?;
        let skip = (from - start) as usize;
        (skip < bytes.len()).then(|| bytes.slice(skip..))
    }

    /// Where the next run after `from` begins.
    fn next_after(&self, from: u64) -> Option<u64> {
        self.runs.iter().map(|(start, _)| *start).find(|start| *start > from)
    }

    fn with(&self, start: u64, bytes: Bytes) -> Self {
        let end = start + bytes.len() as u64;
        let mut runs = self.runs.clone();
        // What it covers is here twice.
        runs.retain(|(other, old)| *other < start || other + old.len() as u64 > end);
        runs.push((start, bytes));
        runs.sort_by_key(|(start, _)| *start);
        Self { runs }
    }

    fn bytes(&self) -> u64 {
        self.runs.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }

    fn is_whole(&self, len: u64) -> bool {
        let mut at = 0;
        for (start, bytes) in &self.runs {
            if *start > at {
                return false;
            }
            at = at.max(start + bytes.len() as u64);
        }
        at >= len
    }

    /// The whole block in one piece, when all of its `len` bytes are here.
    fn whole(&self, len: u64) -> Option<Bytes> {
        if !self.is_whole(len) {
            return None;
        }
        if let [(0, bytes)] = &self.runs[..] {
            return Some(bytes.clone());
        }
        let mut whole = Vec::with_capacity(len as usize);
        for (start, bytes) in &self.runs {
            let skip = (whole.len() as u64).saturating_sub(*start) as usize;
            whole.extend_from_slice(bytes.get(skip..).unwrap_or_default());
        }
        Some(whole.into())
    }
}

/// A run that somebody asked for and that is not here yet.
pub(super) struct PendingFetch {
    /// In the volume.
    offset: u64,
    limit: u32,
    handle: Option<FetchHandle>,
    outcome: Shared<BoxFuture<'static, Outcome>>,
}

/// A fetch's part that one reader wants. The fetch is given up when nobody is left who wants any of it.
pub(super) struct Subscription {
    fetch: Arc<PendingFetch>,
    outcome: Shared<BoxFuture<'static, Outcome>>,
    skip: usize,
    len: usize,
}

impl Subscription {
    /// Its reader waits for it.
    pub fn prioritize(&self) {
        if let Some(handle) = &self.fetch.handle {
            handle.prioritize();
        }
    }

    /// Asked of somebody already, so that giving it up would save nothing.
    pub fn is_under_way(&self) -> bool {
        self.fetch.handle.as_ref().is_none_or(FetchHandle::is_under_way)
    }

    pub fn poll(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Outcome> {
        let (skip, len) = (self.skip, self.len);
        self.outcome
            .poll_unpin(cx)
            .map(|outcome| outcome.map(|fetched| Fetched { bytes: fetched.bytes.slice(skip..skip + len), ..fetched }))
    }
}

/// What [`Cache::take`] gives: the first bytes of a chunk, or all.
pub(super) enum Lookup {
    Hit(Bytes),
    Pending(Subscription),
}

/// How much memory the cache may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub ends_bytes: u64,
    pub recent_bytes: u64,
}

impl Cache {
    pub fn new(schedule: Scheduler, live: Live, sizes: Sizes, disk: Option<Disk>) -> Self {
        let cache = |bytes: u64| {
            moka::sync::Cache::builder()
                .max_capacity(bytes)
                .weigher(|_: &Key, block: &Arc<Block>| u32::try_from(block.bytes() + 256).unwrap_or(u32::MAX))
                // What was read last is what others read next; how often something was read before says little here.
                .eviction_policy(EvictionPolicy::lru())
                .build()
        };
        let (ends, recent) = (cache(sizes.ends_bytes), cache(sizes.recent_bytes));
        let (since_room_was_made, pending) = (AtomicU64::default(), Mutex::default());
        Self { inner: Arc::new(Inner { schedule, live, ends, recent, disk, since_room_was_made, pending }) }
    }

    /// The chunk, or as much of its beginning as comes from one place: the answer also says how much that is, as the chunk
    /// shortened to it. What has to be asked for is asked for in a stream's name.
    pub fn take(&self, at: &Arc<VolumeLocation>, chunk: Chunk, stream: u64, class: Class) -> (Chunk, Lookup) {
        let inner = &self.inner;
        let key = (at.volume.document, chunk.offset / BLOCK);
        let from = chunk.offset % BLOCK;
        let mut pending = inner.pending();

        for cache in [&inner.ends, &inner.recent] {
            if let Some(bytes) = cache.get(&key).and_then(|block| block.at(from)) {
                inner
                    .live
                    .counters()
                    .memory_bytes
                    .fetch_add(bytes.len().min(chunk.len() as usize) as u64, Ordering::Relaxed);
                if let Some(taken) = cut(chunk, bytes) {
                    return taken;
                }
            }
        }
        let here = pending.entry(key).or_default();
        let mut alive = Vec::new();
        // One that failed is not joined: it is asked for anew.
        here.retain(|fetch| {
            let fetch = fetch.upgrade().filter(|fetch| !matches!(fetch.outcome.peek(), Some(Err(_))));
            alive.extend(fetch.clone());
            fetch.is_some()
        });
        let end = chunk.offset + u64::from(chunk.limit);
        let joined = alive.iter().find(|f| f.offset <= chunk.offset && chunk.offset < f.offset + u64::from(f.limit));
        if let Some(fetch) = joined {
            let until = end.min(fetch.offset + u64::from(fetch.limit));
            let part = chunk.shortened((until - chunk.offset) as u32);
            inner.live.counters().shared_bytes.fetch_add(part.len().into(), Ordering::Relaxed);
            return (part, Lookup::Pending(subscription(fetch.clone(), &part)));
        }
        // Up to where something is here or on its way.
        let block =
            |cache: &moka::sync::Cache<Key, Arc<Block>>| cache.get(&key).and_then(|block| block.next_after(from));
        let next_here = block(&inner.ends).into_iter().chain(block(&inner.recent)).min();
        let next_coming = alive.iter().map(|f| f.offset).filter(|offset| *offset > chunk.offset).min();
        let until = next_here.map(|from| from + key.1 * BLOCK).into_iter().chain(next_coming).chain([end]).min();
        let until = until.unwrap_or(end);
        let part = chunk.shortened((until - chunk.offset) as u32);
        let fetch = Arc::new(inner.start_fetch(self, key, at, &part, stream, class));
        here.push(Arc::downgrade(&fetch));
        (part, Lookup::Pending(subscription(fetch, &part)))
    }

    /// Whether a run is here, or on its way.
    pub fn has(&self, key: Key, offset: u64) -> bool {
        let from = offset % BLOCK;
        let is_here =
            |cache: &moka::sync::Cache<Key, Arc<Block>>| cache.get(&key).is_some_and(|block| block.at(from).is_some());
        is_here(&self.inner.ends) || is_here(&self.inner.recent)
    }

    /// Puts a run that came where the next reader finds it.
    fn put(&self, at: &VolumeLocation, offset: u64, bytes: &Bytes) {
        let key = (at.volume.document, offset / BLOCK);
        let start = offset % BLOCK;
        let inner = &self.inner;
        let tail_from = at.volume.size.saturating_sub(TAIL);
        if key.1 == 0 {
            inner.add(&inner.ends, key, start, bytes.clone());
        } else if offset + bytes.len() as u64 > tail_from {
            let skip = (tail_from.saturating_sub(offset) / crate::domain::chunk_plan::CELL
                * crate::domain::chunk_plan::CELL) as usize;
            // A slice would keep all of it.
            inner.add(&inner.ends, key, start + skip as u64, Bytes::copy_from_slice(&bytes[skip..]));
        }
        let block = inner.add(&inner.recent, key, start, bytes.clone());
        let len = BLOCK.min(at.volume.size - key.1 * BLOCK);
        if let Some(disk) = inner.disk.as_ref().filter(|_| block.is_whole(len)) {
            let recent = inner.recent.clone();
            disk.keep(key, move || recent.get(&key)?.whole(len));
        }
    }

    /// Several streams wait for connections.
    pub fn is_contended(&self) -> bool {
        self.inner.schedule.is_contended()
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> u64 {
        self.inner.ends.weighted_size() + self.inner.recent.weighted_size()
    }

    /// Bytes on disk.
    pub fn disk_bytes(&self) -> u64 {
        self.inner.disk.as_ref().map_or(0, Disk::bytes)
    }
}

/// What of a chunk `bytes` has, given that they begin where it does.
fn cut(chunk: Chunk, bytes: Bytes) -> Option<(Chunk, Lookup)> {
    use crate::domain::chunk_plan::CELL;
    // Whole cells, but for the volume's last.
    let is_all = bytes.len() >= chunk.reply_len as usize;
    let limit = if is_all { chunk.limit } else { (bytes.len() as u64 / CELL * CELL) as u32 };
    if limit <= chunk.trim_start {
        return None;
    }
    let part = chunk.shortened(limit);
    Some((part, Lookup::Hit(bytes.slice(part.trim_start as usize..part.trim_end as usize))))
}

fn subscription(fetch: Arc<PendingFetch>, part: &Chunk) -> Subscription {
    let outcome = fetch.outcome.clone();
    let skip = (part.offset - fetch.offset) as usize + part.trim_start as usize;
    Subscription { fetch, outcome, skip, len: part.len() as usize }
}

impl Inner {
    fn pending(&self) -> MutexGuard<'_, HashMap<Key, Vec<Weak<PendingFetch>>>> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody sits in any more.
        if pending.len() > 1024 {
            pending.retain(|_, here| here.iter().any(|fetch| fetch.strong_count() > 0));
        }
        pending
    }

    /// Asks for a run: of the disk when it has the block, else of Telegram.
    fn start_fetch(
        &self,
        cache: &Cache,
        key: Key,
        at: &Arc<VolumeLocation>,
        part: &Chunk,
        stream: u64,
        class: Class,
    ) -> PendingFetch {
        let run = Run { at: at.clone(), offset: part.offset, limit: part.limit, reply_len: part.reply_len };
        let (offset, limit) = (part.offset, part.limit);
        if let Some(disk) = self.disk.as_ref().filter(|disk| disk.has(key)) {
            let read = disk.read(key, offset % BLOCK, run.reply_len as usize);
            let (cache, live) = (cache.clone(), self.live.clone());
            let outcome = async move {
                if let Some(bytes) = read.await {
                    live.counters().disk_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                    // Not put into memory: the system keeps what was read from disk, and here it would drive out blocks that
                    // are not whole yet and so not on disk.
                    return Ok(Fetched { bytes, took: Duration::ZERO });
                }
                // It was there a moment ago; Telegram has it still.
                cache.ask_telegram(run, stream, Class::Head).1.await
            };
            return PendingFetch { offset, limit, handle: None, outcome: outcome.boxed().shared() };
        }
        let (handle, outcome) = cache.ask_telegram(run, stream, class);
        PendingFetch { offset, limit, handle: Some(handle), outcome: outcome.shared() }
    }

    fn add(&self, cache: &moka::sync::Cache<Key, Arc<Block>>, key: Key, start: u64, bytes: Bytes) -> Arc<Block> {
        let len = bytes.len() as u64;
        let added = cache.entry(key).and_upsert_with(|block| {
            let block = block.map(|entry| entry.into_value()).unwrap_or_default();
            Arc::new(block.with(start, bytes))
        });
        // Left to itself the cache makes room three times a second: a fast download is 25 MiB over its size until then.
        if self.since_room_was_made.fetch_add(len, Ordering::Relaxed) + len >= MAKE_ROOM_AFTER {
            self.since_room_was_made.store(0, Ordering::Relaxed);
            self.ends.run_pending_tasks();
            self.recent.run_pending_tasks();
        }
        added.into_value()
    }
}

impl Cache {
    fn ask_telegram(&self, run: Run, stream: u64, class: Class) -> (FetchHandle, BoxFuture<'static, Outcome>) {
        let asked = self.inner.schedule.ask(run.clone(), stream, class);
        let (handle, cache) = (asked.handle(), self.clone());
        let outcome = asked.map(move |outcome| {
            if let Ok(fetched) = &outcome {
                cache.put(&run.at, run.offset, &fetched.bytes);
            }
            outcome
        });
        (handle, outcome.boxed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(from: u8, len: usize) -> Bytes {
        (0..len).map(|n| from.wrapping_add(n as u8)).collect()
    }

    #[test]
    fn a_block_knows_what_is_here_and_where_the_next_begins() {
        let block = Block::default().with(100, bytes(100, 50)).with(0, bytes(0, 40));
        assert_eq!(block.at(0), Some(bytes(0, 40)));
        assert_eq!(block.at(39), Some(bytes(39, 1)));
        assert_eq!(block.at(40), None);
        assert_eq!(block.at(149), Some(bytes(149, 1)));
        assert_eq!(block.at(150), None);
        assert_eq!((block.next_after(0), block.next_after(100)), (Some(100), None));
        assert_eq!(block.bytes(), 90);
    }

    #[test]
    fn a_block_is_whole_when_nothing_is_missing() {
        let parts = Block::default().with(0, bytes(0, 40)).with(100, bytes(100, 50));
        assert_eq!(parts.whole(150), None);
        let whole = parts.with(40, bytes(40, 60));
        assert_eq!((whole.whole(150), whole.whole(151)), (Some(bytes(0, 150)), None));
        // What covers the others takes their place; what overlaps them is not given twice.
        assert_eq!(parts.with(0, bytes(0, 150)).runs.len(), 1);
        assert_eq!(parts.with(20, bytes(20, 90)).whole(150), Some(bytes(0, 150)));
    }
}
