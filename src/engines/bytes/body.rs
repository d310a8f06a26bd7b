//! The bytes of one stream: chunks that are fetched side by side and handed on in order.
//!
//! ```text
//!   sent | head | here | pending | pending | not asked for yet
//!        |<-------- read window --------->|
//! ```
//!
//! How large the window is says [`read_window`]; how much all windows may hold together,
//! [`budget`](super::budget). A chunk's bytes are reserved when it is asked for and freed when its last byte was handed on
//! or the chunk is given up. Dropping the body gives up everything that nobody else waits for.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use tokio::time::Instant;

use super::budget::{Budget, Permit, Reservation};
use super::cache::{Cache, Lookup, Subscription};
use super::metrics::Metrics;
use super::read_window::{self, ReadWindow};
use super::scheduler::Class;
use super::streams::{StreamGuard, StreamId};
use super::{Engine, Error, Locations, Purpose};
use crate::domain::chunk_plan::{BLOCK, CELL, Chunk, ChunkPlan};

/// A reader who has not come for so long holds no more than the smallest window.
const PAUSED: Duration = Duration::from_secs(5);

/// A stream of exactly the bytes that were promised, or of an error, after which nothing comes.
pub struct Body {
    reader: Arc<Mutex<Reader>>,
    /// Fetched before the body was given away.
    first: Option<Bytes>,
}

/// Who a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Somebody watches: what they wait for comes first.
    Viewer,
    /// Nobody watches.
    Program(Purpose),
}

/// A chunk of a program's. What is sent for somebody who watches waits no longer than for one of these: 85 ms at what a connection
/// brings.
pub(super) const PROGRAM_CHUNK: u64 = 512 * 1024;

impl Audience {
    /// How urgent the very first chunk is.
    fn first(self) -> Class {
        match self {
            Self::Viewer => Class::First,
            Self::Program(purpose) => purpose.class(),
        }
    }

    /// How urgent a chunk is that the reader waits for in mid-stream.
    fn head(self) -> Class {
        match self {
            Self::Viewer => Class::Head,
            Self::Program(purpose) => purpose.class(),
        }
    }

    /// How urgent a chunk is that is fetched ahead.
    fn ahead(self) -> Class {
        match self {
            Self::Viewer => Class::Ahead,
            Self::Program(purpose) => purpose.class(),
        }
    }

    fn largest_chunk(self) -> u64 {
        match self {
            Self::Viewer => BLOCK,
            Self::Program(_) => PROGRAM_CHUNK,
        }
    }
}

/// A stream that was let in: listed, and with its place in the budget, until dropped.
pub(super) struct Admitted {
    pub guard: StreamGuard,
    pub permit: Permit,
}

/// What a body reads with; shared with whoever takes memory back from readers that pause.
pub(super) struct Reader {
    cache: Cache,
    budget: Budget,
    metrics: Metrics,
    /// One for each volume.
    locations: Locations,
    plan: ChunkPlan,
    audience: Audience,
    /// Chunks asked for, in reading order; the first is the head.
    prefetched: VecDeque<Prefetched>,
    /// What is left of the chunk that is being handed on, and its part of the budget.
    current: (Bytes, Option<Reservation>),
    /// Bytes that `prefetched` holds or will hold.
    ahead_bytes: u64,
    window: ReadWindow,
    /// Nothing was asked for yet.
    is_fresh: bool,
    /// The head failed while nobody waited for it; what takes its place is waited for.
    asks_again: bool,
    has_failed: bool,
    polled_at: Instant,
    stream: StreamGuard,
    _permit: Permit,
}

/// A chunk that was asked for.
struct Prefetched {
    chunk: Chunk,
    source: Lookup,
    /// `None` for a head that found no room in the budget: admission has set room aside for it.
    reservation: Option<Reservation>,
    /// The reader came before the bytes did.
    was_waited_for: bool,
}

