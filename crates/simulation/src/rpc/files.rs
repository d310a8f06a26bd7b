//! `upload.*`: bytes of documents, and files on their way in (core.telegram.org/api/files).

use grammers_tl_types as tl;
use tl::functions::upload as f;
use tl::{Identifiable, Serializable};

use super::Call;
use crate::post::FileKind;
use crate::refusal::Refusal;
use crate::world::Document;

const KIB: i64 = 1024;
const MIB: i64 = 1024 * KIB;

/// Writes `upload.file` straight into the packet that is sent.
pub(super) fn get(call: &Call<'_>, account: i64, request: &f::GetFile, out: &mut Vec<u8>) -> Result<(), Refusal> {
    let place = Place::read(&request.location)?;
    let (document, size) = {
        let world = call.server.world();
        let document = world.documents.get(&place.id).ok_or(Refusal::bad("FILE_ID_INVALID"))?;
        if place.access_hash != world.document_hash(account, document.id) {
            return Err(Refusal::bad("FILE_ID_INVALID"));
        }
        world.check_reference(account, document.id, place.reference, call.server.reference_age())?;
        if document.dc != call.dc {
            return Err(Refusal::new(303, format!("FILE_MIGRATE_{}", document.dc)));
        }
        (document.clone(), place.size_of(document)?)
    };
    check_range(request.precise, request.offset, request.limit)?;
    let offset = request.offset as u64;
    let mut len = size.saturating_sub(offset).min(request.limit as u64) as usize;
    if call.is_short {
        len /= 2;
    }

    out.reserve(len + 64);
    tl::types::upload::File::CONSTRUCTOR_ID.serialize(out);
    tl::enums::storage::FileType::FilePartial.serialize(out);
    document.date.serialize(out);
    // `bytes` in TL: a short or a long length, the bytes, zeros up to a multiple of four.
    let begin = out.len();
    if len < 254 {
        out.push(len as u8);
    } else {
        out.extend_from_slice(&((len as u32) << 8 | 254).to_le_bytes());
    }
    let from = out.len();
    out.resize((from + len - begin).next_multiple_of(4) + begin, 0);
    document.read(offset, &mut out[from..from + len]).map_err(|e| {
        tracing::warn!("Document {} cannot be read: {e}", document.id);
        Refusal::new(500, "FILE_READ_FAILED")
    })
}

/// What a location says.
struct Place<'l> {
    id: i64,
    access_hash: i64,
    reference: &'l [u8],
    /// A photo's size, which a document has not.
    is_photo: bool,
    thumb_size: &'l str,
}

impl<'l> Place<'l> {
    fn read(location: &'l tl::enums::InputFileLocation) -> Result<Self, Refusal> {
        use tl::enums::InputFileLocation as L;
        match location {
            L::InputDocumentFileLocation(l) => Ok(Self {
                id: l.id,
                access_hash: l.access_hash,
                reference: &l.file_reference,
                is_photo: false,
                thumb_size: &l.thumb_size,
            }),
            L::InputPhotoFileLocation(l) => Ok(Self {
                id: l.id,
                access_hash: l.access_hash,
                reference: &l.file_reference,
                is_photo: true,
                thumb_size: &l.thumb_size,
            }),
            _ => Err(Refusal::bad("LOCATION_INVALID")),
        }
    }

    fn size_of(&self, document: &Document) -> Result<u64, Refusal> {
        let invalid = Refusal::bad("LOCATION_INVALID");
        match (self.is_photo, document.kind == FileKind::Photo) {
            (true, true) => document.photo_bytes(self.thumb_size).ok_or(invalid),
            // Documents have no thumbnails here.
            (false, false) if self.thumb_size.is_empty() => Ok(document.size),
            _ => Err(invalid),
        }
    }
}

/// One call takes steps of 4 KiB and a power of two, or with `precise` any steps of 1 KiB; never more than 1 MiB and
/// never across a line of 1 MiB.
fn check_range(precise: bool, offset: i64, limit: i32) -> Result<(), Refusal> {
    let limit = i64::from(limit);
    let step = if precise { KIB } else { 4 * KIB };
    if offset < 0 || offset % step != 0 {
        return Err(Refusal::bad("OFFSET_INVALID"));
    }
    let is_allowed = limit > 0 && limit <= MIB && limit % step == 0 && (precise || MIB % limit == 0);
    if !is_allowed || offset / MIB != (offset + limit - 1) / MIB {
        return Err(Refusal::bad("LIMIT_INVALID"));
    }
    Ok(())
}

pub(super) fn save_part(call: &Call<'_>, account: i64, request: f::SaveFilePart) -> Result<bool, Refusal> {
    let mut world = call.server.world();
    let upload = world.uploads.entry((account, request.file_id)).or_default();
    upload.add(request.file_part, request.bytes)?;
    Ok(true)
}

pub(super) fn save_big_part(call: &Call<'_>, account: i64, request: f::SaveBigFilePart) -> Result<bool, Refusal> {
    let is_counted = (1..=8000).contains(&request.file_total_parts) && request.file_part < request.file_total_parts;
    // -1: streamed, the number of parts is not known yet.
    if !is_counted && request.file_total_parts != -1 {
        return Err(Refusal::bad("FILE_PARTS_INVALID"));
    }
    let mut world = call.server.world();
    let upload = world.uploads.entry((account, request.file_id)).or_default();
    upload.add(request.file_part, request.bytes)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_as_strict_as_telegram() {
        let k = 1024;
        for (precise, offset, limit, wanted) in [
            (false, 0, 1024 * k, None),
            (false, 4 * k, 4 * k, None),
            (false, 512 * k, 512 * k, None),
            (false, 1 << 40, 64 * k, None),
            (false, k, 4 * k, Some("OFFSET_INVALID")),
            (false, -4 * k, 4 * k, Some("OFFSET_INVALID")),
            (false, 0, 0, Some("LIMIT_INVALID")),
            (false, 0, -4096, Some("LIMIT_INVALID")),
            (false, 0, 12 * k, Some("LIMIT_INVALID")),
            (false, 0, 2 * k, Some("LIMIT_INVALID")),
            (false, 0, 2048 * k, Some("LIMIT_INVALID")),
            (false, 768 * k, 512 * k, Some("LIMIT_INVALID")),
            (true, k, 3 * k, None),
            (true, k, 1023 * k, None),
            (true, k, 1024 * k, Some("LIMIT_INVALID")),
            (true, 512, k, Some("OFFSET_INVALID")),
            (true, 0, 1500, Some("LIMIT_INVALID")),
        ] {
            let got = check_range(precise, offset, limit as i32).err().map(|refusal| refusal.message.into_owned());
            assert_eq!(got.as_deref(), wanted, "precise {precise}, {limit} from {offset}");
        }
    }
}
