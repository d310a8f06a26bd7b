//! What a line carries, in bytes (core.telegram.org/mtproto/description and /service_messages). Answers are not copied: what
//! comes out is a view into the packet that was decrypted.
//!
//! ```text
//! packet    length 4 | key id 8 | message key 16 | encrypted( salt 8 | session 8 | message | padding )
//! message   msg_id 8 | seq_no 4 | length 4 | body
//! body      a service message, an rpc_result, or msg_container / gzip_packed around more of them
//! ```

use std::io::Read;

use bytes::{Buf, Bytes};
use flate2::read::GzDecoder;
use grammers_tl_types::{self as tl, Deserializable, Identifiable};

use mtproto::{self as crypto, AuthKey, Direction, ENVELOPE_BYTES};

const MSG_CONTAINER: u32 = 0x73f1_f8dc;
const GZIP_PACKED: u32 = 0x3072_cfa1;
const RPC_RESULT: u32 = 0xf35c_6d01;
/// What gzip may unpack to. Files are never packed; all else is small.
const LONGEST_UNPACKED: u64 = 4 << 20;
/// A container in a container is not allowed, gzip inside of either is.
const DEEPEST: u32 = 4;

/// Service messages that say nothing of use here.
const SERVICE: [u32; 9] = [
    tl::types::Pong::CONSTRUCTOR_ID,
    tl::types::MsgsAck::CONSTRUCTOR_ID,
    tl::types::MsgsStateReq::CONSTRUCTOR_ID,
    tl::types::MsgsStateInfo::CONSTRUCTOR_ID,
    tl::types::MsgsAllInfo::CONSTRUCTOR_ID,
    tl::types::MsgResendReq::CONSTRUCTOR_ID,
    tl::types::DestroySessionOk::CONSTRUCTOR_ID,
    tl::types::DestroySessionNone::CONSTRUCTOR_ID,
    tl::types::HttpWait::CONSTRUCTOR_ID,
];

/// The head of a message of ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub salt: i64,
    pub session: i64,
    pub msg_id: i64,
    pub seq_no: i32,
}

/// Appends one packet of the intermediate transport to `out`.
pub(super) fn put_packet(out: &mut Vec<u8>, key: &AuthKey, head: Head, body: &[u8]) {
    const HEAD: usize = 32;
    let len = HEAD + body.len();
    let padding = crypto::padding(len);
    let start = out.len();
    out.extend_from_slice(&((ENVELOPE_BYTES + len + padding) as u32).to_le_bytes());
    out.resize(start + 4 + ENVELOPE_BYTES, 0);
    out.extend_from_slice(&head.salt.to_le_bytes());
    out.extend_from_slice(&head.session.to_le_bytes());
    out.extend_from_slice(&head.msg_id.to_le_bytes());
    out.extend_from_slice(&head.seq_no.to_le_bytes());
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(body);
    let padded = out.len();
    out.resize(padded + padding, 0);
    // A predictable padding would only make the message key depend on less. Without a source of randomness it stays zero.
    let _ = getrandom::fill(&mut out[padded..]);
    crypto::seal(key, Direction::ToServer, &mut out[start + 4..], ENVELOPE_BYTES);
}

/// Something that a packet says.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// The answer to the request `to`: its result, bare, or Telegram's refusal.
    Result {
        to: i64,
        result: Result<Bytes, RpcError>,
    },
    /// Everything before `first` must be said again; `salt` is good from now on.
    NewSession {
        first: i64,
        salt: i64,
    },
    /// `message` was not taken for its salt; this one is good.
    BadSalt {
        message: i64,
        salt: i64,
    },
    /// `message` was not taken.
    BadMessage {
        message: i64,
        code: i32,
    },
    FutureSalts(Vec<Salt>),
    /// What is none of the service messages, so an update.
    Update(Bytes),
    /// Nothing that anybody cares for: pongs, acknowledgments.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salt {
    /// Unix seconds, by the server's clock.
    pub since: i32,
    pub until: i32,
    pub value: i64,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct RpcError {
    pub code: i32,
    pub message: String,
}

/// What a packet holds.
#[derive(Debug, PartialEq)]
pub(super) struct Packet {
    pub session: i64,
    /// The sender's clock, in message ids' own unit.
    pub msg_id: i64,
    pub said: Vec<Said>,
    /// Ids that Telegram wants acknowledged.
    pub to_acknowledge: Vec<i64>,
}

/// Reads a decrypted packet. `None` when it is malformed.
pub(super) fn read(mut plain: Bytes) -> Option<Packet> {
    plain.try_get_i64_le().ok()?;
    let session = plain.try_get_i64_le().ok()?;
    let mut packet = Packet { session, msg_id: 0, said: Vec::new(), to_acknowledge: Vec::new() };
    packet.msg_id = read_message(&mut plain, &mut packet, 0)?;
    (12..=1024).contains(&plain.len()).then_some(packet)
}

