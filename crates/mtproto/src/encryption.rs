//! MTProto 2.0 encryption (core.telegram.org/mtproto/description), in place, for both ends of a connection.
//!
//! ```text
//! packet       key id 8 | message key 16 | AES-256-IGE( text | 12 to 1024 bytes of padding )
//! message key  the middle 16 bytes of SHA-256( 32 bytes of the authorization key | text | padding )
//! AES key, iv  made from the message key and the authorization key, with two more SHA-256
//! ```
//!
//! A message counts only when all of it has come and its message key is right. [`Opening`] decrypts and hashes a message while
//! it comes, so that nearly all of that work is done when its last byte arrives.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

use crate::auth_key::AuthKey;
use crate::ige;

/// Stands before the ciphertext: the key's id (8 bytes) and the message key (16).
pub const ENVELOPE_BYTES: usize = 24;

/// Which way a message goes: the two directions use different parts of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From a client.
    ToServer,
    /// From a data centre.
    ToClient,
}

impl Direction {
    /// `x` in the description of the key derivation.
    fn x(self) -> usize {
        match self {
            Self::ToServer => 0,
            Self::ToClient => 8,
        }
    }
}

/// How much padding a text of `len` bytes gets: the least that is allowed, 12 to 27 bytes, up to a multiple of 16.
///
/// ```
/// assert_eq!([0, 4, 5].map(mtproto::padding), [16, 12, 27]);
/// ```
pub fn padding(len: usize) -> usize {
    12 + (16 - (len + 12) % 16) % 16
}

/// Encrypts `packet[plain..]`, which is padded already, and writes the envelope into the [`ENVELOPE_BYTES`] before it.
///
/// ```
/// use mtproto::{AuthKey, Direction, ENVELOPE_BYTES, open, padding, seal};
///
/// let key = AuthKey::from_bytes([7; 256]);
/// let text = b"four words of a text";
/// let mut packet = vec![0; ENVELOPE_BYTES];
/// packet.extend_from_slice(text);
/// packet.resize(packet.len() + padding(text.len()), 0); // random bytes in earnest
/// seal(&key, Direction::ToServer, &mut packet, ENVELOPE_BYTES);
///
/// let opened = open(&key, Direction::ToServer, &mut packet).expect("genuine");
/// assert!(opened.starts_with(text));
/// ```
///
/// # Panics
/// Where `packet` has no room for the envelope before `plain`.
pub fn seal(key: &AuthKey, direction: Direction, packet: &mut [u8], plain: usize) {
    let hash = Sha256::new().chain_update(hashed_part(key, direction)).chain_update(&packet[plain..]);
    let msg_key = middle(&hash.finalize());
    let (aes_key, mut iv) = aes_key(key, direction, &msg_key);
    ige::encrypt(&mut packet[plain..], &aes_key, &mut iv);
    packet[plain - ENVELOPE_BYTES..plain - 16].copy_from_slice(&key.id.to_le_bytes());
    packet[plain - 16..plain].copy_from_slice(&msg_key);
}

/// Decrypts what follows the envelope, in place, and returns it with its padding. `None` when it was not encrypted with this
/// key, or was damaged.
pub fn open<'p>(key: &AuthKey, direction: Direction, packet: &'p mut [u8]) -> Option<&'p mut [u8]> {
    let (envelope, text) = packet.split_first_chunk_mut()?;
    if text.is_empty() || !text.len().is_multiple_of(16) {
        return None;
    }
    let mut opening = Opening::begin(key, direction, envelope)?;
    opening.feed(text);
    opening.finish().then_some(text)
}

