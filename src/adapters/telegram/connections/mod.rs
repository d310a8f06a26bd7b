//! Layer 1: MTProto over tokio. The protocol itself, as bytes, stands in the crate [`mtproto`].
//!
//! ```text
//! ControlConnection   one for each bot and purpose: updates, messages, signing in ┐  each opened when needed, given up when
//! FileConnections     several for each bot and DC: reading files                  ┘  silent, opened anew with growing pauses
//!   Connection        one TCP connection, many requests at a time
//! Session             keys and addresses of one bot, kept between runs
//! ConnectLimiter      when a connection may be opened (transport error -429)
//! RateLimit           how much may be sent over control connections
//! FloodWait           until when Telegram asks a bot to wait
//! Clock               Telegram's time
//! ```

pub mod call_error;
pub mod clock;
pub mod connect_limiter;
pub mod connection;
pub mod control;
pub mod file_connections;
pub mod flood_wait;
pub mod rate_limit;
pub mod session;

use std::fmt;

use tokio::task::JoinHandle;

/// A task that ends with its owner.
pub struct Task(pub JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A bot's position in the list of bots; 0 is the main bot. Not to be taken for its Telegram id
/// ([`UserId`](crate::domain::telegram_id::UserId)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BotIndex(pub usize);

impl fmt::Display for BotIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
