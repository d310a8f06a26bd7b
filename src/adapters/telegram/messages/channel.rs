//! Watching one channel: its task keeps our own position (pts) in the channel's history and asks Telegram what came after it,
//! when an update names the channel, after a reconnect, and every [`Timing::poll`](crate::adapters::telegram::Timing::poll)
//! regardless.
//!
//! ```text
//! no position yet ──> take pts, and say that what was posted before is unread
//! position ─────────> getChannelDifference ─┬─ events ──> Batch ──> done() ──> position moves on
//!                                           └─ too long ─> sweep by id from the newest handled message, say that what is
//!                                                          older is unread, then move on
//! nothing to do ────> a page of old messages that somebody wants read by their ids ──> Batch
//! ```
//!
//! The position is kept in the vault and moves only after [`Batch::done`], so whatever ingest did not finish comes again.
//!
//! Old messages are read here as well, though not of this task's own accord: whoever read them beside it could hand over a
//! caption after the edit that changed it. Between two looks at the difference there is one order.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grammers_tl_types as tl;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::arrival::Called;
use super::catch_up_error::CatchUpError;
use super::inbox::remember;
use super::incoming::{Call, Faces, call};
use super::posts;
use super::updates::Signal;
use super::{Batch, ChannelWatch, Delivery, POSITIONS, PageRead};
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::bots::channel::is_invisible;
use crate::adapters::telegram::connections::call_error::CallError;
use crate::adapters::telegram::vault::{load_record, save_record};
use crate::adapters::telegram::{Vault, VaultError};
use crate::domain::post::{ChannelEvent, ChatId, PostRef};

/// Events asked for at once. Telegram answers "too long" when more are waiting, and one answer must fit into a packet of
/// 1 MiB: a post is about 600 bytes.
const DIFFERENCE_LIMIT: i32 = 1_000;
/// For a channel whose answers do not come through (posts with very long texts).
const CAREFUL_LIMIT: i32 = 100;
/// channels.getMessages takes 100 to 200 ids.
const IDS_AT_ONCE: i32 = 100;
/// After a gap too long to be told, so many of the newest known messages are looked at again for edits and deletions.
const RECHECKED_MESSAGES: i32 = 1_000;
/// Between a failure and the first attempt after it.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// How watching a channel goes.
pub struct State {
    /// Caught up once, or found to be out of reach.
    pub was_read: bool,
    pub watch: ChannelWatch,
}

/// One channel, and the task that watches it.
pub struct Channel {
    pub chat: ChatId,
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    pub signal: Arc<Signal>,
    /// Old messages that somebody wants read.
    pub pages: mpsc::Receiver<PageRequest>,
    pub deliveries: mpsc::Sender<Delivery>,
    pub poll: Duration,
    pub state: Arc<Mutex<State>>,
}

/// Messages that are to be read by their ids.
pub struct PageRequest {
    pub ids: RangeInclusive<i32>,
    pub answer: oneshot::Sender<Result<PageRead, CatchUpError>>,
}

/// How far a channel has been handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    pts: i32,
    /// The newest message id handled, for sweeps; 0 while none is known.
    newest: i32,
    /// It was said that what was posted before is unread. Positions of versions that read the newest posts and no others lack it.
    #[serde(default)]
    is_past_told: bool,
}

impl Channel {
    /// Watches until told to stop.
    pub async fn run_until(self, stop: CancellationToken) {
        tokio::select! {
            // The work first: a batch that was acknowledged before the stop has its position saved.
            biased;
            () = self.run() => {}
            () = stop.cancelled() => {}
        }
    }

    async fn run(mut self) {
        let mut failures = 0;
        loop {
            match self.catch_up(failures).await {
                Ok(()) => {
                    if failures > 0 {
                        info!(chat = %self.chat, "Channel {} can be read again", self.chat);
                    }
                    failures = 0;
                    *lock(&self.state) = State { was_read: true, watch: ChannelWatch::Reads };
                    self.rest().await;
                }
                Err(CatchUpError::Stopped) => return,
                Err(trouble) => {
                    failures += 1;
                    self.record_failure(&trouble);
                    self.report(&trouble, failures);
                    self.pause_after(&trouble, failures).await;
                }
            }
        }
    }

    /// Until there may be something new. What somebody wants read comes after that.
    async fn rest(&mut self) {
        let until = Instant::now() + self.poll;
        loop {
            tokio::select! {
                biased;
                () = self.signal.raised() => return,
                () = tokio::time::sleep_until(until) => return,
                Some(request) = self.pages.recv() => {
                    let page = self.read_page(request.ids).await;
                    // Whoever wanted it may be gone; it is recorded all the same.
                    let _ = request.answer.send(page);
                }
            }
        }
    }

