//! The log as a file that does not grow for ever: a new one begins when it is full, and every day (UTC).
//!
//! ```text
//! cinepost.log      what is written now
//! cinepost.log.1    the one before, and so on; the oldest goes
//! ```
//!
//! tracing-appender turns by the day but not by size, and the small crates that turn by both bring chrono for the names of their files.
//! Numbers need no clock, and `tail -F` follows them.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

const DAY_SECS: i64 = 24 * 60 * 60;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub path: PathBuf,
    /// A file that would be longer is turned first.
    pub most_bytes: u64,
    /// Files kept beside the one that is written.
    pub kept: u32,
}

/// Written line by line, by any thread. Cheap to clone.
#[derive(Clone)]
pub struct LogFile {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    options: Options,
    file: File,
    bytes: u64,
    /// Lines are not cut: some come in pieces.
    is_at_line_start: bool,
    /// When the first of its lines was written: days since 1970.
    day: i64,
    now: fn() -> i64,
}

impl LogFile {
    /// Opens the file and makes it, and its folder, when they are not there. `now` says the time in unix seconds.
    pub fn open(options: Options, now: fn() -> i64) -> io::Result<Self> {
        if let Some(dir) = options.path.parent().filter(|dir| *dir != Path::new("")) {
            fs::create_dir_all(dir)?;
        }
        let file = append_to(&options.path)?;
        let about = file.metadata()?;
        let bytes = about.len();
        let written = about.modified()?.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
        let day = if bytes == 0 { now() } else { written } / DAY_SECS;
        Ok(Self { inner: Arc::new(Mutex::new(Inner { options, file, bytes, is_at_line_start: true, day, now })) })
    }
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).write(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Inner {
    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let today = (self.now)() / DAY_SECS;
        let is_full = self.bytes + line.len() as u64 > self.options.most_bytes || today != self.day;
        if self.bytes > 0 && is_full && self.is_at_line_start {
            // A folder that cannot be written to now is no reason to lose the line.
            let _ = self.turn();
        }
        if self.bytes == 0 {
            self.day = today;
        }
        self.file.write_all(line)?;
        self.bytes += line.len() as u64;
        self.is_at_line_start = line.ends_with(b"\n");
        Ok(())
    }

    fn turn(&mut self) -> io::Result<()> {
        let Options { path, kept, .. } = &self.options;
        match kept {
            0 => fs::remove_file(path)?,
            kept => {
                for n in (1..*kept).rev() {
                    match fs::rename(numbered(path, n), numbered(path, n + 1)) {
                        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                        _ => {}
                    }
                }
                fs::rename(path, numbered(path, 1))?;
            }
        }
        self.file = append_to(path)?;
        self.bytes = 0;
        Ok(())
    }
}

/// The last lines of the log, the oldest first, over as many files as it takes.
pub fn last_lines(path: &Path, kept: u32, count: usize) -> io::Result<Vec<String>> {
    let mut lines = VecDeque::new();
    for n in 0..=kept {
        let file = if n == 0 { path.to_owned() } else { numbered(path, n) };
        let text = match File::open(file) {
            Ok(file) => end_of(file, MOST_READ)?,
            // Turned in this moment, or never that many.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for line in text.lines().rev() {
            if lines.len() == count {
                return Ok(lines.into());
            }
            lines.push_front(line.to_owned());
        }
    }
    Ok(lines.into())
}

/// The end of the log: whole lines without a gap, at most so many bytes, over as many files as it takes.
pub fn end(path: &Path, kept: u32, most_bytes: u64) -> io::Result<String> {
    let (mut pieces, mut left) = (Vec::new(), most_bytes);
    for n in 0..=kept {
        let file = match File::open(if n == 0 { path.to_owned() } else { numbered(path, n) }) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let is_cut = file.metadata()?.len() > left;
        let text = end_of(file, left)?;
        left = left.saturating_sub(text.len() as u64);
        pieces.push(text);
        if is_cut {
            break;
        }
    }
    pieces.reverse();
    Ok(pieces.concat())
}

/// For some lines at most so much of one file is read: thousands of them.
const MOST_READ: u64 = 1 << 20;

/// Whole lines, at most so many bytes of them.
fn end_of(mut file: File, most_bytes: u64) -> io::Result<String> {
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(most_bytes)))?;
    // It may be written to meanwhile.
    file.take(most_bytes).read_to_end(&mut bytes)?;
    // What stands before the first line break may be a part of a line.
    let begin = match length > most_bytes {
        true => bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1),
        false => 0,
    };
    Ok(String::from_utf8_lossy(&bytes[begin..]).into_owned())
}

