//! `channels.*`: what members may see and do.

use grammers_tl_types as tl;
use tl::functions::channels as f;

use super::{Call, shapes};
use crate::refusal::Refusal;

/// As many as Telegram gives for one call.
const MOST_MESSAGES: usize = 200;

/// Bare id and access hash.
pub(super) fn input(channel: &tl::enums::InputChannel) -> Result<(i64, i64), Refusal> {
    match channel {
        tl::enums::InputChannel::Channel(channel) => Ok((channel.channel_id, channel.access_hash)),
        _ => Err(Refusal::bad("CHANNEL_INVALID")),
    }
}

pub(super) fn get(
    call: &Call<'_>,
    account: i64,
    request: f::GetChannels,
) -> Result<tl::enums::messages::Chats, Refusal> {
    let world = call.server.world();
    let mut chats = Vec::new();
    for channel in &request.id {
        let (bare, hash) = input(channel)?;
        chats.push(shapes::channel(&world, account, world.channel_for(account, bare, hash)?));
    }
    Ok(tl::types::messages::Chats { chats }.into())
}

pub(super) fn full(
    call: &Call<'_>,
    account: i64,
    request: f::GetFullChannel,
) -> Result<tl::enums::messages::ChatFull, Refusal> {
    let world = call.server.world();
    let (bare, hash) = input(&request.channel)?;
    let channel = world.channel_for(account, bare, hash)?;
    Ok(tl::types::messages::ChatFull {
        full_chat: shapes::full_channel(channel),
        chats: vec![shapes::channel(&world, account, channel)],
        users: Vec::new(),
    }
    .into())
}

/// Whether somebody is in the channel. Bots can only be in as administrators.
pub(super) fn participant(
    call: &Call<'_>,
    account: i64,
    request: f::GetParticipant,
) -> Result<tl::enums::channels::ChannelParticipant, Refusal> {
    let world = call.server.world();
    let (bare, hash) = input(&request.channel)?;
    let channel = world.channel_for(account, bare, hash)?;
    let user = match &request.participant {
        tl::enums::InputPeer::PeerSelf => tl::enums::InputUser::UserSelf,
        tl::enums::InputPeer::User(user) => {
            tl::types::InputUser { user_id: user.user_id, access_hash: user.access_hash }.into()
        }
        _ => return Err(Refusal::bad("PARTICIPANT_ID_INVALID")),
    };
    let user = super::users::find(&world, account, &user).map_err(|_| Refusal::bad("PARTICIPANT_ID_INVALID"))?;
    // Of others only an administrator is told for certain (core.telegram.org/bots/api#getchatmember).
    if user.id() != account && !channel.is_admin(account) {
        return Err(Refusal::bad("CHAT_ADMIN_REQUIRED"));
    }
    if !channel.members.contains(&user.id()) {
        return Err(Refusal::bad("USER_NOT_PARTICIPANT"));
    }
    let participant = if channel.is_admin(user.id()) && world.account(user.id()).is_some() {
        tl::types::ChannelParticipantAdmin {
            can_edit: false,
            is_self: user.id() == account,
            user_id: user.id(),
            inviter_id: None,
            promoted_by: user.id(),
            date: channel.date,
            admin_rights: shapes::admin_rights(),
            rank: None,
        }
        .into()
    } else {
        let (user_id, date) = (user.id(), channel.date);
        tl::types::ChannelParticipant { user_id, date, subscription_until_date: None, rank: None }.into()
    };
    Ok(tl::types::channels::ChannelParticipant { participant, chats: Vec::new(), users: vec![user] }.into())
}

/// Messages by id; a hole is an empty message.
pub(super) fn messages(
    call: &Call<'_>,
    account: i64,
    request: f::GetMessages,
) -> Result<tl::enums::messages::Messages, Refusal> {
    let world = call.server.world();
    let (bare, hash) = input(&request.channel)?;
    let channel = world.channel_for(account, bare, hash)?;
    if request.id.is_empty() {
        return Err(Refusal::bad("MESSAGE_IDS_EMPTY"));
    }
    let mut messages = Vec::new();
    for id in request.id.iter().take(MOST_MESSAGES) {
        let tl::enums::InputMessage::Id(tl::types::InputMessageId { id }) = id else {
            return Err(Refusal::bad("MESSAGE_ID_INVALID"));
        };
        let shown = channel.messages.get(id).filter(|message| world.shows(channel, account, message));
        messages.push(match shown {
            Some(message) => shapes::message(call.server, &world, account, channel, message),
            None => shapes::hole(*id, channel.bare),
        });
    }
    let ids = messages.iter().map(tl::enums::Message::id);
    let users = shapes::authors(&world, account, ids.filter_map(|id| channel.messages.get(&id)));
    Ok(tl::types::messages::ChannelMessages {
        inexact: false,
        pts: channel.pts,
        count: messages.len() as i32,
        offset_id_offset: None,
        messages,
        topics: Vec::new(),
        chats: vec![shapes::channel(&world, account, channel)],
        users,
    }
    .into())
}

pub(super) fn delete(
    call: &Call<'_>,
    account: i64,
    connection: u64,
    request: f::DeleteMessages,
) -> Result<tl::enums::messages::AffectedMessages, Refusal> {
    let (bare, hash) = input(&request.channel)?;
    let mut world = call.server.world();
    let channel = world.channel_for(account, bare, hash)?;
    let is_own = |id: &i32| channel.messages.get(id).is_none_or(|message| message.from == Some(account));
    if !channel.is_admin(account) && !request.id.iter().all(is_own) {
        return Err(Refusal::new(403, "MESSAGE_DELETE_FORBIDDEN"));
    }
    let kept = call.server.rules.events_kept;
    let event = call
        .server
        .change_channel_in(&mut world, bare, Some(connection), |channel| Ok(channel.delete(&request.id, kept)))?;
    let pts = world.channels.get(&bare).map_or(0, |channel| channel.pts);
    Ok(tl::types::messages::AffectedMessages { pts, pts_count: event.map_or(0, |event| event.count) }.into())
}
