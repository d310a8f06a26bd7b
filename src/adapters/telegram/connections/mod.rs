//! Layer 1: MTProto connections over tokio. One connection for everything but files and several for files, each opened when
//! it is needed, given up when it is silent, and opened anew with growing pauses; the session they belong to; Telegram's
//! clock. The protocol itself, as bytes, stands in the crate [`mtproto`].

pub mod clock;
pub mod connect_limiter;
pub mod connection;
pub mod control;
pub mod file_connections;
pub mod flood_wait;
pub mod rate_limit;
pub mod session;
