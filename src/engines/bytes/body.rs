//! The bytes of one response: chunks that are fetched side by side and handed on in order.
//!
//! ```text
//!   sent | head | here | coming | coming | not asked for yet
//!        |<----------- window ---------->|
//! ```
//!
//! How large the window is says [`read_window`](super::read_window); how much all windows may hold together, [`budget`](super::budget).
//! Dropping the body gives up everything that nobody else waits for.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use tokio::time::Instant;

use super::Error;
use super::budget::{Admission, Budget, Reservation};
use super::cache::{Cache, Lookup, Subscription};
use super::live::Ticket;
use super::read_window::{self, ReadWindow};
use super::scheduler::Class;
use crate::adapters::telegram::VolumeLocation;
use crate::domain::chunk_plan::{CELL, Chunk, ChunkPlan};

/// A reader who has not come for so long holds no more than the smallest window.
const PAUSED: Duration = Duration::from_secs(5);

/// A stream of exactly the bytes that were promised, or of an error, after which nothing comes.
pub struct Body {
    reader: Arc<Mutex<Reader>>,
    /// Fetched before the body was given away.
    first: Option<Bytes>,
}

/// What a body reads with; shared with whoever takes memory back from readers that pause.
pub(super) struct Reader {
    cache: Cache,
    budget: Budget,
    /// One for each volume.
    locations: Arc<[Arc<VolumeLocation>]>,
    plan: ChunkPlan,
    /// In reading order; the first is the head.
    slots: VecDeque<Slot>,
    /// What is left of the chunk that is being handed on, and its share of the budget.
    current: (Bytes, Option<Reservation>),
    /// Bytes that `slots` hold or will hold.
    ahead_bytes: u64,
    window: ReadWindow,
    /// Nothing was read yet.
    is_fresh: bool,
    /// The head failed while nobody waited for it; what takes its place is waited for.
    asks_again: bool,
    has_failed: bool,
    polled_at: Instant,
    ticket: Ticket,
    _place: Admission,
}

struct Slot {
    chunk: Chunk,
    what: Lookup,
    share: Option<Reservation>,
    /// The reader came before the bytes did.
    was_waited_for: bool,
}

impl Body {
    /// Begins to fetch.
    pub(super) fn begin(
        cache: Cache,
        budget: Budget,
        locations: Arc<[Arc<VolumeLocation>]>,
        plan: ChunkPlan,
        ticket: Ticket,
        place: Admission,
    ) -> Self {
        let now = Instant::now();
        let mut reader = Reader {
            cache,
            budget,
            locations,
            plan,
            slots: VecDeque::new(),
            current: (Bytes::new(), None),
            ahead_bytes: 0,
            window: ReadWindow::new(now),
            is_fresh: true,
            asks_again: false,
            has_failed: false,
            polled_at: now,
            ticket,
            _place: place,
        };
        reader.fill();
        Self { reader: Arc::new(Mutex::new(reader)), first: None }
    }

    /// Waits for the first bytes.
    pub(super) async fn ready(mut self) -> Result<Self, Error> {
        self.first = poll_fn(|cx| lock(&self.reader).poll_piece(cx)).await.transpose()?;
        Ok(self)
    }

    pub(super) fn reader(&self) -> Weak<Mutex<Reader>> {
        Arc::downgrade(&self.reader)
    }
}

