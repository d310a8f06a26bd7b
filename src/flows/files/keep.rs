//! From a message to a file.

use super::naming::name;
use super::{Error, Files};
use crate::adapters::telegram::{self, Found, MessageRef, Place, SentFile};
use crate::domain::file::Volume;
use crate::domain::person::PersonId;
use crate::domain::post::ChatId;
use crate::domain::shared::{Content, FileKind, NewFile, Origin, SharedFile, Terms};

/// A file, and whether the message made it just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub file: SharedFile,
    pub is_new: bool,
}

impl Files {
    /// Keeps the file of a message as one of this person's. The same message again gives the same file: a crash in between costs a
    /// second copy in the storage channel and nothing else. `terms` is what its link begins with; `now` in unix seconds.
    pub async fn keep(&self, owner: PersonId, message: &Found, terms: Terms, now: i64) -> Result<Kept, Error> {
        let origin = origin(owner, message.at);
        if let Some(file) = self.store.files().of_message(&origin).await? {
            return Ok(Kept { file, is_new: false });
        }
        let (storage, content, name) = self.check(message)?;
        let copies = self.messages.copy(message.at.place, &[message.at.message], storage).await?;
        let stored = copies.into_iter().flatten().next().ok_or(Error::Gone)?;
        let content = match &self.scanner {
            Some(scanner) => match scanner.scan(&name, &content, stored, now).await {
                Ok(scanned) => Content { scanned: Some(scanned), ..content },
                Err(refused) => {
                    self.discard(stored).await;
                    return Err(refused);
                }
            },
            None => content,
        };
        let file = NewFile { owner, name, folder: None, content, stored, origin, added: now, terms };
        Ok(Kept { file: self.store.files().add(&file).await?, is_new: true })
    }

    /// Whether the file of a message would be taken, without asking anybody.
    pub fn would_take(&self, message: &Found) -> Result<(), Error> {
        self.check(message).map(drop)
    }

    /// Where it goes, what it is, and what it is called.
    fn check(&self, message: &Found) -> Result<(ChatId, Content, String), Error> {
        let sent = message.file.as_ref().ok_or(Error::NoFile)?;
        let storage = self.options.storage.ok_or(Error::NoStorage)?;
        if message.is_protected {
            return Err(Error::Protected);
        }
        let content = content(sent);
        let name = name(sent.attachment.file_name.as_deref(), &message.text, &content, message.date);
        self.admit(content.kind, &name)?;
        Ok((storage, content, name))
    }

    pub(super) fn admit(&self, kind: FileKind, name: &str) -> Result<(), Error> {
        self.options.types.admit(kind, name).map_err(Error::TypeRefused)
    }

    /// The file that a message made before, as long as it is there.
    pub async fn made_of(&self, owner: PersonId, message: MessageRef) -> Result<Option<SharedFile>, Error> {
        Ok(self.store.files().of_message(&origin(owner, message)).await?)
    }
}

/// What a message carries, as it is kept.
pub fn content(sent: &SentFile) -> Content {
    let SentFile { kind, attachment } = sent;
    let kind = match kind {
        telegram::FileKind::Video | telegram::FileKind::VideoNote => FileKind::Video,
        telegram::FileKind::Animation => FileKind::Animation,
        telegram::FileKind::Audio => FileKind::Audio,
        telegram::FileKind::Voice => FileKind::Voice,
        telegram::FileKind::Photo | telegram::FileKind::Sticker => FileKind::Photo,
        // Sent "as a file", which films usually are.
        telegram::FileKind::Document => FileKind::of_mime(&attachment.mime),
    };
    Content {
        kind,
        mime: attachment.mime.clone(),
        volume: Volume { document: attachment.document, dc: attachment.dc, size: attachment.size },
        duration_secs: attachment.duration_secs,
        width: attachment.width,
        height: attachment.height,
        scanned: None,
    }
}

/// In a group two people may ask for the link of one message: each has a file of their own then.
fn origin(owner: PersonId, at: MessageRef) -> Origin {
    let place = match at.place {
        Place::Private(person) => format!("private/{person}"),
        Place::Group(chat) | Place::Ephemeral { group: chat, .. } => chat.to_string(),
    };
    Origin::new(format!("{owner}/{place}/{}", at.message))
}
