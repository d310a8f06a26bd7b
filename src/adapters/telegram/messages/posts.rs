//! Telegram's messages and updates -> our [`Post`]s and [`ChannelEvent`]s. Pure.
//!
//! A file is a document that is a video or has a name. Photos, stickers, voice and round video messages and GIFs are
//! not posts. Their texts are anybody's: they are cleaned here, before anything reads them.

use grammers_tl_types as tl;
use tl::enums::Message;

use super::arrival::{FileKind, SentFile};
use super::file;
use crate::adapters::telegram::bots::channel::document;
use crate::domain::post::{Attachment, ChannelEvent, ChatId, Post, PostRef};
use crate::domain::text;

/// The message as a post; `None` when it carries no file.
pub fn post(chat: ChatId, message: &Message) -> Option<Post> {
    let Message::Message(message) = message else { return None };
    Some(Post {
        at: PostRef { chat, message: message.id },
        date: message.date.into(),
        album: message.grouped_id,
        caption: text::lines(&message.message, text::CAPTION),
        attachment: attachment(document(message)?)?,
    })
}

fn attachment(document: &tl::types::Document) -> Option<Attachment> {
    let SentFile { kind, attachment } = file::of_document(document)?;
    let is_video = kind == FileKind::Video || document.mime_type.starts_with("video/");
    let is_post = match kind {
        FileKind::Document | FileKind::Video | FileKind::Audio => is_video || attachment.file_name.is_some(),
        FileKind::Voice | FileKind::VideoNote | FileKind::Photo | FileKind::Animation | FileKind::Sticker => false,
    };
    is_post.then_some(attachment)
}

/// The newest id among messages that are there; 0 when none is. An id without a message may be given away later.
pub fn newest(messages: &[Message]) -> i32 {
    messages.iter().filter(|m| !matches!(m, Message::Empty(_))).map(id).max().unwrap_or(0)
}

/// The id of any message, service messages and holes included.
fn id(message: &Message) -> i32 {
    match message {
        Message::Message(m) => m.id,
        Message::Service(m) => m.id,
        Message::Empty(m) => m.id,
    }
}

/// What a channel difference says, in order.
pub fn events(chat: ChatId, new: &[Message], other: &[tl::enums::Update]) -> Vec<ChannelEvent> {
    use tl::enums::Update as U;
    let posted = |message| post(chat, message).map(ChannelEvent::Posted);
    let mut events: Vec<_> = new.iter().filter_map(posted).collect();
    events.extend(other.iter().filter_map(|update| match update {
        U::NewChannelMessage(u) => posted(&u.message),
        U::EditChannelMessage(u) => Some(match post(chat, &u.message) {
            Some(post) => ChannelEvent::Edited(post),
            None => gone(chat, &[id(&u.message)]),
        }),
        U::DeleteChannelMessages(u) => Some(gone(chat, &u.messages)),
        _ => None,
    }));
    events
}

/// What messages fetched by id say to someone who has handled everything up to `handled` once: posts after it are new,
/// those before it may have been edited, and what is no file any more is gone.
pub fn swept(chat: ChatId, messages: &[Message], handled: i32) -> Vec<ChannelEvent> {
    let mut events = Vec::new();
    let mut holes = Vec::new();
    for message in messages {
        match post(chat, message) {
            Some(post) if post.at.message > handled => events.push(ChannelEvent::Posted(post)),
            Some(post) => events.push(ChannelEvent::Edited(post)),
            None if id(message) <= handled => holes.push(id(message)),
            None => {}
        }
    }
    if !holes.is_empty() {
        events.push(gone(chat, &holes));
    }
    events
}

/// Which of these messages carry no file (any more). For reading back into a store that knows some of them, from a backup:
/// nothing else tells it what was deleted since.
pub fn without_file(chat: ChatId, messages: &[Message]) -> Option<ChannelEvent> {
    let holes: Vec<_> = messages.iter().filter(|m| post(chat, m).is_none()).map(id).collect();
    (!holes.is_empty()).then(|| gone(chat, &holes))
}

