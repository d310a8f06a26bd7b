//! What was read of a track, as it is kept: JSON, deflated. Some 30 KiB for a film's lines.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::Compression;
use flate2::read::{ZlibDecoder, ZlibEncoder};
use serde::{Deserialize, Serialize};

use crate::domain::entry::EntryId;

/// A line as it stands in the film.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub start_ns: u64,
    pub duration_ns: Option<u64>,
    pub payload: Vec<u8>,
}

/// A track as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The [`media::VERSION`] that said where the lines stand.
    pub by: u16,
    /// Nothing is missing that can be had.
    pub is_whole: bool,
    /// The codec's private data: the script of ASS up to its events.
    pub script: Vec<u8>,
    /// By where they stand.
    pub lines: BTreeMap<u64, Line>,
}

/// What it is kept under.
pub(super) fn name(film: EntryId, track: u64) -> String {
    format!("{film}-{track}")
}

/// No track has so much, deflated or not.
const MOST_BYTES: u64 = 256 << 20;

impl Kept {
    pub fn to_bytes(&self) -> Vec<u8> {
        let text = serde_json::to_vec(self).unwrap_or_default();
        let mut bytes = Vec::new();
        // Reading from memory does not fail.
        let _ = ZlibEncoder::new(&text[..], Compression::fast()).read_to_end(&mut bytes);
        bytes
    }

    /// `None` for what a reader of another version found, and for what is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut text = Vec::new();
        ZlibDecoder::new(bytes).take(MOST_BYTES).read_to_end(&mut text).ok()?;
        let kept: Self = serde_json::from_slice(&text).ok()?;
        (kept.by == media::VERSION).then_some(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_and_nothing_else_is() {
        let line = Line { start_ns: 5, duration_ns: None, payload: b"H\xc3\xa4 \xff".to_vec() };
        let kept = Kept { by: media::VERSION, is_whole: true, script: vec![1], lines: [(77, line)].into() };
        let bytes = kept.to_bytes();
        assert_eq!(Kept::from_bytes(&bytes), Some(kept.clone()));
        assert_eq!(Kept::from_bytes(&Kept { by: media::VERSION - 1, ..kept }.to_bytes()), None);
        assert_eq!(Kept::from_bytes(&bytes[..bytes.len() / 2]), None);
        assert_eq!(Kept::from_bytes(b"x"), None);
    }
}
