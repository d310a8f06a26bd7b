//! The simulated world: accounts, channels with their messages and update logs, documents, people. Rules that Telegram
//! has whoever asks live here; how questions arrive is `rpc`'s business.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::content::Content;

/// `-100…` form of a channel's bare id.
pub fn marked(bare: i64) -> i64 {
    -1_000_000_000_000 - bare
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    pub id: i64,
    pub token: String,
    /// Raised to expire every file reference that this account was given.
    pub references: u32,
    /// DCs where this account's key is signed in.
    pub signed_in: BTreeSet<i32>,
    /// Messages in private chats: the account's own box, its own numbering and pts.
    pub inbox: Vec<Private>,
    pub pts: i32,
}

/// A message between a person and a bot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Private {
    pub id: i32,
    pub person: i64,
    pub text: String,
    pub is_outgoing: bool,
    pub date: i32,
    pub pts: i32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Channel {
    pub id: i64,
    pub title: String,
    pub members: BTreeSet<i64>,
    pub messages: BTreeMap<i32, Message>,
    pub next_message: i32,
    pub pts: i32,
    pub log: Vec<Logged>,
}

/// One step of a channel's pts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Logged {
    pub pts: i32,
    pub pts_count: i32,
    pub change: Change,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Change {
    New(i32),
    Edited(i32),
    Deleted(Vec<i32>),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    pub id: i32,
    pub date: i32,
    pub edited: Option<i32>,
    pub text: String,
    pub document: Option<i64>,
    pub album: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    pub id: i64,
    pub dc: i32,
    pub mime: String,
    pub file_name: Option<String>,
    pub duration: Option<u32>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub date: i32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    real: Option<Vec<u8>>,
    size: u64,
    #[serde(skip)]
    shared: Option<Arc<[u8]>>,
}

impl Document {
    pub fn content(&self) -> Content {
        match &self.shared {
            Some(bytes) => Content::Real(bytes.clone()),
            None => Content::Generated { document: self.id, size: self.size },
        }
    }

    pub fn size(&self) -> u64 {
        self.size
    }
}

/// A post to make. Without `media` the file is generated and has `size` bytes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NewPost {
    pub file_name: Option<String>,
    pub caption: String,
    pub size: u64,
    /// Real bytes of a small file.
    #[serde(skip)]
    pub bytes: Option<Arc<[u8]>>,
    pub mime: Option<String>,
    /// Where the file lives; 4 when absent.
    pub dc: Option<i32>,
    pub duration: Option<u32>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub album: Option<i64>,
    /// An existing document instead of a new one: a forward.
    pub document: Option<i64>,
    /// A message without a file.
    pub text_only: bool,
}

/// What a post became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    pub message: i32,
    /// 0 for a message without a file.
    pub document: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    #[error("there is no channel {0}")]
    NoChannel(i64),
    #[error("there is no message {0} in that channel")]
    NoMessage(i32),
    #[error("there is no account called {0:?}")]
    NoAccount(String),
    #[error("there is no document {0}")]
    NoDocument(i64),
}

#[derive(Serialize, Deserialize)]
pub struct World {
    pub seed: u64,
    pub accounts: Vec<Account>,
    pub channels: BTreeMap<i64, Channel>,
    pub documents: HashMap<i64, Document>,
    next_document: i64,
    /// How long a file reference lives; for ever when absent.
    #[serde(skip)]
    pub reference_life: Option<Duration>,
    #[serde(skip, default = "Instant::now")]
    began: Instant,
    /// Parts of files being uploaded, by account and file id.
    #[serde(skip)]
    pub uploads: HashMap<(i64, i64), BTreeMap<i32, Vec<u8>>>,
}

impl World {
    pub fn new(seed: u64, accounts: Vec<Account>, channels: Vec<Channel>) -> Self {
        Self {
            seed,
            accounts,
            channels: channels.into_iter().map(|c| (c.id, c)).collect(),
            documents: HashMap::new(),
            next_document: 7_000_000_000_001,
            reference_life: None,
            began: Instant::now(),
            uploads: HashMap::new(),
        }
    }

    /// After reading a state file: real bytes are shared again.
    pub fn woken(mut self) -> Self {
        for document in self.documents.values_mut() {
            document.shared = document.real.take().map(Arc::from);
        }
        self
    }

