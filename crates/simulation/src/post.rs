//! What is put into a simulated channel from outside, and what comes of it: the shapes of the admin port and of
//! [`Sim`](super::Sim).

use std::path::PathBuf;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::library;

/// A message to be posted. Its document is generated (`size`), a file on this machine (`media`), given bytes (`bytes`),
/// or one that was posted before (`document`); without any of these it is a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewPost {
    /// The document's name. Without one Telegram has none either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The text below the document, or the text itself.
    pub caption: String,
    /// Bytes of a generated document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// A file on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<PathBuf>,
    /// The whole document.
    #[serde(skip)]
    pub bytes: Option<Bytes>,
    /// The id of a document that was posted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Guessed from the file name when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// Where the document lives: 4 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dc: Option<i32>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<i32>,
    /// In pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<i32>,
    /// Messages of one album share this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album: Option<i64>,
    /// Lower qualities that Telegram made of the video, beside it in the message (`alt_documents`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renditions: Vec<NewRendition>,
    /// What the file is sent as.
    pub kind: FileKind,
    /// The message of the same chat that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i32>,
    /// Forwarded from this channel and message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<(i64, i32)>,
    /// Forwarded from a person who hides behind this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden_author: Option<String>,
    /// It may not be copied (`noforwards`).
    pub protected: bool,
    /// Who posted it in a channel that shows that (`signature_profiles`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<i64>,
}

/// A quality that Telegram made: a video, and a playlist of its runs. Their documents are called as Telegram calls them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewRendition {
    /// An MP4 on this machine.
    pub media: PathBuf,
    /// In pixels.
    pub width: i32,
    /// In pixels.
    pub height: i32,
    /// Seconds.
    pub duration: f64,
    /// `h264` unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
    /// The playlist's text; `{video}` stands where it names the video. Without one there is no playlist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playlist: Option<String>,
}

impl NewPost {
    /// A generated file of so many bytes.
    pub fn generated(file_name: &str, size: u64) -> Self {
        Self { file_name: Some(file_name.to_owned()), size: Some(size), ..Self::default() }
    }

    /// A small real file.
    pub fn bytes(file_name: &str, bytes: impl Into<Bytes>) -> Self {
        Self { file_name: Some(file_name.to_owned()), bytes: Some(bytes.into()), ..Self::default() }
    }

    /// A message without a file.
    pub fn text(text: &str) -> Self {
        Self { caption: text.to_owned(), ..Self::default() }
    }
}

impl From<library::Post> for NewPost {
    fn from(post: library::Post) -> Self {
        let (size, bytes) = match post.content {
            library::Content::Generated { size } => (Some(size), None),
            library::Content::Clip(bytes) => (None, Some(Bytes::from_static(bytes))),
        };
        Self {
            file_name: Some(post.file_name.to_owned()),
            caption: post.caption.to_owned(),
            size,
            bytes,
            mime: Some(post.mime.to_owned()),
            dc: Some(post.dc),
            duration: post.duration_secs.map(f64::from),
            width: post.width.map(|w| w as i32),
            height: post.height.map(|h| h as i32),
            ..Self::default()
        }
    }
}

/// What came of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The message's id in its channel.
    pub message: i32,
    /// The document's id, in decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// What a file is sent as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A file; a video when it has measures.
    #[default]
    Document,
    /// A video to be watched at once.
    Video,
    /// Music.
    Audio,
    /// Somebody speaks.
    Voice,
    /// A round video.
    VideoNote,
    /// A picture in several sizes.
    Photo,
    /// A GIF.
    Animation,
    /// A sticker.
    Sticker,
}

impl FileKind {
    pub(crate) fn mime(self) -> Option<&'static str> {
        match self {
            Self::Document => None,
            Self::Video | Self::VideoNote | Self::Animation => Some("video/mp4"),
            Self::Audio => Some("audio/mpeg"),
            Self::Voice => Some("audio/ogg"),
            Self::Photo => Some("image/jpeg"),
            Self::Sticker => Some("image/webp"),
        }
    }
}

