//! People's own files: what they give to the bot is copied to the storage channel, kept with a record, and gets a link.
//!
//! ```text
//! keep       a message with a file -> copy in the storage channel -> record      twice is once
//! scan       the owner's scanner, between the copy and the record
//! own        list, search, rename, move, delete, folders: only one's own
//! expired    upkeep: files whose links ended long ago
//! share      the link's terms: an end, a password, so many downloads, or a new link
//! open       link -> file, for whoever has it; counter: what goes out, and the end of it when the link's terms are reached
//! ```
//!
//! The copy is made by Telegram, and reading is the byte engine's; only a scanner is handed bytes here.

mod counter;
mod error;
pub mod expired;
mod keep;
mod naming;
mod open;
mod own;
mod scan;
mod share;

use std::sync::Arc;

use crate::adapters::store::Store;
use crate::adapters::telegram::Messages;
use crate::domain::post::ChatId;
use crate::domain::secret::{Key, Purpose, SecretKey};
use crate::domain::shared::FileTypes;
use crate::engines::bytes::Engine;
use scan::Scanner;

pub use crate::adapters::store::files::{FilesQuery, FilesSum, Place};
pub use counter::Counter;
pub use error::{Error, OpenError};
pub use keep::Kept;
pub use open::Opened;
pub use scan::ScanOptions;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Store,
    messages: Messages,
    options: Arc<Options>,
    scanner: Option<Arc<Scanner>>,
    key: Key,
}

/// What the owner says about files.
#[derive(Debug, Default)]
pub struct Options {
    /// The channel that keeps the copies. `None`: people cannot give files.
    pub storage: Option<ChatId>,
    pub types: FileTypes,
}

impl Files {
    pub fn new(store: Store, messages: Messages, options: Options, secret: &SecretKey) -> Self {
        Self { store, messages, options: Arc::new(options), scanner: None, key: secret.derive(Purpose::Share) }
    }

    /// With a scanner that looks at each file first. It reads through the engine.
    #[must_use]
    pub fn with_scanner(self, scan: Option<ScanOptions>, engine: &Engine) -> Self {
        let scanner = scan.map(|options| Arc::new(Scanner::new(options, engine.clone())));
        Self { scanner, ..self }
    }

    /// Whether a scanner looks at files, which takes its time.
    pub fn scans(&self) -> bool {
        self.scanner.is_some()
    }

    /// Whether people can give files at all.
    pub fn is_open(&self) -> bool {
        self.options.storage.is_some()
    }
}
