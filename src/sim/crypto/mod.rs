//! MTProto 2.0 encryption as a server does it (core.telegram.org/mtproto/description), in place, and the authorization
//! keys that are made beforehand instead of being agreed with each client.

#[cfg(target_arch = "x86_64")]
mod ige;

use std::fmt;

use grammers_crypto::aes;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Before the ciphertext: the key's id (8 bytes) and the message key (16).
pub(super) const ENVELOPE_BYTES: usize = 24;

#[derive(Clone)]
pub(super) struct AuthKey {
    bytes: [u8; 256],
    /// As it stands in front of every message: the low 64 bits of the key's SHA-1.
    pub id: i64,
}

impl AuthKey {
    pub fn from_bytes(bytes: [u8; 256]) -> Self {
        let sha = Sha1::digest(bytes);
        let mut id = [0; 8];
        id.copy_from_slice(&sha[12..20]);
        Self { bytes, id: i64::from_le_bytes(id) }
    }

    /// The same seed gives the same keys, so sessions outlive the simulation. Each account has one key per DC.
    pub fn derive(seed: u64, account: i64, dc: i32) -> Self {
        let mut bytes = [0; 256];
        for (n, part) in (0u8..).zip(bytes.chunks_exact_mut(32)) {
            let hash = Sha256::new()
                .chain_update(b"cinepost sim auth key")
                .chain_update(seed.to_le_bytes())
                .chain_update(account.to_le_bytes())
                .chain_update(dc.to_le_bytes())
                .chain_update([n]);
            part.copy_from_slice(&hash.finalize());
        }
        Self::from_bytes(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 256] {
        &self.bytes
    }
}

impl fmt::Debug for AuthKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthKey({:016x})", self.id)
    }
}

/// Which way a message goes; the two directions use different parts of the key.
#[derive(Clone, Copy)]
pub(super) enum Direction {
    ToServer,
    ToClient,
}

impl Direction {
    fn x(self) -> usize {
        match self {
            Self::ToServer => 0,
            Self::ToClient => 8,
        }
    }
}

/// Pads and encrypts `packet[plain..]` and writes the envelope into the [`ENVELOPE_BYTES`] before it.
pub(super) fn seal(key: &AuthKey, direction: Direction, packet: &mut Vec<u8>, plain: usize) {
    // 12 to 1024 bytes of padding, to a multiple of 16. Real padding is random; nobody here is eavesdropping.
    let len = packet.len() - plain;
    let padding = 12 + (16 - (len + 12) % 16) % 16;
    packet.resize(packet.len() + padding, 0xc5);
    let msg_key = msg_key(key, direction, &packet[plain..]);
    let (aes_key, iv) = aes_key(key, direction, &msg_key);
    encrypt(&mut packet[plain..], &aes_key, &iv);
    packet[plain - 24..plain - 16].copy_from_slice(&key.id.to_le_bytes());
    packet[plain - 16..plain].copy_from_slice(&msg_key);
}

fn encrypt(text: &mut [u8], key: &[u8; 32], iv: &[u8; 32]) {
    #[cfg(target_arch = "x86_64")]
    if ige::encrypt(text, key, iv) {
        return;
    }
    aes::ige_encrypt(text, key, iv);
}

/// Decrypts what follows the envelope, in place. `None` when it was not encrypted with this key, or was damaged.
pub(super) fn open<'p>(key: &AuthKey, direction: Direction, packet: &'p mut [u8]) -> Option<&'p mut [u8]> {
    let (envelope, text) = packet.split_at_mut_checked(ENVELOPE_BYTES)?;
    if text.is_empty() || !text.len().is_multiple_of(16) {
        return None;
    }
    let mut sent_key = [0; 16];
    sent_key.copy_from_slice(&envelope[8..]);
    let (aes_key, iv) = aes_key(key, direction, &sent_key);
    aes::ige_decrypt(text, &aes_key, &iv);
    (msg_key(key, direction, text) == sent_key).then_some(text)
}

fn msg_key(key: &AuthKey, direction: Direction, padded: &[u8]) -> [u8; 16] {
    let x = direction.x();
    let large = Sha256::new().chain_update(&key.bytes[88 + x..120 + x]).chain_update(padded).finalize();
    let mut middle = [0; 16];
    middle.copy_from_slice(&large[8..24]);
    middle
}

fn aes_key(key: &AuthKey, direction: Direction, msg_key: &[u8; 16]) -> ([u8; 32], [u8; 32]) {
    let x = direction.x();
    let a = Sha256::new().chain_update(msg_key).chain_update(&key.bytes[x..x + 36]).finalize();
    let b = Sha256::new().chain_update(&key.bytes[40 + x..76 + x]).chain_update(msg_key).finalize();
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

    fn key() -> AuthKey {
        AuthKey::derive(1, 1001, 2)
    }

    #[test]
    fn a_client_nobody_here_wrote_reads_what_we_seal() {
        for len in [0, 1, 4, 15, 16, 17, 1000] {
            let plain: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let mut packet = [vec![0; ENVELOPE_BYTES], plain.clone()].concat();
            seal(&key(), Direction::ToClient, &mut packet, ENVELOPE_BYTES);
            let read = decrypt_data_v2(&mut packet, &ClientKey::from_bytes(*key().as_bytes())).expect("readable");
            assert_eq!(read[..len], plain);
            assert!((12..=1024).contains(&(read.len() - len)), "{} bytes of padding", read.len() - len);
        }
    }

    #[test]
    fn we_read_what_a_client_sealed_and_nothing_else() {
        let mut buffer = DequeBuffer::with_capacity(0, 64);
        buffer.extend(b"Hello, world!".iter());
        encrypt_data_v2(&mut buffer, &ClientKey::from_bytes(*key().as_bytes()));
        let sealed = buffer[..].to_vec();
        assert_eq!(sealed[..8], key().id.to_le_bytes());
        let read = |key: &AuthKey, damage: fn(&mut Vec<u8>)| {
            let mut packet = sealed.clone();
            damage(&mut packet);
            open(key, Direction::ToServer, &mut packet).map(|plain| plain[..13].to_vec())
        };
        assert_eq!(read(&key(), |_| {}).as_deref(), Some(&b"Hello, world!"[..]));
        assert_eq!(read(&AuthKey::derive(1, 1001, 4), |_| {}), None);
        assert_eq!(read(&key(), |p| p[40] ^= 1), None);
        assert_eq!(read(&key(), |p| p.truncate(p.len() - 1)), None);
        assert_eq!(read(&key(), |p| p.truncate(10)), None);
    }

    #[test]
    fn keys_differ_by_seed_account_and_dc_and_stay_the_same() {
        let ids = [(1, 1001, 2), (1, 1001, 4), (1, 1002, 2), (2, 1001, 2)].map(|(s, a, d)| AuthKey::derive(s, a, d).id);
        for (n, id) in ids.iter().enumerate() {
            assert!(!ids[..n].contains(id));
        }
        assert_eq!(key().as_bytes(), AuthKey::derive(1, 1001, 2).as_bytes());
    }
}
