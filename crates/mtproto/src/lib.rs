//! MTProto 2.0, the protocol that Telegram's data centres speak, as bytes: its encryption, its packets, its numbers and its
//! clock (core.telegram.org/mtproto). Nothing here waits, opens a socket or asks for the time: what to do with the bytes is the
//! caller's.
//!
//! # A packet, from the outside in
//!
//! A client and a data centre share an [`AuthKey`]. On a connection each sends packets. This is one, on the intermediate
//! transport (core.telegram.org/mtproto/mtproto-transports), which puts a length in front:
//!
//! ```text
//!  0  length of what follows         4   little-endian, as everything
//!  4  auth_key_id                    8 ┐
//! 12  message key                   16 ┴ the envelope, ENVELOPE_BYTES
//! 28  ┌ salt                         8   Salts: changes every half hour
//! 36  │ session id                   8   the client's choice
//! 44  │ msg_id                       8   MessageIds: the time, in 2^-32 seconds
//! 52  │ seq_no                       4   odd: wants to be acknowledged
//! 56  │ length of the body           4
//! 60  │ body                             one TL object
//!     └ padding               12..1024   random; from 28 on: AES-256-IGE
//! ```
//!
//! The body is a request or its `rpc_result`, a service message, or `msg_container` and `gzip_packed` around more of them. The
//! first four bytes of an object, its constructor, say what it is.
//!
//! # Reading and writing
//!
//! | to | use |
//! | --- | --- |
//! | write a packet | [`MessageIds`] and [`Salts`] for its head, [`write_packet`] |
//! | decrypt one while it comes, in place | [`Opening`] |
//! | read what is in it, without copying | [`read_packet`] -> [`Packet`] |
//! | know the server's time | [`ServerClock`] |
//! | acknowledge, ping, ask for salts | [`service`] |
//! | play the server | [`seal`] and [`open`], with [`Direction`] |
//!
//! ```
//! use std::time::Duration;
//! use mtproto::{AuthKey, Direction, Header, MessageIds, Salts, open, service, write_packet};
//!
//! let (key, salts, mut ids) = (AuthKey::from_bytes([7; 256]), Salts::default(), MessageIds::new(42));
//! let now = Duration::from_secs(1_700_000_000);
//! let (msg_id, seq_no) = ids.next(now, true);
//! let header = Header { salt: salts.current(now.as_secs() as i64), session: ids.session, msg_id, seq_no };
//! let mut out = Vec::new();
//! write_packet(&mut out, &key, header, &service::get_future_salts(48));
//!
//! // At the other end, behind the length:
//! let text = open(&key, Direction::ToServer, &mut out[4..]).expect("genuine");
//! assert_eq!(text[8..16], 42i64.to_le_bytes());
//! ```
//!
//! # What is not here
//!
//! Making a key (core.telegram.org/mtproto/auth_key), the other transports, and the API's own types. `AuthKey` takes what any
//! implementation of the exchange gives.
//!
//! # Speed
//!
//! Decrypting is most of what reading a film costs. On x86-64 with AES and SHA instructions the two are interleaved: about
//! 1.1 GB/s for one message of 1 MiB on one core (`cargo bench -p mtproto`), whatever the optimization level of this crate, as
//! the work is in the instructions. Elsewhere the portable code of other crates does the same, several times slower.

#![deny(missing_docs)]

mod auth_key;
mod clock;
mod encryption;
mod ids;
mod ige;
mod packet;
mod salts;
pub mod service;
pub mod tl;

pub use auth_key::AuthKey;
pub use clock::ServerClock;
pub use encryption::{Direction, ENVELOPE_BYTES, Opening, open, padding, seal};
pub use ids::{MessageIds, time_of};
pub use packet::{Header, Message, Packet, RpcError, read_packet, write_packet};
pub use salts::{Salt, Salts};
