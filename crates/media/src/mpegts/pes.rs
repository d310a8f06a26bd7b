//! PES packets (ISO/IEC 13818-1 clause 2.4.3.6): what a stream's bytes come in, with the time at which they are shown.

/// Times count at 90 kHz in 33 bits, so that they begin anew after 26 hours and a half.
const WRAP: u64 = 1 << 33;

/// The head of a PES packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pes<'a> {
    /// When it is shown, in 90 kHz.
    pub time: Option<u64>,
    /// What comes behind the head.
    pub payload: &'a [u8],
}

/// Reads the first payload of a PES packet. `None` for what is none.
pub(super) fn read(payload: &[u8]) -> Option<Pes<'_>> {
    let rest = payload.strip_prefix(&[0, 0, 1])?;
    let stream_id = *rest.first()?;
    // Padding and what belongs to no stream have no head: private_stream_2, ECM, EMM, DSM-CC, directory, and maps.
    if matches!(stream_id, 0xbc | 0xbe | 0xbf | 0xf0..=0xf2 | 0xf8 | 0xff) {
        return None;
    }
    let (flags, length) = (*rest.get(4)?, usize::from(*rest.get(5)?));
    let head = rest.get(6..)?;
    let time = head.first_chunk::<5>().filter(|_| flags & 0x80 != 0 && length >= 5).map(|bytes| time(*bytes));
    Some(Pes { time, payload: head.get(length..).unwrap_or_default() })
}

fn time(bytes: [u8; 5]) -> u64 {
    let [a, b, c, d, e] = bytes.map(u64::from);
    (a >> 1 & 7) << 30 | b << 22 | (c >> 1) << 15 | d << 7 | e >> 1
}

/// How long after `from` a time is; what would be more than half of all times is before it, and `None`.
pub(super) fn since(from: u64, time: u64) -> Option<u64> {
    let after = time.wrapping_sub(from) % WRAP;
    (after < WRAP / 2).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_has_a_time() {
        // 2^33 - 1, the last time of all.
        let bytes = [0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, 0x2f, 0xff, 0xff, 0xff, 0xff, 7, 8];
        assert_eq!(read(&bytes), Some(Pes { time: Some(WRAP - 1), payload: &[7, 8] }));
        let without = [0, 0, 1, 0xc0, 0, 0, 0x80, 0, 1, 0xff, 7];
        assert_eq!(read(&without), Some(Pes { time: None, payload: &[7] }));
        assert_eq!((read(&[0, 0, 1, 0xbe, 0, 1, 9]), read(&[0, 0, 2, 0xe0]), read(&bytes[..8])), (None, None, None));
    }

    #[test]
    fn times_begin_anew() {
        assert_eq!(since(100, 400), Some(300));
        assert_eq!(since(WRAP - 100, 200), Some(300));
        assert_eq!(since(400, 100), None);
    }
}
