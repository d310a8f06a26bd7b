//! Asks the owner's scanner about a file before it gets a link.
//!
//! The scanner is a command; it gets the file's beginning on its standard input, and what else is known in its environment. Not an
//! address to fetch: a file that nobody said yes to would have to be reachable, every list of processes would show by which link, and
//! a scanner would have to speak HTTP. Not as arguments either: a name may begin with a dash.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tracing::{info, warn};

use super::Error;
use crate::adapters::telegram::VolumeLocation;
use crate::adapters::tools::{self, Ended, Job};
use crate::domain::command_line::CommandLine;
use crate::domain::post::PostRef;
use crate::domain::range::ByteRange;
use crate::domain::shared::{Content, Scanned, Verdict, WhenNotScanned};
use crate::engines::bytes::{self, Engine, Locations, Purpose};

/// Scanners at once: each reads as fast as Telegram gives, and those who watch go first.
const AT_ONCE: usize = 2;
/// Read at once, and so much again waits for the scanner.
const PIECE: u64 = 4 << 20;

#[derive(Clone, Debug)]
pub struct ScanOptions {
    pub command: CommandLine,
    pub when_not_scanned: WhenNotScanned,
    /// So much of a file's beginning is looked at: all of it would be read through Telegram.
    pub most_bytes: u64,
    /// For one file, reading it included.
    pub limit: Duration,
}

pub(super) struct Scanner {
    options: ScanOptions,
    engine: Engine,
    turns: Semaphore,
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
enum NotScanned {
    #[error("the scanner failed: {0}")]
    Tool(#[from] tools::Error),
    #[error("the scanner ended with {}: {}", .0.code, .0.said)]
    Code(Ended),
    #[error("the file could not be read: {0}")]
    Unreadable(#[from] bytes::Error),
}

impl Scanner {
    pub fn new(options: ScanOptions, engine: Engine) -> Self {
        Self { options, engine, turns: Semaphore::new(AT_ONCE) }
    }

    /// What is to be kept of a file that is let in. Errors: [`Error::ScanRefused`], [`Error::NotScanned`].
    pub async fn scan(&self, name: &str, content: &Content, stored: PostRef, now: i64) -> Result<Scanned, Error> {
        let scanned = |verdict, said| Scanned { at: now, verdict, said };
        match self.run(name, content, stored).await {
            Ok(Ended { code: 0, said }) => Ok(scanned(Verdict::Clean, said)),
            Ok(Ended { code: 1, said }) => {
                info!(name, said, "A file is refused: the scanner found something");
                Err(Error::ScanRefused(said))
            }
            Ok(ended) => self.without_verdict(name, &NotScanned::Code(ended)).map(|why| scanned(Verdict::Unknown, why)),
            Err(why) => self.without_verdict(name, &why).map(|why| scanned(Verdict::Unknown, why)),
        }
    }

    /// Why, when it is let in all the same.
    fn without_verdict(&self, name: &str, why: &NotScanned) -> Result<String, Error> {
        let is_refused = self.options.when_not_scanned == WhenNotScanned::Refuse;
        warn!(name, is_refused, error = %why, "A file could not be scanned");
        if is_refused { Err(Error::NotScanned) } else { Ok(why.to_string()) }
    }

    async fn run(&self, name: &str, content: &Content, stored: PostRef) -> Result<Ended, NotScanned> {
        let _turn = self.turns.acquire().await.expect("nobody closes it");
        let environment = vec![
            ("FILE_NAME", name.to_owned()),
            ("FILE_SIZE", content.size().to_string()),
            ("FILE_MIME", content.mime.clone()),
            ("FILE_KIND", content.kind.as_str().to_owned()),
        ];
        // A scanner's lists are as large as they are.
        let job = Job { command: &self.options.command, environment, limit: self.options.limit, memory: None };
        let (pieces, input) = mpsc::channel(1);
        let mut running = pin!(tools::run(job, input));
        tokio::select! {
            // Without having read all of it, which is its own choice.
            ended = &mut running => Ok(ended?),
            // A scanner that got half of a file must not say that it is clean: it ends with this function.
            fed = self.feed(content, stored, pieces) => {
                fed?;
                Ok(running.await?)
            }
        }
    }

    async fn feed(
        &self,
        content: &Content,
        stored: PostRef,
        pieces: mpsc::Sender<::bytes::Bytes>,
    ) -> Result<(), bytes::Error> {
        let location = VolumeLocation { volume: content.volume, posts: vec![stored] };
        let locations: Locations = [Arc::new(location)].into_iter().collect();
        let (file, end) = (content.file(), content.size().min(self.options.most_bytes));
        let mut at = 0;
        while let Some(range) = ByteRange::new(at, end.min(at + PIECE)).filter(|range| !range.is_empty()) {
            let bytes = match self.engine.read(&file, &locations, range, Purpose::Bulk).await {
                // As long as the scanner may take.
                Err(bytes::Error::Busy { retry_after }) => {
                    tokio::time::sleep(retry_after).await;
                    continue;
                }
                read => read?,
            };
            at = range.end();
            if pieces.send(bytes).await.is_err() {
                break;
            }
        }
        Ok(())
    }
}
