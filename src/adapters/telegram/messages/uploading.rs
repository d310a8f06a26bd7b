//! Files on their way to Telegram (core.telegram.org/api/files#uploading-files): in parts, some at once, over a connection that does
//! nothing else, so that answers do not wait behind them. What is read is never more than the parts that are on their way.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use grammers_tl_types as tl;
use tl::{Deserializable, Serializable};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::sleep;

use super::sending::random;
use crate::adapters::telegram::Error;
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::connections::call_error::CallError;

/// A file to be sent.
pub struct Upload<'a> {
    /// With its ending, as people save it.
    pub name: String,
    pub mime: String,
    /// Of the content, exactly.
    pub size: u64,
    pub content: &'a mut (dyn AsyncRead + Send + Unpin),
}

/// The largest that Telegram takes; all parts but the last are of one size, so the size of a file says how many there are.
const PART: u64 = 512 * 1024;
const MOST_PARTS: u64 = 4_000;
/// Larger files go by another method.
const BIG: u64 = 10 * 1024 * 1024;
/// Parts on their way: the way to Telegram and back is not waited for with each.
const AT_ONCE: usize = 4;
/// For one part, with new connections and short waits between.
const TRIES: u32 = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Beside those that read, which are counted from 0.
const CONNECTION: usize = usize::MAX;
/// Bytes of an answer, more or less: yes or no.
const ANSWER: u32 = 16;

/// Brings a file to where the bot is at home; what it returns is good for one message.
pub(super) async fn upload(bot: &Bot, file: Upload<'_>) -> Result<tl::enums::InputMedia, Error> {
    let parts = file.size.div_ceil(PART);
    if !(1..=MOST_PARTS).contains(&parts) {
        let detail = format!("a file of {} bytes; it takes 1 to {}", file.size, MOST_PARTS * PART);
        return Err(Error::Refused { detail });
    }
    let id = random()?;
    let mut on_their_way = FuturesUnordered::new();
    for n in 0..parts {
        let mut bytes = vec![0; PART.min(file.size - n * PART) as usize];
        file.content.read_exact(&mut bytes).await.map_err(|e| Error::Unreadable { detail: e.to_string() })?;
        if on_their_way.len() >= AT_ONCE {
            on_their_way.next().await.transpose()?;
        }
        on_their_way.push(save(bot, part(id, (n as i32, parts as i32), file.size, bytes)));
    }
    while let Some(saved) = on_their_way.next().await {
        saved?;
    }
    Ok(media(id, parts as i32, file.size, file.name, file.mime))
}

fn part(id: i64, (n, of): (i32, i32), size: u64, bytes: Vec<u8>) -> Vec<u8> {
    use tl::functions::upload::{SaveBigFilePart, SaveFilePart};
    match size > BIG {
        true => SaveBigFilePart { file_id: id, file_part: n, file_total_parts: of, bytes }.to_bytes(),
        false => SaveFilePart { file_id: id, file_part: n, bytes }.to_bytes(),
    }
}

/// Sends one part, again after a cut or a short wait: a part that comes twice is the same part.
async fn save(bot: &Bot, request: Vec<u8>) -> Result<(), Error> {
    let (mut stale, mut attempt) = (None, 0u32);
    loop {
        attempt += 1;
        let answer = match bot.file_connection(CONNECTION, bot.home_dc(), stale.as_ref()).await {
            Ok((connection, proof)) => {
                let answer = connection.call(request.clone(), ANSWER).await;
                stale = answer.as_ref().is_err_and(CallError::is_signed_out).then_some(proof);
                answer
            }
            Err(error) => Err(error),
        };
        let error = match answer.map(|bytes| bool::from_bytes(&bytes)) {
            Ok(Ok(true)) => return Ok(()),
            Ok(_) => return Err(Error::Refused { detail: "it did not keep a part of a file".to_owned() }),
            Err(error) => error,
        };
        let wait = match (&error, error.flood_wait()) {
            (_, Some(wait)) => wait,
            (CallError::Connection(_) | CallError::Timeout(_) | CallError::TooManyConnections, None) => {
                Duration::from_secs(attempt.into())
            }
            _ if stale.is_some() => Duration::ZERO,
            _ => return Err(bot.explain(error)),
        };
        if attempt >= TRIES || wait > LONGEST_WAIT {
            return Err(bot.explain(error));
        }
        sleep(wait).await;
    }
}

fn media(id: i64, parts: i32, size: u64, name: String, mime_type: String) -> tl::enums::InputMedia {
    let file = match size > BIG {
        true => tl::types::InputFileBig { id, parts, name: name.clone() }.into(),
        false => tl::types::InputFile { id, parts, name: name.clone(), md5_checksum: String::new() }.into(),
    };
    tl::types::InputMediaUploadedDocument {
        nosound_video: false,
        force_file: false,
        spoiler: false,
        file,
        thumb: None,
        mime_type,
        attributes: vec![tl::types::DocumentAttributeFilename { file_name: name }.into()],
        stickers: None,
        video_cover: None,
        video_timestamp: None,
        ttl_seconds: None,
    }
    .into()
}