    async fn read_page(&self, ids: RangeInclusive<i32>) -> Result<PageRead, CatchUpError> {
        let messages = self.bot.messages(self.chat, ids.collect()).await?;
        let (events, page) = posts::page(self.chat, &messages);
        self.deliver(events).await?;
        Ok(page)
    }

    fn record_failure(&self, trouble: &CatchUpError) {
        let mut state = lock(&self.state);
        match trouble {
            CatchUpError::Call(error) if is_invisible(error) => {
                let watch = ChannelWatch::CannotSee(self.bot.not_member(self.chat).to_string());
                *state = State { was_read: true, watch };
            }
            trouble => state.watch = ChannelWatch::Failing(trouble.to_string()),
        }
    }

    /// Handles everything up to now. `failures` in a row came before.
    async fn catch_up(&self, failures: u32) -> Result<(), CatchUpError> {
        let limit = if failures < 3 { DIFFERENCE_LIMIT } else { CAREFUL_LIMIT };
        let mut position = match self.load()? {
            Some(position) => position,
            None => self.begin().await?,
        };
        if !position.is_past_told {
            let up_to = self.bot.newest_message(self.chat, position.pts).await?;
            self.tell_unread(up_to).await?;
            position.is_past_told = true;
            self.save(position)?;
        }
        loop {
            let before = position;
            self.signal.has_seen(position.pts);
            use tl::enums::updates::ChannelDifference as D;
            let is_final = match self.bot.channel_difference(self.chat, position.pts, limit).await {
                Ok(D::Empty(d)) => {
                    position.pts = d.pts;
                    d.r#final
                }
                Ok(D::Difference(d)) => {
                    self.deliver(posts::events(self.chat, &d.new_messages, &d.other_updates)).await?;
                    self.deliver_calls(&d).await?;
                    position.newest = position.newest.max(posts::newest(&d.new_messages));
                    position.pts = d.pts;
                    d.r#final
                }
                Ok(D::TooLong(d)) => {
                    let tl::enums::Dialog::Dialog(dialog) = d.dialog else {
                        return Err(CallError::Connection("a folder instead of a channel".to_owned()).into());
                    };
                    let pts = match dialog.pts {
                        Some(pts) => pts,
                        None => self.bot.full_pts(self.chat).await?,
                    };
                    position = self.sweep(position, pts, dialog.top_message).await?;
                    d.r#final
                }
                // Too old, or from before the channel's history was rebuilt.
                Err(e) if e.is("PERSISTENT_TIMESTAMP_INVALID") || e.is("PERSISTENT_TIMESTAMP_EMPTY") => {
                    let pts = self.bot.full_pts(self.chat).await?;
                    let newest = self.bot.newest_message(self.chat, pts).await?;
                    position = self.sweep(position, pts, newest).await?;
                    false
                }
                Err(e) => return Err(e.into()),
            };
            if position != before {
                self.save(position)?;
            }
            if is_final {
                self.signal.has_seen(position.pts);
                return Ok(());
            }
        }
    }

    /// A position in a channel never seen before. It is kept before anything is delivered: what is posted, edited or deleted
    /// from here on, even after a crash in the middle, comes with the first difference.
    async fn begin(&self) -> Result<Position, CatchUpError> {
        let position = Position { pts: self.bot.full_pts(self.chat).await?, newest: 0, is_past_told: false };
        self.save(position)?;
        Ok(position)
    }

    /// Says that somebody is to read the messages up to this one.
    async fn tell_unread(&self, up_to: i32) -> Result<(), CatchUpError> {
        if up_to < 1 {
            return Ok(());
        }
        info!(chat = %self.chat, "Channel {} is to be read up to message {up_to}", self.chat);
        self.deliver(vec![ChannelEvent::Unread { chat: self.chat, up_to }]).await
    }

    /// More happened than Telegram tells in one go: looks at messages by id instead, from the newest that was handled
    /// to the newest there is, and again at the newest before it. Progress is kept, so a crash does not begin it anew. What is
    /// older may have been edited or deleted as well, and is no hurry.
    async fn sweep(&self, from: Position, pts: i32, top: i32) -> Result<Position, CatchUpError> {
        let mut position = from;
        let begin = swept_from(from.newest, top);
        let mut first = begin;
        info!(chat = %self.chat, "Sweeping channel {} from message {first} to {top}", self.chat);
        while first <= top {
            let last = top.min(first.saturating_add(IDS_AT_ONCE - 1));
            let messages = self.messages(first..=last).await?;
            self.deliver(posts::swept(self.chat, &messages, from.newest)).await?;
            position.newest = position.newest.max(posts::newest(&messages));
            self.save(position)?;
            first = last + 1;
        }
        self.tell_unread(begin - 1).await?;
        Ok(Position { pts, ..position })
    }

