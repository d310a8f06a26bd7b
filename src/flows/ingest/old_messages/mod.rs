//! Messages of channels by their ids, at a pace that Telegram bears: what sweeps and checks read through. One pace for all of them.

mod pace;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::adapters::store::Store;
use crate::adapters::telegram::{ChannelWatch, Error, Messages, PageRead};
use crate::domain::post::{ChannelEvent, ChatId};
use crate::engines::jobs::Stop;
use crate::flows::DatabaseError;
pub(super) use pace::PAUSE;
use pace::Pace;

/// Ids asked for in one call. Telegram takes 200; the answer to a hundred fits into a packet, however long the texts are.
pub(super) const IDS: i32 = 100;
/// At a start a job may begin before the list of channels was read.
const WATCH_PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The handle. Cheap to clone.
#[derive(Clone)]
pub struct OldMessages {
    store: Store,
    messages: Messages,
    pace: Arc<Mutex<Pace>>,
}

impl OldMessages {
    pub fn new(store: Store, messages: Messages) -> Self {
        Self { store, messages, pace: Arc::new(Mutex::new(Pace::new(Instant::now()))) }
    }

    /// Of these channels those that can be read, and whose news are known: what is unread in them is queued. Waits for a start.
    pub(super) async fn readable(&self, chats: &[ChatId]) -> Vec<ChatId> {
        let begin = Instant::now();
        loop {
            let watching: BTreeMap<ChatId, ChannelWatch> = self.messages.watching().into_iter().collect();
            let is_open = |chat| matches!(watching.get(chat), None | Some(ChannelWatch::NotYet));
            if begin.elapsed() > WATCH_PATIENCE || !chats.iter().any(is_open) {
                let reads = |chat: &&ChatId| watching.get(chat) == Some(&ChannelWatch::Reads);
                return chats.iter().filter(reads).copied().collect();
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// The newest message's id, or one above it.
    pub(super) async fn newest(&self, chat: ChatId) -> Result<i32, Stop> {
        self.in_turn(chat, || self.messages.newest_message(chat)).await
    }

    /// Has these messages recorded as they stand now, in order with what else happens in the channel.
    pub(super) async fn record(&self, chat: ChatId, first: i32, last: i32) -> Result<PageRead, Stop> {
        self.in_turn(chat, || self.messages.read_page(chat, first..=last)).await
    }

    /// What stands at these ids, recorded by nobody.
    pub(super) async fn look(&self, chat: ChatId, first: i32, last: i32) -> Result<Vec<ChannelEvent>, Stop> {
        self.in_turn(chat, || self.messages.look_at(chat, first..=last)).await
    }

    /// A call in its turn. Telegram's waits are sat out here.
    async fn in_turn<T, F>(&self, chat: ChatId, call: impl Fn() -> F) -> Result<T, Stop>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut not_watched_since = None;
        loop {
            let turn = self.pace().turn(Instant::now());
            tokio::time::sleep_until(turn).await;
            if !self.pace().may_call(Instant::now()) {
                continue;
            }
            match call().await {
                Ok(answer) => {
                    self.pace().went_well();
                    return Ok(answer);
                }
                Err(Error::FloodWait { wait, .. }) => self.pace().told_to_wait(Instant::now(), wait),
                Err(error @ Error::NotWatched { .. }) => {
                    let since: Instant = *not_watched_since.get_or_insert_with(Instant::now);
                    if !is_watched(&self.store, chat).await? {
                        return Err(Stop::Final(format!(
                            "{error} any more; add it again: cinepost channel add {chat}"
                        )));
                    }
                    if since.elapsed() > WATCH_PATIENCE {
                        return Err(Stop::Passing(error.to_string()));
                    }
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                // A bot may be let in again, and Telegram answer again: nothing of it is for ever.
                Err(error) => return Err(Stop::Passing(error.to_string())),
            }
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) async fn is_watched(store: &Store, chat: ChatId) -> Result<bool, DatabaseError> {
    let channels = store.channels().all().await?;
    Ok(channels.iter().any(|channel| channel.chat == chat && channel.active))
}
