//! What is in the world, as one account sees it in TL: with its own access hashes and file references.
//!
//! TL objects here have up to sixty fields of which we say a few. A field that its flag switches off takes no bytes, so
//! a [`blank`] object is read from the few bytes of the fields that are always there.

use grammers_tl_types as tl;
use tl::{Deserializable, Serializable};

use crate::post::{Button, ButtonAction, Entity, FileKind};
use crate::server::Server;
use crate::world::{
    Account, Change, Channel, Document, Ephemeral, Event, Letter, Message, PHOTO_SIZES, Person, Words, World, now,
};

/// Reads an object from its fixed fields, everything else switched off.
fn blank<T: Deserializable>(fixed: &[Vec<u8>]) -> T {
    T::from_bytes(&fixed.concat()).expect("the fixed fields in the schema's order")
}

/// Flags, both words of them, with nothing switched on.
fn no_flags() -> Vec<u8> {
    0i64.to_bytes()
}

pub(crate) fn updates(
    updates: Vec<tl::enums::Update>,
    users: Vec<tl::enums::User>,
    chats: Vec<tl::enums::Chat>,
) -> tl::enums::Updates {
    tl::types::Updates { updates, users, chats, date: now(), seq: 0 }.into()
}

/// What a member of a channel is told about a change.
pub(crate) fn update_of(
    server: &Server,
    world: &World,
    account: i64,
    at: &Channel,
    event: &Event,
) -> tl::enums::Updates {
    let users = match &event.change {
        Change::New(id) | Change::Edit(id) => authors(world, account, at.messages.get(id)),
        Change::Delete(_) => Vec::new(),
    };
    updates(vec![change(server, world, account, at, event)], users, vec![channel(world, account, at)])
}

/// Whether Telegram tells a bot of a change: not of messages in a group that it is not shown.
pub(crate) fn is_told(world: &World, account: i64, at: &Channel, event: &Event) -> bool {
    match &event.change {
        Change::New(id) | Change::Edit(id) => at.messages.get(id).is_none_or(|m| world.shows(at, account, m)),
        Change::Delete(_) => true,
    }
}

/// Who wrote these messages of a group.
pub(super) fn authors<'m>(
    world: &World,
    account: i64,
    messages: impl IntoIterator<Item = &'m Message>,
) -> Vec<tl::enums::User> {
    let ids: std::collections::BTreeSet<i64> = messages.into_iter().filter_map(|message| message.from).collect();
    ids.into_iter().filter_map(|id| anybody(world, account, id)).collect()
}

/// A person or a bot.
pub(crate) fn anybody(world: &World, seen_by: i64, id: i64) -> Option<tl::enums::User> {
    match world.account(id) {
        Some(account) => Some(bot(world, seen_by, account)),
        None => world.people.get(&id).map(|found| person(world, seen_by, found)),
    }
}

pub(crate) fn too_long(world: &World, account: i64, at: &Channel) -> tl::enums::Updates {
    updates(vec![too_long_update(at)], Vec::new(), vec![channel(world, account, at)])
}

pub(super) fn too_long_update(channel: &Channel) -> tl::enums::Update {
    tl::types::UpdateChannelTooLong { channel_id: channel.bare, pts: Some(channel.pts) }.into()
}

/// Somebody joined or left.
pub(crate) fn membership(world: &World, account: i64, bare: i64) -> tl::enums::Updates {
    let seen = world.channels.get(&bare).map(|at| {
        if at.members.contains(&account) { channel(world, account, at) } else { forbidden(world, account, at) }
    });
    updates(vec![tl::types::UpdateChannel { channel_id: bare }.into()], Vec::new(), seen.into_iter().collect())
}

