//! Bytes that were fetched once and may be wanted again, and bytes that are on their way: nobody asks Telegram for what
//! somebody else is being brought.
//!
//! ```text
//! look a run up  ->  ends     heads and tails of files opened lately: what players look at first
//!                    recent   what was just read, for those who watch the same a little later
//!                    disk     whole blocks, when the owner gave it room
//!                    pending  asked for and not here yet: joined
//!                    else     asked for, up to where any of these begins
//! ```
//!
//! All of it is by blocks of the grid of [`chunk_plan`]; a block holds the runs of cells that are here. Each memory cache holds
//! a fixed number of bytes (least recently used goes first) and they are no part of the read-ahead budget.
//!
//! [`chunk_plan`]: crate::domain::chunk_plan

mod block;
mod disk;
mod pending;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use moka::policy::EvictionPolicy;

use super::Error;
use super::metrics::Metrics;
use super::scheduler::{Class, FetchHandle, Fetched, Outcome, Run, Scheduler};
use super::streams::StreamId;
use crate::adapters::telegram::VolumeLocation;
use crate::domain::chunk_plan::{BLOCK, CELL, Chunk};
use crate::domain::post::DocumentId;
use block::Block;
pub(super) use disk::Disk;
pub(super) use pending::Subscription;
use pending::{Pending, PendingFetch};

/// What of a volume's end is kept with the heads.
pub(super) const TAIL: u64 = 256 * 1024;

/// The memory caches may be so much too large for a moment.
const MAKE_ROOM_AFTER: u64 = 4 * 1024 * 1024;
/// What a block in a memory cache costs beside its bytes.
const BLOCK_OVERHEAD: u64 = 256;

/// A block of a document.
pub(super) type Key = (DocumentId, u64);

type MemoryCache = moka::sync::Cache<Key, Arc<Block>>;

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Cache {
    inner: Arc<Inner>,
}

struct Inner {
    scheduler: Scheduler,
    metrics: Metrics,
    ends: MemoryCache,
    recent: MemoryCache,
    disk: Option<Disk>,
    /// Bytes put into the memory caches since they last made room.
    since_room_was_made: AtomicU64,
    pending: Mutex<Pending>,
}

/// What [`Cache::lookup`] found: the first bytes of a chunk, or all.
pub(super) enum Lookup {
    Hit(Bytes),
    Pending(Subscription),
}

/// How much the memory caches may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub ends_bytes: u64,
    pub recent_bytes: u64,
}

impl Cache {
    pub fn new(scheduler: Scheduler, metrics: Metrics, sizes: Sizes, disk: Option<Disk>) -> Self {
        let (ends, recent) = (memory_cache(sizes.ends_bytes), memory_cache(sizes.recent_bytes));
        let (since_room_was_made, pending) = (AtomicU64::default(), Mutex::default());
        Self { inner: Arc::new(Inner { scheduler, metrics, ends, recent, disk, since_room_was_made, pending }) }
    }

    /// The chunk, or as much of its beginning as comes from one place: the chunk that is returned is shortened to that. What
    /// has to be fetched is fetched in the stream's name and at this urgency.
    pub fn lookup(&self, at: &Arc<VolumeLocation>, chunk: Chunk, stream: StreamId, class: Class) -> (Chunk, Lookup) {
        let inner = &self.inner;
        let key = (at.volume.document, chunk.offset / BLOCK);
        // Held to the end: two who want the same must not both start to fetch it.
        let mut pending = inner.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((part, bytes)) = inner.in_memory(key, chunk) {
            inner.metrics.found_in_memory(part.len());
            return (part, Lookup::Hit(bytes));
        }
        let end = chunk.offset + u64::from(chunk.limit);
        let of_block = pending.of_block(key);
        if let Some(fetch) = of_block.iter().find(|fetch| fetch.covers(chunk.offset)) {
            let part = chunk.shortened((end.min(fetch.end()) - chunk.offset) as u32);
            inner.metrics.shared(part.len());
            return (part, Lookup::Pending(Arc::clone(fetch).subscribe(&part)));
        }
        // Up to where something is here or on its way.
        let next_pending = of_block.iter().map(|fetch| fetch.offset).filter(|offset| *offset > chunk.offset).min();
        let next = inner.next_in_memory(key, chunk.offset).into_iter().chain(next_pending).chain([end]).min();
        let part = chunk.shortened((next.unwrap_or(end) - chunk.offset) as u32);
        let fetch = Arc::new(self.start_fetch(key, at, &part, stream, class));
        pending.add(key, &fetch);
        (part, Lookup::Pending(fetch.subscribe(&part)))
    }

    /// A run within one block, past the caches: from memory where all of it is there, else from Telegram, and kept by nobody.
    pub async fn fetch_alone(&self, run: Run, stream: StreamId, class: Class) -> Result<Bytes, Error> {
        let (key, from) = ((run.at.volume.document, run.offset / BLOCK), run.offset % BLOCK);
        let find =
            |cache: &MemoryCache| cache.get(&key)?.at(from).filter(|bytes| bytes.len() >= run.reply_len as usize);
        if let Some(bytes) = find(&self.inner.ends).or_else(|| find(&self.inner.recent)) {
            self.inner.metrics.found_in_memory(run.reply_len);
            return Ok(bytes.slice(..run.reply_len as usize));
        }
        let fetching = self.inner.scheduler.fetch(run, stream, class);
        // It is waited for from the beginning.
        fetching.handle().prioritize(class);
        fetching.await.map(|fetched| fetched.bytes).map_err(|error| (*error).clone())
    }

