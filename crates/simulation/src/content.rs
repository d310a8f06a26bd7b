//! The bytes of generated documents: computed from the document's id and the offset, so a film of 4 GiB costs no disk
//! and any range of it can be checked by whoever knows the id.
//!
//! ```text
//! byte(document, n) = tile[(n + shift(document, n / 1 MiB)) mod 1 MiB]
//! ```
//!
//! The tile is 1 MiB of SplitMix64, turned by another shift in each MiB of each document: filling is copying, and a chunk
//! that is shifted, repeated, missing or of another document differs in nearly every byte.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

const PAGE_BYTES: u64 = 1024 * 1024;

static TILE: LazyLock<Box<[u8]>> = LazyLock::new(|| {
    let word = |n: u64| split_mix(0x4369_6e65_706f_7374 ^ n.wrapping_mul(GOLDEN));
    (0..PAGE_BYTES / 8).flat_map(|n| word(n).to_le_bytes()).collect()
});

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// One step of SplitMix64 (Steele, Lea, Flood 2014): a good 64-bit mix of any number.
pub(super) fn split_mix(n: u64) -> u64 {
    let n = n.wrapping_add(GOLDEN);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// Where in the tile the byte at `offset` is.
fn place(document: i64, offset: u64) -> usize {
    let shift = split_mix(split_mix(document as u64) ^ (offset / PAGE_BYTES));
    (offset.wrapping_add(shift) % PAGE_BYTES) as usize
}

/// The byte at `offset` of a generated document. The document's size is not known here: past its end there is nothing.
pub fn byte_at(document: i64, offset: u64) -> u8 {
    TILE[place(document, offset)]
}

/// Fills `buf` with a generated document's bytes from `offset` on.
pub fn fill(document: i64, mut offset: u64, mut buf: &mut [u8]) {
    while !buf.is_empty() {
        let tile = &TILE[place(document, offset)..];
        let in_page = (PAGE_BYTES - offset % PAGE_BYTES) as usize;
        let run = buf.len().min(in_page).min(tile.len());
        let (now, later) = buf.split_at_mut(run);
        now.copy_from_slice(&tile[..run]);
        offset += run as u64;
        buf = later;
    }
}

/// The SHA-256 of `len` bytes of a generated document from `offset` on, in hexadecimal. Takes about 1 s per GiB.
pub fn sha256(document: i64, offset: u64, len: u64) -> String {
    let mut hash = Sha256::new();
    let mut buf = vec![0; PAGE_BYTES.min(len) as usize];
    let mut done = 0;
    while done < len {
        let now = (len - done).min(PAGE_BYTES) as usize;
        fill(document, offset + done, &mut buf[..now]);
        hash.update(&buf[..now]);
        done += now as u64;
    }
    hex(&hash.finalize())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filling_agrees_with_single_bytes_at_every_kind_of_edge() {
        for (offset, len) in [
            (0, 0),
            (0, 1),
            (0, 8),
            (3, 4),
            (5, 30),
            (7, 1),
            (PAGE_BYTES - 3, 7),
            (PAGE_BYTES - 8, 16),
            (4 * PAGE_BYTES - 4096, 8192),
            (4_294_967_296, 4096),
        ] {
            let mut buf = vec![0; len];
            fill(7_000_000_000_001, offset, &mut buf);
            let wanted: Vec<u8> = (offset..).take(len).map(|n| byte_at(7_000_000_000_001, n)).collect();
            assert!(buf == wanted, "{len} bytes from {offset}");
        }
    }

    #[test]
    fn a_chunk_of_another_place_or_document_is_never_taken_for_the_right_one() {
        let read = |document, offset| {
            let mut buf = [0; 4096];
            fill(document, offset, &mut buf);
            buf
        };
        let right = read(1, 8192);
        for wrong in [read(1, 4096), read(1, 8192 + PAGE_BYTES), read(2, 8192), read(1, 8193)] {
            let same = right.iter().zip(&wrong).filter(|(a, b)| a == b).count();
            assert!(same < 100, "{same} of 4096 bytes are the same");
        }
    }

    #[test]
    fn these_bytes_never_change() {
        // Catalogs, benchmarks and other programs hold on to them.
        assert_eq!(std::array::from_fn(|n| byte_at(7_000_000_000_001, n as u64)), PINNED);
        assert_eq!(sha256(7_000_000_000_001, 0, 3), hex(&Sha256::digest(&PINNED[..3])));
    }

    /// Computed from the formula in docs/simulation.md by another program.
    const PINNED: [u8; 8] = [0x73, 0xfc, 0x1f, 0xd7, 0xee, 0x9e, 0x7e, 0x11];
}