/// What a bot is told of its letters.
pub(crate) fn letters_changed(server: &Server, world: &World, account: i64, event: &Event) -> tl::enums::Updates {
    let of = |id: &i32| world.account(account).and_then(|own| own.letters.get(id)).map(|letter| letter.person);
    let about = match &event.change {
        Change::New(id) | Change::Edit(id) => of(id),
        Change::Delete(_) => None,
    };
    let users = about.and_then(|id| anybody(world, account, id)).into_iter().collect();
    let change = letter_change(server, world, account, event);
    updates(change.into_iter().collect(), users, Vec::new())
}

/// `None` when the letter is gone meanwhile.
pub(super) fn letter_change(server: &Server, world: &World, account: i64, event: &Event) -> Option<tl::enums::Update> {
    let (pts, pts_count) = (event.pts, event.count);
    let own = world.account(account)?;
    let now_is = |id: &i32| own.letters.get(id).map(|l| letter(server, world, account, l));
    Some(match &event.change {
        Change::New(id) => tl::types::UpdateNewMessage { message: now_is(id)?, pts, pts_count }.into(),
        Change::Edit(id) => tl::types::UpdateEditMessage { message: now_is(id)?, pts, pts_count }.into(),
        Change::Delete(ids) => tl::types::UpdateDeleteMessages { messages: ids.clone(), pts, pts_count }.into(),
    })
}

pub(super) fn change(
    server: &Server,
    world: &World,
    account: i64,
    channel: &Channel,
    event: &Event,
) -> tl::enums::Update {
    let (pts, pts_count) = (event.pts, event.count);
    let now_is = |id: &i32| match channel.messages.get(id) {
        Some(m) => message(server, world, account, channel, m),
        None => hole(*id, channel.bare),
    };
    match &event.change {
        Change::New(id) => tl::types::UpdateNewChannelMessage { message: now_is(id), pts, pts_count }.into(),
        Change::Edit(id) => tl::types::UpdateEditChannelMessage { message: now_is(id), pts, pts_count }.into(),
        Change::Delete(ids) => {
            let (channel_id, messages) = (channel.bare, ids.clone());
            tl::types::UpdateDeleteChannelMessages { channel_id, messages, pts, pts_count }.into()
        }
    }
}

fn peer_channel(bare: i64) -> tl::enums::Peer {
    tl::types::PeerChannel { channel_id: bare }.into()
}

fn blank_message(peer: &tl::enums::Peer) -> tl::types::Message {
    // flags, flags2, id, peer_id, date, message
    blank(&[no_flags(), 0i32.to_bytes(), peer.to_bytes(), 0i32.to_bytes(), String::new().to_bytes()])
}

pub(super) fn message(
    server: &Server,
    world: &World,
    account: i64,
    channel: &Channel,
    message: &Message,
) -> tl::enums::Message {
    let peer = peer_channel(channel.bare);
    let from = message.from.map(peer_user);
    tl::types::Message {
        post: !channel.is_group,
        out: message.from.or(message.posted_by) == Some(account),
        from_id: from,
        via_bot_id: message.via,
        id: message.id,
        date: message.date,
        edit_date: message.edit_date,
        noforwards: message.words.is_protected || channel.is_protected,
        views: (!channel.is_group).then_some(1),
        forwards: (!channel.is_group).then_some(0),
        ..with_words(server, world, account, blank_message(&peer), &message.words, message.date)
    }
    .into()
}

pub(super) fn letter(server: &Server, world: &World, account: i64, letter: &Letter) -> tl::enums::Message {
    tl::types::Message {
        out: letter.is_out,
        id: letter.id,
        date: letter.date,
        edit_date: letter.edit_date,
        noforwards: letter.words.is_protected,
        ..with_words(server, world, account, blank_message(&peer_user(letter.person)), &letter.words, letter.date)
    }
    .into()
}

fn peer_user(user_id: i64) -> tl::enums::Peer {
    tl::types::PeerUser { user_id }.into()
}

fn with_words(
    server: &Server,
    world: &World,
    account: i64,
    message: tl::types::Message,
    words: &Words,
    date: i32,
) -> tl::types::Message {
    tl::types::Message {
        message: words.text.clone(),
        entities: entities(&words.entities),
        media: words.document.and_then(|id| media(server, world, account, id)),
        fwd_from: forward_header(words, date),
        reply_to: words.reply_to.map(reply_header),
        reply_markup: keyboard(&words.buttons),
        grouped_id: words.album,
        ..message
    }
}

