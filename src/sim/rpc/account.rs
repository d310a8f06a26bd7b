//! Signing in, being known in other DCs, and who is who.

use grammers_tl_types::{enums, functions as f, types};

use super::{Answer, Context, RpcError, bad};
use crate::sim::objects;
use crate::sim::tl::{Writer, boolean};
use crate::sim::world::unix_now;

/// `config`: the simulated data centres and limits.
pub fn config(at: &Context<'_>) -> Vec<u8> {
    let options: Vec<Vec<u8>> = at
        .server
        .ports()
        .into_iter()
        .map(|(dc, port)| {
            let mut w = Writer::object::<types::DcOption>();
            // 4: static, as the addresses that clients keep are.
            w.flags(&[(4, true)]).int(dc).string("127.0.0.1").int(i32::from(port));
            w.done()
        })
        .collect();
    let mut w = Writer::object::<types::Config>();
    let now = unix_now();
    w.int(0).int(now).int(now + 3600).boolean(false).int(at.dc()).vector(&options).string("");
    // chat_size_max … channels_read_media_period: Telegram's own numbers of 2026; no client here depends on them.
    for value in [200, 200_000, 100, 210_000, 5_000, 30_000, 300_000, 30_000, 1_500, 60_000, 10, 172_800, i32::MAX] {
        w.int(value);
    }
    // revoke_pm_time_limit, rating_e_decay, stickers_recent_limit, channels_read_media_period, call timeouts
    for value in [i32::MAX, 2_419_200, 200, 604_800, 20_000, 90_000, 30_000, 10_000] {
        w.int(value);
    }
    w.string("https://t.me/").int(1_024).int(4_096).int(4);
    w.done()
}

pub fn nearest_dc(at: &Context<'_>) -> Vec<u8> {
    let mut w = Writer::object::<types::NearestDc>();
    w.string("XX").int(at.dc()).int(at.server.home_dc);
    w.done()
}

/// Bot sign-in. The key decides which account this is; the token must be that account's, at the home DC.
pub fn sign_in(at: &Context<'_>) -> Answer {
    let request: f::auth::ImportBotAuthorization = at.call.parameters()?;
    if at.dc() != at.server.home_dc {
        return Err(RpcError::new(303, format!("USER_MIGRATE_{}", at.server.home_dc)));
    }
    at.server.count_sign_in(at.account());
    at.server.change(|world| {
        let dc = at.dc();
        let account = world.account_mut(at.account()).ok_or_else(|| bad("ACCESS_TOKEN_INVALID"))?;
        if account.token != request.bot_auth_token {
            return Err(bad("ACCESS_TOKEN_INVALID"));
        }
        account.signed_in.insert(dc);
        Ok(authorization(world, at.account()))
    })
}

pub fn export(at: &Context<'_>) -> Answer {
    let request: f::auth::ExportAuthorization = at.call.parameters()?;
    if !at.server.ports().iter().any(|(dc, _)| *dc == request.dc_id) || request.dc_id == at.dc() {
        return Err(bad("DC_ID_INVALID"));
    }
    let bytes = at.server.world(|w| w.exported_authorization(at.account(), request.dc_id));
    let mut w = Writer::object::<types::auth::ExportedAuthorization>();
    w.long(at.account()).bytes(&bytes);
    Ok(w.done())
}

pub fn import(at: &Context<'_>) -> Answer {
    let request: f::auth::ImportAuthorization = at.call.parameters()?;
    at.server.change(|world| {
        if request.id != at.account() || request.bytes != world.exported_authorization(at.account(), at.dc()) {
            return Err(bad("AUTH_BYTES_INVALID"));
        }
        if let Some(account) = world.account_mut(at.account()) {
            account.signed_in.insert(at.dc());
        }
        Ok(authorization(world, at.account()))
    })
}

fn authorization(world: &crate::sim::world::World, account: i64) -> Vec<u8> {
    let mut w = Writer::object::<types::auth::Authorization>();
    w.int(0);
    if let Some(account) = world.account(account) {
        w.raw(&objects::bot(world, account.id, account));
    }
    w.done()
}

pub fn log_out(at: &Context<'_>) -> Answer {
    at.server.change(|world| {
        if let Some(account) = world.account_mut(at.account()) {
            account.signed_in.remove(&at.dc());
        }
    });
    let mut w = Writer::object::<types::auth::LoggedOut>();
    w.int(0);
    Ok(w.done())
}

pub fn users(at: &Context<'_>) -> Answer {
    let request: f::users::GetUsers = at.call.parameters()?;
    at.server.world(|world| {
        let user = |input: &enums::InputUser| match input {
            enums::InputUser::UserSelf => world.account(at.account()).map(|a| objects::bot(world, a.id, a)),
            enums::InputUser::User(user) => world.account(user.user_id).map(|a| objects::bot(world, at.account(), a)),
            _ => None,
        };
        let users: Vec<Vec<u8>> = request.id.iter().filter_map(user).collect();
        let mut w = Writer::default();
        w.vector(&users);
        Ok(w.done())
    })
}

pub fn full_user(at: &Context<'_>) -> Answer {
    let request: f::users::GetFullUser = at.call.parameters()?;
    let is_self = match request.id {
        enums::InputUser::UserSelf => true,
        enums::InputUser::User(user) => user.user_id == at.account(),
        _ => false,
    };
    at.server.world(|world| match world.account(at.account()) {
        Some(account) if is_self => Ok(objects::full_user(world, account)),
        _ => Err(bad("USER_ID_INVALID")),
    })
}

/// `boolTrue`, for calls that only say that it went well.
pub fn yes() -> Answer {
    Ok(boolean(true))
}
