//! Links: what a play URL names, sealed so that it cannot be read, guessed or forged.
//!
//! ```text
//! Link -> packed -> deflated where that shortens it -> AES-256-GCM-SIV -> base62
//!
//! packed   [flags][entry id, 12 bytes][person][access version][expires, if flagged]     numbers as LEB128
//! ```
//!
//! The nonce is always the same. GCM-SIV is made for that (RFC 8452): it derives its own starting point from the content, so
//! what one gives away with a repeated nonce is only that two links are equal. Equal is what they have to be: players
//! remember a film's position by its URL, so the same entry for the same person must have the same text every time.

use std::io::Read;

use aes_gcm_siv::aead::{Aead, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::entry::EntryId;
use super::person::PersonId;
use super::rendition::Rendition;
use super::secret::Key;

/// What a play URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    pub entry: EntryId,
    /// The person it was made for.
    pub person: PersonId,
    /// Their access version at that time; a link of an older one is dead.
    pub version: u16,
    /// Unix seconds from which on it is dead. Links in Stremio have no end.
    pub expires: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("this link was not made here")]
    Forged,
    #[error("this link has expired")]
    Expired,
}

/// base62, digits first.
pub(super) const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Flags, entry id, and the three numbers at their longest.
const MAX_PACKED: usize = 1 + 12 + 5 + 3 + 10;
const TAG: usize = 16;
/// Digits of the longest link: base62 takes 8 / log2(62) = 1.344 digits for a byte. Longer text is not even decoded,
/// which would cost time in the square of its length.
const MAX_TEXT: usize = ((MAX_PACKED + TAG) * 1344).div_ceil(1000);

/// What RFC 3986 calls unreserved stays readable.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const DEFLATED: u8 = 1;
const EXPIRES: u8 = 2;

impl Link {
    /// Seals it. The same link gives the same text every time. `key` is the one for [`Purpose::Link`].
    ///
    /// [`Purpose::Link`]: super::secret::Purpose::Link
    pub fn seal(&self, key: &Key) -> String {
        let mut fields = self.entry.to_bytes().to_vec();
        put_number(&mut fields, u64::from(self.person.0));
        put_number(&mut fields, u64::from(self.version));
        if let Some(expires) = self.expires {
            put_number(&mut fields, expires);
        }
        let mut flags = if self.expires.is_some() { EXPIRES } else { 0 };
        let mut deflated = Vec::new();
        let squeezed = DeflateEncoder::new(fields.as_slice(), Compression::best()).read_to_end(&mut deflated);
        if squeezed.is_ok() && deflated.len() < fields.len() {
            flags |= DEFLATED;
            fields = deflated;
        }
        fields.insert(0, flags);
        let sealed =
            cipher(key).encrypt(&Nonce::default(), fields.as_slice()).expect("a link is far shorter than 64 GiB");
        base_x::encode(ALPHABET, &sealed)
    }

    /// Opens what [`Link::seal`] made under the same key; `now` in unix seconds.
    pub fn open(text: &str, key: &Key, now: u64) -> Result<Self, LinkError> {
        if text.len() > MAX_TEXT || !text.bytes().all(|c| c.is_ascii_alphanumeric()) {
            return Err(LinkError::Forged);
        }
        let sealed = base_x::decode(ALPHABET, text).map_err(|_| LinkError::Forged)?;
        let packed = cipher(key).decrypt(&Nonce::default(), sealed.as_slice()).map_err(|_| LinkError::Forged)?;
        let link = Self::unpack(&packed).ok_or(LinkError::Forged)?;
        match link.expires {
            Some(end) if end <= now => Err(LinkError::Expired),
            _ => Ok(link),
        }
    }