fn forward_header(words: &Words, date: i32) -> Option<tl::enums::MessageFwdHeader> {
    if words.forwarded.is_none() && words.hidden_author.is_none() {
        return None;
    }
    // flags, date
    let blank: tl::types::MessageFwdHeader = blank(&[0u32.to_bytes(), date.to_bytes()]);
    let header = tl::types::MessageFwdHeader {
        from_id: words.forwarded.map(|(bare, _)| peer_channel(bare)),
        channel_post: words.forwarded.map(|(_, id)| id),
        from_name: words.hidden_author.clone(),
        ..blank
    };
    Some(header.into())
}

fn reply_header(id: i32) -> tl::enums::MessageReplyHeader {
    // flags
    let blank: tl::types::MessageReplyHeader = blank(&[0u32.to_bytes()]);
    tl::types::MessageReplyHeader { reply_to_msg_id: Some(id), ..blank }.into()
}

fn entities(entities: &[Entity]) -> Option<Vec<tl::enums::MessageEntity>> {
    let shape = |entity: &Entity| {
        let (offset, length) = (entity.offset, entity.length);
        match entity.kind.as_str() {
            "bold" => tl::types::MessageEntityBold { offset, length }.into(),
            "italic" => tl::types::MessageEntityItalic { offset, length }.into(),
            "code" => tl::types::MessageEntityCode { offset, length }.into(),
            "text_url" => {
                tl::types::MessageEntityTextUrl { offset, length, url: entity.url.clone().unwrap_or_default() }.into()
            }
            _ => tl::types::MessageEntityUnknown { offset, length }.into(),
        }
    };
    (!entities.is_empty()).then(|| entities.iter().map(shape).collect())
}

