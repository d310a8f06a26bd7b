//! Zip, as PKWARE's APPNOTE.TXT 6.3 has it: the index stands at the end and names where each member's own header lies.
//!
//! ```text
//! [local header|name|extra|data] ... [central directory: one header per member] [zip64 end][locator] [end|comment]
//! ```
//!
//! An archive that the archiver split (`.z01` ... `.zip`) counts offsets from the beginning of a volume and names the volume;
//! data goes on in the next one without any header between.

use std::collections::HashSet;

use super::bytes::{Fields, Known, run_before};
use crate::domain::subtitles::{MAX_BYTES, form};
use crate::domain::volumes::ArchiveSplit;

use super::{MAX_MEMBERS, MAX_SUBTITLES, Member, Packing, Problem, Stop, Volumes, damaged, member_name};

const END: u32 = 0x0605_4b50;
const END_BYTES: u64 = 22;
const ZIP64_LOCATOR: u32 = 0x0706_4b50;
const ZIP64_LOCATOR_BYTES: u64 = 20;
const ZIP64_END: u32 = 0x0606_4b50;
const ZIP64_END_BYTES: u64 = 56;
const CENTRAL: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
const LOCAL_BYTES: u64 = 30;
/// The end's comment has a 16-bit length.
const MAX_COMMENT: u64 = 65_535;
/// Of the central directory: some 100,000 members.
const MAX_INDEX: u64 = 16 << 20;

/// What the end says of the central directory.
struct End {
    /// Volumes in all.
    volumes: u64,
    volume: u64,
    offset: u64,
    len: u64,
    members: u64,
    /// Where the central directory must have ended.
    before: u64,
}

pub(super) fn members(known: &Known, volumes: &Volumes, split: ArchiveSplit) -> Result<Vec<Member>, Stop> {
    let end = end(known, volumes)?;
    let is_split = end.volumes > 1;
    if is_split && end.volumes != volumes.count() as u64 {
        // The last volume is here (it holds the end), so those before it are not.
        return match split {
            ArchiveSplit::Archiver if end.volumes > volumes.count() as u64 => {
                Err(Stop::Failed(Problem::Missing { volume: Some(volumes.count()) }))
            }
            _ => damaged("it counts its volumes otherwise"),
        };
    }
    if end.len > MAX_INDEX || end.members > MAX_MEMBERS as u64 {
        return damaged("its index is too large");
    }
    // Bytes put before an archive shift everything in it.
    let shift = match is_split {
        true => 0,
        false => match end.before.checked_sub(end.len).and_then(|start| start.checked_sub(end.offset)) {
            Some(shift) => shift,
            None => return damaged("its index lies outside of it"),
        },
    };
    let place = |volume: u64, offset: u64| match is_split {
        true => volumes.at(volume, offset),
        false => offset.checked_add(shift),
    };
    let Some(start) = place(end.volume, end.offset) else { return damaged("its index lies outside of it") };
    let Some(run) = run_before(start, end.len, volumes.end()) else {
        return damaged("its index lies outside of it");
    };
    let mut fields = Fields::new(known.get(run.start, run.len)?);
    let (mut members, mut names, mut lines) = (Vec::new(), HashSet::new(), 0);
    for _ in 0..end.members {
        let Some(entry) = central(&mut fields) else { return damaged("its index cannot be read") };
        if entry.name.ends_with(['/', '\\']) || entry.size == 0 {
            continue;
        }
        let name = member_name(&entry.name);
        if name.is_empty() || !names.insert(name.clone()) {
            continue;
        }
        let is_lines = form(&name).is_some();
        let packing = as_used(&entry, is_lines, lines);
        lines += usize::from(is_lines && matches!(packing, Packing::Stored | Packing::Deflated));
        let runs = match packing {
            Packing::Stored | Packing::Deflated => {
                let run = match place(entry.volume, entry.offset) {
                    Some(at) => data(known, volumes, at, entry.packed),
                    None => damaged("a member lies outside of it"),
                };
                match run {
                    // One file of subtitles that is not where it should be takes nothing from the others.
                    Err(Stop::Failed(_)) if packing == Packing::Deflated => continue,
                    run => vec![run?],
                }
            }
            Packing::Compressed | Packing::Encrypted => Vec::new(),
        };
        members.push(Member { name, packing, runs, size: entry.size });
    }
    Ok(members)
}

