//! The world as TL objects, each seen with one account's eyes: access hashes and file references are that account's.

use grammers_tl_types::types;

use super::tl::{Writer, peer_channel, peer_user};
use super::world::{Account, Change, Channel, Document, Logged, Message, Private, World, unix_now};

/// `document`, addressed as `account` may.
fn document(world: &World, account: &Account, document: &Document) -> Vec<u8> {
    let mut attributes = Vec::new();
    if let (Some(w), Some(h)) = (document.width, document.height) {
        let mut video = Writer::object::<types::DocumentAttributeVideo>();
        video.flags(&[(1, true)]).double(f64::from(document.duration.unwrap_or(0))).int(w as i32).int(h as i32);
        attributes.push(video.done());
    }
    if let Some(name) = &document.file_name {
        let mut attribute = Writer::object::<types::DocumentAttributeFilename>();
        attribute.string(name);
        attributes.push(attribute.done());
    }
    let mut w = Writer::object::<types::Document>();
    w.int(0)
        .long(document.id)
        .long(world.access_hash(account.id, "document", document.id))
        .bytes(&world.file_reference(account, document.id))
        .int(document.date)
        .string(&document.mime)
        .long(document.size() as i64)
        .int(document.dc)
        .vector(&attributes);
    w.done()
}

pub fn message(world: &World, account: &Account, channel: &Channel, message: &Message) -> Vec<u8> {
    let media = message.document.and_then(|id| world.documents.get(&id)).map(|d| {
        let mut media = Writer::object::<types::MessageMediaDocument>();
        media.flags(&[(0, true), (6, d.width.is_some())]).raw(&document(world, account, d));
        media.done()
    });
    let mut w = Writer::object::<types::Message>();
    // 14: a channel post, as everything in a broadcast channel is.
    w.flags(&[
        (14, true),
        (9, media.is_some()),
        (10, true),
        (15, message.edited.is_some()),
        (17, message.album.is_some()),
    ]);
    w.int(0).int(message.id).raw(&peer_channel(channel.id)).int(message.date).string(&message.text);
    if let Some(media) = media {
        w.raw(&media);
    }
    w.int(1).int(0);
    if let Some(date) = message.edited {
        w.int(date);
    }
    if let Some(album) = message.album {
        w.long(album);
    }
    w.done()
}

pub fn empty_message(channel: &Channel, id: i32) -> Vec<u8> {
    let mut w = Writer::object::<types::MessageEmpty>();
    w.flags(&[(0, true)]).int(id).raw(&peer_channel(channel.id));
    w.done()
}

pub fn private_message(message: &Private) -> Vec<u8> {
    let mut w = Writer::object::<types::Message>();
    w.flags(&[(1, message.is_outgoing)]).int(0).int(message.id);
    w.raw(&peer_user(message.person)).int(message.date).string(&message.text);
    w.done()
}

pub fn channel(world: &World, account: &Account, channel: &Channel) -> Vec<u8> {
    let mut w = Writer::object::<types::Channel>();
    // 5: broadcast, 13: with an access hash, 14: the bot is an admin.
    w.flags(&[(5, true), (13, true), (14, true)]).int(0).long(channel.id);
    w.long(world.access_hash(account.id, "channel", channel.id)).string(&channel.title);
    w.raw(&Writer::object::<types::ChatPhotoEmpty>().done()).int(unix_now());
    w.raw(&admin_rights());
    w.done()
}

/// A channel that the account is not a member of.
pub fn admin_rights() -> Vec<u8> {
    let mut w = Writer::object::<types::ChatAdminRights>();
    w.flags(&[(1, true), (2, true), (3, true), (12, true)]);
    w.done()
}