    /// Hands events over and waits until they are handled.
    async fn deliver(&self, events: Vec<ChannelEvent>) -> Result<(), CatchUpError> {
        if events.is_empty() {
            return Ok(());
        }
        let (acknowledgment, done) = oneshot::channel();
        let batch = Batch { chat: self.chat, events, acknowledgment };
        self.deliveries.send(Delivery::Channel(batch)).await.map_err(|_| CatchUpError::Stopped)?;
        done.await.map_err(|_| CatchUpError::NotDone)
    }

    /// Hands over what new posts say to the bot, and waits as well. What is found by sweeping is old: nobody waits for an answer.
    async fn deliver_calls(&self, d: &tl::types::updates::ChannelDifference) -> Result<(), CatchUpError> {
        let faces = Faces::new(&d.users);
        let later = d.other_updates.iter().filter_map(|update| match update {
            tl::enums::Update::NewChannelMessage(update) => Some(&update.message),
            _ => None,
        });
        for message in d.new_messages.iter().chain(later) {
            let Some(Call { message, date, text, reply_to, by }) = call(message, &faces) else { continue };
            let (acknowledgment, done) = oneshot::channel();
            let at = PostRef { chat: self.chat, message };
            let called = Called { at, date, text, reply_to, by, acknowledgment };
            remember(&*self.vault, &self.bot, &faces)?;
            self.deliveries.send(Delivery::Called(called)).await.map_err(|_| CatchUpError::Stopped)?;
            done.await.map_err(|_| CatchUpError::NotDone)?;
        }
        Ok(())
    }

    async fn messages(&self, ids: RangeInclusive<i32>) -> Result<Vec<tl::enums::Message>, CatchUpError> {
        loop {
            match self.bot.messages(self.chat, ids.clone().collect()).await {
                // In the middle of a long sweep: wait here rather than begin it again.
                Err(e) => match e.flood_wait() {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(e.into()),
                },
                Ok(messages) => return Ok(messages),
            }
        }
    }

    fn report(&self, trouble: &CatchUpError, failures: u32) {
        let chat = self.chat;
        if let CatchUpError::Call(error) = trouble
            && is_invisible(error)
        {
            if failures == 1 {
                let error = self.bot.not_member(chat);
                warn!(%chat, "Channel {chat} is not watched: {error}");
            }
        } else if failures == 3 {
            warn!(%chat, "Channel {chat} cannot be read, trying on: {trouble}");
        } else {
            debug!(%chat, "Channel {chat} cannot be read: {trouble}");
        }
    }

    async fn pause_after(&self, trouble: &CatchUpError, failures: u32) {
        let pause = self.poll.min(RETRY_PAUSE * 2u32.saturating_pow(failures.min(10) - 1));
        match trouble {
            CatchUpError::Call(error) if is_invisible(error) => tokio::select! {
                () = self.signal.raised() => {} // perhaps the bot was let in just now
                () = tokio::time::sleep(self.poll) => {}
            },
            CatchUpError::Call(error) => tokio::time::sleep(error.flood_wait().unwrap_or(pause)).await,
            _ => tokio::time::sleep(pause).await,
        }
    }

    fn load(&self) -> Result<Option<Position>, VaultError> {
        load_record(&*self.vault, &self.vault_key())
    }

    fn save(&self, position: Position) -> Result<(), VaultError> {
        save_record(&*self.vault, &self.vault_key(), &position)
    }

    fn vault_key(&self) -> String {
        format!("{POSITIONS}{}", self.chat)
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a sweep up to `top` begins for someone who handled everything up to `handled`; 0: nobody knows.
fn swept_from(handled: i32, top: i32) -> i32 {
    let rechecked = top - RECHECKED_MESSAGES + 1;
    let after = if handled == 0 { rechecked } else { handled + 1 };
    after.min(rechecked).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_covers_the_hole_and_looks_again_at_the_newest_thousand() {
        let cases = [
            (0, 0, 1),
            (0, 50, 1),
            (0, 5_000, 4_001),
            (40, 50, 1),
            (900, 5_000, 901),
            (4_990, 5_000, 4_001),
            (5_000, 5_000, 4_001),
        ];
        for (handled, top, first) in cases {
            assert_eq!(swept_from(handled, top), first, "handled {handled}, top {top}");
        }
    }
}
