//! Reading bytes: upload.getFile in the file's own DC, with the bot's own access hash and file reference.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use grammers_tl_types::{self as tl, Identifiable, Serializable};
use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::bots::renewable::Renewable;

use super::{ConnectionSlot, ReadError, VolumeLocation};
use crate::adapters::telegram::Vault;
use crate::adapters::telegram::bots::channel::{document_of, is_invisible, largest, photo};
use crate::adapters::telegram::connections::BotIndex;
use crate::adapters::telegram::connections::call_error::CallError;
use crate::domain::post::{DocumentId, PostRef};
use crate::domain::telegram_id::{Dc, UserId};

/// Some 300 bytes each, over all bots.
const REMEMBERED: u64 = 20_000;

/// What one bot needs to ask for one document. Belongs to that bot alone; the reference goes stale within hours.
#[derive(Serialize, Deserialize)]
struct FileAccess {
    access_hash: i64,
    file_reference: Vec<u8>,
    dc: Dc,
    /// Of a photo: the name of its largest size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    photo_size: Option<String>,
}

impl FileAccess {
    /// What a message says of the file, if it carries it.
    fn of(message: &tl::types::Message, wanted: DocumentId) -> Option<Self> {
        if let Some(document) = document_of(message, wanted.0) {
            let (access_hash, file_reference) = (document.access_hash, document.file_reference.clone());
            return Some(Self { access_hash, file_reference, dc: Dc(document.dc_id), photo_size: None });
        }
        let photo = photo(message).filter(|photo| photo.id == wanted.0)?;
        let photo_size = match largest(photo)?.0 {
            tl::enums::PhotoSize::Size(size) => size.r#type.clone(),
            tl::enums::PhotoSize::Progressive(size) => size.r#type.clone(),
            _ => return None,
        };
        let (access_hash, file_reference) = (photo.access_hash, photo.file_reference.clone());
        Some(Self { access_hash, file_reference, dc: Dc(photo.dc_id), photo_size: Some(photo_size) })
    }

    fn location(&self, document: DocumentId) -> tl::enums::InputFileLocation {
        let (id, access_hash, file_reference) = (document.0, self.access_hash, self.file_reference.clone());
        match &self.photo_size {
            None => {
                let thumb_size = String::new();
                tl::types::InputDocumentFileLocation { id, access_hash, file_reference, thumb_size }.into()
            }
            Some(size) => {
                let thumb_size = size.clone();
                tl::types::InputPhotoFileLocation { id, access_hash, file_reference, thumb_size }.into()
            }
        }
    }
}

/// Reads files for all bots.
pub struct Reader {
    /// By the bot's id and the document's.
    known: Cache<(UserId, DocumentId), Arc<Renewable<FileAccess>>>,
    /// Keeps them over a restart.
    vault: Arc<dyn Vault>,
    /// For one read, whatever happens inside.
    limit: Duration,
    /// A post is not waited for any longer on a connection over which nothing comes.
    silent: Duration,
}

impl Reader {
    /// `call` is the time limit of one call; a read that must mend something first makes several.
    pub fn new(call: Duration, vault: Arc<dyn Vault>) -> Self {
        Self { known: Cache::new(REMEMBERED), vault, limit: call * 3 / 2, silent: call / 5 }
    }

    /// Whether a bot can ask for a document without reading its post first; its reference may be stale.
    pub fn knows(&self, bot: &Bot, document: DocumentId) -> bool {
        self.known.contains_key(&(bot.id(), document))
    }

    /// Connects a slot and gets what the bot needs to ask for the document; failures show when it is read.
    pub async fn prepare(&self, bot: &Bot, slot: ConnectionSlot, at: &VolumeLocation) {
        let connect = bot.file_connection(slot.index, at.volume.dc, None);
        let (connection, access) = tokio::join!(connect, self.access(bot, at, None));
        if let Err(error) = connection {
            tracing::debug!("The {} does not connect to DC {}: {error}", bot.name, at.volume.dc);
        }
        drop(access);
    }

