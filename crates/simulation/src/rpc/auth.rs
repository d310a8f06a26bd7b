//! `auth.*`: bots sign in with a token in their home DC and carry the authorization to others.

use grammers_tl_types as tl;
use tl::functions::auth as f;

use super::{Call, shapes};
use crate::refusal::Refusal;
use crate::world::{Export, World};

/// The account that signed in with the call's key.
pub(super) fn signed_in(call: &Call<'_>) -> Result<i64, Refusal> {
    let world = call.server.world();
    world.keys.get(&call.key).and_then(|key| key.signed_in).ok_or(Refusal::new(401, "AUTH_KEY_UNREGISTERED"))
}

pub(super) fn import_bot(
    call: &Call<'_>,
    request: f::ImportBotAuthorization,
) -> Result<tl::enums::auth::Authorization, Refusal> {
    let rules = &call.server.rules;
    if rules.api.as_ref().is_some_and(|(id, hash)| *id != request.api_id || *hash != request.api_hash) {
        return Err(Refusal::bad("API_ID_INVALID"));
    }
    let mut world = call.server.world();
    let id = request.bot_auth_token.split_once(':').and_then(|(id, _)| id.parse().ok());
    let account = id.and_then(|id| world.account(id)).ok_or(Refusal::bad("ACCESS_TOKEN_INVALID"))?;
    let id = account.id;
    if account.is_revoked {
        return Err(Refusal::bad("ACCESS_TOKEN_EXPIRED"));
    }
    if world.token(id) != request.bot_auth_token {
        return Err(Refusal::bad("ACCESS_TOKEN_INVALID"));
    }
    if call.dc != rules.home_dc {
        return Err(Refusal::new(303, format!("USER_MIGRATE_{}", rules.home_dc)));
    }
    authorize(call, &mut world, id)
}

pub(super) fn export(
    call: &Call<'_>,
    account: i64,
    request: f::ExportAuthorization,
) -> Result<tl::enums::auth::ExportedAuthorization, Refusal> {
    let mut world = call.server.world();
    let is_other = request.dc_id != call.dc && world.keys.values().any(|key| key.dc == request.dc_id);
    if !is_other {
        return Err(Refusal::bad("DC_ID_INVALID"));
    }
    let mut secret = vec![0; 32];
    getrandom::fill(&mut secret).map_err(|_| Refusal::new(500, "RANDOM_SOURCE_FAILED"))?;
    world.exports.push(Export { account, dc: request.dc_id, secret: secret.clone() });
    Ok(tl::types::auth::ExportedAuthorization { id: account, bytes: secret }.into())
}

/// What was exported can be imported once, in the DC it was meant for.
pub(super) fn import(
    call: &Call<'_>,
    request: f::ImportAuthorization,
) -> Result<tl::enums::auth::Authorization, Refusal> {
    let mut world = call.server.world();
    let fits = |e: &Export| e.account == request.id && e.dc == call.dc && e.secret == request.bytes;
    let place = world.exports.iter().position(fits).ok_or(Refusal::bad("AUTH_BYTES_INVALID"))?;
    world.exports.remove(place);
    authorize(call, &mut world, request.id)
}

pub(super) fn log_out(call: &Call<'_>) -> tl::enums::auth::LoggedOut {
    if let Some(key) = call.server.world().keys.get_mut(&call.key) {
        key.signed_in = None;
    }
    call.server.changed.notify_one();
    tl::types::auth::LoggedOut { future_auth_token: None }.into()
}

fn authorize(call: &Call<'_>, world: &mut World, id: i64) -> Result<tl::enums::auth::Authorization, Refusal> {
    if let Some(key) = world.keys.get_mut(&call.key) {
        key.signed_in = Some(id);
    }
    call.server.changed.notify_one();
    let account = world.account(id).ok_or(Refusal::new(401, "USER_DEACTIVATED"))?;
    Ok(tl::types::auth::Authorization {
        setup_password_required: false,
        otherwise_relogin_days: None,
        tmp_sessions: None,
        future_auth_token: None,
        user: shapes::bot(world, id, account),
    }
    .into())
}
