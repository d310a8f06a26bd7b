//! A tree of files in a folder that others use as well: it is made what it should be, file by file, and of what is there nothing is
//! touched that was not written here.
//!
//! ```text
//! open    reads the list of what was written before, FOLDER/.cinepost-export, and takes it for this program alone
//! put     same bytes: left as they are. Ours, or not there: written whole. Somebody else's, or changed by somebody: left alone
//! finish  removes what was written before and not this time, and folders that are empty then; writes the list anew
//! ```
//!
//! The list says of each file what its bytes were. A file that was edited since is a person's, and stays. What is about to be written is
//! put down in the list first, so that a kill leaves no file that nobody knows. Without `finish` nothing is removed.
//!
//! In memory stand 40 bytes for each file, and none of their names.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Draft, Readers};

const LIST: &str = ".cinepost-export";
const HEAD: &str = "cinepost export 1";
/// What is being written, until it is whole: one a folder, as one file is written at a time.
const PART: &str = ".cinepost-part";
/// No file of ours is larger, so one that is was not written here.
const MOST_BYTES: u64 = 64 << 20;
/// Of those that are left alone so many are named.
const NAMED: usize = 5;

#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    #[error("another cinepost writes into {} right now; wait until it has finished", .0.display())]
    Held(PathBuf),
    #[error("{}: {problem}", .path.display())]
    Failed { path: PathBuf, problem: io::Error },
}

/// What became of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub new: u64,
    pub changed: u64,
    /// As they were.
    pub same: u64,
    pub removed: u64,
    /// Somebody else's, or changed by somebody: left alone.
    pub foreign: u64,
    /// The first of those.
    pub foreign_names: Vec<String>,
}

/// A tree that is being made. See the module's first lines.
pub struct Tree {
    root: PathBuf,
    /// The list of before, to which is added what is about to be written. Locked.
    list: File,
    /// The list of this time.
    next: (Draft, BufWriter<File>),
    /// Each file with what its bytes were, and each with what it was made of.
    written_before: HashSet<u64>,
    origins: HashSet<u64>,
    /// The paths of this time.
    wanted: HashSet<u64>,
    /// Their files: names that differ may be one file where case or marks do not count.
    files: HashSet<(u64, u64)>,
    kept: Kept,
}

impl Tree {
    /// Makes the folder when it is not there.
    pub fn open(root: &Path) -> Result<Self, TreeError> {
        let failed = |problem| TreeError::Failed { path: root.to_owned(), problem };
        fs::create_dir_all(root).map_err(failed)?;
        let path = root.join(LIST);
        let list = locked(&path, &failed)?.ok_or_else(|| TreeError::Held(root.to_owned()))?;
        clear_drafts(root).map_err(failed)?;
        let (draft, file) = Draft::open(&path, Readers::Umask).map_err(failed)?;
        let mut next = BufWriter::new(file);
        writeln!(next, "{HEAD}").map_err(failed)?;
        let (mut written_before, mut origins) = (HashSet::new(), HashSet::new());
        for line in lines(&list).map_err(failed)? {
            let line = line.map_err(failed)?;
            written_before.insert(mark(&line.path, line.content));
            if line.origin != 0 {
                origins.insert(mark(&line.path, line.origin));
            }
        }
        let (wanted, files, kept) = (HashSet::new(), HashSet::new(), Kept::default());
        let root = root.to_owned();
        Ok(Self { root, list, next: (draft, next), written_before, origins, wanted, files, kept })
    }

    /// A file at a path from the root, with `/` between its parts. `origin`: what it was made of, for [`Tree::keep`]; 0 where that does not count.
    pub fn put(&mut self, path: &str, origin: u64, bytes: &[u8]) -> Result<(), TreeError> {
        let target = self.target(path)?;
        let failed = |problem| TreeError::Failed { path: target.clone(), problem };
        let before = read(&target).map_err(failed)?;
        let line = Line { path: path.to_owned(), content: digest(bytes), origin };
        match &before {
            Before::File(before) if before == bytes => self.kept.same += 1,
            Before::File(before) if !before.is_empty() && !self.is_ours(path, before) => {
                self.leave(path);
                return Ok(());
            }
            Before::Foreign => {
                self.leave(path);
                return Ok(());
            }
            Before::File(_) | Before::Nothing => {
                // In one write, so that a kill leaves a whole line or a piece without an end.
                self.list.write_all(line.to_string().as_bytes()).map_err(failed)?;
                write(&target, bytes).map_err(failed)?;
                match before {
                    Before::Nothing => self.kept.new += 1,
                    _ => self.kept.changed += 1,
                }
            }
        }
        self.want(&line, &target).map_err(failed)
    }

