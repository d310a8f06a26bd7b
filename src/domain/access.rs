//! What proves who somebody is: access tokens in install links, secrets that are given out once (one-time links, sessions'
//! cookies), and what forms carry.
//!
//! Access tokens and form tokens are not stored. Each carries a MAC, so it can be made again at any time to be shown, and any
//! instance can check it. Of a secret that was given out only the hash is stored, so that it can be ended:
//!
//! ```text
//! access token   base62( [person, 4 bytes][access version, 2][HMAC-SHA-256, 16] )
//! form token     base62( HMAC-SHA-256 of the session's id, 16 bytes )
//! given secret   base62( 32 random bytes )
//! ```

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::link::ALPHABET;
use super::person::PersonId;
use super::secret::Key;

/// 128 bits of the MAC: nobody guesses them, and the install link stays short enough to be typed on a TV.
const MAC: usize = 16;
const SECRET: usize = 32;

/// Whose token it is. It counts only while the person's access version is still this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    pub person: PersonId,
    pub version: u16,
}

impl Access {
    /// The token of an install link. `key` is the one for [`Purpose::Access`](super::secret::Purpose::Access).
    pub fn token(&self, key: &Key) -> String {
        seal(&self.to_bytes(), key)
    }

    /// `None` when the token was not made under this key.
    pub fn open(token: &str, key: &Key) -> Option<Self> {
        open::<6>(token, key).map(|bytes| Self::from_bytes(&bytes))
    }

    fn to_bytes(self) -> [u8; 6] {
        let (p, v) = (self.person.0.to_be_bytes(), self.version.to_be_bytes());
        [p[0], p[1], p[2], p[3], v[0], v[1]]
    }

    fn from_bytes([p0, p1, p2, p3, v0, v1]: &[u8; 6]) -> Self {
        let person = PersonId(u32::from_be_bytes([*p0, *p1, *p2, *p3]));
        Self { person, version: u16::from_be_bytes([*v0, *v1]) }
    }
}

/// What a session's forms carry, so that no other site can send them: a page of another origin cannot read it. `session` is
/// the session's id, `key` the one for [`Purpose::Form`](super::secret::Purpose::Form).
pub fn form_token(session: &SecretHash, key: &Key) -> String {
    base_x::encode(ALPHABET, &mac(&session.0, key))
}

/// Whether a form came with its session's token.
pub fn is_form_token(text: &str, session: &SecretHash, key: &Key) -> bool {
    decode::<MAC>(text).is_some_and(|given| bool::from(mac(&session.0, key).ct_eq(&given)))
}

/// Random bytes that are given out once, in a one-time link or a cookie. Whoever holds the text may enter; we keep its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretToken([u8; SECRET]);

impl SecretToken {
    pub fn from_random(bytes: [u8; SECRET]) -> Self {
        Self(bytes)
    }

    pub fn text(&self) -> String {
        base_x::encode(ALPHABET, &self.0)
    }

    pub fn parse(text: &str) -> Option<Self> {
        decode(text).map(Self)
    }

    /// What the store keeps. A plain hash is enough: 256 random bits cannot be searched.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0).into())
    }
}

/// The SHA-256 of a [`SecretToken`]: the id of a session, or of a one-time link. It opens nothing. Written as 64 hexadecimal
/// digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl fmt::Display for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash has 64 hexadecimal digits")]
pub struct NotAHash;

impl FromStr for SecretHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digits = text.as_bytes();
        let mut hash = [0; 32];
        if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(NotAHash);
        }
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAHash)?;
        }
        Ok(Self(hash))
    }
}

fn seal(fields: &[u8], key: &Key) -> String {
    base_x::encode(ALPHABET, &[fields, &mac(fields, key)].concat())
}

