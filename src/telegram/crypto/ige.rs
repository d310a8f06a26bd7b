//! AES-256 in IGE mode, with the processor's own AES instructions where it has them: this is most of what reading a film
//! costs. Each block waits for the one before it, so one message cannot go faster than the instructions' latency:
//!
//! ```text
//! encrypt  c[n] = E(p[n] ^ c[n-1]) ^ p[n-1]
//! decrypt  p[n] = D(c[n] ^ p[n-1]) ^ c[n-1]        iv = c[-1] | p[-1]
//! ```
//!
//! What does not depend on the block before is folded into the first and last round keys, which leaves a single xor
//! between two blocks' rounds. Waiting for them, the processor has room for other work: what was decrypted is hashed
//! alongside, a few blocks behind (1.4 s for both of a GB, 1.9 s one after the other). Elsewhere the portable code of another
//! crate does the same, several times slower.

use grammers_crypto::aes;

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

/// The reverse. Shows what was decrypted to `see`, in order, in pieces of its own choice.
pub(super) fn decrypt(data: &mut [u8], key: &[u8; 32], iv: &mut [u8; 32], mut see: impl FnMut(&[u8])) {
    run(data, iv, false, |data, iv| {
        #[cfg(target_arch = "x86_64")]
        if fast::decrypt(data, key, iv, &mut see) {
            return;
        }
        aes::ige_decrypt(data, key, iv);
        see(data);
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
        __m128i, _mm_aesdec_si128, _mm_aesdeclast_si128, _mm_aesenc_si128, _mm_aesenclast_si128, _mm_aesimc_si128,
        _mm_aeskeygenassist_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_setzero_si128, _mm_shuffle_epi32,
        _mm_slli_si128, _mm_unpackhi_epi64, _mm_xor_si128,
    };

    const ROUNDS: usize = 14;
    type Keys = [__m128i; ROUNDS + 1];
    /// How far what is shown lies behind what is decrypted: few enough blocks for the processor to look over.
    const BEHIND: usize = 128;

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
    pub fn decrypt(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32], see: impl FnMut(&[u8])) -> bool {
        let has_aes = has_aes();
        if has_aes {
            // SAFETY: the processor has the instructions.
            unsafe { decrypt_blocks(data, key, iv, see) };
        }
        has_aes
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
    fn decrypt_blocks(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32], mut see: impl FnMut(&[u8])) {
        let keys = invert(&expand(key));
        let [mut cipher, mut plain] = chain(iv);
        let mut before: &[u8] = &[];
        for piece in data.chunks_mut(BEHIND) {
            for block in piece.as_chunks_mut().0 {
                let text = load(block);
                let mut state = _mm_xor_si128(_mm_xor_si128(text, keys[0]), plain);
                rounds!(state, keys, _mm_aesdec_si128);
                plain = _mm_aesdeclast_si128(state, _mm_xor_si128(keys[ROUNDS], cipher));
                cipher = text;
                store(plain, block);
            }
            // Does not depend on what is being decrypted, so that the processor does both at once.
            see(before);
            before = piece;
        }
        see(before);
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
        decrypt(&mut data, &key, &mut [0; 32], |seen| assert!(seen.is_empty() || seen == plain));
        assert_eq!(data, plain);
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
                let (mut chain, mut seen) = (iv, Vec::new());
                for piece in data.chunks_mut(cut) {
                    decrypt(piece, &key, &mut chain, |bytes| seen.extend_from_slice(bytes));
                }
                assert_eq!((&data, &seen), (&plain, &plain), "{len} bytes in pieces of {cut}");
            }
        }
    }
}