pub(super) fn keyboard(rows: &[Vec<Button>]) -> Option<tl::enums::ReplyMarkup> {
    let button = |button: &Button| {
        let kind = match button.does.clone() {
            ButtonAction::Url(url) => tl::types::InlineButtonTypeUrl { url }.into(),
            ButtonAction::Data(data) => tl::types::InlineButtonTypeCallback { requires_password: false, data }.into(),
            ButtonAction::Copy(copy_text) => tl::types::InlineButtonTypeCopy { copy_text }.into(),
            ButtonAction::WebApp(url) => tl::types::InlineButtonTypeWebView { url }.into(),
            ButtonAction::SwitchInline(query) => {
                tl::types::InlineButtonTypeSwitchInline { same_peer: false, query, peer_types: None }.into()
            }
            ButtonAction::SwitchInlineHere(query) => {
                tl::types::InlineButtonTypeSwitchInline { same_peer: true, query, peer_types: None }.into()
            }
        };
        tl::types::KeyboardInlineButton { style: None, text: button.text.clone(), r#type: kind }.into()
    };
    let row =
        |row: &Vec<Button>| tl::types::KeyboardInlineButtonRow { buttons: row.iter().map(button).collect() }.into();
    let rows: Vec<_> = rows.iter().map(row).collect();
    (!rows.is_empty()).then(|| tl::types::ReplyInlineMarkup { force_reply: false, rows }.into())
}

pub(crate) fn ephemeral(sent: &Ephemeral) -> tl::enums::EphemeralMessage {
    tl::types::EphemeralMessage {
        out: true,
        welcome_template: false,
        invert_media: false,
        noforwards: false,
        id: sent.id,
        from_id: peer_user(sent.account),
        peer_id: Some(peer_channel(sent.bare)),
        receiver_id: sent.person,
        top_msg_id: None,
        date: sent.date,
        message: sent.words.text.clone(),
        entities: entities(&sent.words.entities),
        media: None,
        reply_markup: keyboard(&sent.words.buttons),
        reply_to: sent.words.reply_to.map(reply_header),
        rich_message: None,
        chat_instance: None,
        anchor_msg_id: None,
    }
    .into()
}

/// In place of a message that is not there.
pub(super) fn hole(id: i32, bare: i64) -> tl::enums::Message {
    tl::types::MessageEmpty { id, peer_id: Some(peer_channel(bare)) }.into()
}

fn media(server: &Server, world: &World, account: i64, id: i64) -> Option<tl::enums::MessageMedia> {
    let document = world.documents.get(&id)?;
    if document.kind == FileKind::Photo {
        return Some(photo(server, world, account, document));
    }
    // flags
    let blank: tl::types::MessageMediaDocument = blank(&[0u32.to_bytes()]);
    let made = document.made.iter().filter_map(|made| world.documents.get(made));
    let made: Vec<_> = made.map(|made| shape_document(server, world, account, made)).collect();
    Some(
        tl::types::MessageMediaDocument {
            alt_documents: (!made.is_empty()).then_some(made),
            video: document.video.is_some(),
            document: Some(shape_document(server, world, account, document)),
            ..blank
        }
        .into(),
    )
}

fn photo(server: &Server, world: &World, account: i64, document: &Document) -> tl::enums::MessageMedia {
    let (_, w, h) = document.video.unwrap_or((0.0, 1280, 720));
    let size = |(name, part): (&str, u64)| {
        let (w, h) = (w / part as i32, h / part as i32);
        let size = document.photo_bytes(name).unwrap_or_default() as i32;
        tl::types::PhotoSize { r#type: name.to_owned(), w, h, size }.into()
    };
    let photo = tl::types::Photo {
        has_stickers: false,
        id: document.id,
        access_hash: world.document_hash(account, document.id),
        file_reference: world.file_reference(account, document.id, server.reference_age().now),
        date: document.date,
        sizes: PHOTO_SIZES.into_iter().map(size).collect(),
        video_sizes: None,
        dc_id: document.dc,
    };
    // flags
    let blank: tl::types::MessageMediaPhoto = blank(&[0u32.to_bytes()]);
    tl::types::MessageMediaPhoto { photo: Some(photo.into()), ..blank }.into()
}

/// What a document's attributes say of how it was sent.
fn kind_of(document: &Document) -> Vec<tl::enums::DocumentAttribute> {
    let audio = |voice| {
        let duration = document.video.map_or(0, |(secs, ..)| secs as i32);
        tl::types::DocumentAttributeAudio { voice, duration, title: None, performer: None, waveform: None }.into()
    };
    let sticker = || tl::types::DocumentAttributeSticker {
        mask: false,
        alt: "\u{1f3ac}".to_owned(),
        stickerset: tl::enums::InputStickerSet::Empty,
        mask_coords: None,
    };
    match document.kind {
        FileKind::Document | FileKind::Video | FileKind::VideoNote | FileKind::Photo => Vec::new(),
        FileKind::Audio => vec![audio(false)],
        FileKind::Voice => vec![audio(true)],
        FileKind::Animation => vec![tl::enums::DocumentAttribute::Animated],
        FileKind::Sticker => vec![sticker().into()],
    }
}

fn shape_document(server: &Server, world: &World, account: i64, document: &Document) -> tl::enums::Document {
    let mut attributes = kind_of(document);
    let is_video = matches!(document.kind, FileKind::Video | FileKind::VideoNote | FileKind::Animation);
    let measures = document.video.or(is_video.then_some((1.0, 640, 360)));
    if let Some((duration, w, h)) = measures.filter(|_| is_video || document.kind == FileKind::Document) {
        let video = tl::types::DocumentAttributeVideo {
            round_message: document.kind == FileKind::VideoNote,
            supports_streaming: document.mime == "video/mp4",
            nosound: false,
            duration,
            w,
            h,
            preload_prefix_size: None,
            video_start_ts: None,
            video_codec: document.codec.clone(),
        };
        attributes.push(video.into());
    }
    if let Some(file_name) = document.file_name.clone() {
        attributes.push(tl::types::DocumentAttributeFilename { file_name }.into());
    }
    tl::types::Document {
        id: document.id,
        access_hash: world.document_hash(account, document.id),
        file_reference: world.file_reference(account, document.id, server.reference_age().now),
        date: document.date,
        mime_type: document.mime.clone(),
        size: document.size as i64,
        thumbs: None,
        video_thumbs: None,
        dc_id: document.dc,
        attributes,
    }
    .into()
}

/// A channel or a group as its members see it.
pub(crate) fn channel(world: &World, account: i64, channel: &Channel) -> tl::enums::Chat {
    // flags, flags2, id, title, photo, date
    let fixed = [
        no_flags(),
        channel.bare.to_bytes(),
        channel.title.to_bytes(),
        tl::enums::ChatPhoto::Empty.to_bytes(),
        channel.date.to_bytes(),
    ];
    tl::types::Channel {
        broadcast: !channel.is_group,
        megagroup: channel.is_group,
        noforwards: channel.is_protected,
        access_hash: Some(world.channel_hash(account, channel.bare)),
        admin_rights: channel.is_admin(account).then(admin_rights),
        participants_count: Some(channel.members.len() as i32),
        ..blank(&fixed)
    }
    .into()
}

/// A channel to somebody who is not in it any more.
fn forbidden(world: &World, account: i64, channel: &Channel) -> tl::enums::Chat {
    tl::types::ChannelForbidden {
        broadcast: !channel.is_group,
        megagroup: channel.is_group,
        monoforum: false,
        id: channel.bare,
        access_hash: world.channel_hash(account, channel.bare),
        title: channel.title.clone(),
        until_date: None,
    }
    .into()
}

pub(super) fn admin_rights() -> tl::enums::ChatAdminRights {
    // flags
    let blank: tl::types::ChatAdminRights = blank(&[0u32.to_bytes()]);
    tl::types::ChatAdminRights { post_messages: true, edit_messages: true, delete_messages: true, other: true, ..blank }
        .into()
}

pub(super) fn full_channel(channel: &Channel) -> tl::enums::ChatFull {
    // flags, flags2, id, about, read_inbox_max_id, read_outbox_max_id, unread_count, chat_photo, notify_settings,
    // bot_info, pts
    let fixed = [
        no_flags(),
        channel.bare.to_bytes(),
        String::new().to_bytes(),
        0i32.to_bytes(),
        0i32.to_bytes(),
        0i32.to_bytes(),
        tl::enums::Photo::Empty(tl::types::PhotoEmpty { id: 0 }).to_bytes(),
        notify_settings().to_bytes(),
        Vec::<tl::enums::BotInfo>::new().to_bytes(),
        channel.pts.to_bytes(),
    ];
    tl::types::ChannelFull {
        participants_count: Some(channel.members.len() as i32),
        admins_count: Some(channel.members.len() as i32),
        ..blank(&fixed)
    }
    .into()
}

pub(super) fn dialog(channel: &Channel) -> tl::enums::Dialog {
    tl::types::Dialog {
        pinned: false,
        unread_mark: false,
        view_forum_as_messages: false,
        peer: peer_channel(channel.bare),
        top_message: channel.top,
        read_inbox_max_id: 0,
        read_outbox_max_id: 0,
        unread_count: 0,
        unread_mentions_count: 0,
        unread_reactions_count: 0,
        unread_poll_votes_count: 0,
        notify_settings: notify_settings(),
        pts: Some(channel.pts),
        draft: None,
        folder_id: None,
        ttl_period: None,
    }
    .into()
}

fn notify_settings() -> tl::enums::PeerNotifySettings {
    // flags
    tl::enums::PeerNotifySettings::Settings(blank(&[0u32.to_bytes()]))
}

pub(super) fn bot(world: &World, seen_by: i64, account: &Account) -> tl::enums::User {
    tl::types::User {
        is_self: account.id == seen_by,
        bot: true,
        bot_info_version: Some(1),
        id: account.id,
        access_hash: Some(world.user_hash(seen_by, account.id)),
        first_name: Some(account.name.clone()),
        username: Some(account.username()),
        ..blank_user()
    }
    .into()
}

pub(super) fn person(world: &World, seen_by: i64, person: &Person) -> tl::enums::User {
    tl::types::User {
        id: person.id,
        access_hash: Some(world.user_hash(seen_by, person.id)),
        first_name: Some(person.first_name.clone()),
        last_name: person.last_name.clone(),
        username: person.username.clone(),
        lang_code: person.lang_code.clone(),
        ..blank_user()
    }
    .into()
}

fn blank_user() -> tl::types::User {
    // flags, flags2, id
    blank(&[no_flags(), 0i64.to_bytes()])
}

pub(super) fn full_user(id: i64) -> tl::enums::UserFull {
    // flags, flags2, id, settings, notify_settings, common_chats_count
    let fixed = [
        no_flags(),
        id.to_bytes(),
        tl::enums::PeerSettings::Settings(blank(&[0u32.to_bytes()])).to_bytes(),
        notify_settings().to_bytes(),
        0i32.to_bytes(),
    ];
    tl::enums::UserFull::Full(blank(&fixed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_shaped_reads_back() {
        let mut world = World { seed: 1, ..World::default() };
        world.accounts.push(Account { id: 1001, name: "main".to_owned(), ..Account::default() });
        world.found_channel(5, "Films");
        let (channel_at, account) = (&world.channels[&5], &world.accounts[0]);
        fn reads_back<T: Serializable + Deserializable + PartialEq + std::fmt::Debug>(object: T) {
            assert_eq!(T::from_bytes(&object.to_bytes()).expect("readable"), object);
        }
        reads_back(channel(&world, 1001, channel_at));
        reads_back(forbidden(&world, 1001, channel_at));
        reads_back(full_channel(channel_at));
        reads_back(dialog(channel_at));
        reads_back(bot(&world, 1001, account));
        reads_back(full_user(1001));
        reads_back(admin_rights());
        reads_back(hole(3, 5));
        let button = |does| vec![Button { text: "Open".to_owned(), does }];
        let words = Words {
            entities: vec![Entity { kind: "bold".to_owned(), offset: 0, length: 5, url: None }],
            reply_to: Some(4),
            hidden_author: Some("Ann".to_owned()),
            buttons: vec![
                button(ButtonAction::Url("https://example.org/".to_owned())),
                button(ButtonAction::Data(vec![255, 0])),
                button(ButtonAction::Copy("x".to_owned())),
                button(ButtonAction::SwitchInline("x".to_owned())),
                button(ButtonAction::WebApp("https://example.org/".to_owned())),
            ],
            ..Words::plain("hello".to_owned())
        };
        let text =
            Letter { id: 1, person: 9, is_out: true, date: now(), edit_date: None, written: 0, words: words.clone() };
        let sent = Ephemeral { id: 1, account: 1001, bare: 5, person: 9, date: now(), written: 0, words };
        reads_back(ephemeral(&sent));
        let files = [FileKind::Photo, FileKind::Voice, FileKind::Animation, FileKind::Sticker, FileKind::VideoNote];
        let files =
            files.map(|kind| world.add_generated(crate::world::Draft { kind, dc: 4, ..Default::default() }, 99));
        let server = crate::server::Server::for_tests(world);
        let world = server.world();
        reads_back(letter(&server, &world, 1001, &text));
        let words = Words { forwarded: Some((6, 5)), album: Some(4), ..Words::plain("caption".to_owned()) };
        let post = Message { id: 7, words, ..Message::default() };
        reads_back(message(&server, &world, 1001, &world.channels[&5], &post));
        for file in files {
            reads_back(media(&server, &world, 1001, file).expect("it was added"));
        }
    }
}
