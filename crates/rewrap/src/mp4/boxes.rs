//! Boxes (ISO/IEC 14496-12 clause 4.2) and the numbers in them.

pub(crate) type FourCc = [u8; 4];

/// Kind, length of the head, and size of the whole box (`None`: to the end of what holds it). `None` for what is no head of a box.
pub(crate) fn head(bytes: &[u8]) -> Option<(FourCc, u64, Option<u64>)> {
    let (size, kind) = (u32_at(bytes, 0)?, bytes.get(4..8)?.try_into().ok()?);
    match size {
        0 => Some((kind, 8, None)),
        1 => Some((kind, 16, Some(u64_at(bytes, 8)?).filter(|size| *size >= 16)?.into())),
        2..8 => None,
        _ => Some((kind, 8, Some(size.into()))),
    }
}

/// The boxes in `bytes`, each its kind and what is in it. One that is cut ends them.
pub(crate) fn boxes(bytes: &[u8]) -> impl Iterator<Item = (FourCc, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, head, size) = head(rest)?;
        let size = size.map_or(Some(rest.len()), |size| usize::try_from(size).ok())?;
        let (whole, after) = rest.split_at_checked(size)?;
        rest = after;
        Some((kind, whole.get(head as usize..)?))
    })
}

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
    fn boxes_of_every_size() {
        let bytes = b"\0\0\0\x09free!\0\0\0\x01wide\0\0\0\0\0\0\0\x11?\0\0\0\0last..";
        let found: Vec<_> = boxes(bytes).collect();
        assert_eq!(found, [(*b"free", &b"!"[..]), (*b"wide", b"?"), (*b"last", b"..")]);
        assert_eq!(boxes(b"\0\0\0\x20free12").count(), 0, "cut");
        assert_eq!(head(b"\0\0\0\x01wide\0\0\0\0\0\0\0\x0f"), None, "smaller than its head");
        assert_eq!(find(bytes, b"last"), Some(&b".."[..]));
    }
}
