//! What a message of a channel carries: a file that may be a film, or something else, and then what. Pure.
//!
//! This is the only place where a message of a channel is found to be no post. Every kind of content that Telegram knows stands
//! in one `match` without a rest, so that a new one has to be decided on before anything compiles.
//!
//! | carries | comes to |
//! | --- | --- |
//! | a document that is a video (by its type, or because it was sent as one) | a file, with or without a name |
//! | a document with a name, music included | a file: its name decides later, and what is no video stands under review |
//! | a document without a name that is no video, or without bytes | passed over |
//! | a GIF, a sticker, a voice or round video message | passed over, also with a name |
//! | a photo, a poll, words, everything else | passed over |

use grammers_tl_types as tl;
use tl::enums::{Document, MessageMedia as Media};

use super::arrival::FileKind;
use super::file;
use super::renditions::renditions;
use crate::domain::passed_over::Why;
use crate::domain::post::Attachment;
use crate::domain::text;

/// The file that may be a film; else why the message is passed over.
pub(super) fn carried(message: &tl::types::Message) -> Result<Attachment, Why> {
    match &message.media {
        None | Some(Media::Empty | Media::WebPage(_)) => Err(Why::Text),
        Some(Media::Document(media)) => match &media.document {
            Some(Document::Document(document)) => {
                attachment(document).map(|file| Attachment { renditions: renditions(media), ..file })
            }
            Some(Document::Empty(_)) | None => Err(Why::Empty),
        },
        Some(Media::Photo(_)) => Err(Why::Photo),
        Some(Media::Poll(_)) => Err(Why::Poll),
        Some(Media::Geo(_) | Media::GeoLive(_) | Media::Venue(_)) => Err(Why::Location),
        Some(Media::Contact(_)) => Err(Why::Contact),
        Some(Media::Story(_)) => Err(Why::Story),
        Some(Media::PaidMedia(_)) => Err(Why::Paid),
        Some(
            Media::Game(_)
            | Media::Invoice(_)
            | Media::Dice(_)
            | Media::Giveaway(_)
            | Media::GiveawayResults(_)
            | Media::ToDo(_)
            | Media::VideoStream(_),
        ) => Err(Why::Other),
        Some(Media::Unsupported) => Err(Why::Unsupported),
    }
}

fn attachment(document: &tl::types::Document) -> Result<Attachment, Why> {
    let sent = file::of_document(document).ok_or(Why::Empty)?;
    let is_video = sent.kind == FileKind::Video || document.mime_type.starts_with("video/");
    match sent.kind {
        FileKind::Document | FileKind::Video | FileKind::Audio => {
            if is_video || sent.attachment.file_name.is_some() {
                Ok(sent.attachment)
            } else {
                Err(Why::Nameless)
            }
        }
        FileKind::Voice => Err(Why::Voice),
        FileKind::VideoNote => Err(Why::VideoNote),
        FileKind::Animation => Err(Why::Animation),
        FileKind::Sticker => Err(Why::Sticker),
        FileKind::Photo => Err(Why::Photo),
    }
}

/// Its file's name, the first line of its text, or what a poll asks: by what a person knows a message again.
pub(super) fn about(message: &tl::types::Message) -> String {
    let name = match &message.media {
        Some(Media::Document(media)) => match &media.document {
            Some(Document::Document(document)) => file::name_of(document),
            Some(Document::Empty(_)) | None => None,
        },
        _ => None,
    };
    let asked = || match &message.media {
        Some(Media::Poll(media)) => {
            let tl::enums::Poll::Poll(poll) = &media.poll;
            let tl::enums::TextWithEntities::Entities(question) = &poll.question;
            question.text.clone()
        }
        _ => String::new(),
    };
    let first_line = || message.message.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
    name.unwrap_or_else(|| text::line(&first_line().unwrap_or_else(asked), ABOUT))
}

