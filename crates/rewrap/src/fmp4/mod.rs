//! Writing fMP4 (ISO/IEC 14496-12, CMAF's ISO/IEC 23000-19): the boxes of an initialization segment and of fragments.

pub(crate) mod entry;
pub(crate) mod fragment;
pub(crate) mod init;

/// Boxes, one in another.
#[derive(Debug, Default)]
pub(crate) struct Boxes(pub Vec<u8>);

impl Boxes {
    /// A box with what `inside` writes.
    pub fn add(&mut self, kind: &[u8; 4], inside: impl FnOnce(&mut Self)) {
        let from = self.0.len();
        self.u32(0).bytes(kind);
        inside(self);
        let size = u32::try_from(self.0.len() - from).unwrap_or(u32::MAX);
        self.0[from..from + 4].copy_from_slice(&size.to_be_bytes());
    }

    /// A box with a version and flags.
    pub fn full(&mut self, kind: &[u8; 4], version: u8, flags: u32, inside: impl FnOnce(&mut Self)) {
        self.add(kind, |boxes| {
            boxes.u32(u32::from(version) << 24 | flags & 0xff_ffff);
            inside(boxes);
        });
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn zeros(&mut self, count: usize) -> &mut Self {
        self.0.resize(self.0.len() + count, 0);
        self
    }

    pub fn u8(&mut self, number: u8) -> &mut Self {
        self.bytes(&[number])
    }

    pub fn u16(&mut self, number: u16) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub fn u32(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }

    pub fn u64(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_be_bytes())
    }
}
