//! Chunks of RIFF (Microsoft's Multimedia Programming Interface 1.0) and the little-endian fields in them.

/// A chunk, or what is there of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk<'a> {
    pub id: [u8; 4],
    pub body: &'a [u8],
}

/// What stands before a chunk's body: its id and its size.
pub(super) const HEAD_BYTES: u64 = 8;

/// The id and the size of a chunk at the beginning of `bytes`.
pub(super) fn head(bytes: &[u8]) -> Option<([u8; 4], u32)> {
    let mut fields = Fields(bytes);
    Some((fields.id()?, fields.u32()?))
}

/// The chunks in `bytes`, one after the other; each begins at an even place. The last one may be cut.
pub(super) fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (id, size) = head(rest)?;
        let body = &rest[HEAD_BYTES as usize..];
        let end = (size as usize).min(body.len());
        rest = body.get(end + (end & 1)..).unwrap_or_default();
        Some(Chunk { id, body: &body[..end] })
    })
}

/// What the lists of this kind in `bytes` hold.
pub(super) fn lists<'a>(bytes: &'a [u8], kind: &'a [u8; 4]) -> impl Iterator<Item = &'a [u8]> {
    chunks(bytes).filter(|chunk| chunk.id == *b"LIST").filter_map(|chunk| chunk.body.strip_prefix(kind))
}

/// The first chunk of this id.
pub(super) fn find<'a>(bytes: &'a [u8], id: &[u8; 4]) -> Option<&'a [u8]> {
    chunks(bytes).find(|chunk| chunk.id == *id).map(|chunk| chunk.body)
}

/// The fields of a chunk, read one after the other. Past the end is `None`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    pub fn skip(&mut self, count: usize) -> Option<&'a [u8]> {
        let (skipped, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(skipped)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.skip(N)?.try_into().ok()
    }

    pub fn id(&mut self) -> Option<[u8; 4]> {
        self.array()
    }

    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_stand_at_even_places_and_the_last_may_be_cut() {
        let bytes = b"one \x03\0\0\0abc\0two \xff\0\0\0xy";
        let read: Vec<_> = chunks(bytes).map(|chunk| (chunk.id, chunk.body)).collect();
        assert_eq!(read, [(*b"one ", &b"abc"[..]), (*b"two ", b"xy")]);
        let list = b"LIST\x0c\0\0\0INFOINAM\0\0\0\0";
        assert_eq!(lists(list, b"INFO").next(), Some(&b"INAM\0\0\0\0"[..]));
        assert_eq!(lists(list, b"movi").next(), None);
        assert_eq!(chunks(b"one \x03\0").count(), 0);
    }
}
