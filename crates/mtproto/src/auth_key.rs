//! An authorization key: the secret that one account shares with one data centre.

use std::fmt;

use sha1::{Digest, Sha1};

/// 2048 bits that a client and a data centre agree on once (core.telegram.org/mtproto/auth_key) and then use for years.
///
/// `Debug` shows its id only: whoever has the key is the account.
///
/// ```
/// let key = mtproto::AuthKey::from_bytes([7; 256]);
/// assert_eq!(format!("{key:?}"), format!("AuthKey({:016x})", key.id));
/// ```
#[derive(Clone)]
pub struct AuthKey {
    bytes: [u8; 256],
    /// `auth_key_id`, in front of every message: the low 64 bits of the key's SHA-1.
    pub id: i64,
}

impl AuthKey {
    /// The key as the exchange gave it, big-endian.
    pub fn from_bytes(bytes: [u8; 256]) -> Self {
        let sha = Sha1::digest(bytes);
        let mut id = [0; 8];
        id.copy_from_slice(&sha[12..20]);
        Self { bytes, id: i64::from_le_bytes(id) }
    }

    /// The key itself, to keep it or to hand it on.
    pub fn as_bytes(&self) -> &[u8; 256] {
        &self.bytes
    }
}

impl fmt::Debug for AuthKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthKey({:016x})", self.id)
    }
}
