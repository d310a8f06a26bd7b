//! ffmpeg, which encodes sounds. Pictures never go through it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::{Error, Job, run_for_output};
use crate::domain::command_line::CommandLine;
use crate::domain::text;

/// For one segment of a sound, reading the film included: some 0.3 s where the film comes fast.
const LIMIT: Duration = Duration::from_secs(30);
/// Saying its version.
const VERSION_LIMIT: Duration = Duration::from_secs(10);
/// The longest segment of HLS that players bear is a minute or so; at 384 kbit/s that is 3 MiB.
const MOST_OUTPUT: usize = 16 << 20;
/// Address space of a child. Its libraries and a thread take 0.2 GiB of it.
const MEMORY: u64 = 1 << 30;
/// Who may wait for a turn, for each child that may run.
const WAITING: usize = 16;
/// When to come again where too many wait.
pub const BUSY_FOR: Duration = Duration::from_secs(2);

/// A stretch of sound as AAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aac {
    pub sample_rate: u32,
    /// 1, 2 or 6.
    pub channels: u16,
    /// Counted at that rate from where the times of the input begin.
    pub first_sample: u64,
    pub samples: u64,
}

/// The program, once it has said that it is there. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ffmpeg {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    program: String,
    version: String,
    /// Children that may run at once.
    turns: Arc<Semaphore>,
    /// The same, and those who wait for them.
    places: Arc<Semaphore>,
}

/// Leave to run a child, given back when dropped.
#[derive(Debug)]
pub struct Turn {
    _places: [OwnedSemaphorePermit; 2],
}

impl Ffmpeg {
    /// Asks the program of this name or path for its version. `at_once`: how many of it may run.
    pub async fn find(program: &str, at_once: usize) -> Result<Self, Error> {
        let command = CommandLine { program: program.to_owned(), arguments: words("-hide_banner -version") };
        let job = Job { command: &command, environment: Vec::new(), limit: VERSION_LIMIT, memory: Some(MEMORY) };
        let (ended, output) = run_for_output(job, mpsc::channel(1).1, 64 << 10).await?;
        if ended.code != 0 {
            return Err(Error::Failed(ended));
        }
        let output = String::from_utf8_lossy(&output);
        let line = output.lines().next().unwrap_or_default();
        let version = line.trim_start_matches("ffmpeg version ").split(' ').next().unwrap_or_default();
        let at_once = at_once.max(1);
        let turns = Arc::new(Semaphore::new(at_once));
        let places = Arc::new(Semaphore::new(at_once * WAITING));
        let version = text::line(version, text::WORD);
        Ok(Self { inner: Arc::new(Inner { program: program.to_owned(), version, turns, places }) })
    }

    /// As it says itself: "5.1.6-0+deb12u1".
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// Waits for leave to run a child. `None` where too many wait already.
    pub fn turn(&self) -> Option<impl Future<Output = Turn> + use<>> {
        let place = Arc::clone(&self.inner.places).try_acquire_owned().ok()?;
        let turns = Arc::clone(&self.inner.turns);
        Some(async move {
            let turn = turns.acquire_owned().await.expect("nobody closes it");
            Turn { _places: [place, turn] }
        })
    }

    /// Encodes a stretch of a sound. The input is MP4 in fragments with one track, in whose times the stretch is counted. Returns frames in ADTS: the encoder's delay
    /// of a frame first, then one for each 1024 samples.
    pub async fn aac(&self, turn: Turn, aac: Aac, input: mpsc::Receiver<Bytes>) -> Result<Vec<u8>, Error> {
        let command = CommandLine { program: self.inner.program.clone(), arguments: arguments(aac) };
        let job = Job { command: &command, environment: Vec::new(), limit: LIMIT, memory: Some(MEMORY) };
        let (ended, output) = run_for_output(job, input, MOST_OUTPUT).await?;
        drop(turn);
        if ended.code == 0 { Ok(output) } else { Err(Error::Failed(ended)) }
    }
}

/// Silence where nothing is, what is too early cut off, to the sample; then so many samples, and no more.
fn arguments(aac: Aac) -> Vec<String> {
    let Aac { sample_rate, channels, first_sample, samples } = aac;
    let (layout, kbit) = match channels {
        1 => ("mono", 96),
        2 => ("stereo", 192),
        _ => ("5.1", 384),
    };
    let mut all = words("-hide_banner -nostdin -loglevel error -threads 1 -max_alloc 67108864 -copyts");
    all.extend(words("-protocol_whitelist pipe -probesize 65536 -f mp4 -i pipe:0 -map 0:a:0"));
    let filter = format!(
        "aresample={sample_rate}:async=1:min_comp=0.000001:min_hard_comp=0.3:first_pts={first_sample},\
         apad=whole_len={samples},atrim=end_sample={samples},aformat=channel_layouts={layout}"
    );
    all.extend(["-af".to_owned(), filter]);
    // From 64 kbit/s on ffmpeg's own documentation calls the fast way the better one; it takes half the time: 0.18 s of a processor for 6.2 s of DTS, 0.37 s otherwise.
    // The same samples give the same bytes.
    all.extend(words("-c:a aac -aac_coder fast -b:a").into_iter().chain([format!("{kbit}k")]));
    all.extend(words("-flags +bitexact -fflags +bitexact -map_metadata -1 -f adts pipe:1"));
    all
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}
