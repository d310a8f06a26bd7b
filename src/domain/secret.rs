//! The secret key and the keys made from it, one for each purpose, so that one kind of sealed text can never be read
//! as another.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;

/// SECRET_KEY: 32 bytes that everything sealed depends on.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

/// A 256-bit key for one purpose.
#[derive(Clone)]
pub struct Key(pub(crate) [u8; 32]);

/// What a key is for. The label goes into the derivation: changing one ends everything sealed under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Play links.
    Link,
    /// Access tokens in install links.
    Access,
    /// Telegram authorization keys at rest.
    Session,
    /// What the forms of a signed-in browser carry.
    Form,
    /// Links of files that people gave to the bot.
    Share,
}

impl SecretKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 hexadecimal digits, the form that the key file and SECRET_KEY use. `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim().as_bytes();
        if text.len() != 64 {
            return None;
        }
        let digit = |c: u8| (c as char).to_digit(16).map(|d| d as u8);
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }

    pub fn to_hex(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The key for one purpose (HKDF-SHA-256, RFC 5869).
    pub fn derive(&self, purpose: Purpose) -> Key {
        let label: &[u8] = match purpose {
            Purpose::Link => b"cinepost link 1",
            Purpose::Access => b"cinepost access 1",
            Purpose::Session => b"cinepost session 1",
            Purpose::Form => b"cinepost form 1",
            Purpose::Share => b"cinepost share 1",
        };
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, &self.0).expand(label, &mut key).expect("32 bytes is a valid HKDF length");
        Key(key)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_round_trips_and_garbage_is_refused() {
        let key = SecretKey::from_bytes([0xa7; 32]);
        assert_eq!(SecretKey::from_hex(&key.to_hex()).map(|k| k.0), Some([0xa7; 32]));
        for bad in ["", "abc", &"g".repeat(64), &"a".repeat(63), &"é".repeat(32)] {
            assert!(SecretKey::from_hex(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn purposes_do_not_share_a_key() {
        let key = SecretKey::from_bytes([1; 32]);
        assert_ne!(key.derive(Purpose::Link).0, key.derive(Purpose::Access).0);
        assert_eq!(format!("{key:?} {:?}", key.derive(Purpose::Link)), "*** ***");
    }
}
