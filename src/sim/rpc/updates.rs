//! States and differences (core.telegram.org/api/updates): what a client missed, by pts.

use grammers_tl_types::{functions as f, types};

use super::channels::{input, seen};
use super::{Answer, Context, bad};
use crate::sim::objects;
use crate::sim::tl::Writer;
use crate::sim::world::{Change, unix_now};

pub fn state(at: &Context<'_>) -> Answer {
    let pts = at.server.world(|world| world.account(at.account()).map_or(0, |a| a.pts));
    Ok(state_of(pts))
}

fn state_of(pts: i32) -> Vec<u8> {
    let mut w = Writer::object::<types::updates::State>();
    w.int(pts).int(0).int(unix_now()).int(0).int(0);
    w.done()
}

/// Private messages after the client's pts.
pub fn difference(at: &Context<'_>) -> Answer {
    let request: f::updates::GetDifference = at.call.parameters()?;
    at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        let missed: Vec<_> = account.inbox.iter().filter(|m| m.pts > request.pts).collect();
        if missed.is_empty() {
            let mut w = Writer::object::<types::updates::DifferenceEmpty>();
            w.int(unix_now()).int(0);
            return Ok(w.done());
        }
        let messages: Vec<Vec<u8>> = missed.iter().map(|m| objects::private_message(m)).collect();
        let users: Vec<Vec<u8>> = missed.iter().map(|m| objects::person(world, account.id, m.person)).collect();
        let mut w = Writer::object::<types::updates::Difference>();
        w.vector(&messages).nothing().nothing().nothing().vector(&users).raw(&state_of(account.pts));
        Ok(w.done())
    })
}

/// What happened in a channel after the client's pts. Too much of it is `channelDifferenceTooLong`, as Telegram does when it would
/// rather have the client begin anew.
pub fn channel_difference(at: &Context<'_>) -> Answer {
    let request: f::updates::GetChannelDifference = at.call.parameters()?;
    let (id, hash) = input(&request.channel)?;
    if request.pts < 1 {
        return Err(bad("PERSISTENT_TIMESTAMP_INVALID"));
    }
    if request.limit < 1 {
        return Err(bad("LIMIT_INVALID"));
    }
    let longest = at.server.longest_difference;
    at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        let channel = seen(world, account.id, id, hash)?;
        if request.pts > channel.pts {
            return Err(bad("PERSISTENT_TIMESTAMP_INVALID"));
        }
        let (steps, is_all) = channel.since(request.pts, request.limit.min(100) as usize);
        let chats = [objects::channel(world, account, channel)];
        if steps.is_empty() {
            let mut w = Writer::object::<types::updates::ChannelDifferenceEmpty>();
            w.flags(&[(0, true), (1, true)]).int(channel.pts).int(30);
            return Ok(w.done());
        }
        if channel.pts - request.pts > longest {
            let newest: Vec<Vec<u8>> = channel
                .messages
                .values()
                .rev()
                .take(20)
                .map(|m| objects::message(world, account, channel, m))
                .collect();
            let mut w = Writer::object::<types::updates::ChannelDifferenceTooLong>();
            w.flags(&[(0, true), (1, true)])
                .int(30)
                .raw(&objects::dialog(channel))
                .vector(&newest)
                .vector(&chats)
                .nothing();
            return Ok(w.done());
        }
        let pts = steps.last().map_or(request.pts, |step| step.pts);
        let new: Vec<Vec<u8>> = steps
            .iter()
            .filter_map(|step| match step.change {
                Change::New(id) => channel.messages.get(&id),
                _ => None,
            })
            .map(|m| objects::message(world, account, channel, m))
            .collect();
        let others: Vec<Vec<u8>> = steps
            .iter()
            .filter(|step| !matches!(step.change, Change::New(_)))
            .filter_map(|step| objects::update(world, account, channel, step))
            .collect();
        let mut w = Writer::object::<types::updates::ChannelDifference>();
        w.flags(&[(0, is_all), (1, true)]).int(pts).int(30).vector(&new).vector(&others).vector(&chats).nothing();
        Ok(w.done())
    })
}
