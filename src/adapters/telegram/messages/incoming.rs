//! Telegram's messages and updates -> what people do, in our words. Pure. Names and texts are anybody's: they are cleaned here, before
//! anything reads them.

use std::collections::HashMap;

use grammers_tl_types as tl;
use tl::enums::{MessageMedia as Media, PhotoSize};

use super::arrival::{
    FileKind, Forwarded, Found, InlineQuery, InlineQueryId, Message, MessageRef, Person, PersonEvent, Place, Press,
    PressId, SentFile,
};
use super::file::{self, measure};
use super::outgoing::PressData;
use crate::adapters::telegram::bots::channel::largest;
use crate::domain::post::{Attachment, ChatId, DocumentId, PostRef};
use crate::domain::telegram_id::{Dc, UserId};
use crate::domain::text;

/// Whom an answer of Telegram's speaks of.
#[derive(Default)]
pub struct Faces<'u>(HashMap<i64, &'u tl::types::User>);

impl<'u> Faces<'u> {
    pub fn new(users: &'u [tl::enums::User]) -> Self {
        let known = users.iter().filter_map(|user| match user {
            tl::enums::User::User(user) => Some((user.id, user)),
            tl::enums::User::Empty(_) => None,
        });
        Self(known.collect())
    }

    /// By each id what lets our bot address the person.
    pub fn hashes(&self) -> impl Iterator<Item = (UserId, i64)> {
        // A `min` one only works inside the message that it came with.
        let people = self.0.values().filter(|user| !user.bot && !user.min);
        people.filter_map(|user| Some((UserId(user.id), user.access_hash?)))
    }

    /// The person; `None` for a bot.
    fn person(&self, id: i64) -> Option<Person> {
        let Some(user) = self.0.get(&id) else {
            let nameless =
                Person { id: UserId(id), first_name: String::new(), last_name: None, username: None, language: None };
            return Some(nameless);
        };
        let line = |text: &Option<String>, limit| text.as_deref().map(|text| text::line(text, limit));
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        (!user.bot).then(|| Person {
            id: UserId(id),
            first_name: line(&user.first_name, text::NAME).unwrap_or_default(),
            last_name: said(line(&user.last_name, text::NAME)),
            username: said(line(&user.username, text::WORD)),
            language: said(line(&user.lang_code, text::WORD)),
        })
    }
}

/// A message that a person wrote in private or in a group. `None` for the bot's own, for service messages and for what channels and
/// anonymous administrators write.
pub fn message(message: &tl::enums::Message, faces: &Faces<'_>) -> Option<Message> {
    let tl::enums::Message::Message(m) = message else { return None };
    if m.out {
        return None;
    }
    let (place, from) = match &m.peer_id {
        tl::enums::Peer::User(peer) => (Place::Private(UserId(peer.user_id)), peer.user_id),
        tl::enums::Peer::Channel(peer) if !m.post => match &m.from_id {
            Some(tl::enums::Peer::User(from)) => (Place::Group(ChatId::from_bare(peer.channel_id)?), from.user_id),
            _ => return None,
        },
        _ => return None,
    };
    Some(Message {
        at: MessageRef { place, message: m.id },
        from: faces.person(from)?,
        date: m.date.into(),
        text: text::lines(&m.message, text::CAPTION),
        reply_to: m.reply_to.as_ref().and_then(reply_to),
        file: m.media.as_ref().and_then(file),
        album: m.grouped_id,
        is_protected: m.noforwards,
        forwarded: m.fwd_from.as_ref().map(forwarded),
    })
}

/// The message, whoever wrote it. `None` for service messages and for what the bot wrote itself; what it posted in a channel is the
/// channel's.
pub fn found(message: &tl::enums::Message) -> Option<Found> {
    let tl::enums::Message::Message(m) = message else { return None };
    if m.out && !m.post {
        return None;
    }
    let place = match &m.peer_id {
        tl::enums::Peer::User(peer) => Place::Private(UserId(peer.user_id)),
        tl::enums::Peer::Channel(peer) => Place::Group(ChatId::from_bare(peer.channel_id)?),
        tl::enums::Peer::Chat(_) => return None,
    };
    Some(Found {
        at: MessageRef { place, message: m.id },
        date: m.date.into(),
        text: text::lines(&m.message, text::CAPTION),
        reply_to: m.reply_to.as_ref().and_then(reply_to),
        file: m.media.as_ref().and_then(file),
        is_protected: m.noforwards,
    })
}