/// Characters of a text.
const ABOUT: usize = 100;

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::post::ChatId;
    use tl::enums::{DocumentAttribute as Attribute, Message};
    use tl::{Deserializable, Identifiable, Serializable};

    pub fn chat() -> ChatId {
        ChatId::from_bare(1_500_000_001).expect("in range")
    }

    /// A channel message as it comes over the wire: most of its 50 fields absent.
    pub fn message(id: i32, text: &str, media: Option<Media>) -> Message {
        let mut wire = Vec::new();
        tl::types::Message::CONSTRUCTOR_ID.serialize(&mut wire);
        let has_media = 1u32 << 9;
        (if media.is_some() { has_media } else { 0 }).serialize(&mut wire);
        0u32.serialize(&mut wire);
        id.serialize(&mut wire);
        tl::enums::Peer::from(tl::types::PeerChannel { channel_id: chat().bare() }).serialize(&mut wire);
        1_700_000_000i32.serialize(&mut wire);
        text.to_owned().serialize(&mut wire);
        if let Some(media) = media {
            media.serialize(&mut wire);
        }
        Message::from_bytes(&wire).expect("a message")
    }

    pub fn empty(id: i32) -> Message {
        tl::types::MessageEmpty { id, peer_id: None }.into()
    }

    pub fn media(mime: &str, size: i64, attributes: Vec<Attribute>) -> Option<Media> {
        let document = tl::types::Document {
            id: 7_000_000_000_001,
            access_hash: 1,
            file_reference: vec![1],
            date: 0,
            mime_type: mime.to_owned(),
            size,
            thumbs: None,
            video_thumbs: None,
            dc_id: 4,
            attributes,
        };
        let media = tl::types::MessageMediaDocument {
            nopremium: false,
            spoiler: false,
            video: false,
            round: false,
            voice: false,
            document: Some(document.into()),
            alt_documents: None,
            video_cover: None,
            video_timestamp: None,
            ttl_seconds: None,
        };
        Some(media.into())
    }

    pub fn named(name: &str) -> Attribute {
        tl::types::DocumentAttributeFilename { file_name: name.to_owned() }.into()
    }

    pub fn video(round_message: bool) -> Attribute {
        let video = tl::types::DocumentAttributeVideo {
            round_message,
            supports_streaming: true,
            nosound: false,
            duration: 5_765.6,
            w: 1920,
            h: 0,
            preload_prefix_size: None,
            video_start_ts: None,
            video_codec: None,
        };
        video.into()
    }

    fn audio(voice: bool) -> Attribute {
        tl::types::DocumentAttributeAudio { voice, duration: 5, title: None, performer: None, waveform: None }.into()
    }

    fn of(media: Option<Media>) -> Result<Option<String>, Why> {
        let Message::Message(message) = message(1, "", media) else { panic!("a message") };
        carried(&message).map(|attachment| attachment.file_name)
    }

    #[test]
    fn a_file_is_a_video_or_has_a_name() {
        let (mkv, bytes) = ("video/x-matroska", "application/octet-stream");
        let sticker = tl::types::DocumentAttributeSticker {
            mask: false,
            alt: "🎬".to_owned(),
            stickerset: tl::enums::InputStickerSet::Empty,
            mask_coords: None,
        };
        let file = |name: &str| Ok(Some(name.to_owned()));
        for (what, media, wanted) in [
            ("video as a file", media(mkv, 9, vec![named("Film.1968.mkv")]), file("Film.1968.mkv")),
            ("video as media, no name", media("video/mp4", 9, vec![video(false)]), Ok(None)),
            ("a video by its type alone", media(mkv, 9, vec![]), Ok(None)),
            ("a video of an unknown type", media(bytes, 9, vec![named("Film.rmvb")]), file("Film.rmvb")),
            ("any file with a name", media(bytes, 9, vec![named("setup.exe")]), file("setup.exe")),
            ("a picture as a file", media("image/jpeg", 9, vec![named("poster.jpg")]), file("poster.jpg")),
            ("music with a name", media("audio/mpeg", 9, vec![audio(false), named("Theme.mp3")]), file("Theme.mp3")),
            ("music without one", media("audio/mpeg", 9, vec![audio(false)]), Err(Why::Nameless)),
            ("a name of blanks is none", media(bytes, 9, vec![named(" ")]), Err(Why::Nameless)),
            ("nothing to play", media(mkv, 0, vec![named("Film.mkv")]), Err(Why::Empty)),
            ("GIF", media("video/mp4", 9, vec![video(false), Attribute::Animated]), Err(Why::Animation)),
            ("round video message", media("video/mp4", 9, vec![video(true)]), Err(Why::VideoNote)),
            ("voice message", media("audio/ogg", 9, vec![audio(true), named("voice.ogg")]), Err(Why::Voice)),
            ("sticker", media("video/webm", 9, vec![sticker.into(), video(false)]), Err(Why::Sticker)),
        ] {
            assert_eq!(of(media), wanted, "{what}");
        }
    }

    /// Of a type whose fields may all be zero or absent.
    fn blank<T: Deserializable>() -> T {
        T::from_bytes(&[0; 64]).expect("fixed fields")
    }

    fn poll(question: &str) -> Media {
        let question = tl::types::TextWithEntities { text: question.to_owned(), entities: Vec::new() };
        let mut wire = [0i64.to_bytes(), 0u32.to_bytes()].concat();
        tl::enums::TextWithEntities::from(question).serialize(&mut wire);
        Vec::<tl::enums::PollAnswer>::new().serialize(&mut wire);
        0i64.serialize(&mut wire);
        let poll = tl::types::Poll::from_bytes(&wire).expect("the fixed fields");
        let results = blank::<tl::types::PollResults>();
        tl::types::MessageMediaPoll { poll: poll.into(), results: results.into(), attached_media: None }.into()
    }

    #[test]
    fn what_is_no_file_is_told_apart() {
        let nowhere = || tl::enums::GeoPoint::Empty;
        let no_document = tl::types::MessageMediaDocument { document: None, ..blank() };
        let expired =
            tl::types::MessageMediaDocument { document: Some(tl::types::DocumentEmpty { id: 1 }.into()), ..blank() };
        let story = tl::types::MessageMediaStory {
            via_mention: false,
            peer: tl::types::PeerChannel { channel_id: 5 }.into(),
            id: 1,
            story: None,
        };
        for (media, wanted) in [
            (None, Why::Text),
            (Some(Media::Empty), Why::Text),
            (Some(web_page().into()), Why::Text),
            (Some(no_document.into()), Why::Empty),
            (Some(expired.into()), Why::Empty),
            (Some(blank::<tl::types::MessageMediaPhoto>().into()), Why::Photo),
            (Some(poll("Which one?")), Why::Poll),
            (Some(tl::types::MessageMediaGeo { geo: nowhere() }.into()), Why::Location),
            (Some(blank::<tl::types::MessageMediaContact>().into()), Why::Contact),
            (Some(story.into()), Why::Story),
            (Some(paid().into()), Why::Paid),
            (Some(blank::<tl::types::MessageMediaDice>().into()), Why::Other),
            (Some(Media::Unsupported), Why::Unsupported),
        ] {
            assert_eq!(of(media.clone()), Err(wanted), "{media:?}");
        }
    }

    fn web_page() -> tl::types::MessageMediaWebPage {
        let webpage = tl::types::WebPageEmpty { id: 1, url: None }.into();
        let (force_large_media, force_small_media, manual, safe) = (false, false, false, false);
        tl::types::MessageMediaWebPage { force_large_media, force_small_media, manual, safe, webpage }
    }

    fn paid() -> tl::types::MessageMediaPaidMedia {
        tl::types::MessageMediaPaidMedia { stars_amount: 5, extended_media: Vec::new() }
    }

    #[test]
    fn a_message_is_known_again_by_its_name_or_its_words() {
        let said = |text: &str, media| {
            let Message::Message(message) = message(1, text, media) else { panic!("a message") };
            about(&message)
        };
        let gif = || media("video/mp4", 9, vec![Attribute::Animated, named("cat\u{202e}.mp4")]);
        assert_eq!(said("look", gif()), "cat.mp4");
        assert_eq!(said("\n  Tonight:\nNosferatu", None), "Tonight:");
        assert_eq!(said("", Some(poll("Which one?"))), "Which one?");
        assert_eq!(said(&"long ".repeat(100), None).chars().count(), ABOUT);
        assert_eq!(said("", None), "");
    }
}
