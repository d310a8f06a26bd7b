//! Messages that clients send: to people in private, and files into channels.

use grammers_tl_types::{enums, functions as f, types};

use super::channels::{message_id, seen};
use super::{Answer, Context, bad};
use crate::sim::objects;
use crate::sim::tl::Writer;
use crate::sim::world::{NewPost, World, marked, unix_now};

/// `messages.getMessages`: private messages by id.
pub fn get(at: &Context<'_>) -> Answer {
    let request: f::messages::GetMessages = at.call.parameters()?;
    at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        let ids: Vec<i32> = request.id.iter().filter_map(message_id).collect();
        let found: Vec<Vec<u8>> =
            account.inbox.iter().filter(|m| ids.contains(&m.id)).map(objects::private_message).collect();
        let mut w = Writer::object::<types::messages::Messages>();
        w.vector(&found).nothing().nothing().nothing();
        Ok(w.done())
    })
}

/// Where a message goes.
enum To {
    Person(i64),
    Channel(i64),
}

/// A bot may write to people who wrote to it first, and into channels that it is in.
fn destination(world: &World, account: i64, peer: &enums::InputPeer) -> Result<To, super::RpcError> {
    match peer {
        enums::InputPeer::User(user) => {
            let knows = world.account(account).is_some_and(|a| a.inbox.iter().any(|m| m.person == user.user_id));
            let right = user.access_hash == 0 || user.access_hash == world.access_hash(account, "user", user.user_id);
            match knows && right {
                true => Ok(To::Person(user.user_id)),
                false => Err(bad("PEER_ID_INVALID")),
            }
        }
        enums::InputPeer::Channel(channel) => {
            seen(world, account, channel.channel_id, channel.access_hash)?;
            Ok(To::Channel(marked(channel.channel_id)))
        }
        _ => Err(bad("PEER_ID_INVALID")),
    }
}

pub fn send(at: &Context<'_>) -> Answer {
    let request: f::messages::SendMessage = at.call.parameters()?;
    if request.message.is_empty() {
        return Err(bad("MESSAGE_EMPTY"));
    }
    if request.message.encode_utf16().count() > 4096 {
        return Err(bad("MESSAGE_TOO_LONG"));
    }
    match at.server.world(|world| destination(world, at.account(), &request.peer))? {
        To::Person(person) => {
            let sent = at.server.change(|world| world.write(at.account(), person, &request.message, true));
            let sent = sent.ok_or_else(|| bad("PEER_ID_INVALID"))?;
            let mut w = Writer::object::<types::UpdateShortSentMessage>();
            w.flags(&[(1, true)]).int(sent.id).int(sent.pts).int(1).int(unix_now());
            Ok(w.done())
        }
        To::Channel(chat) => post(
            at,
            chat,
            NewPost { caption: request.message, text_only: true, ..NewPost::default() },
            request.random_id,
        ),
    }
}

pub fn send_media(at: &Context<'_>) -> Answer {
    let request: f::messages::SendMedia = at.call.parameters()?;
    let To::Channel(chat) = at.server.world(|world| destination(world, at.account(), &request.peer))? else {
        return Err(bad("PEER_ID_INVALID"));
    };
    let mut new = media(at, &request.media)?;
    new.caption = request.message;
    post(at, chat, new, request.random_id)
}

