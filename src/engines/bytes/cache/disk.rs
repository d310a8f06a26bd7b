//! Blocks on disk, when the owner gives them room (CACHE_DISK_MB): a film that is watched again, or by several people at
//! different times, is read from Telegram once.
//!
//! ```text
//! DIR/{document}-{block}     up to 1 MiB of the document, exactly as Telegram sent it
//! ```
//!
//! A file appears under its name when all of it is written. What was used longest ago goes first; after a restart that is
//! what was written longest ago. Nothing here is needed: what cannot be read is asked of Telegram.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use moka::notification::RemovalCause;
use moka::policy::EvictionPolicy;

use tokio::sync::Semaphore;
use tracing::warn;

use super::Key;
use crate::adapters::data_folder;
use crate::domain::post::DocumentId;

/// Cheap to clone.
#[derive(Clone)]
pub(in crate::engines::bytes) struct Disk {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    /// What is there, with its size.
    known: moka::sync::Cache<Key, u32>,
    /// Written once: a disk that is full says so once, not for every block.
    has_warned: Mutex<bool>,
    waiting: Arc<Semaphore>,
    writing: Semaphore,
}

/// No write of a block takes longer.
const SETTLED: Duration = Duration::from_secs(600);
/// Blocks being written at once.
const WRITING: usize = 4;
/// Blocks that may wait for it. They are looked for in memory when their turn comes, so that a slow disk does not hold more
/// there than the memory cache does.
const WAITING: usize = 256;

impl Disk {
    /// Takes up what an earlier run left in the folder, and makes it if it is not there.
    pub fn open(dir: &Path, most_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let removed_from = dir.to_owned();
        let known = moka::sync::Cache::builder()
            .max_capacity(most_bytes)
            .weigher(|_: &Key, size: &u32| *size)
            .eviction_policy(EvictionPolicy::lru())
            .eviction_listener(move |key: Arc<Key>, _, cause| {
                if cause != RemovalCause::Replaced {
                    let _ = fs::remove_file(path(&removed_from, *key));
                }
            })
            .build();
        let mut found: Vec<_> = fs::read_dir(dir)?.filter_map(|entry| found(&entry.ok()?)).collect();
        found.sort_by_key(|(_, _, written)| *written);
        for (key, size, _) in found {
            known.insert(key, size);
        }
        known.run_pending_tasks();
        let inner = Inner {
            dir: dir.to_owned(),
            known,
            has_warned: Mutex::new(false),
            waiting: Arc::new(Semaphore::new(WAITING)),
            writing: Semaphore::new(WRITING),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub fn has(&self, key: Key) -> bool {
        self.inner.known.contains_key(&key)
    }

    /// Begins to read a run of a block. `None` when it cannot be read after all.
    pub fn read(&self, key: Key, offset: u64, len: usize) -> impl Future<Output = Option<Bytes>> + Send + 'static {
        // Counts as used.
        self.inner.known.get(&key);
        let (inner, file) = (Arc::clone(&self.inner), path(&self.inner.dir, key));
        let reading = tokio::task::spawn_blocking(move || {
            let read = read(&file, offset, len);
            if read.is_err() {
                inner.known.invalidate(&key);
            }
            read.ok()
        });
        async move { reading.await.ok().flatten() }
    }

    /// Writes a block when its turn comes, unless it is there or too many wait. `block` is asked for its bytes then, and has
    /// none when they are gone.
    pub fn keep(&self, key: Key, block: impl FnOnce() -> Option<Bytes> + Send + 'static) {
        if self.has(key) {
            return;
        }
        let Ok(place) = Arc::clone(&self.inner.waiting).try_acquire_owned() else { return };
        let inner = Arc::clone(&self.inner);
        tokio::spawn(async move {
            let _place = place;
            let Ok(_turn) = inner.writing.acquire().await else { return };
            let writer = Arc::clone(&inner);
            let write = move || block().into_iter().for_each(|block| writer.keep(key, &block));
            // One that panicked has written nothing, which is all that there is to know of it.
            let _ = tokio::task::spawn_blocking(write).await;
        });
    }

    /// Removes blocks from the folder that are not known here: those whose removal failed. Blocks the thread. Returns how many files
    /// there were.
    pub fn sweep(&self) -> io::Result<u64> {
        sweep(&self.inner.dir, |key| self.has(key))
    }

    pub fn bytes(&self) -> u64 {
        self.inner.known.weighted_size()
    }
}

impl Inner {
    fn keep(&self, key: Key, block: &[u8]) {
        match self.write(key, block) {
            Ok(()) => {
                self.known.insert(key, block.len() as u32);
                self.known.run_pending_tasks();
            }
            Err(error) => {
                let mut has_warned = self.has_warned.lock().unwrap_or_else(PoisonError::into_inner);
                if !std::mem::replace(&mut *has_warned, true) {
                    warn!(%error, "The disk cache in {} cannot be written", self.dir.display());
                }
            }
        }
    }

