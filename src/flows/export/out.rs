//! Where the files go: a folder that is kept true, or a zip.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use super::Error;
use crate::adapters::data_folder::tree::{Kept, Tree};
use crate::adapters::data_folder::{Draft, Readers};

pub(super) enum Out {
    Folder(Box<Tree>),
    Zip(Box<Zip>),
}

/// What came of it.
pub(super) struct Ended {
    pub kept: Kept,
    pub zip_bytes: Option<u64>,
}

impl Out {
    /// A zip where the name ends so, else a folder.
    pub fn open(target: &Path) -> Result<Self, Error> {
        let is_zip = target.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) && !target.is_dir();
        if !is_zip {
            return Ok(Self::Folder(Box::new(Tree::open(target)?)));
        }
        let failed = |problem: io::Error| Error::Zip { path: target.to_owned(), problem: problem.to_string() };
        if !may_replace(target).map_err(failed)? {
            return Err(Error::SomebodyElses(target.to_owned()));
        }
        let (draft, file) = Draft::open(target, Readers::Umask).map_err(failed)?;
        let synced = file.try_clone().map_err(failed)?;
        let writer = ZipArchiveWriter::new(Sink::new(Box::new(file)));
        Ok(Self::Zip(Box::new(Zip { writer, path: target.to_owned(), file: Some((draft, synced)) })))
    }

    /// A zip into whatever takes bytes.
    pub fn stream(writer: Box<dyn Write + Send + Sync>) -> Self {
        let writer = ZipArchiveWriter::new(Sink::new(writer));
        Self::Zip(Box::new(Zip { writer, path: PathBuf::from("zip"), file: None }))
    }

    pub fn put(&mut self, path: &str, origin: u64, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Folder(tree) => Ok(tree.put(path, origin, bytes)?),
            Self::Zip(zip) => zip.put(path, bytes),
        }
    }

    pub fn keep(&mut self, path: &str, origin: Option<u64>) -> Result<bool, Error> {
        match self {
            Self::Folder(tree) => Ok(tree.keep(path, origin)?),
            Self::Zip(_) => Ok(false),
        }
    }

    pub fn finish(self) -> Result<Ended, Error> {
        match self {
            Self::Folder(tree) => Ok(Ended { kept: tree.finish()?, zip_bytes: None }),
            Self::Zip(zip) => Ok(Ended { kept: Kept::default(), zip_bytes: Some(zip.finish()?) }),
        }
    }
}

/// The time of every file in a zip: the first that zips can tell. With a real one the same files would be other bytes each time.
const FIRST_TIME: i64 = 315_532_800; // 1980-01-01

/// A zip that is being written; the same files give the same bytes.
pub(super) struct Zip {
    writer: ZipArchiveWriter<Sink>,
    path: PathBuf,
    /// Of a file: what gives it its name, and brings it to the disk.
    file: Option<(Draft, fs::File)>,
}

impl Zip {
    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        let failed = |problem: String| Error::Zip { path: self.path.clone(), problem };
        let file = self
            .writer
            .new_file(path)
            .compression_method(CompressionMethod::DEFLATE)
            .unix_permissions(0o644)
            .last_modified(UtcDateTime::from_unix(FIRST_TIME));
        let (mut entry, config) = file.start().map_err(|e| failed(e.to_string()))?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(bytes).map_err(|e| failed(e.to_string()))?;
        let (encoder, descriptor) = writer.finish().map_err(|e| failed(e.to_string()))?;
        encoder.finish().map_err(|e| failed(e.to_string()))?;
        entry.finish(descriptor).map(|_| ()).map_err(|e| failed(e.to_string()))
    }

    fn finish(self) -> Result<u64, Error> {
        let path = self.path;
        let failed = |problem: String| Error::Zip { path: path.clone(), problem };
        let mut sink = self.writer.finish().map_err(|e| failed(e.to_string()))?;
        sink.flush().map_err(|e| failed(e.to_string()))?;
        if let Some((draft, file)) = self.file {
            file.sync_all().map_err(|e| failed(e.to_string()))?;
            draft.replace().map_err(|e| failed(e.to_string()))?;
        }
        Ok(sink.bytes)
    }
}

