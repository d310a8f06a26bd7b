//! AES-256 in IGE mode, with the processor's own AES instructions where it has them: this is most of what reading a film
//! costs. Each block waits for the one before it, so one message cannot go faster than the instructions' latency:
//!
//! ```text
//! encrypt  c[n] = E(p[n] ^ c[n-1]) ^ p[n-1]
//! decrypt  p[n] = D(c[n] ^ p[n-1]) ^ c[n-1]        iv = c[-1] | p[-1]
//! ```
//!
//! What does not depend on the block before is folded into the first and last round keys, which leaves a single xor
//! between two blocks' rounds. Waiting for them, the processor has room for other work: [`decrypt_hashing`] hashes what was
//! decrypted in between, four blocks behind. Elsewhere the portable code of other crates does the same, several times slower.

use grammers_crypto::aes;
use sha2::block_api::compress256;

/// Encrypts in place and leaves in `iv` what the bytes that follow need. `data` is whole blocks of 16.
pub(super) fn encrypt(data: &mut [u8], key: &[u8; 32], iv: &mut [u8; 32]) {
    run(data, iv, true, |data, iv| {
        #[cfg(target_arch = "x86_64")]
        if fast::encrypt(data, key, iv) {
            return;
        }
        aes::ige_encrypt(data, key, iv);
    });
}

/// The reverse.
pub(super) fn decrypt(data: &mut [u8], key: &[u8; 32], iv: &mut [u8; 32]) {
    run(data, iv, false, |data, iv| {
        #[cfg(target_arch = "x86_64")]
        if fast::decrypt(data, key, iv) {
            return;
        }
        aes::ige_decrypt(data, key, iv);
    });
}

/// Decrypts `data`, whole blocks of 64 (what is beyond is left alone), and compresses the blocks of a SHA-256 beside it:
/// `last` is the one before the data's, and becomes the data's last, which is not compressed yet.
pub(super) fn decrypt_hashing(
    data: &mut [u8],
    key: &[u8; 32],
    iv: &mut [u8; 32],
    state: &mut [u32; 8],
    last: &mut [u8; 64],
) {
    run(data, iv, false, |data, iv| {
        #[cfg(target_arch = "x86_64")]
        if fast::decrypt_hashing(data, key, iv, state, last) {
            return;
        }
        #[cfg(target_arch = "x86_64")]
        let is_done = fast::decrypt(data, key, iv);
        #[cfg(not(target_arch = "x86_64"))]
        let is_done = false;
        if !is_done {
            aes::ige_decrypt(data, key, iv);
        }
        let blocks = data.as_chunks().0;
        if let [all @ .., newest] = blocks {
            compress256(state, &[*last]);
            compress256(state, all);
            *last = *newest;
        }
    });
}

/// Runs one direction over `data` and takes the last ciphertext and plaintext as the next `iv`.
fn run(data: &mut [u8], iv: &mut [u8; 32], is_encrypting: bool, cipher: impl FnOnce(&mut [u8], &[u8; 32])) {
    debug_assert!(data.len().is_multiple_of(16));
    let Some(before) = data.last_chunk::<16>().copied() else { return };
    cipher(data, iv);
    let after = data.last_chunk::<16>().copied().unwrap_or_default();
    let (last_cipher, last_plain) = if is_encrypting { (after, before) } else { (before, after) };
    iv[..16].copy_from_slice(&last_cipher);
    iv[16..].copy_from_slice(&last_plain);
}

