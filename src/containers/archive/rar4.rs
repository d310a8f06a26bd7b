//! Blocks of RAR 1.5 to 4.
//!
//! ```text
//! crc u16 | type u8 | flags u16 | size u16 | [data size u32, if flags & 0x8000] ...
//! ```

use super::bytes::{Fields, Known, crc32, header};
use super::rar::{Block, File, Found};
use super::{Packing, Stop, damaged};

const MAIN: u8 = 0x73;
const FILE: u8 = 0x74;
const END: u8 = 0x7b;
const HAS_DATA: u16 = 0x8000;
const STORED: u8 = 0x30;

pub(super) fn block(known: &Known, at: u64, end: u64) -> Result<Found, Stop> {
    let Some(bytes) = header(known, at, 7, 7, end)? else { return damaged("a header is cut off") };
    let mut fields = Fields::new(bytes);
    let parse = (|| Some((fields.u16()?, fields.u8()?, fields.u16()?, fields.u16()?)))();
    let Some((crc, kind, flags, size)) = parse else { return damaged("a header is cut off") };
    if size < 7 {
        return damaged("a header is too short");
    }
    let size = u64::from(size);
    let Some(bytes) = header(known, at, size, size, end)? else { return damaged("a header is cut off") };
    // Old comments inside a header are not part of its checksum, so only what we trust is checked.
    if matches!(kind, FILE | END) && crc32(&bytes[2..]) as u16 != crc {
        return damaged("a header is damaged");
    }
    let mut fields = Fields::new(&bytes[7..]);
    let mut data_len = if flags & HAS_DATA != 0 || kind == FILE { u64::from(fields.u32().unwrap_or(0)) } else { 0 };
    let block = match kind {
        MAIN if flags & 0x0080 != 0 => Block::Locked,
        END => Block::End { more: flags & 1 != 0 },
        FILE => match file(fields, flags, &mut data_len) {
            Some(file) => Block::File(file),
            None => return damaged("a header is cut off"),
        },
        _ => Block::Other,
    };
    let data = at + size;
    match data.checked_add(data_len) {
        Some(next) => Ok(Found { block, data: (data, data_len), next }),
        None => damaged("a file lies outside of it"),
    }
}

/// `fields` behind the packed size, of which `data_len` has the low half.
fn file(mut fields: Fields, flags: u16, data_len: &mut u64) -> Option<File> {
    fields.skip(4 + 1 + 4 + 4 + 1)?;
    let method = fields.u8()?;
    let name_len = fields.u16()?;
    fields.skip(4)?;
    if flags & 0x0100 != 0 {
        *data_len |= u64::from(fields.u32()?) << 32;
        fields.skip(4)?;
    }
    let name = fields.take(name_len.into())?;
    // With 0x0200 the plain name is followed by a zero and a packed Unicode form; without that form it is UTF-8 itself.
    let plain = name.split(|byte| *byte == 0).next().unwrap_or(name);
    Some(File {
        name: String::from_utf8_lossy(plain).into_owned(),
        is_folder: flags & 0x00e0 == 0x00e0,
        packing: match method {
            _ if flags & 0x0004 != 0 => Packing::Encrypted,
            STORED => Packing::Stored,
            _ => Packing::Compressed,
        },
        began_before: flags & 0x0001 != 0,
        goes_on: flags & 0x0002 != 0,
    })
}
