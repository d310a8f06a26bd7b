//! NAL units, the packets of H.264 and HEVC.

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
    fn escapes_go_away_and_start_codes_part_units() {
        assert_eq!(unescape(&[1, 0, 0, 3, 1, 0, 0, 3, 0, 0, 3], 99), [1, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(unescape(&[1, 0, 0, 3, 1], 2), [1, 0]);
        let stream = [9, 0, 0, 1, 0x67, 5, 0, 0, 0, 1, 0x68, 0, 0, 1];
        let units: Vec<&[u8]> = nal_units(&stream).collect();
        assert_eq!(units, [&[0x67, 5, 0][..], &[0x68]]);
    }
}
