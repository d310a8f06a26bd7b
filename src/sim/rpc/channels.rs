//! Channels: who may see them, and messages by id. Bots read no history.

use grammers_tl_types::{enums, functions as f, types};

use super::{Answer, Context, RpcError, bad};
use crate::sim::objects;
use crate::sim::tl::Writer;
use crate::sim::world::{Channel, World, marked};

/// Telegram takes at most so many ids in one call.
const MOST_IDS: usize = 200;

/// The channel that an input names, if the account may see it. Bots may say access hash 0 for channels that they are in.
pub fn seen<'a>(world: &'a World, account: i64, id: i64, access_hash: i64) -> Result<&'a Channel, RpcError> {
    let channel = world.channels.get(&id).ok_or_else(|| bad("CHANNEL_INVALID"))?;
    if access_hash != 0 && access_hash != world.access_hash(account, "channel", id) {
        return Err(bad("CHANNEL_INVALID"));
    }
    match channel.members.contains(&account) {
        true => Ok(channel),
        false => Err(bad("CHANNEL_PRIVATE")),
    }
}

/// Id and access hash of an input channel.
pub fn input(channel: &enums::InputChannel) -> Result<(i64, i64), RpcError> {
    match channel {
        enums::InputChannel::Channel(channel) => Ok((channel.channel_id, channel.access_hash)),
        _ => Err(bad("CHANNEL_INVALID")),
    }
}

pub fn get(at: &Context<'_>) -> Answer {
    let request: f::channels::GetChannels = at.call.parameters()?;
    at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        let mut chats = Vec::new();
        for channel in &request.id {
            let (id, hash) = input(channel)?;
            chats.push(objects::channel(world, account, seen(world, account.id, id, hash)?));
        }
        let mut w = Writer::object::<types::messages::Chats>();
        w.vector(&chats);
        Ok(w.done())
    })
}

pub fn full(at: &Context<'_>) -> Answer {
    let request: f::channels::GetFullChannel = at.call.parameters()?;
    let (id, hash) = input(&request.channel)?;
    at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        Ok(objects::full_channel(world, account, seen(world, account.id, id, hash)?))
    })
}

/// Whether somebody is a member. Bots in channels are admins: that is the only way to add one.
pub fn participant(at: &Context<'_>) -> Answer {
    let request: f::channels::GetParticipant = at.call.parameters()?;
    let (id, hash) = input(&request.channel)?;
    at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        let channel = seen(world, account.id, id, hash)?;
        let who = match request.participant {
            enums::InputPeer::PeerSelf => account.id,
            enums::InputPeer::User(user) => user.user_id,
            _ => return Err(bad("PARTICIPANT_ID_INVALID")),
        };
        if !channel.members.contains(&who) {
            return Err(bad("USER_NOT_PARTICIPANT"));
        }
        let mut admin = Writer::object::<types::ChannelParticipantAdmin>();
        admin.int(0).long(who).long(who).int(0).raw(&objects::admin_rights());
        let mut w = Writer::object::<types::channels::ChannelParticipant>();
        w.raw(&admin.done()).vector(&[objects::channel(world, account, channel)]).nothing();
        Ok(w.done())
    })
}

pub fn messages(at: &Context<'_>) -> Answer {
    let request: f::channels::GetMessages = at.call.parameters()?;
    let (id, hash) = input(&request.channel)?;
    let ids: Vec<i32> = request.id.iter().filter_map(message_id).collect();
    if ids.is_empty() {
        return Err(bad("MESSAGE_IDS_EMPTY"));
    }
    if ids.len() > MOST_IDS {
        return Err(bad("LIMIT_INVALID"));
    }
    at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        let channel = seen(world, account.id, id, hash)?;
        let found: Vec<Vec<u8>> = ids
            .iter()
            .map(|id| match channel.messages.get(id) {
                Some(message) => objects::message(world, account, channel, message),
                None => objects::empty_message(channel, *id),
            })
            .collect();
        let mut w = Writer::object::<types::messages::ChannelMessages>();
        w.int(0).int(channel.pts).int(found.len() as i32).vector(&found).nothing();
        w.vector(&[objects::channel(world, account, channel)]).nothing();
        Ok(w.done())
    })
}

pub fn message_id(input: &enums::InputMessage) -> Option<i32> {
    match input {
        enums::InputMessage::Id(message) => Some(message.id),
        _ => None,
    }
}

pub fn delete(at: &Context<'_>) -> Answer {
    let request: f::channels::DeleteMessages = at.call.parameters()?;
    let (id, hash) = input(&request.channel)?;
    at.server.world(|world| seen(world, at.account(), id, hash).map(|_| ()))?;
    let gone = at.server.delete(marked(id), &request.id).map_err(|_| bad("CHANNEL_INVALID"))?;
    let pts = at.server.world(|world| world.channels.get(&id).map_or(0, |c| c.pts));
    let mut w = Writer::object::<types::messages::AffectedMessages>();
    w.int(pts).int(gone.len() as i32);
    Ok(w.done())
}
