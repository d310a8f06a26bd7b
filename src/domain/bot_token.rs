//! The token by which a bot signs in.

use std::fmt;
use std::str::FromStr;

use crate::domain::telegram_id::UserId;

/// `123456789:AAH…`, as @BotFather gives it. `Debug` shows the bot's id only: the rest is full control of the bot.
#[derive(Clone, PartialEq, Eq)]
pub struct BotToken {
    text: String,
    bot: UserId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not a bot token: it should look like 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw, as @BotFather gives it"
)]
pub struct BotTokenError;

impl BotToken {
    /// The bot's Telegram user id: the number before the colon.
    pub fn bot_id(&self) -> UserId {
        self.bot
    }

    /// The whole token, for the call that signs in and for nothing else.
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl FromStr for BotToken {
    type Err = BotTokenError;

    fn from_str(text: &str) -> Result<Self, BotTokenError> {
        let text = text.trim();
        let (id, secret) = text.split_once(':').ok_or(BotTokenError)?;
        let is_secret =
            !secret.is_empty() && secret.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_' || c == b'-');
        let is_id = !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit());
        match id.parse() {
            Ok(bot) if bot > 0 && is_id && is_secret => Ok(Self { text: text.to_owned(), bot: UserId(bot) }),
            _ => Err(BotTokenError),
        }
    }
}

impl fmt::Debug for BotToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:***", self.bot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_checked_by_shape_and_never_shown() {
        let cases = [
            ("1001:abc", Some(1001)),
            (" 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALD-_w\n", Some(123_456_789)),
            ("", None),
            ("123456789", None),
            ("123456789:", None),
            (":abc", None),
            ("+5:abc", None),
            ("0:abc", None),
            ("bot:abc", None),
            ("12:ab c", None),
            ("99999999999999999999:abc", None),
        ];
        for (text, bot) in cases {
            assert_eq!(text.parse::<BotToken>().ok().map(|t| t.bot_id()), bot.map(UserId), "{text:?}");
        }
        assert_eq!(format!("{:?}", "1001:abc".parse::<BotToken>()), "Ok(1001:***)");
    }
}
