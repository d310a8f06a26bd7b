//! Posts: channel messages that carry a file, in our own words. No Telegram client type goes beyond `telegram/`;
//! this is what it hands over instead.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::passed_over::PassedOver;
use super::rendition::Rendition;
use super::telegram_id::Dc;

/// A channel, in the `-100…` form that Telegram's apps and bots show. Only channels can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct ChatId(i64);

/// Channel ids are `-1_000_000_000_000 - bare id` (core.telegram.org/api/bots/ids).
const CHANNEL_BASE: i64 = -1_000_000_000_000;
const MAX_BARE: i64 = 997_852_516_352;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatIdError {
    #[error(
        "{0:?} is not a channel id: it should look like -1001234567890; forward a post of the channel to @userinfobot, which tells it"
    )]
    NotANumber(String),
    #[error("{given} is not a channel id, because {because}: write {meant}")]
    Nearly { given: String, because: &'static str, meant: ChatId },
    #[error("{0} is not a channel id: channel ids begin with -100 and have 13 digits, as in -1001234567890")]
    NotAChannel(i64),
}

impl ChatId {
    /// From the id that MTProto uses inside (positive, without `-100`). `None` outside Telegram's range.
    pub fn from_bare(bare: i64) -> Option<Self> {
        (1..=MAX_BARE).contains(&bare).then(|| Self(CHANNEL_BASE - bare))
    }

    /// The id that MTProto uses inside.
    pub fn bare(self) -> i64 {
        CHANNEL_BASE - self.0
    }

    /// The `-100…` form.
    pub fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for ChatId {
    type Error = ChatIdError;

    fn try_from(id: i64) -> Result<Self, ChatIdError> {
        let whole = |id: &i64| (CHANNEL_BASE - MAX_BARE..CHANNEL_BASE).contains(id).then_some(Self(*id));
        if let Some(chat) = whole(&id) {
            return Ok(chat);
        }
        let other_sign = id.saturating_neg();
        let nearly = |because, meant| Err(ChatIdError::Nearly { given: id.to_string(), because, meant });
        match (whole(&other_sign), Self::from_bare(id), Self::from_bare(other_sign)) {
            (Some(meant), ..) => nearly("the minus before it is missing", meant),
            (_, Some(meant), _) => nearly("the -100 before it is missing", meant),
            (_, _, Some(meant)) => nearly("the 100 after the minus is missing", meant),
            _ => Err(ChatIdError::NotAChannel(id)),
        }
    }
}

impl FromStr for ChatId {
    type Err = ChatIdError;

    fn from_str(text: &str) -> Result<Self, ChatIdError> {
        // What phones and web pages make of a minus.
        let plain = text.trim().replace(['\u{2212}', '\u{2013}', '\u{2014}', '\u{2011}'], "-");
        if let Ok(id) = plain.parse::<i64>() {
            return Self::try_from(id);
        }
        Err(match linked(&plain) {
            Some(meant) => ChatIdError::Nearly { given: plain, because: "it is a link", meant },
            None => ChatIdError::NotANumber(text.to_owned()),
        })
    }
}

/// The channel of a link to one of its posts, as [`PostRef::url`] makes it and Telegram's apps copy it. Links of public channels
/// hold a name instead of the id.
fn linked(text: &str) -> Option<ChatId> {
    let (_, path) = text.split_once("t.me/c/")?;
    ChatId::from_bare(path.split('/').next()?.parse().ok()?)
}

impl From<ChatId> for i64 {
    fn from(chat: ChatId) -> i64 {
        chat.0
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names one message: `-1001234567890/42`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostRef {
    pub chat: ChatId,
    pub message: i32,
}

impl PostRef {
    /// Opens the message in Telegram, for members of the channel.
    pub fn url(self) -> String {
        format!("https://t.me/c/{}/{}", self.chat.bare(), self.message)
    }
}

impl fmt::Display for PostRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.chat, self.message)
    }
}

/// A document's id. The same for every account, for ever, and for every forward of the file: what entries are named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentId(pub i64);

/// The file of a post, as Telegram describes it. Nothing here is secret or belongs to one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub document: DocumentId,
    /// The data centre that holds the file.
    pub dc: Dc,
    /// Bytes.
    pub size: u64,
    /// As the sender's app said; often `application/octet-stream`.
    pub mime: String,
    /// Absent for videos sent as media rather than as a file.
    pub file_name: Option<String>,
    pub duration_secs: Option<u32>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Lower qualities that Telegram made of it, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renditions: Vec<Rendition>,
}

/// A channel message that carries a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    pub at: PostRef,
    /// Unix seconds.
    pub date: i64,
    /// Messages sent together share this (`grouped_id`).
    pub album: Option<i64>,
    /// The message of the same channel that it answers.
    pub reply_to: Option<i32>,
    /// Empty when there is none. May span lines.
    pub caption: String,
    pub attachment: Attachment,
}

/// What happened in a channel. Delivered at least once and in order within a channel, so handling it twice must be harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelEvent {
    /// A new message with a file, or one found while sweeping.
    Posted(Post),
    /// An existing message that has a file now, whatever it had before.
    Edited(Post),
    /// A message, new or old, that carries no file (any more).
    PassedOver(PassedOver),
    /// Deleted.
    Gone(Vec<PostRef>),
    /// Nobody was told of the messages up to this one, or of what happened to them: they are to be read by their ids.
    Unread { chat: ChatId, up_to: i32 },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channel_ids_say_how_to_mend_them() {
        let cases = [
            ("-1001234567890", Ok(-1_001_234_567_890)),
            (" -1001500000001 ", Ok(-1_001_500_000_001)),
            ("\u{2212}1001500000001", Ok(-1_001_500_000_001)),
            (
                "1001500000001",
                Err("1001500000001 is not a channel id, because the minus before it is missing: write -1001500000001"),
            ),
            (
                "1500000001",
                Err("1500000001 is not a channel id, because the -100 before it is missing: write -1001500000001"),
            ),
            (
                "-1500000001",
                Err(
                    "-1500000001 is not a channel id, because the 100 after the minus is missing: write -1001500000001",
                ),
            ),
            (
                "https://t.me/c/1500000001/42",
                Err("https://t.me/c/1500000001/42 is not a channel id, because it is a link: write -1001500000001"),
            ),
            (
                "@films",
                Err(
                    "\"@films\" is not a channel id: it should look like -1001234567890; forward a post of the channel to @userinfobot, which tells it",
                ),
            ),
            (
                "-9999999999999999",
                Err(
                    "-9999999999999999 is not a channel id: channel ids begin with -100 and have 13 digits, as in -1001234567890",
                ),
            ),
            ("0", Err("0 is not a channel id: channel ids begin with -100 and have 13 digits, as in -1001234567890")),
        ];
        for (text, wanted) in cases {
            let got = text.parse::<ChatId>().map(ChatId::get).map_err(|e| e.to_string());
            assert_eq!(got, wanted.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn bare_ids_round_trip() {
        let chat = ChatId::from_bare(1_500_000_001).expect("in range");
        assert_eq!((chat.get(), chat.bare()), (-1_001_500_000_001, 1_500_000_001));
        assert_eq!(ChatId::from_bare(0), None);
    }
}