/// One message; answers its id.
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
    let said = match body.try_get_u32_le().ok()? {
        MSG_CONTAINER => {
            for _ in 0..body.try_get_u32_le().ok()? {
                read_message(&mut body, packet, depth + 1)?;
            }
            return Some(());
        }
        GZIP_PACKED => return read_body(unpack(body)?, packet, depth + 1),
        RPC_RESULT => {
            let to = body.try_get_i64_le().ok()?;
            Said::Result { to, result: read_result(body)? }
        }
        tl::types::NewSessionCreated::CONSTRUCTOR_ID => {
            let new = tl::types::NewSessionCreated::from_bytes(&body).ok()?;
            Said::NewSession { first: new.first_msg_id, salt: new.server_salt }
        }
        tl::types::BadServerSalt::CONSTRUCTOR_ID => {
            let bad = tl::types::BadServerSalt::from_bytes(&body).ok()?;
            Said::BadSalt { message: bad.bad_msg_id, salt: bad.new_server_salt }
        }
        tl::types::BadMsgNotification::CONSTRUCTOR_ID => {
            let bad = tl::types::BadMsgNotification::from_bytes(&body).ok()?;
            Said::BadMessage { message: bad.bad_msg_id, code: bad.error_code }
        }
        tl::types::FutureSalts::CONSTRUCTOR_ID => {
            let tl::enums::FutureSalts::Salts(future) = tl::enums::FutureSalts::from_bytes(&whole).ok()?;
            let salt = |s: tl::types::FutureSalt| Salt { since: s.valid_since, until: s.valid_until, value: s.salt };
            Said::FutureSalts(future.salts.0.into_iter().map(salt).collect())
        }
        tl::types::MsgDetailedInfo::CONSTRUCTOR_ID => {
            let info = tl::types::MsgDetailedInfo::from_bytes(&body).ok()?;
            packet.to_acknowledge.push(info.answer_msg_id);
            Said::Other
        }
        tl::types::MsgNewDetailedInfo::CONSTRUCTOR_ID => {
            let info = tl::types::MsgNewDetailedInfo::from_bytes(&body).ok()?;
            packet.to_acknowledge.push(info.answer_msg_id);
            Said::Other
        }
        id if SERVICE.contains(&id) => Said::Other,
        _ => Said::Update(whole),
    };
    packet.said.push(said);
    Some(())
}

fn read_result(mut result: Bytes) -> Option<Result<Bytes, RpcError>> {
    let constructor = u32::from_le_bytes(*result.first_chunk()?);
    if constructor == GZIP_PACKED {
        result.advance(4);
        return read_result(unpack(result)?);
    }
    if constructor == tl::types::RpcError::CONSTRUCTOR_ID {
        let error = tl::types::RpcError::from_bytes(&result[4..]).ok()?;
        return Some(Err(RpcError { code: error.error_code, message: error.error_message }));
    }
    Some(Ok(result))
}

fn unpack(packed: Bytes) -> Option<Bytes> {
    let packed = Vec::<u8>::from_bytes(&packed).ok()?;
    let mut whole = Vec::new();
    GzDecoder::new(&packed[..]).take(LONGEST_UNPACKED).read_to_end(&mut whole).ok()?;
    Some(whole.into())
}

/// The bytes inside `upload.file`, in place. `None` when the answer is something else.
pub(crate) fn file_bytes(mut answer: Bytes) -> Option<Bytes> {
    // upload.file: constructor, type of the file, its date.
    if answer.try_get_u32_le().ok()? != tl::types::upload::File::CONSTRUCTOR_ID {
        return None;
    }
    answer.try_get_u64_le().ok()?;
    // `bytes` in TL: a short or a long length.
    let len = match answer.try_get_u8().ok()? {
        254 => {
            let [a, b, c] = *answer.first_chunk()?;
            answer.advance(3);
            u32::from_le_bytes([a, b, c, 0]) as usize
        }
        255 => return None,
        short => short.into(),
    };
    (len <= answer.len()).then(|| answer.split_to(len))
}

#[cfg(test)]
mod tests {
    use grammers_tl_types::Serializable;
    use proptest::prelude::*;

    use super::*;

    fn message(msg_id: i64, seq_no: i32, body: &[u8]) -> Vec<u8> {
        [&msg_id.to_le_bytes()[..], &seq_no.to_le_bytes(), &(body.len() as u32).to_le_bytes(), body].concat()
    }

