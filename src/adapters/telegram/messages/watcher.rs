//! The channels being watched: a task for each, started and ended as channels are named.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::channel::{Channel, State, lock};
use super::updates::Signals;
use super::{ChannelWatch, Delivery};
use crate::adapters::telegram::Vault;
use crate::adapters::telegram::bots::bot::Bot;
use crate::domain::post::ChatId;

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

struct Watched {
    /// Ends the task when dropped.
    stop: DropGuard,
    task: JoinHandle<()>,
    state: Arc<Mutex<State>>,
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
                let channel = Channel {
                    chat,
                    bot: Arc::clone(&self.bot),
                    vault: Arc::clone(&self.vault),
                    signal: self.signals.channel(chat.bare()),
                    deliveries: self.deliveries.clone(),
                    poll: self.poll,
                    state: Arc::clone(&state),
                };
                let stop = CancellationToken::new();
                let task = tokio::spawn(channel.run_until(stop.clone()));
                Watched { stop: stop.drop_guard(), task, state }
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

    fn lock(&self) -> MutexGuard<'_, HashMap<ChatId, Watched>> {
        lock(&self.tasks)
    }
}