/// A message that is being decrypted while it comes.
///
/// ```
/// use mtproto::{AuthKey, Direction, ENVELOPE_BYTES, Opening, seal};
///
/// let key = AuthKey::from_bytes([7; 256]);
/// let mut packet = vec![0; ENVELOPE_BYTES + 4096];
/// seal(&key, Direction::ToClient, &mut packet, ENVELOPE_BYTES);
///
/// let (envelope, text) = packet.split_first_chunk_mut().expect("an envelope");
/// let mut opening = Opening::begin(&key, Direction::ToClient, envelope).expect("sealed with this key");
/// for piece in text.chunks_mut(1024) {
///     opening.feed(piece);
/// }
/// assert!(opening.finish() && text.iter().all(|byte| *byte == 0));
/// ```
pub struct Opening {
    msg_key: [u8; 16],
    aes_key: [u8; 32],
    iv: [u8; 32],
    hash: Hashing,
}

/// The SHA-256 of what was decrypted so far, cut into its blocks here, so that decrypting and hashing can go in step.
struct Hashing {
    state: [u32; 8],
    /// What was not compressed yet: up to a whole block.
    rest: [u8; HASHED],
    filled: usize,
    len: u64,
}

/// A block of SHA-256.
const HASHED: usize = 64;

impl Opening {
    /// Begins with what came first. `None` when the envelope names another key.
    pub fn begin(key: &AuthKey, direction: Direction, envelope: &[u8; ENVELOPE_BYTES]) -> Option<Self> {
        let (key_id, msg_key) = envelope.split_first_chunk::<8>()?;
        let msg_key = *msg_key.first_chunk()?;
        let (aes_key, iv) = aes_key(key, direction, &msg_key);
        let is_ours = i64::from_le_bytes(*key_id) == key.id;
        is_ours.then(|| Self { msg_key, aes_key, iv, hash: Hashing::begin(hashed_part(key, direction)) })
    }

    /// Decrypts the next bytes of the text, in place; their number is a multiple of 16.
    pub fn feed(&mut self, text: &mut [u8]) {
        let Self { aes_key, iv, hash, .. } = self;
        hash.len += text.len() as u64;
        // To the end of a block, then whole blocks, then what is left; of each, the newest block waits in `rest`.
        let (head, text) = text.split_at_mut((HASHED - hash.filled).min(text.len()));
        ige::decrypt(head, aes_key, iv);
        hash.keep(head);
        if text.is_empty() {
            return;
        }
        let (blocks, tail) = text.split_at_mut(text.len() / HASHED * HASHED);
        ige::decrypt_hashing(blocks, aes_key, iv, &mut hash.state, &mut hash.rest);
        if !tail.is_empty() {
            ige::decrypt(tail, aes_key, iv);
            hash.compress();
            hash.keep(tail);
        }
    }

    /// Whether all that was fed is what was sealed. Nothing of it may be used before.
    pub fn finish(self) -> bool {
        middle(&self.hash.finish()) == self.msg_key
    }
}

impl Hashing {
    fn begin(first: &[u8]) -> Self {
        let mut hash = Self { state: INITIAL, rest: [0; HASHED], filled: 0, len: first.len() as u64 };
        hash.keep(first);
        hash
    }