    /// Keeps a file that was made of `origin` before, or of whatever (`None`). Returns false where there is none: it has to be
    /// [put](Tree::put).
    pub fn keep(&mut self, path: &str, origin: Option<u64>) -> Result<bool, TreeError> {
        let target = self.target(path)?;
        let failed = |problem| TreeError::Failed { path: target.clone(), problem };
        if origin.is_some_and(|origin| !self.origins.contains(&mark(path, origin))) {
            return Ok(false);
        }
        let Before::File(bytes) = read(&target).map_err(failed)? else { return Ok(false) };
        if !self.is_ours(path, &bytes) {
            return Ok(false);
        }
        self.kept.same += 1;
        let line = Line { path: path.to_owned(), content: digest(&bytes), origin: origin.unwrap_or(0) };
        self.want(&line, &target).map_err(failed)?;
        Ok(true)
    }

    /// Removes what is not wanted any more, and ends.
    pub fn finish(mut self) -> Result<Kept, TreeError> {
        let path = self.root.join(LIST);
        let failed = |problem| TreeError::Failed { path: path.clone(), problem };
        let mut gone = 0;
        for line in lines(&self.list).map_err(failed)? {
            let line = line.map_err(failed)?;
            if !self.wanted.contains(&mark(&line.path, 0)) {
                gone += u64::from(self.remove(&line.path)?);
            }
        }
        let (draft, next) = self.next;
        let file = next.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        draft.replace().map_err(failed)?;
        self.kept.removed = gone;
        Ok(self.kept)
    }

    /// Whether it was there as it was written here, and is gone now.
    fn remove(&self, path: &str) -> Result<bool, TreeError> {
        // The folder is others' as well: whatever the list says, nothing outside of it is touched.
        let Ok(target) = self.target(path) else { return Ok(false) };
        let failed = |problem| TreeError::Failed { path: target.clone(), problem };
        let Before::File(bytes) = read(&target).map_err(failed)? else { return Ok(false) };
        if !self.is_ours(path, &bytes) || file_id(&target).is_some_and(|id| self.files.contains(&id)) {
            return Ok(false);
        }
        fs::remove_file(&target).map_err(failed)?;
        for folder in target.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            let _ = fs::remove_file(folder.join(PART));
            // Whatever else lies in it keeps it.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(true)
    }

    fn target(&self, path: &str) -> Result<PathBuf, TreeError> {
        let path = Path::new(path);
        let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
        match is_plain && path.components().next().is_some() {
            true => Ok(self.root.join(path)),
            false => Err(TreeError::Failed { path: path.to_owned(), problem: ErrorKind::InvalidFilename.into() }),
        }
    }

    fn is_ours(&self, path: &str, bytes: &[u8]) -> bool {
        self.written_before.contains(&mark(path, digest(bytes)))
    }

    fn leave(&mut self, path: &str) {
        self.kept.foreign += 1;
        if self.kept.foreign_names.len() < NAMED {
            self.kept.foreign_names.push(path.to_owned());
        }
    }

    fn want(&mut self, line: &Line, target: &Path) -> io::Result<()> {
        self.wanted.insert(mark(&line.path, 0));
        self.files.extend(file_id(target));
        write!(self.next.1, "{line}")
    }
}

/// What stands at a path.
enum Before {
    Nothing,
    File(Vec<u8>),
    /// A folder, a device, a link that leads nowhere, or too large to be ours.
    Foreign,
}

