//! What documents are made of. A generated document has no bytes anywhere: the byte at any offset is computed, so a 4 GiB
//! film costs nothing and any range of it can be checked.
//!
//! ```text
//! the file, in pages of 4 KiB:   word w of page p  =  TILE[p % 256][w] ^ mix(document, p)
//! TILE: 1 MiB of SplitMix64 words, the same for all documents
//! ```

use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};

const PAGE: usize = 4096;
const WORDS: usize = PAGE / 8;
const TILE_PAGES: usize = 256;

static TILE: LazyLock<Vec<[u64; WORDS]>> = LazyLock::new(|| {
    let mut state = 0x0c1e_9057_0000_0001;
    (0..TILE_PAGES).map(|_| std::array::from_fn(|_| split_mix(&mut state))).collect()
});

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Where a document's bytes come from.
#[derive(Clone, Debug)]
pub enum Content {
    /// Computed from the document's id and the offset.
    Generated {
        document: i64,
        size: u64,
    },
    Real(Arc<[u8]>),
}

impl Content {
    pub fn size(&self) -> u64 {
        match self {
            Self::Generated { size, .. } => *size,
            Self::Real(bytes) => bytes.len() as u64,
        }
    }

    /// Appends the bytes from `offset`, `length` of them or as many as there are.
    pub fn read(&self, offset: u64, length: usize, into: &mut Vec<u8>) {
        let length = self.size().saturating_sub(offset).min(length as u64) as usize;
        match self {
            Self::Generated { document, .. } => {
                let at = into.len();
                into.resize(at + length, 0);
                fill(*document, offset, &mut into[at..]);
            }
            Self::Real(bytes) if length > 0 => {
                into.extend_from_slice(&bytes[offset as usize..offset as usize + length])
            }
            Self::Real(_) => {}
        }
    }

    /// SHA-256 of the first `length` bytes, in hexadecimal.
    pub fn sha256(&self, length: u64) -> String {
        let mut hash = Sha256::new();
        let mut piece = Vec::with_capacity(1 << 20);
        let mut offset = 0;
        while offset < length.min(self.size()) {
            piece.clear();
            self.read(offset, (length - offset).min(1 << 20) as usize, &mut piece);
            hash.update(&piece);
            offset += piece.len() as u64;
        }
        hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// The bytes of a generated document from `offset`.
pub fn fill(document: i64, offset: u64, out: &mut [u8]) {
    let mut done = 0;
    while done < out.len() {
        let at = offset + done as u64;
        let (page, inside) = (at / PAGE as u64, (at % PAGE as u64) as usize);
        let piece = (PAGE - inside).min(out.len() - done);
        let target = &mut out[done..done + piece];
        let tile = &TILE[(page % TILE_PAGES as u64) as usize];
        let mask = mask(document, page);
        if inside == 0 && piece == PAGE {
            for (bytes, word) in target.chunks_exact_mut(8).zip(tile) {
                bytes.copy_from_slice(&(word ^ mask).to_le_bytes());
            }
        } else {
            for (n, byte) in target.iter_mut().enumerate() {
                let at = inside + n;
                *byte = (tile[at / 8] ^ mask).to_le_bytes()[at % 8];
            }
        }
        done += piece;
    }
}

/// The byte of a generated document at one offset.
pub fn byte_at(document: i64, offset: u64) -> u8 {
    let mut byte = [0];
    fill(document, offset, &mut byte);
    byte[0]
}

fn mask(document: i64, page: u64) -> u64 {
    let mut state = (document as u64) ^ page.wrapping_mul(0xd6e8_feb8_6659_fd93);
    split_mix(&mut state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_range_is_the_same_bytes() {
        let mut whole = vec![0; 3 * PAGE + 77];
        fill(7, (1 << 32) - 5000, &mut whole);
        for (from, length) in [(0, 1), (1, 4096), (904, 4096), (905, 8192), (4999, 2), (12_000, 365)] {
            let mut part = vec![0; length];
            fill(7, (1 << 32) - 5000 + from as u64, &mut part);
            assert_eq!(part, whole[from..from + length], "{from}+{length}");
        }
    }

    #[test]
    fn documents_and_pages_differ() {
        let page = |document, page: u64| {
            let mut bytes = vec![0; PAGE];
            fill(document, page * PAGE as u64, &mut bytes);
            bytes
        };
        // The second pair is one tile apart: a chunk from the wrong MiB must not look right.
        for (a, b) in [(page(1, 0), page(2, 0)), (page(1, 0), page(1, 256)), (page(1, 0), page(1, 1))] {
            assert_ne!(a, b);
        }
    }

    #[test]
    fn reading_ends_with_the_file() {
        let content = Content::Generated { document: 9, size: 5000 };
        let mut bytes = Vec::new();
        content.read(4096, 4096, &mut bytes);
        assert_eq!(bytes.len(), 904);
        content.read(6000, 10, &mut bytes);
        assert_eq!(bytes.len(), 904);
        assert_eq!(content.sha256(5000), content.sha256(1 << 30));
    }
}
