//! `updates.*`: where an account and its channels stand, and what was missed.

use std::collections::BTreeSet;

use grammers_tl_types as tl;
use tl::functions::updates as f;

use super::channels::input;
use super::{Call, shapes};
use crate::faults::Effect;
use crate::refusal::Refusal;
use crate::world::{Account, Change, Channel, Event, History, Letter, World, now};

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
    let history = own.since(request.pts, LETTERS_AT_ONCE, call.server.rules.events_kept)?;
    let (events, is_last) = match &history {
        History::Nothing => (&[][..], true),
        History::Events(events, is_last) => (&events[..], *is_last),
        History::TooLong => return Ok(tl::types::updates::DifferenceTooLong { pts: own.pts }.into()),
    };
    // Told with the last slice.
    let has_moved = |channel: &&Channel| {
        is_last
            && channel.members.contains(&account)
            && channel.events.back().is_some_and(|event| event.date >= request.date)
    };
    let moved: Vec<_> = world.channels.values().filter(has_moved).collect();
    if events.is_empty() && moved.is_empty() {
        return Ok(tl::types::updates::DifferenceEmpty { date: now(), seq: 0 }.into());
    }
    let (new_messages, mut other_updates) = letters(call, &world, account, events);
    other_updates.extend(moved.iter().map(|channel| shapes::too_long_update(channel)));
    let people: BTreeSet<i64> = letters_of(own, events).map(|letter| letter.person).collect();
    let users = people.iter().filter_map(|id| shapes::anybody(&world, account, *id)).collect();
    let chats = moved.iter().map(|channel| shapes::channel(&world, account, channel)).collect();
    let new_encrypted_messages = Vec::new();
    if is_last {
        let state = state_of(&world, account);
        let whole =
            tl::types::updates::Difference { new_messages, new_encrypted_messages, other_updates, chats, users, state };
        return Ok(whole.into());
    }
    let pts = events.last().map_or(own.pts, |event| event.pts);
    let intermediate_state =
        tl::types::updates::State { pts, qts: 0, date: request.date, seq: 0, unread_count: 0 }.into();
    let slice = tl::types::updates::DifferenceSlice {
        new_messages,
        new_encrypted_messages,
        other_updates,
        chats,
        users,
        intermediate_state,
    };
    Ok(slice.into())
}

/// More letters than these come in slices.
const LETTERS_AT_ONCE: usize = 100;

/// The letters that events speak of, as far as they are there.
fn letters_of<'w>(own: &'w Account, events: &[&Event]) -> impl Iterator<Item = &'w Letter> {
    let ids: BTreeSet<i32> = events.iter().filter_map(|event| event.change.message()).collect();
    ids.into_iter().filter_map(|id| own.letters.get(&id))
}

/// New letters as they are now, and the edits and deletions of older ones.
fn letters(
    call: &Call<'_>,
    world: &World,
    account: i64,
    events: &[&Event],
) -> (Vec<tl::enums::Message>, Vec<tl::enums::Update>) {
    let (mut new, mut messages, mut other) = (BTreeSet::new(), Vec::new(), Vec::new());
    for event in events {
        match &event.change {
            Change::New(id) => {
                new.insert(*id);
                let letter = world.account(account).and_then(|own| own.letters.get(id));
                messages.extend(letter.map(|letter| shapes::letter(call.server, world, account, letter)));
            }
            Change::Edit(id) if new.contains(id) => {}
            Change::Edit(_) | Change::Delete(_) => {
                other.extend(shapes::letter_change(call.server, world, account, event))
            }
        }
    }
    (messages, other)
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
                let message = channel.messages.get(id).filter(|m| world.shows(channel, account, m));
                new_messages.extend(message.map(|m| shapes::message(call.server, world, account, channel, m)));
            }
            Change::Edit(id) => {
                let is_shown = channel.messages.get(id).is_some_and(|m| world.shows(channel, account, m));
                if is_shown && !new.contains(id) && edited.insert(*id) {
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
        users: shapes::authors(
            world,
            account,
            events.iter().filter_map(|e| channel.messages.get(&e.change.message()?)),
        ),
    }
    .into()
}

fn too_long(call: &Call<'_>, world: &World, account: i64, channel: &Channel) -> tl::enums::updates::ChannelDifference {
    let newest = channel.messages.values().rev().filter(|m| world.shows(channel, account, m)).take(NEWEST);
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