    /// Takes what there is room for.
    fn keep(&mut self, bytes: &[u8]) {
        self.rest[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    fn compress(&mut self) {
        compress256(&mut self.state, &[self.rest]);
        self.filled = 0;
    }

    /// FIPS 180-4, section 5.1.1: a bit that is set, zeros, and the length in bits, to the end of a block.
    fn finish(mut self) -> [u8; 32] {
        if self.filled == HASHED {
            self.compress();
        }
        self.rest[self.filled..].fill(0);
        self.rest[self.filled] = 0x80;
        if self.filled + 9 > HASHED {
            self.compress();
            self.rest = [0; HASHED];
        }
        self.rest[HASHED - 8..].copy_from_slice(&(self.len * 8).to_be_bytes());
        self.compress();
        let mut hash = [0; 32];
        for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(self.state) {
            *bytes = word.to_be_bytes();
        }
        hash
    }
}

/// FIPS 180-4, section 5.3.3.
const INITIAL: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The part of the key that is hashed before the text.
fn hashed_part(key: &AuthKey, direction: Direction) -> &[u8] {
    let x = direction.x();
    &key.as_bytes()[88 + x..120 + x]
}

fn middle(hash: &[u8]) -> [u8; 16] {
    std::array::from_fn(|n| hash[8 + n])
}

/// The AES key and initialization vector of one message (core.telegram.org/mtproto/description, "Defining AES key").
fn aes_key(key: &AuthKey, direction: Direction, msg_key: &[u8; 16]) -> ([u8; 32], [u8; 32]) {
    let x = direction.x();
    let a = Sha256::new().chain_update(msg_key).chain_update(&key.as_bytes()[x..x + 36]).finalize();
    let b = Sha256::new().chain_update(&key.as_bytes()[40 + x..76 + x]).chain_update(msg_key).finalize();
    let weave = |outer: &[u8], inner: &[u8]| {
        let mut woven = [0; 32];
        woven[..8].copy_from_slice(&outer[..8]);
        woven[8..24].copy_from_slice(&inner[8..24]);
        woven[24..].copy_from_slice(&outer[24..32]);
        woven
    };
    (weave(&a, &b), weave(&b, &a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use grammers_crypto::{AuthKey as ClientKey, DequeBuffer, decrypt_data_v2, encrypt_data_v2};

    fn key(n: u8) -> AuthKey {
        AuthKey::from_bytes(std::array::from_fn(|at| (at as u8).wrapping_mul(7).wrapping_add(n)))
    }

    fn sealed(key: &AuthKey, direction: Direction, text: &[u8]) -> Vec<u8> {
        let mut packet = [vec![0; ENVELOPE_BYTES], text.to_vec(), vec![0xc5; padding(text.len())]].concat();
        seal(key, direction, &mut packet, ENVELOPE_BYTES);
        packet
    }

    #[test]
    fn a_client_nobody_here_wrote_reads_what_we_seal() {
        for len in [0, 1, 4, 15, 16, 17, 1000] {
            let plain: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let mut packet = sealed(&key(1), Direction::ToClient, &plain);
            let read = decrypt_data_v2(&mut packet, &ClientKey::from_bytes(*key(1).as_bytes())).expect("readable");
            assert_eq!(read[..len], plain);
            assert!((12..=1024).contains(&(read.len() - len)), "{} bytes of padding", read.len() - len);
        }
    }

    #[test]
    fn we_read_what_a_client_sealed_and_nothing_else() {
        let mut buffer = DequeBuffer::with_capacity(0, 64);
        buffer.extend(b"Hello, world!".iter());
        encrypt_data_v2(&mut buffer, &ClientKey::from_bytes(*key(1).as_bytes()));
        let sealed = buffer[..].to_vec();
        assert_eq!(sealed[..8], key(1).id.to_le_bytes());
        let read = |key: &AuthKey, damage: fn(&mut Vec<u8>)| {
            let mut packet = sealed.clone();
            damage(&mut packet);
            open(key, Direction::ToServer, &mut packet).map(|plain| plain[..13].to_vec())
        };
        assert_eq!(read(&key(1), |_| {}).as_deref(), Some(&b"Hello, world!"[..]));
        assert_eq!(read(&key(2), |_| {}), None);
        assert_eq!(read(&key(1), |p| p[40] ^= 1), None);
        assert_eq!(read(&key(1), |p| p.truncate(p.len() - 1)), None);
        assert_eq!(read(&key(1), |p| p.truncate(10)), None);
    }

    #[test]
    fn a_message_is_opened_however_it_is_cut() {
        let text: Vec<u8> = (0..70_000).map(|n| (n * 31) as u8).collect();
        for cut in [16, 48, 8 * 1024, 20_000 / 16 * 16, 1 << 20] {
            let mut packet = sealed(&key(1), Direction::ToClient, &text);
            let (envelope, body) = packet.split_first_chunk_mut().expect("an envelope");
            let mut opening = Opening::begin(&key(1), Direction::ToClient, envelope).expect("our key");
            body.chunks_mut(cut).for_each(|piece| opening.feed(piece));
            assert!(opening.finish() && body[..text.len()] == text, "cut every {cut} bytes");
        }
    }
}
