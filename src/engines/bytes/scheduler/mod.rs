//! Which bot and connection takes the next run, and what happens when it does not bring it.
//!
//! ```text
//! fetch -> queue -> choice -> attempt -> Fetching
//!            ^------- failed or fell silent: again, elsewhere
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | `fetch` | the states of one fetch and what moves it (pure) |
//! | `queue` | whose turn it is: classes, and fair turns by bytes (pure) |
//! | `choice` | which connection takes a run (pure) |
//! | `connections` | what attempts came to on each connection, and the bytes reserved on it |
//! | `congestion`, `throughput`, `latency` | how much may be in flight, how fast, how long reads take (pure) |
//! | `hedging` | what is late, and the budget for asking twice (pure) |
//! | `contention` | whether several viewers are short of connections |
//! | `event` | what happens, for those who count |
//! | `actor` | the task that owns all of it: receives, moves the fetches, carries out what follows |
//!
//! One task decides; callers hold a [`Scheduler`] and get a [`Fetching`], a future. Each attempt is a task of its own on one
//! connection. Only a run that its reader waits for is asked of a second connection when the first is late, within a budget.
//! What a connection holds that fell silent is asked for elsewhere at once.

mod actor;
mod choice;
mod congestion;
mod connections;
mod contention;
mod event;
mod fetch;
mod hedging;
mod latency;
mod queue;
mod throughput;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::streams::StreamId;
use super::{Error, Options};
use crate::adapters::telegram::{Files, VolumeLocation};
use actor::{Actor, Command, FetchRequest};
use contention::Contention;
pub(super) use event::{Event, Listener};
pub(super) use queue::Class;
use queue::FetchId;

/// A run of a volume to be fetched.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub at: Arc<VolumeLocation>,
    /// In the volume; [`Files::read`] says what is allowed.
    pub offset: u64,
    pub limit: u32,
    /// Bytes that the answer must have.
    pub reply_len: u32,
}

/// A run that came.
#[derive(Clone, Debug)]
pub(super) struct Fetched {
    pub bytes: Bytes,
    /// From the question to the bytes.
    pub took: Duration,
}

pub(super) type Outcome = Result<Fetched, Arc<Error>>;

/// The handle. Cheap to clone; the task ends with the last one.
#[derive(Clone)]
pub(super) struct Scheduler {
    commands: mpsc::UnboundedSender<Command>,
    contention: Contention,
}

/// A fetch on its way. Dropping it cancels the fetch.
pub(super) struct Fetching {
    handle: FetchHandle,
    reply: oneshot::Receiver<Outcome>,
    is_done: bool,
}

/// Hurries a fetch and tells how it stands. Keeps nothing alive.
#[derive(Clone)]
pub(super) struct FetchHandle {
    id: FetchId,
    commands: mpsc::UnboundedSender<Command>,
    is_under_way: Arc<AtomicBool>,
}

impl Scheduler {
    pub fn start(telegram: Files, options: Options, listener: Listener) -> Self {
        let (commands, received) = mpsc::unbounded_channel();
        let contention = Contention::new(Instant::now());
        tokio::spawn(Actor::new(telegram, options, listener, contention.clone()).run(received));
        Self { commands, contention }
    }

    /// Several viewers wait for connections with room.
    pub fn is_contended(&self) -> bool {
        self.contention.is_at(Instant::now())
    }

    /// Fetches a run in a stream's name. It is on its way before the future is polled.
    pub fn fetch(&self, run: Run, stream: StreamId, class: Class) -> Fetching {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = FetchId(NEXT.fetch_add(1, Ordering::Relaxed));
        let (reply, receiver) = oneshot::channel();
        let handle = FetchHandle { id, commands: self.commands.clone(), is_under_way: Arc::default() };
        let is_under_way = Arc::clone(&handle.is_under_way);
        let request = FetchRequest { run, stream, class, reply, is_under_way, at: Instant::now() };
        let _ = self.commands.send(Command::Fetch(id, request));
        Fetching { handle, reply: receiver, is_done: false }
    }
}

impl Fetching {
    pub fn handle(&self) -> FetchHandle {
        self.handle.clone()
    }
}

impl Future for Fetching {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = std::task::ready!(Pin::new(&mut self.reply).poll(cx));
        self.is_done = true;
        Poll::Ready(outcome.unwrap_or_else(|_| Err(Arc::new(Error::Unavailable("the program is stopping".to_owned())))))
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        if !self.is_done {
            let _ = self.handle.commands.send(Command::Cancel(self.handle.id));
        }
    }
}

impl FetchHandle {
    /// A reader waits for the run: it becomes at least this urgent.
    pub fn prioritize(&self, class: Class) {
        let _ = self.commands.send(Command::Prioritize(self.id, class));
    }

    /// A connection was asked for it.
    pub fn is_under_way(&self) -> bool {
        self.is_under_way.load(Ordering::Relaxed)
    }
}
