//! Channels that are, or were, watched.

use super::post::ChatId;

/// A channel, as the list of channels holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub chat: ChatId,
    /// Empty until Telegram has told it.
    pub title: String,
    /// Whether it is watched. False once removed: its entries are hidden, and appear again when it is added again.
    pub active: bool,
}
