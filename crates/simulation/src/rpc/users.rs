//! `users.*`: a bot looks at itself, at other bots and at people who wrote to it.

use grammers_tl_types as tl;
use tl::functions::users as f;

use super::{Call, shapes};
use crate::refusal::Refusal;
use crate::world::World;

pub(super) fn get(call: &Call<'_>, account: i64, request: f::GetUsers) -> Result<Vec<tl::enums::User>, Refusal> {
    let world = call.server.world();
    // Those that cannot be seen are left out.
    Ok(request.id.iter().filter_map(|user| find(&world, account, user).ok()).collect())
}

pub(super) fn full(
    call: &Call<'_>,
    account: i64,
    request: f::GetFullUser,
) -> Result<tl::enums::users::UserFull, Refusal> {
    let world = call.server.world();
    let user = find(&world, account, &request.id)?;
    let full = shapes::full_user(user.id());
    Ok(tl::types::users::UserFull { full_user: full, chats: Vec::new(), users: vec![user] }.into())
}

pub(super) fn find(world: &World, account: i64, user: &tl::enums::InputUser) -> Result<tl::enums::User, Refusal> {
    let (id, hash) = match user {
        tl::enums::InputUser::UserSelf => (account, 0),
        tl::enums::InputUser::User(user) => (user.user_id, user.access_hash),
        _ => return Err(Refusal::bad("USER_ID_INVALID")),
    };
    if let Some(bot) = world.account(id) {
        let is_allowed = id == account || hash == world.user_hash(account, id);
        return if is_allowed { Ok(shapes::bot(world, account, bot)) } else { Err(Refusal::bad("USER_ID_INVALID")) };
    }
    let is_addressed = world.sees(account, id) && (hash == 0 || hash == world.user_hash(account, id));
    let person = world.people.get(&id).filter(|_| is_addressed).ok_or(Refusal::bad("USER_ID_INVALID"))?;
    Ok(shapes::person(world, account, person))
}
