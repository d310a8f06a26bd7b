//! The sealed link of a file, and the proof that its password was given.
//!
//! ```text
//! link       base62( AES-256-GCM-SIV of [file, 8 bytes][terms version, 2] )                     /d/{link}
//! unlocked   base62( [until, 8 bytes][HMAC-SHA-256 over link, password and until, 16] )         ?key={unlocked}
//! ```
//!
//! A link holds no person: whoever has it may open it. It is the same text every time, as play links are, so that players find
//! their position again; the version in it is how it is ended. The proof is made after the password was right and counts for this
//! password alone.

use aes_gcm_siv::aead::{Aead, KeyInit};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{FileId, Password};
use crate::domain::link::ALPHABET;
use crate::domain::secret::Key;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareLink {
    pub file: FileId,
    /// The file's [`Terms::version`](super::Terms::version) when it was made.
    pub version: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this link was not made here")]
pub struct ShareLinkError;

const PACKED: usize = 8 + 2;
const TAG: usize = 16;
/// base62 takes 8 / log2(62) = 1.344 digits for a byte. Longer text is not even decoded.
const MAX_TEXT: usize = ((PACKED + TAG) * 1344).div_ceil(1000);

impl ShareLink {
    /// `key` is the one for [`Purpose::Share`](crate::domain::secret::Purpose::Share), as everywhere here.
    pub fn seal(&self, key: &Key) -> String {
        let sealed = cipher(key).encrypt(&Nonce::default(), &self.packed()[..]).expect("ten bytes can be sealed");
        base_x::encode(ALPHABET, &sealed)
    }

    pub fn open(text: &str, key: &Key) -> Result<Self, ShareLinkError> {
        if text.len() > MAX_TEXT || !text.bytes().all(|c| c.is_ascii_alphanumeric()) {
            return Err(ShareLinkError);
        }
        let sealed = base_x::decode(ALPHABET, text).map_err(|_| ShareLinkError)?;
        let packed = cipher(key).decrypt(&Nonce::default(), sealed.as_slice()).map_err(|_| ShareLinkError)?;
        let packed: [u8; PACKED] = packed.try_into().map_err(|_| ShareLinkError)?;
        let [f0, f1, f2, f3, f4, f5, f6, f7, v0, v1] = packed;
        let file = FileId(i64::from_be_bytes([f0, f1, f2, f3, f4, f5, f6, f7]));
        Ok(Self { file, version: u16::from_be_bytes([v0, v1]) })
    }

    fn packed(&self) -> [u8; PACKED] {
        let mut packed = [0; PACKED];
        packed[..8].copy_from_slice(&self.file.0.to_be_bytes());
        packed[8..].copy_from_slice(&self.version.to_be_bytes());
        packed
    }
}

/// What proves for a while that the password of a link was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unlocked {
    pub link: ShareLink,
    /// Unix seconds.
    pub until: i64,
}

const MAC: usize = 16;

impl Unlocked {
    pub fn text(&self, password: &Password, key: &Key) -> String {
        let mut bytes = self.until.to_be_bytes().to_vec();
        bytes.extend(self.mac(password, key));
        base_x::encode(ALPHABET, &bytes)
    }

    /// Whether `text` unlocks the link at `now`.
    pub fn is_proof(text: &str, link: ShareLink, password: &Password, key: &Key, now: i64) -> bool {
        let longest = ((8 + MAC) * 1344).div_ceil(1000);
        if text.len() > longest || !text.bytes().all(|c| c.is_ascii_alphanumeric()) {
            return false;
        }
        let Ok(bytes) = base_x::decode(ALPHABET, text) else { return false };
        let Some((until, mac)) = bytes.split_first_chunk::<8>() else { return false };
        let until = i64::from_be_bytes(*until);
        now < until && bool::from(Self { link, until }.mac(password, key)[..].ct_eq(mac))
    }

    fn mac(&self, password: &Password, key: &Key) -> [u8; MAC] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes keys of any length");
        mac.update(b"unlocked");
        mac.update(&self.link.packed());
        mac.update(&self.until.to_be_bytes());
        mac.update(password.hash().as_bytes());
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        whole.first_chunk().copied().unwrap_or_default()
    }
}

fn cipher(key: &Key) -> Aes256GcmSiv {
    Aes256GcmSiv::new(&key.0.into())
}
