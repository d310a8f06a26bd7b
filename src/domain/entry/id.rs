//! An entry's id: the same for every account and every forward of the file.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::post::DocumentId;

const BYTES: usize = 12;
const TEXT_LEN: usize = 17;

/// An entry's name: 96 bits of SHA-256 over its documents' ids. The same for every account and every forward of the
/// file, so a catalog built anew gives the same ids and the same file posted twice is one entry.
///
/// Written as 17 base62 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId([u8; BYTES]);

impl EntryId {
    /// `documents` in reading order; never empty.
    pub fn from_documents(documents: &[DocumentId]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"cinepost entry 1");
        for document in documents {
            hash.update(document.0.to_be_bytes());
        }
        Self::from_bytes(hash.finalize()[..BYTES].try_into().expect("a SHA-256 has 32 bytes"))
    }

    /// A file inside an archive, by its name there. `documents`: the archive's, in order.
    pub fn from_member(documents: &[DocumentId], member: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"cinepost member 1");
        hash.update((documents.len() as u64).to_be_bytes());
        for document in documents {
            hash.update(document.0.to_be_bytes());
        }
        hash.update(member.as_bytes());
        Self::from_bytes(hash.finalize()[..BYTES].try_into().expect("a SHA-256 has 32 bytes"))
    }

    pub fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    pub fn to_bytes(self) -> [u8; BYTES] {
        self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0.iter().fold(0u128, |n, &b| n << 8 | u128::from(b));
        write!(f, "{:0>TEXT_LEN$}", base62::encode(number))
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({self})")
    }
}

impl FromStr for EntryId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an entry id");
        if text.len() != TEXT_LEN {
            return Err(wrong());
        }
        let number = base62::decode(text).map_err(|_| wrong())?;
        // 62^17 is a little over 2^96: what lies above is not an id.
        if number >> (8 * BYTES) != 0 {
            return Err(wrong());
        }
        Ok(Self(number.to_be_bytes()[16 - BYTES..].try_into().expect("12 of 16 bytes")))
    }
}

impl TryFrom<String> for EntryId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> String {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_documents_and_round_trip_as_text() {
        let a = EntryId::from_documents(&[DocumentId(7_000_000_000_001)]);
        assert_eq!(a, EntryId::from_documents(&[DocumentId(7_000_000_000_001)]));
        assert_ne!(a, EntryId::from_documents(&[DocumentId(7_000_000_000_002)]));
        for id in [a, EntryId([0; 12]), EntryId([0xff; 12])] {
            assert_eq!(id.to_string().len(), 17);
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn the_text_of_an_id_never_changes() {
        // Written down: links, addresses and watch progress in people's apps name entries by it.
        for (bytes, text) in [
            ([0; 12], "00000000000000000"),
            ([0xff; 12], "1f2SI9UJPXvb7vdJ1"),
            (*b"\x93\x01abcdefghi\xff", "0xAVMxfgAEuCPp2ER"),
        ] {
            assert_eq!(EntryId(bytes).to_string(), text);
        }
    }

    #[test]
    fn members_have_ids_of_their_own() {
        let [a, b] = [DocumentId(1), DocumentId(2)];
        let ids = [
            EntryId::from_documents(&[a]),
            EntryId::from_documents(&[a, b]),
            EntryId::from_member(&[a], "film.mkv"),
            EntryId::from_member(&[a], "other.mkv"),
            EntryId::from_member(&[a, b], "film.mkv"),
        ];
        for (n, id) in ids.iter().enumerate() {
            assert!(!ids[..n].contains(id));
        }
        assert_eq!(ids[2], EntryId::from_member(&[a], "film.mkv"));
    }

    #[test]
    fn other_text_is_not_an_id() {
        for bad in [
            "",
            "zzzzzzzzzzzzzzzzz",
            "0000000000000000",
            "000000000000000000",
            "0000000000000000é",
            "0000000000000000-",
        ] {
            assert!(bad.parse::<EntryId>().is_err(), "{bad}");
        }
    }
}