/// A piece of a text that looks different.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// `bold`, `italic`, `code`, `text_url`, …
    pub kind: String,
    /// In UTF-16 units.
    pub offset: i32,
    /// In UTF-16 units.
    pub length: i32,
    /// Where a `text_url` leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A button below a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What is written on it.
    pub text: String,
    /// What it does; in JSON one more member beside `text`.
    #[serde(flatten)]
    pub does: ButtonAction,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ButtonAction {
    /// Opens this address.
    Url(String),
    /// Comes back to the bot with this. In JSON a text, or `hex:…` for bytes that are none.
    Data(#[serde(with = "data")] Vec<u8>),
    /// Copies this text.
    Copy(String),
    /// Begins an inline query in a chat that the person chooses.
    SwitchInline(String),
    /// Begins an inline query in this chat.
    SwitchInlineHere(String),
    /// Opens this page inside Telegram.
    WebApp(String),
}

impl Button {
    /// A button that opens an address.
    pub fn url(text: &str, url: &str) -> Self {
        Self { text: text.to_owned(), does: ButtonAction::Url(url.to_owned()) }
    }

    /// Where it leads, if it opens an address.
    pub fn address(&self) -> Option<&str> {
        match &self.does {
            ButtonAction::Url(url) => Some(url),
            _ => None,
        }
    }

    /// A button that comes back to the bot.
    pub fn data(text: &str, data: &str) -> Self {
        Self { text: text.to_owned(), does: ButtonAction::Data(data.as_bytes().to_vec()) }
    }
}

/// Bytes of a button in JSON.
pub(crate) mod data {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::content;

    pub fn serialize<S: Serializer>(data: &[u8], to: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(data) {
            Ok(text) => to.serialize_str(text),
            Err(_) => to.serialize_str(&format!("hex:{}", content::hex(data))),
        }
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        read(&text).ok_or_else(|| serde::de::Error::custom(format!("{text:?} is not hexadecimal")))
    }

    pub fn read(text: &str) -> Option<Vec<u8>> {
        let Some(hex) = text.strip_prefix("hex:") else { return Some(text.as_bytes().to_vec()) };
        let digits = hex.as_bytes();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(byte).collect())?
    }
}

/// What a bot wrote to somebody, or what a person saw because of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// Name of the account.
    pub from: String,
    /// The person's id; 0 for everybody in a group or a channel.
    pub to: i64,
    /// The group or channel that it stands in, in the `-100…` form; none in private.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<i64>,
    /// What it is.
    #[serde(skip_serializing_if = "SentKind::is_message")]
    pub kind: SentKind,
    /// The message's id; 0 when it is none.
    pub message: i32,
    /// What it says.
    pub text: String,
    /// What of the text looks different.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    /// The message that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i32>,
    /// It was changed since it was sent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_edited: bool,
    /// The id of the document that came with it, in decimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Buttons below it, in rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// Of an answered inline query.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<InlineResult>,
}

/// What a person saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentKind {
    /// A message.
    #[default]
    Message,
    /// A message in a group that only one person sees.
    Ephemeral,
    /// A pressed button stopped turning, and nothing else.
    Quiet,
    /// A line that went away by itself, after a press.
    Toast,
    /// A window, after a press.
    Alert,
    /// An address was opened, after a press: `text` is it.
    Opened,
    /// Results of an inline query.
    Results,
}

impl SentKind {
    fn is_message(&self) -> bool {
        *self == Self::Message
    }
}

/// One result of an inline query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlineResult {
    /// By it a person chooses.
    pub id: String,
    /// What the list shows.
    pub title: String,
    /// Below it.
    pub description: String,
    /// What choosing it sends.
    pub text: String,
    /// What of that looks different.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    /// Buttons below that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
}

/// Commands that a bot offers somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandSet {
    /// Name of the account.
    pub account: String,
    /// `default`, `users`, `chats`, `chat_admins`, `peer:900001`.
    pub scope: String,
    /// Of the app; empty for all others.
    pub language: String,
    /// Name and description.
    pub commands: Vec<(String, String)>,
}

/// Somebody presses a button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewPress {
    /// The person's id.
    pub from: i64,
    /// Name of the bot.
    pub to: String,
    /// The group in which the message stands; none in private.
    pub chat: Option<i64>,
    /// The message below which the button is. With `data` it need not be there any more, nor have a button.
    pub message: i32,
    /// The message is ephemeral.
    pub ephemeral: bool,
    /// What is written on the button.
    pub button: Option<String>,
    /// What a changed app sends in its place: a text, or `hex:…`.
    pub data: Option<String>,
}

/// How a person is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewPerson {
    /// Positive, and no bot's.
    pub id: i64,
    /// May be anything, as with Telegram.
    pub first_name: String,
    /// Most people have none.
    pub last_name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// Of their app, such as `de`.
    pub lang_code: Option<String>,
}
