//! Packets: written whole, read as what they hold (core.telegram.org/mtproto/description and /service_messages). Nothing is
//! copied while reading: results and updates are views into the packet that was decrypted.
//!
//! ```text
//! packet    length 4 | auth_key_id 8 | message key 16 | encrypted( salt 8 | session 8 | message | padding )
//! message   msg_id 8 | seq_no 4 | length 4 | body
//! body      a service message, an rpc_result, an update, or msg_container / gzip_packed around more of them
//! ```

use std::io::Read;

use bytes::{Buf, Bytes};
use flate2::read::GzDecoder;

use crate::auth_key::AuthKey;
use crate::encryption::{Direction, ENVELOPE_BYTES, padding, seal};
use crate::salts::Salt;
use crate::service::constructor;
use crate::tl;

/// The most that gzip may unpack to: files are never packed, all else is small.
const LONGEST_UNPACKED: u64 = 4 << 20;
/// Containers may not lie in containers; gzip may lie in either.
const DEEPEST: u32 = 4;

/// What stands before the body of a client's message.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    /// From [`Salts`](crate::Salts).
    pub salt: i64,
    /// The client's choice, for all messages of one connection.
    pub session: i64,
    /// From [`MessageIds`](crate::MessageIds), as `seq_no`.
    pub msg_id: i64,
    /// Odd: must be acknowledged.
    pub seq_no: i32,
}

/// Appends one encrypted packet of a client, on the intermediate transport, to `out`. `body` is one TL object.
pub fn write_packet(out: &mut Vec<u8>, key: &AuthKey, header: Header, body: &[u8]) {
    const HEADER_BYTES: usize = 32;
    let len = HEADER_BYTES + body.len();
    let padding = padding(len);
    let start = out.len();
    out.extend_from_slice(&((ENVELOPE_BYTES + len + padding) as u32).to_le_bytes());
    out.resize(start + 4 + ENVELOPE_BYTES, 0);
    out.extend_from_slice(&header.salt.to_le_bytes());
    out.extend_from_slice(&header.session.to_le_bytes());
    out.extend_from_slice(&header.msg_id.to_le_bytes());
    out.extend_from_slice(&header.seq_no.to_le_bytes());
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    let padded = out.len();
    out.resize(padded + padding, 0);
    // A predictable padding would only make the message key depend on less. Without a source of randomness it stays zero.
    let _ = getrandom::fill(&mut out[padded..]);
    seal(key, Direction::ToServer, &mut out[start + 4..], ENVELOPE_BYTES);
}

/// What a packet of the server's holds.
#[derive(Debug, PartialEq)]
pub struct Packet {
    /// The session that it belongs to: a packet of another one must be ignored or the connection ended.
    pub session: i64,
    /// The outermost message's id: the server's time, see [`time_of`](crate::time_of).
    pub msg_id: i64,
    /// Its messages, containers and gzip undone, in order.
    pub messages: Vec<Message>,
    /// Ids that the server wants acknowledged.
    pub to_acknowledge: Vec<i64>,
}

/// One message from the server.
#[derive(Debug, PartialEq)]
pub enum Message {
    /// `rpc_result`.
    Result {
        /// The request's id.
        request: i64,
        /// A bare TL object, or the server's refusal.
        result: Result<Bytes, RpcError>,
    },
    /// `new_session_created`: every request before `first` must be sent again.
    NewSession {
        /// A message's id.
        first: i64,
        /// Good from now on.
        salt: i64,
    },
    /// `bad_server_salt`: a message must be sent again with this salt.
    BadSalt {
        /// The message's id.
        message: i64,
        /// Good from now on.
        salt: i64,
    },
    /// `bad_msg_notification`: a message was not accepted.
    BadMessage {
        /// The message's id.
        message: i64,
        /// Why, as the protocol numbers the reasons: 16 and 17 are a wrong time.
        code: i32,
    },
    /// `future_salts`: the salts to come, in order.
    FutureSalts(Vec<Salt>),
    /// No service message, so an update: a TL object, constructor included.
    Update(Bytes),
    /// A service message that needs nothing done: pongs, acknowledgments.
    Other,
}