/// What a post of a channel says to the bot: a text of its own that begins with a slash. Not what was forwarded there, what a bot wrote, nor
/// what we posted ourselves.
pub fn call(message: &tl::enums::Message, faces: &Faces<'_>) -> Option<Call> {
    let tl::enums::Message::Message(m) = message else { return None };
    let is_own_text = m.post && !m.out && m.media.is_none() && m.fwd_from.is_none() && m.via_bot_id.is_none();
    if !is_own_text || !m.message.trim_start().starts_with('/') {
        return None;
    }
    let by = match &m.from_id {
        Some(tl::enums::Peer::User(from)) => Some(faces.person(from.user_id)?),
        _ => None,
    };
    let text = text::lines(&m.message, text::CAPTION);
    Some(Call { message: m.id, date: m.date.into(), text, reply_to: m.reply_to.as_ref().and_then(reply_to), by })
}

/// A call before it is handed out.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    pub message: i32,
    pub date: i64,
    pub text: String,
    pub reply_to: Option<i32>,
    pub by: Option<Person>,
}

/// The message of the same chat that one answers.
pub fn reply_to(header: &tl::enums::MessageReplyHeader) -> Option<i32> {
    match header {
        tl::enums::MessageReplyHeader::Header(header) if header.reply_to_peer_id.is_none() => header.reply_to_msg_id,
        _ => None,
    }
}

fn forwarded(header: &tl::enums::MessageFwdHeader) -> Forwarded {
    let tl::enums::MessageFwdHeader::Header(header) = header;
    let channel = |bare| ChatId::from_bare(bare);
    match (&header.from_id, header.channel_post) {
        (Some(tl::enums::Peer::Channel(peer)), Some(message)) if let Some(chat) = channel(peer.channel_id) => {
            Forwarded::Post(PostRef { chat, message })
        }
        (Some(tl::enums::Peer::User(peer)), _) => Forwarded::Person(UserId(peer.user_id)),
        _ => Forwarded::Hidden(text::line(header.from_name.as_deref().unwrap_or_default(), text::NAME)),
    }
}

fn file(media: &Media) -> Option<SentFile> {
    match media {
        Media::Photo(media) => match &media.photo {
            Some(tl::enums::Photo::Photo(photo)) => photo_file(photo),
            _ => None,
        },
        Media::Document(media) => match &media.document {
            Some(tl::enums::Document::Document(document)) => file::of_document(document),
            _ => None,
        },
        _ => None,
    }
}

fn photo_file(photo: &tl::types::Photo) -> Option<SentFile> {
    let (size, bytes) = largest(photo)?;
    let (width, height) = match size {
        PhotoSize::Size(size) => (size.w, size.h),
        PhotoSize::Progressive(size) => (size.w, size.h),
        _ => return None,
    };
    let attachment = Attachment {
        document: DocumentId(photo.id),
        dc: Dc(photo.dc_id),
        size: bytes,
        mime: "image/jpeg".to_owned(),
        file_name: None,
        duration_secs: None,
        width: measure(width),
        height: measure(height),
        renditions: Vec::new(),
    };
    Some(SentFile { kind: FileKind::Photo, attachment })
}

/// Something that happened, before it is handed out: whose it is, and its name for ever.
#[derive(Debug, PartialEq, Eq)]
pub struct Happened {
    pub lane: i64,
    pub key: String,
    pub event: PersonEvent,
}

