//! What people do with the main bot, in our words: messages in private and in groups, edits, deletions, presses of buttons, inline
//! queries. Each comes as an [`Arrival`] that is acknowledged when it was dealt with.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::outgoing::PressData;
use crate::domain::post::{Attachment, ChatId, PostRef};
use crate::domain::telegram_id::UserId;

/// Something that a person did. It counts as handled only when [`Arrival::done`] is called: dropped before that it comes again, after
/// a moment (a few times) and after a crash. Of one person one is in flight at a time, in order; people do not wait for each other.
#[derive(Debug)]
pub struct Arrival {
    /// Names it for ever: an arrival with a key that was dealt with before is a repetition.
    pub key: String,
    pub event: PersonEvent,
    pub(in crate::adapters::telegram) acknowledgment: Acknowledgment,
}

/// Keeps that the arrival of this key was dealt with.
pub(in crate::adapters::telegram) type Handled = Arc<dyn Fn(&str) + Send + Sync>;

/// Tells the ledger, when there is one, and whoever waits to deliver the next.
pub(in crate::adapters::telegram) struct Acknowledgment {
    pub ledger: Option<Handled>,
    pub next: oneshot::Sender<()>,
}

impl fmt::Debug for Acknowledgment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Acknowledgment")
    }
}

impl Arrival {
    /// It was dealt with: never deliver it again. Stored when this returns.
    pub fn done(self) {
        if let Some(ledger) = &self.acknowledgment.ledger {
            ledger(&self.key);
        }
        let _ = self.acknowledgment.next.send(());
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonEvent {
    /// A message in private, or one in a group that Telegram shows to the bot: commands, mentions, answers to it; everything
    /// where the bot is an administrator.
    Message(Message),
    /// The message as it is now.
    Edited(Message),
    /// Telegram does not say who, nor, of private messages, in which chat; ids of private messages are the bot's own and name one
    /// message of all its chats.
    Deleted {
        group: Option<ChatId>,
        messages: Vec<i32>,
    },
    Pressed(Press),
    Asked(InlineQuery),
}

impl PersonEvent {
    /// When its message was written.
    pub(super) fn date(&self) -> Option<i64> {
        match self {
            Self::Message(message) | Self::Edited(message) => Some(message.date),
            Self::Deleted { .. } | Self::Pressed(_) | Self::Asked(_) => None,
        }
    }
}

/// Where people and the bot write to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Place {
    Private(UserId),
    /// A group (a supergroup, as all are that have administrators).
    Group(ChatId),
    /// Inside a group, but only this person sees it. Nothing that people write is there, only what the bot says to one.
    Ephemeral {
        group: ChatId,
        person: UserId,
    },
}

/// Names one message of people and the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageRef {
    pub place: Place,
    pub message: i32,
}

/// A person as Telegram knows them. Names are anybody's text: cleaned, of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub first_name: String,
    pub last_name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// The language of their app, as IETF says it: `en`, `pt-br`.
    pub language: Option<String>,
}

/// A message of a person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub at: MessageRef,
    pub from: Person,
    /// Unix seconds.
    pub date: i64,
    /// Its text, or the caption of its file.
    pub text: String,
    /// The message of the same chat that it answers.
    pub reply_to: Option<i32>,
    pub file: Option<SentFile>,
    /// Messages sent together share it.
    pub album: Option<i64>,
    /// It may not be copied or forwarded.
    pub is_protected: bool,
    pub forwarded: Option<Forwarded>,
}

/// A message that was looked up, whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub at: MessageRef,
    /// Unix seconds.
    pub date: i64,
    /// Its text, or the caption of its file.
    pub text: String,
    /// The message of the same chat that it answers.
    pub reply_to: Option<i32>,
    pub file: Option<SentFile>,
    /// It may not be copied or forwarded.
    pub is_protected: bool,
}

impl From<&Message> for Found {
    fn from(message: &Message) -> Self {
        let Message { at, date, text, reply_to, file, is_protected, .. } = message.clone();
        Self { at, date, text, reply_to, file, is_protected }
    }
}

/// A post of a watched channel that says something to the bot, `/link` for instance, instead of bringing a file. It counts as handled only
/// when [`Called::done`] is called, as what happens in channels does, and the channel waits for it.
#[derive(Debug)]
pub struct Called {
    pub at: PostRef,
    /// Unix seconds.
    pub date: i64,
    pub text: String,
    /// The post of the same channel that it answers.
    pub reply_to: Option<i32>,
    /// Whoever posted it, where the channel shows that.
    pub by: Option<Person>,
    pub(super) acknowledgment: oneshot::Sender<()>,
}

impl Called {
    /// It was dealt with: never deliver it again.
    pub fn done(self) {
        let _ = self.acknowledgment.send(());
    }
}

/// Where a forwarded message comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// A post of a channel.
    Post(PostRef),
    Person(UserId),
    /// Somebody who hides behind a name, or a group.
    Hidden(String),
}

/// A file that a person sent or forwarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFile {
    pub kind: FileKind,
    pub attachment: Attachment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FileKind {
    Document,
    Video,
    Audio,
    Voice,
    /// A round video message.
    VideoNote,
    /// Always a JPEG without a name; its largest size.
    Photo,
    /// A GIF, which is a video without sound.
    Animation,
    Sticker,
}

/// A person pressed a button below a message of the bot's. Anything in it may be made up by a changed app: the data, and which message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    pub id: PressId,
    pub from: Person,
    /// The message below which the button is.
    pub at: MessageRef,
    pub data: PressData,
}

/// By it a press is answered, once, within about a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PressId(pub i64);

/// A person wrote `@bot text` somewhere and looks for results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineQuery {
    pub id: InlineQueryId,
    pub from: Person,
    pub text: String,
    /// What the last answer gave as its [`next_offset`](super::InlineAnswer::next_offset); empty at first.
    pub offset: String,
}

/// By it an inline query is answered, within seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InlineQueryId(pub i64);
