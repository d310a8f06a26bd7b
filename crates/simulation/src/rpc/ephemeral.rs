//! `ephemeral.*`: messages in a group that one person sees (layer 230; core.telegram.org/bots/api#ephemeralmessageparameters). What the documents do not
//! say is refused rather than allowed: the person and the bot must be in the group.

use grammers_tl_types as tl;
use tl::functions::ephemeral as f;

use super::{Call, channels, messages, shapes, users, words};
use crate::refusal::Refusal;
use crate::world::{Ephemeral, Words, WordsEdit, World};

pub(super) fn send(call: &Call<'_>, account: i64, request: f::SendMessage) -> Result<tl::enums::Updates, Refusal> {
    let mut world = call.server.world();
    let (bare, person) = place(&world, account, request.peer.as_ref(), &request.receiver_id)?;
    let words = Words {
        entities: words::entities(request.entities)?,
        reply_to: words::reply_to(request.reply_to)?,
        buttons: words::keyboard(request.reply_markup, false)?,
        ..Words::plain(request.message)
    };
    words.check()?;
    if let Some(query) = request.query_id {
        let belongs =
            |q: &crate::world::Query| q.id == query && q.account == account && q.person == person && !q.is_inline;
        if !world.talk.queries.iter().any(belongs) {
            return Err(Refusal::bad("QUERY_ID_INVALID"));
        }
    }
    world.check_random_id(account, request.random_id)?;
    messages::pace(call, &mut world, account, -bare, true)?;
    world.take_random_id(account, request.random_id);
    let sent = world.talk.write_ephemeral(account, bare, person, words);
    let update = tl::types::UpdateNewEphemeralMessage { message: shapes::ephemeral(&sent) };
    Ok(around(&world, account, bare, person, update.into()))
}

pub(super) fn edit(call: &Call<'_>, account: i64, request: f::EditMessage) -> Result<tl::enums::Updates, Refusal> {
    let mut world = call.server.world();
    let (bare, person) = place(&world, account, request.peer.as_ref(), &request.receiver_id)?;
    let edit = WordsEdit {
        text: request.message,
        entities: words::entities(request.entities)?,
        buttons: words::keyboard(request.reply_markup, false)?,
    };
    let sent = world.talk.ephemerals.iter_mut().find(|e| is_it(e, account, bare, person, request.id));
    let sent = sent.ok_or(Refusal::bad("MESSAGE_ID_INVALID"))?;
    sent.words.edit(edit)?;
    let update = tl::types::UpdateEditEphemeralMessage { message: shapes::ephemeral(sent) };
    Ok(around(&world, account, bare, person, update.into()))
}

pub(super) fn delete(call: &Call<'_>, account: i64, request: f::DeleteMessage) -> Result<bool, Refusal> {
    let mut world = call.server.world();
    let (bare, person) = place(&world, account, request.peer.as_ref(), &request.receiver_id)?;
    let before = world.talk.ephemerals.len();
    world.talk.ephemerals.retain(|e| !is_it(e, account, bare, person, request.id));
    match world.talk.ephemerals.len() < before {
        true => Ok(true),
        false => Err(Refusal::bad("MESSAGE_ID_INVALID")),
    }
}

fn is_it(sent: &Ephemeral, account: i64, bare: i64, person: i64, id: i32) -> bool {
    (sent.account, sent.bare, sent.person, sent.id) == (account, bare, person, id)
}

/// The group's bare id and the person.
fn place(
    world: &World,
    account: i64,
    peer: Option<&tl::enums::InputPeer>,
    receiver: &tl::enums::InputUser,
) -> Result<(i64, i64), Refusal> {
    let Some(tl::enums::InputPeer::Channel(peer)) = peer else { return Err(Refusal::bad("PEER_ID_INVALID")) };
    let input = tl::types::InputChannel { channel_id: peer.channel_id, access_hash: peer.access_hash };
    let (bare, hash) = channels::input(&input.into())?;
    let group = world.channel_for(account, bare, hash)?;
    if !group.is_group {
        return Err(Refusal::bad("PEER_ID_INVALID"));
    }
    let person = users::find(world, account, receiver)?.id();
    match group.members.contains(&person) {
        true => Ok((bare, person)),
        false => Err(Refusal::bad("USER_NOT_PARTICIPANT")),
    }
}

fn around(world: &World, account: i64, bare: i64, person: i64, update: tl::enums::Update) -> tl::enums::Updates {
    let chats = world.channels.get(&bare).map(|group| shapes::channel(world, account, group)).into_iter().collect();
    shapes::updates(vec![update], shapes::anybody(world, account, person).into_iter().collect(), chats)
}
