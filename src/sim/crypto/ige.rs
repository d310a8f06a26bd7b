//! AES-256 in IGE mode with the processor's own AES instructions: four times as fast as one block at a time through a
//! crate, and answering `upload.getFile` is little else. Each block waits for the one before it, so this is the most that one core
//! gives. Only encryption: requests are small.

use std::arch::x86_64::{
    __m128i, _mm_aesenc_si128, _mm_aesenclast_si128, _mm_aeskeygenassist_si128, _mm_cvtsi128_si64, _mm_set_epi64x,
    _mm_setzero_si128, _mm_shuffle_epi32, _mm_slli_si128, _mm_unpackhi_epi64, _mm_xor_si128,
};

const ROUNDS: usize = 14;
type Keys = [__m128i; ROUNDS + 1];

/// Encrypts in place; `false` (and nothing done) where the processor has no AES.
#[expect(unsafe_code, reason = "calls a function compiled for AES instructions, right after looking for them")]
pub(super) fn encrypt(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32]) -> bool {
    debug_assert!(data.len().is_multiple_of(16));
    let has_aes = is_x86_feature_detected!("aes") && is_x86_feature_detected!("sse2");
    if has_aes {
        // SAFETY: the processor has the instructions.
        unsafe { encrypt_blocks(data, key, iv) };
    }
    has_aes
}

#[target_feature(enable = "aes,sse2")]
fn encrypt_blocks(data: &mut [u8], key: &[u8; 32], iv: &[u8; 32]) {
    let keys = expand(key);
    let (mut cipher, mut plain) = (load(&iv[..16]), load(&iv[16..]));
    for block in data.chunks_exact_mut(16) {
        let text = load(block);
        let mut state = _mm_xor_si128(_mm_xor_si128(text, cipher), keys[0]);
        for key in &keys[1..ROUNDS] {
            state = _mm_aesenc_si128(state, *key);
        }
        cipher = _mm_xor_si128(_mm_aesenclast_si128(state, keys[ROUNDS]), plain);
        plain = text;
        store(cipher, block);
    }
}

#[target_feature(enable = "aes,sse2")]
fn load(bytes: &[u8]) -> __m128i {
    let half = |at: usize| i64::from_le_bytes(std::array::from_fn(|n| bytes[at + n]));
    _mm_set_epi64x(half(8), half(0))
}

#[target_feature(enable = "aes,sse2")]
fn store(block: __m128i, bytes: &mut [u8]) {
    let (low, high) = (_mm_cvtsi128_si64(block), _mm_cvtsi128_si64(_mm_unpackhi_epi64(block, block)));
    bytes[..8].copy_from_slice(&low.to_le_bytes());
    bytes[8..16].copy_from_slice(&high.to_le_bytes());
}

/// FIPS 197, section 5.2, for 256-bit keys: each round key is made from the two before it.
#[target_feature(enable = "aes,sse2")]
fn expand(key: &[u8; 32]) -> Keys {
    let mut keys = [_mm_setzero_si128(); ROUNDS + 1];
    (keys[0], keys[1]) = (load(&key[..16]), load(&key[16..]));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_another_implementation() {
        let key = std::array::from_fn(|n| n as u8 * 7 + 1);
        let iv = std::array::from_fn(|n| n as u8 * 11 + 3);
        for len in [0, 16, 32, 4096] {
            let plain: Vec<u8> = (0..len).map(|n| (n * 13) as u8).collect();
            let (mut ours, mut theirs) = (plain.clone(), plain.clone());
            let is_done = encrypt(&mut ours, &key, &iv);
            grammers_crypto::aes::ige_encrypt(&mut theirs, &key, &iv);
            assert_eq!(ours, if is_done { theirs } else { plain });
        }
    }
}