/// `rpc_error`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcError {
    /// Like HTTP's status: 303, 400, 401, 420, 500.
    pub code: i32,
    /// Words in capitals, with a number where there is one: `FLOOD_WAIT_5`.
    pub message: String,
}

/// Reads a decrypted packet, padding included. `None` when it is malformed.
///
/// ```
/// use mtproto::{Message, read_packet};
///
/// let pong = [&0x3477_73c5u32.to_le_bytes()[..], &4i64.to_le_bytes(), &1i64.to_le_bytes()].concat();
/// let text = [
///     &0i64.to_le_bytes()[..],               // salt
///     &42i64.to_le_bytes(),                  // session
///     &(1_700_000_000i64 << 32 | 1).to_le_bytes(), // msg_id
///     &0i32.to_le_bytes(),                   // seq_no
///     &(pong.len() as u32).to_le_bytes(),
///     &pong,
///     &[0; 12],                              // padding
/// ];
/// let packet = read_packet(text.concat().into()).expect("well formed");
/// assert_eq!((packet.session, &packet.messages[..]), (42, &[Message::Other][..]));
/// ```
pub fn read_packet(mut plain: Bytes) -> Option<Packet> {
    plain.try_get_i64_le().ok()?;
    let session = plain.try_get_i64_le().ok()?;
    let mut packet = Packet { session, msg_id: 0, messages: Vec::new(), to_acknowledge: Vec::new() };
    packet.msg_id = read_message(&mut plain, &mut packet, 0)?;
    (12..=1024).contains(&plain.len()).then_some(packet)
}

/// Reads one message and returns its id.
fn read_message(from: &mut Bytes, packet: &mut Packet, depth: u32) -> Option<i64> {
    let msg_id = from.try_get_i64_le().ok()?;
    let seq_no = from.try_get_i32_le().ok()?;
    let len = from.try_get_u32_le().ok()? as usize;
    if len > from.len() {
        return None;
    }
    if seq_no & 1 == 1 {
        packet.to_acknowledge.push(msg_id);
    }
    read_body(from.split_to(len), packet, depth)?;
    Some(msg_id)
}

fn read_body(mut body: Bytes, packet: &mut Packet, depth: u32) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    let whole = body.clone();
    match body.try_get_u32_le().ok()? {
        constructor::MSG_CONTAINER => {
            for _ in 0..body.try_get_u32_le().ok()? {
                read_message(&mut body, packet, depth + 1)?;
            }
        }
        constructor::GZIP_PACKED => read_body(unpack(body)?, packet, depth + 1)?,
        // The acknowledgment is of the answer, which is not sent again then.
        constructor::MSG_DETAILED_INFO => {
            let _request = body.try_get_i64_le().ok()?;
            packet.to_acknowledge.push(body.try_get_i64_le().ok()?);
            packet.messages.push(Message::Other);
        }
        constructor::MSG_NEW_DETAILED_INFO => {
            packet.to_acknowledge.push(body.try_get_i64_le().ok()?);
            packet.messages.push(Message::Other);
        }
        id if constructor::IGNORED.contains(&id) => packet.messages.push(Message::Other),
        id => packet.messages.push(read_object(id, body, whole)?),
    }
    Some(())
}

