//! Floor 2: files of our own, each written whole or not at all, and the lock by which one program at a time works in a
//! folder.
//!
//! ```text
//! Draft::write   bytes -> .NAME.RANDOM.tmp in the same folder, on the disk
//!   .replace()   the name stands for the new bytes from one moment to the next
//!   .create()    the same, unless the name is taken: of several at once one wins, and the others learn that they lost
//! ```
//!
//! Whoever opens the name, also after a kill, a full disk or a power cut, finds all of the former file or all of the new one.

mod kept;
pub mod secret_key;
pub mod tree;

pub use kept::KeptFiles;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// What the temporary files end with, for those who sweep their folder.
pub const TEMPORARY: &str = ".tmp";

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Its owner alone (mode 0600).
    Owner,
    /// Whoever the umask lets.
    Umask,
}

/// A file that is written and has no name yet. Dropped, it is gone.
pub struct Draft {
    temporary: PathBuf,
    target: PathBuf,
}

impl Draft {
    /// Writes the bytes beside `target`, onto the disk.
    pub fn write(target: &Path, bytes: &[u8], readers: Readers) -> io::Result<Self> {
        Self::fill(target, readers, &mut |file| file.write_all(bytes))
    }

    fn fill(target: &Path, readers: Readers, fill: &mut dyn FnMut(&mut File) -> io::Result<()>) -> io::Result<Self> {
        let (draft, mut file) = Self::open(target, readers)?;
        fill(&mut file)?;
        // Without it a file system may have the name on the disk before the bytes.
        file.sync_all()?;
        Ok(draft)
    }

    /// One that is empty, to be written and read, and to be brought onto the disk (`sync_all`) before it gets its name.
    pub fn open(target: &Path, readers: Readers) -> io::Result<(Self, File)> {
        let name = target.file_name().ok_or(ErrorKind::InvalidFilename)?;
        // Random: another program on another machine may write the same name in the same folder.
        let unique = getrandom::u64().map_err(io::Error::other)?;
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{unique:016x}{TEMPORARY}"));
        let draft = Self { temporary: target.with_file_name(temporary), target: target.to_owned() };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        if readers == Readers::Owner {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let file = options.open(&draft.temporary)?;
        Ok((draft, file))
    }

    /// Gives it its name, whatever had it before.
    pub fn replace(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.target)?;
        sync_folder(&self.target)
    }

    /// The same for what may be lost with the power, as long as it is whole: the name comes to the disk when the system pleases.
    pub fn replace_soon(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.target)
    }

    /// Gives it its name unless that is taken; returns whether it got it.
    pub fn create(self) -> io::Result<bool> {
        match fs::hard_link(&self.temporary, &self.target) {
            Ok(()) => sync_folder(&self.target).map(|()| true),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
            // FAT and some network folders know no links: all that is lost there is the answer to two at the same moment.
            Err(_) if !self.target.exists() => self.replace().map(|()| true),
            Err(e) => Err(e),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already when it was renamed.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// The same of what is too large to be in memory: `fill` gets the empty file. It replaces whatever had the name before, unless `fill` fails.
pub fn write_with(path: &Path, fill: &mut dyn FnMut(&mut File) -> io::Result<()>) -> io::Result<()> {
    Draft::fill(path, Readers::Owner, fill)?.replace()
}

/// Writes a file, whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Draft::write(path, bytes, Readers::Umask)?.replace()
}

/// A name is on the disk when its folder is.
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems sync no folders; the name is there all the same.
        Err(e)
            if matches!(e.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied) =>
        {
            Ok(())
        }
        answer => answer,
    }
}

/// Makes a folder, and those above it, that its owner alone may look into.
pub fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Held by the one program that works in a folder; the system lets it go when the program ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// `holder` is the process that said it holds it.
    #[error(
        "another cinepost{} works in {} already: stop it first, or give this one another DATA_DIR",
        .holder.map(|pid| format!(" (process {pid})")).unwrap_or_default(), .dir.display()
    )]
    Held { dir: PathBuf, holder: Option<u32> },
    #[error("{} cannot be locked: {problem}", .dir.display())]
    Failed { dir: PathBuf, problem: io::Error },
}

const LOCK_FILE: &str = "cinepost.lock";

