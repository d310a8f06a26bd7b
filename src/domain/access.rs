//! What proves who somebody is: access tokens in install links, the owner's cookie, and one-time tickets.
//!
//! Tokens and cookies are not stored. Each says whose it is and carries a MAC, so it can be made again at any time to be
//! shown, and any instance can check it:
//!
//! ```text
//! token    base62( [person, 4 bytes][access version, 2][HMAC-SHA-256, 16] )
//! cookie   base62( [person, 4 bytes][access version, 2][end, unix seconds, 8][HMAC-SHA-256, 16] )
//! ```

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::link::ALPHABET;
use super::secret::Key;

/// 128 bits of the MAC: nobody guesses them, and the install link stays short enough to be typed on a TV.
const MAC: usize = 16;
const TICKET: usize = 32;

/// Whose token it is. It counts only while the person's access version is still this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    pub person: u32,
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
        let (p, v) = (self.person.to_be_bytes(), self.version.to_be_bytes());
        [p[0], p[1], p[2], p[3], v[0], v[1]]
    }

    fn from_bytes([p0, p1, p2, p3, v0, v1]: &[u8; 6]) -> Self {
        Self { person: u32::from_be_bytes([*p0, *p1, *p2, *p3]), version: u16::from_be_bytes([*v0, *v1]) }
    }
}

/// A browser that the owner opened with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    pub access: Access,
    /// Unix seconds from which on it is over.
    pub ends: u64,
}

impl Session {
    /// The cookie's value. `key` is the one for [`Purpose::Cookie`](super::secret::Purpose::Cookie).
    pub fn cookie(&self, key: &Key) -> String {
        seal(&[&self.access.to_bytes()[..], &self.ends.to_be_bytes()].concat(), key)
    }

    /// `None` when it was not made under this key, or is over. `now` in unix seconds.
    pub fn open(cookie: &str, key: &Key, now: u64) -> Option<Self> {
        let bytes = open::<14>(cookie, key)?;
        let (access, ends) = bytes.split_first_chunk()?;
        let session = Self { access: Access::from_bytes(access), ends: u64::from_be_bytes(ends.try_into().ok()?) };
        (now < session.ends).then_some(session)
    }
}

/// A one-time ticket, made of random bytes. Whoever holds the text may enter once; we keep its hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket([u8; TICKET]);

impl Ticket {
    pub fn from_random(bytes: [u8; TICKET]) -> Self {
        Self(bytes)
    }

    pub fn text(&self) -> String {
        base_x::encode(ALPHABET, &self.0)
    }

    pub fn parse(text: &str) -> Option<Self> {
        decode(text).map(Self)
    }

    /// What the store keeps. A plain hash will do: 256 random bits cannot be searched.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
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
            let access = Access { person, version };
            let token = access.token(&key);
            assert_eq!(token, access.token(&key));
            assert_eq!(Access::open(&token, &key), Some(access));
        }
    }

    #[test]
    fn no_other_text_opens() {
        let key = key(Purpose::Access);
        let token = Access { person: 1, version: 1 }.token(&key);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(changed).expect("ASCII");
            assert_eq!(Access::open(&changed, &key), None, "{changed}");
        }
        let other = SecretKey::from_bytes([8; 32]).derive(Purpose::Access);
        assert_eq!(Access::open(&token, &other), None, "another SECRET_KEY");
        let cookie = Session { access: Access { person: 1, version: 1 }, ends: 9 }.cookie(&key);
        for bad in
            ["", "0", &token[1..], &format!("0{token}"), &format!("{token}0"), &cookie, "é", &"z".repeat(100_000)]
        {
            assert_eq!(Access::open(bad, &key), None, "{bad}");
        }
    }

    #[test]
    fn a_session_ends() {
        let key = key(Purpose::Cookie);
        let session = Session { access: Access { person: 1, version: 3 }, ends: 1_000 };
        let cookie = session.cookie(&key);
        assert_eq!(Session::open(&cookie, &key, 999), Some(session));
        assert_eq!(Session::open(&cookie, &key, 1_000), None);
        assert_eq!(Session::open(&cookie, &self::key(Purpose::Access), 999), None, "a cookie is no token");
    }

    #[test]
    fn tickets_round_trip_and_are_kept_as_their_hash() {
        for bytes in [[0; 32], [0xff; 32], [0xa5; 32]] {
            let ticket = Ticket::from_random(bytes);
            assert!(Ticket::parse(&ticket.text()).is_some_and(|t| t == ticket));
            assert_ne!(ticket.hash(), bytes);
        }
        for bad in ["", "short", &"z".repeat(43), &"z".repeat(44), "é"] {
            assert!(Ticket::parse(bad).is_none(), "{bad}");
        }
    }
}
