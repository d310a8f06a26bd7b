//! One child process, from its start to its end.

use std::ffi::OsString;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

use super::group::Group;
use super::{Ended, Error, Job};
use crate::domain::text;

/// Bytes of its output that are kept; the rest is read and dropped, so that it never waits for us.
const MOST_OUTPUT: usize = 64 * 1024;
/// Where programs are looked for when we were given no PATH ourselves.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Runs a child and waits for its end. What comes through `input` goes to its standard input, which ends when `input` does; when the
/// child wants no more, `input` is closed. Dropping the future ends the child and all that it started.
pub async fn run(job: Job<'_>, input: mpsc::Receiver<Bytes>) -> Result<Ended, Error> {
    let talked = talk_within(job, input, (MOST_OUTPUT, Rest::Dropped)).await?;
    let said = first_line(&talked.output).or_else(|| first_line(&talked.errors));
    ended(talked.status, said)
}

/// The same, with all that it writes to its standard output, which is then nothing that it says. [`Error::TooMuch`], and its end, as soon as that is more than `most` bytes.
pub async fn run_for_output(
    job: Job<'_>,
    input: mpsc::Receiver<Bytes>,
    most: usize,
) -> Result<(Ended, Vec<u8>), Error> {
    let talked = talk_within(job, input, (most, Rest::EndsIt)).await?;
    // Before how it ended is looked at: we ended it.
    if talked.is_cut {
        return Err(Error::TooMuch(most));
    }
    Ok((ended(talked.status, first_line(&talked.errors))?, talked.output))
}

/// What becomes of output beyond what is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Dropped,
    /// The child is ended.
    EndsIt,
}

/// A child that ended, and what it wrote.
struct Talked {
    status: ExitStatus,
    output: Vec<u8>,
    /// There was more of that.
    is_cut: bool,
    errors: Vec<u8>,
}

async fn talk_within(job: Job<'_>, input: mpsc::Receiver<Bytes>, most: (usize, Rest)) -> Result<Talked, Error> {
    let mut child = start(&job).map_err(Error::NotStarted)?;
    let group = Group::of(&child);
    if let Some(bytes) = job.memory {
        group.limit_memory(bytes).map_err(Error::NotStarted)?;
    }
    match tokio::time::timeout(job.limit, talk(&mut child, &group, input, most)).await {
        Ok(ended) => ended,
        Err(_) => {
            group.end(&mut child).await;
            Err(Error::TooLong(job.limit))
        }
    }
}

fn start(job: &Job<'_>) -> std::io::Result<Child> {
    let path = std::env::var_os("PATH").filter(|path| !path.is_empty()).unwrap_or_else(|| OsString::from(PATH));
    let mut command = Command::new(&job.command.program);
    command.args(&job.command.arguments);
    command.env_clear().env("PATH", path).envs(job.environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.process_group(0).kill_on_drop(true).spawn()
}

async fn talk(
    child: &mut Child,
    group: &Group,
    input: mpsc::Receiver<Bytes>,
    (most, rest): (usize, Rest),
) -> Result<Talked, Error> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let end = async {
        let status = child.wait().await;
        // What it left behind would hold its output open for as long as it likes.
        group.kill();
        status
    };
    let output = async {
        let read = read(stdout, most, rest).await;
        if rest == Rest::EndsIt && read.1 {
            group.kill();
        }
        read
    };
    let errors = read(stderr, MOST_OUTPUT, Rest::Dropped);
    let mut work = pin!(async { tokio::join!(end, output, errors) });
    let (status, (output, is_cut), (errors, _)) = tokio::select! {
        done = &mut work => done,
        () = feed(stdin, input) => work.await,
    };
    Ok(Talked { status: status.map_err(Error::Lost)?, output, is_cut, errors })
}

fn ended(status: ExitStatus, said: Option<String>) -> Result<Ended, Error> {
    let said = said.unwrap_or_default();
    match status.code() {
        Some(code) => Ok(Ended { code, said }),
        None => Err(Error::Killed(said)),
    }
}

fn first_line(output: &[u8]) -> Option<String> {
    let output = String::from_utf8_lossy(output);
    let line = output.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(text::line(line, text::WORD))
}

/// Hands bytes on until there are no more, or nobody takes them.
async fn feed(stdin: Option<ChildStdin>, mut input: mpsc::Receiver<Bytes>) {
    let Some(mut stdin) = stdin else { return };
    while let Some(bytes) = input.recv().await {
        if stdin.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// So many bytes, and whether there was more. All is read, unless the rest ends the child.
async fn read(from: Option<impl AsyncRead + Unpin>, most: usize, rest: Rest) -> (Vec<u8>, bool) {
    let (mut kept, mut is_cut, mut piece) = (Vec::new(), false, [0; 4096]);
    let Some(mut from) = from else { return (kept, is_cut) };
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        let room = most - kept.len();
        kept.extend_from_slice(&piece[..read.min(room)]);
        is_cut |= read > room;
        if is_cut && rest == Rest::EndsIt {
            break;
        }
    }
    (kept, is_cut)
}