    /// For writing a state file.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        // Real bytes travel inside: they are small clips.
        let mut value = serde_json::to_value(self)?;
        for (id, document) in &self.documents {
            if let Some(bytes) = &document.shared {
                value["documents"][id.to_string()]["real"] = serde_json::to_value(bytes.as_ref())?;
            }
        }
        serde_json::to_vec(&value)
    }

    pub fn account(&self, id: i64) -> Option<&Account> {
        self.accounts.iter().find(|a| a.id == id)
    }

    pub fn account_mut(&mut self, id: i64) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|a| a.id == id)
    }

    pub fn named(&self, name: &str) -> Result<i64, WorldError> {
        let found = self.accounts.iter().find(|a| a.name == name).map(|a| a.id);
        found.ok_or_else(|| WorldError::NoAccount(name.to_owned()))
    }

    /// A channel by its `-100…` id.
    pub fn channel_mut(&mut self, marked_id: i64) -> Result<&mut Channel, WorldError> {
        self.channels.get_mut(&marked(marked_id)).ok_or(WorldError::NoChannel(marked_id))
    }

    // --- posts --------------------------------------------------------------------------------------------------

    pub fn post(&mut self, chat: i64, post: NewPost) -> Result<Posted, WorldError> {
        self.channel_mut(chat)?;
        let document = match (post.text_only, post.document) {
            (true, _) => None,
            (false, Some(id)) if self.documents.contains_key(&id) => Some(id),
            (false, Some(id)) => return Err(WorldError::NoDocument(id)),
            (false, None) => Some(self.add_document(&post)),
        };
        let date = unix_now();
        let channel = self.channel_mut(chat)?;
        let id = channel.next_message;
        channel.next_message += 1;
        let message = Message { id, date, edited: None, text: post.caption, document, album: post.album };
        channel.messages.insert(id, message);
        channel.log(1, Change::New(id));
        Ok(Posted { message: id, document: document.unwrap_or(0) })
    }

    fn add_document(&mut self, post: &NewPost) -> i64 {
        let id = self.next_document;
        self.next_document += 1;
        let name = post.file_name.as_deref().unwrap_or_default();
        let mime = post.mime.clone().unwrap_or_else(|| mime_of(name).to_owned());
        let document = Document {
            id,
            dc: post.dc.unwrap_or(4),
            mime,
            file_name: post.file_name.clone(),
            duration: post.duration,
            width: post.width,
            height: post.height,
            date: unix_now(),
            real: None,
            size: post.bytes.as_ref().map_or(post.size, |b| b.len() as u64),
            shared: post.bytes.clone(),
        };
        self.documents.insert(id, document);
        id
    }

    /// Changes a caption, or the file when `document` is given (`Some(None)` takes it away).
    pub fn edit(&mut self, chat: i64, id: i32, text: Option<String>, file: Option<NewPost>) -> Result<(), WorldError> {
        let document = file.map(|post| if post.text_only { None } else { Some(self.add_document(&post)) });
        let channel = self.channel_mut(chat)?;
        let message = channel.messages.get_mut(&id).ok_or(WorldError::NoMessage(id))?;
        if let Some(text) = text {
            message.text = text;
        }
        if let Some(document) = document {
            message.document = document;
        }
        message.edited = Some(unix_now());
        channel.log(1, Change::Edited(id));
        Ok(())
    }

    /// Deletes messages; those that are not there are passed over, as Telegram does.
    pub fn delete(&mut self, chat: i64, ids: &[i32]) -> Result<Vec<i32>, WorldError> {
        let channel = self.channel_mut(chat)?;
        let gone: Vec<i32> = ids.iter().copied().filter(|id| channel.messages.remove(id).is_some()).collect();
        if !gone.is_empty() {
            channel.log(gone.len() as i32, Change::Deleted(gone.clone()));
        }
        Ok(gone)
    }

    // --- private messages ---------------------------------------------------------------------------------------

    /// A message in an account's private box; answers its id.
    pub fn write(&mut self, account: i64, person: i64, text: &str, is_outgoing: bool) -> Option<Private> {
        let account = self.account_mut(account)?;
        account.pts += 1;
        let message = Private {
            id: account.inbox.len() as i32 + 1,
            person,
            text: text.to_owned(),
            is_outgoing,
            date: unix_now(),
            pts: account.pts,
        };
        account.inbox.push(message.clone());
        Some(message)
    }

    // --- secrets per account ------------------------------------------------------------------------------------

    /// The access hash by which one account addresses a channel, document or person.
    pub fn access_hash(&self, account: i64, what: &str, id: i64) -> i64 {
        let digest = self.digest(&[what.as_bytes(), &account.to_le_bytes(), &id.to_le_bytes()]);
        i64::from_le_bytes(digest[..8].try_into().unwrap_or_default()) | 1
    }

    /// A fresh file reference: `when it was given:4 | references counter:4 | MAC:8`.
    pub fn file_reference(&self, account: &Account, document: i64) -> Vec<u8> {
        let mut reference = (self.began.elapsed().as_millis() as u32).to_le_bytes().to_vec();
        reference.extend_from_slice(&account.references.to_le_bytes());
        let mac = self.reference_mac(account.id, document, &reference);
        reference.extend_from_slice(&mac);
        reference
    }

    /// `Ok` when a reference still opens the document, otherwise Telegram's error for it.
    pub fn check_reference(&self, account: &Account, document: i64, reference: &[u8]) -> Result<(), &'static str> {
        if reference.is_empty() {
            return Err("FILE_REFERENCE_EMPTY");
        }
        if reference.len() != 16 || reference[8..] != self.reference_mac(account.id, document, &reference[..8]) {
            return Err("FILE_REFERENCE_INVALID");
        }
        let word =
            |at: usize| u32::from_le_bytes([reference[at], reference[at + 1], reference[at + 2], reference[at + 3]]);
        let age = Duration::from_millis(u64::from((self.began.elapsed().as_millis() as u32).wrapping_sub(word(0))));
        let too_old = self.reference_life.is_some_and(|life| age > life);
        match too_old || word(4) != account.references {
            true => Err("FILE_REFERENCE_EXPIRED"),
            false => Ok(()),
        }
    }

    fn reference_mac(&self, account: i64, document: i64, head: &[u8]) -> [u8; 8] {
        let digest = self.digest(&[b"reference", &account.to_le_bytes(), &document.to_le_bytes(), head]);
        digest[..8].try_into().unwrap_or_default()
    }

    /// What an account takes from one DC to another as proof of being signed in.
    pub fn exported_authorization(&self, account: i64, dc: i32) -> Vec<u8> {
        self.digest(&[b"exported", &account.to_le_bytes(), &dc.to_le_bytes()]).to_vec()
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.seed.to_le_bytes());
        for part in parts {
            hash.update((part.len() as u32).to_le_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

impl Channel {
    pub fn new(id: i64, title: &str, members: impl IntoIterator<Item = i64>) -> Self {
        Self {
            id,
            title: title.to_owned(),
            members: members.into_iter().collect(),
            messages: BTreeMap::new(),
            next_message: 1,
            // A channel's own creation is the first step.
            pts: 1,
            log: Vec::new(),
        }
    }

    fn log(&mut self, pts_count: i32, change: Change) {
        self.pts += pts_count;
        self.log.push(Logged { pts: self.pts, pts_count, change });
    }

    /// What happened after `pts`, oldest first, at most `limit` steps, and whether that is all.
    pub fn since(&self, pts: i32, limit: usize) -> (&[Logged], bool) {
        let from = self.log.partition_point(|step| step.pts <= pts);
        let rest = &self.log[from..];
        (&rest[..rest.len().min(limit)], rest.len() <= limit)
    }

    pub fn top_message(&self) -> i32 {
        self.messages.last_key_value().map_or(0, |(id, _)| *id)
    }
}

fn mime_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).as_deref() {
        Some("mkv") => "video/x-matroska",
        Some("mp4" | "m4v") => "video/mp4",
        Some("avi") => "video/x-msvideo",
        Some("webm") => "video/webm",
        Some("srt") => "application/x-subrip",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

pub fn unix_now() -> i32 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs() as i32)
}

impl From<super::library::Post> for NewPost {
    fn from(post: super::library::Post) -> Self {
        let (size, bytes) = match post.content {
            super::library::Content::Generated { size } => (size, None),
            super::library::Content::Clip(bytes) => (0, Some(Arc::from(bytes))),
        };
        Self {
            file_name: (!post.file_name.is_empty()).then(|| post.file_name.to_owned()),
            caption: post.caption.to_owned(),
            size,
            bytes,
            mime: Some(post.mime.to_owned()),
            dc: Some(post.dc),
            duration: post.duration_secs,
            width: post.width,
            height: post.height,
            ..Self::default()
        }
    }
}
