//! EBML: an id, a size, so many bytes, and again inside (RFC 8794). Elements are read as far as they are whole; what is wrong ends their list.

/// An element that lies in memory.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// With its marker bit, as [`ids`](super::ids) has it.
    pub id: u32,
    /// What is in it.
    pub data: &'a [u8],
    /// All its bytes are there.
    pub whole: bool,
}

/// Id, size (`None`: not known, it ends where its kind cannot go on) and length of the header itself.
pub fn header(bytes: &[u8]) -> Option<(u32, Option<u64>, usize)> {
    let (id, id_len) = id(bytes)?;
    let (size, size_len) = size(bytes.get(id_len..)?)?;
    Some((id, size, id_len + size_len))
}

/// An id keeps its marker bit: `1A45DFA3`.
fn id(bytes: &[u8]) -> Option<(u32, usize)> {
    let len = bytes.first()?.leading_zeros() as usize + 1;
    if len > 4 {
        return None;
    }
    Some((bytes.get(..len)?.iter().fold(0, |id, byte| id << 8 | u32::from(*byte)), len))
}

/// A number that says its own length by its first set bit, and that length. A size loses its marker bit; all ones is "not known".
pub fn size(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let len = bytes.first()?.leading_zeros() as usize + 1;
    if len > 8 {
        return None;
    }
    let number = bytes.get(..len)?.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    let value = number & ((1 << (7 * len)) - 1);
    Some(((value != (1 << (7 * len)) - 1).then_some(value), len))
}

/// The elements that `data` consists of. One that is cut off comes last, with what is there of it.
pub fn children(data: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let (id, size, len) = header(rest)?;
        let room = rest.len() - len;
        // Only segments and clusters may be of unknown size, and none of them is read from memory.
        let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX);
        let data = &rest[len..len + size.min(room)];
        rest = &rest[len + size.min(room)..];
        Some(Element { id, data, whole: size <= room })
    })
}

/// The same, id and data of each, but one that is cut off ends them.
pub fn whole(data: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    children(data).take_while(|child| child.whole).map(|child| (child.id, child.data))
}

/// An unsigned number; `None` when it is longer than eight bytes.
pub fn uint(data: &[u8]) -> Option<u64> {
    (data.len() <= 8).then(|| data.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// A number that is finite; nothing at all is 0.
pub fn float(data: &[u8]) -> Option<f64> {
    let number = match *data {
        [] => 0.0,
        [a, b, c, d] => f64::from(f32::from_be_bytes([a, b, c, d])),
        [a, b, c, d, e, f, g, h] => f64::from_be_bytes([a, b, c, d, e, f, g, h]),
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// The elements fill `data` exactly.
pub(crate) fn is_sound(data: &[u8]) -> bool {
    let mut used = 0;
    for child in children(data) {
        if !child.whole {
            return false;
        }
        used = child.data.as_ptr() as usize - data.as_ptr() as usize + child.data.len();
    }
    used == data.len()
}

impl<'a> Element<'a> {
    /// What it consists of.
    pub fn children(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        children(self.data)
    }

    /// See [`uint`].
    pub fn uint(&self) -> Option<u64> {
        uint(self.data)
    }

    /// A number that is not 0.
    pub fn flag(&self) -> bool {
        self.uint().is_some_and(|number| number != 0)
    }

    /// See [`float`].
    pub fn float(&self) -> Option<f64> {
        float(self.data)
    }

    /// Text without padding; `None` when nothing is left. Cut at 500 characters: names of tracks, films and files are shorter.
    pub fn text(&self) -> Option<String> {
        let text = self.data.split(|byte| *byte == 0).next().unwrap_or_default();
        let text = String::from_utf8_lossy(&text[..text.len().min(4 * 500)]);
        let text: String = text.trim().chars().take(500).collect();
        (!text.is_empty()).then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_with_sizes_of_any_length() {
        type Header = (u32, Option<u64>, usize);
        let rows: [(&[u8], Option<Header>); 11] = [
            (&[0x1a, 0x45, 0xdf, 0xa3, 0x9f], Some((0x1a45_dfa3, Some(31), 5))),
            (&[0x42, 0x86, 0x81], Some((0x4286, Some(1), 3))),
            (&[0xec, 0x40, 0x02], Some((0xec, Some(2), 3))),
            (&[0xec, 0xff], Some((0xec, None, 2))),
            (&[0xec, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Some((0xec, None, 9))),
            (&[0xec, 0x01, 0, 0, 0, 0, 0, 0, 5], Some((0xec, Some(5), 9))),
            (&[0xec, 0x01, 0, 0, 0, 0, 0, 5], None),
            (&[0xec, 0x00, 0x81], None),
            (&[0x08, 1, 2, 3, 4, 5, 6], None),
            (&[0x1a, 0x45], None),
            (&[], None),
        ];
        for (bytes, expected) in rows {
            assert_eq!(header(bytes), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn a_cut_element_comes_with_what_is_there() {
        let data = [0xec, 0x81, 7, 0xec, 0x85, 1, 2];
        let found: Vec<_> = children(&data).map(|child| (child.data.to_vec(), child.whole)).collect();
        assert_eq!(found, [(vec![7], true), (vec![1, 2], false)]);
        assert_eq!(whole(&data).collect::<Vec<_>>(), [(0xec, &[7][..])]);
        assert!(!is_sound(&data));
        assert!(is_sound(&data[..3]));
        assert!(!is_sound(&[0xec, 0x80, 0]));
        assert!(is_sound(&[]));
    }
}
