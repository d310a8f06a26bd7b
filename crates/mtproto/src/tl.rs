//! As much of TL, the type language that all of MTProto is written in (core.telegram.org/mtproto/serialize), as packets need:
//! a constructor's number in front, then its fields, little-endian, in steps of four bytes.

use bytes::{Buf, Bytes};

/// Takes a `bytes` or a `string` off the front of `from`, without copying. `None` when it is cut short.
///
/// ```text
/// up to 253 bytes   length 1 | bytes | zeros to a multiple of 4
/// more              254 1 | length 3 | bytes | zeros to a multiple of 4
/// ```
///
/// ```
/// let mut from = bytes::Bytes::from_static(b"\x03abc and more");
/// assert_eq!(mtproto::tl::take_bytes(&mut from).as_deref(), Some(&b"abc"[..]));
/// assert_eq!(from, " and more");
/// ```
pub fn take_bytes(from: &mut Bytes) -> Option<Bytes> {
    let (head, len) = match from.try_get_u8().ok()? {
        254 => {
            let [a, b, c] = *from.first_chunk()?;
            from.advance(3);
            (4, u32::from_le_bytes([a, b, c, 0]) as usize)
        }
        255 => return None,
        short => (1, short.into()),
    };
    let taken = (len <= from.len()).then(|| from.split_to(len))?;
    let padding = (head + len).next_multiple_of(4) - head - len;
    from.advance(padding.min(from.len()));
    Some(taken)
}

/// Takes a `string`. What is no UTF-8 in it is replaced.
pub(crate) fn take_string(from: &mut Bytes) -> Option<String> {
    take_bytes(from).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use grammers_tl_types::Serializable;

    use super::*;

    #[test]
    fn bytes_of_any_length_are_taken_with_their_padding() {
        for len in [0, 1, 2, 3, 4, 253, 254, 255, 256, 70_000] {
            let bytes: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let mut from: Bytes = [bytes.to_bytes(), b"next".to_vec()].concat().into();
            assert_eq!(take_bytes(&mut from).as_deref(), Some(&bytes[..]), "{len}");
            assert_eq!(from, "next", "{len}");
            let cut: Bytes = bytes.to_bytes()[..len].to_vec().into();
            assert_eq!(take_bytes(&mut { cut }), None, "{len} cut short");
        }
    }
}