/// What concerns this path alone is no error of the whole tree: a file that a server saved for itself, a file where a folder should be,
/// a name that is too long for this file system.
fn read(target: &Path) -> io::Result<Before> {
    let there = fs::metadata(target).and_then(|there| match there.is_file() && there.len() <= MOST_BYTES {
        true => fs::read(target).map(Before::File),
        false => Ok(Before::Foreign),
    });
    there.or_else(|problem| match problem.kind() {
        ErrorKind::NotFound if fs::symlink_metadata(target).is_err() => Ok(Before::Nothing),
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => {
            Ok(Before::Foreign)
        }
        _ => Err(problem),
    })
}

/// The list, for this program alone. `None`: another one has it.
fn locked(path: &Path, failed: &impl Fn(io::Error) -> TreeError) -> Result<Option<File>, TreeError> {
    loop {
        let list = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
        match list.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Network folders without locks: then one writes at a time because nobody starts two.
            Err(TryLockError::Error(problem)) if problem.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(problem)) => return Err(failed(problem)),
        }
        // Who had it before may have put a new list in its place meanwhile.
        if list.metadata().ok().and_then(|list| id_of(&list)) == file_id(path) {
            return Ok(Some(list));
        }
    }
}

/// Whole or not at all. It comes to the disk when the system pleases: what a power cut makes of it, the next time mends.
fn write(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = target.parent().ok_or(ErrorKind::InvalidFilename)?;
    fs::create_dir_all(folder)?;
    let part = folder.join(PART);
    // Made anew each time: others can write here, and might have put a link of that name.
    let _ = fs::remove_file(&part);
    OpenOptions::new().write(true).create_new(true).open(&part)?.write_all(bytes)?;
    fs::rename(&part, target)
}

/// What a kill left of lists that were being written.
fn clear_drafts(root: &Path) -> io::Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(&format!(".{LIST}.")) && name.ends_with(super::TEMPORARY))
        {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Which file a path leads to. `None` where the system does not tell.
fn file_id(target: &Path) -> Option<(u64, u64)> {
    id_of(&fs::metadata(target).ok()?)
}

fn id_of(there: &fs::Metadata) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (there.ino() != 0).then(|| (there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = there;
        None
    }
}

/// A line of the list.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    path: String,
    content: u64,
    origin: u64,
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:016x} {:016x} {}", self.content, self.origin, self.path)
    }
}

impl Line {
    /// Lines of another form, of which a kill or a person left a piece, are nobody's.
    fn parse(text: &str) -> Option<Self> {
        let (content, rest) = text.strip_suffix('\n')?.split_once(' ')?;
        let (origin, path) = rest.split_once(' ')?;
        let number = |text: &str| u64::from_str_radix(text, 16).ok().filter(|_| text.len() == 16);
        Some(Self { path: path.to_owned(), content: number(content)?, origin: number(origin)? })
    }
}

/// The lines of a list from its beginning, one at a time.
fn lines(list: &File) -> io::Result<impl Iterator<Item = io::Result<Line>>> {
    // Their position is one, and does not matter to who adds at the end.
    let mut file = list.try_clone()?;
    io::Seek::rewind(&mut file)?;
    let mut reader = BufReader::new(file);
    Ok(std::iter::from_fn(move || {
        loop {
            let mut text = Vec::new();
            match reader.read_until(b'\n', &mut text) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(problem) => return Some(Err(problem)),
            }
            if let Some(line) = std::str::from_utf8(&text).ok().and_then(Line::parse) {
                return Some(Ok(line));
            }
        }
    }))
}