fn gone(chat: ChatId, messages: &[i32]) -> ChannelEvent {
    ChannelEvent::Gone(messages.iter().map(|&message| PostRef { chat, message }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::post::DocumentId;
    use crate::domain::telegram_id::Dc;
    use tl::enums::{DocumentAttribute as Attribute, MessageMedia};
    use tl::{Deserializable, Identifiable, Serializable};

    fn chat() -> ChatId {
        ChatId::from_bare(1_500_000_001).expect("in range")
    }

    /// A channel message as it comes over the wire: most of its 50 fields absent.
    fn message(id: i32, text: &str, media: Option<MessageMedia>) -> Message {
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

    fn empty(id: i32) -> Message {
        tl::types::MessageEmpty { id, peer_id: None }.into()
    }

    fn media(mime: &str, size: i64, attributes: Vec<Attribute>) -> Option<MessageMedia> {
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

    fn named(name: &str) -> Attribute {
        tl::types::DocumentAttributeFilename { file_name: name.to_owned() }.into()
    }

    fn video(round_message: bool) -> Attribute {
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

    #[test]
    fn a_file_is_a_video_or_has_a_name() {
        let mkv = "video/x-matroska";
        let cases = [
            ("video as a file", media(mkv, 9, vec![named("Film.1968.mkv")]), true),
            ("video as media, no name", media("video/mp4", 9, vec![video(false)]), true),
            ("a video by its mime alone", media(mkv, 9, vec![]), true),
            ("any file with a name", media("application/octet-stream", 9, vec![named("Film.part1.rar")]), true),
            ("a name of blanks is none", media("application/octet-stream", 9, vec![named(" ")]), false),
            ("nothing to play", media(mkv, 0, vec![named("Film.mkv")]), false),
            ("GIF", media("video/mp4", 9, vec![video(false), Attribute::Animated]), false),
            ("round video message", media("video/mp4", 9, vec![video(true)]), false),
            ("voice message", media("audio/ogg", 9, vec![audio(true), named("voice.ogg")]), false),
            ("music with a name", media("audio/mpeg", 9, vec![audio(false), named("Theme.mp3")]), true),
            ("text only", None, false),
        ];
        for (what, media, is_post) in cases {
            assert_eq!(post(chat(), &message(1, "", media)).is_some(), is_post, "{what}");
        }
        assert_eq!(post(chat(), &empty(1)), None);
    }

    #[test]
    fn a_post_says_what_telegram_said() {
        let media = media("video/mp4", 3 << 30, vec![video(false), named("Film.mp4")]);
        let wanted = Post {
            at: PostRef { chat: chat(), message: 7 },
            date: 1_700_000_000,
            album: None,
            caption: "Film\n1968".to_owned(),
            attachment: Attachment {
                document: DocumentId(7_000_000_000_001),
                dc: Dc(4),
                size: 3 << 30,
                mime: "video/mp4".to_owned(),
                file_name: Some("Film.mp4".to_owned()),
                duration_secs: Some(5_766),
                width: Some(1920),
                height: None,
            },
        };
        assert_eq!(post(chat(), &message(7, "Film\n1968", media)), Some(wanted));
    }

    fn brief(events: &[ChannelEvent]) -> Vec<(&str, Vec<i32>)> {
        let ids = |refs: &[PostRef]| refs.iter().map(|at| at.message).collect();
        let brief = |event: &ChannelEvent| match event {
            ChannelEvent::Posted(post) => ("posted", vec![post.at.message]),
            ChannelEvent::Edited(post) => ("edited", vec![post.at.message]),
            ChannelEvent::Gone(refs) => ("gone", ids(refs)),
        };
        events.iter().map(brief).collect()
    }

    fn film() -> Option<MessageMedia> {
        media("video/mp4", 9, vec![named("Film.mp4")])
    }

    #[test]
    fn a_difference_becomes_events_in_order() {
        let edit = |message| tl::types::UpdateEditChannelMessage { message, pts: 9, pts_count: 1 }.into();
        let delete =
            tl::types::UpdateDeleteChannelMessages { channel_id: 1, messages: vec![2, 3], pts: 9, pts_count: 2 };
        let new = [message(4, "", film()), message(5, "hello", None)];
        let other =
            [edit(message(1, "new caption", film())), edit(message(4, "no film any more", None)), delete.into()];
        let wanted = [("posted", vec![4]), ("edited", vec![1]), ("gone", vec![4]), ("gone", vec![2, 3])];
        assert_eq!(brief(&events(chat(), &new, &other)), wanted);
    }

    #[test]
    fn a_sweep_tells_new_posts_from_known_ones() {
        let found = [empty(1), message(2, "", film()), message(3, "", None), message(4, "", film()), empty(5)];
        assert_eq!(brief(&swept(chat(), &found, 3)), [("edited", vec![2]), ("posted", vec![4]), ("gone", vec![1, 3])]);
        assert_eq!(newest(&found), 4, "5 may be given away yet");
        assert_eq!(brief(&swept(chat(), &found, 0)), [("posted", vec![2]), ("posted", vec![4])]);
    }
}
