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
use crate::flows::playback::{Error, Found, Playback};

/// Read at once, and held meanwhile: a reader's window begins small, so that less at once would be many small calls.
const PIECE: u64 = 2 << 20;

/// How long viewers who are short of connections go first before it looks again.
const GIVES_WAY: Duration = Duration::from_millis(500);

/// Who waited so long in all has read nothing in time for anybody.
const PATIENCE: Duration = Duration::from_secs(120);

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
        let playback = self.clone();
        let task = tokio::spawn(async move {
            if let Err(error) = playback.read_pieces(&found, range).await {
                debug!(%error, "{} is not read ahead", found.entry.name);
            }
        });
        self.hls.ahead.replace(key, task.abort_handle());
    }

    /// Piece by piece, as long as the viewer may have them.
    async fn read_pieces(&self, found: &Found, range: Range<u64>) -> Result<(), Error> {
        let Found { entry, asker, version, locations } = found;
        let end = range.end.min(range.start.saturating_add(self.engine.room_ahead())).min(entry.file.len());
        let (mut at, mut waited) = (range.start, Duration::ZERO);
        while at < end && waited < PATIENCE {
            if !self.admits(asker.person, *version).await? {
                return Err(Error::Revoked);
            }
            let wait = if self.engine.is_contended() {
                GIVES_WAY
            } else {
                let Some(piece) = ByteRange::new(at, end.min(at + PIECE)) else { break };
                match self.engine.read(&entry.file, locations, piece, Purpose::Prefetch).await {
                    Ok(_) => {
                        at = piece.end();
                        continue;
                    }
                    Err(bytes::Error::Busy { retry_after }) => retry_after,
                    Err(error) => return Err(error.into()),
                }
            };
            tokio::time::sleep(wait.min(PATIENCE)).await;
            waited += wait;
        }
        Ok(())
    }
}