impl Lock {
    /// Takes the lock of a folder that is there, or says who has it. Does not wait.
    pub fn take(dir: &Path) -> Result<Self, LockError> {
        let failed = |problem| LockError::Failed { dir: dir.to_owned(), problem };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(dir.join(LOCK_FILE)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                // Empty in the moment between its lock and its word: then it stays nameless.
                let _ = file.take(20).read_to_string(&mut pid);
                return Err(LockError::Held { dir: dir.to_owned(), holder: pid.trim().parse().ok() });
            }
            // Some network folders know no locks. The program runs there as it did before there was one.
            Err(TryLockError::Error(e)) if e.kind() == ErrorKind::Unsupported => {
                tracing::warn!("{} cannot be locked: see to it that one cinepost at a time works there", dir.display());
            }
            Err(TryLockError::Error(problem)) => return Err(failed(problem)),
        }
        // For the message to the next one only; that a full disk has no room for it is no reason to stop.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("cinepost-files-{name}-{}", std::process::id()));
        make_private_dir(&dir).expect("a folder");
        dir
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).expect("a folder");
        entries.map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
    }

    #[test]
    fn of_many_at_once_one_creates_and_all_read_the_same() {
        let dir = folder("create");
        let path = dir.join("key");
        let won = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|n| {
                    let path = &path;
                    scope.spawn(move || {
                        let text = format!("{n:02}").repeat(50_000);
                        let won = Draft::write(path, text.as_bytes(), Readers::Owner).and_then(Draft::create);
                        let read = fs::read_to_string(path).expect("there for everybody who tried");
                        assert_eq!(read, read[..2].repeat(50_000), "whole");
                        won.expect("the folder can be written").then_some(text)
                    })
                })
                .collect();
            threads.into_iter().filter_map(|t| t.join().expect("no panic")).collect::<Vec<_>>()
        });
        assert_eq!(won, [fs::read_to_string(&path).expect("there")], "one alone learns that it won");
        assert_eq!(names(&dir), ["key"], "no temporary file is left");
        fs::remove_dir_all(dir).expect("ours");
    }

    #[test]
    fn readers_of_a_file_that_is_replaced_see_one_or_the_other() {
        let dir = folder("replace");
        let path = dir.join("book.json");
        write(&path, &[0; 200_000]).expect("written");
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| (1..=50u8).for_each(|n| write(&path, &[n; 200_000]).expect("written")));
            while !writing.is_finished() {
                let bytes = fs::read(&path).expect("always there");
                assert!(bytes.len() == 200_000 && bytes.iter().all(|b| *b == bytes[0]), "half of one, half of another");
            }
        });
        assert_eq!(fs::read(&path).expect("there")[0], 50);
        fs::remove_dir_all(dir).expect("ours");
    }

    #[test]
    fn what_cannot_be_named_leaves_nothing_behind() {
        let dir = folder("fails");
        fs::create_dir(dir.join("taken")).expect("a folder where the file should stand");
        write(&dir.join("taken"), b"text").expect_err("a folder is not replaced");
        let half = &mut |file: &mut File| file.write_all(b"half").and(Err(io::Error::other("no more")));
        assert_eq!(write_with(&dir.join("new"), half).expect_err("it stopped").to_string(), "no more");
        assert!(
            !Draft::write(&dir.join("taken"), b"text", Readers::Umask).and_then(Draft::create).expect("it is taken")
        );
        write(&dir.join("nowhere/file"), b"text").expect_err("no such folder");
        assert_eq!(names(&dir), ["taken"]);
        fs::remove_dir_all(dir).expect("ours");
    }

    #[test]
    fn a_folder_has_one_holder_who_is_named_and_the_lock_ends_with_it() {
        let dir = folder("lock");
        let first = Lock::take(&dir).expect("nobody has it");
        let said = Lock::take(&dir).expect_err("it is taken").to_string();
        assert_eq!(
            said,
            format!(
                "another cinepost (process {}) works in {} already: stop it first, or give this one another DATA_DIR",
                std::process::id(),
                dir.display()
            )
        );
        drop(first);
        Lock::take(&dir).expect("free again");
        assert!(matches!(Lock::take(&dir.join("nowhere")), Err(LockError::Failed { .. })));
        fs::remove_dir_all(dir).expect("ours");
    }
}
