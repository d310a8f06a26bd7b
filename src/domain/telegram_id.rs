//! Telegram's own numbers, each a type of its own, so that one is never passed where another is meant.
//!
//! | type | names | where it comes from |
//! | --- | --- | --- |
//! | [`UserId`] | an account, a person's or a bot's | `user.id` in TL |
//! | [`Dc`] | a data centre | `document.dc_id`, `config.this_dc` in TL |
//!
//! Chats, messages and documents have theirs beside [`Post`](super::post::Post). All are stored and sent as the bare number.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An account on Telegram, a person's or a bot's: a positive number that never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for UserId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

/// A Telegram data centre (1 to 5 today). A file is stored in one and is read there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dc(pub i32);

impl fmt::Display for Dc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_stored_and_shown_bare() {
        assert_eq!(serde_json::to_string(&(UserId(7_000_000_001), Dc(4))).ok().as_deref(), Some("[7000000001,4]"));
        assert_eq!(serde_json::from_str::<(UserId, Dc)>("[5,2]").ok(), Some((UserId(5), Dc(2))));
        assert_eq!(format!("{} {}", UserId(5), Dc(2)), "5 2");
        assert_eq!(["5".parse().ok(), "five".parse().ok()], [Some(UserId(5)), None]);
    }
}
