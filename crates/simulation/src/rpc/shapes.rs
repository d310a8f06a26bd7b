//! What is in the world, as one account sees it in TL: with its own access hashes and file references.
//!
//! TL objects here have up to sixty fields of which we say a few. A field that its flag switches off takes no bytes, so
//! a [`blank`] object is read from the few bytes of the fields that are always there.

use grammers_tl_types as tl;
use tl::{Deserializable, Serializable};

use crate::post::UrlButton;
use crate::server::Server;
use crate::world::{Account, Change, Channel, Document, Event, Letter, Message, Person, World, now};

/// Reads an object from its fixed fields, everything else switched off.
fn blank<T: Deserializable>(fixed: &[Vec<u8>]) -> T {
    T::from_bytes(&fixed.concat()).expect("the fixed fields in the schema's order")
}

/// Flags, both words of them, with nothing switched on.
fn no_flags() -> Vec<u8> {
    0i64.to_bytes()
}

pub(super) fn updates(
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
    updates(vec![change(server, world, account, at, event)], Vec::new(), vec![channel(world, account, at)])
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

pub(crate) fn new_letter(server: &Server, world: &World, account: i64, new: &Letter) -> tl::enums::Updates {
    let message = letter(server, world, account, new);
    let update = tl::types::UpdateNewMessage { message, pts: new.pts, pts_count: 1 };
    let users = world.people.get(&new.person).map(|p| person(world, account, p));
    updates(vec![update.into()], users.into_iter().collect(), Vec::new())
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
    let forwarded = message.forwarded.map(|(bare, id)| tl::types::MessageFwdHeader {
        imported: false,
        saved_out: false,
        from_id: Some(peer_channel(bare)),
        from_name: None,
        date: message.date,
        channel_post: Some(id),
        post_author: None,
        saved_from_peer: None,
        saved_from_msg_id: None,
        saved_from_id: None,
        saved_from_name: None,
        saved_date: None,
        psa_type: None,
    });
    let peer = peer_channel(channel.bare);
    tl::types::Message {
        post: true,
        id: message.id,
        date: message.date,
        message: message.text.clone(),
        media: message.document.and_then(|id| media(server, world, account, id)),
        fwd_from: forwarded.map(Into::into),
        edit_date: message.edit_date,
        grouped_id: message.album,
        views: Some(1),
        forwards: Some(0),
        ..blank_message(&peer)
    }
    .into()
}

pub(super) fn letter(server: &Server, world: &World, account: i64, letter: &Letter) -> tl::enums::Message {
    let peer: tl::enums::Peer = tl::types::PeerUser { user_id: letter.person }.into();
    tl::types::Message {
        out: letter.is_out,
        id: letter.id,
        date: letter.date,
        message: letter.text.clone(),
        media: letter.document.and_then(|id| media(server, world, account, id)),
        edit_date: letter.edit_date,
        reply_markup: keyboard(&letter.buttons),
        ..blank_message(&peer)
    }
    .into()
}

fn keyboard(rows: &[Vec<UrlButton>]) -> Option<tl::enums::ReplyMarkup> {
    let button = |button: &UrlButton| {
        let kind = tl::types::InlineButtonTypeUrl { url: button.url.clone() };
        tl::types::KeyboardInlineButton { style: None, text: button.text.clone(), r#type: kind.into() }.into()
    };
    let row =
        |row: &Vec<UrlButton>| tl::types::KeyboardInlineButtonRow { buttons: row.iter().map(button).collect() }.into();
    let rows: Vec<_> = rows.iter().map(row).collect();
    (!rows.is_empty()).then(|| tl::types::ReplyInlineMarkup { force_reply: false, rows }.into())
}

/// In place of a message that is not there.
pub(super) fn hole(id: i32, bare: i64) -> tl::enums::Message {
    tl::types::MessageEmpty { id, peer_id: Some(peer_channel(bare)) }.into()
}

fn media(server: &Server, world: &World, account: i64, id: i64) -> Option<tl::enums::MessageMedia> {
    let document = world.documents.get(&id)?;
    // flags
    let blank: tl::types::MessageMediaDocument = blank(&[0u32.to_bytes()]);
    Some(
        tl::types::MessageMediaDocument {
            video: document.video.is_some(),
            document: Some(shape_document(server, world, account, document)),
            ..blank
        }
        .into(),
    )
}

fn shape_document(server: &Server, world: &World, account: i64, document: &Document) -> tl::enums::Document {
    let mut attributes: Vec<tl::enums::DocumentAttribute> = Vec::new();
    if let Some((duration, w, h)) = document.video {
        let video = tl::types::DocumentAttributeVideo {
            round_message: false,
            supports_streaming: document.mime == "video/mp4",
            nosound: false,
            duration,
            w,
            h,
            preload_prefix_size: None,
            video_start_ts: None,
            video_codec: None,
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

/// A channel as its members see it; bots are its administrators.
pub(super) fn channel(world: &World, account: i64, channel: &Channel) -> tl::enums::Chat {
    // flags, flags2, id, title, photo, date
    let fixed = [
        no_flags(),
        channel.bare.to_bytes(),
        channel.title.to_bytes(),
        tl::enums::ChatPhoto::Empty.to_bytes(),
        channel.date.to_bytes(),
    ];
    tl::types::Channel {
        broadcast: true,
        access_hash: Some(world.channel_hash(account, channel.bare)),
        admin_rights: Some(admin_rights()),
        participants_count: Some(channel.members.len() as i32),
        ..blank(&fixed)
    }
    .into()
}

/// A channel to somebody who is not in it any more.
fn forbidden(world: &World, account: i64, channel: &Channel) -> tl::enums::Chat {
    tl::types::ChannelForbidden {
        broadcast: true,
        megagroup: false,
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
        bot_nochats: true,
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
        let text = Letter {
            id: 1,
            person: 9,
            is_out: true,
            date: now(),
            edit_date: None,
            text: "hello".to_owned(),
            document: None,
            buttons: vec![vec![UrlButton { text: "Open".to_owned(), url: "https://example.org/".to_owned() }]],
            pts: 1,
        };
        let server = crate::server::Server::for_tests(world);
        let world = server.world();
        reads_back(letter(&server, &world, 1001, &text));
        let post = Message {
            id: 7,
            text: "caption".to_owned(),
            forwarded: Some((6, 5)),
            album: Some(4),
            ..Message::default()
        };
        reads_back(message(&server, &world, 1001, &world.channels[&5], &post));
    }
}
