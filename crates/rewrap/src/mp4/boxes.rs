//! Boxes by their kind, and the numbers in them by their place.

pub(crate) use media::mp4::boxes::{FourCc, head, whole as boxes};

/// What is in the first box of this kind.
pub(crate) fn find<'a>(bytes: &'a [u8], kind: &FourCc) -> Option<&'a [u8]> {
    boxes(bytes).find(|(its, _)| its == kind).map(|(_, body)| body)
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_kind() {
        let bytes = b"\0\0\0\x09free!\0\0\0\x01wide\0\0\0\0\0\0\0\x11?\0\0\0\0last..";
        assert_eq!(find(bytes, b"wide"), Some(&b"?"[..]));
        assert_eq!(find(bytes, b"last"), Some(&b".."[..]));
        assert_eq!(find(b"\0\0\0\x20free12", b"free"), None, "cut");
    }
}
