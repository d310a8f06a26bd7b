//! Documents and where their bytes come from: computed, from a file, or from memory. Also files that clients upload
//! part by part.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::content;
use super::super::post::{FileKind, NewRendition};
use super::super::refusal::Refusal;
use super::state::write_whole;
use super::{World, now};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Document {
    pub id: i64,
    pub dc: i32,
    pub file_name: Option<String>,
    pub mime: String,
    pub size: u64,
    pub date: i32,
    /// Seconds, width, height: what a video says of itself.
    pub video: Option<(f64, i32, i32)>,
    /// What it was sent as.
    #[serde(default)]
    pub kind: FileKind,
    /// How a quality that Telegram made is encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
    /// What Telegram made of it: the documents that stand beside it in a message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<i64>,
    content: Content,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Content {
    Generated,
    File(PathBuf),
    /// Does not survive a restart of the program: with a state file, bytes become files.
    #[serde(skip)]
    Memory(Bytes),
}

/// A document before it has an id.
#[derive(Debug, Default)]
pub(in super::super) struct Draft {
    pub file_name: Option<String>,
    /// Guessed from the file name when not given.
    pub mime: Option<String>,
    pub dc: i32,
    pub video: Option<(f64, i32, i32)>,
    pub kind: FileKind,
}

/// A file on its way in.
#[derive(Debug, Default)]
pub(in super::super) struct Upload {
    pub parts: BTreeMap<i32, Vec<u8>>,
}

/// Ids look like this so that a person recognises one in a log.
const FIRST_DOCUMENT: i64 = 7_000_000_000_001;
const MIB: u64 = 1024 * 1024;

/// A photo's sizes by name, and how much of each side they have (core.telegram.org/api/files#image-thumbnail-types). The whole of the
/// document is the largest; a smaller one is its beginning.
pub(in super::super) const PHOTO_SIZES: [(&str, u64); 3] = [("m", 4), ("x", 2), ("y", 1)];

impl Document {
    /// The bytes of a photo's size, if there is one of this name.
    pub fn photo_bytes(&self, size: &str) -> Option<u64> {
        let (_, part) = PHOTO_SIZES.iter().find(|(name, _)| *name == size)?;
        (self.kind == FileKind::Photo).then(|| (self.size / (part * part)).max(1))
    }

    /// Reads exactly `buf` from `offset`; the caller does not ask beyond the end.
    pub fn read(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        match &self.content {
            Content::Generated => content::fill(self.id, offset, buf),
            // Small files, in the page cache: not worth a thread of their own.
            Content::File(path) => File::open(path)?.read_exact_at(buf, offset)?,
            Content::Memory(bytes) => {
                let from = offset as usize;
                let run = bytes.get(from..from + buf.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
                buf.copy_from_slice(run);
            }
        }
        Ok(())
    }

    /// Of the first MiB, in hexadecimal.
    pub fn sha256_first_mib(&self) -> io::Result<String> {
        let mut head = vec![0; self.size.min(MIB) as usize];
        self.read(0, &mut head)?;
        Ok(content::hex(&Sha256::digest(&head)))
    }
}

impl Upload {
    /// Checks a part as Telegram does (core.telegram.org/api/files) and keeps it.
    pub fn add(&mut self, part: i32, bytes: Vec<u8>) -> Result<(), Refusal> {
        const LARGEST: usize = 512 * 1024;
        match bytes.len() {
            0 => return Err(Refusal::bad("FILE_PART_EMPTY")),
            len if len > LARGEST => return Err(Refusal::bad("FILE_PART_TOO_BIG")),
            _ => {}
        }
        if !(0..8000).contains(&part) {
            return Err(Refusal::bad("FILE_PART_INVALID"));
        }
        self.parts.insert(part, bytes);
        Ok(())
    }

    /// The whole file. All parts but the last have the same size, which divides 512 KiB.
    pub fn finish(self, parts: i32) -> Result<Bytes, Refusal> {
        let missing = (0..parts).find(|n| !self.parts.contains_key(n));
        if let Some(n) = missing {
            return Err(Refusal::new(400, format!("FILE_PART_{n}_MISSING")));
        }
        let size = self.parts.first_key_value().map_or(0, |(_, first)| first.len());
        let whole = self.parts.into_values().take(parts.max(0) as usize).collect::<Vec<_>>();
        let Some((last, most)) = whole.split_last() else {
            return Err(Refusal::bad("FILE_PARTS_INVALID"));
        };
        let is_regular = size.is_multiple_of(1024) && (512usize * 1024).is_multiple_of(size);
        if most.iter().any(|part| part.len() != size) || last.len() > size || (!most.is_empty() && !is_regular) {
            return Err(Refusal::bad("FILE_PART_SIZE_INVALID"));
        }
        Ok(whole.concat().into())
    }
}

impl World {
    pub fn add_generated(&mut self, draft: Draft, size: u64) -> i64 {
        self.add_document(draft, size, Content::Generated)
    }

    pub fn add_file(&mut self, draft: Draft, path: PathBuf) -> io::Result<i64> {
        let path = path.canonicalize()?;
        let size = path.metadata()?.len();
        Ok(self.add_document(draft, size, Content::File(path)))
    }

    pub fn add_bytes(&mut self, draft: Draft, bytes: Bytes) -> io::Result<i64> {
        let Some(folder) = self.folder.clone() else {
            return Ok(self.add_document(draft, bytes.len() as u64, Content::Memory(bytes)));
        };
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(self.next_document().to_string());
        write_whole(&path, &bytes)?;
        self.add_file(draft, path)
    }

    /// Puts a quality beside a document, as Telegram does: the video, and its playlist, which is called after it.
    pub fn add_rendition(&mut self, of: i64, made: &NewRendition) -> io::Result<()> {
        let dc = self.documents.get(&of).map(|document| document.dc).ok_or(io::ErrorKind::NotFound)?;
        let video = Some((made.duration, made.width, made.height));
        let draft = Draft { mime: Some("video/mp4".to_owned()), dc, video, kind: FileKind::Video, ..Draft::default() };
        let video = self.add_file(draft, made.media.clone())?;
        let mut documents = vec![video];
        if let Some(playlist) = &made.playlist {
            let name = format!("mtproto:{video}");
            let text = playlist.replace("{video}", &name);
            let mime = Some("application/x-mpegurl".to_owned());
            documents.push(self.add_bytes(Draft { file_name: Some(name), mime, dc, ..Draft::default() }, text.into())?);
        }
        if let Some(document) = self.documents.get_mut(&video) {
            document.codec = Some(made.codec.clone().unwrap_or_else(|| "h264".to_owned()));
        }
        if let Some(document) = self.documents.get_mut(&of) {
            document.made.extend(documents);
        }
        Ok(())
    }

    fn next_document(&self) -> i64 {
        self.documents.last_key_value().map_or(FIRST_DOCUMENT, |(id, _)| id + 1)
    }

    fn add_document(&mut self, draft: Draft, size: u64, content: Content) -> i64 {
        let id = self.next_document();
        let name = draft.file_name.as_deref().unwrap_or_default();
        let mime = draft.mime.unwrap_or_else(|| draft.kind.mime().unwrap_or_else(|| mime_of(name)).to_owned());
        let document = Document {
            id,
            dc: draft.dc,
            file_name: draft.file_name,
            mime,
            size,
            date: now(),
            video: draft.video,
            kind: draft.kind,
            codec: None,
            made: Vec::new(),
            content,
        };
        self.documents.insert(id, document);
        id
    }
}

fn mime_of(file_name: &str) -> &'static str {
    let extension = file_name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    match extension.as_deref() {
        Some("mkv") => "video/x-matroska",
        Some("mp4" | "m4v") => "video/mp4",
        Some("avi") => "video/x-msvideo",
        Some("webm") => "video/webm",
        Some("ts") => "video/mp2t",
        Some("srt") => "application/x-subrip",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_are_checked_part_by_part() {
        let k = |n: usize| vec![1; n * 1024];
        for (parts, count, wanted) in [
            (vec![(0, k(512)), (1, k(3))], 2, Ok(515 * 1024)),
            (vec![(0, vec![1; 77])], 1, Ok(77)),
            (vec![(1, k(1)), (0, k(1))], 2, Ok(2048)),
            (vec![(0, k(1)), (2, k(1))], 3, Err("FILE_PART_1_MISSING")),
            (vec![(0, k(3)), (1, k(1))], 2, Err("FILE_PART_SIZE_INVALID")),
            (vec![(0, k(1)), (1, k(2))], 2, Err("FILE_PART_SIZE_INVALID")),
            (vec![(0, k(513))], 1, Err("FILE_PART_TOO_BIG")),
            (vec![(0, k(0))], 1, Err("FILE_PART_EMPTY")),
            (vec![(-1, k(1))], 1, Err("FILE_PART_INVALID")),
            (vec![], 0, Err("FILE_PARTS_INVALID")),
        ] {
            let mut upload = Upload::default();
            let got = parts
                .into_iter()
                .try_for_each(|(n, bytes)| upload.add(n, bytes))
                .and_then(|()| upload.finish(count))
                .map(|bytes| bytes.len())
                .map_err(|refusal| refusal.message.into_owned());
            assert_eq!(got, wanted.map_err(str::to_owned));
        }
    }

    #[test]
    fn bytes_come_back_from_memory_and_from_a_folder() {
        let folder = std::env::temp_dir().join(format!("cinepost-sim-documents-{}", std::process::id()));
        for folder in [None, Some(folder.clone())] {
            let mut world = World { folder, ..World::default() };
            let id = world.add_bytes(Draft::default(), Bytes::from_static(b"0123456789")).expect("written");
            let mut buf = [0; 4];
            world.documents[&id].read(3, &mut buf).expect("readable");
            assert_eq!(&buf, b"3456");
            assert!(world.documents[&id].read(8, &mut buf).is_err());
        }
        std::fs::remove_dir_all(folder).expect("it was made");
    }
}
