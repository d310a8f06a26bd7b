//! Bits of a header, the highest first. Behind the end everything is `None`.

/// A reader of bits.
#[derive(Clone, Debug)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// At most 32 bits as a number.
    pub fn take(&mut self, count: usize) -> Option<u32> {
        debug_assert!(count <= 32);
        let mut number = 0u64;
        let mut left = count;
        while left > 0 {
            let byte = u64::from(*self.bytes.get(self.at / 8)?);
            let free = 8 - self.at % 8;
            let now = free.min(left);
            number = number << now | (byte >> (free - now)) & ((1 << now) - 1);
            self.at += now;
            left -= now;
        }
        Some(number as u32)
    }

    pub fn flag(&mut self) -> Option<bool> {
        self.take(1).map(|bit| bit == 1)
    }

    pub fn skip(&mut self, count: usize) -> Option<()> {
        self.at = self.at.checked_add(count)?;
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    /// Exp-Golomb, unsigned: ue(v) of H.264 and HEVC.
    pub fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some(((1u64 << zeros) - 1 + u64::from(self.take(zeros)?)) as u32)
    }

    /// Exp-Golomb, signed: se(v).
    pub fn se(&mut self) -> Option<i32> {
        let code = self.ue()?;
        let half = u64::from(code).div_ceil(2);
        Some(if code % 2 == 1 { half as i32 } else { -(half as i64) as i32 })
    }

    /// How many bits were taken.
    pub fn position(&self) -> usize {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_taken_across_bytes_and_never_behind_the_end() {
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        assert_eq!(bits.take(3), Some(0b101));
        assert_eq!(bits.take(7), Some(0b001_1001));
        // Four zeros, 1, 0100.
        assert_eq!(bits.ue(), Some(16 + 4 - 1));
        assert_eq!(bits.position(), 10 + 9);
        assert_eq!(bits.take(6), None);
        // 1, 010, 011, 00100, 00101.
        let mut signed = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        assert_eq!(
            [signed.se(), signed.se(), signed.se(), signed.se(), signed.se()],
            [Some(0), Some(1), Some(-1), Some(2), Some(-2)]
        );
        assert_eq!(Bits::new(&[0; 9]).ue(), None);
        assert_eq!(Bits::new(&[1]).skip(9), None);
    }
}
