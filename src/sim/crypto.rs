//! MTProto 2.0 encryption from the server's chair: reads what clients encrypt (x = 0) and encrypts for them (x = 8).
//!
//! Source: core.telegram.org/mtproto/description. grammers-crypto has the client's direction only, so the key
//! schedule stands here again with both.

use grammers_crypto::aes;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// An authorization key and what is derived from it once.
#[derive(Clone)]
pub struct AuthKey {
    data: [u8; 256],
    id: [u8; 8],
}

/// Who encrypts: the offset into the key differs.
#[derive(Clone, Copy)]
enum From {
    Client = 0,
    Server = 8,
}

impl AuthKey {
    pub fn new(data: [u8; 256]) -> Self {
        let hash = Sha1::digest(data);
        let mut id = [0; 8];
        id.copy_from_slice(&hash[12..20]);
        Self { data, id }
    }

    /// The key of one account in one DC, the same for the same seed, so that a restart keeps it.
    pub fn from_seed(seed: u64, account: i64, dc: i32) -> Self {
        let mut data = [0; 256];
        for (n, block) in data.chunks_exact_mut(32).enumerate() {
            let mut hash = Sha256::new();
            hash.update(b"cinepost simulated authorization key");
            hash.update(seed.to_le_bytes());
            hash.update(account.to_le_bytes());
            hash.update(dc.to_le_bytes());
            hash.update([n as u8]);
            block.copy_from_slice(&hash.finalize());
        }
        Self::new(data)
    }

    pub fn id(&self) -> [u8; 8] {
        self.id
    }

    pub fn bytes(&self) -> &[u8; 256] {
        &self.data
    }

    pub fn to_hex(&self) -> String {
        self.data.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Opens a client's message (`key id, message key, ciphertext`) in place: the plaintext with its padding. `None` when it was not
    /// encrypted with this key or was changed on the way.
    pub fn open<'a>(&self, envelope: &'a mut [u8]) -> Option<&'a mut [u8]> {
        if envelope.len() < 24 + 16 || !(envelope.len() - 24).is_multiple_of(16) || envelope[..8] != self.id {
            return None;
        }
        let (head, text) = envelope.split_at_mut(24);
        let message_key: [u8; 16] = head[8..24].try_into().ok()?;
        let (key, iv) = self.schedule(&message_key, From::Client);
        aes::ige_decrypt(text, &key, &iv);
        (self.message_key(text, From::Client) == message_key).then_some(text)
    }

    /// Encrypts `buffer[at..]` in place. The 24 bytes before `at` are filled with key id and message key; padding is appended.
    pub fn seal(&self, buffer: &mut Vec<u8>, at: usize) {
        let length = buffer.len() - at;
        // 12 to 1,024 bytes of padding, and the whole a multiple of 16.
        let padding = 12 + (16 - (length + 12) % 16) % 16;
        let mut random = [0; 32];
        // Padding protects real secrets; a simulation has none. Zeros would do where the system gives no random numbers.
        let _ = getrandom::fill(&mut random);
        buffer.extend_from_slice(&random[..padding]);
        let message_key = self.message_key(&buffer[at..], From::Server);
        let (key, iv) = self.schedule(&message_key, From::Server);
        aes::ige_encrypt(&mut buffer[at..], &key, &iv);
        buffer[at - 24..at - 16].copy_from_slice(&self.id);
        buffer[at - 16..at].copy_from_slice(&message_key);
    }

    fn message_key(&self, text: &[u8], from: From) -> [u8; 16] {
        let x = from as usize;
        let mut hash = Sha256::new();
        hash.update(&self.data[88 + x..88 + x + 32]);
        hash.update(text);
        let large = hash.finalize();
        let mut key = [0; 16];
        key.copy_from_slice(&large[8..24]);
        key
    }

    fn schedule(&self, message_key: &[u8; 16], from: From) -> ([u8; 32], [u8; 32]) {
        let x = from as usize;
        let a = Sha256::new().chain_update(message_key).chain_update(&self.data[x..x + 36]).finalize();
        let b = Sha256::new().chain_update(&self.data[40 + x..40 + x + 36]).chain_update(message_key).finalize();
        let mut key = [0; 32];
        key[..8].copy_from_slice(&a[..8]);
        key[8..24].copy_from_slice(&b[8..24]);
        key[24..].copy_from_slice(&a[24..]);
        let mut iv = [0; 32];
        iv[..8].copy_from_slice(&b[..8]);
        iv[8..24].copy_from_slice(&a[8..24]);
        iv[24..].copy_from_slice(&b[24..]);
        (key, iv)
    }
}