    /// Whether the byte of a volume is in memory.
    pub fn has(&self, at: &VolumeLocation, offset: u64) -> bool {
        let (key, from) = ((at.volume.document, offset / BLOCK), offset % BLOCK);
        let has = |cache: &MemoryCache| cache.get(&key).is_some_and(|block| block.at(from).is_some());
        has(&self.inner.ends) || has(&self.inner.recent)
    }

    /// Several streams wait for connections.
    pub fn is_contended(&self) -> bool {
        self.inner.scheduler.is_contended()
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> u64 {
        self.inner.ends.weighted_size() + self.inner.recent.weighted_size()
    }

    /// Bytes on disk.
    pub fn disk_bytes(&self) -> u64 {
        self.inner.disk.as_ref().map_or(0, Disk::bytes)
    }

    /// Removes files from the disk cache's folder that nobody uses: all of `former` when there is no disk cache any more. Blocks the
    /// thread. Returns how many there were.
    pub fn sweep_disk(&self, former: &Path) -> std::io::Result<u64> {
        match &self.inner.disk {
            Some(disk) => disk.sweep(),
            None if former.is_dir() => disk::sweep(former, |_| false),
            None => Ok(0),
        }
    }

    /// Fetches a run: from disk when the block is there, else from Telegram.
    fn start_fetch(
        &self,
        key: Key,
        at: &Arc<VolumeLocation>,
        part: &Chunk,
        stream: StreamId,
        class: Class,
    ) -> PendingFetch {
        let run = Run { at: at.clone(), offset: part.offset, limit: part.limit, reply_len: part.reply_len };
        let (offset, limit) = (part.offset, part.limit);
        let Some(disk) = self.inner.disk.as_ref().filter(|disk| disk.has(key)) else {
            let (handle, outcome) = self.ask_telegram(run, stream, class);
            return PendingFetch { offset, limit, handle: Some(handle), outcome: outcome.shared() };
        };
        let read = disk.read(key, offset % BLOCK, run.reply_len as usize);
        let cache = self.clone();
        let outcome = async move {
            if let Some(bytes) = read.await {
                cache.inner.metrics.found_on_disk(bytes.len());
                // Not put into memory: the system keeps what was read from disk, and here it would drive out blocks that
                // are not whole yet and so not on disk.
                return Ok(Fetched { bytes, took: Duration::ZERO });
            }
            // It was there a moment ago; Telegram has it still.
            cache.ask_telegram(run, stream, Class::Head).1.await
        };
        PendingFetch { offset, limit, handle: None, outcome: outcome.boxed().shared() }
    }

    fn ask_telegram(&self, run: Run, stream: StreamId, class: Class) -> (FetchHandle, BoxFuture<'static, Outcome>) {
        let fetching = self.inner.scheduler.fetch(run.clone(), stream, class);
        let (handle, cache) = (fetching.handle(), self.clone());
        let outcome = fetching.map(move |outcome| {
            if let Ok(fetched) = &outcome {
                cache.put(&run.at, run.offset, &fetched.bytes, class);
            }
            outcome
        });
        (handle, outcome.boxed())
    }

    /// Puts a run that came where the next reader finds it.
    fn put(&self, at: &VolumeLocation, offset: u64, bytes: &Bytes, class: Class) {
        let key = (at.volume.document, offset / BLOCK);
        let start = offset % BLOCK;
        let inner = &self.inner;
        let tail_from = at.volume.size.saturating_sub(TAIL);
        if class.is_program() {
            // The many heads that an archive of a thousand volumes has must not drive out those of the films that people open.
        } else if key.1 == 0 {
            inner.add(&inner.ends, key, start, bytes.clone());
        } else if offset + bytes.len() as u64 > tail_from {
            let skip = (tail_from.saturating_sub(offset) / CELL * CELL) as usize;
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
}

impl Inner {
    /// The beginning of a chunk as far as it is in memory.
    fn in_memory(&self, key: Key, chunk: Chunk) -> Option<(Chunk, Bytes)> {
        let from = chunk.offset % BLOCK;
        let find = |cache: &MemoryCache| cut(chunk, &cache.get(&key)?.at(from)?);
        find(&self.ends).or_else(|| find(&self.recent))
    }

    /// Where in the volume the next run that is in memory begins, within the block.
    fn next_in_memory(&self, key: Key, offset: u64) -> Option<u64> {
        let next = |cache: &MemoryCache| cache.get(&key)?.next_after(offset % BLOCK);
        let next = next(&self.ends).into_iter().chain(next(&self.recent)).min()?;
        Some(next + key.1 * BLOCK)
    }

    fn add(&self, cache: &MemoryCache, key: Key, start: u64, bytes: Bytes) -> Arc<Block> {
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

fn memory_cache(bytes: u64) -> MemoryCache {
    moka::sync::Cache::builder()
        .max_capacity(bytes)
        .weigher(|_: &Key, block: &Arc<Block>| u32::try_from(block.bytes() + BLOCK_OVERHEAD).unwrap_or(u32::MAX))
        // What was read last is what others read next; how often something was read before says little here.
        .eviction_policy(EvictionPolicy::lru())
        .build()
}

/// What of a chunk `bytes` has, given that they begin where it does.
fn cut(chunk: Chunk, bytes: &Bytes) -> Option<(Chunk, Bytes)> {
    // Whole cells, but for the volume's last.
    let is_all = bytes.len() >= chunk.reply_len as usize;
    let limit = if is_all { chunk.limit } else { (bytes.len() as u64 / CELL * CELL) as u32 };
    if limit <= chunk.trim_start {
        return None;
    }
    let part = chunk.shortened(limit);
    Some((part, bytes.slice(part.trim_start as usize..part.trim_end as usize)))
}