    fn packet(message: &[u8]) -> Option<Packet> {
        read([&[0; 8][..], &7i64.to_le_bytes(), message, &[0; 12]].concat().into())
    }

    fn result(to: i64, body: &[u8]) -> Vec<u8> {
        [&RPC_RESULT.to_le_bytes()[..], &to.to_le_bytes(), body].concat()
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, body).expect("memory");
        let packed = encoder.finish().expect("memory");
        [GZIP_PACKED.to_bytes(), packed.to_bytes()].concat()
    }

    #[test]
    fn results_come_out_of_containers_and_gzip_and_what_needs_it_is_acknowledged() {
        let refused = tl::types::RpcError { error_code: 420, error_message: "FLOOD_WAIT_3".to_owned() };
        let refused = [tl::types::RpcError::CONSTRUCTOR_ID.to_bytes(), refused.to_bytes()].concat();
        let container = [
            &MSG_CONTAINER.to_le_bytes()[..],
            &3u32.to_le_bytes(),
            &message(101, 1, &result(4, b"answer to 4.")),
            &message(105, 3, &gzip(&result(8, &gzip(b"answer to 8.")))),
            &message(109, 4, &result(12, &refused)),
        ]
        .concat();
        let got = packet(&message(113, 6, &container)).expect("well formed");
        let refused = RpcError { code: 420, message: "FLOOD_WAIT_3".to_owned() };
        assert_eq!(
            got.said,
            [
                Said::Result { to: 4, result: Ok(Bytes::from_static(b"answer to 4.")) },
                Said::Result { to: 8, result: Ok(Bytes::from_static(b"answer to 8.")) },
                Said::Result { to: 12, result: Err(refused) },
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
            (tl::enums::NewSession::Created(new).to_bytes(), Said::NewSession { first: 4, salt: 6 }),
            (tl::enums::BadMsgNotification::BadServerSalt(bad).to_bytes(), Said::BadSalt { message: 4, salt: 9 }),
            (tl::enums::BadMsgNotification::Notification(late).to_bytes(), Said::BadMessage { message: 4, code: 16 }),
            (
                tl::enums::FutureSalts::Salts(salts).to_bytes(),
                Said::FutureSalts(vec![Salt { since: 1, until: 2, value: 3 }]),
            ),
            (tl::enums::Pong::Pong(tl::types::Pong { msg_id: 4, ping_id: 1 }).to_bytes(), Said::Other),
            (tl::enums::MsgsAck::Ack(tl::types::MsgsAck { msg_ids: vec![4] }).to_bytes(), Said::Other),
            (too_long.clone(), Said::Update(too_long.clone().into())),
            (gzip(&too_long), Said::Update(too_long.into())),
        ];
        for (body, wanted) in cases {
            assert_eq!(packet(&message(1, 0, &body)).expect("well formed").said, [wanted]);
        }
    }

    #[test]
    fn the_bytes_of_a_file_are_found_in_place() {
        for len in [0, 1, 253, 254, 255, 70_000] {
            let bytes: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let file = tl::types::upload::File {
                r#type: tl::enums::storage::FileType::FilePartial,
                mtime: 1,
                bytes: bytes.clone(),
            };
            let answer = tl::enums::upload::File::File(file).to_bytes();
            assert_eq!(file_bytes(answer.clone().into()), Some(bytes.into()), "{len}");
            assert_eq!(file_bytes(answer[..answer.len().saturating_sub(len.max(12))].to_vec().into()), None);
        }
    }

    #[test]
    fn a_packet_of_ours_is_read_by_a_client_nobody_here_wrote() {
        let key = AuthKey::from_bytes(std::array::from_fn(|n| n as u8));
        let mut out = b"before".to_vec();
        let head = Head { salt: 1, session: 2, msg_id: 4, seq_no: 1 };
        put_packet(&mut out, &key, head, b"a request...");
        let packet = &mut out[6..];
        assert_eq!(u32::from_le_bytes(*packet.first_chunk().expect("a length")) as usize, packet.len() - 4);
        let plain = crypto::open(&key, Direction::ToServer, &mut packet[4..]).expect("genuine");
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
                MSG_CONTAINER,
                GZIP_PACKED,
                RPC_RESULT,
                tl::types::NewSessionCreated::CONSTRUCTOR_ID,
                tl::types::BadServerSalt::CONSTRUCTOR_ID,
                tl::types::FutureSalts::CONSTRUCTOR_ID,
                tl::types::MsgDetailedInfo::CONSTRUCTOR_ID,
                tl::types::upload::File::CONSTRUCTOR_ID,
            ];
            let body = [&ids[known].to_le_bytes()[..], &bytes].concat();
            packet(&message(1, 1, &body));
            read(bytes.clone().into());
            file_bytes(body.into());
        }
    }
}