    fn unpack(packed: &[u8]) -> Option<Self> {
        let (flags, fields) = packed.split_first()?;
        let mut inflated = Vec::new();
        let mut rest = fields;
        if flags & DEFLATED != 0 {
            DeflateDecoder::new(fields).take(MAX_PACKED as u64).read_to_end(&mut inflated).ok()?;
            rest = &inflated;
        }
        let (entry, mut rest) = rest.split_first_chunk()?;
        let link = Self {
            entry: EntryId::from_bytes(*entry),
            person: PersonId(take_number(&mut rest)?.try_into().ok()?),
            version: take_number(&mut rest)?.try_into().ok()?,
            expires: if flags & EXPIRES != 0 { Some(take_number(&mut rest)?) } else { None },
        };
        rest.is_empty().then_some(link)
    }

    /// The path of a quality that Telegram made of the file, by its video's document; without one, of the playlist of all of them.
    pub fn rendition_path(&self, key: &Key, rendition: Option<&Rendition>) -> String {
        let link = self.seal(key);
        match rendition {
            Some(rendition) => format!("/renditions/{link}/{}/film.mp4", rendition.video.document.0),
            None => format!("/renditions/{link}/film.m3u8"),
        }
    }

    /// The path of its play URL: `/dl/{link}/{file name}`. The name is for people and players, which go by its
    /// extension; only the link is looked at.
    pub fn path(&self, key: &Key, file_name: &str) -> String {
        self.path_under("dl", key, file_name)
    }

    /// The path of subtitles, which are written anew as the name's extension says: `/sub/{link}/{file name}`.
    pub fn subtitles_path(&self, key: &Key, file_name: &str) -> String {
        self.path_under("sub", key, file_name)
    }

    /// The path of subtitles inside the file, by their track's number there: `/sub/{link}/{track}/{file name}`.
    pub fn track_path(&self, key: &Key, track: u64, file_name: &str) -> String {
        let link = self.seal(key);
        format!("/sub/{link}/{track}/{}", utf8_percent_encode(file_name, NAME))
    }

    fn path_under(&self, root: &str, key: &Key, file_name: &str) -> String {
        let link = self.seal(key);
        match file_name {
            // As the last part of a path these two mean something else.
            "" | "." | ".." => format!("/{root}/{link}"),
            name => format!("/{root}/{link}/{}", utf8_percent_encode(name, NAME)),
        }
    }
}

fn cipher(key: &Key) -> Aes256GcmSiv {
    Aes256GcmSiv::new(&key.0.into())
}

