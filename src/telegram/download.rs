//! Reading bytes: upload.getFile in the file's own DC, with the bot's own access hash and file reference.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use grammers_tl_types as tl;
use moka::future::Cache;

use super::bots::Bot;
use super::channels::is_invisible;
use super::connection::CallError;
use super::posts;
use super::renewable::Renewable;
use super::{Location, ReadError};
use crate::domain::post::DocumentId;

/// grammers panics on answers of 1,044,448 bytes and more, so the power of two below.
const LONGEST_READ: u32 = 512 * 1024;
/// Some 300 bytes each, over all bots.
const REMEMBERED_TICKETS: u64 = 20_000;

/// What one bot needs to ask for one document. Belongs to that bot alone; the reference goes stale within hours.
struct Ticket {
    access_hash: i64,
    file_reference: Vec<u8>,
    dc: i32,
}

pub(super) struct Downloads {
    /// By the bot's id and the document's.
    tickets: Cache<(i64, DocumentId), Arc<Renewable<Ticket>>>,
    /// For one read, whatever happens inside.
    limit: Duration,
}

impl Downloads {
    /// `call` is the time limit of one call; a read that must mend something first makes several.
    pub fn new(call: Duration) -> Self {
        Self { tickets: Cache::new(REMEMBERED_TICKETS), limit: call * 3 / 2 }
    }

    /// See [`Telegram::read`](super::Telegram::read).
    pub async fn read(
        &self,
        bot: &Bot,
        index: usize,
        slot: usize,
        at: &Location,
        offset: u64,
        limit: u32,
    ) -> Result<Bytes, ReadError> {
        let wanted = wanted(at.volume.size, offset, limit)?;
        let read = self.read_patiently(bot, index, slot, at, offset, limit);
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
        index: usize,
        slot: usize,
        at: &Location,
        offset: u64,
        limit: u32,
    ) -> Result<Bytes, ReadError> {
        let fail = |error| read_error(index, error);
        let place = self.tickets.get_with((bot.id(), at.volume.document), async { Arc::default() }).await;
        let mut ticket = place.get(None, renew(bot, index, at)).await?;
        let (mut dc, mut stale_ticket, mut stale_proof, mut has_moved) = (ticket.dc, false, None, false);
        loop {
            let (connection, proof) = bot.lane(slot, dc, stale_proof.as_ref()).await.map_err(fail)?;
            match connection.call(&get_file(at.volume.document, &ticket, offset, limit)).await {
                Ok(tl::enums::upload::File::File(file)) => return Ok(file.bytes.into()),
                // Only sent to those who say that they can follow one; we do not.
                Ok(tl::enums::upload::File::CdnRedirect(_)) => {
                    return Err(ReadError::Refused("CDN redirect".to_owned()));
                }
                Err(e) if is_stale_reference(&e) && !stale_ticket => {
                    stale_ticket = true;
                    ticket = place.get(Some(&ticket), renew(bot, index, at)).await?;
                }
                Err(CallError::Rpc { name, value: Some(other), .. }) if name == "FILE_MIGRATE" && !has_moved => {
                    has_moved = true;
                    dc = other as i32;
                    stale_proof = None;
                }
                Err(e) if e.is_signed_out() && stale_proof.is_none() => stale_proof = Some(proof),
                Err(e) => return Err(fail(e)),
            }
        }
    }
}

/// Reads a post of the document again, with the bot's own eyes.
async fn renew(bot: &Bot, index: usize, at: &Location) -> Result<Ticket, ReadError> {
    for post in &at.posts {
        let messages = match bot.messages(post.chat, vec![post.message]).await {
            Ok(messages) => messages,
            Err(e) if is_invisible(&e) => continue,
            Err(e) => return Err(read_error(index, e)),
        };
        let document = messages.iter().find_map(|message| match message {
            tl::enums::Message::Message(m) => posts::document(m).filter(|d| d.id == at.volume.document.0),
            _ => None,
        });
        if let Some(document) = document {
            return Ok(Ticket {
                access_hash: document.access_hash,
                file_reference: document.file_reference.clone(),
                dc: document.dc_id,
            });
        }
    }
    Err(ReadError::NotVisible { bot: index })
}

fn get_file(document: DocumentId, ticket: &Ticket, offset: u64, limit: u32) -> tl::functions::upload::GetFile {
    tl::functions::upload::GetFile {
        precise: false,
        cdn_supported: false,
        location: tl::types::InputDocumentFileLocation {
            id: document.0,
            access_hash: ticket.access_hash,
            file_reference: ticket.file_reference.clone(),
            thumb_size: String::new(),
        }
        .into(),
        offset: offset as i64,
        limit: limit as i32,
    }
}

/// How many bytes the answer must have; refuses what Telegram, or grammers, would choke on.
fn wanted(size: u64, offset: u64, limit: u32) -> Result<u32, ReadError> {
    const STEP: u64 = 4 * 1024;
    const LINE: u64 = 1024 * 1024;
    let is_allowed = limit > 0
        && limit <= LONGEST_READ
        && LINE.is_multiple_of(limit.into())
        && u64::from(limit).is_multiple_of(STEP)
        && offset.is_multiple_of(STEP)
        && offset % LINE + u64::from(limit) <= LINE;
    if !is_allowed || offset >= size {
        return Err(ReadError::Refused(format!("{limit} bytes from {offset} of {size} cannot be asked for")));
    }
    Ok((size - offset).min(limit.into()) as u32)
}

/// FILE_REFERENCE_EXPIRED, FILE_REFERENCE_n_EXPIRED, FILE_REFERENCE_INVALID, FILE_REFERENCE_EMPTY, FILEREF_UPGRADE_NEEDED.
fn is_stale_reference(error: &CallError) -> bool {
    matches!(error, CallError::Rpc { name, .. } if name.starts_with("FILE_REFERENCE") || name.starts_with("FILEREF"))
}

fn read_error(bot: usize, error: CallError) -> ReadError {
    if let Some(wait) = error.flood_wait() {
        return ReadError::FloodWait { bot, wait };
    }
    if is_invisible(&error) {
        return ReadError::NotVisible { bot };
    }
    match error {
        CallError::Timeout(limit) => ReadError::Timeout(limit),
        CallError::Rpc { .. } => ReadError::Refused(error.to_string()),
        CallError::UnknownKey | CallError::TooManyConnections | CallError::Connection(_) | CallError::Stopped => {
            ReadError::Connection(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIB: u64 = 1024;

    #[test]
    fn only_what_telegram_allows_is_asked_for() {
        let size = 3 * 1024 * KIB + 5;
        let cases = [
            (0, 512 * KIB, Some(512 * KIB)),
            (512 * KIB, 512 * KIB, Some(512 * KIB)),
            (4 * KIB, 4 * KIB, Some(4 * KIB)),
            (3 * 1024 * KIB, 512 * KIB, Some(5)),
            (0, 1024 * KIB, None),        // grammers panics
            (768 * KIB, 512 * KIB, None), // across a 1 MiB line
            (1, 4 * KIB, None),           // offset off the steps
            (0, 12 * KIB, None),          // does not divide 1 MiB
            (0, 2 * KIB, None),           // below a step
            (0, 0, None),
            (4 * 1024 * KIB, 4 * KIB, None), // past the end
        ];
        for (offset, limit, answer) in cases {
            assert_eq!(wanted(size, offset, limit as u32).ok().map(u64::from), answer, "{limit} from {offset}");
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
