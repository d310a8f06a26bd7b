//! People's own files: what they give to the bot is copied to the storage channel, kept with a record, and gets a link.
//!
//! ```text
//! keep       a message with a file -> copy in the storage channel -> record      twice is once
//! own        list, search, rename, move, delete, folders: only one's own
//! share      the link's terms: an end, a password, so many downloads, or a new link
//! open       link -> file, for whoever has it; counter: what goes out, and the end of it when the link's terms are reached
//! ```
//!
//! No byte passes through here: the copy is made by Telegram, and reading is the byte engine's.

mod counter;
mod error;
mod keep;
mod naming;
mod open;
mod own;
mod share;

use std::sync::Arc;

use crate::adapters::store::Store;
use crate::adapters::telegram::Messages;
use crate::domain::post::ChatId;
use crate::domain::secret::{Key, Purpose, SecretKey};
use crate::domain::shared::FileTypes;

pub use crate::adapters::store::files::{FilesQuery, FilesSum, Place};
pub use counter::Counter;
pub use error::{Error, OpenError};
pub use keep::Kept;
pub use open::Opened;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Store,
    messages: Messages,
    options: Arc<Options>,
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
        Self { store, messages, options: Arc::new(options), key: secret.derive(Purpose::Share) }
    }

    /// Whether people can give files at all.
    pub fn is_open(&self) -> bool {
        self.options.storage.is_some()
    }
}