/// Little-endian groups of seven bits, the top bit set on all but the last.
fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn take_number(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = from.split_first()?;
        *from = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::secret::{Purpose, SecretKey};

    fn key(byte: u8) -> Key {
        SecretKey::from_bytes([byte; 32]).derive(Purpose::Link)
    }

    fn film() -> Link {
        Link {
            entry: EntryId::from_bytes(*b"\x93\x01abcdefghi\xff"),
            person: PersonId::OWNER,
            version: 1,
            expires: None,
        }
    }

    #[test]
    fn the_same_link_has_the_same_text_for_ever() {
        // Written down: a change of the format would end every link in people's apps.
        let text = film().seal(&key(7));
        assert_eq!(text, film().seal(&key(7)));
        assert_eq!(text, "5jP4SL9vhMUCImlvev2rfJytXutYuishuwSNDZN4t2");
        assert_eq!(Link::open(&text, &key(7), 0), Ok(film()));
    }

    #[test]
    fn an_end_is_kept_to_the_second() {
        let link = Link { expires: Some(1000), ..film() };
        let text = link.seal(&key(7));
        assert_eq!(Link::open(&text, &key(7), 999), Ok(link));
        assert_eq!(Link::open(&text, &key(7), 1000), Err(LinkError::Expired));
        assert_eq!(Link::open(&text, &key(8), 1000), Err(LinkError::Forged));
    }

    #[test]
    fn every_change_of_one_character_is_noticed() {
        let text = film().seal(&key(7));
        for at in 0..text.len() {
            for other in ALPHABET.chars().chain(['-', '%', '/']) {
                let mut changed: Vec<char> = text.chars().collect();
                if changed[at] == other {
                    continue;
                }
                changed[at] = other;
                let changed: String = changed.into_iter().collect();
                assert_eq!(Link::open(&changed, &key(7), 0), Err(LinkError::Forged), "{changed}");
            }
            assert_eq!(Link::open(&text[..at], &key(7), 0), Err(LinkError::Forged));
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let sealed = base_x::decode(ALPHABET, &film().seal(&key(7))).expect("base62");
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                Link::open(&base_x::encode(ALPHABET, &changed), &key(7), 0),
                Err(LinkError::Forged),
                "bit {bit}"
            );
        }
    }

    #[test]
    fn other_text_is_forged() {
        let long = "A".repeat(1_000_000);
        let padded = format!("0{}", film().seal(&key(7)));
        for text in ["", "0", "é", "-", " ", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &long, &padded] {
            assert_eq!(Link::open(text, &key(7), 0), Err(LinkError::Forged));
        }
        // Sealed by us, and still not a link: too short, too long, a number that does not fit.
        for packed in [
            &b""[..],
            b"\0",
            b"\0abcdefghijkl\x01",
            b"\0abcdefghijkl\x01\x01\x01",
            b"\0abcdefghijkl\x01\xff\xff\x7f",
            b"\x01nonsense",
        ] {
            let sealed = cipher(&key(7)).encrypt(&Nonce::default(), packed).expect("short");
            let text = base_x::encode(ALPHABET, &sealed);
            assert_eq!(Link::open(&text, &key(7), 0), Err(LinkError::Forged), "{packed:?}");
        }
    }

    #[test]
    fn the_longest_link_is_within_the_cap_and_repetition_is_squeezed() {
        let link = Link { entry: film().entry, person: PersonId(u32::MAX), version: u16::MAX, expires: Some(u64::MAX) };
        let text = link.seal(&key(7));
        assert!(text.len() <= MAX_TEXT, "{} digits", text.len());
        assert_eq!(Link::open(&text, &key(7), 0), Ok(link));
        let zeros = Link { entry: EntryId::from_bytes([0; 12]), ..film() };
        assert!(zeros.seal(&key(7)).len() < film().seal(&key(7)).len());
        assert_eq!(Link::open(&zeros.seal(&key(7)), &key(7), 0), Ok(zeros));
    }

    #[test]
    fn paths_hold_any_name() {
        let link = film().seal(&key(7));
        let cases = [
            ("Night 1968.mkv", "Night%201968.mkv"),
            ("100% é/..\\\".mp4", "100%25%20%C3%A9%2F..%5C%22.mp4"),
            ("a?b#c", "a%3Fb%23c"),
        ];
        for (name, wanted) in cases {
            assert_eq!(film().path(&key(7), name), format!("/dl/{link}/{wanted}"));
        }
        for name in ["", ".", ".."] {
            assert_eq!(film().path(&key(7), name), format!("/dl/{link}"));
        }
    }

    proptest! {
        #[test]
        fn links_round_trip(entry in any::<[u8; 12]>(), person in any::<u32>(), version in any::<u16>(), expires in any::<Option<u64>>()) {
            let link = Link { entry: EntryId::from_bytes(entry), person: PersonId(person), version, expires };
            let text = link.seal(&key(1));
            prop_assert!(text.len() <= MAX_TEXT);
            prop_assert_eq!(Link::open(&text, &key(2), 0), Err(LinkError::Forged));
            let wanted = if expires == Some(0) { Err(LinkError::Expired) } else { Ok(link) };
            prop_assert_eq!(Link::open(&text, &key(1), 0), wanted);
        }

        #[test]
        fn any_text_is_refused(text in "\\PC{0,80}") {
            prop_assert_eq!(Link::open(&text, &key(1), 0), Err(LinkError::Forged));
        }

        #[test]
        fn any_base62_is_refused(text in "[0-9A-Za-z]{0,64}") {
            prop_assert_eq!(Link::open(&text, &key(1), 0), Err(LinkError::Forged));
        }
    }
}