#[cfg(target_arch = "x86_64")]
mod fast {
    use std::arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_aesdec_si128, _mm_aesdeclast_si128, _mm_aesenc_si128, _mm_aesenclast_si128,
        _mm_aesimc_si128, _mm_aeskeygenassist_si128, _mm_alignr_epi8, _mm_cvtsi128_si64, _mm_extract_epi32,
        _mm_set_epi32, _mm_set_epi64x, _mm_setzero_si128, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32,
        _mm_sha256rnds2_epu32, _mm_shuffle_epi8, _mm_shuffle_epi32, _mm_slli_si128, _mm_unpackhi_epi64, _mm_xor_si128,
    };

    const ROUNDS: usize = 14;
    type Keys = [__m128i; ROUNDS + 1];
    /// FIPS 180-4, section 4.2.2: the first bits of the fractional parts of the cube roots of the first primes.
    #[rustfmt::skip]
    const K: [u32; 64] = [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// The rounds between the first and the last. Written out: the loop's own work would lie between them.
    macro_rules! rounds {
        ($state:ident, $keys:ident, $round:ident) => {
            $state = $round($state, $keys[1]);
            $state = $round($state, $keys[2]);
            $state = $round($state, $keys[3]);
            $state = $round($state, $keys[4]);
            $state = $round($state, $keys[5]);
            $state = $round($state, $keys[6]);
            $state = $round($state, $keys[7]);
            $state = $round($state, $keys[8]);
            $state = $round($state, $keys[9]);
            $state = $round($state, $keys[10]);
            $state = $round($state, $keys[11]);
            $state = $round($state, $keys[12]);
            $state = $round($state, $keys[13]);
        };
    }

    fn has_aes() -> bool {
        is_x86_feature_detected!("aes") && is_x86_feature_detected!("sse2")
    }

    /// `false` (and nothing done) where the processor has no AES.
    #[expect(unsafe_code, reason = "calls a function compiled for AES instructions, right after looking for them")]
    pub fn encrypt(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32]) -> bool {
        let has_aes = has_aes();
        if has_aes {
            // SAFETY: the processor has the instructions.
            unsafe { encrypt_blocks(data, key, iv) };
        }
        has_aes
    }

    /// `false` (and nothing done) where the processor has no AES.
    #[expect(unsafe_code, reason = "calls a function compiled for AES instructions, right after looking for them")]
    pub fn decrypt(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32]) -> bool {
        let has_aes = has_aes();
        if has_aes {
            // SAFETY: the processor has the instructions.
            unsafe { decrypt_blocks(data, key, iv) };
        }
        has_aes
    }

    /// `false` (and nothing done) where the processor has no AES or no SHA.
    #[expect(unsafe_code, reason = "calls a function compiled for these instructions, right after looking for them")]
    pub fn decrypt_hashing(
        data: &mut [u8],
        key: &[u8; 32],
        iv: &[u8; 32],
        state: &mut [u32; 8],
        last: &mut [u8; 64],
    ) -> bool {
        let has_both = has_aes()
            && is_x86_feature_detected!("sha")
            && is_x86_feature_detected!("ssse3")
            && is_x86_feature_detected!("sse4.1");
        if has_both {
            // SAFETY: the processor has the instructions.
            unsafe { decrypt_blocks_hashing(data, key, iv, state, last) };
        }
        has_both
    }

    #[target_feature(enable = "aes,sse2")]
    fn encrypt_blocks(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32]) {
        let keys = expand(key);
        let [mut cipher, mut plain] = chain(iv);
        for block in data.as_chunks_mut().0 {
            let text = load(block);
            let mut state = _mm_xor_si128(_mm_xor_si128(text, keys[0]), cipher);
            rounds!(state, keys, _mm_aesenc_si128);
            cipher = _mm_aesenclast_si128(state, _mm_xor_si128(keys[ROUNDS], plain));
            plain = text;
            store(cipher, block);
        }
    }

    #[target_feature(enable = "aes,sse2")]
    fn decrypt_blocks(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32]) {
        let keys = invert(&expand(key));
        let [mut cipher, mut plain] = chain(iv);
        for block in data.as_chunks_mut().0 {
            (cipher, plain) = decrypt_block(block, &keys, cipher, plain);
        }
    }

    /// One link of the chain: the ciphertext and the plaintext of this block.
    #[target_feature(enable = "aes,sse2")]
    #[inline]
    fn decrypt_block(block: &mut [u8; 16], keys: &Keys, cipher: __m128i, plain: __m128i) -> (__m128i, __m128i) {
        let text = load(block);
        let mut state = _mm_xor_si128(_mm_xor_si128(text, keys[0]), plain);
        rounds!(state, keys, _mm_aesdec_si128);
        let plain = _mm_aesdeclast_si128(state, _mm_xor_si128(keys[ROUNDS], cipher));
        store(plain, block);
        (text, plain)
    }

    /// Four blocks of the cipher, and between them the four quarters of the hash of the four blocks before: neither waits for
    /// the other, and the processor, which looks a few hundred instructions ahead, does both at once.
    #[target_feature(enable = "aes,sha,sse2,ssse3,sse4.1")]
    fn decrypt_blocks_hashing(
        data: &mut [u8],
        key: &[u8; 32],
        iv: &[u8; 32],
        state: &mut [u32; 8],
        last: &mut [u8; 64],
    ) {
        let keys = invert(&expand(key));
        let [mut cipher, mut plain] = chain(iv);
        let mut hash = Hash::load(state);
        let mut words = words_of(last);
        let (groups, _) = data.as_chunks_mut::<64>();
        for group in &mut *groups {
            let before = hash;
            let mut next = words;
            let (blocks, _) = group.as_chunks_mut::<16>();
            for (quarter, (block, next)) in blocks.iter_mut().zip(&mut next).enumerate() {
                (cipher, plain) = decrypt_block(block, &keys, cipher, plain);
                *next = big_endian(plain);
                hash.quarter(quarter, &mut words);
            }
            hash = hash.plus(before);
            words = next;
        }
        if let Some(newest) = groups.last() {
            *last = *newest;
        }
        hash.store(state);
    }

    /// The eight words of a SHA-256 in the order that the instructions want.
    #[derive(Clone, Copy)]
    struct Hash {
        abef: __m128i,
        cdgh: __m128i,
    }

    impl Hash {
        #[target_feature(enable = "sse2")]
        fn load(&[a, b, c, d, e, f, g, h]: &[u32; 8]) -> Self {
            Self { abef: four([f, e, b, a]), cdgh: four([h, g, d, c]) }
        }

        #[target_feature(enable = "sse4.1")]
        fn store(self, state: &mut [u32; 8]) {
            let of = |four: __m128i| {
                [
                    _mm_extract_epi32::<0>(four) as u32,
                    _mm_extract_epi32::<1>(four) as u32,
                    _mm_extract_epi32::<2>(four) as u32,
                    _mm_extract_epi32::<3>(four) as u32,
                ]
            };
            let ([f, e, b, a], [h, g, d, c]) = (of(self.abef), of(self.cdgh));
            *state = [a, b, c, d, e, f, g, h];
        }

        #[target_feature(enable = "sse2")]
        #[inline]
        fn plus(self, other: Self) -> Self {
            Self { abef: _mm_add_epi32(self.abef, other.abef), cdgh: _mm_add_epi32(self.cdgh, other.cdgh) }
        }

        /// 16 of the 64 rounds. `words` are the message's for these rounds, and made from the last ones after the first.
        #[target_feature(enable = "sha,sse2,ssse3")]
        #[inline]
        fn quarter(&mut self, quarter: usize, words: &mut [__m128i; 4]) {
            for i in 0..4 {
                if quarter > 0 {
                    let [w0, w1, w2, w3] = [words[i], words[(i + 1) % 4], words[(i + 2) % 4], words[(i + 3) % 4]];
                    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8::<4>(w3, w2));
                    words[i] = _mm_sha256msg2_epu32(sum, w3);
                }
                let at = 16 * quarter + 4 * i;
                let sum = _mm_add_epi32(words[i], four([K[at], K[at + 1], K[at + 2], K[at + 3]]));
                self.cdgh = _mm_sha256rnds2_epu32(self.cdgh, self.abef, sum);
                self.abef = _mm_sha256rnds2_epu32(self.abef, self.cdgh, _mm_shuffle_epi32::<0x0e>(sum));
            }
        }
    }

    /// The lowest first.
    #[target_feature(enable = "sse2")]
    #[inline]
    fn four([a, b, c, d]: [u32; 4]) -> __m128i {
        _mm_set_epi32(d as i32, c as i32, b as i32, a as i32)
    }

    #[target_feature(enable = "ssse3")]
    #[inline]
    fn big_endian(words: __m128i) -> __m128i {
        _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203))
    }

    #[target_feature(enable = "aes,sse2,ssse3")]
    fn words_of(block: &[u8; 64]) -> [__m128i; 4] {
        let (blocks, _) = block.as_chunks();
        [load(&blocks[0]), load(&blocks[1]), load(&blocks[2]), load(&blocks[3])].map(|words| big_endian(words))
    }

    #[target_feature(enable = "aes,sse2")]
    fn chain(iv: &[u8; 32]) -> [__m128i; 2] {
        let (blocks, _) = iv.as_chunks();
        [load(&blocks[0]), load(&blocks[1])]
    }

    #[target_feature(enable = "aes,sse2")]
    #[inline]
    fn load(block: &[u8; 16]) -> __m128i {
        let number = u128::from_le_bytes(*block);
        _mm_set_epi64x((number >> 64) as i64, number as i64)
    }

    #[target_feature(enable = "aes,sse2")]
    #[inline]
    fn store(value: __m128i, block: &mut [u8; 16]) {
        let (low, high) = (_mm_cvtsi128_si64(value), _mm_cvtsi128_si64(_mm_unpackhi_epi64(value, value)));
        *block = (u128::from(high as u64) << 64 | u128::from(low as u64)).to_le_bytes();
    }

    /// The keys of the equivalent inverse cipher (FIPS 197, section 5.3.5), in the order they are used.
    #[target_feature(enable = "aes,sse2")]
    fn invert(keys: &Keys) -> Keys {
        let mut inverted = *keys;
        inverted.reverse();
        for key in &mut inverted[1..ROUNDS] {
            *key = _mm_aesimc_si128(*key);
        }
        inverted
    }

    /// FIPS 197, section 5.2, for 256-bit keys: each round key is made from the two before it.
    #[target_feature(enable = "aes,sse2")]
    fn expand(key: &[u8; 32]) -> Keys {
        let mut keys = [_mm_setzero_si128(); ROUNDS + 1];
        [keys[0], keys[1]] = chain(key);
        // The instructions take their numbers as constants only, so this is no loop.
        macro_rules! step {
            ($at:literal, $word:literal, $round:literal) => {
                let word = _mm_shuffle_epi32::<$word>(_mm_aeskeygenassist_si128::<$round>(keys[$at - 1]));
                keys[$at] = _mm_xor_si128(spread(keys[$at - 2]), word);
            };
        }
        step!(2, 0xff, 0x01);
        step!(3, 0xaa, 0x00);
        step!(4, 0xff, 0x02);
        step!(5, 0xaa, 0x00);
        step!(6, 0xff, 0x04);
        step!(7, 0xaa, 0x00);
        step!(8, 0xff, 0x08);
        step!(9, 0xaa, 0x00);
        step!(10, 0xff, 0x10);
        step!(11, 0xaa, 0x00);
        step!(12, 0xff, 0x20);
        step!(13, 0xaa, 0x00);
        step!(14, 0xff, 0x40);
        keys
    }

    /// Each word xored with all words before it.
    #[target_feature(enable = "aes,sse2")]
    fn spread(key: __m128i) -> __m128i {
        let key = _mm_xor_si128(key, _mm_slli_si128::<4>(key));
        _mm_xor_si128(key, _mm_slli_si128::<8>(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        std::array::from_fn(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).expect("hexadecimal"))
    }

    /// FIPS 197, appendix C.3: with an iv of zeros the first block of IGE is the block cipher alone.
    #[test]
    fn the_first_block_is_the_standards_example() {
        let key = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        let (plain, sealed): ([u8; 16], [u8; 16]) =
            (hex("00112233445566778899aabbccddeeff"), hex("8ea2b7ca516745bfeafc49904b496089"));
        let mut data = plain;
        encrypt(&mut data, &key, &mut [0; 32]);
        assert_eq!(data, sealed);
        decrypt(&mut data, &key, &mut [0; 32]);
        assert_eq!(data, plain);
    }

    #[test]
    fn decrypting_and_hashing_at_once_is_the_same_as_one_after_the_other() {
        let key = std::array::from_fn(|n| n as u8 * 5 + 1);
        let iv: [u8; 32] = std::array::from_fn(|n| n as u8 * 3 + 2);
        for groups in [0, 1, 2, 33] {
            let mut data: Vec<u8> = (0..64 * groups).map(|n| (n * 17) as u8).collect();
            let (mut wanted, mut wanted_iv) = (data.clone(), iv);
            decrypt(&mut wanted, &key, &mut wanted_iv);
            let first: [u8; 64] = std::array::from_fn(|n| n as u8);
            let mut blocks = vec![first];
            blocks.extend_from_slice(wanted.as_chunks().0);
            let newest = blocks.pop().expect("the first at least");
            let mut wanted_state = std::array::from_fn(|n| n as u32 * 0x1234_5677);
            let (mut state, mut last, mut chain) = (wanted_state, first, iv);
            compress256(&mut wanted_state, &blocks);
            decrypt_hashing(&mut data, &key, &mut chain, &mut state, &mut last);
            assert_eq!((data, chain, state, last), (wanted, wanted_iv, wanted_state, newest), "{groups} blocks");
        }
    }

    #[test]
    fn it_agrees_with_another_implementation_however_the_data_is_cut() {
        let key = std::array::from_fn(|n| n as u8 * 7 + 1);
        let iv: [u8; 32] = std::array::from_fn(|n| n as u8 * 11 + 3);
        for len in [0, 16, 32, 4096] {
            let plain: Vec<u8> = (0..len).map(|n| (n * 13) as u8).collect();
            let mut sealed = plain.clone();
            aes::ige_encrypt(&mut sealed, &key, &iv);
            for cut in [16, 48, 4096] {
                let (mut data, mut chain) = (plain.clone(), iv);
                data.chunks_mut(cut).for_each(|piece| encrypt(piece, &key, &mut chain));
                assert_eq!(data, sealed, "{len} bytes in pieces of {cut}");
                let mut chain = iv;
                data.chunks_mut(cut).for_each(|piece| decrypt(piece, &key, &mut chain));
                assert_eq!(data, plain, "{len} bytes in pieces of {cut}");
            }
        }
    }
}
