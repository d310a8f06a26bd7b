//! `bots.*`: the commands that Telegram's apps offer, by scope and language (core.telegram.org/api/bots/commands).

use grammers_tl_types as tl;
use tl::functions::bots as f;

use super::Call;
use crate::post::CommandSet;
use crate::refusal::Refusal;

const MOST_COMMANDS: usize = 100;

pub(super) fn set_commands(call: &Call<'_>, account: i64, request: f::SetBotCommands) -> Result<bool, Refusal> {
    let mut world = call.server.world();
    let scope = match &request.scope {
        tl::enums::BotCommandScope::Default => "default".to_owned(),
        tl::enums::BotCommandScope::Users => "users".to_owned(),
        tl::enums::BotCommandScope::Chats => "chats".to_owned(),
        tl::enums::BotCommandScope::ChatAdmins => "chat_admins".to_owned(),
        tl::enums::BotCommandScope::Peer(tl::types::BotCommandScopePeer { peer: tl::enums::InputPeer::User(user) }) => {
            let person = world.person_for(account, user.user_id, user.access_hash)?;
            format!("peer:{}", person.id)
        }
        _ => return Err(Refusal::bad("PEER_ID_INVALID")),
    };
    let language = request.lang_code;
    let is_iso = language.len() == 2 && language.chars().all(|c| c.is_ascii_lowercase());
    if !language.is_empty() && !is_iso {
        return Err(Refusal::bad("LANG_CODE_INVALID"));
    }
    if request.commands.len() > MOST_COMMANDS {
        return Err(Refusal::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    let commands = request.commands.into_iter().map(command).collect::<Result<_, _>>()?;
    let account = world.account(account).map(|account| account.name.clone()).unwrap_or_default();
    let sets = &mut world.talk.commands;
    sets.retain(|set| (&set.account, &set.scope, &set.language) != (&account, &scope, &language));
    sets.push(CommandSet { account, scope, language, commands });
    Ok(true)
}

fn command(command: tl::enums::BotCommand) -> Result<(String, String), Refusal> {
    let tl::enums::BotCommand::Command(command) = command;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !(1..=32).contains(&command.command.len()) || !command.command.chars().all(is_plain) {
        return Err(Refusal::bad("BOT_COMMAND_INVALID"));
    }
    if !(1..=256).contains(&command.description.chars().count()) {
        return Err(Refusal::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    Ok((command.command, command.description))
}
