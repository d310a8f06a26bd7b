//! The lines of subtitles, for files beside films: servers read no links there. Each file is read once, behind everybody who watches; after that
//! it lies in the tree.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use subtitles::{Hints, rewritten};

use super::{Export, files};
use crate::adapters::store::Store;
use crate::adapters::telegram::VolumeLocation;
use crate::containers::archive::inflated_whole;
use crate::domain::entry::{Entry, EntryId};
use crate::domain::person::Person;
use crate::domain::range::ByteRange;
use crate::domain::subtitles::{MAX_BYTES, language};
use crate::engines::bytes::{Engine, Purpose};
use crate::engines::jobs::BoxFuture;

/// They cannot be read now, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unread(pub String);

/// Who reads them: the program itself, or a command beside it that asks the program.
pub trait Lines: Send + Sync {
    /// In UTF-8 and in time. `None`: there are none in the file.
    fn read<'a>(
        &'a self,
        export: &'a Export,
        person: &'a Person,
        subtitles: &'a Entry,
        shift_ms: i64,
    ) -> BoxFuture<'a, Result<Option<String>, Unread>>;
}

/// The program's own way.
pub struct TelegramLines {
    store: Store,
    engine: Engine,
    /// Files in which there are none: they are read once by this program.
    empty: Mutex<HashSet<EntryId>>,
}

impl TelegramLines {
    pub fn new(store: Store, engine: Engine) -> Self {
        Self { store, engine, empty: Mutex::default() }
    }

    async fn lines(&self, subtitles: &Entry, shift_ms: i64) -> Result<Option<String>, Unread> {
        let size = subtitles.file.len();
        let is_empty = self.empty().contains(&subtitles.id);
        let Some(range) = ByteRange::new(0, size).filter(|_| size <= MAX_BYTES && !is_empty) else { return Ok(None) };
        let sources = self.store.entries().sources(subtitles.id).await.map_err(|e| Unread(e.to_string()))?;
        let Some(locations) = VolumeLocation::of_all(&subtitles.file, &sources) else { return Ok(None) };
        let bytes = self.engine.read(&subtitles.file, &locations.into(), range, Purpose::Bulk).await;
        let bytes = bytes.map_err(|e| Unread(e.to_string()))?;
        let (language, writing) = (language(subtitles).map(str::to_owned), files::writing(subtitles));
        let unpacked = subtitles.unpacked;
        // Some ten milliseconds a megabyte: too long for a thread that others wait for.
        let write = move || {
            let bytes = match unpacked {
                Some(size) => inflated_whole(&bytes, size, MAX_BYTES)?.into(),
                None => bytes,
            };
            rewritten(&bytes, &Hints { language: language.as_deref(), ..Hints::default() }, writing, shift_ms).ok()
        };
        let text = tokio::task::spawn_blocking(write).await.map_err(|e| Unread(e.to_string()))?;
        if text.is_none() {
            self.empty().insert(subtitles.id);
        }
        Ok(text)
    }

    fn empty(&self) -> std::sync::MutexGuard<'_, HashSet<EntryId>> {
        self.empty.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines for TelegramLines {
    fn read<'a>(
        &'a self,
        _: &'a Export,
        _: &'a Person,
        subtitles: &'a Entry,
        shift_ms: i64,
    ) -> BoxFuture<'a, Result<Option<String>, Unread>> {
        Box::pin(self.lines(subtitles, shift_ms))
    }
}