/// Written down, so it has to be the same for ever.
fn digest(bytes: &[u8]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(Sha256::digest(bytes));
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn mark(path: &str, number: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (path, number).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Home(PathBuf);

    impl Home {
        fn new(name: &str) -> Self {
            let dir = std::env::temp_dir().join(format!("cinepost-tree-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&dir);
            fs::create_dir_all(&dir).expect("a folder");
            Self(dir)
        }

        /// Writes these files and finishes.
        fn write(&self, files: &[(&str, &str)]) -> Kept {
            let mut tree = Tree::open(&self.0).expect("it opens");
            for (path, text) in files {
                tree.put(path, 0, text.as_bytes()).expect("written");
            }
            tree.finish().expect("finished")
        }

        /// Every file but the list, with what it holds.
        fn files(&self) -> Vec<(String, String)> {
            let (mut files, mut folders) = (Vec::new(), vec![self.0.clone()]);
            while let Some(folder) = folders.pop() {
                for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                    let name = path.strip_prefix(&self.0).expect("inside").display().to_string();
                    match path.is_dir() {
                        true => folders.push(path),
                        false if name == LIST => {}
                        false => files.push((name, fs::read_to_string(path).expect("text"))),
                    }
                }
            }
            files.sort();
            files
        }

        fn names(&self) -> Vec<String> {
            self.files().into_iter().map(|(name, _)| name).collect()
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn counts(kept: &Kept) -> [u64; 5] {
        [kept.new, kept.changed, kept.same, kept.removed, kept.foreign]
    }

    #[test]
    fn a_second_time_changes_nothing() {
        let home = Home::new("twice");
        let files = [("Movies/A/A.strm", "link"), ("Movies/A/A.nfo", "about"), ("Shows/tvshow.nfo", "show")];
        assert_eq!(counts(&home.write(&files)), [3, 0, 0, 0, 0]);
        let times = || {
            let time = |(path, _): &(&str, &str)| fs::metadata(home.0.join(path)).and_then(|file| file.modified());
            files.iter().map(|file| time(file).expect("there")).collect::<Vec<_>>()
        };
        let list = || fs::read_to_string(home.0.join(LIST)).expect("the list");
        let before = (times(), list());
        assert_eq!(counts(&home.write(&files)), [0, 0, 3, 0, 0]);
        assert_eq!((times(), list()), before);
    }

    #[test]
    fn what_is_gone_is_removed_with_its_folder_and_nothing_else_is() {
        let home = Home::new("gone");
        home.write(&[("Movies/A/A.strm", "a"), ("Movies/B/B.strm", "b"), ("Movies/C/C.strm", "c")]);
        // Somebody's, beside ours.
        fs::write(home.0.join("Movies/B/poster.jpg"), "picture").expect("written");
        fs::write(home.0.join("Movies/own.strm"), "own").expect("written");
        let kept = home.write(&[("Movies/A/A.strm", "new")]);
        assert_eq!(counts(&kept), [0, 1, 0, 2, 0]);
        assert_eq!(home.names(), ["Movies/A/A.strm", "Movies/B/poster.jpg", "Movies/own.strm"]);
        assert!(!home.0.join("Movies/C").exists());
    }

    #[test]
    fn what_others_wrote_or_changed_is_left_alone() {
        let home = Home::new("foreign");
        home.write(&[("A.nfo", "ours"), ("B.nfo", "ours")]);
        fs::write(home.0.join("A.nfo"), "edited").expect("written");
        fs::write(home.0.join("B.nfo"), "edited").expect("written");
        fs::write(home.0.join("C.nfo"), "theirs").expect("written");
        fs::create_dir(home.0.join("D.nfo")).expect("made");
        let kept = home.write(&[("A.nfo", "newer"), ("C.nfo", "ours"), ("D.nfo", "ours")]);
        assert_eq!(counts(&kept), [0, 0, 0, 0, 3]);
        assert_eq!(kept.foreign_names, ["A.nfo", "C.nfo", "D.nfo"]);
        let files = home.files();
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["edited", "edited", "theirs"]);
        // As it should be anyhow, or empty after a power cut: it is ours again.
        fs::write(home.0.join("C.nfo"), "ours").expect("written");
        fs::write(home.0.join("A.nfo"), "").expect("written");
        assert_eq!(counts(&home.write(&[("A.nfo", "newer"), ("C.nfo", "ours")])), [0, 1, 1, 0, 0]);
        assert_eq!(counts(&home.write(&[])), [0, 0, 0, 2, 0]);
    }

    #[test]
    fn what_is_not_finished_removes_nothing_and_is_not_forgotten() {
        let home = Home::new("killed");
        home.write(&[("A.strm", "a")]);
        let mut tree = Tree::open(&home.0).expect("it opens");
        tree.put("B.strm", 0, b"b").expect("written");
        drop(tree);
        // A kill in the middle of a line, and of a list.
        let mut list = OpenOptions::new().append(true).open(home.0.join(LIST)).expect("the list");
        list.write_all(b"00000000000000").expect("written");
        drop(list);
        fs::write(home.0.join(format!(".{LIST}.0123456789abcdef.tmp")), "half").expect("written");
        assert_eq!(counts(&home.write(&[("A.strm", "a")])), [0, 0, 1, 1, 0]);
        assert_eq!(home.names(), ["A.strm"]);
    }

    #[test]
    fn what_is_made_of_the_same_is_kept_without_being_made() {
        let home = Home::new("origin");
        let mut tree = Tree::open(&home.0).expect("it opens");
        assert!(!tree.keep("A.srt", Some(7)).expect("looked at"));
        tree.put("A.srt", 7, b"lines").expect("written");
        tree.finish().expect("finished");
        let mut tree = Tree::open(&home.0).expect("it opens");
        assert!(!tree.keep("A.srt", Some(8)).expect("looked at"), "it is made of something else now");
        assert!(tree.keep("A.srt", Some(7)).expect("looked at"));
        assert_eq!(counts(&tree.finish().expect("finished")), [0, 0, 1, 0, 0]);
        let mut tree = Tree::open(&home.0).expect("it opens");
        assert!(tree.keep("A.srt", None).expect("looked at"));
        assert_eq!(counts(&tree.finish().expect("finished")), [0, 0, 1, 0, 0]);
        fs::remove_file(home.0.join("A.srt")).expect("removed");
        let mut tree = Tree::open(&home.0).expect("it opens");
        assert!(!tree.keep("A.srt", Some(7)).expect("looked at"), "somebody took it away");
    }

    #[test]
    fn one_writes_at_a_time_and_never_outside() {
        let home = Home::new("outside");
        let root = home.0.join("root");
        fs::create_dir(&root).expect("made");
        fs::write(home.0.join("secret"), "s").expect("written");
        let line = Line { path: "../secret".to_owned(), content: digest(b"s"), origin: 0 };
        fs::write(root.join(LIST), format!("{HEAD}\n{line}")).expect("written");
        let mut tree = Tree::open(&root).expect("it opens");
        assert!(matches!(Tree::open(&root), Err(TreeError::Held(_))));
        for path in ["../secret", "/etc/hosts", "", ".", "a/../b"] {
            assert!(tree.put(path, 0, b"x").is_err(), "{path}");
        }
        assert_eq!(tree.finish().expect("finished").removed, 0);
        assert_eq!(fs::read_to_string(home.0.join("secret")).expect("there"), "s");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_a_part_leads_to_no_file_elsewhere() {
        let home = Home::new("link");
        let (root, elsewhere) = (home.0.join("root"), home.0.join("elsewhere"));
        fs::create_dir(&root).expect("made");
        fs::write(&elsewhere, "theirs").expect("written");
        std::os::unix::fs::symlink(&elsewhere, root.join(PART)).expect("linked");
        let mut tree = Tree::open(&root).expect("it opens");
        tree.put("A.strm", 0, b"ours").expect("written");
        tree.finish().expect("finished");
        assert_eq!(fs::read_to_string(elsewhere).expect("there"), "theirs");
        assert_eq!(fs::read_to_string(root.join("A.strm")).expect("there"), "ours");
    }

    #[test]
    fn a_path_that_cannot_be_is_left_and_the_others_are_written() {
        let home = Home::new("cannot");
        fs::write(home.0.join("Movies"), "a file where a folder should be").expect("written");
        let long = format!("{}.nfo", "x".repeat(300));
        let kept = home.write(&[("Movies/A.strm", "a"), (&long, "b"), ("Shows/C.strm", "c")]);
        assert_eq!(counts(&kept), [1, 0, 0, 0, 2]);
        assert_eq!(kept.foreign_names, ["Movies/A.strm", &long]);
        assert_eq!(counts(&home.write(&[("Shows/C.strm", "c")])), [0, 0, 1, 0, 0]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_under_another_name_is_not_removed_with_the_first() {
        let home = Home::new("alias");
        home.write(&[("film/A.strm", "a")]);
        // As where case does not count: both names lead to one file.
        std::os::unix::fs::symlink(home.0.join("film"), home.0.join("FILM")).expect("linked");
        assert_eq!(counts(&home.write(&[("FILM/A.strm", "a")])), [0, 0, 1, 0, 0]);
        assert_eq!(fs::read_to_string(home.0.join("film/A.strm")).expect("there"), "a");
    }
}