    /// Onto the disk before it has its name: after a power cut a file system may give a name to bytes that never came there.
    fn write(&self, key: Key, block: &[u8]) -> io::Result<()> {
        data_folder::Draft::write(&path(&self.dir, key), block, data_folder::Readers::Owner)?.replace_soon()
    }
}

fn path(dir: &Path, (document, block): Key) -> PathBuf {
    dir.join(format!("{}-{block}", document.0))
}

/// Removes blocks and drafts from a folder but for those that are used, and nothing that is not ours. What is young may be in the
/// middle of being written.
pub(super) fn sweep(dir: &Path, is_used: impl Fn(Key) -> bool) -> io::Result<u64> {
    let mut removed = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let key = key_of(&entry);
        let is_ours = key.is_some() || entry.file_name().to_string_lossy().ends_with(data_folder::TEMPORARY);
        let age = entry.metadata().and_then(|about| about.modified()).map(|written| written.elapsed());
        let is_settled = matches!(age, Ok(Ok(age)) if age >= SETTLED);
        if is_ours && is_settled && !key.is_some_and(&is_used) && fs::remove_file(entry.path()).is_ok() {
            removed += 1;
        }
    }
    Ok(removed)
}

/// A block that an earlier run left. What it left half written is removed.
fn found(entry: &fs::DirEntry) -> Option<(Key, u32, std::time::SystemTime)> {
    let name = entry.file_name().into_string().ok()?;
    if name.ends_with(data_folder::TEMPORARY) {
        let _ = fs::remove_file(entry.path());
        return None;
    }
    let about = entry.metadata().ok()?;
    Some((key_of(entry)?, u32::try_from(about.len()).ok()?, about.modified().ok()?))
}

fn key_of(entry: &fs::DirEntry) -> Option<Key> {
    let name = entry.file_name().into_string().ok()?;
    let (document, block) = name.rsplit_once('-')?;
    Some((DocumentId(document.parse().ok()?), block.parse().ok()?))
}

fn read(file: &Path, offset: u64, len: usize) -> io::Result<Bytes> {
    let mut file = fs::File::open(file)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = vec![0; len];
    file.read_exact(&mut bytes)?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(block: u64) -> Key {
        (DocumentId(-7), block)
    }

    /// Writing goes on beside the caller.
    async fn until_kept(disk: &Disk, key: Key) {
        for _ in 0..500 {
            if disk.has(key) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("the block was not kept");
    }

    #[tokio::test]
    async fn a_sweep_takes_what_nobody_knows_and_nothing_that_is_not_ours() {
        let dir = std::env::temp_dir().join(format!("cinepost-sweep-{}", std::process::id()));
        let disk = Disk::open(&dir, 3000).expect("a folder");
        disk.keep(key(1), || Some(vec![1; 1000].into()));
        until_kept(&disk, key(1)).await;
        let old = std::time::SystemTime::now() - SETTLED;
        for name in ["-7-1", "-7-2", ".-7-3.0123.tmp", "notes.txt"] {
            let file = fs::OpenOptions::new().append(true).create(true).open(dir.join(name)).expect("a file");
            file.set_modified(old).expect("an older one");
        }
        fs::write(dir.join("-7-4"), "young").expect("written");
        assert_eq!(disk.sweep().expect("swept"), 2);
        let mut left: Vec<_> = fs::read_dir(&dir).expect("a folder").map(|e| e.expect("one").file_name()).collect();
        left.sort();
        assert_eq!(left, ["-7-1", "-7-4", "notes.txt"]);
        assert_eq!(sweep(&dir, |_| false).expect("swept"), 1, "the cache was switched off");
        fs::remove_dir_all(&dir).expect("ours");
    }

    #[tokio::test]
    async fn blocks_are_found_again_after_a_restart_and_the_oldest_go_first() {
        let dir = std::env::temp_dir().join(format!("cinepost-disk-{}", std::process::id()));
        let disk = Disk::open(&dir, 3000).expect("a folder");
        for block in 0..3 {
            disk.keep(key(block), move || Some(vec![block as u8; 1000].into()));
            until_kept(&disk, key(block)).await;
        }
        assert_eq!(disk.read(key(1), 990, 10).await, Some(vec![1; 10].into()));
        fs::write(dir.join("9.tmp"), "half").expect("writable");

        let again = Disk::open(&dir, 3000).expect("a folder");
        assert_eq!((again.bytes(), dir.join("9.tmp").exists()), (3000, false));
        assert_eq!(again.read(key(2), 0, 1000).await, Some(vec![2; 1000].into()));
        again.keep(key(4), || None);
        again.keep(key(3), || Some(vec![3; 1000].into()));
        until_kept(&again, key(3)).await;
        assert!(!again.has(key(0)) && again.has(key(2)) && !again.has(key(4)));
        assert!(!path(&dir, key(0)).exists());

        // Somebody emptied the folder: not here, and no longer said to be.
        fs::remove_file(path(&dir, key(2))).expect("there");
        assert_eq!(again.read(key(2), 0, 10).await, None);
        assert!(!again.has(key(2)));
        fs::remove_dir_all(&dir).expect("ours");
    }
}