fn numbered(path: &Path, n: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{n}"));
    name.into()
}

/// For its owner's eyes alone: names of films and people are in it.
fn append_to(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    fn folder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("cinepost-log-{name}-{}", std::process::id())).join("log")
    }

    fn line(log: &mut LogFile, text: &str) {
        log.write_all(format!("{text}\n").as_bytes()).expect("written");
    }

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    fn now() -> i64 {
        std::time::UNIX_EPOCH.elapsed().expect("after 1970").as_secs() as i64
    }

    #[test]
    fn a_full_file_is_turned_and_the_oldest_goes() {
        let dir = folder("size");
        let options = Options { path: dir.join("c.log"), most_bytes: 20, kept: 2 };
        let mut log = LogFile::open(options.clone(), now).expect("a folder that can be made");
        for n in 0..9 {
            line(&mut log, &format!("line {n}"));
        }
        // Two lines of 7 bytes fit.
        assert_eq!(names(&dir), ["c.log", "c.log.1", "c.log.2"]);
        let read = |name: &str| fs::read_to_string(dir.join(name)).expect("there");
        assert_eq!((read("c.log").as_str(), read("c.log.1").as_str()), ("line 8\n", "line 6\nline 7\n"));
        assert_eq!(read("c.log.2"), "line 4\nline 5\n");

        let lines = |count| last_lines(&options.path, 2, count).expect("read");
        assert_eq!(lines(2), ["line 7", "line 8"]);
        assert_eq!((lines(4).first().cloned(), lines(100).len()), (Some("line 5".to_owned()), 5));

        let end = |most_bytes| end(&options.path, 2, most_bytes).expect("read");
        for (most_bytes, wanted) in [
            (0, ""),
            (6, ""),
            (7, "line 8\n"),
            (13, "line 8\n"),
            // Where it begins is not known to be the beginning of a line.
            (14, "line 8\n"),
            (15, "line 7\nline 8\n"),
            (30, "line 5\nline 6\nline 7\nline 8\n"),
            (99, "line 4\nline 5\nline 6\nline 7\nline 8\n"),
        ] {
            assert_eq!(end(most_bytes), wanted, "{most_bytes}");
        }

        let mut again = LogFile::open(options, now).expect("there");
        line(&mut again, "line 9");
        assert_eq!(read("c.log"), "line 8\nline 9\n", "another start goes on in it");
        line(&mut again, "a line that is longer than a file may be");
        assert_eq!(read("c.log"), "a line that is longer than a file may be\n", "whole all the same");
        for piece in ["a line ", "in two pieces\n", "the next\n"] {
            again.write_all(piece.as_bytes()).expect("written");
        }
        assert_eq!((read("c.log").as_str(), read("c.log.1").as_str()), ("the next\n", "a line in two pieces\n"));
        fs::remove_dir_all(dir).expect("ours");
    }

    #[test]
    fn a_new_day_begins_a_new_file() {
        static NOW: AtomicI64 = AtomicI64::new(0);
        NOW.store(now(), Ordering::Relaxed);
        let dir = folder("day");
        let options = Options { path: dir.join("c.log"), most_bytes: 1000, kept: 7 };
        let mut log = LogFile::open(options, || NOW.load(Ordering::Relaxed)).expect("a folder");
        for day in 0..2 {
            line(&mut log, &format!("one of day {day}"));
            line(&mut log, &format!("two of day {day}"));
            NOW.fetch_add(DAY_SECS, Ordering::Relaxed);
        }
        assert_eq!(names(&dir), ["c.log", "c.log.1"]);
        assert_eq!(fs::read_to_string(dir.join("c.log")).expect("there"), "one of day 1\ntwo of day 1\n");
        fs::remove_dir_all(dir).expect("ours");
    }

    #[test]
    fn no_file_is_kept_when_none_is_wanted_and_a_long_one_is_read_from_its_end() {
        let dir = folder("none");
        let options = Options { path: dir.join("c.log"), most_bytes: 3 << 20, kept: 0 };
        let mut log = LogFile::open(options.clone(), now).expect("a folder");
        for n in 0..300_000 {
            line(&mut log, &format!("line {n:06}"));
        }
        assert_eq!(names(&dir), ["c.log"]);
        let lines = last_lines(&options.path, 0, usize::MAX).expect("read");
        assert_eq!(lines.last().map(String::as_str), Some("line 299999"));
        assert!(lines.iter().all(|line| line.len() == 11), "none is cut");
        assert_eq!(last_lines(&dir.join("nowhere"), 3, 5).expect("none"), Vec::<String>::new());
        fs::remove_dir_all(dir).expect("ours");
    }
}
