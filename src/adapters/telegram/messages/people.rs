//! Hearing people: starts what listens to private messages, to groups, and to buttons and inline queries, and ends it.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::Delivery;
use super::channel::lock;
use super::dispatch::Dispatch;
use super::groups::Groups;
use super::inbox::Inbox;
use super::queries::{Live, Queries};
use super::updates::Signal;
use crate::adapters::telegram::Vault;
use crate::adapters::telegram::bots::bot::Bot;
use crate::adapters::telegram::connections::Task;

pub struct People {
    /// The main bot.
    pub bot: Arc<Bot>,
    pub vault: Arc<dyn Vault>,
    /// Raised when there may be private messages.
    pub signal: Arc<Signal>,
    pub deliveries: mpsc::Sender<Delivery>,
    pub poll: Duration,
    hearing: Mutex<Option<Hearing>>,
}

/// What listens. Dropping it ends that.
struct Hearing {
    inbox: Arc<Inbox>,
    live: mpsc::UnboundedSender<Live>,
    _tasks: [Task; 2],
    /// Ends the tasks of groups and of people.
    _stop: DropGuard,
}

impl People {
    pub fn new(
        bot: Arc<Bot>,
        vault: Arc<dyn Vault>,
        signal: Arc<Signal>,
        deliveries: mpsc::Sender<Delivery>,
        poll: Duration,
    ) -> Arc<Self> {
        Arc::new(Self { bot, vault, signal, deliveries, poll, hearing: Mutex::default() })
    }

    /// Whoever is told afterwards that the program runs may write to the bot at once. Nothing when people are heard already.
    pub async fn hear(&self) {
        if self.lock().is_some() {
            return;
        }
        let stop = CancellationToken::new();
        let (bot, vault) = (Arc::clone(&self.bot), Arc::clone(&self.vault));
        let dispatch = Dispatch::new(self.deliveries.clone(), stop.clone());
        let groups = Groups::new(Arc::clone(&bot), Arc::clone(&vault), Arc::clone(&dispatch), self.poll, stop.clone());
        let (live, hear) = mpsc::unbounded_channel();
        let queries = Queries {
            bot: Arc::clone(&bot),
            vault: Arc::clone(&vault),
            dispatch: Arc::clone(&dispatch),
            groups: Arc::clone(&groups),
            live: hear,
        };
        let signal = Arc::clone(&self.signal);
        let inbox = Inbox {
            bot,
            vault,
            signal,
            dispatch,
            groups: Arc::clone(&groups),
            poll: self.poll,
            record: Mutex::default(),
        };
        let inbox = Arc::new(inbox);
        inbox.begin().await;
        groups.begin();
        let tasks = [Task(tokio::spawn(Arc::clone(&inbox).run())), Task(tokio::spawn(queries.run()))];
        *self.lock() = Some(Hearing { inbox, live, _tasks: tasks, _stop: stop.drop_guard() });
    }

    /// Hears nobody any more. What is not handled comes again to whoever hears people next.
    pub fn rest(&self) {
        self.lock().take();
    }

    /// Hands on what has to be read in the update itself, for as long as the bot's connections bring any. Nobody else tells of a press
    /// that comes while nobody is heard: its person presses again.
    pub async fn pass_on(self: Arc<Self>, mut live: mpsc::UnboundedReceiver<Live>) {
        while let Some(live) = live.recv().await {
            if let Some(hearing) = &*self.lock() {
                // Its task ends with it.
                let _ = hearing.live.send(live);
            }
        }
    }

    /// What listens to private messages, while people are heard.
    pub fn inbox(&self) -> Option<Arc<Inbox>> {
        self.lock().as_ref().map(|hearing| Arc::clone(&hearing.inbox))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Hearing>> {
        lock(&self.hearing)
    }
}
