//! Blocks of RAR 5 and later. Numbers are vints, but for the checksum.
//!
//! ```text
//! crc u32 | size | type | flags | [extra size, if flags & 1] [data size, if flags & 2] | fields of the type | extra
//! ```
//!
//! `size` counts from `type` on, `extra` included.

use super::bytes::{Fields, Known, crc32, header, run_before};
use super::rar::{Block, File, Found};
use super::{Packing, Stop, damaged};

const FILE: u64 = 2;
const ENCRYPTION: u64 = 4;
const END: u64 = 5;
/// The technote's limit.
const MAX_HEADER: u64 = 2 << 20;

pub(super) fn block(known: &Known, at: u64, end: u64) -> Result<Found, Stop> {
    // The size has three bytes at most.
    let Some(bytes) = header(known, at, 7, 7, end)? else { return damaged("a header is cut off") };
    let mut fields = Fields::new(bytes);
    let parse = (|| {
        let crc = fields.u32()?;
        Some((crc, fields.vint()?))
    })();
    let Some((crc, size)) = parse.filter(|(_, size)| (1..=MAX_HEADER).contains(size)) else {
        return damaged("a header has no length");
    };
    let size_len = (bytes.len() - fields.rest.len() - 4) as u64;
    let Some(run) = run_before(at + 4, size_len + size, end) else { return damaged("a header is cut off") };
    let bytes = known.get(run.start, run.len)?;
    if crc32(bytes) != crc {
        return damaged("a header is damaged");
    }
    let data = run.start + run.len;
    let Some((block, data_len)) = read(Fields::new(&bytes[size_len as usize..])) else {
        return damaged("a header cannot be read");
    };
    match data.checked_add(data_len) {
        Some(next) => Ok(Found { block, data: (data, data_len), next }),
        None => damaged("a file lies outside of it"),
    }
}

fn read(mut fields: Fields) -> Option<(Block, u64)> {
    let (kind, flags) = (fields.vint()?, fields.vint()?);
    let extra_len = if flags & 1 != 0 { usize::try_from(fields.vint()?).ok()? } else { 0 };
    let data_len = if flags & 2 != 0 { fields.vint()? } else { 0 };
    let (content, extra) = fields.rest.split_at_checked(fields.rest.len().checked_sub(extra_len)?)?;
    let block = match kind {
        FILE => Block::File(file(Fields::new(content), Fields::new(extra), flags)?),
        ENCRYPTION => Block::Locked,
        END => Block::End { more: Fields::new(content).vint()? & 1 != 0 },
        _ => Block::Other,
    };
    Some((block, data_len))
}

fn file(mut fields: Fields, mut extra: Fields, flags: u64) -> Option<File> {
    let file_flags = fields.vint()?;
    fields.vint()?;
    fields.vint()?;
    if file_flags & 2 != 0 {
        fields.skip(4)?;
    }
    if file_flags & 4 != 0 {
        fields.skip(4)?;
    }
    let compression = fields.vint()?;
    fields.vint()?;
    let name_len = usize::try_from(fields.vint()?).ok()?;
    let name = String::from_utf8_lossy(fields.take(name_len)?).into_owned();
    let mut is_encrypted = false;
    while let Some(len) = extra.vint() {
        let Some(record) = usize::try_from(len).ok().and_then(|len| extra.take(len)) else { break };
        // File encryption.
        is_encrypted |= Fields::new(record).vint() == Some(1);
    }
    Some(File {
        name,
        is_folder: file_flags & 1 != 0,
        packing: match compression >> 7 & 7 {
            _ if is_encrypted => Packing::Encrypted,
            0 => Packing::Stored,
            _ => Packing::Compressed,
        },
        began_before: flags & 0x08 != 0,
        goes_on: flags & 0x10 != 0,
    })
}
