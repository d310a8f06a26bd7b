//! What a film calls itself, its cover, and chapters as Nero writes them.

use super::boxes::{Atom, Fields, boxes, find};
use crate::{Attachment, Chapter, strings};

/// Its title: as iTunes writes it, as QuickTime does in either of its ways, as 3GPP does.
pub(super) fn title(moov: &[u8]) -> Option<String> {
    let udta = find(moov, b"udta").unwrap_or_default();
    let itunes = || value(item(items(udta)?, b"\xa9nam")?);
    let keyed = || keyed_title(meta(moov)?);
    let quicktime = || strings::text(find(udta, b"\xa9nam")?.get(4..)?);
    let of_3gpp = || strings::text(find(udta, b"titl")?.get(6..)?);
    itunes().or_else(keyed).or_else(quicktime).or_else(of_3gpp)
}

/// The boxes in `meta`, which is a full box in ISO's files and none in QuickTime's.
fn meta(holder: &[u8]) -> Option<&[u8]> {
    let body = find(holder, b"meta")?;
    if body.get(4..8) == Some(b"hdlr") { Some(body) } else { body.get(4..) }
}

fn items(udta: &[u8]) -> Option<&[u8]> {
    find(meta(udta)?, b"ilst")
}

fn item<'a>(ilst: &'a [u8], name: &[u8; 4]) -> Option<&'a [u8]> {
    find(find(ilst, name)?, b"data")
}

/// The text in a `data` box, behind its type and its country.
fn value(data: &[u8]) -> Option<String> {
    strings::text(data.get(8..)?)
}

/// QuickTime's later way: `keys` has names, and items have the number of a name.
fn keyed_title(meta: &[u8]) -> Option<String> {
    const NAMES: [&[u8]; 2] = [b"com.apple.quicktime.title", b"com.apple.quicktime.displayname"];
    let keys = boxes(find(meta, b"keys")?.get(8..)?);
    let number = keys.zip(1u32..).find(|(key, _)| NAMES.contains(&key.body)).map(|(_, number)| number)?;
    value(item(find(meta, b"ilst")?, &number.to_be_bytes())?)
}

/// The covers. `moov_at`: where `moov`'s body begins in the file.
pub(super) fn covers(moov: &[u8], moov_at: u64) -> Vec<Attachment> {
    let udta = find(moov, b"udta").unwrap_or_default();
    let Some(covr) = items(udta).and_then(|ilst| find(ilst, b"covr")) else { return Vec::new() };
    let pictures = boxes(covr).filter(|atom| atom.kind == *b"data" && !atom.cut);
    pictures.filter_map(|Atom { body, .. }| cover(body, moov, moov_at)).take(MOST_COVERS).collect()
}

const MOST_COVERS: usize = 16;

fn cover(data: &[u8], moov: &[u8], moov_at: u64) -> Option<Attachment> {
    let kind = Fields(data).u32()?;
    let picture = data.get(8..).filter(|picture| !picture.is_empty())?;
    let (name, mime) = match (kind, picture) {
        (14, _) | (_, [0x89, b'P', b'N', b'G', ..]) => ("cover.png", "image/png"),
        (13, _) | (_, [0xff, 0xd8, ..]) => ("cover.jpg", "image/jpeg"),
        _ => return None,
    };
    // `picture` lies in `moov`, so that the distance of their addresses is its place.
    let at = moov_at + (picture.as_ptr().addr() - moov.as_ptr().addr()) as u64;
    Some(Attachment { name: name.into(), mime: mime.into(), range: at..at + picture.len() as u64 })
}

/// Nero's chapters (`chpl`): their beginnings in units of 100 ns, and names of at most 255 bytes. Nobody published it; every muxer writes it so.
pub(super) fn nero_chapters(moov: &[u8]) -> Vec<Chapter> {
    let Some(chpl) = find(moov, b"udta").and_then(|udta| find(udta, b"chpl")) else { return Vec::new() };
    let mut fields = Fields(chpl);
    let Some(count) = nero_count(&mut fields) else { return Vec::new() };
    let chapter = |_| {
        let start = fields.u64()?;
        let length = fields.u8()?;
        let name = fields.take(length.into())?;
        Some(Chapter { start_ms: start / 10_000, end_ms: None, title: strings::text(name) })
    };
    (0..count).map_while(chapter).collect()
}

fn nero_count(fields: &mut Fields) -> Option<u8> {
    let (version, _) = fields.version_and_flags()?;
    if version > 0 {
        fields.u32()?;
    }
    fields.u8()
}

#[cfg(test)]
mod tests {
    use super::super::tests::atom;
    use super::*;

    fn data(kind: u32, value: &[u8]) -> Vec<u8> {
        atom(b"data", &[&kind.to_be_bytes()[..], &[0; 4], value].concat())
    }

    #[test]
    fn a_title_is_found_in_every_place() {
        let ilst = atom(b"ilst", &atom(b"\xa9nam", &data(1, b"Film")));
        let itunes = atom(b"udta", &atom(b"meta", &[&[0; 4], &atom(b"hdlr", b"")[..], &ilst].concat()));
        let key = atom(b"mdta", b"com.apple.quicktime.title");
        let keys = atom(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 2][..], &atom(b"mdta", b"x"), &key].concat());
        let listed = atom(b"ilst", &atom(&[0, 0, 0, 2], &data(1, b"Film")));
        let keyed = atom(b"meta", &[atom(b"hdlr", b""), keys, listed].concat());
        let quicktime = atom(b"udta", &atom(b"\xa9nam", b"\0\x04\0\0Film"));
        let of_3gpp = atom(b"udta", &atom(b"titl", b"\0\0\0\0\x15\xc7Film\0"));
        for moov in [itunes, keyed, quicktime, of_3gpp] {
            assert_eq!(title(&moov).as_deref(), Some("Film"), "{moov:?}");
        }
        assert_eq!(title(b""), None);
    }

    #[test]
    fn covers_have_a_place_in_the_file() {
        let covr = atom(b"covr", &[data(13, b"\xff\xd8jpeg"), data(0, b"\x89PNG."), data(0, b"?")].concat());
        let meta = atom(b"meta", &[&[0; 4], &atom(b"ilst", &covr)[..]].concat());
        let moov = atom(b"udta", &meta);
        let read = covers(&moov, 1000);
        let names: Vec<&str> = read.iter().map(|cover| cover.name.as_str()).collect();
        assert_eq!(names, ["cover.jpg", "cover.png"]);
        let picture = read[0].range.start as usize - 1000..read[0].range.end as usize - 1000;
        assert_eq!(&moov[picture], b"\xff\xd8jpeg");
    }

    #[test]
    fn neros_chapters_are_read_as_far_as_they_reach() {
        let mut chpl = b"\x01\0\0\0\0\0\0\0\x03\0\0\0\0\0\0\0\0\x03One\0\0\0\0\x05\xf5\xe1\0\x03Two\0\0".to_vec();
        chpl.extend([0; 2]);
        let moov = atom(b"udta", &atom(b"chpl", &chpl));
        let read = nero_chapters(&moov);
        let read: Vec<_> = read.iter().map(|chapter| (chapter.start_ms, chapter.title.as_deref())).collect();
        assert_eq!(read, [(0, Some("One")), (10_000, Some("Two"))]);
    }
}
