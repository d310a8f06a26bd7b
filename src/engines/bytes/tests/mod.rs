//! Streams over a scripted Telegram: the bytes are exact, the bounds hold, and what Telegram is asked is what was meant. The
//! clock is tokio's paused one: it jumps to the next moment at which something is due.

mod background;
mod delivery;
mod faults;
mod memory;
mod properties;

use futures_util::StreamExt;

use super::*;
use crate::adapters::telegram::scripted::{Calls, Fault, Script, content};
use crate::adapters::telegram::{BotIndex, Telegram};
use crate::domain::file::{VirtualFile, Volume};
use crate::domain::post::DocumentId;
use crate::domain::telegram_id::Dc;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

fn options() -> Options {
    Options { memory_bytes: 64 * MIB, read_limit: Duration::from_secs(5), ..Options::default() }
}

struct Bench {
    engine: Engine,
    calls: Calls,
}

impl Bench {
    fn new(script: Script, options: Options) -> Self {
        let (telegram, calls) = Telegram::scripted(script);
        Self { engine: Engine::new(telegram.files().clone(), options).expect("no disk"), calls }
    }

    /// The volumes are documents from this one on.
    async fn open_from(&self, first: i64, sizes: &[u64], range: ByteRange) -> Result<Body, Error> {
        let (file, locations) = file(first, sizes);
        self.engine.admit()?.open(&file, &locations, &[range]).await
    }

    async fn open(&self, sizes: &[u64], range: ByteRange) -> Result<Body, Error> {
        self.open_from(1, sizes, range).await
    }

    async fn film(&self, start: u64, end: u64) -> Result<Body, Error> {
        self.open(&[64 * MIB], ByteRange::new(start, end).expect("forwards")).await
    }

    /// Another film of the same size.
    async fn other_film(&self, number: i64, start: u64, end: u64) -> Result<Body, Error> {
        self.open_from(number, &[64 * MIB], ByteRange::new(start, end).expect("forwards")).await
    }

    fn asked_bytes(&self) -> u64 {
        self.calls.all().iter().map(|call| u64::from(call.limit)).sum()
    }
}

/// A file of volumes of these sizes, which are documents from this one on.
fn file(first: i64, sizes: &[u64]) -> (VirtualFile, Locations) {
    let volumes = sizes.iter().zip(first..).map(|(&size, id)| Volume { document: DocumentId(id), dc: Dc(2), size });
    let file = VirtualFile::new(volumes.collect()).expect("a file has volumes");
    let locate = |&volume: &Volume| Arc::new(VolumeLocation { volume, posts: Vec::new() });
    let locations = file.volumes().iter().map(locate).collect();
    (file, locations)
}

/// Reads to the end, or to the first error.
async fn drain(body: &mut Body) -> (Vec<u8>, Option<Error>) {
    let mut bytes = Vec::new();
    while let Some(item) = body.next().await {
        match item {
            Ok(more) => bytes.extend_from_slice(&more),
            Err(error) => return (bytes, Some(error)),
        }
    }
    (bytes, None)
}

async fn whole(body: Result<Body, Error>) -> Vec<u8> {
    let (bytes, error) = drain(&mut body.expect("opens")).await;
    assert!(error.is_none(), "{error:?}");
    bytes
}

/// Whether these are the bytes from `start`: without printing megabytes when they are not.
fn is_exact(bytes: &[u8], start: u64, end: u64) -> bool {
    bytes == content(start, end - start)
}

const LATENCY: Duration = Duration::from_millis(20);

fn near(bots: usize, slots: usize) -> Script {
    Script::new(bots, slots).latency(LATENCY)
}
