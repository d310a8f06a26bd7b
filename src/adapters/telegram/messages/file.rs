//! What a document is, in our words: read once, for what people send to the bot and for the posts of channels. Pure. Names are anybody's:
//! they are cleaned here.

use grammers_tl_types as tl;
use tl::enums::DocumentAttribute as Attribute;

use super::arrival::{FileKind, SentFile};
use crate::domain::post::{Attachment, DocumentId};
use crate::domain::telegram_id::Dc;
use crate::domain::text;

/// `None` for an empty one.
pub(super) fn of_document(document: &tl::types::Document) -> Option<SentFile> {
    let mut attachment = Attachment {
        document: DocumentId(document.id),
        dc: Dc(document.dc_id),
        size: u64::try_from(document.size).ok().filter(|&size| size > 0)?,
        mime: text::line(&document.mime_type, text::WORD),
        file_name: None,
        duration_secs: None,
        width: None,
        height: None,
        renditions: Vec::new(),
    };
    let mut kind = if document.mime_type.starts_with("video/") { FileKind::Video } else { FileKind::Document };
    for attribute in &document.attributes {
        match attribute {
            Attribute::Filename(_) => attachment.file_name = name_of(document),
            Attribute::Video(a) => {
                // A GIF and a sticker can be videos as well, and stay what they are.
                if matches!(kind, FileKind::Document | FileKind::Video) {
                    kind = if a.round_message { FileKind::VideoNote } else { FileKind::Video };
                }
                // `as` saturates, and turns what is not a number into 0.
                attachment.duration_secs = Some(a.duration.round() as u32).filter(|&secs| secs > 0);
                (attachment.width, attachment.height) = (measure(a.w), measure(a.h));
            }
            Attribute::Audio(a) => {
                kind = if a.voice { FileKind::Voice } else { FileKind::Audio };
                attachment.duration_secs = u32::try_from(a.duration).ok().filter(|&secs| secs > 0);
            }
            Attribute::Animated => kind = FileKind::Animation,
            Attribute::Sticker(_) | Attribute::CustomEmoji(_) => kind = FileKind::Sticker,
            Attribute::ImageSize(a) => (attachment.width, attachment.height) = (measure(a.w), measure(a.h)),
            Attribute::HasStickers => {}
        }
    }
    Some(SentFile { kind, attachment })
}

/// `None` for one of blanks as well.
pub(super) fn name_of(document: &tl::types::Document) -> Option<String> {
    let mut names = document.attributes.iter().filter_map(|attribute| match attribute {
        Attribute::Filename(a) => Some(text::file_name(&a.file_name)),
        _ => None,
    });
    names.next_back().filter(|name| !name.trim().is_empty())
}

/// Pixels, where Telegram says any.
pub(super) fn measure(pixels: i32) -> Option<u32> {
    u32::try_from(pixels).ok().filter(|&pixels| pixels > 0)
}
