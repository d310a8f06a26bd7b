//! The bytes of one response: a window of chunks that are fetched side by side and handed on in order.
//!
//! ```text
//!   sent | head | ready | in flight | in flight | not asked for yet
//!        |<------------- window ------------->|
//! ```
//!
//! The window begins small and grows only when the reader had to wait for its head: a player that reads at the film's
//! speed stays at what it needs, a download gets all connections. It halves when chunks come late: on a slow network a
//! large window only makes each of them wait behind the others. Dropping the body gives every fetch up.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::iter::Peekable;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::SetOnce;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::live::Ticket;
use super::schedule::{Head, Schedule};
use super::{Error, Options};
use crate::domain::chunk_plan::Chunk;
use crate::telegram::Location;

/// A stream of exactly the bytes that were promised, or of an error, after which nothing comes.
pub struct Body {
    schedule: Arc<Schedule>,
    /// One for each volume.
    locations: Arc<[Location]>,
    chunks: Peekable<Box<dyn Iterator<Item = Chunk> + Send>>,
    /// In reading order; the first is the head.
    fetches: VecDeque<Fetch>,
    /// Bytes that `fetches` hold or will hold.
    ahead_bytes: u64,
    window_bytes: u64,
    options: Options,
    /// Whether the chunk before came in time.
    is_in_time: bool,
    /// Fetched before the body was given away.
    first: Option<Bytes>,
    ticket: Ticket,
}

/// A chunk on its way. Given up when dropped.
struct Fetch {
    chunk: Chunk,
    /// Also says how long it took.
    task: JoinHandle<(Result<Bytes, Error>, Duration)>,
    head: Head,
    /// The reader came before the bytes did.
    was_waited_for: bool,
}

impl Drop for Fetch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Body {
    /// Begins to fetch and waits for the first bytes.
    pub(super) async fn open(
        schedule: Arc<Schedule>,
        locations: Arc<[Location]>,
        chunks: Box<dyn Iterator<Item = Chunk> + Send>,
        options: Options,
        ticket: Ticket,
    ) -> Result<Self, Error> {
        let mut body = Self {
            schedule,
            locations,
            chunks: chunks.peekable(),
            fetches: VecDeque::new(),
            ahead_bytes: 0,
            window_bytes: options.first_window_bytes,
            options,
            is_in_time: true,
            first: None,
            ticket,
        };
        body.first = poll_fn(|cx| body.poll_head(cx)).await.transpose()?;
        Ok(body)
    }

    /// Asks for chunks until the window is full.
    fn fill(&mut self) {
        while let Some(chunk) = self.chunks.peek().copied() {
            let bytes = u64::from(chunk.limit);
            if !self.fetches.is_empty() && self.ahead_bytes + bytes > self.window_bytes {
                break;
            }
            self.chunks.next();
            self.ahead_bytes += bytes;
            let fetch = self.fetch(chunk);
            self.fetches.push_back(fetch);
        }
        if let Some(head) = self.fetches.front() {
            // Says it again for a head that knows: no harm.
            let _ = head.head.set(());
        }
    }

    fn fetch(&self, chunk: Chunk) -> Fetch {
        let head: Head = Arc::new(SetOnce::new());
        let (schedule, locations, is_head) = (self.schedule.clone(), self.locations.clone(), head.clone());
        let task = tokio::spawn(async move {
            let began = Instant::now();
            let answer = schedule.fetch(&locations[chunk.volume], &chunk, &is_head).await;
            (answer, began.elapsed())
        });
        Fetch { chunk, task, head, was_waited_for: false }
    }

    /// The next bytes in order, fetched.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            self.fill();
            let Some(head) = self.fetches.front_mut() else {
                return Poll::Ready(None);
            };
            let Poll::Ready(joined) = Pin::new(&mut head.task).poll(cx) else {
                if !std::mem::replace(&mut head.was_waited_for, true) && self.is_in_time {
                    self.window_bytes = (self.window_bytes * 2).min(self.options.window_bytes);
                    self.fill();
                }
                return Poll::Pending;
            };
            let (answer, took) = joined
                .unwrap_or_else(|gone| (Err(Error::Unavailable(format!("a fetch ended: {gone}"))), Duration::ZERO));
            let (chunk, was_waited_for) = (head.chunk, head.was_waited_for);
            match answer {
                Ok(bytes) => {
                    self.fetches.pop_front();
                    self.ahead_bytes -= u64::from(chunk.limit);
                    self.is_in_time = took <= self.options.late;
                    if !self.is_in_time {
                        self.window_bytes = (self.window_bytes / 2).max(self.options.first_window_bytes);
                    }
                    self.fill();
                    return Poll::Ready(Some(Ok(bytes.slice(chunk.trim_start as usize..chunk.trim_end as usize))));
                }
                // It failed while nobody waited for it, perhaps long ago in a film on pause: what failed it then need
                // not be so now.
                Err(_) if !was_waited_for => {
                    let mut again = self.fetch(chunk);
                    again.was_waited_for = true;
                    self.fetches[0] = again;
                }
                Err(error) => {
                    self.fetches.clear();
                    self.chunks = (Box::new(std::iter::empty()) as Box<dyn Iterator<Item = Chunk> + Send>).peekable();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            self.ticket.sent(first.len());
            return Poll::Ready(Some(Ok(first)));
        }
        let item = ready!(self.poll_head(cx));
        match &item {
            Some(Ok(bytes)) => self.ticket.sent(bytes.len()),
            Some(Err(error)) => {
                self.ticket.broke();
                tracing::warn!("A stream was cut off: {error}");
            }
            None => {}
        }
        Poll::Ready(item)
    }
}