/// What nobody unpacks is not looked for: its header would cost a read. `lines`: members of subtitles before it.
fn as_used(entry: &Entry, is_lines: bool, lines: usize) -> Packing {
    match entry.packing {
        Packing::Deflated if !is_lines || entry.size > MAX_BYTES => Packing::Compressed,
        Packing::Stored | Packing::Deflated if is_lines && lines >= MAX_SUBTITLES => Packing::Compressed,
        packing => packing,
    }
}

/// Where a stored member's bytes lie. Its own header must be asked: its extra field may be longer than the index's.
fn data(known: &Known, volumes: &Volumes, at: u64, size: u64) -> Result<(u64, u64), Stop> {
    if run_before(at, LOCAL_BYTES, volumes.end()).is_none() {
        return damaged("a member lies outside of it");
    }
    let mut fields = Fields::new(known.get(at, LOCAL_BYTES)?);
    let lengths = (|| {
        let is_local = fields.u32()? == LOCAL;
        fields.skip(22)?;
        is_local.then_some((fields.u16()?, fields.u16()?))
    })();
    let Some((name, extra)) = lengths else { return damaged("a member is not where its index says") };
    let start = (at + LOCAL_BYTES).saturating_add(u64::from(name) + u64::from(extra));
    match run_before(start, size, volumes.end()) {
        Some(run) => Ok((run.start, run.len)),
        None => damaged("a member lies outside of it"),
    }
}

fn end(known: &Known, volumes: &Volumes) -> Result<End, Stop> {
    let all = volumes.end();
    let tail = all.min(END_BYTES + MAX_COMMENT + ZIP64_LOCATOR_BYTES + ZIP64_END_BYTES);
    let from = all - tail;
    let bytes = known.get(from, tail)?;
    // The last signature whose comment ends where the archive does: a comment may hold anything.
    let is_end = |at: &usize| {
        let mut fields = Fields::new(&bytes[*at..]);
        let is_signed = fields.u32() == Some(END);
        is_signed
            && fields.skip(16).and_then(|()| fields.u16()).is_some_and(|len| usize::from(len) == fields.rest.len())
    };
    let Some(at) = (0..bytes.len().saturating_sub(END_BYTES as usize - 1)).rev().find(is_end) else {
        return damaged("its end is missing");
    };
    let parse = || {
        let mut fields = Fields::new(&bytes[at + 4..]);
        let (this, volume) = (fields.u16()?, fields.u16()?);
        fields.skip(2)?;
        let (members, len, offset) = (fields.u16()?, fields.u32()?, fields.u32()?);
        Some(End {
            volumes: u64::from(this) + 1,
            volume: volume.into(),
            offset: offset.into(),
            len: len.into(),
            members: members.into(),
            before: from + at as u64,
        })
    };
    let Some(end) = parse() else { return damaged("its end is cut off") };
    let is_full = end.volumes == 0x1_0000
        || end.volume == 0xffff
        || end.members == 0xffff
        || end.len == 0xffff_ffff
        || end.offset == 0xffff_ffff;
    let locator = || {
        let mut fields = Fields::new(bytes.get(at.checked_sub(ZIP64_LOCATOR_BYTES as usize)?..at)?);
        let is_locator = fields.u32()? == ZIP64_LOCATOR;
        is_locator.then_some((fields.u32()?, fields.u64()?, fields.u32()?))
    };
    match locator() {
        Some((volume, offset, count)) => {
            let place = if count > 1 { volumes.at(volume.into(), offset) } else { Some(offset) };
            // Bytes before an archive shift this too: it still stands right before its locator.
            let beside = (end.before - ZIP64_LOCATOR_BYTES).checked_sub(ZIP64_END_BYTES);
            for place in [place, beside].into_iter().flatten() {
                if run_before(place, ZIP64_END_BYTES, all).is_some()
                    && let Some(end) = zip64_end(known.get(place, ZIP64_END_BYTES)?, place)
                {
                    return Ok(end);
                }
            }
            damaged("its zip64 end is missing")
        }
        None if is_full => damaged("its zip64 end is missing"),
        None => Ok(end),
    }
}

