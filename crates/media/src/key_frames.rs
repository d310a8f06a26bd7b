//! Where pictures stand that playing can begin with.

/// A picture that needs no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyFrame {
    /// When it is shown, from the film's beginning.
    pub time_ns: u64,
    /// Where reading begins for it: its cluster in Matroska, itself in MP4, its fragment in MP4 of fragments.
    pub offset: u64,
}

/// The key frames of the first picture track, by time; thousands in a film. Kept as differences in LEB128, some six bytes each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFrames {
    packed: Vec<u8>,
    len: usize,
}

impl KeyFrames {
    /// Sorts them and leaves out doubles.
    pub fn new(mut frames: Vec<KeyFrame>) -> Self {
        frames.sort_unstable();
        frames.dedup();
        let mut packed = Vec::new();
        let mut before = KeyFrame { time_ns: 0, offset: 0 };
        for frame in &frames {
            push(&mut packed, frame.time_ns - before.time_ns);
            // Later pictures may stand earlier in a strange file: the sign goes into the lowest bit.
            let step = frame.offset.wrapping_sub(before.offset) as i64;
            push(&mut packed, ((step << 1) ^ (step >> 63)) as u64);
            before = *frame;
        }
        Self { packed, len: frames.len() }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// None are known.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// By time.
    pub fn iter(&self) -> impl Iterator<Item = KeyFrame> {
        let mut rest = self.packed.as_slice();
        let mut before = KeyFrame { time_ns: 0, offset: 0 };
        std::iter::from_fn(move || {
            let time = pull(&mut rest)?;
            let step = pull(&mut rest)?;
            let step = (step >> 1) ^ 0u64.wrapping_sub(step & 1);
            before = KeyFrame { time_ns: before.time_ns.wrapping_add(time), offset: before.offset.wrapping_add(step) };
            Some(before)
        })
    }

    /// As they are stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.packed
    }

    /// From what [`KeyFrames::as_bytes`] gave; damaged bytes give other key frames.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut frames = Self { packed: bytes.to_vec(), len: 0 };
        frames.len = frames.iter().count();
        frames
    }
}

fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn pull(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn key_frames_come_back_sorted(frames in prop::collection::vec((any::<u64>(), any::<u64>()), 0..50)) {
            let mut frames: Vec<KeyFrame> = frames.into_iter().map(|(time_ns, offset)| KeyFrame { time_ns, offset }).collect();
            let packed = KeyFrames::new(frames.clone());
            frames.sort_unstable();
            frames.dedup();
            prop_assert_eq!(packed.len(), frames.len());
            prop_assert_eq!(packed.iter().collect::<Vec<_>>(), frames);
            prop_assert_eq!(KeyFrames::from_bytes(packed.as_bytes()), packed);
        }

        #[test]
        fn any_bytes_are_some_key_frames(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            prop_assert!(KeyFrames::from_bytes(&bytes).len() <= bytes.len());
        }
    }
}
