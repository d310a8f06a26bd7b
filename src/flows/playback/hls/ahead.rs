//! What a viewer will ask for next is read before they do, behind everybody who waits for something, and lies in the byte engine's cache then.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tracing::debug;

use crate::domain::entry::EntryId;
use crate::domain::person::PersonId;
use crate::domain::range::ByteRange;
use crate::engines::bytes::{self, Purpose};
use crate::flows::playback::{Found, Playback};

/// Read at once, and held meanwhile: a reader's window begins small, so that less at once would be many small calls.
const PIECE: u64 = 2 << 20;

/// How long viewers who are short of connections go first before it looks again.
const GIVES_WAY: Duration = Duration::from_millis(500);

/// Who reads ahead now: one task for a person and a film. A seek ends it.
#[derive(Default)]
pub struct Ahead {
    running: Mutex<HashMap<(PersonId, EntryId), AbortHandle>>,
}

impl Ahead {
    /// Puts a task in the place of the one before it.
    fn replace(&self, key: (PersonId, EntryId), task: AbortHandle) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, task| !task.is_finished());
        if let Some(before) = running.insert(key, task) {
            before.abort();
        }
    }

    /// Ends what reads ahead for a viewer.
    pub fn end(&self, key: (PersonId, EntryId)) {
        if let Some(task) = self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&key) {
            task.abort();
        }
    }
}

impl Playback {
    /// Reads this of a film, as far as the engine's cache has room for it, while no viewers are short of connections.
    pub(super) fn read_ahead(&self, found: Found, range: Range<u64>) {
        let key = (found.asker.person, found.entry.id);
        let engine = self.engine.clone();
        let task = tokio::spawn(async move {
            let end = range.end.min(range.start.saturating_add(engine.room_ahead())).min(found.entry.file.len());
            let mut at = range.start;
            while at < end {
                if engine.is_contended() {
                    tokio::time::sleep(GIVES_WAY).await;
                    continue;
                }
                let Some(piece) = ByteRange::new(at, end.min(at + PIECE)) else { return };
                match engine.read(&found.entry.file, &found.locations, piece, Purpose::Prefetch).await {
                    Ok(_) => at = piece.end(),
                    Err(bytes::Error::Busy { retry_after }) => tokio::time::sleep(retry_after).await,
                    Err(error) => {
                        debug!(%error, "{} is not read ahead", found.entry.name);
                        return;
                    }
                }
            }
        });
        self.hls.ahead.replace(key, task.abort_handle());
    }
}