/// An object that is one message; `body` is what follows its constructor in `whole`.
fn read_object(constructor: u32, mut body: Bytes, whole: Bytes) -> Option<Message> {
    Some(match constructor {
        constructor::RPC_RESULT => {
            let request = body.try_get_i64_le().ok()?;
            Message::Result { request, result: read_result(body, 0)? }
        }
        constructor::NEW_SESSION_CREATED => {
            let first = body.try_get_i64_le().ok()?;
            let _unique_id = body.try_get_i64_le().ok()?;
            Message::NewSession { first, salt: body.try_get_i64_le().ok()? }
        }
        constructor::BAD_SERVER_SALT => {
            let message = body.try_get_i64_le().ok()?;
            let _seq_no_and_code = body.try_get_i64_le().ok()?;
            Message::BadSalt { message, salt: body.try_get_i64_le().ok()? }
        }
        constructor::BAD_MSG_NOTIFICATION => {
            let message = body.try_get_i64_le().ok()?;
            let _seq_no = body.try_get_i32_le().ok()?;
            Message::BadMessage { message, code: body.try_get_i32_le().ok()? }
        }
        constructor::FUTURE_SALTS => {
            let _request = body.try_get_i64_le().ok()?;
            let _now = body.try_get_i32_le().ok()?;
            let count = body.try_get_u32_le().ok()?;
            Message::FutureSalts((0..count).map(|_| read_salt(&mut body)).collect::<Option<_>>()?)
        }
        _ => Message::Update(whole),
    })
}

fn read_salt(body: &mut Bytes) -> Option<Salt> {
    let (since, until) = (body.try_get_i32_le().ok()?, body.try_get_i32_le().ok()?);
    Some(Salt { since, until, value: body.try_get_i64_le().ok()? })
}

fn read_result(mut result: Bytes, depth: u32) -> Option<Result<Bytes, RpcError>> {
    if depth > DEEPEST {
        return None;
    }
    match u32::from_le_bytes(*result.first_chunk()?) {
        constructor::GZIP_PACKED => {
            result.advance(4);
            read_result(unpack(result)?, depth + 1)
        }
        constructor::RPC_ERROR => {
            result.advance(4);
            let code = result.try_get_i32_le().ok()?;
            Some(Err(RpcError { code, message: tl::take_string(&mut result)? }))
        }
        _ => Some(Ok(result)),
    }
}

fn unpack(mut packed: Bytes) -> Option<Bytes> {
    let packed = tl::take_bytes(&mut packed)?;
    let mut whole = Vec::new();
    GzDecoder::new(&packed[..]).take(LONGEST_UNPACKED).read_to_end(&mut whole).ok()?;
    Some(whole.into())
}

#[cfg(test)]
mod tests {
    use grammers_tl_types::{self as tl, Identifiable, Serializable};
    use proptest::prelude::*;

    use super::{AuthKey, Direction, Header, Message, Packet, RpcError, Salt, constructor, read_packet, write_packet};
    use crate::encryption::open;
    use bytes::Bytes;

    fn message(msg_id: i64, seq_no: i32, body: &[u8]) -> Vec<u8> {
        [&msg_id.to_le_bytes()[..], &seq_no.to_le_bytes(), &(body.len() as u32).to_le_bytes(), body].concat()
    }

    fn packet(message: &[u8]) -> Option<Packet> {
        read_packet([&[0; 8][..], &7i64.to_le_bytes(), message, &[0; 12]].concat().into())
    }

