//! Layer 3: messages. Channel posts, edits and deletions in order and none lost; private messages to the main bot, and its
//! own.

pub mod channels;
pub mod chat;
pub mod posts;
pub mod updates;