fn zip64_end(bytes: &[u8], at: u64) -> Option<End> {
    let mut fields = Fields::new(bytes);
    if fields.u32()? != ZIP64_END {
        return None;
    }
    fields.skip(12)?;
    let (this, volume) = (fields.u32()?, fields.u32()?);
    fields.skip(8)?;
    let (members, len, offset) = (fields.u64()?, fields.u64()?, fields.u64()?);
    Some(End { volumes: u64::from(this) + 1, volume: volume.into(), offset, len, members, before: at })
}

/// A member as the central directory has it.
struct Entry {
    name: String,
    packing: Packing,
    size: u64,
    /// Bytes as it lies in the archive.
    packed: u64,
    volume: u64,
    offset: u64,
}

fn central(fields: &mut Fields) -> Option<Entry> {
    if fields.u32()? != CENTRAL {
        return None;
    }
    fields.skip(4)?;
    let (flags, method) = (fields.u16()?, fields.u16()?);
    fields.skip(8)?;
    let (packed, size) = (fields.u32()?, fields.u32()?);
    let (name_len, extra_len, comment_len) = (fields.u16()?, fields.u16()?, fields.u16()?);
    let volume = fields.u16()?;
    fields.skip(6)?;
    let offset = fields.u32()?;
    let name = name(fields.take(name_len.into())?);
    let mut extra = Fields::new(fields.take(extra_len.into())?);
    fields.skip(comment_len.into())?;

    let mut wide = Fields::new(&[]);
    while let (Some(id), Some(len)) = (extra.u16(), extra.u16()) {
        // Some tools write lengths past the end of the extra field; what stands there does not count.
        let Some(content) = extra.take(len.into()) else { break };
        if id == 1 {
            wide = Fields::new(content);
        }
    }
    // Zip64: the fields that did not fit follow in this order, each only if its short form is full.
    let mut widened = |short: u32| if short == u32::MAX { wide.u64() } else { Some(short.into()) };
    let (size, packed, offset) = (widened(size)?, widened(packed)?, widened(offset)?);
    let volume = if volume == u16::MAX { wide.u32()?.into() } else { u64::from(volume) };
    // Bit 0: encrypted; bit 13: so is the index. Method 99: AES.
    let packing = match method {
        _ if flags & 0x2001 != 0 => Packing::Encrypted,
        99 => Packing::Encrypted,
        0 if packed == size => Packing::Stored,
        8 if packed > 0 => Packing::Deflated,
        _ => Packing::Compressed,
    };
    Some(Entry { name, packing, size, packed, volume, offset })
}

/// UTF-8, whether its flag (bit 11) says so or not: many write it without. What is none was written in whatever the writer's system had, which nobody
/// says; each byte becomes a letter of its own, so that two names stay two.
fn name(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_owned(),
        // Latin-1, and for its control characters, which would be taken out of names, letters that no name has.
        Err(_) => bytes.iter().map(|byte| letter(*byte)).collect(),
    }
}

fn letter(byte: u8) -> char {
    match byte {
        0x80..=0x9f => char::from_u32(0x0100 + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_utf_8_stay_as_many_as_they_were() {
        assert_eq!(name("Жизнь.srt".as_bytes()), "Жизнь.srt");
        assert_eq!(name(b"F\xfcr.srt"), "F\u{fc}r.srt");
        let all: HashSet<String> = (0x80..=0xff).map(|byte| member_name(&name(&[b'a', byte, b'b']))).collect();
        assert_eq!(all.len(), 0x80);
        assert!(all.iter().all(|name| name.chars().count() == 3));
    }
}