impl Body {
    /// Begins to fetch.
    pub(super) fn begin(
        engine: &Engine,
        stream: Admitted,
        locations: Locations,
        plan: ChunkPlan,
        audience: Audience,
    ) -> Self {
        let now = Instant::now();
        let mut reader = Reader {
            cache: engine.cache.clone(),
            budget: engine.budget.clone(),
            metrics: engine.metrics.clone(),
            locations,
            plan,
            audience,
            prefetched: VecDeque::new(),
            current: (Bytes::new(), None),
            ahead_bytes: 0,
            window: ReadWindow::new(now),
            is_fresh: true,
            asks_again: false,
            has_failed: false,
            polled_at: now,
            stream: stream.guard,
            _permit: stream.permit,
        };
        reader.fill();
        Self { reader: Arc::new(Mutex::new(reader)), first: None }
    }

    /// Waits for the first bytes.
    pub(super) async fn ready(mut self) -> Result<Self, Error> {
        self.first = poll_fn(|cx| lock(&self.reader).poll_piece(cx)).await.transpose()?;
        Ok(self)
    }

    /// Waits for all bytes and holds them in memory. They are not counted as sent.
    pub(super) async fn collect(self) -> Result<Bytes, Error> {
        let mut pieces = Vec::new();
        while let Some(piece) = poll_fn(|cx| lock(&self.reader).poll_piece(cx)).await {
            pieces.push(piece?);
        }
        match &mut pieces[..] {
            [all] => Ok(std::mem::take(all)),
            pieces => {
                let mut all = BytesMut::with_capacity(pieces.iter().map(Bytes::len).sum());
                pieces.iter().for_each(|piece| all.extend_from_slice(piece));
                Ok(all.freeze())
            }
        }
    }

    pub(super) fn reader(&self) -> Weak<Mutex<Reader>> {
        Arc::downgrade(&self.reader)
    }

    pub fn stream_id(&self) -> StreamId {
        lock(&self.reader).stream.id()
    }

    /// Ends the stream before its end: what it waits for is given up and nothing comes any more. Counts as broken.
    pub fn abort(&mut self) {
        self.first = None;
        let mut reader = lock(&self.reader);
        if !reader.has_failed {
            reader.fail();
            reader.metrics.stream_broke();
        }
    }
}

impl Reader {
    /// Asks for chunks until the window is full.
    fn fill(&mut self) {
        let fair = self.budget.fair_share();
        let largest = self.window.chunk().min(fair / 2).min(self.audience.largest_chunk());
        while let Some(chunk) = self.plan.offer(largest) {
            let held = self.ahead_bytes + self.current.0.len() as u64;
            let most = self.window.bytes().min(fair);
            if !self.prefetched.is_empty() && held + u64::from(chunk.limit) > most {
                break;
            }
            let Some((chunk, mut reservation)) = self.reserve(chunk) else { break };
            let is_first = std::mem::take(&mut self.is_fresh);
            let class = if is_first { self.audience.first() } else { self.audience.ahead() };
            let at = &self.locations[chunk.volume];
            let (part, source) = self.cache.lookup(at, chunk, self.stream.id(), class);
            if let Some(reservation) = &mut reservation {
                reservation.shrink(part.limit.into());
            }
            self.plan.advance(&part);
            self.ahead_bytes += u64::from(part.limit);
            self.prefetched.push_back(Prefetched { chunk: part, source, reservation, was_waited_for: false });
        }
    }

    /// Room for a chunk. Where there is none the reader gets what it needs next all the same, if it is small.
    fn reserve(&self, chunk: Chunk) -> Option<(Chunk, Option<Reservation>)> {
        if let Some(reservation) = self.budget.reserve(chunk.limit.into()) {
            return Some((chunk, Some(reservation)));
        }
        let is_head = self.prefetched.is_empty();
        let small = is_head.then(|| self.plan.offer(CELL)).flatten()?;
        Some((small, None))
    }