/// The `N` bytes that were sealed. Compares in constant time, so that answers do not tell how much of a guess was right.
fn open<const N: usize>(text: &str, key: &Key) -> Option<[u8; N]> {
    let bytes = decode_up_to(text, N + MAC)?;
    let (fields, given) = bytes.split_first_chunk::<N>()?;
    bool::from(mac(fields, key).ct_eq(given)).then_some(*fields)
}

fn mac(fields: &[u8], key: &Key) -> [u8; MAC] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes keys of any length");
    mac.update(fields);
    mac.finalize().into_bytes()[..MAC].try_into().expect("SHA-256 has 32 bytes")
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode_up_to(text, N)?.try_into().ok()
}

/// Exactly `len` bytes of base62. Longer text is not even decoded, which would cost time in the square of its length.
fn decode_up_to(text: &str, len: usize) -> Option<Vec<u8>> {
    // base62 takes 8 / log2(62) = 1.344 digits for a byte.
    if text.len() > (len * 1344).div_ceil(1000) || !text.bytes().all(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    base_x::decode(ALPHABET, text).ok().filter(|bytes| bytes.len() == len)
}

#[cfg(test)]
mod tests {
    use super::super::secret::{Purpose, SecretKey};
    use super::*;

    fn key(purpose: Purpose) -> Key {
        SecretKey::from_bytes([7; 32]).derive(purpose)
    }

    #[test]
    fn a_token_is_the_same_every_time_and_opens_to_what_it_was_made_of() {
        let key = key(Purpose::Access);
        for (person, version) in [(1, 1), (0, 0), (u32::MAX, u16::MAX)] {
            let access = Access { person: PersonId(person), version };
            let token = access.token(&key);
            assert_eq!(token, access.token(&key));
            assert_eq!(Access::open(&token, &key), Some(access));
        }
    }

    #[test]
    fn no_other_text_opens() {
        let key = key(Purpose::Access);
        let token = Access { person: PersonId::OWNER, version: 1 }.token(&key);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert_eq!(Access::open(&changed, &key), None, "{changed}");
        }
        let other = SecretKey::from_bytes([8; 32]).derive(Purpose::Access);
        assert_eq!(Access::open(&token, &other), None, "another SECRET_KEY");
        let secret = SecretToken::from_random([7; 32]).text();
        for bad in
            ["", "0", &token[1..], &format!("0{token}"), &format!("{token}0"), &secret, "é", &"z".repeat(100_000)]
        {
            assert_eq!(Access::open(bad, &key), None, "{bad}");
        }
    }

    #[test]
    fn a_form_token_is_of_one_session() {
        let key = key(Purpose::Form);
        let session = SecretHash([1; 32]);
        let token = form_token(&session, &key);
        assert!(is_form_token(&token, &session, &key));
        assert!(!is_form_token(&token, &SecretHash([2; 32]), &key), "another session");
        assert!(!is_form_token(&token, &session, &self::key(Purpose::Access)), "another key");
        for bad in ["", "0", &token[1..], &format!("{token}0"), "é", &"z".repeat(100_000)] {
            assert!(!is_form_token(bad, &session, &key), "{bad}");
        }
    }

    #[test]
    fn secrets_round_trip_and_are_kept_as_their_hash() {
        for bytes in [[0; 32], [0xff; 32], [0xa5; 32]] {
            let secret = SecretToken::from_random(bytes);
            assert!(SecretToken::parse(&secret.text()).is_some_and(|parsed| parsed == secret));
            assert_ne!(secret.hash().0, bytes);
        }
        for bad in ["", "short", &"z".repeat(43), &"z".repeat(44), "é"] {
            assert!(SecretToken::parse(bad).is_none(), "{bad}");
        }
    }
    #[test]
    fn hashes_round_trip_as_text() {
        let hash = SecretHash([0xa5; 32]);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for bad in ["", "a5", &"g".repeat(64), &"a".repeat(65), &format!("+{}", "a".repeat(63)), &"é".repeat(32)] {
            assert_eq!(bad.parse::<SecretHash>(), Err(NotAHash), "{bad}");
        }
    }
}
