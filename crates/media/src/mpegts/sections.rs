//! Tables of a transport stream (ISO/IEC 13818-1 clause 2.4.4): which programs there are, and which streams a program has.

/// A table that comes in parts, put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Assembly {
    bytes: Vec<u8>,
    began: bool,
}

/// A section says its length in twelve bits.
const LONGEST_BYTES: usize = 3 + 0xfff;

impl Assembly {
    /// Takes the payload of a packet, and gives the section's bytes from `table_id` on once it is whole.
    pub fn take(&mut self, begins: bool, payload: &[u8]) -> Option<Vec<u8>> {
        let mut payload = payload;
        if begins {
            // `pointer_field`: so many bytes belong to what began before.
            let (skip, rest) = payload.split_first()?;
            payload = rest.get(usize::from(*skip)..)?;
            self.bytes.clear();
            self.began = true;
        }
        if !self.began {
            return None;
        }
        let room = LONGEST_BYTES.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&payload[..payload.len().min(room)]);
        let length = 3 + (usize::from(self.bytes.get(1)? & 0x0f) << 8 | usize::from(*self.bytes.get(2)?));
        if self.bytes.len() < length {
            return None;
        }
        self.began = false;
        Some(self.bytes[..length].to_vec())
    }
}

/// What stands between the head of a section with this `table_id` and its check sum.
fn body(section: &[u8], table_id: u8) -> Option<&[u8]> {
    let is_it = *section.first()? == table_id && section.get(5)? & 1 == 1;
    section.get(8..section.len().checked_sub(4)?).filter(|_| is_it)
}

/// The PIDs at which programs are described, of a program association table.
pub(super) fn programs(section: &[u8]) -> Option<Vec<u16>> {
    let entries = body(section, 0)?.chunks_exact(4);
    let told = entries.filter(|entry| entry[..2] != [0, 0]);
    Some(told.map(|entry| u16::from_be_bytes([entry[2], entry[3]]) & 0x1fff).collect())
}

/// A stream of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stream<'a> {
    pub stream_type: u8,
    pub pid: u16,
    pub descriptors: &'a [u8],
}

/// The descriptors of a program and its streams, of a program map table.
pub(super) fn streams(section: &[u8]) -> Option<(&[u8], Vec<Stream<'_>>)> {
    let body = body(section, 2)?;
    let length = |bytes: &[u8]| Some(usize::from(bytes.first()? & 0x0f) << 8 | usize::from(*bytes.get(1)?));
    let about_program = length(body.get(2..)?)?;
    let (program, mut rest) = body.get(4..)?.split_at_checked(about_program)?;
    let mut streams = Vec::new();
    while let Some((head, after)) = rest.split_at_checked(5) {
        let told = length(&head[3..])?.min(after.len());
        let (descriptors, after) = after.split_at(told);
        let pid = u16::from_be_bytes([head[1], head[2]]) & 0x1fff;
        streams.push(Stream { stream_type: head[0], pid, descriptors });
        rest = after;
    }
    Some((program, streams))
}

/// Descriptors, each its tag and what it says.
pub(super) fn descriptors(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(2)?;
        let (body, after) = after.split_at_checked(head[1].into())?;
        rest = after;
        Some((head[0], body))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_comes_in_parts() {
        let mut assembly = Assembly::default();
        assert_eq!(assembly.take(false, &[9; 20]), None, "it began before");
        assert_eq!(assembly.take(true, &[2, 7, 7, 2, 0xb0]), None);
        assert_eq!(assembly.take(false, &[4, 1]), None);
        assert_eq!(assembly.take(false, &[2, 3, 4, 0xff, 0xff]), Some(vec![2, 0xb0, 4, 1, 2, 3, 4]));
        assert_eq!(assembly.take(false, &[1]), None);
        assert_eq!(assembly.take(true, &[200, 1]), None);
    }

    #[test]
    fn programs_and_streams_are_read() {
        let pat = [0, 0xb0, 17, 0, 1, 0xc1, 0, 0, 0, 0, 0xe0, 0x10, 0, 1, 0xf0, 0x00, 0, 0, 0, 0];
        assert_eq!(programs(&pat), Some(vec![0x1000]));
        let pmt = [
            2, 0xb0, 0, 0, 1, 0xc1, 0, 0, 0xe1, 0, 0xf0, 3, 5, 1, 7, 0x1b, 0xe1, 0, 0xf0, 0, 0x0f, 0xe1, 1, 0xf0, 6,
            10, 4, b'g', b'e', b'r', 0, 0, 0, 0, 0,
        ];
        let (program, streams) = streams(&pmt).expect("a map");
        assert_eq!(program, [5, 1, 7]);
        let told: Vec<_> = streams.iter().map(|stream| (stream.stream_type, stream.pid)).collect();
        assert_eq!(told, [(0x1b, 0x100), (0x0f, 0x101)]);
        assert_eq!(descriptors(streams[1].descriptors).collect::<Vec<_>>(), [(10, &b"ger\0"[..])]);
        assert_eq!((programs(&pmt), super::streams(&pat).is_none()), (None, true));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes: Vec<u8>) {
            let _ = (programs(&bytes), streams(&bytes), descriptors(&bytes).count());
        }
    }
}