/// What getDifference or getChannelDifference says of messages, in order: new ones, then edits and deletions of older ones.
pub fn happened(
    group: Option<ChatId>,
    new: &[tl::enums::Message],
    other: &[tl::enums::Update],
    faces: &Faces<'_>,
) -> Vec<Happened> {
    use tl::enums::Update as U;
    // Ids of private messages are the bot's own, ids in a group are the group's.
    let chat = group.map_or_else(String::new, |chat| format!("{chat}/"));
    let written = |m: &tl::enums::Message| {
        let message = message(m, faces)?;
        let key = format!("{chat}{}", message.at.message);
        Some(Happened { lane: message.from.id.0, key, event: PersonEvent::Message(message) })
    };
    let edited = |m: &tl::enums::Message, pts: i32| {
        // Reactions and previews are edits as well, which Telegram's apps do not show as such.
        if matches!(m, tl::enums::Message::Message(m) if m.edit_hide) {
            return None;
        }
        let message = message(m, faces)?;
        let key = format!("{chat}{}/edit/{pts}", message.at.message);
        Some(Happened { lane: message.from.id.0, key, event: PersonEvent::Edited(message) })
    };
    let deleted = |messages: &[i32], pts: i32| {
        let event = PersonEvent::Deleted { group, messages: messages.to_vec() };
        Some(Happened { lane: 0, key: format!("{chat}delete/{pts}"), event })
    };
    let here = |m: &tl::enums::Message| match (m, group) {
        (tl::enums::Message::Message(m), Some(_)) => matches!(m.peer_id, tl::enums::Peer::Channel(_)),
        (tl::enums::Message::Message(m), None) => matches!(m.peer_id, tl::enums::Peer::User(_)),
        _ => false,
    };
    let mut all: Vec<Happened> = new.iter().filter(|m| here(m)).filter_map(written).collect();
    all.extend(other.iter().filter_map(|update| match update {
        U::NewMessage(u) if here(&u.message) => written(&u.message),
        U::NewChannelMessage(u) if here(&u.message) => written(&u.message),
        U::EditMessage(u) if here(&u.message) => edited(&u.message, u.pts),
        U::EditChannelMessage(u) if here(&u.message) => edited(&u.message, u.pts),
        U::DeleteMessages(u) if group.is_none() => deleted(&u.messages, u.pts),
        U::DeleteChannelMessages(u) if group.is_some_and(|chat| chat.bare() == u.channel_id) => {
            deleted(&u.messages, u.pts)
        }
        _ => None,
    }));
    all
}

