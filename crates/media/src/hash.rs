//! OpenSubtitles' hash: by it subtitles are found that were made for exactly this file.

/// How many bytes of each end of the file go into the hash.
pub const HASH_BLOCK_BYTES: u64 = 64 * 1024;

/// The file's size and the sum of its first and last 64 KiB as little-endian 64-bit numbers, wrapping. Written as 16 hex digits.
///
/// `None` for a file shorter than 64 KiB, which has no hash, and when `first` or `last` is not exactly that long.
pub fn opensubtitles_hash(size: u64, first: &[u8], last: &[u8]) -> Option<u64> {
    let block = HASH_BLOCK_BYTES as usize;
    (size >= HASH_BLOCK_BYTES && first.len() == block && last.len() == block).then(|| {
        let numbers = first.chunks_exact(8).chain(last.chunks_exact(8));
        numbers.fold(size, |sum, eight| sum.wrapping_add(u64::from_le_bytes(eight.try_into().expect("eight bytes"))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_sum_of_both_ends_and_the_size() {
        let zeros = vec![0; 65536];
        let ones = vec![0xff; 65536];
        let mut one = zeros.clone();
        one[8] = 1;
        one[15] = 2;
        assert_eq!(opensubtitles_hash(65536, &zeros, &zeros), Some(65536));
        assert_eq!(opensubtitles_hash(700_000, &one, &zeros), Some(700_000 + (2 << 56) + 1));
        // Each of the 16,384 numbers is -1.
        assert_eq!(opensubtitles_hash(700_000, &ones, &ones), Some(700_000 - 16_384));
        assert_eq!(opensubtitles_hash(65535, &zeros[1..], &zeros[1..]), None);
        assert_eq!(opensubtitles_hash(65536, &zeros[1..], &zeros), None);
    }
}
