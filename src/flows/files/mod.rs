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

use crate::adapters::store::Store;
use crate::adapters::telegram::Messages;
use crate::domain::post::ChatId;
use crate::domain::secret::{Key, Purpose, SecretKey};

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
    /// The channel that keeps the copies. `None`: people cannot give files.
    storage: Option<ChatId>,
    key: Key,
}

impl Files {
    pub fn new(store: Store, messages: Messages, storage: Option<ChatId>, secret: &SecretKey) -> Self {
        Self { store, messages, storage, key: secret.derive(Purpose::Share) }
    }

    /// Whether people can give files at all.
    pub fn is_open(&self) -> bool {
        self.storage.is_some()
    }
}