/// A pressed button or an inline query. They are no part of any history: Telegram tells them once, live.
pub fn asked(update: &tl::enums::Update, faces: &Faces<'_>) -> Option<Happened> {
    use tl::enums::Update as U;
    let press = |query_id, user_id, at, data: &[u8]| {
        let (from, data) = (faces.person(user_id)?, PressData::new(data)?);
        let press = Press { id: PressId(query_id), from, at, data };
        Some(Happened { lane: user_id, key: format!("press/{query_id}"), event: PersonEvent::Pressed(press) })
    };
    match update {
        U::BotCallbackQuery(u) => {
            let place = match &u.peer {
                tl::enums::Peer::User(peer) => Place::Private(UserId(peer.user_id)),
                tl::enums::Peer::Channel(peer) => Place::Group(ChatId::from_bare(peer.channel_id)?),
                tl::enums::Peer::Chat(_) => return None,
            };
            press(u.query_id, u.user_id, MessageRef { place, message: u.msg_id }, u.data.as_deref()?)
        }
        U::EphemeralBotCallbackQuery(u) => {
            let Some(tl::enums::Peer::Channel(peer)) = &u.peer else { return None };
            let group = ChatId::from_bare(peer.channel_id)?;
            let place = Place::Ephemeral { group, person: UserId(u.user_id) };
            press(u.query_id, u.user_id, MessageRef { place, message: u.msg_id }, &u.data)
        }
        U::BotInlineQuery(u) => {
            let query = InlineQuery {
                id: InlineQueryId(u.query_id),
                from: faces.person(u.user_id)?,
                text: text::line(&u.query, text::NAME),
                offset: text::line(&u.offset, text::WORD),
            };
            Some(Happened { lane: u.user_id, key: format!("ask/{}", u.query_id), event: PersonEvent::Asked(query) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tl::enums::DocumentAttribute as Attribute;
    use tl::{Deserializable, Serializable};

    fn user(id: i64, is_bot: bool) -> tl::enums::User {
        let fixed = [0i64.to_bytes(), id.to_bytes()].concat();
        let blank = tl::types::User::from_bytes(&fixed).expect("flags and an id");
        tl::types::User {
            bot: is_bot,
            access_hash: Some(7),
            first_name: Some("Ann\u{202e}e".to_owned()),
            last_name: Some(" ".to_owned()),
            username: Some("anne".to_owned()),
            lang_code: Some("de".to_owned()),
            ..blank
        }
        .into()
    }

    fn wire(id: i32, peer: tl::enums::Peer) -> tl::types::Message {
        let mut wire = [0i64.to_bytes(), id.to_bytes(), peer.to_bytes(), 1_700_000_000i32.to_bytes()].concat();
        "words".to_owned().serialize(&mut wire);
        tl::types::Message::from_bytes(&wire).expect("the fixed fields")
    }

    fn private(id: i32) -> tl::types::Message {
        wire(id, tl::types::PeerUser { user_id: 9 }.into())
    }

    fn in_group(id: i32, from: Option<tl::enums::Peer>) -> tl::types::Message {
        tl::types::Message { from_id: from, ..wire(id, tl::types::PeerChannel { channel_id: 5 }.into()) }
    }

    fn document(mime: &str, attributes: Vec<Attribute>) -> Media {
        let document = tl::types::Document {
            id: 3,
            access_hash: 1,
            file_reference: vec![1],
            date: 0,
            mime_type: mime.to_owned(),
            size: 9,
            thumbs: None,
            video_thumbs: None,
            dc_id: 4,
            attributes,
        };
        let blank = tl::types::MessageMediaDocument::from_bytes(&0u32.to_bytes()).expect("flags");
        tl::types::MessageMediaDocument { document: Some(document.into()), ..blank }.into()
    }

    fn video(round_message: bool) -> Attribute {
        let fixed = [0u32.to_bytes(), 2.6f64.to_bytes(), 640i32.to_bytes(), 0i32.to_bytes()].concat();
        let blank = tl::types::DocumentAttributeVideo::from_bytes(&fixed).expect("the fixed fields");
        tl::types::DocumentAttributeVideo { round_message, ..blank }.into()
    }

    fn audio(voice: bool) -> Attribute {
        tl::types::DocumentAttributeAudio { voice, duration: 5, title: None, performer: None, waveform: None }.into()
    }

    #[test]
    fn every_kind_of_file_is_told_apart() {
        let named = || tl::types::DocumentAttributeFilename { file_name: "a/b.zip".to_owned() }.into();
        let sticker = tl::types::DocumentAttributeSticker {
            mask: false,
            alt: "🎬".to_owned(),
            stickerset: tl::enums::InputStickerSet::Empty,
            mask_coords: None,
        };
        let cases = [
            ("application/zip", vec![named()], FileKind::Document),
            ("video/mp4", vec![video(false), named()], FileKind::Video),
            ("video/x-matroska", vec![named()], FileKind::Video),
            ("video/mp4", vec![video(true)], FileKind::VideoNote),
            ("video/mp4", vec![Attribute::Animated, video(false)], FileKind::Animation),
            ("video/mp4", vec![video(false), Attribute::Animated], FileKind::Animation),
            ("video/webm", vec![sticker.into(), video(false)], FileKind::Sticker),
            ("audio/mpeg", vec![audio(false)], FileKind::Audio),
            ("audio/ogg", vec![audio(true)], FileKind::Voice),
        ];
        for (mime, attributes, wanted) in cases {
            let found = file(&document(mime, attributes.clone())).expect("a file");
            assert_eq!(found.kind, wanted, "{mime} {attributes:?}");
        }
        let video = file(&document("video/mp4", vec![video(false)])).expect("a file").attachment;
        assert_eq!((video.duration_secs, video.width, video.height), (Some(3), Some(640), None));
    }

    #[test]
    fn a_photo_is_its_largest_size() {
        let size = |r#type: &str, w, size| tl::types::PhotoSize { r#type: r#type.to_owned(), w, h: w, size }.into();
        let progressive =
            tl::types::PhotoSizeProgressive { r#type: "y".to_owned(), w: 1280, h: 720, sizes: vec![1_000, 90_000] };
        let photo = tl::types::Photo {
            has_stickers: false,
            id: 8,
            access_hash: 1,
            file_reference: vec![1],
            date: 0,
            sizes: vec![size("m", 320, 20_000), progressive.into(), size("x", 800, 50_000)],
            video_sizes: None,
            dc_id: 2,
        };
        let found = photo_file(&photo).expect("a file");
        let attachment = &found.attachment;
        assert_eq!((found.kind, attachment.document, attachment.size), (FileKind::Photo, DocumentId(8), 90_000));
        assert_eq!(
            (attachment.width, attachment.height, attachment.mime.as_str()),
            (Some(1280), Some(720), "image/jpeg")
        );
    }

    #[test]
    fn people_are_known_and_everybody_else_is_passed_over() {
        let users = [user(9, false), user(10, true)];
        let faces = Faces::new(&users);
        let written = message(&private(1).into(), &faces).expect("a person wrote it");
        let anne = Person {
            id: UserId(9),
            first_name: "Anne".to_owned(),
            last_name: None,
            username: Some("anne".to_owned()),
            language: Some("de".to_owned()),
        };
        assert_eq!((written.from, written.at.place), (anne, Place::Private(UserId(9))));
        assert_eq!(faces.hashes().collect::<Vec<_>>(), [(UserId(9), 7)]);
        let by = |id| Some(tl::enums::Peer::from(tl::types::PeerUser { user_id: id }));
        assert!(message(&in_group(1, by(9)).into(), &faces).is_some());
        for nobody in [
            tl::types::Message { out: true, ..private(1) },
            in_group(1, by(10)),
            in_group(1, None),
            in_group(1, Some(tl::types::PeerChannel { channel_id: 5 }.into())),
            tl::types::Message { post: true, ..in_group(1, by(9)) },
        ] {
            assert_eq!(message(&nobody.into(), &faces), None);
        }
    }

    #[test]
    fn a_channel_speaks_to_the_bot_by_posts_of_its_own() {
        let users = [user(9, false), user(10, true)];
        let faces = Faces::new(&users);
        let by = |id| Some(tl::enums::Peer::from(tl::types::PeerUser { user_id: id }));
        let post = |text: &str| tl::types::Message { post: true, message: text.to_owned(), ..in_group(3, None) };
        let read = |message: tl::types::Message| call(&message.into(), &faces);
        let plain = read(post(" /link 5")).expect("a call");
        assert_eq!((plain.message, plain.text.as_str(), plain.by), (3, " /link 5", None));
        let signed = read(tl::types::Message { from_id: by(9), ..post("/link") }).expect("a call");
        assert_eq!(signed.by.map(|person| person.id), Some(UserId(9)));
        let forwarded = tl::types::MessageFwdHeader::from_bytes(&[0u32.to_bytes(), 1i32.to_bytes()].concat());
        for other in [
            post("words"),
            tl::types::Message { post: false, from_id: by(9), ..post("/link") },
            tl::types::Message { out: true, ..post("/link") },
            tl::types::Message { from_id: by(10), ..post("/link") },
            tl::types::Message { via_bot_id: Some(10), ..post("/link") },
            tl::types::Message { fwd_from: forwarded.ok().map(Into::into), ..post("/link") },
            tl::types::Message { media: Some(document("video/mp4", vec![video(false)])), ..post("/link") },
        ] {
            assert_eq!(read(other), None);
        }
    }

    #[test]
    fn what_happened_has_a_name_that_does_not_change() {
        let group = ChatId::from_bare(5).expect("in range");
        let users = [user(9, false)];
        let faces = Faces::new(&users);
        let edit = |message: tl::types::Message, pts| {
            tl::enums::Update::from(tl::types::UpdateEditMessage { message: message.into(), pts, pts_count: 1 })
        };
        let other = [
            edit(private(1), 12),
            edit(tl::types::Message { edit_hide: true, ..private(1) }, 13),
            tl::types::UpdateDeleteMessages { messages: vec![1, 2], pts: 15, pts_count: 2 }.into(),
            tl::types::UpdateDeleteChannelMessages { channel_id: 5, messages: vec![3], pts: 4, pts_count: 1 }.into(),
        ];
        let keys = |group, new: tl::types::Message| {
            let happened = happened(group, &[new.into()], &other, &faces);
            happened.into_iter().map(|h| (h.lane, h.key)).collect::<Vec<_>>()
        };
        let named = |lane: i64, key: &str| (lane, key.to_owned());
        assert_eq!(keys(None, private(3)), [named(9, "3"), named(9, "1/edit/12"), named(0, "delete/15")]);
        let by = Some(tl::types::PeerUser { user_id: 9 }.into());
        assert_eq!(
            keys(Some(group), in_group(3, by)),
            [named(9, "-1000000000005/3"), named(0, "-1000000000005/delete/4")]
        );
    }

    #[test]
    fn what_a_changed_app_may_press_is_taken_as_it_is_or_not_at_all() {
        let pressed = |data: Option<Vec<u8>>| {
            let update = tl::types::UpdateBotCallbackQuery {
                query_id: 77,
                user_id: 9,
                peer: tl::types::PeerUser { user_id: 9 }.into(),
                msg_id: 4,
                chat_instance: 1,
                data,
                game_short_name: None,
            };
            asked(&update.into(), &Faces::default()).map(|happened| happened.event)
        };
        let Some(PersonEvent::Pressed(press)) = pressed(Some(b"\xff\x00".to_vec())) else { panic!("a press") };
        assert_eq!((press.data.as_bytes(), press.data.as_str()), (&b"\xff\x00"[..], None));
        for nothing in [None, Some(Vec::new()), Some(vec![b'x'; 65])] {
            assert_eq!(pressed(nothing), None);
        }
    }
}