    /// See [`Files::read`](super::Files::read).
    pub async fn read(
        &self,
        bot: &Bot,
        slot: ConnectionSlot,
        at: &VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> Result<Bytes, ReadError> {
        let wanted = wanted(at.volume.size, offset, limit)?;
        let read = self.read_patiently(bot, slot, at, offset, limit);
        let bytes = tokio::time::timeout(self.limit, read).await.map_err(|_| ReadError::Timeout(self.limit))??;
        if bytes.len() == wanted as usize {
            Ok(bytes)
        } else {
            Err(ReadError::WrongLength { wanted, got: bytes.len() })
        }
    }

    /// Mends each of the three things that go stale (file reference, DC, authorization) once.
    async fn read_patiently(
        &self,
        bot: &Bot,
        slot: ConnectionSlot,
        at: &VolumeLocation,
        offset: u64,
        limit: u32,
    ) -> Result<Bytes, ReadError> {
        let fail = |error| read_error(bot.index, error);
        let mut access = self.access(bot, at, None).await?;
        let (mut dc, mut was_stale, mut stale_proof, mut has_moved) = (access.dc, false, None, false);
        loop {
            let (connection, proof) =
                bot.file_connection(slot.index, dc, stale_proof.as_ref()).await.map_err(|e| control_error(bot, e))?;
            let request = get_file(at.volume.document, &access, offset, limit);
            match connection.call(request.to_bytes(), limit).await {
                // The other answer would be a CDN redirect, only sent to those who say that they can follow one.
                Ok(answer) => {
                    return file_bytes(answer).ok_or_else(|| ReadError::Refused("it sent no file".to_owned()));
                }
                Err(e) if is_stale_reference(&e) && !was_stale => {
                    was_stale = true;
                    access = self.access(bot, at, Some(&access)).await?;
                }
                Err(CallError::Rpc { name, value: Some(other), .. }) if name == "FILE_MIGRATE" && !has_moved => {
                    has_moved = true;
                    dc = Dc(other as i32);
                    stale_proof = None;
                }
                Err(e) if e.is_signed_out() && stale_proof.is_none() => stale_proof = Some(proof),
                Err(e) => return Err(fail(e)),
            }
        }
    }

    /// What a bot needs to ask for a document: as remembered, as kept by an earlier run, or from the post itself. `stale` is one
    /// that Telegram rejected.
    async fn access(
        &self,
        bot: &Bot,
        at: &VolumeLocation,
        stale: Option<&Arc<FileAccess>>,
    ) -> Result<Arc<FileAccess>, ReadError> {
        let document = at.volume.document;
        let known = self.known.get_with((bot.id(), document), async { Arc::default() }).await;
        let fetch = async {
            let name = format!("telegram/file/{}/{}", bot.id(), document.0);
            if stale.is_none()
                && let Some(kept) = self.vault.load(&name).ok().flatten()
                && let Ok(access) = serde_json::from_slice(&kept)
            {
                return Ok(access);
            }
            let access = renew(bot, at, self.silent).await?;
            let (vault, kept) = (Arc::clone(&self.vault), serde_json::to_vec(&access).unwrap_or_default());
            // Written beside the reading: it waits for the disk, and losing it only costs a question.
            tokio::task::spawn_blocking(move || {
                if let Err(error) = vault.save(&name, &kept) {
                    warn!(%error, "A file's location could not be kept");
                }
            });
            Ok(access)
        };
        let access = known.get(stale, fetch).await;
        if access.is_err() {
            // Asked for and not got: the bot does not know the file.
            self.known.invalidate(&(bot.id(), document)).await;
        }
        access
    }
}

/// The post, for a reader that waits: a question that was lost with its connection is asked again over a new one. Asking twice
/// changes nothing.
async fn messages(bot: &Bot, post: &PostRef, silent: Duration) -> Result<Vec<tl::enums::Message>, CallError> {
    let ask = || bot.messages(post.chat, vec![post.message]);
    match tokio::time::timeout(silent, ask()).await {
        Ok(answer) => answer,
        Err(_) => {
            bot.control().give_up_silent(silent);
            ask().await
        }
    }
}

/// Reads a post of the document again, as the bot.
async fn renew(bot: &Bot, at: &VolumeLocation, silent: Duration) -> Result<FileAccess, ReadError> {
    for post in &at.posts {
        let messages = match messages(bot, post, silent).await {
            Ok(messages) => messages,
            Err(e) if is_invisible(&e) => continue,
            Err(e) => return Err(control_error(bot, e)),
        };
        let found = messages.iter().find_map(|message| match message {
            tl::enums::Message::Message(m) => FileAccess::of(m, at.volume.document),
            _ => None,
        });
        if let Some(found) = found {
            return Ok(found);
        }
    }
    Err(ReadError::NotVisible { bot: bot.index })
}

fn get_file(document: DocumentId, access: &FileAccess, offset: u64, limit: u32) -> tl::functions::upload::GetFile {
    tl::functions::upload::GetFile {
        precise: is_precise(offset, limit),
        cdn_supported: false,
        location: access.location(document),
        offset: offset as i64,
        limit: limit as i32,
    }
}

/// The bytes inside `upload.file`, in place. `None` when the answer is something else.
fn file_bytes(mut answer: Bytes) -> Option<Bytes> {
    if answer.try_get_u32_le().ok()? != tl::types::upload::File::CONSTRUCTOR_ID {
        return None;
    }
    let _type_and_date = answer.try_get_u64_le().ok()?;
    mtproto::tl::take_bytes(&mut answer)
}

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// Whether the call must say `precise`: without it Telegram takes steps of 4 KiB and limits that divide 1 MiB only.
fn is_precise(offset: u64, limit: u32) -> bool {
    let limit = u64::from(limit);
    !(offset.is_multiple_of(4 * KIB) && limit.is_multiple_of(4 * KIB) && MIB.is_multiple_of(limit))
}

/// How many bytes the answer must have; refuses what Telegram would refuse (core.telegram.org/api/files).
fn wanted(size: u64, offset: u64, limit: u32) -> Result<u32, ReadError> {
    let run = u64::from(limit);
    let is_allowed = run > 0 && run.is_multiple_of(KIB) && offset.is_multiple_of(KIB) && offset % MIB + run <= MIB;
    if !is_allowed || offset >= size {
        return Err(ReadError::Refused(format!("{limit} bytes from {offset} of {size} cannot be asked for")));
    }
    Ok((size - offset).min(run) as u32)
}

/// FILE_REFERENCE_EXPIRED, FILE_REFERENCE_n_EXPIRED, FILE_REFERENCE_INVALID, FILE_REFERENCE_EMPTY, FILEREF_UPGRADE_NEEDED.
fn is_stale_reference(error: &CallError) -> bool {
    matches!(error, CallError::Rpc { name, .. } if name.starts_with("FILE_REFERENCE") || name.starts_with("FILEREF"))
}

/// What a call that prepares a read came to. Its FLOOD_WAIT holds for reads too: connections for files learn only of their own.
fn control_error(bot: &Bot, error: CallError) -> ReadError {
    if let Some(wait) = error.flood_wait() {
        bot.file_connections().flood_wait().extend(wait);
    }
    read_error(bot.index, error)
}

fn read_error(bot: BotIndex, error: CallError) -> ReadError {
    if let Some(wait) = error.flood_wait() {
        return ReadError::FloodWait { bot, wait };
    }
    if is_invisible(&error) {
        return ReadError::NotVisible { bot };
    }
    match error {
        CallError::Timeout(limit) => ReadError::Timeout(limit),
        CallError::Rpc { .. } => ReadError::Refused(error.to_string()),
        CallError::UnknownKey
        | CallError::TooManyConnections
        | CallError::Rejected { .. }
        | CallError::Connection(_)
        | CallError::Stopped => ReadError::Connection(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_telegram_allows_is_asked_for() {
        let size = 3 * MIB + 5;
        let cases = [
            (0, MIB, Some(MIB)),
            (512 * KIB, 512 * KIB, Some(512 * KIB)),
            (4 * KIB, 4 * KIB, Some(4 * KIB)),
            (64 * KIB, 960 * KIB, Some(960 * KIB)),
            (3 * MIB, 512 * KIB, Some(5)),
            (0, 2 * MIB, None),
            (768 * KIB, 512 * KIB, None), // across a 1 MiB line
            (1, 4 * KIB, None),           // offset off the steps
            (0, 1500, None),              // limit off the steps
            (0, 0, None),
            (4 * MIB, 4 * KIB, None), // past the end
        ];
        for (offset, limit, answer) in cases {
            assert_eq!(wanted(size, offset, limit as u32).ok().map(u64::from), answer, "{limit} from {offset}");
        }
    }

    #[test]
    fn precise_is_said_where_the_plain_rules_do_not_hold() {
        for (offset, limit, precise) in [
            (0, MIB, false),
            (64 * KIB, 64 * KIB, false),
            (192 * KIB, 256 * KIB, false),
            (64 * KIB, 960 * KIB, true),
            (KIB, 4 * KIB, true),
        ] {
            assert_eq!(is_precise(offset, limit as u32), precise, "{limit} from {offset}");
        }
    }

    #[test]
    fn the_bytes_of_a_file_are_found_in_place() {
        for len in [0, 1, 253, 254, 255, 70_000] {
            let bytes: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let file = tl::types::upload::File {
                r#type: tl::enums::storage::FileType::FilePartial,
                mtime: 1,
                bytes: bytes.clone(),
            };
            let answer = tl::enums::upload::File::File(file).to_bytes();
            assert_eq!(file_bytes(answer.clone().into()), Some(bytes.into()), "{len}");
            assert_eq!(file_bytes(answer[..answer.len().saturating_sub(len.max(12))].to_vec().into()), None);
        }
    }

    #[test]
    fn stale_references_have_many_names() {
        let rpc = |code, name: &str| CallError::Rpc { code, name: name.to_owned(), value: None };
        for (error, wanted) in [
            (rpc(400, "FILE_REFERENCE_EXPIRED"), true),
            (rpc(400, "FILE_REFERENCE_INVALID"), true),
            (rpc(406, "FILEREF_UPGRADE_NEEDED"), true),
            (rpc(400, "LIMIT_INVALID"), false),
            (CallError::Connection("FILE_REFERENCE_EXPIRED".to_owned()), false),
        ] {
            assert_eq!(is_stale_reference(&error), wanted, "{error:?}");
        }
    }
}
