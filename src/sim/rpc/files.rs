//! Reading and writing files, with every rule of core.telegram.org/api/files that a client can break.

use grammers_tl_types::{enums, functions as f, types};

use super::account::yes;
use super::{Answer, Context, RpcError, bad};
use crate::sim::tl::Writer;

const KIB: i64 = 1024;
const MIB: i64 = 1024 * KIB;
/// Parts of an upload are at most this long.
const LONGEST_PART: usize = 512 * 1024;

pub fn get(at: &Context<'_>) -> Answer {
    let request: f::upload::GetFile = at.call.parameters()?;
    let enums::InputFileLocation::InputDocumentFileLocation(location) = &request.location else {
        return Err(bad("LOCATION_INVALID"));
    };
    check_range(request.offset, i64::from(request.limit), request.precise)?;
    let content = at.server.world(|world| {
        let account = world.account(at.account()).ok_or_else(|| bad("USER_ID_INVALID"))?;
        let document = world.documents.get(&location.id).ok_or_else(|| bad("FILE_ID_INVALID"))?;
        // Another account's hash opens nothing.
        if location.access_hash != world.access_hash(account.id, "document", document.id) {
            return Err(bad("FILE_ID_INVALID"));
        }
        if document.dc != at.dc() {
            return Err(RpcError::new(303, format!("FILE_MIGRATE_{}", document.dc)));
        }
        world.check_reference(account, document.id, &location.file_reference).map_err(bad)?;
        Ok(document.content())
    })?;
    let length = content.size().saturating_sub(request.offset as u64).min(request.limit as u64) as usize;
    let length = length.saturating_sub(at.fewer);
    let mut w = Writer::object::<types::upload::File>();
    w.0.reserve(length + 32);
    w.raw(&Writer::object::<types::storage::FilePartial>().done()).int(0);
    let begin = w.begin_bytes(length);
    content.read(request.offset as u64, length, &mut w.0);
    w.end_bytes(begin);
    Ok(w.done())
}

/// Offset and limit as Telegram takes them: in steps of 4 KiB with a limit that divides 1 MiB, or with `precise` in steps of
/// 1 KiB; never over a 1 MiB line of the file.
fn check_range(offset: i64, limit: i64, precise: bool) -> Result<(), RpcError> {
    let step = if precise { KIB } else { 4 * KIB };
    if offset < 0 || offset % step != 0 {
        return Err(bad("OFFSET_INVALID"));
    }
    let divides = precise || MIB % limit.max(1) == 0;
    if limit < 1 || limit > MIB || limit % step != 0 || !divides {
        return Err(bad("LIMIT_INVALID"));
    }
    match offset / MIB == (offset + limit - 1) / MIB {
        true => Ok(()),
        false => Err(bad("LIMIT_INVALID")),
    }
}

pub fn save_part(at: &Context<'_>) -> Answer {
    let request: f::upload::SaveFilePart = at.call.parameters()?;
    save(at, request.file_id, request.file_part, request.bytes)
}

pub fn save_big_part(at: &Context<'_>) -> Answer {
    let request: f::upload::SaveBigFilePart = at.call.parameters()?;
    save(at, request.file_id, request.file_part, request.bytes)
}

fn save(at: &Context<'_>, file: i64, part: i32, bytes: Vec<u8>) -> Answer {
    if bytes.is_empty() || bytes.len() > LONGEST_PART {
        return Err(bad("FILE_PART_SIZE_INVALID"));
    }
    if !(0..8_000).contains(&part) {
        return Err(bad("FILE_PART_INVALID"));
    }
    at.server.world_mut(|world| world.uploads.entry((at.account(), file)).or_default().insert(part, bytes));
    yes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_as_strict_as_telegrams() {
        let k = KIB;
        let cases = [
            (0, MIB, false, None),
            (0, 512 * k, false, None),
            (512 * k, 512 * k, false, None),
            (4 * k, 4 * k, false, None),
            (k, k, true, None),
            (1023 * k, k, true, None),
            (0, 12 * k, true, None),
            (k, 4 * k, false, Some("OFFSET_INVALID")),
            (512, k, true, Some("OFFSET_INVALID")),
            (-4096, 4 * k, false, Some("OFFSET_INVALID")),
            (0, 12 * k, false, Some("LIMIT_INVALID")),
            (0, k, false, Some("LIMIT_INVALID")),
            (0, 0, false, Some("LIMIT_INVALID")),
            (0, 2 * MIB, false, Some("LIMIT_INVALID")),
            (4 * k, MIB, false, Some("LIMIT_INVALID")),
            (768 * k, 512 * k, false, Some("LIMIT_INVALID")),
            (1023 * k, 2 * k, true, Some("LIMIT_INVALID")),
        ];
        for (offset, limit, precise, wanted) in cases {
            let got = check_range(offset, limit, precise).err().map(|e| e.text);
            assert_eq!(got.as_deref(), wanted, "{offset} {limit} {precise}");
        }
    }
}