pub fn full_channel(world: &World, account: &Account, c: &Channel) -> Vec<u8> {
    let mut full = Writer::object::<types::ChannelFull>();
    full.flags(&[(0, true)]).int(0).long(c.id).string("").int(c.members.len() as i32);
    full.int(0).int(0).int(0);
    let mut photo = Writer::object::<types::PhotoEmpty>();
    photo.long(0);
    full.raw(&photo.done()).raw(&notify_settings()).nothing().int(c.pts);
    let mut w = Writer::object::<types::messages::ChatFull>();
    w.raw(&full.done()).vector(&[channel(world, account, c)]).nothing();
    w.done()
}

fn notify_settings() -> Vec<u8> {
    let mut w = Writer::object::<types::PeerNotifySettings>();
    w.int(0);
    w.done()
}

/// A bot as it sees itself, or as others see it.
pub fn bot(world: &World, viewer: i64, account: &Account) -> Vec<u8> {
    let mut w = Writer::object::<types::User>();
    // 0: access hash, 1: first name, 3: username, 10: self, 14: bot (with its info version).
    w.flags(&[(0, true), (1, true), (3, true), (10, viewer == account.id), (14, true)]).int(0).long(account.id);
    w.long(world.access_hash(viewer, "user", account.id)).string(&account.name);
    w.string(&format!("{}_bot", account.name)).int(1);
    w.done()
}

/// Anybody who is not a bot.
pub fn person(world: &World, viewer: i64, id: i64) -> Vec<u8> {
    let mut w = Writer::object::<types::User>();
    w.flags(&[(0, true), (1, true)]).int(0).long(id).long(world.access_hash(viewer, "user", id)).string("Person");
    w.done()
}

pub fn full_user(world: &World, account: &Account) -> Vec<u8> {
    let mut full = Writer::object::<types::UserFull>();
    full.int(0).int(0).long(account.id);
    let mut settings = Writer::object::<types::PeerSettings>();
    settings.int(0).int(0);
    full.raw(&settings.done()).raw(&notify_settings()).int(0);
    let mut w = Writer::object::<types::users::UserFull>();
    w.raw(&full.done()).nothing().vector(&[bot(world, account.id, account)]);
    w.done()
}

/// One step of a channel's log as an update. A message that is gone since is told of by its deletion only.
pub fn update(world: &World, account: &Account, c: &Channel, step: &Logged) -> Option<Vec<u8>> {
    let mut w = match &step.change {
        Change::New(id) => {
            let mut w = Writer::object::<types::UpdateNewChannelMessage>();
            w.raw(&message(world, account, c, c.messages.get(id)?));
            w
        }
        Change::Edited(id) => {
            let mut w = Writer::object::<types::UpdateEditChannelMessage>();
            w.raw(&message(world, account, c, c.messages.get(id)?));
            w
        }
        Change::Deleted(ids) => {
            let ids: Vec<[u8; 4]> = ids.iter().map(|id| id.to_le_bytes()).collect();
            let mut w = Writer::object::<types::UpdateDeleteChannelMessages>();
            w.long(c.id).vector(&ids);
            w
        }
    };
    w.int(step.pts).int(step.pts_count);
    Some(w.done())
}

/// `updates` with what they speak of.
pub fn updates(updates: &[Vec<u8>], users: &[Vec<u8>], chats: &[Vec<u8>]) -> Vec<u8> {
    let mut w = Writer::object::<types::Updates>();
    w.vector(updates).vector(users).vector(chats).int(unix_now()).int(0);
    w.done()
}

pub fn too_long(c: &Channel) -> Vec<u8> {
    let mut w = Writer::object::<types::UpdateChannelTooLong>();
    w.flags(&[(0, true)]).long(c.id).int(c.pts);
    w.done()
}

pub fn dialog(c: &Channel) -> Vec<u8> {
    let mut w = Writer::object::<types::Dialog>();
    w.flags(&[(0, true)]).raw(&peer_channel(c.id)).int(c.top_message());
    w.int(0).int(0).int(0).int(0).int(0).int(0).raw(&notify_settings()).int(c.pts);
    w.done()
}
