//! `updates.*`: where an account and its channels stand, and what was missed.

use std::collections::BTreeSet;

use grammers_tl_types as tl;
use tl::functions::updates as f;

use super::channels::input;
use super::{Call, shapes};
use crate::faults::Effect;
use crate::refusal::Refusal;
use crate::world::{Change, Channel, Event, History, World, now};

pub(super) fn state(call: &Call<'_>, account: i64) -> Result<tl::enums::updates::State, Refusal> {
    let world = call.server.world();
    Ok(state_of(&world, account))
}

fn state_of(world: &World, account: i64) -> tl::enums::updates::State {
    let pts = world.account(account).map_or(1, |a| a.pts);
    tl::types::updates::State { pts, qts: 0, date: now(), seq: 0, unread_count: 0 }.into()
}

/// Letters that were missed, and which channels moved on since `date`.
pub(super) fn difference(
    call: &Call<'_>,
    account: i64,
    request: f::GetDifference,
) -> Result<tl::enums::updates::Difference, Refusal> {
    let world = call.server.world();
    let Some(own) = world.account(account) else { return Err(Refusal::new(401, "AUTH_KEY_UNREGISTERED")) };
    match request.pts {
        0 => return Err(Refusal::bad("PERSISTENT_TIMESTAMP_EMPTY")),
        ..0 => return Err(Refusal::bad("PERSISTENT_TIMESTAMP_INVALID")),
        _ => {}
    }
    let missed: Vec<_> = own.letters.values().filter(|letter| letter.pts > request.pts).collect();
    let moved: Vec<_> = world
        .channels
        .values()
        .filter(|channel| channel.members.contains(&account))
        .filter(|channel| channel.events.back().is_some_and(|event| event.date >= request.date))
        .collect();
    if missed.is_empty() && moved.is_empty() && request.pts >= own.pts {
        return Ok(tl::types::updates::DifferenceEmpty { date: now(), seq: 0 }.into());
    }
    let people: BTreeSet<i64> = missed.iter().map(|letter| letter.person).collect();
    let users = people.iter().filter_map(|id| world.people.get(id)).map(|p| shapes::person(&world, account, p));
    Ok(tl::types::updates::Difference {
        new_messages: missed.iter().map(|letter| shapes::letter(call.server, &world, account, letter)).collect(),
        new_encrypted_messages: Vec::new(),
        other_updates: moved.iter().map(|channel| shapes::too_long_update(channel)).collect(),
        chats: moved.iter().map(|channel| shapes::channel(&world, account, channel)).collect(),
        users: users.collect(),
        state: state_of(&world, account),
    }
    .into())
}

/// Limits that Telegram puts on one answer (core.telegram.org/method/updates.getChannelDifference).
const MOST_EVENTS: i32 = 100_000;
/// How many messages come with "too long".
const NEWEST: usize = 10;

pub(super) fn channel_difference(
    call: &Call<'_>,
    account: i64,
    request: f::GetChannelDifference,
) -> Result<tl::enums::updates::ChannelDifference, Refusal> {
    let is_too_long = call.server.faults.for_update(call.event).contains(&Effect::TooLong);
    let world = call.server.world();
    let (bare, hash) = input(&request.channel)?;
    let channel = world.channel_for(account, bare, hash)?;
    let limit = request.limit.clamp(1, MOST_EVENTS) as usize;
    match channel.since(request.pts, limit, call.server.rules.events_kept)? {
        _ if is_too_long => Ok(too_long(call, &world, account, channel)),
        History::TooLong => Ok(too_long(call, &world, account, channel)),
        History::Nothing => {
            let empty =
                tl::types::updates::ChannelDifferenceEmpty { r#final: true, pts: channel.pts, timeout: Some(30) };
            Ok(empty.into())
        }
        History::Events(events, is_last) => Ok(told(call, &world, account, channel, &events, is_last)),
    }
}

/// New messages come as they are now; of edits and deletions only those are told that are about older messages.
fn told(
    call: &Call<'_>,
    world: &World,
    account: i64,
    channel: &Channel,
    events: &[&Event],
    is_last: bool,
) -> tl::enums::updates::ChannelDifference {
    let new: BTreeSet<i32> = events
        .iter()
        .filter_map(|e| match e.change {
            Change::New(id) => Some(id),
            _ => None,
        })
        .collect();
    let (mut new_messages, mut other_updates, mut edited) = (Vec::new(), Vec::new(), BTreeSet::new());
    for event in events {
        match &event.change {
            Change::New(id) => {
                let message = channel.messages.get(id);
                new_messages.extend(message.map(|m| shapes::message(call.server, world, account, channel, m)));
            }
            Change::Edit(id) => {
                if channel.messages.contains_key(id) && !new.contains(id) && edited.insert(*id) {
                    other_updates.push(shapes::change(call.server, world, account, channel, event));
                }
            }
            Change::Delete(_) => other_updates.push(shapes::change(call.server, world, account, channel, event)),
        }
    }
    tl::types::updates::ChannelDifference {
        r#final: is_last,
        pts: events.last().map_or(channel.pts, |event| event.pts),
        timeout: Some(30),
        new_messages,
        other_updates,
        chats: vec![shapes::channel(world, account, channel)],
        users: Vec::new(),
    }
    .into()
}

fn too_long(call: &Call<'_>, world: &World, account: i64, channel: &Channel) -> tl::enums::updates::ChannelDifference {
    let newest = channel.messages.values().rev().take(NEWEST);
    tl::types::updates::ChannelDifferenceTooLong {
        r#final: true,
        timeout: Some(30),
        dialog: shapes::dialog(channel),
        messages: newest.map(|m| shapes::message(call.server, world, account, channel, m)).collect(),
        chats: vec![shapes::channel(world, account, channel)],
        users: Vec::new(),
    }
    .into()
}
