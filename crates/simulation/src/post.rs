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

/// A button that opens an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrlButton {
    /// What is written on it.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// What a bot wrote to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Name of the account.
    pub from: String,
    /// The person's id.
    pub to: i64,
    /// The message's id.
    pub message: i32,
    /// What it says.
    pub text: String,
    /// The id of the document that came with it, in decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Buttons below it, in rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<UrlButton>>,
}
