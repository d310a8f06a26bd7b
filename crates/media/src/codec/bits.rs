//! Bits, first the highest of each byte, as H.264, HEVC, AV1, AAC and AC-3 write them. Reading past the end gives `None` and stays there.

/// A reader of bits.
#[derive(Clone)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Bits { bytes, at: 0 }
    }

    pub fn flag(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    /// The next `count` bits as a number; at most 32.
    pub fn number(&mut self, count: u32) -> Option<u32> {
        debug_assert!(count <= 32);
        let mut value = 0u64;
        for _ in 0..count {
            value = value << 1 | u64::from(self.flag()?);
        }
        u32::try_from(value).ok()
    }

    pub fn skip(&mut self, count: usize) -> Option<()> {
        let at = self.at.checked_add(count)?;
        (at <= self.bytes.len().checked_mul(8)?).then(|| self.at = at)
    }

    /// `ue(v)`: Exp-Golomb, unsigned (ITU-T H.264 clause 9.1). More than 32 zeros in front are none of it.
    pub fn unsigned(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some((1u32 << zeros) - 1 + self.number(zeros)?)
    }

    /// `se(v)`: Exp-Golomb, signed.
    pub fn signed(&mut self) -> Option<i32> {
        let code = i64::from(self.unsigned()?);
        let magnitude = (code + 1) / 2;
        i32::try_from(if code % 2 == 1 { magnitude } else { -magnitude }).ok()
    }
}

/// The payload of a NAL unit without the bytes 3 that keep start codes out of it. At most `limit` bytes of it: what is asked stands at
/// the beginning.
pub(crate) fn unescape(nal: &[u8], limit: usize) -> Vec<u8> {
    let mut payload = Vec::with_capacity(nal.len().min(limit));
    let mut zeros = 0;
    for &byte in nal {
        if payload.len() == limit {
            break;
        }
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        payload.push(byte);
    }
    payload
}

/// The NAL units of a byte stream with start codes (ITU-T H.264 annex B), each from its header on. The last one may be cut.
pub(crate) fn nal_units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = after_start_code(stream);
    std::iter::from_fn(move || {
        let from = rest?;
        let end = start_code(from).unwrap_or(from.len());
        rest = after_start_code(&from[end..]);
        Some(&from[..end])
    })
    .filter(|nal| !nal.is_empty())
}

fn start_code(stream: &[u8]) -> Option<usize> {
    stream.windows(3).position(|window| window == [0, 0, 1])
}

fn after_start_code(stream: &[u8]) -> Option<&[u8]> {
    start_code(stream).map(|at| &stream[at + 3..])
}

/// Bytes as two digits each.
#[cfg(test)]
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex digits");
    digits.as_bytes().chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_golomb_as_the_standard_lists_it() {
        // Table 9-2 of H.264: 1, 010, 011, 00100, 00101 ... for 0, 1, 2, 3, 4.
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        let values: Vec<_> = std::iter::from_fn(|| bits.unsigned()).take(5).collect();
        assert_eq!(values, [0, 1, 2, 3, 4]);
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        let values: Vec<_> = std::iter::from_fn(|| bits.signed()).take(5).collect();
        assert_eq!(values, [0, 1, -1, 2, -2]);
    }

    #[test]
    fn the_end_is_none_and_stays_so() {
        let mut bits = Bits::new(&[0xff]);
        assert_eq!(bits.number(8), Some(0xff));
        assert_eq!((bits.flag(), bits.number(1), bits.skip(1), bits.unsigned()), (None, None, None, None));
        assert_eq!(Bits::new(&[0; 16]).unsigned(), None);
        assert_eq!(Bits::new(&[0xff; 4]).number(32), Some(u32::MAX));
    }

    #[test]
    fn escapes_go_away_and_start_codes_part_units() {
        assert_eq!(unescape(&[1, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3], 99), [1, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(unescape(&[1, 0, 0, 3, 1], 2), [1, 0]);
        let stream = [9, 0, 0, 1, 0x67, 5, 0, 0, 0, 1, 0x68, 0, 0, 1];
        let units: Vec<&[u8]> = nal_units(&stream).collect();
        assert_eq!(units, [&[0x67, 5, 0][..], &[0x68]]);
    }
}
