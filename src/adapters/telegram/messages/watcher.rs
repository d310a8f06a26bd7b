//! The channels being watched: a task for each, started and ended as channels are named.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::catch_up_error::CatchUpError;
use super::channel::{Channel, PageRequest, State, lock};
use super::posts;
use super::updates::Signals;
use super::{ChannelWatch, Delivery, PageRead};
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::bots::channel::is_invisible;
use crate::adapters::telegram::connections::call_error::CallError;
use crate::adapters::telegram::{Error, Vault};
use crate::domain::post::{ChannelEvent, ChatId};

/// The channels being watched, by the main bot.
pub struct Watcher {
    bot: Arc<Bot>,
    vault: Arc<dyn Vault>,
    signals: Arc<Signals>,
    deliveries: mpsc::Sender<Delivery>,
    /// Channels are looked through this often even when nothing announces an update.
    poll: Duration,
    tasks: Mutex<HashMap<ChatId, Watched>>,
}

/// A channel that cannot be read just now keeps whoever wants a page of it waiting for so long.
const PAGE_PATIENCE: Duration = Duration::from_secs(30);

struct Watched {
    /// Ends the task when dropped.
    stop: DropGuard,
    task: JoinHandle<()>,
    state: Arc<Mutex<State>>,
    pages: mpsc::Sender<PageRequest>,
}

impl Watcher {
    pub fn new(
        bot: Arc<Bot>,
        vault: Arc<dyn Vault>,
        signals: Arc<Signals>,
        deliveries: mpsc::Sender<Delivery>,
        poll: Duration,
    ) -> Self {
        Self { bot, vault, signals, deliveries, poll, tasks: Mutex::default() }
    }

    /// Watches exactly these from now on. The position in a channel that is left stays in the vault.
    pub fn watch(&self, channels: &[ChatId]) {
        let mut tasks = self.lock();
        tasks.retain(|chat, _| channels.contains(chat));
        for &chat in channels {
            tasks.entry(chat).or_insert_with(|| {
                let state = Arc::new(Mutex::new(State { was_read: false, watch: ChannelWatch::NotYet }));
                let (pages, wanted) = mpsc::channel(1);
                let channel = Channel {
                    chat,
                    pages: wanted,
                    bot: Arc::clone(&self.bot),
                    vault: Arc::clone(&self.vault),
                    signal: self.signals.channel(chat.bare()),
                    deliveries: self.deliveries.clone(),
                    poll: self.poll,
                    state: Arc::clone(&state),
                };
                let stop = CancellationToken::new();
                let task = tokio::spawn(channel.run_until(stop.clone()));
                Watched { stop: stop.drop_guard(), task, state, pages }
            });
        }
    }

    /// Watches nothing any more, and waits until every position is saved.
    pub async fn stop(&self) {
        let watched: Vec<_> = self.lock().drain().map(|(_, watched)| watched).collect();
        for Watched { stop, task, .. } in watched {
            drop(stop);
            let _ = task.await;
        }
    }

    /// Whether every channel was caught up once since it is watched, or cannot be read at all.
    pub fn is_caught_up(&self) -> bool {
        self.lock().values().all(|watched| lock(&watched.state).was_read)
    }

    /// How each channel stands.
    pub fn watching(&self) -> Vec<(ChatId, ChannelWatch)> {
        self.lock().iter().map(|(chat, watched)| (*chat, lock(&watched.state).watch.clone())).collect()
    }

    /// See [`Messages::read_page`](super::Messages::read_page).
    pub async fn read_page(&self, chat: ChatId, ids: RangeInclusive<i32>) -> Result<PageRead, Error> {
        let pages = match self.lock().get(&chat) {
            None => return Err(Error::NotWatched { chat }),
            Some(watched) if matches!(lock(&watched.state).watch, ChannelWatch::CannotSee(_)) => {
                return Err(self.bot.not_member(chat));
            }
            Some(watched) => watched.pages.clone(),
        };
        let (answer, answered) = oneshot::channel();
        let asked = async {
            // Both fail when the channel is left meanwhile.
            pages.send(PageRequest { ids, answer }).await.ok()?;
            answered.await.ok()
        };
        let late = || Error::Unreachable { detail: format!("channel {chat} could not be read for a while") };
        match tokio::time::timeout(PAGE_PATIENCE, asked).await.map_err(|_| late())? {
            Some(page) => page.map_err(|error| self.explain(chat, error)),
            None => Err(Error::NotWatched { chat }),
        }
    }

    /// See [`Messages::look_at`](super::Messages::look_at).
    pub async fn look_at(&self, chat: ChatId, ids: RangeInclusive<i32>) -> Result<Vec<ChannelEvent>, Error> {
        let messages = self.bot.messages(chat, ids.collect()).await;
        let messages = messages.map_err(|error| self.explain(chat, error.into()))?;
        Ok(posts::page(chat, &messages).0)
    }

    /// See [`Messages::newest_message`](super::Messages::newest_message).
    pub async fn newest_message(&self, chat: ChatId) -> Result<i32, Error> {
        let newest = async { self.bot.newest_message(chat, self.bot.full_pts(chat).await?).await };
        newest.await.map_err(|error: CallError| self.explain(chat, error.into()))
    }

    fn explain(&self, chat: ChatId, error: CatchUpError) -> Error {
        match error {
            CatchUpError::Call(error) if is_invisible(&error) => self.bot.not_member(chat),
            CatchUpError::Call(error) => self.bot.explain(error),
            CatchUpError::Vault(error) => error.into(),
            CatchUpError::NotDone | CatchUpError::Stopped => Error::Stopped,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChatId, Watched>> {
        lock(&self.tasks)
    }
}