/// A document sent again by its id, or one made of uploaded parts.
fn media(at: &Context<'_>, media: &enums::InputMedia) -> Result<NewPost, super::RpcError> {
    match media {
        enums::InputMedia::Document(document) => {
            let enums::InputDocument::Document(input) = &document.id else { return Err(bad("MEDIA_EMPTY")) };
            at.server.world(|world| {
                let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
                if input.access_hash != world.access_hash(account.id, "document", input.id) {
                    return Err(bad("MEDIA_EMPTY"));
                }
                world.check_reference(account, input.id, &input.file_reference).map_err(bad)
            })?;
            Ok(NewPost { document: Some(input.id), ..NewPost::default() })
        }
        enums::InputMedia::UploadedDocument(uploaded) => {
            let (id, parts, name) = match &uploaded.file {
                enums::InputFile::File(file) => (file.id, file.parts, file.name.clone()),
                enums::InputFile::Big(file) => (file.id, file.parts, file.name.clone()),
                _ => return Err(bad("FILE_PARTS_INVALID")),
            };
            let got = at.server.world_mut(|world| world.uploads.remove(&(at.account(), id))).unwrap_or_default();
            if got.len() != parts.max(0) as usize || got.keys().copied().ne(0..parts) {
                return Err(bad("FILE_PARTS_INVALID"));
            }
            let named = uploaded.attributes.iter().find_map(|attribute| match attribute {
                enums::DocumentAttribute::Filename(name) => Some(name.file_name.clone()),
                _ => None,
            });
            Ok(NewPost {
                file_name: named.or(Some(name)),
                mime: Some(uploaded.mime_type.clone()),
                bytes: Some(got.into_values().flatten().collect::<Vec<u8>>().into()),
                dc: Some(at.dc()),
                ..NewPost::default()
            })
        }
        _ => Err(bad("MEDIA_INVALID")),
    }
}

/// Forwards or copies (drop_author) messages with files between channels.
pub fn forward(at: &Context<'_>) -> Answer {
    let request: f::messages::ForwardMessages = at.call.parameters()?;
    let (from, to) = at.server.world(|world| {
        Ok((destination(world, at.account(), &request.from_peer)?, destination(world, at.account(), &request.to_peer)?))
    })?;
    let (To::Channel(from), To::Channel(to)) = (from, to) else { return Err(bad("PEER_ID_INVALID")) };
    let mut parts = Vec::new();
    for (id, random) in request.id.iter().zip(&request.random_id) {
        let message = at.server.world(|w| w.channels.get(&marked(from)).and_then(|c| c.messages.get(id).cloned()));
        let message = message.ok_or_else(|| bad("MESSAGE_ID_INVALID"))?;
        let caption = if request.drop_media_captions { String::new() } else { message.text };
        let text_only = message.document.is_none();
        parts.extend(posted(
            at,
            to,
            NewPost { caption, document: message.document, text_only, ..NewPost::default() },
            *random,
        )?);
    }
    let chats = chat_of(at, to);
    Ok(objects::updates(&parts, &[], &chats))
}

pub fn edit(at: &Context<'_>) -> Answer {
    let request: f::messages::EditMessage = at.call.parameters()?;
    let To::Channel(chat) = at.server.world(|world| destination(world, at.account(), &request.peer))? else {
        return Err(bad("PEER_ID_INVALID"));
    };
    at.server.edit(chat, request.id, request.message, None).map_err(|_| bad("MESSAGE_ID_INVALID"))?;
    Ok(objects::updates(&[], &[], &chat_of(at, chat)))
}

fn post(at: &Context<'_>, chat: i64, new: NewPost, random: i64) -> Answer {
    let parts = posted(at, chat, new, random)?;
    Ok(objects::updates(&parts, &[], &chat_of(at, chat)))
}

/// What the sender is told of its own post.
fn posted(at: &Context<'_>, chat: i64, new: NewPost, random: i64) -> Result<Vec<Vec<u8>>, super::RpcError> {
    let posted = at.server.post(chat, new).map_err(|_| bad("MEDIA_EMPTY"))?;
    let mut id = Writer::object::<types::UpdateMessageId>();
    id.int(posted.message).long(random);
    let own = at.server.world(|world| {
        let (account, channel) = (world.account(at.account())?, world.channels.get(&marked(chat))?);
        objects::update(world, account, channel, channel.log.last()?)
    });
    Ok(std::iter::once(id.done()).chain(own).collect())
}

fn chat_of(at: &Context<'_>, chat: i64) -> Vec<Vec<u8>> {
    at.server.world(|world| match (world.account(at.account()), world.channels.get(&marked(chat))) {
        (Some(account), Some(channel)) => vec![objects::channel(world, account, channel)],
        _ => Vec::new(),
    })
}