impl Reader {
    /// Asks for chunks until the window is full.
    fn fill(&mut self) {
        let fair = self.budget.fair_share();
        while let Some(mut chunk) = self.plan.offer(self.window.chunk().min(fair / 2)) {
            let held = self.ahead_bytes + self.current.0.len() as u64;
            let most = self.window.bytes().min(fair);
            if !self.slots.is_empty() && held + u64::from(chunk.limit) > most {
                break;
            }
            let mut share = self.budget.reserve(chunk.limit.into());
            if share.is_none() {
                // The chunk that the reader needs next is always allowed, if it is small.
                if !self.slots.is_empty() {
                    break;
                }
                let Some(small) = self.plan.offer(CELL) else { break };
                chunk = small;
            }
            let class = if std::mem::take(&mut self.is_fresh) { Class::First } else { Class::Ahead };
            let at = &self.locations[chunk.volume];
            let (part, what) = self.cache.take(at, chunk, self.ticket.number(), class);
            if let Some(share) = &mut share {
                share.shrink(part.limit.into());
            }
            self.plan.advance(&part);
            self.ahead_bytes += u64::from(part.limit);
            self.slots.push_back(Slot { chunk: part, what, share, was_waited_for: false });
        }
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
                let len = self.current.0.len().min(self.window.piece());
                let piece = self.current.0.split_to(len);
                if self.current.0.is_empty() {
                    self.current.1 = None;
                }
                self.window.taken(len as u64, now);
                self.fill();
                return Poll::Ready(Some(Ok(piece)));
            }
            self.fill();
            let Some(head) = self.slots.front_mut() else { return Poll::Ready(None) };
            let outcome = match &mut head.what {
                Lookup::Hit(bytes) => Ok(bytes.clone()),
                Lookup::Pending(subscription) => match subscription.poll(cx) {
                    Poll::Ready(Ok(fetched)) => {
                        self.window.arrived(fetched.took);
                        Ok(fetched.bytes)
                    }
                    Poll::Ready(Err(error)) => Err(error),
                    Poll::Pending => {
                        self.asks_again = false;
                        if !std::mem::replace(&mut head.was_waited_for, true) {
                            subscription.prioritize();
                            self.window.set_contended(self.cache.is_contended());
                            self.window.starved(now);
                            self.fill();
                        }
                        return Poll::Pending;
                    }
                },
            };
            let Some(head) = self.slots.pop_front() else { return Poll::Ready(None) };
            self.ahead_bytes -= u64::from(head.chunk.limit);
            match outcome {
                Ok(bytes) => self.current = (bytes, head.share),
                // It failed while nobody waited for it, perhaps long ago in a film on pause: what failed it then need not be
                // so now.
                Err(_) if !head.was_waited_for && !self.asks_again => {
                    self.asks_again = true;
                    self.drop_from(0);
                    self.plan.rewind(head.chunk.cursor);
                }
                Err(error) => {
                    self.drop_from(0);
                    self.has_failed = true;
                    return Poll::Ready(Some(Err((*error).clone())));
                }
            }
        }
    }

    /// Whether the stream has to end before its end; nothing comes after that was told once.
    fn poll_end(&mut self, cx: &Context<'_>) -> bool {
        if self.has_failed || !self.ticket.is_ended(cx.waker()) {
            return false;
        }
        self.has_failed = true;
        self.drop_from(0);
        true
    }

    /// Gives up the slots from this one on; they are planned anew when it is time.
    fn drop_from(&mut self, first: usize) {
        for slot in self.slots.drain(first..).rev() {
            self.ahead_bytes -= u64::from(slot.chunk.limit);
            self.plan.rewind(slot.chunk.cursor);
        }
    }

    /// Takes back what a reader that pauses does not need soon.
    pub fn trim(&mut self, now: Instant) {
        if now < self.polled_at + PAUSED {
            return;
        }
        let mut kept = 0;
        let fits = self.slots.iter().take_while(|slot| {
            kept += u64::from(slot.chunk.limit);
            kept <= read_window::SMALLEST
        });
        let first = fits.count().max(1);
        if first < self.slots.len() {
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
            _ if reader.poll_end(cx) => Some(Err(Error::Revoked)),
            Some(first) => Some(Ok(first)),
            None => ready!(reader.poll_piece(cx)),
        };
        match &item {
            Some(Ok(bytes)) => reader.ticket.sent(bytes.len()),
            Some(Err(error)) => {
                reader.ticket.broke();
                tracing::warn!("A stream was cut off: {error}");
            }
            None => {}
        }
        Poll::Ready(item)
    }
}

/// The end of a file that has just been opened, fetched beside its head: players look there next. Goes on for as long as the
/// reader is there, and to its end once it is under way.
pub(super) async fn fetch_beside(mut subscriptions: Vec<Subscription>, reader: Weak<Mutex<Reader>>) {
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
