//! The last lines of the log, for the owner: to be read, and to be shown to others who may help.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::adapters::log_file;

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct Logs {
    inner: Arc<Inner>,
}

struct Inner {
    file: Option<(PathBuf, u32)>,
    secrets: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the log is not kept in a file: set LOG_FILE, such as data/cinepost.log, and start the program again")]
    NoFile,
    #[error("{} cannot be read: {problem}", .path.display())]
    Unreadable { path: PathBuf, problem: std::io::Error },
}

/// What is sent of the log as a file: days of an ordinary program.
const FILE_BYTES: u64 = 4 << 20;

/// Shorter texts would be found in words that are none.
const LEAST_SECRET: usize = 8;

/// What looks like a secret, and what is shown of it. Nothing that is logged should hold one; this is for what was overlooked, in words of
/// libraries and servers above all.
static PATTERNS: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
    let compiled = |pattern| Regex::new(pattern).expect("a constant that a test uses");
    [
        // User and password of an address.
        (compiled(r"://[^/\s@]+@"), "://***@"),
        // A bot's token.
        (compiled(r"\d{6,12}:[A-Za-z0-9_-]{30,}"), "***"),
        // What stands behind the addresses that let somebody in.
        (compiled(r#"/(dl|d|stremio|owner/enter)/[^\s"'<>]+"#), "/$1/***"),
        // Keys and hashes.
        (compiled(r"\b[A-Za-z0-9]{32,}\b"), "***"),
    ]
});

impl Logs {
    /// `file`: where the log is, and how many older files are kept. `secrets`: the settings that nobody else should see.
    pub fn new(file: Option<(PathBuf, u32)>, mut secrets: Vec<String>) -> Self {
        secrets.retain(|secret| secret.len() >= LEAST_SECRET);
        Self { inner: Arc::new(Inner { file, secrets }) }
    }

    /// The last lines, the oldest first, each with its line break, without secrets. Reads the disk.
    pub async fn last(&self, count: usize) -> Result<String, Error> {
        let (path, kept) = self.inner.file.clone().ok_or(Error::NoFile)?;
        let reading = {
            let path = path.clone();
            tokio::task::spawn_blocking(move || log_file::last_lines(&path, kept, count))
        };
        let lines = reading.await.map_err(std::io::Error::other).and_then(|lines| lines);
        let lines = lines.map_err(|problem| Error::Unreadable { path, problem })?;
        Ok(lines.iter().flat_map(|line| [self.stripped(line), "\n".to_owned()]).collect())
    }

    /// The end of the log, at most 4 MiB of it, without secrets. Reads the disk.
    pub async fn end(&self) -> Result<String, Error> {
        let (path, kept) = self.inner.file.clone().ok_or(Error::NoFile)?;
        let reading = {
            let (logs, path) = (self.clone(), path.clone());
            // Looking through so many lines takes a while, too.
            tokio::task::spawn_blocking(move || {
                let text = log_file::end(&path, kept, FILE_BYTES)?;
                Ok(text.lines().flat_map(|line| [logs.stripped(line), "\n".to_owned()]).collect())
            })
        };
        let end = reading.await.map_err(std::io::Error::other).and_then(|end| end);
        end.map_err(|problem| Error::Unreadable { path, problem })
    }

    fn stripped(&self, line: &str) -> String {
        let line = self.inner.secrets.iter().fold(line.to_owned(), |line, secret| line.replace(secret, "***"));
        PATTERNS.iter().fold(line, |line, (pattern, shown)| pattern.replace_all(&line, *shown).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown_and_the_rest_is() {
        let logs = Logs::new(None, vec!["correct horse".to_owned(), "80".to_owned()]);
        let token = "A".repeat(43);
        for (line, wanted) in [
            ("INFO Cinepost runs at http://127.0.0.1:8080", "INFO Cinepost runs at http://127.0.0.1:8080"),
            ("the password is correct horse, on port 80", "the password is ***, on port 80"),
            ("mongodb://user:pass-word@10.0.0.1/cinepost", "mongodb://***@10.0.0.1/cinepost"),
            (
                "GET https://api.telegram.org/bot123456789:AAEx_abcdefghijklmnopqrstuvwxyz-123",
                "GET https://api.telegram.org/bot***",
            ),
            ("token 123456789:AAEx_abcdefghijklmnopqrstuvwxyz-123 refused", "token *** refused"),
            ("GET /stremio/abc_def-1/manifest.json 200", "GET /stremio/*** 200"),
            ("see \"https://films.example.org/dl/x-Y/Night.mkv\"", "see \"https://films.example.org/dl/***\""),
            (
                "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv",
                "Night.of.the.Living.Dead.1968.1080p.BluRay.x264-GRP.mkv",
            ),
            (&format!("key={}", "0123456789abcdef".repeat(4)), "key=***"),
            (&format!("/owner/enter/{token}"), "/owner/enter/***"),
        ] {
            assert_eq!(logs.stripped(line), wanted);
        }
    }

    #[tokio::test]
    async fn the_last_lines_are_read_and_no_file_says_what_to_do() {
        let error = Logs::new(None, Vec::new()).last(5).await.expect_err("no file").to_string();
        assert!(error.contains("set LOG_FILE"), "{error}");
        let path = std::env::temp_dir().join(format!("cinepost-logs-{}.log", std::process::id()));
        std::fs::write(&path, "one\ntwo opensesame\nthree\n").expect("written");
        let logs = Logs::new(Some((path.clone(), 3)), vec!["opensesame".to_owned()]);
        assert_eq!(logs.last(2).await.expect("read"), "two ***\nthree\n");
        assert_eq!(logs.end().await.expect("read"), "one\ntwo ***\nthree\n");
        std::fs::remove_file(path).expect("ours");
    }
}
