//! EBML (RFC 8794): an id, a size, so many bytes, and again inside.

/// Id, size (`None`: not known, it ends where its kind cannot go on) and length of the header itself.
pub fn header(bytes: &[u8]) -> Option<(u32, Option<u64>, usize)> {
    let id_len = bytes.first()?.leading_zeros() as usize + 1;
    if id_len > 4 {
        return None;
    }
    let id = bytes.get(..id_len)?.iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
    let (size, size_len) = size(bytes.get(id_len..)?)?;
    Some((id, size, id_len + size_len))
}

/// A number that says its own length by its first set bit, and that length; all ones is "not known".
pub fn size(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let len = bytes.first()?.leading_zeros() as usize + 1;
    if len > 8 {
        return None;
    }
    let number = bytes.get(..len)?.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let value = number & ((1 << (7 * len)) - 1);
    Some(((value != (1 << (7 * len)) - 1).then_some(value), len))
}

/// The elements that `data` consists of: id and data. One that is cut off ends them.
pub fn children(data: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (id, size, len) = header(rest)?;
        let (data, after) = rest[len..].split_at_checked(usize::try_from(size?).ok()?)?;
        rest = after;
        Some((id, data))
    })
}

/// `None` when it is longer than eight bytes.
pub fn uint(data: &[u8]) -> Option<u64> {
    (data.len() <= 8).then(|| data.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// `None` for a length that no float has, and for what is not finite.
pub fn float(data: &[u8]) -> Option<f64> {
    let number = match *data {
        [a, b, c, d] => f64::from(f32::from_be_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => f64::from_be_bytes([a, b, c, d, e, f, g, h]),
        _ => return None,
    };
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_every_length() {
        type Header = (u32, Option<u64>, usize);
        let rows: [(&[u8], Option<Header>); 8] = [
            (&[0x1a, 0x45, 0xdf, 0xa3, 0x9f], Some((0x1a45_dfa3, Some(31), 5))),
            (&[0xec, 0x40, 0x02], Some((0xec, Some(2), 3))),
            (&[0xec, 0xff], Some((0xec, None, 2))),
            (&[0xec, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Some((0xec, None, 9))),
            (&[0xec, 0x01, 0, 0, 0, 0, 0, 5], None),
            (&[0xec, 0x00, 0x81], None),
            (&[0x08, 1, 2, 3], None),
            (&[], None),
        ];
        for (bytes, expected) in rows {
            assert_eq!(header(bytes), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn a_cut_element_ends_the_list() {
        let found: Vec<_> = children(&[0xec, 0x81, 7, 0xd7, 0x85, 1, 2]).collect();
        assert_eq!(found, [(0xec, &[7][..])]);
    }
}