/// Gathers pieces of some size, and counts what is written. What is dropped before its end is not written: whoever gave up waits for nobody.
struct Sink {
    to: Box<dyn Write + Send + Sync>,
    piece: Vec<u8>,
    bytes: u64,
}

const PIECE_BYTES: usize = 64 << 10;

impl Sink {
    fn new(to: Box<dyn Write + Send + Sync>) -> Self {
        Self { to, piece: Vec::with_capacity(PIECE_BYTES), bytes: 0 }
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.to.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() + bytes.len() > PIECE_BYTES {
            self.hand_on()?;
        }
        self.piece.extend_from_slice(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()?;
        self.to.flush()
    }
}

/// Whether nothing is lost when a zip takes this name: an earlier one may be replaced.
fn may_replace(path: &Path) -> io::Result<bool> {
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(problem) if problem.kind() == ErrorKind::NotFound => return Ok(true),
        Err(problem) => return Err(problem),
    };
    if !there.is_file() {
        return Ok(false);
    }
    let mut head = Vec::new();
    fs::File::open(path)?.take(4).read_to_end(&mut head)?;
    // A file's header, or the end of a zip without files.
    Ok(head.is_empty() || head == b"PK\x03\x04" || head == b"PK\x05\x06")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("cinepost-out-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).expect("a folder");
        dir
    }

    fn write(path: &Path, files: &[(&str, &str)]) -> Result<u64, Error> {
        let mut out = Out::open(path)?;
        for (path, text) in files {
            out.put(path, 0, text.as_bytes())?;
        }
        Ok(out.finish()?.zip_bytes.expect("a zip"))
    }

    #[test]
    fn a_zip_is_whole_or_what_it_was_and_the_same_files_are_the_same_bytes() {
        let home = home("zip");
        let path = home.join("films.zip");
        let files = [("Movies/Ä 🎬/Ä.strm", "https://films.example.org/dl/A"), ("Movies/empty.nfo", "")];
        let bytes = write(&path, &files).expect("written");
        let first = fs::read(&path).expect("there");
        assert_eq!(first.len() as u64, bytes);
        let archive = rawzip::ZipArchive::from_slice(&first).expect("a zip");
        let mut entries = archive.entries();
        let mut names = Vec::new();
        while let Some(entry) = entries.next_entry().expect("an entry") {
            names.push(entry.file_path().try_normalize().expect("a name").as_ref().to_owned());
        }
        assert_eq!(names, ["Movies/Ä 🎬/Ä.strm", "Movies/empty.nfo"]);

        // One that is given up leaves what was there.
        let mut half = Out::open(&path).expect("it opens");
        half.put("a", 0, b"a").expect("put");
        drop(half);
        write(&path, &files).expect("written");
        assert_eq!(fs::read(&path).expect("there"), first);
        assert_eq!(fs::read_dir(&home).expect("a folder").count(), 1, "nothing half written is left");
        fs::remove_dir_all(home).expect("ours");
    }

    #[test]
    fn only_a_zip_or_a_free_name_is_replaced() {
        let home = home("name");
        fs::write(home.join("letter.zip"), "Dear Ada").expect("written");
        fs::write(home.join("empty.zip"), "").expect("written");
        let refused = write(&home.join("letter.zip"), &[]).expect_err("it is somebody's");
        assert!(matches!(refused, Error::SomebodyElses(_)), "{refused}");
        write(&home.join("empty.zip"), &[]).expect("nothing is lost");
        write(&home.join("empty.zip"), &[("a", "b")]).expect("a zip without files is one");
        fs::remove_dir_all(home).expect("ours");
    }
}
