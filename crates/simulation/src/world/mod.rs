//! What the simulated Telegram knows: accounts and the people who write to them, channels with their histories, documents,
//! and which authorization key belongs to whom. No connections, no TL. What serde writes of it is what a restart keeps.

mod accounts;
mod channels;
mod documents;
mod queries;
mod secrets;
mod state;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

pub(super) use accounts::{Account, Letter, Person};
pub(super) use channels::{Change, Channel, Event, History, Message};
pub(super) use documents::{Document, Draft, PHOTO_SIZES, Upload};
pub(super) use queries::{Ephemeral, Query, Talk};
pub(super) use secrets::ReferenceAge;
pub(super) use state::StateFile;
pub(super) use words::{Words, WordsEdit};

use super::refusal::Refusal;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct World {
    /// Keys, tokens, access hashes and file references come from it.
    pub seed: u64,
    pub accounts: Vec<Account>,
    pub people: BTreeMap<i64, Person>,
    /// By bare id.
    pub channels: BTreeMap<i64, Channel>,
    pub documents: BTreeMap<i64, Document>,
    /// Authorization keys by id: which DC they are for, and who signed in with them.
    pub keys: HashMap<i64, KeyState>,
    /// Files that are still coming in, by account and the client's number for them.
    #[serde(skip)]
    pub uploads: HashMap<(i64, i64), Upload>,
    /// Authorizations on their way to another DC: account, DC and secret.
    #[serde(skip)]
    pub exports: Vec<Export>,
    /// Queries, ephemeral messages and commands.
    #[serde(skip)]
    pub talk: Talk,
    /// Where given bytes are kept. In memory when there is no such folder.
    #[serde(skip)]
    pub folder: Option<PathBuf>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct KeyState {
    pub dc: i32,
    /// Whose key it is in the book: only a name for faults and statistics until somebody signs in.
    pub made_for: i64,
    pub signed_in: Option<i64>,
    /// A client that has said who it is (initConnection) with this key.
    pub is_introduced: bool,
}

#[derive(Debug)]
pub(super) struct Export {
    pub account: i64,
    pub dc: i32,
    pub secret: Vec<u8>,
}

impl World {
    pub fn account(&self, id: i64) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub fn account_mut(&mut self, id: i64) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    pub fn account_named(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The channel that a bot addresses, if it may see it. Bots need no access hash for channels they are in.
    pub fn channel_for(&self, account: i64, bare: i64, access_hash: i64) -> Result<&Channel, Refusal> {
        let channel = self.channels.get(&bare).ok_or(Refusal::bad("CHANNEL_INVALID"))?;
        if access_hash != 0 && access_hash != self.channel_hash(account, bare) {
            return Err(Refusal::bad("CHANNEL_INVALID"));
        }
        if !channel.members.contains(&account) {
            return Err(Refusal::bad("CHANNEL_PRIVATE"));
        }
        Ok(channel)
    }

    /// The person that a bot writes to. A bot cannot write first.
    pub fn person_for(&self, account: i64, id: i64, access_hash: i64) -> Result<&Person, Refusal> {
        let person = self.people.get(&id).ok_or(Refusal::bad("PEER_ID_INVALID"))?;
        let is_known = self.account(account).is_some_and(|a| a.knows(id));
        if !is_known || access_hash != 0 && access_hash != self.user_hash(account, id) {
            return Err(Refusal::bad("PEER_ID_INVALID"));
        }
        if person.blocked.contains(&account) {
            return Err(Refusal::new(403, "USER_IS_BLOCKED"));
        }
        Ok(person)
    }
}

/// Unix time in nanoseconds: what was said first among messages of one second.
fn now_exactly() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64)
}

/// Unix time in seconds.
pub(super) fn now() -> i32 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs() as i32)
}