    /// The next bytes in order, once they are here.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let now = Instant::now();
        self.polled_at = now;
        if self.has_failed {
            return Poll::Ready(None);
        }
        loop {
            if !self.current.0.is_empty() {
                return Poll::Ready(Some(Ok(self.next_piece(now))));
            }
            self.fill();
            if self.prefetched.is_empty() {
                return Poll::Ready(None);
            }
            let outcome = ready!(self.poll_head(cx, now));
            let Some(head) = self.prefetched.pop_front() else { return Poll::Ready(None) };
            self.ahead_bytes -= u64::from(head.chunk.limit);
            match outcome {
                Ok(bytes) => self.current = (bytes, head.reservation),
                // It failed while nobody waited for it, perhaps long ago in a film on pause: what failed it then need not be
                // so now.
                Err(_) if !head.was_waited_for && !self.asks_again => {
                    self.asks_again = true;
                    self.drop_from(0);
                    self.plan.rewind(head.chunk.cursor);
                }
                Err(error) => {
                    self.fail();
                    return Poll::Ready(Some(Err((*error).clone())));
                }
            }
        }
    }

    /// Cuts what is handed on next off the current chunk, which has bytes left.
    fn next_piece(&mut self, now: Instant) -> Bytes {
        let len = self.current.0.len().min(self.window.piece());
        let piece = self.current.0.split_to(len);
        if self.current.0.is_empty() {
            self.current.1 = None;
        }
        self.window.taken(len as u64, now);
        self.fill();
        piece
    }

    /// The head's bytes, once they are here. There is a head.
    fn poll_head(&mut self, cx: &mut Context<'_>, now: Instant) -> Poll<Result<Bytes, Arc<Error>>> {
        let Some(head) = self.prefetched.front_mut() else { return Poll::Ready(Ok(Bytes::new())) };
        let subscription = match &mut head.source {
            Lookup::Hit(bytes) => return Poll::Ready(Ok(bytes.clone())),
            Lookup::Pending(subscription) => subscription,
        };
        if let Poll::Ready(outcome) = subscription.poll(cx) {
            return Poll::Ready(outcome.map(|fetched| {
                self.window.arrived(fetched.took);
                fetched.bytes
            }));
        }
        self.asks_again = false;
        if !std::mem::replace(&mut head.was_waited_for, true) {
            subscription.prioritize(self.audience.head());
            self.window.set_contended(self.cache.is_contended());
            self.window.starved(now);
            self.fill();
        }
        Poll::Pending
    }

    /// Nothing comes any more.
    fn fail(&mut self) {
        self.has_failed = true;
        self.drop_from(0);
    }

    /// Gives up the chunks from this one on; they are planned anew when it is time.
    fn drop_from(&mut self, first: usize) {
        for given_up in self.prefetched.drain(first..).rev() {
            self.ahead_bytes -= u64::from(given_up.chunk.limit);
            self.plan.rewind(given_up.chunk.cursor);
        }
    }

    /// Takes back what a reader that pauses does not need soon.
    pub fn trim(&mut self, now: Instant) {
        if now < self.polled_at + PAUSED {
            return;
        }
        let mut kept = 0;
        let fits = self.prefetched.iter().take_while(|prefetched| {
            kept += u64::from(prefetched.chunk.limit);
            kept <= read_window::SMALLEST
        });
        let first = fits.count().max(1);
        if first < self.prefetched.len() {
            self.drop_from(first);
        }
    }
}

impl Stream for Body {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let first = self.first.take();
        let mut reader = lock(&self.reader);
        let item = match first {
            Some(first) => Some(Ok(first)),
            None => ready!(reader.poll_piece(cx)),
        };
        match &item {
            Some(Ok(bytes)) => {
                reader.stream.sent(bytes.len());
                reader.metrics.sent(bytes.len());
            }
            Some(Err(error)) => {
                reader.metrics.stream_broke();
                tracing::warn!("A stream was cut off: {error}");
            }
            None => {}
        }
        Poll::Ready(item)
    }
}

/// Follows fetches that go on beside a reader. What is not under way when the reader leaves is given up.
pub(super) async fn fetch_beside(mut subscriptions: Vec<Subscription>, reader: Weak<Mutex<Reader>>) {
    /// How often to look whether the reader is still there.
    const LOOK: Duration = Duration::from_millis(20);
    while !subscriptions.is_empty() {
        poll_fn(|cx| {
            subscriptions.retain_mut(|subscription| subscription.poll(cx).is_pending());
            // Looked at again when anything of it arrives, or below.
            Poll::Ready(())
        })
        .await;
        if reader.strong_count() == 0 {
            subscriptions.retain(Subscription::is_under_way);
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn lock(reader: &Mutex<Reader>) -> MutexGuard<'_, Reader> {
    reader.lock().unwrap_or_else(PoisonError::into_inner)
}
