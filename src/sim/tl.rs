//! Writing TL objects by hand. The schema's own structs have up to eighty optional fields each; the simulation sets a handful, so
//! it writes constructor, flags and the fields that are there. Constructor ids come from the schema that clients are
//! built with.

use grammers_tl_types::{Identifiable, types};

/// Appends TL values (core.telegram.org/mtproto/serialize).
#[derive(Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// Begins an object.
    pub fn object<T: Identifiable>() -> Self {
        let mut writer = Self::default();
        writer.int(T::CONSTRUCTOR_ID as i32);
        writer
    }

    pub fn int(&mut self, value: i32) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Flags whose set bits are named.
    pub fn flags(&mut self, bits: &[(u32, bool)]) -> &mut Self {
        self.int(bits.iter().filter(|(_, set)| *set).fold(0u32, |flags, (bit, _)| flags | 1 << bit) as i32)
    }

    pub fn long(&mut self, value: i64) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub fn double(&mut self, value: f64) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub fn boolean(&mut self, value: bool) -> &mut Self {
        self.int(if value { 0x9972_75b5_u32 as i32 } else { 0xbc79_9737_u32 as i32 })
    }

    pub fn string(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        let at = self.begin_bytes(bytes.len());
        self.0.extend_from_slice(bytes);
        self.end_bytes(at)
    }

    /// Begins a byte string whose bytes the caller appends; for those that should not be copied twice.
    pub fn begin_bytes(&mut self, length: usize) -> usize {
        let at = self.0.len();
        match length {
            0..254 => self.0.push(length as u8),
            _ => self.0.extend_from_slice(&((length as u32) << 8 | 0xfe).to_le_bytes()),
        }
        at
    }

    /// Pads a byte string that began at `at`.
    pub fn end_bytes(&mut self, at: usize) -> &mut Self {
        while !(self.0.len() - at).is_multiple_of(4) {
            self.0.push(0);
        }
        self
    }

    pub fn raw(&mut self, object: &[u8]) -> &mut Self {
        self.0.extend_from_slice(object);
        self
    }

    /// A vector of objects that are written already.
    pub fn vector<T: AsRef<[u8]>>(&mut self, items: &[T]) -> &mut Self {
        self.int(0x1cb5_c415);
        self.int(items.len() as i32);
        for item in items {
            self.raw(item.as_ref());
        }
        self
    }

    pub fn nothing(&mut self) -> &mut Self {
        self.vector::<Vec<u8>>(&[])
    }

    pub fn done(self) -> Vec<u8> {
        self.0
    }
}

pub fn peer_channel(id: i64) -> Vec<u8> {
    let mut w = Writer::object::<types::PeerChannel>();
    w.long(id);
    w.done()
}

pub fn peer_user(id: i64) -> Vec<u8> {
    let mut w = Writer::object::<types::PeerUser>();
    w.long(id);
    w.done()
}

pub fn boolean(value: bool) -> Vec<u8> {
    let mut w = Writer::default();
    w.boolean(value);
    w.done()
}
