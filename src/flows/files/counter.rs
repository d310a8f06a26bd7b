//! What goes out of a shared file, counted while it goes, so that a link which was ended, or downloaded as often as its owner allows, ends
//! in mid-stream as well, over how many connections it is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::debug;

use crate::adapters::clock::unix_now;
use crate::adapters::store;
use crate::domain::shared::{Served, ShareLink};

/// Bytes between two looks at the record. So much may go out too much, on each connection.
const STEP: u64 = 4 << 20;

/// Counts for one response; what is left is counted when it is dropped.
pub struct Counter {
    files: store::Files,
    link: ShareLink,
    uncounted: Served,
    is_over: Arc<AtomicBool>,
}

impl Counter {
    pub(super) fn begin(files: store::Files, link: ShareLink, is_whole: bool) -> Self {
        let (downloads, streams) = if is_whole { (1, 0) } else { (0, 1) };
        let uncounted = Served { downloads, streams, bytes: 0 };
        Self { files, link, uncounted, is_over: Arc::default() }
    }

    /// So many bytes went out.
    pub fn sent(&mut self, bytes: usize) {
        self.uncounted.bytes += bytes as u64;
        if self.uncounted.bytes >= STEP {
            self.count();
        }
    }

    /// Whether the link does not open any more.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Beside the stream, which does not wait for it.
    fn count(&mut self) {
        let (files, link, is_over) = (self.files.clone(), self.link, Arc::clone(&self.is_over));
        let served = std::mem::take(&mut self.uncounted);
        tokio::spawn(async move {
            match files.count(link.file, served).await {
                Ok(file) => {
                    let opens = file.is_some_and(|file| file.opens(link.version, unix_now()).is_ok());
                    is_over.store(!opens, Ordering::Relaxed);
                }
                Err(error) => debug!(%error, "What went out of a file could not be counted"),
            }
        });
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        if self.uncounted != Served::default() {
            self.count();
        }
    }
}
