//! What stands around requests and answers:
//!
//! ```text
//! from the client   salt 8 | session 8 | msg_id 8 | seq_no 4 | length 4 | body | padding
//! to the client     room for the transport 8 | key id and message key 24 | the same 32 bytes | body
//! ```

use std::io::Read;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use grammers_tl_types::{Cursor, Deserializable, Serializable};

use super::super::transport::ROOM;
use mtproto::ENVELOPE_BYTES;

/// Where what is encrypted begins in an outgoing packet, and where its body does.
pub(super) const PLAIN: usize = ROOM + ENVELOPE_BYTES;
pub(super) const BODY: usize = PLAIN + 32;

pub(super) const MSG_CONTAINER: u32 = 0x73f1_f8dc;
pub(super) const GZIP_PACKED: u32 = 0x3072_cfa1;
pub(super) const RPC_RESULT: u32 = 0xf35c_6d01;

const LONGEST_UNPACKED: u64 = 4 * 1024 * 1024;

/// An outgoing packet without a body yet: the room before it is filled in when it is sent.
pub(super) fn packet() -> Vec<u8> {
    let mut packet = Vec::with_capacity(1024);
    packet.resize(BODY, 0);
    packet
}

pub(super) fn packet_of(body: &impl Serializable) -> Vec<u8> {
    let mut packet = packet();
    body.serialize(&mut packet);
    packet
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Incoming<'p> {
    pub msg_id: i64,
    pub seq_no: i32,
    pub body: &'p [u8],
}

impl Incoming<'_> {
    pub fn constructor(&self) -> Option<u32> {
        u32::from_bytes(self.body).ok()
    }
}

/// Salt, session and message of a decrypted packet. `None` when it is malformed.
pub(super) fn read(plain: &[u8]) -> Option<(i64, i64, Incoming<'_>)> {
    let (head, rest) = plain.split_at_checked(16)?;
    let (message, padding) = read_message(rest)?;
    let number = |at: usize| i64::from_bytes(&head[at..]).ok();
    (12..=1024).contains(&padding.len()).then_some((number(0)?, number(8)?, message))
}

fn read_message(bytes: &[u8]) -> Option<(Incoming<'_>, &[u8])> {
    let mut cursor = Cursor::from_slice(bytes);
    let msg_id = i64::deserialize(&mut cursor).ok()?;
    let seq_no = i32::deserialize(&mut cursor).ok()?;
    let len = u32::deserialize(&mut cursor).ok()? as usize;
    let (body, rest) = bytes[cursor.pos()..].split_at_checked(len)?;
    (len >= 4 && len.is_multiple_of(4)).then_some((Incoming { msg_id, seq_no, body }, rest))
}

/// The messages in a container (its body begins with the constructor). At most 1,020 of them, none a container.
pub(super) fn read_container(body: &[u8]) -> Option<Vec<Incoming<'_>>> {
    let count = u32::from_bytes(body.get(4..)?).ok()?;
    let mut rest = &body[8..];
    let mut messages = Vec::new();
    for _ in 0..count.min(1021) {
        let (message, after) = read_message(rest)?;
        messages.push(message);
        rest = after;
    }
    let is_sound = messages.len() <= 1020 && messages.iter().all(|m| m.constructor() != Some(MSG_CONTAINER));
    is_sound.then_some(messages)
}

/// What is inside gzip_packed.
pub(super) fn unpack(body: &[u8]) -> Option<Vec<u8>> {
    let packed = Vec::<u8>::from_bytes(body.get(4..)?).ok()?;
    let mut whole = Vec::new();
    GzDecoder::new(&packed[..]).take(LONGEST_UNPACKED).read_to_end(&mut whole).ok()?;
    Some(whole)
}

/// Packs `packet[from..]` as gzip_packed, when that makes it shorter.
pub(super) fn pack(packet: &mut Vec<u8>, from: usize) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let packed = std::io::Write::write_all(&mut encoder, &packet[from..]).and_then(|()| encoder.finish());
    if let Ok(packed) = packed
        && packed.len() + 16 < packet.len() - from
    {
        packet.truncate(from);
        GZIP_PACKED.serialize(packet);
        packed.serialize(packet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(msg_id: i64, body: &[u8]) -> Vec<u8> {
        let mut bytes = [msg_id.to_bytes(), 1i32.to_bytes(), (body.len() as i32).to_bytes()].concat();
        bytes.extend_from_slice(body);
        bytes
    }

    #[test]
    fn a_packet_is_read_only_when_it_is_well_formed() {
        let whole = |body: &[u8], padding: usize| {
            [7i64.to_bytes(), 8i64.to_bytes(), message(4, body), vec![0; padding]].concat()
        };
        assert_eq!(
            read(&whole(&[1, 2, 3, 4], 12)),
            Some((7, 8, Incoming { msg_id: 4, seq_no: 1, body: &[1, 2, 3, 4] }))
        );
        for (body, padding) in [(&[1, 2, 3, 4][..], 11), (&[1, 2, 3, 4], 1025), (&[1, 2, 3], 12), (&[], 12)] {
            assert_eq!(read(&whole(body, padding)), None);
        }
        assert_eq!(read(&[0; 20]), None);
    }

    #[test]
    fn containers_hold_messages_but_no_containers() {
        let container =
            |parts: &[Vec<u8>]| [MSG_CONTAINER.to_bytes(), (parts.len() as u32).to_bytes(), parts.concat()].concat();
        let two = container(&[message(4, &[1; 4]), message(8, &[2; 8])]);
        let read: Vec<_> = read_container(&two).expect("sound").iter().map(|m| (m.msg_id, m.body.len())).collect();
        assert_eq!(read, [(4, 4), (8, 8)]);
        assert_eq!(read_container(&container(&[message(4, &two)])), None);
        assert_eq!(read_container(&two[..two.len() - 1]), None);
        assert_eq!(read_container(&[0; 5]), None);
    }

    #[test]
    fn what_is_packed_unpacks() {
        let body: Vec<u8> = (0..4000).map(|n| (n / 100) as u8).collect();
        let mut packet = [vec![9; 12], body.clone()].concat();
        pack(&mut packet, 12);
        assert!(packet.len() < 1000);
        assert_eq!(unpack(&packet[12..]), Some(body));
        assert_eq!(unpack(&[1, 2, 3, 4, 5]), None);
    }
}