    fn result(to: i64, body: &[u8]) -> Vec<u8> {
        [&constructor::RPC_RESULT.to_le_bytes()[..], &to.to_le_bytes(), body].concat()
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, body).expect("memory");
        let packed = encoder.finish().expect("memory");
        [constructor::GZIP_PACKED.to_bytes(), packed.to_bytes()].concat()
    }

    #[test]
    fn results_come_out_of_containers_and_gzip_and_what_needs_it_is_acknowledged() {
        let refused = tl::types::RpcError { error_code: 420, error_message: "FLOOD_WAIT_3".to_owned() };
        let refused = [tl::types::RpcError::CONSTRUCTOR_ID.to_bytes(), refused.to_bytes()].concat();
        let container = [
            &constructor::MSG_CONTAINER.to_le_bytes()[..],
            &3u32.to_le_bytes(),
            &message(101, 1, &result(4, b"answer to 4.")),
            &message(105, 3, &gzip(&result(8, &gzip(b"answer to 8.")))),
            &message(109, 4, &result(12, &refused)),
        ]
        .concat();
        let got = packet(&message(113, 6, &container)).expect("well formed");
        let refused = RpcError { code: 420, message: "FLOOD_WAIT_3".to_owned() };
        assert_eq!(
            got.messages,
            [
                Message::Result { request: 4, result: Ok(Bytes::from_static(b"answer to 4.")) },
                Message::Result { request: 8, result: Ok(Bytes::from_static(b"answer to 8.")) },
                Message::Result { request: 12, result: Err(refused) },
            ]
        );
        assert_eq!((got.session, got.msg_id, got.to_acknowledge), (7, 113, vec![101, 105]));
    }

    #[test]
    fn service_messages_are_understood() {
        let salt = tl::types::FutureSalt { valid_since: 1, valid_until: 2, salt: 3 };
        let salts = tl::types::FutureSalts { req_msg_id: 4, now: 1, salts: tl::RawVec(vec![salt]) };
        let new = tl::types::NewSessionCreated { first_msg_id: 4, unique_id: 5, server_salt: 6 };
        let bad = tl::types::BadServerSalt { bad_msg_id: 4, bad_msg_seqno: 1, error_code: 48, new_server_salt: 9 };
        let late = tl::types::BadMsgNotification { bad_msg_id: 4, bad_msg_seqno: 1, error_code: 16 };
        let too_long = tl::enums::Updates::TooLong.to_bytes();
        let cases = [
            (tl::enums::NewSession::Created(new).to_bytes(), Message::NewSession { first: 4, salt: 6 }),
            (tl::enums::BadMsgNotification::BadServerSalt(bad).to_bytes(), Message::BadSalt { message: 4, salt: 9 }),
            (
                tl::enums::BadMsgNotification::Notification(late).to_bytes(),
                Message::BadMessage { message: 4, code: 16 },
            ),
            (
                tl::enums::FutureSalts::Salts(salts).to_bytes(),
                Message::FutureSalts(vec![Salt { since: 1, until: 2, value: 3 }]),
            ),
            (tl::enums::Pong::Pong(tl::types::Pong { msg_id: 4, ping_id: 1 }).to_bytes(), Message::Other),
            (tl::enums::MsgsAck::Ack(tl::types::MsgsAck { msg_ids: vec![4] }).to_bytes(), Message::Other),
            (too_long.clone(), Message::Update(too_long.clone().into())),
            (gzip(&too_long), Message::Update(too_long.into())),
        ];
        for (body, wanted) in cases {
            assert_eq!(packet(&message(1, 0, &body)).expect("well formed").messages, [wanted]);
        }
    }

    #[test]
    fn a_packet_of_ours_is_read_by_a_client_nobody_here_wrote() {
        let key = AuthKey::from_bytes(std::array::from_fn(|n| n as u8));
        let mut out = b"before".to_vec();
        let header = Header { salt: 1, session: 2, msg_id: 4, seq_no: 1 };
        write_packet(&mut out, &key, header, b"a request...");
        let packet = &mut out[6..];
        assert_eq!(u32::from_le_bytes(*packet.first_chunk().expect("a length")) as usize, packet.len() - 4);
        let plain = open(&key, Direction::ToServer, &mut packet[4..]).expect("genuine");
        let wanted = [
            &1i64.to_le_bytes()[..],
            &2i64.to_le_bytes(),
            &4i64.to_le_bytes(),
            &1i32.to_le_bytes(),
            &12u32.to_le_bytes(),
            b"a request...",
        ];
        assert_eq!(plain[..44], wanted.concat());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), known in 0..8usize) {
            let ids = [
                constructor::MSG_CONTAINER,
                constructor::GZIP_PACKED,
                constructor::RPC_RESULT,
                tl::types::NewSessionCreated::CONSTRUCTOR_ID,
                tl::types::BadServerSalt::CONSTRUCTOR_ID,
                tl::types::FutureSalts::CONSTRUCTOR_ID,
                tl::types::MsgDetailedInfo::CONSTRUCTOR_ID,
                tl::types::BadMsgNotification::CONSTRUCTOR_ID,
            ];
            let body = [&ids[known].to_le_bytes()[..], &bytes].concat();
            packet(&message(1, 1, &body));
            read_packet(bytes.clone().into());
        }
    }
}
