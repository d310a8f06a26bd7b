//! Boxes (ISO/IEC 14496-12 clause 4.2), which QuickTime calls atoms, and the big-endian fields in them.

/// Four letters that say what a box, a brand, a handler or a format is.
pub type FourCc = [u8; 4];

/// The head of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// What box it is.
    pub kind: FourCc,
    /// Of the head itself: 8, or 16 with a size of 64 bits.
    pub bytes: u64,
    /// Of the whole box; `None` for one that reaches to the end of what holds it.
    pub size: Option<u64>,
}

/// What must be at hand to read any head.
pub(super) const LONGEST_HEAD: u64 = 16;

/// Reads the head at the beginning of `bytes`. `None` when it is cut, or when it says a size that its own head does not fit in.
pub fn head(bytes: &[u8]) -> Option<Head> {
    let mut fields = Fields(bytes);
    let (size, kind) = (fields.u32()?, fields.four_cc()?);
    match size {
        0 => Some(Head { kind, bytes: 8, size: None }),
        1 => {
            let size = fields.u64().filter(|size| *size >= LONGEST_HEAD)?;
            Some(Head { kind, bytes: 16, size: Some(size) })
        }
        2..8 => None,
        _ => Some(Head { kind, bytes: 8, size: Some(u64::from(size)) }),
    }
}

/// A box whose bytes are at hand, or those that are there of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Atom<'a> {
    pub kind: FourCc,
    pub body: &'a [u8],
    /// It says that it is longer than what holds it.
    pub cut: bool,
}

/// The boxes in `bytes`, one after the other, until something is no box. QuickTime ends some lists with a size of zero and nothing after it.
pub(super) fn boxes(bytes: &[u8]) -> impl Iterator<Item = Atom<'_>> + Clone {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let head = head(rest)?;
        let size = head.size.map_or(rest.len(), |size| usize::try_from(size).unwrap_or(usize::MAX));
        let cut = size > rest.len();
        let (this, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        Some(Atom { kind: head.kind, body: this.get(head.bytes as usize..)?, cut })
    })
}

/// Kind and body of each box that is whole; one that is cut ends them.
pub fn whole(bytes: &[u8]) -> impl Iterator<Item = (FourCc, &[u8])> {
    boxes(bytes).take_while(|atom| !atom.cut).map(|atom| (atom.kind, atom.body))
}

/// The body of the first box of this kind.
pub(super) fn find<'a>(bytes: &'a [u8], kind: &FourCc) -> Option<&'a [u8]> {
    boxes(bytes).find(|atom| atom.kind == *kind).map(|atom| atom.body)
}

/// The body of the first box at the end of this path.
pub(super) fn find_path<'a>(bytes: &'a [u8], path: &[&FourCc]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, kind| find(bytes, kind))
}

/// The fields of a box, read one after the other. Past the end is `None`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub fn four_cc(&mut self) -> Option<FourCc> {
        self.array()
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number of 64 bits in version 1 of a box, of 32 in version 0.
    pub fn wide(&mut self, version: u8) -> Option<u64> {
        if version == 1 { self.u64() } else { self.u32().map(u64::from) }
    }

    /// The version and the flags of a full box.
    pub fn version_and_flags(&mut self) -> Option<(u8, u32)> {
        self.u32().map(|word| ((word >> 24) as u8, word & 0xff_ffff))
    }

    /// Text up to a zero or the end.
    pub fn text(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let text = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_every_size() {
        let told = |bytes: &[u8]| head(bytes).map(|head| (head.bytes, head.size));
        assert_eq!(told(b"\0\0\0\x10free"), Some((8, Some(16))));
        assert_eq!(told(b"\0\0\0\0mdat"), Some((8, None)));
        assert_eq!(told(b"\0\0\0\x01mdat\0\0\0\x01\0\0\0\0"), Some((16, Some(1 << 32))));
        assert_eq!(told(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x0f"), None, "smaller than its own head");
        assert_eq!(told(b"\0\0\0\x07free"), None);
        assert_eq!(told(b"\0\0\0\x10fre"), None);
    }

    #[test]
    fn boxes_end_at_what_is_none() {
        let bytes = b"\0\0\0\x09free!\0\0\0\x0askip??\0\0\0\0\0\0\0\0\0";
        let read: Vec<_> = boxes(bytes).map(|atom| (atom.kind, atom.body.len(), atom.cut)).collect();
        assert_eq!(read, [(*b"free", 1, false), (*b"skip", 2, false), ([0; 4], 1, false)]);
        let cut: Vec<_> = boxes(b"\0\0\0\x20free12").map(|atom| (atom.body, atom.cut)).collect();
        assert_eq!(cut, [(&b"12"[..], true)]);
        assert_eq!(whole(b"\0\0\0\x20free12").count(), 0);
        assert_eq!(whole(b"\0\0\0\x09free!\0\0\0\x20free12").collect::<Vec<_>>(), [(*b"free", &b"!"[..])]);
        assert_eq!(boxes(b"\0\0\0\x03free").count(), 0);
    }

    #[test]
    fn a_path_leads_inside() {
        let bytes = b"\0\0\0\x19trak\0\0\0\x11mdia\0\0\0\x09minf!";
        assert_eq!(find_path(bytes, &[b"trak", b"mdia", b"minf"]), Some(&b"!"[..]));
        assert_eq!(find_path(bytes, &[b"trak", b"minf"]), None);
    }
}
