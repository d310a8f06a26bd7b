//! What can go wrong with bots and channels, each with what mends it.

use std::time::Duration;

use super::VaultError;
use crate::domain::post::ChatId;
use crate::domain::telegram_id::UserId;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("Telegram does not accept API_ID with this API_HASH: copy both again from https://my.telegram.org/apps")]
    ApiId,
    #[error(
        "Telegram does not accept the token of the {bot}: it was revoked or mistyped. Ask @BotFather for it (/token) and set BOT_TOKEN (HELPER_BOT_TOKENS for a helper bot) again"
    )]
    Token { bot: String },
    #[error(
        "Telegram does not know the authorization key of the {bot}. With a simulated Telegram: TELEGRAM_SIM names a file of another \
         start; give it the file that the running one wrote"
    )]
    UnknownKey { bot: String },
    #[error(
        "the simulated Telegram has no account with the token of the {bot}: use a token from the TELEGRAM_SIM file"
    )]
    NotSimulated { bot: String },
    #[error(
        "Telegram cannot be reached ({detail}): check that this machine has a network and may open TCP connections to port 443"
    )]
    Unreachable { detail: String },
    #[error("Telegram asks the {bot} to wait {} s", .wait.as_secs())]
    FloodWait { bot: String, wait: Duration },
    #[error(
        "the {bot} cannot read channel {chat}: make {mention} an administrator of the channel (its page in Telegram, Edit, \
         Administrators), and check the id"
    )]
    NotMember { bot: String, mention: String, chat: ChatId },
    #[error("channel {chat} is not watched")]
    NotWatched { chat: ChatId },
    #[error("the bot may not write to user {user}: they must open the chat with it and press Start first")]
    NotStarted { user: UserId },
    #[error("user {user} has blocked the bot: it can write to them again when they unblock it")]
    Blocked { user: UserId },
    #[error(
        "the bot may not write in {chat}: make it an administrator there who may post messages (its page in Telegram, Edit, \
         Administrators)"
    )]
    NotAllowed { chat: ChatId },
    #[error("the message is not there any more")]
    MessageGone,
    #[error("its owner does not allow copies of the message")]
    Protected,
    #[error("the message was sent before, and which it is was lost")]
    SentBefore,
    #[error("Telegram does not wait for an answer to this any more: it was answered already, or too late")]
    Expired,
    #[error("the file that was to be sent cannot be read: {detail}")]
    Unreadable { detail: String },
    #[error("Telegram refused: {detail}")]
    Refused { detail: String },
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("Telegram is being left")]
    Stopped,
}
